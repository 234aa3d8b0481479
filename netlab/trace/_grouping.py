"""Which lines belong to one packet: its identity, and the order in which a packet can pass the hooks."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

from netlab.trace._hooks import BEFORE, BRIDGE, DESTINATION_CHANGES, HOOKS, IP, SOURCE_CHANGES
from netlab.trace.journeys import Family, Hop, Journey, Packet
from netlab.trace.records import EbtablesRecord, IptablesRecord

#: Seconds after which a packet is over: three ARP requests, one second apart, are the longest wait in it.
PATIENCE: Final = 10.0

Step = tuple[Family, str | None]


class _Open:
    """A packet whose lines are still coming."""

    __slots__ = ("bridge", "hops", "ip", "points", "seen", "touched")

    def __init__(self) -> None:
        self.hops: list[tuple[Step, list[Packet]]] = []
        self.ip: IptablesRecord | None = None
        self.bridge: EbtablesRecord | None = None
        self.points: set[tuple[str, str, str, str | None, str | None]] = set()
        self.touched = 0
        self.seen: float | None = None

    @property
    def last(self) -> Packet:
        return self.hops[-1][1][-1]

    @property
    def step(self) -> Step:
        return self.hops[-1][0]

    @property
    def port(self) -> str:
        """The bridge port by which the packet came in, as far as known."""
        first = self.hops[0][1][0]
        if isinstance(first, IptablesRecord):
            return first.physin or ""
        return first.in_dev

    def add(self, record: Packet, step: Step, turn: int) -> None:
        last = self.hops[-1] if self.hops else None
        if last and last[0] == step and _devices(last[1][-1]) == _devices(record):
            last[1].append(record)
        else:
            self.hops.append((step, [record]))
        if isinstance(record, IptablesRecord):
            self.ip = record
        else:
            self.bridge = record
        self.points.add(_point(record))
        self.touched = turn
        self.seen = _uptime(record) or self.seen


class Grouping:
    """Takes records in the order of the log and gives journeys."""

    def __init__(self) -> None:
        self._packets: list[_Open] = []
        self._by_identity: dict[object, deque[_Open]] = defaultdict(lambda: deque(maxlen=16))
        self._by_address: dict[object, deque[_Open]] = defaultdict(lambda: deque(maxlen=16))
        self._turn = 0

    def add(self, record: Packet) -> None:
        """Put a record into the packet it belongs to, or start a new one."""
        self._turn += 1
        best: tuple[tuple[int, ...], _Open, Step] | None = None
        for packet in self._candidates(record):
            step = self._step(packet, record)
            if step is None:
                continue
            rank = self._rank(packet, record)
            if best is None or rank > best[0]:
                best = rank, packet, step
        if best is None:
            packet = _Open()
            packet.add(record, _first_step(record), self._turn)
            self._packets.append(packet)
        else:
            packet = best[1]
            packet.add(record, best[2], self._turn)
        self._index(packet, record)

    def journeys(self) -> tuple[Journey, ...]:
        """All packets, numbered in the order of their first lines."""
        return tuple(
            Journey(
                number=number,
                hops=tuple(
                    Hop(family=step[0], hook=step[1], records=tuple(records)) for step, records in packet.hops
                ),
            )
            for number, packet in enumerate(self._packets, 1)
        )

    def _rank(self, packet: _Open, record: Packet) -> tuple[int, ...]:
        """Prefer the packet of the line just before; of those that wait, the one that waits longest."""
        adjacent = packet.touched == self._turn - 1
        same_tos = packet.ip is None or _tos(packet.ip) == _tos(record)
        return int(same_tos), int(adjacent), -packet.touched

    def _candidates(self, record: Packet) -> list[_Open]:
        found: dict[int, _Open] = {}
        for key in _keys(record):
            for packet in self._by_address.get(key, ()):
                found[id(packet)] = packet
        if isinstance(record, IptablesRecord):
            for packet in self._by_identity.get(_identity(record), ()):
                found[id(packet)] = packet
        return list(found.values())

    def _index(self, packet: _Open, record: Packet) -> None:
        if isinstance(record, IptablesRecord):
            mine = self._by_identity[_identity(record)]
            if packet not in mine:
                mine.append(packet)
        for key in _keys(record):
            mine = self._by_address[key]
            if mine and mine[-1] is packet:
                continue
            if packet in mine:
                mine.remove(packet)
            mine.append(packet)

    def _step(self, packet: _Open, record: Packet) -> Step | None:
        """The hook at which the record continues the packet, or None if it does not."""
        now = _uptime(record)
        if now is not None and packet.seen is not None and not 0 <= now - packet.seen + 1e-3 < PATIENCE:
            return None
        if isinstance(record, IptablesRecord):
            if packet.ip is not None and _identity(packet.ip) != _identity(record):
                return None
            if packet.ip is not None and not _ttl_may_follow(packet.ip, record):
                return None
        step = _hook_of(record, packet)
        if not _addresses_may_follow(packet, record, step):
            return None
        if _point(record) in packet.points and not self._again(packet, record):
            return None
        return step if _may_follow(packet, record, step) else None

    def _again(self, packet: _Open, record: Packet) -> bool:
        """A user chain that two rules of one hook call prints its lines twice, with others between."""
        if not isinstance(record, IptablesRecord) or record.trace is None or record.trace.chain in HOOKS:
            return False
        last = packet.last
        return (
            packet.touched == self._turn - 1
            and isinstance(last, IptablesRecord)
            and _devices(last) == _devices(record)
            and last.prefix != record.prefix
        )


def _may_follow(packet: _Open, record: Packet, step: Step) -> bool:
    """Whether the order of the hooks lets this record come next in the packet."""
    family, hook = step
    last_family, last_hook = packet.step
    last = packet.last
    same = packet.step == step and _devices(last) == _devices(record)
    if hook is None or last_hook is None:
        return same or (family == last_family and _loosely_follows(last, record))
    if same:
        return True
    if (last_family, last_hook) not in BEFORE[family, hook]:
        return False
    if isinstance(record, EbtablesRecord):
        return _bridge_may_follow(packet, record, hook)
    if hook == "PREROUTING":
        if last_family == BRIDGE:
            if record.physin is None:  # br_netfilter is off: IPv4 starts once the frame is passed up
                return last_hook != "PREROUTING"
            return record.physin == packet.port
        # lo brings a packet back, and the bridge loops a broadcast of the host itself back without a header
        return record.in_dev == "lo" or (record.mac is not None and record.mac.raw == "")
    if last_family == IP and hook in ("FORWARD", "POSTROUTING") and hook == last_hook:
        return record.physout is not None and _port(last) != record.physout  # a copy for another port
    if last_family == BRIDGE and isinstance(last, EbtablesRecord) and last.out_dev and record.physout:
        return last.out_dev == record.physout
    if record.physin is not None and packet.port:
        return record.physin == packet.port
    return True


def _bridge_may_follow(packet: _Open, record: EbtablesRecord, hook: str) -> bool:
    last = packet.last
    routed = isinstance(packet.hops[0][1][0], IptablesRecord) and packet.hops[0][0][1] == "OUTPUT"
    if hook in ("PREROUTING", "INPUT"):
        return not packet.port or record.in_dev == packet.port
    if hook == "FORWARD":
        return not routed and (not packet.port or record.in_dev == packet.port)
    if hook == "OUTPUT":
        if isinstance(last, IptablesRecord):
            return last.physout is None  # a bridged packet has no OUTPUT
        if packet.step[1] == "OUTPUT":
            return last.out_dev == record.out_dev or packet.step != (BRIDGE, "OUTPUT")
        return any(step == (BRIDGE, "OUTPUT") for step, _ in packet.hops)
    if isinstance(last, EbtablesRecord) and last.out_dev:
        return last.out_dev == record.out_dev
    if isinstance(last, IptablesRecord) and last.physout is not None:
        return packet.step[1] == "FORWARD" and last.physout == record.out_dev
    return True


def _loosely_follows(last: Packet, record: Packet) -> bool:
    """For lines whose prefix names no hook: the devices only ever go from IN to IN and OUT to OUT."""
    stage = {(True, False): 0, (True, True): 1, (False, True): 2}
    before = stage.get((bool(last.in_dev), bool(last.out_dev)), 0)
    after = stage.get((bool(record.in_dev), bool(record.out_dev)), 0)
    return before <= after


def _hook_of(record: Packet, packet: _Open | None) -> Step:
    """The hook of a record; a user chain belongs to the hook that the packet is at."""
    family: Family = "ip" if isinstance(record, IptablesRecord) else "bridge"
    place = record.trace if isinstance(record, IptablesRecord) else record.place
    if place is not None and place.chain in HOOKS:
        return family, place.chain
    if packet is not None and packet.step[0] == family and _devices(packet.last) == _devices(record):
        return packet.step
    return family, _hook_by_devices(record, packet)


def _hook_by_devices(record: Packet, packet: _Open | None) -> str | None:
    """The hook of a line that names none: what its devices and the hook before it leave as the only one."""
    if record.in_dev and record.out_dev:
        return "FORWARD"
    if packet is None:
        return None
    if record.in_dev and packet.step in ((BRIDGE, "BROUTING"), (BRIDGE, "PREROUTING")):
        return "PREROUTING"
    if record.in_dev and packet.step == (BRIDGE, "INPUT"):
        return "INPUT"
    if record.out_dev and packet.step in ((IP, "FORWARD"), (BRIDGE, "FORWARD"), (BRIDGE, "POSTROUTING")):
        return "POSTROUTING"
    return None


def _first_step(record: Packet) -> Step:
    return _hook_of(record, None)


def _identity(record: IptablesRecord) -> object:
    """What no hop changes: neither NAT, nor the bridge, nor routing."""
    ip = record.ip
    if ip is None:
        return None
    return (ip.id, ip.length, ip.proto, ip.frag, ip.type, ip.code, ip.icmp_seq, ip.seq, ip.ack, ip.flags)


def _keys(record: Packet) -> tuple[object, ...]:
    """Under which a packet is found when a line without an IP id comes, and one after it."""
    if isinstance(record, EbtablesRecord):
        if record.family == "ip" and record.src is not None:
            return (("src", record.src, record.ip_proto), ("dst", record.dst, record.ip_proto))
        if record.arp is not None:
            return (("arp", record.arp.opcode, record.arp.ip_src, record.arp.ip_dst, record.arp.mac_src),)
        return (("mac", record.mac_source, record.mac_dest, record.proto),)
    if record.ip is None or not record.ip.src:
        return ()
    number = _PROTOCOL_NUMBERS.get(record.ip.proto)
    if number is None:
        number = int(record.ip.proto or 51)
    return (("src", record.ip.src, number), ("dst", record.ip.dst, number))


_PROTOCOL_NUMBERS: Final = {"ICMP": 1, "TCP": 6, "UDP": 17, "ESP": 50, "AH": 51, "UDPLITE": 136}


def _addresses(record: Packet) -> tuple[tuple[str | None, int | None], tuple[str | None, int | None]]:
    """Source and destination with their ports, None for what the line does not have."""
    if isinstance(record, EbtablesRecord):
        return (record.src, record.spt), (record.dst, record.dpt)
    if record.ip is None:
        return (None, None), (None, None)
    return (record.ip.src, record.ip.spt), (record.ip.dst, record.ip.dpt)


def _addresses_may_follow(packet: _Open, record: Packet, step: Step) -> bool:
    """Both ends are the same, or NAT has rewritten the one that it may rewrite here."""
    last = packet.last
    if isinstance(record, EbtablesRecord) and record.family != "ip":
        return isinstance(last, EbtablesRecord) and _keys(last) == _keys(record)
    if isinstance(last, EbtablesRecord) and last.family != "ip":
        return False
    (src, sport), (dst, dport) = _addresses(last)
    (new_src, new_sport), (new_dst, new_dport) = _addresses(record)
    same_src = src == new_src and _same_port(sport, new_sport)
    same_dst = dst == new_dst and _same_port(dport, new_dport)
    if same_src and same_dst:
        return True
    known = isinstance(record, IptablesRecord) and packet.ip is not None
    steps = {s for s, _ in packet.hops[-3:]}
    if same_src:
        return known or bool(DESTINATION_CHANGES & steps) or _nat_hidden(packet)
    if same_dst:
        return known or bool(SOURCE_CHANGES & steps) or (step == (BRIDGE, "OUTPUT") and known)
    return False


def _nat_hidden(packet: _Open) -> bool:
    """Frames that only the bridge logged: br_netfilter may have rewritten them without a line."""
    return packet.ip is None and packet.step in ((BRIDGE, "PREROUTING"), (BRIDGE, "BROUTING"))


def _same_port(old: int | None, new: int | None) -> bool:
    return old is None or new is None or old == new


def _ttl_may_follow(old: IptablesRecord, new: IptablesRecord) -> bool:
    if old.ip is None or new.ip is None or old.ip.ttl is None or new.ip.ttl is None:
        return True
    return new.ip.ttl in (old.ip.ttl, old.ip.ttl - 1)


def _tos(record: Packet) -> int | None:
    if isinstance(record, EbtablesRecord):
        return None if record.tos is None else record.tos & 0xFE
    if record.ip is None or record.ip.tos is None or record.ip.prec is None:
        return None
    return record.ip.tos | record.ip.prec


def _devices(record: Packet) -> tuple[str, str, str | None, str | None]:
    if isinstance(record, EbtablesRecord):
        return record.in_dev, record.out_dev, None, None
    return record.in_dev, record.out_dev, record.physin, record.physout


def _port(record: Packet) -> str:
    return record.out_dev if isinstance(record, EbtablesRecord) else record.physout or record.out_dev


def _point(record: Packet) -> tuple[str, str, str, str | None, str | None]:
    return record.prefix, *_devices(record)


def _uptime(record: Packet) -> float | None:
    return record.origin.stamp.uptime if record.origin else None

"""Neighbours: ARP, its states and timers, and the packets that wait for an answer.

Sources: net/core/neighbour.c, net/ipv4/arp.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_LINK
from netlab.kernel.skb import HOST, LOOPBACK, OTHERHOST, Skb
from netlab.kernel.steps import Dropped, Resolved
from netlab.wire import BROADCAST, ETH_ARP, Arp, Tcp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.route import Decision
    from netlab.kernel.sock import Socket
    from netlab.kernel.world import Timer

NONE: Final = "NONE"
INCOMPLETE: Final = "INCOMPLETE"
REACHABLE: Final = "REACHABLE"
STALE: Final = "STALE"
DELAY: Final = "DELAY"
PROBE: Final = "PROBE"
FAILED: Final = "FAILED"
NOARP: Final = "NOARP"
PERMANENT: Final = "PERMANENT"

CONNECTED: Final = frozenset({PERMANENT, NOARP, REACHABLE})
VALID: Final = CONNECTED | {PROBE, STALE, DELAY}
IN_TIMER: Final = frozenset({INCOMPLETE, REACHABLE, DELAY, PROBE})
LOCKTIME: Final = 1.0
PROXY_DELAY: Final = 0.8
"""Seconds within which an ARP answer for others leaves, at a random moment (proxy_delay); here in the middle."""
QUEUE_BYTES: Final = 212992
REQUEST: Final = 1
REPLY: Final = 2


class Neighbour:
    """One entry: an address behind a device, its MAC and how sure the kernel is of it."""

    def __init__(self, table: NeighbourTable, device: Device, address: int) -> None:
        self.table = table
        self.device = device
        self.address = address
        self.mac = "00:00:00:00:00:00"
        self.state = NONE
        self.header_cached = False
        now = table.ns.world.now
        self.confirmed = now - 60.0
        self.updated = now
        self.used = now
        self.probes = 0
        self.queue: list[Skb] = []
        self._timer: Timer | None = None
        self.reachable_time = 0.0

    @property
    def connected(self) -> bool:
        return self.state in CONNECTED

    @property
    def valid(self) -> bool:
        return self.state in VALID

    # --- output -----------------------------------------------------------------------------------------------

    def output(self, skb: Skb) -> bool:
        """Send a packet to this neighbour, or park it until the address is known (neigh_resolve_output).

        False if the device's driver dropped it.
        """
        return self._send(skb) if self.state == NOARP or self._event_send(skb) else True

    def _send(self, skb: Skb) -> bool:
        self.header_cached = True
        self.used = self.table.ns.world.now
        self.device.header(skb, self.mac)
        return self.device.transmit(skb)

    def probe(self) -> None:
        """Start asking without a packet that waits (neigh_event_send with none)."""
        self._event_send(None)

    def _event_send(self, skb: Skb | None) -> bool:
        """__neigh_event_send: True if the packet may go now."""
        self.used = self.table.ns.world.now
        if self.state in CONNECTED or self.state in (DELAY, PROBE):
            return True
        sysctl = self.table.ns.sysctl
        if self.state == STALE:
            self._set(DELAY, "used while stale")
            self._schedule(self.table.ns.world.now + sysctl.neigh(self.device.name, "delay_first_probe_time"))
            return True
        if self.state != INCOMPLETE:
            self.probes = sysctl.neigh(self.device.name, "ucast_solicit")
            self.updated = self.table.ns.world.now
            self._set(INCOMPLETE, "no address known: ask")
            self._park(skb)
            self._schedule(self.table.ns.world.now + self._retransmit)
            self._solicit(skb)
        else:
            self._park(skb)
        return False

    def _park(self, skb: Skb | None) -> None:
        if skb is None:
            return
        self.queue.append(skb)
        while sum(s.length + 768 for s in self.queue) > QUEUE_BYTES:
            self.queue.pop(0)

    def confirm(self) -> None:
        """Proof from above that the neighbour answers (dst_confirm_neigh)."""
        self.confirmed = self.table.ns.world.now

    # --- state ------------------------------------------------------------------------------------------------

    def _set(self, state: str, reason: str) -> None:
        self.state = state
        world = self.table.ns.world
        if world.record_steps:
            world.steps.append(Resolved(world.now, self.table.ns.name, 0, self.address, state, reason))

    @property
    def _retransmit(self) -> float:
        return self.table.ns.sysctl.neigh(self.device.name, "retrans_time_ms") / 1000

    def _schedule(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        world = self.table.ns.world
        self._timer = world.call_later(when - world.now, self._timeout)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def update(
        self, mac: str | None, state: str, *, override: bool, reason: str, admin: bool = False
    ) -> None:
        """neigh_update: new knowledge about this neighbour."""
        world = self.table.ns.world
        old = self.state
        if not admin and old in (NOARP, PERMANENT):
            return
        if state == FAILED:
            self._stop()
            if old in (INCOMPLETE, PROBE):
                self._fail(reason)
            else:
                self._set(FAILED, reason)
            return
        if mac is None:
            mac = self.mac
        elif old in VALID and mac != self.mac and not override:
            return
        changed = mac != self.mac
        if state in CONNECTED:
            self.confirmed = world.now
        if old in VALID and not changed and state == STALE and not admin:
            state = old
        if changed or old != state:
            self.updated = world.now
        if state != old:
            self._stop()
            if state == PROBE:
                self.probes = 0
            self._set(state, reason)
            if state == REACHABLE:
                base = self.table.ns.sysctl.neigh(self.device.name, "base_reachable_time_ms") / 1000
                self.reachable_time = self.table.reachable_time(base)
                self._schedule(world.now + self.reachable_time)
            elif admin and state in IN_TIMER:
                self._schedule(world.now)
        if changed:
            self.mac = mac
            self.header_cached = self.header_cached and old in VALID
            if state not in CONNECTED:
                self.confirmed = world.now - 60.0
        if old not in VALID and state in VALID:
            waiting, self.queue = self.queue, []
            for skb in waiting:
                self.output(skb)

    def _timeout(self) -> None:
        """neigh_timer_handler."""
        world = self.table.ns.world
        sysctl = self.table.ns.sysctl
        delay = sysctl.neigh(self.device.name, "delay_first_probe_time")
        now = world.now
        when: float | None = None
        if self.state == REACHABLE:
            if now < self.confirmed + self.reachable_time:
                when = self.confirmed + self.reachable_time
            elif now <= self.used + delay:
                self._set(DELAY, "not confirmed lately, but in use")
                when = now + delay
            else:
                self._set(STALE, "not confirmed lately")
        elif self.state == DELAY:
            if now <= self.confirmed + delay:
                self._set(REACHABLE, "confirmed from above")
                when = self.confirmed + self.reachable_time
            else:
                self.probes = 0
                self._set(PROBE, "in use and not confirmed: ask it directly")
                when = now + self._retransmit
        else:
            when = now + self._retransmit
        limit = sysctl.neigh(self.device.name, "ucast_solicit")
        if self.state == INCOMPLETE:
            limit += sysctl.neigh(self.device.name, "mcast_solicit")
        if self.state in (INCOMPLETE, PROBE) and self.probes >= limit:
            self._fail()
            return
        if when is not None:
            self._schedule(when)
        if self.state in (INCOMPLETE, PROBE):
            self._solicit(self.queue[-1] if self.queue else None)

    def _fail(self, reason: str = "no answer") -> None:
        """Those who wait are told that it cannot be reached (neigh_invalidate)."""
        self._set(FAILED, reason)
        self._timer = None
        waiting, self.queue = self.queue, []
        for skb in waiting:
            self.table.unreachable(skb, self)

    def _solicit(self, skb: Skb | None) -> None:
        """arp_solicit: ask by broadcast, or by unicast while an old MAC is worth a try."""
        ns = self.table.ns
        unicast = self.probes < ns.sysctl.neigh(self.device.name, "ucast_solicit")
        if unicast and not self.valid:
            unicast = False
        self.probes += 1
        source = self.table.solicit_source(self.device, self.address, skb)
        self.table.send_arp(
            self.device,
            REQUEST,
            self.address,
            source,
            self.mac if unicast else BROADCAST,
            "00:00:00:00:00:00",
        )

    def forget(self) -> None:
        """Stop timers; waiting packets are lost."""
        self._stop()
        self.queue.clear()


class NeighbourTable:
    """All neighbours of a namespace, and the ARP protocol."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self._entries: dict[tuple[Device, int], Neighbour] = {}
        self._reachable: dict[float, float] = {}
        self.proxies: set[tuple[str, int]] = set()
        """Devices, and the addresses that they answer for by ``ip neigh add proxy``."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(list(self._entries.values()))

    def reachable_time(self, base: float) -> float:
        """How long a confirmation lasts: drawn once between half and one and a half of the base (neigh_rand_reach_time)."""
        if base not in self._reachable:
            self._reachable[base] = base * (0.5 + self.ns.world.rng.random())
        return self._reachable[base]

    def find(self, device: Device, address: int) -> Neighbour | None:
        return self._entries.get((device, address))

    def get(self, device: Device, address: int) -> Neighbour:
        """The entry of an address, made if need be (__neigh_create); broadcast and multicast need no ARP."""
        entry = self._entries.get((device, address))
        if entry is None:
            entry = Neighbour(self, device, address)
            mac = self._known(device, address)
            if mac is not None:
                entry.state = NOARP
                entry.mac = mac
            self._entries[(device, address)] = entry
        return entry

    def _known(self, device: Device, address: int) -> str | None:
        """The MAC of an address that is not asked for (arp_constructor)."""
        from netlab.kernel.route import address_type

        if address >> 28 == 14:
            return f"01:00:5e:{address >> 16 & 0x7F:02x}:{address >> 8 & 0xFF:02x}:{address & 0xFF:02x}"
        if device.noarp:
            return device.mac
        if address_type(self.ns, address, device) == "BROADCAST":
            return BROADCAST
        return None

    def holding(self, ct: Conntrack) -> int:
        """How many parked packets keep a reference to a conntrack entry."""
        return sum(skb.ct is ct for entry in self._entries.values() for skb in entry.queue)

    def parked(self, sock: Socket, segment: Tcp) -> bool:
        """Whether a socket's segment still waits for a neighbour here."""
        return any(
            skb.sk is sock
            and skb.ip is not None
            and isinstance(skb.ip.l4, Tcp)
            and skb.ip.l4.seq == segment.seq
            for entry in self._entries.values()
            for skb in entry.queue
        )

    def carrier_down(self, device: Device) -> None:
        """The link is gone though the device is up: entries go, but those set by hand stay (neigh_carrier_down)."""
        for key in [k for k, e in self._entries.items() if k[0] is device and e.state != PERMANENT]:
            self._entries.pop(key).forget()

    def device_down(self, device: Device) -> None:
        """Every entry behind the device goes."""
        for key in [k for k in self._entries if k[0] is device]:
            self._entries.pop(key).forget()

    device_gone = device_down
    device_changed = device_down

    def delete(self, device: Device, address: int) -> bool:
        """Take an entry out by hand: it fails first (neigh_delete). False if there is none."""
        entry = self._entries.get((device, address))
        if entry is None:
            return False
        entry.update(None, FAILED, override=True, reason="deleted", admin=True)
        self._entries.pop((device, address)).forget()
        return True

    # --- ARP --------------------------------------------------------------------------------------------------

    def solicit_source(self, device: Device, target: int, skb: Skb | None) -> int:
        """The sender address of a request: the waiting packet's if it is ours, else one of the device's."""
        from netlab.kernel.route import address_type, select_address

        level = self.ns.sysctl.conf_max(device.name, "arp_announce")
        if skb is not None and skb.ip is not None and level < 2:
            source = skb.ip.src
            onlink = any(a.covers(source) and a.covers(target) for a in device.addresses)
            if address_type(self.ns, source) == "LOCAL" and (level == 0 or onlink):
                return source
        return select_address(device, target, link_scope=True)

    def send_arp(
        self, device: Device, op: int, target: int, source: int, mac_dst: str, target_mac: str
    ) -> None:
        """arp_send."""
        if device.noarp:
            return
        world = self.ns.world
        arp = Arp(op, device.mac, source, target_mac, target)
        skb = Skb(arp=arp, proto=ETH_ARP, journey=world.new_journey())
        device.header(skb, mac_dst)
        device.transmit(skb)

    def receive_arp(self, skb: Skb) -> None:
        """arp_rcv and arp_process."""
        from netlab.kernel import route

        device, arp, ns = skb.dev, skb.arp, self.ns
        assert device is not None
        assert arp is not None
        if device.noarp or skb.pkt_type in (OTHERHOST, LOOPBACK):
            return
        if arp.target_ip >> 28 == 14 or (
            arp.target_ip >> 24 == 127 and not ns.sysctl.conf_or(device.name, "route_localnet")
        ):
            return
        if arp.op == REQUEST:
            if arp.sender_ip == 0:
                if route.address_type(ns, arp.target_ip) == "LOCAL" and not self._ignore(device, arp):
                    self.send_arp(device, REPLY, arp.sender_ip, arp.target_ip, arp.sender_mac, arp.sender_mac)
                return
            found = route.input_lookup(ns, skb, arp.target_ip, arp.sender_ip, device)
            if not found.error and found.local:
                if not self._ignore(device, arp):
                    entry = self.get(device, arp.sender_ip)
                    entry.update(arp.sender_mac, STALE, override=True, reason="it asked us")
                    self.send_arp(device, REPLY, arp.sender_ip, arp.target_ip, arp.sender_mac, arp.sender_mac)
                return
            if self._proxies(device, arp.target_ip, found):
                entry = self.get(device, arp.sender_ip)
                entry.update(arp.sender_mac, STALE, override=True, reason="it asked us")
                asked = arp.target_ip, arp.sender_mac
                ns.world.call_later(
                    PROXY_DELAY / 2,
                    lambda: self.send_arp(device, REPLY, arp.sender_ip, asked[0], asked[1], asked[1]),
                )
                return
        known = self.find(device, arp.sender_ip)
        if known is None:
            return
        override = ns.world.now > known.updated + LOCKTIME
        answers = arp.op == REPLY and skb.pkt_type == HOST
        known.update(
            arp.sender_mac,
            REACHABLE if answers else STALE,
            override=override,
            reason="it answered" if answers else "it was heard",
        )

    def _proxies(self, device: Device, target: int, found: Decision) -> bool:
        """Whether the host answers for an address that it routes out by another device: proxy_arp (arp_fwd_proxy), or
        ``ip neigh add proxy`` (pneigh_lookup)."""
        forwarding = self.ns.sysctl.conf(device.name, "forwarding")
        asked = self.ns.sysctl.conf_or(device.name, "proxy_arp") or (device.name, target) in self.proxies
        return bool(forwarding and asked and found.kind == "unicast" and found.dev not in (None, device))

    def _ignore(self, device: Device, arp: Arp) -> bool:
        """arp_ignore and arp_filter: which requests are not answered."""
        if self.ns.sysctl.conf_or(device.name, "arp_filter"):
            from netlab.kernel.route import output_lookup

            found = output_lookup(self.ns, arp.sender_ip, arp.target_ip)
            if found.error or found.dev is not device:
                return True
        level = self.ns.sysctl.conf_max(device.name, "arp_ignore")
        if level == 0:
            return False
        own = any(a.ip == arp.target_ip for a in device.addresses)
        if level == 1:
            return not own
        if level == 2:
            return not any(a.ip == arp.target_ip and a.covers(arp.sender_ip) for a in device.addresses)
        if level == 3:
            # Not for addresses that are this host's own business, whichever device has them.
            return not any(
                a.ip == arp.target_ip
                and (a.scope <= SCOPE_LINK or self.ns.sysctl.conf_or(d.name, "route_localnet"))
                for d in self.ns.devices.values()
                for a in d.addresses
            )
        return level == 8

    def unreachable(self, skb: Skb, neighbour: Neighbour) -> None:
        """arp_error_report: the sender hears that the host cannot be reached."""
        from netlab.kernel import icmp

        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                Dropped(
                    world.now,
                    self.ns.name,
                    skb.journey,
                    neighbour.device.name,
                    f"{ip_text(neighbour.address)} does not answer ARP",
                )
            )
        if skb.ip is not None:
            icmp.send_error(skb, 3, 1)

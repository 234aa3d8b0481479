"""Neighbours: what is known of them, states and timers, and the packets that wait for an answer.

Source: net/core/neighbour.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.skb import Skb
from netlab.kernel.steps import Resolved
from netlab.wire import BROADCAST, Tcp

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
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
QUEUE_BYTES: Final = 212992


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
        from netlab.kernel import arp

        waiting, self.queue = self.queue, []
        for skb in waiting:
            arp.unreachable(self.table.ns, skb, self)

    def _solicit(self, skb: Skb | None) -> None:
        """arp_solicit: ask by broadcast, or by unicast while an old MAC is worth a try."""
        from netlab.kernel import arp

        ns = self.table.ns
        unicast = self.probes < ns.sysctl.neigh(self.device.name, "ucast_solicit")
        if unicast and not self.valid:
            unicast = False
        self.probes += 1
        source = arp.solicit_source(ns, self.device, self.address, skb)
        arp.send(
            ns,
            self.device,
            arp.REQUEST,
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
    """All neighbours of a namespace."""

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

"""Connection tracking: which packets belong together, and what the first of them started.

``conntrack_in`` classifies at PREROUTING and OUTPUT, ``confirm`` inserts at the very end of INPUT and POSTROUTING: a
packet that is dropped in between leaves nothing behind. Entries die by timeout on the virtual clock (found dead when
looked up or listed), by ``kill``, or with their namespace.
Sources: net/netfilter/nf_conntrack_core.c, nf_conntrack_proto_{icmp,udp,gre,generic}.c of 6.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_listing, ct_tcp, ct_timeouts
from netlab.kernel.ct_tuple import ICMP_ERRORS, ICMP_QUERIES, Tuple, quoted_tuple, tuple_of
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.skb import (
    CT_ESTABLISHED,
    CT_ESTABLISHED_REPLY,
    CT_NEW,
    CT_RELATED,
    CT_RELATED_REPLY,
    CT_UNTRACKED,
    Skb,
)
from netlab.kernel.steps import Tracked
from netlab.wire import ICMP, TCP, UDP, UDPLITE, Icmp, Ipv4, Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

GRE: Final = 47
_HIGHEST_ICMP_TYPE: Final = 18

# Status bits (include/uapi/linux/netfilter/nf_conntrack_common.h).
EXPECTED: Final = 1 << 0
SEEN_REPLY: Final = 1 << 1
ASSURED: Final = 1 << 2
CONFIRMED: Final = 1 << 3
SRC_NAT: Final = 1 << 4
DST_NAT: Final = 1 << 5
SRC_NAT_DONE: Final = 1 << 7
DST_NAT_DONE: Final = 1 << 8
DYING: Final = 1 << 9
NAT_MASK: Final = SRC_NAT | DST_NAT
NAT_DONE_MASK: Final = SRC_NAT_DONE | DST_NAT_DONE

STATE_NAMES: Final = {
    CT_ESTABLISHED: "ESTABLISHED",
    CT_RELATED: "RELATED",
    CT_NEW: "NEW",
    CT_ESTABLISHED_REPLY: "ESTABLISHED",
    CT_RELATED_REPLY: "RELATED",
    CT_UNTRACKED: "UNTRACKED",
}
"""What ``--ctstate`` calls a ctinfo value."""


def direction_of(ctinfo: int) -> int:
    """0 for original, 1 for reply (CTINFO2DIR)."""
    return 1 if ctinfo >= CT_ESTABLISHED_REPLY else 0


@dataclass(frozen=True, slots=True)
class CtEvent:
    """A line of ``conntrack -E``: ``kind`` is NEW, UPDATE or DESTROY, ``line`` the tool's text."""

    time: float
    kind: str
    entry: Conntrack
    line: str


class Conntrack:
    """One connection: a tuple a direction, status bits, mark, timeout, counters.

    ``timeout`` is seconds to live until the entry is confirmed, and a virtual time afterwards.
    """

    __slots__ = (
        "acct", "ecache", "events", "mark", "masq_dev", "ns", "octets", "packets", "start", "status", "stream_from",
        "tcp", "timeout", "tuples",
    )  # fmt: skip

    def __init__(self, ns: Netns, original: Tuple, reply: Tuple, *, acct: bool, ecache: bool) -> None:
        self.ns = ns
        self.tuples = [original, reply]
        self.status = 0
        self.mark = 0
        self.timeout = 0.0
        self.tcp: ct_tcp.TcpState | None = None
        self.stream_from = 0.0
        self.masq_dev = ""
        self.start = ns.world.now
        self.acct = acct
        self.packets = [0, 0]
        self.octets = [0, 0]
        self.ecache = ecache
        self.events: set[str] = set()

    def __repr__(self) -> str:
        return f"Conntrack({ct_listing.listing_line(self)})"

    @property
    def original(self) -> Tuple:
        return self.tuples[0]

    @property
    def reply(self) -> Tuple:
        return self.tuples[1]

    @property
    def proto(self) -> int:
        return self.tuples[0].proto

    @property
    def confirmed(self) -> bool:
        return bool(self.status & CONFIRMED)

    @property
    def seen_reply(self) -> bool:
        return bool(self.status & SEEN_REPLY)

    @property
    def assured(self) -> bool:
        return bool(self.status & ASSURED)

    @property
    def expired(self) -> bool:
        return self.confirmed and self.timeout <= self.ns.world.now

    def remaining(self) -> float:
        """Seconds to live."""
        if not self.confirmed:
            return self.timeout
        return max(0.0, self.timeout - self.ns.world.now)

    def refresh(self, seconds: float) -> None:
        """Let it live for so long from now on (or from its confirmation)."""
        self.timeout = self.ns.world.now + seconds if self.status & CONFIRMED else seconds

    def assure(self) -> None:
        """Set ASSURED: seen long enough to be worth keeping."""
        if not self.status & ASSURED:
            self.status |= ASSURED
            self.event("ASSURED")

    def event(self, name: str) -> None:
        """Remember something to report when the packet reaches ``confirm``."""
        if self.ecache:
            self.events.add(name)

    def count(self, direction: int, octets: int) -> None:
        if self.acct:
            self.packets[direction] += 1
            self.octets[direction] += octets

    def kill(self, reason: str) -> bool:
        """Remove the entry; False if it was not (or no longer) in the table."""
        return self.ns.ct.remove(self, reason)


class ConntrackTable:
    """The conntrack entries of a namespace, found by either direction's tuple."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self.users = 0
        self.by_source: dict[tuple[int, int, int], list[Conntrack]] = {}
        """Confirmed entries whose source half is decided, by original source: newest first."""
        self._table: dict[Tuple, tuple[Conntrack, int]] = {}
        self._listeners: list[Callable[[CtEvent], None]] = []

    # --- registration -----------------------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Whether packets of this namespace are tracked: a rule needs it, or (before 4.10) the module is there."""
        return self.users > 0 or (
            not self.ns.world.release.conntrack_on_demand and "nf_conntrack" in self.ns.world.modules
        )

    def get(self) -> None:
        """A rule needs tracking (``nf_ct_netns_get``)."""
        world = self.ns.world
        self.users += 1
        if not world.release.conntrack_on_demand:
            if "nf_conntrack" not in world.modules:
                world.modules.add("nf_conntrack")
                for ns in world.netns.values():
                    ns.hooks_changed()
        elif self.users == 1:
            for entry in self.entries():
                if entry.tcp is not None:
                    # Segments may have passed unseen: take both windows afresh.
                    entry.tcp.seen[0].maxwin = entry.tcp.seen[1].maxwin = 0
        self.ns.hooks_changed()

    def put(self) -> None:
        """A rule that needed tracking went away (``nf_ct_netns_put``)."""
        self.users -= 1
        self.ns.hooks_changed()

    # --- entries ----------------------------------------------------------------------------------------------

    def find(self, tuple_: Tuple) -> tuple[Conntrack, int] | None:
        """The living entry of a tuple and the direction it stands for."""
        hit = self._table.get(tuple_)
        if hit is not None and hit[0].timeout <= self.ns.world.now:
            self.remove(hit[0], "timeout")
            return None
        return hit

    def taken(self, reply: Tuple, ignoring: Conntrack) -> bool:
        """Whether another connection already uses a tuple (``nf_conntrack_tuple_taken``)."""
        hit = self.find(reply)
        # The same flow twice is no clash: confirming resolves that.
        return hit is not None and hit[0] is not ignoring and hit[0].original != ignoring.original

    def entries(self) -> list[Conntrack]:
        """Living entries, oldest first; the dead are buried on the way."""
        now = self.ns.world.now
        entries = [ct for ct, direction in self._table.values() if direction == 0]
        for ct in entries:
            if ct.timeout <= now:
                self.remove(ct, "timeout")
        return [ct for ct in entries if not ct.status & DYING]

    def insert(self, ct: Conntrack) -> None:
        """Confirm an entry: it is found from now on, and its clock runs."""
        ct.status |= CONFIRMED
        ct.timeout += self.ns.world.now
        ct.start = self.ns.world.now
        self._table[ct.tuples[0]] = (ct, 0)
        self._table[ct.tuples[1]] = (ct, 1)
        if ct.status & SRC_NAT_DONE:
            source = ct.tuples[0]
            self.by_source.setdefault((source.src, source.sport, source.proto), []).insert(0, ct)
        if ct.ecache:
            ct.event("NEW")
            self._watch(ct)

    def remove(self, ct: Conntrack, reason: str, *, user: str = "") -> bool:
        """Remove an entry and tell listeners; ``user`` is what the event says of a program that asked for it."""
        if not ct.status & CONFIRMED or ct.status & DYING:
            ct.status |= DYING
            return False
        ct.status |= DYING
        for tuple_ in ct.tuples:
            self._table.pop(tuple_, None)
        source = ct.tuples[0]
        key = (source.src, source.sport, source.proto)
        same = self.by_source.get(key)
        if same is not None and ct in same:
            same.remove(ct)
            if not same:
                del self.by_source[key]
        ct.events.clear()
        self._report("DESTROY", ct, user)
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                Tracked(world.now, self.ns.name, 0, "DESTROY", ct_listing.tuple_text(source), reason)
            )
        return True

    def flush(self, *, user: str = "") -> int:
        """``conntrack -F``: remove every entry; returns how many there were."""
        return self.delete(lambda ct: True, user=user)

    def delete(self, matches: Callable[[Conntrack], bool], *, user: str = "") -> int:
        """``conntrack -D``: remove the entries that match; returns how many."""
        return sum(self.remove(ct, "deleted by hand", user=user) for ct in self.entries() if matches(ct))

    def __len__(self) -> int:
        return len(self._table) // 2

    # --- events -----------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[CtEvent], None]) -> Callable[[], None]:
        """Call a listener for every event of entries made from now on; returns what ends it (``conntrack -E``)."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def wants_events(self) -> bool:
        """New entries get an event cache only while someone listens (before 5.19: always)."""
        return bool(self._listeners) or not self.ns.world.release.conntrack_on_demand

    def deliver(self, ct: Conntrack) -> None:
        """Report what happened to an entry since the last time (``nf_ct_deliver_cached_events``)."""
        if ct.events and ct.status & CONFIRMED and not ct.status & DYING:
            kind = "NEW" if "NEW" in ct.events else "UPDATE"
            protoinfo = "PROTOINFO" in ct.events
            ct.events.clear()
            self._report(kind, ct, protoinfo=protoinfo)

    def _report(self, kind: str, ct: Conntrack, user: str = "", *, protoinfo: bool = True) -> None:
        if ct.ecache and self._listeners:
            line = ct_listing.event_line(kind, ct, user, protoinfo=protoinfo)
            event = CtEvent(self.ns.world.now, kind, ct, line)
            for listener in list(self._listeners):
                listener(event)

    def _watch(self, ct: Conntrack) -> None:
        """Bury an entry that someone watches when its time comes, not when it is next looked at."""

        def check() -> None:
            if ct.status & DYING or not self._listeners:
                return
            if ct.timeout <= self.ns.world.now:
                self.remove(ct, "timeout")
            else:
                self.ns.world.call_at(ct.timeout, check)

        if self._listeners:
            self.ns.world.call_at(ct.timeout, check)


# --- hook functions -------------------------------------------------------------------------------------------


def conntrack_in(skb: Skb, state: HookState) -> int:
    """Find or make the packet's entry and classify it (``nf_conntrack_in``)."""
    if skb.ct is not None or skb.ctinfo == CT_UNTRACKED:
        return ACCEPT
    skb.ctinfo = None
    packet = skb.packet
    table = state.ns.ct
    if packet.frag:
        _say(skb, state, "INVALID", "a later fragment cannot be tracked")
        return ACCEPT
    l4 = packet.l4
    if packet.proto == ICMP:
        if not isinstance(l4, Icmp):
            _say(skb, state, "INVALID", "ICMP header cut short")
            return ACCEPT
        if l4.type > _HIGHEST_ICMP_TYPE:
            _say(skb, state, "INVALID", f"unknown ICMP type {l4.type}")
            return ACCEPT
        if l4.type in ICMP_ERRORS:
            _related(skb, state, packet, l4)
            return ACCEPT
    while True:
        found = _resolve(skb, table, packet)
        if isinstance(found, str):
            _say(skb, state, "INVALID", found)
            return ACCEPT
        if found is None:
            from netlab.kernel import klog

            klog.message(state.ns, 4, "nf_conntrack: nf_conntrack: table full, dropping packet")
            return DROP
        ct, direction, ctinfo, made = found
        verdict, reason = _handle(ct, packet, direction)
        if verdict == ct_tcp.REPEAT:
            continue
        break
    if verdict == ct_tcp.INVALID:
        _say(skb, state, "INVALID", reason)
        return ACCEPT
    ct.count(direction, packet.length)
    skb.ct, skb.ctinfo = ct, ctinfo
    if ctinfo == CT_ESTABLISHED_REPLY and not ct.status & SEEN_REPLY:
        ct.status |= SEEN_REPLY
        ct.event("REPLY")
    _say(skb, state, STATE_NAMES[ctinfo], reason or ("first packet" if made else "entry found"))
    return ACCEPT


def confirm(skb: Skb, state: HookState) -> int:
    """Insert the packet's entry if this is its first packet to come so far, and report events (``nf_confirm``)."""
    ct = skb.ct
    if ct is None:
        return ACCEPT
    table = state.ns.ct
    if not ct.status & CONFIRMED:
        assert skb.ctinfo is not None
        if direction_of(skb.ctinfo):
            return ACCEPT
        if ct.status & DYING:
            return DROP
        for tuple_ in ct.tuples:
            if (hit := table.find(tuple_)) is not None:
                return _resolve_clash(skb, state, ct, hit[0])
        table.insert(ct)
        _say(skb, state, "CONFIRMED", "the first packet got through: the entry goes into the table")
    if ct.events:
        table.deliver(ct)
    return ACCEPT


def attach(new: Skb, cause: Skb) -> None:
    """Give a packet that the kernel makes because of another (ICMP error, reset) its entry (``nf_conntrack_attach``)."""
    if cause.ct is not None and cause.ctinfo is not None:
        new.ct = cause.ct
        new.ctinfo = CT_RELATED if direction_of(cause.ctinfo) else CT_RELATED_REPLY


def untrack(skb: Skb) -> None:
    """``CT --notrack``: conntrack leaves the packet alone."""
    skb.ct, skb.ctinfo = None, CT_UNTRACKED


# --- classification -------------------------------------------------------------------------------------------


def _related(skb: Skb, state: HookState, packet: Ipv4, error: Icmp) -> None:
    quoted = quoted_tuple(error)
    wanted = quoted.inverse() if quoted is not None else None
    if wanted is None:
        _say(skb, state, "INVALID", "the quoted packet cannot be tracked")
        return
    hit = state.ns.ct.find(wanted)
    if hit is None:
        _say(skb, state, "INVALID", "an ICMP error about a connection that is not known")
        return
    ct, direction = hit
    if packet.dst != ct.tuples[direction].dst:
        _say(skb, state, "INVALID", "an ICMP error addressed to someone who did not send the quoted packet")
        return
    skb.ct = ct
    skb.ctinfo = CT_RELATED_REPLY if direction else CT_RELATED
    _say(skb, state, "RELATED", "an ICMP error about this connection")


def _resolve(skb: Skb, table: ConntrackTable, packet: Ipv4) -> tuple[Conntrack, int, int, bool] | str | None:
    """(entry, direction, ctinfo, just made); the reason why there is none; None when the table is full."""
    tuple_ = tuple_of(packet)
    if tuple_ is None:
        return "transport header cut short"
    hit = table.find(tuple_)
    if hit is None:
        reply = tuple_.inverse()
        if reply is None:
            return "this ICMP type has no answer, so it starts no connection"
        ns = table.ns
        if len(table) >= ns.sysctl["net.netfilter.nf_conntrack_max"] > 0:
            return None
        ct = Conntrack(
            ns,
            tuple_,
            reply,
            acct=bool(ns.sysctl["net.netfilter.nf_conntrack_acct"]),
            ecache=table.wants_events,
        )
        return ct, 0, CT_NEW, True
    ct, direction = hit
    if direction:
        return ct, 1, CT_ESTABLISHED_REPLY, False
    if ct.status & SEEN_REPLY:
        return ct, 0, CT_ESTABLISHED, False
    return ct, 0, CT_RELATED if ct.status & EXPECTED else CT_NEW, False


def _handle(ct: Conntrack, packet: Ipv4, direction: int) -> tuple[int, str]:
    """The protocol's own tracker: accepts (and sets the timeout) or finds the packet INVALID."""
    proto, l4, ns = packet.proto, packet.l4, ct.ns
    sysctl = ns.sysctl
    if proto == TCP:
        assert isinstance(l4, Tcp)
        return ct_tcp.packet(ct, l4, direction)
    if proto == ICMP:
        if ct.tuples[0].dport >> 8 not in ICMP_QUERIES:
            return ct_tcp.INVALID, "an answer to a question that was not seen"
        ct.refresh(sysctl[ct_timeouts.ICMP])
    elif proto in (UDP, UDPLITE):
        _udp(ct)
    elif proto == GRE and ct.seen_reply:
        ct.refresh(sysctl[ct_timeouts.GRE_STREAM])
        ct.assure()
    else:
        ct.refresh(sysctl[ct_timeouts.GRE if proto == GRE else ct_timeouts.GENERIC])
    return ct_tcp.ACCEPT, ""


def _udp(ct: Conntrack) -> None:
    world, sysctl = ct.ns.world, ct.ns.sysctl
    if not ct.confirmed:
        ct.stream_from = world.now + world.release.udp_stream_after
    stream = ct.seen_reply and (world.now > ct.stream_from or not world.release.udp_stream_after)
    ct.refresh(sysctl[ct_timeouts.UDP_STREAM if stream else ct_timeouts.UDP])
    if stream:
        ct.assure()


def _resolve_clash(skb: Skb, state: HookState, loser: Conntrack, winner: Conntrack) -> int:
    """Two first packets made the same entry: the later one joins it (UDP) or is dropped (``nf_ct_resolve_clash``)."""
    if loser.proto in (UDP, UDPLITE, GRE) and (
        not winner.status & NAT_DONE_MASK or winner.tuples == loser.tuples
    ):
        for direction in (0, 1):
            winner.packets[direction] += loser.packets[direction]
            winner.octets[direction] += loser.octets[direction]
        skb.ct = winner
        _say(skb, state, "CONFIRMED", "another packet made the same entry meanwhile: joined it")
        return ACCEPT
    _say(skb, state, "DROP", "another connection took the same tuple meanwhile")
    return DROP


def _say(skb: Skb, state: HookState, what: str, reason: str) -> None:
    world = state.ns.world
    if world.record_steps:
        ct = skb.ct
        entry = ct_listing.tuple_text(ct.tuples[0]) if ct is not None else ""
        world.steps.append(Tracked(world.now, state.ns.name, skb.journey, what, entry, reason))

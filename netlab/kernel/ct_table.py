"""Connection entries and the table they live in: timeouts on the virtual clock, events, removal.

Entries die by timeout (found dead when looked up or listed), by ``kill``, or with their namespace. Sources:
net/netfilter/nf_conntrack_core.c, nf_conntrack_ecache.c of 6.1; include/uapi/linux/netfilter/nf_conntrack_common.h.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_listing, ct_tcp
from netlab.kernel.ct_tuple import Tuple
from netlab.kernel.steps import Connection, Tracked

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

# Status bits.
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

    def seen(self) -> Connection:
        """The entry as it is now, for a step."""
        return Connection(
            original=self.tuples[0],
            reply=self.tuples[1],
            state=ct_tcp.NAMES[self.tcp.state] if self.tcp is not None else "",
            seen_reply=self.seen_reply,
            assured=self.assured,
            confirmed=self.confirmed,
            timeout=self.timeout,
            mark=self.mark,
        )

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
            entry = ct_listing.tuple_text(source)
            world.steps.append(Tracked(world.now, self.ns.name, 0, "DESTROY", entry, reason, ct.seen()))
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

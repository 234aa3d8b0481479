"""What the simulated kernel did, one frozen class a kind of step, each with its reason.

Log lines, diagrams and the notebooks' tables are projections of these. A step says which namespace, which packet
(``journey``) and, in words, why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netlab.kernel.ct_tuple import Tuple
from netlab.wire import Arp, Ethernet, Ipv4


@dataclass(frozen=True, slots=True)
class Step:
    """Common to all: virtual time in seconds, namespace, packet number."""

    time: float
    netns: str
    journey: int


@dataclass(frozen=True, slots=True)
class Received(Step):
    """A frame came in on a device."""

    dev: str
    eth: Ethernet | None
    payload: Ipv4 | Arp | None


@dataclass(frozen=True, slots=True)
class Transmitted(Step):
    """A frame left by a device."""

    dev: str
    eth: Ethernet | None
    payload: Ipv4 | Arp | None


@dataclass(frozen=True, slots=True)
class BridgeDecision(Step):
    """What the bridge does with a frame: forward, flood, pass up, drop."""

    bridge: str
    port: str
    action: str
    ports: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Learned(Step):
    """A source address went into the forwarding table, or moved."""

    bridge: str
    mac: str
    port: str


@dataclass(frozen=True, slots=True)
class Refreshed(Step):
    """A known source address came in by its port again: its time in the forwarding table starts anew."""

    bridge: str
    mac: str
    port: str


@dataclass(frozen=True, slots=True)
class Written(Step):
    """An entry was put into the forwarding table by no packet: ``kind`` is its own, static or learnt (by hand).

    ``port`` is empty for the bridge itself.
    """

    bridge: str
    mac: str
    port: str
    kind: str


@dataclass(frozen=True, slots=True)
class Forgotten(Step):
    """An entry left the forwarding table: it aged, or was removed."""

    bridge: str
    mac: str
    reason: str


@dataclass(frozen=True, slots=True)
class AgeingSet(Step):
    """From now on addresses age after so many seconds."""

    bridge: str
    seconds: float


@dataclass(frozen=True, slots=True)
class HookEntered(Step):
    """A netfilter hook starts; devices are names, empty where there is none."""

    family: str
    hook: str
    in_dev: str
    out_dev: str
    physin: str
    physout: str
    packet: Ipv4 | None


@dataclass(frozen=True, slots=True)
class HookSkipped(Step):
    """A hook or a table that one could expect here did not run, and why."""

    family: str
    hook: str
    table: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleMatched(Step):
    """A rule (or a chain's end) matched. ``label`` is what TRACE prints: rule, return or policy."""

    family: str
    hook: str
    table: str
    chain: str
    label: str
    number: int
    rule: Any
    target: str


@dataclass(frozen=True, slots=True)
class Logged(Step):
    """A line in the kernel log: ``record`` renders it (``netlab.kernel.klog``)."""

    record: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A conntrack entry as a step left it. ``state`` is TCP's, or empty.

    ``timeout`` is the virtual time at which it dies; seconds to live before it is confirmed.
    """

    original: Tuple
    reply: Tuple
    state: str
    seen_reply: bool
    assured: bool
    confirmed: bool
    timeout: float
    mark: int


@dataclass(frozen=True, slots=True)
class Tracked(Step):
    """Conntrack classified the packet, created, confirmed or removed an entry; ``after`` is what it is now."""

    state: str
    entry: str
    reason: str
    after: Connection | None = None


@dataclass(frozen=True, slots=True)
class Translated(Step):
    """NAT changed the packet (or decided not to: ``before`` is ``after``).

    ``entry`` is the connection where the step fixed how it is translated.
    """

    what: str
    before: Ipv4
    after: Ipv4
    reason: str
    entry: Connection | None = None


@dataclass(frozen=True, slots=True)
class Marked(Step):
    """A target changed the packet's mark, or its connection's (``entry`` is that connection then)."""

    family: str
    before: int
    after: int
    entry: Connection | None = None


@dataclass(frozen=True, slots=True)
class Readdressed(Step):
    """ebtables changed an address of the frame."""

    before: Ethernet
    after: Ethernet


@dataclass(frozen=True, slots=True)
class Routed(Step):
    """A routing decision."""

    destination: int
    decision: str
    out_dev: str
    gateway: int
    reason: str


@dataclass(frozen=True, slots=True)
class TtlLowered(Step):
    """Forwarding took one from the time to live."""

    ttl: int


@dataclass(frozen=True, slots=True)
class Fragmented(Step):
    """A packet was cut to fit, or put together again."""

    pieces: int
    reason: str


@dataclass(frozen=True, slots=True)
class Resolved(Step):
    """Neighbour state for an address: incomplete, reachable, stale, delay, probe, failed."""

    address: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Delivered(Step):
    """The packet reached a socket or the stack's own answerer."""

    to: str


@dataclass(frozen=True, slots=True)
class Dropped(Step):
    """The packet ends here, and why."""

    where: str
    reason: str

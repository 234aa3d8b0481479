"""What the simulated kernel did, one frozen class a kind of step, each with its reason.

Log lines, diagrams and the notebooks' tables are projections of these. A step says which namespace, which packet
(``journey``) and, in words, why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Tracked(Step):
    """Conntrack classified the packet, created, confirmed or removed an entry."""

    state: str
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class Translated(Step):
    """NAT changed the packet (or decided not to: ``before`` is ``after``)."""

    what: str
    before: Ipv4
    after: Ipv4
    reason: str


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

"""What routing works on: routes, rules, the key of a lookup, and the decision it ends in.

Sources: net/ipv4/fib_semantics.c, fib_rules.c, include/net/route.h (6.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_UNIVERSE
from netlab.kernel.steps import Routed
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb

MAIN: Final = 254
LOCAL: Final = 255
DEFAULT: Final = 253
_LONGEST: Final = 0xFFFF
"""Bytes of the longest packet (IP_MAX_MTU): lo's 65536 are one more."""

# fib_props (net/ipv4/fib_semantics.c): what a lookup that ends at such a route returns.
ERRORS: Final = {"unreachable": "EHOSTUNREACH", "prohibit": "EACCES", "blackhole": "EINVAL"}

# What a rule without a table ends a lookup with (fib4_rule_action); in Decision as for a route of that kind.
RULE_ERRORS: Final = {"unreachable": "ENETUNREACH", "prohibit": "EACCES", "blackhole": "EINVAL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route. ``kind`` is unicast, local, broadcast, unreachable, blackhole, prohibit or throw (on to the next rule)."""

    dst: int
    prefix: int
    kind: str = "unicast"
    dev: Device | None = None
    gateway: int = 0
    prefsrc: int = 0
    metric: int = 0
    scope: int = SCOPE_UNIVERSE
    protocol: str = "boot"
    table: int = MAIN
    onlink: bool = False
    mtu: int = 0
    mtu_locked: bool = False
    """``mtu lock``: packets to there may be cut on their way, and what the path says is not believed (ip_mtu_locked)."""
    own_gateway: bool = False
    """The gateway is an address of this host: listed, but destinations are asked for themselves (rt_set_nexthop)."""
    order: int = field(default=0, compare=False)

    @property
    def next_hop(self) -> int:
        """The gateway that packets are sent to, 0 where the destination is on the link."""
        return 0 if self.own_gateway else self.gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """One line of ``ip rule``. ``action`` is lookup, or what the lookup ends in: unreachable, prohibit, blackhole.

    ``inverted`` is the word ``not``: the rule is for whatever does not fit.
    """

    priority: int
    table: int
    src: int = 0
    src_prefix: int = 0
    dst: int = 0
    dst_prefix: int = 0
    iif: str = ""
    oif: str = ""
    mark: int = 0
    mask: int = 0
    action: str = "lookup"
    inverted: bool = False
    suppressed: int = -1
    """A route with a prefix no longer than this is as good as none (suppress_prefixlength); -1: every route will do."""

    def matches(self, flow: Flow) -> bool:
        return self.inverted != (
            (flow.src ^ self.src) & mask_of(self.src_prefix) == 0
            and (flow.dst ^ self.dst) & mask_of(self.dst_prefix) == 0
            and (not self.iif or self.iif == flow.iif)
            and (not self.oif or self.oif == flow.oif)
            and (flow.mark ^ self.mark) & self.mask == 0
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """The key of a lookup."""

    dst: int
    src: int = 0
    iif: str = ""
    oif: str = ""
    mark: int = 0
    scope: int = SCOPE_UNIVERSE
    """Routes that lead farther than this are passed over."""


@dataclass(slots=True)
class Decision:
    """The outcome of a routing decision (the kernel's rtable)."""

    kind: str
    dev: Device | None
    gateway: int = 0
    source: int = 0
    error: str = ""
    """Why there is no decision at all: the packet is dropped (an errno name)."""
    answer: str = ""
    """For unreachable: the errno that decides which ICMP error the sender gets; empty for none."""
    route: Route | None = None
    local: bool = False
    redirect: bool = False
    loops: bool = False
    reason: str = ""
    iif: Device | None = None
    """The device that a socket takes for the one it came in by, if not the real one (rt_iif of looped packets)."""
    path_mtu: int = 0
    """What an ICMP error said about the path, 0 if nothing; only for packets of this host."""
    path_locked: bool = False
    """The error named less than any path should have: such packets are cut, not forbidden to be."""

    @property
    def mtu(self) -> int:
        """The path's MTU: what was learnt, else what the route says, else the device's (ip_dst_mtu_maybe_forward)."""
        assert self.dev is not None
        mtu = self.path_mtu or (self.route.mtu if self.route is not None else 0) or self.dev.mtu
        return min(_LONGEST, mtu)

    @property
    def mtu_locked(self) -> bool:
        """Whether packets do without Don't Fragment, however they fit (ip_mtu_locked)."""
        return self.path_locked or (self.route is not None and self.route.mtu_locked)


def why(route: Route | None, dst: int) -> str:
    """The reason of a decision, in words: the route that it comes from."""
    if route is None:
        return f"no route to {ip_text(dst)}"
    name = "default" if route.prefix == 0 else f"{ip_text(route.dst)}/{route.prefix}"
    if route.kind in ERRORS:
        return f"{route.kind} route {name}"
    via = f" via {ip_text(route.gateway)}" if route.gateway else ""
    return f"route {name}{via} dev {route.dev.name if route.dev else '-'}"


def record(ns: Netns, skb: Skb, decision: Decision) -> None:
    """Note a routing decision among the steps."""
    world = ns.world
    if world.record_steps:
        world.steps.append(
            Routed(
                world.now,
                ns.name,
                skb.journey,
                skb.packet.dst,
                decision.kind,
                decision.dev.name if decision.dev else "",
                decision.gateway,
                decision.reason,
            )
        )

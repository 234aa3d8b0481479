"""Routing: tables, lookup, source address choice, and the decisions for input and output.

Sources: net/ipv4/fib_trie.c, fib_semantics.c, fib_frontend.c, route.c, devinet.c (6.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from netlab.kernel import klog
from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, SCOPE_UNIVERSE, Address
from netlab.kernel.skb import Skb
from netlab.kernel.steps import Routed
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

MAIN: Final = 254
LOCAL: Final = 255
DEFAULT: Final = 253
MIN_PMTU: Final = 552
MTU_EXPIRES: Final = 600.0
REDIRECT_EXPIRES: Final = 300.0

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
    order: int = field(default=0, compare=False)


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
    path_mtu: int = 0
    """What an ICMP error said about the path, 0 if nothing; only for packets of this host."""

    @property
    def mtu(self) -> int:
        """The path's MTU as far as it is known here."""
        assert self.dev is not None
        known = [self.dev.mtu, self.path_mtu, self.route.mtu if self.route is not None else 0]
        return min(m for m in known if m)


class Fib:
    """The routing tables of a namespace."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self._order = 0
        self._tables: dict[int, dict[int, dict[int, list[Route]]]] = {}
        self._learnt_mtu: dict[int, tuple[int, float]] = {}
        self._learnt_gateway: dict[int, tuple[int, float]] = {}
        self.rules: list[PolicyRule] = [
            PolicyRule(priority=0, table=LOCAL),
            PolicyRule(priority=32766, table=MAIN),
            PolicyRule(priority=32767, table=DEFAULT),
        ]

    @property
    def custom_rules(self) -> bool:
        return len(self.rules) > 3

    def routes(self, table: int | None = None) -> list[Route]:
        """Routes in the order ``ip route`` lists them: by address, longer prefixes and lower metrics first within one."""
        found = [
            r
            for t, by_prefix in self._tables.items()
            if table is None or t == table
            for nets in by_prefix.values()
            for routes in nets.values()
            for r in routes
        ]
        return sorted(found, key=lambda r: (r.table, r.dst, r.prefix, r.metric, r.order))

    def learn_mtu(self, destination: int, mtu: int) -> None:
        """Remember for ten minutes that packets to a destination must be smaller (ip_rt_update_pmtu)."""
        self._learnt_mtu[destination] = (max(mtu, MIN_PMTU), self.ns.world.now + MTU_EXPIRES)

    def learn_gateway(self, destination: int, gateway: int) -> None:
        """Remember for five minutes a better gateway that a redirect named (update_or_create_fnhe)."""
        self._learnt_gateway[destination] = (gateway, self.ns.world.now + REDIRECT_EXPIRES)

    def learnt_gateway(self, destination: int) -> int:
        """The gateway a redirect named for a destination, 0 if there is none."""
        gateway, until = self._learnt_gateway.get(destination, (0, 0.0))
        return gateway if until > self.ns.world.now else 0

    def learnt(self, destination: int) -> tuple[int, float]:
        """The remembered MTU towards a destination (0: none) and the seconds until what is remembered of it ends."""
        mtu, until = self._learnt_mtu.get(destination, (0, 0.0))
        _, other = self._learnt_gateway.get(destination, (0, 0.0))
        now = self.ns.world.now
        return (mtu if until > now else 0), max(until - now, other - now, 0.0)

    def learnt_mtu(self, destination: int) -> int:
        """The remembered MTU towards a destination, 0 if there is none."""
        mtu, until = self._learnt_mtu.get(destination, (0, 0.0))
        return mtu if until > self.ns.world.now else 0

    def add(self, route: Route, *, first: bool = False) -> None:
        """Insert a route; among equal prefixes lower metrics come first, then earlier ones (``first``: prepend)."""
        self._order += 1
        route = replace(route, order=-self._order if first else self._order)
        routes = (
            self._tables.setdefault(route.table, {}).setdefault(route.prefix, {}).setdefault(route.dst, [])
        )
        routes.append(route)
        routes.sort(key=lambda r: (r.metric, r.order))

    def remove(self, route: Route) -> None:
        nets = self._tables[route.table][route.prefix]
        nets[route.dst].remove(route)
        if not nets[route.dst]:
            del nets[route.dst]
        if not nets:
            del self._tables[route.table][route.prefix]

    def exists(self, route: Route) -> bool:
        """A route with the same prefix, table and metric (what ``ip route add`` refuses as File exists)."""
        routes = self._tables.get(route.table, {}).get(route.prefix, {}).get(route.dst, [])
        return any(r.metric == route.metric for r in routes)

    def table_lookup(self, table: int, flow: Flow) -> Route | None:
        """Longest prefix first; a route whose device is down is passed over."""
        by_prefix = self._tables.get(table)
        if not by_prefix:
            return None
        for prefix in sorted(by_prefix, reverse=True):
            for route in by_prefix[prefix].get(flow.dst & mask_of(prefix), ()):
                if flow.oif and route.dev is not None and route.dev.name != flow.oif:
                    continue
                if route.dev is not None and not route.dev.up and route.kind != "local":
                    continue
                return route
        return None

    def lookup(self, flow: Flow) -> tuple[Route | None, str]:
        """fib_lookup: the route, and an errno name if the lookup ends in none."""
        for rule in self.rules:
            if not rule.matches(flow):
                continue
            if rule.action != "lookup":
                return None, RULE_ERRORS[rule.action]
            route = self.table_lookup(rule.table, flow)
            if route is not None and route.kind != "throw":
                return route, ERRORS.get(route.kind, "")
        return None, "ENETUNREACH"

    # --- what addresses and devices bring along ---------------------------------------------------------------

    def _magic(self, kind: str, device: Device, dst: int, prefix: int, source: int) -> None:
        """fib_magic: the routes the kernel adds for an address."""
        local = kind == "local"
        scope = SCOPE_HOST if local else SCOPE_LINK
        route = Route(
            dst=dst,
            prefix=prefix,
            kind=kind,
            dev=device,
            prefsrc=source,
            scope=scope,
            protocol="kernel",
            table=MAIN if kind == "unicast" else LOCAL,
        )
        same = self._tables.get(route.table, {}).get(prefix, {}).get(dst, [])
        if not any(r.kind == kind and r.dev is device and r.prefsrc == source for r in same):
            self.add(route)

    def _primary(self, device: Device, address: Address) -> int:
        if not address.secondary:
            return address.ip
        return next(
            (
                a.ip
                for a in device.addresses
                if not a.secondary and a.prefix == address.prefix and a.covers(address.ip)
            ),
            address.ip,
        )

    def address_added(self, device: Device, address: Address) -> None:
        """fib_add_ifaddr."""
        source = self._primary(device, address)
        self._magic("local", device, address.ip, 32, source)
        if not device.up:
            return
        if address.broadcast not in (0, 0xFFFFFFFF):
            self._magic("broadcast", device, address.broadcast, 32, source)
        network, prefix = address.network, address.prefix
        if network >> 24 == 0 or address.secondary or (network == address.ip and prefix == 32):
            return
        self._magic("local" if device.kind == "loopback" else "unicast", device, network, prefix, source)
        if prefix < 31:
            self._magic("broadcast", device, network | ~mask_of(prefix) & 0xFFFFFFFF, 32, source)
            if not self.ns.world.release.tables_per_netns:
                self._magic("broadcast", device, network, 32, source)

    def address_removed(self, device: Device, address: Address) -> None:
        """fib_del_ifaddr: what only this address brought along goes; routes that prefer it as source go too."""
        for route in self.routes():
            kernel = route.protocol == "kernel" and route.dev is device
            if (
                (kernel and route.prefsrc == address.ip and route.kind != "local")
                or (kernel and route.kind == "local" and route.dst == address.ip and route.prefix == 32)
                or (
                    route.prefsrc == address.ip
                    and not any(a.ip == address.ip for d in self.ns.devices.values() for a in d.addresses)
                )
            ):
                self.remove(route)
        for left in device.addresses:
            self.address_added(device, left)

    def device_down(self, device: Device) -> None:
        """fib_disable_ip: routes through the device go; its addresses stay local."""
        for route in self.routes():
            if route.dev is device and route.kind != "local":
                self.remove(route)

    def device_gone(self, device: Device) -> None:
        for route in self.routes():
            if route.dev is device:
                self.remove(route)


# --- addresses ------------------------------------------------------------------------------------------------


def address_type(ns: Netns, address: int, dev: Device | None = None) -> str:
    """UNICAST, LOCAL, BROADCAST or MULTICAST, by the local table (inet_addr_type_dev_table)."""
    if address >> 24 == 0 or address == 0xFFFFFFFF:
        return "BROADCAST"
    if address >> 28 == 14:
        return "MULTICAST"
    route = ns.fib.table_lookup(LOCAL, Flow(address))
    if route is None or (dev is not None and route.dev is not dev):
        return "UNICAST"
    return route.kind.upper()


def is_local(ns: Netns, address: int) -> bool:
    return address_type(ns, address) == "LOCAL"


def select_address(device: Device, destination: int = 0, *, link_scope: bool = False) -> int:
    """The device's address to speak to a destination from (inet_select_addr); 0 if there is none anywhere."""
    limit = SCOPE_LINK if link_scope else SCOPE_UNIVERSE
    primaries = [a for a in device.addresses if not a.secondary and a.scope <= limit]
    for address in primaries:
        if not destination or address.covers(destination):
            return address.ip
    if primaries:
        return primaries[0].ip
    for other in device.ns.devices.values():
        if other is device:
            continue
        for address in other.addresses:
            if not address.secondary and address.scope != SCOPE_LINK and address.scope <= limit:
                return address.ip
    return 0


# --- output ---------------------------------------------------------------------------------------------------


def output_lookup(
    ns: Netns, dst: int, src: int = 0, *, oif: Device | None = None, mark: int = 0, anysrc: bool = False
) -> Decision:
    """ip_route_output_key: device, gateway and source for a packet of this host."""
    if src:
        bad = src >> 28 == 14 or src == 0xFFFFFFFF or src >> 24 == 0
        if bad or not (anysrc or is_local(ns, src)):
            return Decision(
                "error", None, error="EINVAL", reason=f"{ip_text(src)} is no address of this host"
            )
    lbcast = dst == 0xFFFFFFFF
    if oif is not None:
        if not oif.up:
            return Decision("error", None, error="ENETUNREACH", reason=f"{oif.name} is down")
        if (dst >> 28 == 14 and dst >> 8 == 0xE00000) or lbcast:
            source = src or select_address(oif, 0, link_scope=True)
            return _special(ns, dst, source, oif)
        if (not src and dst >> 28 == 14) or (not src and not dst):
            src = select_address(oif, 0)
    if not dst:
        dst = src or 0x7F000001
        return Decision("local", ns.lo, source=src or dst, local=True, reason="no destination: loopback")
    route, error = ns.fib.lookup(Flow(dst, src, "lo", oif.name if oif else "", mark))
    if error and not (route is None and oif is not None):
        return Decision("error", None, error=error, route=route, reason=_why(route, dst))
    if route is None:
        assert oif is not None
        source = src or select_address(oif, 0, link_scope=True)
        if dst >> 28 == 14:
            return _special(ns, dst, source, oif)
        return Decision(
            "unicast", oif, source=source, reason=f"no route: {oif.name} was asked for, so it is tried"
        )
    if route.kind == "local":
        return Decision(
            "local",
            ns.lo,
            source=src or route.prefsrc or dst,
            route=route,
            local=True,
            reason=f"{ip_text(dst)} is an address of this host",
        )
    assert route.dev is not None
    source = (
        src
        or route.prefsrc
        or select_address(route.dev, route.gateway or dst, link_scope=route.scope >= SCOPE_LINK)
    )
    if (
        source >> 24 == 127
        and route.dev.kind != "loopback"
        and not ns.sysctl.conf_or(route.dev.name, "route_localnet")
    ):
        reason = f"{ip_text(source)} may not leave by {route.dev.name} (route_localnet=0)"
        return Decision("error", None, error="EINVAL", route=route, reason=reason)
    if route.kind == "broadcast" or dst >> 28 == 14 or lbcast:
        return _special(ns, dst, source, route.dev, route)
    decision = Decision("unicast", route.dev, route.gateway, source, route=route, reason=_why(route, dst))
    decision.path_mtu = ns.fib.learnt_mtu(dst)
    decision.gateway = ns.fib.learnt_gateway(dst) or decision.gateway
    return decision


def _special(ns: Netns, dst: int, source: int, dev: Device, route: Route | None = None) -> Decision:
    multicast = dst >> 28 == 14
    joined = multicast and dst == 0xE0000001
    loops = (not multicast or joined) and dev.kind != "loopback"
    return Decision(
        "multicast" if multicast else "broadcast",
        dev,
        source=source,
        route=route,
        loops=loops,
        reason="to everybody on the link",
    )


def _why(route: Route | None, dst: int) -> str:
    if route is None:
        return f"no route to {ip_text(dst)}"
    name = "default" if route.prefix == 0 else f"{ip_text(route.dst)}/{route.prefix}"
    if route.kind in ERRORS:
        return f"{route.kind} route {name}"
    via = f" via {ip_text(route.gateway)}" if route.gateway else ""
    return f"route {name}{via} dev {route.dev.name if route.dev else '-'}"


# --- input ----------------------------------------------------------------------------------------------------


def _martian(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> None:
    if ns.sysctl.conf_or(dev.name, "log_martians"):
        klog.martian(ns, skb, dst, src, dev)


def validate_source(
    ns: Netns, skb: Skb, src: int, dst: int, dev: Device, oif: Device | None
) -> tuple[bool, bool]:
    """fib_validate_source: is the source acceptable on this device, and is it on the link?"""
    sysctl = ns.sysctl
    strict = sysctl.conf_max(dev.name, "rp_filter")
    redirects = bool(sysctl.conf_or(dev.name, "send_redirects"))
    if not strict and (oif is not dev or not redirects):
        if sysctl.conf_or(dev.name, "accept_local"):
            return True, False
        if not ns.fib.custom_rules:
            return not is_local(ns, src), False
    route, error = ns.fib.lookup(Flow(src, dst, dev.name, "", skb.mark if skb.ip is not None else 0))
    if error or route is None:
        return not strict, False
    if route.kind != "unicast" and not (route.kind == "local" and sysctl.conf_or(dev.name, "accept_local")):
        return False, False
    if route.dev is dev:
        return True, not route.gateway
    if strict == 1:
        return False, False
    return True, False


def input_lookup(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> Decision:
    """ip_route_input: deliver, forward, or refuse a packet that came in on a device."""
    decision = _input_lookup(ns, skb, dst, src, dev)
    if not decision.reason:
        decision.reason = _why(decision.route, dst)
    return decision


def _bad(reason: str) -> Decision:
    return Decision("martian", None, error="EINVAL", reason=reason)


def _input_lookup(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> Decision:
    sysctl = ns.sysctl
    if dst >> 28 == 14:
        return _input_multicast(ns, skb, dst, src, dev)
    if src >> 28 == 14 or src == 0xFFFFFFFF:
        _martian(ns, skb, dst, src, dev)
        return _bad(f"{ip_text(src)} cannot be a source address")
    if dst == 0xFFFFFFFF or (src == 0 and dst == 0):
        if skb.proto != 0x0800:
            return _bad("a broadcast that is not IP")
        if src and not validate_source(ns, skb, src, 0, dev, dev)[0]:
            _martian(ns, skb, dst, src, dev)
            return _bad("martian source")
        return Decision("broadcast", ns.lo, local=True, reason="limited broadcast")
    if src >> 24 == 0:
        _martian(ns, skb, dst, src, dev)
        return _bad("source in 0.0.0.0/8")
    if dst >> 24 == 0:
        return _bad("destination in 0.0.0.0/8")
    localnet = dev.kind == "loopback" or sysctl.conf_or(dev.name, "route_localnet")
    if dst >> 24 == 127 and not localnet:
        return _bad("127.0.0.0/8 does not come in by a real interface (route_localnet=0)")
    if src >> 24 == 127 and not localnet:
        _martian(ns, skb, dst, src, dev)
        return _bad("127.0.0.0/8 does not come in by a real interface (route_localnet=0)")
    route, error = ns.fib.lookup(Flow(dst, src, dev.name, "", skb.mark if skb.ip is not None else 0))
    forwarding = bool(sysctl.conf(dev.name, "forwarding"))
    if error:
        return Decision("unreachable", ns.lo, route=route, answer=error if forwarding else "")
    assert route is not None
    if route.kind == "broadcast":
        if skb.proto == 0x0800 and src and not validate_source(ns, skb, src, 0, dev, dev)[0]:
            _martian(ns, skb, dst, src, dev)
            return _bad("martian source")
        return Decision("broadcast", ns.lo, local=True, route=route, reason="broadcast of a local subnet")
    if route.kind == "local":
        ok, _ = validate_source(ns, skb, src, dst, dev, ns.lo)
        if not ok:
            _martian(ns, skb, dst, src, dev)
            return _bad(f"the source {ip_text(src)} is not acceptable on {dev.name}")
        return Decision(
            "local", ns.lo, local=True, route=route, reason=f"{ip_text(dst)} is an address of this host"
        )
    if not forwarding:
        return Decision("unreachable", ns.lo, route=route, reason="ip_forward is 0")
    ok, onlink = validate_source(ns, skb, src, dst, dev, route.dev)
    if not ok:
        _martian(ns, skb, dst, src, dev)
        return _bad(f"the source {ip_text(src)} is not acceptable on {dev.name} (rp_filter)")
    redirect = (
        route.dev is dev
        and onlink
        and sysctl.conf_or(dev.name, "send_redirects")
        and (
            sysctl.conf_or(dev.name, "shared_media")
            or any(a.covers(src) and a.covers(route.gateway or dst) for a in dev.addresses)
        )
    )
    return Decision("unicast", route.dev, route.gateway, route=route, redirect=bool(redirect))


def _input_multicast(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> Decision:
    """Only groups that the host has joined are delivered; 224.0.0.1 always is."""
    if dst != 0xE0000001:
        return _bad(f"nobody here has joined {ip_text(dst)}")
    if src >> 28 == 14 or src == 0xFFFFFFFF:
        return _bad(f"{ip_text(src)} cannot be a source address")
    return Decision("multicast", ns.lo, local=True, reason="a group this host has joined")


def me_harder(ns: Netns, skb: Skb) -> bool:
    """Route a packet of this host again after its mark or an address changed in OUTPUT (ip_route_me_harder).

    False if there is no route any more: the packet is dropped.
    """
    packet = skb.packet
    source = packet.src if is_local(ns, packet.src) else 0
    found = output_lookup(ns, packet.dst, source, mark=skb.mark, anysrc=True)
    if found.error:
        return False
    skb.route = found
    record(ns, skb, found)
    return True


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

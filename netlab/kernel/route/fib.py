"""The routing tables of a namespace: lookup, and what addresses and devices bring along.

Sources: net/ipv4/fib_trie.c, fib_semantics.c, fib_frontend.c, route.c (6.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, Address
from netlab.kernel.route.exceptions import Exceptions
from netlab.kernel.route.model import DEFAULT, ERRORS, LOCAL, MAIN, RULE_ERRORS, Flow, PolicyRule, Route
from netlab.wire import mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns


class Fib:
    """The routing tables of a namespace."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self._order = 0
        self._tables: dict[int, dict[int, dict[int, list[Route]]]] = {}
        # For the tables of a lookup: mask and networks of each prefix, longest first. Made when asked for.
        self._longest_first: dict[tuple[int, ...], list[tuple[int, dict[int, list[Route]]]]] = {}
        self.made: set[int] = {MAIN}
        """The tables that exist: those into which a route was ever put (fib_new_table)."""
        self.exceptions = Exceptions(ns.world)
        """What was learnt of single destinations."""
        self.custom_rules = False
        """Whether a rule was ever added or deleted: until then the local and the main table are one (fib_unmerge)."""
        self.custom_local = False
        """Whether a route of kind local was ever added by a command (fib_has_custom_local_routes)."""
        self.rules: list[PolicyRule] = [
            PolicyRule(priority=0, table=LOCAL),
            PolicyRule(priority=32766, table=MAIN),
            PolicyRule(priority=32767, table=DEFAULT),
        ]

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

    def add(self, route: Route, *, first: bool = False) -> None:
        """Insert a route; among equal prefixes lower metrics come first, then earlier ones (``first``: prepend)."""
        self._order += 1
        self._longest_first.clear()
        self.made.add(route.table)
        route = replace(route, order=-self._order if first else self._order)
        routes = (
            self._tables.setdefault(route.table, {}).setdefault(route.prefix, {}).setdefault(route.dst, [])
        )
        routes.append(route)
        routes.sort(key=lambda r: (r.metric, r.order))

    def remove(self, route: Route) -> None:
        self._longest_first.clear()
        self.exceptions.forget(route)
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
        return self._longest((table,), flow)

    def _longest(self, tables: tuple[int, ...], flow: Flow) -> Route | None:
        ordered = self._longest_first.get(tables)
        if ordered is None:
            found = [self._tables[table] for table in tables if table in self._tables]
            ordered = self._longest_first[tables] = [
                (mask_of(prefix), by_prefix[prefix])
                for prefix in sorted({prefix for by_prefix in found for prefix in by_prefix}, reverse=True)
                for by_prefix in found
                if prefix in by_prefix
            ]
        for mask, networks in ordered:
            for route in networks.get(flow.dst & mask, ()):
                if flow.oif and route.dev is not None and route.dev.name != flow.oif:
                    continue
                if route.dev is not None and not route.dev.up and route.kind != "local":
                    continue
                if route.scope < flow.scope:
                    continue
                return route
        return None

    def lookup(self, flow: Flow) -> tuple[Route | None, str]:
        """fib_lookup: the route, and an errno name if the lookup ends in none."""
        if not self.custom_rules:
            route = self._longest((LOCAL, MAIN), flow) or self._longest((DEFAULT,), flow)
            if route is None or route.kind == "throw":
                return None, "ENETUNREACH"
            return route, ERRORS.get(route.kind, "")
        for rule in self.rules:
            if not rule.matches(flow):
                continue
            if rule.action != "lookup":
                return None, RULE_ERRORS[rule.action]
            route = self.table_lookup(rule.table, flow)
            if route is None or route.kind == "throw":
                continue
            error = ERRORS.get(route.kind, "")
            # fib4_rule_suppress; a route that ends in an error is not asked for its length.
            if error or route.prefix > rule.suppressed:
                return route, error
        return None, "ENETUNREACH"

    # --- what addresses and devices bring along ---------------------------------------------------------------

    def _magic(self, kind: str, device: Device, dst: int, prefix: int, source: int, metric: int = 0) -> None:
        """fib_magic: the routes the kernel adds for an address."""
        local = kind == "local"
        if not local and (source >> 28 == 14 or source == 0xFFFFFFFF):
            return  # none of this host's addresses for sending (fib_valid_prefsrc)
        scope = SCOPE_HOST if local else SCOPE_LINK
        route = Route(
            dst=dst,
            prefix=prefix,
            kind=kind,
            dev=device,
            prefsrc=source,
            metric=metric,
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
        if address.prefix_route:
            kind = "local" if device.kind == "loopback" else "unicast"
            self._magic(kind, device, network, prefix, source, address.metric)
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

    def prefix_metric(self, device: Device, address: Address, metric: int) -> None:
        """fib_modify_prefix_metric: the route that an address brought along gets another metric."""
        for route in self.routes(MAIN):
            brought = (address.network, address.prefix, address.ip, address.metric, "kernel", device)
            if brought == (
                route.dst,
                route.prefix,
                route.prefsrc,
                route.metric,
                route.protocol,
                route.dev,
            ):
                self.remove(route)
                self.add(replace(route, metric=metric))

    def device_down(self, device: Device) -> None:
        """fib_disable_ip: routes through the device go; its addresses stay local."""
        for route in self.routes():
            if route.dev is device and route.kind != "local":
                self.remove(route)

    def device_gone(self, device: Device) -> None:
        for route in self.routes():
            if route.dev is device:
                self.remove(route)

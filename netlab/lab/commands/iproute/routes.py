"""``ip route``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_UNIVERSE
from netlab.kernel.route import MAIN, Route
from netlab.lab.commands.iproute.link_show import ipv6_addresses
from netlab.lab.commands.iproute.route_get import get, show_cache
from netlab.lab.commands.iproute.route_make import Asked, read, resolve
from netlab.lab.commands.iproute.route_names import KINDS, read_protocol, read_scope, read_table, table_text
from netlab.lab.commands.iproute.words import (
    Failed,
    Words,
    answers,
    complaint,
    need_device,
    need_prefix,
    scope_text,
)
from netlab.lab.context import Process
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.lab.commands.iproute.style import Style
    from netlab.lab.host import Host


def routes(process: Process, words: Words, style: Style) -> int:
    """``ip route add|append|prepend|change|replace|del|flush|get|show``."""
    choices = {
        "add": "add", "append": "append", "prepend": "prepend", "change": "change", "chg": "change", "replace": "replace",
        "delete": "delete", "get": "get", "show": "show", "list": "show", "lst": "show", "flush": "flush",
    }  # fmt: skip
    action = words.choose(choices, "show")
    if action == "show":
        return show(process, words, style)
    if action == "flush":
        return flush(process, words)
    if action == "get":
        return get(process, words, oneline=style.oneline)
    return change(process, words, action)


def change(process: Process, words: Words, action: str) -> int:
    """``ip route add|append|prepend|change|replace|del``."""
    ns: Netns = process.netns
    first = words.peek()
    asked = read(process, words)
    if asked.prefix is None:
        # iproute2 prints its usage
        process.refuse(first or words.last, "ip route: which destination?", expected="a PREFIX or default")
    route = resolve(ns, asked, action)
    same = [
        r
        for r in ns.fib.routes(route.table)
        if r.dst == route.dst
        and r.prefix == route.prefix
        and (r.metric == route.metric or action == "delete")
    ]
    if action == "delete":
        if route.table not in ns.fib.made:
            raise complaint("FIB table does not exist")
        for known in same:
            if _fits(known, asked):
                ns.fib.remove(known)
                return 0
        raise answers("No such process")
    if action == "add" and same:
        raise answers("File exists")
    if action == "change" and not same:
        raise answers("No such file or directory")
    if action in ("change", "replace") and same:
        ns.fib.remove(same[0])
    if action in ("append", "prepend") and any(replace(r, order=0) == route for r in same):
        raise answers("File exists")
    ns.fib.add(route, first=action in ("change", "replace", "prepend"))
    ns.fib.custom_local |= route.kind == "local"
    return 0


def _fits(route: Route, asked: Asked) -> bool:
    return (
        (asked.kind == "unicast" or route.kind == asked.kind)
        and (asked.gateway is None or route.gateway == asked.gateway)
        and (asked.device is None or (route.dev is not None and route.dev.name == asked.device))
        and (asked.metric is None or route.metric == asked.metric)
        and (asked.source is None or route.prefsrc == asked.source)
        and (asked.protocol is None or route.protocol == asked.protocol)
    )


@dataclass(slots=True)
class _Filter:
    """What ``show`` and ``flush`` select."""

    table: int | None = MAIN
    device: str = ""
    exact: tuple[int, int] | None = None
    within: tuple[int, int] | None = None
    covering: tuple[int, int] | None = None
    kind: str = ""
    protocol: str = ""
    gateway: tuple[int, int] | None = None
    source: tuple[int, int] | None = None
    scope: int | None = None
    metric: int | None = None
    cached: bool = False

    def keeps(self, route: Route) -> bool:
        return bool(
            (not self.device or (route.dev is not None and route.dev.name == self.device))
            and (self.exact is None or (route.dst, route.prefix) == self.exact)
            and (self.within is None or _covers(self.within, (route.dst, route.prefix)))
            and (self.covering is None or _covers((route.dst, route.prefix), self.covering))
            and not self.cached
            and (not self.kind or route.kind == self.kind)
            and (not self.protocol or route.protocol == self.protocol)
            and (self.gateway is None or (route.gateway and _covers(self.gateway, (route.gateway, 32))))
            and (self.source is None or (route.prefsrc and _covers(self.source, (route.prefsrc, 32))))
            and (self.scope is None or route.scope == self.scope)
            and (self.metric is None or route.metric == self.metric)
        )


def _covers(net: tuple[int, int], other: tuple[int, int]) -> bool:
    return net[1] <= other[1] and (net[0] ^ other[0]) & mask_of(net[1]) == 0


_CUT_SHORT: Final = ("table", "cached", "protocol", "scope", "type", "root", "match", "exact")
"""Words of a listing that may be cut short, in the order in which iproute2 tries them (iproute_list_flush_or_save)."""


def _read_filter(process: Process, words: Words) -> _Filter:
    known = (
        "PREFIX",
        "exact",
        "root",
        "match",
        "table",
        "dev",
        "type",
        "proto",
        "via",
        "src",
        "scope",
        "metric",
    )
    chosen = _Filter()
    while words:
        word = words.take_whole(_CUT_SHORT)
        if word == "to":
            word = words.take_whole(_CUT_SHORT[-3:])
        if word == "table":
            if words.peek() in ("all", "0"):
                words.take()
                chosen.table = None
            else:
                chosen.table = read_table(words, "table id value is invalid")
        elif word in ("dev", "oif"):
            chosen.device = words.take()
            need_device(process.netns, chosen.device)
        elif word == "type":
            chosen.kind = words.take()
        elif word in ("proto", "protocol"):
            chosen.protocol = read_protocol(words)
        elif word in KINDS:
            chosen.kind = word
        elif word == "root":
            chosen.within = need_prefix(words.take())
        elif word == "match":
            chosen.covering = need_prefix(words.take())
        elif word in ("cache", "cached"):
            chosen.cached = True
        elif word == "via":
            chosen.gateway = need_prefix(words.take())
        elif word == "src":
            chosen.source = need_prefix(words.take())
        elif word == "scope":
            chosen.scope = read_scope(words)
        elif word in ("metric", "priority", "preference"):
            chosen.metric = words.number(word)
        elif word in ("from", "vrf"):
            words.refuse(word, known)
        else:
            text = words.take() if word == "exact" else word
            chosen.exact = need_prefix(text)
    return chosen


def _listed(ns: Netns, chosen: _Filter) -> list[Route]:
    """Routes in the kernel's order: by table, then address, then the longer prefix, then the lower metric."""
    found = [r for r in ns.fib.routes(chosen.table) if chosen.keeps(r)]
    return sorted(found, key=lambda r: (r.table, r.dst, -r.prefix, r.metric, r.order))


def _need_table(ns: Netns, chosen: _Filter, what: str) -> None:
    """inet_dump_fib: a table that was never used is none."""
    if chosen.table is not None and chosen.table not in ns.fib.made:
        raise Failed(f"Error: ipv4: FIB table does not exist.\n{what} terminated", 2)


def _ipv6(process: Process, device: str) -> None:
    """What the IPv6 tables hold by themselves: ``table all`` lists it too, where no family was asked for."""
    main, local, groups = [], [], []
    for one in process.netns.devices.values():
        dev = "" if device else f"dev {one.name} "
        for text, length, more in ipv6_addresses(process, one) if device in ("", one.name) else ():
            if length == "64":
                main.append(f"fe80::/64 {dev}proto kernel metric 256 pref medium")
                groups.append(f"multicast ff00::/8 {dev}table local proto kernel metric 256 pref medium")
            if "tentative" not in more:
                local.append(
                    (IPv6Address(text), f"local {text} {dev}table local proto kernel metric 0 pref medium")
                )
    for line in (*main, *(line for _, line in sorted(local)), *groups):
        process.out(line + "\n")


def show(process: Process, words: Words, style: Style) -> int:
    """``ip route show``."""
    chosen = _read_filter(process, words)
    if chosen.cached:
        show_cache(process, chosen.exact)
    _need_table(process.netns, chosen, "Dump")
    for route in _listed(process.netns, chosen):
        process.out(route_text(process.host, route, chosen) + "\n")
    if style.family != 4 and chosen == _Filter(table=None, device=chosen.device):
        _ipv6(process, chosen.device)
    return 0


def route_text(host: Host, route: Route, chosen: _Filter) -> str:
    """A route as iproute2 prints it, with the space at its end; what all have in common is left out."""
    out = []
    if route.kind != "unicast":
        out.append(route.kind)
    if route.prefix == 0:
        out.append("default")
    elif route.prefix == 32:
        out.append(ip_text(route.dst))
    else:
        out.append(f"{ip_text(route.dst)}/{route.prefix}")
    if route.gateway and (chosen.gateway is None or chosen.gateway[1] < 32):
        out.append(f"via {ip_text(route.gateway)}")
    if route.dev is not None and not chosen.device:
        out.append(f"dev {route.dev.name}")
    if chosen.table is None and route.table != MAIN:
        out.append(f"table {table_text(route.table)}")
    if route.protocol != "boot" and not chosen.protocol:
        out.append(f"proto {route.protocol}")
    if route.scope != SCOPE_UNIVERSE and chosen.scope is None:
        out.append(f"scope {scope_text(route.scope)}")
    if route.prefsrc and (chosen.source is None or chosen.source[1] < 32):
        out.append(f"src {ip_text(route.prefsrc)}")
    if route.metric and chosen.metric is None:
        out.append(f"metric {route.metric}")
    if route.onlink:
        out.append("onlink")
    if route.mtu:
        out.append(f"mtu {'lock ' if route.mtu_locked else ''}{route.mtu}")
    if route.kind == "unicast" and host.world.linkwatch.route_is_down(route):
        out.append("linkdown")
    return " ".join(out) + " "


def flush(process: Process, words: Words) -> int:
    """``ip route flush``."""
    if not words:
        raise Failed('"ip route flush" requires arguments.', 1)
    ns: Netns = process.netns
    if words.peek() == "cache":
        ns.fib.exceptions.forget()
        return 0
    chosen = _read_filter(process, words)
    _need_table(ns, chosen, "Flush")
    for route in _listed(ns, chosen):
        ns.fib.remove(route)
    return 0

"""``ip route``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, SCOPE_UNIVERSE
from netlab.kernel.route import LOCAL, MAIN, Flow, Route
from netlab.lab.commands.iproute.carrier import link_is_down
from netlab.lab.commands.iproute.route_get import get, show_cache
from netlab.lab.commands.iproute.words import (
    Failed,
    Words,
    answers,
    complaint,
    need_address,
    need_device,
    need_prefix,
    scope_text,
)
from netlab.lab.context import Process
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.lab.commands.iproute.style import Style
    from netlab.lab.host import Host

_TABLES: Final = {"main": MAIN, "local": LOCAL, "default": 253}
_KINDS: Final = ("unicast", "local", "broadcast", "unreachable", "blackhole", "prohibit", "throw")
_NOT_MODELLED: Final = ("multicast", "nat", "anycast")
_SCOPES: Final = {"global": SCOPE_UNIVERSE, "link": SCOPE_LINK, "host": SCOPE_HOST}
_PROTOCOLS: Final = ("kernel", "boot", "static")


def read_table(words: Words) -> int:
    """A table's name or number."""
    word = words.take()
    if word in _TABLES:
        return _TABLES[word]
    if not word.isdigit():
        raise Failed(f'Error: argument "{word}" is wrong: "table" value is invalid\n', 255)
    return int(word)


def table_text(table: int) -> str:
    """A table's name as iproute2 prints it."""
    return next((name for name, number in _TABLES.items() if number == table), str(table))


def routes(process: Process, words: Words, style: Style) -> int:
    """``ip route add|append|prepend|change|replace|del|flush|get|show``."""
    choices = {
        "add": "add", "append": "append", "prepend": "prepend", "change": "change", "chg": "change", "replace": "replace",
        "delete": "delete", "get": "get", "show": "show", "list": "show", "lst": "show", "flush": "flush",
    }  # fmt: skip
    action = words.choose(choices, "show")
    if action == "show":
        return show(process, words)
    if action == "flush":
        return flush(process, words)
    if action == "get":
        return get(process, words, oneline=style.oneline)
    return change(process, words, action)


@dataclass(slots=True)
class _Asked:
    """What the words of a change say."""

    prefix: tuple[int, int] | None = None
    kind: str = "unicast"
    gateway: int | None = None
    device: str | None = None
    source: int | None = None
    metric: int | None = None
    table: int | None = None
    scope: int | None = None
    protocol: str | None = None
    onlink: bool = False
    mtu: int = 0


def _read(process: Process, words: Words) -> _Asked:
    known = ("PREFIX", "via", "dev", "src", "metric", "table", "scope", "proto", "onlink", "mtu", *_KINDS)
    asked = _Asked()
    while words:
        word = words.take_whole(("metric", "priority", "protocol", "table"))
        if word in ("via", "gw"):
            text = words.take()
            if text in ("inet", "inet6"):
                text = words.take()
            asked.gateway = need_address(text)
        elif word in ("dev", "oif"):
            asked.device = words.take()
        elif word in ("src", "from"):
            asked.source = need_address(words.take())
        elif word in ("metric", "priority", "preference"):
            asked.metric = words.number(word)
        elif word == "table":
            asked.table = read_table(words)
        elif word == "scope":
            scope = words.take()
            if scope not in _SCOPES:
                words.refuse(scope, _SCOPES)
            asked.scope = _SCOPES[scope]
        elif word in ("proto", "protocol"):
            asked.protocol = words.take()
            if asked.protocol not in _PROTOCOLS:
                words.refuse(asked.protocol, _PROTOCOLS)
        elif word == "onlink":
            asked.onlink = True
        elif word == "mtu":
            if words.peek() == "lock":
                words.take()
            asked.mtu = words.number("mtu")
        elif word in _KINDS:
            asked.kind = word
        elif word in _NOT_MODELLED or word in (
            "nexthop",
            "encap",
            "nhid",
            "advmss",
            "rtt",
            "window",
            "pref",
            "tos",
        ):
            words.refuse(word, known)
        elif asked.prefix is None:
            text = words.take() if word == "to" else word
            asked.prefix = need_prefix(text)
        else:
            words.refuse(word, known)
    return asked


def _resolve(ns: Netns, asked: _Asked, action: str) -> Route:
    """The route as the kernel completes it (fib_create_info)."""
    dst, prefix = asked.prefix or (0, 0)
    if dst & ~mask_of(prefix) & 0xFFFFFFFF:
        raise complaint("Invalid prefix for given prefix length")
    device: Device | None = None
    if asked.device is not None:
        device = need_device(ns, asked.device)
    error_kind = asked.kind in ("unreachable", "blackhole", "prohibit", "throw")
    table = (
        asked.table if asked.table is not None else LOCAL if asked.kind in ("local", "broadcast") else MAIN
    )
    scope = asked.scope
    if scope is None:
        if asked.kind == "local":
            scope = SCOPE_HOST
        elif asked.kind == "broadcast" or (
            asked.kind == "unicast" and asked.gateway is None and action != "delete"
        ):
            scope = SCOPE_LINK
        else:
            scope = SCOPE_UNIVERSE
    own_gateway = False
    if not error_kind and action != "delete":
        if asked.gateway is not None:
            device, own_gateway = _gateway_device(ns, asked.gateway, device, asked.onlink)
        elif device is None:
            raise answers("No such device")
        elif not device.up:
            raise complaint("Device for nexthop is not up")
    if asked.source and not any(a.ip == asked.source for d in ns.devices.values() for a in d.addresses):
        raise complaint("Invalid prefsrc address") if action != "delete" else answers("No such process")
    return Route(
        dst=dst,
        prefix=prefix,
        kind=asked.kind,
        dev=None if error_kind else device,
        gateway=asked.gateway or 0,
        prefsrc=asked.source or 0,
        metric=asked.metric or 0,
        scope=scope,
        protocol=asked.protocol or "boot",
        table=table,
        onlink=asked.onlink,
        mtu=asked.mtu,
        own_gateway=own_gateway,
    )


def _gateway_device(ns: Netns, gateway: int, device: Device | None, onlink: bool) -> tuple[Device, bool]:
    """The device behind which a gateway is, and whether it is the host's own address.

    It must be that, or on a directly connected network (fib_check_nh_v4_gw).
    """
    if onlink:
        if device is None:
            raise complaint("No egress device for nexthop")
        if not device.up:
            raise complaint("Nexthop device is not up")
        return device, False
    if device is not None and not device.up:
        raise answers("Network is down")
    route, error = ns.fib.lookup(Flow(gateway, oif=device.name if device is not None else ""))
    usable = route is not None and (route.kind == "local" or (route.kind == "unicast" and not route.gateway))
    if error or route is None or not usable or route.dev is None:
        raise complaint("Nexthop has invalid gateway")
    return route.dev, route.kind == "local"


def change(process: Process, words: Words, action: str) -> int:
    """``ip route add|append|prepend|change|replace|del``."""
    ns: Netns = process.netns
    first = words.peek()
    asked = _read(process, words)
    if asked.prefix is None:
        # iproute2 prints its usage
        process.refuse(first or words.last, "ip route: which destination?", expected="a PREFIX or default")
    route = _resolve(ns, asked, action)
    same = [
        r
        for r in ns.fib.routes(route.table)
        if r.dst == route.dst
        and r.prefix == route.prefix
        and (r.metric == route.metric or action == "delete")
    ]
    if action == "delete":
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
    return 0


def _fits(route: Route, asked: _Asked) -> bool:
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
        if word == "table":
            if words.peek() in ("all", "0"):
                words.take()
                chosen.table = None
            else:
                chosen.table = read_table(words)
        elif word in ("dev", "oif"):
            chosen.device = words.take()
            need_device(process.netns, chosen.device)
        elif word == "type":
            chosen.kind = words.take()
        elif word in ("proto", "protocol"):
            chosen.protocol = words.take()
        elif word in _KINDS:
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
            scope = words.take()
            if scope not in _SCOPES:
                words.refuse(scope, _SCOPES)
            chosen.scope = _SCOPES[scope]
        elif word in ("metric", "priority", "preference"):
            chosen.metric = words.number(word)
        elif word in ("from", "vrf"):
            words.refuse(word, known)
        else:
            text = words.take() if word in ("exact", "to") else word
            chosen.exact = need_prefix(text)
    return chosen


def _listed(ns: Netns, chosen: _Filter) -> list[Route]:
    """Routes in the kernel's order: by table, then address, then the longer prefix, then the lower metric."""
    found = [r for r in ns.fib.routes(chosen.table) if chosen.keeps(r)]
    return sorted(found, key=lambda r: (r.table, r.dst, -r.prefix, r.metric, r.order))


def show(process: Process, words: Words) -> int:
    """``ip route show``."""
    chosen = _read_filter(process, words)
    if chosen.cached:
        show_cache(process, chosen.exact)
    for route in _listed(process.netns, chosen):
        process.out(route_text(process.host, route, chosen) + "\n")
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
        out.append(f"mtu {route.mtu}")
    if route.kind == "unicast" and link_is_down(host, route):
        out.append("linkdown")
    return " ".join(out) + " "


def flush(process: Process, words: Words) -> int:
    """``ip route flush``."""
    if not words:
        raise Failed('"ip route flush" requires arguments.', 1)
    ns: Netns = process.netns
    if words.peek() == "cache":
        ns.fib.forget()
        return 0
    for route in _listed(ns, _read_filter(process, words)):
        ns.fib.remove(route)
    return 0

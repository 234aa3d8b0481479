"""What ``ip route add`` and its like ask for, and the route that the kernel makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, SCOPE_UNIVERSE
from netlab.kernel.route import ERRORS, LOCAL, MAIN, Flow, Route, address_type
from netlab.lab.commands.iproute.route_names import KINDS, read_protocol, read_scope, read_table
from netlab.lab.commands.iproute.words import (
    Words,
    answers,
    complaint,
    need_address,
    need_device,
    need_prefix,
)
from netlab.lab.context import Process
from netlab.wire import mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

_NOT_MODELLED: Final = ("multicast", "nat", "anycast")


@dataclass(slots=True)
class Asked:
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
    mtu_locked: bool = False


def read(process: Process, words: Words) -> Asked:
    known = ("PREFIX", "via", "dev", "src", "metric", "table", "scope", "proto", "onlink", "mtu", *KINDS)
    asked = Asked()
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
            asked.metric = words.quantity(word, '"metric" value is invalid\n')
        elif word == "table":
            asked.table = read_table(words)
        elif word == "scope":
            asked.scope = read_scope(words)
        elif word in ("proto", "protocol"):
            asked.protocol = read_protocol(words)
        elif word == "onlink":
            asked.onlink = True
        elif word == "mtu":
            if words.peek() == "lock":
                words.take()
                asked.mtu_locked = True
            asked.mtu = words.quantity("mtu", '"mtu" value is invalid\n')
        elif word in KINDS:
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


def resolve(ns: Netns, asked: Asked, action: str) -> Route:
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
    if action != "delete":
        _check(asked, scope, error_kind)
    if not error_kind and action != "delete":
        if asked.gateway:
            device, own_gateway = _gateway_device(ns, asked, device, table, scope)
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
        mtu_locked=asked.mtu_locked,
        own_gateway=own_gateway,
    )


def _check(asked: Asked, scope: int, error_kind: bool) -> None:
    """What goes together in a route (fib_create_info)."""
    least = {"local": SCOPE_HOST, "broadcast": SCOPE_LINK}.get(asked.kind, SCOPE_UNIVERSE)
    if scope < least or (scope > SCOPE_HOST and not error_kind):
        raise complaint("Invalid scope")
    if error_kind and (asked.gateway or asked.device is not None):
        raise complaint("Gateway, device and multipath can not be specified for this route type")
    if error_kind:
        return
    if scope == SCOPE_HOST and asked.gateway:
        raise complaint("Route with host scope can not have a gateway")
    if asked.onlink and not asked.gateway and scope < SCOPE_HOST:
        raise complaint("Invalid flags for nexthop - PERVASIVE and ONLINK can not be set")


def _gateway_device(
    ns: Netns, asked: Asked, device: Device | None, table: int, scope: int
) -> tuple[Device, bool]:
    """The device behind which a gateway is, and whether it is the host's own address.

    It must be nearer than what it leads to: that, or on a directly connected network (fib_check_nh_v4_gw).
    """
    gateway = asked.gateway
    assert gateway is not None
    if asked.onlink:
        if scope >= SCOPE_LINK:
            raise complaint("Nexthop has invalid scope")
        if device is None:
            raise complaint("Nexthop device required for onlink")
        if not device.up:
            raise complaint("Nexthop device is not up")
        if address_type(ns, gateway, device) != "UNICAST":
            raise complaint("Nexthop has invalid gateway")
        return device, False
    if device is not None and not device.up:
        raise answers("Network is down")
    flow = Flow(gateway, oif=device.name if device is not None else "", scope=max(scope + 1, SCOPE_LINK))
    route = ns.fib.table_lookup(table, flow) if table != MAIN else None
    if route is None or route.kind in ERRORS or route.kind == "throw":
        route, _ = ns.fib.lookup(flow)
    if route is None or route.kind not in ("unicast", "local") or route.dev is None:
        raise complaint("Nexthop has invalid gateway")
    return route.dev, route.kind == "local"

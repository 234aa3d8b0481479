"""The routing decision for a packet of this host.

Sources: net/ipv4/route.c, net/ipv4/netfilter.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_LINK
from netlab.kernel.route.addresses import is_local, is_this_network, select_address
from netlab.kernel.route.model import LOCAL, Decision, Flow, Route, record, why
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb


_TRIED: Final = "no route: {} was asked for, so it is tried"


def output_lookup(
    ns: Netns, dst: int, src: int = 0, *, oif: Device | None = None, mark: int = 0, anysrc: bool = False
) -> Decision:
    """ip_route_output_key: device, gateway and source for a packet of this host."""
    if src:
        bad = src >> 28 == 14 or src == 0xFFFFFFFF or is_this_network(ns, src)
        if bad or not (anysrc or is_local(ns, src)):
            error = "EINVAL" if bad else "ENETUNREACH"
            return Decision("error", None, error=error, reason=f"{ip_text(src)} is no address of this host")
    lbcast = dst == 0xFFFFFFFF
    if src and oif is None and (dst >> 28 == 14 or lbcast):
        sender = ns.fib.table_lookup(LOCAL, Flow(src))
        if sender is not None and sender.dev is not None:
            return _special(ns, dst, src, sender.dev)
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
    if error and oif is None:
        return Decision("error", None, error=error, route=route, reason=why(route, dst))
    if route is None or error:
        assert oif is not None
        source = src or select_address(oif, 0, link_scope=True)
        if dst >> 28 == 14:
            return _special(ns, dst, source, oif)
        return _unicast(Decision("unicast", oif, source=source, iif=oif, reason=_TRIED.format(oif.name)))
    if route.kind == "local":
        return Decision(
            "local",
            ns.lo,
            source=src or route.prefsrc or dst,
            route=route,
            local=True,
            iif=route.dev,
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
    decision = _unicast(
        Decision("unicast", route.dev, route.next_hop, source, route=route, iif=oif, reason=why(route, dst))
    )
    known = ns.fib.exceptions.find(dst, route)
    if known is not None:
        decision.path_mtu, decision.path_locked = known.mtu, known.locked
        decision.gateway = known.gateway or decision.gateway
        known.bound = True
    return decision


def _unicast(decision: Decision) -> Decision:
    """What leaves by the loopback is for this host, whatever route led there (__mkroute_output)."""
    assert decision.dev is not None
    decision.local = decision.dev.kind == "loopback"
    return decision


def _special(ns: Netns, dst: int, source: int, dev: Device, route: Route | None = None) -> Decision:
    multicast = dst >> 28 == 14
    joined = multicast and dst == 0xE0000001
    for_us = not multicast or joined
    return Decision(
        "multicast" if multicast else "broadcast",
        dev,
        source=source,
        route=route,
        # By the loopback device the packet itself comes back, and its route goes with it (__mkroute_output).
        local=for_us and dev.kind == "loopback",
        loops=for_us and dev.kind != "loopback",
        reason="to everybody on the link",
    )


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

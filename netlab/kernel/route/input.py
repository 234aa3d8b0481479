"""The routing decision for a packet that came in: deliver, forward or refuse.

Sources: net/ipv4/route.c, fib_frontend.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel import klog
from netlab.kernel.route.addresses import is_local, is_this_network
from netlab.kernel.route.model import Decision, Flow, why
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb


def _martian(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> None:
    if ns.sysctl.conf_or(dev.name, "log_martians"):
        klog.martian(ns, skb, dst, src, dev)


def _martian_destination(ns: Netns, dst: int, src: int, dev: Device, reason: str) -> Decision:
    if ns.sysctl.conf_or(dev.name, "log_martians"):
        klog.martian_destination(ns, dst, src, dev)
    return _bad(reason)


def validate_source(
    ns: Netns, skb: Skb, src: int, dst: int, dev: Device, oif: Device | None
) -> tuple[bool, bool]:
    """fib_validate_source: is the source acceptable on this device, and is it on the link?

    ``oif``: where the packet would leave, None if it is for this host.
    """
    sysctl = ns.sysctl
    strict = sysctl.conf_max(dev.name, "rp_filter")
    redirects = bool(sysctl.conf_or(dev.name, "send_redirects"))
    if not strict and (oif is not dev or not redirects):
        if sysctl.conf_or(dev.name, "accept_local"):
            return True, False
        if not (ns.fib.custom_rules or ns.fib.custom_local):
            return not any(a.ip == src for d in ns.devices.values() for a in d.addresses), False
    # The way back is looked up without the mark, unless src_valid_mark says otherwise.
    marked = skb.ip is not None and sysctl.conf_or(dev.name, "src_valid_mark")
    # It is the way of an answer: what it would come in by is what the packet leaves by (lo: for this host).
    back = (oif or ns.lo).name
    route, error = ns.fib.lookup(Flow(src, dst, back, "", skb.mark if marked else 0))
    if error or route is None:
        return not strict, False
    if route.kind != "unicast" and not (route.kind == "local" and sysctl.conf_or(dev.name, "accept_local")):
        return False, False
    if route.dev is dev:
        return True, not route.next_hop
    return not strict or (strict == 2 and bool(dev.addresses)), False


def input_lookup(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> Decision:
    """ip_route_input: deliver, forward, or refuse a packet that came in on a device."""
    decision = _input_lookup(ns, skb, dst, src, dev)
    if not decision.reason:
        decision.reason = why(decision.route, dst)
    return decision


def _bad(reason: str, error: str = "EINVAL") -> Decision:
    return Decision("martian", None, error=error, reason=reason)


def _bad_source(ns: Netns, src: int, reason: str) -> Decision:
    """fib_validate_source: the host's own address is no argument, any other one came in by the wrong device."""
    return _bad(reason, "EINVAL" if is_local(ns, src) else "EXDEV")


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
        if src and not validate_source(ns, skb, src, 0, dev, None)[0]:
            _martian(ns, skb, dst, src, dev)
            return _bad_source(ns, src, "martian source")
        return Decision("broadcast", ns.lo, local=True, reason="limited broadcast")
    if is_this_network(ns, src):
        _martian(ns, skb, dst, src, dev)
        return _bad("the source is no address (0.0.0.0)")
    if is_this_network(ns, dst):
        return _martian_destination(ns, dst, src, dev, "the destination is no address (0.0.0.0)")
    localnet = dev.kind == "loopback" or sysctl.conf_or(dev.name, "route_localnet")
    if dst >> 24 == 127 and not localnet:
        reason = "127.0.0.0/8 does not come in by a real interface (route_localnet=0)"
        return _martian_destination(ns, dst, src, dev, reason)
    if src >> 24 == 127 and not localnet:
        _martian(ns, skb, dst, src, dev)
        return _bad("127.0.0.0/8 does not come in by a real interface (route_localnet=0)")
    route, error = ns.fib.lookup(Flow(dst, src, dev.name, "", skb.mark if skb.ip is not None else 0))
    forwarding = bool(sysctl.conf(dev.name, "forwarding"))
    if error:
        return Decision("unreachable", ns.lo, route=route, answer=error if forwarding else "")
    assert route is not None
    if route.kind == "broadcast":
        if skb.proto == 0x0800 and src and not validate_source(ns, skb, src, 0, dev, None)[0]:
            _martian(ns, skb, dst, src, dev)
            return _bad_source(ns, src, "martian source")
        return Decision("broadcast", ns.lo, local=True, route=route, reason="broadcast of a local subnet")
    if route.kind == "local":
        ok, _ = validate_source(ns, skb, src, dst, dev, None)
        if not ok:
            _martian(ns, skb, dst, src, dev)
            return _bad_source(ns, src, f"the source {ip_text(src)} is not acceptable on {dev.name}")
        return Decision(
            "local", ns.lo, local=True, route=route, reason=f"{ip_text(dst)} is an address of this host"
        )
    if not forwarding:
        return Decision("unreachable", ns.lo, route=route, reason="ip_forward is 0")
    ok, onlink = validate_source(ns, skb, src, dst, dev, route.dev)
    if not ok:
        _martian(ns, skb, dst, src, dev)
        return _bad_source(ns, src, f"the source {ip_text(src)} is not acceptable on {dev.name} (rp_filter)")
    redirect = (
        route.dev is dev
        and onlink
        and sysctl.conf_or(dev.name, "send_redirects")
        and (
            sysctl.conf_or(dev.name, "shared_media")
            or any(a.covers(src) and (not route.gateway or a.covers(route.gateway)) for a in dev.addresses)
        )
    )
    return Decision("unicast", route.dev, route.next_hop, route=route, redirect=bool(redirect))


def _input_multicast(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> Decision:
    """Only groups that the host has joined are delivered; 224.0.0.1 always is."""
    if dst != 0xE0000001:
        return _bad(f"nobody here has joined {ip_text(dst)}")
    if src >> 28 == 14 or src == 0xFFFFFFFF:
        return _bad(f"{ip_text(src)} cannot be a source address")
    return Decision("multicast", ns.lo, local=True, reason="a group this host has joined")

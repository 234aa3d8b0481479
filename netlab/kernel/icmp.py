"""ICMP: answers to queries, and the errors the host sends.

Sources: net/ipv4/icmp.c, route.c (ip_error, ip_rt_send_redirect) (6.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel import ip, route
from netlab.kernel.skb import CT_ESTABLISHED, CT_NEW, CT_RELATED, CT_RELATED_REPLY, HOST, Skb
from netlab.wire import ICMP, Icmp, Ipv4, ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.route import Decision

ERRORS: Final = frozenset({3, 4, 5, 11, 12})
REDIRECT: Final = 5
QUERY_REPLY: Final = {8: 0, 13: 14}
UNREACHABLE_CODE: Final = {"EHOSTUNREACH": 1, "ENETUNREACH": 0, "EACCES": 13}
REDIRECT_NUMBER: Final = 9
REDIRECT_LOAD: Final = 0.02
REDIRECT_SILENCE: Final = REDIRECT_LOAD * 2 ** (REDIRECT_NUMBER + 1)
ERROR_COST: Final = 1.0
LIMIT_BURST: Final = 6
ERROR_BURST: Final = 5.0


@dataclass(slots=True)
class Peer:
    """What is remembered of an address to limit what it is sent (struct inet_peer): one account for all errors."""

    last: float
    tokens: float = 0.0
    redirects: int = 0


REASSEMBLY_EXCEEDED: Final = (11, 1)
"""The one error of which sockets do not hear (icmp_unreach)."""


def reply_mark(ns: Netns, cause: Skb) -> int:
    """The mark of what the host answers by itself (IP4_REPLY_MARK)."""
    return cause.mark if ns.sysctl["net.ipv4.fwmark_reflect"] else 0


def send_error(skb: Skb, type: int, code: int, rest: int = 0) -> None:
    """icmp_send: tell the sender of a packet that something is wrong with it, unless that would be improper."""
    packet = skb.packet
    decision = skb.route
    if decision is None:
        return
    device = decision.dev or skb.dev
    assert device is not None
    ns = device.ns
    if skb.pkt_type != HOST:
        return
    if decision.kind in ("broadcast", "multicast"):
        return
    if packet.frag:
        return
    if packet.proto == ICMP and isinstance(packet.l4, Icmp) and packet.l4.type in ERRORS:
        return
    source = packet.dst if decision.local else 0
    tos = (packet.tos & 0x1E) | 0xC0 if type in ERRORS else packet.tos
    if not source and skb.dev is not None and ns.sysctl["net.ipv4.icmp_errors_use_inbound_ifaddr"]:
        source = route.select_address(skb.dev, packet.src, link_scope=True)
    found = route.output_lookup(ns, packet.src, source, mark=reply_mark(ns, skb))
    if found.error:
        return
    if not _within_limit(ns, found, packet.src, type, code):
        ip.drop(ns, skb, "icmp", "no more ICMP errors to this address for now (icmp_ratelimit)")
        return
    quoted = min(packet.length, min(found.mtu, 576) - 20 - 8)
    error = Icmp(type, code, rest, inner=packet, quoted=quoted)
    _send(ns, skb, found, source or found.source, packet.src, error, tos, attach=True)


def _within_limit(ns: Netns, found: Decision, destination: int, type: int, code: int) -> bool:
    """icmpv4_xrlim_allow: errors to one destination come a second apart, six at once; not so 3/4, nor over loopback."""
    interval = ns.sysctl["net.ipv4.icmp_ratelimit"] / 1000
    limited = ns.sysctl["net.ipv4.icmp_ratemask"] >> type & 1
    if not limited or (type, code) == (3, 4) or found.dev is None or found.dev.kind == "loopback":
        return True
    peer, now = ns.sockets.peer(destination), ns.world.now
    peer.tokens = min(LIMIT_BURST * interval, peer.tokens + (now - peer.last))
    peer.last = now
    if peer.tokens < interval:
        return False
    peer.tokens -= interval
    return True


def _send(
    ns: Netns,
    cause: Skb,
    found: Decision,
    source: int,
    destination: int,
    message: Icmp,
    tos: int,
    *,
    attach: bool,
) -> None:
    """Send an ICMP message the host made; an error carries its cause's conntrack entry as RELATED."""
    packet = Ipv4(
        source,
        destination,
        ICMP,
        message,
        ttl=ns.sysctl["net.ipv4.ip_default_ttl"],
        id=ns.world.ip_id(),
        tos=tos,
    )
    skb = Skb(packet, journey=ns.world.new_journey(), mark=reply_mark(ns, cause))
    skb.route = found
    if attach and cause.ct is not None and cause.ctinfo is not None:
        # nf_ct_attach: the direction is the opposite of the cause's.
        skb.ct = cause.ct
        skb.ctinfo = CT_RELATED_REPLY if cause.ctinfo in (CT_ESTABLISHED, CT_RELATED, CT_NEW) else CT_RELATED
    route.record(ns, skb, found)
    world = ns.world
    if world.sending_icmp:
        # The processor's ICMP socket is taken (icmp_xmit_lock): an ICMP caused by sending one is never sent.
        ip.drop(ns, skb, "icmp", "caused by an ICMP message that is just being sent")
        return
    world.sending_icmp = True
    try:
        ip.local_out(ns, skb)
    finally:
        world.sending_icmp = False
    world.softirq()


def reply(ns: Netns, skb: Skb, query: Icmp) -> None:
    """icmp_echo: answer from the address that was asked; a broadcast is answered from the device's own."""
    packet = skb.packet
    source = packet.dst
    if skb.route is not None and skb.route.kind in ("broadcast", "multicast"):
        assert skb.dev is not None
        source = route.select_address(skb.dev, packet.src)
    found = route.output_lookup(ns, packet.src, source, mark=reply_mark(ns, skb))
    if found.error:
        return
    answer = Icmp(QUERY_REPLY[query.type], 0, query.rest, query.data)
    _send(ns, skb, found, source, packet.src, answer, packet.tos, attach=False)


def receive(ns: Netns, skb: Skb, dev: Device) -> None:
    """icmp_rcv: answer queries, hand errors to the sockets they concern."""
    packet = skb.packet
    message = packet.l4
    if not isinstance(message, Icmp):
        return
    if message.type in QUERY_REPLY:
        many = skb.route is not None and skb.route.kind in ("broadcast", "multicast")
        if ns.sysctl["net.ipv4.icmp_echo_ignore_all"]:
            return
        if many and ns.sysctl["net.ipv4.icmp_echo_ignore_broadcasts"]:
            return
        reply(ns, skb, message)
    elif message.type in ERRORS and message.inner is not None:
        if (message.type, message.code) == (3, 4):
            learn_mtu(ns, message.inner.dst, message.rest & 0xFFFF)
        if message.type == REDIRECT and not ns.sockets.tcp.ignores_redirect(message.inner):
            obey_redirect(ns, packet.src, message, dev)
        if (message.type, message.code) != REASSEMBLY_EXCEEDED:
            ns.sockets.error(message)


def learn_mtu(ns: Netns, destination: int, mtu: int) -> None:
    """__ip_rt_update_pmtu: smaller packets from now on, unless they are small enough or the route's MTU is locked."""
    found = route.output_lookup(ns, destination)
    if not (found.error or found.mtu_locked or found.mtu < mtu):
        ns.fib.exceptions.learn_mtu(destination, found.route, mtu, found.mtu)


def route_error(skb: Skb, dev: Device, decision: Decision) -> None:
    """ip_error: a packet that cannot be forwarded; the answer is limited to one a second, five at once."""
    ns = dev.ns
    ip.drop(ns, skb, "route", decision.reason)
    code = UNREACHABLE_CODE.get(decision.answer)
    if code is None:
        return
    peer = ns.sockets.peer(skb.packet.src)
    now = ns.world.now
    peer.tokens = min(ERROR_BURST, peer.tokens + (now - peer.last))
    peer.last = now
    if peer.tokens >= ERROR_COST:
        peer.tokens -= ERROR_COST
        send_error(skb, 3, code)


def obey_redirect(ns: Netns, old_gateway: int, message: Icmp, dev: Device) -> None:
    """__ip_do_redirect: from now on send to the better gateway, once its MAC is known; until then only ask for it."""
    inner, gateway = message.inner, message.rest
    assert inner is not None
    sysctl = ns.sysctl
    forwards = bool(sysctl.conf(dev.name, "forwarding"))
    both, either = (sysctl.conf("all", "accept_redirects"), sysctl.conf(dev.name, "accept_redirects"))
    if not ((both and either) if forwards else (both or either)):
        return
    if gateway == old_gateway or route.address_type(ns, gateway) != "UNICAST":
        return
    found = route.output_lookup(ns, inner.dst, inner.src)
    if found.error or found.dev is not dev or found.gateway != old_gateway:
        return
    neighbour = ns.neighbours.get(dev, gateway)
    if neighbour.valid:
        ns.fib.exceptions.learn_gateway(inner.dst, found.route, gateway)
    else:
        neighbour.probe()


def send_redirect(skb: Skb, dev: Device, decision: Decision) -> None:
    """ip_rt_send_redirect: the sender could have gone there directly."""
    ns = dev.ns
    packet = skb.packet
    peer = ns.sockets.peer(packet.src)
    now = ns.world.now
    if now > peer.last + REDIRECT_SILENCE:
        peer.tokens = 0.0
        peer.redirects = 0
    if peer.redirects >= REDIRECT_NUMBER:
        peer.last = now
    elif peer.redirects == 0 or now > peer.last + REDIRECT_LOAD * 2**peer.redirects:
        send_error(skb, 5, 1, decision.gateway or packet.dst)
        peer.last = now
        peer.redirects += 1


def describe(message: Icmp) -> str:
    """A message in the words ping and traceroute use.

    >>> describe(Icmp(3, 1))
    'Destination Host Unreachable'
    """
    words = {
        (3, 0): "Destination Net Unreachable",
        (3, 1): "Destination Host Unreachable",
        (3, 2): "Destination Protocol Unreachable",
        (3, 3): "Destination Port Unreachable",
        (3, 9): "Destination Net Prohibited",
        (3, 10): "Destination Host Prohibited",
        (3, 13): "Packet filtered",
        (11, 0): "Time to live exceeded",
        (11, 1): "Frag reassembly time exceeded",
    }
    if (message.type, message.code) == (3, 4):
        return f"Frag needed and DF set (mtu = {message.rest & 0xFFFF})"
    if message.type == 5:
        return f"Redirect Host(New nexthop: {ip_text(message.rest)})"
    return words.get((message.type, message.code), f"ICMP type {message.type} code {message.code}")

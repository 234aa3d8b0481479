"""REJECT's answers: an ICMP error, or a TCP reset (net/ipv4/netfilter/nf_reject_ipv4.c, ipt_REJECT.c)."""

from __future__ import annotations

from typing import Final

from netlab.kernel import conntrack, ct_tcp, icmp, ip, route
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import Skb
from netlab.wire import ACK, FIN, RST, SYN, TCP, Ethernet, Ipv4, Tcp

_UNREACHABLE: Final = 3
CODES: Final = {
    "icmp-net-unreachable": 0,
    "icmp-host-unreachable": 1,
    "icmp-proto-unreachable": 2,
    "icmp-port-unreachable": 3,
    "icmp-net-prohibited": 9,
    "icmp-host-prohibited": 10,
    "icmp-admin-prohibited": 13,
}
"""ICMP code of each ``--reject-with``; ``tcp-reset`` is the only other."""


class _NoSocket:
    """What a reset that REJECT sends carries instead of a control socket: nothing that ``-m owner`` could see."""

    ns = None
    owned = False


def reject(skb: Skb, state: HookState, kind: str) -> None:
    """Answer a packet that a REJECT rule matched; the caller drops it."""
    if kind == "tcp-reset":
        _send_reset(skb, state)
    elif not (skb.packet.frag or skb.packet.mf):
        # Of a first fragment the checksum, which is the whole message's, cannot be right (nf_send_unreach).
        icmp.send_error(skb, _UNREACHABLE, CODES[kind])


def reset_for(packet: Ipv4, ttl: int) -> Ipv4 | None:
    """The reset that answers a segment, as TCP requires; None for a segment that is itself a reset, or no segment.

    >>> reset_for(Ipv4(1, 2, TCP, Tcp(1000, 80, seq=7, flags=SYN)), 64).l4.ack
    8
    """
    tcp = packet.l4
    if packet.frag or not isinstance(tcp, Tcp) or tcp.flags & RST:
        return None
    if tcp.flags & ACK:
        answer = Tcp(tcp.dport, tcp.sport, tcp.ack, 0, RST, 0)
    else:
        end = tcp.seq + bool(tcp.flags & SYN) + bool(tcp.flags & FIN) + len(tcp.data)
        answer = Tcp(tcp.dport, tcp.sport, 0, end & 0xFFFFFFFF, RST | ACK, 0)
    return Ipv4(packet.dst, packet.src, TCP, answer, ttl=ttl, df=True)


def _send_reset(cause: Skb, state: HookState) -> None:
    ns = state.ns
    packet = reset_for(cause.packet, ns.sysctl["net.ipv4.ip_default_ttl"])
    if packet is None or (cause.route is not None and cause.route.kind in ("broadcast", "multicast")):
        return
    skb = Skb(packet, journey=ns.world.new_journey(), sk=_NoSocket)
    skb.mark = icmp.reply_mark(ns, cause)
    skb.route = cause.route
    if not route.me_harder(ns, skb):
        return
    conntrack.attach(skb, cause)
    if cause.ct is not None:
        ct_tcp.set_closing(cause.ct)
    if cause.br is not None:
        # Straight back to the port it came from, with the addresses of the frame swapped: no hook sees it.
        assert cause.eth is not None
        skb.eth = Ethernet(cause.eth.src, cause.eth.dst, cause.eth.proto)
        cause.br.physin.transmit(skb)
    else:
        ip.local_out(ns, skb)

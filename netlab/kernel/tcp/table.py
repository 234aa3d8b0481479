"""The TCP sockets of a namespace: which one a segment is for, and the reset where there is none.

Sources: net/ipv4/tcp_ipv4.c, inet_hashtables.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel import icmp, ip, route
from netlab.kernel.skb import Skb
from netlab.kernel.tcp.socket import TcpSocket
from netlab.kernel.tcp.state import CLOSED, LISTEN, MOD, SYN_RECV, SYN_SENT, TIME_WAIT
from netlab.wire import ACK, FIN, RST, SYN, TCP, Ipv4, Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns


class TcpTable:
    """The TCP sockets of a namespace."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self.sockets: list[TcpSocket] = []

    def used_ports(self) -> set[int]:
        return {s.port for s in self.sockets}

    def established(self, packet: Ipv4, segment: Tcp) -> TcpSocket | None:
        """The socket of a connection, whatever its state but listening."""
        for sock in self.sockets:
            if (
                sock.state not in (LISTEN, CLOSED)
                and sock.port == segment.dport
                and sock.remote == (packet.src, segment.sport)
                and sock.source == packet.dst
            ):
                return sock
        return None

    def _listener(self, packet: Ipv4, segment: Tcp) -> TcpSocket | None:
        best = None
        for sock in self.sockets:
            if sock.state == LISTEN and sock.port == segment.dport and sock.source in (0, packet.dst):
                best = sock if best is None or sock.source else best
        return best

    def receive(self, skb: Skb, segment: Tcp) -> None:
        """tcp_v4_rcv: to the connection, to a listener, or answered by a reset."""
        packet = skb.packet
        sock = self.established(packet, segment)
        if sock is not None and sock.state == TIME_WAIT and segment.flags & SYN and not segment.flags & ACK:
            sock._forget()
            sock = None
        if sock is not None:
            sock.segment_arrives(skb, segment)
            return
        listener = self._listener(packet, segment)
        if listener is not None and segment.flags & (SYN | ACK | RST) == SYN:
            self._new_connection(listener, packet, segment)
            return
        if listener is not None and segment.flags & RST:
            return
        self.reset(skb, segment)

    def _new_connection(self, listener: TcpSocket, packet: Ipv4, segment: Tcp) -> None:
        """tcp_conn_request: a half-open connection answers with SYN-ACK; it has no owner yet."""
        child = TcpSocket(self.ns, uid=listener.uid, gid=listener.gid)
        child.owned = False
        child.listener = listener
        child.source, child.port = packet.dst, listener.port
        child.remote = (packet.src, segment.sport)
        child.state = SYN_RECV
        child.tos = 0
        decision = child._lookup(packet.src, packet.dst)
        child.mss = child.advertised_mss = (decision.mtu if not decision.error else 576) - 40
        child.negotiate(segment)
        child.rcv_nxt = (segment.seq + 1) % MOD
        child.snd_una = self.ns.world.rng.randrange(MOD)
        child.snd_nxt = (child.snd_una + 1) % MOD
        self.sockets.append(child)
        child._queue(child._segment(SYN | ACK, seq=child.snd_una))

    def reset(self, skb: Skb, segment: Tcp) -> None:
        """tcp_v4_send_reset: nothing listens here."""
        packet = skb.packet
        if segment.flags & RST:
            return
        if segment.flags & ACK:
            answer = Tcp(segment.dport, segment.sport, segment.ack, 0, RST, 0)
        else:
            length = bool(segment.flags & SYN) + bool(segment.flags & FIN) + len(segment.data)
            answer = Tcp(segment.dport, segment.sport, 0, (segment.seq + length) % MOD, RST | ACK, 0)
        mark = icmp.reply_mark(self.ns, skb)
        found = route.output_lookup(self.ns, packet.src, packet.dst, mark=mark)
        if found.error:
            return
        reply = Skb(
            Ipv4(
                packet.dst,
                packet.src,
                TCP,
                answer,
                ttl=self.ns.sysctl["net.ipv4.ip_default_ttl"],
                tos=packet.tos & ~3,
                df=True,
            ),
            journey=self.ns.world.new_journey(),
            mark=mark,
        )
        reply.route = found
        route.record(self.ns, reply, found)
        ip.local_out(self.ns, reply)
        self.ns.world.softirq()

    def ignores_redirect(self, inner: Ipv4) -> bool:
        """Whether a redirect about this packet is lost: its connection is gone, or held by its program (tcp_v4_err)."""
        if not isinstance(inner.l4, Tcp):
            return False
        ends = (inner.src, inner.l4.sport, (inner.dst, inner.l4.dport))
        return not any((s.source, s.port, s.remote) == ends and not s.in_use for s in self.sockets)

    def error(self, inner: Ipv4, segment: Tcp, errno: str, *, fatal: bool) -> None:
        """tcp_v4_err: an ICMP error ends a connection that is being opened; 3/4 makes segments smaller.

        An open one goes on and remembers the error (sk_err_soft).

        A half-open connection of a listener ends only by a ``fatal`` error (tcp_req_err).
        """
        for sock in self.sockets:
            if (sock.source, sock.port, sock.remote) == (
                inner.src,
                segment.sport,
                (inner.dst, segment.dport),
            ):
                if errno == "EMSGSIZE":
                    sock.mtu_reduced()
                elif sock.state == SYN_SENT or (sock.state == SYN_RECV and fatal):
                    if sock.state == SYN_SENT and errno in ("EHOSTUNREACH", "ENETUNREACH"):
                        sock.overdue_syn()
                    sock.error = errno
                    sock._forget()
                elif sock.state not in (SYN_RECV, LISTEN, TIME_WAIT) and errno:
                    sock.soft_error = errno
                return

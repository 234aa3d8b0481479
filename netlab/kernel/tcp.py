"""TCP, as far as handshakes, data, resets, closing and retransmission show in a log.

Segment sizes are those of Linux: SYN with MSS, SACK, timestamps and window scale (40 bytes of header), later segments
with timestamps (32). Longer data travels in packets of up to half the congestion window, which the last device cuts (GSO):
that is how a log shows it. The window itself is modelled only while it opens: what is written is sent.
Sources: net/ipv4/tcp_ipv4.c, tcp_input.c, tcp_output.c, tcp_minisocks.c, tcp_timer.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import ip, route
from netlab.kernel.skb import Skb
from netlab.kernel.sock import Socket
from netlab.wire import ACK, FIN, PSH, RST, SYN, TCP, Ipv4, Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import Timer

CLOSED, LISTEN, SYN_SENT, SYN_RECV, ESTABLISHED = "CLOSED", "LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED"
FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, CLOSING = "FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "CLOSING"
LAST_ACK, TIME_WAIT = "LAST_ACK", "TIME_WAIT"

INITIAL_WINDOW: Final = 10
INITIAL_RTO: Final = 1.0
MIN_RTO: Final = 0.2
MAX_RTO: Final = 120.0
DELAYED_ACK: Final = 0.04
TIME_WAIT_LENGTH: Final = 60.0
MOD: Final = 2**32
MOST_RETRIES: Final = 15


def _after(a: int, b: int) -> bool:
    """Whether sequence number a is later than b."""
    return 0 < (a - b) % MOD < MOD // 2


class TcpSocket(Socket):
    """One end of a connection, or a listener. Programs poll ``state``, ``received``, ``eof`` and ``error``."""

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, uid=uid, gid=gid)
        self.state = CLOSED
        self.port = 0
        self.remote: tuple[int, int] = (0, 0)
        self.received = bytearray()
        self.eof = False
        self.error = ""
        self.accept_queue: list[TcpSocket] = []
        self.listener: TcpSocket | None = None
        self.snd_una = self.snd_nxt = self.rcv_nxt = 0
        self.mss = 536
        self.congestion_window = INITIAL_WINDOW
        self.options = 12
        self.timestamps = True
        self.pingpong = False
        self._data_came: float | None = None
        self._probed = False
        self._segments: list[Tcp] = []
        self._retries = 0
        self._rto = INITIAL_RTO
        self._retransmit_timer: Timer | None = None
        self._ack_timer: Timer | None = None
        self._fin_sent = False
        self._shut_write = False
        self._quick_acks = 16

    # --- program's side ---------------------------------------------------------------------------------------

    def bind(self, address: int, port: int) -> str:
        """Take an address and a port (0: any); returns EADDRINUSE, EADDRNOTAVAIL or ""."""
        if address and not route.is_local(self.ns, address):
            return "EADDRNOTAVAIL"
        table = self.ns.sockets.tcp
        for other in table.sockets:
            if other.port == port and port and (not other.source or not address or other.source == address):
                return "EADDRINUSE"
        self.source, self.port = address, port or self.ns.sockets.free_port(TCP)
        return ""

    def listen(self) -> str:
        """Wait for connections."""
        self.state = LISTEN
        self.ns.sockets.tcp.sockets.append(self)
        return ""

    def connect(self, address: int, port: int) -> str:
        """Send the SYN; returns an errno name at once where there is no way, else watch ``state`` and ``error``."""
        decision = self._lookup(address)
        if decision.error:
            return decision.error
        if decision.kind in ("broadcast", "multicast"):
            return "ENETUNREACH"
        if not self.port:
            self.port = self.ns.sockets.free_port(TCP)
        self.source = self.source or decision.source
        self.remote = (address, port)
        self.state = SYN_SENT
        self.mss = decision.mtu - 40
        self.snd_una = self.ns.world.rng.randrange(MOD)
        self.snd_nxt = (self.snd_una + 1) % MOD
        self.ns.sockets.tcp.sockets.append(self)
        syn = self._segment(SYN, seq=self.snd_una)
        self._queue(syn)
        return ""

    def send(self, data: bytes) -> str:
        """Write to the stream; returns EPIPE or the connection's error, or ""."""
        if self.error:
            return self.error
        if self.state not in (ESTABLISHED, CLOSE_WAIT) or self._shut_write:
            return "EPIPE"
        room = self.room
        start, burst = 0, 0
        limited = len(data) > self.congestion_window * room
        while start < len(data):
            most = min(self.congestion_window // 2, self.congestion_window - burst) * room
            chunk = data[start : start + most]
            segment = self._segment(ACK | PSH, data=chunk)
            self.snd_nxt = (self.snd_nxt + len(chunk)) % MOD
            self._cancel_ack()
            now = self.ns.world.now
            if self._data_came is not None and now - self._data_came < DELAYED_ACK:
                # An answer on the heels of a request: from now on acknowledgements ride on data (pingpong mode).
                self.pingpong = True
            self._queue(segment)
            start += len(chunk)
            burst += -(-len(chunk) // room)
            if limited and not self._segments and (start >= len(data) or burst >= self.congestion_window):
                self.congestion_window += burst
                burst = 0
            elif burst >= self.congestion_window:
                burst = 0
        return ""

    @property
    def room(self) -> int:
        """Bytes of data in a full segment."""
        return self.mss - (12 if self.timestamps else 0)

    def read(self) -> bytes:
        """Take what has arrived."""
        data = bytes(self.received)
        self.received.clear()
        return data

    def shutdown(self) -> None:
        """No more will be written: send FIN."""
        if self._shut_write:
            return
        self._shut_write = True
        if self.state in (ESTABLISHED, SYN_RECV):
            self.state = FIN_WAIT1
        elif self.state == CLOSE_WAIT:
            self.state = LAST_ACK
        else:
            return
        segment = self._segment(FIN | ACK)
        self.snd_nxt = (self.snd_nxt + 1) % MOD
        self._fin_sent = True
        self._cancel_ack()
        self._queue(segment)

    def close(self) -> None:
        """tcp_close: unread data turns the FIN into a RST; a listener's waiting connections are reset."""
        if self.state == LISTEN:
            for child in self.accept_queue:
                child.abort()
            self._forget()
        elif self.state == SYN_SENT:
            self._forget()
        elif self.received and self.state in (ESTABLISHED, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2):
            self.abort()
        else:
            self.shutdown()
        self.owned = False

    def abort(self) -> None:
        """Send RST, with the options of any segment, and forget the connection (tcp_send_active_reset)."""
        if self.state not in (CLOSED, LISTEN, TIME_WAIT, SYN_SENT):
            self._transmit(self._segment(RST | ACK))
        self._forget()

    # --- segments ---------------------------------------------------------------------------------------------

    def _segment(self, flags: int, *, seq: int | None = None, data: bytes = b"") -> Tcp:
        return Tcp(
            self.port,
            self.remote[1],
            self.snd_nxt if seq is None else seq,
            self.rcv_nxt if flags & ACK else 0,
            flags,
            64240 if flags & SYN else 502,
            self._option_bytes(flags),
            data,
        )

    def _option_bytes(self, flags: int) -> bytes:
        """The options Linux sends: all on a SYN, timestamps only later (tcp_options_write)."""
        stamp = bytes((8, 10)) + int(self.ns.world.now * 1000 % MOD).to_bytes(4, "big") + bytes(4)
        if flags & SYN:
            mss = bytes((2, 4)) + self.mss.to_bytes(2, "big")
            if not self.timestamps:
                return mss + bytes((1, 1, 4, 2)) + bytes((1, 3, 3, 7))
            return mss + bytes((4, 2)) + stamp + bytes((1, 3, 3, 7))
        return bytes((1, 1)) + stamp if self.timestamps else b""

    def _queue(self, segment: Tcp) -> None:
        """Send a segment that must be acknowledged, and start the clock."""
        self._segments.append(segment)
        if self._retransmit_timer is None:
            self._arm()
        self._transmit(segment)

    def _transmit(self, segment: Tcp) -> None:
        decision = self._lookup(self.remote[0], self.source)
        if decision.error:
            return
        packet = Ipv4(
            self.source,
            self.remote[0],
            TCP,
            segment,
            ttl=self.ns.sysctl["net.ipv4.ip_default_ttl"],
            id=0 if segment.flags & SYN and segment.flags & ACK else self.ns.world.ip_id(),
            tos=self.tos,
            df=True,
        )
        self._send(packet, decision, gso_size=self.room if len(segment.data) > self.room else 0)

    def mtu_reduced(self) -> None:
        """tcp_v4_mtu_reduced: smaller segments from now on, and what is on its way goes again at once."""
        decision = self._lookup(self.remote[0], self.source)
        if decision.error or decision.mtu - 40 >= self.mss:
            return
        self.mss = decision.mtu - 40
        if self._segments:
            self._arm()
        for segment in list(self._segments):
            self._transmit(segment)

    def _arm(self) -> None:
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
        self._retransmit_timer = self.ns.world.call_later(self._rto, self._retransmit)

    def _retransmit(self) -> None:
        """tcp_retransmit_timer: again, twice as late each time, until patience ends."""
        self._retransmit_timer = None
        if not self._segments:
            return
        if not self._probed and self.state not in (SYN_SENT, SYN_RECV):
            # Tail loss probe (tcp_send_loss_probe): once, before the first real timeout.
            self._probed = True
            self._arm()
            self._transmit(self._segments[-1])
            return
        limit = MOST_RETRIES
        if self.state == SYN_SENT:
            limit = self.ns.sysctl["net.ipv4.tcp_syn_retries"]
        elif self.state == SYN_RECV:
            limit = self.ns.sysctl["net.ipv4.tcp_synack_retries"]
        elif not self.owned:
            limit = 8
        if self._retries >= limit:
            self.error = "ETIMEDOUT"
            self._forget()
            return
        self._retries += 1
        self._rto = min(MAX_RTO, self._rto * 2)
        self._arm()
        if not self.ns.neighbours.parked(self, self._segments[0]):
            # What still waits for its neighbour is not sent again (skb_still_in_host_queue).
            self._transmit(self._segments[0])

    def _acknowledge(self) -> None:
        self._cancel_ack()
        self._transmit(self._segment(ACK))

    def _cancel_ack(self) -> None:
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None

    def _schedule_ack(self) -> None:
        """At once while the connection is fresh and one-sided, else delayed (__tcp_ack_snd_check)."""
        if not self.pingpong and self._quick_acks > 0:
            self._quick_acks -= 1
            self._acknowledge()
        elif self._ack_timer is None:
            self._ack_timer = self.ns.world.call_later(DELAYED_ACK, self._acknowledge)

    def _forget(self) -> None:
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
            self._retransmit_timer = None
        self._cancel_ack()
        self._segments.clear()
        if self.state != TIME_WAIT:
            self.state = CLOSED
        table = self.ns.sockets.tcp
        if self in table.sockets:
            table.sockets.remove(self)

    # --- input ------------------------------------------------------------------------------------------------

    def _acked(self, segment: Tcp) -> None:
        """Drop what the peer has; a fresh acknowledgement resets the patience."""
        if not _after(segment.ack, self.snd_una):
            return
        self.snd_una = segment.ack
        self._segments = [
            s
            for s in self._segments
            if _after((s.seq + len(s.data) + bool(s.flags & (SYN | FIN))) % MOD, segment.ack)
        ]
        self._retries = 0
        self._probed = False
        self._rto = MIN_RTO
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
            self._retransmit_timer = None
        if self._segments:
            self._arm()
        if self._fin_sent and not self._segments:
            if self.state == FIN_WAIT1:
                self.state = FIN_WAIT2
                if not self.owned:
                    self.ns.world.call_later(self.ns.sysctl["net.ipv4.tcp_fin_timeout"], self._orphan_timeout)
            elif self.state == CLOSING:
                self._time_wait()
            elif self.state == LAST_ACK:
                self._forget()

    def _orphan_timeout(self) -> None:
        if self.state == FIN_WAIT2:
            self._forget()

    def _time_wait(self) -> None:
        self.state = TIME_WAIT
        self.owned = False
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
            self._retransmit_timer = None
        self.ns.world.call_later(TIME_WAIT_LENGTH, self._forget)

    def segment_arrives(self, skb: Skb, segment: Tcp) -> None:
        """A segment of this connection (tcp_rcv_state_process and tcp_rcv_established)."""
        if self.state == SYN_SENT:
            self._in_syn_sent(segment)
            return
        if self.state == TIME_WAIT:
            if segment.flags & FIN or segment.data:
                self._transmit(self._segment(ACK))
            return
        if segment.flags & RST:
            self.error = "ECONNREFUSED" if self.state == SYN_RECV else "ECONNRESET"
            if self.state == CLOSE_WAIT:
                self.error = "EPIPE"
            self.eof = True
            self._forget()
            return
        if segment.flags & SYN:
            if self.state == SYN_RECV and not segment.flags & ACK:
                if self._segments:
                    self._transmit(self._segments[0])
            else:
                self._acknowledge()
            return
        if segment.flags & ACK:
            if self.state == SYN_RECV and segment.ack == self.snd_nxt:
                self._handshake_done()
            self._acked(segment)
        if self.state == CLOSED:
            return
        self._data(skb, segment)

    def _in_syn_sent(self, segment: Tcp) -> None:
        if segment.flags & ACK and segment.ack != self.snd_nxt:
            return
        if segment.flags & RST:
            if segment.flags & ACK:
                self.error = "ECONNREFUSED"
                self._forget()
            return
        if not segment.flags & SYN or not segment.flags & ACK:
            return
        self.rcv_nxt = (segment.seq + 1) % MOD
        self.negotiate(segment)
        self.state = ESTABLISHED
        self._acked(segment)
        self._acknowledge()

    def negotiate(self, segment: Tcp) -> None:
        """Take over what a SYN offers: the smaller MSS, timestamps only if both have them."""
        options = parse_options(segment.options)
        if 2 in options:
            self.mss = min(self.mss, int.from_bytes(options[2], "big"))
        self.timestamps = self.timestamps and 8 in options

    def _handshake_done(self) -> None:
        self.state = ESTABLISHED
        self._rto = MIN_RTO
        if self.listener is not None and self.listener.state == LISTEN:
            self.listener.accept_queue.append(self)
            self.owned = True
        else:
            self.abort()

    def _data(self, skb: Skb, segment: Tcp) -> None:
        if segment.seq != self.rcv_nxt:
            # What is old or out of order, data, a FIN, a keep-alive, is acknowledged at once.
            if segment.data or segment.flags & FIN or (self.rcv_nxt - segment.seq) % MOD == 1:
                self._acknowledge()
            return
        if segment.data:
            if self.state in (FIN_WAIT1, FIN_WAIT2, CLOSING) and not self.owned:
                # Nobody will ever read it (tcp_rcv_state_process): tcp_v4_send_reset answers, not the connection.
                self._forget()
                self.ns.sockets.tcp.reset(skb, segment)
                return
            self.received += segment.data
            self._data_came = self.ns.world.now
            self.rcv_nxt = (self.rcv_nxt + len(segment.data)) % MOD
            if len(segment.data) > self.room:
                # More than a full segment waits to be acknowledged (__tcp_ack_snd_check).
                self._acknowledge()
            elif not segment.flags & FIN:
                self._schedule_ack()
        if segment.flags & FIN:
            self._fin()

    def _fin(self) -> None:
        """tcp_fin: the peer has said all it had to say."""
        self.rcv_nxt = (self.rcv_nxt + 1) % MOD
        self.eof = True
        if self.state in (ESTABLISHED, SYN_RECV):
            self.state = CLOSE_WAIT
            self.pingpong = True
            self._schedule_ack()
        elif self.state == FIN_WAIT1:
            self._acknowledge()
            self.state = CLOSING
        elif self.state == FIN_WAIT2:
            self._acknowledge()
            self._time_wait()
        elif self.state in (CLOSE_WAIT, CLOSING, LAST_ACK):
            self._acknowledge()


def parse_options(data: bytes) -> dict[int, bytes]:
    """TCP options by kind; what is malformed ends the list.

    >>> parse_options(bytes((2, 4, 5, 180, 4, 2)))
    {2: b'\\x05\\xb4', 4: b''}
    """
    out: dict[int, bytes] = {}
    at = 0
    while at < len(data) and data[at] != 0:
        if data[at] == 1:
            at += 1
            continue
        if at + 1 >= len(data) or data[at + 1] < 2:
            break
        out[data[at]] = data[at + 2 : at + data[at + 1]]
        at += data[at + 1]
    return out


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
        child.mss = (decision.mtu if not decision.error else 576) - 40
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
        found = route.output_lookup(self.ns, packet.src, packet.dst)
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
        )
        reply.route = found
        route.record(self.ns, reply, found)
        ip.local_out(self.ns, reply)
        self.ns.world.softirq()

    def error(self, inner: Ipv4, segment: Tcp, errno: str) -> None:
        """tcp_v4_err: an ICMP error ends a connection that is still being opened; 3/4 makes segments smaller."""
        for sock in self.sockets:
            if (sock.source, sock.port, sock.remote) == (
                inner.src,
                segment.sport,
                (inner.dst, segment.dport),
            ):
                if errno == "EMSGSIZE":
                    sock.mtu_reduced()
                elif sock.state in (SYN_SENT, SYN_RECV):
                    sock.error = errno
                    sock._forget()
                return

"""A TCP socket: what programs ask of it, and what arriving segments do to it.

Longer data travels in packets of up to half the congestion window, which the last device cuts (GSO): that is how a log
shows it. The window itself is modelled only while it opens: what is written is sent.
Sources: net/ipv4/tcp.c, tcp_input.c, tcp_minisocks.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import route
from netlab.kernel.skb import Skb
from netlab.kernel.tcp.options import parse_options
from netlab.kernel.tcp.sending import DELAYED_ACK, MIN_RTO, TcpSender
from netlab.kernel.tcp.state import (
    CLOSE_WAIT,
    CLOSED,
    CLOSING,
    ESTABLISHED,
    FIN_WAIT1,
    FIN_WAIT2,
    LAST_ACK,
    LISTEN,
    MOD,
    SYN_RECV,
    SYN_SENT,
    TIME_WAIT,
    after,
)
from netlab.wire import ACK, FIN, PSH, RST, SYN, TCP, Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

TIME_WAIT_LENGTH: Final = 60.0
SYN_ANSWER_INTERVAL: Final = 0.5
"""Seconds within which a repeated SYN is not answered again (tcp_invalid_ratelimit)."""


class TcpSocket(TcpSender):
    """One end of a connection, or a listener. Programs poll ``state``, ``received``, ``eof`` and ``error``."""

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, uid=uid, gid=gid)
        self.received = bytearray()
        self.eof = False
        self.accept_queue: list[TcpSocket] = []
        self.listener: TcpSocket | None = None
        self._data_came: float | None = None
        self._syn_answered = -SYN_ANSWER_INTERVAL
        self._fin_sent = False
        self._shut_write = False

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
        self.mss = self.advertised_mss = decision.mtu - 40
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
            if (
                limited
                and not (self._segments or self._unsent)
                and (start >= len(data) or burst >= self.congestion_window)
            ):
                self.congestion_window += burst
                burst = 0
            elif burst >= self.congestion_window:
                burst = 0
        return ""

    def take_error(self) -> str:
        """What SO_ERROR says: the connection's error, or one that it survived, which is told once."""
        soft, self.soft_error = self.soft_error, ""
        return self.error or soft

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
            self._transmit(self._segment(RST | ACK, seq=self._next_seq))
        self._forget()

    # --- input ------------------------------------------------------------------------------------------------

    def _acked(self, segment: Tcp) -> None:
        """Drop what the peer has; a fresh acknowledgement resets the patience."""
        if not after(segment.ack, self.snd_una):
            return
        self.snd_una = segment.ack
        self._segments = [
            s
            for s in self._segments
            if after((s.seq + len(s.data) + bool(s.flags & (SYN | FIN))) % MOD, segment.ack)
        ]
        self._retries = 0
        self._probed = False
        self._rto = MIN_RTO
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
            self._retransmit_timer = None
        if self._segments:
            self._arm()
        if self._fin_sent and not self._segments and not self._unsent:
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
                self._answer_syn_again()
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
        self._push()

    def _answer_syn_again(self) -> None:
        """The SYN came once more (tcp_check_req): the answer goes again, at most twice a second, and its clock anew."""
        now = self.ns.world.now
        if not self._segments or now - self._syn_answered < SYN_ANSWER_INTERVAL:
            return
        self._syn_answered = now
        self._transmit(self._segments[0])
        self._arm()

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

"""The sending half of a TCP socket: segments, acknowledgements, and what is sent again until it is acknowledged.

Segment sizes are those of Linux: SYN with MSS, SACK, timestamps and window scale (40 bytes of header), later segments
with timestamps (32).
Sources: net/ipv4/tcp_output.c, tcp_timer.c, tcp_ipv4.c (6.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel.sock import Socket
from netlab.kernel.tcp.state import CLOSED, MOD, SYN_RECV, SYN_SENT, TIME_WAIT
from netlab.wire import ACK, PSH, SYN, TCP, Ipv4, Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import Timer

INITIAL_WINDOW: Final = 10
INITIAL_RTO: Final = 1.0
MIN_RTO: Final = 0.2
MAX_RTO: Final = 120.0
DELAYED_ACK: Final = 0.04
MOST_RETRIES: Final = 15
ORPHAN_RETRIES: Final = 8
"""How often a connection whose program has gone tries (tcp_orphan_retries)."""


class TcpSender(Socket):
    """What a connection sends, and when it sends it again."""

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, uid=uid, gid=gid)
        self.state = CLOSED
        self.port = 0
        self.remote: tuple[int, int] = (0, 0)
        self.error = ""
        self.soft_error = ""
        self.snd_una = self.snd_nxt = self.rcv_nxt = 0
        self.mss = 536
        self.advertised_mss = 536
        """What this end can take, by its own route (tcp_advertise_mss); ``mss`` is what it may send."""
        self.congestion_window = INITIAL_WINDOW
        self.options = 12
        self.timestamps = True
        self.pingpong = False
        self._probed = False
        self._segments: list[Tcp] = []
        self._unsent: list[Tcp] = []
        """What could not leave, because this host's own rules or routes refused it."""
        self._probes = 0
        self._retries = 0
        self._rto = INITIAL_RTO
        self._last_sent = 0.0
        self._retransmit_timer: Timer | None = None
        self._ack_timer: Timer | None = None
        self._quick_acks = 16

    @property
    def room(self) -> int:
        """Bytes of data in a full segment."""
        return self.mss - (12 if self.timestamps else 0)

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
            mss = bytes((2, 4)) + self.advertised_mss.to_bytes(2, "big")
            if not self.timestamps:
                return mss + bytes((1, 1, 4, 2)) + bytes((1, 3, 3, 7))
            return mss + bytes((4, 2)) + stamp + bytes((1, 3, 3, 7))
        return bytes((1, 1)) + stamp if self.timestamps else b""

    def _queue(self, segment: Tcp) -> None:
        """Send a segment that must be acknowledged, and start the clock: a half-open connection's before it is sent."""
        if self.state not in (SYN_SENT, SYN_RECV):
            self._append(segment)
            self._push()
            return
        self._segments.append(segment)
        if self.state == SYN_RECV:
            self._arm()
        self._transmit(segment)
        if self._segments and self._retransmit_timer is None:
            self._arm()

    def _append(self, segment: Tcp) -> None:
        """To the end of what is to be sent; a FIN, and data where there is room, joins what waits (tcp_send_fin)."""
        last = self._unsent[-1] if self._unsent else None
        room = max(1, self.congestion_window // 2) * self.room
        if last is not None and (not segment.data or len(last.data) + len(segment.data) <= room):
            flags = last.flags | segment.flags
            self._unsent[-1] = replace(last, flags=flags, data=last.data + segment.data)
        else:
            self._unsent.append(segment)

    def _push(self) -> None:
        """Send what waits until something is refused (tcp_write_xmit); then try again by a clock of its own."""
        while self._unsent:
            if not self._leaves():
                if not self._segments and self._retransmit_timer is None:
                    self._arm_probe()
                return
            if self._segments and self._retransmit_timer is None:
                self._arm()

    def _leaves(self) -> bool:
        """Send the first segment that waits; False if it could not leave and waits on."""
        segment = self._unsent.pop(0)
        self._segments.append(segment)
        if not self._transmit(segment):
            return True
        if segment not in self._segments:
            return True
        self._segments.remove(segment)
        self._unsent.insert(0, segment)
        return False

    def _arm_probe(self) -> None:
        delay = min(MAX_RTO, max(self._rto, MIN_RTO) * 2**self._probes)
        self._retransmit_timer = self.ns.world.call_later(delay, self._probe)

    def _probe(self) -> None:
        """tcp_probe_timer: what was refused is tried again, with PSH, twice as late each time (tcp_write_wakeup)."""
        self._retransmit_timer = None
        if not self._unsent:
            return
        if self._probes >= (MOST_RETRIES if self.owned else ORPHAN_RETRIES):
            self.error = self.soft_error or "ETIMEDOUT"
            self._forget()
            return
        self._unsent[0] = replace(self._unsent[0], flags=self._unsent[0].flags | PSH)
        if self._leaves():
            self._probes = 0
            self._probed = True
            if self._segments and self._retransmit_timer is None:
                self._arm()
        else:
            self._probes += 1
            self._arm_probe()

    @property
    def _next_seq(self) -> int:
        """The sequence number of what has no data of its own (tcp_acceptable_seq)."""
        return self._unsent[0].seq if self._unsent else self.snd_nxt

    def _transmit(self, segment: Tcp) -> str:
        """Send a segment once; returns an errno name or ""."""
        decision = self._lookup(self.remote[0], self.source)
        if decision.error:
            return decision.error
        self._last_sent = self.ns.world.now
        packet = Ipv4(
            self.source,
            self.remote[0],
            TCP,
            segment,
            ttl=self.ns.sysctl["net.ipv4.ip_default_ttl"],
            id=0 if segment.flags & SYN and segment.flags & ACK else self.ns.world.ip_id(),
            tos=self.tos,
            df=not decision.mtu_locked,
        )
        return self._send(packet, decision, gso_size=self.room if len(segment.data) > self.room else 0)

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
            limit = ORPHAN_RETRIES
        if self._retries >= limit:
            self.error = self.soft_error or "ETIMEDOUT"
            self._forget()
            return
        self._retries += 1
        self._rto = min(MAX_RTO, self._rto * 2)
        self._arm()
        if self.state == SYN_RECV:
            if self._transmit(self._segments[0]):
                # What cannot be answered is forgotten (reqsk_timer_handler).
                self._forget()
        elif not self.ns.neighbours.parked(self, self._segments[0]):
            # What still waits for its neighbour is not sent again (skb_still_in_host_queue).
            self._collapse()
            self._transmit(self._segments[0])

    def _collapse(self) -> None:
        """What follows the first segment is sent again with it as far as there is room, a FIN too.

        (tcp_retrans_try_collapse)
        """
        first = self._segments[0]
        while len(self._segments) > 1 and not first.flags & SYN:
            following = self._segments[1]
            if len(first.data) >= self.room or len(first.data) + len(following.data) > self.room:
                return
            first = replace(first, flags=first.flags | following.flags, data=first.data + following.data)
            self._segments[:2] = [first]

    def overdue_syn(self) -> None:
        """An unreachable host takes one doubling of the timeout back; a SYN overdue by that goes again.

        (tcp_ld_RTO_revert)
        """
        overdue = self.ns.world.now >= self._last_sent + self._rto / 2
        if self._retries and self._segments and overdue:
            self._transmit(self._segments[0])

    def _acknowledge(self) -> None:
        self._cancel_ack()
        self._transmit(self._segment(ACK, seq=self._next_seq))

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
        self._unsent.clear()
        if self.state != TIME_WAIT:
            self.state = CLOSED
        table = self.ns.sockets.tcp
        if self in table.sockets:
            table.sockets.remove(self)

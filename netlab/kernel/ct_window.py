"""What conntrack has seen of each side's window, and whether a segment fits (``tcp_in_window``).

Sources: net/netfilter/nf_conntrack_proto_tcp.c of 6.1; G. van Rooij, "Real Stateful TCP Packet Filtering" (2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.ct_tcp_state import ESTABLISHED, K_ACK, K_NONE, NONE, SYN_RECV, SYN_SENT, TIME_WAIT
from netlab.wire import ACK, FIN, RST, SYN, Tcp

if TYPE_CHECKING:
    from netlab.kernel.ct_table import Conntrack

_MAX_ACK_WINDOW = 66000
MOD = 1 << 32
"""Sequence numbers count in 32 bits."""

# What options or history say about one side.
SCALE, SACK, CLOSE_INIT, LIBERAL, UNACKED, MAXACK = (1 << n for n in range(6))
# About the connection.
SIMULTANEOUS, CHALLENGE = 1 << 6, 1 << 7


def after(a: int, b: int) -> bool:
    """Whether one sequence number is later than another, round the end of 32 bits."""
    return 0 < (a - b) % MOD < 1 << 31


def before(a: int, b: int) -> bool:
    """Whether one sequence number is earlier than another."""
    return after(b, a)


def end_of(tcp: Tcp) -> int:
    """Sequence number after the segment."""
    return (tcp.seq + len(tcp.data) + bool(tcp.flags & SYN) + bool(tcp.flags & FIN)) % MOD


class Side:
    """What has been seen from one side (struct ip_ct_tcp_state)."""

    __slots__ = ("end", "flags", "maxack", "maxend", "maxwin", "scale")

    def __init__(self) -> None:
        self.end = self.maxend = self.maxwin = self.maxack = 0
        self.scale = self.flags = 0

    def take_options(self, tcp: Tcp) -> None:
        """Window scale and SACK-permitted, from the options of a SYN (``tcp_options``)."""
        if not tcp.options:
            return
        self.scale = self.flags = 0
        for kind, value in _options(tcp.options):
            if kind == 4:
                self.flags |= SACK
            elif kind == 3 and len(value) == 1:
                self.scale = min(value[0], 14)
                self.flags |= SCALE


class TcpState:
    """The TCP part of an entry (struct ip_ct_tcp)."""

    __slots__ = (
        "flags", "last_ack", "last_dir", "last_end", "last_kind", "last_scale", "last_seq", "last_win",
        "retrans", "seen", "state",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seen = (Side(), Side())
        self.state = NONE
        self.last_kind = K_NONE
        self.last_dir = 0
        self.last_seq = self.last_ack = self.last_end = self.last_win = self.last_scale = 0
        self.retrans = 0
        self.flags = 0

    @property
    def established(self) -> bool:
        return ESTABLISHED <= self.state < TIME_WAIT


def _options(raw: bytes) -> list[tuple[int, bytes]]:
    out = []
    at = 0
    while at < len(raw):
        kind = raw[at]
        if kind == 0:
            break
        if kind == 1:
            at += 1
            continue
        if at + 1 >= len(raw) or raw[at + 1] < 2 or at + raw[at + 1] > len(raw):
            break
        out.append((kind, raw[at + 2 : at + raw[at + 1]]))
        at += raw[at + 1]
    return out


def _highest_sack(tcp: Tcp, ack: int) -> int:
    for kind, value in _options(tcp.options):
        if kind == 5 and len(value) >= 8 and len(value) % 8 == 0:
            for at in range(0, len(value), 8):
                edge = int.from_bytes(value[at + 4 : at + 8], "big")
                if after(edge, ack):
                    ack = edge
            break
    return ack


def _init_sender(track: TcpState, sender: Side, receiver: Side, tcp: Tcp, end: int, direction: int) -> None:
    sender.end = sender.maxend = end
    sender.maxwin = tcp.window or 1
    sender.take_options(tcp)
    if direction and not (sender.flags & receiver.flags & SCALE):
        sender.scale = receiver.scale = 0


def in_window(ct: Conntrack, track: TcpState, tcp: Tcp, kind: int, direction: int) -> tuple[bool | None, str]:
    """True: in the window; False: outside; None: too old, let it pass and learn nothing (``tcp_in_window``)."""
    sender, receiver = track.seen[direction], track.seen[not direction]
    seq, ack, window = tcp.seq, tcp.ack, tcp.window
    has_ack, syn = tcp.flags & ACK, tcp.flags & SYN
    end = end_of(tcp)
    sack = _highest_sack(tcp, ack) if receiver.flags & SACK and tcp.options else ack

    if sender.maxwin == 0:
        if syn:
            _init_sender(track, sender, receiver, tcp, end, direction)
            if not has_ack:
                return True, "simultaneous open"
        else:
            sender.end = end
            sender.maxwin = (window << sender.scale) or 1
            sender.maxend = (end + sender.maxwin) % MOD
            if receiver.maxwin == 0:
                receiver.end = receiver.maxend = sack
            elif sack == (receiver.end + 1) % MOD:
                receiver.end = sack
    elif syn and after(end, sender.end) and track.state in (SYN_SENT, SYN_RECV):
        _init_sender(track, sender, receiver, tcp, end, direction)
        if direction and not has_ack:
            return True, "simultaneous open"

    if not has_ack or (tcp.flags & RST and ack == 0):
        ack = sack = receiver.end
    if tcp.flags & RST and seq == 0 and track.state == SYN_SENT:
        seq = end = sender.end

    liberal = sender.flags & LIBERAL or ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_be_liberal"]
    window_known = receiver.maxwin != 0
    if not before(seq, (sender.maxend + 1) % MOD):
        if not liberal:
            return False, "sequence number beyond the receiver's window"
    elif not before(sack, (receiver.end + 1) % MOD):
        if not liberal:
            return False, "acknowledges data that was not sent yet"
    elif window_known and not after(end, (sender.end - receiver.maxwin - 1) % MOD):
        if not liberal:
            return None, "data that was acknowledged long ago"
    elif not after(sack, (receiver.end - max(sender.maxwin, _MAX_ACK_WINDOW) - 1) % MOD):
        if not liberal:
            return None, "acknowledgement much too late"
    else:
        _learn_window(track, tcp, sender, receiver, seq, ack, sack, end, kind, direction)
    return True, ""


def _learn_window(
    track: TcpState,
    tcp: Tcp,
    sender: Side,
    receiver: Side,
    seq: int,
    ack: int,
    sack: int,
    end: int,
    kind: int,
    direction: int,
) -> None:
    window = tcp.window if tcp.flags & SYN else tcp.window << sender.scale
    sender.maxwin = max(sender.maxwin, window + (sack - ack) % MOD)
    if after(end, sender.end):
        sender.end = end
        sender.flags |= UNACKED
    if tcp.flags & ACK:
        if not sender.flags & MAXACK:
            sender.maxack = ack
            sender.flags |= MAXACK
        elif after(ack, sender.maxack):
            sender.maxack = ack
    if receiver.maxwin and after(end, sender.maxend):
        receiver.maxwin += (end - sender.maxend) % MOD
    edge = (sack + window) % MOD
    if after(edge, (receiver.maxend - 1) % MOD):
        receiver.maxend = (edge + (window == 0)) % MOD
    if ack == receiver.end:
        receiver.flags &= ~UNACKED
    if kind == K_ACK:
        same = (direction, seq, ack, end, tcp.window)
        if same == (track.last_dir, track.last_seq, track.last_ack, track.last_end, track.last_win):
            track.retrans += 1
        else:
            track.last_dir, track.last_seq, track.last_ack, track.last_end, track.last_win = same
            track.retrans = 0

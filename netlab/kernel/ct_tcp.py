"""Conntrack's view of TCP: the state table, and the windows by which a segment is INVALID.

The tracker stands between the two ends and guesses their state from the segments it sees. What it rejects is not
dropped here: the packet just has no entry, and rules see INVALID.
Sources: net/netfilter/nf_conntrack_proto_tcp.c of 6.1; G. van Rooij, "Real Stateful TCP Packet Filtering" (2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_timeouts
from netlab.wire import ACK, FIN, RST, SYN, URG, Tcp

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack

NONE, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE, SYN_SENT2 = range(10)
_INVALID = 10
_IGNORE = 11
NAMES: Final = (
    "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
    "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
)  # fmt: skip
"""State names as /proc/net/nf_conntrack and the conntrack tool print them, by number."""

# Kinds of segment: rows of the table.
_SYN, _SYNACK, _FIN, _ACK, _RST, _NOFLAG = range(6)

_CODES = {
    "SS": SYN_SENT, "SR": SYN_RECV, "ES": ESTABLISHED, "FW": FIN_WAIT, "CW": CLOSE_WAIT,
    "LA": LAST_ACK, "TW": TIME_WAIT, "CL": CLOSE, "S2": SYN_SENT2, "IV": _INVALID, "IG": _IGNORE,
}  # fmt: skip


def _row(text: str) -> tuple[int, ...]:
    return tuple(_CODES[word] for word in text.split())


_NOTHING = _row("IV IV IV IV IV IV IV IV IV IV")
TRANSITIONS: Final[tuple[tuple[tuple[int, ...], ...], ...]] = (
    # Original direction. Columns are the present state, in the order of NAMES.
    (
        _row("SS SS IG IG IG IG IG SS SS S2"),  # syn
        _row("IV IV SR IV IV IV IV IV IV SR"),  # syn+ack
        _row("IV IV FW FW LA LA LA TW CL IV"),  # fin
        _row("ES IV ES ES CW CW TW TW CL IV"),  # ack
        _row("IV CL CL CL CL CL CL CL CL CL"),  # rst
        _NOTHING,
    ),
    # Reply direction.
    (
        _row("IV S2 IV IV IV IV IV SS IV S2"),
        _row("IV SR IG IG IG IG IG IG IG SR"),
        _row("IV IV FW FW LA LA LA TW CL IV"),
        _row("IV IG SR ES CW CW TW TW CL IG"),
        _row("IV CL CL CL CL CL CL CL CL CL"),
        _NOTHING,
    ),
)
_VALID_FLAGS = frozenset(
    (SYN, SYN | URG, SYN | ACK, RST, RST | ACK, FIN | ACK, FIN | ACK | URG, ACK, ACK | URG)
)
_MAX_ACK_WINDOW = 66000
_MOD = 1 << 32

# What options or history say about one side.
_SCALE, _SACK, _CLOSE_INIT, _LIBERAL, _UNACKED, _MAXACK = (1 << n for n in range(6))
# About the connection.
_SIMULTANEOUS, _CHALLENGE = 1 << 6, 1 << 7

ACCEPT: Final = 1
INVALID: Final = 0
REPEAT: Final = 2


def kind_of(tcp: Tcp) -> int:
    """Which row of the table a segment belongs to."""
    flags = tcp.flags
    if flags & RST:
        return _RST
    if flags & SYN:
        return _SYNACK if flags & ACK else _SYN
    if flags & FIN:
        return _FIN
    return _ACK if flags & ACK else _NOFLAG


def valid_flags(tcp: Tcp) -> bool:
    """False for flag combinations that no TCP sends (SYN+FIN, none at all, ...)."""
    return tcp.flags & (FIN | SYN | RST | ACK | URG) in _VALID_FLAGS


def _after(a: int, b: int) -> bool:
    return 0 < (a - b) % _MOD < 1 << 31


def _before(a: int, b: int) -> bool:
    return _after(b, a)


def _end_of(tcp: Tcp) -> int:
    """Sequence number after the segment."""
    return (tcp.seq + len(tcp.data) + bool(tcp.flags & SYN) + bool(tcp.flags & FIN)) % _MOD


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
                self.flags |= _SACK
            elif kind == 3 and len(value) == 1:
                self.scale = min(value[0], 14)
                self.flags |= _SCALE


class TcpState:
    """The TCP part of an entry (struct ip_ct_tcp)."""

    __slots__ = (
        "flags", "last_ack", "last_dir", "last_end", "last_kind", "last_scale", "last_seq", "last_win",
        "retrans", "seen", "state",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seen = (Side(), Side())
        self.state = NONE
        self.last_kind = _NOFLAG
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
                if _after(edge, ack):
                    ack = edge
            break
    return ack


def new(ct: Conntrack, tcp: Tcp) -> bool:
    """Start an entry from its first segment; False when such a segment cannot start one (``tcp_new``)."""
    state = TRANSITIONS[0][kind_of(tcp)][NONE]
    if state == _INVALID or (state != SYN_SENT and not ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_loose"]):
        return False
    ct.tcp = track = TcpState()
    side = track.seen[0]
    side.end = _end_of(tcp)
    side.maxwin = tcp.window or 1
    if state == SYN_SENT:
        side.maxend = side.end
        side.take_options(tcp)
    else:
        # Picked up in the middle: the history is lost, so the windows of both are not held against them.
        side.maxend = (side.end + side.maxwin) % _MOD
        side.flags = track.seen[1].flags = _SACK | _LIBERAL
    return True


def packet(ct: Conntrack, tcp: Tcp, direction: int) -> tuple[int, str]:
    """Take one segment into account: (ACCEPT, INVALID or REPEAT, reason). REPEAT: the entry was removed, look up anew.

    Sets the entry's timeout, ASSURED and its events (``nf_conntrack_tcp_packet``).
    """
    if not valid_flags(tcp):
        return INVALID, "illegal combination of TCP flags"
    if not ct.confirmed and not new(ct, tcp):
        return INVALID, f"a segment of kind {_kind_name(tcp)} cannot start a connection"
    track = ct.tcp
    assert track is not None
    kind = kind_of(tcp)
    old = track.state
    state = TRANSITIONS[direction][kind][old]
    seen, other = track.seen[direction], track.seen[not direction]
    check_window = True

    if state == SYN_SENT and old >= TIME_WAIT:
        if (seen.flags | other.flags) & _CLOSE_INIT or (
            track.last_dir == direction and track.last_kind == _RST
        ):
            ct.kill("a new SYN reopens a closed connection")
            return REPEAT, "reopened"
        state = _IGNORE
    if state == _IGNORE:
        if not _resynchronised(track, tcp, kind, direction):
            _ignore(track, tcp, kind, direction, old)
            return ACCEPT, f"ignored {_kind_name(tcp)} in state {NAMES[old]}"
        old, state = SYN_SENT, SYN_RECV
    elif state == _INVALID:
        return INVALID, f"no {_kind_name(tcp)} is expected in state {NAMES[old]}"
    elif state == TIME_WAIT:
        if (
            old == LAST_ACK
            and kind == _ACK
            and track.last_dir != direction
            and track.last_kind == _SYN
            and track.flags & _CHALLENGE
        ):
            track.flags &= ~_CHALLENGE
            return ACCEPT, "challenge ACK (RFC 5961)"
    elif state == SYN_SENT2:
        track.flags |= _SIMULTANEOUS
    elif state == SYN_RECV:
        if direction and kind == _ACK and track.flags & _SIMULTANEOUS:
            state = ESTABLISHED
    elif state == CLOSE and kind == _RST:
        found = _reset(ct, track, tcp, direction, old)
        if found is None:
            return INVALID, "sequence number of the RST was already acknowledged"
        state, check_window = found

    if check_window:
        verdict, why = _in_window(ct, track, tcp, kind, direction)
        if verdict is None:
            return ACCEPT, why
        if not verdict:
            _invalid(ct, track, kind, direction)
            return INVALID, why

    track.last_kind, track.last_dir, track.state = kind, direction, state
    if old != state:
        if state == FIN_WAIT:
            seen.flags |= _CLOSE_INIT
        ct.event("PROTOINFO")
    _refresh(ct, track, tcp, kind, old, state)
    return ACCEPT, f"{NAMES[old]} -> {NAMES[state]}" if old != state else NAMES[state]


def set_closing(ct: Conntrack) -> None:
    """REJECT answered this connection with a reset: it is over (``nf_conntrack_tcp_set_closing``)."""
    track = ct.tcp
    if track is None or not ct.confirmed:
        return
    old, track.state = track.state, CLOSE
    if old != CLOSE:
        ct.refresh(ct.ns.sysctl[ct_timeouts.TCP[CLOSE]])
        ct.event("PROTOINFO")


def _kind_name(tcp: Tcp) -> str:
    return ("SYN", "SYN+ACK", "FIN", "ACK", "RST", "no flags")[kind_of(tcp)]


def _resynchronised(track: TcpState, tcp: Tcp, kind: int, direction: int) -> bool:
    """A SYN+ACK that answers a SYN which was ignored before: both ends agree, the tracker was wrong."""
    if kind != _SYNACK or track.last_kind != _SYN or track.last_dir == direction or tcp.ack != track.last_end:
        return False
    theirs = track.seen[track.last_dir]
    theirs.end = theirs.maxend = track.last_end
    theirs.maxwin = track.last_win or 1
    theirs.scale = track.last_scale
    track.flags &= ~_CHALLENGE
    theirs.flags = track.flags & (_SCALE | _SACK)
    mine = track.seen[direction]
    mine.end = mine.maxend = mine.maxwin = mine.maxack = mine.scale = mine.flags = 0
    return True


def _ignore(track: TcpState, tcp: Tcp, kind: int, direction: int, old: int) -> None:
    track.last_kind, track.last_dir = kind, direction
    track.last_seq, track.last_end, track.last_win = tcp.seq, _end_of(tcp), tcp.window
    if kind == _SYN and direction == 0:
        options = Side()
        options.take_options(tcp)
        track.flags, track.last_scale = options.flags, options.scale
        if old == LAST_ACK:
            track.flags |= _CHALLENGE
    if old == SYN_SENT and kind == _ACK and direction:
        track.last_ack = tcp.ack


def _reset(ct: Conntrack, track: TcpState, tcp: Tcp, direction: int, old: int) -> tuple[int, bool] | None:
    """What a RST does: (new state, whether its window is checked), or None when it is not believed."""
    state = CLOSE
    other = track.seen[not direction]
    if other.flags & _MAXACK:
        if tcp.seq == 0 and not track.established:
            return CLOSE, True
        ignore = ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_ignore_invalid_rst"]
        if _before(tcp.seq, other.maxack) and not ignore:
            return None
        if not track.established or tcp.seq == other.maxack:
            return CLOSE, True
        if track.last_kind == _ACK and track.last_dir == direction and tcp.seq == track.last_end:
            return CLOSE, True
        # Not the number that the other end waits for: it may answer with a challenge, so nothing is over yet.
        state = old
    answered_syn = ct.seen_reply and track.last_kind == _SYN
    half_open = not ct.assured and track.last_kind == _ACK
    if (answered_syn or half_open) and tcp.ack == track.last_end:
        return state, False
    if old == SYN_SENT and track.last_kind == _ACK and track.last_dir == 1 and tcp.seq == track.last_ack:
        return state, False
    return state, True


def _init_sender(track: TcpState, sender: Side, receiver: Side, tcp: Tcp, end: int, direction: int) -> None:
    sender.end = sender.maxend = end
    sender.maxwin = tcp.window or 1
    sender.take_options(tcp)
    if direction and not (sender.flags & receiver.flags & _SCALE):
        sender.scale = receiver.scale = 0


def _in_window(
    ct: Conntrack, track: TcpState, tcp: Tcp, kind: int, direction: int
) -> tuple[bool | None, str]:
    """True: in the window; False: outside; None: too old, let it pass and learn nothing (``tcp_in_window``)."""
    sender, receiver = track.seen[direction], track.seen[not direction]
    seq, ack, window = tcp.seq, tcp.ack, tcp.window
    has_ack, syn = tcp.flags & ACK, tcp.flags & SYN
    end = _end_of(tcp)
    sack = _highest_sack(tcp, ack) if receiver.flags & _SACK and tcp.options else ack

    if sender.maxwin == 0:
        if syn:
            _init_sender(track, sender, receiver, tcp, end, direction)
            if not has_ack:
                return True, "simultaneous open"
        else:
            sender.end = end
            sender.maxwin = (window << sender.scale) or 1
            sender.maxend = (end + sender.maxwin) % _MOD
            if receiver.maxwin == 0:
                receiver.end = receiver.maxend = sack
            elif sack == (receiver.end + 1) % _MOD:
                receiver.end = sack
    elif syn and _after(end, sender.end) and track.state in (SYN_SENT, SYN_RECV):
        _init_sender(track, sender, receiver, tcp, end, direction)
        if direction and not has_ack:
            return True, "simultaneous open"

    if not has_ack or (tcp.flags & RST and ack == 0):
        ack = sack = receiver.end
    if tcp.flags & RST and seq == 0 and track.state == SYN_SENT:
        seq = end = sender.end

    liberal = sender.flags & _LIBERAL or ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_be_liberal"]
    window_known = receiver.maxwin != 0
    if not _before(seq, (sender.maxend + 1) % _MOD):
        if not liberal:
            return False, "sequence number beyond the receiver's window"
    elif not _before(sack, (receiver.end + 1) % _MOD):
        if not liberal:
            return False, "acknowledges data that was not sent yet"
    elif window_known and not _after(end, (sender.end - receiver.maxwin - 1) % _MOD):
        if not liberal:
            return None, "data that was acknowledged long ago"
    elif not _after(sack, (receiver.end - max(sender.maxwin, _MAX_ACK_WINDOW) - 1) % _MOD):
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
    sender.maxwin = max(sender.maxwin, window + (sack - ack) % _MOD)
    if _after(end, sender.end):
        sender.end = end
        sender.flags |= _UNACKED
    if tcp.flags & ACK:
        if not sender.flags & _MAXACK:
            sender.maxack = ack
            sender.flags |= _MAXACK
        elif _after(ack, sender.maxack):
            sender.maxack = ack
    if receiver.maxwin and _after(end, sender.maxend):
        receiver.maxwin += (end - sender.maxend) % _MOD
    edge = (sack + window) % _MOD
    if _after(edge, (receiver.maxend - 1) % _MOD):
        receiver.maxend = (edge + (window == 0)) % _MOD
    if ack == receiver.end:
        receiver.flags &= ~_UNACKED
    if kind == _ACK:
        same = (direction, seq, ack, end, tcp.window)
        if same == (track.last_dir, track.last_seq, track.last_ack, track.last_end, track.last_win):
            track.retrans += 1
        else:
            track.last_dir, track.last_seq, track.last_ack, track.last_end, track.last_win = same
            track.retrans = 0


def _invalid(ct: Conntrack, track: TcpState, kind: int, direction: int) -> None:
    """FIN or RST outside the window from both sides: the connection is probably over, so let it age sooner."""
    if kind not in (_FIN, _RST):
        return
    if track.last_dir != direction and track.last_kind in (_FIN, _RST):
        limit = ct.ns.sysctl[ct_timeouts.TCP_UNACK]
        if ct.confirmed and ct.remaining() > limit:
            ct.refresh(limit)
    else:
        track.last_kind, track.last_dir = kind, direction


def _refresh(ct: Conntrack, track: TcpState, tcp: Tcp, kind: int, old: int, state: int) -> None:
    sysctl = ct.ns.sysctl
    normal = ct_timeouts.TCP_SYN_SENT2 if state == SYN_SENT2 else sysctl[ct_timeouts.TCP[state]]
    retrans, unacked = sysctl[ct_timeouts.TCP_RETRANS], sysctl[ct_timeouts.TCP_UNACK]
    if track.retrans >= sysctl["net.netfilter.nf_conntrack_tcp_max_retrans"] and normal > retrans:
        timeout = retrans
    elif kind == _RST:
        timeout = sysctl[ct_timeouts.TCP[CLOSE]]
    elif (track.seen[0].flags | track.seen[1].flags) & _UNACKED and normal > unacked:
        timeout = unacked
    elif track.last_win == 0 and normal > retrans:
        timeout = retrans
    else:
        timeout = normal
    if not ct.seen_reply:
        if tcp.flags & RST:
            ct.kill("the only answer was a reset")
            return
        if kind == _SYN and old == SYN_SENT:
            return
        if state == ESTABLISHED:
            timeout = min(timeout, unacked)
    elif not ct.assured and old in (SYN_RECV, ESTABLISHED) and state == ESTABLISHED:
        ct.assure()
    ct.refresh(timeout)

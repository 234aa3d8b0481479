"""Conntrack's view of TCP: what each segment does to a connection's entry.

The tracker stands between the two ends and guesses their state from the segments it sees. What it rejects is not
dropped here: the packet just has no entry, and rules see INVALID.
Source: net/netfilter/nf_conntrack_proto_tcp.c of 6.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_timeouts
from netlab.kernel.ct_tcp_state import (
    CLOSE,
    ESTABLISHED,
    FIN_WAIT,
    IG,
    IV,
    K_ACK,
    K_FIN,
    K_RST,
    K_SYN,
    K_SYNACK,
    LAST_ACK,
    NAMES,
    NONE,
    SYN_RECV,
    SYN_SENT,
    SYN_SENT2,
    TIME_WAIT,
    TRANSITIONS,
    kind_name,
    kind_of,
    valid_flags,
)
from netlab.kernel.ct_window import (
    CHALLENGE,
    CLOSE_INIT,
    LIBERAL,
    MAXACK,
    MOD,
    SACK,
    SCALE,
    SIMULTANEOUS,
    UNACKED,
    Side,
    TcpState,
    before,
    end_of,
    in_window,
)
from netlab.wire import RST, Tcp

if TYPE_CHECKING:
    from netlab.kernel.ct_table import Conntrack

__all__ = [
    "ACCEPT",
    "INVALID",
    "NAMES",
    "REPEAT",
    "TRANSITIONS",
    "TcpState",
    "kind_of",
    "new",
    "packet",
    "set_closing",
]

ACCEPT: Final = 1
INVALID: Final = 0
REPEAT: Final = 2


def new(ct: Conntrack, tcp: Tcp) -> bool:
    """Start an entry from its first segment; False when such a segment cannot start one (``tcp_new``)."""
    state = TRANSITIONS[0][kind_of(tcp)][NONE]
    if state == IV or (state != SYN_SENT and not ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_loose"]):
        return False
    ct.tcp = track = TcpState()
    side = track.seen[0]
    side.end = end_of(tcp)
    side.maxwin = tcp.window or 1
    if state == SYN_SENT:
        side.maxend = side.end
        side.take_options(tcp)
    else:
        # Picked up in the middle: the history is lost, so the windows of both are not held against them.
        side.maxend = (side.end + side.maxwin) % MOD
        side.flags = track.seen[1].flags = SACK | LIBERAL
    return True


def packet(ct: Conntrack, tcp: Tcp, direction: int) -> tuple[int, str]:
    """Take one segment into account: (ACCEPT, INVALID or REPEAT, reason). REPEAT: the entry was removed, look up anew.

    Sets the entry's timeout, ASSURED and its events (``nf_conntrack_tcp_packet``).
    """
    if not valid_flags(tcp):
        return INVALID, "illegal combination of TCP flags"
    if not ct.confirmed and not new(ct, tcp):
        return INVALID, f"a segment of kind {kind_name(tcp)} cannot start a connection"
    track = ct.tcp
    assert track is not None
    kind = kind_of(tcp)
    old = track.state
    state = TRANSITIONS[direction][kind][old]
    seen, other = track.seen[direction], track.seen[not direction]
    check_window = True

    if state == SYN_SENT and old >= TIME_WAIT:
        if (seen.flags | other.flags) & CLOSE_INIT or (
            track.last_dir == direction and track.last_kind == K_RST
        ):
            ct.kill("a new SYN reopens a closed connection")
            return REPEAT, "reopened"
        state = IG
    if state == IG:
        if not _resynchronised(track, tcp, kind, direction):
            _ignore(track, tcp, kind, direction, old)
            return ACCEPT, f"ignored {kind_name(tcp)} in state {NAMES[old]}"
        old, state = SYN_SENT, SYN_RECV
    elif state == IV:
        return INVALID, f"no {kind_name(tcp)} is expected in state {NAMES[old]}"
    elif state == TIME_WAIT:
        if (
            old == LAST_ACK
            and kind == K_ACK
            and track.last_dir != direction
            and track.last_kind == K_SYN
            and track.flags & CHALLENGE
        ):
            track.flags &= ~CHALLENGE
            return ACCEPT, "challenge ACK (RFC 5961)"
    elif state == SYN_SENT2:
        track.flags |= SIMULTANEOUS
    elif state == SYN_RECV:
        if direction and kind == K_ACK and track.flags & SIMULTANEOUS:
            state = ESTABLISHED
    elif state == CLOSE and kind == K_RST:
        found = _reset(ct, track, tcp, direction, old)
        if found is None:
            return INVALID, "sequence number of the RST was already acknowledged"
        state, check_window = found

    if check_window:
        verdict, why = in_window(ct, track, tcp, kind, direction)
        if verdict is None:
            return ACCEPT, why
        if not verdict:
            _invalid(ct, track, kind, direction)
            return INVALID, why

    track.last_kind, track.last_dir, track.state = kind, direction, state
    if old != state:
        if state == FIN_WAIT:
            seen.flags |= CLOSE_INIT
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


def _resynchronised(track: TcpState, tcp: Tcp, kind: int, direction: int) -> bool:
    """A SYN+ACK that answers a SYN which was ignored before: both ends agree, the tracker was wrong."""
    if (
        kind != K_SYNACK
        or track.last_kind != K_SYN
        or track.last_dir == direction
        or tcp.ack != track.last_end
    ):
        return False
    theirs = track.seen[track.last_dir]
    theirs.end = theirs.maxend = track.last_end
    theirs.maxwin = track.last_win or 1
    theirs.scale = track.last_scale
    track.flags &= ~CHALLENGE
    theirs.flags = track.flags & (SCALE | SACK)
    mine = track.seen[direction]
    mine.end = mine.maxend = mine.maxwin = mine.maxack = mine.scale = mine.flags = 0
    return True


def _ignore(track: TcpState, tcp: Tcp, kind: int, direction: int, old: int) -> None:
    track.last_kind, track.last_dir = kind, direction
    track.last_seq, track.last_end, track.last_win = tcp.seq, end_of(tcp), tcp.window
    if kind == K_SYN and direction == 0:
        options = Side()
        options.take_options(tcp)
        track.flags, track.last_scale = options.flags, options.scale
        if old == LAST_ACK:
            track.flags |= CHALLENGE
    if old == SYN_SENT and kind == K_ACK and direction:
        track.last_ack = tcp.ack


def _reset(ct: Conntrack, track: TcpState, tcp: Tcp, direction: int, old: int) -> tuple[int, bool] | None:
    """What a RST does: (new state, whether its window is checked), or None when it is not believed."""
    state = CLOSE
    other = track.seen[not direction]
    if other.flags & MAXACK:
        if tcp.seq == 0 and not track.established:
            return CLOSE, True
        ignore = ct.ns.sysctl["net.netfilter.nf_conntrack_tcp_ignore_invalid_rst"]
        if before(tcp.seq, other.maxack) and not ignore:
            return None
        if not track.established or tcp.seq == other.maxack:
            return CLOSE, True
        if track.last_kind == K_ACK and track.last_dir == direction and tcp.seq == track.last_end:
            return CLOSE, True
        # Not the number that the other end waits for: it may answer with a challenge, so nothing is over yet.
        state = old
    answered_syn = ct.seen_reply and track.last_kind == K_SYN
    half_open = not ct.assured and track.last_kind == K_ACK
    if (answered_syn or half_open) and tcp.ack == track.last_end:
        return state, False
    if old == SYN_SENT and track.last_kind == K_ACK and track.last_dir == 1 and tcp.seq == track.last_ack:
        return state, False
    return state, True


def _invalid(ct: Conntrack, track: TcpState, kind: int, direction: int) -> None:
    """FIN or RST outside the window from both sides: the connection is probably over, so let it age sooner."""
    if kind not in (K_FIN, K_RST):
        return
    if track.last_dir != direction and track.last_kind in (K_FIN, K_RST):
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
    elif kind == K_RST:
        timeout = sysctl[ct_timeouts.TCP[CLOSE]]
    elif (track.seen[0].flags | track.seen[1].flags) & UNACKED and normal > unacked:
        timeout = unacked
    elif track.last_win == 0 and normal > retrans:
        timeout = retrans
    else:
        timeout = normal
    if not ct.seen_reply:
        if tcp.flags & RST:
            ct.kill("the only answer was a reset")
            return
        if kind == K_SYN and old == SYN_SENT:
            return
        if state == ESTABLISHED:
            timeout = min(timeout, unacked)
    elif not ct.assured and old in (SYN_RECV, ESTABLISHED) and state == ESTABLISHED:
        ct.assure()
    ct.refresh(timeout)

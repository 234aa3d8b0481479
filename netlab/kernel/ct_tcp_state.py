"""The states of a TCP connection as conntrack sees it, and which segment leads from which to which.

Source: the table in net/netfilter/nf_conntrack_proto_tcp.c of 6.1.
"""

from __future__ import annotations

from typing import Final

from netlab.wire import ACK, FIN, RST, SYN, URG, Tcp

NONE, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE, SYN_SENT2 = range(10)
# No states, but what the table says of a segment: it is invalid; or it passes and changes nothing.
IV, IG = 10, 11
NAMES: Final = (
    "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
    "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
)  # fmt: skip
"""State names as /proc/net/nf_conntrack and the conntrack tool print them, by number."""

# Kinds of segment: rows of the table.
K_SYN, K_SYNACK, K_FIN, K_ACK, K_RST, K_NONE = range(6)

_CODES = {
    "SS": SYN_SENT, "SR": SYN_RECV, "ES": ESTABLISHED, "FW": FIN_WAIT, "CW": CLOSE_WAIT,
    "LA": LAST_ACK, "TW": TIME_WAIT, "CL": CLOSE, "S2": SYN_SENT2, "IV": IV, "IG": IG,
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


def kind_of(tcp: Tcp) -> int:
    """Which row of the table a segment belongs to."""
    flags = tcp.flags
    if flags & RST:
        return K_RST
    if flags & SYN:
        return K_SYNACK if flags & ACK else K_SYN
    if flags & FIN:
        return K_FIN
    return K_ACK if flags & ACK else K_NONE


def valid_flags(tcp: Tcp) -> bool:
    """False for flag combinations that no TCP sends (SYN+FIN, none at all, ...)."""
    return tcp.flags & (FIN | SYN | RST | ACK | URG) in _VALID_FLAGS


def kind_name(tcp: Tcp) -> str:
    return ("SYN", "SYN+ACK", "FIN", "ACK", "RST", "no flags")[kind_of(tcp)]

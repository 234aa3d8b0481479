"""The states of a connection, and the arithmetic of sequence numbers (include/net/tcp_states.h, tcp.h)."""

from __future__ import annotations

from typing import Final

CLOSED, LISTEN, SYN_SENT, SYN_RECV, ESTABLISHED = "CLOSED", "LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED"
FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, CLOSING = "FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "CLOSING"
LAST_ACK, TIME_WAIT = "LAST_ACK", "TIME_WAIT"

MOD: Final = 2**32


def after(a: int, b: int) -> bool:
    """Whether sequence number a is later than b."""
    return 0 < (a - b) % MOD < MOD // 2

"""TCP options, as Linux writes and reads them (net/ipv4/tcp_output.c, tcp_input.c)."""

from __future__ import annotations


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

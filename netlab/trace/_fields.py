"""The fields after ``PROTO=`` and the IPv4 header of many lines at once, read from their ends.

Everything that is not the usual form (fragments, IP options, headers that are cut) clears ``ok`` of its line,
which is then left to the grammar.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, Protocol

from netlab.trace._vector import Array, Walk, hex_pairs, word

_UPPER: Final = b"0123456789ABCDEF"
_LOWER: Final = b"0123456789abcdef"

_FLAGS: Final = ("AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
#: Values of the text columns whose codes are known beforehand.
FIXED_TEXT: Final[dict[str, tuple[str, ...]]] = {
    "proto": (*map(str, range(256)), "ICMP", "UDP", "TCP", "ESP", "AH", "UDPLITE"),
    "flags": tuple(
        " ".join(name for n, name in enumerate(_FLAGS) if bits >> n & 1) for bits in range(1 << len(_FLAGS))
    ),
}
ICMP: Final = 256
_UDP: Final = 257
_TCP: Final = 258

#: Hex digits of TCP options, the commonest first: options fill words of four bytes, up to forty bytes.
_OPTION_DIGITS: Final = (24, 40, 8, 16, 32, 48, 56, 64, 72, 80)
_LOW_SIX: Final = 0xFFFFFFFFFFFF


class Sink(Protocol):
    """Where the fields of some rows go."""

    def put(self, name: str, rows: Array, values: Array) -> None:
        """Set a number column."""

    def put_codes(self, name: str, rows: Array, codes: Array) -> None:
        """Set a text column whose values have codes."""

    def put_texts(self, name: str, rows: Array, texts: list[bytes]) -> None:
        """Set a text column."""


class Nowhere:
    """Takes the fields of a packet quoted by an ICMP error: it is kept as a text."""

    def put(self, name: str, rows: Array, values: Array) -> None: ...

    def put_codes(self, name: str, rows: Array, codes: Array) -> None: ...

    def put_texts(self, name: str, rows: Array, texts: list[bytes]) -> None: ...


def labels_of(walk: Walk) -> Array:
    """The last four letters of the label of the last field, as a word; those of READERS where it has none."""
    probe = Walk(walk.block, walk.at.copy())
    probe.skip_digits()
    labels = probe.before() >> 32
    last = walk.before() >> 32
    kind = last >> 24
    labels[kind == 0x29] = word(b"RGP=")  # ) closes the TCP options
    bracket = kind == 0x5D
    labels[bracket] = last[bracket]
    labels[last >> 16 == word(b" ]")] = word(b"   ]")
    return labels


def echo(walk: Walk, rows: Array, out: Sink) -> None:
    """``PROTO=ICMP TYPE=n CODE=n ID=n SEQ=n`` of an echo."""
    for name, label, limit in (
        ("icmp_seq", b" SEQ=", 65535),
        ("icmp_id", b" ID=", 65535),
        ("code", b" CODE=", 255),
    ):
        out.put(name, rows, walk.number(limit))
        walk.text(label)
    kind = walk.number(8)
    walk.ok &= (kind == 0) | (kind == 8)
    out.put("type", rows, kind)
    icmp(walk, rows, out)


def icmp(walk: Walk, rows: Array, out: Sink) -> None:
    """``PROTO=ICMP TYPE=`` before the type."""
    walk.text(b" TYPE=")
    walk.text(b"OTO=ICMP")
    walk.text(b" PR")
    _proto(rows, out, ICMP)


def _udp(walk: Walk, rows: Array, out: Sink) -> None:
    """``PROTO=UDP SPT=n DPT=n LEN=n``."""
    out.put("udp_length", rows, walk.number(65535))
    walk.text(b" LEN=")
    ports(walk, rows, out)
    walk.text(b"ROTO=UDP")
    walk.text(b" P")
    _proto(rows, out, _UDP)


def ports(walk: Walk, rows: Array, out: Sink) -> None:
    """``SPT=n DPT=n``."""
    for name, label in (("dpt", b" DPT="), ("spt", b" SPT=")):
        out.put(name, rows, walk.number(65535))
        walk.text(label)


def _tcp(walk: Walk, rows: Array, out: Sink) -> None:
    """``PROTO=TCP SPT=n DPT=n [SEQ=n ACK=n] WINDOW=n RES=0xhh flags URGP=n [OPT (hex)]``."""
    import numpy as np

    _tcp_options(walk, rows, out)
    out.put("urgp", rows, walk.number(65535))
    walk.text(b" URGP=")
    bits = np.zeros(len(rows), dtype=np.intp)
    for n in range(len(_FLAGS) - 1, -1, -1):
        bits |= walk.maybe(b" " + _FLAGS[n].encode()).astype(np.intp) << n
    out.put_codes("flags", rows, bits)
    reserved = walk.before()
    value = hex_pairs(_LOWER)[reserved >> 48]
    walk.ok &= (reserved & _LOW_SIX == word(b"RES=0x")) & (value >= 0)
    out.put("res", rows, value)
    walk.at -= 8
    walk.text(b" ")
    out.put("window", rows, walk.number(65535))
    walk.text(b" WINDOW=")
    _sequence(walk, rows, out)
    ports(walk, rows, out)
    walk.text(b"ROTO=TCP")
    walk.text(b" P")
    _proto(rows, out, _TCP)


def _sequence(walk: Walk, rows: Array, out: Sink) -> None:
    """``SEQ=n ACK=n``, which a LOG rule prints only if asked to."""
    import numpy as np

    probe = Walk(walk.block, walk.at.copy())
    probe.long_number()
    some = np.flatnonzero(probe.ends_with(b" ACK="))
    if len(some):
        part = walk.some(some)
        for name, label in (("ack", b" ACK="), ("seq", b" SEQ=")):
            out.put(name, rows[some], part.long_number())
            part.text(label)
        walk.join(some, part)


def _tcp_options(walk: Walk, rows: Array, out: Sink) -> None:
    import numpy as np

    left = np.flatnonzero(walk.block.bytes[walk.at - 1] == 41)
    for count in _OPTION_DIGITS:
        if not len(left):
            break
        end = walk.at[left] - 1
        here = walk.block.words[end - (count + 8)] >> 16 == word(b" OPT (")
        mine, end = left[here], end[here]
        if len(mine):
            digits = walk.block.rows(end, count)
            walk.ok[mine] &= _hex_digits().take(digits.view(np.uint8)).all(axis=1)
            out.put_texts("tcp_opt", rows[mine], digits.view(f"S{count}").ravel().tolist())
            walk.at[mine] = end - (count + len(b" OPT ("))
        left = left[~here]
    walk.ok[left] = False


@cache
def _hex_digits() -> Array:
    """Which bytes are upper-case hex digits."""
    import numpy as np

    table = np.zeros(256, dtype=bool)
    table[list(_UPPER)] = True
    return table


def _other(walk: Walk, rows: Array, out: Sink) -> None:
    """``PROTO=n`` of a protocol that the kernel does not name."""
    out.put_codes("proto", rows, walk.number(255))
    walk.text(b" PROTO=")


def _proto(rows: Array, out: Sink, code: int) -> None:
    import numpy as np

    out.put_codes("proto", rows, np.full(len(rows), code))


def header(walk: Walk, rows: Array, out: Sink) -> None:
    """``LEN=n TOS=0xHH PREC=0xHH TTL=n ID=n [DF]``, after the addresses."""
    import numpy as np

    out.put("df", rows, walk.maybe(b" DF"))
    for name in ("ce", "mf"):
        out.put(name, rows, np.zeros(len(rows), dtype=bool))
    out.put("id", rows, walk.number(65535))
    walk.text(b" ID=")
    out.put("ttl", rows, walk.number(255))
    walk.text(b" TTL=")
    prec = walk.before()
    walk.ok &= prec & _LOW_SIX == word(b"REC=0x")
    walk.at -= 8
    tos = walk.before()
    walk.ok &= (tos >> 48 == word(b" P")) & (tos & 0xFFFFFFFF == word(b"S=0x"))
    walk.at -= 8
    walk.text(b" TO")
    for name, pair in (("tos", tos >> 32 & 0xFFFF), ("prec", prec >> 48)):
        value = hex_pairs(_UPPER)[pair]
        walk.ok &= value >= 0
        out.put(name, rows, value)
    out.put("length", rows, walk.number(65535))
    walk.text(b" LEN=")


#: What reads the end of a line, by the last label.
READERS: Final[dict[int, Callable[[Walk, Array, Sink], None]]] = {
    word(b"SEQ="): echo,
    word(b"LEN="): _udp,
    word(b"RGP="): _tcp,
    word(b"OTO="): _other,
}


def tos_byte(walk: Walk) -> Array:
    """Move over two upper-case hex digits; their value."""
    value: Array = hex_pairs(_UPPER)[walk.before() >> 48]
    walk.ok &= value >= 0
    walk.at -= 2
    return value

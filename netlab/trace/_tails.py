"""What stands behind the devices and addresses of link layers: the packet itself, read for many lines at once.

Lines are read from their ends, where the fields are few and fixed. A line in which any check fails is left to
the grammar.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from netlab.trace._addresses import Addresses, labelled
from netlab.trace._ebtables import PORT_PROTOCOLS
from netlab.trace._fields import (
    FIXED_TEXT,
    READERS,
    Nowhere,
    Sink,
    header,
    icmp,
    labels_of,
    ports,
    tos_byte,
)
from netlab.trace._vector import Array, Block, Walk, word
from netlab.trace.ip import ICMP_ERRORS, PROTOCOL_NAMES

_EACH_X: Final = word(b"x" * 8)
_EACH_ONE: Final = 0x0101010101010101
_EACH_HIGH: Final = 0x8080808080808080
#: Ends of a message that quotes a packet: the bracket, or the MTU after it.
_QUOTES: Final = (word(b"   ]"), word(b"MTU="))
_CUT: Final = word(b"tes]")
#: Ends of a line of the ebtables log.
_BRIDGE: Final = (word(b"oto="), word(b"DPT="))


class Texts:
    """The values of the text columns and their codes, for a whole log."""

    __slots__ = ("_codes", "addresses")

    def __init__(self) -> None:
        self.addresses = Addresses()
        self._codes: dict[str, dict[bytes, int]] = {"tcp_opt": {}, "inner": {}, "host": {}}

    def code(self, column: str, texts: list[bytes]) -> list[int]:
        """The codes of texts, new ones where they are new."""
        codes = self._codes[column]
        return [codes.setdefault(text, len(codes)) for text in texts]

    def values(self, column: str) -> list[str | None]:
        """The texts of a column by code."""
        if column in ("src", "dst", "gateway"):
            return self.addresses.texts
        return [
            *FIXED_TEXT.get(column, ()),
            *(t.decode("utf-8", "surrogatepass") for t in self._codes.get(column, ())),
        ]


class Tails:
    """The packets of lines: for each column of numbers or of codes, some rows and their values.

    ``begin`` is where the text before ``SRC=`` ends, ``bridge`` tells the lines of ebtables, ``ok`` whether all
    was as expected.
    """

    __slots__ = ("begin", "bridge", "codes", "numbers", "ok", "size", "texts")

    def __init__(self, size: int, texts: Texts) -> None:
        import numpy as np

        self.size = size
        self.texts = texts
        self.begin: Array = np.zeros(size, dtype=np.intp)
        self.ok: Array = np.zeros(size, dtype=bool)
        self.bridge: Array = np.zeros(size, dtype=bool)
        self.numbers: dict[str, list[tuple[Array, Array]]] = {}
        self.codes: dict[str, list[tuple[Array, Array]]] = {}

    def put(self, name: str, rows: Array, values: Array) -> None:
        """Set a number column for some of the lines."""
        self.numbers.setdefault(name, []).append((rows, values))

    def put_codes(self, name: str, rows: Array, codes: Array) -> None:
        """Set a text column for some of the lines."""
        self.codes.setdefault(name, []).append((rows, codes))

    def put_texts(self, name: str, rows: Array, texts: list[bytes]) -> None:
        """Set a text column by values, each of which is given a code."""
        import numpy as np

        self.put_codes(name, rows, np.array(self.texts.code(name, texts)))


def read_tails(block: Block, at: Array, texts: Texts) -> Tails:
    """Read lines from their ends ``at``, which leave out the last space."""
    import numpy as np

    out = Tails(len(at), texts)
    walk = Walk(block, at.copy())
    labels = labels_of(walk)
    marked = np.flatnonzero(_has_x(block, at))
    if len(marked):
        _mark(walk, marked, labels, out)
    _owner(walk, np.flatnonzero(labels == word(b"GID=")), labels, out)
    bridge = np.flatnonzero((labels == _BRIDGE[0]) | (labels == _BRIDGE[1]))
    if len(bridge):
        part = walk.some(bridge)
        _frame(part, bridge, labels[bridge], out, texts)
        part.ok &= walk.at[bridge] == at[bridge]  # neither owner nor mark
        walk.join(bridge, part)
        out.bridge[bridge] = True
        others = np.flatnonzero(~out.bridge)
        part = walk.some(others)
        _packet(part, others, labels[others], out, texts)
        walk.join(others, part)
    else:
        _packet(walk, np.arange(len(at)), labels, out, texts)
    walk.text(b" ")
    out.begin, out.ok = walk.at, walk.ok
    return out


def _has_x(block: Block, at: Array) -> Array:
    """Whether an x is among the bytes where that of ``MARK=0x`` would be."""
    others = block.words[at - 9] ^ _EACH_X
    there: Array = (others - _EACH_ONE) & ~others & _EACH_HIGH != 0
    return there


def _mark(walk: Walk, may: Array, labels: Array, out: Sink) -> None:
    """``MARK=0xhex`` at the end of some lines; then the labels are those before it."""
    import numpy as np

    for count in range(1, 9):
        rows = may[walk.block.words[walk.at[may] - (count + 8)] == word(b" MARK=0x")]
        values = []
        for k, at in zip(rows.tolist(), walk.at[rows].tolist(), strict=True):
            digits = walk.block.text(at - count, at)
            fits = digits[:1] != b"0" and not digits.strip(b"0123456789abcdef")
            walk.ok[k] &= fits
            values.append(int(digits, 16) if fits else 0)
        if values:
            out.put("mark", rows, np.array(values, dtype=np.uint32))
            walk.at[rows] -= count + len(b" MARK=0x")
    labels[may] = labels_of(walk.some(may))


def _owner(walk: Walk, rows: Array, labels: Array, out: Sink) -> None:
    """``UID=n GID=n`` at the end of some lines; then the labels are those before it."""
    if not len(rows):
        return
    part = walk.some(rows)
    for name, label in (("gid", b" GID="), ("uid", b" UID=")):
        out.put(name, rows, part.long_number())
        part.text(label)
    walk.join(rows, part)
    labels[rows] = labels_of(part)


def _packet(walk: Walk, rows: Array, labels: Array, out: Sink, texts: Texts, *, quoted: bool = False) -> None:
    """From ``SRC=`` to the end of the packet; ``quoted`` by an ICMP error or not."""
    import numpy as np

    read = np.zeros(len(rows), dtype=bool)
    for label, reader in READERS.items():
        mine = np.flatnonzero(labels == label)
        if len(mine):
            part = walk.some(mine)
            reader(part, rows[mine], out)
            walk.join(mine, part)
            read[mine] = True
    if quoted:
        mine = np.flatnonzero(labels == _CUT)
        part = walk.some(mine)
        if len(mine):
            _incomplete(part)
    else:
        mine = np.flatnonzero((labels == _QUOTES[0]) | (labels == _QUOTES[1]))
        part = walk.some(mine)
        if len(mine):
            _error(part, rows[mine], labels[mine] == _QUOTES[1], out, texts)
    walk.join(mine, part)
    read[mine] = True
    walk.ok &= read
    header(walk, rows, out)
    _addresses(walk, rows, out, texts, b" DST=")


def _addresses(walk: Walk, rows: Array, out: Sink, texts: Texts, between: bytes) -> None:
    for name, label in (("dst", between), ("src", b"SRC=")):
        out.put_codes(name, rows, texts.addresses.read(walk))
        walk.text(label)


def _incomplete(walk: Walk) -> None:
    """``PROTO=name INCOMPLETE [n bytes]``: eight bytes of TCP are what many routers quote."""
    walk.text(b" bytes]")
    walk.number(65535)
    walk.text(b"MPLETE [")
    walk.text(b" INCO")
    named = walk.ends_with(b"ROTO=TCP") | walk.ends_with(b"ROTO=UDP")
    icmp_named = walk.ends_with(b"OTO=ICMP")
    walk.at -= 8
    walk.ok &= (named & walk.ends_with(b" P")) | (icmp_named & walk.ends_with(b" PR"))
    walk.at -= 2 + icmp_named


def _error(walk: Walk, rows: Array, with_mtu: Array, out: Sink, texts: Texts) -> None:
    """``PROTO=ICMP TYPE=n CODE=n [GATEWAY=address] [packet] [MTU=n]``."""
    import numpy as np

    some = np.flatnonzero(with_mtu)
    if len(some):
        part = walk.some(some)
        out.put("mtu", rows[some], part.number(65535))
        part.text(b" MTU=")
        walk.join(some, part)
    walk.text(b"]")
    end = walk.at.copy()
    walk.text(b" ")
    _packet(walk, np.arange(len(rows)), labels_of(walk), Nowhere(), texts, quoted=True)
    fine = np.flatnonzero(walk.ok)
    places = zip(walk.at[fine].tolist(), end[fine].tolist(), strict=True)
    out.put_texts("inner", rows[fine], [walk.block.text(a, b) for a, b in places])
    walk.text(b" [")
    gateway = labelled(walk, b"GATEWAY=")
    some = np.flatnonzero(gateway)
    if len(some):
        part = walk.some(some)
        out.put_codes("gateway", rows[some], texts.addresses.read(part))
        part.text(b"GATEWAY=")
        part.text(b" ")
        walk.join(some, part)
    code = walk.number(255)
    walk.text(b" CODE=")
    kind = walk.number(255)
    walk.ok &= np.isin(kind, list(ICMP_ERRORS))
    walk.ok &= (kind == 5) == gateway
    walk.ok &= ((kind == 3) & (code == 4)) == with_mtu
    out.put("type", rows, kind)
    out.put("code", rows, code)
    icmp(walk, rows, out)


def _frame(walk: Walk, rows: Array, labels: Array, out: Sink, texts: Texts) -> None:
    """``IP SRC=a IP DST=a, IP tos=0xHH, IP proto=n [SPT=n DPT=n]`` of the ebtables log."""
    import numpy as np

    some = np.flatnonzero(labels == _BRIDGE[1])
    with_ports = walk.some(some)
    ports(with_ports, rows[some], out)
    walk.join(some, with_ports)
    proto = walk.number(255)
    may_have = np.isin(proto, list(PORT_PROTOCOLS))
    walk.ok[some] &= may_have[some]
    out.put_codes("proto", rows, _protocol_codes()[np.minimum(proto, 255).astype(np.intp)])
    walk.text(b"P proto=")
    walk.text(b", I")
    tos = tos_byte(walk)
    out.put("tos", rows, tos & 0x1F)
    out.put("prec", rows, tos & 0xE0)
    walk.text(b" tos=0x")
    walk.text(b", IP")
    _addresses(walk, rows, out, texts, b" IP DST=")


@cache
def _protocol_codes() -> Array:
    """Numbers of protocols to the codes of their names."""
    import numpy as np

    table = np.arange(256)
    for number, name in PROTOCOL_NAMES.items():
        table[number] = FIXED_TEXT["proto"].index(name)
    return table

"""The fields of the ordinary iptables lines of a block, read for all lines at once.

Lines are read from their ends, where the fields are few and fixed: UID, GID and MARK or not; ICMP echo, UDP, or
TCP with its options; DF or not; the header; up to the addresses. Everything else is left to the grammar, and so
is every line in which any check fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from netlab.trace._vector import Array, Block, Walk, hex_pairs, word

_UPPER: Final = b"0123456789ABCDEF"
_LOWER: Final = b"0123456789abcdef"

_FLAGS: Final = ("AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
#: The text columns that are read as codes, and their values.
FAST_TEXT: Final[dict[str, tuple[str, ...]]] = {
    "proto": ("ICMP", "UDP", "TCP"),
    "flags": tuple(
        " ".join(name for n, name in enumerate(_FLAGS) if bits >> n & 1) for bits in range(1 << len(_FLAGS))
    ),
}

#: No ordinary line is shorter; shorter ones are not worth looking at.
_SHORTEST: Final = 60
#: The labels that the last field of an ordinary line may have, their last four letters.
_ORDINARY: Final = tuple(word(label) for label in (b"GID=", b"SEQ=", b"LEN=", b"RGP="))
#: Hex digits of TCP options, the commonest first: options fill words of four bytes, up to forty bytes.
_OPTION_DIGITS: Final = (24, 40, 8, 16, 32, 48, 56, 64, 72, 80)
_OPTIONS: Final = re.compile(rb"[0-9A-F]*")
_EACH_X: Final = word(b"x" * 8)
_EACH_ONE: Final = 0x0101010101010101
_EACH_HIGH: Final = 0x8080808080808080
_LOW_SIX: Final = 0xFFFFFFFFFFFF


@dataclass(slots=True)
class Fields:
    """What was read of a block.

    ``starts`` and ``ends`` are those of all lines. The others are about ``lines``, the numbers of those that may
    be ordinary: ``addresses_end`` is where the text before ``LEN=`` ends, ``ok`` whether all was as expected. A
    number column is its values and where they are (None: everywhere), a text column codes into ``FAST_TEXT``.
    An ordinary line has no CE and no MF.
    """

    starts: Array
    ends: Array
    lines: Array
    addresses_end: Array
    ok: Array
    numbers: dict[str, tuple[Array, Array | None]] = field(default_factory=dict)
    text: dict[str, Array] = field(default_factory=dict)
    options: list[tuple[int, str]] = field(default_factory=list)

    def put(self, name: str, which: Array, values: Array) -> None:
        """Set a number column for some of the lines."""
        import numpy as np

        count = len(self.lines)
        if len(which) == count:
            self.numbers[name] = values, np.ones(count, dtype=bool)
            return
        if name not in self.numbers:
            self.numbers[name] = np.zeros(count, dtype=np.uint32), np.zeros(count, dtype=bool)
        store, there = self.numbers[name]
        store[which] = values
        if there is not None:
            there[which] = True


def read_fields(block: Block) -> Fields:
    """Find the lines of a block, and read those that are ordinary."""
    import numpy as np

    starts, ends = block.lines()
    lines = np.flatnonzero(ends - starts >= _SHORTEST)
    at = ends[lines]
    at -= block.bytes[at - 1] == 32
    labels = _labels(Walk(block, at))
    marked = _has_x(block, at)
    ordinary = marked.copy()
    for last in _ORDINARY:
        ordinary |= labels == last
    kept = np.flatnonzero(ordinary)
    lines, at, labels = lines[kept], at[kept], labels[kept]
    out = Fields(starts, ends, lines, at, np.ones(len(lines), dtype=bool))
    if not len(lines):
        return out
    walk = Walk(block, at)
    _mark(walk, np.flatnonzero(marked[kept]), labels, out)
    owner = np.flatnonzero(labels == word(b"GID="))
    if len(owner):
        part = walk.some(owner)
        _owner(part, owner, out)
        walk.join(owner, part)
        labels[owner] = _labels(part)
    proto = np.full(len(lines), -1)
    out.text["proto"] = proto
    for n, (label, reader) in enumerate(((b"SEQ=", _icmp), (b"LEN=", _udp), (b"RGP=", _tcp))):
        which = np.flatnonzero(labels == word(label))
        if len(which) == len(lines):
            reader(walk, which, out)
        elif len(which):
            part = walk.some(which)
            reader(part, which, out)
            walk.join(which, part)
        proto[which] = n
    walk.ok &= proto >= 0
    _header(walk, out)
    out.addresses_end, out.ok = walk.at, walk.ok
    return out


def _labels(walk: Walk) -> Array:
    """The last four letters of the label of the last field, as a word; TCP options count as ``URGP=``."""
    probe = Walk(walk.block, walk.at.copy())
    probe.skip_digits()
    labels = probe.before() >> 32
    labels[walk.block.bytes[walk.at - 1] == 41] = word(b"RGP=")
    return labels


def _has_x(block: Block, at: Array) -> Array:
    """Whether an x is among the bytes where that of ``MARK=0x`` would be."""
    others = block.words[at - 9] ^ _EACH_X
    there: Array = (others - _EACH_ONE) & ~others & _EACH_HIGH != 0
    return there


def _mark(walk: Walk, may: Array, labels: Array, out: Fields) -> None:
    """``MARK=0xhex`` at the end of some lines; then the labels are those before it."""
    import numpy as np

    for count in range(1, 9) if len(may) else ():
        which = may[walk.block.words[walk.at[may] - (count + 8)] == word(b" MARK=0x")]
        values = []
        for k, at in zip(which.tolist(), walk.at[which].tolist(), strict=True):
            text = walk.block.data[at - count : at]
            fits = text[:1] != b"0" and not text.strip(b"0123456789abcdef")
            walk.ok[k] &= fits
            values.append(int(text, 16) if fits else 0)
        if values:
            out.put("mark", which, np.array(values, dtype=np.uint32))
            walk.at[which] -= count + len(b" MARK=0x")
    if len(may):
        labels[may] = _labels(walk.some(may))


def _owner(walk: Walk, which: Array, out: Fields) -> None:
    """``UID=n GID=n``."""
    for name, label in (("gid", b" GID="), ("uid", b" UID=")):
        out.put(name, which, walk.number(10**7))
        walk.text(label)


def _icmp(walk: Walk, which: Array, out: Fields) -> None:
    """``PROTO=ICMP TYPE=n CODE=n ID=n SEQ=n`` of an echo."""
    for name, label, limit in (
        ("icmp_seq", b" SEQ=", 65535),
        ("icmp_id", b" ID=", 65535),
        ("code", b" CODE=", 255),
    ):
        out.put(name, which, walk.number(limit))
        walk.text(label)
    kind = walk.number(8)
    walk.ok &= (kind == 0) | (kind == 8)
    out.put("type", which, kind)
    walk.text(b" TYPE=")
    walk.text(b"OTO=ICMP")
    walk.text(b" PR")


def _udp(walk: Walk, which: Array, out: Fields) -> None:
    """``PROTO=UDP SPT=n DPT=n LEN=n``."""
    for name, label in (("udp_length", b" LEN="), ("dpt", b" DPT="), ("spt", b" SPT=")):
        out.put(name, which, walk.number(65535))
        walk.text(label)
    walk.text(b"ROTO=UDP")
    walk.text(b" P")


def _tcp(walk: Walk, which: Array, out: Fields) -> None:
    """``PROTO=TCP SPT=n DPT=n [SEQ=n ACK=n] WINDOW=n RES=0xhh flags URGP=n [OPT (hex)]``."""
    import numpy as np

    _tcp_options(walk, which, out)
    out.put("urgp", which, walk.number(65535))
    walk.text(b" URGP=")
    bits = np.zeros(len(which), dtype=np.int64)
    for n in range(len(_FLAGS) - 1, -1, -1):
        bits |= walk.maybe(b" " + _FLAGS[n].encode()).astype(np.int64) << n
    out.text.setdefault("flags", np.full(len(out.lines), -1))[which] = bits
    reserved = walk.before()
    value = hex_pairs(_LOWER)[reserved >> 48]
    walk.ok &= (reserved & _LOW_SIX == word(b"RES=0x")) & (value >= 0)
    out.put("res", which, value)
    walk.at -= 8
    walk.text(b" ")
    out.put("window", which, walk.number(65535))
    walk.text(b" WINDOW=")
    _sequence(walk, which, out)
    for name, label in (("dpt", b" DPT="), ("spt", b" SPT=")):
        out.put(name, which, walk.number(65535))
        walk.text(label)
    walk.text(b"ROTO=TCP")
    walk.text(b" P")


def _sequence(walk: Walk, which: Array, out: Fields) -> None:
    """``SEQ=n ACK=n``, which a LOG rule prints only if asked to."""
    import numpy as np

    probe = Walk(walk.block, walk.at.copy())
    probe.long_number()
    some = np.flatnonzero(probe.ends_with(b" ACK="))
    if len(some):
        part = walk.some(some)
        for name, label in (("ack", b" ACK="), ("seq", b" SEQ=")):
            out.put(name, which[some], part.long_number())
            part.text(label)
        walk.join(some, part)


def _tcp_options(walk: Walk, which: Array, out: Fields) -> None:
    import numpy as np

    left = np.flatnonzero(walk.block.bytes[walk.at - 1] == 41)
    data = walk.block.data
    for count in _OPTION_DIGITS:
        if not len(left):
            return
        begin = walk.at[left] - (count + 1)
        here = walk.block.words[begin - 8] >> 16 == word(b" OPT (")
        for k, at in zip(left[here].tolist(), begin[here].tolist(), strict=True):
            if _OPTIONS.fullmatch(data, at, at + count):
                out.options.append((int(which[k]), data[at : at + count].decode()))
            else:
                walk.ok[k] = False
        walk.at[left[here]] = begin[here] - len(b" OPT (")
        left = left[~here]
    walk.ok[left] = False


def _header(walk: Walk, out: Fields) -> None:
    """``LEN=n TOS=0xHH PREC=0xHH TTL=n ID=n [DF]``, after the addresses."""
    numbers = out.numbers
    df = walk.maybe(b" DF")
    numbers["df"] = df, None
    numbers["id"] = walk.number(65535), None
    walk.text(b" ID=")
    numbers["ttl"] = walk.number(255), None
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
        numbers[name] = value, None
    numbers["length"] = walk.number(65535), None
    walk.text(b" LEN=")

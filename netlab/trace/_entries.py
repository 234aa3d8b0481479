"""Entries of ``journalctl -o json``: the shape of one is learnt, and others of that shape are read where they stand.

A shape is the order of the keys with the host's name; its values are texts without escapes. Whatever else an entry may
be is left to the JSON reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from netlab.trace._vector import Array, Block

#: More shapes than this in one log, and the remaining entries are read one by one.
MOST_ENTRY_SHAPES: Final = 64

_PLAIN: Final = rb"[ !#-\[\]-~]*"
_PAIR: Final = re.compile(rb'([{,] *"([A-Za-z0-9_]{1,64})" *: *")(%s)"' % _PLAIN)
_END: Final = re.compile(rb" *\} *\Z")
#: Microseconds; with more digits they would not be exact.
_TIME: Final = rb"([0-9]{1,16})"
_MESSAGE: Final = rb"(%s)" % _PLAIN
#: The keys of times: the first that is not empty counts.
_REAL: Final = (b"_SOURCE_REALTIME_TIMESTAMP", b"__REALTIME_TIMESTAMP")
_UPTIME: Final = (b"_SOURCE_MONOTONIC_TIMESTAMP", b"__MONOTONIC_TIMESTAMP")
_TIMES: Final = frozenset((*_REAL, *_UPTIME))
#: Later than this no wall clock is shown, as :func:`~netlab.trace.sources.journal_entry` has it.
_LAST_REAL: Final = 4_000_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShape:
    """Entries that are alike but for their values. ``real`` and ``uptime`` are the groups of the times, 0 for none."""

    pattern: re.Pattern[bytes]
    message: int
    real: int
    uptime: int
    host: str | None


def learn_entry(line: bytes) -> EntryShape | None:
    """The shape of an entry; None if it has anything unusual."""
    values: dict[bytes, bytes] = {}
    pairs: list[tuple[bytes, bytes]] = []
    at = 0
    while found := _PAIR.match(line, at):
        opening, key, value = found.groups()
        if opening.startswith(b"{") == bool(pairs) or key in values:
            return None
        values[key] = value
        pairs.append((opening, key))
        at = found.end()
    if b"MESSAGE" not in values or not _END.match(line, at):
        return None
    real, uptime = (next((key for key in keys if values.get(key)), None) for keys in (_REAL, _UPTIME))
    groups: dict[bytes | None, int] = {}
    pattern = b""
    for opening, key in pairs:
        if key in (b"MESSAGE", real, uptime):
            groups[key] = len(groups) + 1
            value = _MESSAGE if key == b"MESSAGE" else _TIME
        elif key == b"_HOSTNAME" or (key in _TIMES and not values[key]):
            value = re.escape(values[key])
        else:
            value = _PLAIN
        pattern += re.escape(opening) + value + b'"'
    shape = re.compile(pattern + re.escape(line[at:]))
    host = values.get(b"_HOSTNAME")
    if not shape.fullmatch(line):
        return None
    return EntryShape(
        pattern=shape,
        message=groups[b"MESSAGE"],
        real=groups.get(real, 0),
        uptime=groups.get(uptime, 0),
        host=None if host is None else host.decode(),
    )


def microseconds(block: Block, spans: Array) -> Array:
    """The numbers that stand between pairs of offsets: up to sixteen digits each."""
    import numpy as np

    begin, end = spans[:, 0], spans[:, 1]
    middle = np.maximum(begin, end - 8)
    high = block.digits(np.maximum(begin, middle - 8), middle)
    return np.asarray(high * 10**8 + block.digits(middle, end)).astype(np.int64)


def wall_clock(real: Array) -> Array:
    """Microseconds since 1970 as times; not a time where they are beyond what a clock may show."""
    import numpy as np

    out = real.astype("M8[us]")
    out[real > _LAST_REAL] = np.datetime64("NaT")
    return np.asarray(out)

"""Stamps of many lines at once: the shape of one is learnt, the others are compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.trace._vector import Array, Block
from netlab.trace.records import Stamp
from netlab.trace.sources import STAMP, split_stamp

if TYPE_CHECKING:
    import numpy as np

#: More shapes than this in one log, and the remaining lines are read one by one.
MOST_SHAPES: Final = 64

#: Of a line without a stamp, this many bytes tell whether another one is of its shape.
_LOOK: Final = 4


_ASCII_ZEROS: Final = 0x3030303030303030
_HIGH_HALVES: Final = 0xF0F0F0F0F0F0F0F0
_SIXES: Final = 0x0606060606060606


def _word_of(sample: Array, time: Array, at: int) -> tuple[int, int, int, int]:
    """Eight bytes of a stamp: which of them are fixed, what they are, and which are digits of a time."""

    import numpy as np

    def word(values: Array) -> int:
        return int.from_bytes(values[at : at + 8].astype(np.uint8).tobytes(), "little")

    fixed = word(~time * np.uint8(255))
    return at, fixed, word(sample) & fixed, word(time * np.uint8(255))


class Shape:
    """Stamps that are alike but for the digits of their times.

    Bytes outside the times must be equal, so host and unit are those of the sample. ``width`` is where the
    kernel's own text begins. ``memo`` maps that text to what was made of it.
    """

    __slots__ = ("_uptime", "_walls", "_words", "look", "memo", "stamp", "width")

    def __init__(self, line: str) -> None:
        import numpy as np

        found = STAMP.match(line)
        self.width = found.end() if found else 0
        self.stamp = split_stamp(line)[0] or Stamp()
        self.look = self.width or min(_LOOK, len(line))
        self.memo: dict[bytes, int] = {}
        sample = np.frombuffer(line[: self.look].encode(), np.uint8)
        time = np.zeros(self.look, dtype=bool)
        self._uptime: tuple[int, int, int] | None = None
        self._walls: dict[bytes, np.datetime64] | None = None
        if found and self.width:
            text = found[0]
            host = min(at for at in (*(found.start(g) for g in ("host", "bare_host")), self.width) if at >= 0)
            time[:] = [c.isdigit() and at < host for at, c in enumerate(text)]
            begin, end = found.span("uptime")
            if begin >= 0:
                time[begin:end] = [c.isdigit() for c in text[begin:end]]
                point = text.index(".", begin, end)
                self._uptime = (begin, point, end)
            if self.stamp.wall is not None:
                self._walls = {}
        self._words = [_word_of(sample, time, at) for at in range(0, self.look, 8)]

    def match(self, block: Block, starts: Array, ends: Array) -> Array:
        """Which of the lines have this shape."""
        import numpy as np

        same = np.asarray(ends - starts >= self.look)
        for at, fixed, sample, times in self._words:
            here = block.words[starts + at]
            same &= (here ^ sample) & fixed == 0
            if times:
                digits = here & times
                # a byte that is a digit stays in its row of the ASCII table when six is added
                same &= (digits ^ _ASCII_ZEROS & times) & _HIGH_HALVES == 0
                same &= (digits + (_SIXES & times) ^ _ASCII_ZEROS & times) & _HIGH_HALVES == 0
        return same

    def uptimes(self, block: Block, starts: Array) -> Array | None:
        """Seconds since boot, rounded as ``float`` rounds their text; None where stamps of this shape lack it."""
        import numpy as np

        if self._uptime is None:
            return None
        begin, point, end = self._uptime
        whole = block.digits(starts + begin, starts + point)
        fraction = block.digits(starts + point + 1, starts + end)
        scale = 10 ** (end - point - 1)
        return np.asarray((whole * scale + fraction) / float(scale))

    def walls(self, block: Block, starts: Array) -> Array | None:
        """The wall clock as written; None where stamps of this shape lack it."""
        import numpy as np

        if self._walls is None:
            return None
        known = self._walls
        if len(known) > 100_000:
            known.clear()
        out = []
        for at in starts.tolist():
            text = block.data[at : at + self.width]
            wall = known.get(text)
            if wall is None:
                stamp = split_stamp(text.decode())[0]
                value = stamp.wall.replace(tzinfo=None) if stamp and stamp.wall else None
                wall = known[text] = np.datetime64(value, "us")
            out.append(wall)
        return np.array(out, dtype="M8[us]")

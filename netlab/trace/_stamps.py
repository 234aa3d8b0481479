"""Stamps of many lines at once: the shape of one is learnt, the others are compared with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from netlab.trace._tails import Texts
from netlab.trace._vector import Array, Block
from netlab.trace.records import Stamp
from netlab.trace.sources import STAMP, split_stamp

if TYPE_CHECKING:
    import numpy as np

#: More shapes than this in one log, and the remaining lines are read one by one.
MOST_SHAPES: Final = 64

#: Of a line without a stamp, this many bytes tell whether another one is of its shape.
_LOOK: Final = 4

#: Where the seconds of a wall clock stand in the parts of a stamp that hold one.
_SECONDS: Final = {"iso": 17, "iso5424": 17, "bare_iso": 17, "full": 17, "cclock": 6}


def _word_of(sample: Array, time: Array, at: int) -> tuple[int, int, int, int, int]:
    """Eight bytes of a stamp: what is expected, which bits decide; for times what is added, and which decide then.

    A byte is a digit if it differs from 0 in its low half only, and still does when six is added.
    """
    import numpy as np

    def word(values: Array) -> int:
        return int.from_bytes(values[at : at + 8].astype(np.uint8).tobytes(), "little")

    expected = word(np.where(time, ord("0"), sample))
    return at, expected, word(np.where(time, 0xF0, 0xFF)), word(time * 6), word(time * 0xF0)


class Shape:
    """Stamps that are alike but for the digits of their times.

    Bytes outside the times must be equal, so host and unit are those of the sample. ``width`` is where the
    kernel's own text begins.
    """

    __slots__ = ("_clock", "_uptime", "_words", "look", "stamp", "width")

    def __init__(self, line: str) -> None:
        import numpy as np

        found = STAMP.match(line)
        self.width = found.end() if found else 0
        self.stamp = split_stamp(line)[0] or Stamp()
        self.look = self.width or min(_LOOK, len(line))
        sample = np.frombuffer(line[: self.look].encode(), np.uint8)
        time = np.zeros(self.look, dtype=bool)
        self._uptime: tuple[int, int, int] | None = None
        self._clock: _Clock | None = None
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
                self._clock = _Clock(found)
        self._words = [_word_of(sample, time, at) for at in range(0, self.look, 8)]

    def match(self, block: Block, starts: Array, ends: Array) -> Array:
        """Which of the lines have this shape."""
        import numpy as np

        same = np.asarray(ends - starts >= self.look)
        left: Array | slice = slice(None)
        mine = starts
        for at, expected, decide, six, digits in self._words:
            here = block.words[mine + at] ^ expected
            wrong = here & decide
            if digits:
                here += six
                here &= digits
                wrong |= here
            fits = wrong == 0
            same[left] &= fits
            if at == 0 and not fits.all():
                left = np.flatnonzero(same)
                mine = starts[left]
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
        return None if self._clock is None else self._clock.read(block, starts)


class _Clock:
    """Wall clocks of one shape: all but the seconds is read once a minute, by the grammar of stamps."""

    __slots__ = ("fraction", "known", "seconds", "size", "width")

    def __init__(self, found: re.Match[str]) -> None:
        self.known: dict[bytes, np.datetime64] = {}
        self.size = found.end()
        self.seconds: int | None = None
        self.fraction = 0
        for group, at in _SECONDS.items():
            if found[group]:
                self.seconds = found.start(group) + at
                rest = found[0][self.seconds + 2 : found.end(group)]
                digits = re.match(r"[.,]([0-9]+)", rest)
                self.fraction = len(digits[1]) if digits else 0
        # an uptime behind the wall clock changes with every line
        end = found.start("uptime")
        self.width = end if end > 0 else self.size

    def read(self, block: Block, starts: Array) -> Array:
        """The time of each line; not a time where the digits are none."""
        import numpy as np

        if self.seconds is None:
            return self._look_up([block.text(at, at + self.size) for at in starts.tolist()])
        size = self.width + -self.width % 8
        rows = block.rows(starts + size, size)
        bytes_of = rows.view(np.uint8)
        bytes_of[:, self.width :] = 0
        second = bytes_of[:, self.seconds : self.seconds + 2].astype(np.int64) - 48
        bytes_of[:, self.seconds : self.seconds + 2] = 48, 49  # a second past, since 24:00:00 may be a time
        micro = np.zeros(len(rows), dtype=np.int64)
        if self.fraction:
            first = self.seconds + 3
            for n in range(min(self.fraction, 6)):
                micro += (bytes_of[:, first + n].astype(np.int64) - 48) * 10 ** (5 - n)
            bytes_of[:, first : first + self.fraction] = 48
        heads = np.flatnonzero(np.concatenate(([True], (rows[1:] != rows[:-1]).any(axis=1))))
        rest = [block.text(at + self.width, at + self.size) for at in starts[heads].tolist()]
        texts = [bytes_of[n, : self.width].tobytes() + rest[k] for k, n in enumerate(heads.tolist())]
        minute = np.repeat(self._look_up(texts), np.diff(np.append(heads, len(rows))))
        seconds = second[:, 0] * 10 + second[:, 1]
        out: Array = minute + ((seconds - 1) * 1_000_000 + micro).astype("m8[us]")
        out[seconds > 59] = np.datetime64("NaT")
        return out

    def _look_up(self, texts: list[bytes]) -> Array:
        import numpy as np

        known = self.known
        if len(known) > 100_000:
            known.clear()
        for text in texts:
            if text not in known:
                stamp = split_stamp(text.decode())[0]
                wall = stamp.wall.replace(tzinfo=None) if stamp and stamp.wall else None
                known[text] = np.datetime64(wall, "us")
        return np.array([known[text] for text in texts], dtype="M8[us]")


class Times:
    """What the stamps of a block's lines say: uptime, wall clock and host, where there are any."""

    __slots__ = ("_count", "_texts", "host", "time", "wall")

    def __init__(self, count: int, texts: Texts) -> None:
        self._count = count
        self._texts = texts
        self.time: Array | None = None
        self.wall: Array | None = None
        self.host: Array | None = None

    def put(self, block: Block, starts: Array, lines: Array, shape: Shape) -> None:
        """Read the stamps of lines that have one shape."""
        if not shape.width:
            return
        self.put_values(lines, shape.uptimes(block, starts), shape.walls(block, starts), shape.stamp.host)

    def put_values(self, lines: Array, uptime: Array | None, wall: Array | None, host: str | None) -> None:
        """Set what is known of some lines, which have one host."""
        import numpy as np

        if uptime is not None:
            self.time = self._set(self.time, lines, uptime)
        if wall is not None:
            self.wall = self._set(self.wall, lines, wall)
        if host is not None:
            (code,) = self._texts.code("host", [host.encode()])
            self.host = self._set(self.host, lines, np.full(len(lines), code, dtype=np.int32))

    def put_some(self, lines: list[int], stamps: list[Stamp]) -> None:
        """Set the stamps of lines that were read one by one."""
        import numpy as np

        uptimes = [(n, s.uptime) for n, s in zip(lines, stamps, strict=True) if s.uptime is not None]
        walls = [(n, s.wall.replace(tzinfo=None)) for n, s in zip(lines, stamps, strict=True) if s.wall]
        hosts = [(n, s.host) for n, s in zip(lines, stamps, strict=True) if s.host is not None]
        if uptimes:
            at, times = zip(*uptimes, strict=True)
            self.time = self._set(self.time, np.array(at), np.array(times))
        if walls:
            at, clocks = zip(*walls, strict=True)
            self.wall = self._set(self.wall, np.array(at), np.array(clocks, dtype="M8[us]"))
        if hosts:
            at, names = zip(*hosts, strict=True)
            codes = self._texts.code("host", [name.encode("utf-8", "surrogatepass") for name in names])
            self.host = self._set(self.host, np.array(at), np.array(codes, dtype=np.int32))

    def _set(self, store: Array | None, lines: Array, values: Array) -> Array:
        if store is None:
            if len(lines) == self._count:
                return values
            store = _nothing(self._count, values.dtype)
        store[lines] = values
        return store

    def keep(self, lines: Array) -> None:
        """Forget all other lines."""
        self._count = len(lines)
        for name in ("time", "wall", "host"):
            if (store := getattr(self, name)) is not None:
                setattr(self, name, store[lines])

    @staticmethod
    def join(parts: list[Times]) -> tuple[Array, Array, Array]:
        """Uptimes, wall clocks and codes of hosts of all parts."""
        import numpy as np

        def joined(name: str, kind: str) -> Array:
            stores = [(getattr(part, name), part._count) for part in parts]
            return np.concatenate([_nothing(n, kind) if s is None else s for s, n in stores])

        return joined("time", "f8"), joined("wall", "M8[us]"), joined("host", "i4")


def _nothing(count: int, kind: np.dtype[Any] | str) -> Array:
    import numpy as np

    empty: dict[str, Any] = {"f": np.nan, "M": np.datetime64("NaT"), "i": -1}
    return np.full(count, empty[np.dtype(kind).kind], dtype=kind)

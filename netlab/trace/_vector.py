"""Numbers and words read out of many places of a byte block at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"

#: Bytes that a block has before and after its lines, so that no reader leaves it: more than an ordinary line.
MARGIN: Final = 512

#: Bytes that are searched at a time.
_PIECE: Final = 1 << 18

_ASCII_ZEROS: Final = 0x3030303030303030
_OVER_NINE: Final = 0x7676767676767676
_HIGH_BITS: Final = 0x8080808080808080
#: Adds neighbouring digits up to pairs, fours and eights: factor, shift, and what to keep.
_STEPS: Final = (
    (10, 8, 0x00FF00FF00FF00FF),
    (100, 16, 0x0000FFFF0000FFFF),
    (10000, 32, 0x00000000FFFFFFFF),
)


@cache
def own_bytes() -> Array:
    """For a text of n bytes that ends at the end of an eight-byte word: the bytes that are its own.

    The ninth entry is for everything longer.
    """
    import numpy as np

    return np.array([(2**64 - 1) ^ (2 ** (64 - 8 * n) - 1) for n in range(9)] + [0], dtype=np.uint64)


@cache
def _least() -> Array:
    """The smallest number of n digits without a leading zero; more than any, where there is no such number."""
    import numpy as np

    return np.array([2**63, 0, *(10**n for n in range(1, 8)), 2**63], dtype=np.uint64)


def word(text: bytes) -> int:
    """The number that these bytes are when read as a little-endian word."""
    return int.from_bytes(text, "little")


@cache
def hex_pairs(digits: bytes) -> Array:
    """A table from two hex digits, read as a little-endian word, to their value; -1 for anything else."""
    import numpy as np

    table = np.full(65536, -1, dtype=np.int16)
    for n, high in enumerate(digits):
        for m, low in enumerate(digits):
            table[high | low << 8] = n << 4 | m
    return table


def highest_byte(marks: Array, none: int = 9) -> Array:
    """How many bytes stand after the last one that is marked by its highest bit; ``none`` if there is none."""
    import numpy as np

    # the exponent of a floating-point number tells its highest bit
    exponent = marks.astype(np.float64).view(np.int64) >> 52
    return np.asarray(np.minimum((1086 - exponent) >> 3, none))


def value_of(digits: Array) -> Array:
    """The numbers that eight bytes of digit values are, the first byte the highest."""
    for factor, shift, mask in _STEPS:
        lower = digits >> shift
        digits *= factor
        digits += lower
        digits &= mask
    return digits


class Block:
    """A run of whole lines, from ``start`` to ``stop``, with views of one and eight bytes at every offset."""

    __slots__ = ("_view", "bytes", "data", "start", "stop", "words")

    def __init__(self, data: bytes | bytearray, start: int, stop: int) -> None:
        import numpy as np

        self.data = data
        self._view = memoryview(data)
        self.start = start
        self.stop = stop
        self.bytes: Array = np.frombuffer(data, np.uint8)
        self.words: Array = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))

    def text(self, begin: int, end: int) -> bytes:
        """The bytes between two offsets."""
        return bytes(self._view[begin:end])

    def lines(self) -> tuple[Array, Array]:
        """Where the lines begin and end."""
        import numpy as np

        ends = np.concatenate([self._newlines(at) for at in range(self.start, self.stop, _PIECE)])
        starts = np.empty_like(ends)
        starts[:1] = self.start
        starts[1:] = ends[:-1] + 1
        return starts, ends

    def _newlines(self, begin: int) -> Array:
        """Where newlines are in a piece of the block."""
        import numpy as np

        size = min(_PIECE, self.stop - begin)
        found = self.bytes[begin : begin + size + -size % 8] == 10
        found[size:] = False
        # most words of eight bytes hold no newline: look for those that do, then where in them
        words = found.view("<u8")
        at = np.flatnonzero(words != 0)
        here = words[at]
        if (here & (here - 1)).any():
            return np.asarray(np.flatnonzero(found) + begin)
        return np.asarray((at << 3) + (7 + begin - highest_byte(here << 7)))

    def rows(self, at: Array, size: int) -> Array:
        """The ``size`` bytes (a multiple of eight) before each offset, as words."""
        import numpy as np

        view = np.ndarray((len(self.data) - size + 1,), f"V{size}", self.data, strides=(1,))
        words: Array = view[at - size].view("<u8").reshape(len(at), size // 8)
        return words

    def digits(self, begin: Array, end: Array) -> Array:
        """The numbers of up to eight digits between two offsets, which are known to hold digits."""
        return value_of((self.words[end - 8] ^ _ASCII_ZEROS) & own_bytes()[end - begin])


class Walk:
    """Reads many lines from their ends to their beginnings.

    ``at`` is where the unread part of each line ends; ``ok`` is cleared where a line is not as expected.
    """

    __slots__ = ("at", "block", "ok")

    def __init__(self, block: Block, at: Array) -> None:
        import numpy as np

        self.block = block
        self.at = at
        self.ok = np.ones(len(at), dtype=bool)

    def some(self, which: Array) -> Walk:
        """A walk of some of the lines, from where they are now."""
        return Walk(self.block, self.at[which])

    def join(self, which: Array, walk: Walk) -> None:
        """Go on from where a walk of some of the lines came to."""
        self.at[which] = walk.at
        self.ok[which] &= walk.ok

    def before(self, back: int = 0) -> Array:
        """The eight bytes before the unread end, or before ``back`` bytes in front of it."""
        words: Array = self.block.words[self.at - (8 + back)]
        return words

    def ends_with(self, text: bytes) -> Array:
        """Whether a text of up to eight bytes stands at the unread end."""
        same: Array = self.before() >> (64 - 8 * len(text)) == word(text)
        return same

    def text(self, text: bytes) -> None:
        """Move over a text of up to eight bytes."""
        self.ok &= self.ends_with(text)
        self.at -= len(text)

    def maybe(self, text: bytes) -> Array:
        """Move over a text where it stands; where it did."""
        there = self.ends_with(text)
        if there.any():
            self.at -= there * len(text)
        return there

    def number(self, limit: int) -> Array:
        """Move over a number of up to seven digits, without leading zeros."""

        digits, length = self._digits(self.before())
        value = value_of(digits & own_bytes().take(length))
        self.ok &= (value >= _least().take(length)) & (value <= limit)
        self.at -= length
        return value

    def skip_digits(self) -> None:
        """Move over up to eight digits."""
        import numpy as np

        self.at -= np.minimum(self._digits(self.before())[1], 8)

    def long_number(self) -> Array:
        """Move over a number of 32 bits, without leading zeros."""
        import numpy as np

        digits, length = self._digits(self.before())
        value = value_of(digits & own_bytes().take(np.minimum(length, 8)))
        long = np.flatnonzero(length >= 8)
        fine = value >= _least().take(length)
        self.at -= np.minimum(length, 8)
        if len(long):
            rest = self.some(long)
            more, extra = rest._digits(rest.before())
            high = value_of(more & own_bytes().take(extra))
            value[long] += high * 10**8
            eight = (extra == 0) & (value[long] >= 10**7)
            ten = (extra > 0) & (extra <= 2) & (high >= _least().take(extra)) & (high > 0)
            fine[long] = eight | ten
            self.at[long] -= extra
        self.ok &= fine & (value < 2**32)
        return value

    @staticmethod
    def _digits(words: Array) -> tuple[Array, Array]:
        """The values of the digits in words, and how many digits stand at the end of each; 9 for all eight."""
        digits = words ^ _ASCII_ZEROS
        return digits, highest_byte(((digits + _OVER_NINE) | digits) & _HIGH_BITS)

"""IPv4 addresses of many lines at once: each distinct one is checked and decoded once."""

from __future__ import annotations

import re
from typing import Final

from netlab.trace._cursor import ADDRESS
from netlab.trace._vector import Array, Walk, highest_byte, own_bytes, word

_ADDRESS: Final = re.compile(ADDRESS.encode())
_EACH_EQUALS: Final = word(b"=" * 8)
_EACH_ONE: Final = 0x0101010101010101
_EACH_HIGH: Final = 0x8080808080808080
_SLOT_BITS: Final = 16
_FIRST_LOOKS: Final = (32, 256)
_MIX: Final = (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93)


class Addresses:
    """Texts of addresses by code, from 1; code 0 is what is no address.

    An address has at most 15 bytes, so two words hold it, with its length in the byte that is left; a table of
    slots finds the code of most at once.
    """

    __slots__ = ("_codes", "_high", "_low", "_slots", "texts")

    def __init__(self) -> None:
        import numpy as np

        self.texts: list[str | None] = [None]
        self._codes: dict[bytes, int] = {}
        self._low: Array = np.zeros(256, dtype=np.uint64)
        self._high: Array = np.zeros(256, dtype=np.uint64)
        self._slots: Array = np.zeros(1 << _SLOT_BITS, dtype=np.int32)

    def read(self, walk: Walk) -> Array:
        """Move over what follows the last ``=`` of each line; the codes of it."""
        import numpy as np

        high, low = walk.before(), walk.before(8)
        length = _length(high, low)
        high &= own_bytes().take(np.minimum(length, 8))
        low &= own_bytes().take(np.maximum(length - 8, 0))
        low |= length.astype(np.uint64)
        walk.at -= length
        codes = self._find(low, high, walk.ok)
        walk.ok &= codes > 0
        return codes

    def _find(self, low: Array, high: Array, wanted: Array) -> Array:
        """The codes of addresses; any code where none is wanted."""
        import numpy as np

        slots = ((low * _MIX[0] ^ high) * _MIX[1]) >> (64 - _SLOT_BITS)
        slots = slots.astype(np.intp)
        codes = self._slots.take(slots)
        missed = np.flatnonzero(wanted & ((self._low.take(codes) != low) | (self._high.take(codes) != high)))
        # a few teach the addresses that most of the others have
        for count in (*_FIRST_LOOKS, len(missed)):
            for n in missed[:count].tolist():
                codes[n] = self._code(int(low[n]), int(high[n]), int(slots[n]))
            missed = missed[count:]
            if not len(missed):
                break
            again = self._slots.take(slots[missed])
            found = (self._low.take(again) == low[missed]) & (self._high.take(again) == high[missed])
            codes[missed[found]] = again[found]
            missed = missed[~found]
        return codes

    def _code(self, low: int, high: int, slot: int) -> int:
        text = low.to_bytes(8, "little") + high.to_bytes(8, "little")
        code = self._codes.get(text)
        if code is None:
            address = text[16 - text[0] :] if text[0] < 16 else b""
            if not _ADDRESS.fullmatch(address):
                return 0
            code = self._codes[text] = len(self.texts)
            self.texts.append(address.decode())
            if code == len(self._low):
                self._low, self._high = _doubled(self._low), _doubled(self._high)
            self._low[code], self._high[code] = low, high
        self._slots[slot] = code
        return code


def labelled(walk: Walk, label: bytes) -> Array:
    """Whether a label of up to eight bytes, which ends in ``=``, stands before what would be an address."""
    probe = Walk(walk.block, walk.at - _length(walk.before(), walk.before(8)))
    return probe.ends_with(label)


def _length(high: Array, low: Array) -> Array:
    """How many bytes stand after the last ``=`` in the sixteen of two words; sixteen if there is none."""
    import numpy as np

    length = _after_equals(high)
    long = np.flatnonzero(length > 7)
    length[long] = 8 + np.minimum(_after_equals(low[long]), 8)
    return length


def _after_equals(words: Array) -> Array:
    """How many bytes stand after the last ``=`` in words; more than eight if there is none."""
    others = words ^ _EACH_EQUALS
    return highest_byte((others - _EACH_ONE) & ~others & _EACH_HIGH)


def _doubled(array: Array) -> Array:
    import numpy as np

    return np.concatenate((array, np.zeros_like(array)))

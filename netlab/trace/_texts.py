"""Texts of many lines, looked up in a table of those that are known, all at once."""

from __future__ import annotations

from typing import Final

from netlab.trace._vector import Array, Block

#: Texts from a window's length to twice that are covered by two windows, at their beginning and their end.
WINDOWS: Final = (32, 64, 128, 256)
#: The code of a text that is not in a table.
NOT_KNOWN: Final = -3
_SLOT_BITS: Final = 16
_SLOT: Final = (1 << _SLOT_BITS) - 1
#: Where the two slots of a text stand in its hash.
_FIRST: Final = 64 - _SLOT_BITS
_SECOND: Final = 64 - 2 * _SLOT_BITS
#: No table remembers more texts.
_MOST: Final = 1 << 14
_ALL: Final = 0x0101010101010101
#: More than there are kinds.
_KINDS: Final = 1024
_MIX: Final = 0x9E3779B97F4A7C15


class TextTable:
    """Codes of texts whose length fits a window. A text is known by its bytes, its length and its kind of line.

    Each may have one of two slots; a text that finds both taken is never learnt, so that the table stays small.
    """

    __slots__ = ("_codes", "_count", "_factors", "_keys", "_rows", "_slots", "window")

    def __init__(self, window: int) -> None:
        import numpy as np

        self.window = window
        words = window // 4
        self._factors = np.array([pow(_MIX, n, 2**64) for n in range(1, words + 1)], dtype=np.uint64)
        self._rows: Array = np.zeros((64, words), dtype=np.uint64)
        self._keys: Array = np.full(64, -1, dtype=np.int64)
        self._codes: Array = np.full(64, NOT_KNOWN, dtype=np.int32)
        self._slots: Array = np.zeros(1 << _SLOT_BITS, dtype=np.int32)
        self._count = 1  # the first is nobody's

    def find(self, block: Block, begin: Array, end: Array, kind: Array) -> tuple[Array, Array, Array, Array]:
        """Codes of texts; their rows, keys and hashes are for :meth:`learn`."""
        import numpy as np

        rows = block.rows(np.stack((begin + self.window, end), axis=1).ravel(), self.window)
        rows = rows.reshape(len(begin), self.window // 4)
        keys = (end - begin) * _KINDS + kind
        # einsum is twice as quick as @ for integers
        hashes = np.einsum("ij,j->i", rows, self._factors) + keys.astype(np.uint64) * _MIX
        there = self._slots.take(hashes >> _FIRST)
        same = self._same(there, rows, keys)
        codes = np.where(same, self._codes.take(there), NOT_KNOWN)
        left = np.flatnonzero(~same)
        if len(left):
            there = self._slots.take(hashes[left] >> _SECOND & _SLOT)
            same = self._same(there, rows[left], keys[left])
            codes[left[same]] = self._codes.take(there[same])
        return codes, rows, keys, hashes

    def _same(self, there: Array, rows: Array, keys: Array) -> Array:
        """Whether texts are those that the table has in these places."""
        import numpy as np

        # eight flags of a byte each at a time
        equal = (rows == self._rows.take(there, axis=0, mode="clip")).view(np.uint64)
        same: Array = self._keys.take(there) == keys
        for n in range(equal.shape[1]):
            same &= equal[:, n] == _ALL
        return same

    def learn(self, row: Array, key: int, mixed: int, code: int) -> None:
        """Remember a text, if one of its slots is free and there is room."""
        import numpy as np

        slot = next((s for s in (mixed >> _FIRST, mixed >> _SECOND & _SLOT) if not self._slots[s]), None)
        if slot is None or self._count == _MOST:
            return
        if self._count == len(self._keys):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
            self._keys = np.concatenate((self._keys, np.full_like(self._keys, -1)))
            self._codes = np.concatenate((self._codes, np.full_like(self._codes, NOT_KNOWN)))
        self._rows[self._count], self._keys[self._count], self._codes[self._count] = row, key, code
        self._slots[slot] = self._count
        self._count += 1

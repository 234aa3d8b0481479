"""Lines that end alike: a packet that is traced prints the same fields at every hook, a few lines apart.

The fields are then read once for each run of such lines.
"""

from __future__ import annotations

from typing import Final

from netlab.trace._vector import Array, Block

#: Bytes that two lines must share, more than most have from ``SRC=`` on; then for those which have more.
ALIKE: Final = (128, 256)
#: Lines that are compared at a time.
_PIECE: Final = 4096


def first_alike(block: Block, at: Array, size: int) -> Array:
    """For each of the offsets, in order, the number of an earlier one before which the same bytes stand.

    Compared are ``size`` bytes (a multiple of 32), with those of the line before and, so that a line of the other family
    in between does no harm, with those of the run before the last.
    """
    import numpy as np

    pieces = [_first_alike(block, at[n : n + _PIECE], size) + n for n in range(0, len(at), _PIECE)]
    return np.concatenate([np.zeros(0, dtype=np.intp), *pieces])


def _first_alike(block: Block, at: Array, size: int) -> Array:
    import numpy as np

    rows = block.rows(at, size)
    heads = np.flatnonzero(np.concatenate(([True], _differ(rows[1:], rows[:-1]))))
    # the run before the last goes on: give it the same first line
    first = heads.copy()
    again = np.flatnonzero(~_differ(rows[heads[2:]], rows[heads[:-2]])) + 2
    for run in again.tolist():
        first[run] = first[run - 2]
    return np.repeat(first, np.diff(np.append(heads, len(at))))


def _differ(ones: Array, others: Array) -> Array:
    import numpy as np

    # four flags of a byte each at a time
    unlike = (ones != others).view(np.uint32)
    some = unlike[:, 0].copy()
    for n in range(1, unlike.shape[1]):
        some |= unlike[:, n]
    return np.asarray(some != 0)


def same_before(block: Block, ones: Array, others: Array, size: Array, alike: int) -> Array:
    """Whether the same bytes stand before two offsets each, as far as ``size``; ``alike`` of them are known to."""
    import numpy as np

    same = np.ones(len(ones), dtype=bool)
    for done in range(alike, int(size.max(initial=0)), 8):
        back = np.minimum(size, done + 8)
        left = np.flatnonzero(size > done)
        at = back[left]
        same[left] &= block.words[ones[left] - at] == block.words[others[left] - at]
    return same

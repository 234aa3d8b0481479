"""A number known only within bounds, as the rounded figures of ``df -h`` and ``free -h`` are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

_POWERS: Final = {
    "": 0, "B": 0, "K": 1, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6, "Z": 7, "Y": 8,
}  # fmt: skip
NUMBER: Final = r"[0-9]+(?:[.,][0-9]+)?(?:[kKMGTPEZY]i?B?|B)?"
_NUMBER: Final = re.compile(
    r"(?P<digits>[0-9]+)(?:[.,](?P<places>[0-9]+))?(?P<prefix>[kKMGTPEZY]?)(?P<binary>i?)B?"
)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Whole numbers from ``low`` to ``high``, both possible; exact where they are equal.

    >>> Interval(1, 3) - Interval.of(1)
    Interval(low=0, high=2)
    """

    low: int
    high: int

    @classmethod
    def of(cls, value: int) -> Interval:
        return cls(value, value)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __str__(self) -> str:
        return str(self.low) if self.exact else f"{self.low}..{self.high}"


def rounded_up(text: str, *, base: int = 1024) -> Interval:
    """What a figure of ``df -h`` can stand for: rounded up, to one decimal below 10, to whole units above.

    A figure without suffix is exact. ``base`` 1000 is for ``df -H``.

    >>> [n / 2**20 for n in (rounded_up("448M").low - 1, rounded_up("448M").high)]
    [447.0, 448.0]

    Raises ValueError for what is no figure.
    """
    match = _matched(text)
    scale = base ** _POWERS[match["prefix"] or ""]
    shown = _shown(match)
    if scale == 1 or shown == 0:
        return Interval.of(ceil(shown))
    if shown == 1 and match["places"]:
        below = Fraction(base - 1, base)  # any less would have been shown in the unit below
    elif match["places"] or shown == 10:
        below = shown - Fraction(1, 10)
    else:
        below = shown - 1
    return Interval(floor(below * scale) + 1, floor(shown * scale))


def rounded_up_whole(text: str, unit: int) -> Interval:
    """What a whole figure in blocks of ``unit`` bytes can stand for (``df -m``, ``df -BG``).

    Blocks that divide 1 KiB are exact: file systems are made of whole kibibytes.

    >>> rounded_up_whole("2", 2**20), rounded_up_whole("2", 1024)
    (Interval(low=1048577, high=2097152), Interval(low=2048, high=2048))
    """
    value = int(_matched(text)["digits"]) * unit
    return Interval.of(value) if 1024 % unit == 0 or value == 0 else Interval(value - unit + 1, value)


def rounded_to_nearest(text: str, base: int = 1024) -> Interval:
    """What a figure rounded to nearest can stand for (BusyBox df, the ``8.7Mi`` of ``free -h``).

    >>> rounded_to_nearest("1.0K")
    Interval(low=973, high=1075)
    """
    match = _matched(text)
    scale = base ** _POWERS[match["prefix"] or ""]
    shown = _shown(match)
    half = Fraction(1, 2 * 10 ** len(match["places"] or ""))
    return Interval(max(0, ceil((shown - half) * scale)), floor((shown + half) * scale))


def rounded_down(text: str, unit: int = 1, *, base: int = 1024) -> Interval:
    """What a whole figure can stand for when the rest was cut off (``free -m``, the ``23Gi`` of ``free -h``).

    >>> rounded_down("2Ki"), rounded_down("2", 1024)
    (Interval(low=2048, high=3071), Interval(low=2048, high=3071))
    """
    match = _matched(text)
    unit *= base ** _POWERS[match["prefix"] or ""]
    value = int(match["digits"]) * unit
    return Interval(value, value + unit - 1)


def _matched(text: str) -> re.Match[str]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"not a figure: {text!r}")
    return match


def _shown(match: re.Match[str]) -> Fraction:
    return Fraction(f"{match['digits']}.{match['places'] or 0}")

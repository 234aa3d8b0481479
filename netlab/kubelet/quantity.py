"""Kubernetes quantities: exact numbers with a suffix, their grammar, and their canonical printing.

Facts from ``apimachinery/pkg/api/resource/quantity.go``, ``suffix.go`` and ``amount.go``. A quantity is a
whole number of billionths: nothing finer survives parsing, so integers hold every value exactly.

One habit of upstream is left out: a parsed quantity that looks canonical keeps its spelling until it is
changed (``+5`` prints ``+5`` and ``1E3`` prints ``1E3``). Here printing is always canonical.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from netlab.errors import InputError, NotModelledError

NANO: Final = 10**9
_MAX: Final = (1 << 63) - 1  # binary quantities are capped here when parsed
_EXPONENT_LIMIT: Final = 9999

FORMAT_ERROR: Final = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
SUFFIX_ERROR: Final = "unable to parse quantity's suffix"
NUMERIC_ERROR: Final = "unable to parse numeric part of quantity"

_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_NAME: Final = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_NAME: Final = {0: ""} | {exponent: suffix for suffix, exponent in _BINARY.items()}

# sign, whole part, fraction, suffix letters with an optional exponent: what the upstream scanner takes
_SCAN: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:(?P<dot>\.)(?P<fraction>[0-9]*))?"
    r"(?P<suffix>[eEinumkKMGTP]*[+-]?[0-9]*)"
)
_EXPONENT: Final = re.compile(r"[eE](?P<digits>[+-]?[0-9]+)")


class Family(Enum):
    """The way a quantity was written, which is the way it prints; values are upstream's names."""

    DECIMAL = "DecimalSI"
    BINARY = "BinarySI"
    EXPONENT = "DecimalExponent"


class QuantityError(InputError):
    """Text that is not a quantity; ``message`` is one of upstream's three errors."""


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """An exact number of billionths (``nano``) and the family it prints in.

    Equality, order and hash look at the value alone, as upstream's ``Cmp`` does: ``1Ki`` equals ``1024``.

    >>> parse_quantity("1.5Gi")
    Quantity('1536Mi')
    >>> parse_quantity("1Ki") == parse_quantity("1024")
    True
    """

    nano: int
    family: Family = field(default=Family.DECIMAL, compare=False)

    @classmethod
    def of(cls, value: int, family: Family = Family.BINARY) -> Quantity:
        """The quantity of a whole number; binary by default, as the kubelet makes bytes and inodes.

        >>> str(Quantity.of(3141254678)), str(Quantity.of(2632184 * 1024))
        ('3141254678', '2632184Ki')
        """
        return cls(value * NANO, family)

    @property
    def value(self) -> int:
        """The value as an integer, rounded away from zero.

        >>> parse_quantity("1500m").value, parse_quantity("-1500m").value
        (2, -2)
        """
        magnitude = -(-abs(self.nano) // NANO)
        return magnitude if self.nano >= 0 else -magnitude

    @property
    def milli(self) -> int:
        """The value in thousandths, rounded away from zero (how upstream compares CPU)."""
        magnitude = -(-abs(self.nano) // 10**6)
        return magnitude if self.nano >= 0 else -magnitude

    def __add__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        # A zero takes the other's family, as upstream's Add and Sub do.
        return Quantity(self.nano + other.nano, self.family if self.nano else other.family)

    def __sub__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        return Quantity(self.nano - other.nano, self.family if self.nano else other.family)

    def __neg__(self) -> Quantity:
        return Quantity(-self.nano, self.family)

    def __bool__(self) -> bool:
        return self.nano != 0

    def __str__(self) -> str:
        """The canonical form: the largest suffix of the family that leaves an integer before it."""
        if self.nano == 0:
            return "0"
        if self.family is Family.BINARY and abs(self.nano) >= 1024 * NANO and self.nano % NANO == 0:
            return _binary_text(self.nano // NANO)
        return _decimal_text(self.nano, self.family is Family.EXPONENT)

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"


ZERO: Final = Quantity(0)


def _binary_text(number: int) -> str:
    exponent = 0
    while exponent < 60 and number % 1024 == 0:
        number //= 1024
        exponent += 10
    return f"{number}{_BINARY_NAME[exponent]}"


def _decimal_text(nano: int, as_exponent: bool) -> str:
    exponent = -9
    while nano % 1000 == 0:
        nano //= 1000
        exponent += 3
    # There is no suffix past exa: upstream falls back to an exponent there (older releases dropped it).
    if as_exponent or exponent not in _DECIMAL_NAME:
        return f"{nano}e{exponent}" if exponent else str(nano)
    return f"{nano}{_DECIMAL_NAME[exponent]}"


def parse_quantity(text: str) -> Quantity:
    """Read a quantity such as ``100Mi``, ``1.5G``, ``10e3`` or ``250m``.

    Finer than a billionth rounds away from zero; binary values stop at 2^63-1. A bare sign, dot or suffix
    is zero, because the upstream scanner takes a missing number for zero.

    >>> [str(parse_quantity(t)) for t in ("0.5Mi", ".001Ki", "2000", "1e3", "1025", "0.1n")]
    ['512Ki', '1024m', '2k', '1e3', '1025', '1n']

    Raises QuantityError with upstream's words, and NotModelledError for exponents past four digits.
    """
    match = _SCAN.match(text)
    assert match is not None  # every part is optional
    if not text or match.end() < len(text):
        raise QuantityError(
            FORMAT_ERROR,
            source="quantity",
            text=text,
            column=match.end() if text else 0,
            expected="a number and one of n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent such as e3"
            + _hint(text, match.end()),
        )
    whole, fraction, suffix = match["whole"].lstrip("0"), match["fraction"] or "", match["suffix"]
    if not whole and not fraction.strip("0") and not suffix:
        return ZERO
    base, exponent, family = _interpret(text, suffix, match.start("suffix"))
    # without digits only the scanner's fast path gives zero, and it leaves out these suffixes
    if not match["whole"] and not fraction and (exponent < -9 or (base == 2 and exponent >= 50)):
        raise QuantityError(
            NUMERIC_ERROR, source="quantity", text=text, column=0, expected="digits before the suffix"
        )
    nano = _nano(int(whole + fraction or "0"), len(fraction), base, exponent)
    if family is Family.BINARY:
        nano = min(nano, _MAX * NANO)
        if 0 < nano < NANO:
            family = Family.DECIMAL
    return Quantity(-nano if match["sign"] == "-" else nano, family)


def _interpret(text: str, suffix: str, column: int) -> tuple[int, int, Family]:
    """What a suffix means: base, exponent, family."""
    if suffix in _DECIMAL:
        return 10, _DECIMAL[suffix], Family.DECIMAL
    if suffix in _BINARY:
        return 2, _BINARY[suffix], Family.BINARY
    match = _EXPONENT.fullmatch(suffix)
    if match is None:
        raise QuantityError(
            SUFFIX_ERROR,
            source="quantity",
            text=text,
            column=column,
            width=len(suffix),
            expected="one of n u m k M G T P E Ki Mi Gi Ti Pi Ei (case matters), or an exponent such as e3",
        )
    exponent = int(match["digits"])
    if abs(exponent) > _EXPONENT_LIMIT:
        raise NotModelledError(
            "exponent too large",
            source="quantity",
            text=text,
            column=column,
            width=len(suffix),
            expected=f"an exponent between -{_EXPONENT_LIMIT} and {_EXPONENT_LIMIT}",
        )
    return 10, exponent, Family.EXPONENT


def _nano(digits: int, places: int, base: int, exponent: int) -> int:
    """``digits / 10^places * base^exponent`` in billionths, rounded up."""
    if base == 2:
        return -(-(digits << exponent) * NANO // _ten_to(places))
    shift = exponent + 9 - places
    return digits * _ten_to(shift) if shift >= 0 else -(-digits // _ten_to(-shift))


def _ten_to(power: int) -> int:
    return int(10**power)


def _hint(text: str, column: int) -> str:
    """A word on the likely slip, for the two that people make."""
    if text.strip() != text or " " in text:
        return "; no spaces anywhere"
    if text[column : column + 1] == ",":
        return "; the decimal mark is a dot"
    if text[column : column + 1] in ("b", "B"):
        return "; there is no B for bytes: write 100Mi, not 100MiB"
    return ""

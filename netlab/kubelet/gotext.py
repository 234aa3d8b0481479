"""How Go writes and reads small things that kubelet messages quote: ``%q`` strings and ``ParseFloat``."""

from __future__ import annotations

import math
import re
import struct
from fractions import Fraction
from typing import Final

from netlab.kubelet.model import float32

_ESCAPES: Final = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip
_PLAIN: Final = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|.)", re.DOTALL)
_FLOAT: Final = re.compile(
    r"[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?"
)
_HEX: Final = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_SPECIAL: Final = re.compile(r"(?:[+-]?inf(?:inity)?|nan)", re.IGNORECASE)


def go_quote(text: str) -> str:
    """The text as Go's ``%q`` prints it.

    >>> print(go_quote('a "b"'))
    "a \\"b\\""
    """
    out = []
    for c in text:
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c.isprintable():
            out.append(c)
        elif ord(c) < 0x80:
            out.append(f"\\x{ord(c):02x}")
        else:
            out.append(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}")
    return '"' + "".join(out) + '"'


def go_unquote(text: str) -> str:
    """The text inside a ``%q`` string; what is not well quoted comes back without its outer quotes.

    >>> go_unquote('"a \\\\"b\\\\""')
    'a "b"'
    """
    body = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        return chr(int(code, 16)) if code else _PLAIN.get(match[0], match[0])

    return _ESCAPE.sub(plain, body)


def parse_float32(text: str) -> float:
    """``strconv.ParseFloat(text, 32)``: the single-precision number nearest to the decimal text.

    Raises ValueError with Go's words. Rounds once, from the text itself, never by way of double precision.

    >>> parse_float32("10.5")
    10.5
    >>> parse_float32("ten")
    Traceback (most recent call last):
    ValueError: strconv.ParseFloat: parsing "ten": invalid syntax
    """
    given = go_quote(text)
    if _SPECIAL.fullmatch(text):
        return float(text)
    if _HEX.fullmatch(text):
        value = float.fromhex(text)
        exact = Fraction(value) if math.isfinite(value) else None
    elif _FLOAT.fullmatch(text):
        text = text.replace("_", "")
        value = float(text)
        # A text with a huge exponent is far from any tie; Fraction would only cost time there.
        exact = Fraction(text) if 1e-50 < abs(value) < 1e50 else None
    else:
        raise ValueError(f"strconv.ParseFloat: parsing {given}: invalid syntax")
    if exact is not None and exact != Fraction(value) and math.isfinite(float32(value)):
        value = _off_the_tie(value, exact)
    single = float32(value)
    if math.isinf(single):
        raise ValueError(f"strconv.ParseFloat: parsing {given}: value out of range")
    return single


def _off_the_tie(value: float, exact: Fraction) -> float:
    """The double, moved towards the exact number if it lies halfway between two single-precision numbers."""
    single = float32(value)
    (bits,) = struct.unpack("<i", struct.pack("<f", single))
    neighbours = (
        struct.unpack("<f", struct.pack("<i", bits + step))[0] for step in (-1, 1) if bits + step >= 0
    )
    if any(value == (single + neighbour) / 2 for neighbour in neighbours):
        return math.nextafter(value, math.inf if exact > Fraction(value) else -math.inf)
    return value

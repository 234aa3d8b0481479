"""Durations as Go writes them (``time.ParseDuration`` and ``Duration.String``): integers of nanoseconds.

Every time and duration in this room is an ``int`` of nanoseconds, as Go's are.
"""

from __future__ import annotations

import re
from typing import Final

from netlab.errors import InputError

NANOSECOND: Final = 1
MICROSECOND: Final = 1000
MILLISECOND: Final = 1000 * MICROSECOND
SECOND: Final = 1000 * MILLISECOND
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

_UNITS: Final = {
    "ns": NANOSECOND,
    "us": MICROSECOND,
    "µs": MICROSECOND,  # U+00B5, micro sign
    "μs": MICROSECOND,  # U+03BC, Greek letter mu
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_NUMBER: Final = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?")
_UNIT: Final = re.compile(r"[^0-9.]*")
_EXPECTED: Final = "numbers with units ns, us, ms, s, m or h, such as 1m30s; plain 0 needs none"


class DurationError(InputError):
    """Text that is not a Go duration; ``message`` is Go's own."""


def parse_duration(text: str) -> int:
    """Read a Go duration into nanoseconds.

    Fractions of a nanosecond are cut off. Raises DurationError with Go's words (``time/format.go``).

    >>> parse_duration("1m30s"), parse_duration("1.5h") // SECOND, parse_duration("-0.5s")
    (90000000000, 5400, -500000000)
    >>> parse_duration("90")
    Traceback (most recent call last):
    netlab.kubelet.duration.DurationError: duration: time: missing unit in duration "90"
      90
        ^
      expected: numbers with units ns, us, ms, s, m or h, such as 1m30s; plain 0 needs none
    """

    def fail(what: str, column: int, width: int = 1) -> DurationError:
        return DurationError(
            f"time: {what}", source="duration", text=text, column=column, width=width, expected=_EXPECTED
        )

    quoted = _go_quote(text)
    at = 1 if text[:1] in ("+", "-") else 0
    negative = text[:1] == "-"
    if text[at:] == "0":
        return 0
    if at == len(text):
        raise fail(f"invalid duration {quoted}", 0)
    total = 0
    while at < len(text):
        number = _NUMBER.match(text, at)
        assert number is not None  # both parts are optional
        whole, fraction = number["whole"], number["fraction"] or ""
        if (not whole and not fraction) or int(whole or "0") > 1 << 63:
            raise fail(f"invalid duration {quoted}", at)
        at = number.end()
        found = _UNIT.match(text, at)
        assert found is not None
        unit = found[0]
        if not unit:
            raise fail(f"missing unit in duration {quoted}", at)
        if unit not in _UNITS:
            raise fail(f"unknown unit {_go_quote(unit)} in duration {quoted}", at, len(unit))
        at = found.end()
        scale = _UNITS[unit]
        total += int(whole or "0") * scale
        if fraction:
            total += _fraction(fraction, scale)
        if total > (1 << 63) - (0 if negative else 1):
            raise fail(f"invalid duration {quoted}", 0, len(text))
    return -total if negative else total


def format_duration(nanoseconds: int) -> str:
    """Print nanoseconds as Go does.

    >>> [format_duration(n) for n in (0, 90 * SECOND, 5 * MINUTE, 1500 * MICROSECOND, 3600 * SECOND, 1)]
    ['0s', '1m30s', '5m0s', '1.5ms', '1h0m0s', '1ns']
    """
    if nanoseconds == 0:
        return "0s"
    sign, n = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for unit, scale in (("ns", NANOSECOND), ("µs", MICROSECOND), ("ms", MILLISECOND)):
        if n < 1000 * scale:
            return f"{sign}{_decimal(n, scale)}{unit}"
    minutes, rest = divmod(n, MINUTE)
    seconds = f"{_decimal(rest, SECOND)}s"
    if not minutes:
        return sign + seconds
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}h{minutes}m{seconds}" if hours else f"{sign}{minutes}m{seconds}"


def _fraction(digits: str, scale: int) -> int:
    """Go's own arithmetic: digits that would overflow 63 bits are dropped, the rest goes through a double."""
    number = 0
    kept = 0
    for digit in digits:
        longer = number * 10 + int(digit)
        if number > ((1 << 63) - 1) // 10 or longer > 1 << 63:
            break
        number, kept = longer, kept + 1
    return int(float(number) * (scale / 10.0**kept))


def _decimal(n: int, scale: int) -> str:
    whole, rest = divmod(n, scale)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest).rjust(len(str(scale)) - 1, '0').rstrip('0')}"


def _go_quote(text: str) -> str:
    """The text in double quotes, with quote and backslash escaped, as Go's time package quotes it."""
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c < " " or c >= "\x7f":
            out.append("".join(f"\\x{byte:02x}" for byte in c.encode()))
        else:
            out.append(c)
    return '"' + "".join(out) + '"'

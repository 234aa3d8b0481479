"""Numbers as C reads them: decimal, 0x hexadecimal, 0 octal; and the text forms of addresses and masks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from netlab.wire import ip_text

_LEADING: Final = re.compile(r"\s*\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")


def leading_number(text: str, low: int, high: int) -> tuple[int, str] | None:
    """The number at the start of a text and what follows it; None if there is none or it is out of range.

    >>> leading_number("0x10:20", 0, 255)
    (16, ':20')
    """
    found = _LEADING.match(text)
    if not found:
        return None
    digits = found[1]
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits.startswith("0") else 10
    value = int(digits, base)
    return (value, text[found.end() :]) if low <= value <= high else None


def number(text: str, low: int, high: int) -> int | None:
    """A text that is one number within a range, else None.

    >>> number("010", 0, 255), number("15a", 0, 255), number("256", 0, 255)
    (8, None, None)
    """
    found = leading_number(text, low, high)
    return found[0] if found and not found[1] else None


def decimal(text: str) -> int:
    """What C's ``atoi`` makes of a text: its leading decimal digits, else 0."""
    found = re.match(r"\s*([+-]?[0-9]+)", text)
    return int(found[1]) if found else 0


def prefix_length(mask: int) -> int | None:
    """The prefix length of a contiguous mask, None for one with holes."""
    hole = ~mask & 0xFFFFFFFF
    return None if hole & (hole + 1) else 32 - hole.bit_length()


@lru_cache(4096)
def mask_suffix(mask: int) -> str:
    """A mask as listings append it: nothing for /32.

    >>> mask_suffix(0xFFFF0000), mask_suffix(0xFFFFFFFF), mask_suffix(0xFF0000FF)
    ('/16', '', '/255.0.0.255')
    """
    length = prefix_length(mask)
    if length == 32:
        return ""
    return f"/{ip_text(mask)}" if length is None else f"/{length}"


@lru_cache(65536)
def address_save(address: int, mask: int) -> str:
    """An address as iptables-save prints it: the mask always, a /32 too."""
    length = prefix_length(mask)
    return f"{ip_text(address)}/{ip_text(mask) if length is None else length}"


def dotted(text: str, *, complete: bool = False) -> int | None:
    """An IPv4 address as iptables reads it; with ``complete`` all four bytes must be there.

    Fewer bytes are taken from the left and the rest is zero (libxtables/xtables.c).

    >>> ip_text(dotted("10.1"))
    '10.1.0.0'
    """
    parts = text.split(".", 3)
    if len(parts) < 4 and complete:
        return None
    value = 0
    for index in range(4):
        byte = number(parts[index], 0, 255) if index < len(parts) else 0
        if byte is None:
            return None
        value = value << 8 | byte
    return value


def inet_aton(text: str) -> int | None:
    """An IPv4 address as the C library reads it: up to four numbers, the last fills what is left.

    >>> inet_aton("255.255"), inet_aton("33"), inet_aton("1.2.3.4.5")
    (4278190335, 33, None)
    """
    parts = text.split(".")
    if len(parts) > 4:
        return None
    value = 0
    for part in parts[:-1]:
        octet = number(part, 0, 255)
        if octet is None:
            return None
        value = value << 8 | octet
    left = 8 * (5 - len(parts))
    last = number(parts[-1], 0, (1 << left) - 1)
    return None if last is None else value << left | last


def quoted(text: str) -> str:
    """A string as iptables-save prints it: bare where it is safe, else in quotes with escapes.

    >>> quoted("a-b"), quoted("a b"), quoted('say "hi"')
    ('a-b', '"a b"', '"say \\\\"hi\\\\""')
    """
    if text and not re.search(r"[^-_0-9A-Za-z]", text):
        return text
    return '"' + re.sub(r"([\"\\'])", r"\\\1", text) + '"'


def mark_text(value: int, mask: int) -> str:
    """A mark with its mask, which is left out when it is all ones."""
    return f"0x{value:x}" if mask == 0xFFFFFFFF else f"0x{value:x}/0x{mask:x}"


def range_text(low: int, high: int, separator: str = ":") -> str:
    """A range, one number where both ends are equal."""
    return str(low) if low == high else f"{low}{separator}{high}"

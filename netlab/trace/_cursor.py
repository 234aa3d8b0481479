"""A place in a line that moves on as fields are read, and says where and why reading stopped."""

from __future__ import annotations

import re
from typing import Final, Never

# Fragments, shared by the grammars. The kernel's printf conversion stands above each.


def upto(limit: int, least: int = 0) -> str:
    """A group for the decimal numbers from ``least`` (0 or 1) to ``limit``, without leading zeros.

    >>> [n for n in ("0", "254", "255", "256", "007") if re.fullmatch(upto(255), n)]
    ['0', '254', '255']
    """
    digits = str(limit)
    choices = [f"[1-9][0-9]{{0,{len(digits) - 2}}}"] if len(digits) > 1 else []
    for n, digit in enumerate(map(int, digits)):
        first = 1 if n == 0 else 0
        rest = len(digits) - n - 1
        if digit > first:
            choices.append(f"{digits[:n]}[{first}-{digit - 1}]" + (f"[0-9]{{{rest}}}" if rest else ""))
    choices.append(digits)
    return "(" + "|".join(choices if least else ["0", *choices]) + ")"


# %u of a byte, of 16 and of 32 bits
U8: Final = upto(255)
U16: Final = upto(65535)
U32: Final = upto(2**32 - 1)
# %pI4
ADDRESS: Final = (
    r"((?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}"
    r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]))"
)
# %pM
MAC: Final = r"([0-9a-f]{2}(?::[0-9a-f]{2}){5})"
# %s of a device name: up to 15 bytes, no white space; none prints nothing
DEVICE: Final = r"(\S{0,15})"
# %02X of each byte
HEX_BYTES: Final = r"((?:[0-9A-F]{2})*)"


class Stop(Exception):
    """Reading cannot go on: the column, and what was expected there."""

    def __init__(self, column: int, message: str) -> None:
        self.column = column
        self.message = message


class Cursor:
    """A text and a position in it."""

    __slots__ = ("at", "text")

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move over the pattern if it stands here."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def need(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        """Move over the pattern, or stop."""
        found = self.take(pattern)
        if found is None:
            self.stop(f"expected {expected}")
        return found

    def number(self, pattern: re.Pattern[str], expected: str) -> int:
        """Move over a field of one number, or stop."""
        return int(self.need(pattern, expected)[1])

    def stop(self, message: str) -> Never:
        """Give up here; says so if the line simply ends."""
        if self.at >= len(self.text.rstrip()):
            message = f"the line ends here; {message}"
        raise Stop(self.at, message)

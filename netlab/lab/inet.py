"""Addresses as programs read them from a command line."""

from __future__ import annotations


def read_address(text: str) -> int | None:
    """An IPv4 address in any of the forms of inet_aton: four parts, or fewer with a wide last one; else None.

    >>> read_address("10.1") == read_address("10.0.0.1")
    True
    >>> read_address("eth0") is None
    True
    """
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = []
    for part in parts:
        try:
            base = 16 if part[:2].lower() == "0x" else 8 if part.startswith("0") and len(part) > 1 else 10
            if not part or not part[0].isdigit():
                return None
            numbers.append(int(part, base))
        except ValueError:
            return None
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 1 << 8 * (4 - len(heads)):
        return None
    value = last
    for place, head in enumerate(heads):
        value |= head << 24 - 8 * place
    return value

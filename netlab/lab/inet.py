"""Addresses and numbers as programs read them from a command line."""

from __future__ import annotations


def c_number(text: str) -> int:
    """A whole word as strtol(3) with base 0 reads it: 0x is hexadecimal, a leading 0 octal.

    >>> c_number("010"), c_number("0x10"), c_number("-1")
    (8, 16, -1)

    Raises:
        ValueError: not a number.
    """
    digits = text.lstrip("+-")
    if "_" in text or len(text) - len(digits) > 1:
        raise ValueError(text)
    octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
    return int(text, 8 if octal else 0 if digits[:2].lower() == "0x" else 10)


def read_octets(text: str) -> int | None:
    """An IPv4 address as iproute2 reads it: up to four numbers, the rest are 0 (get_addr_ipv4); else None.

    >>> read_octets("10.1") == read_octets("10.1.0.0") == read_octets("012.0x1.0.0")
    True
    """
    pieces = text.split(".")
    try:
        numbers = [c_number(piece) for piece in pieces]
    except ValueError:
        return None
    if len(numbers) > 4 or not all(0 <= number <= 255 for number in numbers):
        return None
    return int.from_bytes(bytes([*numbers, 0, 0, 0])[:4], "big")


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

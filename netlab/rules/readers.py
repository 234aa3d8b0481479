"""Readers of option values that several extensions share, with libxtables' own complaints."""

from __future__ import annotations

from netlab.rules.names import SYSLOG_LEVELS, protocol_number, service_port
from netlab.rules.numbers import dotted, leading_number, number
from netlab.rules.options import Call, Reader
from netlab.wire import mask_of

Range = tuple[int, int]


def string(low: int = 0, limit: int | None = None) -> Reader:
    """A string of at least ``low`` characters; of more than ``limit`` bytes the kernel keeps that many."""

    def read(text: str, call: Call) -> str:
        if len(text) < low:
            call.fail(f"Argument must have a minimum length of {low} characters\n")
        return text if limit is None else text.encode()[:limit].decode(errors="ignore")

    return read


def word(text: str, call: Call) -> str:
    """The text as it is."""
    return text


def integer(low: int, high: int) -> Reader:
    """One integer in a range."""

    def read(text: str, call: Call) -> int:
        value = number(text, low, high)
        if value is None:
            call.fail(
                f'{call.extension}: bad value for option "--{call.option}", or out of range ({low}-{high}).\n'
            )
        return value

    return read


def integers(high: int) -> Reader:
    """One integer or ``low:high``; an end that is left out is the limit."""

    def read(text: str, call: Call) -> Range:
        values: list[int] = []
        low, rest = 0, text
        while True:
            if len(values) == 2:
                call.fail(f'{call.extension}: Too many components for option "--{call.option}" (max: 2)\n')
            if not rest or rest[0] == ":":
                values.append(high if values else low)
            else:
                found = leading_number(rest, low, high)
                if found is None:
                    call.fail(
                        f'{call.extension}: bad value for option "--{call.option}" near "{rest}", '
                        f"or out of range ({low}-{high}).\n"
                    )
                value, after = found
                if after and after[0] != ":":
                    call.fail(
                        f'{call.extension}: Argument to "--{call.option}" has unexpected characters '
                        f'near "{after}".\n'
                    )
                values.append(value)
                rest = after
            if not rest:
                break
            rest = rest[1:]
        return values[0], values[-1]

    return read


def mark(text: str, call: Call) -> Range:
    """``value`` or ``value/mask``, each up to 32 bits."""
    value_text, slash, mask_text = text.partition("/")
    value = number(value_text, 0, 0xFFFFFFFF)
    mask = number(mask_text, 0, 0xFFFFFFFF) if slash else 0xFFFFFFFF
    if value is None or mask is None:
        call.fail(f'{call.extension}: bad integer value for option "--{call.option}", or out of range.\n')
    return value, mask


def protocol(text: str, call: Call) -> int:
    """A protocol by number or name."""
    value = number(text, 0, 255)
    if value is None:
        value = protocol_number(text)
    if value is None:
        call.fail(f'unknown protocol "{text}" specified')
    return value


def host(text: str, call: Call) -> int:
    """One address; names would be looked up by the real program and are not here."""
    value = dotted(text, complete=True)
    if value is None:
        call.fail(f"host names are not looked up: `{text}' is not an IPv4 address", modelled=False)
    return value


def network(text: str, call: Call) -> Range:
    """An address with its mask, /32 if none is given."""
    address, slash, suffix = text.partition("/")
    value = host(address, call)
    if not slash:
        return value, 0xFFFFFFFF
    length = number(suffix, 0, 32)
    mask = dotted(suffix, complete=True) if length is None else mask_of(length)
    if mask is None:
        call.fail(
            f'{call.extension}: bad value for option "--{call.option}", '
            "neither a valid network mask nor valid CIDR (0-32).\n"
        )
    return value, mask


def ports(text: str, call: Call) -> Range:
    """``port`` or ``low:high`` of the newer extensions, by number or service name."""
    ends: list[int | None] = []
    for part in text.split(":"):
        if len(ends) == 2:
            call.fail(f'{call.extension}: Too many components for option "--{call.option}" (max: 2)\n')
        if not part:
            ends.append(None)
            continue
        value = number(part, 0, 65535)
        if value is None:
            value = service_port(part)
        if value is None and part.isdecimal():
            # getaddrinfo takes any number for a service and keeps its lower 16 bits.
            value = int(part) & 0xFFFF
        if value is None:
            call.fail(f'Port "{part}" does not resolve to anything.\n')
        ends.append(value)
    if len(ends) == 1:
        only = ends[0] or 0
        return only, only
    low, high = ends
    return low or 0, 65535 if high is None else high


def port(text: str, call: Call, protocol_word: str | None) -> int:
    """One port of the older extensions, by number or by service name of the protocol."""
    value = number(text, 0, 65535)
    if value is None:
        value = service_port(text, protocol_word)
    if value is None:
        call.fail(f"invalid port/service `{text}' specified")
    return value


def syslog_level(text: str, call: Call) -> int:
    """A syslog level by number or name."""
    value = number(text, 0, 7)
    if value is None:
        value = SYSLOG_LEVELS.get(text)
    if value is None:
        call.fail(f'log level "{text}" unknown\n')
    return value


def mac(text: str, call: Call) -> str:
    """Six hexadecimal bytes with colons; the result has two lower-case digits a byte."""
    parts = text.split(":")
    if len(parts) != 6 or not all(
        0 < len(p) <= 2 and all(c in "0123456789abcdefABCDEF" for c in p) for p in parts
    ):
        call.fail("Invalid MAC address specified.")
    return ":".join(f"{int(p, 16):02x}" for p in parts)

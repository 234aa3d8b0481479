"""Readers of option values that several extensions share, with libxtables' own complaints."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from netlab.rules.errors import Asked
from netlab.rules.names import SYSLOG_LEVELS, protocol_number, service_port
from netlab.rules.numbers import dotted, inet_aton, leading_number, number, prefix_length
from netlab.rules.options import Call, Fail, Reader
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


def interface(name: str, fail: Fail, warn: Callable[[str], None]) -> str:
    """A device's name or the beginning of names (xtables_parse_interface)."""
    if len(name.encode()) >= 16:
        fail(f"interface name `{name}' must be shorter than IFNAMSIZ (15)")
    if "/" in name or " " in name:
        warn(f"Warning: weird character in interface `{name}' ('/' and ' ' are not allowed by the kernel).")
    return name


def device(text: str, call: Call) -> str:
    """A device's name as the value of an option."""
    return interface(text, call.fail, call.warn)


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
    value, mask = leading_number(text, 0, 0xFFFFFFFF), (0xFFFFFFFF, "")
    if value is not None and value[1][:1] == "/":
        given = leading_number(value[1][1:], 0, 0xFFFFFFFF)
        value, mask = (value[0], "") if given else None, given or mask
    if value is None:
        call.fail(f'{call.extension}: bad integer value for option "--{call.option}", or out of range.\n')
    if value[1] or mask[1]:
        call.fail(f'{call.extension}: trailing garbage after value for option "--{call.option}".\n')
    return value[0], mask[0]


def protocol(text: str, call: Call) -> int:
    """A protocol by number or name."""
    value = number(text, 0, 255)
    if value is None:
        value = protocol_number(text)
    if value is None:
        call.fail(f'unknown protocol "{text}" specified')
    return value


_HOST: Final = re.compile(r"(?:[A-Za-z0-9_][\w-]*\.)*[A-Za-z0-9_][\w-]*\.?", re.ASCII)


def _host(name: str) -> Asked:
    """The question for a host's address: none for digits and dots that are no address (nss/digits_dots.c)."""
    digits = name[:1].isdigit() and name[-1:].isdigit() and not name.strip("0123456789.")
    return (("host", name),) if _HOST.fullmatch(name) and not digits else ()


def host_or_network(name: str) -> Asked:
    """What ``-s`` and ``-d`` ask for when they are given a name: a network's number, then a host's address."""
    return (("network", name), *_host(name)) if name else ()


def host(text: str, call: Call) -> int:
    """One address; a name is looked up, and no lab has a server that knows it."""
    value = dotted(text, complete=True)
    if value is None:
        asked = _host(text)
        reason = "Temporary failure in name resolution" if asked else "Name or service not known"
        call.fail(f"getaddrinfo: {reason}\n", asked=asked)
    return value


def network(text: str, call: Call) -> Range:
    """An address with its mask, /32 if none is given."""
    address, slash, suffix = text.partition("/")
    value = host(address, call)
    if not slash:
        return value, 0xFFFFFFFF
    length = number(suffix, 0, 32)
    if length is None:
        mask = inet_aton(suffix)
        if mask is None:
            call.fail(
                f'{call.extension}: bad value for option "--{call.option}", '
                "neither a valid network mask nor valid CIDR (0-32).\n"
            )
        # A mask with holes has no length, and all bits count (xtopt_parse_plenmask).
        length = prefix_length(mask)
    return value, 0xFFFFFFFF if length is None else mask_of(length)


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

"""Targets of the nat table: DNAT, SNAT, MASQUERADE, REDIRECT, NETMAP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from netlab.rules.names import service_port
from netlab.rules.numbers import leading_number, prefix_length, range_text
from netlab.rules.options import Call, Extension, Option
from netlab.rules.readers import network
from netlab.rules.targets.base import Target
from netlab.wire import ip, ip_text

Range: TypeAlias = tuple[int, int]

_WITH_PORTS: Final = frozenset({1, 6, 17, 33, 132})


def _to_text(addresses: Range | None, ports: Range | None, base: int | None = None) -> str:
    out = ""
    if addresses is not None:
        out = ip_text(addresses[0])
        out += f"-{ip_text(addresses[1])}" if addresses[1] != addresses[0] else ""
    if ports is not None:
        out += f":{range_text(*ports, '-')}"
    return out if base is None else f"{out}/{base}"


def _flags(dash: str, **flags: bool) -> str:
    return "".join(f" {dash}{name.replace('_', '-')}" for name, on in flags.items() if on)


@dataclass(frozen=True, slots=True)
class Dnat(Target):
    """New destination: ``addresses`` and ``ports`` are inclusive ranges, None where kept.

    ``base`` is the first port of a shifted map (``:lo-hi/base``): port = lo + (old - base), within the range.
    """

    name: ClassVar[str] = "DNAT"
    addresses: Range | None = None
    ports: Range | None = None
    base: int | None = None
    random: bool = False
    persistent: bool = False

    def save(self) -> str:
        to = _to_text(self.addresses, self.ports, self.base)
        return f" --to-destination {to}" + _flags("--", random=self.random, persistent=self.persistent)

    def list(self, numeric: bool = True) -> str:
        to = _to_text(self.addresses, self.ports, self.base)
        return f"to:{to}" + _flags("", random=self.random, persistent=self.persistent)


@dataclass(frozen=True, slots=True)
class Snat(Target):
    """New source: ``addresses`` and ``ports`` are inclusive ranges, None where kept.

    ``base`` is 0 for a shifted map (``:lo-hi/base``): the real command takes one and forgets its first port.
    """

    name: ClassVar[str] = "SNAT"
    addresses: Range | None = None
    ports: Range | None = None
    base: int | None = None
    random: bool = False
    random_fully: bool = False
    persistent: bool = False

    def _more(self, dash: str) -> str:
        return _flags(dash, random=self.random, random_fully=self.random_fully, persistent=self.persistent)

    def save(self) -> str:
        return f" --to-source {_to_text(self.addresses, self.ports, self.base)}{self._more('--')}"

    def list(self, numeric: bool = True) -> str:
        return f"to:{_to_text(self.addresses, self.ports, self.base)}{self._more('')}"


@dataclass(frozen=True, slots=True)
class Masquerade(Target):
    """New source: the address of the out-device, with ``ports`` as inclusive range or None; ``base`` as in SNAT."""

    name: ClassVar[str] = "MASQUERADE"
    ports: Range | None = None
    base: int | None = None
    random: bool = False
    random_fully: bool = False

    def save(self) -> str:
        out = f" --to-ports {_to_text(None, self.ports, self.base)[1:]}" if self.ports else ""
        return out + _flags("--", random=self.random, random_fully=self.random_fully)

    def list(self, numeric: bool = True) -> str:
        out = f" masq ports: {_to_text(None, self.ports, self.base)[1:]}" if self.ports else ""
        return (out + _flags("", random=self.random, random_fully=self.random_fully))[1:]


@dataclass(frozen=True, slots=True)
class Redirect(Target):
    """New destination: this host itself, with ``ports`` as inclusive range or None."""

    name: ClassVar[str] = "REDIRECT"
    ports: Range | None = None
    random: bool = False

    def save(self) -> str:
        out = f" --to-ports {range_text(*self.ports, '-')}" if self.ports else ""
        return out + _flags("--", random=self.random)

    def list(self, numeric: bool = True) -> str:
        out = f" redir ports {range_text(*self.ports, '-')}" if self.ports else ""
        return (out + _flags("", random=self.random))[1:]


@dataclass(frozen=True, slots=True)
class Netmap(Target):
    """The network part is replaced: new = (old & ~mask) | address; which side depends on the hook."""

    name: ClassVar[str] = "NETMAP"
    address: int = 0
    mask: int = 0xFFFFFFFF

    def _to(self) -> str:
        length = prefix_length(self.mask)
        return f"{ip_text(self.address)}/{ip_text(self.mask) if length is None else length}"

    def save(self) -> str:
        return f" --to {self._to()}"

    def list(self, numeric: bool = True) -> str:
        return f"to:{self._to()}"


def _port(text: str, call: Call, low: int = 0) -> tuple[int, str]:
    found = leading_number(text, low, 65535)
    if found is None:
        named = service_port(text)
        if named is None:
            call.fail(f"Port `{text}' not valid")
        return named, ""
    return found


def _ports(text: str, call: Call) -> tuple[Range, int | None]:
    """``port``, ``low-high`` or ``low-high/base``."""
    if call.proto not in _WITH_PORTS:
        call.fail("Need TCP, UDP, SCTP or DCCP with port specification")
    low, rest = _port(text, call)
    if not rest:
        return (low, low), None
    if rest[0] == ":":
        call.fail("Invalid port:port syntax - use dash")
    if rest[0] != "-":
        call.fail(f"Garbage after port value: `{rest}'")
    found = leading_number(rest[1:], 0, 65535)
    if found is None:
        call.fail(f"Port `{rest[1:]}' not valid")
    high, after = found
    if high < low:
        call.fail(f"Port range `{rest[1:]}' funky")
    if not after:
        return (low, high), None
    if after[0] != "/":
        call.fail(f"Garbage after port range: `{after}'")
    base, _ = _port(after[1:], call, 1)
    return (low, high), base


def _address(text: str, call: Call) -> int:
    try:
        return ip(text)
    except ValueError:
        call.fail(f'Bad IP address "{text}"')


def _to(text: str, call: Call) -> tuple[Range | None, Range | None, int | None]:
    """``[address[-address]][:ports]``."""
    if "[" in text:
        call.fail("Invalid address format")
    head, colon, tail = text.partition(":")
    ports: Range | None = None
    base: int | None = None
    if colon and ":" not in tail:
        ports, base = _ports(tail, call)
        if not head:
            return None, ports, base
    else:
        head = text
    first, dash, last = head.partition("-")
    low = _address(first, call)
    return (low, _address(last, call) if dash else low), ports, base


def _only_ports(text: str, call: Call) -> Range:
    ports, base = _ports(text, call)
    if base is not None:
        call.fail("Shifted portmap ranges not supported with this kernel")
    return ports


def _dnat(values: Mapping[str, Any], inverted: frozenset[str]) -> Dnat:
    addresses, ports, base = values["to"]
    return Dnat(addresses, ports, base, "random" in values, "persistent" in values)


def _snat(values: Mapping[str, Any], inverted: frozenset[str]) -> Snat:
    addresses, ports, base = values["to"]
    return Snat(
        addresses,
        ports,
        None if base is None else 0,
        "random" in values,
        "random-fully" in values,
        "persistent" in values,
    )


def _masquerade(values: Mapping[str, Any], inverted: frozenset[str]) -> Masquerade:
    ports, base = values.get("to-ports", (None, None))
    return Masquerade(ports, None if base is None else 0, "random" in values, "random-fully" in values)


DNAT: Final = Extension(
    "DNAT",
    (
        Option("to-destination", _to, "to", mandatory=True),
        Option("random"),
        Option("persistent"),
    ),
    _dnat,
)

SNAT: Final = Extension(
    "SNAT",
    (
        Option("to-source", _to, "to", mandatory=True),
        Option("random"),
        Option("random-fully"),
        Option("persistent"),
    ),
    _snat,
)

MASQUERADE: Final = Extension(
    "MASQUERADE",
    (Option("to-ports", _ports), Option("random"), Option("random-fully")),
    _masquerade,
)

REDIRECT: Final = Extension(
    "REDIRECT",
    (Option("to-ports", _only_ports), Option("random")),
    lambda values, inverted: Redirect(values.get("to-ports"), "random" in values),
)

NETMAP: Final = Extension(
    "NETMAP",
    (Option("to", network, mandatory=True),),
    lambda values, inverted: Netmap(values["to"][0] & values["to"][1], values["to"][1]),
)

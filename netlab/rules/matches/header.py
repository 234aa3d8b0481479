"""Matches on the transport header: tcp, udp, icmp, multiport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from netlab.rules.matches.base import Match, bang
from netlab.rules.names import ICMP_TYPES, TCP_FLAGS, service_name
from netlab.rules.numbers import leading_number, number, range_text
from netlab.rules.options import Call, Extension, Option, Reader
from netlab.rules.readers import port, ports

Range: TypeAlias = tuple[int, int]
ANY_PORT: Final[Range] = (0, 65535)

_PORT_PROTOCOLS: Final[dict[int, str]] = {6: "tcp", 17: "udp", 136: "udplite", 132: "sctp", 33: "dccp"}


def port_text(value: int, numeric: bool, protocol: str) -> str:
    """A port as listings print it: its service name unless ``numeric``."""
    return str(value) if numeric else service_name(value, protocol) or str(value)


def _ports_list(word: str, both: Range, inv: bool, numeric: bool, protocol: str) -> str:
    if both == ANY_PORT and not inv:
        return ""
    low, high = both
    sign = "!" if inv else ""
    if low == high:
        return f" {word}:{sign}{port_text(low, numeric, protocol)}"
    return f" {word}s:{sign}{port_text(low, numeric, protocol)}:{port_text(high, numeric, protocol)}"


def _ports_save(option: str, both: Range, inv: bool) -> str:
    return "" if both == ANY_PORT else f"{bang(inv)} {option} {range_text(*both)}"


def flags_text(flags: int) -> str:
    """TCP flags by name, NONE for none.

    >>> flags_text(0x12)
    'SYN,ACK'
    """
    return ",".join(n for n, bit in TCP_FLAGS.items() if n not in ("ALL", "NONE") and flags & bit) or "NONE"


@dataclass(frozen=True, slots=True)
class Tcp(Match):
    """TCP ports (inclusive ranges), ``--tcp-flags mask comp`` (wire bits), ``--tcp-option`` (0: none).

    Later fragments never match (net/netfilter/xt_tcpudp.c).

    >>> Tcp(dports=(80, 80)).save(), Tcp(dports=(80, 80)).list(numeric=False)
    (' --dport 80', 'tcp dpt:http')
    """

    name: ClassVar[str] = "tcp"
    sports: Range = ANY_PORT
    sports_inv: bool = False
    dports: Range = ANY_PORT
    dports_inv: bool = False
    flags_mask: int = 0
    flags_comp: int = 0
    flags_inv: bool = False
    option: int = 0
    option_inv: bool = False

    def save(self) -> str:
        out = _ports_save("--sport", self.sports, self.sports_inv)
        out += _ports_save("--dport", self.dports, self.dports_inv)
        if self.option or self.option_inv:
            out += f"{bang(self.option_inv)} --tcp-option {self.option}"
        if self.flags_mask or self.flags_inv:
            out += f"{bang(self.flags_inv)} --tcp-flags "
            out += f"{flags_text(self.flags_mask)} {flags_text(self.flags_comp)}"
        return out

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        out = "tcp" + _ports_list("spt", self.sports, self.sports_inv, numeric, "tcp")
        out += _ports_list("dpt", self.dports, self.dports_inv, numeric, "tcp")
        if self.option or self.option_inv:
            out += f" option={'!' if self.option_inv else ''}{self.option}"
        if self.flags_mask or self.flags_inv:
            sign = "!" if self.flags_inv else ""
            if numeric:
                out += f" flags:{sign}0x{self.flags_mask:02X}/0x{self.flags_comp:02X}"
            else:
                out += f" flags:{sign}{flags_text(self.flags_mask)}/{flags_text(self.flags_comp)}"
        return out


@dataclass(frozen=True, slots=True)
class Udp(Match):
    """UDP ports (inclusive ranges); later fragments never match."""

    name: ClassVar[str] = "udp"
    sports: Range = ANY_PORT
    sports_inv: bool = False
    dports: Range = ANY_PORT
    dports_inv: bool = False

    def save(self) -> str:
        return _ports_save("--sport", self.sports, self.sports_inv) + _ports_save(
            "--dport", self.dports, self.dports_inv
        )

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        out = "udp" + _ports_list("spt", self.sports, self.sports_inv, numeric, "udp")
        return out + _ports_list("dpt", self.dports, self.dports_inv, numeric, "udp")


@dataclass(frozen=True, slots=True)
class Icmp(Match):
    """ICMP type (255: any) and an inclusive range of codes; ``inv`` turns the whole test."""

    name: ClassVar[str] = "icmp"
    type: int = 255
    code_min: int = 0
    code_max: int = 255
    inv: bool = False

    def save(self) -> str:
        if self.type == 255:
            return f"{bang(self.inv)} --icmp-type any"
        code = "" if (self.code_min, self.code_max) == (0, 255) else f"/{self.code_min}"
        return f"{bang(self.inv)} --icmp-type {self.type}{code}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        if not numeric:
            for name, *rest in ICMP_TYPES:
                if rest == [self.type, self.code_min, self.code_max]:
                    return f"icmp {'!' if self.inv else ''}{name}"
        out = f"icmp{' !' if self.inv else ''}type {self.type}"
        if self.code_min == self.code_max:
            return f"{out} code {self.code_min}"
        if (self.code_min, self.code_max) != (0, 255):
            return f"{out} codes {self.code_min}-{self.code_max}"
        return out


_MULTIPORT: Final = {"source": "sports", "destination": "dports", "either": "ports"}


@dataclass(frozen=True, slots=True)
class Multiport(Match):
    """Up to 15 ports or ranges (a range counts two): source, destination, or either port in one of them."""

    name: ClassVar[str] = "multiport"
    kind: Literal["source", "destination", "either"] = "destination"
    ports: tuple[Range, ...] = ()
    inv: bool = False

    def save(self) -> str:
        text = ",".join(range_text(*p) for p in self.ports)
        return f"{bang(self.inv)} --{_MULTIPORT[self.kind]} {text}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        protocol = _PORT_PROTOCOLS.get(proto, "")
        text = ",".join(
            ":".join(port_text(end, numeric, protocol) for end in dict.fromkeys(both)) for both in self.ports
        )
        return f"multiport {_MULTIPORT[self.kind]} {' !' if self.inv else ''}{text}"


def _tcp_ports(text: str, call: Call) -> Range:
    low, colon, high = text.partition(":")
    if not colon:
        only = port(text, call, "tcp")
        return only, only
    both = (port(low, call, "tcp") if low else 0, port(high, call, "tcp") if high else 65535)
    if both[0] > both[1]:
        call.fail("invalid portrange (min > max)")
    return both


def _tcp_flags(mask: str, comp: str, call: Call) -> Range:
    def bits(text: str) -> int:
        value = 0
        for name in text.split(","):
            if not name:
                continue
            if name.upper() not in TCP_FLAGS:
                call.fail(f"Unknown TCP flag `{name}'")
            value |= TCP_FLAGS[name.upper()]
        return value

    if comp[:1] in ("", "-", "!"):
        call.fail("--tcp-flags requires two args.")
    return bits(mask), bits(comp)


def _tcp_option(text: str, call: Call) -> int:
    value = number(text, 1, 255)
    if value is None:
        call.fail(f'Bad TCP option "{text}"')
    return value


def _tcp_build(values: Mapping[str, Any], inverted: frozenset[str]) -> Tcp:
    mask, comp = (0x17, 0x02) if values.get("flags") is True else values.get("flags", (0, 0))
    return Tcp(
        sports=values.get("sports", ANY_PORT),
        sports_inv="sports" in inverted,
        dports=values.get("dports", ANY_PORT),
        dports_inv="dports" in inverted,
        flags_mask=mask,
        flags_comp=comp,
        flags_inv="flags" in inverted,
        option=values.get("option", 0),
        option_inv="option" in inverted,
    )


_FLAGS_ONCE = "Only one of `--syn' or `--tcp-flags'  allowed"
TCP: Final = Extension(
    "tcp",
    (
        Option("source-port", _tcp_ports, "sports", once="Only one `--source-port' allowed"),
        Option("sport", _tcp_ports, "sports", once="Only one `--source-port' allowed"),
        Option("destination-port", _tcp_ports, "dports", once="Only one `--destination-port' allowed"),
        Option("dport", _tcp_ports, "dports", once="Only one `--destination-port' allowed"),
        Option("syn", None, "flags", once=_FLAGS_ONCE),
        Option("tcp-flags", None, "flags", second=_tcp_flags, once=_FLAGS_ONCE),
        Option("tcp-option", _tcp_option, "option", once="Only one `--tcp-option' allowed"),
    ),
    _tcp_build,
)

UDP: Final = Extension(
    "udp",
    (
        Option("source-port", ports, "sports", inverts=True),
        Option("sport", ports, "sports", inverts=True),
        Option("destination-port", ports, "dports", inverts=True),
        Option("dport", ports, "dports", inverts=True),
    ),
    lambda values, inverted: Udp(
        sports=values.get("sports", ANY_PORT),
        sports_inv="sports" in inverted,
        dports=values.get("dports", ANY_PORT),
        dports_inv="dports" in inverted,
    ),
)


def icmp_type(text: str, fail: Call) -> tuple[int, int, int]:
    """Type and codes of a name (any clear beginning of one) or of ``type[/code]``."""
    found: tuple[str, int, int, int] | None = None
    for row in ICMP_TYPES:
        if row[0].lower().startswith(text.lower()):
            if found:
                fail.fail(f"Ambiguous ICMP type `{text}': `{found[0]}' or `{row[0]}'?")
            found = row
    if found:
        return found[1:]
    head = leading_number(text, 0, 255)
    if head is None:
        fail.fail(f"Unknown ICMP type `{text}'")
    kind, rest = head
    if not rest:
        return kind, 0, 255
    if rest[0] == "/":
        code = leading_number(rest[1:], 0, 255)
        if code is None:
            fail.fail(f"Unknown ICMP code `{text}'")
        low, rest = code
        high = low
        if rest[:1] == ":":
            last = leading_number(rest[1:], 0, 255)
            if last is None:
                fail.fail(f"Unknown ICMP code `{text}'")
            high, rest = last
        if not rest:
            return kind, low, high
    return fail.fail(f"unknown character {rest[0]}")


def _icmp_build(values: Mapping[str, Any], inverted: frozenset[str]) -> Icmp:
    kind, low, high = values["icmp-type"]
    return Icmp(kind, low, high, bool(inverted))


ICMP: Final = Extension(
    "icmp",
    (Option("icmp-type", icmp_type, inverts=True, mandatory=True),),
    _icmp_build,
)


def _multi(kind: str) -> Reader:
    def read(text: str, call: Call) -> tuple[str, tuple[Range, ...]]:
        protocol = _PORT_PROTOCOLS.get(call.proto)
        if call.proto_inv or (protocol is None and call.proto):
            call.fail("multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP")
        if protocol is None:
            call.fail("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
        found: list[Range] = []
        used = 0
        for part in text.split(","):
            low, colon, high = part.partition(":")
            used += 2 if colon else 1
            if used > 15:
                call.fail("too many ports specified")
            first = port(low, call, protocol)
            last = port(high, call, protocol) if colon else first
            if colon and first >= last:
                call.fail("invalid portrange specified")
            found.append((first, last))
        return kind, tuple(found)

    return read


def _multiport_build(values: Mapping[str, Any], inverted: frozenset[str]) -> Multiport:
    kind, ports = next(iter(values.values()))
    return Multiport(kind, ports, bool(inverted))


_KINDS = frozenset({"source", "destination", "either"})
MULTIPORT: Final = Extension(
    "multiport",
    (
        Option("source-ports", _multi("source"), "source", inverts=True, excludes=_KINDS),
        Option("sports", _multi("source"), "source", inverts=True, excludes=_KINDS),
        Option("destination-ports", _multi("destination"), "destination", inverts=True, excludes=_KINDS),
        Option("dports", _multi("destination"), "destination", inverts=True, excludes=_KINDS),
        Option("ports", _multi("either"), "either", inverts=True, excludes=_KINDS),
    ),
    _multiport_build,
    check=lambda values: None if values else "multiport expection an option",
)

__all__ = ["ANY_PORT", "ICMP", "MULTIPORT", "TCP", "UDP", "Icmp", "Multiport", "Range", "Tcp", "Udp"]

"""Matches on the IP header and on the packet as a whole: length, ttl, iprange, pkttype, mac."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from netlab.rules.matches.base import Match, bang
from netlab.rules.matches.header import Range
from netlab.rules.numbers import dotted, range_text
from netlab.rules.options import Call, Extension, Option
from netlab.rules.readers import integer, integers, mac
from netlab.wire import ip_text


@dataclass(frozen=True, slots=True)
class Length(Match):
    """IP total length, inclusive range in bytes."""

    name: ClassVar[str] = "length"
    low: int = 0
    high: int = 65535
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --length {range_text(self.low, self.high)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"length {'!' if self.inv else ''}{range_text(self.low, self.high)}"


@dataclass(frozen=True, slots=True)
class Tcpmss(Match):
    """The MSS option of a TCP segment, inclusive range in bytes; with ``inv`` one without it matches."""

    name: ClassVar[str] = "tcpmss"
    low: int = 0
    high: int = 65535
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --mss {range_text(self.low, self.high)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"tcpmss match {'!' if self.inv else ''}{range_text(self.low, self.high)}"


_TTL: Final = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">"}


@dataclass(frozen=True, slots=True)
class Ttl(Match):
    """TTL compared: ``eq``, ``ne``, ``lt`` (packet's TTL below value), ``gt``."""

    name: ClassVar[str] = "ttl"
    op: Literal["eq", "ne", "lt", "gt"] = "eq"
    value: int = 0

    def save(self) -> str:
        return f" ! --ttl-eq {self.value}" if self.op == "ne" else f" --ttl-{self.op} {self.value}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"TTL match TTL {_TTL[self.op]} {self.value}"


def _range_text(both: Range) -> str:
    return f"{ip_text(both[0])}-{ip_text(both[1])}"


@dataclass(frozen=True, slots=True)
class Iprange(Match):
    """Inclusive ranges of source and destination addresses; None where not asked."""

    name: ClassVar[str] = "iprange"
    src: Range | None = None
    src_inv: bool = False
    dst: Range | None = None
    dst_inv: bool = False

    def save(self) -> str:
        out = f"{bang(self.src_inv)} --src-range {_range_text(self.src)}" if self.src else ""
        return out + (f"{bang(self.dst_inv)} --dst-range {_range_text(self.dst)}" if self.dst else "")

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        parts = []
        if self.src:
            parts.append(f"source IP range{bang(self.src_inv)} {_range_text(self.src)}")
        if self.dst:
            parts.append(f"destination IP range{bang(self.dst_inv)} {_range_text(self.dst)}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Pkttype(Match):
    """Link-layer packet type: unicast, broadcast, multicast or otherhost."""

    name: ClassVar[str] = "pkttype"
    type: str = "unicast"
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --pkt-type {self.type}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"PKTTYPE {'!' if self.inv else ''}= {self.type}"


@dataclass(frozen=True, slots=True)
class Mac(Match):
    """Source MAC address (lower case, as in netlab.wire); needs an Ethernet in-device."""

    name: ClassVar[str] = "mac"
    mac: str = "00:00:00:00:00:00"
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --mac-source {self.mac}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"MAC {'! ' if self.inv else ''}{self.mac}"


LENGTH: Final = Extension(
    "length",
    (Option("length", integers(65535), inverts=True, mandatory=True),),
    lambda values, inverted: Length(values["length"][0], values["length"][1], bool(inverted)),
)

TCPMSS: Final = Extension(
    "tcpmss",
    (Option("mss", integers(65535), inverts=True, mandatory=True),),
    lambda values, inverted: Tcpmss(values["mss"][0], values["mss"][1], bool(inverted)),
)

_TTL_KEYS = frozenset({"eq", "lt", "gt"})


def _ttl(values: object, inverted: frozenset[str]) -> Ttl:
    assert isinstance(values, dict)
    ((op, value),) = values.items()
    return Ttl("ne" if inverted else op, value)


TTL: Final = Extension(
    "ttl",
    (
        Option("ttl-lt", integer(0, 255), "lt", excludes=_TTL_KEYS),
        Option("ttl-gt", integer(0, 255), "gt", excludes=_TTL_KEYS),
        Option("ttl-eq", integer(0, 255), "eq", excludes=_TTL_KEYS, inverts=True),
        Option("ttl", integer(0, 255), "eq", excludes=_TTL_KEYS, inverts=True),
    ),
    _ttl,
    check=lambda values: (
        None if values else "TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt"
    ),
)


def _addresses(text: str, call: Call) -> Range:
    first, dash, last = text.partition("-")
    ends = [dotted(end) for end in ((first, last) if dash else (first, first))]
    for value, written in zip(ends, (first, last), strict=True):
        if value is None:
            call.bad_value(written)
    assert ends[0] is not None
    assert ends[1] is not None
    if ends[0] > ends[1]:
        call.warn(f"xt_iprange: range {_range_text((ends[0], ends[1]))} is reversed and will never match")
    return ends[0], ends[1]


IPRANGE: Final = Extension(
    "iprange",
    (
        Option("src-range", _addresses, "src", inverts=True),
        Option("dst-range", _addresses, "dst", inverts=True),
    ),
    lambda values, inverted: Iprange(
        src=values.get("src"), src_inv="src" in inverted, dst=values.get("dst"), dst_inv="dst" in inverted
    ),
    check=lambda values: None if values else "iprange match: You must specify `--src-range' or `--dst-range'",
)

_PKTTYPES: Final = {
    "unicast": "unicast",
    "broadcast": "broadcast",
    "multicast": "multicast",
    "otherhost": "otherhost",
    "bcast": "broadcast",
    "mcast": "multicast",
    "host": "unicast",
}


def _pkttype(text: str, call: Call) -> str:
    if text.lower() not in _PKTTYPES:
        call.fail(f"Bad packet type '{text}'")
    return _PKTTYPES[text.lower()]


PKTTYPE: Final = Extension(
    "pkttype",
    (Option("pkt-type", _pkttype, inverts=True, mandatory=True),),
    lambda values, inverted: Pkttype(values["pkt-type"], bool(inverted)),
)

MAC: Final = Extension(
    "mac",
    (Option("mac-source", mac, inverts=True, mandatory=True),),
    lambda values, inverted: Mac(values["mac-source"], bool(inverted)),
)

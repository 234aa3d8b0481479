"""Names for numbers: protocols, services, ICMP types, syslog levels, TCP flags, users, Ethernet types."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from netlab.wire import ACK, FIN, ICMP, PSH, RST, SYN, TCP, UDP, UDPLITE, URG

CHAIN_PROTOCOLS: Final[dict[str, int]] = {
    "tcp": TCP,
    "sctp": 132,
    "udp": UDP,
    "udplite": UDPLITE,
    "icmp": ICMP,
    "ipv6-icmp": 58,
    "icmpv6": 58,
    "esp": 50,
    "ah": 51,
    "mobility-header": 135,
    "ipv6-mh": 135,
    "mh": 135,
    "dccp": 33,
    "ipcomp": 108,
    "all": 0,
}
"""Protocols that iptables knows by itself, in the order it looks (libxtables/xtables.c); 0 is any."""

ICMP_TYPES: Final[tuple[tuple[str, int, int, int], ...]] = (
    ("any", 255, 0, 255),
    ("echo-reply", 0, 0, 255),
    ("pong", 0, 0, 255),
    ("destination-unreachable", 3, 0, 255),
    ("network-unreachable", 3, 0, 0),
    ("host-unreachable", 3, 1, 1),
    ("protocol-unreachable", 3, 2, 2),
    ("port-unreachable", 3, 3, 3),
    ("fragmentation-needed", 3, 4, 4),
    ("source-route-failed", 3, 5, 5),
    ("network-unknown", 3, 6, 6),
    ("host-unknown", 3, 7, 7),
    ("network-prohibited", 3, 9, 9),
    ("host-prohibited", 3, 10, 10),
    ("TOS-network-unreachable", 3, 11, 11),
    ("TOS-host-unreachable", 3, 12, 12),
    ("communication-prohibited", 3, 13, 13),
    ("host-precedence-violation", 3, 14, 14),
    ("precedence-cutoff", 3, 15, 15),
    ("source-quench", 4, 0, 255),
    ("redirect", 5, 0, 255),
    ("network-redirect", 5, 0, 0),
    ("host-redirect", 5, 1, 1),
    ("TOS-network-redirect", 5, 2, 2),
    ("TOS-host-redirect", 5, 3, 3),
    ("echo-request", 8, 0, 255),
    ("ping", 8, 0, 255),
    ("router-advertisement", 9, 0, 255),
    ("router-solicitation", 10, 0, 255),
    ("time-exceeded", 11, 0, 255),
    ("ttl-exceeded", 11, 0, 255),
    ("ttl-zero-during-transit", 11, 0, 0),
    ("ttl-zero-during-reassembly", 11, 1, 1),
    ("parameter-problem", 12, 0, 255),
    ("ip-header-bad", 12, 0, 0),
    ("required-option-missing", 12, 1, 1),
    ("timestamp-request", 13, 0, 255),
    ("timestamp-reply", 14, 0, 255),
    ("address-mask-request", 17, 0, 255),
    ("address-mask-reply", 18, 0, 255),
)
"""ICMP names: name, type, lowest and highest code. Any unambiguous beginning is accepted."""

SYSLOG_LEVELS: Final[dict[str, int]] = {
    "emerg": 0,
    "panic": 0,
    "alert": 1,
    "crit": 2,
    "error": 3,
    "warning": 4,
    "notice": 5,
    "info": 6,
    "debug": 7,
}
"""Names that ``--log-level`` accepts."""

SYSLOG_NAMES: Final = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")
"""The name a listing prints for each level."""

TCP_FLAGS: Final[dict[str, int]] = {
    "FIN": FIN,
    "SYN": SYN,
    "RST": RST,
    "PSH": PSH,
    "ACK": ACK,
    "URG": URG,
    "ALL": 0x3F,
    "NONE": 0,
}

USERS: Final[dict[int, str]] = {0: "root"}
"""User names that listings print without ``-n``; other users, and all groups, stay numbers."""


def _rows(name: str) -> list[list[str]]:
    """The fields of a data file of this room, without its comments."""
    text = files("netlab.rules").joinpath(name).read_text(encoding="ascii")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _protocols() -> tuple[dict[str, int], dict[int, str]]:
    by_name: dict[str, int] = {}
    by_number: dict[int, str] = {}
    for number, *names in _rows("protocols.txt"):
        by_number.setdefault(int(number), names[0])
        for name in names:
            by_name.setdefault(name, int(number))
    return by_name, by_number


@cache
def _services() -> tuple[dict[tuple[str, str], int], dict[tuple[int, str], str]]:
    by_name: dict[tuple[str, str], int] = {}
    by_port: dict[tuple[int, str], str] = {}
    for port, protocols, *names in _rows("services.txt"):
        for protocol in protocols.split(","):
            by_port.setdefault((int(port), protocol), names[0])
            for name in names:
                by_name.setdefault((name, protocol), int(port))
    return by_name, by_port


@cache
def _ethertypes() -> tuple[dict[str, int], dict[int, str]]:
    by_name: dict[str, int] = {}
    by_number: dict[int, str] = {}
    for number, *names in _rows("ethertypes.txt"):
        by_number.setdefault(int(number, 16), names[0])
        for name in names:
            by_name.setdefault(name.lower(), int(number, 16))
    return by_name, by_number


def protocol_number(name: str) -> int | None:
    """The number of a protocol name, None if unknown.

    >>> protocol_number("tcp"), protocol_number("gre")
    (6, 47)
    """
    if name in CHAIN_PROTOCOLS:
        return CHAIN_PROTOCOLS[name]
    return _protocols()[0].get(name)


_CHAIN_NAMES: Final[dict[int, str]] = {number: name for name, number in reversed(CHAIN_PROTOCOLS.items())}


def protocol_name(number: int, *, lookup: bool = True) -> str | None:
    """The name of a protocol number; without ``lookup`` only names that iptables knows by itself.

    >>> protocol_name(6), protocol_name(47), protocol_name(47, lookup=False)
    ('tcp', 'gre', None)
    """
    if number in _CHAIN_NAMES:
        return _CHAIN_NAMES[number]
    return _protocols()[1].get(number) if lookup else None


def service_port(name: str, protocol: str | None = None) -> int | None:
    """The port of a service name, of any protocol if none is given; None if unknown.

    >>> service_port("https", "tcp"), service_port("domain")
    (443, 53)
    """
    by_name = _services()[0]
    for wanted in (protocol,) if protocol else ("tcp", "udp", "sctp", "dccp"):
        if (name, wanted) in by_name:
            return by_name[name, wanted]
    return None


def service_name(port: int, protocol: str) -> str | None:
    """The service name of a port, None if it has none.

    >>> service_name(8080, "tcp")
    'http-alt'
    """
    return _services()[1].get((port, protocol))


def ethertype_number(name: str) -> int | None:
    """The number of an Ethernet type's name, in any case; None if unknown.

    >>> hex(ethertype_number("ipv4"))
    '0x800'
    """
    return _ethertypes()[0].get(name.lower())


def ethertype_name(number: int) -> str | None:
    """The name of an Ethernet type, None if it has none."""
    return _ethertypes()[1].get(number)

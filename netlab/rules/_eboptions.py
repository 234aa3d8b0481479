"""The options of ebtables' extensions and how their values are read (extensions/ebt_*.c of 2.0.10/2.0.11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn, cast

from netlab.rules import ebmodel as eb
from netlab.rules.ebtext import ARP_OPCODES, LOG_LEVELS, MAC_CLASSES, PACKET_TYPES
from netlab.rules.errors import Asked, EbtablesError
from netlab.rules.matches.history import LIMIT
from netlab.rules.names import ICMP_TYPES, ethertype_number, protocol_number
from netlab.rules.numbers import dotted, number
from netlab.rules.options import Call
from netlab.rules.words import Words
from netlab.wire import mask_of

VERDICTS: Final = ("ACCEPT", "DROP", "CONTINUE", "RETURN")


class EbWords(Words):
    """Words of an ebtables command; refusals carry its exit code and its full stop."""

    def fail(
        self, message: str, *, modelled: bool = True, expected: str | None = None, asked: Asked = ()
    ) -> NoReturn:
        if modelled:
            raise EbtablesError(message, **self.where(), expected=expected)
        super().fail(message, modelled=False, expected=expected)


Read = Callable[[str, EbWords], Any]


_SHORTEST_FRAME: Final = 60
_COUNT: Final = re.compile(r"\s*([+-]?\d+)?")


def leading_decimal(text: str) -> tuple[int | None, str]:
    """The decimal number a text starts with (None: there is none), as C's ``strtol`` reads it, and what follows.

    >>> leading_decimal("-5:9"), leading_decimal("x")
    ((-5, ':9'), (None, 'x'))
    """
    found = _COUNT.match(text)
    if found is None or found[1] is None:
        return None, text
    return int(found[1]), text[found.end() :]


def mac(text: str, words: EbWords, complaint: str) -> str:
    """Six bytes with colons, two lower-case digits each in the result."""
    parts = text.split(":")
    if len(parts) != 6 or not all(re.fullmatch("[0-9a-fA-F]{1,2}", part) for part in parts):
        words.fail(complaint)
    return ":".join(f"{int(part, 16):02x}" for part in parts)


def mac_mask(text: str, words: EbWords, complaint: str) -> eb.MacMask:
    """A MAC address with its mask, or the name of a class of them."""
    for pair, name in MAC_CLASSES.items():
        if text.lower() == name.lower():
            return pair
    address, slash, mask = text.partition("/")
    complaint = complaint.replace(text, address)
    bits = mac(mask, words, complaint) if slash else eb.ALL_ONES
    value = mac(address, words, complaint)
    both = zip(value.split(":"), bits.split(":"), strict=True)
    return ":".join(f"{int(a, 16) & int(b, 16):02x}" for a, b in both), bits


def _network(text: str, words: EbWords) -> eb.Network:
    address, slash, suffix = text.rpartition("/")
    if not slash:
        address = suffix
    mask: int | None = 0xFFFFFFFF
    if slash:
        length = number(suffix, 0, 32) if suffix else 0
        # a length of 0 is taken for 32 (parse_ip_mask)
        mask = dotted(suffix, complete=True) if length is None else mask_of(length or 32)
        if mask is None:
            words.fail(f"Problem with the IP mask '{suffix}'")
    value = dotted(address, complete=True)
    if value is None:
        words.fail(f"Problem with the IP address '{address}'")
    assert mask is not None
    return value & mask, mask


def hex_number(text: str, limit: int) -> int | None:
    if not re.fullmatch(r"(0[xX])?[0-9a-fA-F]+", text):
        return None
    value = int(text, 16)
    return value if value <= limit else None


def _tos(text: str, words: EbWords) -> int:
    value = hex_number(text, 255)
    if value is None:
        words.fail("Problem with specified IP tos")
    return value


def _ip_proto(text: str, words: EbWords) -> int:
    if text.isdigit():
        return int(text) & 255
    value = 0 if text == "ip" else protocol_number(text)
    if value is None:
        words.fail(f"Unknown specified IP protocol - {text}")
    return value


def _ports(text: str, words: EbWords) -> eb.Range:
    def one(part: str) -> int:
        value, rest = leading_decimal(part) if part else (0, "")
        if value is None or rest:
            words.fail(f"Problem with specified  port '{part}'")
        return value & 0xFFFF

    low, colon, high = text.partition(":")
    if not colon:
        return one(text), one(text)
    both = (one(low) if low else 0, one(high) if high else 65535)
    if both[0] > both[1]:
        words.fail("Invalid portrange (min > max)")
    return both


def _icmp(text: str, words: EbWords) -> tuple[int, int, int, int]:
    near = [row for row in ICMP_TYPES if row[0] != "any" and row[0].lower().startswith(text.lower())]
    if len(near) > 1:
        words.fail(f"Ambiguous ICMP type `{text}': `{near[0][0]}' or `{near[1][0]}'?")
    if near:
        _, kind, low, high = near[0]
        return kind, kind, low, high

    def bounds(part: str) -> tuple[int, int, str] | None:
        found: list[int] = []
        for _ in range(2):
            value, part = leading_decimal(part)
            if value is None:
                return None
            if not 0 <= value <= 255:
                words.fail(f"Value {value} out of range (0, 255)")
            found.append(value)
            if part[:1] != ":" or len(found) == 2:
                break
            part = part[1:]
        return found[0], found[-1], part

    types = bounds(text)
    if types is None:
        words.fail(f"Unknown ICMP type `{text}'")
    first, last, rest = types
    if not rest:
        return first, last, 0, 255
    codes = bounds(rest[1:]) if rest[0] == "/" else (0, 255, rest)
    if codes is None:
        words.fail("Unknown argument: don't forget the -t option")
    if codes[2]:
        words.fail(f"unknown character {codes[2][0]}")
    return first, last, codes[0], codes[1]


def _opcode(text: str, words: EbWords) -> int:
    if text.isdigit() and int(text) < 65536:
        return int(text)
    for index, name in enumerate(ARP_OPCODES, 1):
        if name.lower() == text.lower():
            return index
    return words.fail("Problem with specified ARP opcode")


def _htype(text: str, words: EbWords) -> int:
    if text.isdigit() and int(text) < 65536:
        return int(text)
    if text.lower() != "ethernet":
        words.fail("Problem with specified ARP hardware type")
    return 1


def _arp_ptype(text: str, words: EbWords) -> int:
    value = hex_number(text, 65535)
    if value is None:
        value = ethertype_number(text)
    if value is None:
        words.fail("Problem with specified ARP protocol type")
    return value


def _encapsulated(text: str, words: EbWords) -> int:
    value = hex_number(text, 1 << 64)
    if value is None:
        value = ethertype_number(text)
    if value is None:
        words.fail(f"Unknown --vlan-encap value ('{text}')")
    if not _SHORTEST_FRAME <= value <= 65535:
        words.fail(f"Invalid --vlan-encap range ('{text}')")
    return value


def _arp_mac(text: str, words: EbWords) -> eb.MacMask:
    return mac_mask(text, words, "Problem with ARP MAC address argument")


def _integer(low: int, high: int, complaint: str) -> Read:
    def read(text: str, words: EbWords) -> int:
        value = number(text, low, high)
        if value is None:
            words.fail(complaint.format(text))
        return value

    return read


def _bounded_hex(limit: int, complaint: str) -> Read:
    def read(text: str, words: EbWords) -> int:
        value = hex_number(text, 1 << 64)
        if value is None or value > limit:
            words.fail(f"{complaint}, {value or 0:x}")
        return value

    return read


def _pkttype(text: str, words: EbWords) -> int:
    value = number(text, 0, 255)
    if value is None:
        value = next((n for n, name in enumerate(PACKET_TYPES) if name == text.lower()), 255)
    if value == 255:
        words.fail("Problem with specified pkttype class")
    return value


def _unsigned_long(text: str) -> int | None:
    """A whole text as C's ``strtoul`` reads it: 64 bits, nothing is 0, what is negative comes round."""
    sign, digits = ("-", text[1:]) if text[:1] == "-" else ("", text)
    value = number(digits, 0, (1 << 64) - 1) if digits else 0
    return None if value is None else -value % (1 << 64) if sign else value


def _mark_value(text: str, words: EbWords) -> int:
    value = _unsigned_long(text)
    if value is None:
        words.fail(f"Bad MARK value '{text}'")
    return value


def _mark(text: str, words: EbWords) -> tuple[int, int, bool]:
    value_text, slash, mask_text = text.partition("/")
    mask = _unsigned_long(mask_text) if slash else 0xFFFFFFFF
    if slash and not value_text and mask is not None:
        return 0, mask, True
    value = _unsigned_long(value_text)
    if value is None or mask is None:
        words.fail(f"Bad mark value '{text}'")
    return value, mask, False


def _rate(text: str, words: EbWords) -> int:
    def fail(message: str, *, modelled: bool = True, asked: Asked = ()) -> NoReturn:
        words.fail(f"bad rate `{text}'")

    read = LIMIT.options[0].read
    assert read is not None
    return cast(int, read(text, Call("limit", "limit", 0, False, fail, words.warn)))


def _group(text: str, words: EbWords) -> int:
    value, rest = leading_decimal(text)
    if value is None or rest:
        words.fail("--nflog-group must be a number!")
    return value & 0xFFFF


def _prefix(limit: int) -> Read:
    def read(text: str, words: EbWords) -> str:
        if len(text.encode()) > limit:
            words.fail("Prefix too long")
        if '"' in text:
            words.fail('Use of \\" is not allowed in the prefix')
        return text

    return read


def _log_level(text: str, words: EbWords) -> int:
    value = hex_number(text, 7)
    if value is None:
        if text not in LOG_LEVELS:
            words.fail("Problem with the log-level")
        value = LOG_LEVELS.index(text)
    return value


def _verdict(option: str) -> Read:
    def read(text: str, words: EbWords) -> str:
        if text not in VERDICTS:
            words.fail(f"Illegal --{option} target")
        return text

    return read


def _to_mac(complaint: str) -> Read:
    return lambda text, words: mac(text, words, complaint)


@dataclass(frozen=True, slots=True)
class _Option:
    """One option of an extension: whose it is, what it fills, how its value is read (None: it has none)."""

    extension: str
    key: str
    read: Read | None = None
    inverts: bool = False


OPTIONS: Final[dict[str, _Option]] = {
    **dict.fromkeys(("ip-source", "ip-src"), _Option("ip", "src", _network, True)),
    **dict.fromkeys(("ip-destination", "ip-dst"), _Option("ip", "dst", _network, True)),
    "ip-tos": _Option("ip", "tos", _tos, True),
    **dict.fromkeys(("ip-protocol", "ip-proto"), _Option("ip", "proto", _ip_proto, True)),
    **dict.fromkeys(("ip-source-port", "ip-sport"), _Option("ip", "sport", _ports, True)),
    **dict.fromkeys(("ip-destination-port", "ip-dport"), _Option("ip", "dport", _ports, True)),
    "ip-icmp-type": _Option("ip", "icmp", _icmp, True),
    **dict.fromkeys(("arp-opcode", "arp-op"), _Option("arp", "opcode", _opcode, True)),
    "arp-htype": _Option("arp", "htype", _htype, True),
    "arp-ptype": _Option("arp", "ptype", _arp_ptype, True),
    "arp-ip-src": _Option("arp", "ip_src", _network, True),
    "arp-ip-dst": _Option("arp", "ip_dst", _network, True),
    "arp-mac-src": _Option("arp", "mac_src", _arp_mac, True),
    "arp-mac-dst": _Option("arp", "mac_dst", _arp_mac, True),
    "arp-gratuitous": _Option("arp", "gratuitous", None, True),
    "vlan-id": _Option("vlan", "id", _integer(0, 4094, "Invalid --vlan-id range ('{}')"), True),
    "vlan-prio": _Option("vlan", "prio", _integer(0, 7, "Invalid --vlan-prio range ('{}')"), True),
    "vlan-encap": _Option("vlan", "encap", _encapsulated, True),
    "802_3-sap": _Option("802_3", "sap", _bounded_hex(255, "Problem with specified sap hex value"), True),
    "802_3-type": _Option(
        "802_3", "type", _bounded_hex(65535, "Problem with the specified type hex value"), True
    ),
    "pkttype-type": _Option("pkttype", "type", _pkttype, True),
    "mark": _Option("mark_m", "mark", _mark, True),
    "limit": _Option("limit", "average", _rate),
    "limit-burst": _Option("limit", "burst", _integer(0, 10000, "bad --limit-burst `{}'")),
    "log": _Option("log", "log"),
    "log-prefix": _Option("log", "prefix", _prefix(29)),
    "log-level": _Option("log", "level", _log_level),
    "log-ip": _Option("log", "ip"),
    "log-arp": _Option("log", "arp"),
    "log-ip6": _Option("log", "ip6"),
    "nflog": _Option("nflog", "nflog"),
    "nflog-group": _Option("nflog", "group", _group),
    "nflog-prefix": _Option("nflog", "prefix", _prefix(63)),
    "nflog-range": _Option("nflog", "range", _integer(0, 0x7FFFFFFF, "--nflog-range must be a number!")),
    "nflog-threshold": _Option(
        "nflog", "threshold", _integer(0, 0x7FFFFFFF, "--nflog-threshold must be a number!")
    ),
    **dict.fromkeys(("mark-set", "set-mark"), _Option("mark", "set", _mark_value)),
    "mark-or": _Option("mark", "or", _mark_value),
    "mark-and": _Option("mark", "and", _mark_value),
    "mark-xor": _Option("mark", "xor", _mark_value),
    "mark-target": _Option("mark", "verdict", _verdict("mark-target")),
    **dict.fromkeys(
        ("to-source", "to-src"),
        _Option("snat", "mac", _to_mac("Problem with specified --to-source mac")),
    ),
    "snat-target": _Option("snat", "verdict", _verdict("snat-target")),
    "snat-arp": _Option("snat", "arp"),
    **dict.fromkeys(
        ("to-destination", "to-dst"),
        _Option("dnat", "mac", _to_mac("Problem with specified --to-destination mac")),
    ),
    "dnat-target": _Option("dnat", "verdict", _verdict("dnat-target")),
    "redirect-target": _Option("redirect", "verdict", _verdict("redirect-target")),
    "arpreply-mac": _Option("arpreply", "mac", _to_mac("Problem with specified --arpreply-mac mac")),
    "arpreply-target": _Option("arpreply", "verdict", _verdict("arpreply-target")),
}
UNMODELLED: Final = re.compile(
    r"--(ip6-|among-|stp-|string|ulog|ip-igmp-type|device-group|proto-|concurrent|atomic|init-table)"
)
WATCHERS: Final = ("log", "nflog")
TARGETS: Final = ("mark", "snat", "dnat", "redirect", "arpreply")
LONG: Final[dict[str, str]] = {
    "--in-interface": "-i",
    "--in-if": "-i",
    "--logical-in": "--logical-in",
    "--logical-out": "--logical-out",
    "--out-interface": "-o",
    "--out-if": "-o",
    "--jump": "-j",
    "--set-counters": "-c",
    "--protocol": "-p",
    "--proto": "-p",
    "--source": "-s",
    "--src": "-s",
    "--destination": "-d",
    "--dst": "-d",
}
RULE_OPTIONS: Final = frozenset(LONG.values())

"""How ipset reads numbers, addresses, ports and elements."""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from netlab.kernel.ipset import TYPES, Element, IpSet, Part
from netlab.lab.context import Arg, Process
from netlab.rules.names import ICMP_TYPES, protocol_number, service_port
from netlab.wire import ICMP, TCP, UDP, UDPLITE, ip, mask_of

_NETWORK: Final = re.compile(r"([\d.]+)(?:/(\d+))?")
_MOST: Final = 65535
"""The most elements that a set holds unless told otherwise, less one."""


_ANY_NETWORK: Final = ("hash:net,iface", "hash:net,net")
"""Types that take 0.0.0.0/0."""


_WITH_PORTS: Final = (TCP, UDP, UDPLITE, 132)
_NULL: Final = "Null-valued element, cannot be stored in a hash type of set"


class Refused(Exception):
    """What ipset prints after its version, with status 1."""


class Misused(Exception):
    """A command line that makes no sense: status 2, and a hint at the help."""


def read_seconds(word: str) -> int:
    if not word.isdigit():
        raise Refused(f"Syntax error: '{word}' is invalid as number")
    return int(word)


def read_range(process: Process, kind: Arg, word: Arg) -> tuple[int, int]:
    (part,) = TYPES[kind]
    return _bounds(process, part, word)


def _bounds(process: Process, kind: str, text: Arg) -> tuple[int, int]:
    """The first and last number of FIRST-LAST, of a network, or of one address or port."""
    if kind == "port":
        protocol, _, ports = text.rpartition(":")
        low, dash, high = ports.partition("-")
        ends = [_port(text, port, protocol) for port in (low, high if dash else low)]
    else:
        network = _NETWORK.fullmatch(text)
        if network and network[2]:
            mask = mask_of(_length(network[2]))
            first = _address(network[1]) & mask
            return first, first | ~mask & 0xFFFFFFFF
        low, dash, high = text.partition("-")
        ends = [_address(low), _address(high if dash else low)]
    ends.sort()
    if ends[1] - ends[0] > _MOST:
        process.refuse(
            text, "ipset: so many elements at once are not modelled", expected=f"at most {_MOST + 1}"
        )
    return ends[0], ends[1]


def _length(text: str) -> int:
    if int(text) > 32:
        raise Refused(f"Syntax error: '{text}' is out of range 0-32")
    return int(text)


def _address(text: str) -> int:
    try:
        return ip(text)
    except ValueError:
        raise Refused(f"Syntax error: cannot parse {text}: resolving to IPv4 address failed") from None


def _port(text: str, port: str, protocol: str) -> int:
    protocol = protocol or "tcp"
    value = int(port) if port.isdigit() else service_port(port, protocol)
    if value is None or value > 65535:
        wrong = "is invalid as number" if value is None else "is out of range 0-65535"
        raise Refused(
            f"Syntax error: '{port}' {wrong}\nSyntax error: '{protocol}' is invalid as number\n"
            f"cannot parse '{port}' as a {protocol} port"
        )
    return value


def read_elements(process: Process, found: IpSet, word: Arg) -> list[Element]:
    """The elements that a word names: a range, or a network where the set holds addresses, names many."""
    kinds = found.dimensions
    pieces = word.split(",")
    if len(pieces) < len(kinds) or not all(pieces):
        raise Refused("Syntax error: Second element is missing from " + word + ".")
    if len(pieces) > len(kinds):
        many, some = ("Elem separator", "none") if len(kinds) == 1 else ("Two elem separators", "one")
        raise Refused(f"Syntax error: {many} in {word}, but settype {found.type} supports {some}.")
    dimensions = [
        _parts(process, found, kind, Arg(text, word.place)) for kind, text in zip(kinds, pieces, strict=True)
    ]
    return list(product(*dimensions))


def _parts(process: Process, found: IpSet, kind: str, text: Arg) -> list[Part]:
    if kind == "iface":
        return [str(text)]
    if kind == "mac":
        if not re.fullmatch(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}", text):
            raise Refused(f"Syntax error: cannot parse '{text}' as ethernet address")
        if not text.strip("0:"):
            raise Refused(_NULL)
        return [":".join(f"{int(octet, 16):02x}" for octet in text.split(":"))]
    if kind == "port":
        protocol = text.rpartition(":")[0] or "tcp"
        number = 0 if found.bounds else protocol_number(protocol)
        if number is None:
            raise Refused(f"Syntax error: cannot parse '{protocol}' as a protocol")
        if number == ICMP:
            return [(number, _icmp(text))]
        low, high = _bounds(process, kind, text)
        if not found.bounds and number not in _WITH_PORTS and (low or high):
            raise Refused(f"Syntax error: Protocol {protocol} can be used with pseudo port value 0 only.")
        _within(found, low, high)
        return [(number, port) for port in range(low, high + 1)]
    if kind == "net":
        network = _NETWORK.fullmatch(text)
        if network is None and "-" in text:
            process.refuse(text, "ipset: ranges of networks are not modelled", expected="ADDRESS/LENGTH")
        address = _address(network[1] if network else text)
        length = _length(network[2]) if network and network[2] else 32
        if not length and found.type not in _ANY_NETWORK:
            raise Refused("The value of the CIDR parameter of the IP address is invalid")
        return [(address, length)]
    low, high = _bounds(process, kind, text)
    _within(found, low, high)
    if not low and not found.bounds:
        raise Refused(_NULL)
    return [(address, 32) for address in range(low, high + 1)]


def _icmp(text: str) -> int:
    """``TYPE/CODE`` or a name."""
    word = text.rpartition(":")[2]
    for name, kind, low, _ in ICMP_TYPES:
        if name == word:
            return kind << 8 | low
    match = re.fullmatch(r"(\d+)/(\d+)", word)
    if not match or int(match[1]) > 255 or int(match[2]) > 255:
        raise Refused(f"Cannot parse {word} as an ICMP type/code.")
    return int(match[1]) << 8 | int(match[2])


def _within(found: IpSet, low: int, high: int) -> None:
    if found.bounds and not (found.bounds[0] <= low <= high <= found.bounds[1]):
        raise Refused("Element is out of the range of the set")

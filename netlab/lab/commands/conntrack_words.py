"""How ``conntrack`` 1.4.7 reads its command line: its commands, options, and what it says of the wrong ones.

Source of the table of options and of every complaint: the program, asked (its words stand in captures).
"""

from __future__ import annotations

import re
from typing import Final

from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.rules.names import protocol_number
from netlab.wire import mask_of

KNOWN: Final = (
    "-L -E -F -C -D -G with -p -s -d -r -q -n -g -j -m --sport --dport --state -u -e -o extended,id"
)
COMMANDS: Final = {
    "-L": "list", "--dump": "list", "-E": "events", "--event": "events", "-F": "flush", "--flush": "flush",
    "-C": "count", "--count": "count", "-D": "delete", "--delete": "delete", "-S": "stats", "--stats": "stats",
    "-G": "get", "--get": "get", "-V": "version", "--version": "version", "-I": "create", "--create": "create",
    "-U": "update", "--update": "update", "-A": "add", "--add": "add", "-h": "help", "--help": "help",
}  # fmt: skip
# Letter and long names of an option, what it is called here; in the order in which the program looks at them.
_OPTIONS: Final = (
    ("s", ("src", "orig-src"), "orig-src"),
    ("d", ("dst", "orig-dst"), "orig-dst"),
    ("r", ("reply-src",), "reply-src"),
    ("q", ("reply-dst",), "reply-dst"),
    ("p", ("protonum", "proto"), "proto"),
    ("t", ("timeout",), "timeout"),
    ("u", ("status",), "status"),
    ("z", ("zero",), "zero"),
    ("e", ("event-mask",), "event"),
    ("m", ("mark",), "mark"),
    ("i", ("id",), "id"),
    ("f", ("family",), "family"),
    ("n", ("src-nat",), "snat"),
    ("g", ("dst-nat",), "dnat"),
    ("o", ("output",), "output"),
    ("c", ("secmark",), "secmark"),
    ("b", ("buffer-size",), "buffer"),
    ("j", ("any-nat",), "any-nat"),
    ("w", ("zone",), "zone"),
    ("l", ("label",), "label"),
)
_SHORT: Final = {letter: name for letter, _, name in _OPTIONS}
_LONG: Final = {long: name for _, longs, name in _OPTIONS for long in longs}
_ILLEGAL: Final = {
    "list": "timeout event id",
    "delete": "zero event any-nat",
    "events": "timeout status zero id",
    "get": "timeout status zero event mark id snat dnat any-nat",
    "flush": " ".join(name for *_, name in _OPTIONS if name != "family"),
    "count": " ".join(name for *_, name in _OPTIONS),
    "stats": " ".join(name for *_, name in _OPTIONS),
    "version": " ".join(name for *_, name in _OPTIONS),
}
_UNMODELLED: Final = frozenset(("timeout", "id", "secmark", "buffer", "zone", "label"))
_COMPARED: Final = frozenset(("orig-src", "orig-dst", "reply-src", "reply-dst", "proto", "status", "mark"))
_MAYBE_VALUE: Final = frozenset(("snat", "dnat", "any-nat"))
_PORTS: Final = {
    "sport": "sport", "orig-port-src": "sport", "dport": "dport", "orig-port-dst": "dport",
    "reply-port-src": "rsport", "reply-port-dst": "rdport",
}  # fmt: skip
_OF_PROTOCOL: Final[dict[int, dict[str, str]]] = {
    1: {"icmp-type": "icmp-type", "icmp-code": "icmp-code", "icmp-id": "icmp-id"},
    6: {**_PORTS, "state": "state"},
    17: _PORTS,
    136: _PORTS,
}
_NUMBER: Final = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|\d+)")


class Misused(Exception):
    """A command line that makes no sense: the message, a hint at the help, and status 2."""


def number(word: str) -> int:
    """A word as strtoul(3) takes it: what does not begin like a number is 0."""
    found = _NUMBER.match(word)
    if found is None:
        return 0
    digits = found[0].lstrip("+-")
    octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0" and not set(digits) & set("89")
    return int(found[0], 8 if octal else 16 if digits[:2].lower() == "0x" else 10)


def network(word: str) -> tuple[int, int]:
    """An address, with a prefix length or without. Raises Misused."""
    address, _, length = word.partition("/")
    found = 0 if ":" in address else read_address(address)
    if found is None:
        raise Misused(f"Invalid IP address `{address}'")
    if length and not (length.isdigit() and int(length) <= 32):
        raise Misused("Invalid netmask")
    return found, mask_of(int(length)) if length else 0xFFFFFFFF


def protocol(word: str) -> int:
    """A protocol's number. Raises Misused."""
    found = int(word) if word.isdigit() else protocol_number(word.lower())
    if found is None or found > 255:
        raise Misused(f"`{word}' unsupported protocol")
    return found


def listed(word: str, names: tuple[str, ...]) -> list[str]:
    """The names that a list with commas means; each may be cut short, in small letters or large. Raises Misused."""
    found = []
    for part in word.split(","):
        name = next((name for name in names if part and name.startswith(part.upper())), None)
        if name is None:
            raise Misused(f"Bad parameter `{part}'")
        found.append(name)
    return found


def read_words(process: Process, argv: list[Arg]) -> tuple[str, dict[str, Arg]]:
    """The command and its options. Raises Misused; what exists and is not modelled is refused."""
    command: str | None = None
    given: dict[str, Arg] = {}
    words = argv[1:]
    while words:
        word, words = words[0], words[1:]
        if word in COMMANDS:
            if command is not None:
                raise Misused("Invalid commands combination")
            command = COMMANDS[word]
            if words and not words[0].startswith("-"):
                _table(process, words[0])
                words = words[1:]
            continue
        if not word.startswith("-") or word == "-":
            continue  # Words that belong to nothing are not looked at.
        name, value = _option(process, word, given)
        if name == "zero":
            value = Arg("", word.place)
        elif value is None and name in _MAYBE_VALUE:
            # Its address may be left out.
            value = Arg("", word.place)
            if words and not words[0].startswith("-"):
                value, words = words[0], words[1:]
        elif value is None:
            if not words:
                raise Misused(f"option `{word}' requires an argument")
            value, words = words[0], words[1:]
        if name == "proto":
            protocol(value)
        elif name == "family" and value not in ("ipv4", "ipv6"):
            raise Misused(f"`{value}' unsupported protocol")
        given[name] = value
    if command is None:
        if given:
            raise Misused(f"Illegal option `--{_called(next(iter(given)))}' with this command")
        process.refuse(argv[-1], "conntrack needs a command", expected=KNOWN)
    _check(process, argv, command, given)
    return command, given


def _table(process: Process, word: Arg) -> None:
    if word in ("expect", "dying", "unconfirmed"):
        process.refuse(word, f"conntrack: the table {word} is not modelled", expected="conntrack")
    if word != "conntrack":
        raise Misused(f"unknown type `{word}'")


def _option(process: Process, word: Arg, given: dict[str, Arg]) -> tuple[str, Arg | None]:
    """What an option is called here, and the value that hangs on it."""
    if not word.startswith("--"):
        name = _SHORT.get(word[1])
        if name is None:
            raise Misused(f"unknown option `{word}'")
        return name, Arg(word[2:], word.place) if len(word) > 2 and name != "zero" else None
    long, equals, attached = word[2:].partition("=")
    more = _OF_PROTOCOL.get(protocol(given["proto"]), {}) if "proto" in given else {}
    name = _LONG.get(long) or more.get(long)
    if name is None:
        if long.startswith(("tuple-", "mask-", "label-")) or long.endswith("-zone"):
            process.refuse(word, f"conntrack: {word} is not modelled", expected=KNOWN)
        raise Misused(f"unknown option `--{long}'")
    return name, Arg(attached, word.place) if equals else None


def _called(name: str) -> str:
    return next((longs[0] for _, longs, own in _OPTIONS if own == name), name)


def _check(process: Process, argv: list[Arg], command: str, given: dict[str, Arg]) -> None:
    """Whether the command takes these options, and has those that it needs."""
    illegal = set(_ILLEGAL.get(command, "").split())
    for *_, name in _OPTIONS:
        if name == "proto" and command == "get" and name not in given:
            raise Misused("You need to supply the `--protonum' option for this command")
        if name in given and name in illegal:
            raise Misused(f"Illegal option `--{_called(name)}' with this command")
    if command not in ("list", "events", "flush", "count", "delete", "get", "version"):
        process.refuse(argv[1], f"conntrack: {argv[1]} is not modelled", expected=KNOWN)
    for name in _UNMODELLED & given.keys():
        process.refuse(given[name], f"conntrack: --{_called(name)} is not modelled", expected=KNOWN)
    if "zero" in given and _COMPARED & given.keys():
        raise Misused("Can't use -z with filtering parameters")
    if command == "get":
        _check_get(given)


def _check_get(given: dict[str, Arg]) -> None:
    replies = "reply-src" in given and "reply-dst" in given
    if not ("orig-src" in given and "orig-dst" in given) and not replies:
        raise Misused("you have to specify `--src' and `--dst'")
    if protocol(given["proto"]) == 1:
        for name in ("icmp-type", "icmp-code"):
            if name not in given:
                raise Misused(f"You need to supply the `--{name}' option for this command")
    elif "rsport" in given or "rdport" in given:
        if not ("rsport" in given and "rdport" in given):
            raise Misused("you have to specify `--reply-src-port' and `--reply-dst-port'")
    elif protocol(given["proto"]) in _OF_PROTOCOL and not ("sport" in given and "dport" in given):
        raise Misused("you have to specify `--sport' and `--dport'")

"""The iptables command as a value, and the tables of its options (iptables/iptables.c of 1.8.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.rules.model import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One iptables command.

    ``letter`` is A I D R C L S F Z N X P E, empty for none. ``rules`` are the rules of A, I, D, R, C (several
    where an address list was given); ``number`` is a rule's number from 1. ``zero`` is ``-Z`` beside L or S.
    ``warnings`` is what the program prints on standard error although it goes on.
    """

    letter: str = ""
    table: str = "filter"
    chain: str | None = None
    number: int | None = None
    rules: tuple[Rule, ...] = ()
    policy: str | None = None
    new_name: str | None = None
    zero: bool = False
    numeric: bool = False
    verbose: int = 0
    exact: bool = False
    line_numbers: bool = False
    counters: tuple[int, int] | None = None
    version: bool = False
    help: bool = False
    warnings: str = ""


# long name: letter, whether it takes a value (2: an attached one, or a following word that is no option)
LONG: Final[dict[str, tuple[str, int]]] = {
    "append": ("A", 1),
    "delete": ("D", 1),
    "check": ("C", 1),
    "insert": ("I", 1),
    "replace": ("R", 1),
    "list": ("L", 2),
    "list-rules": ("S", 2),
    "flush": ("F", 2),
    "zero": ("Z", 2),
    "new-chain": ("N", 1),
    "delete-chain": ("X", 2),
    "rename-chain": ("E", 1),
    "policy": ("P", 1),
    "source": ("s", 1),
    "destination": ("d", 1),
    "src": ("s", 1),
    "dst": ("d", 1),
    "protocol": ("p", 1),
    "in-interface": ("i", 1),
    "jump": ("j", 1),
    "table": ("t", 1),
    "match": ("m", 1),
    "numeric": ("n", 0),
    "out-interface": ("o", 1),
    "verbose": ("v", 0),
    "wait": ("w", 2),
    "wait-interval": ("W", 2),
    "exact": ("x", 0),
    "fragments": ("f", 0),
    "version": ("V", 0),
    "help": ("h", 2),
    "line-numbers": ("0", 0),
    "modprobe": ("M", 1),
    "set-counters": ("c", 1),
    "goto": ("g", 1),
    "ipv4": ("4", 0),
    "ipv6": ("6", 0),
}
SHORT: Final[dict[str, int]] = {letter: takes for letter, takes in LONG.values() if letter != "0"}
COMMANDS: Final = frozenset("ADCIRLSFZNXEP")
# options that a command does not allow, besides those of the rule itself
ILLEGAL: Final[dict[str, str]] = {
    **dict.fromkeys("AIR", "nx0"),
    **dict.fromkeys("DC", "nx0c"),
    "L": "sdpjiocf",
    "P": "nsdpjxio0f",
    **dict.fromkeys("FZNXES", "nsdpjxio0cf"),
}
ILLEGAL_NUMBER: Final = "nsdpjxio0cf"
OPTION_ORDER: Final = "nsdpjvxio0cf"

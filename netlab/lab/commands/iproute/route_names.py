"""The names of tables, kinds, scopes and origins of routes."""

from __future__ import annotations

from typing import Final

from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, SCOPE_UNIVERSE
from netlab.kernel.route import LOCAL, MAIN
from netlab.lab.commands.iproute.words import Failed, Words

TABLES: Final = {"main": MAIN, "local": LOCAL, "default": 253}
KINDS: Final = ("unicast", "local", "broadcast", "unreachable", "blackhole", "prohibit", "throw")
SCOPES: Final = {
    "global": SCOPE_UNIVERSE,
    "site": 200,
    "link": SCOPE_LINK,
    "host": SCOPE_HOST,
    "nowhere": 255,
}
PROTOCOLS: Final = {
    0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra",
    12: "bird", 13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 18: "keepalived", 42: "babel", 99: "openr",
    186: "bgp", 187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
}  # fmt: skip
"""Who may have made a route: the names that iproute2 knows without its files (rtnl_rtprot_tab)."""


def read_table(words: Words, complaint_text: str = '"table" value is invalid') -> int:
    """A table's name or number."""
    word = words.take()
    if word in TABLES:
        return TABLES[word]
    if not word.isdigit():
        raise Failed(f'Error: argument "{word}" is wrong: {complaint_text}\n', 255)
    return int(word)


def read_protocol(words: Words) -> str:
    """Who made a route: a name, or a number, which is the name where it has one."""
    word = words.take()
    if word in PROTOCOLS.values():
        return word
    try:
        number = int(word, 0)
    except ValueError:
        number = -1
    if not 0 <= number <= 255:
        raise Failed(f'Error: argument "{word}" is wrong: "protocol" value is invalid\n', 255)
    return PROTOCOLS.get(number, str(number))


def read_scope(words: Words) -> int:
    """A scope's name or number."""
    word = words.take()
    if word in SCOPES:
        return SCOPES[word]
    try:
        number = int(word, 0)
    except ValueError:
        number = -1
    if not 0 <= number <= 255:
        raise Failed(f'Error: argument "{word}" is wrong: invalid "scope" value\n', 255)
    return number


def table_text(table: int) -> str:
    """A table's name as iproute2 prints it."""
    return next((name for name, number in TABLES.items() if number == table), str(table))

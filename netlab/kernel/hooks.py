"""Hook order as data: what runs at each netfilter hook, lowest priority first.

The packet map in the notebooks is drawn from these tables, and ``netfilter.run_hook`` walks them, so picture
and code cannot part. Sources: include/uapi/linux/netfilter_ipv4.h, netfilter_bridge.h, the modules' own
registrations; order observed with all five tables present on 6.18 and 6.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FIRST: Final = -(2**31)
LAST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class HookFunction:
    """One registered function: its name, its priority, and whether it is a rule table."""

    name: str
    priority: int
    is_table: bool = False


def _table(name: str, priority: int) -> HookFunction:
    return HookFunction(name, priority, is_table=True)


IPV4: Final[dict[str, tuple[HookFunction, ...]]] = {
    "PREROUTING": (
        HookFunction("sabotage", FIRST),
        HookFunction("defrag", -400),
        _table("raw", -300),
        HookFunction("conntrack", -200),
        _table("mangle", -150),
        _table("nat", -100),
    ),
    "INPUT": (
        _table("mangle", -150),
        _table("filter", 0),
        _table("security", 50),
        _table("nat", 100),
        HookFunction("confirm", LAST),
    ),
    "FORWARD": (_table("mangle", -150), _table("filter", 0), _table("security", 50)),
    "OUTPUT": (
        HookFunction("defrag", -400),
        _table("raw", -300),
        HookFunction("conntrack", -200),
        _table("mangle", -150),
        _table("nat", -100),
        _table("filter", 0),
        _table("security", 50),
    ),
    "POSTROUTING": (_table("mangle", -150), _table("nat", 100), HookFunction("confirm", LAST)),
}

BRIDGE: Final[dict[str, tuple[HookFunction, ...]]] = {
    "BROUTING": (_table("broute", FIRST),),
    "PREROUTING": (_table("nat", -300), HookFunction("br_netfilter", 0)),
    "INPUT": (_table("filter", -200), HookFunction("br_netfilter", LAST)),
    "FORWARD": (_table("filter", -200), HookFunction("br_netfilter", -1)),
    "OUTPUT": (_table("nat", 100), _table("filter", 200)),
    "POSTROUTING": (_table("nat", 300), HookFunction("br_netfilter", LAST)),
}

# Which built-in chains each table has, in hook order (the order iptables-save prints).
IPV4_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
BRIDGE_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "broute": ("BROUTING",),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}

"""iptables tables in a namespace: opening them, and what they register at the hooks (net/ipv4/netfilter/iptable_*.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel import hooks as hook_tables
from netlab.kernel import route
from netlab.kernel.netfilter import DROP, HookFn, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.watch import first_failure
from netlab.kernel.xt_chain import conditions
from netlab.kernel.xt_table import BAD_RULE, NO_CHAIN, XtTable
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World

__all__ = [
    "BAD_RULE",
    "NO_CHAIN",
    "XtTable",
    "load_module",
    "open_table",
    "register_loaded",
    "table_function",
    "why_not",
]


def why_not(rule: Rule, skb: Skb, state: HookState) -> str | None:
    """The first condition of a rule that a packet does not meet, in words; None if it meets them all.

    The same evaluators answer here and for packets, so the two cannot part. A rule that remembers (limit, statistic)
    is asked as if it were new; a watch (``netlab.kernel.watch``) asks it as it is.
    """
    return first_failure(conditions(rule, state.ns), skb, state)


def open_table(ns: Netns, name: str) -> XtTable:
    """The table, made to exist if need be: opening it is enough, any ``iptables -t NAME`` does.

    Since 4.7 that concerns this namespace alone; before, the table's module is loaded, for all namespaces.
    Raises RulesError (status 3) for a table that there is not.
    """
    if name not in hook_tables.IPV4_TABLES:
        text = f"can't initialize iptables table `{name}': Table does not exist (do you need to insmod?)"
        raise RulesError(text, status=3)
    if name not in ns.xt:
        if ns.world.release.tables_per_netns:
            _register(ns, name)
        else:
            load_module(ns.world, name)
    return ns.xt[name]


def load_module(world: World, name: str) -> None:
    """4.4: the module of a table is loaded, and every namespace has the table."""
    world.modules.add(f"iptable_{name}")
    if name == "nat":
        world.modules.add("nf_conntrack")
    for ns in world.netns.values():
        if name not in ns.xt:
            _register(ns, name)


def register_loaded(ns: Netns) -> None:
    """4.4: a new namespace has the tables whose modules are loaded."""
    for name in hook_tables.IPV4_TABLES:
        if f"iptable_{name}" in ns.world.modules:
            _register(ns, name)


def _register(ns: Netns, name: str) -> None:
    ns.xt[name] = XtTable(name, ns)
    ns.hooks_changed()


def table_function(ns: Netns, name: str, hook: str) -> HookFn:
    """What a table registers at a hook."""
    table = ns.xt[name]
    if name == "mangle" and hook == "OUTPUT":
        return lambda skb, state: _mangle_output(table, skb, state)
    return table.do_table


def _mangle_output(table: XtTable, skb: Skb, state: HookState) -> int:
    """A packet whose mark, addresses or TOS changed in mangle's OUTPUT is routed again (``ipt_mangle_out``)."""
    packet, mark = skb.packet, skb.mark
    verdict = table.do_table(skb, state)
    if verdict != DROP:
        new = skb.packet
        changed = mark != skb.mark or (packet.src, packet.dst, packet.tos) != (new.src, new.dst, new.tos)
        if changed and not route.me_harder(state.ns, skb):
            return DROP
    return verdict

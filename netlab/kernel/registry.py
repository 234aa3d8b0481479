"""Which function stands behind a name in the tables of ``hooks``, if it is registered in a namespace at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel import br_netfilter, conntrack, defrag, ebtables, nat, xtables
from netlab.kernel.hooks import HookFunction
from netlab.kernel.netfilter import HookFn

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns


def function_for(ns: Netns, family: str, hook: str, entry: HookFunction) -> HookFn | None:
    """The hook function of an entry, or None where nothing has registered it."""
    if family == "bridge":
        if entry.is_table:
            return ebtables.table_function(ns, entry.name, hook) if entry.name in ns.eb else None
        return br_netfilter.FUNCTIONS[hook]
    if entry.is_table:
        if entry.name not in ns.xt:
            return None
        if entry.name == "nat":
            return nat.nat_function(ns, hook)
        return xtables.table_function(ns, entry.name, hook)
    if entry.name == "sabotage":
        return br_netfilter.sabotage
    if not ns.ct.active:
        return None
    return {
        "defrag": defrag.defrag_in,
        "conntrack": conntrack.conntrack_in,
        "confirm": conntrack.confirm,
    }[entry.name]

"""Fragments put together before conntrack looks at them (net/ipv4/netfilter/nf_defrag_ipv4.c).

From here on the hooks see one whole packet; ``frag_max`` remembers the largest piece, so that it leaves cut alike.
"""

from __future__ import annotations

from netlab.kernel import fragment
from netlab.kernel.netfilter import ACCEPT, STOLEN, HookState
from netlab.kernel.skb import CT_UNTRACKED, Skb


def defrag_in(skb: Skb, state: HookState) -> int:
    """Keep a fragment until the rest is there; the last one to come goes on as the whole packet."""
    if skb.ct is not None or skb.ctinfo == CT_UNTRACKED or not fragment.is_fragment(skb.packet):
        return ACCEPT
    whole = state.ns.sockets.reassembly.add(skb, _user(skb, state))
    if whole is None:
        return STOLEN
    for name in Skb.__slots__:
        setattr(skb, name, getattr(whole, name))
    skb.ignore_df = True
    return ACCEPT


def _user(skb: Skb, state: HookState) -> str:
    """Pieces of different users are never mixed (enum ip_defrag_users)."""
    if skb.br is not None and skb.br.in_prerouting:
        return "conntrack-bridge-in"
    return "conntrack-in" if state.hook == "PREROUTING" else "conntrack-out"

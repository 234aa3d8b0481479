"""Rules and chains of iptables tables, ready to be walked.

Sources: net/ipv4/netfilter/ip_tables.c; what a rule asks is made of the evaluators in ``xt_base``, ``xt_matches``,
``xt_conntrack`` and ``xt_history``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel import xt_base, xt_conntrack, xt_history, xt_index, xt_matches, xt_targets
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.xt_condition import Condition, Test
from netlab.kernel.xt_targets import Action
from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.model import Rule

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

EVALUATORS: Final = {**xt_matches.EVALUATORS, **xt_conntrack.EVALUATORS, **xt_history.EVALUATORS}
"""Every match that can be evaluated; ``comment`` asks nothing."""
VERDICTS: Final = {"ACCEPT": ACCEPT, "DROP": DROP}

# What happens to a packet that matched.
NEXT, VERDICT, RETURN, JUMP, GOTO, ACTION = range(6)


_U64: Final = 0xFFFFFFFFFFFFFFFF


class XtRule:
    """One rule in a chain: what it says (a model ``Rule``), its counters, and how it is evaluated."""

    __slots__ = (
        "action",
        "chain",
        "conditions",
        "kind",
        "needs_ct",
        "number",
        "octets",
        "packets",
        "plain",
        "rule",
        "tests",
        "verdict",
    )

    def __init__(self, rule: Rule) -> None:
        self.packets = rule.packets
        self.octets = rule.octets
        self.rule = rule
        self.number = 0
        self.tests: tuple[Test, ...] | None = None
        self.conditions: Sequence[Condition] = ()
        self.action: Action | None = None
        self.chain: XtChain | None = None
        self.verdict = ACCEPT
        target = rule.target
        self.plain = False
        if target is None:
            self.kind = NEXT
        elif isinstance(target, t.Verdict):
            self.kind = RETURN if target.name == "RETURN" else VERDICT
            self.verdict = VERDICTS.get(target.name, ACCEPT)
            self.plain = unconditional(rule)
        elif isinstance(target, t.Jump):
            self.kind = JUMP
        elif isinstance(target, t.Goto):
            self.kind = GOTO
        else:
            self.kind = ACTION
        self.needs_ct = type(target) in xt_targets.NEEDS_CONNTRACK or any(
            type(match) in xt_conntrack.EVALUATORS for match in rule.matches
        )

    def counted(self) -> Rule:
        """The rule with the counters it has now, which have 64 bits."""
        return replace(self.rule, packets=self.packets & _U64, octets=self.octets & _U64)


class XtChain:
    """A chain: its rules, its policy (None for a user's chain), and the policy's counters."""

    __slots__ = ("_index", "_sealed", "builtin", "name", "octets", "packets", "policy", "rules")

    def __init__(self, name: str, policy: str | None) -> None:
        self.name = name
        self.builtin = policy is not None
        self.policy = policy
        self.packets = 0
        self.octets = 0
        self.rules: list[XtRule] = []
        self._sealed = False
        self._index: xt_index.Index | None = None

    def changed(self) -> None:
        """Rules came, went or moved."""
        self._sealed = False
        self._index = None

    def candidates(self, skb: Skb, state: HookState) -> Iterator[XtRule]:
        """The rules that may match a packet, in order."""
        if not self._sealed:
            for number, entry in enumerate(self.rules, 1):
                entry.number = number
            if len(self.rules) > xt_index.WORTH_IT:
                self._index = xt_index.Index(self.rules)
            self._sealed = True
        if self._index is None:
            return iter(self.rules)
        return self._index.candidates(skb.packet, state)


def unconditional(rule: Rule) -> bool:
    """True for a rule without any condition, not even a comment."""
    return not (
        rule.matches
        or rule.src_mask
        or rule.src_inv
        or rule.dst_mask
        or rule.dst_inv
        or rule.in_dev
        or rule.out_dev
        or rule.proto
        or rule.proto_inv
        or rule.fragment is not None
    )


def conditions(rule: Rule, ns: Netns) -> list[Condition]:
    """Everything a rule asks, in the order it is asked."""
    made = xt_base.conditions(rule)
    made += [EVALUATORS[type(match)](match, ns) for match in rule.matches if type(match) is not m.Comment]
    return made

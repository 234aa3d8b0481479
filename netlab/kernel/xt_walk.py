"""A packet's walk through a table: chains, jumps, policies, counters, and the lines that TRACE prints.

Sources: net/ipv4/netfilter/ip_tables.c (ipt_do_table, trace_packet, get_chainname_rulenum).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netlab.kernel import hooks as hook_tables
from netlab.kernel import klog, xt_targets
from netlab.kernel.netfilter import DROP, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.steps import RuleMatched
from netlab.kernel.watch import walk_watched, watches_of
from netlab.kernel.xt_chain import (
    ACTION,
    GOTO,
    JUMP,
    RETURN,
    VERDICT,
    VERDICTS,
    XtChain,
    XtRule,
    conditions,
)
from netlab.kernel.xt_condition import Test
from netlab.rules.model import Rule

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_MAX_DEPTH: Final = 512
"""Jumps deep; the kernel sizes its stack by the table, this only has to end."""


class Walk:
    """The chains of a table, and how a packet goes through them."""

    def __init__(self, name: str, ns: Netns) -> None:
        self.name = name
        self.ns = ns
        self.chains: dict[str, XtChain] = {
            hook: XtChain(hook, "ACCEPT") for hook in hook_tables.IPV4_TABLES[name]
        }
        self._remembering: list[XtRule] = []
        self._watches = watches_of(ns.world)

    def do_table(self, skb: Skb, state: HookState) -> int:
        """Take a packet through the hook's chain and whatever it jumps to; returns the verdict."""
        if self._watches:
            return walk_watched(self, "ipv4", self._walk, skb, state)
        return self._walk(skb, state)

    def _walk(self, skb: Skb, state: HookState) -> int:
        base = chain = self.chains[state.hook]
        rules = chain.candidates(skb, state)
        noisy = skb.trace or self.ns.world.record_steps
        length = skb.packet.length
        stack: list[tuple[XtChain, Iterator[XtRule]]] = []
        while True:
            for entry in rules:
                tests = entry.tests
                if tests is None:
                    tests = self.compile(entry)
                hit: bool | None = True
                for test in tests:
                    hit = test(skb, state)
                    if not hit:
                        break
                if not hit:
                    if hit is None:
                        return DROP
                    continue
                entry.packets += 1
                entry.octets += length
                if noisy:
                    self._note(skb, state, chain, entry)
                kind = entry.kind
                if kind == ACTION:
                    assert entry.action is not None
                    verdict = entry.action(skb, state)
                    if verdict is not None:
                        return verdict
                    noisy = skb.trace or self.ns.world.record_steps
                    length = skb.packet.length
                elif kind == VERDICT:
                    return entry.verdict
                elif kind in (JUMP, GOTO):
                    if kind == JUMP:
                        if len(stack) >= _MAX_DEPTH:
                            return DROP
                        stack.append((chain, rules))
                    assert entry.chain is not None
                    chain = entry.chain
                    rules = chain.candidates(skb, state)
                    break
                elif kind == RETURN:
                    if stack and chain is not base:
                        chain, rules = stack.pop()
                        break
                    return self._policy(skb, state, base, noisy)
            else:
                if chain is base:
                    return self._policy(skb, state, base, noisy)
                if noisy:
                    self._end(skb, state, chain, "return", "RETURN")
                if not stack:
                    return self._policy(skb, state, base, noisy)
                chain, rules = stack.pop()

    def _policy(self, skb: Skb, state: HookState, chain: XtChain, noisy: bool) -> int:
        chain.packets += 1
        chain.octets += skb.packet.length
        assert chain.policy is not None
        if noisy:
            self._end(skb, state, chain, "policy", chain.policy)
        return VERDICTS[chain.policy]

    def _note(self, skb: Skb, state: HookState, chain: XtChain, entry: XtRule) -> None:
        label = "rule"
        if entry.plain:
            label = "policy" if chain.builtin else "return"
        target = entry.rule.target
        self._matched(skb, state, chain.name, label, entry.number, entry.rule, target.name if target else "")

    def _end(self, skb: Skb, state: HookState, chain: XtChain, label: str, target: str) -> None:
        self._matched(skb, state, chain.name, label, len(chain.rules) + 1, None, target)

    def _matched(
        self, skb: Skb, state: HookState, chain: str, label: str, number: int, rule: Rule | None, target: str
    ) -> None:
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                RuleMatched(
                    world.now,
                    self.ns.name,
                    skb.journey,
                    "ipv4",
                    state.hook,
                    self.name,
                    chain,
                    label,
                    number,
                    rule,
                    target,
                )
            )
        if skb.trace:
            klog.trace_line(skb, state, self.name, chain, label, number)

    def compile(self, entry: XtRule) -> tuple[Test, ...]:
        if entry.tests is not None:
            return entry.tests
        entry.conditions = conditions(entry.rule, self.ns)
        if any(condition.remembers for condition in entry.conditions):
            self._remembering.append(entry)
        entry.tests = tuple(condition.test for condition in entry.conditions)
        target = entry.rule.target
        if entry.kind == ACTION and target is not None:
            entry.action = xt_targets.ACTIONS[type(target)](target, self.ns)
        return entry.tests

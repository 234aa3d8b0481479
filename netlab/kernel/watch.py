"""Why a rule did not match: a rule that is watched says for every packet what became of it there.

A watch names a rule by its place, so that it can be set before the lab that writes the rule runs. A lab gives the same
bytes twice; to ask about a packet of a run that is over, run it again with a watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.skb import Skb
    from netlab.kernel.world import World
    from netlab.kernel.xt_condition import Condition

NOT_REACHED: Final = "every condition holds, but the packet did not come to this rule"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one packet: ``reason`` is empty where the rule matched."""

    time: float
    journey: int
    hook: str
    reason: str

    @property
    def matched(self) -> bool:
        return not self.reason


@dataclass(slots=True)
class Watch:
    """A rule under watch, and its answers so far, oldest first."""

    netns: str
    family: str
    table: str
    chain: str
    number: int
    answers: list[Answer] = field(default_factory=list)

    def answer(self, skb: Skb, state: HookState, reason: str) -> None:
        """Note what became of a packet."""
        self.answers.append(Answer(state.ns.world.now, skb.journey, state.hook, reason))


_WATCHES: WeakKeyDictionary[World, list[Watch]] = WeakKeyDictionary()


def watch(world: World, netns: str, table: str, chain: str, number: int, *, family: str = "ipv4") -> Watch:
    """Watch a rule: ``number`` counts from 1, ``family`` is ``ipv4`` or ``bridge`` (ebtables).

    >>> from netlab.kernel.world import World
    >>> watch(World("6.1"), "host", "filter", "INPUT", 1).answers
    []
    """
    made = Watch(netns, family, table, chain, number)
    watches_of(world).append(made)
    return made


def watches_of(world: World) -> list[Watch]:
    """The watches of a world; tables keep this list and look whether there are any."""
    return _WATCHES.setdefault(world, [])


def walk_watched(
    table: Any, family: str, walk: Callable[[Skb, HookState], int], skb: Skb, state: HookState
) -> int:
    """A table's walk with an answer for each of its watched rules: asked before it, as the packet is then."""
    asked = []
    for one in watches_of(state.ns.world):
        if (one.family, one.netns, one.table) != (family, table.ns.name, table.name):
            continue
        chain = table.chains.get(one.chain)
        if chain is not None and one.number <= len(chain.rules):
            entry = chain.rules[one.number - 1]
            table.compile(entry)
            asked.append((one, entry, entry.packets, first_failure(entry.conditions, skb, state)))
    verdict = walk(skb, state)
    for one, entry, packets, reason in asked:
        one.answer(skb, state, "" if entry.packets > packets else reason or NOT_REACHED)
    return verdict


def first_failure(conditions: Iterable[Condition], skb: Skb, state: HookState) -> str | None:
    """The first condition that a packet does not meet, in words; None if it meets them all."""
    for condition in conditions:
        if not condition.peek(skb, state):
            return condition.words(skb, state)
    return None

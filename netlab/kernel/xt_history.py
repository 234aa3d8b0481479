"""Evaluators of the matches that remember: limit, statistic, recent; and set, which asks a named set.

What limit and statistic remember belongs to the rule and starts afresh whenever its table is committed: every
``iptables`` command that changes a table replaces all of it (xt_limit.c, xt_statistic.c: the checkentry functions).
Lists of recent belong to the namespace and live as long as a rule names them (xt_recent.c).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from netlab.kernel.ipset import Question
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import Skb
from netlab.kernel.xt_condition import Condition
from netlab.rules import matches as m
from netlab.rules.checks import CREDITS_PER_JIFFY, HZ, limit_credits
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_STAMPS: Final = 32
"""Packets that a list of recent remembers an address by, if no rule asks for a number of hits."""
_LIST_SIZE: Final = 100
"""Addresses that a list of recent holds (ip_list_tot); the least recently seen one makes room."""


def token_bucket(average: int, burst: int, ns: Netns) -> Condition:
    """Holds at most ``burst`` times at once, then once every ``average`` units of 1/10000 s."""
    world = ns.world
    cap = limit_credits(average * burst)
    cost = limit_credits(average)
    last = int(world.now * HZ)
    credit = cap

    def level() -> int:
        return min(cap, credit + (int(world.now * HZ) - last) * CREDITS_PER_JIFFY)

    def test(skb: Skb, state: HookState) -> bool:
        nonlocal last, credit
        credit, last = level(), int(world.now * HZ)
        if credit < cost:
            return False
        credit -= cost
        return True

    def words(skb: Skb, state: HookState) -> str:
        return f"the limit is used up: {(cost - level()) / CREDITS_PER_JIFFY / HZ:.2f} s until the next match"

    return Condition(test, words, peek=lambda skb, state: level() >= cost)


def _limit(match: m.Limit, ns: Netns) -> Condition:
    return token_bucket(match.average, match.burst, ns)


def _statistic(match: m.Statistic, ns: Netns) -> Condition:
    if match.mode == "random":
        rng = ns.world.rng
        return Condition(
            lambda skb, state: (rng.getrandbits(31) < match.probability) != match.inv,
            lambda skb, state: f"chance {match.probability / (1 << 31):.4f} decided against it",
            # Chance has no answer to peek at: a rule that depends on it may match.
            peek=lambda skb, state: True,
        )
    seen = 0

    def hits(number: int) -> bool:
        return (number % match.every == match.packet) != match.inv

    def test(skb: Skb, state: HookState) -> bool:
        nonlocal seen
        hit = hits(seen)
        seen += 1
        return hit

    def words(skb: Skb, state: HookState) -> str:
        return (
            f"it is packet {seen % match.every} of {match.every}, {'' if match.inv else 'not '}{match.packet}"
        )

    return Condition(test, words, peek=lambda skb, state: hits(seen))


class RecentEntry:
    """An address with the times it was seen and the TTL it had."""

    __slots__ = ("stamps", "ttl")

    def __init__(self, ttl: int) -> None:
        self.ttl = ttl
        self.stamps: list[float] = []


class RecentList(dict[int, RecentEntry]):
    """A list of recent: address to entry, least recently updated first.

    ``most`` is the number of packets that it remembers an address by, ``mask`` that of the rule that made it.
    """

    def __init__(self, most: int, mask: int) -> None:
        super().__init__()
        self.most = most
        self.mask = mask

    def seen(self, address: int, ttl: int, now: float) -> None:
        """Note a packet of an address."""
        entry = self.pop(address, None)
        if entry is None:
            if len(self) >= _LIST_SIZE:
                del self[next(iter(self))]
            entry = RecentEntry(ttl)
        entry.ttl = ttl
        entry.stamps = [*entry.stamps, now][-self.most :]
        self[address] = entry


_RECENT: WeakKeyDictionary[Netns, dict[str, RecentList]] = WeakKeyDictionary()


def recent_lists(ns: Netns) -> dict[str, RecentList]:
    """The lists of a namespace by name (/proc/net/xt_recent)."""
    return _RECENT.setdefault(ns, {})


def name_recent(match: m.Recent, ns: Netns) -> RecentList:
    """The list that a rule names; a rule that asks for more hits than it remembers empties it (recent_mt_check)."""
    most = 1 << (match.hitcount - 1).bit_length() if match.hitcount else _STAMPS
    found = recent_lists(ns).setdefault(match.list_name, RecentList(most, match.mask))
    if most > found.most:
        found.clear()
        found.most = most
    return found


def forget_recent(ns: Netns) -> None:
    """A list that no rule of the namespace names any more is gone."""
    lists = recent_lists(ns)
    if not lists:
        return
    named = {
        match.list_name
        for table in ns.xt.values()
        for chain in table.chains.values()
        for entry in chain.rules
        for match in entry.rule.matches
        if isinstance(match, m.Recent)
    }
    for name in lists.keys() - named:
        del lists[name]


def _recent(match: m.Recent, ns: Netns) -> Condition:
    world = ns.world
    entries = name_recent(match, ns)

    def key(skb: Skb, state: HookState) -> tuple[int, int]:
        packet = skb.packet
        # A forwarded packet had one hop more to live when it came in.
        own = skb.sk is not None and skb.sk.ns is state.ns
        ttl = packet.ttl + (state.out_dev is not None and not own)
        return (packet.src if match.side == "source" else packet.dst) & entries.mask, ttl

    def find(address: int, ttl: int) -> RecentEntry | None:
        entry = entries.get(address)
        return None if entry is not None and match.ttl and entry.ttl != ttl else entry

    def enough(entry: RecentEntry) -> bool:
        since = world.now - match.seconds
        hits = [stamp for stamp in entry.stamps if not match.seconds or stamp >= since]
        return len(hits) >= max(1, match.hitcount)

    def answer(skb: Skb, state: HookState) -> bool:
        if match.mode == "set":
            return not match.inv
        entry = find(*key(skb, state))
        hit = entry is not None and (match.mode == "remove" or enough(entry))
        return hit != match.inv

    def test(skb: Skb, state: HookState) -> bool:
        address, ttl = key(skb, state)
        result = answer(skb, state)
        known = find(address, ttl) is not None
        if match.mode == "remove" and known:
            del entries[address]
        elif match.mode == "set" or (match.mode == "update" and known and result):
            entries.seen(address, ttl, world.now)
        if match.reap and known:
            _reap(entries, world.now - match.seconds)
        return result

    def words(skb: Skb, state: HookState) -> str:
        address = key(skb, state)[0]
        return (
            f"{ip_text(address)} is {'' if match.inv else 'not '}in the list {match.list_name} often enough"
        )

    return Condition(test, words, peek=answer)


def _reap(entries: RecentList, before: float) -> None:
    """Forget the oldest address if all it was seen for is too long ago (``recent_entry_reap``)."""
    oldest = next(iter(entries), None)
    if oldest is not None and entries[oldest].stamps[-1] < before:
        del entries[oldest]


_COMPARED: Final = {"eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "gt": operator.gt}


def _set(match: m.Set, ns: Netns) -> Condition:
    def holds(packets: int, octets: int) -> bool:
        return all(
            asked is None or _COMPARED[asked[0]](have, asked[1])
            for asked, have in ((match.packets, packets), (match.octets, octets))
        )

    question = Question(match.directions, match.return_nomatch, match.update, match.update_sub, holds)

    def asked(skb: Skb, state: HookState, *, count: bool) -> bool:
        return state.ns.ipsets[match.set_name].matches(skb, state, question, count=count) != match.inv

    def test(skb: Skb, state: HookState) -> bool:
        return asked(skb, state, count=True)

    def peek(skb: Skb, state: HookState) -> bool:
        return asked(skb, state, count=False)

    def words(skb: Skb, state: HookState) -> str:
        return f"the packet's {','.join(match.directions)} is {'' if match.inv else 'not '}in the set {match.set_name}"

    return Condition(test, words, peek=peek)


EVALUATORS: Final[dict[type[m.Match], Callable[[Any, Netns], Condition]]] = {
    m.Limit: _limit,
    m.Statistic: _statistic,
    m.Recent: _recent,
    m.Set: _set,
}

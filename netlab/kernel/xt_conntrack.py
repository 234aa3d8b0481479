"""Evaluators of the matches that ask the packet's connection: state, conntrack, connmark.

Sources: net/netfilter/xt_conntrack.c, xt_state.c, xt_connmark.c of 6.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netlab.kernel import conntrack as ct
from netlab.kernel.ct_tuple import Tuple
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import CT_UNTRACKED, Skb
from netlab.kernel.xt_condition import Condition
from netlab.rules import matches as m

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

Range: TypeAlias = tuple[int, int]
BEFORE_ZERO: Final = 300
"""Seconds before zero at which the kernel's clock starts (INITIAL_JIFFIES)."""


def _states_of(skb: Skb) -> set[str]:
    entry, ctinfo = skb.ct, skb.ctinfo
    if entry is None:
        return {"UNTRACKED" if ctinfo == CT_UNTRACKED else "INVALID"}
    assert ctinfo is not None
    states = {ct.STATE_NAMES[ctinfo]}
    if entry.status & ct.SRC_NAT:
        states.add("SNAT")
    if entry.status & ct.DST_NAT:
        states.add("DNAT")
    return states


def _state_condition(wanted: tuple[str, ...], inv: bool) -> Condition:
    # The usual questions are about ESTABLISHED and RELATED: answer those without building sets.
    plain = frozenset(wanted)
    nat = bool(plain & {"SNAT", "DNAT"})

    def test(skb: Skb, state: HookState) -> bool:
        entry = skb.ct
        if entry is None:
            hit = ("UNTRACKED" if skb.ctinfo == CT_UNTRACKED else "INVALID") in plain
        else:
            hit = ct.STATE_NAMES[skb.ctinfo] in plain  # type: ignore[index]
            if not hit and nat:
                hit = not plain.isdisjoint(_states_of(skb))
        return hit != inv

    def words(skb: Skb, state: HookState) -> str:
        return f"connection state {','.join(sorted(_states_of(skb)))} is {'' if inv else 'not '}{','.join(wanted)}"

    return Condition(test, words)


def _state(match: m.State, ns: Netns) -> Condition:
    return _state_condition(match.states, match.inv)


_STATUS: Final = {
    "EXPECTED": ct.EXPECTED,
    "SEEN_REPLY": ct.SEEN_REPLY,
    "ASSURED": ct.ASSURED,
    "CONFIRMED": ct.CONFIRMED,
}
_Check: TypeAlias = tuple[str, Callable[[ct.Conntrack], Any], Callable[[Any], bool], bool]


def _conntrack(match: m.Conntrack, ns: Netns) -> Condition:
    states = None if match.states is None else _state_condition(match.states, match.states_inv)
    checks = _entry_checks(match)
    direction = match.direction
    if states is not None and not checks and direction is None:
        return states

    def failed(skb: Skb, state: HookState) -> str:
        if states is not None and not states.test(skb, state):
            return states.words(skb, state)
        entry = skb.ct
        if entry is None:
            return "" if states is not None else "the packet has no connection entry"
        if direction is not None:
            assert skb.ctinfo is not None
            has = "REPLY" if ct.direction_of(skb.ctinfo) else "ORIGINAL"
            if has != direction:
                return f"direction {has} is not {direction}"
        for what, value_of, holds, inv in checks:
            value = value_of(entry)
            if holds(value) == inv:
                return f"{what} {value} does {'' if inv else 'not '}match"
        return ""

    return Condition(lambda skb, state: not failed(skb, state), failed)


def _seconds_to_live(entry: ct.Conntrack) -> int:
    """nf_ct_expires. Until it is confirmed an entry's timeout is a length, which the kernel takes for a point in time.

    Its clock starts five minutes before zero (INITIAL_JIFFIES), and a lab's machine has just been booted.
    """
    if entry.confirmed:
        return int(entry.remaining())
    return max(0, int(entry.timeout - (entry.ns.world.now - BEFORE_ZERO)))


def _entry_checks(match: m.Conntrack) -> list[_Check]:
    checks: list[_Check] = []

    def address(what: str, wanted: Range | None, inv: bool, of: Callable[[ct.Conntrack], int]) -> None:
        if wanted is not None:
            value, mask = wanted
            checks.append((what, of, lambda has: has & mask == value & mask, inv))

    def between(what: str, wanted: Range | None, inv: bool, of: Callable[[ct.Conntrack], int]) -> None:
        if wanted is not None:
            low, high = wanted
            checks.append((what, of, lambda has: low <= has <= high, inv))

    original: Callable[[ct.Conntrack], Tuple] = lambda e: e.tuples[0]  # noqa: E731
    reply: Callable[[ct.Conntrack], Tuple] = lambda e: e.tuples[1]  # noqa: E731
    address("original source", match.orig_src, match.orig_src_inv, lambda e: original(e).src)
    address("original destination", match.orig_dst, match.orig_dst_inv, lambda e: original(e).dst)
    address("reply source", match.repl_src, match.repl_src_inv, lambda e: reply(e).src)
    address("reply destination", match.repl_dst, match.repl_dst_inv, lambda e: reply(e).dst)
    if match.proto is not None:
        wanted_proto = match.proto
        checks.append(("protocol", lambda e: e.proto, lambda has: has == wanted_proto, match.proto_inv))
    between("original source port", match.orig_sport, match.orig_sport_inv, lambda e: original(e).sport)
    between("original destination port", match.orig_dport, match.orig_dport_inv, lambda e: original(e).dport)
    between("reply source port", match.repl_sport, match.repl_sport_inv, lambda e: reply(e).sport)
    between("reply destination port", match.repl_dport, match.repl_dport_inv, lambda e: reply(e).dport)
    if match.status is not None:
        bits = sum(_STATUS.get(name, 0) for name in match.status)
        checks.append(("status", lambda e: e.status, lambda has: bool(has & bits), match.status_inv))
    between("seconds to live", match.expire, match.expire_inv, _seconds_to_live)
    return checks


def _connmark(match: m.Connmark, ns: Netns) -> Condition:
    def test(skb: Skb, state: HookState) -> bool:
        entry = skb.ct
        return entry is not None and ((entry.mark & match.mask) == match.value) != match.inv

    def words(skb: Skb, state: HookState) -> str:
        if skb.ct is None:
            return "the packet has no connection entry"
        have = f"connection mark 0x{skb.ct.mark:x} & 0x{match.mask:x}"
        return f"{have} is {'' if match.inv else 'not '}0x{match.value:x}"

    return Condition(test, words)


EVALUATORS: Final[dict[type[m.Match], Callable[[Any, Netns], Condition]]] = {
    m.State: _state,
    m.Conntrack: _conntrack,
    m.Connmark: _connmark,
}
"""These switch conntrack on in their namespace."""

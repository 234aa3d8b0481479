"""Looking rules up instead of walking them.

Rules that ask for exact values of the same fields (say destination/32, protocol and port) form a group, a dictionary
by those values; a packet asks each group once (tuple space search). What comes out are candidates in rule order, and
each is still evaluated in full: the index may only leave out rules that cannot match. There are few groups in any real
rule set, so the cost follows the number of candidates, not of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain, product
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from netlab.rules import matches as m
from netlab.rules.model import Rule
from netlab.wire import Ipv4, Raw, Tcp, Udp

if TYPE_CHECKING:
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.xt_chain import XtRule

WORTH_IT: Final = 24
"""Chains up to this long are walked."""
_MANY_PORTS: Final = 64
_SORT_LIMIT: Final = 512
_PORTED: Final = (6, 17, 33, 132, 136)
_NUMBER = attrgetter("number")
_REMEMBERS: Final = (m.Limit, m.Statistic, m.Recent)

# (source mask, destination mask, protocol?, in-device?, out-device?, source port?, destination port?)
_Signature = tuple[int, int, bool, bool, bool, bool, bool]


class Index:
    """The rules of one chain, grouped."""

    __slots__ = ("_groups", "_rules", "_walked")

    def __init__(self, rules: Sequence[XtRule]) -> None:
        self._rules = rules
        self._walked: list[XtRule] = []
        groups: dict[_Signature, dict[tuple[object, ...], list[XtRule]]] = {}
        for entry in rules:
            signature, keys = _keys(entry.rule)
            if not any(signature):
                self._walked.append(entry)
                continue
            group = groups.setdefault(signature, {})
            for key in keys:
                group.setdefault(key, []).append(entry)
        self._groups = list(groups.items())

    def candidates(self, packet: Ipv4, state: HookState) -> Iterator[XtRule]:
        """Every rule that may match, in order."""
        l4 = packet.l4
        if isinstance(l4, (Tcp, Udp)):
            sport, dport, ports = l4.sport, l4.dport, True
        elif isinstance(l4, Raw) and packet.proto in _PORTED:
            # A header cut short makes some matches drop the packet: ask every rule.
            return iter(self._rules)
        else:
            sport = dport = 0
            ports = False
        src, dst, proto = packet.src, packet.dst, packet.proto
        in_dev = state.in_dev.name if state.in_dev is not None else ""
        out_dev = state.out_dev.name if state.out_dev is not None else ""
        found = [self._walked] if self._walked else []
        for (smask, dmask, by_proto, by_in, by_out, by_sport, by_dport), group in self._groups:
            if (by_sport or by_dport) and not ports:
                continue
            hit = group.get(
                (
                    src & smask,
                    dst & dmask,
                    by_proto and proto,
                    by_in and in_dev,
                    by_out and out_dev,
                    by_sport and sport,
                    by_dport and dport,
                )
            )
            if hit is not None:
                found.append(hit)
        if len(found) == 1:
            return iter(found[0])
        if not found:
            return iter(())
        if sum(map(len, found)) <= _SORT_LIMIT:
            return iter(sorted(chain.from_iterable(found), key=_NUMBER))
        return merge(*found, key=_NUMBER)


def _keys(rule: Rule) -> tuple[_Signature, Iterable[tuple[object, ...]]]:
    """The fields a rule asks exact values of, and those values (several where it lists ports)."""
    smask = 0 if rule.src_inv else rule.src_mask
    dmask = 0 if rule.dst_inv else rule.dst_mask
    by_proto = bool(rule.proto) and not rule.proto_inv
    by_in = bool(rule.in_dev) and not rule.in_inv and not rule.in_dev.endswith("+")
    by_out = bool(rule.out_dev) and not rule.out_inv and not rule.out_dev.endswith("+")
    sports: list[int] | None = None
    dports: list[int] | None = None
    for match in rule.matches:
        if isinstance(match, _REMEMBERS):
            # What comes after it must not keep it from counting the packet.
            break
        if isinstance(match, (m.Tcp, m.Udp)):
            sports = sports or _values((match.sports,), match.sports_inv)
            dports = dports or _values((match.dports,), match.dports_inv)
        elif isinstance(match, m.Multiport):
            if match.kind == "source":
                sports = sports or _values(match.ports, match.inv)
            elif match.kind == "destination":
                dports = dports or _values(match.ports, match.inv)
    signature = (smask, dmask, by_proto, by_in, by_out, sports is not None, dports is not None)
    head = (
        rule.src & smask,
        rule.dst & dmask,
        by_proto and rule.proto,
        by_in and rule.in_dev,
        by_out and rule.out_dev,
    )
    if sports is None and dports is None:
        return signature, ((*head, False, False),)
    return signature, [(*head, *both) for both in product(sports or [False], dports or [False])]


def _values(ranges: Iterable[tuple[int, int]], inv: bool) -> list[int] | None:
    """The ports of some ranges one by one, or None if there are too many to be worth it."""
    if inv:
        return None
    values: set[int] = set()
    for low, high in ranges:
        if high - low + len(values) >= _MANY_PORTS:
            return None
        values.update(range(low, high + 1))
    return sorted(values)

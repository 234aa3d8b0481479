"""What the kernel refuses when a table is committed: extensions in the wrong table or hook, and loops.

Sources: net/netfilter/x_tables.c (xt_check_match, xt_check_target), net/ipv4/netfilter/ip_tables.c
(mark_source_chains) and each extension's own check. A chain that no hook reaches is not restricted by hooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.errors import RulesError
from netlab.rules.model import BUILTIN, Chain, Rule
from netlab.wire import SYN, TCP

EINVAL: Final = "Invalid argument. Run `dmesg' for more information"
ELOOP: Final = "Too many levels of symbolic links"
ERANGE: Final = "Numerical result out of range"

_FROM_IN: Final = frozenset({"PREROUTING", "INPUT", "FORWARD"})
_TO_OUT: Final = frozenset({"OUTPUT", "POSTROUTING"})

TARGET_TABLE: Final[dict[type[t.Target], str]] = {
    t.Reject: "filter",
    t.Trace: "raw",
    t.Ct: "raw",
    t.Dnat: "nat",
    t.Snat: "nat",
    t.Masquerade: "nat",
    t.Redirect: "nat",
    t.Netmap: "nat",
    t.Ttl: "mangle",
}
"""The only table of a target."""

TARGET_HOOKS: Final[dict[type[t.Target], frozenset[str]]] = {
    t.Reject: frozenset({"INPUT", "FORWARD", "OUTPUT"}),
    t.Dnat: frozenset({"PREROUTING", "OUTPUT"}),
    t.Redirect: frozenset({"PREROUTING", "OUTPUT"}),
    t.Snat: frozenset({"POSTROUTING", "INPUT"}),
    t.Masquerade: frozenset({"POSTROUTING"}),
}
"""The hooks from which a target may be reached."""

MATCH_HOOKS: Final[dict[type[m.Match], frozenset[str]]] = {m.Owner: _TO_OUT, m.Mac: _FROM_IN}
"""The hooks from which a match may be reached."""

MATCH_PROTOCOL: Final[dict[type[m.Match], int]] = {m.Tcp: 6, m.Udp: 17, m.Icmp: 1, m.Tcpmss: 6}
"""The protocol that a rule with this match must name, without ``!``."""

HZ: Final = 250
CREDITS_PER_JIFFY: Final = 128  # the highest power of two that keeps a day's credits in 32 bits (xt_limit.c)


def reachable(table: str, chains: Iterable[Chain]) -> dict[str, frozenset[str]]:
    """The hooks from which each chain is reached.

    Raises:
        RulesError: a chain leads back to itself (ELOOP).
    """
    by_name = {chain.name: chain for chain in chains}
    leads: dict[str, tuple[str, ...]] = {}
    for name, chain in by_name.items():
        jumps = (r.target.name for r in chain.rules if isinstance(r.target, t.Jump | t.Goto))
        leads[name] = tuple(dict.fromkeys(jumps))
    found: dict[str, set[str]] = {name: set() for name in by_name}
    for hook in BUILTIN.get(table, ()):
        if hook in by_name:
            _walk(hook, leads, found)
    return {name: frozenset(hooks) for name, hooks in found.items()}


def _walk(hook: str, leads: Mapping[str, tuple[str, ...]], found: dict[str, set[str]]) -> None:
    path = {hook}
    stack = [(hook, iter(leads[hook]))]
    found[hook].add(hook)
    while stack:
        name, rest = stack[-1]
        for following in rest:
            if following in path:
                raise RulesError(ELOOP, status=1)
            if following in found and hook not in found[following]:
                found[following].add(hook)
                path.add(following)
                stack.append((following, iter(leads[following])))
                break
        else:
            stack.pop()
            path.discard(name)


def check_table(table: str, chains: Iterable[Chain]) -> None:
    """All checks on the chains of one table.

    Raises:
        RulesError: with the message that iptables prints for the kernel's answer, status 1.
    """
    chains = tuple(chains)
    hooks = reachable(table, chains)
    for chain in chains:
        for rule in chain.rules:
            check_rule(rule, table, hooks[chain.name])


def check_rule(rule: Rule, table: str, hooks: frozenset[str]) -> None:
    """The checks of one rule that is reached from these hooks.

    >>> from netlab.rules.parse import parse_rule
    >>> check_rule(parse_rule(["-j", "TRACE"]), "filter", frozenset({"INPUT"}))
    Traceback (most recent call last):
    ...
    netlab.rules.errors.RulesError: <text>: Invalid argument. Run `dmesg' for more information
      expected: TRACE only in table raw

    Raises:
        RulesError: with the message that iptables prints for the kernel's answer, status 1.
    """
    for match in rule.matches:
        _check_match(match, rule, hooks)
    target = rule.target
    if target is None:
        return
    only = TARGET_TABLE.get(type(target))
    if only is not None and table != only:
        _refuse(rule, f"{target.name} only in table {only}")
    allowed = TARGET_HOOKS.get(type(target))
    if allowed is not None and not hooks <= allowed:
        _refuse(rule, f"{target.name} only in {', '.join(sorted(allowed))}")
    tcp = rule.proto == TCP and not rule.proto_inv
    if isinstance(target, t.Reject) and target.kind == "tcp-reset" and not tcp:
        _refuse(rule, "tcp-reset only with -p tcp")
    if isinstance(target, t.Tcpmss):
        syn = any(isinstance(x, m.Tcp) and x.flags_comp & SYN and not x.flags_inv for x in rule.matches)
        if not tcp or not syn:
            _refuse(rule, "TCPMSS only with -p tcp and a match on SYN")
        if target.mss is None and not hooks <= {"FORWARD", "OUTPUT", "POSTROUTING"}:
            _refuse(rule, "--clamp-mss-to-pmtu only in FORWARD, OUTPUT, POSTROUTING")


def _check_match(match: m.Match, rule: Rule, hooks: frozenset[str]) -> None:
    protocol = MATCH_PROTOCOL.get(type(match))
    if protocol is not None and (rule.proto != protocol or rule.proto_inv):
        _refuse(rule, f"-p {match.name} with the match {match.name}")
    allowed = MATCH_HOOKS.get(type(match))
    if allowed is not None and not hooks <= allowed:
        _refuse(rule, f"the match {match.name} only in {', '.join(sorted(allowed))}")
    if isinstance(match, m.Physdev):
        leaving = match.out_dev is not None or match.is_out is not None
        if leaving and match.is_bridged is not True and "OUTPUT" in hooks:
            _refuse(rule, "--physdev-out in OUTPUT only with --physdev-is-bridged")
    elif isinstance(match, m.Addrtype):
        if match.limit == "in" and hooks & _TO_OUT:
            _refuse(rule, "--limit-iface-in not in OUTPUT, POSTROUTING")
        if match.limit == "out" and hooks & {"PREROUTING", "INPUT"}:
            _refuse(rule, "--limit-iface-out not in PREROUTING, INPUT")
    elif isinstance(match, m.Limit):
        if match.burst == 0 or limit_credits(match.average * match.burst) < limit_credits(match.average):
            _refuse(rule, "a burst that fits the rate", ERANGE)
    elif isinstance(match, m.Owner):
        for ids, what in ((match.uid, "users"), (match.gid, "groups")):
            if ids is not None and ids[0] > ids[1]:
                _refuse(rule, f"a range of {what} from the lower to the higher")
    elif isinstance(match, m.Recent):
        conditions = match.seconds or match.hitcount or match.ttl or match.reap
        if match.mode in ("set", "remove") and conditions:
            _refuse(rule, f"--{match.mode} without --seconds, --hitcount, --rttl, --reap")
        if match.hitcount > 255:
            _refuse(rule, "--hitcount up to 255")
        if match.list_name in ("", ".", "..") or "/" in match.list_name:
            _refuse(rule, "--name with what a file can be called")


def limit_credits(period: int) -> int:
    """Credits of a period in 1/10000 s, in 32 bits that run over (``user2credits``).

    >>> limit_credits(10000), limit_credits(5 * 432_000_000)
    (32000, 2617032704)
    """
    period &= 0xFFFFFFFF
    if period > 0xFFFFFFFF // (HZ * CREDITS_PER_JIFFY):
        return (period // 10000) * HZ * CREDITS_PER_JIFFY & 0xFFFFFFFF
    return period * HZ * CREDITS_PER_JIFFY // 10000


def _refuse(rule: Rule, expected: str, message: str = EINVAL) -> NoReturn:
    where: dict[str, Any] = {"expected": expected}
    if rule.line is not None:
        where |= {"source": rule.line.source, "line": rule.line.number, "text": rule.line.text}
    raise RulesError(message, status=1, **where)

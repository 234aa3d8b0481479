"""What the kernel writes to its log when it refuses a rule (net/netfilter/x_tables.c and the extensions' own checks).

Whether it refuses is decided in ``netlab.rules.checks``; captured on 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netlab.rules import checks
from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.model import Rule
from netlab.wire import SYN, TCP

_ORDER: Final = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
_BRIDGED_ONLY: Final = (
    "xt_physdev: --physdev-out and --physdev-is-out only supported in the FORWARD and POSTROUTING chains "
    "with bridged traffic"
)
_CLAMP: Final = "xt_TCPMSS: path-MTU clamping only supported in FORWARD, OUTPUT and POSTROUTING hooks"


def complaint(rule: Rule, table: str, hooks: frozenset[str]) -> str | None:
    """The line in the kernel log about a rule that is refused in this place; None if it is refused silently."""
    return next(_complaints(rule, table, hooks), None)


def _complaints(rule: Rule, table: str, hooks: frozenset[str]) -> Iterator[str]:
    for match in rule.matches:
        allowed = checks.MATCH_HOOKS.get(type(match))
        if allowed is not None and not hooks <= allowed:
            yield _hooks(f"{match.name} match", hooks, allowed, "valid")
        protocol = checks.MATCH_PROTOCOL.get(type(match))
        if protocol is not None and (rule.proto != protocol or rule.proto_inv):
            yield f"x_tables: ip_tables: {match.name} match: only valid for protocol {protocol}"
        yield from _of_match(match, hooks)
    target = rule.target
    if target is None:
        return
    name = "CT" if isinstance(target, t.Ct) else target.name
    only = checks.TARGET_TABLE.get(type(target))
    if only is not None and table != only:
        yield f"x_tables: ip_tables: {name} target: only valid in {only} table, not {table}"
    allowed = checks.TARGET_HOOKS.get(type(target))
    if allowed is not None and not hooks <= allowed:
        yield _hooks(f"{name} target", hooks, allowed, "usable")
    yield from _of_target(target, rule, hooks)


def _hooks(what: str, hooks: frozenset[str], allowed: frozenset[str], word: str) -> str:
    used, only = ("/".join(hook for hook in _ORDER if hook in some) for some in (hooks, allowed))
    return f"x_tables: ip_tables: {what}: used from hooks {used}, but only {word} from {only}"


def _of_match(match: m.Match, hooks: frozenset[str]) -> Iterator[str]:
    if isinstance(match, m.Physdev):
        leaving = match.out_dev is not None or match.is_out is not None
        if leaving and match.is_bridged is not True and "OUTPUT" in hooks:
            yield _BRIDGED_ONLY
    elif isinstance(match, m.Addrtype):
        if match.limit == "in" and hooks & {"OUTPUT", "POSTROUTING"}:
            yield "xt_addrtype: input interface limitation not valid in POSTROUTING and OUTPUT"
        if match.limit == "out" and hooks & {"PREROUTING", "INPUT"}:
            yield "xt_addrtype: output interface limitation not valid in PREROUTING and INPUT"
    elif isinstance(match, m.Recent) and match.hitcount > 255:
        if match.mode not in ("set", "remove"):
            yield f"xt_recent: hitcount ({match.hitcount}) is larger than allowed maximum (255)"
    elif isinstance(match, m.Limit):
        yield f"xt_limit: Overflow, try lower: {match.average}/{match.burst}"


def _of_target(target: t.Target, rule: Rule, hooks: frozenset[str]) -> Iterator[str]:
    tcp = rule.proto == TCP and not rule.proto_inv
    if isinstance(target, t.Reject) and target.kind == "tcp-reset" and not tcp:
        yield "ipt_REJECT: TCP_RESET invalid for non-tcp"
    if isinstance(target, t.Tcpmss):
        if not tcp:
            yield "x_tables: ip_tables: TCPMSS target: only valid for protocol 6"
        if target.mss is None and not hooks <= {"FORWARD", "OUTPUT", "POSTROUTING"}:
            yield _CLAMP
        if not any(isinstance(x, m.Tcp) and x.flags_comp & SYN and not x.flags_inv for x in rule.matches):
            yield "xt_TCPMSS: Only works on TCP SYN packets"

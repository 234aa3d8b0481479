"""One iptables rule as text: as iptables-save prints it, and its words."""

from __future__ import annotations

from netlab.rules.model import Rule
from netlab.rules.names import protocol_name
from netlab.rules.numbers import address_save
from netlab.rules.targets import Goto


def rule_words(rule: Rule) -> str:
    """What follows ``-A CHAIN``, with a leading space where there is anything.

    >>> from netlab.rules.parse import parse_rule
    >>> rule_words(parse_rule("-j ACCEPT -p 6 --dport 80 ! -i lo".split()))
    ' ! -i lo -p tcp -m tcp --dport 80 -j ACCEPT'
    """
    return _conditions(rule) + _target(rule)


def save_rule(rule: Rule, chain: str, *, counters: bool = False) -> str:
    """A rule as iptables-save prints it, with ``counters`` as ``iptables-save -c`` does."""
    head = f"[{rule.packets}:{rule.octets}] " if counters else ""
    return f"{head}-A {chain}{_conditions(rule)}{_target(rule)}"


def show_rule(rule: Rule, chain: str, *, counters: bool = False) -> str:
    """A rule as ``iptables -S`` prints it, with ``counters`` as ``iptables -v -S`` does."""
    middle = f" -c {rule.packets} {rule.octets}" if counters else ""
    return f"-A {chain}{_conditions(rule)}{middle}{_target(rule)}"


def _conditions(rule: Rule) -> str:
    out = ""
    if rule.src_mask or rule.src_inv or rule.src:
        out += f"{' !' if rule.src_inv else ''} -s {address_save(rule.src, rule.src_mask)}"
    if rule.dst_mask or rule.dst_inv or rule.dst:
        out += f"{' !' if rule.dst_inv else ''} -d {address_save(rule.dst, rule.dst_mask)}"
    # a lone "+" is any device and is never printed, not even inverted
    if rule.in_dev not in ("", "+"):
        out += f"{' !' if rule.in_inv else ''} -i {rule.in_dev}"
    if rule.out_dev not in ("", "+"):
        out += f"{' !' if rule.out_inv else ''} -o {rule.out_dev}"
    if rule.proto:
        out += f"{' !' if rule.proto_inv else ''} -p {protocol_name(rule.proto) or rule.proto}"
    if rule.fragment is not None:
        out += " -f" if rule.fragment else " ! -f"
    for match in rule.matches:
        out += f" -m {match.name}{match.save()}"
    return out


def _target(rule: Rule) -> str:
    target = rule.target
    if target is None:
        return ""
    return f" -{'g' if isinstance(target, Goto) else 'j'} {target.name}{target.save()}"

"""Rule sets shown: one line, plain text, HTML, and plain data for JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from html import escape
from typing import Any

from netlab.rules.ebmodel import EbChain, EbRule, EbRuleSet
from netlab.rules.ebtext import eb_rule_text
from netlab.rules.model import Chain, Rule, RuleSet
from netlab.rules.numbers import address_save
from netlab.rules.rule_text import rule_words

_MOST_ROWS = 500
"""Rules of a table that HTML shows; the rest is counted."""


def _text(rule: Rule | EbRule) -> str:
    return rule_words(rule)[1:] if isinstance(rule, Rule) else eb_rule_text(rule).rstrip()


def summary(rules: RuleSet | EbRuleSet) -> str:
    """One line: what it is and how much of it.

    >>> from netlab.rules.save import read_save
    >>> summary(read_save("*raw\\n:PREROUTING ACCEPT [0:0]\\n-A PREROUTING -p icmp -j TRACE\\nCOMMIT\\n"))
    'iptables rules: raw 1 chain, 1 rule'
    """
    kind = "iptables" if isinstance(rules, RuleSet) else "ebtables"
    parts = []
    for table in rules.tables:
        count = sum(len(chain.rules) for chain in table.chains)
        parts.append(f"{table.name} {_plural(len(table.chains), 'chain')}, {_plural(count, 'rule')}")
    out = f"{kind} rules: {'; '.join(parts) or 'none'}"
    return f"{out}; {_plural(len(rules.problems), 'line')} not read" if rules.problems else out


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _heading(chain: Chain | EbChain) -> str:
    if chain.policy is None:
        return f"{chain.name} (a user's chain)"
    counts = f", {chain.packets} packets, {chain.octets} bytes" if isinstance(chain, Chain) else ""
    return f"{chain.name} (policy {chain.policy}{counts})"


def _rows(rules: RuleSet | EbRuleSet) -> Iterator[tuple[str, Chain | EbChain]]:
    for table in rules.tables:
        for chain in table.chains:
            yield table.name, chain


def plain(rules: RuleSet | EbRuleSet, *, problems: bool = True) -> str:
    """Chains and numbered rules as text, and at the end the ``problems``: what was not read."""
    out = [summary(rules)]
    for table, chain in _rows(rules):
        out.append(f"{table}:{_heading(chain)}")
        listed: tuple[Rule | EbRule, ...] = chain.rules
        width = len(str(len(listed)))
        for number, rule in enumerate(listed, 1):
            counts = f"[{rule.packets}:{rule.octets}] " if rules.counters else ""
            out.append(f"  {number:>{width}}. {counts}{_text(rule)}")
    if isinstance(rules, RuleSet):
        out += [f"note: {loss}" for loss in rules.losses]
    if problems:
        out += [str(problem) for problem in rules.problems]
    return "\n".join(out)


def html(rules: RuleSet | EbRuleSet) -> str:
    """The same as an HTML table; every text is escaped."""
    out = [f"<p>{escape(summary(rules))}</p>"]
    shown = 0
    for table, chain in _rows(rules):
        out.append(f"<details open><summary><code>{escape(table)}:{escape(_heading(chain))}</code></summary>")
        if chain.rules:
            out.append("<table><thead><tr><th>#</th><th>packets</th><th>bytes</th>")
            out.append('<th style="text-align:left">rule</th></tr></thead>')
            out.append("<tbody>")
            listed: tuple[Rule | EbRule, ...] = chain.rules[: max(0, _MOST_ROWS - shown)]
            for number, rule in enumerate(listed, 1):
                out.append(
                    f"<tr><td>{number}</td><td>{rule.packets}</td><td>{rule.octets}</td>"
                    f'<td style="text-align:left"><code>{escape(_text(rule))}</code></td></tr>'
                )
            out.append("</tbody></table>")
            hidden = len(chain.rules) - max(0, _MOST_ROWS - shown)
            if hidden > 0:
                out.append(f"<p>… and {_plural(hidden, 'rule')} more</p>")
            shown += len(chain.rules)
        out.append("</details>")
    if rules.problems:
        out.append("<pre>" + escape("\n".join(str(problem) for problem in rules.problems)) + "</pre>")
    return "".join(out)


def _plain_value(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _parts(value)
    return [_plain_value(v) for v in value] if isinstance(value, tuple) else value


def _parts(extension: Any) -> dict[str, Any]:
    """A match or target: its name, and the options that are not as they are without saying."""
    out: dict[str, Any] = {"name": extension.name}
    for field in dataclasses.fields(extension):
        value = getattr(extension, field.name)
        if field.name != "name" and value != field.default:
            out[field.name] = _plain_value(value)
    return out


def _rule_dict(rule: Rule | EbRule) -> dict[str, Any]:
    out: dict[str, Any] = {"text": _text(rule)}
    for field in dataclasses.fields(rule):
        value = getattr(rule, field.name)
        if field.name in ("line", "packets", "octets", "src_mask", "dst_mask") or value == field.default:
            continue
        out[field.name] = _plain_value(value)
    if isinstance(rule, Rule):
        for side, address, mask in (("src", rule.src, rule.src_mask), ("dst", rule.dst, rule.dst_mask)):
            if mask or address:
                out[side] = address_save(address, mask)
    out |= {"packets": rule.packets, "bytes": rule.octets}
    if rule.line is not None:
        out["line"] = rule.line.number
    return out


def ruleset_dict(rules: RuleSet | EbRuleSet) -> dict[str, Any]:
    """A rule set as plain data for JSON."""
    tables = []
    for table in rules.tables:
        chains = []
        for chain in table.chains:
            one: dict[str, Any] = {"name": chain.name, "policy": chain.policy}
            if isinstance(chain, Chain):
                one |= {"packets": chain.packets, "bytes": chain.octets}
            one["rules"] = [_rule_dict(rule) for rule in chain.rules]
            chains.append(one)
        tables.append({"name": table.name, "chains": chains})
    out: dict[str, Any] = {"family": "ip" if isinstance(rules, RuleSet) else "bridge", "tables": tables}
    if isinstance(rules, RuleSet):
        out["losses"] = list(rules.losses)
    out["problems"] = [
        {
            "kind": type(p).__name__,
            "message": p.message,
            "source": p.source,
            "line": p.line,
            "column": p.column,
            "expected": p.expected,
        }
        for p in rules.problems
    ]
    return out

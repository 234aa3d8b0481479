"""``ip rule``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import RULE_ERRORS, PolicyRule
from netlab.lab.commands.iproute.route_names import read_table, table_text
from netlab.lab.commands.iproute.words import Failed, Words, answers, need_prefix
from netlab.lab.context import Arg, Process
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_SUPPRESS: Final = "suppress_prefixlength"


def rules(process: Process, words: Words) -> int:
    """``ip rule add|delete|flush|show``."""
    choices = {
        "add": "add",
        "delete": "delete",
        "show": "show",
        "list": "show",
        "lst": "show",
        "flush": "flush",
    }
    action = words.choose(choices, "show")
    fib = process.netns.fib
    if action == "show":
        asked, given = _read(process, words, shown=True)
        for rule in fib.rules:
            if _fits(rule, asked, given):
                process.out(rule_text(rule, process.netns) + "\n")
        return 0
    named = words.last if action == "delete" else action
    if action != "flush" and not words:
        raise Failed(f'"ip rule {named}" requires arguments.', 1)
    rule, given = _read(process, words)
    if action == "flush":
        fib.custom_rules = True
        fib.rules[:] = [known for known in fib.rules if not known.priority or not _fits(known, rule, given)]
        return 0
    if action == "add":
        if "priority" not in given:
            # One less than the second rule has (fib_default_rule_pref).
            second = fib.rules[1].priority if len(fib.rules) > 1 else 0
            rule = replace(rule, priority=max(second - 1, 0))
        if rule in fib.rules:
            raise answers("File exists")
        fib.custom_rules = True
        fib.rules.append(rule)
        fib.rules.sort(key=lambda r: r.priority)
        return 0
    for known in fib.rules:
        if _fits(known, rule, given):
            fib.custom_rules = True
            fib.rules.remove(known)
            return 0
    raise answers("No such file or directory")


def _read(process: Process, words: Words, *, shown: bool = False) -> tuple[PolicyRule, set[str]]:
    """A rule's words, and which of them were given. ``show`` does not know them all."""
    known = ("not", "from", "to", "iif", "oif", "fwmark", "table", "priority", *RULE_ERRORS)
    if not shown:
        known = (*known, _SUPPRESS)
    src = dst = (0, 0)
    iif = oif = ""
    mark = mask = 0
    table = 254
    priority, suppressed = 0, -1
    action, inverted = "lookup", False
    given: set[str] = set()
    while words:
        word = words.take()
        # Words that may be cut short (iprule_modify).
        for whole in ("preference", "order", "priority", "table"):
            if whole.startswith(word) and word != "to":
                word = Arg({"preference": "priority", "order": "priority"}.get(whole, whole), word.place)
        if not shown and (word == "sup_pl" or (len(word) > 1 and _SUPPRESS.startswith(word))):
            word = Arg(_SUPPRESS, word.place)
        given.add("table" if word == "lookup" else word)
        if word in ("from", "to"):
            text = words.take()
            prefix = need_prefix(text)
            src, dst = (prefix, dst) if word == "from" else (src, prefix)
        elif word in ("iif", "dev"):
            iif = words.take()
        elif word == "oif":
            oif = words.take()
        elif word == "fwmark":
            text = words.take()
            value, slash, rest = text.partition("/")
            try:
                mark, mask = int(value, 0), int(rest, 0) if slash else 0xFFFFFFFF
            except ValueError:
                raise Failed(f'Error: argument "{text}" is wrong: fwmark value is invalid\n', 255) from None
        elif word in ("table", "lookup"):
            table = read_table(words, "invalid table ID")
        elif word == "priority":
            priority = words.quantity(word, "preference value is invalid\n")
        elif word == _SUPPRESS and not shown:
            suppressed = words.quantity(word, f"{_SUPPRESS} value is invalid\n")
            if suppressed < 0:
                raise Failed(f'Error: argument "{words.last}" is wrong: {_SUPPRESS} value is invalid\n', 255)
        elif word == "not":
            inverted = True
        elif word in RULE_ERRORS:
            action, table = word, 0
        else:
            words.refuse(word, known)
    rule = PolicyRule(
        priority=priority,
        table=table,
        src=src[0],
        src_prefix=src[1],
        dst=dst[0],
        dst_prefix=dst[1],
        iif=iif,
        oif=oif,
        mark=mark,
        mask=mask,
        action=action,
        inverted=inverted,
        suppressed=suppressed,
    )
    return rule, given


def _fits(rule: PolicyRule, asked: PolicyRule, given: set[str]) -> bool:
    pairs = {
        "priority": rule.priority == asked.priority,
        "from": (rule.src, rule.src_prefix) == (asked.src, asked.src_prefix),
        "to": (rule.dst, rule.dst_prefix) == (asked.dst, asked.dst_prefix),
        "iif": rule.iif == asked.iif,
        "oif": rule.oif == asked.oif,
        "fwmark": (rule.mark, rule.mask) == (asked.mark, asked.mask),
        "table": rule.table == asked.table,
        _SUPPRESS: rule.suppressed == asked.suppressed,
        "not": rule.inverted == asked.inverted,
        **dict.fromkeys(RULE_ERRORS, rule.action == asked.action),
    }
    return all(pairs[name] for name in given if name in pairs)


def rule_text(rule: PolicyRule, ns: Netns) -> str:
    """A line of ``ip rule``; a device that is not there is detached."""

    def prefix(address: int, length: int) -> str:
        return ip_text(address) + ("" if length == 32 else f"/{length}")

    text = f"{rule.priority}:\t" + ("not " if rule.inverted else "")
    text += f"from {prefix(rule.src, rule.src_prefix) if rule.src_prefix else 'all'}"
    if rule.dst_prefix:
        text += f" to {prefix(rule.dst, rule.dst_prefix)}"
    if rule.mask or rule.mark:
        text += f" fwmark {rule.mark:#x}" + (
            "" if rule.mask == 0xFFFFFFFF else f"/{rule.mask:#x}" if rule.mask else "/0"
        )
    for word, name in (("iif", rule.iif), ("oif", rule.oif)):
        if name:
            text += f" {word} {name}" + ("" if name in ns.devices else " [detached]")
    if rule.action != "lookup":
        return f"{text} {rule.action}"
    text += f" lookup {table_text(rule.table)}"
    return text if rule.suppressed < 0 else f"{text} {_SUPPRESS} {rule.suppressed}"

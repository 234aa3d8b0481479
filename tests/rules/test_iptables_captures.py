"""Every rule against what iptables 1.8.9 on Linux 6.1 made of it: parsed, checked, printed, read back."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest

from netlab.errors import NotModelledError
from netlab.rules import (
    BUILTIN,
    Chain,
    Command,
    Rule,
    RulesError,
    RuleSet,
    Table,
    check_table,
    parse_command,
    read_listing,
    read_save,
    save_rule,
    show_rule,
)
from netlab.rules.model import ListForm

USER_CHAINS = ("USER", "USER2")
FORMS = {
    "-nvL": ListForm(numeric=True, verbose=True, line_numbers=True),
    "-vL": ListForm(verbose=True, line_numbers=True),
    "-nL": ListForm(numeric=True, line_numbers=True),
    "-xnvL": ListForm(numeric=True, verbose=True, exact=True, line_numbers=True),
}

# Accepted by the real program, refused by netlab by name.
UNMODELLED = {"iptables -A INPUT -j QUEUE", "iptables -A INPUT -j NFQUEUE"}


def parse(argv: list[str]) -> Command:
    """A command as the kernel would take it: parsed, and its rules checked in their chain."""
    command = parse_command(argv, chains=lambda name: (*BUILTIN.get(name, ()), *USER_CHAINS), sets=())
    if command.rules:
        check_table(command.table, table_with(command).chains)
    return command


def rule_command(text: str) -> Command:
    table, _, rest = text.partition(" ")
    chain, _, words = rest.partition(" ")
    return parse(["-t", table, "-A", chain, *shlex.split(words)])


def table_with(command: Command) -> Table:
    builtin = BUILTIN[command.table]
    chains = [
        Chain(name, "ACCEPT" if name in builtin else None, command.rules if name == command.chain else ())
        for name in (*builtin, *USER_CHAINS)
    ]
    return Table(command.table, tuple(chains))


def uncounted(rules: tuple[Rule, ...]) -> list[Rule]:
    return [replace(rule, packets=0, octets=0) for rule in rules]


def test_accepted_rule_prints_as_iptables_save_does(accepted_rule: Any) -> None:
    command = rule_command(accepted_rule.text)
    chain = command.chain or ""
    assert [save_rule(r, chain, counters=True) for r in command.rules] == accepted_rule.shown["s"]
    assert [show_rule(r, chain) for r in command.rules] == accepted_rule.shown["-S"]


@pytest.mark.parametrize("form", FORMS)
def test_accepted_rule_lists_as_iptables_does(accepted_rule: Any, form: str) -> None:
    command = rule_command(accepted_rule.text)
    only = RuleSet((Table(command.table, (table_with(command)[command.chain or ""],)),))
    assert only.list(FORMS[form]).split("\n")[2:-1] == accepted_rule.shown[form]


# 1.8.9 prints neither a lone "+" nor an inverted full range of ports.
LOST_IN_SAVE = {"filter FORWARD -i + -j ACCEPT", "filter FORWARD ! -i + -j ACCEPT"} | {
    "filter FORWARD -p tcp ! --sport 0:65535 -j ACCEPT"
}


def test_saved_rule_is_read_back_as_the_typed_one(accepted_rule: Any) -> None:
    """Through the whole-dump reader, so its quick way agrees with the command line's grammar."""
    command = rule_command(accepted_rule.text)
    heads = [f":{c.name} {c.policy or '-'} [0:0]" for c in table_with(command)]
    dump = "\n".join([f"*{command.table}", *heads, *accepted_rule.shown["s"], "COMMIT", ""])
    read = list(read_save(dump)[command.table][command.chain or ""].rules)
    assert (read == list(command.rules)) is (accepted_rule.text not in LOST_IN_SAVE)
    assert [save_rule(r, command.chain or "", counters=True) for r in read] == accepted_rule.shown["s"]


@pytest.mark.parametrize("form", FORMS)
def test_listed_rule_is_read_back(accepted_rule: Any, form: str) -> None:
    """A listing read back prints the same again, and loses only what it does not show."""
    command = rule_command(accepted_rule.text)
    printed = RuleSet((table_with(command),)).list(FORMS[form])
    read = read_listing(printed, table=command.table)
    assert read.list() == printed
    expected = uncounted(command.rules)
    if not FORMS[form].verbose:
        expected = [replace(r, in_dev="", in_inv=False, out_dev="", out_inv=False) for r in expected]
    got = uncounted(read[command.table][command.chain or ""].rules)
    # without -n an address of 0.0.0.0 is "anywhere", whatever its mask
    lost = "--ctrepldst 0.0.0.0" in accepted_rule.text and not FORMS[form].numeric
    assert (got == expected) is not lost


def test_refused_rule_is_refused_in_the_same_words(refused_rule: Any) -> None:
    with pytest.raises(RulesError) as refused:
        rule_command(refused_rule.text)
    assert refused.value.stderr().rstrip("\n") == refused_rule.stderr.rstrip("\n")
    assert refused.value.status == refused_rule.status


def test_refused_command_is_refused_in_the_same_words(refused_command: Any) -> None:
    with pytest.raises(RulesError) as refused:
        parse(shlex.split(refused_command.text)[1:])
    assert refused.value.stderr().rstrip("\n") == refused_command.stderr.rstrip("\n")
    assert refused.value.status == refused_command.status


def test_accepted_command_is_accepted_or_named(accepted_command: Any) -> None:
    argv = shlex.split(accepted_command.text)[1:]
    if accepted_command.text in UNMODELLED:
        with pytest.raises(NotModelledError, match="target"):
            parse(argv)
    else:
        assert parse(argv).rules

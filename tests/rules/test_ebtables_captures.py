"""Every rule against what ebtables 2.0.11 on Linux 6.1 made of it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from netlab.rules import (
    EB_BUILTIN,
    EbChain,
    EbCommand,
    EbRuleSet,
    EbTable,
    EbtablesError,
    list_eb_table,
    parse_eb_command,
    read_eb_listing,
    read_eb_save,
    write_eb_save,
)


def parse(argv: list[str]) -> EbCommand:
    return parse_eb_command(argv, chains=lambda table: (*EB_BUILTIN[table], "USER"))


def rule_command(text: str) -> EbCommand:
    table, _, rest = text.partition(" ")
    chain, _, words = rest.partition(" ")
    return parse(["-t", table, "-A", chain, *shlex.split(words)])


def table_with(command: EbCommand) -> EbTable:
    assert command.rule is not None
    names = (*EB_BUILTIN[command.table], "USER")
    rules = (command.rule,)
    return EbTable(
        command.table, tuple(EbChain(n, "ACCEPT", rules if n == command.chain else ()) for n in names)
    )


def test_accepted_rule_lists_as_ebtables_does(accepted_eb_rule: Any) -> None:
    command = rule_command(accepted_eb_rule.text)
    table, chain = table_with(command), command.chain
    rows = list_eb_table(table, chain, counters=True).split("\n")[3:-1]
    assert rows == accepted_eb_rule.shown["-Lc"]
    rows = list_eb_table(table, chain, mac2=True, numbers=True).split("\n")[3:-1]
    assert rows == accepted_eb_rule.shown["-Lmac2"]


# group 0 and nothing else prints as no watcher at all
LOST = {"filter FORWARD --nflog-group 0 -j DROP"}


def test_listed_and_saved_rule_is_read_back(accepted_eb_rule: Any) -> None:
    command = rule_command(accepted_eb_rule.text)
    rules = EbRuleSet((table_with(command),), counters=True)
    kept = accepted_eb_rule.text not in LOST
    assert (read_eb_listing(rules.list()) == rules) is kept
    saved = write_eb_save(rules)
    assert (read_eb_save(saved) == rules) is kept
    assert write_eb_save(read_eb_save(saved)) == saved


# what legacy ebtables refuses, or ebtables-nft loses: a watcher before a mark match
ONLY_NFT = {
    "filter FORWARD -j RETURN",
    "filter FORWARD -p ipv4 --ip-proto tcp --ip-destination-port http -j ACCEPT",
    "filter FORWARD -j mark --mark-xor 1 --mark-target RETURN",
    'filter FORWARD -p ipv4 --ip-proto 1 -i veth1 -s 2:0:0:0:0:1 --log-ip --mark 3 --log-prefix "all " -j USER',
}


def test_rule_saves_as_ebtables_nft_does(nft_eb_rule: Any) -> None:
    if nft_eb_rule.text in ONLY_NFT:
        pytest.skip("not what legacy ebtables does")
    table = table_with(rule_command(nft_eb_rule.text))
    saved = write_eb_save(EbRuleSet((table,), "nft"), counters=True)
    ours = [line.split("] ")[1] for line in saved.splitlines() if line.startswith("[")]
    assert ours == [line.split("] ")[1] for line in nft_eb_rule.shown["s"]]
    read = read_eb_save("# nft\n" + saved)
    assert read == EbRuleSet((table,))
    assert write_eb_save(read) == "# nft\n" + saved


def test_refused_rule_is_refused_in_the_same_words(refused_eb_rule: Any) -> None:
    with pytest.raises(EbtablesError) as refused:
        rule_command(refused_eb_rule.text)
    assert refused.value.stderr().rstrip("\n") == refused_eb_rule.stderr
    assert refused.value.status == refused_eb_rule.status


# what depends on the rules there are
STATE = ("referenced", "does not exist.", "wrong rule numbers", "rule number is incorrect")


def test_refused_command_is_refused_in_the_same_words(refused_eb_command: Any) -> None:
    argv = shlex.split(refused_eb_command.text)
    if any(words in refused_eb_command.stderr for words in STATE):
        parse(argv)
        return
    if "-A USER" in refused_eb_command.text:
        argv = ["-A", "GONE", *argv[2:]]
        refused_eb_command.errors = [line.replace("USER", "GONE", 1) for line in refused_eb_command.errors]
    with pytest.raises(EbtablesError) as refused:
        parse(argv)
    assert refused.value.stderr().rstrip("\n") == refused_eb_command.stderr
    assert refused.value.status == refused_eb_command.status

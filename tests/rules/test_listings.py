"""Listings: the article's, reading without a table's name, what is lost; ebtables in every form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlab import data
from netlab.errors import InputError, NotModelledError
from netlab.rules import (
    EbChain,
    EbRuleSet,
    EbTable,
    RuleSet,
    list_eb_table,
    parse_eb_rule,
    parse_rule,
    read_listing,
    read_rules,
    read_save,
)
from netlab.rules.listing import abbreviated, list_rule
from netlab.rules.listing_read import NO_COUNTS, NO_DEVICES, table_of

CAPTURES = Path(__file__).parent / "captures"
CAPTURE = CAPTURES / "ebtables-2.0.11-listings.txt"


def stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n")]


@pytest.mark.parametrize("name", ["filter", "nat"])
def test_article_listing_prints_back(name: str) -> None:
    """Release 1.6.0: protocols by name with -n. The web page lost the blanks at the line ends."""
    text = data.article(f"iptables-nL-{name}.txt")
    rules = read_rules(text)
    assert isinstance(rules, RuleSet)
    assert [table.name for table in rules] == [name]
    assert rules.form is not None
    assert (rules.form.release, rules.form.verbose, rules.form.line_numbers) == ("1.6.0", True, True)
    printed = "\n".join(stripped(rules.list()))
    assert [line for line in printed.split("\n") if line] == [line for line in text.split("\n") if line]
    assert NO_COUNTS in rules.losses


def test_article_listing_and_dump_hold_the_same_rules() -> None:
    dump = read_save(data.article("iptables-save.txt"))
    for name in ("filter", "nat"):
        listed = read_listing(data.article(f"iptables-nL-{name}.txt"))[name]
        for chain in listed:
            shown = [(r.target, r.out_dev, r.in_dev, r.matches, r.dst) for r in chain.rules]
            saved = [(r.target, r.out_dev, r.in_dev, r.matches, r.dst) for r in dump[name][chain.name].rules]
            assert shown == saved


def test_without_v_the_interfaces_are_said_to_be_lost() -> None:
    rules = read_listing(
        "Chain INPUT (policy ACCEPT)\n"
        "target     prot opt source               destination         \n"
        "ACCEPT     all  --  anywhere             anywhere            \n"
    )
    assert NO_DEVICES in rules.losses
    assert not rules.counters


@pytest.mark.parametrize(
    ("chains", "table"),
    [
        (["INPUT", "FORWARD", "OUTPUT"], "filter"),
        (["PREROUTING", "OUTPUT"], "raw"),
        (["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "DOCKER"], "nat"),
        (["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], "mangle"),
        (["DOCKER"], "filter"),
    ],
)
def test_table_is_told_from_its_chains(chains: list[str], table: str) -> None:
    assert table_of(chains) == table


def test_several_listings_in_one_text_are_several_tables() -> None:
    text = data.article("iptables-nL-filter.txt") + "\n" + data.article("iptables-nL-nat.txt")
    assert [table.name for table in read_listing(text)] == ["filter", "nat"]


# spec/netfilter 9.1, seen on a real kernel
@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (99999, "99999"),
        (100000, "100K"),
        (100499, "100K"),
        (100500, "101K"),
        (9999499, "9999K"),
        (9999500, "10M"),
        (9999999999, "10G"),
    ],
)
def test_counters_are_abbreviated_as_iptables_does(count: int, shown: str) -> None:
    assert "".join(abbreviated(count)) == shown


def test_releases_differ_in_the_protocol_column_alone() -> None:
    rule = parse_rule(["-p", "tcp", "-j", "ACCEPT"])
    old, new = (list_rule(rule, numeric=True, release=r) for r in ("1.6.0", "1.8.9"))
    assert old.replace("tcp ", "6   ") == new


def test_unknown_text_in_a_listing_is_named_with_its_place() -> None:
    text = (
        "Chain INPUT (policy ACCEPT)\n"
        "target     prot opt source               destination         \n"
        "ACCEPT     all  --  anywhere             anywhere             quota: 5 bytes\n"
    )
    with pytest.raises(NotModelledError) as failed:
        read_listing(text)
    assert failed.value.line == 3
    assert text.splitlines()[2][failed.value.column :] == "quota: 5 bytes"


def test_row_without_its_heads_is_an_error() -> None:
    with pytest.raises(InputError, match="not a line of iptables -L"):
        read_listing("ACCEPT     all  --  anywhere             anywhere\n")


# --- ebtables --------------------------------------------------------------------------------------------


def captured() -> dict[str, str]:
    """What ebtables 2.0.11 printed, by the words after ``ebtables``."""
    parts = CAPTURE.read_text().split("@@@ ")
    return dict(part.split("\n", 1) for part in parts if part)


def set_up() -> EbTable:
    """The rules of the capture's script."""
    arp = parse_eb_rule(["-p", "arp", "-j", "ACCEPT"])
    logged = parse_eb_rule(["-s", "2:42:c0:a8:0:2", "--log-prefix", "x y", "--log", "-j", "USER"])
    return EbTable(
        "filter",
        (
            EbChain("INPUT"),
            EbChain("FORWARD", "DROP", (*[arp] * 11, logged)),
            EbChain("OUTPUT"),
            EbChain("USER", "ACCEPT", (parse_eb_rule(["-j", "RETURN"], chain="USER"),)),
            EbChain("U2", "DROP"),
        ),
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "L"),
        ({"counters": True, "numbers": True}, "L --Lc --Ln"),
        ({"mac2": True}, "L --Lmac2"),
        ({"commands": True}, "L --Lx"),
        ({"commands": True, "counters": True}, "L --Lx --Lc"),
    ],
)
def test_ebtables_lists_in_every_form(options: dict[str, bool], words: str) -> None:
    counters, numbers, commands, mac2 = (
        options.get(k, False) for k in ("counters", "numbers", "commands", "mac2")
    )
    shown = list_eb_table(set_up(), counters=counters, numbers=numbers, commands=commands, mac2=mac2)
    assert shown == captured()[words]


def test_one_chain_is_listed_alone() -> None:
    assert list_eb_table(set_up(), "USER") == captured()["-L USER"]


@pytest.mark.parametrize("words", ["L", "L --Lc --Ln", "L --Lmac2"])
def test_ebtables_listing_is_read_back(words: str) -> None:
    text = captured()[words]
    rules = read_rules(text)
    assert isinstance(rules, EbRuleSet)
    assert rules == EbRuleSet((set_up(),))
    assert rules.list() == text


def test_article_ebtables_save_prints_back() -> None:
    text = data.article("ebtables-save.txt")
    rules = read_rules(text)
    assert isinstance(rules, EbRuleSet)
    assert [table.name for table in rules] == ["nat", "broute", "filter"]
    want = [
        line.replace(": ", ":", 1) if line.startswith(": ") else line for line in text.split("\n") if line
    ]
    assert [line for line in rules.save().split("\n") if line] == want


def nft_captured() -> list[str]:
    text = (CAPTURES / "ebtables-nft-1.8.9-listings.txt").read_text(encoding="utf-8")
    return re.split(r"^== .*\n", text, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("text", nft_captured(), ids=["save", "save -c", "-L --Lc --Ln", "nat -L", "-L --Lx"])
def test_what_ebtables_nft_prints_is_read_and_printed_back(text: str) -> None:
    rules = read_rules(text)
    assert isinstance(rules, EbRuleSet)
    assert rules.flavour == "nft"
    assert (rules.list() if rules.form else rules.save()) == text

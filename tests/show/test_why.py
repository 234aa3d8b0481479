"""Why packets did not match a rule; the witness is what the real kernel's counters say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlab.errors import InputError
from netlab.lab import Lab
from netlab.rules import read_rules
from netlab.rules.model import Rule
from netlab.show.why import why_not

KERNEL = Path(__file__).parent.parent / "kernel"
HOST = """
ip link add docker0 type bridge && ip addr add 192.168.0.1/20 dev docker0
docker run --name c1 -d foo && docker run --name c2 -d foo
"""
PING = "docker exec c1 ping -c 1 192.168.0.3"


def answers(lab: str | list[str], table: str, chain: str, number: int, *, kernel: str = "6.1") -> list[str]:
    """The last column."""
    return [row[3] for row in why_not(lab, table, chain, number, kernel=kernel).table.rows]


@pytest.mark.parametrize("name", ["random-0007", "random-0079", "random-0087"])
def test_as_many_packets_match_as_the_real_kernel_counted(name: str) -> None:
    script = (KERNEL / "labs" / f"{name}.sh").read_text("utf-8")
    real = (KERNEL / "captures" / f"{name}.txt").read_text("utf-8")
    listing = re.search(r"^\*.*^COMMIT$", real, re.MULTILINE | re.DOTALL)
    assert listing
    saved = read_rules(listing[0])
    setup, flush, traffic = script.partition("conntrack -F\n")
    assert flush
    lab = Lab("6.1")
    lab.run(setup)
    asked = []
    for table in saved.tables:
        for chain in table.chains:
            for number, rule in enumerate(chain.rules, 1):
                assert isinstance(rule, Rule)
                asked.append((why_not(lab, table.name, chain.name, number), rule.packets))
    before = [rule_packets(lab, why.watch.table, why.watch.chain, why.watch.number) for why, _ in asked]
    lab.run(flush + traffic)
    counted = [real - old for (_, real), old in zip(asked, before, strict=True)]
    assert sum(counted) > 0
    assert [len(why.table.marked) for why, _ in asked] == counted


def rule_packets(lab: Lab, table: str, chain: str, number: int) -> int:
    return lab.world.host.xt[table].chains[chain].rules[number - 1].packets


def test_the_condition_that_failed_is_named() -> None:
    lab = [HOST, PING]
    assert answers(lab, "filter", "FORWARD", 5, kernel="4.4") == ["out device docker0 is docker0"] * 2
    assert answers(lab, "filter", "FORWARD", 3, kernel="4.4") == [
        "connection state NEW is not RELATED,ESTABLISHED",
        "matched",
    ]


def test_a_rule_that_was_not_reached_says_which_rule_ended_the_walk() -> None:
    request, reply = answers([HOST, PING], "filter", "FORWARD", 6, kernel="4.4")
    assert request == "matched"
    assert reply.startswith("every condition holds, but the walk ended before it: filter:FORWARD rule 3:")
    returned = "iptables -N A; iptables -A A -j RETURN; iptables -A A -j DROP; iptables -A INPUT -j A; "
    for said in answers(returned + "ping -c 1 127.0.0.1", "filter", "A", 2):
        assert said == "every condition holds, but the walk ended before it: filter:A rule 1: -j RETURN"


def test_a_table_that_was_not_asked_says_so() -> None:
    request, reply = answers([HOST, PING], "nat", "POSTROUTING", 1, kernel="4.4")
    assert request == "out device docker0 is docker0"
    assert reply.startswith("nat not consulted: the source half was decided")


def test_a_packet_of_another_way_says_which_way_it_took() -> None:
    rule = "iptables -A FORWARD -j DROP; ping -c 1 127.0.0.1"
    for said in answers(rule, "filter", "FORWARD", 1):
        assert said == "did not pass ip FORWARD, only ip OUTPUT, ip POSTROUTING, ip PREROUTING and ip INPUT"
    no_jump = "iptables -N A; iptables -A A -j DROP; ping -c 1 127.0.0.1"
    assert answers(no_jump, "filter", "A", 1) == ["no rule sent it to A"] * 2


def test_in_output_there_is_no_device_a_packet_came_by() -> None:
    chain = "iptables -N W; iptables -A W -i lo -j DROP; iptables -A OUTPUT -j W; ping -c 1 127.0.0.1"
    assert set(answers(chain, "filter", "W", 1)) == {"there is no in device here, and the rule asks for lo"}


def test_a_flooded_frame_is_answered_once_a_port() -> None:
    lab = Lab("4.4")
    lab.run(HOST + "docker run --name c3 -d foo\n" + PING + "\nsleep 400")
    asked = why_not(lab, "filter", "FORWARD", 6)
    lab.run(PING)
    request = [row for row in asked.table.rows if "echo request" in row[0]]
    assert [row[3] for row in request] == ["matched", "matched"]
    ports = [port.name for port in lab.world.host.devices.values() if port.port]
    # A flood begins at the newest port; the oldest is the one the frame came by.
    assert [row[2].rpartition(" > ")[2] for row in request] == [f"docker0 ({p})" for p in ports[:0:-1]]


def test_a_living_host_answers_from_the_next_packet_on() -> None:
    lab = Lab("4.4")
    result = lab.run(HOST + PING)
    asked = why_not(result, "filter", "FORWARD", 5)
    assert asked.table.notes == ("no packet has passed this host since",)
    lab.run(PING)
    assert [row[3] for row in asked.table.rows] == ["out device docker0 is docker0"] * 2
    assert "out device docker0 is docker0" in asked._repr_html_()


def test_ebtables_rules_are_asked_too() -> None:
    rule = "ebtables -A FORWARD -p ipv4 --ip-proto udp -j DROP\n"
    rows = why_not([HOST + rule, PING], "filter", "FORWARD", 1, family="bridge").table.rows
    icmp = [row[3] for row in rows if "ICMP" in row[0]]
    assert len(icmp) == 2
    assert all("matched" not in said and "1" in said for said in icmp)
    assert any(row[0].endswith("ARP reply 192.168.0.3 > 192.168.0.2") for row in rows)


def test_chance_is_not_called_a_condition_that_holds() -> None:
    rule = "iptables -A INPUT -m statistic --mode random --probability 0.5 -j DROP; ping -c 8 127.0.0.1"
    said = answers(rule, "filter", "INPUT", 1)
    assert "matched" in said
    assert any("chance decided against it" in words for words in said)


@pytest.mark.parametrize(
    ("place", "netns", "family", "words"),
    [
        (("filter", "FORWARD", 9), "host", "ipv4", "expected: 1 to 6"),
        (("filter", "FORWARD", 0), "host", "ipv4", "expected: 1 to 6"),
        (("filter", "OUTPUT", 1), "host", "ipv4", "the chain is empty"),
        (("filter", "NOWHERE", 1), "host", "ipv4", "there is no such chain"),
        (("mangle", "FORWARD", 1), "host", "ipv4", "nobody has opened it"),
        (("fliter", "FORWARD", 1), "host", "ipv4", "one of raw, mangle, nat, filter and security"),
        (("filter", "FORWARD", 1), "c9", "ipv4", "one of host, c1 and c2"),
        (("filter", "FORWARD", 1), "host", "ipv6", "ipv4 and bridge"),
        (("nat", "OUTPUT", 1), "host", "bridge", "nobody has opened it"),
    ],
)
def test_a_place_without_a_rule_is_refused(
    place: tuple[str, str, int], netns: str, family: str, words: str
) -> None:
    lab = Lab("4.4")
    lab.run(HOST)
    with pytest.raises(InputError) as living:
        why_not(lab, *place, netns=netns, family=family)
    assert words in str(living.value)
    with pytest.raises(InputError) as script:
        why_not(HOST, *place, kernel="4.4", netns=netns, family=family)
    assert words in str(script.value)

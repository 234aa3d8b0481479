"""iptables tables: labels, verdicts, counters, refusals; and the index against the plain walk."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import NotModelledError
from netlab.kernel import xt_index, xtables
from netlab.kernel.device import Dummy
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.netns import Netns
from netlab.kernel.skb import Skb
from netlab.kernel.steps import RuleMatched
from netlab.kernel.world import World
from netlab.kernel.xtables import XtTable
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule
from netlab.rules.parse import parse_command, parse_rule
from netlab.wire import ICMP, SYN, TCP, UDP, Icmp, Ipv4, Tcp, Udp, ip

HERE = Path(__file__).parent / "netfilter"


@pytest.fixture
def ns() -> Netns:
    return World("6.1").host


def rule(text: str, table: str = "filter") -> Rule:
    return parse_rule(shlex.split(text), table=table)


def filled(ns: Netns, commands: str, name: str = "filter") -> XtTable:
    table = xtables.open_table(ns, name)
    for line in commands.strip().splitlines():
        run(ns, f"iptables -t {name} {line}")
    return table


def run(ns: Netns, line: str) -> None:
    """What the iptables command asks of the table."""
    argv = shlex.split(line)[1:]
    name = argv[argv.index("-t") + 1] if "-t" in argv else "filter"
    table = xtables.open_table(ns, name)
    command = parse_command(argv, chains=list(table.chains))
    chain = command.chain or ""
    if command.letter == "A":
        for one in command.rules:
            table.append(chain, one)
    elif command.letter == "I":
        table.insert(chain, command.number or 1, command.rules[0])
    elif command.letter == "R":
        assert command.number
        table.replace(chain, command.number, command.rules[0])
    elif command.letter == "D" and command.number:
        table.delete_number(chain, command.number)
    elif command.letter == "D":
        table.delete(chain, command.rules[0])
    elif command.letter == "C":
        table.check(chain, command.rules[0])
    elif command.letter == "N":
        table.new_chain(chain)
    elif command.letter == "X":
        table.delete_chain(command.chain)
    elif command.letter == "F":
        table.flush(command.chain)
    elif command.letter == "Z":
        table.zero(command.chain, command.number)
    elif command.letter == "P":
        assert command.policy
        table.set_policy(chain, command.policy, command.counters)
    elif command.letter == "E":
        assert command.new_name
        table.rename_chain(chain, command.new_name)
    else:
        raise AssertionError(line)


def icmp_packet(src: str = "10.0.0.1", dst: str = "10.0.0.2") -> Skb:
    return Skb(Ipv4(ip(src), ip(dst), ICMP, Icmp(8, 0, 1 << 16, bytes(56))))


def at(ns: Netns, hook: str, in_dev: str = "", out_dev: str = "") -> HookState:
    for name in filter(None, (in_dev, out_dev)):
        if name not in ns.devices:
            Dummy(ns, name, "02:00:00:00:00:01")
    return HookState("ipv4", hook, ns, ns.devices.get(in_dev), ns.devices.get(out_dev))


def labels(ns: Netns, table: XtTable, skb: Skb, hook: str) -> list[str]:
    """``chain:label:number`` of everything that matched."""
    ns.world.steps.clear()
    table.do_table(skb, at(ns, hook))
    return [f"{s.chain}:{s.label}:{s.number}" for s in ns.world.steps if isinstance(s, RuleMatched)]


# --- labels: the cases that section 3 of the specification checked on 6.18 --------------------------------------


def test_an_empty_table_prints_its_policy(ns: Netns) -> None:
    assert labels(ns, filled(ns, ""), icmp_packet(), "INPUT") == ["INPUT:policy:1"]


def test_an_explicit_return_in_a_builtin_chain_is_labelled_policy_twice(ns: Netns) -> None:
    table = filled(ns, "-A INPUT -s 9.9.9.9 -j DROP\n-A INPUT -j RETURN\n-A INPUT -s 9.9.9.9")
    assert labels(ns, table, icmp_packet(), "INPUT") == ["INPUT:policy:2", "INPUT:policy:4"]


def test_labels_in_user_chains(ns: Netns) -> None:
    table = filled(
        ns,
        """
        -N EMPTY
        -N ENDS
        -N GOES
        -N TARGET
        -A FORWARD -j EMPTY
        -A FORWARD -p icmp -j GOES
        -A FORWARD -m comment --comment c -j ENDS
        -A GOES -g TARGET
        -A GOES -j DROP
        -A TARGET ! -s 9.9.9.9 -j RETURN
        -A ENDS -s 9.9.9.9
        -A ENDS -j ACCEPT
        """,
    )
    assert labels(ns, table, icmp_packet(), "FORWARD") == [
        "FORWARD:rule:1",
        "EMPTY:return:1",
        "FORWARD:rule:2",
        "GOES:rule:1",
        "TARGET:rule:1",
        "FORWARD:rule:3",
        "ENDS:return:2",
    ]


def test_goto_from_a_builtin_chain_ends_in_its_policy(ns: Netns) -> None:
    table = filled(ns, "-N U\n-A INPUT -g U\n-A INPUT -j DROP\n-A U -s 9.9.9.9")
    assert labels(ns, table, icmp_packet(), "INPUT") == ["INPUT:rule:1", "U:return:2", "INPUT:policy:3"]


def test_a_comment_makes_an_accept_conditional(ns: Netns) -> None:
    table = filled(ns, "-A INPUT -m comment --comment x -j ACCEPT")
    assert labels(ns, table, icmp_packet(), "INPUT") == ["INPUT:rule:1"]


def test_the_trace_rule_is_seen_only_by_packets_that_are_traced_already(ns: Netns) -> None:
    table = filled(ns, "-A PREROUTING -p icmp -j TRACE", "raw")
    skb = icmp_packet()
    for expected in (["raw:PREROUTING:policy:2"], ["raw:PREROUTING:rule:1", "raw:PREROUTING:policy:2"]):
        ns.world.ring.clear()
        table.do_table(skb, at(ns, "PREROUTING", "eth0"))
        assert [entry.text.split()[1] for entry in ns.world.ring] == expected


# --- verdicts and counters --------------------------------------------------------------------------------------


def test_counters_grow_by_the_ip_length_where_a_rule_matched(ns: Netns) -> None:
    table = filled(ns, "-A INPUT -p icmp\n-A INPUT -p tcp -j DROP")
    assert table.do_table(icmp_packet(), at(ns, "INPUT")) == ACCEPT
    saved = table.save()["INPUT"]
    assert [(r.packets, r.octets) for r in saved.rules] == [(1, 84), (0, 0)]
    assert (saved.packets, saved.octets) == (1, 84)


def test_a_command_keeps_rule_counters_and_clears_policy_counters(ns: Netns) -> None:
    # Captured with iptables 1.8.9 on 6.1: INPUT [2:168] became [0:0] with the next -A.
    table = filled(ns, "-A INPUT -p icmp")
    table.do_table(icmp_packet(), at(ns, "INPUT"))
    run(ns, "iptables -A INPUT -s 9.9.9.9")
    saved = table.save()["INPUT"]
    assert (saved.packets, saved.rules[0].packets) == (0, 1)


def test_limit_starts_afresh_with_every_command(ns: Netns) -> None:
    # Captured on 6.1: two matches, then two more after an unrelated -A.
    table = filled(ns, "-A INPUT -m limit --limit 1/min --limit-burst 2 -j ACCEPT")
    for _ in range(3):
        table.do_table(icmp_packet(), at(ns, "INPUT"))
    assert table.save()["INPUT"].rules[0].packets == 2
    run(ns, "iptables -A OUTPUT -s 9.9.9.9")
    table.do_table(icmp_packet(), at(ns, "INPUT"))
    assert table.save()["INPUT"].rules[0].packets == 3


def test_limit_refills_with_time(ns: Netns) -> None:
    table = filled(ns, "-A INPUT -m limit --limit 1/sec --limit-burst 1")
    for second in (0.0, 0.5, 1.0, 1.4, 2.0):
        ns.world.now = second
        table.do_table(icmp_packet(), at(ns, "INPUT"))
    assert table.save()["INPUT"].rules[0].packets == 3


def test_nth_matches_one_packet_of_each_group(ns: Netns) -> None:
    table = filled(ns, "-A INPUT -m statistic --mode nth --every 3 --packet 1")
    hits = []
    for n in range(6):
        before = table.save()["INPUT"].rules[0].packets
        table.do_table(icmp_packet(), at(ns, "INPUT"))
        if table.save()["INPUT"].rules[0].packets > before:
            hits.append(n)
    assert hits == [1, 4]


def test_a_tcp_fragment_of_offset_one_is_dropped_by_the_match_itself(ns: Netns) -> None:
    from netlab.wire import Raw

    table = filled(ns, "-A INPUT -p tcp -m tcp --dport 80")
    short = Skb(Ipv4(1, 2, TCP, Raw(bytes(8)), frag=1))
    later = Skb(Ipv4(1, 2, TCP, Raw(bytes(8)), frag=2))
    assert table.do_table(short, at(ns, "INPUT")) == DROP
    assert table.do_table(later, at(ns, "INPUT")) == ACCEPT


# --- refusals ---------------------------------------------------------------------------------------------------


def transcript(name: str) -> tuple[Iterator[tuple[str, str, int]], list[str]]:
    text = (HERE / name).read_text()
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# "))
    body, _, log = text.partition("@@@LOG\n")
    blocks = re.findall(r"^\$ (.*?)\n(.*?)^=(\d+)\n", body, re.MULTILINE | re.DOTALL)
    return ((line, printed, int(status)) for line, printed, status in blocks), log.splitlines()


def test_iptables_refuses_what_the_kernel_refuses_in_the_same_words(ns: Netns) -> None:
    commands, log = transcript("iptables-refusals.txt")
    differ = []
    for line, printed, status in commands:
        got: tuple[str, int] = ("", 0)
        try:
            run(ns, line)
        except RulesError as error:
            got = (error.stderr(), error.status)
        if got != (printed, status):
            differ.append((line, (printed, status), got))
    assert differ == []
    assert [entry.text for entry in ns.world.ring] == log


def test_a_refused_command_changes_nothing(ns: Netns) -> None:
    table = filled(ns, "-N A\n-N B\n-A A -j B\n-A B -j A\n-A INPUT -p icmp")
    before = table.save()
    for refused in ("-A INPUT -j A", "-R INPUT 1 -j A", "-A INPUT -j TRACE", "-I INPUT 9 -j ACCEPT"):
        with pytest.raises(RulesError):
            run(ns, f"iptables {refused}")
        assert table.save() == before


def test_restore_is_all_or_nothing(ns: Netns) -> None:
    from netlab.rules.save import read_save

    table = filled(ns, "-N OLD\n-A INPUT -p icmp -j OLD")
    before = table.save()
    bad = read_save("*filter\n:INPUT DROP [0:0]\n:A - [0:0]\n-A INPUT -j A\n-A A -j A\nCOMMIT\n")
    with pytest.raises(RulesError, match="Too many levels of symbolic links"):
        table.restore(bad["filter"])
    assert table.save() == before


def test_a_match_without_evaluator_is_refused_when_the_rule_comes(ns: Netns) -> None:
    class Strange:
        name = "strange"

    with pytest.raises(NotModelledError, match="the match strange is not modelled"):
        xtables.open_table(ns, "filter").append("INPUT", Rule(matches=(Strange(),)))  # type: ignore[arg-type]


# --- conntrack on demand ----------------------------------------------------------------------------------------


def test_conntrack_is_there_while_a_rule_needs_it(ns: Netns) -> None:
    filled(ns, "-A INPUT -p icmp")
    xtables.open_table(ns, "nat")
    assert not ns.ct.active
    run(ns, "iptables -A INPUT -m conntrack --ctstate NEW")
    assert ns.ct.active
    run(ns, "iptables -t nat -A POSTROUTING -j MASQUERADE")
    run(ns, "iptables -F INPUT")
    assert ns.ct.active
    run(ns, "iptables -t nat -F")
    assert not ns.ct.active


def test_before_4_7_opening_a_table_opens_it_everywhere() -> None:
    world = World("4.4")
    other = world.add_netns("c1")
    xtables.open_table(world.host, "nat")
    assert "nat" in other.xt
    assert other.ct.active
    new = World("6.1")
    there = new.add_netns("c1")
    xtables.open_table(new.host, "nat")
    assert "nat" not in there.xt


# --- explanations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hook", "expected"),
    [
        ("-s 10.0.0.0/24 -p tcp", "INPUT", "protocol 1 is not 6"),
        ("! -s 10.0.0.0/24", "INPUT", "source 10.0.0.1 is in 10.0.0.0/24"),
        ("-i eth0", "OUTPUT", "there is no in device here, and the rule asks for eth0"),
        ("-m conntrack --ctstate NEW,RELATED", "INPUT", "connection state INVALID is not NEW,RELATED"),
        ("-p icmp -m icmp --icmp-type 0", "INPUT", "ICMP type 8 code 0 is not type 0"),
        ("-m mark --mark 0x4000/0x4000", "INPUT", "mark 0x0 & 0x4000 is not 0x4000"),
        ("-m physdev --physdev-in v1", "INPUT", "the packet came through no bridge port"),
        ("-d 10.0.0.2", "INPUT", None),
    ],
)
def test_why_not_names_the_condition_that_failed(
    ns: Netns, text: str, hook: str, expected: str | None
) -> None:
    assert xtables.why_not(rule(text), icmp_packet(), at(ns, hook)) == expected


# --- the index --------------------------------------------------------------------------------------------------

ADDRESSES = st.sampled_from([ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.1.1"), ip("192.168.7.9")])
MASKS = st.sampled_from([0, 0xFFFFFF00, 0xFFFF0000, 0xFFFFFFFF])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    mask, dmask = draw(MASKS), draw(MASKS)
    parts: dict[str, Any] = {
        "src": draw(ADDRESSES) & mask,
        "src_mask": mask,
        "src_inv": mask != 0 and draw(st.booleans()),
        "dst": draw(ADDRESSES) & dmask,
        "dst_mask": dmask,
        "in_dev": draw(st.sampled_from(["", "", "eth0", "eth+", "veth1"])),
    }
    proto = draw(st.sampled_from(["", "-p icmp", "-p tcp", "! -p udp"]))
    if proto == "-p tcp":
        tail = draw(
            st.sampled_from(
                [
                    "-m tcp --dport 80",
                    "-m tcp --dport 80:90",
                    "-m tcp ! --sport 1024",
                    "-m multiport --dports 80,443",
                    "-m multiport ! --sports 1024",
                    "-m statistic --mode nth --every 2 --packet 0 -m tcp --dport 81",
                    "",
                ]
            )
        )
        proto += " " + tail
    target = draw(st.sampled_from(["ACCEPT", "DROP", "RETURN", "U", "MARK --set-mark 1"]))
    extra = rule(f"{proto} -j {target}", "mangle")
    return replace(extra, **parts)


@st.composite
def packets(draw: st.DrawFn) -> Ipv4:
    src, dst = draw(ADDRESSES), draw(ADDRESSES)
    kind = draw(st.sampled_from(["icmp", "tcp", "udp"]))
    if kind == "icmp":
        return Ipv4(src, dst, ICMP, Icmp(8, 0, 1))
    port = draw(st.sampled_from([80, 81, 85, 443]))
    if kind == "udp":
        return Ipv4(src, dst, UDP, Udp(1024, port))
    return Ipv4(src, dst, TCP, Tcp(draw(st.sampled_from([1024, 2000])), port, flags=SYN))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(rules(), min_size=30, max_size=60),
    st.lists(rules(), max_size=5),
    st.lists(packets(), min_size=1, max_size=8),
)
def test_looking_rules_up_gives_what_walking_them_gives(
    base: list[Rule], user: list[Rule], sent: list[Ipv4]
) -> None:
    outcomes = []
    for worth_it in (24, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xt_index, "WORTH_IT", worth_it)
            ns = World("6.1").host
            table = xtables.open_table(ns, "mangle")
            table.new_chain("U")
            for one in user:
                if one.target is not None and one.target.name != "U":
                    table.append("U", one)
            for one in base:
                table.append("PREROUTING", one)
            verdicts = [table.do_table(Skb(packet), at(ns, "PREROUTING", "eth0")) for packet in sent]
            matched = [(s.chain, s.number, s.label) for s in ns.world.steps if isinstance(s, RuleMatched)]
            outcomes.append((verdicts, matched, table.save()))
    assert outcomes[0] == outcomes[1]

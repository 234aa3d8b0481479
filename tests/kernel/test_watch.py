"""Watched rules: for any packet and any rule, the condition that failed."""

from __future__ import annotations

import shlex

from netlab.kernel import xtables
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import Skb
from netlab.kernel.watch import NOT_REACHED, watch
from netlab.kernel.world import World
from netlab.rules.parse import parse_rule
from netlab.wire import ICMP, UDP, Icmp, Ipv4, Udp


def test_a_watched_rule_answers_for_every_packet() -> None:
    world = World("6.1")
    seen = watch(world, "host", "filter", "INPUT", 2)
    table = xtables.open_table(world.host, "filter")
    state = HookState("ipv4", "INPUT", world.host, None, None)
    for text in (
        "-p icmp -m limit --limit 1/min --limit-burst 1 -j DROP",
        "-p udp -m udp --dport 53 -j ACCEPT",
    ):
        table.append("INPUT", parse_rule(shlex.split(text)))
    for packet in (
        Ipv4(1, 2, ICMP, Icmp(8, 0, 1)),
        Ipv4(1, 2, UDP, Udp(1024, 99)),
        Ipv4(1, 2, UDP, Udp(1024, 53)),
    ):
        table.do_table(Skb(packet, journey=world.new_journey()), state)
    assert [(a.journey, a.reason) for a in seen.answers] == [
        (1, "protocol 1 is not 17"),
        (2, "destination port 99 is not 53"),
        (3, ""),
    ]


def test_a_limit_is_asked_as_it_stands_and_not_used_up_by_asking() -> None:
    world = World("6.1")
    seen = watch(world, "host", "filter", "INPUT", 1)
    table = xtables.open_table(world.host, "filter")
    table.append("INPUT", parse_rule(shlex.split("-m limit --limit 1/min --limit-burst 1")))
    state = HookState("ipv4", "INPUT", world.host, None, None)
    for _ in range(2):
        table.do_table(Skb(Ipv4(1, 2, ICMP, Icmp(8, 0, 1))), state)
    assert [a.matched for a in seen.answers] == [True, False]
    assert seen.answers[1].reason.startswith("the limit is used up")


def test_a_rule_behind_a_verdict_is_not_reached() -> None:
    world = World("6.1")
    seen = watch(world, "host", "filter", "INPUT", 2)
    table = xtables.open_table(world.host, "filter")
    for text in ("-j ACCEPT", "-p icmp -j DROP"):
        table.append("INPUT", parse_rule(shlex.split(text)))
    table.do_table(Skb(Ipv4(1, 2, ICMP, Icmp(8, 0, 1))), HookState("ipv4", "INPUT", world.host, None, None))
    assert [a.reason for a in seen.answers] == [NOT_REACHED]

"""Named sets, and the match that asks them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import NotModelledError
from netlab.kernel.ipset import IpSet, element_text, in_use
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import Skb
from netlab.kernel.world import World
from netlab.kernel.xtables import open_table
from netlab.rules.errors import RulesError
from netlab.rules.parse import parse_rule
from netlab.wire import TCP, UDP, Ipv4, Tcp, Udp, ip, mask_of


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 32), st.booleans()), max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_the_most_specific_network_decides(networks: list[tuple[int, int, bool]], address: int) -> None:
    named = IpSet("s", "hash:net")
    expected: dict[tuple[int, int], bool] = {}
    for network, length, nomatch in networks:
        named.add(((network, length),), nomatch=nomatch)
        expected[network & mask_of(length), length] = nomatch
    hits = [(length, no) for (net, length), no in expected.items() if address & mask_of(length) == net]
    wanted = bool(hits) and not max(hits)[1]
    assert named.contains([(address, 32)]) is wanted


def test_elements_come_and_go() -> None:
    named = IpSet("s", "hash:ip,port")
    element = ((ip("10.0.0.1"), 32), (TCP, 80))
    assert [named.add(element), named.add(element)] == [True, False]
    assert element_text(named.dimensions, element) == "10.0.0.1,tcp:80"
    assert [named.delete(element), named.delete(element)] == [True, False]
    assert not named.contains(list(element))


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(NotModelledError, match="the set type bitmap:ip,mac is not modelled"):
        IpSet("s", "bitmap:ip,mac")


def test_the_set_match_takes_each_dimension_from_its_side() -> None:
    ns = World("6.1").host
    table = open_table(ns, "filter")
    rule = parse_rule(["-m", "set", "--match-set", "web", "src,dst", "-j", "DROP"])
    with pytest.raises(RulesError, match="Set web doesn't exist"):
        table.append("INPUT", rule)
    ns.ipsets["web"] = named = IpSet("web", "hash:net,port")
    named.add(((ip("10.0.0.0"), 8), (TCP, 80)))
    table.append("INPUT", rule)
    assert in_use(ns, "web")
    state = HookState("ipv4", "INPUT", ns, None, None)
    verdicts = [
        table.do_table(Skb(Ipv4(ip(src), ip("172.16.0.1"), proto, l4)), state)
        for src, proto, l4 in (
            ("10.1.2.3", TCP, Tcp(1024, 80)),
            ("11.1.2.3", TCP, Tcp(1024, 80)),
            ("10.1.2.3", TCP, Tcp(80, 1024)),
            ("10.1.2.3", UDP, Udp(1024, 80)),
        )
    ]
    assert verdicts == [0, 1, 1, 1]

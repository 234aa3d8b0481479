"""Laws of the simulated kernel, over random labs and random frames."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import labgen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kernel import steps as s
from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.conntrack import DST_NAT, SRC_NAT
from netlab.kernel.device import Veth
from netlab.kernel.skb import Skb
from netlab.kernel.world import World
from netlab.lab import LabResult, run_lab
from netlab.wire import Ethernet, is_multicast_mac, mac_text

SEEDS = range(900, 930)
CHANGED = re.compile(r"^iptables .*-[ZDFIR]|^conntrack -[DF]", re.MULTILINE)


@cache
def result(seed: int) -> LabResult:
    return run_lab(labgen.lab(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lab_run_twice_gives_the_same_bytes(seed: int) -> None:
    again = run_lab(labgen.lab(seed))
    assert (again.output, again.log) == (result(seed).output, result(seed).log)


@pytest.mark.parametrize("seed", SEEDS)
def test_prerouting_is_passed_once_for_each_frame_that_came_in(seed: int) -> None:
    """And so is INPUT: what a bridge passes up does not go through PREROUTING again."""
    came, passed = Counter[tuple[str, int]](), Counter[tuple[str, int, str]]()
    for step in result(seed).world.steps:
        if isinstance(step, s.Received) and step.dev not in ("br0", "br1"):
            came[step.netns, step.journey] += 1
        elif isinstance(step, s.Received) and step.eth is None:
            came[step.netns, step.journey] += 1  # the host's own copy of its broadcast
        elif isinstance(step, s.HookEntered) and step.family == "ipv4":
            passed[step.netns, step.journey, step.hook] += 1
    for (netns, journey, hook), times in passed.items():
        if hook in ("PREROUTING", "INPUT"):
            assert times <= came[netns, journey], (netns, journey, hook)


@pytest.mark.parametrize("seed", SEEDS)
def test_counters_equal_the_steps(seed: int) -> None:
    lab = labgen.lab(seed)
    if CHANGED.search(re.split(r"^sleep ", lab, flags=re.MULTILINE)[1]):
        pytest.skip("this lab changes rules or counters between its packets")
    world = result(seed).world
    matched = Counter(
        (step.table, step.chain, step.number)
        for step in world.steps
        if isinstance(step, s.RuleMatched) and step.netns == "host" and step.family == "ipv4"
    )
    for table in world.host.xt.values():
        for chain in table.chains.values():
            for number, entry in enumerate(chain.rules, 1):
                assert entry.packets == matched[table.name, chain.name, number], (
                    table.name,
                    chain.name,
                    number,
                )


@pytest.mark.parametrize("seed", SEEDS)
def test_translating_forth_and_back_gives_the_tuple(seed: int) -> None:
    """The reply a client gets is addressed as its request was, whatever was translated on the way."""
    for ct in result(seed).world.host.ct.entries():
        original, reply = ct.tuples
        inverse = reply.inverse()
        assert inverse is not None
        assert inverse.inverse() == reply
        if not ct.status & DST_NAT:
            assert (inverse.dst, inverse.dport) == (original.dst, original.dport)
        if not ct.status & SRC_NAT:
            assert (inverse.src, inverse.sport) == (original.src, original.sport)


@given(
    st.lists(st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.integers(0, 2)), max_size=12)
)
def test_a_bridge_never_learns_a_group_address(frames: list[tuple[int, int, int]]) -> None:
    world = World("6.1")
    bridge = BridgeDevice(world.host, "br0", "02:00:00:00:00:01")
    bridge.set_up()
    ports = []
    for number in range(3):
        port, end = Veth.pair(world.host, f"p{number}", world.add_netns(f"c{number}"), "eth0")
        bridge.bridge.add_port(port)
        port.set_up()
        end.set_up()
        ports.append(port)
    for source, destination, number in frames:
        skb = Skb(eth=Ethernet(mac_text(destination), mac_text(source), 0x88B5), proto=0x88B5, journey=1)
        ports[number].eth_type_trans(skb)
        skb.dev = ports[number]
        ports[number].receive(skb)
        world.softirq()
        entry = bridge.bridge.fdb.get(mac_text(source))
        assert entry is None or not is_multicast_mac(entry.mac)
    assert not [e for e in bridge.bridge.fdb.entries() if is_multicast_mac(e.mac)]

"""Journeys from the simulated kernel's steps, against the grouping of its own log and against a real kernel's log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netlab.kernel import steps as s
from netlab.kernel.journeys import SimulatedHop, SimulatedJourney, journeys_of, kernel_journeys, step_words
from netlab.lab.result import LabResult
from netlab.trace import Journey, read_trace
from netlab.wire import ICMP, Ethernet, Icmp, Ipv4, ip

Captured = Callable[[str], tuple[Journey, ...]]
LitLab = Callable[..., LabResult]

# Labs in which the lines alone tell every packet's hooks: no fragments, no broute, no rewritten frames.
CLEAR = [
    "bridged-dnat", "broadcast", "c2c", "c2ext", "c2host", "flood", "host2c", "loopback", "masquerade-clash", "nc-tcp",
    "nc-udp", "nf-off", "publish", "reject", "routes", "ttl", "unreachable-host", "user-chains",
]  # fmt: skip


def printed(journeys: tuple[SimulatedJourney, ...]) -> list[list[tuple[str, int]]]:
    """For each packet its hooks with the number of lines printed there; packets without a line are left out."""
    out = [
        [(hop.name, len(hop.records)) for hop in j.hops if isinstance(hop, SimulatedHop) and hop.printed]
        for j in journeys
    ]
    return [hops for hops in out if hops]


def read(journeys: tuple[Journey, ...]) -> list[list[tuple[str, int]]]:
    return [[(hop.name, len(hop.records)) for hop in j.hops] for j in journeys]


@pytest.mark.parametrize("name", CLEAR)
def test_steps_and_log_tell_the_same_packets(lab: LitLab, name: str) -> None:
    result = lab(name)
    log = read_trace("".join(line + "\n" for line in result.log))
    assert printed(kernel_journeys(result.world, arp=True)) == read(log.journeys())


@pytest.mark.parametrize("name", ["c2c", "c2c-arp", "c2host", "c2ext", "host2c", "nc-udp", "user-chains"])
def test_packets_pass_the_hooks_that_a_real_kernel_logged(lab: LitLab, captured: Captured, name: str) -> None:
    assert printed(kernel_journeys(lab(name).world, arp=True)) == read(captured(name))


def test_hooks_are_there_though_nothing_printed(lab: LitLab) -> None:
    journey = kernel_journeys(lab("flood").world)[0]
    hops = [hop.name for hop in journey.hops]
    assert hops[:3] == ["bridge BROUTING", "bridge PREROUTING", "ip PREROUTING"]
    silent = next(hop for hop in journey.hops if isinstance(hop, SimulatedHop) and not hop.printed)
    assert silent.records[0].prefix == ""
    assert silent.records[0] not in journey.records


def test_prerouting_is_not_a_hop_twice_when_a_frame_is_passed_up(lab: LitLab) -> None:
    journey = kernel_journeys(lab("c2host").world)[0]
    assert [hop.name for hop in journey.hops].count("ip PREROUTING") == 1
    hop = journey.hops[-1]
    assert isinstance(hop, SimulatedHop)
    assert "does not run again" in hop.reason
    assert "is an address of this host" in hop.reason


def test_each_copy_of_a_flood_says_where_it_went(lab: LitLab) -> None:
    journey = next(j for j in kernel_journeys(lab("broadcast").world) if j.flooded)
    left = [
        hop.after
        for hop in journey.hops
        if isinstance(hop, SimulatedHop) and hop.name == "bridge POSTROUTING"
    ]
    assert left == [f"sent by {port}" for port in journey.flooded]


def test_a_namespace_of_a_container_has_its_own_hops(lab: LitLab) -> None:
    world = lab("c2c").world
    assert [h.name for h in kernel_journeys(world, netns="c2")[0].hops] == ["ip OUTPUT", "ip POSTROUTING"]
    assert [h.name for h in kernel_journeys(world, netns="c3")[0].hops] == ["ip PREROUTING", "ip INPUT"]


def test_arp_only_when_asked_for(lab: LitLab) -> None:
    world = lab("c2c").world
    asked = [j for j in kernel_journeys(world, arp=True) if "ARP" in j.title]
    assert asked
    assert not [j for j in kernel_journeys(world) if "ARP" in j.title]


def test_words_of_masquerade(lab: LitLab) -> None:
    hop = kernel_journeys(lab("c2ext").world)[0].hops[-1]
    assert isinstance(hop, SimulatedHop)
    assert "nat:POSTROUTING rule 1: -s 192.168.0.0/20 ! -o docker0 -j MASQUERADE" in hop.words
    assert "source becomes 10.171.77.1" in hop.words
    assert hop.tables[-1] == "nat"


def test_a_policy_that_drops_is_the_end() -> None:
    packet = Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), ICMP, Icmp(8, 0))
    steps: list[s.Step] = [
        s.Received(0.0, "host", 1, "eth0", Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02", 0x800), packet),
        s.HookEntered(0.0, "host", 1, "ipv4", "FORWARD", "eth0", "eth1", "", "", packet),
        s.RuleMatched(0.0, "host", 1, "ipv4", "FORWARD", "filter", "FORWARD", "policy", 1, None, "DROP"),
    ]
    (journey,) = journeys_of(steps)
    hop = journey.hops[0]
    assert isinstance(hop, SimulatedHop)
    assert hop.dropped == "filter:FORWARD policy DROP"
    assert journey.title == "ICMP echo request 10.0.0.1 > 10.0.0.2"
    assert journey.records == ()


def test_steps_of_other_namespaces_and_of_no_packet_are_left_out() -> None:
    packet = Ipv4(1, 2, ICMP, Icmp(8, 0))
    entered = [
        s.HookEntered(0.0, ns, n, "ipv4", "OUTPUT", "", "lo", "", "", packet)
        for ns, n in (("c2", 1), ("host", 0))
    ]
    assert journeys_of(entered) == ()


def test_html_is_escaped() -> None:
    packet = Ipv4(1, 2, ICMP, Icmp(8, 0))
    steps = [
        s.HookEntered(0.0, "host", 1, "ipv4", "OUTPUT", "", "<b>", "", "", packet),
        s.Dropped(0.0, "host", 1, "<script>", "<i>"),
    ]
    shown = journeys_of(steps)[0]._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_every_kind_of_step_has_words_or_says_nothing() -> None:
    quiet = (s.HookEntered, s.Received, s.Logged, s.Resolved)
    samples: list[s.Step] = [
        s.Learned(0, "host", 1, "br0", "02:00:00:00:00:01", "p1"),
        s.Fragmented(0, "host", 1, 3, "too long"),
        s.Delivered(0, "host", 1, "a program"),
        s.TtlLowered(0, "host", 1, 63),
        s.Routed(0, "host", 1, 1, "unicast", "eth0", 0, "a route"),
        s.BridgeDecision(0, "host", 1, "br0", "p1", "flood", ("p2", "p3"), "unknown"),
        s.HookSkipped(0, "host", 1, "ipv4", "INPUT", "nat", "decided"),
    ]
    assert all(step_words(step) for step in samples)
    assert "p2, p3" in step_words(samples[5])
    assert not any(step_words(kind.__new__(kind)) for kind in quiet)


def test_a_journey_explains_itself(lab: LitLab) -> None:
    journey = kernel_journeys(lab("c2ext").world)[0]
    told = str(journey)
    assert told.startswith("Packet 1: ICMP echo request 192.168.0.2 > 10.28.61.30")
    for number, hop in enumerate(journey.hops, 1):
        assert f"{number}. {hop.name}: " in told
    assert "because docker0 decides to pass up" in told
    assert told.endswith("then sent by eth0")
    assert repr(journey).startswith("<Journey 1: ")


def test_the_frame_of_a_journey_has_its_lines(lab: LitLab) -> None:
    journey = kernel_journeys(lab("c2c").world)[0]
    assert len(journey.frame()) == len(journey.records) > 0

"""The packet map: the kernel's own tables, and journeys of the article and of the oracle's kernel lit on it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise

import pytest

from netlab.errors import InputError
from netlab.kernel import hooks
from netlab.kernel.journeys import kernel_journeys
from netlab.kernel.world import World
from netlab.lab.result import LabResult
from netlab.show import mapplan
from netlab.show.graph import Graph
from netlab.show.packetmap import lit_ways, packet_map
from netlab.show.style import CURRENT, DROPPED, SILENT, VISITED
from netlab.trace import Journey, read_trace

Captured = Callable[[str], tuple[Journey, ...]]
LitLab = Callable[..., LabResult]


def lit(graph: Graph) -> set[str]:
    """Hooks that are marked."""
    marks = (VISITED, CURRENT, DROPPED)
    return {n.name for n in graph.nodes if n.mark in marks and n.name.count(".") == 1}


def lit_edges(graph: Graph) -> set[str]:
    return {edge.name for edge in graph.edges if edge.mark.stroke in (VISITED.stroke, CURRENT.stroke)}


def parts(graph: Graph, hook: str) -> list[str]:
    return [n.label for n in graph.nodes if n.part_of == hook and not n.legend]


def test_hooks_and_functions_are_those_of_the_kernel_in_its_order() -> None:
    graph = packet_map()
    for family, table in (("ip", hooks.IPV4), ("bridge", hooks.BRIDGE)):
        for hook, functions in table.items():
            assert parts(graph, f"{family}.{hook}") == [f.name for f in functions]
    named = {n.name for n in graph.nodes if n.name.count(".") == 1}
    assert named == {f"ip.{h}" for h in hooks.IPV4} | {f"bridge.{h}" for h in hooks.BRIDGE}


def test_functions_stand_from_top_to_bottom_inside_their_hook() -> None:
    graph = packet_map()
    for hook in (n for n in graph.nodes if n.name.count(".") == 1):
        assert hook.at is not None
        assert hook.size is not None
        inside = [n.at[1] for n in graph.nodes if n.part_of == hook.name and not n.legend and n.at]
        assert inside == sorted(inside, reverse=True)
        assert hook.at[1] + hook.size[1] / 2 > inside[0]
        assert inside[-1] > hook.at[1] - hook.size[1] / 2


def test_no_two_boxes_overlap() -> None:
    boxes = [n for n in packet_map().nodes if not n.part_of and not n.legend]
    for one in boxes:
        for other in boxes:
            if one.name < other.name:
                assert one.at
                assert other.at
                assert one.size
                assert other.size
                apart_x = abs(one.at[0] - other.at[0]) >= (one.size[0] + other.size[0]) / 2
                apart_y = abs(one.at[1] - other.at[1]) >= (one.size[1] + other.size[1]) / 2
                assert apart_x or apart_y, (one.name, other.name)


def test_the_articles_first_packet_stays_on_the_bridge(article: Captured) -> None:
    graph = packet_map(article("container-to-container")[0])
    assert lit(graph) == {
        "bridge.BROUTING", "bridge.PREROUTING", "ip.PREROUTING", "bridge.FORWARD", "ip.FORWARD",
        "bridge.POSTROUTING", "ip.POSTROUTING",
    }  # fmt: skip
    assert not {e for e in lit_edges(graph) if "routing" in e.split(">")}
    assert {"bridge.FORWARD>ip.FORWARD", "bridging>bridge.FORWARD"} <= lit_edges(graph)


def test_a_packet_to_the_outside_is_routed(article: Captured) -> None:
    request, reply = (packet_map(j) for j in article("container-to-external")[:2])
    assert {"bridge.INPUT>routing", "routing>ip.FORWARD"} <= lit_edges(request)
    assert "bridge.FORWARD" not in lit(request)
    assert {"device in>ip.PREROUTING", "sending>bridge.OUTPUT"} <= lit_edges(reply)


def test_tables_that_printed_nothing_are_dashed(article: Captured) -> None:
    graph = packet_map(article("container-to-container")[0])
    marks = {n.name: n.mark for n in graph.nodes}
    assert marks["ip.PREROUTING.mangle"] == SILENT  # the article's question: where is mangle?
    assert marks["ip.PREROUTING.nat"].fill == VISITED.fill
    assert marks["ip.INPUT.mangle"].word == ""


def test_step_by_step(article: Captured) -> None:
    journey = article("container-to-container")[0]
    for step in range(len(journey.hops) + 1):
        graph = packet_map(journey, step)
        assert len(lit(graph)) == step  # this packet is at no hook twice
        here = [n.name for n in graph.nodes if n.mark == CURRENT and n.name.count(".") == 1]
        hop = journey.hops[step - 1]
        assert here == ([] if step == 0 else [f"{hop.family}.{hop.hook}"])
    badges = {n.name: n.badge for n in packet_map(journey, 3).nodes if n.badge}
    assert badges == {
        "bridge.BROUTING.steps": "1",
        "bridge.PREROUTING.steps": "2",
        "ip.PREROUTING.steps": "3",
    }


def test_all_steps_share_one_layout(article: Captured) -> None:
    journey = article("local-to-container")[0]
    assert len({packet_map(journey, n).dot for n in range(len(journey.hops) + 1)}) == 1


def test_copies_of_a_flood_are_counted_at_the_same_hook(article: Captured) -> None:
    graph = packet_map(article("local-to-container")[0])
    badges = {n.name: n.badge for n in graph.nodes if n.badge}
    assert badges["bridge.OUTPUT.steps"] == "3·5"
    assert badges["bridge.POSTROUTING.steps"] == "4·6"


@pytest.mark.parametrize(
    "name", ["c2c", "c2ext", "c2host", "host2c", "nf-off", "broute", "publish", "bridged-dnat", "broadcast"]
)
def test_the_lit_way_of_every_packet_hangs_together(lab: LitLab, name: str) -> None:
    for journey in kernel_journeys(lab(name).world):
        for path in lit_ways(journey.hops):
            for one, other in pairwise(path):
                ends, starts = one.split(">"), other.split(">")
                # br_netfilter's line is gone both ways, and a packet may leave where it came in
                assert set(ends) & set(starts), (journey, path)


def test_every_hop_of_a_simulated_packet_has_a_way_to_it(lab: LitLab) -> None:
    for name in ("c2c", "c2ext", "host2c", "nf-off", "broute"):
        for journey in kernel_journeys(lab(name).world):
            assert all(lit_ways(journey.hops)), journey


def test_without_br_netfilter_prerouting_comes_after_the_bridge(lab: LitLab) -> None:
    journey = next(j for j in kernel_journeys(lab("nf-off").world) if "10.28.61.30" in j.title)
    assert "bridge.INPUT>ip.PREROUTING" in lit_edges(packet_map(journey))
    assert "bridge.PREROUTING>ip.PREROUTING" not in lit_edges(packet_map(journey))


def test_broute_hands_the_frame_to_ip_at_once(lab: LitLab) -> None:
    graph = packet_map(kernel_journeys(lab("broute").world)[0])
    assert "bridge.BROUTING>ip.PREROUTING" in lit_edges(graph)
    assert "bridge.INPUT" not in lit(graph)


def test_where_a_packet_is_dropped_is_marked_and_said(lab: LitLab) -> None:
    journey = kernel_journeys(lab("ttl").world)[0]
    graph = packet_map(journey)
    assert [n.name for n in graph.nodes if n.mark == DROPPED and not n.legend] == ["bridge.INPUT"]
    assert "time to live" in graph.description
    assert any(n.label == "dropped here" for n in graph.nodes if n.legend)


def test_description_and_text_tell_the_same_journey(article: Captured) -> None:
    journey = article("container-to-external")[0]
    graph = packet_map(journey, 2)
    for hop in journey.hops[:2]:
        assert hop.name in graph.description
    assert "step 2 of" in graph.title
    assert "step 2" in next(line for line in graph.text.split("\n") if "bridge PREROUTING [" in line)


def test_tables_nobody_opened_are_dashed() -> None:
    graph = packet_map(netns=World("6.1").host)
    marks = {n.name: n.mark for n in graph.nodes}
    assert marks["ip.FORWARD.filter"] == SILENT
    assert marks["ip.PREROUTING.conntrack"] != SILENT


@pytest.mark.parametrize("step", [-1, 99])
def test_steps_that_are_none_are_refused(article: Captured, step: int) -> None:
    with pytest.raises(InputError, match="no step"):
        packet_map(article("local-to-lan")[0], step)


def test_a_prefix_is_a_strangers_text() -> None:
    line = (
        "<script>alert(1)</script> IN=eth0 OUT=<b>x</b> MAC=00:16:3e:06:3a:3a:00:2a:6a:aa:12:7c:08:00 SRC=10.0.0.1 "
        "DST=10.0.0.2 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 \n"
    )
    text = packet_map(read_trace(line).journeys()[0]).svg() or ""
    assert "script" in text
    assert not [e for e in ET.fromstring(text).iter() if e.tag.endswith(("script", "}b"))]


def test_a_packet_whose_hook_is_unknown_is_not_lit() -> None:
    line = "IN=eth0 OUT= MAC= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 \n"
    journey = read_trace(line).journeys()[0]
    assert journey.hops[0].hook is None
    assert not lit(packet_map(journey))


def test_callers_are_where_the_bridge_calls_ip() -> None:
    assert mapplan.callers() == ["PREROUTING", "FORWARD", "POSTROUTING"]


def test_tables_of_a_namespace_tell_their_rules(lab: LitLab) -> None:
    world = lab("c2ext").world
    notes = {n.name: n.note for n in packet_map(netns=world.host).nodes}
    assert "1. -s 192.168.0.0/20 ! -o docker0 -j MASQUERADE; policy ACCEPT" in notes["ip.POSTROUTING.nat"]
    assert "policy DROP" in notes["ip.FORWARD.filter"]
    assert "-p IPv4" in notes["bridge.FORWARD.filter"]
    lit_one = packet_map(kernel_journeys(world)[0], netns=world.host)
    assert "consulted: 1. -s 192.168.0.0/20" in lit_one.text

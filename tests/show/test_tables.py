"""Tables: hops with rules and reasons, what changed, connections, forwarding; as text, HTML and frames."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

import netlab.data
from netlab.errors import InputError
from netlab.kernel.journeys import kernel_journeys
from netlab.lab.host import Lab
from netlab.lab.result import LabResult
from netlab.rules.save import read_save
from netlab.show.bridge import bridge_map, decision_of, forwarding_table, port_table
from netlab.show.conntrack import change_table, conntrack_table
from netlab.show.hops import hop_table
from netlab.show.style import CHOSEN, CURRENT, DROPPED, VISITED
from netlab.show.table import Table
from netlab.trace import Journey, read_trace

Captured = Callable[[str], tuple[Journey, ...]]
LitLab = Callable[..., LabResult]


class Cells(HTMLParser):
    """The text of every cell of an HTML table, and every tag that occurs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        elif tag == "br":
            self.cells[-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def column(table: Table, name: str) -> list[str]:
    at = table.columns.index(name)
    return [row[at] for row in table.rows]


def test_html_text_and_frame_hold_the_same_cells() -> None:
    table = Table(title="T", columns=("a", "b"), rows=(("1", "<script>\nx"), ("", "&")), notes=("<i>",))
    parsed = Cells(table._repr_html_())
    assert parsed.cells[:2] == ["a", "b"]
    assert parsed.cells[2:5] == ["1", "<script>\nx", ""]
    assert not parsed.tags & {"script", "i"}
    assert table.frame().to_numpy().tolist() == [["1", "<script>\nx"], ["", "&"]]
    assert "<script>" in table.text


def test_marked_rows_stand_out_without_colour() -> None:
    table = Table(title="T", columns=("a",), rows=(("one",), ("two",)), marked={1})
    assert table.text.split("\n")[2:] == ["  one", "> two"]
    assert 'aria-current="true"' in table._repr_html_()


def test_amounts_stand_to_the_right_with_their_head() -> None:
    table = Table(
        title="T", columns=("port", "left"), rows=(("veth1", "5 s"), ("veth10", ""), ("3", "431999 s"))
    )
    cells = re.findall(r"text-align:(left|right)[^>]*>([^<]*)<", table._repr_html_())
    told = {words: side for side, words in cells}
    assert told["left"] == told["5 s"] == told["431999 s"] == "right"
    assert told["port"] == told["veth1"] == told["3"] == "left"


def test_an_empty_table_is_a_title_and_a_head() -> None:
    assert Table(title="T", columns=("a",), rows=()).text == "T\n  a"


def test_hops_of_a_recorded_packet_with_the_articles_rules(article: Captured) -> None:
    rules = read_save(netlab.data.article("iptables-save.txt"), strict=False)
    table = hop_table(article("container-to-external")[0], rules=rules)
    forward, postrouting = column(table, "rules")[-2:]
    assert "filter:FORWARD rule 5: -i docker0 ! -o docker0 -j ACCEPT" in forward
    assert "nat:POSTROUTING rule 1: -s 192.168.0.0/20 ! -o docker0 -j MASQUERADE" in postrouting
    assert "filter:DOCKER-USER rule 1: -j RETURN" in forward
    assert "raw:PREROUTING policy ACCEPT" in column(table, "rules")[2]


def test_without_rules_the_lines_alone_are_told(article: Captured) -> None:
    table = hop_table(article("container-to-external")[0])
    assert "nat:POSTROUTING rule 1" in column(table, "rules")[-1]
    assert "MASQUERADE" not in table.text


def test_rules_of_another_host_are_not_guessed(article: Captured) -> None:
    rules = read_save("*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n")
    table = hop_table(article("container-to-external")[0], rules=rules)
    assert "nat:POSTROUTING rule 1" in column(table, "rules")[-1]


def test_hops_of_a_simulated_packet_have_reasons(lab: LitLab) -> None:
    table = hop_table(kernel_journeys(lab("c2ext").world)[0], step=2)
    assert "route default via 10.171.79.254 dev eth0" in "\n".join(column(table, "why"))
    assert table.marked == {1}
    assert column(table, "devices")[-1] == "docker0 (veth2) > eth0"


def test_a_prefix_in_the_hop_table_is_escaped() -> None:
    line = "<script> IN=eth0 OUT=eth1 MAC= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 \n"
    shown = hop_table(read_trace(line).journeys()[0])._repr_html_()
    assert "script" not in Cells(shown).tags
    assert any("<script>" in cell for cell in Cells(shown).cells)


def test_what_changed_is_what_the_real_kernel_logged(article: Captured) -> None:
    reply = change_table(article("container-to-external")[1])
    assert [row[2:5] for row in reply.rows] == [("DST", "10.171.77.0", "192.168.0.2"), ("TTL", "57", "56")]


def test_what_changed_in_a_simulated_packet_names_the_step(lab: LitLab) -> None:
    request, reply = kernel_journeys(lab("c2ext").world)[:2]
    assert [row[1:5] for row in change_table(request).rows] == [
        ("ip FORWARD", "TTL", "64", "63"),
        ("ip POSTROUTING", "SRC", "192.168.0.2", "10.171.77.1"),
        ("ip POSTROUTING", "MAC SRC", "02:42:c0:a8:00:02", "00:16:3e:06:3a:3a"),
        ("ip POSTROUTING", "MAC DST", "02:42:ff:27:17:4d", "00:2a:6a:aa:12:7c"),
    ]
    assert change_table(reply).rows[0][1:5] == ("ip PREROUTING", "DST", "10.171.77.1", "192.168.0.2")


def test_what_ebtables_changed_is_what_the_real_kernel_logged(lab: LitLab) -> None:
    """On Linux 6.1 the frame has the new destination, and the packet its mark, from the line after the rule on."""
    captures = Path(__file__).parent.parent / "kernel" / "captures"
    log = (captures / "eb-dnat.txt").read_text("utf-8")
    macs = re.findall(r"eb:(?:nat:PREROUTING|filter:FORWARD) IN=veth2 .*?MAC dest = (\S+)", log)[:2]
    (row,) = change_table(kernel_journeys(lab("eb-dnat").world)[0]).rows
    assert row[1:5] == ("bridge PREROUTING", "MAC DST", *macs)
    mark = re.search(r"^seven .* MARK=(\S+)", (captures / "eb-mark.txt").read_text("utf-8"), re.MULTILINE)
    assert mark is not None
    (row,) = change_table(kernel_journeys(lab("eb-mark").world)[0]).rows
    assert row[1:5] == ("bridge PREROUTING", "MARK", "0x0", mark[1])


def test_marks_of_packet_and_connection_are_told_apart() -> None:
    world = (
        Lab()
        .run(
            "iptables -t mangle -A OUTPUT -j MARK --set-mark 7; iptables -t mangle -A OUTPUT -j CONNMARK --save-mark\n"
            "iptables -t mangle -A INPUT -j MARK --set-mark 9; ping -c 1 127.0.0.1"
        )
        .world
    )
    assert [row[1:5] for row in change_table(kernel_journeys(world)[0]).rows] == [
        ("ip OUTPUT", "MARK", "0x0", "0x7"),
        ("ip OUTPUT", "CONNMARK", "0x0", "0x7"),
        ("ip INPUT", "MARK", "0x7", "0x9"),
    ]


def test_a_bridged_packet_does_not_change(lab: LitLab) -> None:
    table = change_table(kernel_journeys(lab("c2c").world)[0])
    assert table.rows == ()
    assert table.notes == ("nothing changed",)


def test_connections_are_those_the_tool_lists(lab: LitLab) -> None:
    world = lab("c2ext").world
    (row,) = conntrack_table(world).rows
    # as ``conntrack -L`` of the real kernel shows this lab's entry, ids apart
    assert row[3].startswith("src=192.168.0.2 dst=10.28.61.30 type=8 code=0 id=")
    assert row[4].startswith("src=10.28.61.30 dst=10.171.77.1 type=0 code=0 id=")
    assert row[5] == "source becomes 10.171.77.1"


def test_untracked_namespaces_say_so(lab: LitLab) -> None:
    assert "not tracked" in conntrack_table(lab("c2ext").world, netns="c2").notes[0]
    with pytest.raises(InputError, match="no namespace"):
        conntrack_table(lab("c2ext").world, netns="nowhere")


BRIDGED = """
ip link add br0 address 02:00:00:00:00:01 type bridge mcast_snooping 0
ip link set br0 up
for i in 1 2 3; do
  ip netns add c$i
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip link add p$i type veth peer name eth0 netns c$i address 02:00:00:00:01:0$i
  ip link set p$i master br0 up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 10.0.0.$i/24 dev eth0
done
"""


def test_forwarding_table_and_flood_order() -> None:
    lab = Lab()
    world = lab.run(BRIDGED + "ip netns exec c1 ping -c 1 10.0.0.2").world
    learnt = {row[0]: row[1] for row in forwarding_table(world, "br0").rows if row[2] == "learnt"}
    assert learnt == {"02:00:00:00:01:01": "p1", "02:00:00:00:01:02": "p2"}
    assert column(port_table(world, "br0"), "port") == ["p3", "p2", "p1"]  # newest first
    own = [row[0] for row in forwarding_table(world, "br0").rows if row[2] == "its own"]
    assert "02:00:00:00:00:01" in own
    lab.run("sleep 400")  # neighbours are still asked for some seconds after the last packet
    assert "learnt" not in column(forwarding_table(world, "br0"), "kind")


def test_a_decision_is_lit_on_the_bridge() -> None:
    done = Lab().run(BRIDGED + "ip netns exec c1 ping -c 1 10.0.0.2")
    decision = decision_of(kernel_journeys(done.world)[0])
    assert decision is not None
    assert (decision.port, decision.action, decision.ports) == ("p1", "forward", ("p2",))
    graph = bridge_map(done.world, "br0", decision=decision)
    marks = {node.name: node.mark for node in graph.nodes}
    assert (marks["p1"], marks["p2"]) == (VISITED, CHOSEN)
    assert {e.label for e in graph.edges if e.label} == {"in", "out"}
    assert "was learnt on p2" in graph.description
    assert "nobody known" in next(n.label for n in graph.nodes if n.name == "p3 behind")


def test_flooded_arp_goes_out_of_every_other_port() -> None:
    done = Lab().run(BRIDGED + "ip netns exec c1 ping -c 1 10.0.0.2")
    request = next(j for j in kernel_journeys(done.world, arp=True) if j.title.startswith("ARP request"))
    decision = decision_of(request, bridge="br0")
    assert decision is not None
    assert decision.ports == ("p3", "p2")


def test_recorded_packets_have_no_decision(article: Captured) -> None:
    assert decision_of(article("container-to-container")[0]) is None


def test_bridges_that_are_none_are_refused_by_name(lab: LitLab) -> None:
    world = lab("c2c").world
    with pytest.raises(InputError, match="no bridge eth0") as error:
        forwarding_table(world, "eth0")
    assert "docker0" in str(error.value)
    with pytest.raises(InputError, match="no namespace"):
        port_table(world, "docker0", netns="x")


def test_a_dnat_shows_in_the_connection(lab: LitLab) -> None:
    translated = column(conntrack_table(lab("publish").world), "translated")
    assert "destination becomes 192.168.0.3" in translated


def test_hairpin_off_is_a_drop_at_the_bridge() -> None:
    # a frame for an address that is behind the port it came in by
    setup = """
ip link add br0 type bridge
ip link set br0 up
ip netns add far
ip link add p1 type veth peer name in0 netns far
ip link set p1 master br0 up
ip -n far link add inner type bridge
ip -n far link set inner up
ip -n far link set in0 master inner up
for i in 1 2; do
  ip netns add c$i
  ip -n far link add v$i type veth peer name eth0 netns c$i address 02:00:00:00:01:0$i
  ip -n far link set v$i master inner up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 10.0.0.$i/24 dev eth0
done
ip netns exec c1 ping -c 1 10.0.0.2
ip netns exec c2 ping -c 1 -W 1 10.0.0.9  # its ARP goes everywhere: br0 learns it too
ip netns exec far bridge fdb del 02:00:00:00:01:02 dev v2 master
ip netns exec c1 ping -c 1 10.0.0.2
"""
    done = Lab().run(setup)
    dropped = [
        (j, d)
        for j in kernel_journeys(done.world)
        if (d := decision_of(j)) is not None and d.action == "drop"
    ]
    assert dropped, "the flooded copy reaches br0 by p1, behind which the destination is"
    journey, decision = dropped[0]
    graph = bridge_map(done.world, "br0", decision=decision)
    assert "hairpin mode is off" in graph.description
    assert next(n.mark for n in graph.nodes if n.name == "br0") == DROPPED
    assert journey.outcome.endswith("hairpin mode is off")


def test_a_frame_for_the_host_is_passed_up(lab: LitLab) -> None:
    world = lab("c2host").world
    decision = decision_of(kernel_journeys(world)[0])
    assert decision is not None
    graph = bridge_map(world, "docker0", decision=decision)
    assert graph.title == "Bridge docker0: pass up"
    assert next(n.mark for n in graph.nodes if n.name == "docker0") == CURRENT
    plain = bridge_map(world, "docker0")
    assert not [e.label for e in plain.edges if e.label]
    assert "A frame" not in plain.description

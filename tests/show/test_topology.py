"""The topology of labs, against what the labs' own commands say."""

from __future__ import annotations

import re
from collections.abc import Callable

from netlab.lab.host import Lab, run_lab
from netlab.lab.result import LabResult
from netlab.show.style import SILENT
from netlab.show.topology import topology


def test_devices_and_addresses_are_those_that_ip_lists(lab: Callable[..., LabResult]) -> None:
    world = lab("c2c").world
    graph = topology(world)
    assert dict(graph.clusters) == {
        f"netns {n}": "host" if n == "host" else f"namespace {n}" for n in world.netns
    }
    labels = {n.name: n.label for n in graph.nodes}
    assert labels["host/docker0"] == "docker0\n192.168.0.1/20\n02:42:ff:27:17:4d"
    assert labels["c2/eth0"] == "eth0\n192.168.0.2/20\n02:42:c0:a8:00:02"


def test_every_veth_pair_is_one_cable_and_every_port_is_at_its_bridge(lab: Callable[..., LabResult]) -> None:
    graph = topology(lab("c2c").world)
    cables = [{e.tail, e.head} for e in graph.edges if e.note == "veth pair"]
    expected = [{"c2/eth0", "host/veth2"}, {"c3/eth0", "host/veth3"}, {"host/eth0", "gw/eth0"}]
    assert sorted(map(sorted, cables)) == sorted(map(sorted, expected))
    ports = {e.tail for e in graph.edges if e.note == "bridge port" and e.head == "host/docker0"}
    assert ports == {"host/veth2", "host/veth3"}


def test_mac_addresses_agree_with_ip_link() -> None:
    lab = Lab()
    lab.run("ip link add a type veth peer name b\nip link add br0 type bridge\nip link set a master br0")
    listed = dict(
        re.findall(r"^\d+: (\w+)[@:].*\n +link/ether (\S+)", lab.run("ip link").output, re.MULTILINE)
    )
    labels = {n.name: n.label for n in topology(lab.world).nodes}
    assert {f"host/{name}" for name in listed} == set(labels)
    assert all(mac in labels[f"host/{name}"] for name, mac in listed.items())


def test_what_is_down_is_dashed_and_said() -> None:
    world = run_lab("ip link add d0 type dummy\nip link add d1 type dummy\nip link set d1 up").world
    graph = topology(world)
    marks = {n.name: n.mark for n in graph.nodes}
    assert marks["host/d0"] == SILENT
    assert marks["host/d1"] != SILENT
    assert "down" in next(n.note for n in graph.nodes if n.name == "host/d0")


def test_forwarding_shows_only_where_it_is_on(lab: Callable[..., LabResult]) -> None:
    on = topology(lab("c2c").world)
    assert ("host/docker0", "host/eth0") in {(e.tail, e.head) for e in on.edges if e.label == "routed"}
    off = run_lab("sysctl -q -w net.ipv4.ip_forward=0\nip link add a type dummy\nip addr add 10.0.0.1/24 dev a\n"
                  "ip link add b type dummy\nip addr add 10.0.1.1/24 dev b").world  # fmt: skip
    assert not topology(off).edges


def test_namespaces_without_devices_are_shown() -> None:
    graph = topology(run_lab("ip netns add empty").world)
    assert ("netns empty", "namespace empty") in graph.clusters
    assert "no device" in graph.description
    assert "namespace empty" in (graph.svg() or "")

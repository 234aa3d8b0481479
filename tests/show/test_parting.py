"""Where two runs part; the witnesses are the logs of the real kernel for the same two runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netlab.lab import Lab, LabResult, run_lab
from netlab.show.parting import first_parting

KERNEL = Path(__file__).parent.parent / "kernel"
HOST = """
ip link add docker0 type bridge mcast_snooping 0 && ip addr add 192.168.0.1/20 dev docker0
docker run --name c1 -d foo && docker run --name c2 -d foo
"""
PING = "docker exec c1 ping -c 1 -W 1 192.168.0.3\n"
Labs = Callable[..., LabResult]


def real_log(name: str) -> list[str]:
    return (KERNEL / "captures" / f"{name}.txt").read_text("utf-8").partition("@@@LOG\n")[2].splitlines()


def test_runs_part_where_the_real_logs_do(lab: Labs) -> None:
    """With bridge-nf-call-iptables=0 the line after eb:nat:PREROUTING is eb:filter:FORWARD, on Linux 6.1 as well."""
    on, off = real_log("c2c"), real_log("nf-off")
    at = next(n for n, (a, b) in enumerate(zip(on, off, strict=False)) if a.split()[:2] != b.split()[:2])
    assert on[at].startswith("TRACE: raw:PREROUTING")
    assert off[at].startswith("eb:filter:FORWARD")
    found = first_parting(lab("c2c"), lab("nf-off"))
    assert found.left.startswith("enters IPv4 PREROUTING")
    assert found.right.startswith("docker0 decides to forward to veth3")
    assert found.before[-2].startswith("ebtables nat:PREROUTING rule 1")
    assert found.netns == "host"
    assert found.packet == "ICMP echo request 192.168.0.2 > 192.168.0.3"


@pytest.mark.parametrize("name", ["c2ext", "nc-tcp", "masquerade-clash", "flood", "nf-services", "fragments"])
def test_a_run_does_not_part_from_itself(lab: Labs, name: str) -> None:
    again = run_lab((KERNEL / "labs" / f"{name}.sh").read_text("utf-8"), kernel="6.1")
    assert first_parting(lab(name), again).same
    assert "do not part" in repr(first_parting(lab(name), again))


@pytest.mark.parametrize("name", ["c2c", "c2ext", "nc-tcp", "nc-udp", "publish", "reject"])
def test_what_is_drawn_by_lot_does_not_part_two_runs(name: str) -> None:
    script = (KERNEL / "labs" / f"{name}.sh").read_text("utf-8")
    found = first_parting(run_lab(script, seed=1), run_lab(script, seed=2))
    assert found.same, found


def test_dockers_own_names_do_not_part_two_runs() -> None:
    script = HOST + PING
    assert run_lab(script, seed=1).output != run_lab(script, seed=2).output
    assert first_parting(run_lab(script, seed=1), run_lab(script, seed=2)).same


@pytest.mark.parametrize(
    "pair", [("c2c", "nf-off"), ("c2c", "c2ext"), ("nc-udp", "nc-tcp"), ("c2host", "c2c")]
)
def test_the_order_of_the_runs_changes_only_the_sides(lab: Labs, pair: tuple[str, str]) -> None:
    one, other = lab(pair[0]), lab(pair[1])
    there, back = first_parting(one, other), first_parting(other, one)
    assert (there.left, there.right) == (back.right, back.left)
    assert (there.left_end, there.right_end) == (back.right_end, back.left_end)
    assert not there.same


def test_a_rule_more_is_found_and_named() -> None:
    free = run_lab(HOST + PING)
    shut = run_lab(HOST + "iptables -I FORWARD -p icmp --icmp-type 0 -j DROP\n" + PING)
    found = first_parting(free, shut, names=("without", "with"))
    assert found.packet.startswith("ICMP echo reply")
    assert found.right == "filter:FORWARD rule 1: -p icmp -m icmp --icmp-type 0 -j DROP"
    assert found.before[-1].startswith("enters IPv4 FORWARD")
    assert found.left_end == "in c1: delivered to protocol 1"
    assert "dropped in FORWARD" in found.right_end
    assert found.notes[0] == "without: filter:FORWARD has no rule -p icmp -m icmp --icmp-type 0 -j DROP"
    assert "> here they part" in repr(found)
    assert "here they part" in found._repr_html_()


def test_a_rule_more_that_no_packet_meets_parts_nothing() -> None:
    """Rule numbers change, what happens does not."""
    more = run_lab(HOST + "iptables -I FORWARD -p udp -j DROP\n" + PING)
    assert first_parting(run_lab(HOST + PING), more).same


def test_a_packet_too_many_is_told_by_its_name() -> None:
    """The second ping needs no ARP; both are scripts of one host."""
    lab = Lab("6.1")
    lab.run(HOST)
    first, second, third = lab.run(PING), lab.run(PING), lab.run(PING)
    found = first_parting(first, second)
    assert found.left.startswith("ARP request 192.168.0.2 > 192.168.0.3: ")
    assert found.right.startswith("ICMP echo reply 192.168.0.3 > 192.168.0.2: ")
    assert first_parting(second, third).same


def test_a_run_that_stops_earlier_parts_at_its_end() -> None:
    lab = Lab("6.1")
    lab.run(HOST + PING)
    one, two = lab.run(PING), lab.run(PING.replace("-c 1", "-c 2"))
    found = first_parting(one, two)
    assert found.left == "no packet: nothing more"
    assert found.right.startswith("ICMP echo request 192.168.0.2 > 192.168.0.3: routing to")
    assert found.notes == ("first run: 2 packets in all", "second run: 4 packets in all")


def test_whole_hosts_compare() -> None:
    labs = [Lab("6.1"), Lab("6.1")]
    for lab in labs:
        lab.run(HOST)
    labs[1].run("ip netns exec c2 sysctl -q -w net.ipv4.icmp_echo_ignore_all=1")
    for lab in labs:
        lab.run(PING)
    found = first_parting(*labs)
    assert found.left.startswith("ICMP echo reply")
    assert found.right == "no packet: nothing more"

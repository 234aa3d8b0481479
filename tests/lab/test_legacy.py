"""brctl, ifconfig, route, netstat and arp print what the real ones printed (tests/lab/captures/legacy)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlab.data import article
from netlab.errors import NotModelledError
from netlab.lab import run_lab

CAPTURES = Path(__file__).parent / "captures" / "legacy"


def masked(text: str) -> str:
    """Without counters, which depend on what else the machine sent, and interface numbers."""
    text = re.sub(r"((?:RX|TX) packets) .*", r"\1 N", text)
    text = re.sub(r"(?m)^\d+: ", "N: ", text)
    return re.sub(r"(?m)^(  \d\t\S+\tno\t\t +)[\d.]+$", r"\1T", text)


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.sh")), ids=lambda p: p.stem)
def test_prints_what_the_real_tools_printed(path: Path) -> None:
    result = run_lab(path.read_text(), source=path.name)
    assert masked(result.output) == masked(path.with_suffix(".txt").read_text())


def test_ifconfig_of_the_articles_time_has_the_articles_shape() -> None:
    """The article's `ifconfig -a` (Ubuntu, net-tools 1.60): every line of it that is not an ellipsis."""
    result = run_lab(
        "ip link add docker0 address 02:42:ff:27:17:4d type bridge\n"
        "ip addr add 192.168.0.1/20 dev docker0; ip link set docker0 up\n"
        "ip link add eth0 address 00:16:3e:06:3a:3a type veth peer name lan\n"
        "ip addr add 10.171.77.0/21 brd + dev eth0; ip link set lan up; ip link set eth0 up\n"
        "ip link add veth0594f4b address 96:5b:d4:80:73:5f type veth peer name p1\n"
        "ip link add veth57a3dec address 02:52:e9:60:ea:b1 type veth peer name p2\n"
        "for d in p1 p2 veth0594f4b veth57a3dec; do ip link set $d up; done\n"
        "ifconfig -a\n",
        kernel="4.4",
    )
    printed = [line.rstrip() for line in result.output.splitlines()]
    wanted = [line.rstrip() for line in article("ifconfig-a.txt").splitlines() if "..." not in line]
    at = 0
    for line in wanted:
        assert line in printed[at:], line
        at = printed.index(line, at) + 1


def test_the_old_route_shows_a_star_where_there_is_no_gateway() -> None:
    lab = "ip link add d0 type dummy; ip addr add 10.0.0.1/8 dev d0; ip link set d0 up; route; route -n"
    old = run_lab(lab, kernel="4.4").output.splitlines()
    assert old[2].split()[:3] == ["10.0.0.0", "*", "255.0.0.0"]
    assert old[-1].split()[:3] == ["10.0.0.0", "0.0.0.0", "255.0.0.0"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("brctl stp br0 on", "on"),
        ("brctl showstp br0", "showstp"),
        ("ifconfig eth0:1 10.0.0.1", "eth0:1"),
        ("ifconfig lo multicast", "multicast"),
        ("route -C", "-C"),
        ("netstat -s", "-s"),
        ("arp -f /etc/ethers", "-f"),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(line: str, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(f"brctl addbr br0\n{line}\n", source="x.sh")
    assert caught.value.line == 2
    assert caught.value.column == line.index(word)

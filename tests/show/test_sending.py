"""Packets sent by hand: the command, its way, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlab.errors import InputError
from netlab.show.sending import command_for, namespaces_of, send_packet

LAB = (Path(__file__).parent.parent / "kernel" / "labs" / "c2c.sh").read_text("utf-8")
SETUP = LAB.partition("ip netns exec c2 ping")[0]


def test_a_ping_between_containers() -> None:
    sent = send_packet(SETUP, "c2", "192.168.0.3")
    assert [j.title for j in sent.journeys] == [
        "ICMP echo request 192.168.0.2 > 192.168.0.3",
        "ICMP echo reply 192.168.0.3 > 192.168.0.2",
    ]
    assert "1 received" in sent.output
    assert "bridge FORWARD" in sent.map().description
    assert sent.hops(2).title.startswith("Packet 2")


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_ports_nobody_listens_on(protocol: str) -> None:
    sent = send_packet(SETUP, "c2", "192.168.0.1", protocol=protocol, port=81)
    first, answer = sent.journeys[:2]
    assert first.title.startswith(f"{protocol.upper()} ")
    assert first.title.endswith("> 192.168.0.1:81")
    assert ("unreachable" in answer.title) is (protocol == "udp")
    assert ("RST" in answer.title) is (protocol == "tcp")


def test_a_kernel_that_says_less_in_postrouting() -> None:
    old, new = (
        send_packet(SETUP, "c2", "10.28.61.30", kernel=k).journeys[0].hops[-1] for k in ("4.4", "6.1")
    )
    assert (old.in_dev, new.in_dev) == ("", "docker0")


def test_the_same_form_gives_the_same_bytes() -> None:
    assert repr(send_packet(SETUP, "host", "192.168.0.2")) == repr(send_packet(SETUP, "host", "192.168.0.2"))


def test_packets_that_are_none_are_refused() -> None:
    sent = send_packet("", "host", "127.0.0.1")
    with pytest.raises(InputError, match="no packet 9"):
        sent.journey(9)


@pytest.mark.parametrize(
    ("source", "destination", "protocol", "port"),
    [
        ("host", "300.1.1.1", "icmp", 80),
        ("host", "127.0.0.1; reboot", "icmp", 80),
        ("host", "127.0.0.1", "sctp", 80),
        ("host", "127.0.0.1", "udp", 0),
        ("host", "127.0.0.1", "udp", 70000),
        ("c2; reboot", "127.0.0.1", "icmp", 80),
        ("", "127.0.0.1", "icmp", 80),
    ],
)
def test_what_cannot_be_sent(source: str, destination: str, protocol: str, port: int) -> None:
    with pytest.raises(InputError):
        command_for(source, destination, protocol=protocol, port=port)


def test_namespaces_of_a_setup() -> None:
    assert namespaces_of(SETUP) == ("host", "c2", "c3", "gw")
    with pytest.raises(InputError, match="no namespace 'c9'"):
        send_packet(SETUP, "c9", "192.168.0.3")

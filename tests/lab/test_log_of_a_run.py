"""What a run logged is what it logged, whatever was cleared before or meanwhile."""

from __future__ import annotations

from netlab.lab import Lab


def test_lines_logged_after_dmesg_was_cleared_are_all_there() -> None:
    lab = Lab()
    lab.run("iptables -A OUTPUT -p icmp -j LOG\niptables -A INPUT -p icmp -j LOG\nping -c 5 127.0.0.1")
    again = lab.run("dmesg -C; ping -q -c 5 127.0.0.1")
    assert len(again.log) == len(lab.world.ring) == 20


def test_ping_goes_on_when_some_of_its_packets_are_lost() -> None:
    """On Linux 6.1 five of eight come back: the rule drops every fifth packet in INPUT, requests and answers."""
    run = Lab().run(
        "iptables -A INPUT -m statistic --mode nth --every 5 --packet 0 -j DROP\nping -c 8 -i 0.1 -W 1 127.0.0.1"
    )
    assert "8 packets transmitted, 5 received" in run.output

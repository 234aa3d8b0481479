"""What a run logged is what it logged, whatever was cleared before or meanwhile."""

from __future__ import annotations

from netlab.lab import Lab


def test_lines_logged_after_dmesg_was_cleared_are_all_there() -> None:
    lab = Lab()
    lab.run("iptables -A OUTPUT -p icmp -j LOG\niptables -A INPUT -p icmp -j LOG\nping -c 5 127.0.0.1")
    again = lab.run("dmesg -C; ping -q -c 5 127.0.0.1")
    assert len(again.log) == len(lab.world.ring) == 20

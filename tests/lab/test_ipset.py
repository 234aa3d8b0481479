"""``ipset`` prints what ipset 7.17 printed (captures/ipset); sizes and random seeds are the kernel's own."""

from __future__ import annotations

import re
from pathlib import Path

from netlab.lab import run_lab

CAPTURES = Path(__file__).parent / "captures" / "ipset"


def masked(text: str) -> str:
    return re.sub(r"initval 0x[0-9a-f]+|Size in memory: \d+", "*", text)


def test_ipset_prints_what_the_real_one_printed() -> None:
    result = run_lab((CAPTURES / "ipset.sh").read_text(), kernel="6.18")
    assert masked(result.output) == masked((CAPTURES / "ipset.txt").read_text())


def test_a_set_decides_about_packets() -> None:
    result = run_lab(
        """
        ipset create allow hash:net; ipset add allow 127.0.0.0/8; ipset add allow 127.0.0.2 nomatch
        iptables -A INPUT -m set --match-set allow dst -j ACCEPT; iptables -P INPUT DROP
        ping -c 1 -W 1 127.0.0.1 >/dev/null; echo $?; ping -c 1 -W 1 127.0.0.2 >/dev/null; echo $?
        """
    )
    assert result.output == "0\n1\n"

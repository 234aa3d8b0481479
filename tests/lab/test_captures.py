"""Lab scripts on the simulator print what they printed on a real kernel (tests/lab/captures)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlab.lab import run_lab

CAPTURES = Path(__file__).parent / "captures"
NAMES = sorted(path.stem for path in CAPTURES.glob("*.sh"))

# What no two runs share: times, ids, ephemeral ports, sequence numbers, random addresses, dates.
MASKS: list[tuple[str, str]] = [
    (r"time=[\d.]+ ms", "time=T ms"),
    (r"time \d+ms", "time Tms"),
    (r"mdev = .*", "mdev = T"),
    (r"(?m)^/labs-pre\.sh: (\d+): (?:/labs/\S+?\.sh: )?", r"SH: \1: "),
    (r"(?m)^/labs/\S+?\.sh: (\d+): ", r"SH: \1: "),
    (r"\bID=\d+", "ID=N"),
    (r"\b([SD]PT)=(?:3[3-9]|[45]\d|60)\d{3}\b", r"\1=P"),
    (r"\b(sport|dport)=(?:3[3-9]|[45]\d|60)\d{3}\b", r"\1=P"),
    (r"(?m)^( *\[\w+\] \w+ +\d+) \d+ ", r"\1 T "),
    (r"\b(?!(?:00|01|02|33|ff):)[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b", "MAC"),
    (r"\bfe80::[0-9a-f:]+/64", "fe80/64"),
    (r"(?m)^(# .*)on \w{3} \w{3} +\d.*$", r"\1on DATE"),
]


def masked(text: str) -> str:
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    return text


def capture(name: str) -> tuple[str, int, str]:
    """What the real kernel gave: output, exit status, log."""
    text = (CAPTURES / f"{name}.txt").read_text()
    match = re.fullmatch(r"(.*?)@@@RC (\d+)\n@@@LOG \S+\n(.*)", text, re.DOTALL)
    assert match is not None
    return match[1], int(match[2]), match[3]


def test_there_are_captures() -> None:
    assert len(NAMES) >= 13


@pytest.mark.parametrize("name", NAMES)
def test_prints_what_linux_printed(name: str) -> None:
    output, status, log = capture(name)
    result = run_lab((CAPTURES / f"{name}.sh").read_text(), source=f"/labs/{name}.sh")
    assert masked(result.output) == masked(output)
    assert masked("".join(f"{line}\n" for line in result.log)) == masked(log)
    assert result.status == status


@pytest.mark.parametrize("name", ["ping", "ebtables", "conntrack_events"])
def test_two_runs_give_the_same_bytes(name: str) -> None:
    text = (CAPTURES / f"{name}.sh").read_text()
    one, two = run_lab(text), run_lab(text)
    assert (one.output, one.log, one.status) == (two.output, two.log, two.status)

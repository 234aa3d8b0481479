"""Reading a log into a table: netlab's bulk reader and the plain loop, side by side in one run.

One log is the article's 88 lines over and over, the other has captured lines of other kernels and protocols too;
each round has new ids, sequence numbers and ports.
Times are of the processor, so that a busy machine does not decide; memory is the peak that Python allocates.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pandas as pd

from netlab.data import article, capture
from netlab.trace import read_trace

EXCERPTS = ("container-to-container", "local-to-container", "local-to-lan", "container-to-external")
LINES = 200_000
ROUNDS = 5
#: Fields that differ from packet to packet: ids, sequence numbers, the ports of clients, TCP's options.
FIELD = re.compile(r" ID=\d+| (?:SEQ|ACK)=\d+| [SD]PT=(?:3[3-9]|[4-6]\d)\d{3}\b| OPT \([0-9A-F]+")
CAPTURES = ("kernel-6.18.txt", "kernel-6.1-ebtables.txt")
DMESG = ("[{0:12.6f}] ",)
SYSLOG = (
    "Nov  5 {1:%H:%M:%S} node1 kernel: [{0:12.6f}] ",
    "{1:%Y-%m-%dT%H:%M:%S.%f}+08:00 node1 kernel: ",
    *DMESG,
)
START = datetime(2017, 11, 5, 14, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a reader took: processor seconds (the best of some rounds) and peak bytes."""

    name: str
    lines: int
    seconds: float
    peak: int
    size: int

    def __str__(self) -> str:
        rate = self.lines / self.seconds
        return (
            f"{self.name:12} {self.seconds:7.3f} s  {rate:12,.0f} lines/s  "
            f"peak memory {self.peak / self.size:5.2f} times the file"
        )


def article_lines() -> list[str]:
    """The article's 88 lines."""
    return [line for name in EXCERPTS for line in article(f"trace-{name}.txt").splitlines() if line]


def mixed_lines() -> list[str]:
    """The article's lines and those of captured kernels: TCP, UDP, ICMP and its errors, ARP, both families."""
    text = [line for name in CAPTURES for line in capture(name).splitlines()]
    return [*article_lines(), *(line for line in text if line.startswith(("TRACE: ", "EB:")))]


def write_log(file: Path, text: list[str], stamps: tuple[str, ...], lines: int = LINES) -> None:
    """A log of about so many lines: ``text`` over and over, each round with fields of its own."""
    chance = random.Random(88)
    now = 2228.5
    with file.open("w") as out:
        for n in range(lines // len(text)):
            fresh: dict[str, str] = {}
            for line in text:
                wall = START + timedelta(seconds=now)
                changed = FIELD.sub(partial(_fresh, fresh, chance), line)
                out.write(f"{stamps[n % len(stamps)].format(now, wall)}{changed}\n")
                now += 0.00002


def _fresh(known: dict[str, str], chance: random.Random, found: re.Match[str]) -> str:
    """Another value for a field, the same for all lines of a round that have the old one."""
    old = found[0]
    if old not in known:
        name, _, value = old.partition("=")
        if old.startswith(" OPT"):
            known[old] = f" OPT ({chance.getrandbits(4 * (len(old) - 6)):0{len(old) - 6}X}"
        elif "PT" in name:
            known[old] = f"{name}={chance.randrange(32768, 61000)}"
        else:
            known[old] = f"{name}={chance.randrange(1, 65536 if name == ' ID' or len(value) < 5 else 2**32)}"
    return known[old]


def plain_loop(file: Path) -> pd.DataFrame:
    """What one writes in a hurry: a dictionary a line."""
    rows = []
    with file.open() as lines:
        for line in lines:
            rows.append(dict(re.findall(r"(\w+)=(\S*)", line)))  # noqa: PERF401 - the loop as people write it
    return pd.DataFrame(rows)


def bulk(file: Path) -> pd.DataFrame:
    """The same file through netlab."""
    return read_trace(file).frame()


def cost(name: str, reader: Callable[[Path], pd.DataFrame], file: Path, rounds: int = ROUNDS) -> Cost:
    """Time and memory of a reader, measured apart, because measuring memory slows it down."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        count = len(reader(file))
        best = min(best, time.process_time() - start)
    tracemalloc.start()
    reader(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Cost(name=name, lines=count, seconds=best, peak=peak, size=file.stat().st_size)


def compare(text: list[str], stamps: tuple[str, ...], lines: int = LINES) -> tuple[Cost, Cost]:
    """The costs of both readers on one log."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trace.log"
        write_log(file, text, stamps, lines)
        bulk(file)  # pandas itself is loaded outside the measurement
        return cost("bulk", bulk, file), cost("plain loop", plain_loop, file, rounds=3)


def main() -> int:
    """Print both, and how many times as quick the bulk reader is, for an ordinary and for a mixed log."""
    logs = (
        ("the article's lines, dmesg stamps", article_lines(), DMESG),
        ("TCP, UDP, ICMP and errors, ebtables; dmesg and syslog stamps", mixed_lines(), SYSLOG),
    )
    for name, text, stamps in logs:
        ours, theirs = compare(text, stamps)
        print(f"{name}: {ours.lines:,} lines, {ours.size / 1e6:.0f} MB")
        print(f"  {ours}")
        print(f"  {theirs}")
        print(f"  the bulk reader is {theirs.seconds / ours.seconds:.1f} times as quick")
    return 0


if __name__ == "__main__":
    sys.exit(main())

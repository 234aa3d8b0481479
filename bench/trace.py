"""Reading a log into a table: netlab's bulk reader and the plain loop, side by side in one run.

The log is the article's 88 lines over and over, each round with new IP and ICMP ids, behind ``dmesg`` stamps.
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
from functools import partial
from pathlib import Path

import pandas as pd

from netlab.data import article
from netlab.trace import read_trace

EXCERPTS = ("container-to-container", "local-to-container", "local-to-lan", "container-to-external")
LINES = 200_000
ROUNDS = 5
ID = re.compile(r" ID=\d+")


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


def write_log(file: Path, lines: int = LINES) -> None:
    """A log of about so many lines."""
    text = [line for name in EXCERPTS for line in article(f"trace-{name}.txt").splitlines() if line]
    fields = sorted({field for line in text for field in ID.findall(line)})
    chance = random.Random(88)
    now = 2228.5
    with file.open("w") as out:
        for _ in range(lines // len(text)):
            ids = {field: f" ID={chance.randrange(1, 65536)}" for field in fields}
            for line in text:
                fresh = ID.sub(partial(_fresh, ids), line)
                out.write(f"[{now:12.6f}] {fresh}\n")
                now += 0.00002


def _fresh(ids: dict[str, str], found: re.Match[str]) -> str:
    return ids[found[0]]


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


def compare(lines: int = LINES) -> tuple[Cost, Cost]:
    """The costs of both readers on one log."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trace.log"
        write_log(file, lines)
        bulk(file)  # pandas itself is loaded outside the measurement
        return cost("bulk", bulk, file), cost("plain loop", plain_loop, file, rounds=3)


def main() -> int:
    """Print both, and how many times as quick the bulk reader is."""
    ours, theirs = compare()
    print(ours)
    print(theirs)
    print(f"the bulk reader is {theirs.seconds / ours.seconds:.1f} times as quick")
    return 0


if __name__ == "__main__":
    sys.exit(main())

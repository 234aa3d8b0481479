"""Run fresh random labs on the oracle's real kernel and on the simulated one; show every difference side by side.

python3 run.py kernel-check N=500 [SEED=1000] [JOBS=2]      JOBS machines run at a time; most of a lab is waiting
"""

from __future__ import annotations

import difflib
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import capture
import labgen

from netlab.errors import NetlabError
from netlab.lab import run_lab
from netlab.lab.mask import Mask

TRIES = 8


def sides(lab: str, output: str, log: str) -> tuple[list[str], list[str]]:
    """What was printed and what was logged, masked, as lines."""
    mask = Mask(lab)
    logged = [mask.log(line) for line in log.splitlines()]
    return mask.output(output).splitlines(), logged


def simulated(lab: str, name: str) -> tuple[list[str], list[str]]:
    """The same from the simulated kernel; a refusal counts as output."""
    try:
        result = run_lab(lab, kernel="6.1", source=name)
    except NetlabError as refusal:
        return [f"REFUSED {refusal}"], []
    return sides(lab, result.output, "\n".join(result.log))


def difference(lab: str, name: str, captured: str) -> list[str]:
    """The lines that differ between a capture and the simulation, as a unified diff; empty if none."""
    _, _, rest = captured.partition("@@@OUTPUT\n")
    output, _, log = rest.partition("@@@LOG\n")
    real, ours = sides(lab, output, log), simulated(lab, name)
    out: list[str] = []
    for what, theirs, mine in (("output", real[0], ours[0]), ("log", real[1], ours[1])):
        out += difflib.unified_diff(
            theirs, mine, f"{name} {what}: kernel", f"{name} {what}: netlab", "", "", 2, ""
        )
    return out


def check(seeds: Iterable[int], jobs: int) -> tuple[list[str], list[str]]:
    """Compare the labs of some seeds; prints differences. Returns the names of labs that differ, and of the unsteady.

    The kernel's clock runs on while a lab's is virtual: a timer at the edge, two processes that wake each other. A lab
    that differs is run again, and where the kernel then says what we say it contradicts itself: the lab is unsteady.
    """
    seen: set[str] = set()
    differ: list[str] = []
    unsteady: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for seed in seeds:
            file = Path(folder) / f"random-{seed:06}.sh"
            file.write_text(labgen.lab(seed))
            files.append(file)
        for name, text in capture.captured(files, jobs):
            file = Path(folder) / f"{name}.sh"
            seen.add(name)
            lab = file.read_text()
            found = difference(lab, name, text)
            if not found:
                continue
            again = (
                difference(lab, name, other) for _ in range(TRIES) for _, other in capture.captured([file])
            )
            steady = all(again)
            (differ if steady else unsteady).append(name)
            print(
                "\n".join([f"{name}: " + ("differs" if steady else "the kernel says both"), *found[:60]]),
                flush=True,
            )
        lost = [file.stem for file in files if file.stem not in seen]
        if lost:
            print("not run to their end by the oracle:", " ".join(lost))
    return differ + lost, unsteady


def main(arguments: list[str]) -> int:
    options = dict(word.split("=", 1) for word in arguments if "=" in word)
    count = int(options.get("N", "100"))
    first = int(options.get("SEED", str(int(time.time()) % 10**8)))
    differ, unsteady = check(range(first, first + count), int(options.get("JOBS", "1")))
    print(
        f"{count - len(differ)} of {count} random labs agree with the kernel, line for line (seeds from {first}); "
        f"{len(unsteady)} of them with one of its answers only: {' '.join(unsteady) or 'none'}"
    )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

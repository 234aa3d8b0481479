"""Run fresh random labs on the oracle's real kernel and on the simulated one; show every difference side by side.

python3 run.py kernel-check N=500 [SEED=1000]
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


def check(seeds: Iterable[int]) -> int:
    """Compare the labs of some seeds; prints differences and returns how many labs differ."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for seed in seeds:
            file = Path(folder) / f"random-{seed:06}.sh"
            file.write_text(labgen.lab(seed))
            files.append(file)
        for name, text in capture.captured(files):
            lab = (Path(folder) / f"{name}.sh").read_text()
            found = difference(lab, name, text)
            if found:
                bad += 1
                print("\n".join(found[:60]))
    return bad


def main(arguments: list[str]) -> int:
    options = dict(word.split("=", 1) for word in arguments if "=" in word)
    count = int(options.get("N", "100"))
    first = int(options.get("SEED", str(int(time.time()) % 10**8)))
    bad = check(range(first, first + count))
    print(f"{count - bad} of {count} random labs agree with the kernel, line for line (seeds from {first})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

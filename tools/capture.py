"""Run labs on the oracle's real kernel and store what they printed and what the kernel logged.

python3 tools/capture.py [LAB.sh ...]      default: every lab without a capture
python3 tools/capture.py --all
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LABS = ROOT / "tests" / "kernel" / "labs"
CAPTURES = ROOT / "tests" / "kernel" / "captures"
RUN = ROOT / "tools" / "oracle" / "run.sh"
BATCH = 40
ALONE = "# alone"
ONE_LAB = re.compile(
    r"^@@@BEGIN (?P<name>\S+)\n(?P<output>.*?)^@@@RC (?P<status>\d+)\n@@@LOG \S+\n(?P<log>.*?)^@@@END \S+\n",
    re.DOTALL | re.MULTILINE,
)


def captured(labs: list[Path], jobs: int = 1) -> Iterator[tuple[str, str]]:
    """Run labs on the real kernel, in as many machines at a time; yields each lab's name and its capture as text."""
    # A socket that is still being closed keeps its namespace alive, and its timers would log into the next lab.
    alone = [lab for lab in labs if ALONE in lab.read_text()]
    together = [lab for lab in labs if lab not in alone]
    size = max(1, min(BATCH, -(-len(together) // jobs)))
    batches = [together[start : start + size] for start in range(0, len(together), size)]
    with ThreadPoolExecutor(jobs) as machines:
        for done in as_completed(
            [machines.submit(_boot, batch) for batch in (*batches, *([lab] for lab in alone))]
        ):
            yield from done.result()


def _boot(labs: list[Path]) -> list[tuple[str, str]]:
    """One machine runs these labs one after the other."""
    run = subprocess.run(["bash", str(RUN), *map(str, labs)], capture_output=True, check=True)
    printed = run.stdout.decode("utf-8", "replace")
    kernel = re.search(r"@@@DONE (\S+)", printed)
    head = f"kernel {kernel[1] if kernel else 'unknown'}"
    return [
        (lab["name"], f"{head}, status {lab['status']}\n@@@OUTPUT\n{lab['output']}@@@LOG\n{lab['log']}")
        for lab in ONE_LAB.finditer(printed)
    ]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--all", action="store_true", help="record every lab anew")
    arguments.add_argument("labs", nargs="*", type=Path)
    given = arguments.parse_args()
    labs = given.labs or sorted(LABS.glob("*.sh"))
    if not given.all and not given.labs:
        labs = [lab for lab in labs if not (CAPTURES / f"{lab.stem}.txt").exists()]
    CAPTURES.mkdir(exist_ok=True)
    done = 0
    for name, text in captured(labs):
        (CAPTURES / f"{name}.txt").write_text(text)
        done += 1
    print(f"{done} of {len(labs)} labs captured")
    return 0 if done == len(labs) else 1


if __name__ == "__main__":
    sys.exit(main())

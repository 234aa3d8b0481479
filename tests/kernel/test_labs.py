"""Every lab of tests/kernel/labs prints on the simulated kernel what Linux 6.1 printed for it, line for line.

The captures were recorded with tools/capture.py on the kernel oracle (tools/oracle).
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from netlab.lab import run_lab
from netlab.lab.mask import Mask

HERE = Path(__file__).parent
LABS = sorted((HERE / "labs").glob("*.sh"))


def masked(lab: str, output: str, log: list[str]) -> tuple[list[str], list[str]]:
    mask = Mask(lab)
    logged = [mask.log(line) for line in log]
    return mask.output(output).splitlines(), logged


@pytest.mark.parametrize("path", LABS, ids=lambda p: p.stem)
def test_the_simulated_kernel_says_what_linux_said(path: Path) -> None:
    lab = path.read_text()
    capture = (HERE / "captures" / f"{path.stem}.txt").read_text()
    _, _, rest = capture.partition("@@@OUTPUT\n")
    output, _, log = rest.partition("@@@LOG\n")
    linux = masked(lab, output, log.splitlines())
    result = run_lab(lab, kernel="6.1", source=path.name)
    netlab = masked(lab, result.output, list(result.log))
    for what, theirs, ours in zip(("output", "log"), linux, netlab, strict=True):
        difference = "\n".join(difflib.unified_diff(theirs, ours, "Linux 6.1", "netlab", "", "", 1, ""))
        assert not difference, f"{what} differs:\n{difference}"

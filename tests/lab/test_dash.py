"""The shell does what dash did with the same script (captures/dash)."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlab.lab import run_lab

CAPTURES = Path(__file__).parent / "captures" / "dash"


@pytest.mark.parametrize("name", sorted(path.stem for path in CAPTURES.glob("*.sh")))
def test_prints_what_dash_printed(name: str) -> None:
    result = run_lab((CAPTURES / f"{name}.sh").read_text(), source=f"{name}.sh")
    assert f"{result.output}status {result.status}\n" == (CAPTURES / f"{name}.txt").read_text()

"""Labs of tests/kernel and the article's logs, run and read once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import netlab.data
from netlab.lab.host import run_lab
from netlab.lab.result import LabResult
from netlab.trace import Journey, read_trace

LABS = Path(__file__).parent.parent / "kernel" / "labs"
CAPTURES = Path(__file__).parent.parent / "kernel" / "captures"


@cache
def _lab(name: str, kernel: str) -> LabResult:
    return run_lab((LABS / f"{name}.sh").read_text("utf-8"), kernel=kernel)


@pytest.fixture(scope="session")
def lab() -> Callable[..., LabResult]:
    """A lab of tests/kernel by its name, run in the simulator."""
    return lambda name, kernel="6.1": _lab(name, kernel)


@pytest.fixture(scope="session")
def captured() -> Callable[[str], tuple[Journey, ...]]:
    """The packets that a real kernel logged when it ran a lab of tests/kernel."""

    def read(name: str) -> tuple[Journey, ...]:
        text = (CAPTURES / f"{name}.txt").read_text("utf-8").partition("@@@LOG\n")[2]
        return read_trace(text).journeys()

    return read


@pytest.fixture(scope="session")
def article() -> Callable[[str], tuple[Journey, ...]]:
    """The packets of one of the article's excerpts."""
    return lambda name: read_trace(netlab.data.article(f"trace-{name}.txt")).journeys()

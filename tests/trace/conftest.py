"""The captured logs that the tests read."""

from __future__ import annotations

import pytest

from netlab.data import article as article_text
from netlab.data import capture

EXCERPTS = ("container-to-container", "local-to-container", "local-to-lan", "container-to-external")


def _ours(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith(("TRACE: ", "EB:"))]


@pytest.fixture(scope="session")
def article() -> list[str]:
    """The 88 lines of the article, in its four excerpts, as printed there (without the last space)."""
    return [line for name in EXCERPTS for line in _ours(article_text(f"trace-{name}.txt"))]


@pytest.fixture(scope="session")
def captures() -> dict[str, list[str]]:
    """Whole kernel lines captured from real kernels, by file."""
    return {name: _ours(capture(name)) for name in ("kernel-6.18.txt", "kernel-6.1-ebtables.txt")}

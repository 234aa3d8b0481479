"""pytest for notebooks: the environment of their kernels, and what nbval does not compare."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

# Layout, fonts and so the bytes of a picture differ between machines; its text twin is compared.
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
# A widget's state and the ids in it are new in every run.
WIDGETS = ("application/vnd.jupyter.widget-state+json", "application/vnd.jupyter.widget-view+json")


def pytest_sessionstart(session: pytest.Session) -> None:
    project = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text("utf-8"))
    os.environ.update(project["tool"]["netlab"]["notebook-environment"])


def pytest_collectstart(collector: pytest.Collector) -> None:
    if hasattr(collector, "skip_compare"):  # nbval's notebook file
        collector.skip_compare += PICTURES + WIDGETS

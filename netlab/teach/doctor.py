"""Whether this machine can run the course: a check for the first cell of a workshop, and ``netlab doctor``.

What is needed and missing is a fault; what a part of the course does without is a limit, and each line says which part.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Final

from netlab.lab.live import why_not_live
from netlab.show.words import count

GOOD: Final = "good"
LIMITED: Final = "limited"
MISSING: Final = "missing"
_SIGNS: Final = {GOOD: "ok", LIMITED: "--", MISSING: "!!"}

PYTHON: Final = (3, 11)
NEEDED: Final = ("jupyterlab", "ipywidgets", "anywidget", "pandas", "matplotlib", "graphviz")
"""The distributions that the notebooks import, or run in."""
MEMORY: Final = 1024
"""MiB available below which the advice is to keep one notebook open at a time."""
_MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``state`` is GOOD, LIMITED or MISSING, ``says`` what was found and what it means."""

    name: str
    state: str
    says: str

    def __str__(self) -> str:
        return f"{_SIGNS[self.state]} {self.name}: {self.says}"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """All findings. ``good`` says that the course can be worked through; limits do not stand in the way."""

    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return not any(finding.state == MISSING for finding in self.findings)

    @property
    def verdict(self) -> str:
        missing = [finding.name for finding in self.findings if finding.state == MISSING]
        if missing:
            return f"Not ready: {count(len(missing), 'thing')} to repair ({', '.join(missing)})."
        limits = sum(finding.state == LIMITED for finding in self.findings)
        return "Ready." + (f" {count(limits, 'limit')}, see the lines with --." if limits else "")

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.findings), self.verdict])

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{escape(str(finding))}</li>" for finding in self.findings)
        return f'<div role="status"><ul>{lines}</ul><p><b>{escape(self.verdict)}</b></p></div>'


def doctor(folder: str | Path = ".") -> Report:
    """Look at this machine. ``folder`` is where the notebooks are (a notebook's own, by default).

    Nothing is changed: one file is made in the folder and removed.

    >>> [finding.name for finding in doctor().findings][:2]
    ['Python', 'netlab']
    """
    return Report(
        (
            _python(),
            _package("netlab", "pip install -e . in the course's folder"),
            *(_package(name, f"pip install {name}") for name in NEEDED),
            _dot(),
            _writable(Path(folder)),
            _memory(),
            _kernel(),
        )
    )


def _python() -> Finding:
    here = platform.python_version()
    if sys.version_info[:2] < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        return Finding("Python", MISSING, f"{here}; {wanted} or newer is needed")
    return Finding("Python", GOOD, f"{here} on {platform.system()} {platform.machine()}")


def _package(name: str, remedy: str) -> Finding:
    try:
        return Finding(name, GOOD, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, MISSING, f"not installed in this Python; {remedy}")


def _dot() -> Finding:
    found = shutil.which("dot")
    if found is None:
        return Finding(
            "dot", LIMITED, "Graphviz is not installed: maps and topologies are shown as text instead"
        )
    try:
        said = subprocess.run([found, "-V"], capture_output=True, text=True, timeout=20, check=True).stderr
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(
            "dot", LIMITED, f"does not run ({error}): maps and topologies are shown as text instead"
        )
    version = re.search(r"version (\S+)", said)
    return Finding("dot", GOOD, f"Graphviz {version[1]}" if version else said.strip())


def _writable(folder: Path) -> Finding:
    name = "notebooks' folder"
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".netlab-doctor-"):
            pass
    except OSError as error:
        return Finding(
            name, MISSING, f"cannot be written ({error.strerror}): nothing you do in notebooks is kept"
        )
    return Finding(name, GOOD, "can be written")


def _memory() -> Finding:
    free = available_memory()
    if free is None:
        return Finding("memory", LIMITED, f"{platform.system()} does not say what is available")
    said = f"{free // _MIB} MiB available"
    if free < MEMORY * _MIB:
        return Finding("memory", LIMITED, f"{said}: keep one notebook open at a time")
    return Finding("memory", GOOD, said)


def available_memory() -> int | None:
    """Bytes that a new program may use: the machine's, or the control group's if that is less; None: not told."""
    amounts = [amount for ask in (_machine_memory, _group_memory) for amount in ask()]
    return min(amounts, default=None)


def _machine_memory() -> Iterator[int]:
    text = _text(Path("/proc/meminfo"))
    if (found := re.search(r"^MemAvailable: +(\d+) kB", text, re.MULTILINE)) is not None:
        yield int(found[1]) * 1024
    elif hasattr(os, "sysconf") and {"SC_AVPHYS_PAGES", "SC_PAGE_SIZE"} <= os.sysconf_names.keys():
        yield os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _group_memory() -> Iterator[int]:
    """What a container's limit leaves (control groups, version 2)."""
    group = Path("/sys/fs/cgroup")
    limit, used = (_text(group / name).strip() for name in ("memory.max", "memory.current"))
    if limit.isdigit() and used.isdigit():
        yield max(0, int(limit) - int(used))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""


def _kernel(ask: Callable[[], str | None] = why_not_live) -> Finding:
    reason = ask()
    if reason is not None:
        return Finding(
            "live runs",
            LIMITED,
            f"not here, {reason}; notebook 13 shows a recorded run, all else is simulated",
        )
    return Finding("live runs", GOOD, f"labs can run on this machine's own kernel, {platform.release()}")

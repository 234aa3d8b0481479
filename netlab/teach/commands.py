"""Answers that are commands: run on a fresh host, and judged by what came of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

from netlab.errors import InputError
from netlab.lab import Lab
from netlab.teach.answers import commands as commands_of
from netlab.trace import IptablesRecord, read_trace

T = TypeVar("T")
_SOURCE: Final = "your commands"


def obey(lab: Lab, commands: str, source: str = _SOURCE) -> None:
    """Run a learner's commands. Raises InputError where they cannot be run, or where the last of them fails."""
    done = lab.run(commands, source=source)
    if done.status:
        words = [line for line in done.output.splitlines() if line.strip() and not line.startswith("Try `")]
        last = words[-1] if words else f"exit status {done.status}"
        raise InputError(f"the last command failed: {last}", source=source)


def run_on(setup: str, look: Callable[[Lab], T], kernel: str = "4.4") -> Callable[[object], T]:
    """Reads commands by running them on a fresh host, and looks what came of it."""

    @lru_cache(16)
    def on_fresh_host(commands: str) -> T:
        lab = Lab(kernel)
        lab.run(setup, source="the host")
        obey(lab, commands)
        return look(lab)

    def read(answer: object) -> T:
        return on_fresh_host(commands_of(answer, _SOURCE))

    return read


def happens(lab: Lab, command: str) -> bool:
    return lab.run(command, source="what is tried").status == 0


def said(lab: Lab, command: str) -> str:
    return lab.run(command, source="what is looked at").output


def traced(lab: Lab, command: str) -> list[IptablesRecord]:
    """The lines that a command leaves in an empty kernel log, as far as iptables wrote them."""
    log = lab.run(f"dmesg -C\n{command}", source="what is tried").log
    records = read_trace("".join(f"{line}\n" for line in log) or "\n").records
    return [record for record in records if isinstance(record, IptablesRecord)]

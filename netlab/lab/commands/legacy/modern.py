"""The old tools change things by way of ``ip``: one command, and what the kernel said to it."""

from __future__ import annotations

from netlab.lab.commands.iproute import COMMANDS
from netlab.lab.context import Arg, Process
from netlab.lab.streams import Null, Sink


def run_ip(process: Process, *words: str) -> str:
    """Run ``ip``; returns what it complained about, in the kernel's words, or '' where it did not."""
    said: list[str] = []
    inner = process.copy(fds={0: Null(), 1: Null(), 2: Sink(said.append)})
    status = COMMANDS["ip"](inner, [Arg(word, process.place) for word in ("ip", *words)])
    if status == 0:
        return ""
    text = "".join(said).strip()
    for start in ("RTNETLINK answers: ", "Error: "):
        text = text.removeprefix(start)
    return text.rstrip(".")


def is_old(process: Process) -> bool:
    """Whether the host has net-tools 1.60."""
    return process.host.world.release.name == "4.4"

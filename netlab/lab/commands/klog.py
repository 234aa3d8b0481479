"""``dmesg``: the kernel's ring buffer."""

from __future__ import annotations

import time
from typing import Final

from netlab.kernel.world import RingEntry
from netlab.lab.arguments import Options, read_options
from netlab.lab.commands.system import EPOCH
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import Running, Wait

_LEVELS: Final = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")


def _dmesg(process: Process, argv: list[Arg]) -> int | Running:
    long = {
        "notime": "t", "clear": "C", "read-clear": "c", "raw": "r", "level=": "l", "decode": "x", "nopager": "P",
        "console-level=": "n", "kernel": "k", "force-prefix": "p", "ctime": "T", "follow": "w", "follow-new": "W",
    }  # fmt: skip
    options = read_options(process, argv, "tCcrl:n:xkPpTwW", long)
    ring = process.host.world.ring
    if "n" in options:
        return 0
    if "C" not in options:
        levels = None
        if "l" in options:
            levels = set(options.values["l"].split(","))
            for name in levels - set(_LEVELS):
                process.refuse(
                    options.values["l"], f"dmesg: level {name} is not known", expected=", ".join(_LEVELS)
                )
        if "W" not in options:
            for entry in ring:
                _print(process, options, levels, entry)
        if "w" in options or "W" in options:
            return _follow(process, options, levels)
    if "C" in options or "c" in options:
        ring.clear()
    return 0


def _print(process: Process, options: Options, levels: set[str] | None, entry: RingEntry) -> None:
    if levels is not None and _LEVELS[entry.level] not in levels:
        return
    stamp = f"[{entry.time:12.6f}] "
    if "T" in options:
        stamp = time.strftime("[%a %b %e %H:%M:%S %Y] ", time.gmtime(EPOCH + entry.time))
    if "t" in options and "r" not in options:
        stamp = ""
    if "x" in options:
        stamp = f"kern  :{_LEVELS[entry.level]:<6}: {stamp}"
    if "r" in options:
        stamp = f"<{entry.level}>{stamp}"
    for line in entry.text.split("\n"):
        process.out(f"{stamp}{line}\n")


def _follow(process: Process, options: Options, levels: set[str] | None) -> Running:
    """Print what comes, until a signal ends it."""
    world = process.host.world
    last = world.logged
    while True:
        yield Wait(lambda last=last: world.logged > last)  # type: ignore[misc]
        for entry in world.ring:
            if entry.number > last:
                _print(process, options, levels, entry)
        last = world.logged


COMMANDS: Final[dict[str, Command]] = {"dmesg": _dmesg}

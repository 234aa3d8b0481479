"""``dmesg``: the kernel's ring buffer."""

from __future__ import annotations

from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.context import Arg, Command, Process

_LEVELS: Final = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")


def _dmesg(process: Process, argv: list[Arg]) -> int:
    long = {
        "notime": "t", "clear": "C", "read-clear": "c", "raw": "r", "level=": "l", "decode": "x", "nopager": "P",
        "console-level=": "n", "kernel": "k", "force-prefix": "p",
    }  # fmt: skip
    options = read_options(process, argv, "tCcrl:n:xkPp", long)
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
        for entry in ring:
            if levels is not None and _LEVELS[entry.level] not in levels:
                continue
            stamp = "" if "t" in options and "r" not in options else f"[{entry.time:12.6f}] "
            if "x" in options:
                stamp = f"kern  :{_LEVELS[entry.level]:<6}: {stamp}"
            if "r" in options:
                stamp = f"<{entry.level}>{stamp}"
            for line in entry.text.split("\n"):
                process.out(f"{stamp}{line}\n")
    if "C" in options or "c" in options:
        ring.clear()
    return 0


COMMANDS: Final[dict[str, Command]] = {"dmesg": _dmesg}

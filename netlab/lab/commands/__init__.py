"""The commands of a lab, a module a family; each module's ``COMMANDS`` says what it brings.

Modules are imported when a command of theirs is first used, so that a lab pays for what it runs.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from netlab.lab.context import Command

_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "text": ("grep", "egrep", "fgrep", "head", "tail", "wc", "sort", "uniq", "cut", "tr", "seq", "yes"),
    "editors": ("sed", "awk"),
    "storage": ("cat", "tee", "ls", "rm", "mkdir", "mktemp", "touch"),
    "iproute": ("ip", "bridge"),
    "ping": ("ping",),
    "traceroute": ("traceroute",),
    "web": ("curl", "wget"),
    "netcat": ("nc", "netcat", "nc.openbsd"),
    "iptables": (
        "iptables",
        "iptables-save",
        "iptables-restore",
        "iptables-legacy",
        "iptables-legacy-save",
        "iptables-legacy-restore",
    ),
    "ebtables": (
        "ebtables",
        "ebtables-save",
        "ebtables-restore",
        "ebtables-legacy",
        "ebtables-legacy-save",
        "ebtables-legacy-restore",
    ),
    "legacy": ("brctl", "ifconfig", "route", "netstat", "arp"),
    "docker": ("docker", "dockerd", "docker-proxy"),
    "ipset": ("ipset",),
    "conntrack": ("conntrack",),
    "klog": ("dmesg",),
    "sysctl": ("sysctl",),
    "system": (
        "sleep",
        "timeout",
        "sh",
        "date",
        "uname",
        "hostname",
        "id",
        "whoami",
        "which",
        "env",
        "modprobe",
        "true",
        "false",
        "echo",
        "printf",
        "test",
        "[",
        "kill",
    ),
}
_FAMILY: Final = {name: family for family, names in _FAMILIES.items() for name in names}


def known_commands() -> tuple[str, ...]:
    """The names of all commands, sorted."""
    return tuple(sorted(_FAMILY))


def is_command(name: str) -> bool:
    """Whether there is a command of that name; imports nothing."""
    return name in _FAMILY


@cache
def find_command(name: str) -> Command | None:
    """A command by name, or None."""
    family = _FAMILY.get(name)
    if family is None:
        return None
    commands: dict[str, Command] = import_module(f"netlab.lab.commands.{family}").COMMANDS
    return commands[name]


def program_path(name: str) -> str | None:
    """Where ``command -v`` finds a command, or None."""
    family = _FAMILY.get(name)
    if family is None:
        return None
    return ("/bin/" if family in ("text", "editors", "storage", "system") else "/sbin/") + name

"""What the commands of iproute2 have in common: their words, their numbers, their errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NoReturn

from netlab.lab.context import Arg, Process
from netlab.lab.inet import c_number, read_octets
from netlab.wire import mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns


class Failed(Exception):
    """The command ends with a message on standard error and this status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def answers(error: str, status: int = 2) -> Failed:
    """What the kernel's refusal looks like."""
    return Failed(f"RTNETLINK answers: {error}", status)


# Objects and commands of iproute2 6.1 that some object has and netlab does not model (ip.c, bridge.c, do_*).
_OTHERS: Final = (
    "help", "save", "restore", "showdump", "property", "afstats", "xstats", "test", "attach", "set", "identify",
    "pids", "list-id", "monitor", "change", "append", "prepend", "flush", "get", "addrlabel", "tunnel", "tunl",
    "tuntap", "token", "tcpmetrics", "tcp_metrics", "tap", "ila", "macsec", "mroute", "mrule", "xfrm", "l2tp", "fou",
    "ntable", "ntbl", "maddress", "multicast", "netconf", "vrf", "sr", "nexthop", "mptcp", "ioam", "stats", "mdb",
    "vlan", "vni",
)  # fmt: skip


def complaint(text: str, status: int = 2) -> Failed:
    """A refusal for which the kernel has words of its own (extended acknowledgement)."""
    return Failed(f"Error: {text}.", status)


class Words:
    """The words of a command, taken one after another."""

    def __init__(self, process: Process, words: list[Arg], what: str) -> None:
        self.process = process
        self.what = what
        self._words = words
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    def peek(self) -> Arg | None:
        """The next word, or None."""
        return self._words[self._at] if self else None

    def take(self) -> Arg:
        """The next word. Raises Failed, in iproute2's words, where there is none."""
        if not self:
            raise Failed('Command line is not complete. Try option "help"', 255)
        self._at += 1
        return self._words[self._at - 1]

    @property
    def last(self) -> Arg:
        """The word that was taken last."""
        return self._words[self._at - 1]

    def rest(self) -> list[Arg]:
        """All words that are left."""
        left = self._words[self._at :]
        self._at = len(self._words)
        return left

    def choose(self, choices: dict[str, str], default: str | None = None) -> str:
        """The next word as one of ``choices`` (full name to meaning), which may be cut short as iproute2 allows."""
        if not self and default is not None:
            return default
        word = self.take()
        for name, meaning in choices.items():
            if name.startswith(word):
                return meaning
        if any(name.startswith(word) for name in _OTHERS):
            self.refuse(word, choices)
        if self.what in ("ip", "bridge"):
            raise Failed(
                f'Object "{word}" is unknown, try "{self.what} help".', 1 if self.what == "ip" else 255
            )
        raise Failed(f'Command "{word}" is unknown, try "{self.what} help".', 255)

    def take_whole(self, names: Iterable[str]) -> Arg:
        """The next word; one of ``names`` in full where it is cut short, as iproute2 allows (matches)."""
        word = self.take()
        return next((Arg(name, word.place) for name in names if name.startswith(word)), word)

    def refuse(self, word: str, known: Iterable[str]) -> NoReturn:
        """Refuse a word that this command does not model."""
        self.process.refuse(word, f"{self.what}: {word} is not modelled", expected=" ".join(known))

    def number(self, name: str) -> int:
        """A number that must follow ``name``."""
        word = self.take()
        try:
            return int(word, 0)
        except ValueError:
            self.process.refuse(word, f"{self.what}: {name} needs a number", expected="a number")

    def switch(self, name: str, *, listed: bool = False, status: int = 1) -> bool:
        """``on`` or ``off``; commands differ in how they refuse anything else."""
        word = self.take()
        if word not in ("on", "off"):
            choices = 'one of "off", "on"' if listed else '"on" or "off"'
            raise Failed(f'Error: argument of "{name}" must be {choices}, not "{word}"', status)
        return word == "on"

    def quantity(self, name: str, complaint_text: str) -> int:
        """A number that must follow ``name``. Raises Failed with iproute2's words for anything else."""
        word = self.take()
        try:
            return int(word, 0)
        except ValueError:
            raise Failed(f'Error: argument "{word}" is wrong: {complaint_text}', 255) from None

    def mac(self, bad: Failed | None = None, length: Failed | None = None) -> str:
        """A link-layer address; ``bad`` is how this command says that it is none, ``length`` that it has not 6 bytes."""
        word = self.take()
        pieces = word.split(":")
        bytewise = all(re.fullmatch(r"[0-9a-fA-F]{1,2}", p) for p in pieces)
        if bytewise and len(pieces) != 6 and length is not None:
            raise length
        if not bytewise or len(pieces) != 6:
            raise bad or Failed(f'"{word}" is invalid lladdr.', 1)
        return ":".join(f"{int(p, 16):02x}" for p in pieces)


def read_prefix(text: str) -> tuple[int, int] | None:
    """An address with a prefix length: ``10.0.0.1/8``, ``10.0.0.1``, ``default``, ``10/8``; None for anything else.

    >>> read_prefix("default"), read_prefix("10.0.0.0/8")
    ((0, 0), (167772160, 8))
    """
    if text in ("default", "any", "all"):
        return 0, 0
    address, slash, length = text.partition("/")
    number = read_octets(address)
    if number is None or not slash:
        return None if number is None else (number, 32)
    if "." in length:
        mask = read_octets(length)
        prefix = mask.bit_count() if mask is not None else 0
        return (number, prefix) if mask_of(prefix) == mask else None
    try:
        prefix = c_number(length)
    except ValueError:
        return None
    return (number, prefix) if 0 <= prefix <= 32 else None


def need_prefix(text: str) -> tuple[int, int]:
    """A prefix as :func:`read_prefix` reads it. Raises Failed with iproute2's words."""
    found = read_prefix(text)
    if found is None:
        raise Failed(f'Error: any valid prefix is expected rather than "{text}".', 1)
    return found


def need_address(text: str) -> int:
    """An address without a prefix length. Raises Failed with iproute2's words."""
    found = read_prefix(text)
    if found is None or "/" in text:
        raise Failed(f'Error: inet address is expected rather than "{text}".', 1)
    return found[0]


def need_device(ns: Netns, name: str, *, status: int = 1) -> Device:
    """A device by name. Raises Failed with iproute2's words."""
    device = ns.devices.get(name)
    if device is None:
        raise Failed(f'Cannot find device "{name}"', status)
    return device


def scope_text(scope: int) -> str:
    """A scope's name as iproute2 prints it."""
    return {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}.get(scope, str(scope))

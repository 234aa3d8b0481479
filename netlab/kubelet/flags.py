"""Kubelet command lines: out of ``ps``, ``/proc/PID/cmdline``, ``systemctl status``, or typed; to flags.

Flags follow pflag: ``--name=value`` or ``--name value``, and ``_`` is read as ``-`` in names. A bare word
after an unknown flag is taken as its value, because the kubelet accepts no other words.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.settings import NAMES, Item

FIELDS: Final = {flag: field or flag for flag, field in NAMES if flag is not None}
_EVICTION_FLAGS: Final = tuple(flag for flag in FIELDS if flag.startswith("eviction-"))
_BOOLEANS: Final = {"experimental-allocatable-ignore-eviction"}

_PS_EF: Final = re.compile(r"\S+\s+\d+\s+\d+\s+\d+\s+\S+\s+\S+\s+[\d:.-]+\s+(?=\S)")
_PS_AUX: Final = re.compile(
    r"\S+\s+\d+\s+[\d.]+\s+[\d.]+\s+\d+\s+\d+\s+\S+\s+[A-Za-z]\S*\s+\S+\s+[\d:.-]+\s+(?=\S)"
)
_TREE: Final = re.compile(r"[\s│├└─|`\\_-]*\d+\s+(?=\S)")
_CUT: Final = re.compile(r"(…|\.\.\.|\s--|\s-)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a word was written."""

    source: str
    line: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """One kubelet's words and where they came from; ``cut`` says that the line is not whole.

    ``origins`` has a place for every word where they differ (a unit file's variables), else it is empty.
    """

    argv: tuple[str, ...]
    source: str
    line: int | None = None
    text: str = ""
    cut: bool = False
    origins: tuple[Origin, ...] = ()

    def origin(self, index: int) -> Origin:
        """The place of one word."""
        if self.origins:
            return self.origins[index]
        return Origin(source=self.source, line=self.line, text=self.text)


def find_command_lines(text: str, *, source: str = "<flags>") -> list[CommandLine]:
    """Every kubelet command line in pasted text; the ``grep kubelet`` beside it is not one.

    >>> line = "root  13640  1  4 10:25 ?  00:17:25 /usr/bin/kubelet --eviction-hard=nodefs.available<5%"
    >>> find_command_lines(line)[0].argv[1:]
    ('--eviction-hard=nodefs.available<5%',)
    """
    if "\0" in text or "^@" in text:
        words = tuple(w for w in re.split(r"\0|\^@", text.strip("\0\n")) if w)
        return [CommandLine(argv=_after_kubelet(words), source=source, line=1, text=text)]
    lines = text.splitlines()
    if _one_word_a_line(lines):
        words = tuple(line.strip() for line in lines if line.strip())
        return [CommandLine(argv=_after_kubelet(words), source=source, line=1, text=lines[0])]
    found = []
    for number, line in _joined(lines):
        words, raw = _command_words(line, source, number)
        if not _is_kubelet(words):
            continue
        cut = bool(_CUT.search(line)) if raw else line.rstrip().endswith(("…", "..."))
        if cut and words and words[-1] in ("--", "-", "...", "…"):
            words = words[:-1]
        argv = _after_kubelet(words)
        found.append(CommandLine(argv=argv, source=source, line=number, text=line, cut=cut))
    return found


def _one_word_a_line(lines: Sequence[str]) -> bool:
    """``tr '\\0' '\\n' < /proc/PID/cmdline``: the program, then a flag a line."""
    words = [line.strip() for line in lines if line.strip()]
    return len(words) > 1 and _base(words[0]) == "kubelet" and all(" " not in w for w in words)


def _joined(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Lines, with those that end in a backslash joined to the next, each with its first number."""
    result: list[tuple[int, str]] = []
    open_line = False
    for number, line in enumerate(lines, 1):
        body = line[:-1] + " " if line.endswith("\\") else line
        if open_line:
            first, before = result.pop()
            result.append((first, before + body.lstrip()))
        else:
            result.append((number, body))
        open_line = line.endswith("\\")
    return result


def _command_words(line: str, source: str, number: int) -> tuple[tuple[str, ...], bool]:
    """The words of the command in one line, and whether it is a process listing (no shell quotes there)."""
    for shape in (_PS_AUX, _PS_EF, _TREE):
        match = shape.match(line)
        if match:
            return tuple(line[match.end() :].split()), True
    line = re.sub(r"^\S*[#$] ", "", line.strip())
    try:
        return tuple(shlex.split(line)), False
    except ValueError as error:
        raise InputError(
            f"the command line does not end its quotes ({error})",
            source=source,
            line=number,
            text=line,
            column=max(line.rfind('"'), line.rfind("'")),
            expected="a closing quote",
        ) from None


def _base(word: str) -> str:
    return word.rpartition("/")[2]


def _is_kubelet(words: Sequence[str]) -> bool:
    if not words:
        return False
    if words[0].startswith("-"):
        return True
    return _base(words[0]) == "kubelet" or (_base(words[0]) == "hyperkube" and words[1:2] == ("kubelet",))


def _after_kubelet(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words from the kubelet's name on; flags alone get one."""
    if words and words[0].startswith("-"):
        return ("kubelet", *words)
    return words[1:] if _base(words[0]) == "hyperkube" else words


def parse_flags(command: CommandLine) -> tuple[list[Item], list[str]]:
    """The settings among a command line's flags, in order, and notes on what cannot be known.

    Flags of other parts of the kubelet are passed over; one that looks like an eviction flag misspelled stops
    the kubelet, and is an error here. Raises InputError for that, for a flag without its value and for a word
    that is not a flag.
    """
    items: list[Item] = []
    notes: list[str] = []
    words = command.argv
    at = 1
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            break
        origin = command.origin(at - 1)
        if not word.startswith("-") or word == "-":
            raise _bad(origin, word, f"unknown command {word}", "flags only; quote a value that has spaces")
        if not word.startswith("--"):  # shorthand: -v4, -v=4, -v 4
            if meant := _meant(word[1:].partition("=")[0]):
                raise _bad(origin, word, f"unknown shorthand flag: {word[1]!r} in {word}", f"--{meant}=VALUE")
            if len(word) == 2 and at < len(words) and not words[at].startswith("-"):
                at += 1
            continue
        name, equals, value = word[2:].partition("=")
        name = name.replace("_", "-")
        known = name in FIELDS
        if not known and (meant := _meant(name)):
            raise _bad(origin, word, f"unknown flag: --{name}", f"--{meant}=VALUE")
        if not equals and name in _BOOLEANS:
            value = "true"
        elif not equals and known and at >= len(words):
            if command.cut:
                notes.append(f"the line is cut at --{name}: its value is unknown")
                break
            raise _bad(origin, word, f"flag needs an argument: --{name}", f"--{name}=VALUE")
        elif not equals and at < len(words) and (known or not words[at].startswith("-")):
            value = words[at]
            at += 1
        if known:
            items.append(
                Item(
                    name=FIELDS[name],
                    value=value,
                    via="flag",
                    source=origin.source,
                    line=origin.line,
                    text=origin.text,
                )
            )
    if command.cut:
        notes.append(f"{command.source}:{command.line}: the command line is cut off; later flags are unknown")
    return items, notes


def _meant(name: str) -> str | None:
    """The eviction flag that a name is, or is a misspelling of; the kubelet has no others of that beginning."""
    name = name.replace("_", "-")
    likeness = 0.0 if name.startswith("eviction-") else 0.85
    return next(iter(difflib.get_close_matches(name, _EVICTION_FLAGS, 1, likeness)), None)


def _bad(origin: Origin, word: str, message: str, expected: str) -> InputError:
    return InputError(
        message,
        source=origin.source,
        line=origin.line,
        text=origin.text,
        column=max(origin.text.find(word), 0),
        width=len(word),
        expected=expected,
    )

"""Expansion of words: parameters, command substitution, arithmetic, splitting into fields, patterns."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Generator
from typing import TYPE_CHECKING

from netlab.lab.arithmetic import BadArithmetic, evaluate
from netlab.lab.context import Arg, Process
from netlab.lab.files import match_paths
from netlab.lab.process import Wait
from netlab.lab.shell_tree import Arithmetic, Literal, Parameter, Part, Substitution, Word

if TYPE_CHECKING:
    from netlab.lab.interpreter import Shell

_GLOB = frozenset("*?[")


class ExpansionError(Exception):
    """An expansion that the shell refuses; it then ends the script with status 2."""


class _Field:
    """A field under construction: its text, and the same as a pattern in which quoted characters are literal."""

    __slots__ = ("active", "pattern", "text")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.pattern: list[str] = []
        self.active = False

    def add(self, text: str, quoted: bool) -> None:
        self.text.append(text)
        if quoted:
            self.pattern.append(_literal_pattern(text))
        else:
            self.pattern.append(text)
            self.active = self.active or not _GLOB.isdisjoint(text)


def _literal_pattern(text: str) -> str:
    return text if _GLOB.isdisjoint(text) else re.sub(r"([*?[])", r"[\1]", text)


def expand_words(shell: Shell, process: Process, words: tuple[Word, ...]) -> Generator[Wait, None, list[Arg]]:
    """The fields that the words of a command become."""
    fields: list[Arg] = []
    for word in words:
        parts = word.parts
        if len(parts) == 1 and isinstance(parts[0], Literal):
            text = parts[0].text
            if parts[0].quoted or (_GLOB.isdisjoint(text) and text[:1] != "~"):
                fields.append(Arg(text, word.place))
                continue
        fields.extend((yield from _fields(shell, process, word)))
    return fields


def _fields(shell: Shell, process: Process, word: Word) -> Generator[Wait, None, list[Arg]]:
    first = word.parts[0]
    if isinstance(first, Literal) and not first.quoted and first.text.startswith("~"):
        raise word.place.refuse("~ (a home directory) is not modelled", expected="a path that starts with /")
    done: list[_Field] = []
    current: _Field | None = None
    for part in word.parts:
        if isinstance(part, Literal):
            current = current or _Field()
            current.add(part.text, part.quoted)
        elif isinstance(part, Parameter) and part.name == "@" and part.quoted and not part.op:
            for number, text in enumerate(shell.positional):
                if number:
                    assert current is not None
                    done.append(current)
                    current = None
                current = current or _Field()
                current.add(text, True)
        else:
            text = yield from _value(shell, process, part)
            if part.quoted:
                current = current or _Field()
                current.add(text, True)
                continue
            pieces, starts_apart, ends_apart = split_fields(text, shell.variables.get("IFS", " \t\n"))
            if starts_apart and current is not None:
                done.append(current)
                current = None
            for number, piece in enumerate(pieces):
                if number:
                    assert current is not None
                    done.append(current)
                    current = None
                current = current or _Field()
                current.add(piece, False)
            if ends_apart and current is not None:
                done.append(current)
                current = None
    if current is not None:
        done.append(current)
    out: list[Arg] = []
    for field in done:
        text = "".join(field.text)
        found = shell.host.match(process, "".join(field.pattern)) if field.active else []
        out.extend(Arg(path, word.place) for path in found or [text])
    return out


def split_fields(text: str, ifs: str) -> tuple[list[str], bool, bool]:
    """Split an unquoted expansion; also whether it starts and ends with a separator.

    >>> split_fields(" a b ", " ")
    (['a', 'b'], True, True)
    >>> split_fields("a::b", ":")
    (['a', '', 'b'], False, False)
    """
    if not text:
        return [], False, False
    if not ifs:
        return [text], False, False
    blanks = "".join(c for c in ifs if c in " \t\n")
    others = "".join(c for c in ifs if c not in " \t\n")
    stripped = text.strip(blanks) if blanks else text
    if not stripped:
        return [], True, True
    blank = f"[{re.escape(blanks)}]" if blanks else "(?!)"
    other = f"[{re.escape(others)}]" if others else "(?!)"
    pieces = re.split(f"{blank}*{other}{blank}*|{blank}+", stripped)
    ends_apart = text[-1] in ifs
    if pieces and pieces[-1] == "":
        pieces.pop()
    starts_apart = text[0] in blanks
    return pieces, starts_apart, ends_apart


def expand_text(shell: Shell, process: Process, word: Word) -> Generator[Wait, None, str]:
    """A word as one string, without splitting or file names: assignments, here-documents, redirections."""
    literal = word.literal
    if literal is not None:
        return literal
    out = []
    for part in word.parts:
        if isinstance(part, Literal):
            out.append(part.text)
        else:
            out.append((yield from _value(shell, process, part)))
    return "".join(out)


def expand_pattern(shell: Shell, process: Process, word: Word) -> Generator[Wait, None, str]:
    """A word as a pattern for ``case`` and ``${x#pattern}``: quoted characters match themselves."""
    out = []
    for part in word.parts:
        if isinstance(part, Literal):
            text = part.text
        else:
            text = yield from _value(shell, process, part)
        out.append(_literal_pattern(text) if part.quoted else text)
    return "".join(out)


def _value(shell: Shell, process: Process, part: Part) -> Generator[Wait, None, str]:
    if isinstance(part, Substitution):
        return (yield from shell.substitute(part.body, process))
    if isinstance(part, Arithmetic):
        text = yield from expand_text(shell, process, part.expression)
        try:
            return str(evaluate(text, shell.variables))
        except BadArithmetic as error:
            raise ExpansionError(str(error)) from None
    assert isinstance(part, Parameter)
    return (yield from _parameter(shell, process, part))


def _parameter(shell: Shell, process: Process, part: Parameter) -> Generator[Wait, None, str]:
    value = shell.parameter(part.name)
    op = part.op
    if not op:
        if value is None:
            if shell.options["u"] and part.name not in "@*":
                raise ExpansionError(f"{part.name}: parameter not set")
            return ""
        return value
    if op == "len":
        return str(len(value or ""))
    assert part.word is not None
    unset = value is None or (op.startswith(":") and not value)
    kind = op[-1]
    if kind == "-":
        return (yield from expand_text(shell, process, part.word)) if unset else value or ""
    if kind == "+":
        return "" if unset else (yield from expand_text(shell, process, part.word))
    if kind == "=":
        if unset:
            value = yield from expand_text(shell, process, part.word)
            shell.variables[part.name] = value
        return value or ""
    if kind == "?":
        if unset:
            message = yield from expand_text(shell, process, part.word)
            raise ExpansionError(f"{part.name}: {message or 'parameter not set'}")
        return value or ""
    pattern = yield from expand_pattern(shell, process, part.word)
    return _trim(value or "", pattern, op)


def _trim(value: str, pattern: str, op: str) -> str:
    matcher = re.compile(fnmatch.translate(pattern))
    cuts = range(len(value) + 1)
    if op in ("#", "##"):
        for cut in cuts if op == "#" else reversed(cuts):
            if matcher.match(value[:cut]):
                return value[cut:]
    else:
        for cut in reversed(cuts) if op == "%" else cuts:
            if matcher.match(value[cut:]):
                return value[:cut]
    return value


def matching_paths(process: Process, pattern: str) -> list[str]:
    """The names that a pattern stands for, in the lab's files and the kernel's; [] if there are none."""
    host = process.host
    absolute = pattern if pattern.startswith("/") else process.cwd.rstrip("/") + "/" + pattern
    paths = [*host.files.texts, *(folder for folder in host.files.folders if folder != "/")]
    if absolute.startswith(("/proc", "/sys", "/[", "/*", "/?")):
        paths.extend(host.kernel_files(process.netns).paths())
    found = match_paths(absolute, paths)
    if pattern.startswith("/"):
        return found
    return [path[len(process.cwd.rstrip("/")) + 1 :] for path in found]

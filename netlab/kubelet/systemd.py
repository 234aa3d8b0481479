"""systemd units of a kubelet: drop-ins, resets, variables, to the command line that systemd would run.

Facts from systemd.service(5), systemd.exec(5), systemd.syntax(7) and systemd's ``src/core/load-fragment.c``
and ``src/basic/env-util.c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netlab.errors import InputError, NotModelledError
from netlab.kubelet.flags import CommandLine, Origin

_CAT: Final = re.compile(r"# (/\S+\.(?:service|conf))\s*")
_SECTION: Final = re.compile(r"\[(?P<name>[^\]]+)\]\s*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED: Final = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|\$\$")
_SPECIFIER: Final = re.compile(r"%(.)")
_SPECIFIERS: Final = "aAbBCdDEfgGhHiIjJlLmMnNopPqsSTtuUvVwWyY"
_ESCAPES: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " ",
    "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip
_SHELLS: Final = ("sh", "bash", "dash", "ash")
_PRIORITY: Final = ("/etc/", "/run/", "/usr/local/lib/", "/usr/lib/", "/lib/")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One ``Key=value`` of a unit, continuation lines joined."""

    section: str
    key: str
    value: str
    origin: Origin


@dataclass(slots=True)
class _Service:
    commands: list[Assignment] = field(default_factory=list)
    environment: dict[str, tuple[str, Origin]] = field(default_factory=dict)
    from_files: dict[str, tuple[str, Origin]] = field(default_factory=dict)
    missing: list[Assignment] = field(default_factory=list)
    oneshot: bool = False


def read_units(
    units: Sequence[tuple[str, str]], *, files: Mapping[str, str] | None = None
) -> tuple[CommandLine, list[str]]:
    """The kubelet's command line out of a unit and its drop-ins, as (name, text), and notes on unknowns.

    The output of ``systemctl cat`` is taken apart. Drop-ins (``.conf``) come after the unit, sorted by name;
    of two with one name the one under /etc wins. ``files`` holds the text of environment files by path or name.

    >>> unit = "[Service]\\nExecStart=/usr/bin/kubelet\\n"
    >>> drop = ('[Service]\\nEnvironment="A=--eviction-hard=nodefs.available<5%"\\n'
    ...         'ExecStart=\\nExecStart=/usr/bin/kubelet $A $KUBELET_EXTRA_ARGS\\n')
    >>> read_units([("kubelet.service", unit), ("10-kubeadm.conf", drop)])[0].argv
    ('/usr/bin/kubelet', '--eviction-hard=nodefs.available<5%')

    Raises InputError where systemd would refuse the unit.
    """
    notes: list[str] = []
    service = _Service()
    for name, text in _in_order(_taken_apart(units)):
        for assignment in parse_unit(text, source=name):
            if assignment.section == "Service":
                _apply(service, assignment, files or {})
    for missing in service.missing:
        where = f"{missing.origin.source}:{missing.origin.line}"
        notes.append(f"{where}: EnvironmentFile={missing.value} is not at hand, what it sets is unknown")
    if not service.commands:
        source = units[0][0] if units else "<unit>"
        raise InputError(
            "the unit has no ExecStart=", source=source, expected="ExecStart=/usr/bin/kubelet ..."
        )
    if len(service.commands) > 1 and not service.oneshot:
        second = service.commands[1]
        raise _error(
            second,
            "Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services",
            "an empty ExecStart= before it, which clears the one of the unit",
        )
    return _command(service, notes), notes


def _taken_apart(units: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each file of ``systemctl cat`` output on its own; line numbers then count from its own first line."""
    for name, text in units:
        part, lines = name, list[str]()
        for line in text.splitlines():
            match = _CAT.fullmatch(line)
            if match:
                if any(kept.strip() for kept in lines):
                    yield part, "\n".join(lines)
                part, lines = match[1], []
            else:
                lines.append(line)
        yield part, "\n".join(lines)


def _in_order(units: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    mains: list[tuple[str, str]] = []
    drops: dict[str, tuple[str, str]] = {}
    for name, text in units:
        base = name.rpartition("/")[2]
        if not base.endswith(".conf"):
            mains.append((name, text))
        elif base not in drops or _rank(name) <= _rank(drops[base][0]):
            drops[base] = (name, text)
    return mains + [drops[base] for base in sorted(drops)]


def _rank(path: str) -> int:
    return next((i for i, prefix in enumerate(_PRIORITY) if path.startswith(prefix)), len(_PRIORITY))


def parse_unit(text: str, *, source: str = "<unit>") -> Iterator[Assignment]:
    """The assignments of one unit file: comments dropped, lines that end in a backslash joined."""
    section = ""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        logical = line
        while logical.endswith("\\"):
            following = next((entry[1] for entry in lines if entry[1].lstrip()[:1] not in ("#", ";")), None)
            logical = logical[:-1] + " " + (following if following is not None else "")
            if following is None:
                break
        origin = Origin(source=source, line=number, text=logical)
        match = _SECTION.fullmatch(stripped)
        if match:
            section = match["name"]
            continue
        key, equals, value = logical.partition("=")
        if not equals:
            raise InputError(
                f"Missing '=', not a setting: {stripped}",
                source=source, line=number, text=line, column=len(line) - len(line.lstrip()),
                width=len(stripped), expected="Key=value, [Section], or a comment",
            )  # fmt: skip
        yield Assignment(section, key.strip(), value.strip(), origin)


def _apply(service: _Service, assignment: Assignment, files: Mapping[str, str]) -> None:
    key, value, origin = assignment.key, assignment.value, assignment.origin
    if key == "ExecStart":
        if value:
            service.commands.append(assignment)
        else:
            service.commands.clear()
    elif key == "Type":
        service.oneshot = value == "oneshot"
    elif key == "Environment":
        if not value:
            service.environment.clear()
        for word, _quoted in _words(assignment):
            name, equals, content = _specifiers(word, assignment).partition("=")
            if equals and _NAME.fullmatch(name):  # systemd logs and skips what is no assignment
                service.environment[name] = (content, origin)
    elif key == "EnvironmentFile":
        if not value:
            service.missing.clear()
            service.from_files.clear()
        elif (path := _at_hand(value.lstrip("-"), files)) is not None:
            service.from_files.update(environment_file(files[path], path))
        else:
            service.missing.append(assignment)


def _at_hand(path: str, files: Mapping[str, str]) -> str | None:
    """The name under which a file was given: its path, else one with the same last part."""
    if path in files:
        return path
    base = path.rpartition("/")[2]
    return next((name for name in files if name.rpartition("/")[2] == base), None)


def environment_file(text: str, path: str) -> Iterator[tuple[str, tuple[str, Origin]]]:
    """Names with value and place: ``NAME=value`` a line, quotes around a value off, backslashes join lines."""
    for assignment in parse_unit(text, source=path):
        value = assignment.value
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        yield assignment.key, (value, assignment.origin)


def _command(service: _Service, notes: list[str]) -> CommandLine:
    """The words of ExecStart= with variables put in. Environment files win over Environment=."""
    assignment = service.commands[0]
    variables = service.environment | service.from_files
    argv: list[str] = []
    origins: list[Origin] = []
    for index, (raw, quoted) in enumerate(_words(assignment)):
        if index == 0:
            raw = raw.lstrip("@-:+!|")
        elif raw == ";" and not quoted:
            raise NotModelledError(
                "several commands in one ExecStart=",
                source=assignment.origin.source,
                line=assignment.origin.line,
                text=assignment.origin.text,
                column=assignment.origin.text.find(" ;") + 1,
                expected="one command",
            )
        word = _specifiers(raw, assignment)
        if word.startswith("$") and _NAME.fullmatch(word[1:]):
            value, origin = variables.get(word[1:], ("", assignment.origin))
            if word[1:] not in variables:
                notes.append(_unset(word[1:], assignment, bool(service.missing)))
            for part in split_words(value):
                argv.append(part)
                origins.append(origin)
            continue
        origin = assignment.origin
        for match in _BRACED.finditer(word):
            name = match["name"]
            if name in variables:
                origin = variables[name][1]
            elif name:
                notes.append(_unset(name, assignment, bool(service.missing)))
        argv.append(_BRACED.sub(lambda m: variables.get(m["name"], ("",))[0] if m["name"] else "$", word))
        origins.append(origin)
    start = _kubelet_among(argv, assignment)
    return CommandLine(
        argv=tuple(argv[start:]),
        source=assignment.origin.source,
        line=assignment.origin.line,
        text=assignment.origin.text,
        origins=tuple(origins[start:]),
    )


def _kubelet_among(argv: Sequence[str], assignment: Assignment) -> int:
    """The place of the kubelet in a command: first, or after a wrapper such as hyperkube, nice or docker run."""
    names = [word.rpartition("/")[2] for word in argv]
    if names and names[0] in _SHELLS and "-c" in argv:
        shell = _error(assignment, f"the script of {argv[0]} -c", "the kubelet itself in ExecStart=")
        raise NotModelledError(
            shell.message, source=shell.source, line=shell.line, text=shell.text, column=0,
            width=shell.width, expected=shell.expected,
        )  # fmt: skip
    if "kubelet" not in names:
        raise _error(assignment, "ExecStart= runs no kubelet", "ExecStart=/usr/bin/kubelet ...")
    return names.index("kubelet")


def _unset(name: str, assignment: Assignment, maybe_in_file: bool) -> str:
    where = f"{assignment.origin.source}:{assignment.origin.line}"
    tail = "; an environment file may set it" if maybe_in_file else ", so it adds nothing"
    return f"{where}: ${name} is not set here{tail}"


def _words(assignment: Assignment) -> list[tuple[str, bool]]:
    """The words of a value, quotes and C escapes resolved; whether each began with a quote."""
    text, result = assignment.value, list[tuple[str, bool]]()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word, end = _word(text, at, assignment)
        result.append((word, text[at] in "\"'"))
        at = end
    return result


def _word(text: str, at: int, assignment: Assignment) -> tuple[str, int]:
    out: list[str] = []
    quote, opened = "", at
    while at < len(text):
        c = text[at]
        if c == "\\" and at + 1 < len(text):
            piece, at = _escape(text, at + 1)
            out.append(piece)
            continue
        if quote:
            if c == quote:
                quote = ""
            else:
                out.append(c)
        elif c in "\"'":
            quote, opened = c, at
        elif c.isspace():
            break
        else:
            out.append(c)
        at += 1
    if quote:
        error = _error(assignment, "Invalid syntax: unbalanced quotes", f"a closing {quote}")
        error.column = max(assignment.origin.text.find(text) + opened, 0)
        raise error
    return "".join(out), at


def _escape(text: str, at: int) -> tuple[str, int]:
    """One C escape after its backslash; an unknown one keeps the backslash."""
    c = text[at]
    if c in _ESCAPES:
        return _ESCAPES[c], at + 1
    match = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-3][0-7]{2})").match(text, at)
    if match:
        digits = match[1] or match[2]
        return chr(int(digits, 16) if digits else int(match[3], 8)), match.end()
    return "\\" + c, at + 1


def split_words(value: str) -> list[str]:
    """A variable's value as ``$NAME`` splits it: at white space, with quotes respected and removed."""
    origin = Origin(source="<variable>", text=value)
    try:
        return [word for word, _ in _words(Assignment("", "", value, origin))]
    except InputError:
        return value.split()


def _specifiers(word: str, assignment: Assignment) -> str:
    """``%%`` is a percent sign; a percent before anything that is no specifier, or last, stays."""

    def expand(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%"
        if match[1] in _SPECIFIERS:
            raise NotModelledError(
                f"the specifier %{match[1]} (write %% for a percent sign)",
                source=assignment.origin.source,
                line=assignment.origin.line,
                text=assignment.origin.text,
                column=max(assignment.origin.text.find(match[0]), 0),
                width=2,
                expected="a value without specifiers",
            )
        return match[0]

    return _SPECIFIER.sub(expand, word)


def _error(assignment: Assignment, message: str, expected: str) -> InputError:
    return InputError(
        message,
        source=assignment.origin.source,
        line=assignment.origin.line,
        text=assignment.origin.text,
        column=0,
        width=len(assignment.key),
        expected=expected,
    )

"""``sed`` and ``awk``, in the few forms that lab scripts use; the rest is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.commands.text import input_texts
from netlab.lab.context import Arg, Command, Process
from netlab.lab.posix_regex import BadPattern, compile_posix
from netlab.lab.process import Running

_SED_KNOWN = "s/RE/TEXT/[g][p][i], p, d, q, = with N, N,M, $, /RE/ or /RE/,/RE/ before it"


@dataclass(slots=True)
class _Edit:
    """One sed command with its addresses."""

    start: str | int | re.Pattern[str] | None
    end: str | int | re.Pattern[str] | None
    inverted: bool
    name: str
    pattern: re.Pattern[str] | None = None
    replacement: str = ""
    every: bool = False
    nth: int = 1
    show: bool = False
    inside: bool = False

    def applies(self, number: int, text: str, last: bool) -> bool:
        if self.start is None:
            return not self.inverted
        if self.end is None:
            hit = _addressed(self.start, number, text, last)
        elif self.inside:
            hit = True
            if isinstance(self.end, int) and number >= self.end:
                self.inside = False
                hit = number <= self.end
            elif not isinstance(self.end, int) and _addressed(self.end, number, text, last):
                self.inside = False
        else:
            hit = _addressed(self.start, number, text, last)
            self.inside = hit and not (isinstance(self.end, int) and number >= self.end)
        return hit != self.inverted


def _addressed(address: str | int | re.Pattern[str], number: int, text: str, last: bool) -> bool:
    if isinstance(address, int):
        return number == address
    if isinstance(address, str):
        return last
    return address.search(text) is not None


def _parse_sed(process: Process, word: Arg, extended: bool) -> list[_Edit]:
    script = str(word)
    at = 0
    edits: list[_Edit] = []

    def refuse(what: str) -> BaseException:
        return process.refusal(word, f"sed: {what} is not modelled", expected=_SED_KNOWN)

    def until(delimiter: str) -> str:
        nonlocal at
        start = at
        while at < len(script) and script[at] != delimiter:
            at += 2 if script[at] == "\\" else 1
        if at >= len(script):
            raise refuse(f"{script!r} (not closed)")
        text = script[start:at]
        at += 1
        return text.replace("\\" + delimiter, delimiter)

    def address() -> str | int | re.Pattern[str] | None:
        nonlocal at
        match = re.compile(r"\d+").match(script, at)
        if match:
            at = match.end()
            return int(match.group())
        if script[at : at + 1] == "$":
            at += 1
            return "$"
        if script[at : at + 1] == "/":
            at += 1
            return compile_posix(until("/"), extended=extended)
        return None

    while True:
        while at < len(script) and script[at] in " \t\n;":
            at += 1
        if at >= len(script):
            return edits
        try:
            start = address()
            end = None
            if start is not None and script[at : at + 1] == ",":
                at += 1
                end = address()
            while script[at : at + 1] == " ":
                at += 1
            inverted = script[at : at + 1] == "!"
            at += inverted
            name = script[at : at + 1]
            at += 1
            edit = _Edit(start, end, inverted, name)
            if name == "s":
                delimiter = script[at : at + 1]
                at += 1
                pattern, edit.replacement = until(delimiter), until(delimiter)
                flags = re.compile(r"[gpiI\d]*").match(script, at)
                assert flags is not None
                at = flags.end()
                edit.pattern = compile_posix(
                    pattern, extended=extended, ignore_case="i" in flags.group().lower()
                )
                edit.every = "g" in flags.group()
                edit.show = "p" in flags.group()
                digits = re.sub(r"\D", "", flags.group())
                edit.nth = int(digits) if digits else 1
            elif name not in ("p", "d", "q", "="):
                raise refuse(f"the command {name!r}")
        except BadPattern as error:
            raise refuse(f"the pattern ({error})") from None
        edits.append(edit)


def _replacer(edit: _Edit) -> Callable[[re.Match[str]], str]:
    seen = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        if seen < edit.nth or (seen > edit.nth and not edit.every):
            return match.group()
        out = []
        at = 0
        text = edit.replacement
        while at < len(text):
            if text[at] == "\\" and at + 1 < len(text):
                following = text[at + 1]
                at += 2
                if following.isdigit():
                    out.append(match.group(int(following)) or "")
                else:
                    out.append({"n": "\n", "t": "\t"}.get(following, following))
            else:
                out.append(match.group() if text[at] == "&" else text[at])
                at += 1
        return "".join(out)

    return replace


def _sed(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "nErue:i")
    words = list(options.words)
    scripts = [value for name, value in options.order if name == "e"]
    if not scripts:
        if not words:
            process.refuse(argv[0], "sed needs a script", expected=_SED_KNOWN)
        scripts = [words.pop(0)]
    extended = "E" in options or "r" in options

    def edited(text: str) -> str:
        edits = [edit for script in scripts for edit in _parse_sed(process, script, extended)]
        return _edited(edits, text.splitlines(), "n" in options)

    edited("")
    if "i" in options and not words:
        process.refuse(argv[0], "sed -i needs a file", expected="sed -i SCRIPT FILE...")
    texts, status = yield from input_texts(process, "sed", words)
    if "i" in options:
        # Every file is edited for itself: its lines have their own numbers.
        for path, text in texts:
            process.host.files.write(process.host.files.absolute(path, process.cwd), edited(text))
    else:
        process.out(
            edited("".join(text if text.endswith("\n") or not text else text + "\n" for _, text in texts))
        )
    return status


def _edited(edits: list[_Edit], lines: list[str], quiet: bool) -> str:
    """What the script makes of the lines."""
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line
        deleted = stop = False
        for edit in edits:
            if not edit.applies(number, text, number == len(lines)):
                continue
            if edit.name == "s":
                assert edit.pattern is not None
                changed = edit.pattern.sub(_replacer(edit), text)
                if edit.show and edit.pattern.search(text):
                    out.append(changed + "\n")
                text = changed
            elif edit.name == "p":
                out.append(text + "\n")
            elif edit.name == "=":
                out.append(f"{number}\n")
            elif edit.name == "d":
                deleted = True
                break
            else:
                stop = True
                break
        if not deleted and not quiet:
            out.append(text + "\n")
        if stop:
            break
    return "".join(out)


_AWK = re.compile(
    r"\s*(?:(?P<regex>/(?:[^/\\]|\\.)*/)|NR\s*(?P<op>==|>=|<=|!=|>|<)\s*(?P<nr>\d+)"
    r"|\$(?P<field>\d+|NF)\s*(?P<fop>==|!=|~)\s*(?P<value>\"[^\"]*\"|/[^/]*/|\d+))?\s*"
    r"(?:\{\s*print\s*(?P<what>[^{}]*?)\s*;?\s*\})?\s*"
)
_AWK_ITEM = re.compile(r'\s*(?:\$(\d+|NF)|(NR|NF)|"((?:[^"\\]|\\.)*)"|(,))')
_AWK_KNOWN = 'awk [-F X] \'[/RE/ | NR==N | $N=="x"] {print $N, "text"}\''


def _awk(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "F:", permute=False)
    if not options.words:
        process.refuse(argv[0], "awk needs a program", expected=_AWK_KNOWN)
    program = options.words[0]
    match = _AWK.fullmatch(program)
    if not match or not program.strip():
        process.refuse(program, "this awk program is not modelled", expected=_AWK_KNOWN)
    items = _awk_items(process, program, match["what"] or "")
    separator = options.get("F")
    texts, status = yield from input_texts(process, "awk", options.words[1:])
    number = 0
    for _, text in texts:
        for line in text.splitlines():
            number += 1
            fields = re.split(separator, line) if separator and separator != " " else line.split()
            if not _awk_chosen(process, program, match, line, fields, number):
                continue
            if not items:
                process.out(line + "\n")
                continue
            process.out("".join(_awk_item(kind, value, line, fields, number) for kind, value in items) + "\n")
    return status


def _awk_items(process: Process, program: Arg, what: str) -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = []
    at = 0
    while at < len(what):
        match = _AWK_ITEM.match(what, at)
        if not match:
            process.refuse(program, f"awk: print {what[at:]} is not modelled", expected=_AWK_KNOWN)
        field, variable, text, comma = match.groups()
        if field:
            items.append(("field", field))
        elif variable:
            items.append(("variable", variable))
        elif comma:
            items.append(("text", " "))
        else:
            items.append(("text", text.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')))
        at = match.end()
    return items


def _awk_field(name: str, line: str, fields: list[str]) -> str:
    number = len(fields) if name == "NF" else int(name)
    if number == 0:
        return line
    return fields[number - 1] if number <= len(fields) else ""


def _awk_item(kind: str, value: str, line: str, fields: list[str], number: int) -> str:
    if kind == "text":
        return value
    if kind == "variable":
        return str(number if value == "NR" else len(fields))
    return _awk_field(value, line, fields)


def _awk_chosen(
    process: Process, program: Arg, match: re.Match[str], line: str, fields: list[str], number: int
) -> bool:
    try:
        if match["regex"]:
            pattern = match["regex"][1:-1].replace("\\/", "/")
            return compile_posix(pattern, extended=True).search(line) is not None
        if match["nr"]:
            other = int(match["nr"])
            return {
                "==": number == other, "!=": number != other, ">": number > other, "<": number < other,
                ">=": number >= other, "<=": number <= other,
            }[match["op"]]  # fmt: skip
        if match["field"]:
            text, value = _awk_field(match["field"], line, fields), match["value"]
            if match["fop"] == "~":
                return compile_posix(value[1:-1], extended=True).search(text) is not None
            return (text == value.strip('"')) == (match["fop"] == "==")
    except BadPattern as error:
        process.refuse(program, f"awk: bad regular expression: {error}")
    return True


COMMANDS: Final[dict[str, Command]] = {"sed": _sed, "awk": _awk}

"""What ``echo`` and ``printf`` print, as dash's builtins do."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:([abfnrtv\\])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(c))")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_DIRECTIVE = re.compile(r"%([-+ 0#]*)(\*|\d*)(?:\.(\*|\d+))?([diouxXcsbeEfgG%])")


class BadFormat(ValueError):
    """A format that printf refuses."""


def unescape(text: str, *, hexadecimal: bool = False) -> tuple[str, bool]:
    """Replace backslash escapes; also whether ``\\c`` cut the text. dash knows no ``\\x41``, busybox does.

    >>> unescape(r"a\\tb\\c!")
    ('a\\tb', True)
    """
    out = []
    at = 0
    for match in _ESCAPE.finditer(text):
        letter, octal, digits, cut = match.groups()
        out.append(text[at : match.start()])
        at = match.end()
        if cut:
            return "".join(out), True
        if letter:
            out.append(_ESCAPES[letter])
        elif octal:
            out.append(chr(int(octal, 8) & 255))
        else:
            out.append(chr(int(digits, 16)) if hexadecimal else match.group())
    out.append(text[at:])
    return "".join(out), False


def echo(words: list[str]) -> str:
    """What dash's echo prints: escapes are read, ``-n`` is the only option.

    >>> echo(["-n", "a\\\\tb"])
    'a\\tb'
    """
    newline = "\n"
    if words[:1] == ["-n"]:
        newline, words = "", words[1:]
    text, cut = unescape(" ".join(words))
    return text if cut else text + newline


def printf(words: list[str]) -> tuple[str, list[str]]:
    """What ``printf FORMAT ARGUMENT...`` prints, and its complaints. Raises BadFormat.

    >>> printf(["%s-%03d\\\\n", "a", "7", "b", "8"])
    ('a-007\\nb-008\\n', [])
    """
    template, *arguments = words
    out: list[str] = []
    problems: list[str] = []
    waiting = list(arguments)
    while True:
        before = len(waiting)
        piece, cut = _once(template, waiting, problems)
        out.append(piece)
        if cut or not waiting or len(waiting) == before:
            break
    return "".join(out), problems


def _once(template: str, waiting: list[str], problems: list[str]) -> tuple[str, bool]:
    out: list[str] = []
    at = 0
    while at < len(template):
        percent = template.find("%", at)
        plain = template[at:] if percent < 0 else template[at:percent]
        text, cut = unescape(plain)
        out.append(text)
        if cut:
            return "".join(out), True
        if percent < 0:
            break
        match = _DIRECTIVE.match(template, percent)
        if not match:
            raise BadFormat(f"{template[percent : percent + 2]}: invalid directive")
        at = match.end()
        text, cut = _convert(match, waiting, problems)
        out.append(text)
        if cut:
            return "".join(out), True
    return "".join(out), False


def _convert(match: re.Match[str], waiting: list[str], problems: list[str]) -> tuple[str, bool]:
    flags, width, precision, kind = match.groups()
    if kind == "%":
        return "%", False

    def take() -> str:
        return waiting.pop(0) if waiting else ""

    if width == "*":
        width = str(_integer(take(), problems))
    if precision == "*":
        precision = str(_integer(take(), problems))
    spec = f"%{flags}{width}" + (f".{precision}" if precision is not None else "")
    if kind == "s":
        return (spec + "s") % take(), False
    if kind == "c":
        return (spec + "s") % take()[:1], False
    if kind == "b":
        text, cut = unescape(take())
        return (spec + "s") % text, cut
    if kind in "eEfgG":
        value = take()
        try:
            number = float(value or "0")
        except ValueError:
            problems.append(f"{value}: expected numeric value")
            number = 0.0
        return (spec + kind) % number, False
    return (spec + ("d" if kind in "iu" else kind)) % _integer(take(), problems), False


def _integer(text: str, problems: list[str]) -> int:
    if text[:1] in ("'", '"'):
        return ord(text[1]) if len(text) > 1 else 0
    match = re.match(r"\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)", text)
    if match and match.end() < len(text):
        problems.append(f"{text}: not completely converted")
    if not match:
        if text:
            problems.append(f"{text}: expected numeric value")
        return 0
    digits = match.group(2)
    base = 16 if digits[:2].lower() == "0x" else 8 if digits.startswith("0") and len(digits) > 1 else 10
    return int(digits, base) * (-1 if match.group(1) == "-" else 1)

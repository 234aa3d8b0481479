"""POSIX regular expressions, basic and extended, as Python patterns."""

from __future__ import annotations

import re
from functools import lru_cache

_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s",
    "blank": r" \t", "xdigit": "0-9A-Fa-f", "punct": r"!-/:-@\[-`{-~", "word": r"\w",
}  # fmt: skip
_GNU = {
    "w": r"\w",
    "W": r"\W",
    "s": r"\s",
    "S": r"\S",
    "b": r"\b",
    "B": r"\B",
    "<": r"\b(?=\w)",
    ">": r"\b(?<=\w)",
}
_SWAPPED = "(){}|+?"


class BadPattern(ValueError):
    """A pattern that is not a POSIX regular expression."""


@lru_cache(256)
def compile_posix(pattern: str, *, extended: bool = False, ignore_case: bool = False) -> re.Pattern[str]:
    """Compile a POSIX pattern. Raises BadPattern.

    >>> compile_posix(r"a\\(b\\)*[[:digit:]]").search("xab1").group()
    'ab1'
    >>> compile_posix("^(SRC|DST)=", extended=True).match("DST=1") is not None
    True
    """
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            if at + 1 >= len(pattern):
                raise BadPattern("Trailing backslash")
            following = pattern[at + 1]
            at += 2
            if following in _SWAPPED and not extended:
                out.append(following)
            elif following in _GNU:
                out.append(_GNU[following])
            elif following.isdigit():
                out.append("\\" + following)
            else:
                out.append(re.escape(following))
        elif char == "[":
            text, at = _bracket(pattern, at)
            out.append(text)
        else:
            at += 1
            if char in _SWAPPED and not extended:
                out.append("\\" + char)
            elif char == "*" and (not out or out[-1] in ("(", "|", "^")) and not extended:
                out.append(r"\*")
            elif char == "^" and not extended and out and out[-1] not in ("(", "|"):
                out.append(r"\^")
            elif (
                char == "$"
                and not extended
                and at < len(pattern)
                and pattern[at : at + 2] not in (r"\)", r"\|")
            ):
                out.append(r"\$")
            elif char == "{" and extended and not re.match(r"\{\d*,?\d*\}", pattern[at - 1 :]):
                out.append(r"\{")
            else:
                out.append(char)
    try:
        return re.compile("".join(out), re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise BadPattern(str(error)) from None


def _bracket(pattern: str, start: int) -> tuple[str, int]:
    at = start + 1
    out = ["["]
    if pattern[at : at + 1] == "^":
        out.append("^")
        at += 1
    first = at
    while at < len(pattern):
        char = pattern[at]
        if char == "]" and at > first:
            return "".join(out) + "]", at + 1
        if pattern.startswith("[:", at):
            end = pattern.find(":]", at)
            name = pattern[at + 2 : end]
            if end < 0 or name not in _CLASSES:
                raise BadPattern(f"unknown character class in {pattern!r}")
            out.append(_CLASSES[name])
            at = end + 2
            continue
        out.append("\\" + char if char in "\\[]&~|" else char)
        at += 1
    raise BadPattern("brackets ([ ]) not balanced")

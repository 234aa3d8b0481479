"""``test`` and ``[``: conditions on strings, numbers and the lab's files."""

from __future__ import annotations

import re
from collections.abc import Callable

_UNARY = "nzfedrswxLhp"
_BINARY = ("=", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">")


class BadCondition(ValueError):
    """A condition that cannot be evaluated; the text is the shell's."""


def condition(words: list[str], file_kind: Callable[[str], str | None]) -> bool:
    """The truth of a condition; ``file_kind`` gives ``file``, ``folder`` or None for a path. Raises BadCondition.

    >>> condition(["1", "-lt", "2", "-a", "!", "a", "=", "b"], lambda path: None)
    True
    """
    if not words:
        return False
    reader = _Reader(words, file_kind)
    value = reader.either()
    if reader.at < len(words):
        raise BadCondition(f"{words[reader.start]}: unexpected operator")
    return value


class _Reader:
    def __init__(self, words: list[str], file_kind: Callable[[str], str | None]) -> None:
        self.words = words
        self.file_kind = file_kind
        self.at = 0
        self.start = 0

    def peek(self, ahead: int = 0) -> str | None:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else None

    def either(self) -> bool:
        value = self.both()
        while self.peek() == "-o":
            self.at += 1
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.negated()
        while self.peek() == "-a":
            self.at += 1
            value = self.peek() is not None and self.negated() and value
        return value

    def negated(self) -> bool:
        if self.peek() == "!" and self.peek(1) is not None and self.peek(1) not in _BINARY:
            self.at += 1
            return not self.negated()
        return self.primary()

    def primary(self) -> bool:
        self.start = self.at
        word = self.peek()
        if word is None:
            raise BadCondition("argument expected")
        operator = self.peek(1)
        if operator in _BINARY and self.peek(2) is None and len(self.words) == 2:
            raise BadCondition(f"{operator}: argument expected")
        if operator in _BINARY and self.peek(2) is not None:
            right = self.words[self.at + 2]
            self.at += 3
            return _compare(word, str(operator), right)
        if word == "(" and operator is not None:
            self.at += 1
            value = self.either()
            if self.peek() != ")":
                raise BadCondition("closing paren expected")
            self.at += 1
            return value
        if len(word) == 2 and word[0] == "-" and word[1] in _UNARY and operator is not None:
            self.at += 2
            return self.unary(word[1], operator)
        self.at += 1
        return word != ""

    def unary(self, letter: str, operand: str) -> bool:
        if letter in "nz":
            return (operand != "") == (letter == "n")
        kind = self.file_kind(operand)
        if letter == "f":
            return kind == "file"
        if letter == "d":
            return kind == "folder"
        if letter in "Lhp":
            return False
        return kind is not None


def _compare(left: str, operator: str, right: str) -> bool:
    if operator == "=":
        return left == right
    if operator == "!=":
        return left != right
    if operator in "<>":
        return left < right if operator == "<" else left > right
    a, b = _number(left), _number(right)
    return {
        "-eq": a == b, "-ne": a != b, "-lt": a < b, "-le": a <= b, "-gt": a > b, "-ge": a >= b,
    }[operator]  # fmt: skip


def _number(text: str) -> int:
    if not re.fullmatch(r"\s*[-+]?\d+\s*", text):
        raise BadCondition(f"Illegal number: {text}")
    return int(text)

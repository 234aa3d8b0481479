"""Words of a command line with their columns, and getopt's way of finding options among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from netlab.errors import NotModelledError
from netlab.rules.errors import Asked, RulesError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command line stands: file, line number, its text, and the column of each word in it."""

    source: str = "<text>"
    line: int | None = None
    text: str | None = None
    columns: tuple[int, ...] = ()


def split_restore(text: str, start: int = 0) -> tuple[list[str], tuple[int, ...]]:
    """Words of a line as iptables-restore splits it, and their columns.

    Blanks separate; double quotes hold blanks together, a backslash in them takes the next character;
    an empty quoted word vanishes (iptables/xshared.c).

    >>> split_restore('-A INPUT -m comment --comment "a \\\\"b\\\\""')[0]
    ['-A', 'INPUT', '-m', 'comment', '--comment', 'a "b"']
    """
    if '"' not in text:
        words: list[str] = []
        columns: list[int] = []
        at = start
        for word in text[start:].split():
            at = text.index(word, at)
            words.append(word)
            columns.append(at)
            at += len(word)
        return words, tuple(columns)
    words, columns = [], []
    current: list[str] = []
    begin, quoted, escaped = start, False, False
    for at in range(start, len(text)):
        char = text[at]
        if not current and not quoted:
            begin = at
        if quoted:
            if escaped:
                current.append(char)
                escaped = False
            elif char == "\\":
                escaped = True
            elif char != '"':
                current.append(char)
            else:
                quoted = False
                if current:
                    words.append("".join(current))
                    columns.append(begin)
                    current = []
            continue
        if char == '"':
            quoted = True
        elif char in " \t\n":
            if current:
                words.append("".join(current))
                columns.append(begin)
                current = []
        else:
            current.append(char)
    if current:
        words.append("".join(current))
        columns.append(begin)
    return words, tuple(columns)


@dataclass(slots=True)
class Words:
    """A command line that is being read; ``at`` is the next word, ``here`` the one an error points at."""

    argv: Sequence[str]
    place: Place = field(default_factory=Place)
    program: str = "iptables"
    at: int = 0
    here: int = 0
    attached: str = ""
    warnings: list[str] = field(default_factory=list)

    def where(self) -> dict[str, Any]:
        """The place of the current word, as an error wants it."""
        text, columns = self.place.text, self.place.columns
        if text is None:
            text = " ".join(self.argv)
            columns = tuple(
                sum(len(word) + 1 for word in self.argv[:index]) for index in range(len(self.argv))
            )
        column = columns[self.here] if self.here < len(columns) else None
        width = len(self.argv[self.here]) if self.here < len(self.argv) else 1
        return {
            "source": self.place.source,
            "line": self.place.line,
            "text": text,
            "column": column,
            "width": max(1, width),
        }

    def warn(self, line: str) -> None:
        """A line on standard error, after which the real program goes on."""
        self.warnings.append(f"{line}\n")

    def fail(
        self, message: str, *, modelled: bool = True, expected: str | None = None, asked: Asked = ()
    ) -> NoReturn:
        """Refuses the current word: in the real program's words, or as something that is not modelled.

        ``expected`` says what is known instead; the real program does not print it. ``asked`` are the names that it
        has looked for in vain (:class:`~netlab.rules.errors.RulesError`).

        Raises:
            RulesError: what the real program refuses too.
            NotModelledError: what only netlab does not have.
        """
        if modelled:
            raise RulesError(
                message, **self.where(), expected=expected, before="".join(self.warnings), asked=asked
            )
        raise NotModelledError(f"not modelled: {message}", **self.where(), expected=expected)

    def unmodelled(self, what: str, known: str) -> NoReturn:
        """Refuses something real, and says what is known instead.

        Raises:
            NotModelledError: always.
        """
        raise NotModelledError(f"not modelled: {what}", **self.where(), expected=known)

    def more(self) -> bool:
        """Whether words are left."""
        return self.at < len(self.argv)

    def next(self) -> str:
        """The next word."""
        self.here = self.at
        self.at += 1
        return self.argv[self.here]

    def follows(self) -> bool:
        """Whether a word follows that is not an option and not ``!`` (xs_has_arg)."""
        return self.at < len(self.argv) and self.argv[self.at][:1] not in ("-", "!")

    def value(self) -> str | None:
        """The value of the option just read: what was attached to it, else the next word, if there is one."""
        if self.attached:
            found, self.attached = self.attached, ""
            return found[1:]
        return self.next() if self.more() else None

"""Words of a script: characters and places, quotes, ``$``, backquotes, here-documents."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right

from netlab.errors import InputError
from netlab.lab.shell_tree import Arithmetic, Body, Literal, Parameter, Part, Place, Substitution, Word

_BLANKS = re.compile(r"(?:[ \t\r]|\\\n)*")
_PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`#]+")
_IN_DOUBLE = re.compile(r'[^"\\$`]+')
_IN_HEREDOC = re.compile(r"[^\\$`]+")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE_END = re.compile(r"(?<!\\)\n")
_DELIMITER = re.compile(r"[ \t\n;&|<>()]")


class WordReader(ABC):
    """Reads words from the text of a script; what commands are made of them is the parser's, its subclass's, matter."""

    def __init__(self, text: str, source: str, outer: Place | None = None) -> None:
        self.text = text
        self.source = source
        self.outer = outer
        self.pos = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.lines = text.split("\n")
        self.after_heredocs: int | None = None

    # -- places and errors

    def place(self, start: int, end: int | None = None) -> Place:
        if self.outer is not None:
            return self.outer
        line = bisect_right(self.starts, start)
        begin = self.starts[line - 1]
        text = self.lines[line - 1]
        width = 1 if end is None else max(1, min(end, begin + len(text)) - start)
        return Place(self.source, line, text, start - begin, width)

    def fail(self, message: str, at: int, *, expected: str | None = None) -> InputError:
        return self.place(min(at, len(self.text))).error(message, expected=expected)

    # -- characters

    def skip_blanks(self) -> None:
        match = _BLANKS.match(self.text, self.pos)
        assert match is not None
        self.pos = match.end()
        if self.text.startswith("#", self.pos):
            end = self.text.find("\n", self.pos)
            self.pos = len(self.text) if end < 0 else end

    def skip_newlines(self) -> None:
        """Blanks, comments and newlines."""
        while True:
            self.skip_blanks()
            if not self.text.startswith("\n", self.pos):
                return
            self.newline()

    def newline(self) -> None:
        """Step over a newline, and over the here-documents whose lines follow it."""
        self.pos += 1
        if self.after_heredocs is not None:
            self.pos, self.after_heredocs = self.after_heredocs, None

    def peek_word(self) -> str:
        """The plain word that starts here, '' if what comes is not a plain word: for reserved words only."""
        match = _PLAIN.match(self.text, self.pos)
        if not match:
            return ""
        end = match.end()
        if end < len(self.text) and not _DELIMITER.match(self.text, end):
            return ""
        return match.group()

    def take(self, word: str, context: str, opened: int) -> None:
        """Step over a reserved word that has to come now."""
        self.skip_newlines()
        if self.peek_word() != word:
            where = self.place(opened)
            raise self.fail(
                f"{context} on line {where.line} lacks its {word!r}", self.pos, expected=repr(word)
            )
        self.pos += len(word)

    # -- what the parser does for words

    @abstractmethod
    def script(self) -> Body:
        """All the commands of the text."""

    @abstractmethod
    def body(self, ends: frozenset[str], *, empty: bool = True) -> Body:
        """The commands up to one of ``ends``."""

    @abstractmethod
    def close(self, char: str, what: str, opened: int) -> None:
        """Step over a closing character that has to come now."""

    def embedded(self, text: str, outer: Place) -> WordReader:
        """A reader of the same kind for text inside the text, with errors pointing at ``outer``."""
        return type(self)(text, self.source, self.outer or outer)

    # -- here-documents

    def heredoc(self, end: str, quoted: bool, strip_tabs: bool, place: Place) -> Word:
        """The lines after this one, up to a line that is just ``end``, as one word."""
        if self.after_heredocs is None:
            stop = _LINE_END.search(self.text, self.pos)
            pos = stop.end() if stop else len(self.text)
        else:
            pos = self.after_heredocs
        body_start = pos
        lines: list[str] = []
        while True:
            if pos >= len(self.text):
                raise place.error("the here-document is not closed", expected=f"a line that is just {end!r}")
            stop_at = self.text.find("\n", pos)
            stop_at = len(self.text) if stop_at < 0 else stop_at
            line = self.text[pos:stop_at]
            pos = min(stop_at + 1, len(self.text))
            line = line.lstrip("\t") if strip_tabs else line
            if line == end:
                break
            lines.append(line + "\n")
        self.after_heredocs = pos
        body = "".join(lines)
        if quoted:
            return Word((Literal(body, True),), self.place(body_start))
        inner = self.embedded(body, self.place(body_start))
        return Word(inner.quoted_parts(_IN_HEREDOC, None), self.place(body_start))

    # -- words

    def word(self) -> Word | None:
        """The word that starts here, or None."""
        start = self.pos
        parts: list[Part] = []
        text = self.text
        while self.pos < len(text):
            match = _PLAIN.match(text, self.pos)
            if match:
                parts.append(Literal(match.group()))
                self.pos = match.end()
                continue
            char = text[self.pos]
            if char == "'":
                end = text.find("'", self.pos + 1)
                if end < 0:
                    raise self.fail("a single quote is not closed", self.pos, expected="'")
                parts.append(Literal(text[self.pos + 1 : end], True))
                self.pos = end + 1
            elif char == '"':
                opened = self.pos
                self.pos += 1
                parts.extend(self.quoted_parts(_IN_DOUBLE, '"') or (Literal("", True),))
                if self.pos >= len(text):
                    raise self.fail("a double quote is not closed", opened, expected='"')
                self.pos += 1
            elif char == "\\":
                if text.startswith("\\\n", self.pos):
                    self.pos += 2
                elif self.pos + 1 < len(text):
                    parts.append(Literal(text[self.pos + 1], True))
                    self.pos += 2
                else:
                    parts.append(Literal("\\"))
                    self.pos += 1
            elif char in "$`":
                parts.append(self.dollar(False))
            elif char == "#" and parts:
                parts.append(Literal("#"))
                self.pos += 1
            else:
                break
        if self.pos == start or not parts:
            return None
        return Word(tuple(parts), self.place(start, self.pos))

    def quoted_parts(self, plain: re.Pattern[str], closing: str | None) -> tuple[Part, ...]:
        """The parts inside double quotes, or of a heredoc (``closing`` None: up to the end of the text)."""
        parts: list[Part] = []
        text = self.text
        special = "$`\\\n" + (closing or "")
        while self.pos < len(text) and text[self.pos] != closing:
            match = plain.match(text, self.pos)
            if match:
                parts.append(Literal(match.group(), True))
                self.pos = match.end()
            elif text[self.pos] == "\\":
                following = text[self.pos + 1 : self.pos + 2]
                if following and following in special:
                    if following != "\n":
                        parts.append(Literal(following, True))
                    self.pos += 2
                else:
                    parts.append(Literal("\\", True))
                    self.pos += 1
            else:
                parts.append(self.dollar(True))
        return tuple(parts)

    def dollar(self, quoted: bool) -> Part:
        """What a ``$`` or a backquote starts."""
        text, start = self.text, self.pos
        if text[start] == "`":
            return self.backquotes(quoted)
        following = text[start + 1 : start + 2]
        if text.startswith("$((", start):
            return self.arithmetic(quoted)
        if following == "(":
            self.pos += 2
            body = self.body(frozenset({")"}))
            self.close(")", "the $(", start)
            return Substitution(body, quoted)
        if following == "{":
            return self.braces(quoted)
        if following == "'" and not quoted:
            raise self.place(start, start + 2).refuse(
                "bash's $'...' is not in sh", expected="$(printf '...')"
            )
        match = NAME.match(text, start + 1)
        if match:
            self.pos = match.end()
            return Parameter(match.group(), quoted=quoted)
        if following and following in "?$!#@*-0123456789":
            self.pos += 2
            return Parameter(following, quoted=quoted)
        self.pos += 1
        return Literal("$", True)

    def backquotes(self, quoted: bool) -> Substitution:
        start = self.pos
        self.pos += 1
        out = []
        while True:
            if self.pos >= len(self.text):
                raise self.fail("a backquote is not closed", start, expected="`")
            char = self.text[self.pos]
            if char == "`":
                break
            if char == "\\" and self.text[self.pos + 1 : self.pos + 2] in ("$", "`", "\\"):
                self.pos += 1
                char = self.text[self.pos]
            out.append(char)
            self.pos += 1
        self.pos += 1
        inner = self.embedded("".join(out), self.place(start, self.pos))
        return Substitution(inner.script(), quoted)

    def arithmetic(self, quoted: bool) -> Part:
        start = self.pos
        depth, pos = 2, start + 3
        while depth and pos < len(self.text):
            if self.text[pos] == "(":
                depth += 1
            elif self.text[pos] == ")":
                depth -= 1
            pos += 1
        if depth or self.text[pos - 2 : pos] != "))":
            raise self.fail("$(( is not closed", start, expected="'))'")
        inner = self.embedded(self.text[start + 3 : pos - 2], self.place(start, pos))
        expression = Word(inner.quoted_parts(_IN_HEREDOC, None), self.place(start, pos))
        self.pos = pos
        return Arithmetic(expression, quoted)

    def braces(self, quoted: bool) -> Parameter:
        start = self.pos
        pos = start + 2
        length = self.text.startswith("#", pos) and not self.text.startswith("#}", pos)
        pos += length
        match = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+|[?$!#@*-]").match(self.text, pos)
        if not match:
            raise self.fail("syntax error: bad ${", start, expected="${NAME} or ${NAME:-word}")
        pos = match.end()
        op = re.compile(r":?[-=+?]|##?|%%?|").match(self.text, pos)
        assert op is not None
        if length or self.text.startswith("}", pos):
            if not self.text.startswith("}", pos):
                raise self.fail("${ is not closed", start, expected="'}'")
            self.pos = pos + 1
            return Parameter(match.group(), "len" if length else "", None, quoted)
        if self.text[pos : pos + 1] in ("", "\n"):
            raise self.fail("${ is not closed", start, expected="'}'")
        if not op.group():
            raise self.place(start, pos + 1).refuse(
                f"${{{match.group()}{self.text[pos : pos + 1]}...}} is not in sh",
                expected="${X} ${X:-d} ${X:=d} ${X:+d} ${X:?m} ${#X} ${X#p} ${X##p} ${X%p} ${X%%p}",
            )
        self.pos = op.end()
        # A pattern to cut off is a pattern also inside double quotes; a default value is quoted with them.
        quoted_word = quoted and op.group()[0] not in "#%"
        parts: list[Part] = []
        while not self.text.startswith("}", self.pos):
            if self.pos >= len(self.text):
                raise self.fail("${ is not closed", start, expected="'}'")
            char = self.text[self.pos]
            if char == '"':
                self.pos += 1
                parts.extend(self.quoted_parts(_IN_DOUBLE, '"') or (Literal("", True),))
                self.pos += 1
            elif char == "'" and not quoted_word:
                end = self.text.find("'", self.pos + 1)
                if end < 0:
                    raise self.fail("a single quote is not closed", self.pos, expected="'")
                parts.append(Literal(self.text[self.pos + 1 : end], True))
                self.pos = end + 1
            elif char == "\\" and self.pos + 1 < len(self.text):
                parts.append(Literal(self.text[self.pos + 1], True))
                self.pos += 2
            elif char in "$`":
                parts.append(self.dollar(quoted_word))
            else:
                parts.append(Literal(char, quoted_word))
                self.pos += 1
        self.pos += 1
        return Parameter(match.group(), op.group(), Word(tuple(parts), self.place(start, self.pos)), quoted)

"""Reads a lab script: the part of the POSIX shell language that lab scripts use, every word with its place.

The language is dash's, because that is the ``sh`` that runs labs on a real kernel. What bash adds to it, and
the rare rest of POSIX, is refused by name before anything has run.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from netlab.errors import InputError
from netlab.lab.shell_tree import (
    AndOr,
    Arithmetic,
    Assignment,
    Body,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Literal,
    Loop,
    Parameter,
    Part,
    Pipeline,
    Place,
    Redirect,
    Script,
    Simple,
    Substitution,
    Word,
)

_BLANKS = re.compile(r"(?:[ \t\r]|\\\n)*")
_PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`#]+")
_IN_DOUBLE = re.compile(r'[^"\\$`]+')
_IN_HEREDOC = re.compile(r"[^\\$`]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\([ \t]*\)")
_REDIRECT = re.compile(r"(\d*)(<<<|<<-|<<|<&|<>|<|>>|>&|>\||>)")
_LINE_END = re.compile(r"(?<!\\)\n")
_DELIMITER = re.compile(r"[ \t\n;&|<>()]")
_OPENERS = frozenset({"if", "for", "while", "until", "case", "{", "!"})
_RESERVED = _OPENERS | {"then", "elif", "else", "fi", "in", "do", "done", "esac", "}"}
_NOT_SH = {
    "[[": "bash's [[ is not in sh; write [ ... ]",
    "function": "bash's function keyword is not in sh; write name() { ...; }",
    "select": "bash's select is not modelled",
    "time": "time is not modelled: a lab runs on a virtual clock",
}
_KNOWN_SYNTAX = (
    "commands, pipes, && || ; &, quotes, $X ${X:-d} $(...) $((...)), heredocs, redirections, "
    "if, for, while, until, case, functions"
)


def parse_script(text: str, source: str = "lab.sh") -> Script:
    """Parse a lab script.

    Raises InputError where the text is not shell, and NotModelledError where it is shell that netlab does not
    run, each with file, line and a caret.

    >>> script = parse_script("ip link add br0 type bridge  # a bridge")
    >>> [word.literal for word in script.body[0].first.commands[0].words]
    ['ip', 'link', 'add', 'br0', 'type', 'bridge']
    """
    try:
        return Script(_Parser(text, source).script(), source, text)
    except RecursionError:
        raise InputError("the commands nest too deeply", source=source, expected="less nesting") from None


def parse_embedded(text: str, place: Place) -> Script:
    """Parse shell text that is a word of a script (``sh -c '...'``, ``eval``): errors point at that word."""
    return Script(_Parser(text, place.source, place).script(), place.source, text)


class _Parser:
    """A recursive-descent parser over the characters of one script."""

    def __init__(self, text: str, source: str, outer: Place | None = None) -> None:
        self.text = text
        self.source = source
        self.outer = outer
        self.pos = 0
        self.starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]
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

    # -- lists

    def script(self) -> Body:
        body = self.body(frozenset())
        if self.pos < len(self.text):
            raise self.fail(
                f"syntax error: unexpected {self.text[self.pos]!r}", self.pos, expected=_KNOWN_SYNTAX
            )
        return body

    def body(self, ends: frozenset[str], *, empty: bool = True) -> Body:
        """A list of commands up to one of the reserved words (or ``)`` or ``;;``) in ``ends``."""
        items: list[AndOr] = []
        self.skip_newlines()
        while self.pos < len(self.text):
            char = self.text[self.pos]
            if char == ")" and ")" in ends:
                break
            if char == ";" and self.text.startswith(";;", self.pos) and ";;" in ends:
                break
            word = self.peek_word()
            if word in ends:
                break
            if word in _RESERVED - _OPENERS:
                raise self.fail(f"syntax error: {word!r} is out of place", self.pos, expected="a command")
            items.append(self.and_or())
            self.skip_newlines()
        if not items and not empty:
            raise self.fail("syntax error: a command is missing", self.pos, expected="a command")
        return tuple(items)

    def and_or(self) -> AndOr:
        first = self.pipeline()
        rest: list[tuple[str, Pipeline]] = []
        while True:
            self.skip_blanks()
            op = self.text[self.pos : self.pos + 2]
            if op not in ("&&", "||"):
                break
            self.pos += 2
            self.skip_newlines()
            rest.append((op, self.pipeline()))
        background = False
        if self.text.startswith("&", self.pos):
            if self.text.startswith("&>", self.pos):
                raise self.place(self.pos, self.pos + 2).refuse(
                    "&> is bash's: sh would run the command in the background", expected="> FILE 2>&1"
                )
            self.pos += 1
            background = True
        elif self.text.startswith(";", self.pos) and not self.text.startswith(";;", self.pos):
            self.pos += 1
        elif self.pos < len(self.text) and self.text[self.pos] not in "\n;)":
            raise self.fail(
                f"syntax error: unexpected {self.text[self.pos]!r}",
                self.pos,
                expected="the end of the command",
            )
        return AndOr(first, tuple(rest), background)

    def pipeline(self) -> Pipeline:
        start = self.pos
        inverted = False
        while self.peek_word() == "!":
            self.pos += 1
            inverted = not inverted
            self.skip_blanks()
        commands = [self.command()]
        while True:
            self.skip_blanks()
            if not self.text.startswith("|", self.pos) or self.text.startswith("||", self.pos):
                break
            if self.text.startswith("|&", self.pos):
                raise self.place(self.pos, self.pos + 2).refuse("|& is bash's, not in sh", expected="2>&1 |")
            self.pos += 1
            self.skip_newlines()
            commands.append(self.command())
        return Pipeline(tuple(commands), inverted, self.place(start, self.pos))

    # -- commands

    def command(self) -> Command:
        self.skip_blanks()
        start = self.pos
        if start >= len(self.text):
            raise self.fail(
                "syntax error: the script ends where a command is missing", start, expected="a command"
            )
        if self.text[start] == "(":
            if self.text.startswith("((", start):
                raise self.place(start, start + 2).refuse(
                    "bash's ((...)) is not in sh", expected="$((...)) or [ ... ]"
                )
            self.pos += 1
            body = self.body(frozenset({")"}), empty=False)
            self.close(")", "the subshell", start)
            return Group(body, True, self.redirects(), self.place(start))
        word = self.peek_word()
        compounds: dict[str, Callable[[int], Command]] = {
            "{": self.group,
            "if": self.if_command,
            "for": self.for_command,
            "while": self.loop,
            "until": self.loop,
            "case": self.case,
        }
        compound = compounds.get(word)
        if compound is not None:
            return compound(start)
        if word in _NOT_SH:
            raise self.place(start, start + len(word)).refuse(_NOT_SH[word])
        match = _FUNCTION.match(self.text, start)
        if match and match.group(1) not in _RESERVED:
            self.pos = match.end()
            self.skip_newlines()
            body_start = self.pos
            inner = self.command()
            if isinstance(inner, Simple):
                raise self.fail(
                    "a function's body must be a compound command", body_start, expected="{ ...; }"
                )
            return Function(match.group(1), inner, self.place(start, match.end()))
        return self.simple(start)

    def close(self, char: str, what: str, opened: int) -> None:
        self.skip_newlines()
        if not self.text.startswith(char, self.pos):
            where = self.place(opened)
            raise self.fail(f"{what} on line {where.line} is not closed", self.pos, expected=repr(char))
        self.pos += len(char)

    def group(self, start: int) -> Group:
        self.pos += 1
        body = self.body(frozenset({"}"}), empty=False)
        self.take("}", "the group", start)
        return Group(body, False, self.redirects(), self.place(start))

    def if_command(self, start: int) -> If:
        branches: list[tuple[Body, Body]] = []
        otherwise: Body | None = None
        self.pos += 2
        while True:
            condition = self.body(frozenset({"then"}), empty=False)
            self.take("then", "the if", start)
            branches.append((condition, self.body(frozenset({"elif", "else", "fi"}), empty=False)))
            word = self.peek_word()
            self.pos += len(word)
            if word == "elif":
                continue
            if word == "else":
                otherwise = self.body(frozenset({"fi"}), empty=False)
                self.take("fi", "the if", start)
            elif word != "fi":
                raise self.fail(
                    f"the if on line {self.place(start).line} is not closed", self.pos, expected="'fi'"
                )
            return If(tuple(branches), otherwise, self.redirects(), self.place(start))

    def for_command(self, start: int) -> For:
        self.pos += 3
        self.skip_blanks()
        if self.text.startswith("((", self.pos):
            raise self.place(self.pos, self.pos + 2).refuse(
                "bash's for ((...)) is not in sh", expected="for x in $(seq N)"
            )
        match = _NAME.match(self.text, self.pos)
        if not match:
            raise self.fail("syntax error: for needs the name of a variable", self.pos, expected="a name")
        self.pos = match.end()
        words: tuple[Word, ...] | None = None
        self.skip_newlines()
        if self.peek_word() == "in":
            self.pos += 2
            found = []
            self.skip_blanks()
            while (word := self.word()) is not None:
                found.append(word)
                self.skip_blanks()
            words = tuple(found)
        self.skip_blanks()
        if self.text.startswith(";", self.pos):
            self.pos += 1
        body = self.do_group("the for", start)
        return For(match.group(), words, body, self.redirects(), self.place(start))

    def loop(self, start: int) -> Loop:
        word = self.peek_word()
        self.pos += len(word)
        condition = self.body(frozenset({"do"}), empty=False)
        body = self.do_group(f"the {word}", start)
        return Loop(condition, body, word == "until", self.redirects(), self.place(start))

    def do_group(self, what: str, start: int) -> Body:
        self.take("do", what, start)
        body = self.body(frozenset({"done"}), empty=False)
        self.take("done", what, start)
        return body

    def case(self, start: int) -> Case:
        self.pos += 4
        self.skip_blanks()
        subject = self.word()
        if subject is None:
            raise self.fail("syntax error: case needs a word", self.pos, expected="a word")
        self.take("in", "the case", start)
        arms: list[tuple[tuple[Word, ...], Body]] = []
        while True:
            self.skip_newlines()
            if self.peek_word() == "esac":
                self.pos += 4
                return Case(subject, tuple(arms), self.redirects(), self.place(start))
            if self.text.startswith("(", self.pos):
                self.pos += 1
            patterns = []
            while True:
                self.skip_blanks()
                pattern = self.word()
                if pattern is None:
                    raise self.fail(
                        "syntax error: case needs a pattern", self.pos, expected="a pattern or 'esac'"
                    )
                patterns.append(pattern)
                self.skip_blanks()
                if not self.text.startswith("|", self.pos):
                    break
                self.pos += 1
            self.close(")", "the case pattern", start)
            body = self.body(frozenset({";;", "esac"}))
            arms.append((tuple(patterns), body))
            if self.text.startswith(";;", self.pos):
                self.pos += 2

    def simple(self, start: int) -> Simple:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self.skip_blanks()
            if self.redirect(redirects):
                continue
            if not words:
                match = _ASSIGNMENT.match(self.text, self.pos)
                if match:
                    at = self.pos
                    self.pos = match.end()
                    if self.text.startswith("(", self.pos):
                        raise self.place(self.pos).refuse("bash's arrays are not in sh")
                    value = self.word() or Word((), self.place(at, self.pos))
                    assignments.append(Assignment(match.group(1), value, self.place(at, self.pos)))
                    continue
            word = self.word()
            if word is None:
                break
            words.append(word)
        if not (assignments or words or redirects):
            raise self.fail(
                f"syntax error: unexpected {self.text[self.pos : self.pos + 1]!r}",
                self.pos,
                expected="a command",
            )
        if self.text.startswith("(", self.pos):
            raise self.fail("syntax error: unexpected '('", self.pos, expected=_KNOWN_SYNTAX)
        return Simple(tuple(assignments), tuple(words), tuple(redirects), self.place(start, self.pos))

    # -- redirections and heredocs

    def redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        self.skip_blanks()
        while self.redirect(found):
            self.skip_blanks()
        return tuple(found)

    def redirect(self, into: list[Redirect]) -> bool:
        match = _REDIRECT.match(self.text, self.pos)
        if not match:
            return False
        start, op = self.pos, match.group(2)
        if op == "<<<":
            raise self.place(match.start(2), match.end()).refuse(
                "bash's <<< is not in sh", expected="echo TEXT | command, or a heredoc"
            )
        self.pos = match.end()
        self.skip_blanks()
        at = self.pos
        if op == ">&" and self.text.startswith(">(", at):
            raise self.place(at).refuse("bash's process substitution is not in sh")
        target = self.word()
        if target is None:
            raise self.fail(
                f"syntax error: {op} needs a file or a number", self.pos, expected="a word after " + op
            )
        fd = int(match.group(1)) if match.group(1) else (0 if op.startswith("<") else 1)
        if op in ("<<", "<<-"):
            quoted = any(c in self.text[at : self.pos] for c in "'\"\\")
            end = "".join(part.text for part in target.parts if isinstance(part, Literal))
            place = self.place(start, self.pos)
            target = self.heredoc(end, quoted, op == "<<-", place)
            op = "<<"
        into.append(Redirect(fd, op, target, self.place(start, self.pos)))
        return True

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
        inner = _Parser(body, self.source, self.outer or self.place(body_start))
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
        match = _NAME.match(text, start + 1)
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
        inner = _Parser("".join(out), self.source, self.outer or self.place(start, self.pos))
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
        inner = _Parser(self.text[start + 3 : pos - 2], self.source, self.outer or self.place(start, pos))
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

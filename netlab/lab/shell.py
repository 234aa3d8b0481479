"""Reads a lab script: the part of the POSIX shell language that lab scripts use, every word with its place.

The language is dash's, because that is the ``sh`` that runs labs on a real kernel. What bash adds to it, and
the rare rest of POSIX, is refused by name before anything has run.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from netlab.errors import InputError
from netlab.lab.shell_tree import (
    AndOr,
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
    Pipeline,
    Place,
    Redirect,
    Script,
    Simple,
    Word,
)
from netlab.lab.shell_words import NAME, WordReader

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\([ \t]*\)")
_REDIRECT = re.compile(r"(\d*)(<<<|<<-|<<|<&|<>|<|>>|>&|>\||>)")
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


class _Parser(WordReader):
    """A recursive-descent parser over the characters of one script."""

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
        match = NAME.match(self.text, self.pos)
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
        if self.text.startswith("(", at):
            raise self.place(start, at + 1).refuse(
                "bash's process substitution is not in sh", expected="a file or a pipe"
            )
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

"""What ``iptables`` and ``iptables-restore`` have in common, and the restoring itself, line by line."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from netlab.errors import InputError, NotModelledError
from netlab.kernel.xtables import BAD_RULE, NO_CHAIN, XtTable, open_table
from netlab.lab.context import Arg, Process
from netlab.lab.shell_tree import Place
from netlab.rules.command import Command as Asked
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule, Table
from netlab.rules.parse import parse_command
from netlab.rules.save import read_save
from netlab.rules.targets import Verdict
from netlab.rules.words import Place as WordPlace
from netlab.rules.words import split_restore

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_UNKNOWN: Final = (
    "Couldn't load match",
    "Couldn't load target",
    "unknown option",
    "unknown arg",
    "Unknown arg",
)
"""What a lab's own command line may hold by mistake ends the lab: the word and what is known instead help more than
the real program's line would. Where the program reads a file (iptables-restore), it says what the real one says."""


def version(process: Process) -> str:
    """The version text of the iptables that goes with the kernel's profile."""
    release = process.host.world.release.iptables
    return f"v{release} (legacy)" if release.startswith("1.8") else f"v{release}"


@contextmanager
def words_with_places(argv: list[Arg]) -> Iterator[WordPlace]:
    """The place to give to the rules room, so that its errors come back pointing at the word in the script."""
    first = argv[0].place
    try:
        yield WordPlace(first.source, first.line, first.text, tuple(range(len(argv) - 1)))
    except InputError as error:
        unknown = error.message.startswith(_UNKNOWN) and error.expected
        if isinstance(error, RulesError) and not unknown:
            raise
        index = error.column if error.column is not None else -1
        place = argv[index + 1].place if 0 <= index < len(argv) - 1 else first
        raise place.refuse(f"{argv[0]}: {error.message}", expected=error.expected) from None


def obey(table: XtTable, asked: Asked) -> None:
    """Make one command true. Raises RulesError with what the command prints."""
    chain = asked.chain or ""
    number = asked.number
    letter = asked.letter
    if letter == "A":
        for rule in asked.rules:
            table.append(chain, rule)
    elif letter == "I":
        for rule in asked.rules:
            table.insert(chain, number or 1, rule)
    elif letter == "R":
        for rule in asked.rules:
            table.replace(chain, number or 1, rule)
    elif letter == "D":
        if number is not None:
            table.delete_number(chain, number)
        else:
            for rule in asked.rules:
                _of_rule(table.delete, chain, rule)
    elif letter == "C":
        for rule in asked.rules:
            _of_rule(table.check, chain, rule)
    elif letter == "F":
        table.flush(asked.chain)
    elif letter == "Z":
        table.zero(asked.chain, number)
    elif letter == "N":
        table.new_chain(chain)
    elif letter == "X":
        table.delete_chain(asked.chain)
    elif letter == "E":
        table.rename_chain(chain, asked.new_name or "")
    elif letter == "P":
        table.set_policy(chain, asked.policy or "", asked.counters or (0, 0))


def _of_rule(action: Callable[[str, Rule], None], chain: str, rule: Rule) -> None:
    """libiptc has words of its own for a missing rule only where the target is a plain verdict (observed, 1.8.9)."""
    try:
        action(chain, rule)
    except RulesError as error:
        if error.message == BAD_RULE and not isinstance(rule.target, Verdict | None):
            raise RulesError(NO_CHAIN, status=error.status) from None
        raise


_PLAIN: Final = re.compile(r"\s*(?:#.*|\*\S+|:.*|COMMIT|(?:\[\d+:\d+\]\s*)?-A\s.*)?\s*")
_APPEND: Final = re.compile(r"(?:\[\d+:\d+\]\s*)?-A\s+(\S+)")
_CHAIN: Final = re.compile(r":(\S+)\s+(\S+)(?:\s+\[(\d+):(\d+)\])?\s*")
_COUNTERS: Final = re.compile(r"\[(\d+):(\d+)\]\s*")


def _declared(lines: list[str]) -> bool:
    """Whether every chain that gets rules has a line of its own."""
    chains = {line.split()[0][1:] for line in lines if line.startswith(":")}
    return all(match.group(1) in chains for line in lines if (match := _APPEND.match(line)))


@contextmanager
def _collector_waits() -> Iterator[None]:
    """Half a million objects that all stay: looking for garbage among them takes longer than making them."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Failure(Exception):
    """The restore ends here, with this message and status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Restore:
    """One run of ``iptables-restore``: a table's section comes true at its COMMIT, or not at all."""

    def __init__(
        self, process: Process, program: Arg, text: str, place: Place, options: set[str], only: str | None
    ) -> None:
        self.process = process
        self.program = program.replace("-legacy", "")
        self.lines = text.split("\n")
        self.text = text
        self.place = place
        self.options = options
        self.only = only
        self.ns: Netns = process.netns

    def run(self) -> int:
        """Restore all tables; the status of the command."""
        start: int | None = None
        try:
            for number, line in enumerate(self.lines):
                if start is None and line.startswith("*"):
                    start = number
                elif line.strip() == "COMMIT" and start is not None:
                    self._section(start, number)
                    start = None
                elif start is None and line.strip() and not line.startswith("#"):
                    raise _Failure(f"{self.program}: line {number + 1} failed\n", 1)
            if start is not None:
                end = len(self.lines)
                raise _Failure(f"{self.program}: COMMIT expected at line {end}\n", 1)
        except _Failure as failure:
            self.process.err(failure.message)
            return failure.status
        return 0

    def _section(self, start: int, end: int) -> None:
        name = self.lines[start][1:].strip()
        if self.only is not None and name != self.only:
            return
        try:
            table = open_table(self.ns, name)
        except RulesError:
            told = RulesError(f"{self.program}: unable to initialize table '{name}'")
            raise _Failure(told.stderr(self.program, version(self.process), start + 1), told.status) from None
        before = table.save()
        self._check_policies(start, end)
        try:
            body = self.lines[start : end + 1]
            if all(_PLAIN.fullmatch(line) for line in body) and _declared(body):
                self._at_once(table, "\n" * start + "\n".join(body) + "\n")
            else:
                self._by_line(table, start, end)
        except RulesError as error:
            self._back(table, before)
            if error.status != 1:
                raise _Failure(
                    error.stderr(self.program, version(self.process), error.line), error.status
                ) from None
            line = error.line if error.line is not None else end + 1
            raise _Failure(f"{self.program}: line {line} failed\n", 1) from None
        except InputError as error:
            self._back(table, before)
            raise self._moved(error) from None
        if "t" in self.options:
            self._back(table, before)

    def _check_policies(self, start: int, end: int) -> None:
        """A policy that is none ends the run before anything else is done."""
        for number in range(start + 1, end):
            match = _CHAIN.fullmatch(self.lines[number].strip())
            if match and match[2] not in ("ACCEPT", "DROP", "-"):
                raise _Failure(
                    f"{self.program} {version(self.process)}: Can't set policy `{match[2]}' on `{match[1]}' "
                    f"line {number + 1}: Bad policy name\n",
                    1,
                )

    def _back(self, table: XtTable, before: Table) -> None:
        table.restore(before, counters=True)

    def _moved(self, error: InputError) -> InputError:
        """The error with the line number that the text has in the script."""
        if error.line is not None:
            error.line += self.place.line - 1
            error.source = self.place.source
        return error

    def _at_once(self, table: XtTable, text: str) -> None:
        """A section that only declares and appends: read in bulk."""
        with _collector_waits():
            rules = read_save(text, source=self.place.source)
            for section in rules:
                table.restore(section, counters="c" in self.options, noflush="n" in self.options)

    def _by_line(self, table: XtTable, start: int, end: int) -> None:
        """A section with other commands in it: one after another, as the program does."""
        if "n" not in self.options:
            table.flush()
            for chain in [c for c in table.chains.values() if not c.builtin]:
                table.delete_chain(chain.name)
        for number in range(start + 1, end):
            line = self.lines[number].strip()
            if not line or line.startswith("#"):
                continue
            try:
                if line.startswith(":"):
                    self._chain(table, line, number)
                else:
                    self._command(table, line, number)
            except RulesError as error:
                error.line = number + 1
                raise

    def _chain(self, table: XtTable, line: str, number: int) -> None:
        match = _CHAIN.fullmatch(line)
        if not match:
            raise RulesError(f"line {number + 1} failed", status=1)
        name, policy, packets, octets = match.groups()
        if policy == "-":
            if name in table.chains:
                table.flush(name)
            else:
                table.new_chain(name)
            return
        counters = (int(packets), int(octets)) if packets and "c" in self.options else (0, 0)
        table.set_policy(name, policy, counters)

    def _command(self, table: XtTable, line: str, number: int) -> None:
        counters = _COUNTERS.match(line)
        words, columns = split_restore(line[counters.end() :] if counters else line)
        place = WordPlace(self.place.source, number + 1, self.lines[number], columns)
        try:
            asked = parse_command(
                words,
                table=table.name,
                chains=list(table.chains),
                sets=list(self.ns.ipsets),
                place=place,
                restore=True,
            )
        except NotModelledError as error:
            error.line = number + 1
            raise
        obey(table, asked)

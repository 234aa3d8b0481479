"""What ``iptables`` and ``iptables-restore`` have in common, and the restoring itself, line by line."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from netlab.errors import InputError, NotModelledError
from netlab.kernel.hooks import IPV4_TABLES
from netlab.kernel.xtables import BAD_RULE, NO_CHAIN, XtTable, open_table
from netlab.lab.context import Arg, Process
from netlab.lab.shell_tree import Place
from netlab.rules.command import Command as Asked
from netlab.rules.errors import RulesError
from netlab.rules.listing import told_rule
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
    """Make one command true, all of it or nothing. Raises RulesError with what the command prints."""
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
            _of_rules(table.delete, chain, asked.rules)
    elif letter == "C":
        _of_rules(table.check, chain, asked.rules)
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


def told(table: XtTable, asked: Asked) -> str:
    """What ``-v`` says before a command is carried out: a line a rule, or a chain of ``-F``, ``-X`` and ``-Z``."""
    doing = {"F": "Flushing", "X": "Deleting", "Z": "Zeroing"}.get("Z" if asked.zero else asked.letter)
    if doing is None:
        return "".join(f"{told_rule(rule)}\n" for rule in asked.rules)
    if asked.number is not None:
        return ""
    names = (
        [chain.name for chain in table.save() if asked.letter != "X" or chain.policy is None]
        if asked.chain is None
        else [asked.chain]
    )
    return "".join(f"{doing} chain `{name}'\n" for name in names)


def _of_rules(action: Callable[..., None], chain: str, rules: Sequence[Rule]) -> None:
    """libiptc has words of its own for a missing rule only where the target is a plain verdict (observed, 1.8.9)."""
    try:
        action(chain, *rules)
    except RulesError as error:
        if error.message == BAD_RULE and not isinstance(rules[0].target, Verdict | None):
            raise RulesError(NO_CHAIN, status=error.status) from None
        raise


_PLAIN: Final = re.compile(
    r"(?:#.*|:\S{1,28}\s+(?:ACCEPT|DROP|-)\s+\[\d+:\d+\]\s*|(?:\[\d+:\d+\]\s*)?-A\s(?!.*\s-(?:t|-t(?:a|ab|abl|able)?(?:[\s=]|$))).*)?"
)
_APPEND: Final = re.compile(r"(?:\[\d+:\d+\]\s*)?-A\s+(\S+)")
_COUNTERS: Final = re.compile(r"\[(\d+):(\d+)")


def _plain(lines: list[str], builtin: Collection[str]) -> bool:
    """Whether a section only declares chains, once each and as what they are, and appends rules to those."""
    if not all(_PLAIN.fullmatch(line) for line in lines):
        return False
    declared = [line[1:].split(None, 2)[:2] for line in lines if line.startswith(":")]
    chains = {name for name, _ in declared}
    return (
        len(chains) == len(declared)
        and all((policy != "-") == (name in builtin) for name, policy in declared)
        and all(match[1] in chains for line in lines if (match := _APPEND.match(line)))
    )


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
                elif line == "COMMIT" and start is not None and number < len(self.lines) - 1:
                    self._section(start, number)
                    start = None
                elif start is None and line and not line.startswith("#"):
                    raise _Failure(f"{self.program}: line {number + 1} failed\n", 1)
                elif start is None and line and "v" in self.options:
                    self.process.out(f"{line}\n")
            if start is not None:
                self._section(start, len(self.lines), committed=False)
        except _Failure as failure:
            self.process.err(failure.message)
            return failure.status
        return 0

    def _section(self, start: int, end: int, *, committed: bool = True) -> None:
        name = self.lines[start][1:].strip()
        if not name:
            raise self._failed(RulesError(f"{self.program}: line {start + 1} table name invalid"), start + 1)
        if self.only is not None and name != self.only:
            return
        try:
            table = open_table(self.ns, name)
        except RulesError:
            failed = RulesError(f"{self.program}: unable to initialize table '{name}'")
            raise self._failed(failed, start + 1) from None
        before = table.save()
        try:
            if (
                committed
                and "v" not in self.options
                and _plain(self.lines[start + 1 : end], IPV4_TABLES[name])
            ):
                body = self.lines[start : end + 1]
                self._at_once(table, "\n" * start + "\n".join(body) + "\n")
            else:
                self._by_line(table, start, end, committed)
        except _Failure:
            self._back(table, before)
            raise
        except RulesError as error:
            self._back(table, before)
            if error.status != 1:
                raise self._failed(error, error.line) from None
            line = error.line if error.line is not None else end + 1
            raise _Failure(f"{self.program}: line {line} failed\n", 1) from None
        except InputError as error:
            self._back(table, before)
            raise self._moved(error) from None
        if "t" in self.options:
            self._back(table, before)

    def _failed(self, error: RulesError, line: int | None) -> _Failure:
        return _Failure(error.stderr(self.program, version(self.process), line), error.status)

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

    def _by_line(self, table: XtTable, start: int, end: int, committed: bool) -> None:
        """A section with other commands in it: one after another, as the program does."""
        policies: dict[str, tuple[int, int]] = {}
        with table.one_commit():
            if "n" not in self.options:
                self._flush(table)
            for number in range(start + 1, end):
                self._line(table, number, policies)
            if not committed:
                last = end + bool(self.lines[-1])
                raise _Failure(f"{self.program}: COMMIT expected at line {last}\n", 1)
        for name, counters in policies.items():
            table.chains[name].packets, table.chains[name].octets = counters

    def _line(self, table: XtTable, number: int, policies: dict[str, tuple[int, int]]) -> None:
        line = self.lines[number]
        if line.startswith("#") and "v" in self.options:
            self.process.out(f"{line}\n")
        if not line or line.startswith("#"):
            return
        try:
            if line.startswith(":"):
                self._chain(table, line, number, policies)
            else:
                self._command(table, line, number, policies)
        except RulesError as error:
            error.line = number + 1
            raise

    def _flush(self, table: XtTable) -> None:
        gone = told(table, Asked(letter="F")) + told(table, Asked(letter="X"))
        table.flush()
        table.delete_chain()
        if "v" in self.options:
            self.process.out(gone)

    def _chain(self, table: XtTable, line: str, number: int, policies: dict[str, tuple[int, int]]) -> None:
        """``:CHAIN POLICY [PACKETS:BYTES]``; the counters count with ``-c`` only, and then they must be there."""
        name, policy, counted = (*line[1:].split(None, 2), "", "", "")[:3]
        if not name:
            raise RulesError(f"{self.program}: line {number + 1} chain name invalid")
        if len(name.encode()) >= 29:
            raise RulesError(f"Invalid chain name `{name}' (28 chars max)")
        builtin = name in IPV4_TABLES[table.name]
        if not builtin and name in table.chains and "n" in self.options:
            table.flush(name)
        elif not builtin:
            try:
                table.new_chain(name)
            except RulesError:
                raise RulesError(f"error creating chain '{name}':File exists\n") from None
        if not policy:
            raise RulesError(f"{self.program}: line {number + 1} policy invalid")
        if policy == "-":
            return
        counters = _COUNTERS.match(counted)
        if "c" in self.options and not counters:
            raise RulesError(f"invalid policy counters for chain '{name}'")
        try:
            table.set_policy(name, policy)
        except RulesError as error:
            reason = error.message.removesuffix(". Run `dmesg' for more information")
            raise _Failure(
                f"{self.program} {version(self.process)}: Can't set policy `{policy}' on `{name}' "
                f"line {number + 1}: {reason}\n",
                1,
            ) from None
        policies[name] = (int(counters[1]), int(counters[2])) if counters and "c" in self.options else (0, 0)

    def _counted(self, line: str, number: int) -> tuple[list[str], str]:
        """``[PACKETS:BYTES]`` in front of a command, as the option that it stands for; and the command."""
        if not line.startswith("["):
            return [], line
        inside, bracket, rest = line[1:].partition("]")
        packets, _, octets = inside.partition(":")
        if not bracket or not octets:
            raise RulesError(f"Bad line {number + 1}: need ]")
        return (["--set-counters", packets, octets] if "c" in self.options else []), rest

    def _command(self, table: XtTable, line: str, number: int, policies: dict[str, tuple[int, int]]) -> None:
        counters, line = self._counted(line, number)
        words, columns = split_restore(line)
        for word, column in zip(words, columns, strict=True):
            long = word[:3] == "--t" and "--table".startswith(word)
            if line[column] != '"' and (long or word.startswith("-t")):
                raise RulesError(f"The -t option cannot be used in {self.program}.\n")
        words, columns = [*counters, *words], (*(0 for _ in counters), *columns)
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
        self.process.err(asked.warnings)
        # With -n the rules are not told (observed).
        if asked.verbose or ("v" in self.options and "n" not in self.options):
            self.process.out(told(table, asked))
        obey(table, asked)
        if asked.letter == "P":
            policies[asked.chain or ""] = asked.counters or (0, 0)

"""iptables -L, read back into a rule set as far as the information is there; what is lost is said."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from netlab.errors import InputError, NotModelledError
from netlab.rules._listed import TARGETS, match_words
from netlab.rules.model import BUILTIN, Chain, ListForm, Rule, RuleSet, SourceLine, Table
from netlab.rules.names import protocol_name
from netlab.rules.parse import parse_rules
from netlab.rules.words import Place

_CHAIN: Final = re.compile(
    r"Chain (\S+) \((?:policy (\w+)(?: (\d+[KMGT]?) packets, (\d+[KMGT]?) bytes)?|(\d+) references)\)\s*$"
)
_HEAD: Final = re.compile(r"(num +)?(pkts +bytes +)?target +prot opt +(in +out +)?source +destination\s*$")
_ROW: Final = re.compile(
    r"(?P<head>.*?)(?P<prot>!?[\w.-]+) +(?P<opt>--|-f|!f) *(?P<rest>.*?)\s*$",
)
_UNITS: Final = {"": 1, "K": 1000, "M": 10**6, "G": 10**9, "T": 10**12}

NO_DEVICES: Final = "a listing without -v does not show the interfaces of its rules"
NO_COUNTS: Final = "counters with K, M, G or T are rounded"
NO_TABLE: Final = "a listing does not name its table: taken for {} from its chains"


def _count(text: str) -> int:
    unit = text[-1] if text[-1] in "KMGT" else ""
    return int(text.rstrip("KMGT")) * _UNITS[unit]


def table_of(chains: Collection[str]) -> str:
    """The table whose built-in chains fit best.

    >>> table_of(["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "DOCKER"])
    'nat'
    """
    names = set(chains)
    order = ("filter", "nat", "raw", "mangle", "security")
    fitting = [t for t in order if {n for n in names if n in _ALL_BUILTIN} <= set(BUILTIN[t])]
    exact = [t for t in fitting if set(BUILTIN[t]) <= names]
    return (exact or fitting or ["filter"])[0]


_ALL_BUILTIN: Final = frozenset(name for chains in BUILTIN.values() for name in chains)


_HOOK_ORDER: Final = BUILTIN["mangle"]


def _starts_table(name: str, before: list[str]) -> bool:
    """Whether a chain after these must be another table's: built-in chains come first, in hook order."""
    if name in before:
        return True
    if name not in _HOOK_ORDER or not before:
        return False
    last = before[-1]
    return last not in _HOOK_ORDER or _HOOK_ORDER.index(last) > _HOOK_ORDER.index(name)


@dataclass(slots=True)
class _Columns:
    number: bool
    counts: bool
    devices: bool


@dataclass(slots=True)
class _Reader:
    source: str
    strict: bool
    tables: list[list[Chain]] = field(default_factory=list)
    columns: _Columns | None = None
    problems: list[InputError] = field(default_factory=list)
    losses: dict[str, None] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    numbers: bool = False

    def read(self, text: str, table: str | None) -> RuleSet:
        lines = text.split("\n")
        self.known = tuple(found[1] for line in lines if (found := _CHAIN.match(line.strip())))
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            at = SourceLine(self.source, number, raw.rstrip("\r"))
            try:
                self._line(raw.rstrip(), at)
            except InputError as problem:
                if self.strict:
                    raise
                self.problems.append(problem)
        made = []
        for chains in self.tables:
            name = table or table_of([c.name for c in chains])
            if table is None:
                self.losses[NO_TABLE.format(name)] = None
            made.append(Table(name, tuple(chains)))
        return RuleSet(
            tuple(made),
            counters=bool(self.columns and self.columns.counts),
            problems=tuple(self.problems),
            losses=tuple(self.losses),
            form=self._form(text),
        )

    def _form(self, text: str) -> ListForm:
        """The options and the release that print such a listing."""
        columns = self.columns or _Columns(False, False, False)
        by_name = bool(re.search(r"(?<=[ !])(anywhere|any)(?= |$)", text, re.MULTILINE))
        return ListForm(
            numeric=not by_name,
            verbose=columns.counts,
            exact=bool(re.search(r"^(?:num +)? {4}pkts", text, re.MULTILINE)),
            line_numbers=columns.number,
            release="1.8.9" if self.numbers or by_name else "1.6.0",
        )

    def _line(self, line: str, at: SourceLine) -> None:
        if found := _CHAIN.match(line):
            name, policy, packets, octets, _ = found.groups()
            if not self.tables or _starts_table(name, [c.name for c in self.tables[-1]]):
                self.tables.append([])
            packets_seen, octets_seen = (self._number(n) if n else 0 for n in (packets, octets))
            self.tables[-1].append(Chain(name, policy, (), packets_seen, octets_seen, at))
        elif found := _HEAD.match(line.lstrip()):
            self.columns = _Columns(bool(found[1]), bool(found[2]), bool(found[3]))
            if not self.columns.devices:
                self.losses[NO_DEVICES] = None
        elif not self.tables or self.columns is None:
            raise InputError(
                "not a line of iptables -L",
                source=at.source,
                line=at.number,
                text=at.text,
                column=0,
                expected="Chain NAME (policy ...), then the line of column heads",
            )
        else:
            rules = self._row(line, at, self.columns)
            last = self.tables[-1][-1]
            self.tables[-1][-1] = replace(last, rules=(*last.rules, *rules))

    def _number(self, text: str) -> int:
        if text[-1] in "KMGT":
            self.losses[NO_COUNTS] = None
        return _count(text)

    def _row(self, line: str, at: SourceLine, columns: _Columns) -> tuple[Rule, ...]:
        found = _ROW.match(line)
        if found is None:
            raise self._bad(at, "not a row of a listing", 0)
        head = found["head"].split()
        if columns.number and head:
            head.pop(0)
        packets = octets = 0
        if columns.counts:
            if len(head) < 2 or not all(re.fullmatch(r"\d+[KMGT]?", n) for n in head[:2]):
                raise self._bad(at, "no counters where the heads promise them", 0)
            packets, octets = (self._number(n) for n in head[:2])
            head = head[2:]
        if len(head) > 1:
            raise self._bad(at, "not a row of a listing", line.index(head[1]))
        width = 4 if columns.devices else 2
        parts = found["rest"].split(None, width)
        if len(parts) < width:
            raise self._bad(at, "columns are missing", found.start("rest"))
        words = self._conditions(found, parts[:width], columns)
        text = parts[width] if len(parts) > width else ""
        column = len(line) - len(text)
        words += self._extensions(head[0] if head else "", text, at, column)
        columns_of = tuple(column for _ in words)
        place = Place(at.source, at.number, at.text, columns_of)
        rules = parse_rules(words, chain="FORWARD", chains=self._chains(), place=place)
        return tuple(replace(rule, packets=packets, octets=octets) for rule in rules)

    def _chains(self) -> tuple[str, ...] | None:
        builtin = any(name in _ALL_BUILTIN for name in self.known)
        # a listing of one chain does not tell which other chains there are
        return self.known if builtin and len(self.known) > 1 else None

    def _conditions(self, row: re.Match[str], parts: list[str], columns: _Columns) -> list[str]:
        words: list[str] = []
        protocol = row["prot"]
        plain = protocol.lstrip("!")
        # only 1.8.9 -n prints a number where there is a name
        self.numbers |= plain.isdigit() and protocol_name(int(plain), lookup=False) is not None
        if protocol not in ("all", "0"):
            words += [*_bang(protocol), "-p", protocol.lstrip("!")]
        words += {"--": [], "-f": ["-f"], "!f": ["!", "-f"]}[row["opt"]]
        if columns.devices:
            for option, device in (("-i", parts[0]), ("-o", parts[1])):
                if device not in ("*", "any"):
                    words += [*_bang(device), option, device.lstrip("!")]
            parts = parts[2:]
        for option, address in (("-s", parts[0]), ("-d", parts[1])):
            if address not in ("anywhere", "0.0.0.0/0", "default"):
                plain = address.lstrip("!")
                words += [*_bang(address), option, "0.0.0.0/0" if plain == "anywhere" else plain]
        return words

    def _extensions(self, target: str, text: str, at: SourceLine, column: int) -> list[str]:
        goto = text.startswith("[goto]")
        if goto:
            text = text[6:].lstrip(" ")
        words, rest = match_words(text)
        if target == "CT" and rest == "NOTRACK":
            return [*words, "-j", "NOTRACK"]
        if target in TARGETS and target not in self.known:
            pattern, make = TARGETS[target]
            found = pattern.fullmatch(rest)
            if found:
                return [*words, "-j", target, *make(found)]
        elif not rest:
            return [*words, *(["-g" if goto else "-j", target] if target else [])]
        raise NotModelledError(
            f"not modelled: this part of a listing: {rest}",
            source=at.source,
            line=at.number,
            text=at.text,
            column=column + (len(text) - len(rest)),
            width=max(1, len(rest)),
            expected="the text of a match or target that netlab knows; iptables-save shows the whole rule",
        )

    def _bad(self, at: SourceLine, message: str, column: int) -> InputError:
        return InputError(
            message,
            source=at.source,
            line=at.number,
            text=at.text,
            column=column,
            expected="the columns that the heads above name",
        )


def _bang(text: str) -> list[str]:
    return ["!"] if text.startswith("!") else []


def read_listing(
    text: str, *, table: str | None = None, source: str = "<text>", strict: bool = True
) -> RuleSet:
    """The rule set of an ``iptables -L`` text, with or without -n, -v, -x, --line-numbers.

    ``table`` names the table; without it the chains tell. ``losses`` of the result says what the listing
    does not hold: the interfaces (without -v), exact counters, the table's name.

    Raises:
        InputError: a line cannot be read; without ``strict`` it is collected in ``problems``.
        NotModelledError: the text of a match or target that is not known.
    """
    return _Reader(source, strict).read(text, table)

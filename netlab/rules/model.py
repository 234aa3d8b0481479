"""Rule sets as values: rules, chains, tables, and the IPv4 rule set as one object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netlab.errors import InputError
from netlab.rules.shown import ShownRules

if TYPE_CHECKING:
    from netlab.rules.matches import Match
    from netlab.rules.targets import Target

BUILTIN: Final[dict[str, tuple[str, ...]]] = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
"""The built-in chains of each iptables table, in hook order (net/ipv4/netfilter/iptable_*.c)."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where something was read: file (or ``<text>``), line number from 1, and the line itself."""

    source: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One iptables rule.

    Addresses and masks are numbers (:func:`netlab.wire.ip`); ``src_mask`` 0 without ``src_inv`` means any.
    ``in_dev`` and ``out_dev`` are empty for any, and end in ``+`` for a prefix. ``proto`` 0 is any.
    ``fragment`` is True for ``-f``, False for ``! -f``, None for neither. ``target`` None only counts.
    ``packets`` and ``octets`` are the counters as read; ``line`` is where the rule stands.
    """

    src: int = 0
    src_mask: int = 0
    src_inv: bool = False
    dst: int = 0
    dst_mask: int = 0
    dst_inv: bool = False
    in_dev: str = ""
    in_inv: bool = False
    out_dev: str = ""
    out_inv: bool = False
    proto: int = 0
    proto_inv: bool = False
    fragment: bool | None = None
    matches: tuple[Match, ...] = ()
    target: Target | None = None
    packets: int = 0
    octets: int = 0
    line: SourceLine | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain: ``policy`` is ACCEPT or DROP for a built-in one, None for a user's."""

    name: str
    policy: str | None = None
    rules: tuple[Rule, ...] = ()
    packets: int = 0
    octets: int = 0
    line: SourceLine | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """A table: its chains in the order they were read; ``header`` and ``footer`` are its comment lines."""

    name: str
    chains: tuple[Chain, ...] = ()
    header: tuple[str, ...] = field(default=(), compare=False)
    footer: tuple[str, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> Chain:
        for chain in self.chains:
            if chain.name == name:
                return chain
        raise KeyError(name)

    def __iter__(self) -> Iterator[Chain]:
        return iter(self.chains)

    def __repr__(self) -> str:
        rules = sum(len(chain.rules) for chain in self.chains)
        return f"<table {self.name}: {len(self.chains)} chains, {rules} rules>"

    def list(
        self,
        chain: str | None = None,
        *,
        number: int | None = None,
        numeric: bool = False,
        verbose: bool = False,
        exact: bool = False,
        line_numbers: bool = False,
        release: str = "1.8.9",
    ) -> str:
        """What ``iptables -L`` prints of this table (:func:`netlab.rules.listing.list_table`)."""
        from netlab.rules.listing import list_table

        return list_table(
            self,
            chain,
            number=number,
            numeric=numeric,
            verbose=verbose,
            exact=exact,
            line_numbers=line_numbers,
            release=release,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListForm:
    """How a listing was printed: the options of ``iptables -L``, and the release that prints so."""

    numeric: bool = False
    verbose: bool = False
    exact: bool = False
    line_numbers: bool = False
    release: str = "1.8.9"


@dataclass(frozen=True, slots=True, repr=False)
class RuleSet(ShownRules):
    """An IPv4 rule set: tables in the order they were read.

    ``counters`` tells whether the rules carried counters; ``remarks`` are comment lines besides the usual head
    and foot of a table; ``problems`` are the lines that could not be read. ``form`` is set for a listing, and
    ``losses`` says what the listing does not hold.
    """

    tables: tuple[Table, ...] = ()
    counters: bool = field(default=False, compare=False)
    remarks: tuple[SourceLine, ...] = field(default=(), compare=False)
    problems: tuple[InputError, ...] = field(default=(), compare=False)
    losses: tuple[str, ...] = field(default=(), compare=False)
    form: ListForm | None = field(default=None, compare=False)

    def __getitem__(self, name: str) -> Table:
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)

    def save(self, *, counters: bool | None = None) -> str:
        """What iptables-save prints of it; ``counters`` as its ``-c``, None: as it was read."""
        from netlab.rules.save import write_save

        return write_save(self, counters=counters)

    def list(self, form: ListForm | None = None) -> str:
        """What ``iptables -L`` prints of each table, one after the other."""
        from netlab.rules.listing import list_table

        form = form or self.form or ListForm()
        texts = (
            list_table(
                table,
                numeric=form.numeric,
                verbose=form.verbose,
                exact=form.exact,
                line_numbers=form.line_numbers,
                release=form.release,
            )
            for table in self.tables
        )
        return "\n".join(texts)

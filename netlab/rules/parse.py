"""Reading rules and commands: the words after ``-A CHAIN``, and whole iptables command lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from netlab.errors import InputError
from netlab.rules._commandline import Reader
from netlab.rules.command import Command
from netlab.rules.model import Rule
from netlab.rules.words import Place, Words


def parse_command(
    argv: Sequence[str],
    *,
    table: str = "filter",
    chains: Callable[[str], Collection[str]] | Collection[str] | None = None,
    sets: Collection[str] | None = None,
    place: Place | None = None,
    restore: bool = False,
) -> Command:
    """One iptables command: ``argv`` is what follows the program's name.

    ``chains`` are the chains of the table, or a function from a table's name to them; without it every
    unknown target is taken for a chain. ``sets`` are the names of the ipsets there are; without it every
    name is taken. ``table`` is the one meant without ``-t``; ``restore`` is for
    lines of a restore file, where ``-t`` is refused. Nothing is applied and the kernel's own checks are
    not made (:mod:`netlab.rules.checks`).

    >>> command = parse_command(["-t", "nat", "-A", "POSTROUTING", "-o", "eth0", "-j", "MASQUERADE"])
    >>> command.letter, command.table, command.chain, command.rules[0].target
    ('A', 'nat', 'POSTROUTING', Masquerade(ports=None, base=None, random=False, random_fully=False))

    Raises:
        RulesError: what iptables 1.8.9 refuses, with its message and exit code.
        NotModelledError: a match, target or option that is real and not modelled.
    """
    look = chains if callable(chains) else None
    if chains is not None and look is None:
        fixed: Collection[str] = chains  # type: ignore[assignment]
        look = lambda _: fixed  # noqa: E731
    words = Words(argv, place or Place())
    return Reader(words, table=table, chains=look, sets=sets, restore=restore).read()


def parse_rules(
    argv: Sequence[str],
    *,
    chain: str = "FORWARD",
    table: str = "filter",
    chains: Callable[[str], Collection[str]] | Collection[str] | None = None,
    place: Place | None = None,
) -> tuple[Rule, ...]:
    """The rules of the words after ``-A CHAIN``: more than one where ``-s`` or ``-d`` has a list.

    >>> [rule.src for rule in parse_rules(["-s", "10.0.0.1,10.0.0.2", "-j", "DROP"])]
    [167772161, 167772162]

    Raises:
        RulesError: what iptables 1.8.9 refuses, with its message and exit code.
        NotModelledError: a match, target or option that is real and not modelled.
    """
    if place is not None and place.columns:
        place = Place(place.source, place.line, place.text, (0, 0, *place.columns))
    return parse_command(["-A", chain, *argv], table=table, chains=chains, place=place).rules


def parse_rule(argv: Sequence[str], *, chain: str = "FORWARD", table: str = "filter") -> Rule:
    """The one rule of the words after ``-A CHAIN``.

    >>> parse_rule("-p tcp --dport 80 -j ACCEPT".split()).matches[0].dports
    (80, 80)

    Raises:
        InputError: the words are no rule, or are several.
    """
    rules = parse_rules(argv, chain=chain, table=table)
    if len(rules) != 1:
        raise InputError(f"{len(rules)} rules where one is expected", text=" ".join(argv))
    return rules[0]

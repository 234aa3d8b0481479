"""Rule sets from commands: what a program that runs iptables leaves behind."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace

from netlab.errors import InputError
from netlab.rules.command import Command
from netlab.rules.model import BUILTIN, Chain, Rule, RuleSet, Table
from netlab.rules.parse import parse_command
from netlab.rules.words import Place


class Builder:
    """Tables that iptables commands change; :meth:`rules` is what iptables-save would print.

    Tables exist once a command has named them, and the newest is printed first.
    """

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, list[Rule]]] = {}
        self._policies: dict[tuple[str, str], str] = {}

    def chains(self, table: str) -> tuple[str, ...]:
        """The chains of a table."""
        return tuple(self._tables.get(table, BUILTIN.get(table, ())))

    def run(self, line: str, *, number: int | None = None) -> None:
        """One command line that begins with ``iptables``; lines of ``ipset`` and ``sysctl`` are passed over.

        Raises:
            RulesError: iptables would refuse the words.
            InputError: the command does not fit the chains and rules there are, or is not one of -N -A -I -D -P.
        """
        argv = shlex.split(line)
        if argv[0] in ("ipset", "sysctl"):
            return
        if argv[0] != "iptables":
            raise InputError(
                "not an iptables command", line=number, text=line, column=0, expected="iptables ..."
            )
        place = Place(line=number, text=line)
        command = parse_command(argv[1:], chains=self.chains, place=place)
        self._apply(command, line, number)

    def _apply(self, command: Command, line: str, number: int | None) -> None:
        table = self._tables.setdefault(command.table, {name: [] for name in BUILTIN[command.table]})
        chain = command.chain or ""
        if command.letter == "N" and chain not in table:
            table[chain] = []
            return
        if chain not in table or command.letter not in "AIDP":
            raise InputError(
                f"cannot -{command.letter} {chain}",
                line=number,
                text=line,
                expected="-N of a new chain, or -A -I -D -P of one there is",
            )
        rules = table[chain]
        if command.letter == "P":
            self._policies[command.table, chain] = command.policy or "ACCEPT"
        elif command.letter == "A":
            rules.extend(command.rules)
        elif command.letter == "I":
            at = (command.number or 1) - 1
            rules[at:at] = command.rules
        else:
            for rule in command.rules:
                if rule not in rules:
                    raise InputError("no such rule", line=number, text=line)
                rules.remove(rule)

    def rules(self) -> RuleSet:
        """The rule set: built-in chains in hook order, then the users' by name."""
        tables = []
        for name, chains in reversed(self._tables.items()):
            builtin = BUILTIN[name]
            order = (*builtin, *sorted(set(chains) - set(builtin)))
            made = tuple(
                Chain(
                    chain,
                    self._policies.get((name, chain), "ACCEPT") if chain in builtin else None,
                    tuple(replace(rule, line=None) for rule in chains[chain]),
                )
                for chain in order
            )
            tables.append(Table(name, made))
        return RuleSet(tuple(tables))


def build_rules(commands: Iterable[str]) -> RuleSet:
    """The rule set that these iptables commands leave in empty tables.

    >>> build_rules(["iptables -t nat -N DOCKER", "iptables -t nat -I DOCKER -i docker0 -j RETURN"])
    <iptables rules: nat 5 chains, 1 rule>

    Raises:
        InputError: a command that cannot be carried out.
    """
    builder = Builder()
    for number, line in enumerate(commands, 1):
        builder.run(line, number=number)
    return builder.rules()

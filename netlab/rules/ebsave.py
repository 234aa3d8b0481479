"""ebtables-save text: read into a rule set, and printed back as the real program prints it.

The legacy program is a script over ``ebtables -L`` (2.0.10, 2.0.11); ebtables-nft-save prints the same grammar with
full MAC addresses, counters in front, and fewer names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from netlab.errors import InputError
from netlab.rules import ebmodel as eb
from netlab.rules.eblisting import read_eb_rule
from netlab.rules.ebtext import eb_rule_text
from netlab.rules.model import SourceLine

# A blank after the colon is damage done by web pages; it is read.
_CHAIN: Final = re.compile(r":\s*(\S+)\s+(\S+)\s*$")
_RULE: Final = re.compile(r"\s*(?:\[(\d+):(\d+)\] )?-A (\S+) ")
_EXPECTED: Final = "# comment, *table, :CHAIN POLICY, or -A CHAIN ..."


@dataclass(slots=True)
class _SoFar:
    policy: eb.Verdict
    line: SourceLine
    rules: list[eb.EbRule] = field(default_factory=list)


_Named = tuple[str, dict[str, _SoFar]]


def read_eb_save(text: str, *, source: str = "<text>", strict: bool = True) -> eb.EbRuleSet:
    """The rule set of an ebtables-save text.

    Raises:
        InputError: a line cannot be read; without ``strict`` it is collected in ``problems``.
        EbtablesError: ebtables would refuse it, in its words.
        NotModelledError: something real that is not modelled.
    """
    tables: list[_Named] = []
    header: list[str] = []
    footers: list[list[str]] = []
    problems: list[InputError] = []
    counters = False
    for number, raw in enumerate(text.split("\n"), 1):
        at = SourceLine(source, number, raw.rstrip("\r"))
        line = raw.strip()
        if not line or line == "COMMIT":
            continue
        try:
            if line[0] == "#":
                (footers[-1] if tables else header).append(line)
            elif line[0] == "*":
                tables.append((_table(line[1:].strip(), at), {}))
                footers.append([])
            elif line[0] == ":":
                name, policy = _chain_line(at, tables)
                tables[-1][1][name] = _SoFar(policy, at)
            else:
                found = _RULE.match(at.text)
                if found is None or not tables:
                    raise _bad(at, "not a line of ebtables-save", 0)
                table, chains = tables[-1]
                if found[3] not in chains:
                    raise _bad(at, f"the chain {found[3]} is not declared above", found.start(3))
                rule = read_eb_rule(at, table, found[3], [*chains], found.end())
                if found[1]:
                    rule = replace(rule, packets=int(found[1]), octets=int(found[2]))
                chains[found[3]].rules.append(rule)
                counters = counters or bool(found[1]) or re.search(r"-c \d+ \d+$", line) is not None
        except InputError as problem:
            if strict:
                raise
            problems.append(problem)
    flavour: Literal["legacy", "nft"] = (
        "nft" if any("nf_tables" in h or "nft" in h for h in header) else "legacy"
    )
    return eb.EbRuleSet(
        tuple(
            eb.EbTable(
                name,
                tuple(eb.EbChain(n, c.policy, tuple(c.rules), c.line) for n, c in chains.items()),
                tuple(footer),
            )
            for (name, chains), footer in zip(tables, footers, strict=True)
        ),
        flavour,
        tuple(header),
        counters,
        tuple(problems),
    )


def _bad(at: SourceLine, message: str, column: int) -> InputError:
    return InputError(
        message, source=at.source, line=at.number, text=at.text, column=column, expected=_EXPECTED
    )


def _table(name: str, at: SourceLine) -> str:
    if name not in eb.EB_BUILTIN:
        raise InputError(
            f"unknown table {name}",
            source=at.source,
            line=at.number,
            text=at.text,
            column=1,
            width=len(name),
            expected="one of " + ", ".join(eb.EB_BUILTIN),
        )
    return name


def _chain_line(at: SourceLine, tables: list[_Named]) -> tuple[str, eb.Verdict]:
    found = _CHAIN.match(at.text.strip())
    if found is None or not tables:
        raise _bad(at, "not a chain line" if tables else "a chain outside of a table", 0)
    if found[2] not in eb.POLICIES:
        raise _bad(at, f"unknown policy {found[2]}", at.text.index(found[2]))
    return found[1], eb.POLICIES[found[2]]


def write_eb_save(rules: eb.EbRuleSet, *, counters: bool | None = None) -> str:
    """The text that ebtables-save prints for a rule set; ``counters``: None as it was read.

    >>> text = "*broute\\n:BROUTING ACCEPT\\n-A BROUTING -p ARP -j DROP\\n\\n"
    >>> write_eb_save(read_eb_save(text)) == text
    True
    """
    shown = rules.counters if counters is None else counters
    nft = rules.flavour == "nft"
    lines = [*rules.header]
    for table in rules.tables:
        lines.append(f"*{table.name}")
        lines += [f":{chain.name} {chain.policy}" for chain in table.chains]
        for chain in table.chains:
            for rule in chain.rules:
                text = eb_rule_text(rule, nft=nft)
                if nft:
                    counted = f"[{rule.packets}:{rule.octets}] " if shown else ""
                    lines.append(f"{counted}-A {chain.name} {text}")
                else:
                    text = f"{text}-c {rule.packets} {rule.octets}" if shown else text.removesuffix(" ")
                    lines.append(f"-A {chain.name} {text}")
        if not nft:
            lines.append("")
        lines += table.footer
    return "".join(f"{line}\n" for line in lines)

"""ebtables -L: printed byte for byte as 2.0.10/2.0.11 or ebtables-nft 1.8.9 prints it, and read back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from netlab.errors import InputError
from netlab.rules import ebmodel as eb
from netlab.rules.ebcommand import parse_eb_rule
from netlab.rules.ebtext import eb_rule_text
from netlab.rules.model import SourceLine
from netlab.rules.words import Place, split_restore

_TABLE: Final = re.compile(r"Bridge table: (\S+)\s*$")
_CHAIN: Final = re.compile(r"Bridge chain: (\S+), entries: (\d+), policy: (\w+)\s*$")
_NUMBER: Final = re.compile(r"\s*\d+\.? ")
_COUNTS: Final = re.compile(r"(?:, pcnt = (\d+) -- bcnt = (\d+)|-c (\d+) (\d+))\s*$")

# What only ebtables-nft prints: a number without a dot, no blank after a verdict, a blank after a chain's name.
_NFT: Final = re.compile(
    r"^\d+ -|-j (?:ACCEPT|DROP|CONTINUE|RETURN)$|-j (?!ACCEPT|DROP|CONTINUE|RETURN|redirect)\S+ , pcnt",
    re.MULTILINE,
)


def list_eb_table(
    table: eb.EbTable,
    chain: str | None = None,
    *,
    counters: bool = False,
    numbers: bool = False,
    commands: bool = False,
    mac2: bool = False,
    nft: bool = False,
) -> str:
    """What ``ebtables -t TABLE -L [CHAIN]`` prints with --Lc, --Ln, --Lx, --Lmac2; ``nft``: ebtables-nft.

    ebtables-nft heeds of these only --Lc and --Ln.
    """
    commands = commands and not nft
    chains = [c for c in table.chains if chain is None or c.name == chain]
    lines: list[str] = []
    if not commands:
        lines.append(f"Bridge table: {table.name}")
    elif chain is None:
        builtin = eb.EB_BUILTIN[table.name]
        lines += [f"ebtables -t {table.name} -N {c.name}" for c in chains[len(builtin) :]]
        if len(chains) > len(builtin):
            renamed = [(hook, c.name) for hook, c in zip(builtin, chains, strict=False) if c.name != hook]
            lines += [f"ebtables -t {table.name} -E {hook} {name}" for hook, name in renamed]
    for one in chains:
        if not commands:
            lines += ["", f"Bridge chain: {one.name}, entries: {len(one.rules)}, policy: {one.policy}"]
        elif one.policy != "ACCEPT":
            lines.append(f"ebtables -t {table.name} -P {one.name} {one.policy}")
        width = len(str(len(one.rules)))
        for index, rule in enumerate(one.rules, 1):
            text = eb_rule_text(rule, mac2=mac2, nft=nft)
            if commands:
                text = f"ebtables -t {table.name} -A {one.name} {text}"
                text += f"-c {rule.packets} {rule.octets}" if counters else ""
            elif counters:
                text += f"{' ' if nft else ''}, pcnt = {rule.packets} -- bcnt = {rule.octets}"
            number = f"{index} " if nft else f"{index:>{width}}. "
            lines.append(f"{number}{text}" if numbers else text)
    return "".join(f"{line}\n" for line in lines)


def read_eb_listing(text: str, *, source: str = "<text>", strict: bool = True) -> eb.EbRuleSet:
    """The rule set of an ``ebtables -L`` text (not of ``--Lx``, which is a script).

    Raises:
        InputError: a line cannot be read; without ``strict`` it is collected in ``problems``.
    """
    tables: list[tuple[str, list[eb.EbChain]]] = []
    problems: list[InputError] = []
    counted = False
    lines = text.split("\n")
    known = [found[1] for line in lines if (found := _CHAIN.match(line.strip()))]
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line:
            continue
        at = SourceLine(source, number, raw.rstrip("\r"))
        try:
            if found := _TABLE.match(line):
                tables.append((found[1], []))
            elif found := _CHAIN.match(line):
                if not tables:
                    tables.append(("filter", []))
                tables[-1][1].append(_chain(found, at))
            elif not tables or not tables[-1][1]:
                raise InputError(
                    "not a line of ebtables -L",
                    source=source,
                    line=number,
                    text=at.text,
                    column=0,
                    expected="Bridge table: NAME, then Bridge chain: NAME, entries: N, policy: P",
                )
            else:
                name, chains = tables[-1]
                rule = read_eb_rule(at, name, chains[-1].name, known)
                counted = counted or bool(_COUNTS.search(raw))
                chains[-1] = replace(chains[-1], rules=(*chains[-1].rules, rule))
        except InputError as problem:
            if strict:
                raise
            problems.append(problem)
    return eb.EbRuleSet(
        tuple(eb.EbTable(name, tuple(chains)) for name, chains in tables),
        "nft" if _NFT.search(text) else "legacy",
        counters=counted,
        problems=tuple(problems),
        form=eb.EbListForm(
            numbers=bool(re.search(r"^ *1\.? -", text, re.MULTILINE)),
            mac2=bool(re.search(r"[ /]0[0-9a-f]:[0-9a-f]{2}:", text)),
        ),
    )


def _chain(found: re.Match[str], at: SourceLine) -> eb.EbChain:
    if found[3] in eb.POLICIES:
        return eb.EbChain(found[1], eb.POLICIES[found[3]], (), at)
    raise InputError(
        f"unknown policy {found[3]}",
        source=at.source,
        line=at.number,
        text=at.text,
        column=found.start(3),
        width=len(found[3]),
        expected="ACCEPT, DROP or RETURN",
    )


def read_eb_rule(
    at: SourceLine, table: str, chain: str, chains: list[str], start: int | None = None
) -> eb.EbRule:
    """One rule line of a listing or, from column ``start`` on, of ebtables-save."""
    text = at.text
    if start is None:
        number = _NUMBER.match(text)
        start = number.end() if number else 0
    counts = _COUNTS.search(text)
    body = text[: counts.start()] if counts else text
    words, columns = split_restore(body, start)
    place = Place(at.source, at.number, text, columns)
    rule = parse_eb_rule(_empty_prefix(body, words), chain=chain, table=table, chains=chains, place=place)
    if counts:
        packets, octets = (int(n) for n in counts.groups() if n is not None)
        rule = replace(rule, packets=packets, octets=octets)
    return rule


def _empty_prefix(body: str, words: list[str]) -> list[str]:
    """Puts back the empty prefix ``""``, which splitting loses."""
    if '--log-prefix ""' not in body:
        return words
    at = words.index("--log-prefix")
    return [*words[: at + 1], "", *words[at + 1 :]]

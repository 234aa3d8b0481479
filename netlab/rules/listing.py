"""iptables -L: printed byte for byte as the real program prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from netlab.rules.matches.track import Conntrack
from netlab.rules.model import Chain, Rule, Table
from netlab.rules.names import protocol_name
from netlab.rules.numbers import mask_suffix
from netlab.rules.targets import Goto, Jump
from netlab.wire import ip_text

_U64: Final = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class Style:
    """What differs between releases of iptables in a listing."""

    numeric_protocols: bool = False


STYLES: Final[dict[str, Style]] = {
    "1.6.0": Style(),
    "1.8.9": Style(numeric_protocols=True),
    "1.8.10": Style(),
}
"""``-n`` prints protocols by number in 1.8.9 alone: a slip of that release, mended in 1.8.10."""


def abbreviated(count: int) -> tuple[str, str]:
    """A counter as ``-v`` prints it: digits, and the unit K, M, G, T or none (libxtables/xtables.c).

    >>> "".join(abbreviated(99999)), "".join(abbreviated(100499)), "".join(abbreviated(9999500))
    ('99999', '100K', '10M')
    """
    if count <= 99999:
        return str(count), ""
    for unit in "KMG":
        count = (count + 500 & _U64) // 1000
        if count <= 9999:
            return str(count), unit
    return str((count + 500) // 1000), "T"


def _count(count: int, exact: bool) -> str:
    if exact:
        return f"{count:8d} "
    digits, unit = abbreviated(count)
    return f"{digits:>4}{unit} " if unit else f"{digits:>5} "


def _address(address: int, mask: int, numeric: bool) -> str:
    if not mask and not numeric:
        return "anywhere"
    return ip_text(address) + mask_suffix(mask)


def looked_up(rule: Rule) -> Iterator[int]:
    """The addresses whose names a listing without ``-n`` asks for, in the order in which it prints them.

    >>> from netlab.rules.parse import parse_rule
    >>> [ip_text(address) for address in looked_up(parse_rule("-s 10.0.0.0/8 -j DNAT --to 10.1.1.1".split()))]
    ['10.0.0.0']
    """
    if rule.src_mask:
        yield rule.src
    if rule.dst_mask:
        yield rule.dst
    for match in rule.matches:
        if isinstance(match, Conntrack):
            yield from (address for address in match.addresses if address)


def references(chains: Iterable[Chain]) -> dict[str, int]:
    """How many rules lead to each chain."""
    found: dict[str, int] = {}
    for chain in chains:
        for rule in chain.rules:
            if isinstance(rule.target, Jump | Goto):
                found[rule.target.name] = found.get(rule.target.name, 0) + 1
    return found


def list_rule(
    rule: Rule,
    number: int | None = None,
    *,
    numeric: bool = False,
    verbose: bool = False,
    exact: bool = False,
    release: str = "1.8.9",
) -> str:
    """One row of a listing, without its line feed; ``number`` is its number with ``--line-numbers``.

    >>> from netlab.rules.parse import parse_rule
    >>> list_rule(parse_rule("-p tcp --dport 80 -j ACCEPT".split()))
    'ACCEPT     tcp  --  anywhere             anywhere             tcp dpt:http'
    """
    out = "" if number is None else f"{number:<4d} "
    if verbose:
        out += _count(rule.packets, exact) + _count(rule.octets, exact)
    target = rule.target
    out += f"{target.label if target else '':<9} {'!' if rule.proto_inv else ' '}"
    name = protocol_name(rule.proto, lookup=not numeric)
    if name is None or (numeric and STYLES[release].numeric_protocols):
        name = str(rule.proto)
    out += f"{name:<4} "
    out += "--" if rule.fragment is None else "-f" if rule.fragment else "!f"
    out += " "
    if verbose:
        anything = "*" if numeric else "any"
        out += f" {('!' if rule.in_inv else '') + (rule.in_dev or anything):<6} "
        out += f"{('!' if rule.out_inv else '') + (rule.out_dev or anything):<6} "
    out += f"{'!' if rule.src_inv else ' '}{_address(rule.src, rule.src_mask, numeric):<19} "
    out += f"{'!' if rule.dst_inv else ' '}{_address(rule.dst, rule.dst_mask, numeric):<19} "
    return out + _tail(rule, numeric)


def told_rule(rule: Rule) -> str:
    """A rule as ``-v`` beside ``-A``, ``-I``, ``-R``, ``-D`` and ``-C`` tells it (``FMT_PRINT_RULE``).

    >>> from netlab.rules.parse import parse_rule
    >>> told_rule(parse_rule("! -i lo -p tcp --dport 80 -j ACCEPT".split()))
    'ACCEPT  tcp opt -- in !lo out *  0.0.0.0/0  -> 0.0.0.0/0   tcp dpt:80'
    """
    target = rule.target
    name = protocol_name(rule.proto, lookup=False) or str(rule.proto)
    out = f"{target.label if target else ''} {'!' if rule.proto_inv else ' '}{name} opt "
    out += "-- " if rule.fragment is None else "-f " if rule.fragment else "!f "
    out += f"in {'!' if rule.in_inv else ''}{rule.in_dev or '*'} "
    out += f"out {'!' if rule.out_inv else ''}{rule.out_dev or '*'} "
    out += f"{'!' if rule.src_inv else ' '}{_address(rule.src, rule.src_mask, True)} "
    out += f"{'!' if rule.dst_inv else ' '}-> {_address(rule.dst, rule.dst_mask, True)}  "
    return out + _tail(rule, True)


def _tail(rule: Rule, numeric: bool) -> str:
    """The part of a row that the matches and the target write."""
    target = rule.target
    out = "[goto] " if isinstance(target, Goto) else ""
    for match in rule.matches:
        out += f" {match.list(numeric, rule.proto)}"
    text = target.list(numeric) if target else ""
    return f"{out} {text}" if text else out


def _head(chain: Chain, refs: int, *, line_numbers: bool, verbose: bool, exact: bool) -> Iterator[str]:
    if chain.policy is None:
        yield f"Chain {chain.name} ({refs} references)"
    elif verbose:
        packets = _count(chain.packets, exact).lstrip() if not exact else f"{chain.packets} "
        octets = _count(chain.octets, exact).lstrip() if not exact else f"{chain.octets} "
        yield f"Chain {chain.name} (policy {chain.policy} {packets}packets, {octets}bytes)"
    else:
        yield f"Chain {chain.name} (policy {chain.policy})"
    out = "num  " if line_numbers else ""
    if verbose:
        out += f"{'pkts':>8} {'bytes':>10} " if exact else f"{'pkts':>5} {'bytes':>5} "
    out += f"{'target':<9}  prot opt"
    if verbose:
        out += f" {'in':<6} {'out':<6} "
    yield f"{out} {'source':<19}  {'destination':<19} "


def list_table(
    table: Table,
    chain: str | None = None,
    *,
    number: int | None = None,
    numeric: bool = False,
    verbose: bool = False,
    exact: bool = False,
    line_numbers: bool = False,
    release: str = "1.8.9",
) -> str:
    """What ``iptables -t TABLE -L [CHAIN [NUMBER]]`` prints.

    ``release`` is one of :data:`STYLES`. An unknown chain gives an empty text: the caller says so.
    """
    refs = references(table.chains)
    blocks = []
    for one in table.chains:
        if chain is not None and one.name != chain:
            continue
        lines: list[str] = []
        if number is None:
            lines.extend(
                _head(one, refs.get(one.name, 0), line_numbers=line_numbers, verbose=verbose, exact=exact)
            )
        for index, rule in enumerate(one.rules, 1):
            if number is None or index == number:
                lines.append(
                    list_rule(
                        rule,
                        index if line_numbers else None,
                        numeric=numeric,
                        verbose=verbose,
                        exact=exact,
                        release=release,
                    )
                )
        blocks.append("".join(f"{line}\n" for line in lines))
    return "\n".join(blocks)

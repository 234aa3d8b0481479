"""The quick way for rule lines in iptables-save's own spelling; everything else goes the long way.

A dump of 50,000 rules repeats its matches and targets: each run of options is read once, by the same option
tables as the long way, and remembered. A line that does not fit exactly is left to the long way, which reads
it or says what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.errors import Asked, RulesError
from netlab.rules.model import Rule, SourceLine
from netlab.rules.names import CHAIN_PROTOCOLS
from netlab.rules.options import Call, Extension, Use
from netlab.wire import ip, mask_of

_RULE: Final = re.compile(
    r"(?:\[(\d+):(\d+)\] )?-A (\S+)"
    r"(?:( !)? -s ([\d.]+)/(\d+))?"
    r"(?:( !)? -d ([\d.]+)/(\d+))?"
    r"(?:( !)? -i ([^\s!\"-]\S*))?"
    r"(?:( !)? -o ([^\s!\"-]\S*))?"
    r"(?:( !)? -p ([a-z0-9]+))?"
    r"((?: !)? -f)?"
    r"((?: -m .*?)?)"
    r"(?: -([jg]) (\S+)(.*))?"
)

_COMMENT: Final = 'comment --comment "'

Matches = tuple[m.Match, ...]


class _NotThisWay(Exception):
    """The line needs the long way."""


def _leave(message: str, *, modelled: bool = True, asked: Asked = ()) -> NoReturn:
    raise _NotThisWay(message)


def _use(extension: Extension, text: str, proto: int, proto_inv: bool) -> Any:
    """A match or target from its own options, each by its full name; one quoted word may end them."""
    use = Use(extension)
    if '"' not in text:
        words = text.split()
    else:
        # a blank in quotes may have cut the run in the wrong place; then the quotes do not pair up
        before, quoted, *after = text.split('"')
        if after != [""]:
            raise _NotThisWay
        words = [*before.split(), quoted]
    options = {f"--{option.name}": option for option in extension.options}
    at, invert = 0, False
    while at < len(words):
        word = words[at]
        at += 1
        if word == "!" and not invert:
            invert = True
            continue
        option = options.get(word)
        if option is None:
            raise _NotThisWay
        takes = 2 if option.second else 1 if option.read else 0
        if at + takes > len(words):
            raise _NotThisWay
        call = Call(extension.name, option.name, proto, proto_inv, _leave, _leave)
        use.take(option, invert, tuple(words[at : at + takes]), call)
        at += takes
        invert = False
    if invert:
        raise _NotThisWay
    return use.finish(_leave, _leave)


class FastLines:
    """Reads rule lines of one table; ``chains`` are its chains' rule lists, which it appends to."""

    def __init__(self, source: str, table: str) -> None:
        self.source = source
        self.table = table
        self.chains: dict[str, list[Rule]] = {}
        self.counters = False
        self.segments: dict[tuple[str, int, bool], m.Match] = {}
        self.runs: dict[tuple[str, int, bool], Matches] = {}
        self.targets: dict[tuple[str, str, str, int], t.Target] = {}
        self.networks: dict[tuple[str, str], tuple[int, int]] = {}

    def rule(self, line: str, number: int) -> bool:
        """Appends the rule of a line and says so, or leaves the line alone."""
        found = _RULE.fullmatch(line)
        if found is None or "\\" in line or len(line) > 255:
            return False
        packets, octets, chain, s_inv, s, s_len, d_inv, d, d_len, i_inv, i, o_inv, o, *rest = found.groups()
        p_inv, p, fragment, matches, letter, name, options = rest
        rules = self.chains.get(chain)
        if rules is None or (i and len(i) > 15) or (o and len(o) > 15) or '""' in matches:
            return False
        try:
            proto = 0
            if p:
                proto = CHAIN_PROTOCOLS[p] if p in CHAIN_PROTOCOLS else int(p)
                if not 0 < proto < 256:
                    return False
            src, src_mask = self._network(s, s_len) if s else (0, 0)
            dst, dst_mask = self._network(d, d_len) if d else (0, 0)
            key = (matches, proto, bool(p_inv))
            run = self.runs.get(key)
            if run is None:
                run = self.runs[key] = self._matches(*key)
            target = self._target(letter, name, options, proto) if letter else None
        except (_NotThisWay, RulesError, ValueError, KeyError):
            return False
        if (i and chain in ("OUTPUT", "POSTROUTING")) or (o and chain in ("INPUT", "PREROUTING")):
            return False
        if packets is not None:
            self.counters = True
        rules.append(
            Rule(
                src,
                src_mask,
                s_inv is not None,
                dst,
                dst_mask,
                d_inv is not None,
                i or "",
                i_inv is not None,
                o or "",
                o_inv is not None,
                proto,
                p_inv is not None,
                None if not fragment else fragment == " -f",
                run,
                target,
                int(packets) if packets else 0,
                int(octets) if octets else 0,
                SourceLine(self.source, number, line),
            )
        )
        return True

    def _network(self, address: str, length: str) -> tuple[int, int]:
        known = self.networks.get((address, length))
        if known is None:
            if not 0 < int(length) <= 32:
                raise _NotThisWay
            mask = mask_of(int(length))
            known = self.networks[address, length] = (ip(address) & mask, mask)
        return known

    def _matches(self, text: str, proto: int, proto_inv: bool) -> Matches:
        if not text:
            return ()
        found: list[m.Match] = []
        for piece in text.split(" -m ")[1:]:
            key = (piece, proto, proto_inv)
            match = self.segments.get(key)
            if (
                match is None
                and piece.startswith(_COMMENT)
                and piece.find('"', len(_COMMENT)) == len(piece) - 1
            ):
                # nearly every line of a kube-proxy dump has a comment of its own
                match = self.segments[key] = m.Comment(piece[len(_COMMENT) : -1])
            if match is None:
                name, _, options = piece.partition(" ")
                match = self.segments[key] = _use(m.EXTENSIONS[name], options, proto, proto_inv)
            found.append(match)
        return tuple(found)

    def _target(self, letter: str, name: str, options: str, proto: int) -> t.Target:
        key = (letter, name, options, proto)
        known = self.targets.get(key)
        if known is not None:
            return known
        made: t.Target
        if self.table == "nat" and name == "DROP":
            raise _NotThisWay
        if name in self.chains:
            if options:
                raise _NotThisWay
            made = t.Goto(name) if letter == "g" else t.Jump(name)
        elif letter == "g":
            raise _NotThisWay
        elif name in t.VERDICTS:
            if options:
                raise _NotThisWay
            made = t.VERDICTS[name]
        else:
            made = _use(t.EXTENSIONS[name], options, proto, False)
        self.targets[key] = made
        return made

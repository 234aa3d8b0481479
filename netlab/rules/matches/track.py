"""Matches on marks and on the connection: mark, connmark, conntrack, state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from netlab.rules.matches.base import Match, bang
from netlab.rules.matches.header import Range
from netlab.rules.numbers import mark_text, mask_suffix, range_text
from netlab.rules.options import Call, Extension, Option, Reader
from netlab.rules.readers import integers, mark, network, ports, protocol
from netlab.wire import ip_text


@dataclass(frozen=True, slots=True)
class Mark(Match):
    """(packet mark & mask) == value."""

    name: ClassVar[str] = "mark"
    value: int = 0
    mask: int = 0xFFFFFFFF
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --mark {mark_text(self.value, self.mask)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"mark match{bang(self.inv)} {mark_text(self.value, self.mask)}"


@dataclass(frozen=True, slots=True)
class Connmark(Match):
    """(connection mark & mask) == value; without a connection entry it does not match."""

    name: ClassVar[str] = "connmark"
    value: int = 0
    mask: int = 0xFFFFFFFF
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --mark {mark_text(self.value, self.mask)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        # the space of xtables_print_mark_mask follows the "match " of this extension
        return f"connmark match {'!' if self.inv else ''} {mark_text(self.value, self.mask)}"


STATES: Final = ("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT")
"""Connection states in the order in which they are printed."""

STATUSES: Final = ("EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED")

_ADDRESSES: Final = ("orig_src", "orig_dst", "repl_src", "repl_dst")
_PORTS: Final = ("orig_sport", "orig_dport", "repl_sport", "repl_dport")
_PORT_OPTIONS: Final = ("ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport")


@dataclass(frozen=True, slots=True)
class Conntrack(Match):
    """Everything ``-m conntrack`` can ask; None where not asked.

    ``states`` holds INVALID NEW RELATED ESTABLISHED UNTRACKED SNAT DNAT in that order; ``status`` EXPECTED
    SEEN_REPLY ASSURED CONFIRMED, empty for NONE. Addresses are (address, mask), ports inclusive ranges,
    ``expire`` a range of seconds. All asked conditions must hold, each turned by its ``_inv``
    (net/netfilter/xt_conntrack.c).
    """

    name: ClassVar[str] = "conntrack"
    states: tuple[str, ...] | None = None
    states_inv: bool = False
    proto: int | None = None
    proto_inv: bool = False
    orig_src: tuple[int, int] | None = None
    orig_src_inv: bool = False
    orig_dst: tuple[int, int] | None = None
    orig_dst_inv: bool = False
    repl_src: tuple[int, int] | None = None
    repl_src_inv: bool = False
    repl_dst: tuple[int, int] | None = None
    repl_dst_inv: bool = False
    orig_sport: Range | None = None
    orig_sport_inv: bool = False
    orig_dport: Range | None = None
    orig_dport_inv: bool = False
    repl_sport: Range | None = None
    repl_sport_inv: bool = False
    repl_dport: Range | None = None
    repl_dport_inv: bool = False
    status: tuple[str, ...] | None = None
    status_inv: bool = False
    expire: Range | None = None
    expire_inv: bool = False
    direction: Literal["ORIGINAL", "REPLY"] | None = None

    @property
    def addresses(self) -> tuple[int, ...]:
        """The addresses that the rule names, in the order in which they are printed."""
        pairs = [getattr(self, key) for key in _ADDRESSES]
        return tuple(pair[0] for pair in pairs if pair is not None)

    def _text(self, dash: str, numeric: bool) -> str:
        out = ""
        if self.states is not None:
            out += f"{bang(self.states_inv)} {dash}ctstate {','.join(self.states)}"
        if self.proto is not None:
            out += f"{bang(self.proto_inv)} {dash}ctproto {self.proto}"
        for key in _ADDRESSES:
            pair = getattr(self, key)
            if pair is not None:
                shown = "anywhere" if not numeric and not pair[0] else ip_text(pair[0]) + mask_suffix(pair[1])
                out += f"{bang(getattr(self, key + '_inv'))} {dash}ct{key.replace('_', '')} {shown}"
        for key, option in zip(_PORTS, _PORT_OPTIONS, strict=True):
            both = getattr(self, key)
            if both is not None:
                shown = str(both[0]) if not both[1] else range_text(*both)
                out += f"{bang(getattr(self, key + '_inv'))} {dash}{option} {shown}"
        if self.status is not None:
            out += f"{bang(self.status_inv)} {dash}ctstatus {','.join(self.status) or 'NONE'}"
        if self.expire is not None:
            out += f"{bang(self.expire_inv)} {dash}ctexpire {range_text(*self.expire)}"
        if self.direction is not None:
            out += f" {dash}ctdir {self.direction}"
        return out

    def save(self) -> str:
        return self._text("--", True)

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return self._text("", numeric)[1:]


@dataclass(frozen=True, slots=True)
class State(Match):
    """``-m state --state``: INVALID NEW RELATED ESTABLISHED UNTRACKED; the old name of ctstate."""

    name: ClassVar[str] = "state"
    states: tuple[str, ...] = ()
    inv: bool = False

    def save(self) -> str:
        return f"{bang(self.inv)} --state {','.join(self.states)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"{'! ' if self.inv else ''}state {','.join(self.states)}"


MARK: Final = Extension(
    "mark",
    (Option("mark", mark, inverts=True, mandatory=True),),
    lambda values, inverted: Mark(values["mark"][0], values["mark"][1], bool(inverted)),
)

CONNMARK: Final = Extension(
    "connmark",
    (Option("mark", mark, inverts=True, mandatory=True),),
    lambda values, inverted: Connmark(values["mark"][0], values["mark"][1], bool(inverted)),
)


def _set_of(words: tuple[str, ...], label: str, nothing: str = "", empty: str = "") -> Reader:
    """A comma list of words, each by any beginning of it, as the words in their fixed order."""

    def read(text: str, call: Call) -> tuple[str, ...]:
        found = set()
        rest = text
        while True:
            part, comma, after = rest.partition(",")
            if empty and not rest:
                call.fail(empty)
            names = (*((nothing,) if nothing else ()), *words)
            name = next((w for w in names if part and w.startswith(part.upper())), None)
            if name is None:
                call.fail(f'Bad {label} "{rest}"')
            found.add(name)
            if not comma:
                return tuple(w for w in words if w in found)
            rest = after

    return read


# A beginning that fits several words is the first of this order (extensions/libxt_conntrack.c).
_STATE_ORDER: Final = ("INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED", "SNAT", "DNAT")


def _in_order(read: Reader) -> Reader:
    def ordered(text: str, call: Call) -> tuple[str, ...]:
        found = read(text, call)
        return tuple(s for s in STATES if s in found)

    return ordered


def _direction(text: str, call: Call) -> str:
    if text.upper() not in ("ORIGINAL", "REPLY"):
        call.bad_value(text)
    return text.upper()


def _conntrack(values: Mapping[str, Any], inverted: frozenset[str]) -> Conntrack:
    fields: dict[str, Any] = {**values, **{f"{key}_inv": True for key in inverted}}
    return Conntrack(**fields)


CONNTRACK: Final = Extension(
    "conntrack",
    (
        Option("ctstate", _in_order(_set_of(_STATE_ORDER, "ctstate")), "states", inverts=True),
        Option("ctproto", protocol, "proto", inverts=True),
        Option("ctorigsrc", network, "orig_src", inverts=True),
        Option("ctorigdst", network, "orig_dst", inverts=True),
        Option("ctreplsrc", network, "repl_src", inverts=True),
        Option("ctrepldst", network, "repl_dst", inverts=True),
        Option("ctstatus", _set_of(STATUSES, "ctstatus", "NONE"), "status", inverts=True),
        Option("ctexpire", integers(0xFFFFFFFF), "expire", inverts=True),
        Option("ctorigsrcport", ports, "orig_sport", inverts=True),
        Option("ctorigdstport", ports, "orig_dport", inverts=True),
        Option("ctreplsrcport", ports, "repl_sport", inverts=True),
        Option("ctrepldstport", ports, "repl_dport", inverts=True),
        Option("ctdir", _direction, "direction"),
    ),
    _conntrack,
    check=lambda values: None if values else "conntrack: At least one option is required",
)

_STATE_LIST = '"--state" requires a list of states with no spaces, e.g. ESTABLISHED,RELATED'
STATE: Final = Extension(
    "state",
    (
        Option(
            "state",
            _in_order(_set_of(_STATE_ORDER[:5], "state", empty=_STATE_LIST)),
            inverts=True,
            mandatory=True,
        ),
    ),
    lambda values, inverted: State(values["state"], bool(inverted)),
)

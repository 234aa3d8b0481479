"""Matches that remember: limit, statistic, recent, set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, ClassVar, Final, Literal

from netlab.rules.matches.base import Match, bang
from netlab.rules.numbers import decimal, number
from netlab.rules.options import Call, Extension, Option
from netlab.rules.readers import host, integer, string
from netlab.wire import ip_text

_SCALE: Final = 10000
_UNITS: Final = (
    ("day", _SCALE * 86400),
    ("hour", _SCALE * 3600),
    ("min", _SCALE * 60),
    ("sec", _SCALE),
)


def rate_text(average: int) -> str:
    """A rate as it is printed: in the largest unit that keeps it exact enough (libxt_limit.c).

    >>> rate_text(12000000), rate_text(1000)
    ('3/hour', '10/sec')
    """
    unit = _UNITS[0]
    for following in _UNITS[1:]:
        if average > following[1] or following[1] // average < following[1] % average:
            break
        unit = following
    return f"{unit[1] // average}/{unit[0]}"


@dataclass(frozen=True, slots=True)
class Limit(Match):
    """Token bucket: one packet every ``average`` units of 1/10000 s, ``burst`` packets at most at once."""

    name: ClassVar[str] = "limit"
    average: int = 12000000
    burst: int = 5

    def save(self) -> str:
        return f" --limit {rate_text(self.average)}" + (
            f" --limit-burst {self.burst}" if self.burst != 5 else ""
        )

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"limit: avg {rate_text(self.average)} burst {self.burst}"


@dataclass(frozen=True, slots=True)
class Statistic(Match):
    """``random``: matches with ``probability``/2**31; ``nth``: packet number ``packet`` of each ``every``."""

    name: ClassVar[str] = "statistic"
    mode: Literal["random", "nth"] = "random"
    probability: int = 0
    every: int = 0
    packet: int = 0
    inv: bool = False

    def _text(self, dash: str) -> str:
        out = f" {dash}mode {self.mode}{bang(self.inv)}"
        if self.mode == "random":
            return f"{out} {dash}probability {self.probability / 0x80000000:.11f}"
        out += f" {dash}every {self.every}"
        return f"{out} {dash}packet {self.packet}" if dash or self.packet else out

    def save(self) -> str:
        return self._text("--")

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"statistic{self._text('')}"


_RECENT: Final = {"set": "SET", "rcheck": "CHECK", "update": "UPDATE", "remove": "REMOVE"}


@dataclass(frozen=True, slots=True)
class Recent(Match):
    """A named list of addresses with time stamps. ``seconds``, ``hitcount`` 0 where not asked."""

    name: ClassVar[str] = "recent"
    mode: Literal["set", "rcheck", "update", "remove"] = "set"
    inv: bool = False
    list_name: str = "DEFAULT"
    side: Literal["source", "dest"] = "source"
    seconds: int = 0
    reap: bool = False
    hitcount: int = 0
    ttl: bool = False
    mask: int = 0xFFFFFFFF

    def save(self) -> str:
        out = f"{bang(self.inv)} --{self.mode}"
        out += f" --seconds {self.seconds}" if self.seconds else ""
        out += " --reap" if self.reap else ""
        out += f" --hitcount {self.hitcount}" if self.hitcount else ""
        out += " --rttl" if self.ttl else ""
        return f"{out} --name {self.list_name} --mask {ip_text(self.mask)} --r{self.side}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        out = f"{'! ' if self.inv else ''}recent: {_RECENT[self.mode]}"
        out += f" seconds: {self.seconds}" if self.seconds else ""
        out += " reap" if self.reap else ""
        out += f" hit_count: {self.hitcount}" if self.hitcount else ""
        out += " TTL-Match" if self.ttl else ""
        return f"{out} name: {self.list_name} side: {self.side} mask: {ip_text(self.mask)}"


@dataclass(frozen=True, slots=True)
class Set(Match):
    """Membership of an ipset: ``directions`` are ``src``/``dst``, one a dimension of the set.

    ``packets`` and ``octets`` compare what the element has counted: ``eq``, ``ne``, ``lt`` or ``gt``, and a number.
    Whether a packet counts is ``update``, in the sets of a set of sets ``update_sub``.
    """

    name: ClassVar[str] = "set"
    set_name: str = ""
    directions: tuple[str, ...] = ()
    inv: bool = False
    return_nomatch: bool = False
    update: bool = True
    update_sub: bool = True
    packets: tuple[str, int] | None = None
    octets: tuple[str, int] | None = None

    def _text(self, dash: str) -> str:
        out = f"{bang(self.inv)} {dash}match-set {self.set_name} {','.join(self.directions)}"
        out += f" {dash}return-nomatch" if self.return_nomatch else ""
        out += "" if self.update else f" ! {dash}update-counters"
        out += "" if self.update_sub else f" ! {dash}update-subcounters"
        for name, asked in (("packets", self.packets), ("bytes", self.octets)):
            if asked is not None:
                op = "eq" if asked[0] == "ne" else asked[0]
                out += f"{bang(asked[0] == 'ne')} {dash}{name}-{op} {asked[1]}"
        return out

    def save(self) -> str:
        return self._text("--")

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return self._text("")[1:]


def _rate(text: str, call: Call) -> int:
    amount, slash, unit = text.partition("/")
    multiplier = 1
    if slash:
        units = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
        name = next((u for u in units if unit and u.startswith(unit.lower())), None)
        if name is None:
            call.fail(f'bad rate "{text}"\'')
        multiplier = units[name]
    count = decimal(amount) & 0xFFFFFFFF
    if not count:
        call.fail(f'bad rate "{text}"\'')
    average = _SCALE * multiplier // count
    if not average:
        call.fail(f'Rate too fast "{text}"')
    return average


LIMIT: Final = Extension(
    "limit",
    (Option("limit", _rate), Option("limit-burst", integer(0, 10000))),
    lambda values, inverted: Limit(values.get("limit", 12000000), values.get("limit-burst", 5)),
)


def _mode(text: str, call: Call) -> str:
    if text not in ("random", "nth"):
        call.fail(f'Bad mode "{text}"')
    return text


def _probability(text: str, call: Call) -> int:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        call.fail('statistic: bad value for option "--probability", or out of range (0-1).\n')
    return floor(0x80000000 * value + 0.5)


def _statistic_check(values: Mapping[str, Any]) -> str | None:
    mode = values.get("mode", "random")
    if mode == "random" and "probability" not in values:
        return "--probability must be specified when using random mode"
    if mode == "nth" and "every" not in values and "packet" not in values:
        return "--every and --packet must be specified when using nth mode"
    if "every" in values and values.get("packet", 0) > values["every"] - 1:
        return "the --packet p must be 0 <= p <= n-1"
    return None


STATISTIC: Final = Extension(
    "statistic",
    (
        Option("mode", _mode, mandatory=True),
        Option("probability", _probability, inverts=True, excludes=frozenset({"every", "packet"})),
        Option(
            "every",
            integer(1, 0xFFFFFFFF),
            inverts=True,
            excludes=frozenset({"probability"}),
            needs=("packet",),
        ),
        Option("packet", integer(0, 0xFFFFFFFF), excludes=frozenset({"probability"}), needs=("every",)),
    ),
    lambda values, inverted: Statistic(**values, inv=bool(inverted)),
    check=_statistic_check,
)

_OPS = frozenset(_RECENT)


def _recent(values: Mapping[str, Any], inverted: frozenset[str]) -> Recent:
    mode = next(key for key in _RECENT if key in values)
    return Recent(
        mode=mode,  # type: ignore[arg-type]
        inv=bool(inverted),
        list_name=values.get("name", "DEFAULT"),
        side=values.get("side", "source"),
        seconds=values.get("seconds", 0),
        reap="reap" in values,
        hitcount=values.get("hitcount", 0),
        ttl="rttl" in values,
        mask=values.get("mask", 0xFFFFFFFF),
    )


RECENT: Final = Extension(
    "recent",
    (
        *(Option(key, inverts=True, excludes=_OPS) for key in _RECENT),
        Option("seconds", integer(1, 0xFFFFFFFF)),
        Option("reap", needs=("seconds",)),
        Option("hitcount", integer(0, 0xFFFFFFFF)),
        Option("rttl", excludes=frozenset({"set", "remove"})),
        Option("name", string(limit=199)),
        Option("rsource"),
        Option("rdest"),
        Option("mask", host),
    ),
    lambda values, inverted: _recent(
        # the later of the two wins
        {
            **values,
            "side": [k for k in ("source", *values) if k in ("source", "rsource", "rdest")][-1].lstrip("r"),
        },
        inverted,
    ),
    check=lambda values: (
        None
        if _OPS & set(values)
        else "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'"
    ),
)


def _directions(name: str, words: str, call: Call) -> tuple[str, tuple[str, ...]]:
    if words[:1] in ("", "-", "!"):
        call.fail("--match-set requires two args.")
    if len(name) > 31:
        call.fail(f"setname `{name}' too long, max 31 characters.")
    parts = words.split(",")
    for part in parts[:6]:
        if part[:3] not in ("src", "dst"):
            call.fail("You must spefify (the comma separated list of) 'src' or 'dst'.")
    if len(parts) > 6:
        call.fail("Can't be more src/dst options than 6.")
    return name, tuple(part[:3] for part in parts)


def _counted(what: str, op: str) -> Option:
    def read(text: str, call: Call) -> tuple[str, int]:
        value = number(text, 0, 0xFFFFFFFFFFFFFFFF)
        if value is None:
            call.fail(f"Cannot parse {text} as a counter value")
        return op, value

    return Option(
        f"{what}-{op}",
        read,
        what,
        once=f"only one of the --{what}-[eq|lt|gt] is allowed",
        upright="" if op == "eq" else f"--{what}-{op} option cannot be inverted",
    )


def _set(values: Mapping[str, Any], inverted: frozenset[str]) -> Set:
    def asked(what: str) -> tuple[str, int] | None:
        found: tuple[str, int] | None = values.get(what)
        return ("ne", found[1]) if found is not None and what in inverted else found

    name, directions = values["match-set"]
    return Set(
        name,
        directions,
        "match-set" in inverted,
        "return-nomatch" in values,
        "update-counters" not in inverted,
        "update-subcounters" not in inverted,
        asked("packets"),
        asked("bytes"),
    )


def _set_check(values: Mapping[str, Any]) -> str | None:
    return None if "match-set" in values else "You must specify `--match-set' with proper arguments"


_ONCE = "--match-set can be specified only once"
SET: Final = Extension(
    "set",
    (
        Option("match-set", key="match-set", second=_directions, once=_ONCE),
        Option("set", key="match-set", second=_directions, once=_ONCE),
        Option("return-nomatch", upright="--return-nomatch flag cannot be inverted", repeats=True),
        Option("update-counters", inverts=True, repeats=True),
        Option("update-subcounters", inverts=True, repeats=True),
        *(_counted(what, op) for what in ("packets", "bytes") for op in ("eq", "lt", "gt")),
    ),
    _set,
    check=_set_check,
)

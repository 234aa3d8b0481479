"""Targets that change the packet or its connection: MARK, CONNMARK, CT, TCPMSS, TTL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from netlab.rules.options import Call, Extension, Option, Reader
from netlab.rules.readers import integer, mark
from netlab.rules.targets.base import Target

_ALL: Final = 0xFFFFFFFF


def _operation(name: str, value: int, mask: int) -> str:
    """How a listing names (old & ~mask) ^ value (libxt_MARK.c, libxt_CONNMARK.c)."""
    if value == 0:
        return f"{name} and 0x{~mask & _ALL:x}"
    if value == mask:
        return f"{name} or 0x{value:x}"
    if mask == 0:
        return f"{name} xor 0x{value:x}"
    if mask == _ALL:
        return f"{name} set 0x{value:x}"
    return f"{name} xset 0x{value:x}/0x{mask:x}"


@dataclass(frozen=True, slots=True)
class Mark(Target):
    """mark = (mark & ~mask) ^ value; every spelling of MARK comes down to this.

    >>> Mark(0x4000, 0x4000).save(), Mark(0x4000, 0x4000).list()
    (' --set-xmark 0x4000/0x4000', 'MARK or 0x4000')
    """

    name: ClassVar[str] = "MARK"
    value: int = 0
    mask: int = _ALL

    def save(self) -> str:
        return f" --set-xmark 0x{self.value:x}/0x{self.mask:x}"

    def list(self, numeric: bool = True) -> str:
        return _operation("MARK", self.value, self.mask)


@dataclass(frozen=True, slots=True)
class Connmark(Target):
    """Connection marks (net/netfilter/xt_connmark.c).

    ``set``: ct = (ct & ~ct_mask) ^ value. ``save``: ct = (ct & ~ct_mask) ^ (packet & nf_mask).
    ``restore``: packet = (packet & ~nf_mask) ^ (ct & ct_mask).
    """

    name: ClassVar[str] = "CONNMARK"
    mode: Literal["set", "save", "restore"] = "set"
    value: int = 0
    ct_mask: int = _ALL
    nf_mask: int = _ALL

    def save(self) -> str:
        if self.mode == "set":
            return f" --set-xmark 0x{self.value:x}/0x{self.ct_mask:x}"
        return f" --{self.mode}-mark --nfmask 0x{self.nf_mask:x} --ctmask 0x{self.ct_mask:x}"

    def list(self, numeric: bool = True) -> str:
        if self.mode == "set":
            return _operation("CONNMARK", self.value, self.ct_mask)
        out = f"CONNMARK {self.mode}"
        if self.nf_mask == self.ct_mask:
            return out if self.nf_mask == _ALL else f"{out} mask 0x{self.nf_mask:x}"
        if self.mode == "save":
            return f"{out} nfmask 0x{self.nf_mask:x} ctmask ~0x{self.ct_mask:x}"
        return f"{out} ctmask 0x{self.ct_mask:x} nfmask ~0x{self.nf_mask:x}"


@dataclass(frozen=True, slots=True)
class Ct(Target):
    """``CT --notrack`` or, with ``alias``, its old name NOTRACK: the packet is UNTRACKED. Table raw only.

    A bare ``CT`` (``notrack`` False) attaches an empty template and changes nothing.
    """

    alias: bool = False
    notrack: bool = True

    @property
    def name(self) -> str:
        return "NOTRACK" if self.alias else "CT"

    @property
    def label(self) -> str:
        return "CT"

    def save(self) -> str:
        return " --notrack" if self.notrack and not self.alias else ""

    def list(self, numeric: bool = True) -> str:
        return "NOTRACK" if self.alias else "CT notrack" if self.notrack else "CT"


@dataclass(frozen=True, slots=True)
class Tcpmss(Target):
    """The MSS option of SYN packets: set to ``mss``, or clamped to the path's MTU where ``mss`` is None."""

    name: ClassVar[str] = "TCPMSS"
    mss: int | None = None

    def save(self) -> str:
        return " --clamp-mss-to-pmtu" if self.mss is None else f" --set-mss {self.mss}"

    def list(self, numeric: bool = True) -> str:
        return "TCPMSS clamp to PMTU" if self.mss is None else f"TCPMSS set {self.mss}"


_TTL_WORDS: Final = {"set": "set to", "dec": "decrement by", "inc": "increment by"}


@dataclass(frozen=True, slots=True)
class Ttl(Target):
    """TTL set to, raised or lowered by ``value``. Table mangle only."""

    name: ClassVar[str] = "TTL"
    mode: Literal["set", "inc", "dec"] = "set"
    value: int = 0

    def save(self) -> str:
        return f" --ttl-{self.mode} {self.value}"

    def list(self, numeric: bool = True) -> str:
        return f"TTL {_TTL_WORDS[self.mode]} {self.value}"


_u32 = integer(0, _ALL)
_MARK_KEYS = ("set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark")


def _marking(values: Mapping[str, Any]) -> tuple[int, int]:
    """Value and mask of the one marking option that was given."""
    key = next(key for key in _MARK_KEYS if key in values)
    given = values[key]
    if key == "set-xmark":
        return given[0], given[1]
    if key == "set-mark":
        return given[0], given[0] | given[1]
    if key == "and-mark":
        return 0, ~given & _ALL
    return given, given if key == "or-mark" else 0


def _mark_options(excludes: frozenset[str]) -> tuple[Option, ...]:
    readers: tuple[Reader, ...] = (mark, mark, _u32, _u32, _u32)
    return tuple(Option(key, read, excludes=excludes) for key, read in zip(_MARK_KEYS, readers, strict=True))


MARK: Final = Extension(
    "MARK",
    _mark_options(frozenset(_MARK_KEYS)),
    lambda values, inverted: Mark(*_marking(values)),
    check=lambda values: (
        None if values else "MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required"
    ),
)


def _connmark(values: Mapping[str, Any], inverted: frozenset[str]) -> Connmark:
    # Masks are taken as they come: one after --set-mark replaces the one that it brought (libxt_CONNMARK.c).
    value, ct_mask, nf_mask = 0, _ALL, _ALL
    for key, given in values.items():
        if key in _MARK_KEYS:
            value, ct_mask = _marking({key: given})
        if key in ("ctmask", "mask"):
            ct_mask = given
        if key in ("nfmask", "mask"):
            nf_mask = given
    if "save-mark" in values:
        return Connmark("save", 0, ct_mask, nf_mask)
    if "restore-mark" in values:
        return Connmark("restore", 0, ct_mask, nf_mask)
    return Connmark("set", value, ct_mask, nf_mask)


def _shift(text: str, call: Call) -> int:
    call.fail(f"CONNMARK --{call.option}", modelled=False)


_CONNMARK_KEYS = frozenset((*_MARK_KEYS, "save-mark", "restore-mark"))
CONNMARK: Final = Extension(
    "CONNMARK",
    (
        *_mark_options(_CONNMARK_KEYS),
        Option("save-mark", excludes=_CONNMARK_KEYS),
        Option("restore-mark", excludes=_CONNMARK_KEYS),
        Option("left-shift-mark", _shift),
        Option("right-shift-mark", _shift),
        Option("ctmask", _u32, excludes=frozenset({"mask"})),
        Option("nfmask", _u32, excludes=frozenset({"mask"})),
        Option("mask", _u32, excludes=frozenset({"ctmask", "nfmask"})),
    ),
    _connmark,
    check=lambda values: None if _CONNMARK_KEYS & set(values) else "CONNMARK target: No operation specified",
)


def _more_ct(text: str, call: Call) -> str:
    call.fail(f"CT --{call.option}", modelled=False)


CT: Final = Extension(
    "CT",
    (
        Option("notrack"),
        *(
            Option(name, _more_ct)
            for name in ("helper", "timeout", "ctevents", "expevents", "zone-orig", "zone-reply", "zone")
        ),
    ),
    lambda values, inverted: Ct(notrack="notrack" in values),
)

NOTRACK: Final = Extension("NOTRACK", (), lambda values, inverted: Ct(alias=True))

TCPMSS: Final = Extension(
    "TCPMSS",
    (Option("set-mss", integer(0, 65515)), Option("clamp-mss-to-pmtu")),
    # both may be given; the later one stands (libxt_TCPMSS.c)
    lambda values, inverted: Tcpmss(values["set-mss"] if [*values][-1] == "set-mss" else None),
    check=lambda values: None if values else "TCPMSS target: At least one parameter is required",
)

_TTL_KEYS = frozenset(_TTL_WORDS)


def _ttl(values: Mapping[str, Any], inverted: frozenset[str]) -> Ttl:
    ((mode, value),) = values.items()
    return Ttl(mode, value)  # type: ignore[arg-type]


TTL: Final = Extension(
    "TTL",
    (
        Option("ttl-set", integer(0, 255), "set", excludes=_TTL_KEYS),
        Option("ttl-dec", integer(1, 255), "dec", excludes=_TTL_KEYS),
        Option("ttl-inc", integer(1, 255), "inc", excludes=_TTL_KEYS),
    ),
    _ttl,
    check=lambda values: None if values else "TTL: You must specify an action",
)

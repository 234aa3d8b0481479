"""Matches on this host: addrtype, owner, physdev; and comment, which always matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from netlab.rules.matches.base import Match, bang
from netlab.rules.matches.header import Range
from netlab.rules.names import USERS
from netlab.rules.numbers import leading_number, quoted, range_text
from netlab.rules.options import Call, Extension, Option
from netlab.rules.readers import device, string


@dataclass(frozen=True, slots=True)
class Comment(Match):
    """Always matches; a rule that has one is no longer unconditional. At most 255 bytes."""

    name: ClassVar[str] = "comment"
    text: str = ""

    def save(self) -> str:
        return f" --comment {quoted(self.text)}"

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"/* {self.text} */"


ADDRESS_TYPES: Final = (
    "UNSPEC",
    "UNICAST",
    "LOCAL",
    "BROADCAST",
    "ANYCAST",
    "MULTICAST",
    "BLACKHOLE",
    "UNREACHABLE",
    "PROHIBIT",
    "THROW",
    "NAT",
    "XRESOLVE",
)
"""Route types in the kernel's order (include/uapi/linux/rtnetlink.h)."""


@dataclass(frozen=True, slots=True)
class Addrtype(Match):
    """Class of the source and destination address (UNICAST, LOCAL, ...); None where not asked.

    ``limit`` asks the routing table for the in- or out-device only.
    """

    name: ClassVar[str] = "addrtype"
    src: tuple[str, ...] | None = None
    src_inv: bool = False
    dst: tuple[str, ...] | None = None
    dst_inv: bool = False
    limit: Literal["", "in", "out"] = ""

    def save(self) -> str:
        out = f"{bang(self.src_inv)} --src-type {','.join(self.src)}" if self.src else ""
        out += f"{bang(self.dst_inv)} --dst-type {','.join(self.dst)}" if self.dst else ""
        return out + (f" --limit-iface-{self.limit}" if self.limit else "")

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        out = "ADDRTYPE match"
        if self.src:
            out += f" src-type {'!' if self.src_inv else ''}{','.join(self.src)}"
        if self.dst:
            out += f" dst-type {'!' if self.dst_inv else ''}{','.join(self.dst)}"
        return out + (f" limit-{self.limit}" if self.limit else "")


@dataclass(frozen=True, slots=True)
class Owner(Match):
    """The sending socket: inclusive ranges of uid and gid, and whether there is one; None where not asked.

    ``socket_exists`` False is ``! --socket-exists``.
    """

    name: ClassVar[str] = "owner"
    uid: Range | None = None
    uid_inv: bool = False
    gid: Range | None = None
    gid_inv: bool = False
    socket_exists: bool | None = None
    suppl_groups: bool = False

    def _text(self, words: tuple[str, str, str, str], numeric: bool) -> str:
        exists, uid, gid, groups = words
        out = "" if self.socket_exists is None else f"{bang(not self.socket_exists)} {exists}"
        for label, both, inv in ((uid, self.uid, self.uid_inv), (gid, self.gid, self.gid_inv)):
            if both is not None:
                shown = range_text(*both, "-")
                if not numeric and both[0] == both[1] and label == uid:
                    shown = USERS.get(both[0], shown)
                out += f"{bang(inv)} {label} {shown}"
        return out + (f" {groups}" if self.suppl_groups else "")

    def save(self) -> str:
        return self._text(("--socket-exists", "--uid-owner", "--gid-owner", "--suppl-groups"), True)

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        words = ("owner socket exists", "owner UID match", "owner GID match", "incl. suppl. groups")
        return self._text(words, numeric)[1:]


@dataclass(frozen=True, slots=True)
class Physdev(Match):
    """Bridge ports of a bridged packet. Names are None where not asked and may end in ``+``.

    ``is_in``, ``is_out``, ``is_bridged``: True if asked for, False if asked with ``!``, None if not asked.
    """

    name: ClassVar[str] = "physdev"
    in_dev: str | None = None
    in_inv: bool = False
    out_dev: str | None = None
    out_inv: bool = False
    is_in: bool | None = None
    is_out: bool | None = None
    is_bridged: bool | None = None

    def save(self) -> str:
        out = "" if self.is_in is None else f"{bang(not self.is_in)} --physdev-is-in"
        out += f"{bang(self.in_inv)} --physdev-in {self.in_dev}" if self.in_dev is not None else ""
        out += "" if self.is_out is None else f"{bang(not self.is_out)} --physdev-is-out"
        out += f"{bang(self.out_inv)} --physdev-out {self.out_dev}" if self.out_dev is not None else ""
        return out + ("" if self.is_bridged is None else f"{bang(not self.is_bridged)} --physdev-is-bridged")

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        return f"PHYSDEV match{self.save()}"


COMMENT: Final = Extension(
    "comment",
    (Option("comment", string(limit=255), mandatory=True),),
    lambda values, inverted: Comment(values["comment"]),
)


def _types(text: str, call: Call) -> tuple[str, ...]:
    found = set()
    rest = text
    while True:
        part, comma, after = rest.partition(",")
        name = next((t for t in ADDRESS_TYPES if part and t.startswith(part.upper())), None)
        if name is None:
            quotes = ("`", "'") if comma else ('"', '"')
            call.fail(f"addrtype: bad type {quotes[0]}{rest}{quotes[1]}")
        found.add(name)
        if not comma:
            return tuple(t for t in ADDRESS_TYPES if t in found)
        rest = after


def _addrtype(values: Mapping[str, Any], inverted: frozenset[str]) -> Addrtype:
    return Addrtype(
        src=values.get("src"),
        src_inv="src" in inverted,
        dst=values.get("dst"),
        dst_inv="dst" in inverted,
        limit="in" if "in" in values else "out" if "out" in values else "",
    )


ADDRTYPE: Final = Extension(
    "addrtype",
    (
        Option("src-type", _types, "src", inverts=True),
        Option("dst-type", _types, "dst", inverts=True),
        Option("limit-iface-in", key="in", excludes=frozenset({"out"})),
        Option("limit-iface-out", key="out", excludes=frozenset({"in"})),
    ),
    _addrtype,
    check=lambda values: (
        None if "src" in values or "dst" in values else "addrtype: you must specify --src-type or --dst-type"
    ),
)


def _ids(text: str, call: Call) -> Range:
    # No group has a name here (no lab has /etc/group).
    for number, name in USERS.items() if call.option == "uid-owner" else ():
        if text == name:
            return number, number
    low = leading_number(text, 0, 0xFFFFFFFE)
    if low is None:
        call.bad_value(text)
    high = low
    if low[1][:1] in ("-", ":"):
        found = leading_number(low[1][1:], 0, 0xFFFFFFFE)
        if found is None:
            call.bad_value(text)
        high = found
    if high[1]:
        call.bad_value(text)
    return low[0], high[0]


def _owner_check(values: Mapping[str, Any]) -> str | None:
    if not values:
        return "owner: At least one of --uid-owner, --gid-owner or --socket-exists is required"
    keys = [*values]
    if "suppl-groups" in keys and "gid" not in keys[: keys.index("suppl-groups")]:
        return 'owner: Bad value for "--suppl-groups" option: "you need to use --gid-owner first"'
    return None


OWNER: Final = Extension(
    "owner",
    (
        Option("uid-owner", _ids, "uid", inverts=True),
        Option("gid-owner", _ids, "gid", inverts=True),
        Option("socket-exists", inverts=True),
        Option("suppl-groups"),
    ),
    lambda values, inverted: Owner(
        uid=values.get("uid"),
        uid_inv="uid" in inverted,
        gid=values.get("gid"),
        gid_inv="gid" in inverted,
        socket_exists="socket-exists" not in inverted if "socket-exists" in values else None,
        suppl_groups="suppl-groups" in values,
    ),
    check=_owner_check,
)


def _physdev(values: Mapping[str, Any], inverted: frozenset[str]) -> Physdev:
    def asked(key: str) -> bool | None:
        return key not in inverted if key in values else None

    return Physdev(
        in_dev=values.get("in"),
        in_inv="in" in inverted,
        out_dev=values.get("out"),
        out_inv="out" in inverted,
        is_in=asked("is-in"),
        is_out=asked("is-out"),
        is_bridged=asked("is-bridged"),
    )


PHYSDEV: Final = Extension(
    "physdev",
    (
        Option("physdev-in", device, "in", inverts=True),
        Option("physdev-out", device, "out", inverts=True),
        Option("physdev-is-in", key="is-in", inverts=True),
        Option("physdev-is-out", key="is-out", inverts=True),
        Option("physdev-is-bridged", key="is-bridged", inverts=True),
    ),
    _physdev,
    check=lambda values: None if values else "PHYSDEV: no physdev option specified",
)

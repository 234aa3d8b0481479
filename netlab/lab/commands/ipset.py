"""``ipset`` 7.17: sets made, filled, asked and listed."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.errors import NotModelledError
from netlab.kernel import klog
from netlab.kernel.ipset import TYPES, IpSet, Member, element_text, in_use, references
from netlab.lab.commands.ipset_words import Misused, Refused, read_elements, read_range, read_seconds
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import Running
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_KNOWN: Final = "create, add, del, test, destroy, flush, list, save, restore, rename, swap"
_CREATE: Final = (
    "hashsize", "maxelem", "family", "bucketsize", "initval", "timeout", "range", "size", "counters", "comment",
)  # fmt: skip
_ADD: Final = ("timeout", "comment", "packets", "bytes")
_LIST: Final = frozenset(("-n", "-name", "-t", "-terse", "-s", "-sorted"))
_LONGEST: Final = 2147483
"""Seconds of the longest timeout (UINT_MAX / 1000 / 2)."""
_PARTS: Final = ("ip", "net", "mac", "port", "set")
_ALIASES: Final = {
    "n": "create", "-N": "create", "a": "add", "-A": "add", "d": "del", "-D": "del", "-T": "test", "x": "destroy",
    "-X": "destroy", "-F": "flush", "-L": "list", "-S": "save", "-E": "rename", "-W": "swap", "delete": "del",
}  # fmt: skip


@dataclass(slots=True)
class _Shape:
    """What a set was told of its size; it changes nothing but how it is listed."""

    hashsize: int = 1024
    maxelem: int = 65536
    size: int = 8

    @property
    def buckets(self) -> int:
        """The table's size: a power of two, 64 at least (htable_bits)."""
        return 1 << max(6, (self.hashsize - 1).bit_length())


def _ipset(process: Process, argv: list[Arg]) -> int | Running:
    words = argv[1:]
    exist = quiet = False
    rest: list[Arg] = []
    if words and words[0] in ("-v", "--version", "version"):
        process.out("ipset v7.17, protocol version: 7\n")
        return 0
    for word in words:
        if word in ("-exist", "-!", "--exist"):
            exist = True
        elif word in ("-q", "-quiet", "--quiet"):
            quiet = True
        else:
            rest.append(word)
    if not rest:
        process.err("ipset v7.17: No command specified.\nTry `ipset help' for more information.\n")
        return 2
    name = _ALIASES.get(rest[0], str(rest[0]))
    if name in ("restore", "-R"):
        return _restore(process, exist)
    handler = _ACTIONS.get(name)
    if handler is None:
        process.refuse(rest[0], f"ipset: {rest[0]} is not modelled", expected=_KNOWN)
    try:
        return handler(process, rest[1:], exist)
    except Misused as error:
        process.err(f"ipset v7.17: {error}\nTry `ipset help' for more information.\n")
        return 2
    except Refused as error:
        if not quiet:
            process.err(f"ipset v7.17: {error}\n")
        return 1


def _known(process: Process, words: list[Arg], count: int, action: str) -> list[IpSet]:
    ns: Netns = process.netns
    if len(words) < count:
        raise Misused(f"Missing {'second ' if words else ''}mandatory argument to command {action}")
    for name in words[:count]:
        if name not in ns.ipsets:
            raise Refused("The set with the given name does not exist")
    return [ns.ipsets[name] for name in words[:count]]


def _all(process: Process) -> list[IpSet]:
    """Every set; sets of sets come last, so that a saved state can be restored (ip_set_dump_do)."""
    return sorted(process.netns.ipsets.values(), key=lambda found: found.type == "list:set")


def _create(process: Process, words: list[Arg], exist: bool) -> int:
    ns: Netns = process.netns
    if len(words) < 2:
        raise Misused(f"Missing {'second ' if words else ''}mandatory argument to command create")
    name, kind = words[0], words[1]
    if len(name) > 31:
        raise Refused(f"Syntax error: setname '{name}' is longer than 31 characters")
    kind = Arg({"iphash": "hash:ip", "nethash": "hash:net"}.get(kind, kind), kind.place)
    if (
        not re.fullmatch(r"(hash|bitmap|list):[a-z,]+", kind)
        or kind.partition(":")[2].split(",")[0] not in _PARTS
    ):
        raise Refused(f"Syntax error: typename '{kind}' is unknown")
    found = _new_set(process, name, kind)
    shape = _Shape()
    options = words[2:]
    while options:
        word, *options = options
        if word in ("counters", "comment"):
            found.counters |= word == "counters"
            found.comments |= word == "comment"
            continue
        if word in _CREATE and not options:
            raise Misused(f"Missing mandatory argument of option `{word}'")
        if word not in _CREATE:
            process.refuse(word, f"ipset create: {word} is not modelled", expected=", ".join(_CREATE))
        value, *options = options
        if word == "family" and value != "inet6" and value not in ("inet", "ipv4", "-4"):
            raise Refused(f"Syntax error: unknown inet family {value}")
        if word == "family" and value == "inet6":
            process.refuse(value, "ipset: only IPv4 is modelled", expected="family inet")
        elif word == "timeout":
            if found.timeout is not None:
                raise Refused("Syntax error: timeout already specified")
            found.timeout = read_seconds(value)
            if found.timeout > _LONGEST:
                raise Refused(f"Syntax error: '{value}' is out of range 0-{_LONGEST}")
        elif word == "range":
            if kind == "bitmap:port" and "-" not in value:
                raise Misused("Mandatory option `to' is missing")
            found.bounds = read_range(process, kind, value)
        elif word in ("hashsize", "maxelem", "size"):
            setattr(shape, word, read_seconds(value))
    if kind.startswith("bitmap:") and found.bounds is None:
        raise Misused("Mandatory option `range' is missing")
    process.host.state.setdefault("ipset", {})[id(found)] = shape
    if name in ns.ipsets:
        there = ns.ipsets[str(name)]
        if exist and (there.type, _header(process, there)) == (found.type, _header(process, found)):
            return 0
        raise Refused("Set cannot be created: set with the same name already exists")
    ns.ipsets[str(name)] = found
    return 0


def _new_set(process: Process, name: Arg, kind: Arg) -> IpSet:
    try:
        return IpSet(str(name), str(kind))
    except NotModelledError as error:
        process.refuse(kind, f"ipset: {error.message}", expected=", ".join(TYPES))


def _add(process: Process, words: list[Arg], exist: bool) -> int:
    (found,) = _known(process, words, 1, "add")
    if len(words) < 2:
        raise Misused("Missing second mandatory argument to command add")
    nomatch = "nomatch" in words[2:]
    if nomatch and "net" not in found.dimensions:
        raise Misused("Unknown argument: `nomatch'")
    given: dict[str, Arg] = {}
    options = [word for word in words[2:] if word != "nomatch"]
    while options:
        word, *options = options
        if word not in _ADD or not options:
            process.refuse(word, f"ipset add: {word} is not modelled", expected="nomatch, " + ", ".join(_ADD))
        given[str(word)], *options = options
    for words_of, has, told in (
        (
            "timeout",
            found.timeout is not None,
            "Timeout cannot be used: set was created without timeout support",
        ),
        ("comment", found.comments, "Comment cannot be used: set was created without comment support"),
        (
            "packets",
            found.counters,
            "Packet/byte counters cannot be used: set was created without counter support",
        ),
        (
            "bytes",
            found.counters,
            "Packet/byte counters cannot be used: set was created without counter support",
        ),
    ):
        if words_of in given and not has:
            raise Refused(told)
    if found.type == "list:set":
        return _add_set(process, found, words[1], exist)
    elements = read_elements(process, found, words[1])
    most = _shape(process, found).maxelem if found.type.startswith("hash:") else None
    inside = {element for element, _ in found.members(process.now)}
    for element in map(found.canonical, elements):
        if element in inside and not exist:
            raise Refused("Element cannot be added to the set: it's already added")
        if element not in inside and len(inside) == most:
            klog.message(process.netns, 4, f"Set {found.name} is full, maxelem {most} reached")
            raise Refused("Hash is full, cannot add more elements")
        inside.add(element)
        found.add(
            element,
            nomatch=nomatch,
            now=process.now,
            timeout=read_seconds(given["timeout"]) if "timeout" in given else None,
            comment=str(given.get("comment", "")),
            packets=read_seconds(given["packets"]) if "packets" in given else None,
            octets=read_seconds(given["bytes"]) if "bytes" in given else None,
        )
    return 0


def _add_set(process: Process, found: IpSet, name: Arg, exist: bool) -> int:
    ns: Netns = process.netns
    if name not in ns.ipsets:
        raise Refused("Set to be added/deleted/tested as element does not exist.")
    member = ns.ipsets[name]
    if member.type == "list:set":
        raise Refused("Sets with list:set type cannot be added to the set.")
    if member in found.sets:
        if not exist:
            raise Refused("Element cannot be added to the set: it's already added")
        return 0
    found.sets.append(member)
    return 0


def _delete(process: Process, words: list[Arg], exist: bool) -> int:
    (found,) = _known(process, words, 1, "del")
    if len(words) < 2:
        raise Misused("Missing second mandatory argument to command del")
    if found.type == "list:set":
        if words[1] not in process.netns.ipsets:
            raise Refused("Set to be added/deleted/tested as element does not exist.")
        kept = [one for one in found.sets if one.name != words[1]]
        missing = len(kept) == len(found.sets)
        found.sets = kept
    else:
        there = [found.delete(one, process.now) for one in read_elements(process, found, words[1])]
        missing = not all(there)
    if missing and not exist:
        raise Refused("Element cannot be deleted from the set: it's not added")
    return 0


def _test(process: Process, words: list[Arg], exist: bool) -> int:
    (found,) = _known(process, words, 1, "test")
    if len(words) < 2:
        raise Misused("Missing second mandatory argument to command test")
    shown = str(words[1])
    if found.type == "list:set":
        inside = any(one.name == words[1] for one in found.sets)
    else:
        element = read_elements(process, found, words[1])[0]
        shown = element_text(found.dimensions, element)
        inside = found.contains(list(element), now=process.now)
    process.err(
        f"Warning: {shown} is in set {found.name}.\n" if inside else f"{shown} is NOT in set {found.name}.\n"
    )
    return int(not inside)


def _destroy(process: Process, words: list[Arg], exist: bool) -> int:
    ns: Netns = process.netns
    names = [found.name for found in _known(process, words, 1, "destroy")] if words else list(ns.ipsets)
    if any(in_use(ns, name) for name in names) and (words or any(_by_rules(ns, name) for name in names)):
        raise Refused("Set cannot be destroyed: it is in use by a kernel component")
    for name in names:
        del ns.ipsets[name]
    return 0


def _by_rules(ns: Netns, name: str) -> bool:
    """Whether rules hold a set, and not only sets of sets that would go with it."""
    lists = sum(one.name == name for found in ns.ipsets.values() for one in found.sets)
    return references(ns, name) > lists


def _flush(process: Process, words: list[Arg], exist: bool) -> int:
    for found in _known(process, words, 1, "flush") if words else list(process.netns.ipsets.values()):
        found.flush()
    return 0


def _shape(process: Process, found: IpSet) -> _Shape:
    shape: _Shape | None = process.host.state.get("ipset", {}).get(id(found))
    return shape or _Shape()


def _header(process: Process, found: IpSet) -> str:
    """What a listing's header and a saved set say of how the set was made."""
    shape = _shape(process, found)
    extras = "" if found.timeout is None else f" timeout {found.timeout}"
    extras += " counters" * found.counters + " comment" * found.comments
    if found.bounds:
        ends = [ip_text(end) if found.type == "bitmap:ip" else str(end) for end in found.bounds]
        return "range " + "-".join(ends) + extras
    if found.type == "list:set":
        return f"size {shape.size}" + extras
    family = "" if found.type == "hash:mac" else "family inet "
    return (
        f"{family}hashsize {shape.buckets} maxelem {shape.maxelem}{extras} bucketsize 12 initval 0x00000001"
    )


def _list(process: Process, words: list[Arg], exist: bool) -> int:
    options = {str(word) for word in words if word.startswith("-")}
    for word in words:
        if word.startswith("-") and word not in _LIST:
            process.refuse(word, f"ipset list: {word} is not modelled", expected=", ".join(sorted(_LIST)))
    words = [word for word in words if not word.startswith("-")]
    if len(words) > 1:
        raise Misused(f"Unknown argument {words[1]}")
    sets = _known(process, words, 1, "list") if words else _all(process)
    if options & {"-n", "-name"}:
        process.out("".join(f"{found.name}\n" for found in sets))
        return 0
    blocks = []
    for found in sets:
        members = _members(process, found)
        if options & {"-s", "-sorted"}:
            members.sort(key=_in_order)
        lines = [
            f"Name: {found.name}",
            f"Type: {found.type}",
            f"Revision: {_revision(process, found.type)}",
            f"Header: {_header(process, found)}",
            f"Size in memory: {_BASE_SIZE + _ELEMENT_SIZE * len(members)}",
            f"References: {references(process.netns, found.name)}",
            f"Number of entries: {len(members)}",
        ]
        if not options & {"-t", "-terse"}:
            lines += ["Members:", *members]
        blocks.append("".join(line + "\n" for line in lines))
    process.out("\n".join(blocks))
    return 0


def _in_order(member: str) -> list[tuple[int, int | str]]:
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in re.split(r"(\d+)", member)]


_REVISIONS: Final = {
    "hash:ip": 5, "hash:net": 7, "hash:ip,port": 6, "hash:net,port": 8, "hash:net,iface": 8, "hash:ip,port,ip": 6,
    "hash:ip,port,net": 8, "hash:mac": 1, "hash:ip,mac": 1, "hash:net,net": 4, "bitmap:ip": 3, "bitmap:port": 3,
    "list:set": 3,
}  # fmt: skip
_NEWER: Final = {"hash:ip": 6, "hash:ip,port": 7}
"""Revisions of 6.3 and later, which know bitmasks."""


def _revision(process: Process, kind: str) -> int:
    newer = process.host.world.release.name == "6.18"
    return _NEWER.get(kind, _REVISIONS[kind]) if newer else _REVISIONS[kind]


_BASE_SIZE: Final = 200
_ELEMENT_SIZE: Final = 48


def _members(process: Process, found: IpSet) -> list[str]:
    """The lines of a set's members."""
    lines = []
    for one in found.sets:
        tally = found.tallies.get(id(one)) or Member()
        lines.append(one.name + (f" packets {tally.packets} bytes {tally.octets}" if found.counters else ""))
    for element, member in found.members(process.now):
        line = element_text(found.dimensions, element)
        if found.timeout is not None:
            left = 0 if member.expires is None else max(1, int(member.expires - process.now))
            line += f" timeout {left}"
        line += " nomatch" * member.nomatch
        if found.counters:
            line += f" packets {member.packets} bytes {member.octets}"
        if member.comment:
            line += f' comment "{member.comment}"'
        lines.append(line)
    return lines


def _save(process: Process, words: list[Arg], exist: bool) -> int:
    for found in _known(process, words, 1, "save") if words else _all(process):
        process.out(f"create {found.name} {found.type} {_header(process, found)}\n")
        for member in _members(process, found):
            process.out(f"add {found.name} {member}\n")
    return 0


def _restore(process: Process, exist: bool) -> Running:
    """Commands from standard input, a line each; the first that fails ends it."""
    text = yield from process.read_all()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = [Arg(word, process.place) for word in shlex.split(line)]
        if words[0] == "COMMIT":
            continue
        handler = _ACTIONS.get(_ALIASES.get(words[0], str(words[0])))
        if handler is None:
            process.refuse(words[0], f"ipset restore: {words[0]} is not modelled", expected=_KNOWN)
        try:
            handler(process, words[1:], exist)
        except (Misused, Refused) as error:
            process.err(f"ipset v7.17: Error in line {number}: {error}\n")
            return 1
    return 0


def _rename(process: Process, words: list[Arg], exist: bool) -> int:
    (found,) = _known(process, words, 1, "rename")
    if len(words) < 2:
        raise Misused("Missing second mandatory argument to command rename")
    ns: Netns = process.netns
    if words[1] in ns.ipsets:
        raise Refused("Set cannot be renamed: a set with the new name already exists")
    if in_use(ns, found.name):
        raise Refused("Set cannot be renamed: it is in use by another system")
    del ns.ipsets[found.name]
    found.name = str(words[1])
    ns.ipsets[found.name] = found
    return 0


def _swap(process: Process, words: list[Arg], exist: bool) -> int:
    (one,) = _known(process, words, 1, "swap")
    if len(words) > 1 and words[1] not in process.netns.ipsets:
        raise Refused("Sets cannot be swapped: the second set does not exist")
    _, two = _known(process, words, 2, "swap")
    if one.type != two.type:
        raise Refused("The sets cannot be swapped: their type does not match")
    ns: Netns = process.netns
    one.name, two.name = two.name, one.name
    ns.ipsets[one.name], ns.ipsets[two.name] = one, two
    return 0


_ACTIONS: Final = {
    "create": _create,
    "add": _add,
    "del": _delete,
    "test": _test,
    "destroy": _destroy,
    "flush": _flush,
    "list": _list,
    "save": _save,
    "rename": _rename,
    "swap": _swap,
}
COMMANDS: Final[dict[str, Command]] = {"ipset": _ipset}

"""``ipset`` 7.17: sets made, filled, asked and listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from netlab.errors import NotModelledError
from netlab.kernel.ipset import TYPES, Element, IpSet, Part, element_text, in_use
from netlab.lab.context import Arg, Command, Process
from netlab.rules.matches import Set
from netlab.rules.names import protocol_number, service_port
from netlab.wire import ip

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_KNOWN: Final = "create, add, del, test, destroy, flush, list, save, rename, swap"
_ALIASES: Final = {
    "n": "create", "-N": "create", "a": "add", "-A": "add", "d": "del", "-D": "del", "-T": "test", "x": "destroy",
    "-X": "destroy", "-F": "flush", "-L": "list", "-S": "save", "-E": "rename", "-W": "swap", "delete": "del",
}  # fmt: skip


class _Refused(Exception):
    """What ipset prints after its version, with status 1."""


class _Misused(Exception):
    """A command line that makes no sense: status 2, and a hint at the help."""


def _ipset(process: Process, argv: list[Arg]) -> int:
    words = argv[1:]
    exist = quiet = names_only = False
    rest: list[Arg] = []
    if words and words[0] in ("-v", "--version", "version"):
        process.out("ipset v7.17, protocol version: 7\n")
        return 0
    for word in words:
        if word in ("-exist", "-!", "--exist"):
            exist = True
        elif word in ("-q", "-quiet", "--quiet"):
            quiet = True
        elif word in ("-n", "-name") and rest:
            names_only = True
        else:
            rest.append(word)
    if not rest:
        process.refuse(argv[0], "ipset needs a command", expected=_KNOWN)
    name = _ALIASES.get(rest[0], str(rest[0]))
    handler = _ACTIONS.get(name)
    if handler is None:
        process.refuse(rest[0], f"ipset: {rest[0]} is not modelled", expected=_KNOWN)
    try:
        return handler(process, rest[1:], exist, names_only)
    except _Misused as error:
        process.err(f"ipset v7.17: {error}\nTry `ipset help' for more information.\n")
        return 2
    except _Refused as error:
        if not quiet:
            process.err(f"ipset v7.17: {error}\n")
        return 1


def _known(process: Process, words: list[Arg], count: int, action: str) -> list[IpSet]:
    ns: Netns = process.netns
    if len(words) < count:
        raise _Misused(f"Missing {'second ' if words else ''}mandatory argument to command {action}")
    for name in words[:count]:
        if name not in ns.ipsets:
            raise _Refused("The set with the given name does not exist")
    return [ns.ipsets[name] for name in words[:count]]


def _create(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    ns: Netns = process.netns
    if len(words) < 2:
        raise _Misused("Missing mandatory argument to command create")
    name, kind = words[0], words[1]
    options = words[2:]
    while options:
        if options[0] in ("hashsize", "maxelem", "family", "bucketsize") and len(options) > 1:
            if options[0] == "family" and options[1] != "inet":
                process.refuse(options[1], "ipset: only IPv4 is modelled", expected="family inet")
            options = options[2:]
        else:
            process.refuse(
                options[0],
                f"ipset create: {options[0]} is not modelled",
                expected="hashsize, maxelem, family inet",
            )
    if name in ns.ipsets:
        if exist:
            return 0
        raise _Refused("Set cannot be created: set with the same name already exists")
    kind = Arg({"iphash": "hash:ip", "nethash": "hash:net"}.get(kind, kind), kind.place)
    try:
        ns.ipsets[str(name)] = IpSet(str(name), str(kind))
    except NotModelledError as error:
        process.refuse(kind, f"ipset: {error.message}", expected=", ".join(TYPES))
    return 0


def _element(process: Process, kinds: tuple[str, ...], word: Arg) -> Element:
    pieces = word.split(",")
    if len(pieces) != len(kinds):
        raise _Refused("Syntax error: Second element is missing from " + word + ".")
    parts: list[Part] = []
    for kind, text in zip(kinds, pieces, strict=True):
        if kind == "iface":
            parts.append(text)
        elif kind == "port":
            protocol, _, port = text.rpartition(":")
            number = protocol_number(protocol or "tcp")
            value = int(port) if port.isdigit() else service_port(port, protocol or "tcp")
            if number is None or value is None or value > 65535:
                raise _Refused(f"Syntax error: cannot parse '{text}' as a port")
            parts.append((number, value))
        else:
            match = re.fullmatch(r"([\d.]+)(?:/(\d+))?", text)
            try:
                address = ip(match.group(1)) if match else -1
            except ValueError:
                address = -1
            if match is None or address < 0:
                if "-" in text:
                    process.refuse(
                        word, "ipset: address ranges are not modelled", expected="ADDRESS or ADDRESS/LENGTH"
                    )
                raise _Refused(f"Syntax error: cannot parse {text}: resolving to IPv4 address failed")
            length = int(match.group(2)) if match.group(2) else 32
            if kind == "ip" and length != 32:
                process.refuse(
                    word, "ipset: networks in an address set are not modelled", expected="an address"
                )
            parts.append((address, length))
    return tuple(parts)


def _add(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    (found,) = _known(process, words, 1, "add")
    if len(words) < 2:
        raise _Misused("Missing second mandatory argument to command add")
    nomatch = "nomatch" in words[2:]
    for word in words[2:]:
        if word != "nomatch":
            process.refuse(word, f"ipset add: {word} is not modelled", expected="nomatch")
    element = _element(process, found.dimensions, words[1])
    if not found.add(element, nomatch=nomatch) and not exist:
        raise _Refused("Element cannot be added to the set: it's already added")
    return 0


def _delete(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    (found,) = _known(process, words, 1, "del")
    if len(words) < 2:
        raise _Misused("Missing second mandatory argument to command del")
    if not found.delete(_element(process, found.dimensions, words[1])) and not exist:
        raise _Refused("Element cannot be deleted from the set: it's not added")
    return 0


def _test(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    (found,) = _known(process, words, 1, "test")
    inside = found.contains(list(_element(process, found.dimensions, words[1])))
    process.err(
        f"Warning: {words[1]} is in set {found.name}.\n"
        if inside
        else f"{words[1]} is NOT in set {found.name}.\n"
    )
    return int(not inside)


def _destroy(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    ns: Netns = process.netns
    names = [found.name for found in _known(process, words, 1, "destroy")] if words else list(ns.ipsets)
    if any(in_use(ns, name) for name in names):
        raise _Refused("Set cannot be destroyed: it is in use by a kernel component")
    for name in names:
        del ns.ipsets[name]
    return 0


def _flush(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    for found in _known(process, words, 1, "flush") if words else list(process.netns.ipsets.values()):
        found.flush()
    return 0


def _list(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    sets = _known(process, words, 1, "list") if words else list(process.netns.ipsets.values())
    if names_only:
        process.out("".join(f"{found.name}\n" for found in sets))
        return 0
    blocks = []
    for found in sets:
        lines = [
            f"Name: {found.name}",
            f"Type: {found.type}",
            f"Revision: {_revision(process, found.type)}",
            "Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x00000001",
            f"Size in memory: {_BASE_SIZE + _ELEMENT_SIZE * len(found.elements)}",
            f"References: {_references(process.netns, found.name)}",
            f"Number of entries: {len(found.elements)}",
            "Members:",
            *(_member(found, element) for element in found.elements),
        ]
        blocks.append("".join(line + "\n" for line in lines))
    process.out("\n".join(blocks))
    return 0


_REVISIONS: Final = {
    "hash:ip": 5, "hash:net": 7, "hash:ip,port": 6, "hash:net,port": 8, "hash:net,iface": 8, "hash:ip,port,ip": 6,
    "hash:ip,port,net": 8,
}  # fmt: skip
_NEWER: Final = {"hash:ip": 6, "hash:ip,port": 7}
"""Revisions of 6.3 and later, which know bitmasks."""


def _revision(process: Process, kind: str) -> int:
    newer = process.host.world.release.name == "6.18"
    return _NEWER.get(kind, _REVISIONS[kind]) if newer else _REVISIONS[kind]


_BASE_SIZE: Final = 200
_ELEMENT_SIZE: Final = 48


def _references(ns: Netns, name: str) -> int:
    """How many rules ask a set."""
    return sum(
        isinstance(match, Set) and match.set_name == name
        for table in ns.xt.values()
        for chain in table.chains.values()
        for entry in chain.rules
        for match in entry.rule.matches
    )


def _member(found: IpSet, element: Element) -> str:
    return element_text(found.dimensions, element) + (" nomatch" if found.elements[element] else "")


def _save(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    for found in _known(process, words, 1, "save") if words else list(process.netns.ipsets.values()):
        process.out(
            f"create {found.name} {found.type} family inet hashsize 1024 maxelem 65536 bucketsize 12 "
            "initval 0x00000001\n"
        )
        for element in found.elements:
            process.out(f"add {found.name} {_member(found, element)}\n")
    return 0


def _rename(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    (found,) = _known(process, words, 1, "rename")
    ns: Netns = process.netns
    if words[1] in ns.ipsets:
        raise _Refused("Set cannot be renamed: a set with the new name already exists")
    if in_use(ns, found.name):
        raise _Refused("Set cannot be renamed: it is in use by another system")
    del ns.ipsets[found.name]
    found.name = str(words[1])
    ns.ipsets[found.name] = found
    return 0


def _swap(process: Process, words: list[Arg], exist: bool, names_only: bool) -> int:
    one, two = _known(process, words, 2, "swap")
    if one.type != two.type:
        raise _Refused("The sets cannot be swapped: their type does not match")
    one.elements, two.elements = two.elements, one.elements
    for found in (one, two):
        for element, nomatch in list(found.elements.items()):
            found.add(element, nomatch=nomatch)
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

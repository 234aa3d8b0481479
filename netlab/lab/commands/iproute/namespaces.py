"""``ip netns``, and the numbers by which namespaces know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.lab.commands.iproute.words import Failed, Words
from netlab.lab.context import Arg, Process
from netlab.lab.process import Running

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.lab.host import Host


def namespace_id(host: Host, viewer: Netns, other: Netns) -> int:
    """The number of ``other`` as ``viewer`` knows it; given out when first needed (net/core/net_namespace.c)."""
    ids: dict[Netns, dict[Netns, int]] = host.state.setdefault("nsid", {})
    known = ids.setdefault(viewer, {})
    if other not in known:
        known[other] = min(set(range(len(known) + 1)) - set(known.values()))
    return known[other]


def known_id(host: Host, viewer: Netns, other: Netns) -> int | None:
    """The number if one was given out."""
    number: int | None = host.state.get("nsid", {}).get(viewer, {}).get(other)
    return number


def named_namespace(process: Process, name: str, *, status: int = 255) -> Netns:
    """A namespace by its name. Raises Failed."""
    ns = process.host.world.netns.get(name)
    if ns is None or ns is process.host.world.host:
        raise Failed(f'Cannot open network namespace "{name}": No such file or directory', status)
    return ns


def netns(process: Process, words: Words) -> int | Running:
    """``ip netns add|del|list|exec|identify``."""
    choices = {
        "list": "list",
        "show": "list",
        "add": "add",
        "delete": "delete",
        "exec": "exec",
        "identify": "identify",
    }
    action = words.choose(choices, "list")
    host = process.host
    if action == "list":
        for name, ns in reversed(list(host.world.netns.items())):
            if ns is not host.world.host:
                number = known_id(host, process.netns, ns)
                process.out(name + (f" (id: {number})" if number is not None else "") + "\n")
        return 0
    if action == "identify":
        if words:
            words.refuse(words.take(), ())
        process.out("\n" if process.netns is host.world.host else f"{process.netns.name}\n")
        return 0
    if not words:
        raise Failed("No netns name specified", 1)
    if action == "exec":
        name = words.take()
        command = words.rest()
        if not command:
            raise Failed("No command specified", 1)
        return _inside(process, named_namespace(process, name), command)
    name = words.take()
    if action == "add":
        if "/" in name or name in (".", ".."):
            raise Failed(f'Invalid netns name "{name}"', 255)
        if name in host.world.netns or name == "host":
            raise Failed(f'Cannot create namespace file "/run/netns/{name}": File exists', 1)
        host.world.add_netns(name)
        return 0
    if name not in host.world.netns or name == "host":
        raise Failed(f'Cannot remove namespace file "/run/netns/{name}": No such file or directory', 1)
    gone = host.world.netns[name]
    host.world.delete_netns(name)
    _note_end(host, gone)
    return 0


def _inside(process: Process, ns: Netns, command: list[Arg]) -> Running:
    """Run a program in another namespace, which lives at least as long as it."""
    host = process.host
    ns.processes += 1
    try:
        status = yield from host.execute(process.copy(netns=ns), command)
    except Exception:
        host.world.leave_netns(ns)
        _note_end(host, ns)
        raise
    host.world.leave_netns(ns)
    _note_end(host, ns)
    return status


def _note_end(host: Host, ns: Netns) -> None:
    """What else changes when a namespace has gone."""
    if host.world.netns.get(ns.name) is ns or ns in host.world.nameless:
        return
    host.world.linkwatch.follow()
    for known in host.state.get("nsid", {}).values():
        known.pop(ns, None)

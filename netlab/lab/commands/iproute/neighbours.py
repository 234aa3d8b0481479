"""``ip neigh``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.neigh import NOARP, NONE, PERMANENT, VALID
from netlab.lab.commands.iproute.words import (
    Failed,
    Words,
    answers,
    complaint,
    need_device,
    need_prefix,
    read_prefix,
)
from netlab.lab.context import Process
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.neigh import Neighbour
    from netlab.kernel.netns import Netns

_STATES: Final = (
    "permanent",
    "reachable",
    "stale",
    "delay",
    "probe",
    "failed",
    "incomplete",
    "noarp",
    "none",
)


def neighbours(process: Process, words: Words) -> int:
    """``ip neigh add|change|replace|delete|flush|get|show``."""
    choices = {
        "add": "add", "change": "change", "chg": "change", "replace": "replace", "delete": "delete", "get": "get",
        "show": "show", "list": "show", "lst": "show", "flush": "flush",
    }  # fmt: skip
    action = words.choose(choices, "show")
    following = words.peek()
    if following == "proxy":
        return _proxies(process, words, action)
    if action in ("show", "flush"):
        return _listing(process, words, action)
    return _change(process, words, action)


def neighbour_text(entry: Neighbour, *, hide_device: bool = False) -> str:
    """A line of ``ip neigh``, with the space at its end."""
    out = [ip_text(entry.address)]
    if not hide_device:
        out.append(f"dev {entry.device.name}")
    if entry.state in VALID:
        out.append(f"lladdr {entry.mac}")
    if entry.state != NONE:
        out.append(entry.state)
    return " ".join(out) + " "


def _listing(process: Process, words: Words, action: str) -> int:
    device: Device | None = None
    prefix: tuple[int, int] | None = None
    states: set[str] = set()
    everything = False
    ns: Netns = process.netns
    if action == "flush" and not words:
        raise Failed("Flush requires arguments.", 1)
    while words:
        word = words.take()
        if word == "dev":
            device = need_device(ns, words.take())
        elif word == "nud":
            state = words.take()
            if state not in (*_STATES, "all"):
                raise Failed(f'Error: argument "{state}" is wrong: nud state is bad\n', 255)
            states.add(state.upper())
        elif word == "all":
            everything = True
        else:
            text = words.take() if word == "to" else word
            prefix = need_prefix(text)
    for entry in ns.neighbours:
        if device is not None and entry.device is not device:
            continue
        if prefix is not None and not everything and (entry.address ^ prefix[0]) >> (32 - prefix[1]):
            continue
        hidden = (NOARP, NONE) if action == "show" else (NOARP, PERMANENT)
        if not states:
            shown = entry.state not in hidden
        else:  # "all" does not mean what needs no ARP when it is to be flushed (do_show_or_flush)
            every = "ALL" in states and (action == "show" or entry.state != NOARP)
            shown = every or entry.state in states
        if not shown:
            continue
        if action == "flush":
            ns.neighbours.delete(entry.device, entry.address)
        else:
            process.out(neighbour_text(entry, hide_device=device is not None) + "\n")
    process.host.world.softirq()
    return 0


def _proxies(process: Process, words: Words, action: str) -> int:
    """``ip neigh add|delete|show proxy``: addresses that a device answers for."""
    words.take()
    known = ("ADDRESS", "dev")
    table = process.netns.neighbours
    address: int | None = None
    name: str | None = None
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        elif word in ("lladdr", "nud", "proxy", "router", "extern_learn", "managed", "protocol"):
            words.refuse(word, known)
        else:
            address = need_prefix(words.take() if word == "to" else word)[0]
    if action == "show":
        for device, proxied in sorted(table.proxies, key=lambda p: p[1]):
            if name in (None, device) and address in (None, proxied):
                process.out(f"{ip_text(proxied)} " + (f"dev {device} " if name is None else "") + "proxy \n")
        return 0
    if name is None or address is None:
        raise Failed("Device and destination are required arguments.", 255)
    need_device(process.netns, name)
    if action == "delete":
        if (name, address) not in table.proxies:
            raise answers("No such file or directory")
        table.proxies.remove((name, address))
    elif action in ("add", "replace"):
        table.proxies.add((str(name), address))
    else:
        words.refuse(words.last, ("add proxy", "del proxy", "show proxy"))
    return 0


def _change(process: Process, words: Words, action: str) -> int:
    known = ("ADDRESS", "lladdr", "dev", "nud")
    ns: Netns = process.netns
    address: int | None = None
    mac: str | None = None
    name: str | None = None
    state = "permanent"
    while words:
        word = words.take()
        if word == "lladdr":
            mac = words.mac(length=complaint("Invalid link address"))
        elif word == "dev":
            name = words.take()
        elif word == "nud":
            state = words.take()
            if state not in _STATES:
                raise Failed(f'Error: argument "{state}" is wrong: nud state is bad\n', 255)
        elif word in _STATES:
            state = word
        elif word in ("proxy", "router", "extern_learn", "managed", "protocol"):
            words.refuse(word, known)
        else:
            text = words.take() if word == "to" else word
            found = read_prefix(text)
            if found is None:
                raise Failed(f'Error: any valid address is expected rather than "{text}".', 1)
            address = found[0]
    if name is None or address is None:
        raise Failed("Device and destination are required arguments.", 255)
    device = need_device(ns, name, status=255 if action == "get" else 1)
    known_entry = ns.neighbours.find(device, address)
    if action == "get":
        if known_entry is None:
            raise complaint("Neighbour entry not found")
        process.out(neighbour_text(known_entry) + "\n")
        return 0
    if action == "delete":
        if known_entry is None:
            raise answers("No such file or directory")
        ns.neighbours.delete(device, address)
        process.host.world.softirq()
        return 0
    if action == "add" and known_entry is not None:
        raise answers("File exists")
    if action == "change" and known_entry is None:
        raise answers("No such file or directory")
    entry = ns.neighbours.get(device, address)
    if mac is None and state.upper() in VALID and entry.state not in VALID:
        # The entry is there by now, and stays.
        raise complaint("No link layer address given")
    entry.update(mac, state.upper(), override=True, reason="ip neigh", admin=True)
    process.host.world.softirq()
    return 0

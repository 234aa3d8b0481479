"""``arp``: the neighbours in the old form; -s sets one, -d deletes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.neigh import NOARP, PERMANENT
from netlab.lab.arguments import read_options
from netlab.lab.commands.legacy.modern import run_ip
from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.neigh import Neighbour

_HEADER = "Address                  HWtype  HWaddress           Flags Mask            Iface\n"


def arp(process: Process, argv: list[Arg]) -> int:
    """Show or change neighbours."""
    options = read_options(process, argv, "naevi:sdD")
    words, device = options.words, options.get("i")
    if "s" in options or "d" in options:
        return _change(process, words, device, add="s" in options)
    wanted = read_address(words[0]) if words else None
    if words and wanted is None:
        process.err(f"{words[0]}: Host name lookup failure\n")
        return 255
    found = [
        entry
        for entry in process.netns.neighbours
        if entry.state != NOARP
        and (device is None or entry.device.name == device)
        and (wanted is None or entry.address == wanted)
    ]
    if not found:
        if wanted is not None:
            process.out(f"{words[0]} ({words[0]}) -- no entry\n")
        return 0
    bsd = "a" in options
    if not bsd:
        process.out(_HEADER)
    for entry in found:
        process.out(_bsd_line(entry) if bsd else _line(entry))
    return 0


def _line(entry: Neighbour) -> str:
    start = f"{ip_text(entry.address):<23}  "
    if not entry.valid:
        return f"{start}{'':<8}{'(incomplete)':<42}{entry.device.name}\n"
    flags = "CM" if entry.state == PERMANENT else "C"
    return f"{start}{'ether':<8}{entry.mac:<20}{flags:<6}{'':<15} {entry.device.name}\n"


def _bsd_line(entry: Neighbour) -> str:
    start = f"? ({ip_text(entry.address)}) at "
    if not entry.valid:
        return f"{start}<incomplete> on {entry.device.name}\n"
    permanent = " PERM" if entry.state == PERMANENT else ""
    return f"{start}{entry.mac} [ether]{permanent} on {entry.device.name}\n"


def _change(process: Process, words: list[Arg], device: Arg | None, *, add: bool) -> int:
    from netlab.kernel.route import output_lookup

    if len(words) != (2 if add else 1):
        process.refuse(
            words[-1] if words else "",
            "arp: the words do not fit",
            expected="arp -s ADDRESS MAC, arp -d ADDRESS",
        )
    address = read_address(words[0])
    if address is None:
        process.err(f"{words[0]}: Host name lookup failure\n")
        return 255
    ns = process.netns
    if device is None:
        found = output_lookup(ns, address)
        if found.error or found.dev is None or found.gateway or found.local:
            process.err("SIOCSARP: Network is unreachable\n" if add else f"No ARP entry for {words[0]}\n")
            return 255
        name = found.dev.name
    else:
        name = str(device)
    if add:
        error = run_ip(
            process, "neigh", "replace", words[0], "lladdr", words[1], "dev", name, "nud", "permanent"
        )
        if error:
            process.err(f"SIOCSARP: {error}\n")
            return 255
        return 0
    entry = ns.neighbours.find(ns.devices[name], address) if name in ns.devices else None
    if entry is None or not entry.valid:
        process.err(f"No ARP entry for {words[0]}\n")
        return 255
    run_ip(process, "neigh", "del", words[0], "dev", name)
    return 0

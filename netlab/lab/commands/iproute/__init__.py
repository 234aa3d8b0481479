"""iproute2: ``ip`` and ``bridge``, printing what version 6.1 prints."""

from __future__ import annotations

from typing import Final

from netlab.lab.commands.iproute.address import address
from netlab.lab.commands.iproute.bridge import bridge
from netlab.lab.commands.iproute.link import link
from netlab.lab.commands.iproute.namespaces import named_namespace, netns
from netlab.lab.commands.iproute.neighbours import neighbours
from netlab.lab.commands.iproute.routes import routes
from netlab.lab.commands.iproute.rules import rules
from netlab.lab.commands.iproute.style import Style
from netlab.lab.commands.iproute.words import Failed, Words
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import Running

_OBJECTS: Final = {
    "address": "address", "addr": "address", "route": "route", "rule": "rule", "neighbor": "neigh",
    "neighbour": "neigh", "neigh": "neigh", "link": "link", "netns": "netns",
}  # fmt: skip
_OPTIONS: Final = ("-4", "-br", "-o", "-n NETNS", "-c")

_OTHER_OPTIONS: Final = (
    "loops", "family", "6", "0", "D", "I", "M", "B", "resolve", "numeric", "timestamp", "tshort", "force", "batch",
    "rcvbuf", "human", "human-readable", "iec", "json", "pretty", "all", "echo", "compressvlans", "help",
)  # fmt: skip


def read_style(process: Process, argv: list[Arg]) -> tuple[Process, list[Arg], Style]:
    """The options before the object: where the command runs, its words, and how it prints."""
    words = argv[1:]
    brief = oneline = stats = details = False
    family = 0
    while words and words[0].startswith("-"):
        option, words = words[0], words[1:]
        name = option.lstrip("-")
        if name == "4":
            family = 4
        elif "brief".startswith(name) and len(name) > 1 and argv[0] != "bridge":
            brief = True
        elif "oneline".startswith(name):
            oneline = True
        elif name in ("n", "netns", "net"):
            if not words:
                process.refuse(option, f"{argv[0]} {option} needs a namespace", expected="-n NAME")
            process = process.copy(netns=named_namespace(process, words[0]))
            words = words[1:]
        elif name in ("s", "stats", "statistics"):
            if stats:
                process.refuse(option, f"{argv[0]}: a second {option} is not modelled", expected="one -s")
            stats = True
        elif name in ("d", "details"):
            details = True
        elif "color".startswith(name) or name == "c=never":
            continue
        elif name in ("V", "Version"):
            process.out(f"{argv[0]} utility, iproute2-6.1.0, libbpf 1.1.0\n")
            return process, [], Style()
        elif not any(known.startswith(name) for known in _OTHER_OPTIONS):
            raise Failed(f'Option "{option}" is unknown, try "{argv[0]} {"-" * (argv[0] == "ip")}help".', 255)
        else:
            process.refuse(option, f"{argv[0]}: option {option} is not modelled", expected=" ".join(_OPTIONS))
    return process, words, Style(brief, oneline, stats, details, family)


def _run(process: Process, argv: list[Arg]) -> int | Running:
    process, rest, style = read_style(process, argv)
    words = Words(process, rest, "ip")
    if not words:
        if len(argv) > 1:
            return 0
        process.refuse(argv[0], "ip needs an object", expected="link, address, route, rule, neigh, netns")
    name = words.choose(_OBJECTS)
    words.what = f"ip {name}"
    if (style.details and name != "netns") or (style.stats and name == "neigh"):
        process.refuse(
            argv[1], f"ip {name}: statistics or details are not modelled", expected="the plain listing"
        )
    if name == "netns":
        return netns(process, words)
    if name == "link":
        return link(process, words, style)
    if name == "address":
        return address(process, words, style)
    if name == "route":
        return routes(process, words, style)
    if name == "rule":
        return rules(process, words)
    return neighbours(process, words)


def _guarded(command: Command) -> Command:
    def run(process: Process, argv: list[Arg]) -> int | Running:
        try:
            return command(process, argv)
        except Failed as failed:
            process.err(failed.message + "\n")
            return failed.status

    return run


def _bridge(process: Process, argv: list[Arg]) -> int | Running:
    process, rest, style = read_style(process, argv)
    return bridge(process, Words(process, rest, "bridge"), style)


COMMANDS: Final[dict[str, Command]] = {"ip": _guarded(_run), "bridge": _guarded(_bridge)}

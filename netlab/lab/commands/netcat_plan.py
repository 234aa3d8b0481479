"""What a netcat command line asks for, and how netcat 1.219 complains about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.lab.arguments import Options, read_options
from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.rules.names import service_port

USAGE: Final = """\
usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
"""


@dataclass(slots=True)
class Plan:
    """What the options ask for; ``wait`` and ``quit`` are None where they were not given.

    ``dual``: names are looked for in IPv4 and IPv6; ``interval``: seconds slept after each line sent; ``limit``: how
    many reads from the network end it, 0 for none.
    """

    host: str
    ports: tuple[str, ...]
    udp: bool
    listen: bool
    keep: bool
    wait: float | None
    quit: float | None
    shut: bool
    no_input: bool
    probe: bool
    verbose: bool
    numeric: bool
    source: int
    source_port: int
    tos: int
    dual: bool
    broadcast: bool
    interval: int
    limit: int


class Misused(Exception):
    """The command line makes no sense; nc says so and ends with status 1."""


def read_plan(process: Process, argv: list[Arg]) -> Plan:
    options = read_options(process, argv, "4bdhi:klNnp:q:s:uvw:W:zT:")
    words = list(options.words)
    listen, port_option = "l" in options, options.get("p")
    wait = _seconds(options, "w", "timeout", 0)
    interval = _seconds(options, "i", "interval", 0)
    limit = _seconds(options, "W", "receive limit", 1)
    quit_after = _seconds(options, "q", "quit timer", -(2**31))
    if not (words or listen) or (listen and len(words) > 2):
        raise Misused(USAGE)
    if listen and "z" in options:
        raise Misused("nc: cannot use -z and -l\n")
    if listen and port_option is not None:
        if words:
            raise Misused(USAGE)
        words = [port_option]
    elif listen and "s" in options:
        raise Misused(USAGE)
    if len(words) < (1 if listen else 2):
        raise Misused("nc: missing port number\n")
    if "k" in options and not listen:
        raise Misused("nc: must use -l with -k\n")
    host, *ports = words if len(words) > 1 else (options.get("s") or "0.0.0.0", words[0])
    return Plan(
        str(host),
        tuple(str(port) for port in ports),
        "u" in options,
        listen,
        "k" in options,
        wait,
        None if quit_after is not None and quit_after < 0 else quit_after,
        "N" in options or (quit_after is not None and quit_after >= 0),
        "d" in options,
        "z" in options,
        "v" in options,
        "n" in options,
        _source(process, options),
        0 if listen or port_option is None else _port(port_option, "tcp"),
        _tos(process, options),
        "4" not in options,
        "b" in options,
        int(interval or 0),
        int(limit or 0),
    )


def _seconds(options: Options, letter: str, what: str, least: int) -> float | None:
    word = options.get(letter)
    if word is None:
        return None
    try:
        seconds = int(word)
    except ValueError:
        raise Misused(f"nc: {what} invalid: {word}\n") from None
    if seconds < least:
        raise Misused(f"nc: {what} too small: {word}\n")
    return float(seconds)


def _tos(process: Process, options: Options) -> int:
    word = options.get("T")
    if word is None:
        return 0
    try:
        return int(word, 0)
    except ValueError:
        process.refuse(word, "nc: only numbers are modelled for -T", expected="0x10")


def _source(process: Process, options: Options) -> int:
    word = options.get("s")
    if word is None:
        return 0
    address = read_address(word)
    if address is None:
        process.refuse(word, "nc: -s needs an IPv4 address", expected="an address")
    return address


def _port(word: str, protocol: str) -> int:
    number = service_port(word, protocol)
    if number is not None:
        return number
    if not word.isdigit():
        raise Misused(f"nc: port number invalid: {word}\n")
    if not 0 < int(word) < 65536:
        raise Misused(f"nc: port number too {'large' if int(word) else 'small'}: {word}\n")
    return int(word)


def read_ports(plan: Plan) -> list[int]:
    """The ports in turn: each a number, a service's name, or a range, which is gone through upwards."""
    protocol = "udp" if plan.udp else "tcp"
    found: list[int] = []
    for word in plan.ports:
        low, dash, high = word.partition("-")
        if dash and not plan.listen and low.isdigit() and high.isdigit():
            first, last = sorted((_port(low, protocol), _port(high, protocol)))
            found += range(first, last + 1)
        else:
            found.append(_port(word, protocol))
    return found

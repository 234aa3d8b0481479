"""What a ping command line asks for, and the socket it opens for that (iputils 20221126)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import output_lookup
from netlab.kernel.sock import IcmpSocket
from netlab.lab.arguments import Options, read_options
from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_ERRORS: Final = {
    "ENETUNREACH": "Network is unreachable",
    "EHOSTUNREACH": "No route to host",
    "EINVAL": "Invalid argument",
    "EADDRNOTAVAIL": "Cannot assign requested address",
}


class Version(Exception):
    """Only the version is asked for."""


class Unnamed(Exception):
    """The destination is a name, which a lab cannot resolve."""


class Refused(Exception):
    """ping gives up before it sends anything: the message and the status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(slots=True)
class Plan:
    """What the options ask for; times in seconds."""

    target: int
    name: str
    count: int = 0
    preload: int = 1
    interval: float = 1.0
    size: int = 56
    linger: float = 10.0
    deadline: float = 0.0
    quiet: bool = False
    audible: bool = False
    flood: bool = False
    adaptive: bool = False
    stamps: bool = False
    ident: int | None = None
    source_text: str = ""
    broadcast: bool = False

    @property
    def try_cost(self) -> float:
        """Seconds of the lingering time that each try uses up which the device has no room for (pinger)."""
        return min(max(self.interval / 2, 0.01), 0.5)


def _number(options: Options, letter: str, low: int, high: int, default: float) -> float:
    word = options.get(letter)
    if word is None:
        return default
    try:
        value = float(word) if "." in word else int(word, 0)
    except ValueError:
        raise Refused(f"ping: invalid argument: '{word}'", 1) from None
    if not low <= value <= high:
        raise Refused(f"ping: invalid argument: '{word}': out of range: {low} <= value <= {high}", 1)
    return value


def read_plan(process: Process, argv: list[Arg]) -> tuple[Plan, Options]:
    """What the words ask for. Raises Version, Unnamed or Refused where ping would not start."""
    options = read_options(process, argv, "c:i:s:t:w:W:I:M:e:Q:m:p:l:S:bqnfA4DrOUVaBdL")
    if "V" in options:
        raise Version
    if not options.words:
        raise Refused("ping: usage error: Destination address required", 1)
    if len(options.words) > 1:
        process.refuse(options.words[0], "ping: several hops are not modelled", expected="one destination")
    name = options.words[0]
    size = int(_number(options, "s", 0, 2147483647, 56))
    if size > 0x1FFFF:
        process.refuse(options.values["s"], "ping: so many bytes are not modelled", expected="at most 131071")
    target = read_address(name)
    if target is None:
        if ":" in name:
            process.refuse(name, "ping: IPv6 is not modelled", expected="an IPv4 address")
        raise Unnamed(name)
    flood, adaptive = "f" in options, "A" in options
    plan = Plan(
        target,
        str(name),
        count=int(_number(options, "c", 1, 9223372036854775807, 0)),
        preload=int(_number(options, "l", 1, 65536, 1)),
        interval=_number(options, "i", 0, 2147483, 0.0 if flood or adaptive else 1.0),
        size=size,
        linger=_number(options, "W", 0, 2147483, 10.0),
        deadline=_number(options, "w", 0, 2147483, 0.0),
        quiet="q" in options,
        audible="a" in options,
        flood=flood,
        adaptive=adaptive,
        stamps="D" in options,
        ident=int(_number(options, "e", 0, 65535, 0)) if "e" in options else None,
    )
    pattern = options.get("p")
    if pattern is not None:
        if not re.fullmatch(r"[0-9a-fA-F]+", pattern):
            raise Refused("ping: patterns must be specified as hex digits: " + pattern, 2)
        process.out(f"PATTERN: 0x{pattern_of(options).hex()}\n")
    return plan, options


def pattern_of(options: Options) -> bytes:
    """The bytes of ``-p``, repeated in the payload; none without it."""
    text = options.get("p") or ""
    pieces = [text[i : i + 2] for i in range(0, len(text), 2)][:16]
    return bytes(int(piece, 16) for piece in pieces)


def open_socket(process: Process, plan: Plan, options: Options) -> IcmpSocket:
    """The socket; unless a source address is given, ping first tries the way with a UDP socket (ping4_run)."""
    ns: Netns = process.netns
    sock = IcmpSocket(ns)
    sock.broadcast = "b" in options
    device = None
    asked = options.get("I")
    if asked is not None:
        address = read_address(asked)
        if address is not None:
            sock.source = address
        elif asked not in ns.devices:
            raise Refused(f"ping: SO_BINDTODEVICE {asked}: No such device", 2)
        else:
            device = sock.device = ns.devices[asked]
    if "m" in options:
        sock.mark = int(_number(options, "m", 0, 0xFFFFFFFF, 0))
    sock.tos = int(_number(options, "Q", 0, 255, 0))
    source = sock.source or _probe(process, plan, sock)
    plan.target = plan.target or source
    plan.broadcast = sock.broadcast or plan.target >> 28 == 14
    if asked is not None or "B" in options:
        plan.source_text = f" from {ip_text(source)} {device.name if device is not None else ''}:"
    if (device is None and sock.source) or "B" in options:
        if error := sock.bind(source):
            raise Refused(f"ping: bind: {_ERRORS[error]}", 2)
    else:
        sock.source = source if device is not None else 0
    if device is not None:
        if not any(a.ip == sock.source and a.label in ("", device.name) for a in device.addresses):
            process.err(
                f"ping: Warning: source address might be selected on device other than: {device.name}\n"
            )
        elif sock.source == plan.target:
            sock.device = None
    if "t" in options:
        sock.ttl = int(_number(options, "t", 0, 255, 64))
        if sock.ttl == 0:
            raise Refused("ping: cannot set unicast time-to-live: Invalid argument", 2)
    hint = options.get("M")
    if hint is not None:
        if hint not in ("do", "dont", "want"):
            raise Refused("ping: invalid -M argument: " + hint, 2)
        if plan.broadcast and hint != "do":
            raise Refused("ping: broadcast ping does not fragment", 2)
        sock.pmtu_discovery = str(hint)
    elif plan.broadcast:
        sock.pmtu_discovery = "do"
    return sock


def _probe(process: Process, plan: Plan, sock: IcmpSocket) -> int:
    """Connect a UDP socket to the destination: the source that the kernel chooses. Raises Refused where it fails."""
    target = plan.target or 0x7F000001
    found = output_lookup(process.netns, target, oif=sock.device, mark=sock.mark)
    if found.error == "EACCES" or (found.kind == "broadcast" and not found.error and not sock.broadcast):
        raise Refused(
            "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules", 2
        )
    if found.error:
        raise Refused(f"ping: connect: {_ERRORS.get(found.error, found.error)}", 2)
    if found.kind == "broadcast":
        process.err("WARNING: pinging broadcast address\n")
    return found.source

"""``route``: the main routing table in the old form, and ``add`` and ``del``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.route import MAIN
from netlab.lab.commands.legacy.modern import is_old, run_ip
from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.route import Route

HEADER = "Kernel IP routing table\n"


def route(process: Process, argv: list[Arg]) -> int:
    """Show or change the routing table."""
    words = argv[1:]
    numeric = extended = False
    while words and words[0].startswith("-") and words[0] not in ("-net", "-host"):
        for letter in words[0][1:]:
            if letter not in "ne4v":
                process.refuse(words[0], f"route: option -{letter} is not modelled", expected="-n -e")
            numeric, extended = numeric or letter == "n", extended or letter == "e"
        words = words[1:]
    if not words:
        show(process, numeric=numeric, netstat=extended)
        return 0
    if words[0] not in ("add", "del"):
        process.refuse(
            words[0], f"route: {words[0]} is not modelled", expected="route -n, route add, route del"
        )
    return _change(process, words[0], words[1:])


def show(process: Process, *, numeric: bool, netstat: bool) -> None:
    """The main table; with ``netstat`` the columns that ``netstat -r`` shows."""
    old = is_old(process)
    process.out(HEADER)
    if netstat:
        process.out("Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n")
    else:
        process.out("Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n")
    for one in process.netns.fib.routes(MAIN):
        mask = ip_text(mask_of(one.prefix))
        target = "default" if one.prefix == 0 and not numeric else ip_text(one.dst)
        start = f"{target:<15} {_gateway(one, numeric=numeric, old=old):<15} {mask:<15} "
        if one.kind in ("unreachable", "prohibit"):
            flags = "!" + ("H" if one.prefix == 32 else "")
            rest = f"{flags:<7}   - -          - -" if netstat else f"{flags:<5} {one.metric:<6} -        0 -"
        else:
            flags = "U" + ("G" if one.gateway else "") + ("H" if one.prefix == 32 else "")
            name = one.dev.name if one.dev is not None else "*"
            rest = (
                f"{flags:<7}   0 0          0 {name}"
                if netstat
                else f"{flags:<5} {one.metric:<6} 0        0 {name}"
            )
        process.out(start + rest + "\n")


def _gateway(one: Route, *, numeric: bool, old: bool) -> str:
    if one.kind in ("unreachable", "prohibit"):
        return "-"
    if not one.gateway and old and not numeric:
        return "*"
    return ip_text(one.gateway)


def _change(process: Process, action: str, words: list[Arg]) -> int:
    kind = ""
    target: Arg | None = None
    netmask: Arg | None = None
    gateway: Arg | None = None
    device: Arg | None = None
    metric: Arg | None = None
    reject = False
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in ("-net", "-host"):
            kind = word
        elif word in ("netmask", "gw", "dev", "metric"):
            if at >= len(words):
                process.refuse(word, f"route: {word} needs a value", expected=f"{word} VALUE")
            value, at = words[at], at + 1
            if word == "netmask":
                netmask = value
            elif word == "gw":
                gateway = value
            elif word == "dev":
                device = value
            else:
                metric = value
        elif word == "reject":
            reject = True
        elif target is None:
            target = word
        elif word in process.netns.devices:
            device = word
        else:
            process.refuse(
                word, f"route: {word} is not modelled", expected="-net -host netmask gw dev metric reject"
            )
    if target is None:
        process.refuse(
            action, f"route {action} needs a target", expected=f"route {action} -net 10.0.0.0/8 gw ADDRESS"
        )
    prefix = _prefix(process, target, kind, netmask)
    if isinstance(prefix, int):
        return prefix
    if gateway is not None and read_address(gateway) is None:
        process.err(f"{gateway}: Unknown host\n")
        return 6
    # The old ioctl puts a new route before those with the same prefix and metric (rtentry_to_fib_config).
    verb = "del" if action == "del" else "prepend"
    ip_words = ["route", verb, *(["unreachable"] if reject else []), prefix]
    if verb == "prepend" and _exists(process, prefix, gateway, device, metric):
        process.err("SIOCADDRT: File exists\n")
        return 7
    for name, given in (("via", gateway), ("dev", device), ("metric", metric)):
        if given is not None:
            ip_words += [name, str(given)]
    if reject and verb == "prepend":
        ip_words += ["scope", "host"]
    if error := run_ip(process, *ip_words):
        if error.startswith("Cannot find device") or (not gateway and not reject and "Nexthop" in error):
            error = "No such device"
        elif "gateway" in error or "Nexthop" in error:
            error = "Network is unreachable"
        process.err(f"SIOC{'DELRT' if action == 'del' else 'ADDRT'}: {error}\n")
        return 7
    return 0


def _exists(
    process: Process, prefix: str, gateway: Arg | None, device: Arg | None, metric: Arg | None
) -> bool:
    """Whether the same route is there already."""
    address, _, length = prefix.partition("/")
    wanted = (read_address(address) or 0, int(length))
    via = read_address(gateway) if gateway is not None else 0
    return any(
        (one.dst, one.prefix) == wanted
        and one.gateway == via
        and one.metric == int(metric or 0)
        and (device is None or (one.dev is not None and one.dev.name == device))
        for one in process.netns.fib.routes(MAIN)
    )


def _prefix(process: Process, target: Arg, kind: str, netmask: Arg | None) -> str | int:
    """The target as ADDRESS/LENGTH, or the status with which route ends."""
    if target == "default":
        return "0.0.0.0/0"
    text, slash, length = target.partition("/")
    address = read_address(text)
    if address is None:
        process.err(f"{text}: Unknown host\n")
        return 6
    if netmask is not None:
        number = read_address(netmask)
        if number is None:
            process.err(f"route: bogus netmask {netmask}\n")
            return 3
        size = number.bit_count()
    elif slash:
        size = int(length)
    elif kind == "-net":
        size = 8 if address >> 31 == 0 else 16 if address >> 30 == 2 else 24
    else:
        size = 32
    if address & ~mask_of(size) & 0xFFFFFFFF:
        process.err("route: netmask doesn't match route address\n" + _USAGE)
        return 3
    return f"{ip_text(address)}/{size}"


_USAGE = """\
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
"""

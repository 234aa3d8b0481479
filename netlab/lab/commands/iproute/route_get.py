"""``ip route get``: what the kernel decides for one destination."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import LOCAL, MAIN, input_lookup, output_lookup
from netlab.kernel.skb import Skb
from netlab.lab.commands.iproute.words import Failed, Words, answers, need_device, need_prefix
from netlab.lab.context import Process
from netlab.wire import UDP, Ethernet, Ipv4, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.route import Decision, PathException, Route

_ERRORS: Final = {
    "EHOSTUNREACH": "No route to host",
    "EACCES": "Permission denied",
    "EINVAL": "Invalid argument",
    "EXDEV": "Invalid cross-device link",
    "ENETUNREACH": "Network is unreachable",
}


def get(process: Process, words: Words, *, oneline: bool = False) -> int:
    """``ip route get ADDRESS [from ADDRESS] [iif DEV] [oif DEV] [mark N]``."""
    ns: Netns = process.netns
    known = ("ADDRESS", "from", "iif", "oif", "mark", "uid", "tos", "ipproto", "sport", "dport")
    dst: int | None = None
    src = mark = uid = 0
    iif: Device | None = None
    oif: Device | None = None
    while words:
        word = words.take()
        if word == "from":
            src = need_prefix(words.take())[0]
        elif word == "iif":
            iif = need_device(ns, words.take())
        elif word in ("oif", "dev"):
            oif = need_device(ns, words.take())
        elif word == "mark":
            mark = words.number("mark")
        elif word in ("tos", "sport", "dport", "ipproto"):
            # Rules by these are not modelled: they change nothing.
            words.take()
        elif word == "uid":
            uid = words.number("uid")
        elif word in ("vrf", "fibmatch", "connected"):
            words.refuse(word, known)
        else:
            dst, length = need_prefix(words.take() if word == "to" else word)
            if length < 32 and "/" in words.last:
                process.err(f"Warning: /{length} as prefix is invalid, only /32 (or none) is supported.\n")
    if dst is None:
        raise Failed("need at least a destination address", 1)
    line_end = "\\" if oneline else "\n"
    if iif is not None:
        return _get_input(process, dst, src, iif, mark, line_end)
    found = output_lookup(ns, dst, src, oif=oif, mark=mark)
    if found.error or found.dev is None:
        raise answers(_ERRORS.get(found.error, "Network is unreachable"))
    out = [] if found.kind == "unicast" else [found.kind]
    out.append(ip_text(dst))
    if src:
        out.append(f"from {ip_text(src)}")
    if found.gateway:
        out.append(f"via {ip_text(found.gateway)}")
    out.append(f"dev {found.dev.name}")
    out += _table(ns, found)
    if not src:
        out.append(f"src {ip_text(found.source)}")
    if mark:
        out.append(f"mark {mark:#x}" if mark > 9 else f"mark {mark}")
    if found.kind == "multicast":
        # RTCF_MULTICAST and RTM_F_OFFLOAD_FAILED are the same bit, and iproute2 reads it as the latter.
        out.append("rt_offload_failed")
    out.append(f"uid {uid}")
    cache = {"local": "<local> ", "broadcast": "<local,brd> ", "multicast": "<mc> "}.get(found.kind, "")
    if found.kind == "unicast" and found.dev.kind == "loopback":
        # Whatever leaves by a loopback device comes back (__mkroute_output).
        cache = "<local> "
    if found.kind == "multicast" and found.loops:
        cache = "<local,mc> "
    if found.kind == "unicast":
        cache += _learnt(ns, ns.fib.exceptions.find(dst, found.route), found.route)
    elif found.route is not None and found.route.mtu:
        cache += f"mtu {'lock ' if found.mtu_locked else ''}{found.route.mtu} "
    process.out(" ".join(out) + f" {line_end}    cache {cache}\n")
    return 0


def _learnt(ns: Netns, known: PathException | None, route: Route | None) -> str:
    """What is remembered of a destination, as the cache line names it."""
    words = "<redirected> " if known is not None and known.gateway else ""
    mtu, locked = (route.mtu, route.mtu_locked) if route is not None else (0, False)
    if known is not None:
        # A real command always comes a little later than the clock here says.
        words += f"expires {math.ceil(known.expires - ns.world.now) - 1}sec "
        mtu, locked = known.mtu or mtu, known.locked or locked
    return words + (f"mtu {'lock ' if locked else ''}{mtu} " if mtu else "")


def show_cache(process: Process, only: tuple[int, int] | None) -> None:
    """``ip route show cache``: the exceptions that redirects and ICMP errors taught (fib_dump_info_fnhe)."""
    ns: Netns = process.netns
    for dst, route, known in ns.fib.exceptions.listed():
        if only not in (None, (dst, 32)) or route is None or route.dev is None:
            continue
        gateway = known.gateway or route.next_hop
        via = f"via {ip_text(gateway)} " if gateway else ""
        process.out(f"{ip_text(dst)} {via}dev {route.dev.name} \n    cache {_learnt(ns, known, route)}\n")


def _table(ns: Netns, found: Decision) -> list[str]:
    """``table N``; without rules of one's own, local and main are one table (fib_unmerge)."""
    table = found.route.table if found.route is not None else MAIN
    if table == MAIN or (table == LOCAL and not ns.fib.custom_rules):
        return []
    return ["table", "local" if table == LOCAL else str(table)]


def _get_input(process: Process, dst: int, src: int, iif: Device, mark: int, line_end: str) -> int:
    ns: Netns = process.netns
    # A made-up packet without a link header: where one would be stands its IP header (inet_rtm_getroute_build_skb).
    eth = Ethernet("45:00:00:00:00:00", "00:00:00:11:00:00", src >> 16)
    skb = Skb(Ipv4(src, dst, UDP, Udp(0, 0)), eth=eth, dev=iif, mark=mark)
    found = input_lookup(ns, skb, dst, src, iif)
    if found.error or (found.kind == "unreachable"):
        error = found.error or found.answer or "EHOSTUNREACH"
        raise answers(_ERRORS.get(error, error))
    assert found.dev is not None
    out = [] if found.kind == "unicast" else [found.kind]
    out += [ip_text(dst), f"from {ip_text(src)}"]
    if found.gateway:
        out.append(f"via {ip_text(found.gateway)}")
    out.append(f"dev {found.dev.name}")
    out += _table(ns, found)
    if mark:
        out.append(f"mark {mark:#x}" if mark > 9 else f"mark {mark}")
    if found.kind == "multicast":
        out.append("rt_offload_failed")  # as in get
    words = {"local": "<local> ", "broadcast": "<local,brd> ", "multicast": "<local,mc> "}.get(found.kind, "")
    if found.redirect:
        words = "<redirect> "
    process.out(" ".join(out) + f" {line_end}    cache {words}iif {iif.name} \n")
    return 0

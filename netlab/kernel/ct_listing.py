"""Conntrack entries as text: ``conntrack -L`` and ``-E`` of conntrack-tools 1.4.7, and /proc/net/nf_conntrack.

Captured on 6.1 (tests/kernel/captures); ids are this simulator's own.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_tcp
from netlab.kernel.ct_tuple import Tuple
from netlab.wire import ICMP, ip_text

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack

_NAMES: Final = {1: "icmp", 6: "tcp", 17: "udp", 33: "dccp", 47: "gre", 132: "sctp", 136: "udplite"}
_PORTS: Final = frozenset((6, 17, 33, 132, 136))
_KINDS: Final = {"NEW": "    [NEW] ", "UPDATE": " [UPDATE] ", "DESTROY": "[DESTROY] "}
EVENT_KIND: Final = 10
"""Columns that the kind of an event takes in its line."""


def tuple_text(t: Tuple) -> str:
    """One direction as the tool prints it.

    >>> tuple_text(Tuple(0x0A000001, 1000, 0x0A000002, 53, 17))
    'src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=53'
    """
    text = f"src={ip_text(t.src)} dst={ip_text(t.dst)}"
    if t.proto == ICMP:
        return f"{text} type={t.dport >> 8} code={t.dport & 255} id={t.sport}"
    if t.proto in _PORTS:
        return f"{text} sport={t.sport} dport={t.dport}"
    if t.proto == 47:
        return f"{text} srckey=0x{t.sport:x} dstkey=0x{t.dport:x}"
    return text


def entry_id(ct: Conntrack) -> int:
    """A number that stays with the entry; the kernel's is a keyed hash that no one can predict."""
    return zlib.crc32(repr((ct.tuples, ct.start)).encode())


def listing_line(ct: Conntrack, *, extended: bool = False, with_id: bool = False, users: int = 1) -> str:
    """A line of ``conntrack -L``; ``extended`` and ``with_id`` are ``-o extended`` and ``-o id``."""
    end = [f"mark={ct.mark}", *_age(ct), f"use={users + ct.ns.neighbours.holding(ct)}"]
    if with_id:
        end.append(f"id={entry_id(ct)}")
    return ("ipv4     2 " if extended else "") + _body(ct, end)


def event_line(kind: str, ct: Conntrack, user: str = "", *, protoinfo: bool = True) -> str:
    """A line of ``conntrack -E``; ``user`` is what it says of a program that deleted the entry.

    The kernel tells timeouts and states with every event, counters only at the end; the end of an entry whose time
    was over tells no timeout (ctnetlink_conntrack_event, its skip_zero).
    """
    end = [f"mark={ct.mark}"] if ct.mark else []
    gone = kind == "DESTROY"
    if gone:
        end += _age(ct)
    if user:
        end.append(f"[USERSPACE] {user}")
    return _KINDS[kind] + _body(
        ct, end, state=protoinfo, counters=gone, timeout=not gone or ct.remaining() >= 1
    )


def proc_line(ct: Conntrack) -> str:
    """A line of /proc/net/nf_conntrack."""
    return "ipv4     2 " + _body(ct, [f"mark={ct.mark}", "zone=0", *_age(ct), "use=2"])


def _age(ct: Conntrack) -> list[str]:
    if not ct.ns.sysctl["net.netfilter.nf_conntrack_timestamp"]:
        return []
    return [f"delta-time={int(ct.ns.world.now - ct.start)}"]


def _body(
    ct: Conntrack, end: list[str], *, state: bool = True, counters: bool = True, timeout: bool = True
) -> str:
    words = [f"{_NAMES.get(ct.proto, 'unknown'):<8} {ct.proto}"]
    if timeout:
        words.append(str(int(ct.remaining())))
    if ct.tcp is not None and state:
        words.append(ct_tcp.NAMES[ct.tcp.state])
    for direction in (0, 1):
        words.append(tuple_text(ct.tuples[direction]))
        if ct.acct and counters:
            words.append(f"packets={ct.packets[direction]} bytes={ct.octets[direction]}")
        if direction == 0 and not ct.seen_reply:
            words.append("[UNREPLIED]")
    if ct.assured:
        words.append("[ASSURED]")
    return " ".join(words + end)

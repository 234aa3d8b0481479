"""Connection tracking: which packets belong together, and what the first of them started.

``conntrack_in`` classifies at PREROUTING and OUTPUT, ``confirm`` inserts at the very end of INPUT and POSTROUTING: a
packet that is dropped in between leaves nothing behind.
Sources: net/netfilter/nf_conntrack_core.c, nf_conntrack_proto_{icmp,udp,gre,generic}.c of 6.1.
"""

from __future__ import annotations

from typing import Final

from netlab.kernel import ct_listing, ct_tcp, ct_timeouts
from netlab.kernel.ct_table import (
    ASSURED,
    CONFIRMED,
    DST_NAT,
    DST_NAT_DONE,
    DYING,
    EXPECTED,
    NAT_DONE_MASK,
    NAT_MASK,
    SEEN_REPLY,
    SRC_NAT,
    SRC_NAT_DONE,
    Conntrack,
    ConntrackTable,
    CtEvent,
)
from netlab.kernel.ct_tuple import ICMP_ERRORS, ICMP_QUERIES, quoted_tuple, tuple_of
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.skb import (
    CT_ESTABLISHED,
    CT_ESTABLISHED_REPLY,
    CT_NEW,
    CT_RELATED,
    CT_RELATED_REPLY,
    CT_UNTRACKED,
    Skb,
)
from netlab.kernel.steps import Tracked
from netlab.wire import ICMP, TCP, UDP, UDPLITE, Icmp, Ipv4, Tcp

__all__ = [
    "ASSURED",
    "CONFIRMED",
    "DST_NAT",
    "DST_NAT_DONE",
    "EXPECTED",
    "NAT_DONE_MASK",
    "NAT_MASK",
    "SEEN_REPLY",
    "SRC_NAT",
    "SRC_NAT_DONE",
    "STATE_NAMES",
    "Conntrack",
    "ConntrackTable",
    "CtEvent",
    "attach",
    "confirm",
    "conntrack_in",
    "direction_of",
    "untrack",
]

GRE: Final = 47
_HIGHEST_ICMP_TYPE: Final = 18

STATE_NAMES: Final = {
    CT_ESTABLISHED: "ESTABLISHED",
    CT_RELATED: "RELATED",
    CT_NEW: "NEW",
    CT_ESTABLISHED_REPLY: "ESTABLISHED",
    CT_RELATED_REPLY: "RELATED",
    CT_UNTRACKED: "UNTRACKED",
}
"""What ``--ctstate`` calls a ctinfo value."""


def direction_of(ctinfo: int) -> int:
    """0 for original, 1 for reply (CTINFO2DIR)."""
    return 1 if ctinfo >= CT_ESTABLISHED_REPLY else 0


# --- hook functions -------------------------------------------------------------------------------------------


def conntrack_in(skb: Skb, state: HookState) -> int:
    """Find or make the packet's entry and classify it (``nf_conntrack_in``)."""
    if skb.ct is not None or skb.ctinfo == CT_UNTRACKED:
        return ACCEPT
    skb.ctinfo = None
    packet = skb.packet
    table = state.ns.ct
    if packet.frag:
        _say(skb, state, "INVALID", "a later fragment cannot be tracked")
        return ACCEPT
    l4 = packet.l4
    if packet.proto == ICMP:
        if not isinstance(l4, Icmp):
            _say(skb, state, "INVALID", "ICMP header cut short")
            return ACCEPT
        if l4.type > _HIGHEST_ICMP_TYPE:
            _say(skb, state, "INVALID", f"unknown ICMP type {l4.type}")
            return ACCEPT
        if l4.type in ICMP_ERRORS:
            _related(skb, state, packet, l4)
            return ACCEPT
    while True:
        found = _resolve(skb, table, packet)
        if isinstance(found, str):
            _say(skb, state, "INVALID", found)
            return ACCEPT
        if found is None:
            from netlab.kernel import klog

            klog.message(state.ns, 4, "nf_conntrack: nf_conntrack: table full, dropping packet")
            return DROP
        ct, direction, ctinfo, made = found
        verdict, reason = _handle(ct, packet, direction)
        if verdict == ct_tcp.REPEAT:
            continue
        break
    if verdict == ct_tcp.INVALID:
        _say(skb, state, "INVALID", reason)
        return ACCEPT
    ct.count(direction, packet.length)
    skb.ct, skb.ctinfo = ct, ctinfo
    if ctinfo == CT_ESTABLISHED_REPLY and not ct.status & SEEN_REPLY:
        ct.status |= SEEN_REPLY
        ct.event("REPLY")
    _say(skb, state, STATE_NAMES[ctinfo], reason or ("first packet" if made else "entry found"))
    return ACCEPT


def confirm(skb: Skb, state: HookState) -> int:
    """Insert the packet's entry if this is its first packet to come so far, and report events (``nf_confirm``)."""
    ct = skb.ct
    if ct is None:
        return ACCEPT
    table = state.ns.ct
    if not ct.status & CONFIRMED:
        assert skb.ctinfo is not None
        if direction_of(skb.ctinfo):
            return ACCEPT
        if ct.status & DYING:
            return DROP
        for tuple_ in ct.tuples:
            if (hit := table.find(tuple_)) is not None:
                return _resolve_clash(skb, state, ct, hit[0])
        table.insert(ct)
        _say(skb, state, "CONFIRMED", "the first packet got through: the entry goes into the table")
    if ct.events:
        table.deliver(ct)
    return ACCEPT


def attach(new: Skb, cause: Skb) -> None:
    """Give a packet that the kernel makes because of another (ICMP error, reset) its entry (``nf_conntrack_attach``)."""
    if cause.ct is not None and cause.ctinfo is not None:
        new.ct = cause.ct
        new.ctinfo = CT_RELATED if direction_of(cause.ctinfo) else CT_RELATED_REPLY


def untrack(skb: Skb) -> None:
    """``CT --notrack``: conntrack leaves the packet alone."""
    skb.ct, skb.ctinfo = None, CT_UNTRACKED


# --- classification -------------------------------------------------------------------------------------------


def _related(skb: Skb, state: HookState, packet: Ipv4, error: Icmp) -> None:
    quoted = quoted_tuple(error)
    wanted = quoted.inverse() if quoted is not None else None
    if wanted is None:
        _say(skb, state, "INVALID", "the quoted packet cannot be tracked")
        return
    hit = state.ns.ct.find(wanted)
    if hit is None:
        _say(skb, state, "INVALID", "an ICMP error about a connection that is not known")
        return
    ct, direction = hit
    if packet.dst != ct.tuples[direction].dst:
        _say(skb, state, "INVALID", "an ICMP error addressed to someone who did not send the quoted packet")
        return
    skb.ct = ct
    skb.ctinfo = CT_RELATED_REPLY if direction else CT_RELATED
    _say(skb, state, "RELATED", "an ICMP error about this connection")


def _resolve(skb: Skb, table: ConntrackTable, packet: Ipv4) -> tuple[Conntrack, int, int, bool] | str | None:
    """(entry, direction, ctinfo, just made); the reason why there is none; None when the table is full."""
    tuple_ = tuple_of(packet)
    if tuple_ is None:
        return "transport header cut short"
    hit = table.find(tuple_)
    if hit is None:
        reply = tuple_.inverse()
        if reply is None:
            return "this ICMP type has no answer, so it starts no connection"
        ns = table.ns
        if len(table) >= ns.sysctl["net.netfilter.nf_conntrack_max"] > 0:
            return None
        ct = Conntrack(
            ns,
            tuple_,
            reply,
            acct=bool(ns.sysctl["net.netfilter.nf_conntrack_acct"]),
            ecache=table.wants_events,
        )
        return ct, 0, CT_NEW, True
    ct, direction = hit
    if direction:
        return ct, 1, CT_ESTABLISHED_REPLY, False
    if ct.status & SEEN_REPLY:
        return ct, 0, CT_ESTABLISHED, False
    return ct, 0, CT_RELATED if ct.status & EXPECTED else CT_NEW, False


def _handle(ct: Conntrack, packet: Ipv4, direction: int) -> tuple[int, str]:
    """The protocol's own tracker: accepts (and sets the timeout) or finds the packet INVALID."""
    proto, l4, ns = packet.proto, packet.l4, ct.ns
    sysctl = ns.sysctl
    if proto == TCP:
        assert isinstance(l4, Tcp)
        return ct_tcp.packet(ct, l4, direction)
    if proto == ICMP:
        if ct.tuples[0].dport >> 8 not in ICMP_QUERIES:
            return ct_tcp.INVALID, "an answer to a question that was not seen"
        ct.refresh(sysctl[ct_timeouts.ICMP])
    elif proto in (UDP, UDPLITE):
        _udp(ct)
    elif proto == GRE and ct.seen_reply:
        ct.refresh(sysctl[ct_timeouts.GRE_STREAM])
        ct.assure()
    else:
        ct.refresh(sysctl[ct_timeouts.GRE if proto == GRE else ct_timeouts.GENERIC])
    return ct_tcp.ACCEPT, ""


def _udp(ct: Conntrack) -> None:
    world, sysctl = ct.ns.world, ct.ns.sysctl
    if not ct.confirmed:
        ct.stream_from = world.now + world.release.udp_stream_after
    stream = ct.seen_reply and (world.now > ct.stream_from or not world.release.udp_stream_after)
    ct.refresh(sysctl[ct_timeouts.UDP_STREAM if stream else ct_timeouts.UDP])
    if stream:
        ct.assure()


def _resolve_clash(skb: Skb, state: HookState, loser: Conntrack, winner: Conntrack) -> int:
    """Two first packets made the same entry: the later one joins it (UDP) or is dropped (``nf_ct_resolve_clash``)."""
    if loser.proto in (UDP, UDPLITE, GRE) and (
        not winner.status & NAT_DONE_MASK or winner.tuples == loser.tuples
    ):
        for direction in (0, 1):
            winner.packets[direction] += loser.packets[direction]
            winner.octets[direction] += loser.octets[direction]
        skb.ct = winner
        _say(skb, state, "CONFIRMED", "another packet made the same entry meanwhile: joined it")
        return ACCEPT
    _say(skb, state, "DROP", "another connection took the same tuple meanwhile")
    return DROP


def _say(skb: Skb, state: HookState, what: str, reason: str) -> None:
    world = state.ns.world
    if world.record_steps:
        ct = skb.ct
        entry = ct_listing.tuple_text(ct.tuples[0]) if ct is not None else ""
        after = ct.seen() if ct is not None and not ct.status & DYING else None
        world.steps.append(Tracked(world.now, state.ns.name, skb.journey, what, entry, reason, after))

"""The conntrack table, and what changed in a packet on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.errors import InputError
from netlab.kernel import ct_tcp
from netlab.kernel.conntrack import Conntrack
from netlab.kernel.ct_listing import tuple_text
from netlab.kernel.journeys import SimulatedHop
from netlab.kernel.steps import Translated, TtlLowered
from netlab.show.table import Table
from netlab.trace.records import IptablesRecord
from netlab.wire import Icmp, Ipv4, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlab.kernel.world import World
    from netlab.trace.ip import IpFields
    from netlab.trace.journeys import Journey

_PROTOCOLS: Final = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 132: "sctp", 136: "udplite"}
#: Fields whose changes matter on the way of a packet: what the log calls them, and in a record.
_FIELDS: Final = {
    "SRC": "src",
    "SPT": "spt",
    "DST": "dst",
    "DPT": "dpt",
    "ICMP ID": "icmp_id",
    "TTL": "ttl",
}


def conntrack_table(world: World, *, netns: str = "host") -> Table:
    """The living entries, oldest first: protocol, seconds left, state, and what each direction looks like."""
    ns = world.netns.get(netns)
    if ns is None:
        raise InputError(
            f"there is no namespace {netns}", source="netns", expected=f"one of {', '.join(world.netns)}"
        )
    entries = ns.ct.entries()
    return Table(
        title=f"Connections that {netns} tracks",
        columns=("protocol", "left", "state", "original", "reply", "translated"),
        rows=tuple(_entry_row(entry) for entry in entries),
        notes=() if ns.ct.active else ("no rule needs connection tracking here: packets are not tracked",),
    )


def _entry_row(ct: Conntrack) -> tuple[str, ...]:
    state = [ct_tcp.NAMES[ct.tcp.state]] if ct.tcp is not None else []
    state.append("assured" if ct.assured else "answered" if ct.seen_reply else "unreplied")
    return (
        _PROTOCOLS.get(ct.proto, str(ct.proto)),
        f"{int(ct.remaining())} s",
        ", ".join(state),
        tuple_text(ct.original),
        tuple_text(ct.reply),
        _translated(ct),
    )


def _translated(ct: Conntrack) -> str:
    """Where the reply is not simply the original turned round, somebody is being impersonated."""
    original, reply = ct.original, ct.reply
    out = []
    if reply.dst != original.src or (ct.proto != 1 and reply.dport != original.sport):
        out.append(f"source becomes {ip_text(reply.dst)}")
    if reply.src != original.dst or (ct.proto != 1 and reply.sport != original.dport):
        out.append(f"destination becomes {ip_text(reply.src)}")
    return ", ".join(out)


def change_table(journey: Journey) -> Table:
    """What changed in a packet, and at which step: addresses, ports, ICMP id, TTL.

    A simulated packet knows its changes and who made them. In a recorded one a change shows at the first line that
    has the new value: it was made before that line.
    """
    rows = []
    for number, hop in enumerate(journey.hops, 1):
        found = _simulated(hop) if isinstance(hop, SimulatedHop) else _recorded(journey, number)
        rows += [(str(number), hop.name, *change) for change in found]
    return Table(
        title=f"What changed in packet {journey.number}: {journey.title}",
        columns=("step", "hook", "field", "before", "after", "by"),
        rows=tuple(rows),
        notes=() if rows else ("nothing changed",),
    )


def _simulated(hop: SimulatedHop) -> Iterator[tuple[str, str, str, str]]:
    for step in (*hop.why, *hop.steps):
        if isinstance(step, TtlLowered):
            yield "TTL", str(step.ttl + 1), str(step.ttl), "routing"
        elif isinstance(step, Translated):
            for field, before in _values(step.before).items():
                after = _values(step.after).get(field)
                if after is not None and after != before:
                    yield field, before, after, f"NAT: {step.reason}"


def _values(packet: Ipv4) -> dict[str, str]:
    l4 = packet.l4
    out = {"SRC": ip_text(packet.src), "DST": ip_text(packet.dst)}
    if isinstance(l4, Tcp | Udp):
        out |= {"SPT": str(l4.sport), "DPT": str(l4.dport)}
    if isinstance(l4, Icmp):
        out["ICMP ID"] = str(l4.id)
    return out


def _recorded(journey: Journey, number: int) -> Iterator[tuple[str, str, str, str]]:
    earlier = [
        r.ip for hop in journey.hops[: number - 1] for r in hop.records if isinstance(r, IptablesRecord)
    ]
    last: IpFields | None = next((ip for ip in reversed(earlier) if ip is not None), None)
    for record in journey.hops[number - 1].records:
        if not isinstance(record, IptablesRecord) or record.ip is None:
            continue
        if last is not None:
            for field, name in _FIELDS.items():
                before, after = getattr(last, name), getattr(record.ip, name)
                if before != after and None not in (before, after):
                    yield (
                        field,
                        str(before),
                        str(after),
                        "routing" if field == "TTL" else "NAT, after the line before",
                    )
        last = record.ip

"""The conntrack table, and what changed in a packet on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from netlab.errors import InputError
from netlab.kernel import steps as s
from netlab.kernel.ct_listing import tuple_text
from netlab.kernel.journeys import SimulatedHop
from netlab.show.table import Table
from netlab.show.tablefold import translation
from netlab.trace.records import IptablesRecord
from netlab.wire import Ethernet, Icmp, Ipv4, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlab.kernel.steps import Connection
    from netlab.kernel.world import World
    from netlab.trace.ip import IpFields
    from netlab.trace.journeys import Journey

_PROTOCOLS: Final = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 132: "sctp", 136: "udplite"}
CONNECTION_COLUMNS: Final = ("protocol", "left", "state", "original", "reply", "translated")
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
    return Table(
        title=f"Connections that {netns} tracks",
        columns=CONNECTION_COLUMNS,
        rows=tuple(connection_row(entry.seen(), world.now) for entry in ns.ct.entries()),
        notes=() if ns.ct.active else ("no rule needs connection tracking here: packets are not tracked",),
    )


def connection_row(ct: Connection, now: float) -> tuple[str, ...]:
    """An entry at a time, under :data:`CONNECTION_COLUMNS`."""
    state = [ct.state] if ct.state else []
    state.append("assured" if ct.assured else "answered" if ct.seen_reply else "unreplied")
    left = max(0.0, ct.timeout - now) if ct.confirmed else ct.timeout
    proto = ct.original.proto
    return (
        _PROTOCOLS.get(proto, str(proto)),
        f"{int(left)} s",
        ", ".join(state),
        tuple_text(ct.original),
        tuple_text(ct.reply),
        translation(ct),
    )


def change_table(journey: Journey) -> Table:
    """What changed in a packet, and at which step: addresses, ports, ICMP id, TTL, mark, and the frame's addresses.

    A simulated packet knows its changes and who made them; ``CONNMARK`` is the mark of its connection. In a recorded
    one a change shows at the first line that
    has the new value: it was made before that line.
    """
    rows = []
    frame: Ethernet | None = None
    for number, hop in enumerate(journey.hops, 1):
        if isinstance(hop, SimulatedHop):
            found, frame = _simulated(hop, frame)
        else:
            found = list(_recorded(journey, number))
        rows += [(str(number), hop.name, *change) for change in found]
    return Table(
        title=f"What changed in packet {journey.number}: {journey.title}",
        columns=("step", "hook", "field", "before", "after", "by"),
        rows=tuple(rows),
        notes=() if rows else ("nothing changed",),
    )


_Changes: TypeAlias = list[tuple[str, str, str, str]]


def _simulated(hop: SimulatedHop, frame: Ethernet | None) -> tuple[_Changes, Ethernet | None]:
    """The changes at a hop, with the frame's addresses before it, and as they are after it."""
    out: _Changes = []
    for step in (*hop.why, *hop.steps, *hop.then):
        match step:
            case s.TtlLowered():
                out.append(("TTL", str(step.ttl + 1), str(step.ttl), "routing"))
            case s.Translated():
                out += _differing(_values(step.before), _values(step.after), f"NAT: {step.reason}")
            case s.Marked():
                field, by = (
                    ("MARK", "a rule") if step.entry is None else ("CONNMARK", "a rule, for its connection")
                )
                out.append((field, f"0x{step.before:x}", f"0x{step.after:x}", by))
            case s.Readdressed():
                out += _differing(_macs(step.before), _macs(step.after), "an ebtables rule")
                frame = step.after
            case s.Received(eth=Ethernet() as eth) | s.Transmitted(eth=Ethernet() as eth):
                by = (
                    "a new frame to the next hop"
                    if isinstance(step, s.Transmitted)
                    else "whoever sent it back"
                )
                out += _differing({} if frame is None else _macs(frame), _macs(eth), by)
                frame = eth
    return out, frame


def _differing(before: dict[str, str], after: dict[str, str], by: str) -> _Changes:
    return [
        (field, value, after[field], by)
        for field, value in before.items()
        if after.get(field, value) != value
    ]


def _macs(eth: Ethernet) -> dict[str, str]:
    return {"MAC SRC": eth.src, "MAC DST": eth.dst}


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

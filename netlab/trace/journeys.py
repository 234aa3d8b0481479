"""Journeys: the way of one packet through one host, hop by hop.

What was recorded and what a simulated kernel says meet in :class:`Journey`, so both are shown, compared and
explained by the same code. A hop is one passage of one hook, of the bridge or of IPv4; its records are the
lines that were printed there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from netlab.trace.records import EbtablesRecord, IptablesRecord, Record

if TYPE_CHECKING:
    import pandas as pd

Family = Literal["bridge", "ip"]
Packet = IptablesRecord | EbtablesRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A passage of one hook. ``hook`` is None where the lines do not tell which one it was.

    For flooded frames every copy has hops of its own; ``port`` is the egress port of the copy.
    """

    family: Family
    hook: str | None
    records: tuple[Packet, ...]

    @property
    def in_dev(self) -> str:
        return self.records[0].in_dev

    @property
    def out_dev(self) -> str:
        return self.records[0].out_dev

    @property
    def ingress(self) -> str:
        """The port or device by which the packet came, as exactly as the line says."""
        first = self.records[0]
        return first.in_dev if isinstance(first, EbtablesRecord) else first.physin or first.in_dev

    @property
    def port(self) -> str:
        """The port or device by which the packet is about to leave, or the empty string."""
        first = self.records[0]
        return first.out_dev if isinstance(first, EbtablesRecord) else first.physout or first.out_dev

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that printed here, in their order."""
        return tuple(dict.fromkeys(table for record in self.records if (table := table_of(record))))

    @property
    def bridged(self) -> bool:
        """True where the packet stays at layer 2: a bridge hook, or IPv4 hooks that the bridge calls."""
        first = self.records[0]
        if isinstance(first, EbtablesRecord):
            return True
        return first.physout is not None or (self.hook == "PREROUTING" and first.physin is not None)

    @property
    def port_is_bridged(self) -> bool:
        """True where the line names the egress port of a bridge: the frame was not passed up."""
        first = self.records[0]
        return isinstance(first, EbtablesRecord) or first.physout is not None

    @property
    def name(self) -> str:
        """``bridge FORWARD`` or ``ip PREROUTING``; a hook that the lines leave open is named by devices."""
        return f"{self.family} {self.hook or open_hook(self.records[0])}"

    def __str__(self) -> str:
        return f"{self.name} [{', '.join(self.tables)}]" if self.tables else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One packet and its hops, in order. ``number`` counts packets from 1 in the order of their first line.

    >>> from netlab.trace import read_trace
    >>> log = read_trace("TRACE: raw:OUTPUT:policy:2 IN= OUT=eth0 SRC=10.0.0.1 DST=10.0.0.2 LEN=84 TOS=0x00 "
    ...     "PREC=0x00 TTL=64 ID=7 DF PROTO=ICMP TYPE=8 CODE=0 ID=3 SEQ=1 UID=0 GID=0 \\n")
    >>> log.journeys()
    (<Journey 1: ICMP echo request 10.0.0.1 > 10.0.0.2, 1 hop, 1 line, from this host>,)
    """

    number: int
    hops: tuple[Hop, ...]

    @property
    def records(self) -> tuple[Packet, ...]:
        """The lines in the order in which they were printed."""
        return tuple(record for hop in self.hops for record in hop.records)

    @property
    def branches(self) -> tuple[tuple[Hop, ...], ...]:
        """The hops of each copy: one for an ordinary packet, one for each port (and the host) of a flood.

        Hops before the frame was copied belong to all branches.
        """
        ports = [hop.port for hop in self.hops if hop.port and _copied(hop)]
        copies = list(dict.fromkeys(ports))
        local = [hop for hop in self.hops if not hop.port and _after_copy(hop, self.hops)]
        if len(copies) + bool(local) < 2:
            return (self.hops,)
        stem = tuple(h for h in self.hops if not _copied(h) and h not in local)
        out = [stem + tuple(h for h in self.hops if _copied(h) and h.port == port) for port in copies]
        return (*out, stem + tuple(local)) if local else tuple(out)

    @property
    def flooded(self) -> tuple[str, ...]:
        """The ports to which copies went, if there was more than one; in their order."""
        ports = tuple(dict.fromkeys(h.port for h in self.hops if h.port and _copied(h)))
        return ports if len(ports) > 1 else ()

    @property
    def direction(self) -> str:
        """Where the packet came from and where it went, in words."""
        from netlab.trace.explain import direction

        return direction(self)

    def explain(self) -> str:
        """Every hop in words, and what is missing and why it may be."""
        from netlab.trace.explain import explain

        return explain(self)

    def frame(self) -> pd.DataFrame:
        """The records of this packet as the table that :meth:`TraceLog.frame` gives."""
        from netlab.trace.tables import frame_of

        return frame_of(self.records)

    @property
    def title(self) -> str:
        """The packet in a few words, as it was first seen."""
        from netlab.trace.explain import packet_words

        records = self.records
        return packet_words(next((r for r in records if isinstance(r, IptablesRecord)), records[0]))

    def __repr__(self) -> str:
        lines = len(self.records)
        return (
            f"<Journey {self.number}: {self.title}, {len(self.hops)} hop{'s'[: len(self.hops) != 1]}, "
            f"{lines} line{'s'[: lines != 1]}, {self.direction}>"
        )

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        from netlab.trace.explain import hop_words

        rows = "".join(
            f"<tr><td>{n}</td><td>{escape(hop.name)}</td><td>{escape(', '.join(hop.tables))}</td>"
            f"<td>{escape(hop_words(hop))}</td></tr>"
            for n, hop in enumerate(self.hops, 1)
        )
        return (
            f"<p>Packet {self.number}: {escape(self.title)}, {escape(self.direction)}</p>"
            f"<table><thead><tr><th>hop</th><th>hook</th><th>tables</th><th>what happened</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def table_of(record: Packet) -> str | None:
    """The table of a record, if its prefix names one."""
    place = record.trace if isinstance(record, IptablesRecord) else record.place
    return place.table if place else None


def open_hook(record: Packet) -> str:
    """What the devices of a line tell about its hook, where its prefix names none."""
    if record.in_dev and record.out_dev:
        return "FORWARD"
    if record.in_dev:
        return "PREROUTING or INPUT"
    return "OUTPUT or POSTROUTING"


def _copied(hop: Hop) -> bool:
    """Hops that run once for each egress port."""
    first = hop.records[0]
    if isinstance(first, EbtablesRecord):
        return hop.hook in ("FORWARD", "OUTPUT", "POSTROUTING")
    return first.physout is not None


def _after_copy(hop: Hop, hops: tuple[Hop, ...]) -> bool:
    if (hop.family, hop.hook) not in (("bridge", "INPUT"), ("ip", "INPUT")):
        return False
    return any(_copied(h) for h in hops[: hops.index(hop)])


def group(records: Iterable[Record]) -> tuple[Journey, ...]:
    """Group records into packets; a simulated kernel's records go through the same door.

    A packet stays one through a lowered TTL, through NAT in the middle, flood copies, the way up from a
    bridge and the loopback device. Lines of the ebtables log, which have no IP id, join by their addresses,
    protocol and ports and by the order of the hooks. Kernel messages belong to no packet.
    """
    from netlab.trace._grouping import Grouping

    grouping = Grouping()
    for record in records:
        if isinstance(record, IptablesRecord | EbtablesRecord):
            grouping.add(record)
    return grouping.journeys()

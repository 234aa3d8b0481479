"""The way of one packet as nftables tells it: events of ``xtables-monitor`` and ``nft`` put together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from netlab.trace.events import MonitorEvent, MonitorPacket, MonitorTrace
from netlab.trace.records import Record

#: How many packets back a packet is looked for whose trace id has changed.
_BACK: Final = 64

#: The fields that neither NAT nor the bridge nor routing changes, as the two programs name them.
_IDENTITY: Final = (
    ("ID", "ip id"),
    ("LEN", "ip length"),
    ("icmp type",),
    ("icmp sequence",),
    ("tcp sequence",),
    ("tcp ackseq",),
    ("tcp flags",),
    ("udp length",),
)

#: Where a packet may be seen next with another id, after the chain in which it was seen last: past a bridge's own
#: device (chains that trace nothing are passed in silence), or round by ``lo``. The id is made of the packet's place
#: in memory and of the device by which it came in (nf_tables_trace.c), and only these two ways change the latter.
_NEXT: Final = {
    "PREROUTING": frozenset({"INPUT", "FORWARD", "POSTROUTING"}),
    "OUTPUT": frozenset({"PREROUTING"}),
    "POSTROUTING": frozenset({"PREROUTING"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorJourney:
    """The events of one packet, in their order; ``number`` counts packets from 1.

    ``trace_ids`` are the kernel's ids of it: a packet gets another one when a bridge passes it up to its own
    device, to be delivered or routed on, and when ``lo`` brings it back.
    """

    number: int
    trace_ids: tuple[str, ...]
    events: tuple[MonitorEvent, ...]

    @property
    def packet(self) -> MonitorPacket | None:
        """The packet as it was first seen; None if only its rules are in the log."""
        return next((e for e in self.events if isinstance(e, MonitorPacket)), None)

    @property
    def traces(self) -> tuple[MonitorTrace, ...]:
        """The rules that matched, the returns and the policies."""
        return tuple(e for e in self.events if isinstance(e, MonitorTrace))

    @property
    def passages(self) -> tuple[tuple[str, tuple[MonitorTrace, ...]], ...]:
        """For each base chain that the packet passed its ``table:chain`` and what happened in it."""
        out: list[tuple[str, list[MonitorTrace]]] = []
        fresh = True
        for event in self.events:
            if isinstance(event, MonitorPacket):
                fresh = True
            elif fresh or not out:
                out.append((f"{event.table}:{event.chain}", [event]))
                fresh = False
            else:
                out[-1][1].append(event)
        return tuple((name, tuple(traces)) for name, traces in out)

    @property
    def outcome(self) -> str:
        """The last verdict and where it was given."""
        if not self.traces:
            return "no verdict in the log"
        last = self.traces[-1]
        return f"{last.outcome or last.kind} in {last.table}:{last.chain}"

    def explain(self) -> str:
        """Every base chain in words, with the text of the rules that matched."""
        out = [f"Packet {self.number}: {self.packet or 'not in the log'}, {self.outcome}"]
        for n, (name, traces) in enumerate(self.passages, 1):
            out.append(f"{n:3}. {name}")
            out += [f"       {trace}" for trace in traces]
        if len(self.trace_ids) > 1:
            out.append(
                f"  * trace ids {', '.join(self.trace_ids)}: the device by which it came in has changed"
            )
        return "\n".join(out)

    def __repr__(self) -> str:
        packet = self.packet or "not in the log"
        return f"<MonitorJourney {self.number}: {packet}, {len(self.passages)} base chains, {self.outcome}>"

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{n}</td><td>{escape(name)}</td><td>{'<br>'.join(escape(str(t)) for t in traces)}</td></tr>"
            for n, (name, traces) in enumerate(self.passages, 1)
        )
        return (
            f"<p>Packet {self.number}: {escape(str(self.packet or 'not in the log'))}, {escape(self.outcome)}</p>"
            f"<table><thead><tr><th>hop</th><th>base chain</th><th>what happened</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


class _Open:
    """A packet whose events are still coming."""

    __slots__ = ("chain", "events", "packet", "tool", "trace_ids")

    def __init__(self, event: MonitorEvent) -> None:
        self.tool = event.tool
        self.trace_ids = [event.trace_id]
        self.events: list[MonitorEvent] = []
        self.packet: MonitorPacket | None = None
        self.chain: str | None = None

    def add(self, event: MonitorEvent, chain: str | None) -> None:
        self.events.append(event)
        if event.trace_id not in self.trace_ids:
            self.trace_ids.append(event.trace_id)
        if isinstance(event, MonitorPacket):
            self.packet, self.chain = event, chain

    def same(self, packet: MonitorPacket) -> bool:
        """Whether a packet event is of this packet; NAT may have changed its addresses."""
        return self.packet is None or _identity(self.packet) == _identity(packet)

    def passed_on(self, packet: MonitorPacket, chain: str | None) -> bool:
        """Whether a packet event with another id goes on from here: past a bridge, or round by ``lo``."""
        mine = self.packet
        if mine is None or chain not in _NEXT.get(self.chain or "", ()) or not self.same(packet):
            return False
        if (mine.src, mine.spt) != (packet.src, packet.spt):
            return False
        if chain == "PREROUTING":
            return packet.in_dev == "lo" and mine.ttl == packet.ttl
        routed = mine.ttl is not None and packet.ttl == mine.ttl - 1
        return mine.ttl == packet.ttl or (routed and chain != "INPUT")


def _identity(packet: MonitorPacket) -> tuple[str | None, ...]:
    return tuple(packet.get(*names) for names in _IDENTITY)


def group_events(records: Iterable[Record]) -> tuple[MonitorJourney, ...]:
    """Group events into packets by their trace ids; records that are no events are passed over."""
    events = [r for r in records if isinstance(r, MonitorPacket | MonitorTrace)]
    packets: list[_Open] = []
    by_id: dict[tuple[str, str], _Open] = {}
    recent: deque[_Open] = deque(maxlen=_BACK)
    for event, chain in _with_chains(events):
        key = event.tool, event.trace_id
        mine = by_id.get(key)
        if isinstance(event, MonitorPacket):
            if mine is not None and not mine.same(event):
                mine = None  # the kernel has used the id again
            if mine is None:
                found = (p for p in reversed(recent) if p.tool == event.tool and p.passed_on(event, chain))
                mine = next(found, None)
        if mine is None:
            mine = _Open(event)
            packets.append(mine)
            recent.append(mine)
        by_id[key] = mine
        mine.add(event, chain)
    return tuple(
        MonitorJourney(number=n, trace_ids=tuple(p.trace_ids), events=tuple(p.events))
        for n, p in enumerate(packets, 1)
    )


def _with_chains(events: list[MonitorEvent]) -> Iterator[tuple[MonitorEvent, str | None]]:
    """Each event with its chain; xtables-monitor tells that of a packet only in the next event of its id."""
    next_chain: dict[tuple[str, str], str | None] = {}
    out: list[tuple[MonitorEvent, str | None]] = []
    for event in reversed(events):
        key = event.tool, event.trace_id
        chain = event.chain if event.chain is not None else next_chain.get(key)
        next_chain[key] = chain
        out.append((event, chain))
    return reversed(out)

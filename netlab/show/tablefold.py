"""Forwarding tables and connections of a namespace, folded from what the kernel did: how they stood after any step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netlab.kernel import steps as s
from netlab.kernel.ct_listing import tuple_text
from netlab.kernel.fdb import DEFAULT_AGEING
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.ct_tuple import Tuple

#: The sign that stands before each word, so that a change is seen before it is read.
SIGNS: Final = {
    "new": "+",
    "written": "+",
    "refreshed": "=",
    "moved": ">",
    "aged": "-",
    "removed": "-",
    "created": "+",
    "confirmed": "*",
    "translated": "~",
    "marked": "~",
    "replied": "<",
    "assured": "!",
    "never confirmed": "-",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry changed: its table (``forwarding`` or ``conntrack``), its key there and its name for people, a word of
    :data:`SIGNS` (or TCP states), more about it, and the packet that did it (0: none)."""

    table: str
    key: object
    entry: str
    word: str
    about: str
    packet: int

    @property
    def words(self) -> str:
        """Sign, word and what else there is to say.

        >>> Change("forwarding", ("br0", "02:…:01"), "02:…:01 at br0", "moved", "from veth1", 1).words
        '> moved from veth1'
        """
        return f"{SIGNS.get(self.word, '~')} {self.word} {self.about}".rstrip()


@dataclass(frozen=True, slots=True)
class Address:
    """A line of a forwarding table; ``port`` is empty for the bridge itself."""

    port: str
    kind: str
    updated: float


@dataclass(slots=True)
class Tables:
    """The tables of one namespace as steps leave them; the state before the first step of a world is empty.

    ``pending`` are connections that their first packet still carries, with that packet's number.

    >>> tables = Tables("host")
    >>> tables.add(s.Learned(1.0, "host", 7, "br0", "02:00:00:00:00:01", "veth1"))[0].words
    '+ new on veth1'
    >>> tables.add(s.Learned(2.0, "host", 8, "br0", "02:00:00:00:00:01", "veth2"))[0].words
    '> moved from veth1 to veth2'
    """

    netns: str
    forwarding: dict[str, dict[str, Address]] = field(default_factory=dict)
    ageing: dict[str, float] = field(default_factory=dict)
    connections: dict[Tuple, s.Connection] = field(default_factory=dict)
    pending: dict[Tuple, tuple[int, s.Connection]] = field(default_factory=dict)

    def copy(self) -> Tables:
        """The same tables, apart from these."""
        return Tables(
            self.netns,
            {name: dict(table) for name, table in self.forwarding.items()},
            dict(self.ageing),
            dict(self.connections),
            dict(self.pending),
        )

    def add(self, step: s.Step) -> list[Change]:
        """What a step does to the tables."""
        if step.netns != self.netns:
            return []
        match step:
            case s.Learned() | s.Refreshed() | s.Written() | s.Forgotten():
                return self._forward(step)
            case s.AgeingSet():
                self.ageing[step.bridge] = step.seconds
            case s.Tracked(after=s.Connection() as entry):
                return self._track(step, entry, step.reason if step.state == "DESTROY" else "")
            case s.Translated(entry=s.Connection() as entry) | s.Marked(entry=s.Connection() as entry):
                return self._track(step, entry, "")
        return []

    def living(self, bridge: str, now: float) -> dict[str, Address]:
        """The addresses that a bridge uses at a time: what has aged counts as absent before it is collected."""
        limit = self.ageing.get(bridge, DEFAULT_AGEING)
        table = self.forwarding.get(bridge, {})
        return {mac: at for mac, at in table.items() if at.kind != "learnt" or at.updated + limit > now}

    def tracked(self, now: float) -> dict[Tuple, s.Connection]:
        """The confirmed connections that have not timed out at a time."""
        return {key: ct for key, ct in self.connections.items() if ct.timeout > now}

    # --- forwarding -------------------------------------------------------------------------------------------

    def _forward(self, step: s.Learned | s.Refreshed | s.Written | s.Forgotten) -> list[Change]:
        table = self.forwarding.setdefault(step.bridge, {})
        old = table.get(step.mac)
        match step:
            case s.Forgotten():
                table.pop(step.mac, None)
                word, about = ("aged" if step.reason == "aged" else "removed"), ""
            case s.Written():
                table[step.mac] = Address(step.port, step.kind, step.time)
                word, about = "written", ""
            case s.Refreshed():
                if old is None or old.kind != "learnt":
                    return []
                table[step.mac] = Address(step.port, old.kind, step.time)
                word, about = "refreshed", ""
            case _:
                table[step.mac] = Address(step.port, old.kind if old else "learnt", step.time)
                moved = old is not None
                word = "moved" if moved else "new"
                about = f"from {old.port} to {step.port}" if old else f"on {step.port}"
        name = f"{step.mac} at {step.bridge}"
        return [Change("forwarding", (step.bridge, step.mac), name, word, about, step.journey)]

    # --- conntrack --------------------------------------------------------------------------------------------

    def _track(self, step: s.Step, ct: s.Connection, gone: str) -> list[Change]:
        key = ct.original
        if gone:
            self.connections.pop(key, None)
            return [Change("conntrack", key, tuple_text(key), "removed", f"({gone})", step.journey)]
        waiting = self.pending.pop(key, None)
        old = waiting[1] if waiting else self.connections.get(key)
        if ct.confirmed:
            self.connections[key] = ct
        else:
            self.pending[key] = (step.journey, ct)
        return [
            Change("conntrack", key, tuple_text(key), *words, step.journey) for words in _happened(old, ct)
        ]

    def lose(self, packet: int) -> list[Change]:
        """Connections that go with their packet, which never reached the end of INPUT or POSTROUTING."""
        keys = [key for key, (whose, _) in self.pending.items() if whose == packet]
        for key in keys:
            del self.pending[key]
        words = ("never confirmed", "(gone with its packet)", packet)
        return [Change("conntrack", key, tuple_text(key), *words) for key in keys]


def _happened(old: s.Connection | None, new: s.Connection) -> list[tuple[str, str]]:
    """What became of a connection, as words and what to say with them."""
    if old is None:
        return [("created", "")] if not new.confirmed else [("confirmed", "")]
    out = []
    if new.reply != old.reply:
        out.append(("translated", translation(new)))
    if new.confirmed and not old.confirmed:
        return [*out, ("confirmed", "")]
    if new.seen_reply and not old.seen_reply:
        out.append(("replied", ""))
    if new.state != old.state:
        out.append((f"{old.state or 'NONE'} becomes {new.state}", ""))
    if new.assured and not old.assured:
        out.append(("assured", ""))
    if new.mark != old.mark:
        out.append(("marked", f"0x{new.mark:x}"))
    if new.confirmed and new.timeout != old.timeout:
        out.append(("refreshed", ""))
    return out


def translation(ct: s.Connection) -> str:
    """Where the reply is not simply the original turned round, somebody is being impersonated."""
    original, reply = ct.original, ct.reply
    ports = original.proto != 1
    out = []
    if reply.dst != original.src or (ports and reply.dport != original.sport):
        out.append(f"source becomes {ip_text(reply.dst)}")
    if reply.src != original.dst or (ports and reply.sport != original.dport):
        out.append(f"destination becomes {ip_text(reply.src)}")
    return ", ".join(out)

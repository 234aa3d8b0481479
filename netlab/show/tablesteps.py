"""Forwarding tables and connections as they stood after each step of a journey, and what the step changed in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from netlab.errors import InputError
from netlab.kernel import steps as s
from netlab.kernel.fdb import DEFAULT_AGEING
from netlab.kernel.journeys import SimulatedHop, SimulatedJourney
from netlab.show.bridge import ADDRESS_COLUMNS, address_row
from netlab.show.conntrack import CONNECTION_COLUMNS, connection_row
from netlab.show.table import Table
from netlab.show.tablefold import Change, Tables
from netlab.show.words import printable

if TYPE_CHECKING:
    from netlab.kernel.world import World
    from netlab.trace.journeys import Journey


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KernelTables:
    """The tables of a namespace after a step of a journey (0: before the packet came); shows itself as text and HTML.

    ``forwarding`` has a table for each bridge. Rows that the step changed are marked, and say how in their last
    column, sign first; ``changes`` are the same in sentences, with what is no longer in a table.
    """

    title: str
    step: int
    forwarding: tuple[Table, ...]
    conntrack: Table
    changes: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        changed = [f"  {line}" for line in self.changes] or ["  nothing changed in them"]
        tables = [table.text for table in (*self.forwarding, self.conntrack)]
        return "\n".join([printable(self.title), *map(printable, changed), *tables])

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(printable(line))}</li>" for line in self.changes)
        tables = "".join(table._repr_html_() for table in (*self.forwarding, self.conntrack))
        said = f"<ul>{items}</ul>" if items else "<p>nothing changed in them</p>"
        return f"<p><b>{escape(printable(self.title))}</b></p>{said}{tables}"


def kernel_tables(world: World, journey: Journey, step: int | None = None) -> KernelTables:
    """The tables of the packet's namespace as they were right after a step of a simulated journey.

    ``step`` counts hops from 1; None is the last, 0 before the packet came. They are folded from what the kernel did
    since the world began, so any step of any run of that world can be asked for, in any order. Raises InputError for
    a recorded journey, one of another world, and a step that there is not.

    >>> from netlab.lab import run_lab
    >>> run = run_lab("iptables -A INPUT -m conntrack --ctstate NEW; ping -c 1 127.0.0.1")
    >>> [words.rpartition(": ")[2] for words in kernel_tables(run.world, run.packets[0], 2).changes]
    ['* confirmed']
    """
    all_steps = table_steps(world, journey)
    last = len(all_steps) - 1
    step = last if step is None else step
    if not 0 <= step <= last:
        raise InputError(
            f"packet {journey.number} has no step {step}", source="tables", expected=f"0 to {last}"
        )
    return all_steps[step]


def table_steps(world: World, journey: Journey) -> tuple[KernelTables, ...]:
    """The tables before a simulated packet came and after each of its hops; see :func:`kernel_tables`."""
    hops, simulated = _simulated(journey)
    return tuple(
        _shown(tables, changes, now, simulated, step, hops[step - 1].name if step else "")
        for step, (tables, changes, now) in enumerate(_states(world, simulated, hops))
    )


def table_changes(world: World, journey: Journey) -> Table:
    """What each step of a simulated packet changed in forwarding tables and connections: a row a change."""
    hops, simulated = _simulated(journey)
    rows = [
        (str(step), hops[step - 1].name, change.table, change.entry, _said(change, simulated))
        for step, (_, changes, _) in enumerate(_states(world, simulated, hops))
        for change in changes
    ]
    return Table(
        title=f"What packet {journey.number} changed in the kernel's tables: {journey.title}",
        columns=("step", "hook", "table", "entry", "change"),
        rows=tuple(rows),
        notes=() if rows else ("nothing changed in them",),
    )


# --- from steps to states ---------------------------------------------------------------------------------------


def _simulated(journey: Journey) -> tuple[list[SimulatedHop], SimulatedJourney]:
    hops = [hop for hop in journey.hops if isinstance(hop, SimulatedHop)]
    if not isinstance(journey, SimulatedJourney) or not hops:
        raise InputError(
            "a log does not say what stood in the kernel's tables",
            source="tables",
            expected="a simulated packet, such as one of LabResult.packets",
        )
    return hops, journey


def _states(
    world: World, journey: SimulatedJourney, hops: list[SimulatedHop]
) -> Iterator[tuple[Tables, list[Change], float]]:
    """Tables, what changed since the state before, and the time, for each of the journey's steps from 0."""
    places = {id(step): n for n, step in enumerate(world.steps)}
    try:
        starts = [min(places[id(step)] for step in (*hop.why, hop.entered)) for hop in hops]
        last = hops[-1]
        end = 1 + max(places[id(step)] for step in (last.entered, *last.steps, *last.then))
    except KeyError:
        raise InputError(
            "this packet is not of this world", source="tables", expected="the world that the packet was in"
        ) from None
    tables, at, now = Tables(journey.netns), 0, 0.0
    for number, cut in enumerate((*starts, end)):
        changes = []
        # Of two hops that the bridge and IPv4 nest in each other the inner may have begun first.
        for step in world.steps[at : max(at, cut)]:
            changes += tables.add(step)
            now = step.time
        at = max(at, cut)
        if number == len(hops):
            changes += tables.lose(journey.packet)
        yield tables.copy(), changes if number else [], now


# --- what is shown ----------------------------------------------------------------------------------------------


def _shown(
    tables: Tables, changes: list[Change], now: float, journey: SimulatedJourney, step: int, hook: str
) -> KernelTables:
    said: dict[tuple[str, object], list[str]] = {}
    for change in changes:
        said.setdefault((change.table, change.key), []).append(_said(change, journey))
    when = f"after step {step}, {hook}" if step else "before the packet came"
    bridges = [name for name in tables.forwarding if tables.living(name, now)]
    return KernelTables(
        title=f"Tables of {journey.netns} {when}",
        step=step,
        forwarding=tuple(_forwarding(tables, name, now, said) for name in bridges),
        conntrack=_connections(tables, journey, now, said),
        changes=tuple(f"{c.table}: {c.entry}: {_said(c, journey)}" for c in changes),
    )


def _forwarding(tables: Tables, bridge: str, now: float, said: dict[tuple[str, object], list[str]]) -> Table:
    found = sorted(
        tables.living(bridge, now).items(), key=lambda item: (item[1].kind == "its own", item[1].port)
    )
    rows = [
        (
            *address_row(bridge, mac, at.port, at.kind, now - at.updated),
            "; ".join(said.get(("forwarding", (bridge, mac)), ())),
        )
        for mac, at in found
    ]
    return Table(
        title=f"Forwarding table of {bridge}, addresses age after {tables.ageing.get(bridge, DEFAULT_AGEING):g} s",
        columns=(*ADDRESS_COLUMNS, "change"),
        rows=tuple(rows),
        marked={n for n, row in enumerate(rows) if row[-1]},
    )


def _connections(
    tables: Tables, journey: SimulatedJourney, now: float, said: dict[tuple[str, object], list[str]]
) -> Table:
    carried = [(key, ct) for key, (packet, ct) in tables.pending.items() if packet == journey.packet]
    rows = [
        (*connection_row(ct, now), "; ".join(said.get(("conntrack", key), ())) or _where(ct))
        for key, ct in [*tables.tracked(now).items(), *carried]
    ]
    keys = [*tables.tracked(now), *(key for key, _ in carried)]
    return Table(
        title=f"Connections that {journey.netns} tracks",
        columns=(*CONNECTION_COLUMNS, "change"),
        rows=tuple(rows),
        marked={n for n, key in enumerate(keys) if ("conntrack", key) in said},
        notes=() if rows else ("no connection is tracked",),
    )


def _where(ct: s.Connection) -> str:
    return "" if ct.confirmed else "not in the table yet"


def _said(change: Change, journey: SimulatedJourney) -> str:
    words = change.words
    if change.word == "created":
        words += " (only this packet carries it yet)"
    if change.packet and change.packet != journey.packet:
        words += " (by another packet)"
    return words

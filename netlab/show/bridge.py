"""A bridge with its ports and its forwarding table, and what it decided about a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.errors import InputError
from netlab.kernel.bridge import Bridge
from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.fdb import FdbEntry
from netlab.kernel.journeys import SimulatedHop
from netlab.kernel.steps import BridgeDecision
from netlab.show.graph import Edge, Graph, Node
from netlab.show.style import BRIDGE, CHOSEN, CURRENT, DROPPED, GREEN, PLAIN, QUIET, SILENT, VISITED, Mark
from netlab.show.table import Table
from netlab.show.words import count, listed

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World
    from netlab.trace.journeys import Journey

_PORT = Mark("", "none", GREEN, 1.5)
ADDRESS_COLUMNS: Final = ("address", "port", "kind", "seconds ago")


def bridge_of(world: World, name: str, *, netns: str = "host") -> Bridge:
    """A bridge by the name of its device. Raises InputError that says which bridges there are."""
    ns: Netns | None = world.netns.get(netns)
    if ns is None:
        raise InputError(
            f"there is no namespace {netns}", source="netns", expected=f"one of {', '.join(world.netns)}"
        )
    device = ns.devices.get(name)
    if isinstance(device, BridgeDevice):
        return device.bridge
    known = [d.name for d in ns.devices.values() if isinstance(d, BridgeDevice)]
    raise InputError(
        f"there is no bridge {name} in {netns}",
        source="bridge",
        expected=f"one of {', '.join(known) or 'none'}",
    )


def forwarding_table(world: World, name: str, *, netns: str = "host", mac: str = "") -> Table:
    """The forwarding table: which address is behind which port, since when, and for how long. ``mac`` marks a row.

    Entries that have aged are not in it: the bridge no longer uses them, whether or not they are collected yet.
    """
    bridge = bridge_of(world, name, netns=netns)
    entries = sorted(bridge.fdb.entries(), key=lambda e: (e.local, e.port.device.name if e.port else ""))
    return Table(
        title=f"Forwarding table of {name}, addresses age after {bridge.fdb.ageing:g} s",
        columns=ADDRESS_COLUMNS,
        rows=tuple(
            address_row(
                name,
                entry.mac,
                entry.port.device.name if entry.port else "",
                _kind(entry),
                world.now - entry.updated,
            )
            for entry in entries
        ),
        marked={n for n, entry in enumerate(entries) if entry.mac == mac},
    )


def address_row(bridge: str, mac: str, port: str, kind: str, age: float) -> tuple[str, ...]:
    """A line of a forwarding table, under :data:`ADDRESS_COLUMNS`; only what was learnt has an age."""
    return mac, port or bridge, kind, f"{age:.1f}" if kind == "learnt" else ""


def port_table(world: World, name: str, *, netns: str = "host") -> Table:
    """The ports in the order in which a flood visits them, newest first."""
    bridge = bridge_of(world, name, netns=netns)
    rows = []
    for port in bridge.ports:
        off = [w for w, on in (("learning", port.learning), ("flood", port.flood)) if not on]
        switches = [*(["hairpin"] if port.hairpin else []), *(["isolated"] if port.isolated else [])]
        options = ", ".join([*switches, *(f"{w} off" for w in off)])
        state = "forwarding" if port.forwarding else "disabled"
        rows.append((port.device.name, port.device.mac, state, options))
    return Table(
        title=f"Ports of {name}, in the order of a flood",
        columns=("port", "address", "state", "options"),
        rows=tuple(rows),
    )


def _kind(entry: FdbEntry) -> str:
    return "its own" if entry.local else "static" if entry.static else "learnt"


def decision_of(journey: Journey, *, bridge: str = "") -> BridgeDecision | None:
    """What a bridge decided about a simulated packet; None if none did, or for recorded packets."""
    for hop in journey.hops:
        if isinstance(hop, SimulatedHop):
            for step in (*hop.why, *hop.then):
                if isinstance(step, BridgeDecision) and bridge in ("", step.bridge):
                    return step
    return None


def bridge_map(
    world: World, name: str, *, netns: str = "host", decision: BridgeDecision | None = None
) -> Graph:
    """The bridge, its ports, and the addresses behind each; with a decision, the frame's way is lit.

    The table is that of now: entries may have been learnt, or have aged, since the decision.
    """
    bridge = bridge_of(world, name, netns=netns)
    by_port: dict[str, list[str]] = {}
    for entry in bridge.fdb.entries():
        if entry.port is not None and not entry.local:
            by_port.setdefault(entry.port.device.name, []).append(entry.mac)
    nodes = [_bridge_node(bridge, decision)]
    edges = []
    for port in bridge.ports:
        mark, note = _port_mark(port.device.name, decision, forwarding=port.forwarding)
        nodes.append(Node(name=port.device.name, label=port.device.name, mark=mark, note=note, font=9.5))
        edges.append(
            Edge(
                tail=name,
                head=port.device.name,
                label=_way(port.device.name, decision),
                directed=False,
                mark=_edge_mark(port.device.name, decision),
            )
        )
        behind = by_port.get(port.device.name, [])
        nodes.append(
            Node(
                name=f"{port.device.name} behind",
                label="\n".join(behind) or "nobody known",
                shape="rounded",
                mark=QUIET if behind else SILENT,
                note=f"behind {port.device.name}",
                font=9,
            )
        )
        edges.append(Edge(tail=port.device.name, head=f"{port.device.name} behind", directed=False))
    return Graph(
        name="bridge",
        title=f"Bridge {name}" + (f": {decision.action}" if decision else ""),
        description=_words(bridge, by_port, decision),
        nodes=tuple(nodes),
        edges=tuple(edges),
        options=(("rankdir", "LR"), ("nodesep", "0.15"), ("ranksep", "0.5")),
    )


def _bridge_node(bridge: Bridge, decision: BridgeDecision | None) -> Node:
    mark = BRIDGE
    if decision is not None and decision.action == "drop":
        mark = DROPPED
    elif decision is not None and (decision.action in ("pass up", "route") or not decision.port):
        mark = CURRENT
    return Node(
        name=bridge.device.name,
        label=f"{bridge.device.name}\n{bridge.device.mac}",
        shape="rounded",
        mark=mark,
        note="" if decision is None else f"{decision.action}: {decision.reason}",
    )


def _port_mark(port: str, decision: BridgeDecision | None, *, forwarding: bool) -> tuple[Mark, str]:
    if decision is not None and port == decision.port:
        return VISITED, "the frame came in here"
    if decision is not None and port in decision.ports:
        return CHOSEN, "the frame goes out here"
    return (PLAIN, "") if forwarding else (SILENT, "disabled")


def _way(port: str, decision: BridgeDecision | None) -> str:
    if decision is None:
        return ""
    into, out = port == decision.port, port in decision.ports
    return "in and out" if into and out else "in" if into else "out" if out else ""


def _edge_mark(port: str, decision: BridgeDecision | None) -> Mark:
    if decision is None or port not in (decision.port, *decision.ports):
        return _PORT
    return VISITED if port == decision.port else CHOSEN


def _words(bridge: Bridge, by_port: dict[str, list[str]], decision: BridgeDecision | None) -> str:
    name = bridge.device.name
    said = [
        f"behind {port.device.name} {listed(by_port[port.device.name]) if port.device.name in by_port else 'nobody known'}"
        for port in bridge.ports
    ]
    text = f"Bridge {name} ({bridge.device.mac}) with {count(len(bridge.ports), 'port')}: {'; '.join(said) or 'none'}."
    if decision is None:
        return text
    came = f"came in by {decision.port}" if decision.port else "was sent by the host"
    went = f" to {listed(list(decision.ports))}" if decision.ports else ""
    return f"{text} A frame that {came}: {decision.action}{went}, because {decision.reason}."

"""The packet map: every hook of both layers with what runs there, and the way of one packet lit on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from netlab.errors import InputError
from netlab.kernel import steps as s
from netlab.kernel.journeys import SimulatedHop, rule_in_words
from netlab.kernel.release import release
from netlab.show import mapplan
from netlab.show.graph import Edge, Graph, Node
from netlab.show.style import CALL, CURRENT, DROPPED, PARTED, SILENT, VISITED, Mark
from netlab.show.words import count, listed, printable
from netlab.trace.explain import hop_words

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.trace.journeys import Hop, Journey


def packet_map(
    journey: Journey | None = None,
    step: int | None = None,
    kernel: str = "6.1",
    *,
    netns: Netns | None = None,
    parted: int | None = None,
) -> Graph:
    """The map, plain or with a journey lit on it.

    ``step`` counts hops from 1: those up to it are lit, and it stands out; None lights all, 0 none. Tables at a
    visited hook that printed nothing are dashed. With ``netns`` tables that do not exist in that namespace are
    dashed too, and those that do tell their rules of each hook: in the text, and where the pointer rests on them.
    ``parted`` is the step at which another packet did something else: from there on its hook is outlined by itself.
    Raises InputError for a step that the journey does not have, NetlabError for an unknown kernel.

    >>> print(str(packet_map()).splitlines()[1].strip())
    IPv4 PREROUTING [sabotage, defrag, raw, conntrack, mangle, nat]
    """
    release(kernel)
    nodes = [*mapplan.hook_nodes(), *mapplan.other_nodes(), *mapplan.corners()]
    ways = mapplan.edges()
    title = f"Packet map of Linux {kernel}"
    description = _plain_words()
    if netns is not None:
        nodes = [_of_namespace(node, netns) for node in nodes]
    if journey is not None:
        last = len(journey.hops) if step is None else step
        if not 0 <= last <= len(journey.hops):
            raise InputError(
                f"packet {journey.number} has no step {last}",
                source="packet map",
                expected=f"0 to {len(journey.hops)}, or None",
            )
        title = f"Packet {journey.number} on the map: {journey.title}"
        if step is not None:
            title += f" (step {step} of {len(journey.hops)})"
        hops = journey.hops[:last]
        here = None if step is None else last
        nodes = _light_nodes(nodes, hops, here, parted)
        ways = _light_ways(ways, hops, here)
        nodes += mapplan.legend(_legend(journey, stepping=step is not None, parted=parted is not None))
        description = _lit_words(journey, hops)
    return Graph(
        name="packet-map",
        title=title,
        description=description,
        nodes=tuple(nodes),
        edges=tuple(ways),
        bands=mapplan.BANDS,
        engine="fixed",
        options=(("splines", "line"), ("outputorder", "edgesfirst")),
    )


def _legend(journey: Journey, *, stepping: bool, parted: bool) -> list[tuple[str, Mark]]:
    """The marks that a journey's pictures use; the same for all its steps, so that they share one layout."""
    out = [("visited, with the step's number", VISITED), ("table that was not consulted", SILENT)]
    if stepping:
        out.insert(1, ("the step shown now", CURRENT))
    if any(ended(hop) for hop in journey.hops):
        out.append(("dropped here", DROPPED))
    if parted:
        out.append(("≠ first difference", PARTED))
    return out


def _of_namespace(node: Node, netns: Netns) -> Node:
    """A table as it is in a namespace: dashed if nobody has opened it, else with its rules of the hook."""
    parts = node.name.split(".")
    if len(parts) != 3 or node.legend:
        return node
    family, hook, name = parts
    entry = next((f for f in mapplan.FAMILIES[family][hook] if f.name == name), None)
    if entry is None or not entry.is_table:
        return node
    table = netns.xt.get(name) if family == "ip" else netns.eb.get(name)
    if table is None:
        return replace(node, mark=SILENT, note="no such table here yet")
    chain = next(chain for chain in table.save().chains if chain.name == hook)
    rules = [f"{n}. {rule_in_words(rule)}" for n, rule in enumerate(chain.rules, 1)]
    return replace(node, note="; ".join([*rules, f"policy {chain.policy}"]))


def _visits(hops: Sequence[Hop]) -> dict[str, list[int]]:
    """Which steps (from 1) are at which hook node; hops whose hook the lines leave open have none."""
    out: dict[str, list[int]] = {}
    for number, hop in enumerate(hops, 1):
        if hop.hook is not None:
            out.setdefault(mapplan.place(hop.family, hop.hook), []).append(number)
    return out


def _light_nodes(nodes: list[Node], hops: Sequence[Hop], here: int | None, parted: int | None) -> list[Node]:
    visits = _visits(hops)
    passed = _passed(hops, here)
    out = []
    for node in nodes:
        numbers = visits.get(node.part_of or node.name)
        if node.name in passed:
            out.append(replace(node, mark=passed[node.name]))
            continue
        if numbers is None or node.name.endswith(".title"):
            out.append(node)
            continue
        visited = [hops[n - 1] for n in numbers]
        current = here in numbers
        if node.name.endswith(".steps"):
            badge = f"≠ {parted}" if parted in numbers else _numbers(numbers)
            out.append(replace(node, badge=badge, mark=CURRENT if current else VISITED))
        elif node.part_of:
            name = node.name.rsplit(".", 1)[1]
            shown = [hops[here - 1]] if current and here else visited
            out.append(_light_part(node, name, shown, CURRENT if current else VISITED))
        else:
            told = hops[here - 1] if current and here else visited[-1]
            mark = DROPPED if ended(told) else CURRENT if current else VISITED
            steps = f"{'step' if len(numbers) == 1 else 'steps'} {listed([str(n) for n in numbers])}"
            words = hop_text(told)
            if parted in numbers:
                words = f"{PARTED.word}: from step {parted} on another packet did something else; {words}"
                mark = replace(PARTED, fill=mark.fill)
            out.append(replace(node, mark=mark, note=f"{steps}: {words}"))
    return out


def _passed(hops: Sequence[Hop], here: int | None) -> dict[str, Mark]:
    """Decisions, ends and calls between the layers on the packet's way."""
    out: dict[str, Mark] = {}
    for number, path in enumerate(lit_ways(hops), 1):
        mark = CURRENT if number == here else VISITED
        for name in path:
            tail, _, head = name.partition(">")
            for end in (tail, head):
                if "." not in end:
                    out[end] = mark
            if tail.startswith("bridge.") and head.startswith("ip.") and tail[7:] == head[3:]:
                out[f"{tail}.{mapplan.CALLER}"] = mark
    return out


def _light_part(node: Node, name: str, hops: Sequence[Hop], mark: Mark) -> Node:
    family, hook, _ = node.name.split(".")
    entry = next(f for f in mapplan.FAMILIES[family][hook] if f.name == name)
    rules = f": {node.note}" if node.note else ""
    if any(name in hop.tables for hop in hops):
        return replace(node, mark=replace(mark, width=2.0), note=f"consulted{rules}")
    return replace(node, mark=SILENT, note=f"not consulted{rules}") if entry.is_table else node


def ended(hop: Hop) -> bool:
    """Whether a simulated packet was dropped at this hop or right after it; a recorded one never says so."""
    return isinstance(hop, SimulatedHop) and bool(hop.dropped)


def hop_text(hop: Hop) -> str:
    """What happened at a hop in words: a simulated hop knows, for a recorded one it is inferred."""
    if not isinstance(hop, SimulatedHop):
        return printable(hop_words(hop))
    reason = f" because {hop.reason}" if hop.reason else ""
    return printable(f"{hop.words}{f'; then {hop.after}' if hop.after else ''}{reason}")


def _numbers(numbers: Sequence[int]) -> str:
    text = "·".join(map(str, numbers))
    return text if len(text) <= 6 else f"{numbers[0]}…{numbers[-1]}"


def lit_ways(hops: Sequence[Hop]) -> list[tuple[str, ...]]:
    """For each hop the edges that lead to it from the one before, as far as the map has them."""
    out: list[tuple[str, ...]] = []
    before: Hop | None = None
    for hop, following in zip_longest(hops, hops[1:]):
        if hop.hook is None:
            out.append(())
            continue
        end = mapplan.place(hop.family, hop.hook)
        called = _by_bridge(hop)
        found: tuple[str, ...] = ()
        if before is not None and before.hook is not None:
            start = mapplan.place(before.family, before.hook)
            found = mapplan.way(start, end, returning=_by_bridge(before), called=called)
        if not found:
            found = mapplan.way(_entry(hop, first=before is None), end, called=called)
        out.append((*found, *_leaving(hop, following)))
        before = hop
    return out


def _leaving(hop: Hop, following: Hop | None) -> tuple[str, ...]:
    """The edges by which a simulated packet leaves the map right after a hop."""
    if not isinstance(hop, SimulatedHop) or hop.hook is None:
        return ()
    here = mapplan.place(hop.family, hop.hook)
    if any(isinstance(step, s.Delivered) for step in hop.then) and here == "ip.INPUT":
        return ("ip.INPUT>process",)
    if here in ("bridge.INPUT", "ip.PREROUTING") and any(isinstance(step, s.Routed) for step in hop.then):
        return (f"{here}>routing",) if not _by_bridge(hop) else ()
    sent = next((step for step in hop.then if isinstance(step, s.Transmitted)), None)
    if sent is None or hop.hook != "POSTROUTING":
        return ()
    if hop.family == "bridge" or _by_bridge(hop):
        return mapplan.way(here, "port out", returning=hop.family == "ip")
    # What a bridge device sends goes on on the map: to the bridge's OUTPUT.
    by_bridge = following is not None and (following.family, following.hook) == ("bridge", "OUTPUT")
    by_bridge = by_bridge or any(isinstance(step, s.BridgeDecision) for step in hop.then)
    return () if by_bridge else (f"{here}>device out",)


def _by_bridge(hop: Hop) -> bool:
    return hop.family == "ip" and hop.bridged and hop.hook in mapplan.callers()


def _entry(hop: Hop, *, first: bool) -> str:
    """Where a packet comes from when the map has no way from the hop before: an end, or the point of copying."""
    if hop.family == "bridge":
        if hop.hook in ("BROUTING", "PREROUTING"):
            return "port in"
        if hop.hook == "OUTPUT":
            return "sending"
        return "port in" if first else "bridging"
    if _by_bridge(hop):
        return "port in" if first or hop.hook == "PREROUTING" else "bridging"
    return "process" if hop.hook == "OUTPUT" else "device in"


def _light_ways(ways: list[Edge], hops: Sequence[Hop], here: int | None) -> list[Edge]:
    paths = lit_ways(hops)
    lit = {name for path in paths for name in path}
    now = set(paths[here - 1]) if here else set()
    out = []
    for edge in ways:
        mark = CURRENT if edge.name in now else VISITED if edge.name in lit else None
        if mark is None:
            out.append(edge)
        else:
            dashes = CALL.dashes if edge.mark is CALL else ""
            width = 2.5 if mark is CURRENT else 2.0
            out.append(replace(edge, mark=replace(mark, width=width, dashes=dashes), note=f"{mark.word}"))
    return out


def _plain_words() -> str:
    lanes = []
    for family, word in (("ip", "network layer"), ("bridge", "link layer")):
        hooks = listed([f"{hook} ({', '.join(f.name for f in functions)})" for hook, functions in
                        mapplan.FAMILIES[family].items()])  # fmt: skip
        lanes.append(f"The {word} has the hooks {hooks}.")
    calls = listed(mapplan.callers())
    return (
        f"A packet goes from left to right, on two lanes. {' '.join(lanes)} At {calls} the bridge calls the IPv4 hook "
        "of the same name by br_netfilter."
    )


def _lit_words(journey: Journey, hops: Sequence[Hop]) -> str:
    text = f"{journey.title}, {journey.direction}: {count(len(journey.hops), 'step')}"
    if len(hops) != len(journey.hops):
        text += f", of which {len(hops)} are shown"
    said = [f"{n}. {hop.name}: {hop_text(hop)}" for n, hop in enumerate(hops, 1)]
    return printable(f"{text}. {'. '.join(said)}")

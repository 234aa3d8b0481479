"""A journey as a table of its hops: where, by which rules, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import steps as s
from netlab.kernel.journeys import SimulatedHop, SimulatedJourney, step_words
from netlab.rules.rule_text import rule_words
from netlab.show.table import Table
from netlab.trace.explain import notes
from netlab.trace.journeys import Hop, Packet
from netlab.trace.records import IptablesRecord, TracePoint

if TYPE_CHECKING:
    from netlab.rules.model import Chain, RuleSet
    from netlab.trace.journeys import Journey

_COLUMNS: Final = ("step", "hook", "devices", "rules", "why")


def hop_table(journey: Journey, *, rules: RuleSet | None = None, step: int | None = None) -> Table:
    """A row a hop, with the text of its rules and the reason why the packet came there.

    A simulated packet knows both. For a recorded one the reason is inferred from the lines, and rule texts come
    from ``rules``, the rule set of that host, if it is given. ``step`` (from 1) marks a row.
    """
    rows = tuple(
        (str(number), hop.name, devices(hop), "\n".join(rule_lines(hop, rules)), why(hop))
        for number, hop in enumerate(journey.hops, 1)
    )
    said = () if isinstance(journey, SimulatedJourney) else tuple(notes(journey))
    return Table(
        title=f"Packet {journey.number}: {journey.title}, {journey.direction}",
        columns=_COLUMNS,
        rows=rows,
        marked=set() if step is None else {step - 1},
        notes=said,
    )


def devices(hop: Hop) -> str:
    """The devices of a hop as the log names them.

    >>> from netlab.trace.records import EbtablesRecord
    >>> devices(Hop(family="bridge", hook="FORWARD", records=(EbtablesRecord(in_dev="veth2", out_dev="veth3"),)))
    'veth2 > veth3'
    """
    record = hop.records[0]
    into, out = record.in_dev, record.out_dev
    if isinstance(record, IptablesRecord):
        into += f" ({record.physin})" if record.physin else ""
        out += f" ({record.physout})" if record.physout else ""
    return f"{into.strip()} > {out.strip()}".strip()


def rule_lines(hop: Hop, rules: RuleSet | None = None) -> list[str]:
    """What each table said at a hop, a line a rule."""
    if isinstance(hop, SimulatedHop):
        said = [step_words(step) for step in hop.steps if isinstance(step, s.RuleMatched | s.HookSkipped)]
        return [line for line in dict.fromkeys(said) if line]
    return [line for record in hop.records if (line := _record_line(record, rules))]


def why(hop: Hop) -> str:
    """Why the packet came to a hop, and what was done to it there."""
    if isinstance(hop, SimulatedHop):
        done = [step_words(step) for step in hop.steps if isinstance(step, s.Tracked | s.Translated)]
        came = [step_words(step) for step in hop.why]
        left = [f"then {words}" for step in hop.then if (words := step_words(step))]
        return "\n".join(part for part in dict.fromkeys([*came, *done, *left]) if part)
    if hop.family == "ip" and hop.bridged:
        return "called by the bridge (br_netfilter)"
    return _INFERRED.get((hop.family, hop.hook or ""), "")


_INFERRED: Final[dict[tuple[str, str], str]] = {
    ("bridge", "BROUTING"): "a frame came in by a bridge port",
    ("bridge", "PREROUTING"): "broute left it with the bridge",
    ("bridge", "INPUT"): "the destination is the bridge itself, or everybody: passed up",
    ("bridge", "FORWARD"): "the bridge sends it out by another port",
    ("bridge", "OUTPUT"): "the host sends by the bridge",
    ("bridge", "POSTROUTING"): "the frame is about to leave by the port",
    ("ip", "INPUT"): "routing: for this host",
    ("ip", "OUTPUT"): "made on this host",
}


def _record_line(record: Packet, rules: RuleSet | None) -> str:
    if not isinstance(record, IptablesRecord):
        return str(record.place) if record.place else f"logged as {record.prefix!r}"
    point = record.trace
    if point is None:
        return f"logged as {record.prefix!r}" if record.prefix else ""
    place = f"{point.table}:{point.chain}"
    chain = _chain(point, rules)
    if chain is None:
        return f"{place} {_UNKNOWN[point.kind].format(point.number)}"
    if point.number <= len(chain.rules):
        return f"{place} rule {point.number}: {rule_words(chain.rules[point.number - 1]).strip()}"
    return f"{place} policy {chain.policy}" if chain.policy else f"{place} end of chain: back to the caller"


_UNKNOWN: Final = {
    "rule": "rule {}",
    "policy": "policy, or rule {} without conditions",
    "return": "end of chain, or rule {} without conditions",
}


def _chain(point: TracePoint, rules: RuleSet | None) -> Chain | None:
    """The chain that a trace point names, where the rule set has it."""
    if rules is None:
        return None
    try:
        return rules[point.table][point.chain]
    except KeyError:
        return None

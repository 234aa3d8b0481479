"""Two journeys, or the logs of two runs, side by side, with the first difference marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from netlab.kernel import steps as s
from netlab.kernel.journeys import SimulatedHop, SimulatedJourney, rule_in_words
from netlab.lab.mask import Mask
from netlab.show.hops import rule_lines
from netlab.show.table import Table
from netlab.trace.journeys import Hop
from netlab.trace.records import EbtablesRecord

if TYPE_CHECKING:
    from netlab.trace.journeys import Journey

_SAME, _DIFFERENT = "", "differs"


def compare_journeys(left: Journey, right: Journey, *, names: tuple[str, str] = ("left", "right")) -> Table:
    """The hops of two packets next to each other; equal are hops of the same hook at which the same rules spoke.

    Recorded and simulated packets may be compared: of the simulated one only the hops that printed are looked at.
    """
    rows = tuple(
        (_hop_cell(left, pair.left), _hop_cell(right, pair.right), _SAME if pair.same else _DIFFERENT)
        for pair in paired_hops(left, right)
    )
    same = not any(row[2] for row in rows)
    title = f"Packet {left.number} ({names[0]}) and packet {right.number} ({names[1]})"
    return _table(title, names, rows, "the two packets took the same way" if same else "")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two steps that stand against each other, counted from 1; None where a packet has nothing there."""

    left: int | None
    right: int | None
    same: bool


def paired_hops(left: Journey, right: Journey) -> tuple[Pair, ...]:
    """The steps of two packets in the order in which they stand next to each other; see :func:`compare_journeys`."""
    simulated = isinstance(left, SimulatedJourney), isinstance(right, SimulatedJourney)
    mine, theirs = (
        [
            (number, hop)
            for number, hop in enumerate(journey.hops, 1)
            if all(simulated) or not isinstance(hop, SimulatedHop) or hop.printed
        ]
        for journey in (left, right)
    )
    out = []
    for one, other in _aligned([hop.name for _, hop in mine], [hop.name for _, hop in theirs]):
        a, hop = (None, None) if one is None else mine[one]
        b, against = (None, None) if other is None else theirs[other]
        key = _steps_key if all(simulated) else _key
        same = False
        if hop is not None and against is not None:
            same = hop.name == against.name and key(hop) == key(against)
        out.append(Pair(a, b, same))
    return tuple(out)


def compare_logs(
    left: Iterable[str],
    right: Iterable[str],
    *,
    lab: str = "",
    names: tuple[str, str] = ("simulated", "real"),
) -> Table:
    """Two kernel logs line by line. Ids, ephemeral ports and random MACs may differ; numbers in ``lab`` may not.

    >>> a = "TRACE: raw:OUTPUT:policy:2 IN= OUT=lo TTL=64 ID=1 "
    >>> compare_logs([a], [a.replace("ID=1", "ID=2")]).notes
    ('the two logs agree: 1 line',)
    """
    mine, theirs = [line.rstrip() for line in left], [line.rstrip() for line in right]
    masks = Mask(lab), Mask(lab)
    # The mask wants the space that ends every line of iptables.
    a = [masks[0].log(line + " ") for line in mine]
    b = [masks[1].log(line + " ") for line in theirs]
    rows = tuple(
        (
            "" if one is None else mine[one],
            "" if other is None else theirs[other],
            _SAME if one is not None and other is not None and a[one] == b[other] else _DIFFERENT,
        )
        for one, other in _aligned(a, b)
    )
    agree = not any(row[2] for row in rows)
    lines = f"{len(mine)} line{'s' * (len(mine) != 1)}"
    return _table("Kernel logs", names, rows, f"the two logs agree: {lines}" if agree else "")


def _table(title: str, names: tuple[str, str], rows: tuple[tuple[str, ...], ...], note: str) -> Table:
    first = next((n for n, row in enumerate(rows) if row[2]), None)
    if first is not None:
        note = f"first difference in row {first + 1}"
    return Table(
        title=title,
        columns=(*names, "same?"),
        rows=rows,
        marked=set() if first is None else {first},
        notes=(note,),
    )


def _aligned(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of positions, with None where one side has nothing to stand against."""
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for _, a, a_end, b, b_end in matcher.get_opcodes():
        for n in range(max(a_end - a, b_end - b)):
            yield (a + n if a + n < a_end else None), (b + n if b + n < b_end else None)


def _steps_key(hop: Hop) -> object:
    """The rules that spoke in the simulated kernel, by their text: a rule before them changes only their numbers."""
    assert isinstance(hop, SimulatedHop)
    return [
        (
            step.table,
            step.chain,
            rule_in_words(step.rule) if step.rule is not None else step.label,
            step.target,
        )
        for step in hop.steps
        if isinstance(step, s.RuleMatched)
    ]


def _key(hop: Hop) -> object:
    """The rules that spoke, whoever tells it; ebtables lines name only table and chain."""
    said = []
    for record in hop.records:
        if isinstance(record, EbtablesRecord):
            place = record.place
            said.append((place.table, place.chain, "", 0) if place else ("", record.prefix, "", 0))
        elif record.trace is not None:
            point = record.trace
            said.append((point.table, point.chain, point.kind, point.number))
    return said


def _hop_cell(journey: Journey, number: int | None) -> str:
    if number is None:
        return ""
    hop = journey.hops[number - 1]
    return "\n".join([f"{number}. {hop.name}", *rule_lines(hop)])

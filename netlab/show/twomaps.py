"""Two packets on two maps, one above the other, with the first difference marked on both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netlab.errors import InputError
from netlab.kernel.journeys import journeys_of
from netlab.show.compare import Pair, compare_journeys, paired_hops
from netlab.show.packetmap import hop_text, packet_map
from netlab.show.svg import stack
from netlab.show.words import printable

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.lab import Lab, LabResult
    from netlab.show.table import Table
    from netlab.trace.journeys import Journey


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TwoMaps:
    """Two journeys, row by row as :func:`~netlab.show.compare_journeys` has them; shows itself as picture and table.

    ``row`` counts from 1: what both packets did up to it is lit; None lights all, 0 nothing.
    """

    left: Journey
    right: Journey
    names: tuple[str, str]
    row: int | None = None
    kernels: tuple[str, str] = ("6.1", "6.1")
    netns: tuple[Netns | None, Netns | None] = (None, None)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The rows: which steps of the two stand against each other."""
        return paired_hops(self.left, self.right)

    @property
    def parted(self) -> int | None:
        """The row of the first difference; None if the packets took the same way."""
        return next((n for n, pair in enumerate(self.pairs, 1) if not pair.same), None)

    @property
    def table(self) -> Table:
        """The same in words: the hops next to each other."""
        return compare_journeys(self.left, self.right, names=self.names)

    @property
    def text(self) -> str:
        """The text twin."""
        return self.table.text

    def __repr__(self) -> str:
        return self.text

    @property
    def title(self) -> str:
        """What is compared."""
        return f"{self.table.title}: {self.left.title} and {self.right.title}"

    @property
    def description(self) -> str:
        """The picture in words: where the packets part, and what each did there."""
        at = self.parted
        if at is None:
            return printable(f"Both packets take the same way, {len(self.pairs)} steps.")
        one, other = self.told(at, 0), self.told(at, 1)
        before = f"{at - 1} step{'s' * (at != 2)} alike" if at > 1 else "No step alike"
        said = f"{before}. First difference: {self.names[0]}: {one}. {self.names[1]}: {other}."
        return printable(said)

    def told(self, row: int, side: int) -> str:
        """What one side (0 left, 1 right) does in a row, in words."""
        pair, journey = self.pairs[row - 1], (self.left, self.right)[side]
        number = (pair.left, pair.right)[side]
        if number is not None:
            hop = journey.hops[number - 1]
            return f"step {number}, {hop.name}: {hop_text(hop)}"
        made = self.steps_at(row)[side]
        if made == len(journey.hops):
            return f"nothing more after step {made}"
        return f"nothing that stands against it, its next step is {made + 1}, {journey.hops[made].name}"

    def steps_at(self, row: int) -> tuple[int, int]:
        """How many steps each packet has made up to a row."""
        shown = self.pairs[:row]
        return (
            max((pair.left for pair in shown if pair.left), default=0),
            max((pair.right for pair in shown if pair.right), default=0),
        )

    def steps(self, side: int) -> tuple[int, int | None]:
        """How many steps of one side (0 left, 1 right) are lit, and which of its steps is the first difference.

        A packet that has nothing to stand against the other's is marked at its last step before.
        """
        row = len(self.pairs) if self.row is None else self.row
        lit, at = self.steps_at(row)[side], self.parted
        return lit, None if at is None or row < at else self.steps_at(at)[side]

    def svg(self) -> str | None:
        """Both maps under each other as SVG text, 820 pixels wide, or None where Graphviz is not installed."""
        pictures = []
        for side, journey in enumerate((self.left, self.right)):
            lit, parted = self.steps(side)
            step = None if self.row is None else lit
            drawn = packet_map(journey, step, self.kernels[side], netns=self.netns[side], parted=parted).svg()
            if drawn is None:
                return None
            pictures.append((printable(f"{self.names[side]}: {journey.title}"), drawn))
        return stack(pictures, name="two-maps", title=printable(self.title), description=self.description)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        bundle = {"text/plain": self.text}
        drawn = self.svg()
        if drawn is not None:
            bundle["image/svg+xml"] = drawn
        return bundle


def two_maps(
    left: Journey,
    right: Journey,
    *,
    names: tuple[str, str] = ("left", "right"),
    row: int | None = None,
    kernels: tuple[str, str] = ("6.1", "6.1"),
    netns: tuple[Netns | None, Netns | None] = (None, None),
) -> TwoMaps:
    """Two packets, recorded or simulated, on two maps; ``kernels`` and ``netns`` are what ``packet_map`` takes.

    Raises InputError for a row that there is not.

    >>> from netlab.lab import run_lab
    >>> free = run_lab("iptables -P INPUT ACCEPT; ping -c 1 127.0.0.1")
    >>> shut = run_lab("iptables -A INPUT -j DROP; ping -c 1 -W 1 127.0.0.1")
    >>> maps = two_maps(free.packets[0], shut.packets[0])
    >>> maps.parted, maps.right.hops[maps.pairs[maps.parted - 1].right - 1].name
    (4, 'ip INPUT')
    """
    made = TwoMaps(left=left, right=right, names=names, row=row, kernels=kernels, netns=netns)
    last = len(made.pairs)
    if row is not None and not 0 <= row <= last:
        raise InputError(f"there is no row {row}", source="two maps", expected=f"0 to {last}, or None")
    return made


def two_runs(
    left: Lab | LabResult,
    right: Lab | LabResult,
    *,
    names: tuple[str, str] = ("first run", "second run"),
    netns: str = "host",
) -> TwoMaps:
    """The first packet of a namespace that two runs treat differently, on two maps (the first packet if there is none).

    Packets stand against each other in the order in which they came. Raises InputError if a run has no packet there.

    >>> from netlab.lab import run_lab
    >>> free = run_lab("iptables -P INPUT ACCEPT; ping -c 1 127.0.0.1")
    >>> two_runs(free, run_lab("iptables -A OUTPUT -j DROP; ping -c 1 -W 1 127.0.0.1")).left.number
    1
    """
    sides = [journeys_of(_steps(run), netns=netns) for run in (left, right)]
    for packets, name in zip(sides, names, strict=True):
        if not packets:
            raise InputError(f"{name}: no packet met a hook of {netns}", source="two runs")
    pairs = list(zip(*sides, strict=False))
    one, other = next(
        ((a, b) for a, b in pairs if not all(pair.same for pair in paired_hops(a, b))), pairs[0]
    )
    return two_maps(
        one,
        other,
        names=names,
        kernels=(left.world.release.name, right.world.release.name),
        netns=(left.world.netns.get(netns), right.world.netns.get(netns)),
    )


def _steps(run: Lab | LabResult) -> Any:
    from netlab.lab import LabResult

    return run.steps if isinstance(run, LabResult) else run.world.steps

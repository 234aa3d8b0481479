"""Step through two packets at once, on two maps."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

from netlab.show.twomaps import TwoMaps
from netlab.show.words import count, printable
from netlab.widgets.player import hop_html
from netlab.widgets.stepper import Stepper

_COLUMNS: Final = "display:flex;flex-wrap:wrap;gap:16px;overflow-wrap:anywhere"
_COLUMN: Final = "flex:1 1 320px;min-width:0"


class PairPlayer(Stepper):
    """The two maps of :func:`netlab.show.two_maps` or ``two_runs``, stepped together: a step is a row of the two.

    Where one packet has nothing to stand against the other's step, it waits. From the first difference on it is
    marked on both maps, and the words say so.
    """

    def __init__(self, maps: TwoMaps, *, step: int = 1) -> None:
        self.maps = maps
        rows = range(len(maps.pairs) + 1)
        pictures = [replace(maps, row=n).svg() or "" for n in rows]
        super().__init__(pictures, [row_html(maps, n) for n in rows], step, play="play both packets")

    @property
    def text(self) -> str:
        """The two journeys as a table, row by row."""
        return self.maps.text

    @property
    def preview(self) -> str:
        return self.maps.table._repr_html_()


def row_html(maps: TwoMaps, row: int) -> str:
    """What each of two packets did in a row (0: before the first), side by side, and whether it was the same."""
    columns = "".join(f"<div style='{_COLUMN}'>{_side_html(maps, row, side)}</div>" for side in (0, 1))
    return f"<p>{_verdict(maps, row)}</p><div style='{_COLUMNS}'>{columns}</div>"


def _verdict(maps: TwoMaps, row: int) -> str:
    last, parted = len(maps.pairs), maps.parted
    if row == 0:
        return f"Both packets side by side: {count(last, 'step')}"
    where = f"Step {row} of {last}"
    if parted is None or row < parted:
        return f"{where}: = the same so far"
    if row == parted:
        return f"{where}: <b>≠ the first difference</b>"
    sign = "= the same" if maps.pairs[row - 1].same else "≠ different"
    return f"{where}: {sign}; the first difference was at step {parted}"


def _side_html(maps: TwoMaps, row: int, side: int) -> str:
    name, journey = maps.names[side], (maps.left, maps.right)[side]
    if row == 0:
        return _paragraph(f"{name}: {journey.title}")
    pair = maps.pairs[row - 1]
    number = (pair.left, pair.right)[side]
    if number is None:
        return f"{_paragraph(name)}<p>{escape(printable(maps.told(row, side)))}</p>"
    title = f"{name}: its step {number} of {len(journey.hops)}, {journey.hops[number - 1].name}"
    return _paragraph(title) + hop_html(journey, number)


def _paragraph(text: str) -> str:
    return f"<p><b>{escape(printable(text))}</b></p>"

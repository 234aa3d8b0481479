"""Tables that show themselves: padded text, escaped HTML, and a pandas frame."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final

from netlab.show.style import LINE_COLOUR, ROW_MARK, TEXT_COLOUR
from netlab.show.words import printable

if TYPE_CHECKING:
    import pandas as pd

_WIDEST: Final = 64
_AMOUNT: Final = re.compile(r"-?\d[\d.,]*(?: ?(?:s|ms|%|B|[KMGT]iB))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of text under named columns. A cell may have several lines.

    ``marked`` are the rows that stand out (counted from 0), in the text by ``>``; ``notes`` stand below.

    >>> Table(title="Ports", columns=("port", "state"), rows=(("veth2", "forwarding"), ("veth3", "")), marked={0})
    Ports
      port   state
    > veth2  forwarding
      veth3
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] | set[int] = frozenset()
    notes: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The table as plain text; long cells are wrapped."""
        cells = [[_wrapped(cell) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(len(line) for row in cells for line in row[n]) for n in range(len(self.columns))]
        lines = [printable(self.title)]
        for number, row in enumerate(cells, -1):
            sign = ">" if number in self.marked else " "
            for n, line in enumerate(_side_by_side(row, widths)):
                lines.append(f"{sign if n == 0 else ' '} {line}".rstrip())
        return "\n".join([*lines, *(f"  * {printable(note)}" for note in self.notes)])

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        cell_style = (
            f"text-align:left;vertical-align:top;padding:2px 10px 2px 0;border-bottom:1px solid {LINE_COLOUR}"
        )
        styles = [
            cell_style.replace("left", "right", 1) + ";white-space:nowrap" if self._numeric(n) else cell_style
            for n in range(len(self.columns))
        ]
        head = "".join(
            f'<th scope="col" style="{style}">{escape(printable(c))}</th>'
            for style, c in zip(styles, self.columns, strict=True)
        )
        body = []
        for number, row in enumerate(self.rows):
            cells = "".join(
                f'<td style="{cell_style}">{escape(printable(cell)).replace(chr(10), "<br>")}</td>'
                for cell_style, cell in zip(styles, row, strict=True)
            )
            style = f' style="{ROW_MARK}" aria-current="true"' if number in self.marked else ""
            body.append(f"<tr{style}>{cells}</tr>")
        notes = "".join(f"<li>{escape(printable(note))}</li>" for note in self.notes)
        return (
            f'<table style="color:{TEXT_COLOUR};border-collapse:collapse;margin:2px 0 8px">'
            f'<caption style="text-align:left;font-weight:bold">{escape(printable(self.title))}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
            + (f"<ul>{notes}</ul>" if notes else "")
        )

    def _numeric(self, column: int) -> bool:
        """Whether a column holds amounts: it stands to the right in HTML, its head as well."""
        cells = [row[column] for row in self.rows if row[column]]
        return bool(cells) and all(_AMOUNT.fullmatch(cell) for cell in cells)

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas frame of text."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))


def _wrapped(cell: str) -> list[str]:
    lines = []
    for line in printable(cell).split("\n"):
        lines += textwrap.wrap(line, _WIDEST, subsequent_indent="  ", break_on_hyphens=False) or [""]
    return lines


def _side_by_side(row: list[list[str]], widths: list[int]) -> Iterator[str]:
    for n in range(max(map(len, row), default=0)):
        cells = [cell[n] if n < len(cell) else "" for cell in row]
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

"""Columns out of what was read of blocks: rows refer to texts before ``SRC=`` and to packets that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netlab.trace._stamps import Times
from netlab.trace._tails import Tails, Texts
from netlab.trace._vector import Array
from netlab.trace.tables import COLUMNS, STAMP_COLUMNS, Row, assemble, categorical, column

if TYPE_CHECKING:
    import pandas as pd

#: Columns that the text before ``SRC=`` decides.
HEAD_COLUMNS: Final = frozenset(
    (
        *("family", "table", "chain", "kind", "number", "prefix", "in_dev", "out_dev"),
        *("physin", "physout", "mac_dest", "mac_source", "ethertype"),
    )
)


class Assembly:
    """Takes blocks, and gives a table at the end.

    A row has two codes: of its head (a list of rows, of which the head columns count) and of its tail. Tails
    from 0 on are those that were read in bulk, those from -1 down are rows that the grammar has read.
    """

    def __init__(self) -> None:
        self.texts = Texts()
        self._heads: list[Row] = []
        self._odd: list[Row] = []
        self._tails: list[tuple[int, Tails]] = []
        self._size = 0
        self._blocks: list[tuple[Array, Array, Array, Times]] = []

    def head(self, row: Row) -> int:
        """The code of a head."""
        self._heads.append(row)
        return len(self._heads) - 1

    def row(self, row: Row) -> tuple[int, int]:
        """The codes of a whole row."""
        self._odd.append(row)
        return self.head(row), -len(self._odd)

    def tails(self, tails: Tails) -> int:
        """The code of the first of these; the others follow."""
        self._tails.append((self._size, tails))
        self._size += tails.size
        return self._tails[-1][0]

    def add(self, first: int, heads: Array, tails: Array, times: Times) -> None:
        """Add the lines of a block, of which the first has that number; a head below 0 means that it has no row."""
        import numpy as np

        rows = np.flatnonzero(heads >= 0)
        number = (rows + first).astype(np.uint32)
        if len(rows) < len(heads):
            heads, tails = heads[rows], tails[rows]
            times.keep(rows)
        if len(rows):
            self._blocks.append((number, heads, tails, times))

    def frame(self) -> pd.DataFrame:
        """All columns, typed."""
        import numpy as np
        import pandas as pd

        if not self._blocks:
            return assemble({name: column(kind, []) for name, kind in COLUMNS.items()})
        lines, heads, tails = (np.concatenate([block[n] for block in self._blocks]) for n in range(3))
        columns: dict[str, Any] = dict.fromkeys(COLUMNS)
        columns["line"] = pd.arrays.IntegerArray(lines, np.zeros(len(lines), dtype=bool))
        columns["time"], columns["wall"], host = Times.join([block[3] for block in self._blocks])
        heads, tails = heads.astype(np.intp), tails.astype(np.intp)  # what take() works with
        self._blocks.clear()
        columns["host"] = text_column(host, self.texts.values("host"))
        there = {name for row in self._heads for name in HEAD_COLUMNS if row.get(name) is not None}
        pool = _Pool(self._tails, self._size, self._odd, tails)
        for name, kind in COLUMNS.items():
            if name in STAMP_COLUMNS:
                continue
            if name not in HEAD_COLUMNS:
                columns[name] = pool.column(name, kind, self.texts)
                continue
            values = [row.get(name) for row in self._heads] if name in there else []
            if kind != "text":
                columns[name] = column(kind, values or [None]).take(heads if values else np.zeros_like(heads))
            else:
                columns[name] = text_column(heads if values else np.full_like(heads, -1), values)
        return assemble(columns)


class _Pool:
    """The tails of a log, each once, and to which of them the rows refer."""

    def __init__(self, parts: list[tuple[int, Tails]], size: int, odd: list[Row], tails: Array) -> None:
        import numpy as np

        self.parts = parts
        self.size = size
        self.odd = odd[::-1]  # -1 is the last, as in the columns
        self.index = tails
        self.used = np.zeros(size + len(odd), dtype=bool)
        self.used[tails] = True
        self.names = {name for _, part in parts for name in (*part.numbers, *part.codes)}
        self.names |= {name for row in odd for name, value in row.items() if value is not None}

    def column(self, name: str, kind: str, texts: Texts) -> Any:
        """A column of the table, out of what the tails have."""
        import numpy as np

        if kind == "text":
            return self._text(name, texts)
        empty = column(kind, [])
        if name not in self.names:
            count = len(self.index)
            return type(empty)(np.zeros(count, empty._data.dtype), np.ones(count, dtype=bool))
        values = np.zeros(self.size + len(self.odd), dtype=empty._data.dtype)
        missing = np.ones(len(values), dtype=bool)
        for at, part in self.parts:
            for rows, mine in part.numbers.get(name, ()):
                places = rows + at
                values[places] = mine
                missing[places] = False
        if any(row.get(name) is not None for row in self.odd):
            own = column(kind, [row.get(name) for row in self.odd])
            values[self.size :], missing[self.size :] = own._data, own._mask
        return type(empty)(values.take(self.index), missing.take(self.index))

    def _text(self, name: str, texts: Texts) -> Any:
        import numpy as np

        if name not in self.names:
            return categorical(np.full(len(self.index), -1, dtype=np.int8), [])
        known = texts.values(name)
        codes = np.full(self.size + len(self.odd), -1, dtype=np.int32)
        for at, part in self.parts:
            for rows, mine in part.codes.get(name, ()):
                codes[rows + at] = mine
        own = [row.get(name) for row in self.odd]
        codes[self.size :] = np.arange(len(known), len(known) + len(own))
        codes[~self.used] = -1
        narrow, names = sorted_codes(codes, [*known, *own])
        return categorical(narrow.take(self.index), names)


def text_column(codes: Array, values: list[str | None]) -> Any:
    """A text column of codes into values, of which some may be equal or missing; -1 is missing, too."""
    return categorical(*sorted_codes(codes, values))


def sorted_codes(codes: Array, values: list[str | None]) -> tuple[Array, list[str]]:
    """The codes of the same texts in a sorted list of those that are used, and that list."""
    import numpy as np

    used = np.zeros(len(values) + 1, dtype=bool)
    used[codes] = True  # -1 is the last, which is none
    names = sorted({v for v, use in zip(values, used.tolist(), strict=False) if use and v is not None})
    place: dict[str | None, int] = {name: n for n, name in enumerate(names)}
    width = np.int8 if len(names) < 128 else np.int16 if len(names) < 32768 else np.int32
    table = np.array([*(place.get(v, -1) for v in values), -1], dtype=width)
    return table.take(codes), names

"""Whole logs to a table without an object a line.

Blocks of lines are read with numpy: the separators of a block are found at once, then each field of all lines.
What repeats (the text before ``SRC=``, addresses, whole lines of the ebtables log) is read once by the grammar
and remembered. A line that has anything unusual is read by the grammar itself, so that the table is the same as
the one made of the records.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from netlab.trace._cursor import ADDRESS
from netlab.trace._fields import FAST_TEXT, Fields, read_fields
from netlab.trace._source import Source
from netlab.trace._stamps import MOST_SHAPES, Shape
from netlab.trace._vector import MARGIN, Array, Block
from netlab.trace.log import read_lines
from netlab.trace.reading import LONGEST_LINE
from netlab.trace.records import EbtablesRecord, IptablesRecord, Record
from netlab.trace.tables import COLUMNS, Row, assemble, categorical, column, row_of

if TYPE_CHECKING:
    import pandas as pd

#: How many texts are remembered at most, per kind.
REMEMBERED: Final = 50_000

#: The end of a line that makes a text before ``SRC=`` a complete line, so that the grammar can read it.
_REST: Final = " SRC=0.0.0.0 DST=0.0.0.0 LEN=0 TOS=0x00 PREC=0x00 TTL=0 ID=0 PROTO=255 "
_ADDRESSES: Final = re.compile(rf"SRC={ADDRESS} DST={ADDRESS}".encode())

#: Columns that the text before ``SRC=`` decides.
_HEAD_COLUMNS: Final = frozenset(
    (
        *("family", "table", "chain", "kind", "number", "prefix", "in_dev", "out_dev"),
        *("physin", "physout", "mac_dest", "mac_source", "ethertype"),
    )
)
#: Columns that every ordinary line has.
_ALWAYS: Final = frozenset(("length", "tos", "prec", "ttl", "id", "ce", "df", "mf"))
_STAMP_COLUMNS: Final = frozenset(("line", "time", "wall", "host"))

#: What columns hold where nothing was put.
_EMPTY: Final[dict[str, Any]] = {
    "missing": True,
    "codes": -1,
    "time": float("nan"),
    "wall": "NaT",
}

_NO_ROW: Final = -1
_UNKNOWN: Final = -2
_NOT_YET: Final = -3


def bulk_frame(source: Source) -> pd.DataFrame:
    """The table of a log's records; equal to :func:`~netlab.trace.tables.frame_of` of the records."""
    table = _Table()
    line = 1
    for run, start, stop in source.runs(MARGIN):
        block = Block(run, start, stop)
        line += table.add(block, line, source.size / (stop - start))
    return table.frame()


class _Table:
    """Columns that grow row by row; each row refers to a template for what it shares with others."""

    def __init__(self) -> None:
        import numpy as np

        self.room = 0
        self.rows = 0
        self.templates: list[Row] = [{}]
        self.columns: dict[str, Array] = {}
        self.names: dict[str, dict[Any, int]] = {name: {} for name in ("src", "dst", "tcp_opt", "host")}
        self.shapes: list[Shape] = []
        self.ends: tuple[Array, Array] = (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
        self.pairs: dict[bytes, int] = {}
        self.parts: list[tuple[int, int, int]] = []
        self.heads: dict[tuple[int, bytes], int] = {}
        self.addresses: dict[bytes, tuple[int, int]] = {}

    # reading

    def add(self, block: Block, first: int, share: float) -> int:
        """Read a block whose first line has the number ``first``; how many lines it has.

        ``share`` is how many times as long the whole log is.
        """
        import numpy as np

        fields = read_fields(block)
        starts, ends = fields.starts, fields.ends
        count = len(starts)
        shape = self._shapes(block, starts, ends)
        template = np.full(count, _UNKNOWN, dtype=np.int64)
        fast = self._heads(block, fields, shape, template)
        one_by_one: dict[int, Record] = {}
        self._others(block, fields, shape, template, one_by_one)
        rows = np.flatnonzero(template >= 0)
        self._reserve(self.rows + len(rows), int(len(rows) * share * 1.05))
        at = slice(self.rows, self.rows + len(rows))
        self._column("template", np.intp)[at] = template[rows]
        self._column("line", np.uint32)[at] = rows + first
        slow = self._column("slow", bool)
        slow[at] = True
        position = np.full(count, -1, dtype=np.int64)
        position[rows] = np.arange(self.rows, self.rows + len(rows))
        fast_rows = position[fields.lines[fast]]
        slow[fast_rows] = False
        self._numbers(fields, fast, fast_rows)
        self._stamps(block, starts, shape, position)
        for line, record in one_by_one.items():
            self._one_stamp(record, int(position[line]))
        self.rows += len(rows)
        return count

    def _shapes(self, block: Block, starts: Array, ends: Array) -> Array:
        """For each line the number of its stamp's shape, or -1."""
        import numpy as np

        out = np.full(len(starts), -1, dtype=np.int64)
        left = np.flatnonzero((block.bytes[starts] != 0x7B) & (ends > starts))  # { begins a journal entry
        known = 0
        while len(left):
            if known == len(self.shapes):
                if known == MOST_SHAPES:
                    break
                line = block.data[starts[left[0]] : ends[left[0]]]
                if not line[:256].isascii():
                    left = left[1:]
                    continue
                self.shapes.append(Shape(line[:256].decode("ascii")))
            same = self.shapes[known].match(block, starts[left], ends[left])
            out[left[same]] = known
            left = left[~same]
            known += 1
        return out

    def _heads(self, block: Block, fields: Fields, shape: Array, template: Array) -> Array:
        """Look up the text before ``SRC=`` and the addresses; which of the fields' lines were found whole."""
        import numpy as np

        if len(self.pairs) > REMEMBERED:
            self.pairs.clear()
            self.parts.clear()
        shapes = shape[fields.lines]
        widths = np.array([s.width for s in self.shapes] or [0])
        begins = fields.starts[fields.lines] + widths[shapes]
        ok = fields.ok & (shapes >= 0) & (fields.addresses_end > begins)
        ok &= fields.ends[fields.lines] - begins <= LONGEST_LINE
        which = np.flatnonzero(ok)
        begin, end = begins[which].tolist(), fields.addresses_end[which].tolist()
        data = block.data
        if not len(which):
            self.ends = which, which
            return which
        texts = [data[a:b] for a, b in zip(begin, end, strict=True)]
        codes = np.fromiter(map(self.pairs.get, texts, repeat(_NOT_YET)), np.intp, len(texts))
        for n in np.flatnonzero(codes == _NOT_YET).tolist():
            k = int(which[n])
            codes[n] = self._pair(block, fields, k, int(shapes[k]), begin[n], end[n])
        head, source, destination = (np.array(part).take(codes) for part in zip(*self.parts, strict=True))
        good = head >= 0
        if not good.all():
            which, head, source, destination = (x[good] for x in (which, head, source, destination))
        template[fields.lines[which]] = head
        self.ends = source, destination
        return which

    def _pair(self, block: Block, fields: Fields, k: int, shape: int, begin: int, end: int) -> int:
        """Read the text before ``SRC=`` and the addresses by the grammar, and remember them."""
        if (known := self.pairs.get(block.data[begin:end])) is not None:
            return known
        middle = block.data.rfind(b" SRC=", begin, end)
        if middle < 0:
            return self._remember(block.data[begin:end], (_UNKNOWN, _UNKNOWN, _UNKNOWN))
        head = self.heads.get((shape, block.data[begin:middle]))
        if head is None:
            line = int(fields.lines[k])
            head = self._head(block.data[fields.starts[line] : middle], shape)
            if len(self.heads) > REMEMBERED:
                self.heads.clear()
            self.heads[shape, block.data[begin:middle]] = head
        text = block.data[middle + 1 : end]
        ends = self.addresses.get(text)
        if ends is None:
            found = _ADDRESSES.fullmatch(text)
            ends = (_UNKNOWN, _UNKNOWN)
            if found:
                ends = self._name("src", found[1].decode()), self._name("dst", found[2].decode())
            if len(self.addresses) > REMEMBERED:
                self.addresses.clear()
            self.addresses[text] = ends
        return self._remember(block.data[begin:end], (head if ends[0] >= 0 else _UNKNOWN, *ends))

    def _remember(self, text: bytes, pair: tuple[int, int, int]) -> int:
        self.parts.append(pair)
        self.pairs[text] = len(self.parts) - 1
        return self.pairs[text]

    def _head(self, text: bytes, shape: int) -> int:
        (record,) = read_lines(iter([text.decode("utf-8", "backslashreplace") + _REST]))
        if not isinstance(record, IptablesRecord) or record.problems or record.origin is None:
            return _UNKNOWN
        if record.origin.start != self.shapes[shape].width:
            return _UNKNOWN
        row = row_of(record)
        return self._template({name: row.get(name) for name in _HEAD_COLUMNS})

    def _others(
        self, block: Block, fields: Fields, shape: Array, template: Array, one_by_one: dict[int, Record]
    ) -> None:
        """Whole lines, remembered or read by the grammar."""
        import numpy as np

        left = np.flatnonzero(template == _UNKNOWN)
        data = block.data
        for number, mine in enumerate(self.shapes):
            lines = left[shape[left] == number]
            begin, end = (fields.starts[lines] + mine.width).tolist(), fields.ends[lines].tolist()
            if len(mine.memo) > REMEMBERED:
                mine.memo.clear()
            texts = [data[a:b] for a, b in zip(begin, end, strict=True)]
            codes = np.fromiter(map(mine.memo.get, texts, repeat(_NOT_YET)), np.intp, len(texts))
            for n in np.flatnonzero(codes == _NOT_YET).tolist():
                codes[n] = self._whole(data, mine, begin[n], end[n])
            template[lines] = codes
        for line in np.flatnonzero(template == _UNKNOWN).tolist():
            template[line] = self._one(data[fields.starts[line] : fields.ends[line]], line, one_by_one)

    def _whole(self, data: bytes, shape: Shape, begin: int, end: int) -> int:
        text = data[begin:end]
        known = shape.memo.get(text)
        if known is None:
            line = data[begin - shape.width : end].decode("utf-8", "backslashreplace").removesuffix("\r")
            (record,) = read_lines(iter([line]))
            known = _UNKNOWN
            if record.origin is not None and record.origin.start == shape.width:
                known = self._record(record)
            if len(text) <= LONGEST_LINE:
                shape.memo[text] = known
        return known

    def _one(self, text: bytes, line: int, one_by_one: dict[int, Record]) -> int:
        (record,) = read_lines(iter([text.decode("utf-8", "backslashreplace").removesuffix("\r")]))
        code = self._record(record)
        if code >= 0:
            one_by_one[line] = record
        return code

    def _record(self, record: Record) -> int:
        if not isinstance(record, IptablesRecord | EbtablesRecord):
            return _NO_ROW
        row = row_of(record)
        return self._template({k: v for k, v in row.items() if v is not None and k not in _STAMP_COLUMNS})

    def _template(self, row: Row) -> int:
        self.templates.append(row)
        return len(self.templates) - 1

    def _name(self, column: str, name: str) -> int:
        names = self.names[column]
        return names.setdefault(name, len(names))

    # storing

    def _reserve(self, rows: int, guess: int) -> None:
        """Make room for so many rows, and at once for all that are expected."""
        import numpy as np

        if rows > self.room:
            self.room = max(rows + rows // 4, guess)
            for name, old in self.columns.items():
                self.columns[name] = np.resize(old, self.room)
                self.columns[name][len(old) :] = _EMPTY.get(name.partition(" ")[0], 0)

    def _column(self, name: str, kind: Any) -> Array:
        """A column's storage, made when first used."""
        import numpy as np

        store = self.columns.get(name)
        if store is None:
            empty = _EMPTY.get(name.partition(" ")[0])
            store = np.zeros(self.room, kind) if empty is None else np.full(self.room, empty, kind)
            self.columns[name] = store
        return store

    def _numbers(self, fields: Fields, fast: Array, rows: Array) -> None:
        """Put the fields of the lines that were found whole into their columns."""
        # most often all lines of a block are ordinary, and nothing need be picked out
        import numpy as np

        pick = slice(None) if len(fast) == len(fields.lines) else fast
        for name, (values, there) in fields.numbers.items():
            store = self._column(name, "?" if COLUMNS[name] == "bool" else COLUMNS[name])
            if there is None:
                store[rows] = values[pick]
                continue
            missing = self._column(f"missing {name}", bool)
            mine = np.flatnonzero(there[pick])
            if len(mine) == len(fast):
                store[rows], missing[rows] = values[pick], False
            else:
                store[rows[mine]] = values[fast[mine]]
                missing[rows[mine]] = False
        for name, codes in fields.text.items():
            self._column(f"codes {name}", np.intp)[rows] = codes[pick]
        for name, codes in zip(("src", "dst"), self.ends, strict=True):
            self._column(f"codes {name}", np.intp)[rows] = codes
        if fields.options:
            names = self.names["tcp_opt"]
            codes = np.full(len(fields.lines), -1)
            for k, text in fields.options:
                codes[k] = names.setdefault(text, len(names))
            self._column("codes tcp_opt", np.intp)[rows] = codes[fast]

    def _stamps(self, block: Block, starts: Array, shape: Array, position: Array) -> None:
        import numpy as np

        for number, mine in enumerate(self.shapes):
            lines = np.flatnonzero((shape == number) & (position >= 0))
            if not len(lines) or not mine.width:
                continue
            rows = position[lines]
            if (times := mine.uptimes(block, starts[lines])) is not None:
                self._column("time", np.float64)[rows] = times
            if (walls := mine.walls(block, starts[lines])) is not None:
                self._column("wall", "M8[us]")[rows] = walls
            if mine.stamp.host is not None:
                self._column("codes host", np.intp)[rows] = self._name("host", mine.stamp.host)

    def _one_stamp(self, record: Record, row: int) -> None:
        import numpy as np

        if record.origin is None:
            return
        stamp = record.origin.stamp
        if stamp.uptime is not None:
            self._column("time", np.float64)[row] = stamp.uptime
        if stamp.wall is not None:
            self._column("wall", "M8[us]")[row] = np.datetime64(stamp.wall.replace(tzinfo=None), "us")
        if stamp.host is not None:
            self._column("codes host", np.intp)[row] = self._name("host", stamp.host)

    # finishing

    def frame(self) -> pd.DataFrame:
        """All columns, typed."""
        import numpy as np

        n = self.rows
        template = self._column("template", np.intp)[:n]
        used = np.bincount(template, minlength=len(self.templates)) > 0
        slow = np.flatnonzero(self._column("slow", bool)[:n])
        present = {name for row in self.templates for name, value in row.items() if value is not None}
        columns: dict[str, Any] = {}
        for name, kind in COLUMNS.items():
            by_template = self.templates if name in present else []
            if kind == "text":
                values = [row.get(name) if use else None for row, use in zip(by_template, used, strict=False)]
                columns[name] = self._text(name, values, template, slow)
            elif name in ("time", "wall"):
                columns[name] = self._column(name, np.float64 if name == "time" else "M8[us]")[:n]
            else:
                values = [row.get(name) for row in by_template]
                columns[name] = self._plain(name, kind, values, template, slow)
        self.columns.clear()
        return assemble(columns)

    def _text(self, name: str, values: list[str | None], template: Array, slow: Array) -> Any:
        import numpy as np

        if name in _HEAD_COLUMNS and values:
            return _category(template, values, used=True)
        fast = self.columns.pop(f"codes {name}", None)
        if fast is None and not values:
            return categorical(np.full(self.rows, -1, dtype=np.int8), [])
        names: list[str | None] = list(FAST_TEXT.get(name, ())) or list(self.names.get(name, ()))
        codes = np.full(self.rows, -1) if fast is None else fast[: self.rows]
        if values:
            codes[slow] = template[slow] + len(names)
        # -1, missing, counts from the end
        return _category(codes, [*names, *values, None])

    def _plain(self, name: str, kind: str, values: list[Any], template: Array, slow: Array) -> Any:
        import numpy as np
        import pandas as pd

        n = self.rows
        if name in _HEAD_COLUMNS and values:
            return column(kind, values).take(template)
        if name == "line":
            return pd.arrays.IntegerArray(self._column(name, np.uint32)[:n], np.zeros(n, dtype=bool))
        store = self._column(name, "?" if kind == "bool" else kind)[:n]
        if name in _ALWAYS:
            missing = self._column("slow", bool)[:n].copy()
        else:
            missing = self._column(f"missing {name}", bool)[:n]
            del self.columns[f"missing {name}"]
        del self.columns[name]
        if values and len(slow):
            mine = column(kind, values).take(template[slow])
            store[slow] = mine._data
            missing[slow] = mine._mask
        return (
            pd.arrays.BooleanArray(store, missing)
            if kind == "bool"
            else pd.arrays.IntegerArray(store, missing)
        )


def _category(codes: Array, values: list[str | None], *, used: bool = False) -> Any:
    """A text column of codes into values, of which some may be equal, missing or (if not ``used``) not used.

    The code -1 is the last value.
    """
    import numpy as np

    kept = values
    if not used:
        there = np.bincount(codes + 1, minlength=len(values) + 1)[1:] > 0
        kept = [v for v, use in zip(values, there, strict=True) if use]
    names = sorted({v for v in kept if v is not None})
    place = {name: n for n, name in enumerate(names)}
    width = np.int8 if len(names) < 128 else np.int16 if len(names) < 32768 else np.int32
    table = np.array([place.get(v, -1) if v is not None else -1 for v in values], dtype=width)
    return categorical(table[codes], names)

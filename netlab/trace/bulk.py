"""Whole logs to a table without an object a line.

Blocks of lines are read with numpy. A line is its stamp, the text before ``SRC=``, which the grammar reads once
and which is then looked up, and the packet, which neighbouring lines share. A line that has anything unusual is
read by the grammar itself, so that the table is the same as the one made of the records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.trace._assembly import Assembly
from netlab.trace._entries import (
    MOST_ENTRY_SHAPES,
    EntryShape,
    learn_entry,
    microseconds,
    wall_clock,
)
from netlab.trace._runs import ALIKE, first_alike, same_before
from netlab.trace._source import Source
from netlab.trace._stamps import MOST_SHAPES, Shape, Times
from netlab.trace._tails import read_tails
from netlab.trace._texts import NOT_KNOWN, WINDOWS, TextTable
from netlab.trace._vector import MARGIN, Array, Block
from netlab.trace.log import read_lines
from netlab.trace.reading import LONGEST_LINE, parse_line
from netlab.trace.records import EbtablesRecord, IptablesRecord, Record, Stamp
from netlab.trace.sources import LONGEST_JSON, journal_entry
from netlab.trace.tables import row_of

if TYPE_CHECKING:
    import pandas as pd

#: How many texts are remembered at most, per kind and shape of stamp.
REMEMBERED: Final = 50_000
#: No ordinary line is shorter; shorter ones are read by the grammar.
_SHORTEST: Final = 60

#: What makes a text before ``SRC=`` a complete line, so that the grammar can read it; for ebtables the second.
_REST: Final = (
    b" SRC=0.0.0.0 DST=0.0.0.0 LEN=0 TOS=0x00 PREC=0x00 TTL=0 ID=0 PROTO=255 ",
    b" SRC=0.0.0.0 IP DST=0.0.0.0, IP tos=0x00, IP proto=255",
)

#: So many lines are looked up at a time, since what is made of them fits into the processor's cache.
_LOOK: Final = 2048

_NO_ROW: Final = -1
_UNKNOWN: Final = -2
_BRACE: Final = 0x7B


def bulk_frame(source: Source) -> pd.DataFrame:
    """The table of a log's records; equal to :func:`~netlab.trace.tables.frame_of` of the records."""
    reader = _Reader()
    for run, start, stop in source.runs(MARGIN):
        reader.add(Block(run, start, stop))
    return reader.assembly.frame()


class _Reader:
    """Reads block after block; what it knows of one helps with the next.

    A line has the number of its stamp's shape; 0 is that of messages which stand alone, out of a journal.
    """

    def __init__(self) -> None:
        self.assembly = Assembly()
        self.shapes: list[Shape] = []
        self.heads: dict[tuple[int, int, bytes], int] = {}
        self.head_tables = tuple(TextTable(window) for window in WINDOWS)
        self.whole: list[dict[bytes, tuple[int, int]]] = [{}]
        self.whole_tables = tuple(TextTable(window) for window in WINDOWS)
        self.rows: list[tuple[int, int]] = []
        self.entries: list[EntryShape] = []
        self.first = 1

    def add(self, block: Block) -> None:
        """Read a block of the log."""
        import numpy as np

        if len(self.heads) > REMEMBERED:
            self.heads.clear()
        for texts in self.whole:
            if len(texts) > REMEMBERED:
                texts.clear()
        starts, ends = block.lines()
        heads = np.full(len(starts), _UNKNOWN, dtype=np.int32)
        tails = np.zeros(len(starts), dtype=np.int32)
        times = Times(len(starts), self.assembly.texts)
        shape = self._shapes(block, starts, ends)
        lines = np.flatnonzero(shape)
        if len(lines):
            width = np.array([0, *(known.width for known in self.shapes)])
            begin = starts[lines] + width[shape[lines]]
            heads[lines], tails[lines] = self._read(block, begin, ends[lines], shape[lines])
        for number, known in enumerate(self.shapes, 1):
            mine = np.flatnonzero(shape == number)
            if len(mine):
                times.put(block, starts[mine], mine, known)
        left = np.flatnonzero(heads == _UNKNOWN)
        entries = block.bytes[starts[left]] == _BRACE
        if entries.any():
            read = self._entries(block, starts, ends, left[entries], heads, tails, times)
            self._journal(block, starts, ends, left[entries][~read], heads, tails, times)
            left = np.flatnonzero(heads == _UNKNOWN)
        stamps: list[Stamp] = []
        for line in left.tolist():
            text = block.text(starts[line], ends[line])
            (record,) = read_lines(iter([text.decode("utf-8", "backslashreplace")]))
            heads[line], tails[line] = self._row(record)
            stamps.append(record.origin.stamp if record.origin else Stamp())
        times.put_some(left.tolist(), stamps)
        self.assembly.add(self.first, heads, tails, times)
        self.first += len(starts)

    def _shapes(self, block: Block, starts: Array, ends: Array) -> Array:
        """The number of each line's shape; 0 where it has none of them."""
        import numpy as np

        out = np.zeros(len(starts), dtype=np.intp)
        left = np.flatnonzero((block.bytes[starts] != _BRACE) & (ends > starts))
        number = 0
        while len(left):
            if number == len(self.shapes):
                if number == MOST_SHAPES:
                    break
                line = block.text(starts[left[0]], ends[left[0]])
                if not line[:256].isascii():
                    left = left[1:]
                    continue
                self.shapes.append(Shape(line[:256].decode("ascii")))
                self.whole.append({})
            same = self.shapes[number].match(block, starts[left], ends[left])
            number += 1
            out[left[same]] = number
            left = left[~same]
        return out

    def _record(self, block: Block, begin: int, text: bytes, shape: int) -> Record | None:
        """The record of a line whose kernel text begins there; None if its stamp is not of this shape after all."""
        if not shape:
            return parse_line(text.decode("utf-8", "backslashreplace"))
        width = self.shapes[shape - 1].width
        (record,) = read_lines(
            iter([(block.text(begin - width, begin) + text).decode("utf-8", "backslashreplace")])
        )
        return record if record.origin and record.origin.start == width else None

    def _alone(self, shape: int, text: bytes) -> int:
        """Zero for a text that reads the same without its stamp: it cannot be taken for a part of it."""
        if shape and self.shapes[shape - 1].width and not text.startswith(b"[") and b" kernel: " not in text:
            return 0
        return shape

    def _read(self, block: Block, begin: Array, end: Array, shape: Array) -> tuple[Array, Array]:
        """The codes of lines whose kernel text begins and ends there."""
        import numpy as np

        heads = np.full(len(begin), _UNKNOWN, dtype=np.int32)
        tails = np.zeros(len(begin), dtype=np.int32)
        sizes = end - begin
        may = np.flatnonzero((sizes >= _SHORTEST) & (sizes <= LONGEST_LINE))
        if len(may):
            heads[may], tails[may] = self._ordinary(block, begin[may], end[may], shape[may])
        left = np.flatnonzero(heads == _UNKNOWN)
        if len(left):
            places = begin[left], end[left], shape[left]
            codes = self._look_up(self.whole_tables, self._line, block, *places)
            rows = np.array(self.rows, dtype=np.int32)[codes]
            heads[left], tails[left] = rows[:, 0], rows[:, 1]
        return heads, tails

    def _line(self, block: Block, begin: int, end: int, shape: int) -> int:
        """The place in ``rows`` of the codes of a whole line, which is read by the grammar the first time."""
        text = block.text(begin, end)
        row = self.whole[shape].get(text)
        if row is None:
            alone = self._alone(shape, text)
            row = self.whole[alone].get(text)
            if row is None:
                record = self._record(block, begin, text, alone)
                row = (_UNKNOWN, 0) if record is None else self._row(record)
            if len(text) <= LONGEST_LINE:
                self.whole[shape][text] = self.whole[alone][text] = row
        self.rows.append(row)
        return len(self.rows) - 1

    def _ordinary(self, block: Block, begin: Array, end: Array, shape: Array) -> tuple[Array, Array]:
        """The codes of the lines among these that are ordinary."""
        import numpy as np

        at = end - (block.bytes[end - 1] == 32)
        tails, size = np.zeros(len(at), dtype=np.int32), np.zeros(len(at), dtype=np.intp)
        ok, bridge = np.zeros(len(at), dtype=bool), np.zeros(len(at), dtype=bool)
        left = np.arange(len(at))
        for alike in ALIKE:
            here = at[left]
            first = first_alike(block, here, alike)
            alone = first == np.arange(len(here))
            read = read_tails(block, here[alone], self.assembly.texts)
            which = (np.cumsum(alone) - 1)[first]
            mine = (here[alone] - read.begin)[which]
            tails[left], size[left] = which + self.assembly.tails(read), mine
            ok[left], bridge[left] = read.ok[which], read.bridge[which]
            long = np.flatnonzero(~alone & read.ok[which] & (mine > alike))
            left = left[long[~same_before(block, here[long], here[first[long]], mine[long], alike)]]
            if not len(left):
                break
        ok[left] = False
        at -= size
        ok &= at >= begin
        heads = np.full(len(at), _UNKNOWN, dtype=np.int32)
        mine = np.flatnonzero(ok)
        places = begin[mine], at[mine], shape[mine] * 2 + bridge[mine]
        heads[mine] = self._look_up(self.head_tables, self._head, block, *places)
        return heads, tails

    def _look_up(
        self,
        tables: tuple[TextTable, ...],
        read: Callable[[Block, int, int, int], int],
        block: Block,
        begin: Array,
        end: Array,
        kind: Array,
    ) -> Array:
        """The codes of texts, out of the tables, or as ``read`` of the text's place and kind tells and they learn."""
        import numpy as np

        size = end - begin
        codes = np.full(len(size), NOT_KNOWN, dtype=np.int32)
        for table in tables:
            mine = np.flatnonzero((size >= table.window) & (size < 2 * table.window))
            for part in np.split(mine, range(_LOOK, len(mine), _LOOK)):
                codes[part], rows, keys, hashes = table.find(block, begin[part], end[part], kind[part])
                missed = np.flatnonzero(codes[part] == NOT_KNOWN)
                if not len(missed):
                    continue
                _, once = np.unique(hashes[missed], return_index=True)
                for k in missed[once].tolist():
                    n = part[k]
                    codes[n] = read(block, int(begin[n]), int(end[n]), int(kind[n]))
                    table.learn(rows[k], int(keys[k]), int(hashes[k]), int(codes[n]))
                again = part[missed[codes[part[missed]] == NOT_KNOWN]]
                if len(again):
                    codes[again], *_ = table.find(block, begin[again], end[again], kind[again])
        for n in np.flatnonzero(codes == NOT_KNOWN).tolist():
            codes[n] = read(block, int(begin[n]), int(end[n]), int(kind[n]))
        return codes

    def _head(self, block: Block, begin: int, end: int, kind: int) -> int:
        """The code of one text before ``SRC=``, read by the grammar the first time.

        The kind is made of the number of the stamp's shape and of the family.
        """
        text = block.text(begin, end)
        shape, bridge = divmod(kind, 2)
        shape = self._alone(shape, text)
        code = self.heads.get((bridge, shape, text))
        if code is None:
            record = self._record(block, begin, text + _REST[bridge], shape)
            code = _UNKNOWN
            if isinstance(record, EbtablesRecord if bridge else IptablesRecord) and not record.problems:
                code = self.assembly.head(row_of(record))
            self.heads[bridge, shape, text] = code
        return code

    def _entries(
        self,
        block: Block,
        starts: Array,
        ends: Array,
        lines: Array,
        heads: Array,
        tails: Array,
        times: Times,
    ) -> Array:
        """Entries of ``journalctl -o json`` that have a known shape are read where they stand; which ones those are."""
        import numpy as np

        found: dict[EntryShape, list[tuple[int, tuple[tuple[int, int], ...]]]] = {}
        shapes = self.entries
        data = block.data
        places = zip(range(len(lines)), starts[lines].tolist(), ends[lines].tolist(), strict=True)
        for n, start, end in places:
            match = None
            for shape in shapes:
                if match := shape.pattern.fullmatch(data, start, end):
                    break
            else:
                if len(shapes) == MOST_ENTRY_SHAPES or end - start > LONGEST_JSON:
                    continue
                new = learn_entry(block.text(start, end))
                if new is None:
                    continue
                shape, match = new, new.pattern.fullmatch(data, start, end)
                shapes.append(shape)
            if match and end - start <= LONGEST_JSON:
                found.setdefault(shape, []).append((n, match.regs))
            if shape is not shapes[0]:  # the commonest come to stand in front
                at = shapes.index(shape)
                shapes[at - 1], shapes[at] = shape, shapes[at - 1]
        known = np.zeros(len(lines), dtype=bool)
        for shape, entries in found.items():
            which = np.array([n for n, _ in entries])
            spans = np.array([regs for _, regs in entries])
            mine = lines[which]
            known[which] = True
            uptime = microseconds(block, spans[:, shape.uptime]) / 1e6 if shape.uptime else None
            wall = wall_clock(microseconds(block, spans[:, shape.real])) if shape.real else None
            times.put_values(mine, uptime, wall, shape.host)
            message = spans[:, shape.message]
            heads[mine], tails[mine] = self._read(block, message[:, 0], message[:, 1], np.zeros_like(mine))
        return known

    def _journal(
        self,
        block: Block,
        starts: Array,
        ends: Array,
        lines: Array,
        heads: Array,
        tails: Array,
        times: Times,
    ) -> None:
        """Entries of ``journalctl -o json``: their messages are put together to a block of their own."""
        import numpy as np

        found: list[int] = []
        messages: list[bytes] = []
        stamps: list[Stamp] = []
        for line in lines.tolist():
            entry = journal_entry(block.text(starts[line], ends[line]).decode("utf-8", "backslashreplace"))
            if entry is None:
                continue
            stamp, text = entry
            message = text.rstrip("\n").encode("utf-8", "surrogatepass")
            if b"\n" in message or b"\xed" in message:
                continue  # no line, or not to be told from bytes that are no UTF-8: left to the grammar
            found.append(line)
            messages.append(message)
            stamps.append(stamp)
        if not found:
            return
        times.put_some(found, stamps)
        margin = bytes(MARGIN)
        data = b"".join((margin, b"\n".join(messages), b"\n", margin))
        inner = Block(data, MARGIN, len(data) - MARGIN)
        which = np.array(found)
        heads[which], tails[which] = self._read(inner, *inner.lines(), np.zeros_like(which))

    def _row(self, record: Record) -> tuple[int, int]:
        if not isinstance(record, IptablesRecord | EbtablesRecord):
            return _NO_ROW, 0
        return self.assembly.row(row_of(record))

"""Whole logs to a table without an object a line.

Blocks of lines are read with numpy. A line is its stamp, the text before ``SRC=``, which the grammar reads once
and which is then looked up, and the packet, which neighbouring lines share. A line that has anything unusual is
read by the grammar itself, so that the table is the same as the one made of the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.trace._assembly import Assembly
from netlab.trace._heads import NOT_KNOWN, WINDOWS, HeadTable
from netlab.trace._runs import ALIKE, first_alike, same_before
from netlab.trace._source import Source
from netlab.trace._stamps import MOST_SHAPES, Shape, Times
from netlab.trace._tails import read_tails
from netlab.trace._vector import MARGIN, Array, Block
from netlab.trace.log import read_lines
from netlab.trace.reading import LONGEST_LINE, parse_line
from netlab.trace.records import EbtablesRecord, IptablesRecord, Record
from netlab.trace.sources import journal_entry
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

#: A few lines of a block teach the texts before ``SRC=`` that most of the others have.
_FIRST_LOOK: Final = 256
#: Then so many at a time, since what is made of them fits into the processor's cache.
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


class _Memo:
    """What was made of the texts behind one shape of stamp; without a shape, of the messages of a journal."""

    __slots__ = ("heads", "shape", "tables", "whole")

    def __init__(self, shape: Shape | None) -> None:
        self.shape = shape
        self.heads: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
        self.tables = tuple(HeadTable(window) for window in WINDOWS)
        self.whole: dict[bytes, tuple[int, int]] = {}

    @property
    def width(self) -> int:
        return self.shape.width if self.shape else 0

    def forget(self) -> None:
        """Keep memory within bounds."""
        for texts in (*self.heads, self.whole):
            if len(texts) > REMEMBERED:
                texts.clear()

    def record(self, stamp: bytes, text: bytes) -> Record | None:
        """The record of a line; None if its stamp is not of this shape after all."""
        line = (stamp + text).decode("utf-8", "backslashreplace")
        if self.shape is None:
            return parse_line(line)
        (record,) = read_lines(iter([line]))
        return record if record.origin and record.origin.start == self.width else None


class _Reader:
    """Reads block after block; what it knows of one helps with the next."""

    def __init__(self) -> None:
        self.assembly = Assembly()
        self.memos: list[tuple[Shape, _Memo]] = []
        self.journal = _Memo(None)
        self.first = 1

    def add(self, block: Block) -> None:
        """Read a block of the log."""
        import numpy as np

        starts, ends = block.lines()
        heads = np.full(len(starts), _UNKNOWN, dtype=np.int32)
        tails = np.zeros(len(starts), dtype=np.int32)
        times = Times(len(starts), self.assembly.texts)
        for lines, (shape, memo) in zip(self._shapes(block, starts, ends), self.memos, strict=False):
            if len(lines):
                heads[lines], tails[lines] = self._read(block, starts[lines] + shape.width, ends[lines], memo)
                times.put(block, starts[lines], lines, shape)
        left = np.flatnonzero(heads == _UNKNOWN)
        entries = block.bytes[starts[left]] == _BRACE
        if entries.any():
            self._journal(block, starts, ends, left[entries], heads, tails, times)
            left = np.flatnonzero(heads == _UNKNOWN)
        for line in left.tolist():
            text = block.data[starts[line] : ends[line]]
            (record,) = read_lines(iter([text.decode("utf-8", "backslashreplace")]))
            heads[line], tails[line] = self._row(record)
            if record.origin is not None:
                times.put_one(line, record.origin.stamp)
        self.assembly.add(self.first, heads, tails, times)
        self.first += len(starts)

    def _shapes(self, block: Block, starts: Array, ends: Array) -> list[Array]:
        """For each shape of stamp the lines that have it."""
        import numpy as np

        out: list[Array] = []
        left = np.flatnonzero((block.bytes[starts] != _BRACE) & (ends > starts))
        while len(left):
            if len(out) == len(self.memos):
                if len(out) == MOST_SHAPES:
                    break
                line = block.data[starts[left[0]] : ends[left[0]]]
                if not line[:256].isascii():
                    left = left[1:]
                    continue
                shape = Shape(line[:256].decode("ascii"))
                self.memos.append((shape, _Memo(shape)))
            same = self.memos[len(out)][0].match(block, starts[left], ends[left])
            whole = bool(same.all())
            out.append(left if whole else left[same])
            left = left[:0] if whole else left[~same]
        return out

    def _read(self, block: Block, begin: Array, end: Array, memo: _Memo) -> tuple[Array, Array]:
        """The codes of lines whose kernel text begins and ends there."""
        import numpy as np

        memo.forget()
        heads = np.full(len(begin), _UNKNOWN, dtype=np.int32)
        tails = np.zeros(len(begin), dtype=np.int32)
        sizes = end - begin
        may = np.flatnonzero((sizes >= _SHORTEST) & (sizes <= LONGEST_LINE))
        if len(may):
            heads[may], tails[may] = self._ordinary(block, begin[may], end[may], memo)
        left = np.flatnonzero(heads == _UNKNOWN)
        data, width = block.data, memo.width
        for n, a, b in zip(left.tolist(), begin[left].tolist(), end[left].tolist(), strict=True):
            text = data[a:b]
            row = memo.whole.get(text)
            if row is None:
                record = memo.record(data[a - width : a], text)
                row = (_UNKNOWN, 0) if record is None else self._row(record)
                if len(text) <= LONGEST_LINE:
                    memo.whole[text] = row
            heads[n], tails[n] = row
        return heads, tails

    def _ordinary(self, block: Block, begin: Array, end: Array, memo: _Memo) -> tuple[Array, Array]:
        """The codes of the lines among these that are ordinary."""
        import numpy as np

        at = end - (block.bytes[end - 1] == 32)
        first = first_alike(block, at)
        alone = first == np.arange(len(at))
        read = read_tails(block, at[alone], self.assembly.texts)
        which = (np.cumsum(alone) - 1)[first]
        size = (at[alone] - read.begin)[which]
        tails = which + self.assembly.tails(read)
        ok, bridge = read.ok[which], read.bridge[which]
        long = np.flatnonzero(~alone & ok & (size > ALIKE))
        apart = long[~same_before(block, at[long], at[first[long]], size[long])]
        if len(apart):
            read = read_tails(block, at[apart], self.assembly.texts)
            size[apart] = at[apart] - read.begin
            tails[apart] = np.arange(len(apart)) + self.assembly.tails(read)
            ok[apart], bridge[apart] = read.ok, read.bridge
        at -= size
        ok &= at >= begin
        heads = np.full(len(at), _UNKNOWN, dtype=np.int32)
        mine = np.flatnonzero(ok)
        if len(mine) == len(at):
            return self._heads(block, begin, at, bridge, memo), tails
        heads[mine] = self._heads(block, begin[mine], at[mine], bridge[mine], memo)
        return heads, tails

    def _heads(self, block: Block, begin: Array, end: Array, bridge: Array, memo: _Memo) -> Array:
        """The codes of texts before ``SRC=``."""
        import numpy as np

        size = end - begin
        codes = np.full(len(size), NOT_KNOWN, dtype=np.int32)
        for table in memo.tables:
            mine = np.flatnonzero((size >= table.window) & (size < 2 * table.window))
            for part in np.split(mine, [_FIRST_LOOK, *range(_LOOK, len(mine), _LOOK)]) if len(mine) else ():
                codes[part], rows, keys, slots = table.find(block, begin[part], end[part], bridge[part])
                for k in np.flatnonzero(codes[part] == NOT_KNOWN).tolist():
                    n = int(part[k])
                    codes[n] = self._head(block.data, int(begin[n]), int(end[n]), memo, bridge=bool(bridge[n]))
                    table.learn(rows[k], int(keys[k]), int(slots[k]), int(codes[n]))
        for n in np.flatnonzero(codes == NOT_KNOWN).tolist():
            codes[n] = self._head(block.data, int(begin[n]), int(end[n]), memo, bridge=bool(bridge[n]))
        return codes

    def _head(self, data: bytes, begin: int, end: int, memo: _Memo, *, bridge: bool) -> int:
        """The code of one text before ``SRC=``, read by the grammar the first time."""
        text = data[begin:end]
        code = memo.heads[bridge].get(text)
        if code is None:
            record = memo.record(data[begin - memo.width : begin], text + _REST[bridge])
            code = _UNKNOWN
            if isinstance(record, EbtablesRecord if bridge else IptablesRecord) and not record.problems:
                code = self.assembly.head(row_of(record))
            memo.heads[bridge][text] = code
        return code

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

        found, messages = [], []
        for line in lines.tolist():
            entry = journal_entry(block.data[starts[line] : ends[line]].decode("utf-8", "backslashreplace"))
            if entry is None:
                continue
            stamp, text = entry
            message = text.rstrip("\n").encode("utf-8", "surrogatepass")
            if b"\n" in message or b"\xed" in message:
                continue  # no line, or not to be told from bytes that are no UTF-8: left to the grammar
            found.append(line)
            messages.append(message)
            times.put_one(line, stamp)
        if not found:
            return
        margin = bytes(MARGIN)
        data = b"".join((margin, b"\n".join(messages), b"\n", margin))
        inner = Block(data, MARGIN, len(data) - MARGIN)
        which = np.array(found)
        heads[which], tails[which] = self._read(inner, *inner.lines(), self.journal)

    def _row(self, record: Record) -> tuple[int, int]:
        if not isinstance(record, IptablesRecord | EbtablesRecord):
            return _NO_ROW, 0
        return self.assembly.row(row_of(record))

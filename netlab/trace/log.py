"""Whole logs: every line becomes a record, or is kept with the reason why it did not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from netlab.errors import InputError
from netlab.trace._source import Source, Text, open_source
from netlab.trace.reading import parse_line
from netlab.trace.records import (
    EbtablesRecord,
    IptablesRecord,
    KernelMessage,
    Origin,
    Record,
    Stamp,
    Unread,
)
from netlab.trace.sources import journal_entry, split_stamp

if TYPE_CHECKING:
    import pandas as pd

    from netlab.trace.events import MonitorEvent
    from netlab.trace.journeys import Journey
    from netlab.trace.monitor_journeys import MonitorJourney

_NO_STAMP = Stamp()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines of each kind a log has; ``damaged`` ones are also counted under their kind.

    ``other`` counts kernel messages and the events that nftables' monitors print.
    """

    lines: int = 0
    iptables: int = 0
    ebtables: int = 0
    other: int = 0
    unread: int = 0
    empty: int = 0
    damaged: int = 0

    @property
    def read(self) -> int:
        """Lines that are ours."""
        return self.iptables + self.ebtables + self.other

    def __str__(self) -> str:
        text = (
            f"{self.lines} lines: {self.iptables} iptables, {self.ebtables} ebtables, "
            f"{self.other} other, {self.unread} unread"
        )
        if self.empty:
            text += f", {self.empty} empty"
        return f"{text} ({self.damaged} damaged)" if self.damaged else text


class TraceLog:
    """A log that has been read. Objects are made when asked for; ``frame`` reads in bulk, without them.

    >>> log = read_trace("[ 2228.503722] IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 "
    ...     "TTL=64 ID=1 PROTO=2 \\nhello\\n")
    >>> log
    <TraceLog <text>: 2 lines: 1 iptables, 0 ebtables, 0 other, 1 unread>
    >>> log.records[0].origin.stamp.uptime, log.unread[0].reason
    (2228.503722, 'not a line of iptables or ebtables')
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def name(self) -> str:
        """Where the log was read from."""
        return self._source.name

    def lines(self) -> Iterator[str]:
        """The lines as text, without their ends; bytes that are not UTF-8 appear as ``\\xNN``."""
        for run, start, stop in self._source.runs():
            for line in run[start : stop - 1].split(b"\n"):
                yield line.decode("utf-8", "backslashreplace")

    @cached_property
    def _all(self) -> tuple[Record, ...]:
        return tuple(read_lines(self.lines()))

    @cached_property
    def records(self) -> tuple[IptablesRecord | EbtablesRecord | KernelMessage | MonitorEvent, ...]:
        """The lines that are ours, in their order."""
        return tuple(r for r in self._all if not isinstance(r, Unread))

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """The other lines, each with the reason; empty lines are only counted."""
        return tuple(r for r in self._all if isinstance(r, Unread) and r.text.strip())

    @cached_property
    def damaged(self) -> tuple[IptablesRecord | EbtablesRecord, ...]:
        """Records of which only a part could be read."""
        return tuple(r for r in self.records if isinstance(r, IptablesRecord | EbtablesRecord) and r.problems)

    @cached_property
    def counts(self) -> Counts:
        """How many lines were read as what."""
        return Counts(
            lines=len(self._all),
            iptables=sum(isinstance(r, IptablesRecord) for r in self.records),
            ebtables=sum(isinstance(r, EbtablesRecord) for r in self.records),
            other=sum(not isinstance(r, IptablesRecord | EbtablesRecord) for r in self.records),
            unread=len(self.unread),
            empty=len(self._all) - len(self.records) - len(self.unread),
            damaged=len(self.damaged),
        )

    def errors(self) -> list[InputError]:
        """One error a damaged line: file, line, caret, and what was expected."""
        return [problem_of(record, self.name) for record in self.damaged]

    def frame(self) -> pd.DataFrame:
        """The records as a typed table, one row a record; see :mod:`netlab.trace.tables` for the columns."""
        from netlab.trace.bulk import bulk_frame

        return bulk_frame(self._source)

    @cached_property
    def _journeys(self) -> tuple[Journey, ...]:
        from netlab.trace.journeys import group

        return group(self.records)

    def journeys(self) -> tuple[Journey, ...]:
        """The records grouped into packets, each with its hops."""
        return self._journeys

    def monitor_journeys(self) -> tuple[MonitorJourney, ...]:
        """The events of ``xtables-monitor`` and ``nft monitor trace``, grouped into packets."""
        from netlab.trace.monitor_journeys import group_events

        return group_events(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"<TraceLog {self.name}: {self.counts}>"

    def _repr_html_(self) -> str:
        from netlab.trace.report import html_table

        more = f"<p>… and {len(self) - 50} more</p>" if len(self) > 50 else ""
        head = f"<p>{escape(self.name)}: {escape(str(self.counts))}</p>"
        return f"{head}{html_table(self.records[:50])}{more}"


def read_lines(lines: Iterator[str]) -> Iterator[Record]:
    """Records of the lines of a file, each with its origin."""
    for number, raw in enumerate(lines, 1):
        entry = journal_entry(raw)
        if entry is not None:
            stamp, text = entry
            yield replace(parse_line(text.rstrip("\n")), origin=Origin(number, stamp, raw))
            continue
        found, start = split_stamp(raw)
        record = parse_line(raw[start:])
        if isinstance(record, Unread):
            record = Unread(text=raw, reason=record.reason)
        yield replace(record, origin=Origin(number, found or _NO_STAMP, raw, start))


def problem_of(record: IptablesRecord | EbtablesRecord, source: str) -> InputError:
    """The first problem of a damaged record as an error that shows the line with a caret."""
    problem = record.problems[0]
    return InputError(
        problem.message,
        source=source,
        line=record.origin.line if record.origin else None,
        text=record.text,
        column=problem.column,
    )


def read_trace(source: str | os.PathLike[str]) -> TraceLog:
    """Read a log: a path, or the text itself.

    A :class:`~pathlib.Path`, or a string without a newline that names an existing file, is read as a file;
    any other string is the log. Raises :class:`~netlab.errors.InputError` if a file cannot be read. A large
    file is read when it is needed; if it has changed by then, that raises the same error.
    """
    if isinstance(source, str) and ("\n" in source or not _is_file(source)):
        return TraceLog(Text(source.encode("utf-8", "surrogatepass")))
    return TraceLog(open_source(Path(source)))


def _is_file(name: str) -> bool:
    try:
        return len(name) < 4096 and Path(name).is_file()
    except (OSError, ValueError):
        return False

"""What ``netlab trace`` prints: logs and journeys as text, JSON, CSV and HTML. Pure functions of records."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, Final

from netlab.trace.events import MonitorEvent, MonitorPacket, MonitorTrace
from netlab.trace.explain import packet_words
from netlab.trace.journeys import Journey
from netlab.trace.log import TraceLog
from netlab.trace.monitor_journeys import MonitorJourney
from netlab.trace.records import EbtablesRecord, IptablesRecord, KernelMessage, Record, Unread
from netlab.trace.tables import COLUMNS, row_of

_HEADINGS: Final = ("line", "time", "table:chain", "in", "out", "packet", "ttl", "id")

#: How many unread and damaged lines a text report shows one by one.
SHOWN: Final = 5


def visible(text: str, width: int = 160) -> str:
    r"""Text that is safe to show in a terminal: control characters escaped, long lines cut.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    cut = text[: width + 1]
    out = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return out if len(cut) <= width else out[:width] + "…"


def text_table(records: Sequence[Record]) -> Iterator[str]:
    """One line a record, in columns.

    >>> from netlab.trace import parse_line
    >>> print(*text_table([parse_line("TRACE: raw:OUTPUT:policy:2 IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.1 LEN=28 "
    ...     "TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=1 DPT=2 LEN=8 ")]), sep="\\n")
    line  time  table:chain          in  out  packet                       ttl  id
    -     -     raw:OUTPUT:policy:2  -   lo   UDP 10.0.0.1:1 > 10.0.0.1:2  64   1
    """
    rows = [_HEADINGS, *(tuple(visible(cell) for cell in _cells(r)) for r in records)]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def html_table(records: Sequence[Record]) -> str:
    """The same table for a notebook; everything from the log is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in _HEADINGS)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(visible(cell))}</td>' for cell in _cells(r))}</tr>" for r in records
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(record: Record) -> tuple[str, ...]:
    line, time = "-", "-"
    if record.origin is not None:
        line = str(record.origin.line)
        stamp = record.origin.stamp
        if stamp.uptime is not None:
            time = f"{stamp.uptime:.6f}"
        elif stamp.wall is not None:
            time = stamp.wall.isoformat(sep=" ")
        else:
            time = stamp.text.strip() or "-"
    if isinstance(record, KernelMessage | Unread):
        return line, time, "-", "-", "-", record.text, "-", "-"
    if isinstance(record, MonitorPacket):
        place = f"{record.table}:{record.chain}" if record.table else "-"
        devices = record.in_dev or "-", record.out_dev or "-"
        return line, time, place, *devices, str(record), _or_dash(record.ttl), _or_dash(record.id)
    if isinstance(record, MonitorTrace):
        return line, time, f"{record.table}:{record.chain}", "-", "-", str(record), "-", "-"
    ttl = id_ = "-"
    if isinstance(record, IptablesRecord) and record.ip is not None:
        ttl, id_ = str(record.ip.ttl), str(record.ip.id)
    words = packet_words(record) + (" (damaged)" if record.problems else "")
    return line, time, _place(record), _device(record, 0), _device(record, 1), words, ttl, id_


def _or_dash(number: int | None) -> str:
    return "-" if number is None else str(number)


def _place(record: IptablesRecord | EbtablesRecord) -> str:
    if isinstance(record, IptablesRecord):
        return str(record.trace or record.prefix.strip() or "-")
    return f"eb {record.place}" if record.place else record.prefix.strip() or "-"


def _device(record: IptablesRecord | EbtablesRecord, side: int) -> str:
    device = (record.in_dev, record.out_dev)[side]
    port = (record.physin, record.physout)[side] if isinstance(record, IptablesRecord) else None
    return f"{device}({port})" if port else device or "-"


def journeys_text(journeys: Iterable[Journey | MonitorJourney]) -> Iterator[str]:
    """The journeys in words, with an empty line between two."""
    for n, journey in enumerate(journeys):
        if n:
            yield ""
        yield from (visible(line) for line in journey.explain().split("\n"))


def summary(log: TraceLog) -> Iterator[str]:
    """How many lines were read, how many not, and the first of those that were not or only in part."""
    yield f"{visible(log.name)}: {log.counts}"
    errors = log.errors()
    for error in errors[:SHOWN]:
        yield from (visible(line, 400) for line in str(error).split("\n"))
    if len(errors) > SHOWN:
        yield f"… and {len(errors) - SHOWN} more damaged lines"
    for line in log.unread[:SHOWN]:
        number = line.origin.line if line.origin else 0
        yield f"{visible(log.name)}:{number}: {line.reason}: {visible(line.text, 80)}"
    if len(log.unread) > SHOWN:
        yield f"… and {len(log.unread) - SHOWN} more unread lines"


def record_object(record: Record) -> dict[str, Any]:
    """A record as a JSON object: the columns of the table that it has, without the missing ones."""
    if isinstance(record, IptablesRecord | EbtablesRecord):
        row = row_of(record)
        out = {name: _plain(row[name]) for name in COLUMNS if row.get(name) is not None}
        if record.text is not None:
            out["text"] = record.text
        return out
    line: dict[str, Any] = {"line": record.origin.line} if record.origin else {}
    if isinstance(record, Unread):
        return line | {"reason": record.reason, "text": record.text}
    if isinstance(record, MonitorPacket | MonitorTrace):
        return line | _event_object(record)
    named = {name: getattr(record, name) for name in ("device", "src", "dst", "mac")}
    return line | {"family": "kernel", "kind": record.kind, "text": record.text, **_present(named)}


def _event_object(event: MonitorEvent) -> dict[str, Any]:
    names = ("tool", "trace_id", "table", "chain", "kind", "verdict", "target", "handle", "rule", "mark")
    out: dict[str, Any] = {"family": event.family} | {name: getattr(event, name, None) for name in names}
    if isinstance(event, MonitorPacket):
        out["fields"] = dict(event.fields)
    return _present(out)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def log_object(log: TraceLog, *, journeys: bool = False) -> dict[str, Any]:
    """A log as a JSON object: counts, records or journeys, and the unread lines with their reasons."""
    counts = log.counts
    names = ("lines", "iptables", "ebtables", "other", "unread", "empty", "damaged")
    out: dict[str, Any] = {"source": log.name, "counts": {name: getattr(counts, name) for name in names}}
    if journeys:
        out["journeys"] = [journey_object(j) for j in log.journeys()]
        if watched := log.monitor_journeys():
            out["monitor_journeys"] = [monitor_journey_object(j) for j in watched]
    else:
        out["records"] = [record_object(r) for r in log.records]
    out["unread"] = [record_object(u) for u in log.unread]
    return out


def journey_object(journey: Journey) -> dict[str, Any]:
    """A journey as a JSON object."""
    return {
        "number": journey.number,
        "packet": journey.title,
        "direction": journey.direction,
        "hops": [
            {
                "family": hop.family,
                "hook": hop.hook,
                "tables": list(hop.tables),
                "records": [record_object(r) for r in hop.records],
            }
            for hop in journey.hops
        ],
    }


def monitor_journey_object(journey: MonitorJourney) -> dict[str, Any]:
    """A packet that nftables' monitors tell of, as a JSON object."""
    return {
        "number": journey.number,
        "packet": None if journey.packet is None else str(journey.packet),
        "outcome": journey.outcome,
        "trace_ids": list(journey.trace_ids),
        "events": [record_object(event) for event in journey.events],
    }


def json_text(logs: Sequence[TraceLog], *, journeys: bool = False) -> str:
    """One JSON document: an object for one log, a list for several."""
    objects = [log_object(log, journeys=journeys) for log in logs]
    return json.dumps(objects[0] if len(objects) == 1 else objects, indent=1, ensure_ascii=False)


def csv_text(logs: Sequence[TraceLog], *, journeys: bool = False) -> str:
    """The table as CSV, a column ``source`` first; with journeys also ``packet`` and ``hop``, counted from 1."""
    out = io.StringIO()
    extra = ["source", "packet", "hop"] if journeys else ["source"]
    writer = csv.DictWriter(out, [*extra, *COLUMNS], lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for log in logs:
        if journeys:
            for journey in log.journeys():
                for number, hop in enumerate(journey.hops, 1):
                    for record in hop.records:
                        writer.writerow(
                            {**row_of(record), "source": log.name, "packet": journey.number, "hop": number}
                        )
        else:
            for one in log.records:
                if isinstance(one, IptablesRecord | EbtablesRecord):
                    writer.writerow({**row_of(one), "source": log.name})
    return out.getvalue()

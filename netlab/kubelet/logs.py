"""Kubelet logs read: glog and structured klog lines behind whatever prefix a log carrier adds.

A line is known by its glog header, so prefixes of journald (any locale), syslog and container runtimes need
no grammar of their own; JSON of journald and of klog is read too; what the words say is known to ``log_words``.
Nothing is dropped: lines without
a header are kept as ``unread``, and lines of unknown kind stay as records.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from netlab.kubelet.log_words import FIELD, PodRef, json_pods, kind_of, meaning

#: The year that dates of glog headers get when nothing in the log names one; a leap year.
UNKNOWN_YEAR: Final = 2000

_HEADER: Final = re.compile(
    r"(?P<severity>[IWEF])(?P<month>\d\d)(?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d)\.(?P<micro>\d{6})"
    r"\s+(?P<thread>\d+) (?P<file>[\w./-]+):(?P<line>\d+)\] (?P<message>.*)"
)
_CARRIER: Final = re.compile(
    r"(?:<\d+>)?(?P<stamp>.*?\d\d:\d\d:\d\d\S*(?: [A-Z]{2,5}(?= ))?)\s+(?P<host>\S+)\s+"
    r"(?P<process>[\w@.()/-]+?)(?:\[(?P<pid>\d+)\])?:\s+(?P<message>.*)"
)
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-\d\d-\d\d")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One log line. ``kind`` is the table's name for it (``reclaiming``, ``must evict``, ...) or None.

    ``time`` is the header's local time, without zone; ``host``, ``process`` and ``pid`` come from the
    carrier. ``fields`` are the values the line carries: ``resource``, ``signal``, ``conditions``, ...
    """

    line: int
    time: datetime | None
    severity: str
    file: str
    source_line: int
    thread: int
    message: str
    text: str
    kind: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    pods: tuple[PodRef, ...] = ()
    host: str | None = None
    process: str | None = None
    pid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeletLog:
    """The records of a log in its order, and the lines that are none, with their numbers."""

    records: tuple[LogRecord, ...]
    unread: tuple[tuple[int, str], ...] = ()
    source: str = "<log>"

    def of_kind(self, *kinds: str) -> list[LogRecord]:
        """The records of those kinds."""
        return [r for r in self.records if r.kind in kinds]

    @property
    def counts(self) -> Counter[str]:
        """How many records of each kind; ``other`` for unknown kinds, ``unread`` for lines without header."""
        found = Counter(r.kind or "other" for r in self.records)
        if self.unread:
            found["unread"] = len(self.unread)
        return found

    def frame(self) -> Any:
        """The records as a pandas DataFrame, a row a line."""
        import pandas as pd

        rows = [
            {
                "line": r.line,
                "time": r.time,
                "severity": r.severity,
                "kind": r.kind,
                "resource": r.fields.get("resource"),
                "signal": r.fields.get("signal"),
                "conditions": r.fields.get("conditions"),
                "pods": ", ".join(map(str, r.pods)),
                "message": r.message,
                "host": r.host,
                "pid": r.pid,
                "file": f"{r.file}:{r.source_line}",
            }
            for r in self.records
        ]
        return pd.DataFrame(rows)


def read_log(text: str, *, year: int | None = None, source: str = "<log>") -> KubeletLog:
    """Read a kubelet log, or the part of one that someone pasted.

    glog headers have no year: ``year`` if given, else that of an ISO date on the line or an earlier one, else
    UNKNOWN_YEAR. A January after a December is the next year's.

    >>> line = ("10月 16 09:50:55 node3 kubelet[17144]: W1016 09:50:55.056703   17144 "
    ...         "eviction_manager.go:331] eviction manager: attempting to reclaim nodefs")
    >>> record = read_log(line).records[0]
    >>> record.kind, record.fields["resource"], record.host, record.time.microsecond
    ('reclaiming', 'nodefs', 'node3', 56703)
    """
    records: list[LogRecord] = []
    unread: list[tuple[int, str]] = []
    known = year
    month = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        header = _HEADER.search(line)
        if year is None and (match := _YEAR.search(line[:40])):
            known = int(match[1])
        elif header and (month, header["month"]) == ("12", "01"):
            known = (known or UNKNOWN_YEAR) + 1
        month = header["month"] if header else month
        record = (
            _from_json(number, line, known)
            if line.lstrip().startswith("{")
            else _from_text(number, line, known)
        )
        if record is None:
            unread.append((number, line))
        else:
            records.append(record)
    return KubeletLog(records=tuple(records), unread=tuple(unread), source=source)


def _from_text(
    number: int, line: str, year: int | None, carrier: Mapping[str, Any] | None = None
) -> LogRecord | None:
    header = _HEADER.search(line)
    outer = carrier or _carrier(line[: header.start()] + "x" if header else line)
    if header is None:
        if outer is None or "message" not in outer:
            return None
        return LogRecord(
            line=number,
            time=_carrier_time(str(outer["stamp"]), year),
            severity="I",
            file="",
            source_line=0,
            thread=0,
            message=outer["message"],
            text=line,
            kind="service" if outer["process"] == "systemd" else None,
            host=outer["host"],
            process=outer["process"],
            pid=outer["pid"],
        )
    kind, fields, pods = meaning(header["message"])
    outer = outer or {}
    return LogRecord(
        line=number,
        time=_time(header, year),
        severity=header["severity"],
        file=header["file"].rpartition("/")[2],
        source_line=int(header["line"]),
        thread=int(header["thread"]),
        message=header["message"],
        text=line,
        kind=kind,
        fields=fields,
        pods=pods,
        host=outer.get("host"),
        process=outer.get("process"),
        pid=outer.get("pid"),
    )


def _carrier(prefix: str) -> dict[str, Any] | None:
    match = _CARRIER.fullmatch(prefix)
    if match is None:
        return None
    return {**match.groupdict(), "pid": int(match["pid"]) if match["pid"] else None}


def _time(header: re.Match[str], year: int | None) -> datetime | None:
    try:
        clock = datetime.strptime(header["clock"], "%H:%M:%S")
        return clock.replace(
            year=year or UNKNOWN_YEAR,
            month=int(header["month"]),
            day=int(header["day"]),
            microsecond=int(header["micro"]),
        )
    except ValueError:
        return None


def _carrier_time(stamp: str, year: int | None) -> datetime | None:
    """The carrier's own time, for lines without header: ISO, or month, day and clock in any language."""
    iso = re.search(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?", stamp)
    if iso:
        moment = datetime.fromisoformat(f"{iso[1]}T{iso[2]}")
        return moment.replace(microsecond=int((iso[3] or "0").ljust(6, "0")))
    short = re.search(r"(\S+?)\s+(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?", stamp)
    if short is None:
        return None
    number = re.match(r"\d{1,2}", short[1])
    word = short[1][:3].lower()
    month = int(number[0]) if number else _MONTHS.index(word) + 1 if word in _MONTHS else None
    if month is None or not 1 <= month <= 12:
        return None
    clock = datetime.strptime(short[3], "%H:%M:%S")
    micro = int((short[4] or "0").ljust(6, "0"))
    try:
        return clock.replace(year=year or UNKNOWN_YEAR, month=month, day=int(short[2]), microsecond=micro)
    except ValueError:
        return None


def _from_json(number: int, line: str, year: int | None) -> LogRecord | None:
    """One line of ``journalctl -o json`` (which carries a klog line), or of klog's own JSON format."""
    try:
        entry = json.loads(line)
    except ValueError:
        return _from_text(number, line, year)
    if "MESSAGE" in entry:
        stamp = str(entry.get("__REALTIME_TIMESTAMP") or "")
        micros = int(stamp) if stamp.isdigit() and len(stamp) < 18 else 0
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
        pid = str(entry.get("_PID") or entry.get("SYSLOG_PID") or "")
        process = entry.get("SYSLOG_IDENTIFIER") or entry.get("_COMM")
        carrier = {
            "stamp": moment.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "host": entry.get("_HOSTNAME"),
            "process": process,
            "pid": int(pid) if pid.isdigit() else None,
            "message": str(entry["MESSAGE"]),
        }
        return _from_text(number, str(entry["MESSAGE"]), year or (moment.year if micros else None), carrier)
    if "msg" not in entry:
        return None
    values = {k: v for k, v in entry.items() if k not in ("ts", "caller", "msg", "v")}
    kind = kind_of(str(entry["msg"]), values)
    file, _, source_line = str(entry.get("caller", "")).rpartition(":")
    seconds = entry.get("ts")
    plausible = isinstance(seconds, int | float) and 0 <= seconds < 1e11
    when = datetime(1970, 1, 1) + timedelta(seconds=seconds) if plausible else None
    return LogRecord(
        line=number,
        time=when,
        severity="E" if "err" in entry else "I",
        file=file.rpartition("/")[2],
        source_line=int(source_line) if source_line.isdigit() else 0,
        thread=0,
        message=str(entry["msg"]),
        text=line,
        kind=kind,
        fields={FIELD.get(k, k): v if isinstance(v, str) else json.dumps(v) for k, v in values.items()},
        pods=tuple(json_pods(values)),
    )

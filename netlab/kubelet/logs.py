"""Kubelet logs read: glog and structured klog lines behind whatever prefix a log carrier adds.

A line is known by its glog header, so prefixes of journald (any locale), syslog and container runtimes need
no grammar of their own; JSON of journald and of klog is read too. Kinds and words come from the same tables
that print the lines (``klog``), plus the wordings of the releases between. Nothing is dropped: lines without
a header are kept as ``unread``, and lines of unknown kind stay as records.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from netlab.kubelet.gotext import go_unquote
from netlab.kubelet.klog import FREE_TEXT, STRUCTURED

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
_PAIR: Final = re.compile(r"\s+(?P<key>[\w./-]+)=")
_GO_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_POD: Final = re.compile(r"(?P<name>[^\s_,(]+)_(?P<namespace>[^\s_(,]+)(?:\((?P<uid>[^)]*)\))?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class PodRef:
    """A pod as a log line names it."""

    namespace: str
    name: str
    uid: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


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


# Wordings that neither table has: releases between the two lines, and lines of other kubelet parts.
_MORE: Final = {
    "exempt": (r"eviction manager: cannot evict a critical (?:static )?pod (?P<pod>.+)",),
    "kill failed": (r"eviction manager: pod (?P<pod>\S+) failed to evict (?P<error>.*)",),
    "no ranking": (r"eviction manager: no ranking function for signal (?P<signal>\S+)",),
    "stats failed": (r"eviction manager: failed to get summary stats: (?P<error>.*)",),
    "delete containers": (r"attempting to delete unused containers",),
    "delete images": (r"attempting to delete unused images",),
    "image gc": (
        r"\[imageGCManager\]: Disk usage on .*? is at (?P<usage>\d+)% which is over the high threshold "
        r"\((?P<high>\d+)%\)\. Trying to free (?P<bytes>\d+) bytes.*",
    ),
    "condition event": (r"Recording (?P<event>NodeHas\w+) event message for node (?P<node>\S+)",),
    "node config": (r"Creating Container Manager object based on Node Config: (?P<config>.*)",),
}
_MORE_STRUCTURED: Final = {
    "Creating Container Manager object based on Node Config": "node config",
    "Recording event message for node": "condition event",
    "Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low "
    "threshold": "image gc",
    "Eviction manager: failed to get summary stats": "stats failed",
}
_FIELD: Final = {
    "nodeCondition": "conditions", "resourceName": "resource", "err": "error", "log": "label",
    "highThreshold": "high", "amountToFree": "bytes",
}  # fmt: skip


def _pattern(words: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", words)
    out = [re.escape(parts[0])]
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        out += [f"(?P<{name}>.+?)", re.escape(literal)]
    return re.compile("".join(out))


# the longest words first, so that a line with more fields is not read as one with fewer
_FREE: Final = tuple(
    (kind, _pattern(words))
    for kind, (*_, words) in sorted(FREE_TEXT.items(), key=lambda item: -len(item[1][4]))
) + tuple((kind, re.compile(p)) for kind, patterns in _MORE.items() for p in patterns)
_QUICK: Final = re.compile(
    r"eviction manager: |Failed to admit pod |attempting to delete|\[imageGCManager\]|Recording NodeHas|Creating Con"
)
_BY_MESSAGE: Final = _MORE_STRUCTURED | {entry[4]: kind for kind, entry in STRUCTURED.items()}
_BY_KEYS: Final = {(entry[4], frozenset(entry[5])): kind for kind, entry in STRUCTURED.items()}


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
    kind, fields, pods = _meaning(header["message"])
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
    kind = _kind(str(entry["msg"]), values)
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
        fields={_FIELD.get(k, k): v if isinstance(v, str) else json.dumps(v) for k, v in values.items()},
        pods=tuple(_json_pods(values)),
    )


def _json_pods(values: Mapping[str, Any]) -> Iterator[PodRef]:
    found = values.get("pods", values.get("pod", []))
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, Mapping):
            yield PodRef(str(entry.get("namespace", "")), str(entry.get("name", "")))
        else:
            namespace, _, name = str(entry).rpartition("/")
            yield PodRef(namespace, name)


def _meaning(message: str) -> tuple[str | None, dict[str, str], tuple[PodRef, ...]]:
    """The kind of a message, its values, and the pods it names."""
    if message.startswith('"'):
        return _structured(message)
    if not _QUICK.match(message):
        return None, {}, ()
    for kind, pattern in _FREE:
        match = pattern.fullmatch(message)
        if match:
            fields = {k: v for k, v in match.groupdict().items() if v is not None}
            named = fields.get("pods") or fields.get("pod") or ""
            pods = tuple(PodRef(m["namespace"], m["name"], m["uid"] or "") for m in _POD.finditer(named))
            if "conditions" in fields:
                fields["conditions"] = fields["conditions"].strip("[]")
            return kind, fields, pods
    return None, {}, ()


def _structured(message: str) -> tuple[str | None, dict[str, str], tuple[PodRef, ...]]:
    """``"message" key="value" list=["a","b"] ...``: klog's key=value text."""
    head = _GO_STRING.match(message)
    if head is None:
        return None, {}, ()
    raw = dict(_pairs(message, head.end()))
    kind = _kind(go_unquote(head[0]), raw)
    fields = {_FIELD.get(k, k): _plain(v) for k, v in raw.items()}
    if "conditions" in fields:
        fields["conditions"] = " ".join(_items(raw["nodeCondition"]))
    named = _items(raw["pods"]) if "pods" in raw else [_plain(raw["pod"])] if "pod" in raw else []
    pods = []
    for name in named:
        namespace, _, short = name.rpartition("/")
        pods.append(PodRef(namespace, short, fields.get("uid", fields.get("podUID", ""))))
    return kind, fields, tuple(pods)


def _kind(message: str, values: Mapping[str, Any]) -> str | None:
    """Two kinds may share their words (an observation with and without its time): the keys tell them apart."""
    return _BY_KEYS.get((message, frozenset(values))) or _BY_MESSAGE.get(message)


def _pairs(text: str, at: int) -> Iterator[tuple[str, str]]:
    while match := _PAIR.match(text, at):
        start = match.end()
        quoted = _GO_STRING.match(text, start)
        if quoted:
            at = quoted.end()
        elif text[start : start + 1] in ("[", "{"):
            at = _matching(text, start)
        else:
            space = re.compile(r"\S*").match(text, start)
            at = space.end() if space else start
        yield match["key"], text[start:at]


def _matching(text: str, start: int) -> int:
    """The end of the bracket that opens at ``start``, strings skipped; the end of the text if it is cut."""
    depth = 0
    at = start
    while at < len(text):
        quoted = _GO_STRING.match(text, at)
        if quoted:
            at = quoted.end()
            continue
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)


def _plain(value: str) -> str:
    return go_unquote(value) if value.startswith('"') else value


def _items(value: str) -> list[str]:
    """A list as klog prints it: ``["a","b"]``, objects with name and namespace, or ``[a b]`` of old."""
    try:
        found = json.loads(value)
    except ValueError:
        return [go_unquote(m[0]) for m in _GO_STRING.finditer(value)] or value.strip("[]").split()
    entries = found if isinstance(found, list) else [found]
    return [
        f"{e.get('namespace', '')}/{e.get('name', '')}" if isinstance(e, dict) else str(e) for e in entries
    ]

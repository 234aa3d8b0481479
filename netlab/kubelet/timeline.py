"""One ordered story out of logs and descriptions: what happened when, of what kind, and how often.

Log lines have a local time, events an age; ages become times if the moment of the description is known,
else they are placed before it in order of age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet._display import html_table
from netlab.kubelet.describe import NodeDescription, NodeEvent
from netlab.kubelet.duration import MICROSECOND, format_duration
from netlab.kubelet.godump import read_dumps
from netlab.kubelet.logs import KubeletLog, LogRecord
from netlab.kubelet.sentences import read_message

#: Which log kinds a timeline shows, and as what.
_SHOWN: Final = {
    "refused": "refused",
    "reclaiming": "reclaim",
    "delete containers": "reclaim",
    "delete images": "reclaim",
    "reclaim failed": "reclaim",
    "reclaimed enough": "reclaim",
    "image gc": "reclaim",
    "must evict": "evict",
    "ranked": "evict",
    "no pods": "evict",
    "exempt": "evict",
    "none evictable": "evict",
    "kill failed": "evict",
    "killed": "evict",
    "evicting": "evict",
    "waiting": "evict",
    "wait timed out": "evict",
    "cleaned up": "evict",
    "node config": "settings",
    "condition event": "condition",
    "service": "service",
}
_REASONS: Final = {
    "EvictionThresholdMet": "reclaim",
    "Evicted": "evict",
    "Starting": "service",
    "NodeAllocatableEnforced": "settings",
    "FreeDiskSpaceFailed": "reclaim",
    "ImageGCFailed": "reclaim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. ``kind`` is ``service``, ``settings``, ``condition``, ``reclaim``, ``evict``,
    ``refused`` or ``other``.

    ``time`` is local and may be None where only an age is known; ``ago`` is that age in nanoseconds.
    ``since`` is when the first of ``count`` equal ones happened, if that is known.
    """

    kind: str
    what: str
    source: str
    line: int
    time: datetime | None = None
    ago: int | None = None
    since: datetime | None = None
    count: int = 1
    details: tuple[tuple[str, str], ...] = ()

    @property
    def when(self) -> str:
        """The time, or the age, or a question mark."""
        if self.time is not None:
            return f"{self.time:%m-%d %H:%M:%S.%f}"
        return f"{format_duration(self.ago)} ago" if self.ago is not None else "?"

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.when}  {self.kind:9} {self.what}{times}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries in order of time, those without any first; ``skipped`` counts lines that tell no event."""

    entries: tuple[Entry, ...]
    skipped: int = 0
    notes: tuple[str, ...] = field(default=())

    def of_kind(self, *kinds: str) -> list[Entry]:
        """The entries of those kinds."""
        return [e for e in self.entries if e.kind in kinds]

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries))

    def _repr_html_(self) -> str:
        rows = [[e.when, e.kind, e.what, e.count, f"{e.source}:{e.line}"] for e in self.entries]
        return html_table(("when", "kind", "what", "times", "from"), rows)

    def frame(self) -> Any:
        """The entries as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "time": e.time,
                    "since": e.since,
                    "kind": e.kind,
                    "what": e.what,
                    "count": e.count,
                    "source": e.source,
                    "line": e.line,
                }
                for e in self.entries
            ]
        )


def timeline_of(
    logs: Sequence[KubeletLog] = (),
    descriptions: Sequence[NodeDescription] = (),
    *,
    now: datetime | None = None,
) -> Timeline:
    """Order the events of logs and descriptions; ``now`` is when the descriptions were made (local time).

    >>> from netlab.kubelet.logs import read_log
    >>> log = read_log("I1016 09:50:55.057322   17144 eviction_manager.go:345] eviction manager: must evict "
    ...                "pod(s) to reclaim nodefs", year=2017)
    >>> print(timeline_of([log]))
    10-16 09:50:55.057322  evict     must evict pods to reclaim nodefs
    """
    entries: list[Entry] = []
    skipped = 0
    notes: list[str] = []
    for log in logs:
        for record in log.records:
            entry = _from_record(record, log.source)
            if entry is None:
                skipped += 1
            else:
                entries.append(entry)
        skipped += len(log.unread)
    for description in descriptions:
        entries += [_from_event(event, now) for event in description.events]
        entries += _from_conditions(description)
        skipped += len(description.unread)
    if now is None and any(d.events for d in descriptions):
        notes.append("events have ages only: say when the description was made to place them among log lines")
    return Timeline(tuple(_ordered(entries)), skipped, tuple(notes))


def _ordered(entries: list[Entry]) -> list[Entry]:
    def key(entry: Entry) -> tuple[int, float]:
        if entry.time is not None:
            return 1, (entry.time.replace(tzinfo=None) - datetime(1, 1, 1)).total_seconds()
        return (0, -entry.ago) if entry.ago is not None else (-1, 0)

    return sorted(entries, key=key)


def _from_record(record: LogRecord, source: str) -> Entry | None:
    kind = _SHOWN.get(record.kind or "")
    if kind is None:
        return None
    return Entry(
        kind=kind,
        what=_what(record),
        source=source,
        line=record.line,
        time=record.time,
        details=tuple(record.fields.items()),
    )


def _what(record: LogRecord) -> str:
    """A line in a few words of our own, the same in both profiles."""
    fields = record.fields
    resource = fields.get("resource", "")
    pods = ", ".join(map(str, record.pods))
    words = {
        "refused": f"{pods} refused: {fields.get('conditions', '')}",
        "reclaiming": f"attempting to reclaim {resource}",
        "must evict": f"must evict pods to reclaim {resource}",
        "ranked": f"ranked for eviction: {pods}",
        "no pods": "thresholds met, but no active pod to evict",
        "exempt": f"{pods or fields.get('pod', '')} is critical and stays",
        "killed": f"{pods} evicted",
        "evicting": f"evicting {pods}",
        "waiting": f"waiting for {pods} to be cleaned up",
        "wait timed out": f"gave up waiting for {pods}",
        "cleaned up": f"{pods} cleaned up",
        "reclaimed enough": f"{resource} pressure reduced without evicting pods",
        "node config": f"starts with {_settings(record)}",
    }
    return words.get(record.kind or "", record.message)


def _settings(record: LogRecord) -> str:
    try:
        dumps = read_dumps(record.text)
    except InputError:
        return "thresholds that cannot be read"
    hard = [str(t) for dump in dumps for t in dump.thresholds]
    return ", ".join(hard) if hard else "no hard thresholds"


def _from_event(event: NodeEvent, now: datetime | None) -> Entry:
    kind = _REASONS.get(event.reason)
    if kind is None:
        kind = "condition" if re.match(r"Node(Has|Ready|NotReady|Not|Schedulable)", event.reason) else "other"
    what = f"{event.reason}: {event.message}"
    if event.reason == "Evicted" and read_message(event.message).kind == "refused":
        kind = "refused"
    last, first = event.last, event.first
    return Entry(
        kind=kind,
        what=what,
        source="event",
        line=event.line,
        time=None if now is None or last is None else now - timedelta(microseconds=last // MICROSECOND),
        ago=last,
        since=None if now is None or first is None else now - timedelta(microseconds=first // MICROSECOND),
        count=event.count,
    )


def _from_conditions(description: NodeDescription) -> Iterator[Entry]:
    for condition in description.conditions:
        if condition.transition is not None and condition.type.endswith("Pressure"):
            yield Entry(
                kind="condition",
                what=f"{condition.type} became {condition.status}: {condition.reason}",
                source="condition",
                line=condition.line,
                time=condition.transition,
            )

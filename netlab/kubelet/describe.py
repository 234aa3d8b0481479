"""``kubectl describe node`` and ``kubectl get events`` read: conditions, taints, capacity, events.

Every layout since v1.5 is read: the old events table with FirstSeen, LastSeen and Count, the new one with
``5m (x23 over 10m)``, tabs or spaces between columns, and rows whose spaces were lost in pasting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet.duration import HOUR, MINUTE, SECOND
from netlab.kubelet.quantity import Quantity, QuantityError, parse_quantity

_AGE_TEXT: Final = r"(?:(?:\d+[ydhms])+|<unknown>|<invalid>)"
_WHEN: Final = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
_CONDITION: Final = re.compile(
    rf"\s*(?P<type>[A-Z]\w+)\s+(?P<status>True|False|Unknown)\s+(?P<heartbeat>{_WHEN}|<unknown>)"
    rf"\s+(?P<transition>{_WHEN}|<unknown>)\s+(?P<reason>\w+)\s+(?P<message>.*?)\s*"
)
_FROM: Final = r"(?:\{[^}]*\}|[^\s,]+(?:, \S+)?)"
_OLD_EVENT: Final = re.compile(
    rf"\s*(?P<first>{_AGE_TEXT})\s+(?P<last>{_AGE_TEXT})\s+(?P<count>\d+)\s+(?P<source>{_FROM})\s+"
    r"(?:(?P<sub>\S+)\s+)?(?P<type>Normal|Warning)\s+(?P<reason>\w+)\s+(?P<message>.*?)\s*"
)
_NEW_EVENT: Final = re.compile(
    rf"\s*(?P<type>Normal|Warning)\s+(?P<reason>\w+)\s+(?P<last>{_AGE_TEXT})"
    rf"(?: \(x(?P<count>\d+) over (?P<first>{_AGE_TEXT})\))?\s+(?P<source>{_FROM})\s+(?P<message>.*?)\s*"
)
_GET_EVENT: Final = re.compile(
    rf"(?P<last>{_AGE_TEXT})(?: \(x(?P<count>\d+) over (?P<first>{_AGE_TEXT})\))?\s+(?P<type>Normal|Warning)"
    r"\s+(?P<reason>\w+)\s+(?P<sub>[a-z]+/\S+)\s+(?P<message>.*?)\s*"
)
_HEADERS: Final = re.compile(
    r"\s*(?:Type\s+(?:Status|Reason)\b|FirstSeen\s|LAST SEEN\s|LASTSEEN\s|[-\s]*-{3,}[-\s]*$)"
)
_SECTION: Final = re.compile(r"(?P<name>[A-Z][\w ()-]*):\s*(?P<value>.*?)\s*")
_UNITS: Final = {"y": 365 * 24 * HOUR, "d": 24 * HOUR, "h": HOUR, "m": MINUTE, "s": SECOND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A row of the Conditions table; times without zone are None."""

    type: str
    status: str
    heartbeat: datetime | None
    transition: datetime | None
    reason: str
    message: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEvent:
    """A row of an Events table. ``first`` and ``last`` are ages in nanoseconds, None where not known."""

    type: str
    reason: str
    message: str
    count: int
    first: int | None
    last: int | None
    source: str
    line: int
    object: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDescription:
    """What a pasted description says; ``unread`` are rows inside its tables that could not be read."""

    name: str = ""
    conditions: tuple[Condition, ...] = ()
    events: tuple[NodeEvent, ...] = ()
    taints: tuple[str, ...] = ()
    unschedulable: bool | None = None
    capacity: Mapping[str, Quantity] = field(default_factory=dict)
    allocatable: Mapping[str, Quantity] = field(default_factory=dict)
    unread: tuple[tuple[int, str], ...] = ()

    def condition(self, type_: str) -> Condition | None:
        """The condition of that type."""
        return next((c for c in self.conditions if c.type == type_), None)

    def frame(self) -> Any:
        """The events as a pandas DataFrame, ages in seconds."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "type": e.type,
                    "reason": e.reason,
                    "count": e.count,
                    "first": None if e.first is None else e.first / SECOND,
                    "last": None if e.last is None else e.last / SECOND,
                    "source": e.source,
                    "object": e.object,
                    "message": e.message,
                }
                for e in self.events
            ]
        )


def parse_age(text: str) -> int | None:
    """An age of kubectl (``9d``, ``3h25m``, ``2y10d``) in nanoseconds; None for ``<unknown>``.

    >>> parse_age("1m30s") // SECOND, parse_age("<unknown>")
    (90, None)
    """
    if text.startswith("<"):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([ydhms])", text))


def read_description(text: str, *, source: str = "<describe>") -> NodeDescription:
    """Read a description, or a part of one, or an events listing.

    >>> row = "  9d   51m   49428   kubelet, node3   Warning   EvictionThresholdMet   Attempting to reclaim nodefs"
    >>> event = read_description(row).events[0]
    >>> event.count, event.reason, event.message
    (49428, 'EvictionThresholdMet', 'Attempting to reclaim nodefs')

    Raises InputError if there is neither a condition, an event nor a section of a description.
    """
    reader = _Reader(source)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            reader.read(number, line)
    return reader.finish(text)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.section = ""
        self.name = ""
        self.unschedulable: bool | None = None
        self.conditions: list[Condition] = []
        self.events: list[NodeEvent] = []
        self.taints: list[str] = []
        self.amounts: dict[str, dict[str, Quantity]] = {"Capacity": {}, "Allocatable": {}}
        self.unread: list[tuple[int, str]] = []
        self.sections = 0

    def read(self, number: int, line: str) -> None:
        condition = _CONDITION.fullmatch(line)
        event = None if condition else self.event(line)
        if condition:
            self.conditions.append(
                Condition(
                    type=condition["type"],
                    status=condition["status"],
                    heartbeat=_when(condition["heartbeat"]),
                    transition=_when(condition["transition"]),
                    reason=condition["reason"],
                    message=condition["message"],
                    line=number,
                )
            )
        elif event:
            groups = event.groupdict()
            last = parse_age(event["last"])
            self.events.append(
                NodeEvent(
                    type=event["type"],
                    reason=event["reason"],
                    message=event["message"],
                    count=int(event["count"] or 1),
                    first=parse_age(event["first"]) if event["first"] else last,
                    last=last,
                    source=groups.get("source") or "",
                    line=number,
                    object=groups.get("sub") or "",
                )
            )
        elif not _HEADERS.match(line) and not self.head(line) and not self.inside(line):
            self.unread.append((number, line))

    @staticmethod
    def event(line: str) -> re.Match[str] | None:
        return _OLD_EVENT.fullmatch(line) or _NEW_EVENT.fullmatch(line) or _GET_EVENT.fullmatch(line)

    def head(self, line: str) -> bool:
        """A line at the left margin that opens a section."""
        match = _SECTION.fullmatch(line)
        if match is None:
            return False
        self.section, value = match["name"], match["value"]
        self.sections += 1
        if self.section == "Name":
            self.name = value
        elif self.section == "Taints" and value != "<none>":
            self.taints.append(value)
        elif self.section == "Unschedulable":
            self.unschedulable = value == "true"
        return True

    def inside(self, line: str) -> bool:
        """An indented line: read where its section matters here, passed over elsewhere."""
        if not line[0].isspace() or not self.section:
            return False
        if self.section == "Taints":
            self.taints.append(line.strip())
        elif self.section in self.amounts:
            name, _, text = line.strip().partition(":")
            try:
                self.amounts[self.section][name] = parse_quantity(text.strip())
            except QuantityError:
                return False
        return self.section not in ("Conditions", "Events")

    def finish(self, text: str) -> NodeDescription:
        if not (self.conditions or self.events or self.sections):
            raise InputError(
                "neither a condition nor an event here",
                source=self.source,
                line=1,
                text=next(iter(text.splitlines()), ""),
                column=0,
                expected="the output of kubectl describe node, or its Conditions or Events table",
            )
        return NodeDescription(
            name=self.name,
            conditions=tuple(self.conditions),
            events=tuple(self.events),
            taints=tuple(self.taints),
            unschedulable=self.unschedulable,
            capacity=self.amounts["Capacity"],
            allocatable=self.amounts["Allocatable"],
            unread=tuple(self.unread),
        )


def _when(text: str) -> datetime | None:
    if text.startswith("<"):
        return None
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")

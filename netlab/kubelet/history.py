"""What a simulation of the kubelet's eviction loop leaves behind: phases, evictions, refusals, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.conditions import Event
from netlab.kubelet.duration import SECOND, format_duration
from netlab.kubelet.klog import LogLine
from netlab.kubelet.state import Eviction, Pass

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Passes in a row that saw the same: thresholds met, graces over, conditions; times of first and last.

    ``outcomes`` counts how the passes ended; ``example`` is the first one that acted, else the first.
    """

    start: int
    end: int
    passes: int
    outcomes: Mapping[str, int]
    conditions: tuple[str, ...]
    met: tuple[str, ...]
    example: Pass

    def __str__(self) -> str:
        ends = ", ".join(f"{n} {what}" for what, n in self.outcomes.items())
        return (
            f"{format_duration(self.start)} to {format_duration(self.end)}: {self.passes} passes ({ends}); "
            f"met: {', '.join(self.met) or 'none'}; conditions: {', '.join(self.conditions) or 'none'}"
        )


@dataclass(frozen=True, slots=True)
class Evicted:
    """An eviction, when it was decided and when the pod was gone (None: not within 30 s)."""

    at: int
    gone: int | None
    eviction: Eviction


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """A workload turned away again and again: how often, first and last time, with what message."""

    name: str
    first: int
    last: int
    count: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCount:
    """An event as ``kubectl describe`` counts it."""

    event: Event
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A whole run. Times are nanoseconds since its start.

    ``collections`` are runs of image garbage collection: when, and the bytes freed.
    """

    end: int
    passes: int
    phases: tuple[Phase, ...]
    evictions: tuple[Evicted, ...]
    refusals: tuple[Refusals, ...]
    events: tuple[EventCount, ...]
    collections: tuple[tuple[int, int], ...]
    log: tuple[tuple[int, LogLine], ...]

    def event_count(self, reason: str) -> int:
        """How often events of a reason were recorded."""
        return sum(e.count for e in self.events if e.event.reason == reason)

    def time_to(self, condition: str) -> int | None:
        """When a condition was first reported by a pass, or None."""
        return next((p.start for p in self.phases if condition in p.conditions), None)

    def frame(self) -> pd.DataFrame:
        """The phases as a pandas frame, times as Timedelta."""
        import pandas as pd

        return pd.DataFrame(
            {
                "start": pd.to_timedelta([p.start for p in self.phases], unit="ns"),
                "end": pd.to_timedelta([p.end for p in self.phases], unit="ns"),
                "passes": [p.passes for p in self.phases],
                "conditions": [", ".join(p.conditions) for p in self.phases],
                "met": [", ".join(p.met) for p in self.phases],
                "outcomes": [", ".join(f"{n} {what}" for what, n in p.outcomes.items()) for p in self.phases],
            }
        )

    def _rows(self) -> list[tuple[object, ...]]:
        return [
            (
                format_duration(p.start // SECOND * SECOND),
                p.passes,
                ", ".join(p.conditions) or "none",
                ", ".join(p.met) or "none",
                ", ".join(f"{n} {what}" for what, n in p.outcomes.items()),
            )
            for p in self.phases
        ]

    def __str__(self) -> str:
        return text_table(["from", "passes", "conditions", "met", "outcomes"], self._rows())

    def _repr_html_(self) -> str:
        return html_table(["from", "passes", "conditions", "met", "outcomes"], self._rows())

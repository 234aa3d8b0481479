"""One threshold against a node's figures, which may be rounded: met, not met, or not to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netlab.kubelet.interval import Interval
from netlab.kubelet.model import Threshold
from netlab.kubelet.readings import Reading

MET, MAYBE, FINE, UNSEEN = "met", "cannot tell", "not met", "no observation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One threshold against the node's figures; ``short`` is what is missing, a range, negative: to spare."""

    threshold: Threshold
    answer: str
    why: str
    short: Interval | None = None
    needed: Interval | None = None
    reading: Reading | None = None

    @property
    def unit(self) -> str:
        signal = self.threshold.signal
        return "inodes" if signal.endswith("inodesFree") else "tasks" if signal.startswith("pid") else "bytes"

    def __str__(self) -> str:
        if self.short is None or self.reading is None or self.needed is None:
            return f"{self.threshold}: {self.answer}: {self.why}"
        if self.answer == MET:
            by = f"met by {size_text(self.short, self.unit)}"
        elif self.answer == FINE:
            by = f"not met, {size_text(Interval(-self.short.high, -self.short.low), self.unit)} to spare"
        else:
            low, high = Interval.of(-self.short.low), Interval.of(self.short.high)
            by = (
                f"cannot tell: between {size_text(low, self.unit)} to spare and "
                f"{size_text(high, self.unit)} short, the figures are rounded"
            )
        return (
            f"{self.threshold}: {by}; {self.reading.available} of {self.reading.capacity} {self.unit} "
            f"available, {self.needed} needed ({self.why})"
        )


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    def ends(interval: Interval | None) -> list[int] | None:
        return None if interval is None else [interval.low, interval.high]

    seen = verdict.reading
    return {
        "threshold": str(verdict.threshold),
        "signal": verdict.threshold.signal,
        "hard": verdict.threshold.hard,
        "answer": verdict.answer,
        "short": ends(verdict.short),
        "needed": ends(verdict.needed),
        "available": ends(seen.available) if seen else None,
        "capacity": ends(seen.capacity) if seen else None,
        "unit": verdict.unit,
        "why": verdict.why,
    }


def size_text(interval: Interval, unit: str) -> str:
    """An amount with its unit, and in MiB where bytes are many."""
    text = f"{interval} {unit}"
    if unit == "bytes" and interval.low >= 1 << 20:
        low, high = (f"{end / 2**20:.1f}" for end in (interval.low, interval.high))
        text += f" ({low if low == high else f'{low} to {high}'} MiB)"
    return text

"""Pasted ``free`` output, and what it says about memory.available: bounds, not a figure.

The kubelet's memory.available is total memory less the working set, and the working set leaves out inactive
file pages only. ``free`` does not show how much of the cache is inactive, so the truth lies between *free*
and *free + buff/cache* (for a root cgroup whose usage is MemTotal - MemFree). Its own *available* column is
another estimate and plays no part. Facts: procps-ng ``free.c``, google/cadvisor#1529.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.interval import NUMBER, Interval, rounded_down, rounded_to_nearest

_ROW: Final = re.compile(rf"\s*(?P<label>[^\d:：][^:：]*)\s*[:：]\s*(?P<figures>{NUMBER}(?:\s+{NUMBER})+)\s*")
_PROMPT: Final = re.compile(r".*?[#$>]\s*free(?P<options>(?:\s+\S+)*)\s*|free(?P<bare>(?:\s+-\S+)+)\s*")
_OPTIONS: Final = {
    "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30,
    "bytes": 1, "kibi": 1 << 10, "mebi": 1 << 20, "gibi": 1 << 30,
    "kilo": 1000, "mega": 10**6, "giga": 10**9,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeMemory:
    """The memory row of free, in bytes. ``cache`` is buff/cache, or buffers + cached of the old layout.

    ``kubelet_available`` bounds what the kubelet calls memory.available.
    """

    total: Interval
    used: Interval
    free: Interval
    cache: Interval
    available: Interval | None
    line: int
    text: str
    notes: tuple[str, ...] = ()

    @property
    def kubelet_available(self) -> Interval:
        return Interval(self.free.low, min(self.total.high, (self.free + self.cache).high))

    @property
    def lines(self) -> tuple[str, ...]:
        """The difference between free and the kubelet in words and numbers."""
        inside = self.kubelet_available
        said = f"; free's own available, {self.available}, is another estimate" if self.available else ""
        return (
            "kubelet: memory.available = total - working set; active page cache counts as used.",
            f"free shows {self.free} bytes free and {self.cache} of cache, of unknown activity.",
            f"So memory.available lies in {inside} of {self.total} bytes{said}.",
        )


def parse_free(text: str, *, unit: int | None = None, source: str = "<free>") -> FreeMemory:
    """Read pasted free output; ``unit`` is what a plain figure counts, if nothing in the text says so.

    The first row with figures is memory, whatever its label's language. Without a command line and suffixes,
    plain figures are kibibytes (free's default), unless that would make a node of under 1 GiB (then MiB) or
    of over 4 TiB (then bytes); a note says what was assumed.

    >>> memory = parse_free("        total    used    free  shared  buff/cache  available\\n"
    ...                     "Mem:  4045652  912340  215360   46236     2917952    2801280")
    >>> memory.kubelet_available.low, memory.kubelet_available.high
    (220528640, 3208511488)

    Raises InputError if no row has enough figures.
    """
    header, base = "", 1024
    for number, line in enumerate(text.splitlines(), 1):
        match = _PROMPT.fullmatch(line)
        if match:
            options = match["options"] or match["bare"] or ""
            unit = _unit_of(options, unit)
            base = 1000 if "--si" in options.split() else 1024
            continue
        row = _ROW.fullmatch(line)
        if row is None:
            header = line if line.strip() else header
            continue
        figures = row["figures"].split()
        if len(figures) < 3:
            continue
        return _memory(figures, header, unit, base, number, line, source)
    raise InputError(
        "no memory row in this free output",
        source=source,
        line=1,
        text=next(iter(text.splitlines()), ""),
        column=0,
        expected="a row such as: Mem:  4045652  912340  215360  46236  2917952  2801280",
    )


def _unit_of(options: str, unit: int | None) -> int | None:
    unit = 1 << 10 if unit is None else unit
    for option in options.split():
        word = option.lstrip("-")
        if option.startswith("--"):
            unit = _OPTIONS.get(word, unit)
        else:
            for letter in word:
                unit = _OPTIONS.get(letter, unit)
    return unit


def _memory(
    figures: list[str], header: str, unit: int | None, base: int, number: int, line: str, source: str
) -> FreeMemory:
    notes: tuple[str, ...] = ()
    if unit is None and figures[0].isdigit():
        unit, name = _guessed(int(figures[0]))
        notes = (f"{source}:{number}: nothing says the unit; figures read as {name}",)

    def figure(text: str) -> Interval:
        if not text.isdigit():
            nearest = "." in text or "," in text
            return rounded_to_nearest(text, base) if nearest else rounded_down(text, base=base)
        size = unit or 1
        return Interval.of(int(text) * size) if size <= 1 << 10 else rounded_down(text, size)

    values = [figure(text) for text in figures]
    # old layout: total used free shared buffers cached; new: total used free shared buff/cache available
    old = bool(re.search(r"buffers\s+cached", header))
    if old and len(values) >= 6:
        cache, available = values[4] + values[5], None
    elif len(values) >= 6:
        cache, available = values[4], values[5]
    else:
        raise InputError(
            "too few figures in the memory row of free",
            source=source,
            line=number,
            text=line,
            column=line.rfind(figures[-1]),
            width=len(figures[-1]),
            expected="six figures: total, used, free, shared, buff/cache, available",
        )
    return FreeMemory(
        total=values[0],
        used=values[1],
        free=values[2],
        cache=cache,
        available=available,
        line=number,
        text=line,
        notes=notes,
    )


def _guessed(total: int) -> tuple[int, str]:
    if total < 1 << 20:
        return 1 << 20, "MiB (as KiB the node would have less than 1 GiB)"
    if total >= 1 << 32:
        return 1, "bytes (as KiB the node would have 4 TiB or more)"
    return 1 << 10, "KiB, free's default"

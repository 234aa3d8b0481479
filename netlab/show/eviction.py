"""Pictures of eviction: what is available against what must be, at one moment and over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kubelet.duration import SECOND, format_duration
from netlab.kubelet.evaluate import Comparison
from netlab.kubelet.history import History
from netlab.kubelet.loop import Loop
from netlab.kubelet.signals import SIGNALS
from netlab.show.chart import Chart
from netlab.show.style import BLUE, BLUE_FILL, CARD, GREEN, GREY, GREY_FILL, INK, ORANGE, PURPLE, PURPLE_FILL
from netlab.show.words import count, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netlab.kubelet.script import Step
    from netlab.kubelet.state import ManagerConfig, Pass
    from netlab.kubelet.world import Node, Workload

_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_STROKES: Final = (BLUE, GREEN, ORANGE, PURPLE)


def amount(number: float, unit: str = "bytes") -> str:
    """An amount of a signal's unit for reading; the exact number belongs into a table.

    >>> amount(469762048), amount(622644438), amount(1200, "inodes")
    ('448 MiB', '593.8 MiB', '1200 inodes')
    """
    if unit != "bytes":
        return f"{number:.0f} {unit}"
    size, sign = abs(number), "-" if number < 0 else ""
    power = 0
    while size >= 1024 and power < len(_UNITS) - 1:
        size, power = size / 1024, power + 1
    return f"{sign}{f'{size:.1f}'.removesuffix('.0')} {_UNITS[power]}"


# --- one moment -------------------------------------------------------------------------------------------------


def threshold_bars(
    comparisons: Sequence[Comparison], *, title: str = "Available against thresholds"
) -> Chart:
    """A bar for each threshold: capacity, what is available of it, and the line below which it is met.

    Met thresholds are hatched and say so. Thresholds that cannot be met, or whose signal was not observed, are in
    the text alone.
    """
    seen = [c for c in comparisons if c.observation is not None and c.needed is not None and c.threshold.op]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for row, comparison in enumerate(seen):
            _bar(axes, row, comparison)
        axes.set_yticks(range(len(seen)), [str(c.threshold) for c in seen])
        axes.set_ylim(max(1, len(seen)) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel("percent of capacity available")
        _plain(axes)
        if not seen:
            axes.text(50, 0, "nothing observed", ha="center", color=INK)

    met = [str(c.threshold) for c in comparisons if c.met]
    return Chart(
        title=title,
        description=f"{count(len(comparisons), 'threshold')}, met: {listed(met)}. "
        + ". ".join(_comparison_words(c) for c in comparisons),
        body="\n".join(map(str, comparisons)) or "no thresholds",
        draw=draw,
        size=(9.0, 0.9 + 0.75 * max(1, len(seen))),
    )


def _comparison_words(comparison: Comparison) -> str:
    seen, needed, short = comparison.observation, comparison.needed, comparison.short
    if seen is None or needed is None or short is None:
        return f"{comparison.threshold}: not observed"
    unit = _unit(comparison.threshold.signal)
    verdict = (
        f"threshold met, under pressure: {amount(short.value, unit)} short"
        if comparison.met
        else f"threshold not met: {amount(-short.value, unit)} to spare"
    )
    return f"{comparison.threshold}: {amount(seen.available.value, unit)} available, {verdict}"


def _unit(signal: str) -> str:
    known = SIGNALS.get(signal)
    return known.unit if known is not None else "bytes"


def _bar(axes: Axes, row: int, comparison: Comparison) -> None:
    seen, needed = comparison.observation, comparison.needed
    assert seen is not None
    assert needed is not None
    whole = max(1, seen.capacity.value)
    share, line = 100 * seen.available.value / whole, 100 * needed.value / whole
    axes.barh(row, 100, 0.55, color=GREY_FILL, edgecolor=GREY, linewidth=0.8)
    axes.barh(
        row,
        share,
        0.55,
        color=PURPLE_FILL if comparison.met else BLUE_FILL,
        edgecolor=PURPLE if comparison.met else BLUE,
        hatch="///" if comparison.met else "",
        linewidth=1.5,
    )
    axes.plot([line, line], [row - 0.4, row + 0.4], color=INK, linewidth=2.5)
    words = _comparison_words(comparison).partition(": ")[2]
    at = max(share, line) + 1.5
    if at < 55:
        axes.text(at, row, words, va="center", ha="left", fontsize=9, color=INK)
    else:
        box = {"facecolor": CARD, "edgecolor": "none", "pad": 1.5}
        axes.text(
            min(share, line) - 1.5, row, words, va="center", ha="right", fontsize=9, color=INK, bbox=box
        )


# --- over time --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """What one pass of the manager saw; ``at`` in nanoseconds since the start."""

    at: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A run of the eviction loop with what its passes saw: each of them, or only ``some``."""

    history: History
    samples: tuple[Sample, ...]
    some: bool = False


class _RecordingLoop(Loop):
    """The plain loop, which executes every pass; it keeps what each saw."""

    samples: list[Sample]

    def one_pass(self, at: int) -> tuple[Pass, bool]:
        done, changed = super().one_pass(at)
        self.samples.append(Sample(at, done.comparisons))
        return done, changed


def record_eviction(
    node: Node,
    config: ManagerConfig,
    script: Sequence[Step] = (),
    *,
    seconds: int,
    workloads: Sequence[Workload] = (),
    stats_period: int | None = None,
) -> Recording:
    """Run the eviction loop as :func:`netlab.kubelet.simulate` does, keeping every pass for a picture."""
    loop = _RecordingLoop(node, config, script, workloads, stats_period)
    loop.samples = []
    history = loop.run(seconds * SECOND)
    return Recording(history, tuple(loop.samples))


def eviction_timeline(run: Recording | History, *, signals: Iterable[str] | None = None) -> Chart:
    """Available amounts over time against their thresholds; below them conditions as bars, events as marks.

    ``signals`` chooses; None shows all that were observed and have a threshold above nothing. A plain history knows what was
    available only at one pass of each phase: these are dots without a line between them.
    """
    recording = run if isinstance(run, Recording) else _of_history(run)
    history = recording.history
    wanted = tuple(signals) if signals is not None else _signals(recording)
    conditions = list(dict.fromkeys(c for phase in history.phases for c in phase.conditions))

    def draw(figure: Figure) -> None:
        rows = max(1, len(wanted))
        below = len(conditions) + len(_happenings(history))
        heights = [3.0] * rows + [0.5 + 0.4 * max(1, below)]
        axes = figure.subplots(
            rows + 1, 1, sharex=True, gridspec_kw={"height_ratios": heights}, squeeze=False
        )[:, 0]
        for n, signal in enumerate(wanted):
            _signal_axes(axes[n], recording, signal, _STROKES[n % len(_STROKES)])
        _condition_axes(axes[-1], history, conditions)
        axes[-1].set_xlabel(f"{_time_unit(history)[1]} since the start")
        axes[-1].set_xlim(0, max(history.end / _time_unit(history)[0], 1e-6))

    return Chart(
        title=f"Eviction over {format_duration(history.end)}",
        description=_history_words(recording, wanted, conditions),
        body=_history_text(history),
        draw=draw,
        size=(9.0, 2.3 * max(1, len(wanted)) + 0.9 + 0.28 * (len(conditions) + len(_happenings(history)))),
    )


def _of_history(history: History) -> Recording:
    samples = tuple(Sample(phase.example.now, phase.example.comparisons) for phase in history.phases)
    return Recording(history, samples, some=True)


def _signals(recording: Recording) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            c.threshold.signal
            for sample in recording.samples
            for c in sample.comparisons
            if c.observation is not None and c.threshold.op and c.needed is not None and c.needed.nano > 0
        )
    )


def _signal_axes(axes: Axes, recording: Recording, signal: str, stroke: str) -> None:
    unit = _unit(signal)
    of_signal = [
        (sample.at / _time_unit(recording.history)[0], c)
        for sample in recording.samples
        for c in sample.comparisons
        if c.threshold.signal == signal and c.observation is not None
    ]
    times = list(dict.fromkeys(at for at, _ in of_signal))
    values = {at: c.observation.available.value for at, c in of_signal if c.observation is not None}
    scale, suffix = _scale(max((*values.values(), *_lines(of_signal).values()), default=1), unit)
    axes.plot(
        times,
        [values[at] / scale for at in times],
        color=stroke,
        linewidth=0 if recording.some else 2,
        marker="o" if recording.some else "",
        clip_on=False,
    )
    for text, needed in _lines(of_signal).items():
        axes.axhline(needed / scale, color=INK, linewidth=1.3, linestyle=(0, (4, 3)))
        axes.annotate(
            text,
            (1.0, needed / scale),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=8.5,
            color=INK,
        )
    for evicted in recording.history.evictions:
        axes.axvline(
            evicted.at / _time_unit(recording.history)[0], color=PURPLE, linewidth=1.2, linestyle=":"
        )
    axes.set_ylabel(f"{signal}\n{suffix}", color=INK, fontsize=9)
    axes.set_ylim(0, 1.2 * max((*values.values(), *_lines(of_signal).values()), default=1) / scale)
    _plain(axes)


def _lines(of_signal: Iterable[tuple[float, Comparison]]) -> dict[str, int]:
    """The amount that each threshold of a signal asks for (without minimum reclaim)."""
    out = {}
    for _, c in of_signal:
        if c.observation is not None and c.threshold.op:
            out[f"met below {c.threshold.value}"] = c.threshold.value.of(c.observation.capacity).value
    return out


def _scale(largest: float, unit: str) -> tuple[float, str]:
    if unit != "bytes":
        return 1.0, unit
    power = 0
    while largest >= 1024 and power < len(_UNITS) - 1:
        largest, power = largest / 1024, power + 1
    return float(1024**power), _UNITS[power]


def _time_unit(history: History) -> tuple[int, str]:
    for nanoseconds, name in ((86400 * SECOND, "days"), (3600 * SECOND, "hours"), (60 * SECOND, "minutes")):
        if history.end >= 2 * nanoseconds:
            return nanoseconds, name
    return SECOND, "seconds"


def _happenings(history: History) -> list[tuple[str, int, int, int]]:
    """What is marked below: node events, refusals and evictions, with first and last time and how often."""
    out = [(e.event.reason, e.first, e.last, e.count) for e in history.events if e.event.about == "Node"]
    out += [(f"{r.name} refused", r.first, r.last, r.count) for r in history.refusals]
    return out + [(f"{e.eviction.pod.name} evicted", e.at, e.at, 1) for e in history.evictions]


def _condition_axes(axes: Axes, history: History, conditions: Sequence[str]) -> None:
    happened = _happenings(history)
    names = [*conditions, *(name for name, *_ in happened)] or ["no pressure"]
    unit = _time_unit(history)[0]
    ends = [phase.start for phase in history.phases[1:]] + [history.end]
    for row, name in enumerate(conditions):
        for phase, end in zip(history.phases, ends, strict=True):
            if name in phase.conditions:
                span = (phase.start / unit, (end - phase.start) / unit)
                axes.broken_barh(
                    [span], (row - 0.3, 0.6), facecolors=PURPLE_FILL, edgecolors=PURPLE, hatch="///"
                )
    for row, (_, first, last, times) in enumerate(happened, len(conditions)):
        axes.plot(
            [first / unit, last / unit],
            [row, row],
            color=INK,
            linewidth=1,
            marker="v",
            markersize=6,
            clip_on=False,
        )
        if times > 1:
            axes.annotate(
                f"{times} times",
                (first / unit, row),
                xytext=(8, 4),
                textcoords="offset points",
                va="center",
                fontsize=8,
                color=INK,
                bbox={"facecolor": CARD, "edgecolor": "none", "pad": 0.5},
            )
    for evicted in history.evictions:
        axes.axvline(evicted.at / unit, color=PURPLE, linewidth=1.2, linestyle=":")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    axes.set_axisbelow(True)


def _history_words(recording: Recording, signals: Sequence[str], conditions: Sequence[str]) -> str:
    history = recording.history
    said = [f"{format_duration(history.end)} of eviction: {count(history.passes, 'pass', 'passes')}"]
    for signal in signals:
        values = [
            c.observation.available.value
            for sample in recording.samples
            for c in sample.comparisons
            if c.threshold.signal == signal and c.observation is not None
        ]
        if values:
            unit = _unit(signal)
            first, last, least = (amount(v, unit) for v in (values[0], values[-1], min(values)))
            said.append(f"{signal} goes from {first} to {last}, lowest {least}")
    for name in conditions:
        start = history.time_to(name)
        if start is not None:
            said.append(f"{name} is first reported after {format_duration(start)}")
    pods = [f"{e.eviction.pod.name} after {format_duration(e.at)}" for e in history.evictions]
    said.append(f"evicted: {listed(pods)}")
    return ". ".join(said) + "."


def _history_text(history: History) -> str:
    evicted = [f"{format_duration(e.at)}: {e.eviction}" for e in history.evictions]
    refused = [
        f"{format_duration(r.first)}: {r.name} refused {count(r.count, 'time')}" for r in history.refusals
    ]
    return "\n".join([str(history), *evicted, *refused])

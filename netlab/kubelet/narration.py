"""How a pass tells what it does: log lines up to the kubelet's verbosity, and decisions in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from netlab.kubelet.conditions import Event
from netlab.kubelet.duration import format_duration
from netlab.kubelet.klog import LogLine, go_float32, line_of
from netlab.kubelet.model import Observation, Pod, Threshold
from netlab.kubelet.signals import SIGNALS
from netlab.kubelet.state import Decision, ManagerConfig


class Narration:
    """The log, the events and the decisions of one pass at time ``now``."""

    def __init__(self, config: ManagerConfig, now: int) -> None:
        self.config = config
        self.profile = config.profile
        self.now = now
        self.log: list[LogLine] = []
        self.events: list[Event] = []
        self.decisions: list[Decision] = []

    def say(self, kind: str, **fields: object) -> None:
        """Log a line of a kind, if the verbosity asks for it."""
        line = line_of(self.profile, kind, **fields)
        if line.verbosity <= self.config.verbosity:
            self.log.append(line)

    def decide(self, step: int, what: str, why: str) -> None:
        self.decisions.append(Decision(step, what, why))

    def resource_of(self, threshold: Threshold) -> str:
        """The resource that a threshold starves, as this profile names it; empty where it has none."""
        return SIGNALS[threshold.signal].resource(self.profile) or ""

    def decide_conditions(
        self,
        met: Sequence[Threshold],
        raised: Sequence[str],
        last: Mapping[str, int],
        before: Sequence[str],
        conditions: Sequence[str],
    ) -> None:
        """Step 8 in words: each condition that is reported, or no longer."""
        period = format_duration(self.config.transition_period)
        for condition in conditions:
            if condition in raised:
                causes = ", ".join(str(t) for t in met if SIGNALS[t.signal].condition == condition)
                self.decide(8, condition, f"raised by {causes}")
            else:
                ago = self.now - last[condition]
                self.decide(
                    8,
                    f"{condition} stays",
                    f"last seen {format_duration(ago)} ago, transition period {period}",
                )
        for condition in before:
            if condition not in conditions:
                ago = self.now - last[condition]
                self.decide(
                    8,
                    f"{condition} goes away",
                    f"last seen {format_duration(ago)} ago, past the transition period of {period}",
                )

    def decide_grace(self, first: Mapping[Threshold, int]) -> None:
        """Step 9 in words: each threshold that has a grace period."""
        for threshold, since in first.items():
            duration = self.now - since
            if duration < threshold.grace:
                told = (
                    f"threshold(signal={threshold.signal}, operator={threshold.op}, "
                    f"value={_go_value(threshold)}, gracePeriod={format_duration(threshold.grace)})"
                )
                self.say("grace not over", threshold=told, duration=format_duration(duration))
                self.decide(
                    9,
                    f"{threshold.signal} waits",
                    f"met for {format_duration(duration)} of its grace period of "
                    f"{format_duration(threshold.grace)}",
                )
            elif threshold.grace:
                self.decide(
                    9,
                    f"{threshold.signal} counts",
                    f"met for {format_duration(duration)}, grace period {format_duration(threshold.grace)}",
                )

    def say_unobserved(
        self, thresholds: Sequence[Threshold], observations: Mapping[str, Observation]
    ) -> None:
        for threshold in thresholds:
            if threshold.signal not in observations:
                self.say("unobserved", signal=threshold.signal)

    def debug_observations(self, label: str, observations: Mapping[str, Observation]) -> None:
        if self.config.verbosity < 3:
            return
        for signal, seen in observations.items():
            timed = {} if seen.time is None else {"time": _go_time(seen.time)}
            self.say(
                "observation at" if timed else "observation",
                label=label,
                signal=signal,
                resource=SIGNALS[signal].resource(self.profile) or "",
                available=seen.available,
                capacity=seen.capacity,
                **timed,
            )

    def debug_thresholds(
        self, label: str, thresholds: Sequence[Threshold], observations: Mapping[str, Observation]
    ) -> None:
        if self.config.verbosity < 3:
            return
        for threshold in thresholds:
            seen = observations.get(threshold.signal)
            if seen is None:
                self.say("threshold unobserved", label=label, signal=threshold.signal)
                continue
            self.say(
                "threshold",
                label=label,
                signal=threshold.signal,
                resource=self.resource_of(threshold),
                quantity=threshold.value.of(seen.capacity),
                available=seen.available,
            )


def name(pod: Pod) -> str:
    """``namespace/name``, as the current line prints a pod."""
    return f"{pod.namespace}/{pod.name}"


def names(pod: Pod) -> tuple[str, str]:
    """A pod as v1.7 prints it and as the current line does, for ``klog.line_of``."""
    return pod.full_name, name(pod)


def _go_value(threshold: Threshold) -> str:
    """A threshold value as Go's ``%v`` prints the struct: ``{1Gi 0}`` or ``{<nil> 0.1}``."""
    value = threshold.value
    return f"{{{'<nil>' if value.quantity is None else value.quantity} {go_float32(value.percentage)}}}"


def _go_time(nanoseconds: int) -> str:
    """A moment as Go prints a time in UTC."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} +0000 UTC"

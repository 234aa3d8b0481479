"""Which thresholds are met, for how long, and what follows for the node: steps 5 to 10 of a pass.

Facts: ``thresholdsMet``, ``thresholdsFirstObservedAt``, ``thresholdsMetGracePeriod``, ``nodeConditions*`` and
``thresholdsUpdatedStats`` of ``pkg/kubelet/eviction/helpers.go``; both lines are alike here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netlab.kubelet.model import LESS_THAN, Observation, Threshold
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.signals import DISK_PRESSURE, MEMORY_PRESSURE, PID_PRESSURE, SIGNALS

#: the order in which conditions are listed here; upstream's is that of a hash map
CONDITION_ORDER = (MEMORY_PRESSURE, DISK_PRESSURE, PID_PRESSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One threshold held against its observation.

    ``needed`` is what must be available for the threshold not to be met, minimum reclaim included when it
    was ``enforced``; ``short`` is how much is missing (zero or less: healthy). Both are None without an
    observation.

    >>> from netlab.kubelet.model import ThresholdValue, float32
    >>> from netlab.kubelet.quantity import parse_quantity as q
    >>> tenth = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
    >>> print(compare(tenth, Observation(q("448Mi"), q("5938Mi"))))
    nodefs.available<10%: 469762048 available of 6226444288, 622644438 needed: met, 152882390 short
    """

    threshold: Threshold
    observation: Observation | None
    enforced: bool = False
    needed: Quantity | None = None

    @property
    def short(self) -> Quantity | None:
        if self.observation is None or self.needed is None:
            return None
        return self.needed - self.observation.available

    @property
    def met(self) -> bool:
        """Strictly less available than needed, and the operator is the one there is."""
        short = self.short
        return short is not None and self.threshold.op == LESS_THAN and short.nano > 0

    def __str__(self) -> str:
        if self.observation is None or self.needed is None or self.short is None:
            return f"{self.threshold}: no observation of {self.threshold.signal}, so it is never met"
        seen = self.observation
        verdict = f"met, {self.short.value} short" if self.met else f"not met, {-self.short.value} to spare"
        return (
            f"{self.threshold}: {seen.available.value} available of {seen.capacity.value}, "
            f"{self.needed.value} needed{' with minimum reclaim' if self.enforced else ''}: {verdict}"
        )


def compare(
    threshold: Threshold, observation: Observation | None, *, enforce_min_reclaim: bool = False
) -> Comparison:
    """Hold one threshold against an observation; percentages are of capacity, in the kubelet's arithmetic.

    >>> from netlab.kubelet.model import ThresholdValue, float32
    >>> tenth = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
    >>> seen = Observation(Quantity.of(10737418399), Quantity.of(100 * 2**30))
    >>> compare(tenth, seen).met, compare(tenth, seen).short.value  # a tenth of 100 GiB, and 160 bytes more
    (True, 1)
    """
    if observation is None:
        return Comparison(threshold=threshold, observation=None, enforced=enforce_min_reclaim)
    needed = threshold.value.of(observation.capacity)
    if enforce_min_reclaim and threshold.min_reclaim is not None:
        needed += threshold.min_reclaim.of(observation.capacity)
    return Comparison(
        threshold=threshold, observation=observation, enforced=enforce_min_reclaim, needed=needed
    )


def thresholds_met(
    thresholds: Iterable[Threshold],
    observations: Mapping[str, Observation],
    *,
    enforce_min_reclaim: bool = False,
) -> tuple[Threshold, ...]:
    """The thresholds that are met, grace not considered; one without observation never is.

    >>> from netlab.kubelet.profile import V17
    >>> from netlab.kubelet.thresholds import parse_threshold_config
    >>> hard = parse_threshold_config(V17, hard="memory.available<1Gi,nodefs.available<1Gi", enforce=())
    >>> seen = {"nodefs.available": Observation(Quantity.of(2**30 - 1), Quantity.of(2**40))}
    >>> [str(t) for t in thresholds_met(hard, seen)]
    ['nodefs.available<1Gi']
    """
    return tuple(
        t
        for t in thresholds
        if compare(t, observations.get(t.signal), enforce_min_reclaim=enforce_min_reclaim).met
    )


def merge(first: Sequence[Threshold], more: Iterable[Threshold]) -> tuple[Threshold, ...]:
    """``first``, then those of ``more`` not yet there (same signal, operator, grace and value)."""
    present = {t.key for t in first}
    out = list(first)
    for threshold in more:
        if threshold.key not in present:
            present.add(threshold.key)
            out.append(threshold)
    return tuple(out)


def first_observed(
    met: Iterable[Threshold], earlier: Mapping[Threshold, int], now: int
) -> dict[Threshold, int]:
    """When each met threshold was first seen met: the earlier time where it still is, else ``now``."""
    return {t: earlier.get(t, now) for t in met}


def grace_over(first: Mapping[Threshold, int], now: int) -> tuple[Threshold, ...]:
    """The thresholds met for at least their grace period."""
    return tuple(t for t, since in first.items() if now - since >= t.grace)


def conditions_of(thresholds: Iterable[Threshold]) -> tuple[str, ...]:
    """The node conditions that these thresholds raise, each once.

    >>> from netlab.kubelet.model import ThresholdValue
    >>> conditions_of([Threshold(signal="pid.available", value=ThresholdValue(percentage=0.1))])
    ('PIDPressure',)
    """
    return in_order(SIGNALS[t.signal].condition for t in thresholds if t.signal in SIGNALS)


def last_observed(observed: Iterable[str], earlier: Mapping[str, int], now: int) -> dict[str, int]:
    """When each condition was last seen: ``now`` for those observed, else as before."""
    return {**earlier, **dict.fromkeys(observed, now)}


def observed_since(last: Mapping[str, int], period: int, now: int) -> tuple[str, ...]:
    """The conditions seen less than a transition period ago: those the kubelet reports."""
    return in_order(c for c, at in last.items() if now - at < period)


def updated(
    thresholds: Iterable[Threshold],
    observations: Mapping[str, Observation],
    earlier: Mapping[str, Observation],
) -> tuple[Threshold, ...]:
    """The thresholds whose observation is newer than the previous pass's.

    Kept too: no previous observation, and observations without a time. Without any observation: dropped.
    """
    out = []
    for threshold in thresholds:
        seen = observations.get(threshold.signal)
        if seen is None:
            continue
        before = earlier.get(threshold.signal)
        # a previous observation without time counts as older than any that has one
        if before is None or seen.time is None or before.time is None or seen.time > before.time:
            out.append(threshold)
    return tuple(out)


def in_order(conditions: Iterable[str]) -> tuple[str, ...]:
    """Each condition once, in ``CONDITION_ORDER``; others follow as they come."""
    present = dict.fromkeys(conditions)
    known = [c for c in CONDITION_ORDER if c in present]
    return (*known, *(c for c in present if c not in CONDITION_ORDER))

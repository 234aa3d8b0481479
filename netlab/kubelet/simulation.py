"""Simulations of the eviction loop that skip what cannot differ: a node-month in about a millisecond.

Between events all figures are straight lines, so after a pass that changed nothing the next pass at which
any comparison comes out differently is found by bisection, and the passes up to it are counted, not run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.duration import SECOND
from netlab.kubelet.evaluate import conditions_of
from netlab.kubelet.history import History
from netlab.kubelet.limits import excesses
from netlab.kubelet.loop import MONITORING_INTERVAL, Loop, same_phase
from netlab.kubelet.model import Threshold
from netlab.kubelet.script import Burst, Grow, Restart, Start, Step, Stop
from netlab.kubelet.state import ManagerConfig, Pass
from netlab.kubelet.world import Node, Workload

__all__ = ["Burst", "Grow", "Restart", "SkippingLoop", "Start", "Stop", "simulate"]

#: outcomes after which the next pass does the same unless its figures differ
_STATIONARY: Final = frozenset({"no pods", "none evictable", "no ranking"})


def simulate(
    node: Node,
    config: ManagerConfig,
    script: Sequence[Step] = (),
    *,
    seconds: int,
    workloads: Sequence[Workload] = (),
    stats_period: int | None = None,
    image_gc: tuple[int, int] | None = None,
    skip: bool = True,
) -> History:
    """Run the loop for ``seconds`` of virtual time.

    ``workloads`` are on the node at the start. ``stats_period`` (nanoseconds) is how often figures are new:
    None means that each pass collects its own (current); v1.7 reads cAdvisor's cache, 10 to 20 s old.
    ``image_gc`` are the marks of image garbage collection, such as (85, 80); None: it does not run. Kernel
    memory notifications, which would add passes, are not modelled.

    >>> from netlab.kubelet.thresholds import parse_threshold_config
    >>> from netlab.kubelet.world import Disk
    >>> config = ManagerConfig(thresholds=parse_threshold_config(ManagerConfig().profile,
    ...     hard="nodefs.available<10%", enforce=()))
    >>> disk = Disk(capacity=100 * 2**30, used=80 * 2**30)
    >>> done = simulate(Node(nodefs=disk), config, [Grow(0, "nodefs", 2**20)], seconds=30 * 86400)
    >>> done.time_to("DiskPressure") // SECOND, done.passes  # exactly 10 GiB are 160 bytes short of 10%
    (10240, 259200)
    """
    if seconds < 0:
        raise InputError(f"a simulation cannot last {seconds} seconds")
    loop = (SkippingLoop if skip else Loop)(node, config, script, workloads, stats_period, image_gc)
    return loop.run(seconds * SECOND)


class SkippingLoop(Loop):
    """The loop that executes only passes that can differ from the one before; same history."""

    def skip_from(self, at: int, done: Pass, end: int) -> int:
        """The time of the next pass that may differ from the one at ``at``; counts those in between."""
        step = MONITORING_INTERVAL
        if self.state.layout is None or done.outcome in ("failed", "limits", "reclaimed"):
            return at + step
        acts = bool(done.grace_over)
        acted = self.acting
        if acts and (
            acted is None or acted.outcome not in _STATIONARY or same_phase(acted) != same_phase(done)
        ):
            return at + step
        if acted is not None and acted.reclaim_actions and self.world.refills():
            return at + step
        if self.sampled(at) < self.world.at:
            return at + step
        number = (min(end, self.quiet_until(at, done)) - at - 1) // step
        number = self.same_figures(at, number)
        if number <= 0:
            return at + step
        last = at + number * step
        fresh = number if self.period is None else self.samples_between(at, number)
        outcomes = {"nothing": number}
        if acts and acted is not None:
            outcomes = {acted.outcome: fresh, "nothing": number - fresh}
            outcomes = {what: n for what, n in outcomes.items() if n}
            self.repeat_events(acted, last, fresh)
        self.count(at, last, done, outcomes, number)
        raised = conditions_of(done.met)
        self.state = replace(
            self.state,
            condition_last_observed_at={
                **self.state.condition_last_observed_at,
                **dict.fromkeys(raised, last),
            },
            last_observations=self.reading(last).observations,
        )
        return last + step

    def quiet_until(self, at: int, done: Pass) -> int:
        """The first moment at which time itself changes something: events, graces, transition periods."""
        moments = []
        event = self.next_event()
        if event is not None:
            moments.append(event)
        for threshold, since in self.state.first_observed_at.items():
            if threshold not in done.grace_over:
                moments.append(since + threshold.grace)
        raised = conditions_of(done.met)
        last, period = self.state.condition_last_observed_at, self.config.transition_period
        moments += [last[condition] + period for condition in done.conditions if condition not in raised]
        return min(moments, default=1 << 62)

    def same_figures(self, at: int, most: int) -> int:
        """How many further passes, at most ``most``, see every comparison come out as at ``at``."""
        if most <= 0:
            return 0
        now = self.outlook(at)
        if self.outlook(at + most * MONITORING_INTERVAL) == now:
            return most
        low, high = 0, most  # the same at low, different at high: comparisons change at most once each
        while high - low > 1:
            middle = (low + high) // 2
            if self.outlook(at + middle * MONITORING_INTERVAL) == now:
                low = middle
            else:
                high = middle
        return low

    def outlook(self, at: int) -> tuple[bool, ...]:
        """Every comparison that a pass at ``at`` would make, between two events."""
        moment = max(self.sampled(at), self.world.at)
        thresholds = self.config.thresholds if self.state.thresholds is None else self.state.thresholds
        out: list[bool] = []
        for threshold in thresholds:
            seen = self.world.figures(threshold.signal, moment)
            if seen is None:
                continue
            out.extend(_comparisons(threshold, *seen))
        if self.config.isolates_local_storage:
            for uid in self.active:
                pod = self.world.pods[uid].pod
                stats = self.world.pod_stats(uid, moment)
                out.append(any(excesses(pod, stats, self.world.layout, self.config.profile)))
        return tuple(out)

    def samples_between(self, at: int, number: int) -> int:
        """How many of the next ``number`` passes read a sample that the pass before did not."""
        assert self.period is not None
        last = at + number * MONITORING_INTERVAL
        if self.period < MONITORING_INTERVAL:
            return number
        return last // self.period - at // self.period

    def repeat_events(self, acted: Pass, last: int, times: int) -> None:
        """Count the node event of each skipped pass that acts as this one did."""
        if not times:
            return
        when = last
        if self.period is not None and self.period >= MONITORING_INTERVAL:
            # the first pass of the grid that starts at this loop's phase and follows the last sample
            sample = self.sampled(last)
            when = last - (last - sample) // MONITORING_INTERVAL * MONITORING_INTERVAL
        for event in acted.events:
            self.record(event, when, when, times)


def _comparisons(threshold: Threshold, available: int, capacity: int) -> tuple[bool, bool]:
    """Whether a threshold is met, without and with its minimum reclaim, on plain integers."""
    needed = threshold.value.of(capacity)
    more = needed if threshold.min_reclaim is None else needed + threshold.min_reclaim.of(capacity)
    nano = available * 10**9
    real = bool(threshold.op)
    return real and nano < needed.nano, real and nano < more.nano

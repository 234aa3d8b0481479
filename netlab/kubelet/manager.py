"""One pass of the eviction manager, as a pure function: (config, state, inputs) -> (state, pass).

Theory of operation, after ``synchronize`` in ``pkg/kubelet/eviction/eviction_manager.go`` (steps numbered as
in the project's specification):

1. nothing configured: return.        2. first time: detect the layout, build tables (current: containerfs).
3. active pods and stats.             4. observations.
5. thresholds met.                    6. those met before and not yet past their minimum reclaim.
7. since when.                        8. node conditions, kept for the transition period.
9. grace periods.                     10. drop thresholds whose figures are not new.
11. local-storage limits.             12. nothing left: return.
13. choose one threshold.             14. log and event.
15. node-level reclaim.               16. no active pods: return.
17. rank, and evict at most one pod.

State is stored after step 10, so whatever follows, the conditions and clocks stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from netlab.kubelet.conditions import Event
from netlab.kubelet.derived import with_containerfs
from netlab.kubelet.evaluate import (
    compare,
    conditions_of,
    first_observed,
    grace_over,
    last_observed,
    merge,
    observed_since,
    thresholds_met,
    updated,
)
from netlab.kubelet.evicting import Evicting
from netlab.kubelet.messages import eviction_message, reclaim_event
from netlab.kubelet.model import FsLayout, Observation, Threshold
from netlab.kubelet.narration import name, names
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.ranking import UNDECIDED, rank
from netlab.kubelet.reclaim import DELETE_IMAGES, actions_for
from netlab.kubelet.signals import ALLOCATABLE_MEMORY_AVAILABLE, MEMORY_AVAILABLE, SIGNALS
from netlab.kubelet.state import Eviction, Inputs, ManagerConfig, ManagerState, Pass, Stats

_MEMORY = (MEMORY_AVAILABLE, ALLOCATABLE_MEMORY_AVAILABLE)
_DETECTION_FAILED = "eviction manager: failed to get HasDedicatedImageFs: {}"
_SPLIT_WITHOUT_GATE = "KubeletSeparateDiskGC is turned off but we still have a split filesystem"


def synchronize(config: ManagerConfig, state: ManagerState, inputs: Inputs) -> tuple[ManagerState, Pass]:
    """Run one pass.

    >>> from netlab.kubelet.model import ThresholdValue
    >>> from netlab.kubelet.profile import V17
    >>> from netlab.kubelet.quantity import parse_quantity as q
    >>> config = ManagerConfig(
    ...     profile=V17,
    ...     thresholds=(Threshold(signal="nodefs.available", value=ThresholdValue(percentage=0.1)),),
    ... )
    >>> root = Stats(observations={"nodefs.available": Observation(q("448Mi"), q("5938Mi"))})
    >>> inputs = Inputs(now=0, stats=root, layout=FsLayout.DEDICATED_IMAGEFS)
    >>> state, done = synchronize(config, ManagerState(), inputs)
    >>> done.outcome, done.conditions
    ('no pods', ('DiskPressure',))
    >>> print(done.log[0].message)
    eviction manager: attempting to reclaim nodefs
    """
    return _Run(config, state, inputs).go()


class _Run(Evicting):
    """The steps of one pass."""

    def end(
        self, outcome: str, *, evictions: Sequence[Eviction] = (), error: str | None = None
    ) -> tuple[ManagerState, Pass]:
        return self.state, Pass(
            now=self.inputs.now,
            outcome=outcome,
            conditions=self.state.conditions,
            comparisons=self.comparisons,
            met=self.met,
            grace_over=self.grace_over,
            acting=self.acting,
            chosen=self.chosen,
            resource=self.resource,
            reclaim_actions=tuple(self.actions),
            ranked=self.ranked,
            evictions=tuple(evictions),
            exempt=tuple(self.exempt),
            decisions=tuple(self.decisions),
            events=tuple(self.events),
            log=tuple(self.log),
            error=error,
        )

    @property
    def configured(self) -> tuple[Threshold, ...]:
        return self.config.thresholds if self.state.thresholds is None else self.state.thresholds

    # -- the pass -----------------------------------------------------------------------------

    def go(self) -> tuple[ManagerState, Pass]:
        thresholds = self.configured
        isolates = not self.profile.is_v17 and self.config.isolates_local_storage
        if not thresholds and not isolates:
            self.decide(1, "return", "no thresholds are configured")
            return self.end("nothing")
        self.say("housekeeping")
        if self.state.layout is None:
            error = self.detect()
            if error is not None:
                return self.end("failed", error=error)
        layout = self.state.layout
        assert layout is not None
        if not self.profile.is_v17:
            self.say(
                "layout",
                DedicatedImageFs=layout is not FsLayout.ONE,
                SplitImageFs=layout is FsLayout.SPLIT,
            )
        stats = self.inputs.stats
        if isinstance(stats, str):
            self.say("stats failed", error=stats)
            self.decide(3, "end the pass", f"stats could not be read: {stats}")
            return self.end("failed", error=stats if self.profile.is_v17 else None)
        self.evaluate(thresholds, stats.observations)
        if self.config.isolates_local_storage:
            over = self.limits(stats, layout)
            if over:
                return self.end("limits", evictions=over)
        candidates = [t for t in self.acting if self.resource_of(t)]
        if not candidates:
            self.say("nothing starved")
            self.decide(12, "return", self.why_nothing())
            return self.end("nothing")
        return self.act(candidates, stats, layout)

    def detect(self) -> str | None:
        """Step 2: the file-system layout, once and for all; the text of an error ends the pass."""
        layout = self.inputs.layout
        if isinstance(layout, str):
            self.decide(2, "end the pass", f"the file-system layout could not be detected: {layout}")
            if self.profile.is_v17:
                return layout
            error = _DETECTION_FAILED.format(layout)
            self.say("layout failed", error=layout)
            self.say("synchronize failed", error=error)
            return error
        self.state = replace(self.state, layout=layout)
        if layout is FsLayout.SPLIT and not self.profile.is_v17 and not self.config.separates_disk_gc:
            self.say("synchronize failed", error=_SPLIT_WITHOUT_GATE)
            self.decide(2, "end the pass", _SPLIT_WITHOUT_GATE)
            return _SPLIT_WITHOUT_GATE
        self.decide(2, "layout detected", layout.value)
        if self.profile.is_v17:
            self.state = replace(self.state, has_tables=True)
            return None
        rewritten, conflict = with_containerfs(self.config.thresholds, layout)
        if conflict is not None:
            self.say("containerfs conflict", error=conflict)
        added = [t for t in rewritten if t.signal.startswith("containerfs.") and t.op]
        if added:
            source = "imagefs" if layout is FsLayout.DEDICATED_IMAGEFS else "nodefs"
            self.decide(2, "containerfs thresholds from the next pass on", f"copied from {source}")
        self.state = replace(self.state, has_tables=True, thresholds=rewritten)
        return None

    def evaluate(self, thresholds: Sequence[Threshold], observations: Mapping[str, Observation]) -> None:
        """Steps 4 to 10; stores the new state."""
        state, now = self.state, self.inputs.now
        self.debug_observations("observations", observations)
        plain = tuple(compare(t, observations.get(t.signal)) for t in thresholds)
        self.say_unobserved(thresholds, observations)
        met = tuple(c.threshold for c in plain if c.met)
        self.debug_thresholds("thresholds - ignoring grace period", met, observations)
        for comparison in plain:
            if comparison.met:
                self.decide(5, "met", str(comparison))
        held: tuple[Threshold, ...] = ()
        if state.thresholds_met:
            self.say_unobserved(state.thresholds_met, observations)
            held = thresholds_met(state.thresholds_met, observations, enforce_min_reclaim=True)
            keys = {t.key for t in met}
            for threshold in held:
                if threshold.key not in keys:
                    again = compare(threshold, observations.get(threshold.signal), enforce_min_reclaim=True)
                    plain += (again,)
                    self.decide(6, "still held by its minimum reclaim", str(again))
        self.comparisons = plain
        self.met = merge(met, held)
        self.debug_thresholds("thresholds - reclaim not satisfied", self.met, observations)
        first = first_observed(self.met, state.first_observed_at, now)
        raised = conditions_of(self.met)
        if raised:
            self.say("conditions observed", conditions=list(raised))
        last = last_observed(raised, state.condition_last_observed_at, now)
        conditions = observed_since(last, self.config.transition_period, now)
        if conditions:
            self.say("conditions reported", conditions=list(conditions))
        self.decide_conditions(self.met, raised, last, state.conditions, conditions)
        self.grace_over = grace_over(first, now)
        self.decide_grace(first)
        satisfied = "satisified" if self.profile.is_v17 else "satisfied"  # v1.7's own spelling
        self.debug_thresholds(f"thresholds - grace periods {satisfied}", self.grace_over, observations)
        self.acting = updated(self.grace_over, observations, state.last_observations)
        self.debug_thresholds("thresholds - updated stats", self.acting, observations)
        for threshold in self.grace_over:
            if threshold not in self.acting:
                self.decide(10, f"{threshold} set aside", "its figures are no newer than the last pass's")
        self.state = replace(
            self.state,
            thresholds_met=self.grace_over,
            first_observed_at=first,
            condition_last_observed_at=last,
            conditions=conditions,
            last_observations=dict(observations),
        )

    def why_nothing(self) -> str:
        if not self.met:
            return "no threshold is met"
        if not self.grace_over:
            return "no met threshold is past its grace period"
        if not self.acting:
            return "no figures are newer than those of the last pass"
        return "no met threshold has a resource to reclaim"

    def act(
        self, candidates: Sequence[Threshold], stats: Stats, layout: FsLayout
    ) -> tuple[ManagerState, Pass]:
        """Steps 13 to 17."""
        chosen = next((t for t in candidates if t.signal in _MEMORY), candidates[0])
        self.chosen = chosen
        self.resource = self.resource_of(chosen)
        others = [str(t) for t in candidates if t is not chosen]
        why = (
            "the only one"
            if not others
            else (
                "memory goes first"
                if chosen.signal in _MEMORY
                else "first in configuration order (the kubelet's own order is that of a hash map)"
            )
            + f"; left for later: {', '.join(others)}"
        )
        self.decide(13, f"act on {chosen}", why)
        self.say("reclaiming", resource=self.resource)
        self.events.append(
            Event(
                about="Node",
                name=self.config.node,
                type="Warning",
                reason="EvictionThresholdMet",
                message=reclaim_event(self.resource),
            )
        )
        if self.state.has_tables and self.reclaim(chosen, stats, layout):
            self.say("reclaimed enough", resource=self.resource)
            return self.end("reclaimed")
        self.say("must evict", resource=self.resource)
        if not self.state.has_tables:
            self.say("no ranking", threshold=chosen.signal, resource=self.resource)
            self.decide(17, "return", "no ranking tables: the first pass failed")
            return self.end("no ranking")
        pods = self.inputs.pods
        if not pods:
            self.say("no pods")
            self.decide(16, "return", "no pods are active, so there is nobody to evict")
            return self.end("no pods")
        self.ranked = rank(pods, stats.pods, chosen.signal, layout, self.profile)
        self.say("ranked", pods=[names(r.pod) for r in self.ranked])
        for place, entry in enumerate(self.ranked):
            if self.is_exempt(entry.pod, step=17):
                continue
            message, annotations = eviction_message(
                self.resource,
                entry.pod,
                stats.pods.get(entry.pod.uid),
                self.acting_in_order(),
                stats.observations,
                self.profile,
            )
            eviction = self.kill(
                Eviction(
                    pod=entry.pod,
                    grace_seconds=self.grace_for(chosen, entry.pod),
                    message=message,
                    status_message=message,
                    metric=chosen.signal,
                    why=self.why_first(place),
                    annotations=annotations,
                    disruption_target=not self.profile.is_v17,
                )
            )
            self.decide(17, f"evict {name(entry.pod)}", eviction.why)
            return self.end("evicted", evictions=[eviction])
        self.say("none evictable")
        self.decide(17, "return", "every active pod is exempt")
        return self.end("none evictable")

    def reclaim(self, chosen: Threshold, stats: Stats, layout: FsLayout) -> bool:
        """Step 15: node-level actions; True if they were enough."""
        actions = actions_for(chosen.signal, layout, self.profile)
        if not actions:
            self.decide(
                15,
                "nothing to reclaim",
                f"{chosen.signal} has no node-level action with {layout.value}"
                if SIGNALS[chosen.signal].filesystem
                else f"{chosen.signal} has no node-level action",
            )
            return False
        if self.profile.is_v17:
            return self.reclaim_counting(actions, chosen, stats)
        for action in actions:
            self.run_action(action)
        fresh = stats if self.inputs.stats_after_reclaim is None else self.inputs.stats_after_reclaim()
        if isinstance(fresh, str):
            self.say("stats failed after reclaim", error=fresh)
            self.decide(15, "not enough", f"stats after reclaim could not be read: {fresh}")
            return False
        self.debug_observations("observations after resource reclaim", fresh.observations)
        thresholds = self.configured
        self.say_unobserved(thresholds, fresh.observations)
        still = thresholds_met(thresholds, fresh.observations, enforce_min_reclaim=True)
        self.debug_thresholds(
            "thresholds after resource reclaim - ignoring grace period", still, fresh.observations
        )
        return self.decide_reclaim(actions, still, fresh.observations)

    def reclaim_counting(self, actions: Sequence[str], chosen: Threshold, stats: Stats) -> bool:
        """v1.7: add what each action says it freed to the reading, and stop once that suffices."""
        signal = _SIGNAL_OF_V17[self.resource]
        observations = dict(stats.observations)
        still: tuple[Threshold, ...] = ()
        for action in actions:
            freed = self.run_action(action)
            seen = observations.get(signal)
            if seen is None:
                self.say("reclaim unmeasured", signal=signal)
                continue
            counted = freed if action == DELETE_IMAGES and SIGNALS[signal].unit == "bytes" else 0
            observations[signal] = Observation(
                seen.available + Quantity.of(counted), seen.capacity, seen.time
            )
            self.say_unobserved(self.grace_over, observations)
            still = thresholds_met(self.grace_over, observations, enforce_min_reclaim=True)
            if not still:
                return self.decide_reclaim(self.actions, (), observations)
        return self.decide_reclaim(actions, still or (chosen,), observations)

    def run_action(self, action: str) -> int:
        self.say(action)
        self.actions.append(action)
        result = self.inputs.reclaim(action)
        if result.error is not None:
            self.say("reclaim failed", resource=self.resource, error=result.error)
            self.decide(15, f"{action} failed", result.error)
        return result.freed

    def decide_reclaim(
        self, actions: Sequence[str], still: Sequence[Threshold], observations: Mapping[str, Observation]
    ) -> bool:
        done = " and ".join(actions)
        if not still:
            self.decide(15, "no pod needs to go", f"{done} brought every threshold past its minimum reclaim")
            return True
        first = compare(still[0], observations.get(still[0].signal), enforce_min_reclaim=True)
        self.decide(15, "not enough", f"after {done}: {first}")
        return False

    def acting_in_order(self) -> list[Threshold]:
        """The acted-on thresholds as the kubelet sorts them: memory first."""
        return sorted(self.acting, key=lambda t: t.signal not in _MEMORY)

    def why_first(self, place: int) -> str:
        entry = self.ranked[place]
        spared = f"{place} exempt before it; " if place else ""
        if not entry.before_next:
            alone = "the only pod" if len(self.ranked) == 1 else "the last in the order"
            return f"{spared}{alone}; {'; '.join(k.says for k in entry.keys)}"
        following = name(self.ranked[place + 1].pod)
        link = ":" if entry.before_next == UNDECIDED else " by"
        return f"{spared}before {following}{link} {entry.before_next}"


#: v1.7 reclaims a resource, and measures the result on this signal
_SIGNAL_OF_V17 = {
    "memory": MEMORY_AVAILABLE,
    "nodefs": "nodefs.available",
    "nodefsInodes": "nodefs.inodesFree",
    "imagefs": "imagefs.available",
    "imagefsInodes": "imagefs.inodesFree",
}

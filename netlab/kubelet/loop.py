"""The kubelet's eviction loop over virtual time, pass by pass.

A pass every 10 s; after an eviction the kill blocks, then up to 30 s are waited, looking every second, until
the pod is cleaned up, and the next pass follows at once (``eviction_manager.go``, Start).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.admission import admit
from netlab.kubelet.conditions import Event, NodeCondition, report
from netlab.kubelet.duration import SECOND
from netlab.kubelet.history import EventCount, Evicted, History, Phase, Refusals
from netlab.kubelet.klog import LogLine, line_of
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import Pod
from netlab.kubelet.narration import names
from netlab.kubelet.reclaim import DELETE_IMAGES, IMAGE_GC_PERIOD, Reclaimed, image_gc
from netlab.kubelet.script import Burst, Grow, Start, Step, Stop
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Pass, Stats
from netlab.kubelet.world import Node, Workload, World

MONITORING_INTERVAL: Final = 10 * SECOND
STATUS_INTERVAL: Final = 10 * SECOND
CLEANUP_TIMEOUT: Final = 30


@dataclass(slots=True)
class _Tally:
    """A phase under construction."""

    key: tuple[object, ...]
    start: int
    end: int
    passes: int
    outcomes: dict[str, int]
    example: Pass


@dataclass(slots=True)
class _Waiting:
    """A workload that is not on the node and will be tried at ``next``."""

    workload: Workload
    next: int
    tries: int


class Loop:
    """One run of the loop; ``skip_from`` is where a quicker loop may jump ahead."""

    def __init__(
        self,
        node: Node,
        config: ManagerConfig,
        script: Sequence[Step],
        workloads: Sequence[Workload],
        stats_period: int | None,
        image_gc: tuple[int, int] | None = None,
    ) -> None:
        self.config = config
        self.world = World(node, config.profile)
        self.period = stats_period
        self.state = ManagerState()
        self.script = sorted(script, key=lambda s: s.at)
        self.image_gc = image_gc
        self.gc_at = IMAGE_GC_PERIOD
        self.collections: list[tuple[int, int]] = []
        self.removals: dict[str, int] = {}
        self.waiting: list[_Waiting] = []
        self.active: list[str] = []
        self.tallies: list[_Tally] = []
        self.evictions: list[Evicted] = []
        self.refusals: dict[str, Refusals] = {}
        self.events: dict[tuple[str, str, str, str], EventCount] = {}
        self.log: list[tuple[int, LogLine]] = []
        self.conditions: dict[str, NodeCondition] = {}
        self.status_from = 0
        self.old_reading: tuple[int, Stats] | None = None
        self.acting: Pass | None = None  # the last pass that acted, if nothing changed since
        for workload in workloads:
            self.world.start(workload)
            self.active.append(workload.pod.uid)

    # -- time ---------------------------------------------------------------------------------

    def run(self, end: int) -> History:
        """Run to ``end`` nanoseconds."""
        at = 0
        self.report(0)
        while at < end:
            self.to(at)
            done, changed = self.one_pass(at)
            if done.evictions:
                at = self.after_evictions(at, done)
                continue
            at = at + MONITORING_INTERVAL if changed else self.skip_from(at, done, end)
        self.to(end)
        return self.history(end)

    def to(self, at: int) -> None:
        """Let everything happen that happens before the pass at ``at`` (and at that very moment)."""
        while True:
            self.try_waiting(at)
            moment = self.next_event()
            if moment is None or moment > at:
                break
            self.status_until(moment)
            self.happen(moment)
        self.status_until(at)

    def next_event(self) -> int | None:
        """When something next changes the world: script, meters at zero, collections, removals, admissions."""
        moments = [self.script[0].at * SECOND] if self.script else []
        stop = self.world.next_stop()
        if stop is not None:
            moments.append(stop)
        if self.image_gc is not None:
            moments.append(self.gc_at)
        moments += self.removals.values()
        moments += [w.next for w in self.waiting if self.admits(w.workload.pod)]
        return min(moments, default=None)

    def happen(self, at: int) -> None:
        self.keep_reading(at)
        self.world.advance(at)
        self.acting = None
        for uid in [u for u, gone in self.removals.items() if gone <= at]:
            del self.removals[uid]
            self.world.remove(uid)
        while self.script and self.script[0].at * SECOND <= at:
            self.do(self.script.pop(0), at)
        if self.image_gc is not None and self.gc_at <= at:
            self.collect(at, *self.image_gc)
        for waiting in [w for w in self.waiting if w.next <= at and self.admits(w.workload.pod)]:
            self.waiting.remove(waiting)
            self.world.start(waiting.workload)
            self.active.append(waiting.workload.pod.uid)

    def collect(self, at: int, high: int, low: int) -> None:
        """Image garbage collection proper: every five minutes, between its own marks."""
        self.gc_at += IMAGE_GC_PERIOD
        seen = self.world.figures("imagefs.available", at)
        if seen is None or seen[1] <= 0:
            return
        wanted = image_gc(*seen, high=high, low=low)
        if wanted.runs:
            self.collections.append((at, self.world.free("images", wanted.to_free)))

    def do(self, step: Step, at: int) -> None:
        if isinstance(step, Grow):
            self.world.set_rate(self.world.meter(step.meter), step.rate)
        elif isinstance(step, Burst):
            self.world.add(self.world.meter(step.meter), step.amount)
        elif isinstance(step, Start):
            self.waiting.append(_Waiting(step.workload, at, 1))
            self.try_waiting(at + 1)
        elif isinstance(step, Stop):
            uid = next((u for u in self.active if self.world.pods[u].pod.name == step.name), None)
            if uid is None:
                raise InputError(f"no pod {step.name!r} to stop at {step.at} s")
            self.active.remove(uid)
            self.world.remove(uid)
        else:
            self.config = step.config or self.config
            self.world.profile = self.config.profile
            self.state = ManagerState()
            self.conditions = {}
            self.report(at)
            self.status_from = at

    def skip_from(self, at: int, done: Pass, end: int) -> int:
        """The time of the next pass to execute after one at ``at`` that changed nothing."""
        return at + MONITORING_INTERVAL

    # -- figures ------------------------------------------------------------------------------

    def sampled(self, at: int) -> int:
        """The moment whose figures a pass at ``at`` reads."""
        return at if self.period is None else at // self.period * self.period

    def signals(self) -> tuple[str, ...]:
        thresholds = self.config.thresholds if self.state.thresholds is None else self.state.thresholds
        return tuple(dict.fromkeys(t.signal for t in (*self.config.thresholds, *thresholds)))

    def keep_reading(self, event: int) -> None:
        """Remember the last reading before an event: a later pass may still be served it."""
        moment = self.sampled(event)
        if self.period is not None and self.world.at <= moment < event:
            self.old_reading = moment, self.world.stats(self.signals(), moment, tuple(self.world.pods))

    def reading(self, at: int) -> Stats:
        moment = self.sampled(at)
        if moment < self.world.at and self.old_reading is not None and self.old_reading[0] == moment:
            stats = self.old_reading[1]
            return replace(stats, pods={u: s for u, s in stats.pods.items() if u in self.active})
        return self.world.stats(self.signals(), max(moment, self.world.at), tuple(self.active))

    # -- passes -------------------------------------------------------------------------------

    def one_pass(self, at: int) -> tuple[Pass, bool]:
        """Execute a pass; says too whether it changed the world."""
        freed = 0

        def reclaim(action: str) -> Reclaimed:
            nonlocal freed
            self.keep_reading(at)
            self.world.advance(at)
            bytes_freed = self.world.free("images" if action == DELETE_IMAGES else "dead")
            freed += bytes_freed
            return Reclaimed(bytes_freed)

        pods = tuple(self.world.pods[uid].pod for uid in self.active)
        first = self.state.layout is None  # the first pass judges another list than the later ones
        self.state, done = synchronize(
            self.config,
            self.state,
            Inputs(
                now=at,
                stats=self.reading(at),
                pods=pods,
                layout=self.world.layout,
                reclaim=reclaim,
                stats_after_reclaim=lambda: self.reading(at),
            ),
        )
        self.count(at, at, done, {done.outcome: 1}, 1)
        for event in done.events:
            self.record(event, at, at, 1)
        self.log.extend((at, line) for line in done.log)
        changed = bool(first or freed or done.evictions)
        if changed:
            self.acting = None
        elif done.grace_over and done.outcome != "nothing":
            self.acting = done
        return done, changed

    def count(self, first: int, last: int, done: Pass, outcomes: Mapping[str, int], passes: int) -> None:
        key = same_phase(done)
        if not self.tallies or self.tallies[-1].key != key:
            self.tallies.append(_Tally(key, first, last, 0, {}, done))
        tally = self.tallies[-1]
        if tally.example.outcome == "nothing" and done.outcome != "nothing":
            tally.example = done
        tally.end = last
        tally.passes += passes
        for outcome, number in outcomes.items():
            tally.outcomes[outcome] = tally.outcomes.get(outcome, 0) + number

    def after_evictions(self, at: int, done: Pass) -> int:
        """Kills, the wait for cleanup, and the time of the next pass."""
        gone = at
        for eviction in done.evictions:
            workload = self.world.pods[eviction.pod.uid]
            at += min(workload.stops_in, max(0, eviction.grace_seconds)) * SECOND
            gone = max(gone, at + workload.cleans_in * SECOND)
        pods = [names(p) for p in done.evicted]
        self.say(at, "waiting", pods=pods)
        ticks = max(1, -(-(gone - at) // SECOND))
        in_time = ticks <= CLEANUP_TIMEOUT
        for eviction in done.evictions:
            uid = eviction.pod.uid
            workload = self.world.pods[uid]
            self.active.remove(uid)
            self.removals[uid] = gone
            self.evictions.append(Evicted(done.now, gone if in_time else None, eviction))
            self.come_back(workload, gone)
        at += min(ticks, CLEANUP_TIMEOUT) * SECOND
        self.say(at, "cleaned up" if in_time else "wait timed out", pods=pods)
        return at

    def say(self, at: int, kind: str, **fields: object) -> None:
        self.log.append((at, line_of(self.config.profile, kind, **fields)))

    # -- pods that come and go ----------------------------------------------------------------

    def admits(self, pod: Pod) -> bool:
        return admit(
            pod,
            self.state.conditions,
            self.config.profile,
            critical_annotation=self.config.critical_annotation,
        ).admitted

    def come_back(self, workload: Workload, gone: int, tries: int = 1) -> None:
        if workload.recreate_after is None:
            return
        uid = workload.pod.uid.partition("+")[0]
        number = 1 + sum(1 for e in self.evictions if e.eviction.pod.uid.partition("+")[0] == uid)
        pod = replace(workload.pod, uid=f"{uid}+{number}")
        again = gone + workload.recreate_after * SECOND
        self.waiting.append(_Waiting(replace(workload, pod=pod), again, tries))

    def try_waiting(self, before: int) -> None:
        """Refuse the workloads whose turn comes before ``before``, as often as it comes."""
        event = self.next_event()
        limit = before if event is None else min(before, event)
        for waiting in list(self.waiting):
            if waiting.next >= limit or self.admits(waiting.workload.pod):
                continue
            answer = admit(waiting.workload.pod, self.state.conditions, self.config.profile)
            pause = waiting.workload.recreate_after
            count = 1
            if pause:
                count = (limit - 1 - waiting.next) // (pause * SECOND) + 1
            last = waiting.next + (count - 1) * (pause or 0) * SECOND
            name = waiting.workload.pod.name
            before_this = self.refusals.get(name)
            self.refusals[name] = Refusals(
                name=name,
                first=before_this.first if before_this else waiting.next,
                last=last,
                count=count + (before_this.count if before_this else 0),
                message=answer.status_message,
            )
            if before_this is None:
                self.log.extend((waiting.next, line) for line in answer.log)
            if pause is None:
                self.waiting.remove(waiting)
            else:
                waiting.next = last + pause * SECOND

    # -- status and events --------------------------------------------------------------------

    def status_until(self, at: int) -> None:
        """Report the node status at the ticks before ``at``: only the first can show a change."""
        tick = (
            self.status_from + -(-(self.changed_at() - self.status_from) // STATUS_INTERVAL) * STATUS_INTERVAL
        )
        if tick < at:
            self.report(tick)

    def changed_at(self) -> int:
        return self.tallies[-1].start if self.tallies else self.status_from

    def report(self, at: int) -> None:
        self.conditions, events = report(
            self.state.conditions, self.conditions, at, self.config.profile, node=self.config.node
        )
        for event in events:
            self.record(event, at, at, 1)

    def record(self, event: Event, first: int, last: int, count: int) -> None:
        key = (event.about, event.uid or event.name, event.reason, event.message)
        before = self.events.get(key)
        self.events[key] = EventCount(
            event=event,
            first=before.first if before else first,
            last=last,
            count=count + (before.count if before else 0),
        )

    def history(self, end: int) -> History:
        return History(
            end=end,
            passes=sum(t.passes for t in self.tallies),
            phases=tuple(
                Phase(
                    start=t.start,
                    end=t.end,
                    passes=t.passes,
                    outcomes=t.outcomes,
                    conditions=t.example.conditions,
                    met=tuple(map(str, t.example.met)),
                    example=t.example,
                )
                for t in self.tallies
            ),
            evictions=tuple(self.evictions),
            refusals=tuple(sorted(self.refusals.values(), key=lambda r: (r.first, r.name))),
            events=tuple(self.events.values()),
            collections=tuple(self.collections),
            log=tuple(self.log),
        )


def same_phase(done: Pass) -> tuple[object, ...]:
    """What passes of one phase have in common."""
    return done.conditions, done.met, done.grace_over

"""What a node's pasted numbers mean: thresholds met and by how much, who goes first, what to change, at what cost.

A figure rounded by ``df -h`` is a range, so an answer may be certain or not to be told. What was not given is
said, not assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.advice import Change, changes
from netlab.kubelet.derived import with_containerfs
from netlab.kubelet.duration import format_duration
from netlab.kubelet.interval import Interval
from netlab.kubelet.limits import Excess, over_limit
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import FsLayout, Observation, Pod, PodStats, Threshold
from netlab.kubelet.qos import exempt_reason, qos_class
from netlab.kubelet.readings import Reading
from netlab.kubelet.reclaim import ImageGc, actions_for, image_gc
from netlab.kubelet.settings import KubeletSettings
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Pass, Stats
from netlab.kubelet.verdict import FINE, MAYBE, MET, UNSEEN, Verdict, verdict_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pod as far as it can be told without usage figures."""

    pod: Pod
    qos: str
    exempt: str | None

    def __str__(self) -> str:
        priority = self.pod.priority if self.pod.priority is not None else "unset"
        kept = f"; exempt: {self.exempt}" if self.exempt else ""
        return f"{self.pod.namespace}/{self.pod.name}: {self.qos}, priority {priority}{kept}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer of ``netlab evict``. ``image_gc`` is the image collector at both ends of rounded figures."""

    settings: KubeletSettings
    layout: FsLayout
    verdicts: tuple[Verdict, ...]
    done: Pass | None
    candidates: tuple[Candidate, ...] | None
    stats_given: bool
    actions: tuple[str, ...]
    changes: tuple[Change, ...]
    missing: Mapping[str, str]
    over: tuple[tuple[Pod, Excess], ...] = ()
    image_gc: tuple[ImageGc, ImageGc] | None = None
    explanations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def met(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.answer == MET)

    @property
    def quiet(self) -> bool:
        """Nothing is met, nothing may be, and no pod is over a limit of its own."""
        return not (self.met or self.uncertain or self.over)

    @property
    def uncertain(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.answer == MAYBE)

    def __str__(self) -> str:
        return "\n\n".join(
            f"{title}\n" + "\n".join(f"  {x}" for x in lines) for title, lines in self.sections()
        )

    def _repr_html_(self) -> str:
        rows = [(title, line) for title, lines in self.sections() for line in lines]
        return html_table(["about", "answer"], rows)

    def sections(self) -> list[tuple[str, list[str]]]:
        """The report as titled lists of lines."""
        layout = "one file system" if self.layout is FsLayout.ONE else self.layout.value
        out = [(f"Thresholds (kubelet {self.settings.profile}, {layout})", self._thresholds())]
        if self.missing:
            out.append(("Not observed", [f"{signal}: {why}" for signal, why in self.missing.items()]))
        if self.explanations:
            out.append(("df against the kubelet", list(self.explanations)))
        if self.over:
            lines = [f"{p.namespace}/{p.name}: {e.message.strip()} ({e.why})" for p, e in self.over]
            out.append(("Over a local-storage limit: evicted first, all of them in one pass", lines))
        out.append(("What the kubelet does now", self._does()))
        if self.candidates is not None or self.done is not None:
            out.append(("Who goes first", self._pods()))
        out += [(f"What to change: {c.title}", c.lines()) for c in self.changes]
        if self.settings.lost:
            out.append(("Defaults that are not in force", [str(lost) for lost in self.settings.lost]))
        if self.image_gc is not None:
            out.append(("Image garbage collection (a separate loop)", [_gc_line(*self.image_gc)]))
        notes = [*self.settings.notes, *self.notes]
        if notes:
            out.append(("Notes", notes))
        return out

    def _thresholds(self) -> list[str]:
        return [str(v) for v in self.verdicts] or ["none are configured: hard eviction is off"]

    def _does(self) -> list[str]:
        if self.done is None or self.done.chosen is None:
            if self.uncertain:
                return ["perhaps nothing: see the thresholds that cannot be told from rounded figures"]
            return ["nothing: no threshold is met"]
        done = self.done
        chosen = done.chosen
        assert chosen is not None
        wait = f", after its grace period of {format_duration(chosen.grace)}" if chosen.grace else ", at once"
        lines = [
            f"node condition: {', '.join(done.conditions)}",
            f"acts on {chosen}{wait}; event EvictionThresholdMet: {done.events[0].message}",
        ]
        if self.actions:
            lines.append(f"frees first: {', then '.join(self.actions)}; how much that is cannot be seen here")
        else:
            lines.append("frees nothing first: there is no node-level action, it goes straight to eviction")
        lines.append("refuses new pods while the condition lasts, and for the transition period of "
                     f"{format_duration(self.settings.transition_period)} after it")  # fmt: skip
        return lines

    def _pods(self) -> list[str]:
        if self.candidates is None:
            return ["no pods were given (kubectl get pods -o json), so nobody can be named"]
        if not self.candidates:
            return ["no pod is active, so there is nobody to evict"]
        if self.done is None or self.done.chosen is None:
            return ["nobody: no threshold is met for certain"]
        if not self.stats_given:
            say = (
                "no usage figures were given (the stats summary), so the order cannot be told; what is known:"
            )
            return [say, *map(str, self.candidates)]
        lines = []
        for eviction in self.done.evictions:
            lines.append(f"{eviction.pod.namespace}/{eviction.pod.name}, grace {eviction.grace_seconds} s")
            lines.append(f"because it comes {eviction.why}")
            lines.append(f"message: {eviction.status_message}")
        if not self.done.evictions:
            lines.append("nobody: every active pod is exempt")
        lines += [f"spared: {p.namespace}/{p.name}: {why}" for p, why in self.done.exempt]
        rows = [
            (i, f"{r.pod.namespace}/{r.pod.name}", "; ".join(k.says for k in r.keys))
            for i, r in enumerate(self.done.ranked, 1)
        ]
        lines += text_table(["", "pod", "keys, in order"], rows).splitlines()
        return lines

    def json(self) -> dict[str, Any]:
        """The report as plain values, for ``--json``."""
        done = self.done
        return {
            "profile": str(self.settings.profile),
            "layout": self.layout.value,
            "thresholds": [verdict_json(v) for v in self.verdicts],
            "missing": dict(self.missing),
            "conditions": list(done.conditions) if done else [],
            "over_limits": [
                {"pod": f"{p.namespace}/{p.name}", "message": e.message, "why": e.why} for p, e in self.over
            ],
            "acts_on": str(done.chosen) if done and done.chosen else None,
            "resource": done.resource if done else None,
            "reclaims": list(self.actions),
            "ranked": [
                {"pod": f"{r.pod.namespace}/{r.pod.name}", "keys": [k.says for k in r.keys]}
                for r in (done.ranked if done and self.stats_given else ())
            ],
            "evicts": [
                {
                    "pod": f"{e.pod.namespace}/{e.pod.name}",
                    "grace_seconds": e.grace_seconds,
                    "why": e.why,
                    "message": e.status_message,
                }
                for e in (done.evictions if done and self.stats_given else ())
            ],
            "changes": [c.json() for c in self.changes],
            "lost": [str(lost) for lost in self.settings.lost],
            "notes": [*self.settings.notes, *self.notes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is known of a node's figures: ranges by signal, and why others are missing."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    layout: FsLayout = FsLayout.ONE


def exact_reading(signal: str, seen: Observation, source: str) -> Reading:
    """An observation of a stats summary as a reading without rounding."""
    return Reading(
        signal=signal,
        available=Interval.of(seen.available.value),
        capacity=Interval.of(seen.capacity.value),
        source=source,
        line=1,
        text="",
    )


def report(
    settings: KubeletSettings,
    figures: Figures,
    *,
    pods: Sequence[Pod] | None = None,
    stats: Mapping[str, PodStats] | None = None,
    explanations: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Report:
    """Judge a node. ``pods`` None: not given; ``stats`` are keyed by pod UID, None: not given.

    Raises ThresholdError where the settings would stop the kubelet from starting.
    """
    profile, layout = settings.profile, figures.layout
    thresholds = settings.thresholds
    if not profile.is_v17:
        thresholds = tuple(t for t in with_containerfs(thresholds, layout)[0] if t.op)
    reasons = {e.threshold: e.why for e in settings.effective}
    verdicts = tuple(
        _verdict(t, figures, reasons.get(t, "copied at the first pass, the user cannot set it"))
        for t in thresholds
    )
    active = None if pods is None else [p for p in pods if p.phase not in ("Succeeded", "Failed")]
    done = _pass(settings, thresholds, verdicts, figures, active or [], stats or {})
    chosen = done.chosen if done else None
    watched = {t.signal for t in thresholds}
    return Report(
        settings=settings,
        layout=layout,
        verdicts=verdicts,
        done=done,
        candidates=None
        if active is None
        else tuple(
            Candidate(pod=p, qos=qos_class(p, profile), exempt=exempt_reason(p, profile)) for p in active
        ),
        stats_given=stats is not None,
        actions=actions_for(chosen.signal, layout, profile) if chosen else (),
        changes=changes(
            settings,
            [(v.threshold, v.reading, v.answer == MET) for v in verdicts if v.reading is not None],
            figures.readings,
        ),
        missing={s: why for s, why in figures.missing.items() if s in watched},
        over=_over(settings, layout, active or [], stats or {}),
        image_gc=_image_gc(settings, figures),
        explanations=tuple(explanations),
        notes=tuple(notes),
    )


def _verdict(threshold: Threshold, figures: Figures, why: str) -> Verdict:
    reading = figures.readings.get(threshold.signal)
    if reading is None:
        missing = figures.missing.get(threshold.signal, "nothing that was given shows it")
        return Verdict(
            threshold=threshold, answer=UNSEEN, why=f"{missing}; without an observation it is never met"
        )
    answer = {True: MET, False: FINE, None: MAYBE}[reading.met(threshold)]
    margin = reading.margin(threshold)
    return Verdict(
        threshold=threshold,
        answer=answer,
        why=why,
        short=Interval(-margin.high, -margin.low),
        needed=reading.quantity(threshold),
        reading=reading,
    )


def _pass(
    settings: KubeletSettings,
    thresholds: Sequence[Threshold],
    verdicts: Sequence[Verdict],
    figures: Figures,
    pods: Sequence[Pod],
    stats: Mapping[str, PodStats],
) -> Pass | None:
    """A pass over the thresholds met for certain: it acts on the hard ones, else on the soft ones.

    Soft ones raise their condition at once; beside a hard one they are still within their grace.
    """
    met = [v for v in verdicts if v.answer == MET]
    if not met:
        return None
    waits = any(v.threshold.hard for v in met)
    observations = {v.threshold.signal: v.reading.observation for v in met if v.reading is not None}
    gates = settings.feature_gates
    config = ManagerConfig(
        thresholds=tuple(v.threshold for v in met),
        profile=settings.profile,
        transition_period=settings.transition_period,
        max_pod_grace_seconds=settings.max_pod_grace_seconds,
        local_storage_isolation=False,
        critical_annotation=gates.get("ExperimentalCriticalPodAnnotation", False),
        allow_longer_grace=gates.get("AllowOverwriteTerminationGracePeriodSeconds", False),
    )
    state = ManagerState(
        layout=figures.layout,
        has_tables=True,
        thresholds=config.thresholds,
        first_observed_at={v.threshold: 0 if waits else -v.threshold.grace for v in met},
    )
    inputs = Inputs(
        now=0,
        stats=Stats(observations=observations, pods=stats),
        pods=tuple(pods),
        layout=figures.layout,
    )
    return synchronize(config, state, inputs)[1]


def _over(
    settings: KubeletSettings, layout: FsLayout, pods: Sequence[Pod], stats: Mapping[str, PodStats]
) -> tuple[tuple[Pod, Excess], ...]:
    """Pods over a limit of their own that are not exempt; v1.7 looks only with its alpha gate on."""
    profile = settings.profile
    if not settings.feature_gates.get("LocalStorageCapacityIsolation", not profile.is_v17):
        return ()
    critical = settings.feature_gates.get("ExperimentalCriticalPodAnnotation", False)
    found = []
    for pod in pods:
        excess = over_limit(pod, stats[pod.uid], layout, profile) if pod.uid in stats else None
        if excess is not None and exempt_reason(pod, profile, critical_annotation=critical) is None:
            found.append((pod, excess))
    return tuple(found)


def _image_gc(settings: KubeletSettings, figures: Figures) -> tuple[ImageGc, ImageGc] | None:
    seen = figures.readings.get("imagefs.available")
    if seen is None or seen.capacity.low <= 0:
        return None
    marks = {"high": settings.image_gc_high, "low": settings.image_gc_low}
    available, capacity = seen.available, seen.capacity
    return image_gc(available.high, capacity.low, **marks), image_gc(available.low, capacity.high, **marks)


def _gc_line(least: ImageGc, most: ImageGc) -> str:
    if least == most:
        return str(least)
    usage = f"image GC: {Interval(least.usage, most.usage)}% used".replace("..", "% to ")
    if not most.runs:
        return f"{usage}, below the high mark of {most.high}%: nothing to do"
    if not least.runs:
        return f"{usage}, and the high mark is {most.high}%: cannot tell from rounded figures"
    freed = f"{least.to_free} to {most.to_free} bytes to free for {most.low}%"
    return f"{usage}, at or above {most.high}%: {freed}"

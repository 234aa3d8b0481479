"""What goes into a pass of the eviction manager and what comes out: all frozen values.

Times are nanoseconds. Clock, figures, reclaim actions and killer are given to a pass; nothing is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.conditions import Event
from netlab.kubelet.duration import MINUTE
from netlab.kubelet.evaluate import Comparison
from netlab.kubelet.klog import LogLine
from netlab.kubelet.messages import REASON
from netlab.kubelet.model import FsLayout, Observation, Pod, PodStats, Threshold
from netlab.kubelet.profile import CURRENT, Profile
from netlab.kubelet.ranking import Ranked
from netlab.kubelet.reclaim import Reclaimed


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerConfig:
    """How a manager is set up.

    ``local_storage_isolation`` and ``separate_disk_gc`` None mean the profile's default. v1.7's alpha gate
    ExperimentalCriticalPodAnnotation is ``critical_annotation``; ``allow_longer_grace`` is the gate
    AllowOverwriteTerminationGracePeriodSeconds. ``verbosity`` is the kubelet's ``-v``.
    """

    thresholds: tuple[Threshold, ...] = ()
    profile: Profile = CURRENT
    transition_period: int = 5 * MINUTE
    max_pod_grace_seconds: int = 0
    local_storage_isolation: bool | None = None
    separate_disk_gc: bool | None = None
    critical_annotation: bool = False
    allow_longer_grace: bool = False
    node: str = "node"
    verbosity: int = 0

    @property
    def isolates_local_storage(self) -> bool:
        if self.local_storage_isolation is None:
            return not self.profile.is_v17
        return self.local_storage_isolation

    @property
    def separates_disk_gc(self) -> bool:
        if self.separate_disk_gc is None:
            return self.profile.has("separate_disk_gc")
        return self.separate_disk_gc


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerState:
    """What a manager remembers between passes; a restart begins with an empty one.

    ``thresholds`` None: not yet rewritten by a first pass. ``has_tables``: ranking and reclaim tables exist.
    """

    thresholds: tuple[Threshold, ...] | None = None
    thresholds_met: tuple[Threshold, ...] = ()
    first_observed_at: Mapping[Threshold, int] = field(default_factory=dict)
    condition_last_observed_at: Mapping[str, int] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    last_observations: Mapping[str, Observation] = field(default_factory=dict)
    layout: FsLayout | None = None
    has_tables: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """One reading: observations by signal, and pod figures by pod UID."""

    observations: Mapping[str, Observation] = field(default_factory=dict)
    pods: Mapping[str, PodStats] = field(default_factory=dict)


def _frees_nothing(action: str) -> Reclaimed:
    return Reclaimed()


def _kills(pod: Pod, grace_seconds: int, message: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What one pass sees and what it may use.

    ``stats`` and ``layout`` may be the text of an error instead. ``reclaim`` performs a node-level action;
    ``stats_after_reclaim`` gives the fresh reading after it (None: figures as before, as when nothing was
    freed). ``kill`` returns the text of an error, or None.
    """

    now: int
    stats: Stats | str
    pods: tuple[Pod, ...] = ()
    layout: FsLayout | str = FsLayout.ONE
    reclaim: Callable[[str], Reclaimed] = _frees_nothing
    stats_after_reclaim: Callable[[], Stats | str] | None = None
    kill: Callable[[Pod, int, str], str | None] = _kills


@dataclass(frozen=True, slots=True, kw_only=True)
class Eviction:
    """One pod put to an end: phase Failed, reason Evicted, this message, and the grace it was given.

    ``metric`` labels the evictions counter; ``disruption_target`` is the condition of current threshold
    evictions (reason TerminationByKubelet). ``error`` is what the kill returned: the pod counts all the same.
    """

    pod: Pod
    grace_seconds: int
    message: str
    status_message: str
    metric: str
    why: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    disruption_target: bool = False
    error: str | None = None

    @property
    def status(self) -> dict[str, object]:
        """The pod's status afterwards, as the API shows it."""
        status: dict[str, object] = {"phase": "Failed", "reason": REASON, "message": self.status_message}
        if self.disruption_target:
            status["conditions"] = [
                {"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}
            ]
        return status

    def __str__(self) -> str:
        return f"{self.pod.namespace}/{self.pod.name} evicted with grace {self.grace_seconds}s: {self.why}"


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of a pass (numbered as in ``synchronize``), what was decided and why."""

    step: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.step:>2}. {self.what}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass found, decided and did.

    ``met`` are the thresholds met or still held by minimum reclaim, ``grace_over`` those past their grace,
    ``acting`` those with fresh figures, ``chosen`` the one acted on. ``outcome`` is a word for the end of it:
    ``nothing``, ``limits``, ``reclaimed``, ``evicted``, ``no pods``, ``none evictable``, ``no ranking``,
    ``failed``.
    """

    now: int
    outcome: str
    conditions: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    met: tuple[Threshold, ...] = ()
    grace_over: tuple[Threshold, ...] = ()
    acting: tuple[Threshold, ...] = ()
    chosen: Threshold | None = None
    resource: str = ""
    reclaim_actions: tuple[str, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    evictions: tuple[Eviction, ...] = ()
    exempt: tuple[tuple[Pod, str], ...] = ()
    decisions: tuple[Decision, ...] = ()
    events: tuple[Event, ...] = ()
    log: tuple[LogLine, ...] = ()
    error: str | None = None

    @property
    def evicted(self) -> tuple[Pod, ...]:
        return tuple(e.pod for e in self.evictions)

    def __str__(self) -> str:
        head = f"pass: {self.outcome}; conditions: {', '.join(self.conditions) or 'none'}"
        return "\n".join([head, *map(str, self.decisions)])

    def table(self) -> str:
        """The decisions as a text table."""
        return text_table(["step", "decision", "reason"], [(d.step, d.what, d.why) for d in self.decisions])

    def _repr_html_(self) -> str:
        rows = [(d.step, d.what, d.why) for d in self.decisions]
        caption = f"{self.outcome}; conditions: {', '.join(self.conditions) or 'none'}"
        return html_table(["step", "decision", "reason"], rows, caption)

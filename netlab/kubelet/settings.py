"""One kubelet's eviction settings, each with where it was written, and the thresholds that follow from them.

Layers, lowest first: the defaults of the release, the configuration file, the flags. A map that is given
replaces the one below it as a whole, which is how one custom threshold removes all the others
(``cmd/kubelet/app/server.go``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.duration import MINUTE
from netlab.kubelet.model import Threshold
from netlab.kubelet.profile import CURRENT, Profile
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.signals import ALLOCATABLE_MEMORY_AVAILABLE, MEMORY_AVAILABLE
from netlab.kubelet.thresholds import Given, default_hard, parse_threshold_config, statements

#: Flag and KubeletConfiguration field of every setting that bears on eviction; None: has no such name.
NAMES: Final[tuple[tuple[str | None, str | None], ...]] = (
    ("eviction-hard", "evictionHard"),
    ("eviction-soft", "evictionSoft"),
    ("eviction-soft-grace-period", "evictionSoftGracePeriod"),
    ("eviction-minimum-reclaim", "evictionMinimumReclaim"),
    ("eviction-max-pod-grace-period", "evictionMaxPodGracePeriod"),
    ("eviction-pressure-transition-period", "evictionPressureTransitionPeriod"),
    (None, "mergeDefaultEvictionSettings"),
    ("enforce-node-allocatable", "enforceNodeAllocatable"),
    ("image-gc-high-threshold", "imageGCHighThresholdPercent"),
    ("image-gc-low-threshold", "imageGCLowThresholdPercent"),
    ("kube-reserved", "kubeReserved"),
    ("system-reserved", "systemReserved"),
    ("feature-gates", "featureGates"),
    ("root-dir", None),
    ("config", None),
    ("experimental-allocatable-ignore-eviction", None),
)
DEFAULT_TRANSITION: Final = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A setting as somebody wrote it: its field (or flag) name, the value, and the place.

    ``via`` is ``flag``, ``file``, ``configz`` or ``log``. ``places`` are line and text of a map's entries.
    """

    name: str
    value: object
    via: str
    source: str
    line: int | None = None
    text: str = ""
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line is not None else self.source


@dataclass(frozen=True, slots=True)
class Effective:
    """A threshold in force and why: the default of the release, or the item that set it."""

    threshold: Threshold
    why: str
    item: Item | None = None

    def __str__(self) -> str:
        return f"{self.threshold}  ({self.why})"


@dataclass(frozen=True, slots=True)
class Lost:
    """A threshold that a kubelet without settings would have and this one has not, and why."""

    signal: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.signal}<{self.value} is gone: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeletSettings:
    """Everything that decides evictions on a node. Times in nanoseconds, pod grace in seconds.

    ``hard`` to ``min_reclaim`` hold flag text (v1.7) or maps (current). ``items`` are the settings as they
    were written; ``notes`` say what could not be known.

    >>> settings = KubeletSettings()
    >>> [str(t) for t in settings.thresholds][:2]
    ['memory.available<100Mi', 'nodefs.available<10%']
    """

    profile: Profile = CURRENT
    hard: Given | None = None
    soft: Given = ""
    soft_grace: Given = ""
    min_reclaim: Given = ""
    max_pod_grace_seconds: int = 0
    transition_period: int = DEFAULT_TRANSITION
    merged_defaults: tuple[str, ...] = ()
    enforce: tuple[str, ...] = ("pods",)
    image_gc_high: int = 85
    image_gc_low: int = 80
    kube_reserved: Mapping[str, Quantity] = field(default_factory=dict)
    system_reserved: Mapping[str, Quantity] = field(default_factory=dict)
    feature_gates: Mapping[str, bool] = field(default_factory=dict)
    root_dir: str = "/var/lib/kubelet"
    allocatable_ignores_eviction: bool = False
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hard_given(self) -> Given:
        """The hard setting in force: what was given, or the defaults of the release."""
        if self.hard is not None:
            return self.hard
        defaults = default_hard(self.profile.release)
        return ",".join(f"{s}<{v}" for s, v in defaults.items()) if self.profile.is_v17 else defaults

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """All thresholds, allocatable ones included. Raises ThresholdError with the kubelet's words."""
        return parse_threshold_config(
            self.profile,
            hard=self.hard_given,
            soft=self.soft,
            soft_grace=self.soft_grace,
            min_reclaim=self.min_reclaim,
            enforce=self.enforce,
        )

    @property
    def hard_thresholds(self) -> tuple[Threshold, ...]:
        """The hard setting alone, as Allocatable and the log dump see it (the kubelet's second parse)."""
        if self.allocatable_ignores_eviction:
            return ()
        return parse_threshold_config(self.profile, hard=self.hard_given, enforce=())

    @property
    def effective(self) -> tuple[Effective, ...]:
        """The thresholds in force, each with its reason."""
        return tuple(Effective(t, *self._reason(t)) for t in self.thresholds)

    def _reason(self, threshold: Threshold) -> tuple[str, Item | None]:
        enforced = "pods is in enforceNodeAllocatable"
        if threshold.signal.startswith("allocatable") and not self._names(self.hard_given, threshold.signal):
            if self.profile.is_v17:
                return f"v1.7 adds it because {enforced}", self.item("enforceNodeAllocatable")
            return f"copy of the hard memory.available, because {enforced}", self.item("evictionHard")
        soft = self._names(self.soft, threshold.signal) and threshold not in self._hard_ones()
        if soft:
            item = self.item("evictionSoft")
            zero = "; its grace period of zero makes it hard" if threshold.hard else ""
            return f"set by {item or 'evictionSoft'}{zero}", item
        if self.hard is None:
            return f"default of v{self.profile.release[0]}.{self.profile.release[1]}", None
        if threshold.signal in self.merged_defaults:
            return "default, kept by mergeDefaultEvictionSettings", self.item("mergeDefaultEvictionSettings")
        item = self.item("evictionHard")
        return f"set by {item or 'evictionHard'}", item

    def _hard_ones(self) -> tuple[Threshold, ...]:
        return parse_threshold_config(
            self.profile, hard=self.hard_given, min_reclaim=self.min_reclaim, enforce=()
        )

    def _names(self, given: Given, signal: str) -> bool:
        source = "--eviction-hard"
        return any(s.signal == signal for s in statements(given, "<", self.profile, source=source))

    def item(self, name: str) -> Item | None:
        """The item that decided a field: the last flag, else the last entry of a file."""
        found = [i for i in self.items if i.name == name]
        flags = [i for i in found if i.via == "flag"]
        chosen = flags or found
        return chosen[-1] if chosen else None

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The defaults of the release that are not in force, and why.

        >>> for lost in KubeletSettings(hard={"nodefs.available": "5%"}).lost:
        ...     print(lost.signal, lost.value)
        memory.available 100Mi
        nodefs.inodesFree 5%
        imagefs.available 15%
        imagefs.inodesFree 5%
        allocatableMemory.available 100Mi
        """
        if self.hard is None:
            return ()
        present = {t.signal for t in self._hard_ones()}
        given = {
            s.signal: s.value for s in statements(self.hard, "<", self.profile, source="--eviction-hard")
        }
        where = self.item("evictionHard")
        result = []
        for signal, value in default_hard(self.profile.release).items():
            if signal in present:
                continue
            if signal in given:
                why = f"{given[signal]} means no threshold"
            elif not given:
                why = f"an empty evictionHard ({where or 'given'}) switches hard eviction off"
            else:
                why = f"evictionHard ({where or 'given'}) replaces all defaults and does not name it"
            result.append(Lost(signal, value, why))
        if not self.profile.is_v17 and "pods" in self.enforce and MEMORY_AVAILABLE not in present:
            value = default_hard(self.profile.release)[MEMORY_AVAILABLE]
            why = "it is a copy of the hard memory.available, which is not there"
            result.append(Lost(ALLOCATABLE_MEMORY_AVAILABLE, value, why))
        return tuple(result)

    def _cells(self) -> list[list[object]]:
        return [[e.threshold, e.why] for e in self.effective] + [
            [f"(gone) {lost.signal}<{lost.value}", lost.why] for lost in self.lost
        ]

    def __str__(self) -> str:
        return "\n".join([text_table(("threshold", "why"), self._cells()), *self.notes])

    def _repr_html_(self) -> str:
        return html_table(("threshold", "why"), self._cells(), f"kubelet {self.profile}")

"""The kubelet's log lines, as glog (v1.7, free text) and klog (current, structured) print them.

One table gives, for every kind of line the eviction manager writes, its severity, its verbosity, the source
file and line, and its words in both profiles. ``line_of`` fills one in; ``LogLine.text`` prints it.

Source lines. Certain, from real logs, are v1.7: 142, 331, 345 and 356 of ``eviction_manager.go`` (v1.7.5), 812
of ``helpers.go`` (v1.7.7, kubernetes/kubernetes#52336); current: 381, 392, 410 and 616 of
``eviction_manager.go`` and those of the two collectors (a release of 2026). The others were counted from these
in copies of the two eras and may be off by some lines. They move with every release and mean nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from netlab.kubelet.gotext import go_quote
from netlab.kubelet.model import float32
from netlab.kubelet.profile import Profile

MANAGER: Final = "eviction_manager.go"
HELPERS: Final = "helpers.go"
CONTAINER_GC: Final = "container_gc.go"
IMAGE_GC: Final = "image_gc_manager.go"

#: kind -> (severity, verbosity, file, line, words with {fields})
FREE_TEXT: Final[dict[str, tuple[str, int, str, int, str]]] = {
    "refused": ("W", 0, MANAGER, 142, "Failed to admit pod {pod} - node has conditions: {conditions}"),
    "housekeeping": ("I", 3, MANAGER, 221, "eviction manager: synchronize housekeeping"),
    "stats failed": ("E", 0, MANAGER, 238, "eviction manager: unexpected err: {error}"),
    "observation": (
        "I",
        3,
        HELPERS,
        812,
        "eviction manager: {label}: signal={signal}, available: {available}, capacity: {capacity}",
    ),
    "observation at": (
        "I",
        3,
        HELPERS,
        810,
        "eviction manager: {label}: signal={signal}, available: {available}, capacity: {capacity}, "
        "time: {time}",
    ),
    "threshold": (
        "I",
        3,
        HELPERS,
        826,
        "eviction manager: {label}: threshold [signal={signal}, quantity={quantity}] observed {available}",
    ),
    "threshold unobserved": (
        "I",
        3,
        HELPERS,
        828,
        "eviction manager: {label}: threshold [signal={signal}] had no observation",
    ),
    "unobserved": (
        "W",
        0,
        HELPERS,
        782,
        "eviction manager: no observation found for eviction signal {signal}",
    ),
    "grace not over": (
        "I",
        2,
        HELPERS,
        869,
        "eviction manager: eviction criteria not yet met for {threshold}, duration: {duration}",
    ),
    "conditions observed": (
        "I",
        3,
        MANAGER,
        284,
        "eviction manager: node conditions - observed: {conditions}",
    ),
    "conditions reported": (
        "I",
        3,
        MANAGER,
        293,
        "eviction manager: node conditions - transition period not met: {conditions}",
    ),
    "nothing starved": ("I", 3, MANAGER, 324, "eviction manager: no resources are starved"),
    "reclaiming": ("W", 0, MANAGER, 331, "eviction manager: attempting to reclaim {resource}"),
    "delete containers": ("I", 0, HELPERS, 1057, "eviction manager: attempting to delete unused containers"),
    "delete images": ("I", 0, HELPERS, 1067, "eviction manager: attempting to delete unused images"),
    "reclaim failed": (
        "W",
        0,
        MANAGER,
        434,
        "eviction manager: unexpected error when attempting to reduce {resource} pressure: {error}",
    ),
    "reclaim unmeasured": (
        "E",
        0,
        MANAGER,
        441,
        "eviction manager: unable to find value associated with signal {signal}",
    ),
    "reclaimed enough": (
        "I",
        0,
        MANAGER,
        341,
        "eviction manager: able to reduce {resource} pressure without evicting pods.",
    ),
    "must evict": ("I", 0, MANAGER, 345, "eviction manager: must evict pod(s) to reclaim {resource}"),
    "no ranking": ("E", 0, MANAGER, 350, "eviction manager: no ranking function for resource {resource}"),
    "no pods": (
        "E",
        0,
        MANAGER,
        356,
        "eviction manager: eviction thresholds have been met, but no pods are active to evict",
    ),
    "ranked": ("I", 0, MANAGER, 363, "eviction manager: pods ranked for eviction: {pods}"),
    "kill failed": ("W", 0, MANAGER, 397, "eviction manager: error while evicting pod {pod}: {error}"),
    "limit kill failed": ("E", 0, MANAGER, 540, "eviction manager: pod {pod} failed to evict {error}"),
    "killed": ("I", 0, MANAGER, 542, "eviction manager: pod {pod} is evicted successfully"),
    "exempt": ("E", 0, MANAGER, 527, "eviction manager: cannot evict a critical pod {pod}"),
    "none evictable": ("I", 0, MANAGER, 401, "eviction manager: unable to evict any pods from the node"),
    "waiting": (
        "I",
        0,
        MANAGER,
        156,
        "eviction manager: pods {pods} evicted, waiting for pod to be cleaned up",
    ),
    "wait timed out": (
        "W",
        0,
        MANAGER,
        411,
        "eviction manager: timed out waiting for pods {pods} to be cleaned up",
    ),
    "cleaned up": ("I", 0, MANAGER, 419, "eviction manager: pods {pods} successfully cleaned up"),
}

#: kind -> (severity, verbosity, file, line, message, keys in order)
STRUCTURED: Final[dict[str, tuple[str, int, str, int, str, tuple[str, ...]]]] = {
    "refused": ("I", 0, MANAGER, 189, "Failed to admit pod to node", ("pod", "nodeCondition")),
    "layout failed": ("E", 0, MANAGER, 269, "Eviction manager: failed to get HasDedicatedImageFs", ("err",)),
    "containerfs conflict": (
        "E",
        0,
        MANAGER,
        285,
        "eviction manager: found conflicting containerfs eviction. Ignoring.",
        ("err",),
    ),
    "synchronize failed": ("E", 0, MANAGER, 225, "Eviction manager: failed to synchronize", ("err",)),
    "housekeeping": ("I", 3, MANAGER, 263, "Eviction manager: synchronize housekeeping", ()),
    "layout": ("I", 3, MANAGER, 292, "FileSystem detection", ("DedicatedImageFs", "SplitImageFs")),
    "stats failed": ("E", 0, MANAGER, 297, "Eviction manager: failed to get summary stats", ("err",)),
    "stats failed after reclaim": (
        "E",
        0,
        MANAGER,
        474,
        "Eviction manager: failed to get summary stats after resource reclaim",
        ("err",),
    ),
    "observation": (
        "I",
        3,
        HELPERS,
        960,
        "Eviction manager:",
        ("log", "signal", "resourceName", "available", "capacity"),
    ),
    "observation at": (
        "I",
        3,
        HELPERS,
        958,
        "Eviction manager:",
        ("log", "signal", "resourceName", "available", "capacity", "time"),
    ),
    "threshold": (
        "I",
        3,
        HELPERS,
        974,
        "Eviction manager: threshold observed resource",
        ("log", "signal", "resourceName", "quantity", "available"),
    ),
    "threshold unobserved": (
        "I",
        3,
        HELPERS,
        976,
        "Eviction manager: threshold had no observation",
        ("log", "signal"),
    ),
    "unobserved": (
        "I",
        0,
        HELPERS,
        930,
        "Eviction manager: no observation found for eviction signal",
        ("signal",),
    ),
    "grace not over": (
        "I",
        2,
        HELPERS,
        1017,
        "Eviction manager: eviction criteria not yet met",
        ("threshold", "duration"),
    ),
    "conditions observed": (
        "I",
        3,
        MANAGER,
        332,
        "Eviction manager: node conditions - observed",
        ("nodeCondition",),
    ),
    "conditions reported": (
        "I",
        3,
        MANAGER,
        341,
        "Eviction manager: node conditions - transition period not met",
        ("nodeCondition",),
    ),
    "nothing starved": ("I", 3, MANAGER, 371, "Eviction manager: no resources are starved", ()),
    "reclaiming": ("I", 0, MANAGER, 381, "Eviction manager: attempting to reclaim", ("resourceName",)),
    "delete containers": ("I", 0, CONTAINER_GC, 86, "Attempting to delete unused containers", ()),
    "delete images": ("I", 0, IMAGE_GC, 459, "Attempting to delete unused images", ()),
    "reclaim failed": (
        "I",
        0,
        MANAGER,
        467,
        "Eviction manager: unexpected error when attempting to reduce resource pressure",
        ("resourceName", "err"),
    ),
    "reclaimed enough": (
        "I",
        0,
        MANAGER,
        388,
        "Eviction manager: able to reduce resource pressure without evicting pods.",
        ("resourceName",),
    ),
    "must evict": ("I", 0, MANAGER, 392, "Eviction manager: must evict pod(s) to reclaim", ("resourceName",)),
    "no ranking": ("E", 0, MANAGER, 397, "Eviction manager: no ranking function for signal", ("threshold",)),
    "no pods": (
        "E",
        0,
        MANAGER,
        403,
        "Eviction manager: eviction thresholds have been met, but no pods are active to evict",
        (),
    ),
    "ranked": ("I", 0, MANAGER, 410, "Eviction manager: pods ranked for eviction", ("pods",)),
    "exempt": ("E", 0, MANAGER, 616, "Eviction manager: cannot evict a critical pod", ("pod",)),
    "evicting": ("I", 3, MANAGER, 622, "Evicting pod", ("pod", "podUID", "message")),
    "kill failed": ("E", 0, MANAGER, 640, "Eviction manager: pod failed to evict", ("err", "pod")),
    "killed": ("I", 0, MANAGER, 642, "Eviction manager: pod is evicted successfully", ("pod",)),
    "none evictable": ("I", 0, MANAGER, 440, "Eviction manager: unable to evict any pods from the node", ()),
    "waiting": (
        "I",
        0,
        MANAGER,
        221,
        "Eviction manager: pods evicted, waiting for pod to be cleaned up",
        ("pods",),
    ),
    "wait timed out": (
        "I",
        0,
        MANAGER,
        449,
        "Eviction manager: timed out waiting for pods to be cleaned up",
        ("pods",),
    ),
    "cleaned up": ("I", 0, MANAGER, 457, "Eviction manager: pods successfully cleaned up", ("pods",)),
}

#: current key -> the field of ``line_of`` that fills it, where the two differ
_FIELD: Final = {
    "nodeCondition": "conditions",
    "resourceName": "resource",
    "err": "error",
    "log": "label",
    "podUID": "uid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a kubelet log, without its time: severity (I, W, E), verbosity, source and message.

    >>> from netlab.kubelet.profile import V17
    >>> line = line_of(V17, "reclaiming", resource="nodefs")
    >>> print(line.text(datetime(2017, 10, 16, 9, 50, 55, 56703), 17144))
    W1016 09:50:55.056703   17144 eviction_manager.go:331] eviction manager: attempting to reclaim nodefs
    """

    kind: str
    severity: str
    verbosity: int
    file: str
    line: int
    message: str
    fields: dict[str, object] = field(default_factory=dict, hash=False)

    def text(self, when: datetime, thread: int) -> str:
        """The line as it stands in the log: glog header (local time, microseconds, thread id) and message."""
        return f"{self.severity}{when:%m%d %H:%M:%S.%f} {thread:>7} {self.file}:{self.line}] {self.message}"

    def __str__(self) -> str:
        return f"{self.severity} {self.file}:{self.line}] {self.message}"


def line_of(profile: Profile, kind: str, **fields: object) -> LogLine:
    """The log line of a kind, in the words of a profile.

    Raises KeyError for a kind that the profile does not have. Pods are given as pairs (v1.7 name, current
    name) or lists of them: ``name_namespace(uid)`` for v1.7, ``namespace/name`` for current.

    >>> from netlab.kubelet.profile import CURRENT
    >>> print(line_of(CURRENT, "ranked", pods=[("a_ns(1)", "ns/a"), ("b_ns(2)", "ns/b")]).message)
    "Eviction manager: pods ranked for eviction" pods=["ns/a","ns/b"]
    """
    if profile.is_v17:
        severity, verbosity, file, line, words = FREE_TEXT[kind]
        shown = {name: _free(value) for name, value in fields.items()}
        message = words.format_map(shown)
    else:
        severity, verbosity, file, line, words, keys = STRUCTURED[kind]
        pairs = [f"{key}={_structured(fields[_FIELD.get(key, key)])}" for key in keys]
        message = " ".join([go_quote(words), *pairs])
    return LogLine(
        kind=kind,
        severity=severity,
        verbosity=verbosity,
        file=file,
        line=line,
        message=message,
        fields=fields,
    )


def _free(value: object) -> str:
    """A value as Go's ``%v`` (or the kubelet's pod formatter) prints it in free text."""
    if isinstance(value, tuple):
        return str(value[0])
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):
            return ", ".join(str(pod[0]) for pod in value)
        return "[" + " ".join(map(str, value)) + "]"
    return str(value)


def _structured(value: object) -> str:
    """A value as klog's key=value text prints it: strings quoted, lists as JSON, numbers bare."""
    if isinstance(value, tuple):
        return go_quote(str(value[1]))
    if isinstance(value, list):
        items = [str(item[1]) if isinstance(item, tuple) else str(item) for item in value]
        return json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return go_quote(str(value))


def go_float32(number: float) -> str:
    """A single-precision number as Go's ``%v`` prints it: the shortest digits that read back the same.

    >>> from netlab.kubelet.model import float32
    >>> go_float32(float32(0.1)), go_float32(float32(0.05)), go_float32(0.0)
    ('0.1', '0.05', '0')
    """
    for digits in range(1, 10):
        text = f"{number:.{digits}g}"
        if float32(float(text)) == number:
            break
    return text

"""Node conditions as the API shows them: status, reason, message, the events of a flip, and the taints.

Facts: ``pkg/kubelet/nodestatus/setters.go`` (v1.7: ``kubelet_node_status.go``). Reason, message and
transition time change only when the status does; the heartbeat changes every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from netlab.kubelet.profile import Profile
from netlab.kubelet.signals import DISK_PRESSURE, MEMORY_PRESSURE, PID_PRESSURE

OUT_OF_DISK: Final = "OutOfDisk"
UNKNOWN: Final = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as the kubelet records it; ``about`` is ``Node`` or ``Pod``, ``name`` whose."""

    about: str
    name: str
    type: str
    reason: str
    message: str
    namespace: str = ""
    uid: str = ""
    annotations: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.type} {self.reason} {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCondition:
    """One condition of a node; times in nanoseconds."""

    type: str
    status: str
    reason: str
    message: str
    heartbeat: int
    transition: int

    def __str__(self) -> str:
        return f"{self.type}={self.status} ({self.reason}: {self.message})"


@dataclass(frozen=True, slots=True)
class _Words:
    reason: str
    message: str
    event: str


_WORDS: Final = {
    (MEMORY_PRESSURE, True): _Words(
        "KubeletHasInsufficientMemory",
        "kubelet has insufficient memory available",
        "NodeHasInsufficientMemory",
    ),
    (MEMORY_PRESSURE, False): _Words(
        "KubeletHasSufficientMemory", "kubelet has sufficient memory available", "NodeHasSufficientMemory"
    ),
    (DISK_PRESSURE, True): _Words(
        "KubeletHasDiskPressure", "kubelet has disk pressure", "NodeHasDiskPressure"
    ),
    (DISK_PRESSURE, False): _Words(
        "KubeletHasNoDiskPressure", "kubelet has no disk pressure", "NodeHasNoDiskPressure"
    ),
    (PID_PRESSURE, True): _Words(
        "KubeletHasInsufficientPID", "kubelet has insufficient PID available", "NodeHasInsufficientPID"
    ),
    (PID_PRESSURE, False): _Words(
        "KubeletHasSufficientPID", "kubelet has sufficient PID available", "NodeHasSufficientPID"
    ),
    (OUT_OF_DISK, True): _Words("KubeletOutOfDisk", "out of disk space", "NodeOutOfDisk"),
    (OUT_OF_DISK, False): _Words(
        "KubeletHasSufficientDisk", "kubelet has sufficient disk space available", "NodeHasSufficientDisk"
    ),
}

TAINTS: Final = {
    MEMORY_PRESSURE: "node.kubernetes.io/memory-pressure",
    DISK_PRESSURE: "node.kubernetes.io/disk-pressure",
    PID_PRESSURE: "node.kubernetes.io/pid-pressure",
}
NO_SCHEDULE: Final = "NoSchedule"


def reported_types(profile: Profile) -> tuple[str, ...]:
    """The conditions a kubelet reports, in its order; v1.7 has OutOfDisk and no PIDPressure.

    >>> from netlab.kubelet.profile import V17
    >>> reported_types(V17)
    ('OutOfDisk', 'MemoryPressure', 'DiskPressure')
    """
    if profile.is_v17:
        return OUT_OF_DISK, MEMORY_PRESSURE, DISK_PRESSURE
    return MEMORY_PRESSURE, DISK_PRESSURE, PID_PRESSURE


def report(
    pressures: Iterable[str],
    previous: Mapping[str, NodeCondition],
    now: int,
    profile: Profile,
    *,
    node: str,
    out_of_disk: bool = False,
) -> tuple[dict[str, NodeCondition], tuple[Event, ...]]:
    """One node-status report: the conditions, and an event for each that changed status.

    A condition that is not in ``previous`` starts as Unknown, so the first report always has its event.
    ``pressures`` is what the eviction manager reports; ``out_of_disk`` is v1.7's other check.

    >>> from netlab.kubelet.profile import CURRENT
    >>> conditions, events = report(["DiskPressure"], {}, 0, CURRENT, node="n1")
    >>> [e.message for e in events][1]
    'Node n1 status is now: NodeHasDiskPressure'
    """
    true = set(pressures)
    if out_of_disk:
        true.add(OUT_OF_DISK)
    out: dict[str, NodeCondition] = {}
    events = []
    for kind in reported_types(profile):
        words = _WORDS[kind, kind in true]
        status = "True" if kind in true else "False"
        before = previous.get(kind)
        if before is not None and before.status == status:
            out[kind] = NodeCondition(
                type=kind,
                status=status,
                reason=before.reason,
                message=before.message,
                heartbeat=now,
                transition=before.transition,
            )
            continue
        out[kind] = NodeCondition(
            type=kind,
            status=status,
            reason=words.reason,
            message=words.message,
            heartbeat=now,
            transition=now,
        )
        events.append(
            Event(
                about="Node",
                name=node,
                type="Normal",
                reason=words.event,
                message=f"Node {node} status is now: {words.event}",
            )
        )
    return out, tuple(events)


def taints(conditions: Iterable[str], profile: Profile) -> tuple[str, ...]:
    """The taints that the control plane puts on a node with these conditions; v1.7 has none.

    >>> from netlab.kubelet.profile import CURRENT
    >>> taints(["DiskPressure"], CURRENT)
    ('node.kubernetes.io/disk-pressure:NoSchedule',)
    """
    if profile.is_v17:
        return ()
    present = set(conditions)
    return tuple(f"{key}:{NO_SCHEDULE}" for kind, key in TAINTS.items() if kind in present)


def schedulable(conditions: Iterable[str], profile: Profile, *, best_effort: bool) -> str | None:
    """Why v1.7's scheduler leaves the node out for a pod, or None: it has predicates instead of taints.

    Disk pressure excludes every pod, memory pressure only BestEffort ones. For the current line the
    answer lies in taints and tolerations, see ``taints``.
    """
    present = set(conditions)
    if not profile.is_v17:
        return None
    if DISK_PRESSURE in present:
        return "NodeUnderDiskPressure"
    if MEMORY_PRESSURE in present and best_effort:
        return "NodeUnderMemoryPressure"
    return None

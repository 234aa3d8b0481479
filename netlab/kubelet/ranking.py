"""The order in which pods are evicted, and which key decided it.

First in the list goes first. Current (``helpers.go``, since kubernetes/kubernetes#53542): usage over request,
then priority, then usage minus request; QoS is not consulted. v1.7: QoS class, then usage (memory: minus
request). A pod without figures comes before all others under every key that needs them. Upstream's sort is
not stable; here ties keep the order of the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.effective import EPHEMERAL_STORAGE, MEMORY, pod_request
from netlab.kubelet.model import ContainerStats, DiskUse, FsLayout, Pod, PodStats
from netlab.kubelet.observations import LOCAL_VOLUMES
from netlab.kubelet.profile import Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.qos import BEST_EFFORT, BURSTABLE, GUARANTEED, qos_class
from netlab.kubelet.quantity import ZERO, Quantity
from netlab.kubelet.signals import PID_AVAILABLE, SIGNALS

ROOTFS: Final = "rootfs"
LOGS: Final = "logs"
LOCAL: Final = "local volumes"

UNDECIDED: Final = "no key tells them apart, and the kubelet's sort may put either first"

_EVERYTHING: Final = (ROOTFS, LOGS, LOCAL)
#: layout -> file system -> the parts of a pod that are measured on it
MEASURED: Final[dict[FsLayout, dict[str, tuple[str, ...]]]] = {
    FsLayout.ONE: {"nodefs": _EVERYTHING, "imagefs": _EVERYTHING, "containerfs": _EVERYTHING},
    FsLayout.DEDICATED_IMAGEFS: {
        "nodefs": (LOGS, LOCAL),
        "imagefs": (ROOTFS,),
        "containerfs": (ROOTFS,),
    },
    # images belong to no pod, so under split imagefs pressure every pod measures zero
    FsLayout.SPLIT: {"nodefs": _EVERYTHING, "imagefs": (), "containerfs": _EVERYTHING},
}

_QOS_ORDER: Final = (BEST_EFFORT, BURSTABLE, GUARANTEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One sorting key of one pod: ``order`` is compared (smaller goes first), ``says`` is read."""

    name: str
    order: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A pod in the eviction order, with its keys and the key that put it before the next pod."""

    pod: Pod
    keys: tuple[Key, ...]
    before_next: str = ""

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(key.order for key in self.keys)

    def __str__(self) -> str:
        keys = "; ".join(key.says for key in self.keys)
        return f"{self.pod.namespace}/{self.pod.name}: {keys}"


def rank(
    pods: Sequence[Pod],
    stats: Mapping[str, PodStats],
    signal: str,
    layout: FsLayout,
    profile: Profile | str,
) -> tuple[Ranked, ...]:
    """Order pods for eviction under pressure on ``signal``; ``stats`` are keyed by pod UID.

    Raises KeyError for a signal that is not one, InputError for pods that share a UID.

    >>> from netlab.kubelet.profile import CURRENT
    >>> pods = [Pod(name="a", uid="1", priority=10), Pod(name="b", uid="2")]
    >>> stats = {u: PodStats(name=u, uid=u, memory_working_set=100) for u in ("1", "2")}
    >>> [r.pod.name for r in rank(pods, stats, "memory.available", FsLayout.ONE, CURRENT)]
    ['b', 'a']
    """
    entry, profile = SIGNALS[signal], profile_of(profile)
    if stats and len({pod.uid for pod in pods}) < len(pods):
        raise InputError(
            "pods share a UID, so their figures cannot be told apart",
            source="ranking",
            expected="a UID for each: Pod(name=..., uid=...)",
        )
    ranked = []
    for pod in pods:
        figures = stats.get(pod.uid)
        if profile.is_v17:
            keys = _keys_v17(pod, figures, signal, layout, profile)
        elif signal == PID_AVAILABLE:
            keys = _keys_pid(pod, figures)
        elif entry.filesystem is None:
            keys = _keys_memory(pod, figures, profile)
        else:
            keys = _keys_disk(pod, figures, MEASURED[layout][entry.filesystem], entry.unit, profile)
        ranked.append(Ranked(pod=pod, keys=keys))
    ranked.sort(key=lambda r: r.order)
    return tuple(
        Ranked(pod=r.pod, keys=r.keys, before_next=_decider(r, ranked[i + 1]) if i + 1 < len(ranked) else "")
        for i, r in enumerate(ranked)
    )


def _decider(one: Ranked, other: Ranked) -> str:
    """The key that puts ``one`` before ``other``, in words."""
    for mine, theirs in zip(one.keys, other.keys, strict=True):
        if mine.order != theirs.order:
            return f"{mine.name}: {mine.says}, against {theirs.says}"
    return UNDECIDED


def _keys_memory(pod: Pod, stats: PodStats | None, profile: Profile) -> tuple[Key, ...]:
    request = pod_request(pod, MEMORY, profile)
    if stats is None:
        return _without_stats(pod)
    used = Quantity.of(stats.memory_working_set or 0)
    return (
        _exceeds(used, request),
        _priority(pod),
        _over(used, request, "memory", "bytes"),
    )


def _keys_pid(pod: Pod, stats: PodStats | None) -> tuple[Key, ...]:
    if stats is None:
        return _priority(pod), Key(name="processes", order=-(1 << 70), says="no figures, so first")
    count = stats.process_count or 0
    return _priority(pod), Key(name="processes", order=-count, says=f"{count} processes")


def _keys_disk(
    pod: Pod, stats: PodStats | None, parts: tuple[str, ...], unit: str, profile: Profile
) -> tuple[Key, ...]:
    if stats is None:
        return _without_stats(pod)
    used = Quantity.of(pod_disk_use(pod, stats, parts, unit))
    request = pod_request(pod, EPHEMERAL_STORAGE, profile)
    # nobody requests inodes; yet the third key subtracts the byte request from the inode count
    compared = ZERO if unit == "inodes" else request
    return (
        _exceeds(used, compared),
        _priority(pod),
        _over(used, request, " + ".join(parts) or "nothing of a pod lies there", unit),
    )


def _keys_v17(
    pod: Pod, stats: PodStats | None, signal: str, layout: FsLayout, profile: Profile
) -> tuple[Key, ...]:
    entry = SIGNALS[signal]
    qos = qos_class(pod, profile)
    first = Key(name="QoS", order=_QOS_ORDER.index(qos), says=qos)
    if stats is None:
        return first, Key(name="usage", order=-(1 << 200), says="no figures, so first in its class")
    if entry.filesystem is None:
        used = Quantity.of(sum(c.memory_working_set or 0 for c in stats.containers))
        return first, _over(used, pod_request(pod, MEMORY, profile), "memory", "bytes")
    dedicated = FsLayout.ONE if layout is FsLayout.ONE else FsLayout.DEDICATED_IMAGEFS
    parts = MEASURED[dedicated][entry.filesystem]
    amount = pod_disk_use(pod, stats, parts, entry.unit)
    return first, Key(name="usage", order=-amount, says=f"{' + '.join(parts)} {amount} {entry.unit}")


def _without_stats(pod: Pod) -> tuple[Key, ...]:
    return (
        Key(name="over its request", order=0, says="no figures, so before all others"),
        _priority(pod),
        Key(name="usage above request", order=0, says="no figures"),
    )


def _exceeds(used: Quantity, request: Quantity) -> Key:
    over = used > request
    relation = "more than" if over else "within"
    return Key(
        name="over its request",
        order=1 if over else 2,
        says=f"uses {used}, {relation} its request of {request}",
    )


def _priority(pod: Pod) -> Key:
    unset = "" if pod.priority is not None else " (unset)"
    priority = pod.priority or 0
    return Key(name="priority", order=priority, says=f"priority {priority}{unset}")


def _over(used: Quantity, request: Quantity, of_what: str, unit: str) -> Key:
    above = used - request
    return Key(
        name="usage above request",
        order=-above.nano,
        says=f"{of_what} {used} - request {request} = {above} ({above.value} {unit})",
    )


def pod_disk_use(pod: Pod, stats: PodStats, parts: tuple[str, ...], unit: str) -> int:
    """Bytes or inodes (``unit``) of the measured parts of a pod; a missing figure counts as zero.

    Writable layers and logs come from the containers, local volumes from the pod's volumes of a local kind.
    """
    total = 0
    for container in stats.containers:
        total += sum(_amount(use, unit) for use in _parts(container, parts))
    if LOCAL in parts:
        local = [v.name for v in pod.volumes if v.kind in LOCAL_VOLUMES and not _in_memory(v.kind, v.medium)]
        total += sum(_amount(stats.volumes.get(name), unit) for name in local)
    return total


def _parts(container: ContainerStats, parts: tuple[str, ...]) -> list[DiskUse | None]:
    return [use for part, use in ((ROOTFS, container.rootfs), (LOGS, container.logs)) if part in parts]


def _in_memory(kind: str, medium: str) -> bool:
    return kind == "emptyDir" and medium != ""


def _amount(use: DiskUse | None, unit: str) -> int:
    if use is None:
        return 0
    return (use.inodes if unit == "inodes" else use.used) or 0

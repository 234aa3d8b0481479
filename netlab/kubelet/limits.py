"""Evictions for local storage over its limit: before thresholds are acted on, and every offender at once.

Facts: ``localStorageEviction`` in ``eviction_manager.go``. Comparisons are strict. Current checks, first hit
wins: an emptyDir's sizeLimit, the pod's ephemeral-storage limit, a container's. v1.7 (alpha gate
LocalStorageCapacityIsolation, off by default): an emptyDir's sizeLimit, a container's overlay limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netlab.kubelet.effective import EPHEMERAL_STORAGE, pod_limit
from netlab.kubelet.gotext import go_quote
from netlab.kubelet.model import FsLayout, Pod, PodStats
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import ZERO, Quantity

EMPTY_DIR_LIMIT: Final = "emptydirfs.limit"
POD_LIMIT: Final = "ephemeralpodfs.limit"
CONTAINER_LIMIT: Final = "ephemeralcontainerfs.limit"
OVERLAY: Final = "storage.kubernetes.io/overlay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A limit that a pod is over: both messages, the metric's label, and by how much."""

    metric: str
    message: str
    status_message: str
    used: Quantity
    limit: Quantity

    @property
    def why(self) -> str:
        return f"{self.used} used, limit {self.limit}: {(self.used - self.limit).value} bytes over"


def over_limit(pod: Pod, stats: PodStats, layout: FsLayout, profile: Profile) -> Excess | None:
    """The first local-storage limit that the pod exceeds, or None.

    >>> from netlab.kubelet.model import DiskUse, Volume
    >>> from netlab.kubelet.profile import CURRENT
    >>> pod = Pod(name="p", volumes=(Volume(name="cache", kind="emptyDir", size_limit=Quantity.of(1024)),))
    >>> stats = PodStats(name="p", volumes={"cache": DiskUse(used=1025)})
    >>> over_limit(pod, stats, FsLayout.ONE, CURRENT).message
    'Usage of EmptyDir volume "cache" exceeds the limit "1Ki". '
    """
    return next(excesses(pod, stats, layout, profile), None)


def excesses(pod: Pod, stats: PodStats, layout: FsLayout, profile: Profile) -> Iterator[Excess]:
    """The limits that the pod exceeds, at most one of each kind, in the order they are checked."""
    checks = (
        _empty_dir(pod, stats, profile),
        None if profile.is_v17 else _pod(pod, stats),
        _overlay(pod, stats) if profile.is_v17 else _container(pod, stats, layout),
    )
    yield from (excess for excess in checks if excess is not None)


def _empty_dir(pod: Pod, stats: PodStats, profile: Profile) -> Excess | None:
    for volume in pod.volumes:
        use = stats.volumes.get(volume.name)
        limit = volume.size_limit
        if volume.kind != "emptyDir" or limit is None or limit.nano <= 0 or use is None or use.used is None:
            continue
        used = Quantity.of(use.used)
        if not used > limit:
            continue
        if profile.is_v17:
            message = f"emptyDir usage exceeds the limit {go_quote(str(limit))}"
            status = "The node was low on resource: EmptyDir."
        else:
            message = status = (
                f"Usage of EmptyDir volume {go_quote(volume.name)} exceeds the limit {go_quote(str(limit))}. "
            )
        return Excess(metric=EMPTY_DIR_LIMIT, message=message, status_message=status, used=used, limit=limit)
    return None


def _pod(pod: Pod, stats: PodStats) -> Excess | None:
    limit = pod_limit(pod, EPHEMERAL_STORAGE)
    if limit is None:
        return None
    used = Quantity.of((stats.ephemeral.used if stats.ephemeral is not None else 0) or 0)
    if not used > limit:
        return None
    message = f"Pod ephemeral local storage usage exceeds the total limit of containers {limit}. "
    return Excess(metric=POD_LIMIT, message=message, status_message=message, used=used, limit=limit)


def _container(pod: Pod, stats: PodStats, layout: FsLayout) -> Excess | None:
    limits = {c.name: c.limits.get(EPHEMERAL_STORAGE, ZERO) for c in pod.containers}
    for container in stats.containers:
        limit = limits.get(container.name, ZERO)
        if not limit:
            continue
        parts = (container.logs, container.rootfs if layout is FsLayout.ONE else None)
        used = Quantity.of(sum((use.used or 0) for use in parts if use is not None))
        if used > limit:
            message = (
                f"Container {container.name} exceeded its local ephemeral storage limit "
                f"{go_quote(str(limit))}. "
            )
            return Excess(
                metric=CONTAINER_LIMIT, message=message, status_message=message, used=used, limit=limit
            )
    return None


def _overlay(pod: Pod, stats: PodStats) -> Excess | None:
    limits = {c.name: c.limits.get(OVERLAY, ZERO) for c in pod.containers}
    for container in stats.containers:
        limit = limits.get(container.name, ZERO)
        used = Quantity.of((container.rootfs.used if container.rootfs is not None else 0) or 0)
        if limit and used > limit:
            return Excess(
                metric=CONTAINER_LIMIT,
                message=f"container's overlay usage exceeds the limit {go_quote(str(limit))}",
                status_message="The node was low on resource: containerOverlay.",
                used=used,
                limit=limit,
            )
    return None

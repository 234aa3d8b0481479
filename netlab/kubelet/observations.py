"""Observations out of a kubelet's stats summary (``/stats/summary``), as the eviction manager makes them.

An observation exists only if both its inputs are there; what is missing is listed with its reason, never
assumed. Facts from ``pkg/kubelet/eviction/helpers.go`` (makeSignalObservations) of both lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet.fields import Fields, load_json
from netlab.kubelet.model import (
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
)
from netlab.kubelet.profile import Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.quantity import ZERO, Family, Quantity
from netlab.kubelet.signals import (
    ALLOCATABLE_MEMORY_AVAILABLE,
    ALLOCATABLE_NODEFS_AVAILABLE,
    MEMORY_AVAILABLE,
    PID_AVAILABLE,
)

#: Volumes that live on the node's disk and count as local (``emptyDir`` unless its medium is memory).
LOCAL_VOLUMES: Final = ("hostPath", "emptyDir", "configMap", "gitRepo")

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Observations by signal, the pods' figures, and why signals are missing."""

    observations: Mapping[str, Observation] = field(default_factory=dict)
    pods: tuple[PodStats, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)


def parse_time(text: str | None) -> int | None:
    """An RFC 3339 time in nanoseconds since 1970; None for none.

    >>> parse_time("1970-01-01T00:00:01.5Z"), parse_time("1970-01-01T08:00:00+08:00")
    (1500000000, 0)
    """
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise InputError("not a time", source="time", text=text, column=0, expected="2017-10-16T09:50:55Z")
    whole = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    return round(whole.timestamp()) * 10**9 + int((match[2] or "0").ljust(9, "0"))


def memory_observation(total: int, usage: int, inactive_file: int, time: int | None = None) -> Observation:
    """memory.available from the root cgroup's bytes: total less the working set (cAdvisor).

    The working set is usage without inactive file pages, never below zero: active page cache counts as used.

    >>> str(memory_observation(4 << 30, 3 << 30, 1 << 30).available)
    '2Gi'
    """
    working_set = max(0, usage - inactive_file)
    return Observation(Quantity.of(total - working_set), Quantity.of(total), time)


def pid_observation(loadavg: str, pid_max: int, threads_max: int, time: int | None = None) -> Observation:
    """pid.available from ``/proc/loadavg``, ``kernel.pid_max`` and ``kernel.threads-max`` (stats/pidlimit).

    Tasks are threads: the number after the slash in the fourth field. Raises InputError for other text.

    >>> str(pid_observation("0.10 0.20 0.30 2/900 12345", 32768, 127000).available)
    '31868'
    """
    match = re.fullmatch(r"\s*(?:\S+\s+){3}\d+/(\d+)(?:\s+\S+)*\s*", loadavg)
    if match is None:
        raise InputError(
            "not the text of /proc/loadavg",
            source="/proc/loadavg",
            text=loadavg,
            column=0,
            expected="0.10 0.20 0.30 2/900 12345",
        )
    most = min(pid_max, threads_max)
    return Observation(
        Quantity.of(most - int(match[1]), Family.DECIMAL), Quantity.of(most, Family.DECIMAL), time
    )


def read_summary(
    text: str | Mapping[str, Any],
    profile: Profile | str,
    *,
    pods: Sequence[Pod] = (),
    layout: FsLayout = FsLayout.ONE,
    node_capacity: Mapping[str, Quantity] | None = None,
    reservation: Mapping[str, Quantity] | None = None,
    source: str = "stats/summary",
) -> Observed:
    """The observations and pod figures of a stats summary, given as text or already parsed.

    v1.7 computes its allocatable signals itself, for which it needs the node's capacity and reservation
    (``memory``; ``storage.kubernetes.io/scratch`` or ``ephemeral-storage``) and the active pods.

    >>> from netlab.kubelet.profile import CURRENT
    >>> fs = {"availableBytes": 1024, "capacityBytes": 4096}
    >>> str(read_summary({"node": {"fs": fs}}, CURRENT).observations["nodefs.available"].available)
    '1Ki'
    """
    profile = profile_of(profile)
    data = load_json(text, source, "the answer of /stats/summary") if isinstance(text, str) else text
    whole = Fields(data, "", source)
    if not whole.has("node"):
        raise InputError("the stats summary has no node", source=source, line=1, expected='{"node": {...}}')
    stats = tuple(pod_stats(entry) for entry in whole.children("pods"))
    node = whole.child("node")
    reader = _Reader(node, profile)
    reader.memory()
    reader.filesystem("nodefs", node.child("fs"))
    reader.filesystem("imagefs", node.child("runtime", "imageFs"))
    if profile.is_v17:
        reader.allocatable_memory_v17(stats, node_capacity or {}, reservation)
        reader.allocatable_nodefs_v17(stats, pods, node_capacity or {}, reservation, layout)
    else:
        reader.allocatable_memory()
        reader.filesystem("containerfs", node.child("runtime", "containerFs"))
        reader.pids()
    return Observed(observations=reader.found, pods=stats, missing=reader.missing)


class _Reader:
    """Collects observations of one node, and reasons for what is missing."""

    def __init__(self, node: Fields, profile: Profile) -> None:
        self.node = node
        self.profile = profile
        self.found: dict[str, Observation] = {}
        self.missing: dict[str, str] = {}

    def pair(
        self,
        signal: str,
        place: Fields,
        names: tuple[str, str],
        available_capacity: Callable[[int, int], tuple[int, int]],
        family: Family = Family.BINARY,
    ) -> bool:
        first, second = place.integer(names[0]), place.integer(names[1])
        if first is None or second is None:
            absent = [name for name in names if not place.has(name)]
            self.missing[signal] = f"{place.path} has no {' and no '.join(absent)}"
            return False
        available, capacity = available_capacity(first, second)
        self.found[signal] = Observation(
            Quantity.of(available, family), Quantity.of(capacity, family), parse_time(place.word("time"))
        )
        return True

    def memory(self) -> None:
        self._memory(MEMORY_AVAILABLE, self.node.child("memory"))

    def _memory(self, signal: str, place: Fields) -> None:
        self.pair(
            signal, place, ("availableBytes", "workingSetBytes"), lambda free, used: (free, free + used)
        )

    def allocatable_memory(self) -> None:
        containers = self.node.children("systemContainers")
        pods = next((c for c in containers if c.word("name") == "pods"), None)
        if pods is None:
            self.missing[ALLOCATABLE_MEMORY_AVAILABLE] = 'system container "pods" not found in metrics'
            return
        self._memory(ALLOCATABLE_MEMORY_AVAILABLE, pods.child("memory"))

    def filesystem(self, name: str, place: Fields) -> None:
        bytes_there = self.pair(
            f"{name}.available", place, ("availableBytes", "capacityBytes"), lambda free, size: (free, size)
        )
        if name == "imagefs" and self.profile.is_v17 and not bytes_there:
            self.missing["imagefs.inodesFree"] = "v1.7 looks at imagefs inodes only after its bytes"
            return
        family = Family.BINARY if self.profile.is_v17 else Family.DECIMAL
        self.pair(
            f"{name}.inodesFree", place, ("inodesFree", "inodes"), lambda free, size: (free, size), family
        )

    def pids(self) -> None:
        place = self.node.child("rlimit")
        self.pair(
            PID_AVAILABLE, place, ("maxpid", "curproc"), lambda most, now: (most - now, most), Family.DECIMAL
        )

    def allocatable_memory_v17(
        self,
        stats: Iterable[PodStats],
        capacity: Mapping[str, Quantity],
        reservation: Mapping[str, Quantity] | None,
    ) -> None:
        """Capacity less the reservation less every container's working set; no time, so always fresh."""
        if "memory" not in capacity or reservation is None:
            self.missing[ALLOCATABLE_MEMORY_AVAILABLE] = (
                "the node's memory capacity and reservation are not known"
            )
            return
        used = sum(c.memory_working_set or 0 for pod in stats for c in pod.containers)
        left = capacity["memory"] - reservation.get("memory", ZERO) - Quantity.of(used)
        self.found[ALLOCATABLE_MEMORY_AVAILABLE] = Observation(left, capacity["memory"])

    def allocatable_nodefs_v17(
        self,
        stats: Iterable[PodStats],
        pods: Iterable[Pod],
        capacity: Mapping[str, Quantity],
        reservation: Mapping[str, Quantity] | None,
        layout: FsLayout,
    ) -> None:
        """Scratch capacity less the reservation less what active pods wrote; no time."""
        names = ("storage.kubernetes.io/scratch", "ephemeral-storage")
        name = next((n for n in names if n in capacity), None)
        if name is None or reservation is None:
            self.missing[ALLOCATABLE_NODEFS_AVAILABLE] = (
                "the node's scratch capacity and reservation are not known"
            )
            return
        by_uid = {s.uid: s for s in stats}
        left = capacity[name] - reservation.get(name, ZERO)
        for pod in pods:
            if pod.uid in by_uid:
                left = left - Quantity.of(_scratch(pod, by_uid[pod.uid], layout))
        self.found[ALLOCATABLE_NODEFS_AVAILABLE] = Observation(left, capacity[name])


def _scratch(pod: Pod, stats: PodStats, layout: FsLayout) -> int:
    """Rootfs (unless imagefs is dedicated), logs and local volumes of one pod, in bytes."""
    total = 0
    for container in stats.containers:
        parts = [container.logs] + ([container.rootfs] if layout is FsLayout.ONE else [])
        total += sum(part.used or 0 for part in parts if part)
    for volume in pod.volumes:
        if volume.kind in LOCAL_VOLUMES and volume.medium != "Memory" and volume.name in stats.volumes:
            total += stats.volumes[volume.name].used or 0
    return total


def pod_stats(entry: Fields) -> PodStats:
    """One pod of a stats summary."""

    def use(place: Fields) -> DiskUse | None:
        if not place.value:
            return None
        return DiskUse(used=place.integer("usedBytes"), inodes=place.integer("inodesUsed"))

    reference = entry.child("podRef")
    return PodStats(
        name=reference.word("name"),
        namespace=reference.word("namespace"),
        uid=reference.word("uid"),
        memory_working_set=entry.child("memory").integer("workingSetBytes"),
        containers=tuple(
            ContainerStats(
                name=container.word("name"),
                memory_working_set=container.child("memory").integer("workingSetBytes"),
                rootfs=use(container.child("rootfs")),
                logs=use(container.child("logs")),
            )
            for container in entry.children("containers")
        ),
        volumes={
            volume.word("name"): DiskUse(
                used=volume.integer("usedBytes"), inodes=volume.integer("inodesUsed")
            )
            for volume in entry.children("volume")
        },
        ephemeral=use(entry.child("ephemeral-storage")),
        process_count=entry.child("process_stats").integer("process_count"),
    )

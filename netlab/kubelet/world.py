"""A node whose figures change over virtual time: file systems, memory, processes and the pods' shares.

Every amount is a meter: so much now, growing by so much a second, never below zero. Between two events all
meters are straight lines, so a figure can be had for any moment at once; that is what lets ``simulate`` skip
passes. Event times are whole seconds; readings may fall between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.duration import SECOND
from netlab.kubelet.model import (
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
)
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.signals import (
    ALLOCATABLE_MEMORY_AVAILABLE,
    ALLOCATABLE_NODEFS_AVAILABLE,
    MEMORY_AVAILABLE,
    PID_AVAILABLE,
    SIGNALS,
)
from netlab.kubelet.state import Stats

#: what a workload uses; ``inodes`` are those of the writable layer, ``volume`` lies in a volume named "data"
PARTS: Final = ("memory", "processes", "rootfs", "logs", "volume", "inodes")
VOLUME: Final = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system: bytes and inodes in all, in use by others than pods, and reserved for root.

    ``images`` and ``dead`` are bytes that the deletion of unused images and of dead containers frees.
    """

    capacity: int
    used: int = 0
    reserved: int = 0
    inodes: int = 0
    inodes_used: int = 0
    images: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The machine. ``imagefs`` None: images lie on nodefs, and the layout is one file system.

    Figures left at zero are not observed at all. ``memory_reserved`` is the node-allocatable reservation.
    """

    nodefs: Disk
    imagefs: Disk | None = None
    split: bool = False
    memory: int = 0
    memory_used: int = 0
    memory_reserved: int = 0
    max_pid: int = 0
    tasks: int = 0

    @property
    def layout(self) -> FsLayout:
        if self.imagefs is None:
            return FsLayout.ONE
        return FsLayout.SPLIT if self.split else FsLayout.DEDICATED_IMAGEFS


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A pod with what it uses at its start and by how much that grows, in amounts per second.

    ``stops_in`` and ``cleans_in`` are seconds to end after a kill (cut short by the grace it is given) and
    to be cleaned up after that. ``recreate_after`` seconds after its end or refusal a controller makes it
    anew; None: never. Raises InputError for parts that are not in ``PARTS``.
    """

    pod: Pod
    uses: Mapping[str, int] = field(default_factory=dict)
    grows: Mapping[str, int] = field(default_factory=dict)
    stops_in: int = 0
    cleans_in: int = 0
    recreate_after: int | None = None

    def __post_init__(self) -> None:
        for part in (*self.uses, *self.grows):
            if part not in PARTS:
                raise InputError(
                    f"unknown part {part!r} of workload {self.pod.name}", expected=", ".join(PARTS)
                )


class World:
    """The meters of a node, at a moment ``at`` (nanoseconds); mutable, owned by one simulation."""

    def __init__(self, node: Node, profile: Profile) -> None:
        self.node = node
        self.profile = profile
        self.layout = node.layout
        self.at = 0
        self.base: dict[tuple[str, str], int] = {}
        self.rate: dict[tuple[str, str], int] = {}
        self.pods: dict[str, Workload] = {}
        for name, disk in (("nodefs", node.nodefs), ("imagefs", node.imagefs)):
            if disk is not None:
                self.base[name, "used"] = disk.used
                self.base[name, "inodes"] = disk.inodes_used
                self.base[name, "images"] = disk.images
                self.base[name, "dead"] = disk.dead
        self.base["memory", "used"] = node.memory_used
        self.base["processes", "used"] = node.tasks

    # -- change -------------------------------------------------------------------------------

    def advance(self, at: int) -> None:
        """Move to ``at``: meters take their values there, those that fell to zero stop."""
        for meter, rate in list(self.rate.items()):
            value = self.base[meter] + rate * (at - self.at) // SECOND
            self.base[meter] = max(0, value)
            if value <= 0 and rate < 0:
                del self.rate[meter]
        self.at = at

    def next_stop(self) -> int | None:
        """The first whole second at which a falling meter has reached zero, if any does."""
        stops = [
            self.at + -(-self.base[meter] // -rate) * SECOND for meter, rate in self.rate.items() if rate < 0
        ]
        return min(stops, default=None)

    def meter(self, path: str) -> tuple[str, str]:
        """The meter that a path names: ``nodefs``, ``imagefs/inodes``, ``memory``, ``pods/NAME/logs``.

        Raises InputError for a path that names none.
        """
        head, _, tail = path.partition("/")
        if head == "pods":
            name, _, part = tail.rpartition("/")
            for uid, workload in self.pods.items():
                if workload.pod.name == name and part in PARTS:
                    return uid, part
        elif (head, tail or "used") in self.base:
            return head, tail or "used"
        known = sorted({f"{a}/{b}" for a, b in self.base if a not in self.pods})
        raise InputError(
            f"no meter {path!r}",
            expected=", ".join([*known, *(f"pods/{w.pod.name}/PART" for w in self.pods.values())]),
        )

    def add(self, meter: tuple[str, str], amount: int) -> None:
        self.base[meter] = max(0, self.base[meter] + amount)

    def set_rate(self, meter: tuple[str, str], rate: int) -> None:
        if rate:
            self.rate[meter] = rate
        else:
            self.rate.pop(meter, None)

    def start(self, workload: Workload) -> None:
        uid = workload.pod.uid
        if uid in self.pods:
            raise InputError(
                f"pods {self.pods[uid].pod.name} and {workload.pod.name} have one UID, {uid!r}",
                source="simulation",
                expected="a UID for each: Pod(name=..., uid=...)",
            )
        self.pods[uid] = workload
        for part in PARTS:
            self.base[uid, part] = workload.uses.get(part, 0)
            self.set_rate((uid, part), workload.grows.get(part, 0))

    def remove(self, uid: str) -> None:
        del self.pods[uid]
        for part in PARTS:
            del self.base[uid, part]
            self.rate.pop((uid, part), None)

    def free(self, kind: str, most: int | None = None) -> int:
        """Delete unused ``images`` or ``dead`` containers, all or about ``most`` bytes; what that frees."""
        freed = 0
        for name in ("imagefs", "nodefs"):
            there = self.base.get((name, kind), 0)
            part = there if most is None else min(there, most - freed)
            if part:
                self.base[name, kind] -= part
                freed += part
        return freed

    def refills(self) -> bool:
        """Whether unused images or dead containers come up again, so that the next deletion frees some."""
        return any(kind in ("images", "dead") for _, kind in self.rate)

    # -- figures ------------------------------------------------------------------------------

    def _sum(self, meters: list[tuple[str, str]], at: int) -> int:
        base = sum(self.base.get(m, 0) for m in meters)
        rate = sum(self.rate.get(m, 0) for m in meters)
        return max(0, base + rate * (at - self.at) // SECOND)

    def figures(self, signal: str, at: int) -> tuple[int, int] | None:
        """Available and capacity of a signal at a moment after the last event; None: not observed."""
        node = self.node
        if signal == MEMORY_AVAILABLE:
            used = self._sum([("memory", "used"), *self._of_pods("memory")], at)
            return (max(0, node.memory - used), node.memory) if node.memory else None
        if signal == ALLOCATABLE_MEMORY_AVAILABLE:
            if not node.memory:
                return None
            pods, room = self._sum(self._of_pods("memory"), at), node.memory - node.memory_reserved
            # v1.7 measures against the machine, current against the pods' own cgroup
            return (room - pods, node.memory) if self.profile.is_v17 else (max(0, room - pods), room)
        if signal == PID_AVAILABLE:
            used = self._sum([("processes", "used"), *self._of_pods("processes")], at)
            return (node.max_pid - used, node.max_pid) if node.max_pid else None
        if signal == ALLOCATABLE_NODEFS_AVAILABLE:
            parts = ("logs", "volume") if self.layout is not FsLayout.ONE else ("rootfs", "logs", "volume")
            pods = self._sum([m for part in parts for m in self._of_pods(part)], at)
            return node.nodefs.capacity - pods, node.nodefs.capacity
        filesystem, unit = SIGNALS[signal].filesystem, SIGNALS[signal].unit
        disk, meters = self._disk(filesystem or "", unit)
        if unit == "inodes":
            if not disk.inodes:
                return None
            return max(0, disk.inodes - self._sum(meters, at)), disk.inodes
        return max(0, disk.capacity - disk.reserved - self._sum(meters, at)), disk.capacity

    def _of_pods(self, part: str) -> list[tuple[str, str]]:
        return [(uid, part) for uid in self.pods]

    def _disk(self, filesystem: str, unit: str) -> tuple[Disk, list[tuple[str, str]]]:
        """A file system and the meters that fill it."""
        on_nodefs = ["logs", "volume"]
        if self.layout is not FsLayout.DEDICATED_IMAGEFS:
            on_nodefs.append("rootfs")
        apart = self.layout is not FsLayout.ONE and self.node.imagefs is not None
        # containerfs is wherever the writable layers are
        if filesystem == "containerfs":
            filesystem = "imagefs" if self.layout is FsLayout.DEDICATED_IMAGEFS else "nodefs"
        if filesystem == "imagefs" and apart and self.node.imagefs is not None:
            disk = self.node.imagefs
            parts = ["rootfs"] if self.layout is FsLayout.DEDICATED_IMAGEFS else []
        else:
            filesystem, disk, parts = "nodefs", self.node.nodefs, on_nodefs
        if unit == "inodes":
            layers = self._of_pods("inodes") if "rootfs" in parts else []
            return disk, [(filesystem, "inodes"), *layers]
        kinds = [(filesystem, kind) for kind in ("used", "images", "dead")]
        return disk, [*kinds, *(m for part in parts for m in self._of_pods(part))]

    def pod_stats(self, uid: str, at: int) -> PodStats:
        """One pod's figures at a moment; its single container carries its name."""
        workload = self.pods[uid]
        pod = workload.pod
        value = {part: self._sum([(uid, part)], at) for part in PARTS}
        name = pod.containers[0].name if pod.containers else pod.name
        rootfs = DiskUse(used=value["rootfs"], inodes=value["inodes"])
        logs = DiskUse(used=value["logs"])
        return PodStats(
            name=pod.name,
            namespace=pod.namespace,
            uid=uid,
            memory_working_set=value["memory"],
            process_count=value["processes"],
            containers=(
                ContainerStats(name=name, memory_working_set=value["memory"], rootfs=rootfs, logs=logs),
            ),
            volumes={VOLUME: DiskUse(used=value["volume"])},
            ephemeral=DiskUse(used=value["rootfs"] + value["logs"] + value["volume"]),
        )

    def stats(self, signals: tuple[str, ...], at: int, active: tuple[str, ...]) -> Stats:
        """A reading at a moment: observations of these signals, figures of these pods."""
        observations = {}
        for signal in signals:
            seen = self.figures(signal, at)
            if seen is not None:
                available, capacity = (Quantity.of(n) for n in seen)
                timeless = self.profile.is_v17 and signal.startswith("allocatable")
                observations[signal] = Observation(available, capacity, None if timeless else at)
        return Stats(observations=observations, pods={uid: self.pod_stats(uid, at) for uid in active})

"""The eviction signals as a table: what each measures, the condition it raises, the resource it starves.

Facts from ``pkg/kubelet/eviction/api/types.go``, ``helpers.go`` and ``helpers_others.go``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.kubelet.profile import Profile

MEMORY_AVAILABLE: Final = "memory.available"
NODEFS_AVAILABLE: Final = "nodefs.available"
NODEFS_INODES_FREE: Final = "nodefs.inodesFree"
IMAGEFS_AVAILABLE: Final = "imagefs.available"
IMAGEFS_INODES_FREE: Final = "imagefs.inodesFree"
CONTAINERFS_AVAILABLE: Final = "containerfs.available"
CONTAINERFS_INODES_FREE: Final = "containerfs.inodesFree"
ALLOCATABLE_MEMORY_AVAILABLE: Final = "allocatableMemory.available"
ALLOCATABLE_NODEFS_AVAILABLE: Final = "allocatableNodeFs.available"
PID_AVAILABLE: Final = "pid.available"

MEMORY_PRESSURE: Final = "MemoryPressure"
DISK_PRESSURE: Final = "DiskPressure"
PID_PRESSURE: Final = "PIDPressure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal: its condition, the resource it starves per profile (None: the profile lacks it).

    ``filesystem`` is ``nodefs``, ``imagefs``, ``containerfs`` or None; ``unit`` what is counted.
    """

    name: str
    condition: str
    current: str | None
    v17: str | None
    filesystem: str | None
    unit: str
    available_from: str
    capacity_from: str

    def resource(self, profile: Profile) -> str | None:
        """The starved resource as messages name it, or None where the profile does not know the signal."""
        return self.v17 if profile.is_v17 else self.current


def _disk(filesystem: str, v17: tuple[str | None, str | None], where: str) -> tuple[Signal, Signal]:
    return (
        Signal(
            name=f"{filesystem}.available",
            condition=DISK_PRESSURE,
            current="ephemeral-storage",
            v17=v17[0],
            filesystem=filesystem,
            unit="bytes",
            available_from=f"{where} availableBytes",
            capacity_from=f"{where} capacityBytes",
        ),
        Signal(
            name=f"{filesystem}.inodesFree",
            condition=DISK_PRESSURE,
            current="inodes",
            v17=v17[1],
            filesystem=filesystem,
            unit="inodes",
            available_from=f"{where} inodesFree",
            capacity_from=f"{where} inodes",
        ),
    )


SIGNALS: Final = {
    s.name: s
    for s in (
        Signal(
            name=MEMORY_AVAILABLE,
            condition=MEMORY_PRESSURE,
            current="memory",
            v17="memory",
            filesystem=None,
            unit="bytes",
            available_from="node memory availableBytes",
            capacity_from="node memory availableBytes + workingSetBytes",
        ),
        Signal(
            name=ALLOCATABLE_MEMORY_AVAILABLE,
            condition=MEMORY_PRESSURE,
            current="memory",
            v17="memory",
            filesystem=None,
            unit="bytes",
            available_from="container pods availableBytes; v1.7: capacity - reservation - working sets",
            capacity_from="availableBytes + workingSetBytes; v1.7: node memory capacity",
        ),
        *_disk("nodefs", ("nodefs", "nodefsInodes"), "node fs"),
        *_disk("imagefs", ("imagefs", "imagefsInodes"), "runtime imageFs"),
        *_disk("containerfs", (None, None), "runtime containerFs"),
        Signal(
            name=PID_AVAILABLE,
            condition=PID_PRESSURE,
            current="pids",
            v17=None,
            filesystem=None,
            unit="tasks",
            available_from="rlimit maxpid - curproc",
            capacity_from="rlimit maxpid",
        ),
        Signal(
            name=ALLOCATABLE_NODEFS_AVAILABLE,
            condition=DISK_PRESSURE,
            current=None,
            v17="nodefs",
            filesystem="nodefs",
            unit="bytes",
            available_from="scratch capacity - reservation - what active pods use",
            capacity_from="scratch capacity",
        ),
    )
}


def known_signal(name: str, profile: Profile) -> Signal | None:
    """The signal of that name if the profile has it.

    >>> from netlab.kubelet.profile import CURRENT, V17
    >>> known_signal("pid.available", V17) is None, known_signal("pid.available", CURRENT).condition
    (True, 'PIDPressure')
    """
    signal = SIGNALS.get(name)
    return signal if signal is not None and signal.resource(profile) is not None else None

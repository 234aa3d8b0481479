"""The values that the eviction manager works on: thresholds, observations, pods and their figures.

All times and durations are integers of nanoseconds. A figure that is missing is None, never zero.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from netlab.kubelet.duration import format_duration
from netlab.kubelet.quantity import Family, Quantity

LESS_THAN: Final = "LessThan"
_INT64_MIN: Final = -(1 << 63)


def float32(number: float) -> float:
    """The nearest single-precision number, as a Python float (infinite where single precision is).

    >>> float32(0.1)
    0.10000000149011612
    """
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


class FsLayout(Enum):
    """How nodefs, images and writable layers lie on disks; detected once by the kubelet."""

    ONE = "one"
    DEDICATED_IMAGEFS = "dedicated imagefs"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class ThresholdValue:
    """A quantity, or a fraction of capacity held in single precision (0.1 for 10%).

    >>> ThresholdValue(percentage=float32(float32(10) / 100)).of(100 * 2**30).value
    10737418400
    """

    quantity: Quantity | None = None
    percentage: float = 0.0

    def of(self, capacity: Quantity | int) -> Quantity:
        """The amount this value means of a capacity: ``trunc(float64(capacity) * float64(p))``.

        What does not fit 64 bits, NaN included, becomes -2^63, as the conversion does on amd64.
        """
        if self.quantity is not None:
            return self.quantity
        whole = capacity.value if isinstance(capacity, Quantity) else capacity
        product = float(whole) * self.percentage
        fits = -9223372036854775808.0 <= product < 9223372036854775808.0
        return Quantity.of(int(product) if fits else _INT64_MIN, Family.BINARY)

    def __str__(self) -> str:
        if self.quantity is not None:
            return str(self.quantity)
        return f"{self.percentage * 100:.6g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """When a signal counts as starved. Grace 0 means hard; ``op`` "" can never be met.

    ``min_reclaim`` is not part of identity between passes (see ``key``), as upstream compares.
    """

    signal: str
    value: ThresholdValue
    op: str = LESS_THAN
    grace: int = 0
    min_reclaim: ThresholdValue | None = None

    @property
    def hard(self) -> bool:
        return self.grace == 0

    @property
    def key(self) -> tuple[str, str, ThresholdValue, int]:
        """Signal, operator, value, grace: what makes two thresholds the same when lists are merged."""
        return self.signal, self.op, self.value, self.grace

    def __str__(self) -> str:
        text = f"{self.signal}<{self.value}" if self.op == LESS_THAN else f"{self.signal} (no operator)"
        if self.grace:
            text += f" for {format_duration(self.grace)}"
        if self.min_reclaim is not None and (self.min_reclaim.quantity or self.min_reclaim.percentage):
            text += f", reclaim at least {self.min_reclaim}"
        return text


@dataclass(frozen=True, slots=True)
class Observation:
    """One signal at one moment; ``time`` None means the figure has no timestamp and is always fresh."""

    available: Quantity
    capacity: Quantity
    time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toleration:
    """A pod's toleration of a taint; operator ``Exists`` or ``Equal``; empty key or effect means any."""

    key: str = ""
    operator: str = "Equal"
    value: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A pod's volume: its kind (``emptyDir``, ``hostPath``, ...), and an emptyDir's medium and limit."""

    name: str
    kind: str
    medium: str = ""
    size_limit: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container's requests and limits by resource name; ``restart_always`` marks an init sidecar."""

    name: str
    requests: Mapping[str, Quantity] = field(default_factory=dict)
    limits: Mapping[str, Quantity] = field(default_factory=dict)
    restart_always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """What the eviction manager reads of a pod; ``priority`` None is unset, grace in seconds as in the API.

    ``resources`` are pod-level requests and limits (newest releases), None where the pod has none.
    """

    name: str
    namespace: str = "default"
    uid: str = ""
    containers: tuple[Container, ...] = ()
    init_containers: tuple[Container, ...] = ()
    overhead: Mapping[str, Quantity] = field(default_factory=dict)
    resources: Container | None = None
    priority: int | None = None
    static: bool = False
    mirror: bool = False
    annotations: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Toleration, ...] = ()
    termination_grace_seconds: int | None = None
    volumes: tuple[Volume, ...] = ()
    phase: str = "Running"

    @property
    def full_name(self) -> str:
        """``name_namespace(uid)``, as kubelet logs of the v1.7 line print a pod."""
        return f"{self.name}_{self.namespace}({self.uid})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """Bytes and inodes in use on one file system part."""

    used: int | None = None
    inodes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerStats:
    """One container's figures from a stats summary."""

    name: str
    memory_working_set: int | None = None
    rootfs: DiskUse | None = None
    logs: DiskUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PodStats:
    """One pod's figures from a stats summary; ``volumes`` by volume name, ``ephemeral`` pod-level."""

    name: str
    namespace: str = "default"
    uid: str = ""
    memory_working_set: int | None = None
    containers: tuple[ContainerStats, ...] = ()
    volumes: Mapping[str, DiskUse] = field(default_factory=dict)
    ephemeral: DiskUse | None = None
    process_count: int | None = None

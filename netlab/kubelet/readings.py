"""Signals as df and free show them: bounds instead of figures, and what a threshold makes of bounds.

A threshold on a reading has three answers: met, not met, or not to be told from these rounded figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netlab.kubelet.df import DfTable, FsRow
from netlab.kubelet.free import FreeMemory
from netlab.kubelet.interval import Interval
from netlab.kubelet.model import FsLayout, Observation, Threshold
from netlab.kubelet.quantity import NANO, Family, Quantity
from netlab.kubelet.signals import MEMORY_AVAILABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One signal's available and capacity as bounds, and the line they were read from.

    ``note`` says why a bound is wide, where rounding is not the reason.
    """

    signal: str
    available: Interval
    capacity: Interval
    source: str
    line: int
    text: str
    note: str = ""

    def quantity(self, threshold: Threshold) -> Interval:
        """The threshold's amount: a percentage of a capacity that is itself only bounded."""
        ends = (threshold.value.of(self.capacity.low), threshold.value.of(self.capacity.high))
        return Interval(-(-ends[0].nano // NANO), -(-ends[1].nano // NANO))

    def margin(self, threshold: Threshold) -> Interval:
        """How far available lies above the threshold, in bytes or inodes; negative is met.

        >>> from netlab.kubelet.profile import V17
        >>> from netlab.kubelet.thresholds import parse_threshold_config
        >>> from netlab.kubelet.df import parse_df
        >>> (hard,) = parse_threshold_config(V17, hard="nodefs.available<10%", enforce=())
        >>> table = parse_df("/dev/sda1 5.8G 5.1G 448M 92% /")
        >>> reading = readings_from_df(table)["nodefs.available"]
        >>> reading.met(hard), reading.margin(hard).high // 2**20
        (True, -136)
        """
        return self.available - self.quantity(threshold)

    def met(self, threshold: Threshold) -> bool | None:
        """Whether available < quantity: True, False, or None where the bounds allow both."""
        margin = self.margin(threshold)
        if not threshold.op or margin.low >= 0:
            return False
        return True if margin.high < 0 else None

    @property
    def observation(self) -> Observation:
        """The middle of the bounds, for a simulation that needs one figure; no time, so always fresh."""
        family = Family.DECIMAL if self.signal.endswith("inodesFree") else Family.BINARY
        return Observation(
            Quantity.of(self.available.middle, family), Quantity.of(self.capacity.middle, family)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Which paths the three file systems hold; None where the node has no such path of its own.

    ``nodefs`` is the kubelet's root directory, ``imagefs`` the runtime's image store, ``containerfs`` its
    writable layers, where those lie elsewhere.
    """

    nodefs: str = "/var/lib/kubelet"
    imagefs: str | None = None
    containerfs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskReadings:
    """The readings of one or more df tables, the layout they show, and why signals are missing."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    layout: FsLayout = FsLayout.ONE

    def __getitem__(self, signal: str) -> Reading:
        return self.readings[signal]


def readings_from_df(table: DfTable, placement: Placement | None = None) -> DiskReadings:
    """The disk signals of pasted df output. imagefs is dedicated if its path lies on another device.

    Without an imagefs path the runtime is taken to keep images beside the kubelet's directory, as docker
    (/var/lib/docker) and containerd do; their mounts count if df shows them.

    >>> from netlab.kubelet.df import parse_df
    >>> table = parse_df("/dev/sda1 5.8G 5.1G 448M 92% /\\n/dev/sdb1 99G 5.2G 89G 6% /data")
    >>> readings_from_df(table, Placement(imagefs="/data/docker")).layout.value
    'dedicated imagefs'
    """
    places = placement or Placement()
    readings: dict[str, Reading] = {}
    missing: dict[str, str] = {}
    imagefs = places.imagefs or _image_store(table, places.nodefs)
    for filesystem, path in (
        ("nodefs", places.nodefs),
        ("imagefs", imagefs),
        ("containerfs", places.containerfs or imagefs),
    ):
        for inodes, signal in ((False, f"{filesystem}.available"), (True, f"{filesystem}.inodesFree")):
            row = table.holding(path, inodes=inodes)
            if row is None:
                kind = "df -i" if inodes else "df"
                missing[signal] = f"no {kind} row holds {path}"
            elif row.available is None or row.size is None or row.size.high == 0:
                missing[signal] = f"df shows no figures for {row.mount} ({path})"
            else:
                readings[signal] = Reading(
                    signal=signal,
                    available=row.available,
                    capacity=row.size,
                    source=table.source,
                    line=row.line,
                    text=row.text,
                )
    return DiskReadings(readings=readings, missing=missing, layout=_layout(table, places, imagefs))


def _image_store(table: DfTable, nodefs: str) -> str:
    stores = ("/var/lib/containerd", "/var/lib/docker", "/var/lib/containers")
    mounted = {row.mount for row in table.rows}
    return next((store for store in stores if store in mounted), nodefs)


def _layout(table: DfTable, places: Placement, imagefs: str) -> FsLayout:
    def device(path: str) -> tuple[str, str] | None:
        row: FsRow | None = table.holding(path) or table.holding(path, inodes=True)
        return (row.device, row.mount if row.device in ("tmpfs", "overlay") else "") if row else None

    if places.containerfs and device(places.containerfs) != device(imagefs):
        return FsLayout.SPLIT
    return FsLayout.ONE if device(imagefs) == device(places.nodefs) else FsLayout.DEDICATED_IMAGEFS


def reading_from_free(memory: FreeMemory, *, source: str = "<free>") -> Reading:
    """memory.available as free bounds it: the cache may be all active, or all inactive.

    >>> from netlab.kubelet.free import parse_free
    >>> memory = parse_free("Mem:  4045652  912340  215360  46236  2917952  2801280", unit=1024)
    >>> print(reading_from_free(memory).available)
    220528640..3208511488
    """
    return Reading(
        signal=MEMORY_AVAILABLE,
        available=memory.kubelet_available,
        capacity=memory.total,
        source=source,
        line=memory.line,
        text=memory.text,
        note="free does not tell active from inactive cache; the kubelet counts active cache as used",
    )

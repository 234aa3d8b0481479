"""What the kubelet frees on its own before it evicts: dead containers and unused images, by layout.

Facts: ``buildSignalToNodeReclaimFuncs`` (v1.7: ``buildResourceToNodeReclaimFuncs``) in ``helpers.go``, and
``pkg/kubelet/images/image_gc_manager.go`` for the collection that runs on its own every five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.kubelet.duration import MINUTE
from netlab.kubelet.model import FsLayout
from netlab.kubelet.profile import Profile
from netlab.kubelet.signals import SIGNALS

DELETE_CONTAINERS: Final = "delete containers"
DELETE_IMAGES: Final = "delete images"

_BOTH: Final = (DELETE_CONTAINERS, DELETE_IMAGES)
#: layout -> starved file system -> actions in order, the same for bytes and inodes
ACTIONS: Final[dict[FsLayout, dict[str, tuple[str, ...]]]] = {
    FsLayout.ONE: {"nodefs": _BOTH, "imagefs": _BOTH, "containerfs": _BOTH},
    # the public documentation says otherwise, but the list for nodefs is empty in both lines
    FsLayout.DEDICATED_IMAGEFS: {"nodefs": (), "imagefs": _BOTH, "containerfs": _BOTH},
    FsLayout.SPLIT: {
        "nodefs": (DELETE_CONTAINERS,),
        "imagefs": (DELETE_IMAGES,),
        "containerfs": (DELETE_CONTAINERS,),
    },
}

IMAGE_GC_PERIOD: Final = 5 * MINUTE
IMAGE_MINIMUM_AGE: Final = 2 * MINUTE


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What one action reported: bytes freed (v1.7 counts them, current ignores them), or an error."""

    freed: int = 0
    error: str | None = None


def actions_for(signal: str, layout: FsLayout, profile: Profile) -> tuple[str, ...]:
    """The node-level actions for a starved signal, in order; none for memory and processes.

    >>> from netlab.kubelet.profile import V17
    >>> actions_for("nodefs.available", FsLayout.DEDICATED_IMAGEFS, V17)
    ()
    >>> actions_for("imagefs.available", FsLayout.DEDICATED_IMAGEFS, V17)
    ('delete containers', 'delete images')
    """
    filesystem = SIGNALS[signal].filesystem
    if filesystem is None:
        return ()
    if profile.is_v17 and layout is FsLayout.SPLIT:
        layout = FsLayout.DEDICATED_IMAGEFS
    return ACTIONS[layout][filesystem]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageGc:
    """What image garbage collection proper would do: ``usage`` in percent, bytes ``to_free`` (0: nothing)."""

    usage: int
    high: int
    low: int
    to_free: int

    @property
    def runs(self) -> bool:
        return self.usage >= self.high

    def __str__(self) -> str:
        if not self.runs:
            return f"image GC: {self.usage}% used, below the high mark of {self.high}%: nothing to do"
        return (
            f"image GC: {self.usage}% used, at or above {self.high}%: "
            f"{self.to_free} bytes to free for {self.low}%"
        )


def image_gc(available: int, capacity: int, *, high: int = 85, low: int = 80) -> ImageGc:
    """The image collector's own arithmetic, in whole percents; eviction knows nothing of these marks.

    It runs every ``IMAGE_GC_PERIOD``, frees oldest-used images first and spares those younger than
    ``IMAGE_MINIMUM_AGE``. Raises ValueError for a capacity that is not positive.

    >>> print(image_gc(14 * 2**30, 100 * 2**30))
    image GC: 86% used, at or above 85%: 6442450944 bytes to free for 80%
    """
    if capacity <= 0:
        raise ValueError(f"image filesystem capacity must be positive, not {capacity}")
    usage = 100 - available * 100 // capacity
    to_free = capacity * (100 - low) // 100 - available if usage >= high else 0
    return ImageGc(usage=usage, high=high, low=low, to_free=to_free)

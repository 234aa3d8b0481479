"""Node-level reclaim by layout, and image garbage collection's own arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kubelet.model import FsLayout
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.reclaim import actions_for, image_gc
from netlab.kubelet.signals import SIGNALS

BOTH = ("delete containers", "delete images")
TABLE: dict[FsLayout, dict[str, tuple[str, ...]]] = {
    FsLayout.ONE: {"nodefs": BOTH, "imagefs": BOTH, "containerfs": BOTH},
    FsLayout.DEDICATED_IMAGEFS: {"nodefs": (), "imagefs": BOTH, "containerfs": BOTH},
    FsLayout.SPLIT: {
        "nodefs": ("delete containers",),
        "imagefs": ("delete images",),
        "containerfs": ("delete containers",),
    },
}


@pytest.mark.parametrize("layout", list(FsLayout))
def test_actions_of_the_current_line(layout: FsLayout) -> None:
    for signal, entry in SIGNALS.items():
        expected = TABLE[layout][entry.filesystem] if entry.filesystem else ()
        assert actions_for(signal, layout, CURRENT) == expected


def test_v17_knows_no_split() -> None:
    assert actions_for("nodefs.available", FsLayout.SPLIT, V17) == ()
    assert actions_for("imagefs.inodesFree", FsLayout.SPLIT, V17) == BOTH


def test_image_gc_uses_whole_percents() -> None:
    assert not image_gc(16, 100).runs
    # 15.5 of 100 are available: 100 - 15 = 85, which is at the mark
    done = image_gc(155, 1000)
    assert (done.usage, done.runs, done.to_free) == (85, True, 45)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 100))
def test_after_freeing_usage_is_at_most_the_low_mark(available: int, capacity: int, low: int) -> None:
    available = min(available, capacity)
    done = image_gc(available, capacity, high=low, low=low)
    if done.runs:
        assert available + done.to_free >= capacity * (100 - low) // 100


def test_a_disk_without_size() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        image_gc(0, 0)

"""Node-level reclaim in a pass of the eviction manager: when it suffices, and what may go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kubelet.duration import SECOND
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import (
    FsLayout,
    Observation,
    Pod,
    Threshold,
    ThresholdValue,
    float32,
)
from netlab.kubelet.profile import CURRENT, V17, Profile
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.reclaim import Reclaimed
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Stats

q = parse_quantity
NODEFS = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))


def test_reclaim_v17_stops_as_soon_as_it_suffices() -> None:
    imagefs = Threshold(signal="imagefs.available", value=ThresholdValue(q("1Gi")))
    config = ManagerConfig(profile=V17, thresholds=(imagefs,))
    done: list[str] = []

    def reclaim(action: str) -> Reclaimed:
        done.append(action)
        return Reclaimed(q("5Gi").value)

    stats = Stats(observations={"imagefs.available": Observation(q("1Mi"), q("9Gi"))})
    _, result = synchronize(
        config, ManagerState(), Inputs(now=0, stats=stats, layout=FsLayout.DEDICATED_IMAGEFS, reclaim=reclaim)
    )
    # the bytes a container deletion claims do not count, so images are deleted too
    assert done == ["delete containers", "delete images"]
    assert result.outcome == "reclaimed"


def test_reclaim_v17_counts_nothing_for_inodes(run: Any, lines: Any) -> None:
    inodes = Threshold(signal="nodefs.inodesFree", value=ThresholdValue(q("100")))
    stats = Stats(observations={"nodefs.inodesFree": Observation(q("1"), q("1000"))})
    done = run(
        ManagerConfig(profile=V17, thresholds=(inodes,)),
        stats=stats,
        layout=FsLayout.ONE,
        reclaim=lambda action: Reclaimed(10**9),
    )
    assert done.outcome == "no pods"
    assert lines(done)[0] == "eviction manager: attempting to reclaim nodefsInodes"


@pytest.mark.parametrize("which", [V17, CURRENT])
def test_reclaim_errors_are_logged_and_do_not_stop_it(run: Any, lines: Any, which: Profile) -> None:
    done = run(
        ManagerConfig(profile=which, thresholds=(NODEFS,)),
        layout=FsLayout.ONE,
        reclaim=lambda action: Reclaimed(error="boom"),
    )
    said = [m for m in lines(done) if "unexpected error" in m]
    assert len(said) == 2
    assert done.outcome == "no pods"


def test_stats_after_reclaim_cannot_be_read(run: Any, lines: Any) -> None:
    done = run(
        ManagerConfig(thresholds=(NODEFS,)), layout=FsLayout.ONE, stats_after_reclaim=lambda: "no answer"
    )
    assert done.outcome == "no pods"
    assert '"Eviction manager: failed to get summary stats after resource reclaim" err="no answer"' in lines(
        done
    )


def test_v17_cannot_measure_what_it_reclaims_for_the_allocatable_signal(run: Any, lines: Any) -> None:
    negative = Threshold(signal="allocatableNodeFs.available", value=ThresholdValue(q("0")))
    stats = Stats(
        observations={"allocatableNodeFs.available": Observation(q("-9112137624"), q("200765316Ki"))}
    )
    done = run(ManagerConfig(profile=V17, thresholds=(negative,)), stats=stats, layout=FsLayout.ONE)
    assert done.resource == "nodefs"
    assert (
        lines(done).count("eviction manager: unable to find value associated with signal nodefs.available")
        == 2
    )
    assert done.outcome == "no pods"


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=30),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from([V17, CURRENT]),
)
def test_a_threshold_acted_on_is_held_until_its_minimum_reclaim_is_there(
    amounts: list[int], needed: int, reclaim: int, which: Profile
) -> None:
    threshold = Threshold(
        signal="memory.available",
        value=ThresholdValue(Quantity.of(needed)),
        min_reclaim=ThresholdValue(Quantity.of(reclaim)),
    )
    config = ManagerConfig(profile=which, thresholds=(threshold,))
    state, held = ManagerState(), False
    for now, amount in enumerate(amounts):
        stats = Stats(observations={"memory.available": Observation(Quantity.of(amount), Quantity.of(99))})
        state, done = synchronize(config, state, Inputs(now=now, stats=stats))
        held = amount < (needed + reclaim if held else needed)
        assert bool(done.met) == held
        assert (done.resource == "memory") == held


IMAGEFS = Threshold(
    signal="imagefs.available", value=ThresholdValue(q("1Gi")), min_reclaim=ThresholdValue(q("500Mi"))
)


@pytest.mark.parametrize(
    ("left", "outcome"), [("1Gi", "evicted"), ("1523Mi", "evicted"), ("1524Mi", "reclaimed")]
)
def test_reclaim_must_reach_the_minimum_reclaim(run: Any, left: str, outcome: str) -> None:
    def seen(available: str) -> Stats:
        return Stats(observations={"imagefs.available": Observation(q(available), q("9Gi"))})

    done = run(
        ManagerConfig(thresholds=(IMAGEFS,)),
        stats=seen("1Mi"),
        pods=(Pod(name="a"),),
        stats_after_reclaim=lambda: seen(left),
    )
    assert done.outcome == outcome
    freed = q(left).value - q("1Mi").value
    v17 = run(
        ManagerConfig(profile=V17, thresholds=(IMAGEFS,)),
        stats=seen("1Mi"),
        pods=(Pod(name="a"),),
        reclaim=lambda action: Reclaimed(freed),
    )
    assert v17.outcome == outcome


@pytest.mark.parametrize(("which", "outcome"), [(V17, "reclaimed"), (CURRENT, "evicted")])
def test_a_soft_threshold_within_its_grace_keeps_only_current_from_being_content(
    run: Any, which: Profile, outcome: str
) -> None:
    """v1.7 asks about thresholds past their grace, current about every configured one."""
    hard = replace(IMAGEFS, min_reclaim=None)
    soft = Threshold(signal="imagefs.available", value=ThresholdValue(q("5Gi")), grace=60 * SECOND)

    def seen(available: str) -> Stats:
        return Stats(observations={"imagefs.available": Observation(q(available), q("9Gi"))})

    done = run(
        ManagerConfig(profile=which, thresholds=(hard, soft)),
        stats=seen("1Mi"),
        pods=(Pod(name="a"),),
        reclaim=lambda action: Reclaimed(q("2Gi").value),
        stats_after_reclaim=lambda: seen("2049Mi"),
    )
    assert done.outcome == outcome

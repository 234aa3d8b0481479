"""Passes of the eviction manager: upstream's scenarios (cases/manager.json) and the rules of a pass."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from netlab.kubelet.admission import admit
from netlab.kubelet.duration import SECOND, parse_duration
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import (
    FsLayout,
    Observation,
    Pod,
    Threshold,
    ThresholdValue,
    float32,
)
from netlab.kubelet.profile import CURRENT, V17, Profile, profile
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.reclaim import Reclaimed
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Stats

q = parse_quantity
NODEFS = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
LOW = Observation(q("448Mi"), q("5938Mi"))


@pytest.mark.cases("manager.json", "synchronize")
def test_scenario(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    written = case["input"]
    config = ManagerConfig(
        profile=profile(suite["profile"]),
        thresholds=tuple(build.threshold(t) for t in written["thresholds"]),
        transition_period=parse_duration(written["transition"]),
        max_pod_grace_seconds=written["max_pod_grace_s"],
    )
    pods = tuple(build.pod(p) for p in written["pods"])
    figures = build.all_stats(written["pods"])
    state, now = ManagerState(), 0
    for number, step in enumerate(case["steps"]):
        now += parse_duration(step["advance"])
        done: list[str] = []
        killed: list[tuple[str, int]] = []

        def reclaim(action: str, done: list[str] = done, step: dict[str, Any] = step) -> Reclaimed:
            done.append(action)
            freed = step.get("images_freed", "0") if action == "delete images" else "0"
            return Reclaimed(q(freed).value)

        def kill(pod: Pod, grace: int, message: str, killed: list[tuple[str, int]] = killed) -> None:
            killed.append((pod.name, grace))

        seen = Stats(observations=build.observations(step["observations"]), pods=figures)
        after = step.get("after_gc")
        fresh = seen if after is None else replace(seen, observations=build.observations(after))
        state, result = synchronize(
            config,
            state,
            Inputs(
                now=now,
                stats=seen,
                pods=pods,
                layout=FsLayout(written["layout"]),
                reclaim=reclaim,
                stats_after_reclaim=partial(replace, fresh),
                kill=kill,
            ),
        )
        expect, where = step["expect"], f"step {number}\n{result}"
        assert list(result.conditions) == expect["conditions"], where
        assert [name for name, _ in killed] == ([expect["evicted"]] if expect["evicted"] else []), where
        assert [p.name for p in result.evicted] == [name for name, _ in killed], where
        if "grace_s" in expect:
            assert [grace for _, grace in killed] == [expect["grace_s"]], where
        if "gc" in expect:
            assert done == expect["gc"], where
        for question in expect.get("admit", ()):
            answer = admit(build.pod(question["pod"]), result.conditions, config.profile)
            assert answer.admitted == question["admit"], f"{where}\n{answer}"


def test_no_thresholds(run: Any) -> None:
    assert run(ManagerConfig(profile=V17)).decisions[0].step == 1
    assert run(ManagerConfig(local_storage_isolation=False)).decisions[0].step == 1
    assert run(ManagerConfig()).decisions[-1].step == 12  # isolation keeps the pass going


@pytest.mark.parametrize(("which", "said"), [(V17, 0), (CURRENT, 2)])
def test_layout_detection_fails_and_is_tried_again(incident: Stats, which: Profile, said: int) -> None:
    config = ManagerConfig(profile=which, thresholds=(NODEFS,))
    state, done = synchronize(
        config, ManagerState(), Inputs(now=0, stats=incident, layout="no disk info yet")
    )
    assert (done.outcome, done.conditions, len(done.log)) == ("failed", (), said)
    assert state.layout is None
    state, done = synchronize(config, state, Inputs(now=1, stats=incident))
    assert done.conditions == ("DiskPressure",)


def test_the_layout_is_detected_once(incident: Stats) -> None:
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,))
    state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=incident, layout=FsLayout.ONE))
    _, done = synchronize(config, state, Inputs(now=1, stats=incident, layout=FsLayout.DEDICATED_IMAGEFS))
    assert done.reclaim_actions == ("delete containers", "delete images")


def test_split_without_its_gate(incident: Stats, lines: Any) -> None:
    config = ManagerConfig(profile=profile("v1.31"), separate_disk_gc=False, thresholds=(NODEFS,))
    inputs = Inputs(now=0, stats=incident, layout=FsLayout.SPLIT, pods=(Pod(name="p", uid="p"),))
    state, first = synchronize(config, ManagerState(), inputs)
    assert first.error == "KubeletSeparateDiskGC is turned off but we still have a split filesystem"
    assert first.conditions == ()
    state, later = synchronize(config, state, replace(inputs, now=10 * SECOND))
    assert later.outcome == "no ranking"
    assert later.reclaim_actions == ()
    assert lines(later)[-1] == (
        '"Eviction manager: no ranking function for signal" threshold="nodefs.available"'
    )


def test_containerfs_is_rewritten_on_the_first_pass_and_judged_from_the_second() -> None:
    config = ManagerConfig(thresholds=(NODEFS,))
    stats = Stats(
        observations={
            "nodefs.available": Observation(q("9Gi"), q("10Gi")),
            "containerfs.available": Observation(q("1Mi"), q("10Gi")),
        }
    )
    state, first = synchronize(config, ManagerState(), Inputs(now=0, stats=stats))
    assert first.met == ()
    _, second = synchronize(config, state, Inputs(now=1, stats=stats))
    assert [t.signal for t in second.met] == ["containerfs.available"]


def test_a_containerfs_threshold_of_the_user_is_overwritten_and_told(incident: Stats, lines: Any) -> None:
    own = Threshold(signal="containerfs.available", value=ThresholdValue(q("5Gi")))
    state, done = synchronize(
        ManagerConfig(thresholds=(NODEFS, own)), ManagerState(), Inputs(now=0, stats=incident)
    )
    assert lines(done)[0] == (
        '"eviction manager: found conflicting containerfs eviction. Ignoring." '
        'err="found containerfs.available for hard eviction. ignoring"'
    )
    assert state.thresholds is not None
    assert replace(NODEFS, signal="containerfs.available") in state.thresholds
    assert own not in state.thresholds


def test_stats_cannot_be_read(incident: Stats, lines: Any) -> None:
    state, _ = synchronize(ManagerConfig(thresholds=(NODEFS,)), ManagerState(), Inputs(now=0, stats=incident))
    after, done = synchronize(
        ManagerConfig(thresholds=(NODEFS,)), state, Inputs(now=1, stats="cadvisor is not ready")
    )
    assert after == state
    assert lines(done) == ['"Eviction manager: failed to get summary stats" err="cadvisor is not ready"']


def test_pressure_goes_one_full_period_after_the_last_bad_sample(incident: Stats) -> None:
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,))
    state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=incident))
    good = Stats(observations={"nodefs.available": Observation(q("5Gi"), q("5938Mi"))})
    for now, expected in ((299, ("DiskPressure",)), (300, ())):
        _, done = synchronize(config, state, Inputs(now=now * SECOND, stats=good))
        assert done.conditions == expected


def test_a_zero_transition_period_hides_every_condition(run: Any) -> None:
    done = run(ManagerConfig(thresholds=(NODEFS,), transition_period=0))
    assert done.met
    assert done.conditions == ()


def test_state_of_step_9_stands_although_stale_figures_are_set_aside() -> None:
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,))
    timed = Stats(observations={"nodefs.available": replace(LOW, time=7)})
    state, first = synchronize(config, ManagerState(), Inputs(now=0, stats=timed))
    state, second = synchronize(config, state, Inputs(now=10 * SECOND, stats=timed))
    assert (first.outcome, second.outcome) == ("no pods", "nothing")
    assert state.thresholds_met == (NODEFS,)
    assert state.condition_last_observed_at == {"DiskPressure": 10 * SECOND}
    assert second.events == ()


def test_v17_is_soft_only_if_every_met_threshold_of_the_resource_is() -> None:
    hard = Threshold(signal="memory.available", value=ThresholdValue(q("1Gi")))
    soft = Threshold(signal="memory.available", value=ThresholdValue(q("2Gi")), grace=1)
    pods = (Pod(name="p", uid="p"),)
    graces = {}
    for which in (V17, CURRENT):
        for amount in ("1.5Gi", "0.5Gi"):
            config = ManagerConfig(profile=which, thresholds=(soft, hard), max_pod_grace_seconds=60)
            stats = Stats(observations={"memory.available": Observation(q(amount), q("4Gi"))})
            state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=stats))
            _, done = synchronize(config, state, Inputs(now=1, stats=stats, pods=pods))
            graces[which.name, amount] = done.evictions[0].grace_seconds
    # current looks at the one threshold it chose: the soft one, which stands first
    assert graces == {
        ("v1.7", "1.5Gi"): 60,
        ("v1.7", "0.5Gi"): 0,
        ("current", "1.5Gi"): 60,
        ("current", "0.5Gi"): 60,
    }


@pytest.mark.parametrize(
    ("release", "own", "longest", "gate", "expected"),
    [
        ("v1.31", 30, 60, False, 60),
        ("v1.32", 30, 60, False, 30),
        ("v1.32", 90, 60, False, 60),
        ("v1.32", None, 60, False, 60),
        ("v1.32", 30, 60, True, 60),
        ("current", 30, 0, False, 0),
        ("current", 30, -1, False, -1),
        ("v1.7", 30, 60, False, 60),
    ],
)
def test_soft_grace(release: str, own: int | None, longest: int, gate: bool, expected: int) -> None:
    soft = Threshold(signal="memory.available", value=ThresholdValue(q("2Gi")), grace=1)
    config = ManagerConfig(
        profile=profile(release), thresholds=(soft,), max_pod_grace_seconds=longest, allow_longer_grace=gate
    )
    stats = Stats(observations={"memory.available": Observation(q("1Gi"), q("4Gi"))})
    state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=stats))
    pods = (Pod(name="p", uid="p", termination_grace_seconds=own),)
    _, done = synchronize(config, state, Inputs(now=1, stats=stats, pods=pods))
    assert done.evictions[0].grace_seconds == expected


def test_a_kill_that_fails_still_counts(run: Any, lines: Any) -> None:
    done = run(
        ManagerConfig(profile=V17, thresholds=(NODEFS,)),
        pods=(Pod(name="p", namespace="ns", uid="u"),),
        kill=lambda pod, grace, message: "timed out",
    )
    assert done.outcome == "evicted"
    assert lines(done)[-1] == "eviction manager: error while evicting pod p_ns(u): timed out"


def test_v17_spares_marked_static_pods_only_with_the_gate_and_silently(run: Any, lines: Any) -> None:
    critical = Pod(
        name="kube-proxy",
        namespace="kube-system",
        uid="k",
        static=True,
        annotations={"scheduler.alpha.kubernetes.io/critical-pod": ""},
    )
    off = run(ManagerConfig(profile=V17, thresholds=(NODEFS,)), pods=(critical,))
    on = run(ManagerConfig(profile=V17, thresholds=(NODEFS,), critical_annotation=True), pods=(critical,))
    assert off.evicted == (critical,)
    assert on.evicted == ()
    assert lines(on)[-2:] == [
        "eviction manager: pods ranked for eviction: kube-proxy_kube-system(k)",
        "eviction manager: unable to evict any pods from the node",
    ]


def test_at_most_one_pod_a_pass_and_the_next_one_if_it_is_exempt(run: Any) -> None:
    pods = (Pod(name="static", uid="s", static=True), Pod(name="a", uid="a"), Pod(name="b", uid="b"))
    done = run(ManagerConfig(thresholds=(NODEFS,)), pods=pods)
    assert [p.name for p in done.evicted] == ["a"]
    assert [p.name for p, _ in done.exempt] == ["static"]


def test_of_makes_binary() -> None:
    assert str(Quantity.of(2632184 * 1024)) == "2632184Ki"


def test_v17_evicts_a_marked_pod_that_is_not_static(run: Any) -> None:
    marked = Pod(
        name="kube-proxy",
        namespace="kube-system",
        uid="k",
        annotations={"scheduler.alpha.kubernetes.io/critical-pod": ""},
    )
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,), critical_annotation=True)
    assert run(config, pods=(marked,)).evicted == (marked,)

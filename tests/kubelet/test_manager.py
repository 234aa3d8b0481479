"""Passes of the eviction manager: upstream's scenarios (cases/manager.json) and the rules of a pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kubelet.admission import admit
from netlab.kubelet.duration import SECOND, parse_duration
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
    Threshold,
    ThresholdValue,
    Volume,
    float32,
)
from netlab.kubelet.profile import CURRENT, V17, Profile, profile
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.reclaim import Reclaimed
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Pass, Stats

q = parse_quantity


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


# -- the rules of a pass, one by one -----------------------------------------------------------

NODEFS = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
LOW = Observation(q("448Mi"), q("5938Mi"))
INCIDENT = Stats(observations={"nodefs.available": LOW})


def run(config: ManagerConfig, **inputs: Any) -> Pass:
    defaults: dict[str, Any] = {"now": 0, "stats": INCIDENT, "layout": FsLayout.DEDICATED_IMAGEFS}
    return synchronize(config, ManagerState(), Inputs(**{**defaults, **inputs}))[1]


def lines(done: Pass) -> list[str]:
    return [line.message for line in done.log]


def test_the_lines_of_the_article() -> None:
    """Header, source lines and words as in the v1.7.5 kubelet's journal."""
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,)))
    stamps = [56703, 57322, 58307]
    printed = [
        line.text(datetime(2017, 10, 16, 9, 50, 55, stamp), 17144)
        for line, stamp in zip(done.log, stamps, strict=True)
    ]
    assert printed == [
        "W1016 09:50:55.056703   17144 eviction_manager.go:331] eviction manager: attempting to reclaim nodefs",
        "I1016 09:50:55.057322   17144 eviction_manager.go:345] eviction manager: must evict pod(s) to reclaim "
        "nodefs",
        "E1016 09:50:55.058307   17144 eviction_manager.go:356] eviction manager: eviction thresholds have been "
        "met, but no pods are active to evict",
    ]
    assert [str(e) for e in done.events] == ["Warning EvictionThresholdMet Attempting to reclaim nodefs"]


def test_the_lines_of_a_current_kubelet() -> None:
    """Words and order of a k3s log of 2026 on a full disk, with one critical pod."""
    pod = Pod(name="traefik", namespace="kube-system", uid="t", priority=2_000_000_000)
    done = run(ManagerConfig(thresholds=(NODEFS,)), pods=(pod,), layout=FsLayout.ONE)
    assert [(f"{x.severity} {x.file}:{x.line}", x.message) for x in done.log] == [
        (
            "I eviction_manager.go:381",
            '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"',
        ),
        ("I container_gc.go:86", '"Attempting to delete unused containers"'),
        ("I image_gc_manager.go:459", '"Attempting to delete unused images"'),
        # the fresh reading is judged against the list that now has the containerfs threshold
        (
            f"I helpers.go:{done.log[3].line}",
            '"Eviction manager: no observation found for eviction signal" signal="containerfs.available"',
        ),
        *[
            (
                f"I helpers.go:{done.log[3].line}",
                f'"Eviction manager: no observation found for eviction signal" signal="{signal}"',
            )
            for signal in ("containerfs.available", "containerfs.inodesFree", "containerfs.inodesFree")
        ],
        (
            "I eviction_manager.go:392",
            '"Eviction manager: must evict pod(s) to reclaim" resourceName="ephemeral-storage"',
        ),
        (
            "I eviction_manager.go:410",
            '"Eviction manager: pods ranked for eviction" pods=["kube-system/traefik"]',
        ),
        (
            "E eviction_manager.go:616",
            '"Eviction manager: cannot evict a critical pod" pod="kube-system/traefik"',
        ),
        (done_line(done), '"Eviction manager: unable to evict any pods from the node"'),
    ]
    assert done.outcome == "none evictable"


def done_line(done: Pass) -> str:
    last = done.log[-1]
    return f"{last.severity} {last.file}:{last.line}"


def test_no_thresholds() -> None:
    assert run(ManagerConfig(profile=V17)).decisions[0].step == 1
    assert run(ManagerConfig(local_storage_isolation=False)).decisions[0].step == 1
    assert run(ManagerConfig()).decisions[-1].step == 12  # isolation keeps the pass going


@pytest.mark.parametrize(("which", "said"), [(V17, 0), (CURRENT, 2)])
def test_layout_detection_fails_and_is_tried_again(which: Profile, said: int) -> None:
    config = ManagerConfig(profile=which, thresholds=(NODEFS,))
    state, done = synchronize(
        config, ManagerState(), Inputs(now=0, stats=INCIDENT, layout="no disk info yet")
    )
    assert (done.outcome, done.conditions, len(done.log)) == ("failed", (), said)
    assert state.layout is None
    state, done = synchronize(config, state, Inputs(now=1, stats=INCIDENT))
    assert done.conditions == ("DiskPressure",)


def test_the_layout_is_detected_once() -> None:
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,))
    state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=INCIDENT, layout=FsLayout.ONE))
    _, done = synchronize(config, state, Inputs(now=1, stats=INCIDENT, layout=FsLayout.DEDICATED_IMAGEFS))
    assert done.reclaim_actions == ("delete containers", "delete images")


def test_split_without_its_gate() -> None:
    config = ManagerConfig(profile=profile("v1.31"), separate_disk_gc=False, thresholds=(NODEFS,))
    inputs = Inputs(now=0, stats=INCIDENT, layout=FsLayout.SPLIT, pods=(Pod(name="p", uid="p"),))
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


def test_a_containerfs_threshold_of_the_user_is_overwritten_and_told() -> None:
    own = Threshold(signal="containerfs.available", value=ThresholdValue(q("5Gi")))
    state, done = synchronize(
        ManagerConfig(thresholds=(NODEFS, own)), ManagerState(), Inputs(now=0, stats=INCIDENT)
    )
    assert lines(done)[0] == (
        '"eviction manager: found conflicting containerfs eviction. Ignoring." '
        'err="found containerfs.available for hard eviction. ignoring"'
    )
    assert state.thresholds is not None
    assert replace(NODEFS, signal="containerfs.available") in state.thresholds
    assert own not in state.thresholds


def test_stats_cannot_be_read() -> None:
    state, _ = synchronize(ManagerConfig(thresholds=(NODEFS,)), ManagerState(), Inputs(now=0, stats=INCIDENT))
    after, done = synchronize(
        ManagerConfig(thresholds=(NODEFS,)), state, Inputs(now=1, stats="cadvisor is not ready")
    )
    assert after == state
    assert lines(done) == ['"Eviction manager: failed to get summary stats" err="cadvisor is not ready"']


def test_pressure_goes_one_full_period_after_the_last_bad_sample() -> None:
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,))
    state, _ = synchronize(config, ManagerState(), Inputs(now=0, stats=INCIDENT))
    good = Stats(observations={"nodefs.available": Observation(q("5Gi"), q("5938Mi"))})
    for now, expected in ((299, ("DiskPressure",)), (300, ())):
        _, done = synchronize(config, state, Inputs(now=now * SECOND, stats=good))
        assert done.conditions == expected


def test_a_zero_transition_period_hides_every_condition() -> None:
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


def test_a_kill_that_fails_still_counts() -> None:
    done = run(
        ManagerConfig(profile=V17, thresholds=(NODEFS,)),
        pods=(Pod(name="p", namespace="ns", uid="u"),),
        kill=lambda pod, grace, message: "timed out",
    )
    assert done.outcome == "evicted"
    assert lines(done)[-1] == "eviction manager: error while evicting pod p_ns(u): timed out"


def test_v17_spares_marked_static_pods_only_with_the_gate_and_silently() -> None:
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


def test_at_most_one_pod_a_pass_and_the_next_one_if_it_is_exempt() -> None:
    pods = (Pod(name="static", uid="s", static=True), Pod(name="a", uid="a"), Pod(name="b", uid="b"))
    done = run(ManagerConfig(thresholds=(NODEFS,)), pods=pods)
    assert [p.name for p in done.evicted] == ["a"]
    assert [p.name for p, _ in done.exempt] == ["static"]


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


def test_reclaim_v17_counts_nothing_for_inodes() -> None:
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
def test_reclaim_errors_are_logged_and_do_not_stop_it(which: Profile) -> None:
    done = run(
        ManagerConfig(profile=which, thresholds=(NODEFS,)),
        layout=FsLayout.ONE,
        reclaim=lambda action: Reclaimed(error="boom"),
    )
    said = [m for m in lines(done) if "unexpected error" in m]
    assert len(said) == 2
    assert done.outcome == "no pods"


def test_grace_not_over_is_logged_at_verbosity_2() -> None:
    soft = Threshold(
        signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)), grace=90 * SECOND
    )
    done = run(ManagerConfig(profile=V17, thresholds=(soft,), verbosity=2))
    assert lines(done) == [
        "eviction manager: eviction criteria not yet met for threshold(signal=nodefs.available, "
        "operator=LessThan, value={<nil> 0.1}, gracePeriod=1m30s), duration: 0s"
    ]


def test_verbosity_3_tells_every_list() -> None:
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,), verbosity=3))
    assert lines(done)[:8] == [
        "eviction manager: synchronize housekeeping",
        "eviction manager: observations: signal=nodefs.available, available: 448Mi, capacity: 5938Mi",
        "eviction manager: thresholds - ignoring grace period: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: thresholds - reclaim not satisfied: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: node conditions - observed: [DiskPressure]",
        "eviction manager: node conditions - transition period not met: [DiskPressure]",
        "eviction manager: thresholds - grace periods satisified: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: thresholds - updated stats: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
    ]


def test_verbosity_3_of_the_current_line_with_times() -> None:
    timed = Stats(observations={"nodefs.available": replace(LOW, time=1_508_118_655_056_703_000)})
    done = run(ManagerConfig(thresholds=(NODEFS,), verbosity=3), stats=timed, layout=FsLayout.ONE)
    assert lines(done)[1:4] == [
        '"FileSystem detection" DedicatedImageFs=false SplitImageFs=false',
        '"Eviction manager:" log="observations" signal="nodefs.available" resourceName="ephemeral-storage" '
        'available="448Mi" capacity="5938Mi" time="2017-10-16 01:50:55.056703 +0000 UTC"',
        '"Eviction manager: threshold observed resource" log="thresholds - ignoring grace period" '
        'signal="nodefs.available" resourceName="ephemeral-storage" quantity="622644438" available="448Mi"',
    ]


def test_stats_after_reclaim_cannot_be_read() -> None:
    done = run(
        ManagerConfig(thresholds=(NODEFS,)), layout=FsLayout.ONE, stats_after_reclaim=lambda: "no answer"
    )
    assert done.outcome == "no pods"
    assert '"Eviction manager: failed to get summary stats after resource reclaim" err="no answer"' in lines(
        done
    )


def test_v17_cannot_measure_what_it_reclaims_for_the_allocatable_signal() -> None:
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


def test_the_status_of_an_evicted_pod() -> None:
    pods = (Pod(name="p", uid="p"),)
    old, new = (
        run(ManagerConfig(profile=which, thresholds=(NODEFS,)), pods=pods).evictions[0].status
        for which in (V17, CURRENT)
    )
    assert old == {
        "phase": "Failed",
        "reason": "Evicted",
        "message": "The node was low on resource: nodefs.",
    }
    assert new["conditions"] == [
        {"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}
    ]


def test_every_decision_carries_figures() -> None:
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,)))
    why = {d.step: d.why for d in done.decisions}
    assert "469762048 available of 6226444288, 622644438 needed: met, 152882390 short" in why[5]
    assert "nodefs.available<10%" in why[8]
    assert "no node-level action" in why[15]


def test_html_is_escaped() -> None:
    pod = Pod(name="<script>", uid="x")
    shown = run(ManagerConfig(thresholds=(NODEFS,)), pods=(pod,))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


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


# -- local-storage limits ----------------------------------------------------------------------


def limited(name: str, **kinds: Any) -> tuple[Pod, PodStats]:
    limit = {"ephemeral-storage": q(kinds["limit"])} if "limit" in kinds else {}
    pod = Pod(
        name=name,
        uid=name,
        containers=(Container(name="c", limits=limit),),
        volumes=(Volume(name="cache", kind="emptyDir", size_limit=q(kinds.get("size", "0"))),),
        static=kinds.get("static", False),
    )
    stats = PodStats(
        name=name,
        uid=name,
        volumes={"cache": DiskUse(used=kinds.get("volume", 0))},
        ephemeral=DiskUse(used=kinds.get("pod", 0)),
        containers=(
            ContainerStats(
                name="c", rootfs=DiskUse(used=kinds.get("rootfs", 0)), logs=DiskUse(used=kinds.get("logs", 0))
            ),
        ),
    )
    return pod, stats


def evict_limits(made: list[tuple[Pod, PodStats]], layout: FsLayout = FsLayout.ONE, **config: Any) -> Pass:
    return run(
        ManagerConfig(**config),
        stats=Stats(pods={pod.uid: stats for pod, stats in made}),
        pods=tuple(pod for pod, _ in made),
        layout=layout,
    )


def test_limits_evict_every_offender_at_once_with_no_thresholds_configured() -> None:
    done = evict_limits(
        [
            limited("volume", size="1Ki", volume=1025),
            limited("pod", limit="1Ki", pod=1025),
            limited("container", limit="1Ki", rootfs=1000, logs=25),
            limited("equal", limit="1Ki", pod=1024, rootfs=1024, size="1Ki", volume=1024),
            limited("static", limit="1Ki", pod=9999, static=True),
        ]
    )
    assert done.outcome == "limits"
    assert [(e.pod.name, e.metric, e.grace_seconds, e.message) for e in done.evictions] == [
        ("volume", "emptydirfs.limit", 1, 'Usage of EmptyDir volume "cache" exceeds the limit "1Ki". '),
        (
            "pod",
            "ephemeralpodfs.limit",
            1,
            "Pod ephemeral local storage usage exceeds the total limit of containers 1Ki. ",
        ),
        (
            "container",
            "ephemeralcontainerfs.limit",
            1,
            'Container c exceeded its local ephemeral storage limit "1Ki". ',
        ),
    ]
    assert [p.name for p, _ in done.exempt] == ["static"]


def test_a_dedicated_imagefs_leaves_the_writable_layer_out_of_a_containers_limit() -> None:
    made = [limited("p", limit="1Ki", rootfs=5000, logs=1024)]
    assert evict_limits(made, FsLayout.DEDICATED_IMAGEFS).outcome == "nothing"
    assert evict_limits(made, FsLayout.ONE).outcome == "limits"


def test_limits_in_v17_need_the_gate_and_thresholds() -> None:
    pod, stats = limited("p", size="1Ki", volume=1025)
    fine = {"nodefs.available": Observation(q("5Gi"), q("5938Mi"))}
    outcomes = {}
    for gate in (None, True):
        done = run(
            ManagerConfig(profile=V17, thresholds=(NODEFS,), local_storage_isolation=gate),
            stats=Stats(observations=fine, pods={"p": stats}),
            pods=(pod,),
        )
        outcomes[gate] = done
    assert outcomes[None].outcome == "nothing"
    eviction = outcomes[True].evictions[0]
    assert eviction.message == 'emptyDir usage exceeds the limit "1Ki"'
    assert eviction.status_message == "The node was low on resource: EmptyDir."
    assert eviction.grace_seconds == 0


def test_v17_overlay_limit() -> None:
    pod = Pod(
        name="p",
        uid="p",
        containers=(Container(name="c", limits={"storage.kubernetes.io/overlay": q("1Ki")}),),
    )
    stats = PodStats(name="p", uid="p", containers=(ContainerStats(name="c", rootfs=DiskUse(used=1025)),))
    fine = {"nodefs.available": Observation(q("5Gi"), q("5938Mi"))}
    done = run(
        ManagerConfig(profile=V17, thresholds=(NODEFS,), local_storage_isolation=True),
        stats=Stats(observations=fine, pods={"p": stats}),
        pods=(pod,),
    )
    assert done.evictions[0].message == 'container\'s overlay usage exceeds the limit "1Ki"'
    assert done.evictions[0].status_message == "The node was low on resource: containerOverlay."


def test_a_failed_kill_over_a_limit_has_other_words_in_v17() -> None:
    pod, stats = limited("p", size="1Ki", volume=1025)
    done = run(
        ManagerConfig(profile=V17, thresholds=(NODEFS,), local_storage_isolation=True),
        stats=Stats(pods={"p": stats}),
        pods=(pod,),
        kill=lambda pod, grace, message: "timed out",
    )
    assert lines(done)[-1] == "eviction manager: pod p_default(p) failed to evict timed out"


def test_limits_skip_the_thresholds_of_that_pass() -> None:
    pod, stats = limited("p", size="1Ki", volume=1025)
    done = run(
        ManagerConfig(thresholds=(NODEFS,)),
        stats=Stats(observations={"nodefs.available": LOW}, pods={"p": stats}),
        pods=(pod,),
    )
    assert done.outcome == "limits"
    assert done.conditions == ("DiskPressure",)
    assert done.resource == ""


def test_of_makes_binary() -> None:
    assert str(Quantity.of(2632184 * 1024)) == "2632184Ki"


def test_a_zero_or_negative_size_limit_is_none() -> None:
    assert evict_limits(
        [limited("zero", size="0", volume=5), limited("less", size="-1", volume=5)]
    ).outcome == ("nothing")


def test_v17_has_no_pod_limit_and_tells_whom_it_spares_over_a_limit() -> None:
    fine = {"nodefs.available": Observation(q("5Gi"), q("5938Mi"))}
    pod, stats = limited("p", limit="1Ki", pod=9999, rootfs=9999)
    config = ManagerConfig(
        profile=V17, thresholds=(NODEFS,), local_storage_isolation=True, critical_annotation=True
    )
    assert run(config, stats=Stats(observations=fine, pods={"p": stats}), pods=(pod,)).outcome == "nothing"
    pod, stats = limited("k", size="1Ki", volume=1025, static=True)
    critical = {"scheduler.alpha.kubernetes.io/critical-pod": ""}
    pod = replace(pod, namespace="kube-system", annotations=critical)
    done = run(config, stats=Stats(observations=fine, pods={"k": stats}), pods=(pod,))
    assert done.outcome == "nothing"
    assert lines(done) == ["eviction manager: cannot evict a critical pod k_kube-system(k)"]


def test_v17_evicts_a_marked_pod_that_is_not_static() -> None:
    marked = Pod(
        name="kube-proxy",
        namespace="kube-system",
        uid="k",
        annotations={"scheduler.alpha.kubernetes.io/critical-pod": ""},
    )
    config = ManagerConfig(profile=V17, thresholds=(NODEFS,), critical_annotation=True)
    assert run(config, pods=(marked,)).evicted == (marked,)


IMAGEFS = Threshold(
    signal="imagefs.available", value=ThresholdValue(q("1Gi")), min_reclaim=ThresholdValue(q("500Mi"))
)


@pytest.mark.parametrize(
    ("left", "outcome"), [("1Gi", "evicted"), ("1523Mi", "evicted"), ("1524Mi", "reclaimed")]
)
def test_reclaim_must_reach_the_minimum_reclaim(left: str, outcome: str) -> None:
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
    which: Profile, outcome: str
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

"""The loop over virtual time: against hand-made arithmetic, and the skipping loop against the plain one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from netlab.errors import InputError
from netlab.kubelet.duration import MINUTE, SECOND
from netlab.kubelet.history import History
from netlab.kubelet.model import Container, Pod, Threshold, ThresholdValue, Volume
from netlab.kubelet.profile import CURRENT, V17, Profile
from netlab.kubelet.quantity import parse_quantity as q
from netlab.kubelet.simulation import Burst, Grow, Restart, Start, Stop, simulate
from netlab.kubelet.state import ManagerConfig
from netlab.kubelet.thresholds import parse_threshold_config
from netlab.kubelet.world import Disk, Node, Workload

GI, MI = 2**30, 2**20


def config(hard: str, which: Profile = CURRENT, **more: Any) -> ManagerConfig:
    soft = {k: more.pop(k) for k in ("soft", "soft_grace", "min_reclaim") if k in more}
    return ManagerConfig(
        profile=which,
        thresholds=parse_threshold_config(which, hard=hard, enforce=(), **soft),
        **more,
    )


def essence(history: History) -> tuple[Any, ...]:
    """All of a history but its log, which tells executed passes only, and the examples."""
    return (
        history.end,
        history.passes,
        [(p.start, p.end, p.passes, dict(p.outcomes), p.conditions, p.met) for p in history.phases],
        [(e.at, e.gone, e.eviction) for e in history.evictions],
        history.refusals,
        history.collections,
        sorted(history.events, key=lambda e: (e.event.reason, e.event.name, e.event.uid)),
    )


def test_a_node_month() -> None:
    node = Node(nodefs=Disk(capacity=100 * GI, used=80 * GI))
    done = simulate(node, config("nodefs.available<10%"), [Grow(0, "nodefs", 4096)], seconds=30 * 86400)
    assert done.passes == 259_200
    # 10 GiB to go at 4096 bytes a second: reached after 2,621,440 s, which is past the month
    assert done.time_to("DiskPressure") is None
    faster = simulate(node, config("nodefs.available<10%"), [Grow(0, "nodefs", 8192)], seconds=30 * 86400)
    assert faster.time_to("DiskPressure") == 1_310_720 * SECOND


def test_eviction_wait_and_the_pass_right_after() -> None:
    """The kill blocks for the pod's 4 s cut to its grace of 1, cleanup takes 3 s, the next pass follows at once."""
    pods = [
        Workload(pod=Pod(name=n, uid=n), uses={"logs": 2 * GI}, stops_in=4, cleans_in=3) for n in ("a", "b")
    ]
    done = simulate(
        Node(nodefs=Disk(capacity=10 * GI, used=int(5.5 * GI))),
        config("nodefs.available<20%"),
        workloads=pods,
        seconds=60,
    )
    assert [(e.at // SECOND, e.gone and e.gone // SECOND, e.eviction.pod.name) for e in done.evictions] == [
        (0, 4, "a")
    ]
    assert [(p.start // SECOND, p.passes) for p in done.phases][:2] == [(0, 1), (4, 6)]
    said = [line.message for _, line in done.log if "cleaned up" in line.message]
    assert said == [
        '"Eviction manager: pods evicted, waiting for pod to be cleaned up" pods=["default/a"]',
        '"Eviction manager: pods successfully cleaned up" pods=["default/a"]',
    ]


def test_cleanup_that_takes_longer_than_30_seconds() -> None:
    slow = Workload(pod=Pod(name="slow", uid="s"), uses={"memory": 3 * GI}, cleans_in=45)
    node = Node(nodefs=Disk(capacity=GI), memory=4 * GI)
    done = simulate(node, config("memory.available<2Gi"), workloads=[slow], seconds=100)
    assert done.evictions[0].gone is None
    assert any("timed out waiting" in line.message for _, line in done.log)
    # the pod is not active any more, yet its memory is still in use at the pass after 30 s
    assert done.phases[0].outcomes == {"evicted": 1, "no pods": 2}


def test_unused_images_go_first() -> None:
    node = Node(nodefs=Disk(capacity=10 * GI, used=7 * GI, images=2 * GI))
    pod = Workload(pod=Pod(name="a", uid="a"), uses={"logs": MI})
    done = simulate(
        node, config("nodefs.available<10%"), [Grow(5, "nodefs", MI)], workloads=[pod], seconds=600
    )
    assert done.evictions == ()
    assert done.phases[0].outcomes == {"reclaimed": 1}
    assert done.phases[0].conditions == ("DiskPressure",)
    assert done.phases[-1].conditions == ()


def test_image_gc_is_another_loop_with_marks_of_its_own() -> None:
    """Default marks: at 86% used the collector frees down to 80% at the fifth minute, eviction never acts."""
    node = Node(nodefs=Disk(capacity=100 * GI, used=66 * GI, images=20 * GI))
    done = simulate(node, config("nodefs.available<10%"), seconds=900, image_gc=(85, 80))
    assert [(at // SECOND, freed) for at, freed in done.collections] == [(300, 6 * GI)]
    assert [p.met for p in done.phases] == [()]
    # out of step: eviction acts at 15%, before the collector comes, and deletes all 20 GiB of images
    done = simulate(node, config("nodefs.available<15%"), seconds=900, image_gc=(85, 80))
    assert done.collections == ()
    assert done.phases[0].outcomes == {"reclaimed": 1}


def test_a_pod_that_comes_back_is_refused_until_the_pressure_is_over() -> None:
    """Refused every 2 s until the pass at 301 s, five minutes after the last bad sample; then it starts again."""
    pod = Workload(pod=Pod(name="a", uid="a"), uses={"logs": 9 * GI}, recreate_after=2)
    done = simulate(
        Node(nodefs=Disk(capacity=10 * GI)),
        config("nodefs.available<20%", which=V17),
        workloads=[pod],
        seconds=312,
    )
    assert [e.at // SECOND for e in done.evictions] == [0, 311]
    refused = done.refusals[0]
    assert (refused.first // SECOND, refused.count) == (2, 150)
    assert refused.message == "Pod The node was low on resource: [DiskPressure]."


def test_soft_grace_and_transition() -> None:
    done = simulate(
        Node(nodefs=Disk(capacity=100 * GI, used=50 * GI)),
        config("", soft="nodefs.available<20%", soft_grace="nodefs.available=1m30s"),
        [Burst(100, "nodefs", 35 * GI), Burst(400, "nodefs", -35 * GI)],
        seconds=3600,
    )
    starts = [(p.start // SECOND, p.conditions, sum(p.outcomes.values())) for p in done.phases]
    assert starts == [
        (0, (), 10),
        (100, ("DiskPressure",), 9),  # 90 s of grace
        (190, ("DiskPressure",), 21),  # past it
        (400, ("DiskPressure",), 29),  # five minutes after the last bad sample at 390 s
        (690, (), 291),
    ]


def test_a_restart_forgets_the_transition_period() -> None:
    done = simulate(
        Node(nodefs=Disk(capacity=100 * GI, used=92 * GI)),
        config("nodefs.available<10%", which=V17),
        [Restart(100, config("nodefs.available<5%", which=V17))],
        seconds=200,
    )
    assert [(p.start // SECOND, p.conditions) for p in done.phases] == [(0, ("DiskPressure",)), (100, ())]
    flips = [e.event.reason for e in done.events if "DiskPressure" in e.event.reason]
    assert flips == ["NodeHasNoDiskPressure", "NodeHasDiskPressure"]
    assert {e.event.reason: e.count for e in done.events}["NodeHasNoDiskPressure"] == 2


def test_memory_processes_and_inodes_are_figures_too() -> None:
    node = Node(
        nodefs=Disk(capacity=GI, inodes=1000, inodes_used=900),
        memory=4 * GI,
        memory_reserved=GI,
        max_pid=1000,
        tasks=100,
    )
    pod = Workload(
        pod=Pod(name="fork", uid="f", priority=2_000_000_000),
        uses={"memory": GI},
        grows={"processes": 1, "inodes": 1, "memory": MI},
    )
    hard = "pid.available<20%,nodefs.inodesFree<5%,allocatableMemory.available<1Gi"
    done = simulate(node, config(hard), workloads=[pod], seconds=2000)
    first = {t: p.start // SECOND for p in reversed(done.phases) for t in p.met}
    # 1000 - 100 - t < 200; 1000 - 900 - t < 50; 3Gi - 1Gi - t Mi < 1Gi
    assert first["pid.available<20%"] == 710
    assert first["nodefs.inodesFree<5%"] == 60
    assert first["allocatableMemory.available<1Gi"] == 1030


def test_a_pod_that_is_stopped_takes_its_share_with_it() -> None:
    pod = Workload(pod=Pod(name="a", uid="a", priority=2_000_000_000), uses={"rootfs": 9 * GI})
    done = simulate(
        Node(nodefs=Disk(capacity=10 * GI)),
        config("nodefs.available<20%"),
        [Stop(95, "a")],
        workloads=[pod],
        seconds=200,
    )
    assert [(p.start // SECOND, bool(p.met)) for p in done.phases if p.start] == [(10, True), (100, False)]


def test_a_history_shows_itself() -> None:
    done = simulate(Node(nodefs=Disk(capacity=GI, used=GI)), config("nodefs.available<10%"), seconds=30)
    frame = done.frame()
    assert list(frame["passes"]) == [1, 2]
    assert "DiskPressure" in done._repr_html_()
    assert "&lt;10%" in done._repr_html_()
    assert "3 passes" not in str(done.phases[0])


@pytest.mark.parametrize(
    ("step", "said"),
    [(Grow(0, "nodefss", 1), "no meter"), (Stop(0, "nobody"), "no pod 'nobody'")],
)
def test_bad_scripts(step: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        simulate(Node(nodefs=Disk(capacity=1)), config("nodefs.available<10%"), [step], seconds=20)


def test_unknown_parts() -> None:
    with pytest.raises(InputError, match="unknown part 'cpu'"):
        Workload(pod=Pod(name="p"), uses={"cpu": 1})


# -- the skipping loop is the plain loop ---------------------------------------------------------

rates = st.integers(-3, 6).map(lambda n: n * 512 * 1024)
times = st.integers(0, 900)


@st.composite
def workloads(draw: st.DrawFn, number: int) -> Workload:
    limit = draw(st.sampled_from([None, "300Mi"]))
    return Workload(
        pod=Pod(
            name=f"p{number}",
            uid=f"p{number}",
            priority=draw(st.sampled_from([None, 5, 2_000_000_000])),
            containers=(
                Container(name="c", limits={} if limit is None else {"ephemeral-storage": q(limit)}),
            ),
            volumes=(Volume(name="data", kind="emptyDir"),),
        ),
        uses={"logs": draw(st.integers(0, 400)) * MI, "memory": draw(st.integers(0, 400)) * MI},
        grows={"logs": draw(rates), "rootfs": draw(rates), "memory": draw(rates)},
        stops_in=draw(st.integers(0, 5)),
        cleans_in=draw(st.sampled_from([0, 1, 7, 40])),
        recreate_after=draw(st.sampled_from([None, 1, 30])),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(st.integers(0, 3))
    script: list[Any] = []
    for _ in range(draw(st.integers(0, 4))):
        meter = draw(st.sampled_from(["nodefs", "memory", "nodefs/images"]))
        if draw(st.booleans()):
            script.append(Grow(draw(times), meter, draw(rates)))
        else:
            script.append(Burst(draw(times), meter, draw(st.integers(-800, 800)) * MI))
    which = draw(st.sampled_from([CURRENT, V17]))
    chosen = config(
        draw(st.sampled_from(["nodefs.available<20%", "memory.available<1Gi,nodefs.available<1Gi", ""])),
        which=which,
        soft=draw(st.sampled_from(["", "nodefs.available<30%"])),
        soft_grace="nodefs.available=1m",
        min_reclaim=draw(st.sampled_from(["", "nodefs.available=500Mi"])),
        transition_period=draw(st.sampled_from([0, 35 * SECOND, 5 * MINUTE])),
    )
    if draw(st.booleans()):
        script.append(Start(draw(times), draw(workloads(9))))
    if draw(st.booleans()):
        script.append(Restart(draw(times)))
    disk = Disk(capacity=4 * GI, used=draw(st.integers(0, 3)) * GI, images=draw(st.integers(0, 1)) * GI)
    return {
        "node": Node(
            nodefs=disk,
            imagefs=draw(st.sampled_from([None, Disk(capacity=8 * GI)])),
            memory=4 * GI,
            memory_used=GI,
        ),
        "config": chosen,
        "script": script,
        "workloads": [draw(workloads(i)) for i in range(number)],
        "seconds": 1500,
        "image_gc": draw(st.sampled_from([None, (85, 80), (40, 30)])),
        "stats_period": draw(st.sampled_from([None, 15 * SECOND, 15_730_000_000, 4 * SECOND])),
    }


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole simulation takes minutes
)
@given(scenarios())
def test_skipping_changes_nothing(scenario: dict[str, Any]) -> None:
    quick = essence(simulate(**scenario, skip=True))
    plain = essence(simulate(**scenario, skip=False))
    assert quick == plain


def test_unmet_empty_threshold_is_left_alone() -> None:
    """The containerfs copies of a missing threshold have no operator and are never met."""
    none = Threshold(signal="containerfs.available", value=ThresholdValue(), op="")
    done = simulate(
        Node(nodefs=Disk(capacity=10)), ManagerConfig(thresholds=(none,)), seconds=100, workloads=()
    )
    assert [p.met for p in done.phases] == [()]


def test_workloads_that_share_a_uid_are_refused() -> None:
    workloads = [Workload(pod=Pod(name="a")), Workload(pod=Pod(name="b"))]
    with pytest.raises(InputError, match="pods a and b have one UID"):
        simulate(Node(nodefs=Disk(capacity=1)), ManagerConfig(), seconds=1, workloads=workloads)

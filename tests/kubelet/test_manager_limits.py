"""Local-storage limits in a pass of the eviction manager: whom they evict, and with which words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

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
from netlab.kubelet.profile import V17
from netlab.kubelet.quantity import parse_quantity
from netlab.kubelet.state import ManagerConfig, Pass, Stats

q = parse_quantity
NODEFS = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
LOW = Observation(q("448Mi"), q("5938Mi"))


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


@pytest.fixture
def evict_limits(run: Any) -> Any:
    """A pass over pods with their figures, and no thresholds unless configured."""

    def passed(made: list[tuple[Pod, PodStats]], layout: FsLayout = FsLayout.ONE, **config: Any) -> Pass:
        done: Pass = run(
            ManagerConfig(**config),
            stats=Stats(pods={pod.uid: stats for pod, stats in made}),
            pods=tuple(pod for pod, _ in made),
            layout=layout,
        )
        return done

    return passed


def test_limits_evict_every_offender_at_once_with_no_thresholds_configured(evict_limits: Any) -> None:
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


def test_a_dedicated_imagefs_leaves_the_writable_layer_out_of_a_containers_limit(evict_limits: Any) -> None:
    made = [limited("p", limit="1Ki", rootfs=5000, logs=1024)]
    assert evict_limits(made, FsLayout.DEDICATED_IMAGEFS).outcome == "nothing"
    assert evict_limits(made, FsLayout.ONE).outcome == "limits"


def test_limits_in_v17_need_the_gate_and_thresholds(run: Any) -> None:
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


def test_v17_overlay_limit(run: Any) -> None:
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


def test_a_failed_kill_over_a_limit_has_other_words_in_v17(run: Any, lines: Any) -> None:
    pod, stats = limited("p", size="1Ki", volume=1025)
    done = run(
        ManagerConfig(profile=V17, thresholds=(NODEFS,), local_storage_isolation=True),
        stats=Stats(pods={"p": stats}),
        pods=(pod,),
        kill=lambda pod, grace, message: "timed out",
    )
    assert lines(done)[-1] == "eviction manager: pod p_default(p) failed to evict timed out"


def test_limits_skip_the_thresholds_of_that_pass(run: Any) -> None:
    pod, stats = limited("p", size="1Ki", volume=1025)
    done = run(
        ManagerConfig(thresholds=(NODEFS,)),
        stats=Stats(observations={"nodefs.available": LOW}, pods={"p": stats}),
        pods=(pod,),
    )
    assert done.outcome == "limits"
    assert done.conditions == ("DiskPressure",)
    assert done.resource == ""


def test_a_zero_or_negative_size_limit_is_none(evict_limits: Any) -> None:
    assert evict_limits(
        [limited("zero", size="0", volume=5), limited("less", size="-1", volume=5)]
    ).outcome == ("nothing")


def test_v17_has_no_pod_limit_and_tells_whom_it_spares_over_a_limit(run: Any, lines: Any) -> None:
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

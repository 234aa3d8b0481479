"""Admission under pressure: upstream's TestAdmitUnderNodeConditions, and the rules of both lines."""

from __future__ import annotations

import pytest

from netlab.kubelet.admission import admit, tolerates_memory_pressure
from netlab.kubelet.model import Container, Pod, Toleration
from netlab.kubelet.profile import CURRENT, V17, Profile
from netlab.kubelet.quantity import parse_quantity as q

AMOUNTS = {"cpu": q("100m"), "memory": q("1Gi")}
GUARANTEED = Pod(name="g", containers=(Container(name="c", requests=AMOUNTS, limits=AMOUNTS),))
BURSTABLE = Pod(name="bu", containers=(Container(name="c", requests=AMOUNTS),))
BEST_EFFORT = Pod(name="be", containers=(Container(name="c"),))
MEMORY, DISK, PID = "MemoryPressure", "DiskPressure", "PIDPressure"


@pytest.mark.parametrize(
    ("which", "conditions", "expected"),
    [
        (CURRENT, [], (True, True, True)),
        (CURRENT, [MEMORY], (True, True, False)),
        (CURRENT, [MEMORY, DISK], (False, False, False)),
        (CURRENT, [DISK], (False, False, False)),
        (CURRENT, [PID], (False, False, False)),
        (V17, [], (True, True, True)),
        (V17, [MEMORY], (True, True, False)),
        (V17, [MEMORY, DISK], (True, True, False)),
        (V17, [DISK], (False, False, False)),
    ],
)
def test_by_class(which: Profile, conditions: list[str], expected: tuple[bool, ...]) -> None:
    answers = [admit(pod, conditions, which) for pod in (GUARANTEED, BURSTABLE, BEST_EFFORT)]
    assert tuple(a.admitted for a in answers) == expected, "\n".join(map(str, answers))


@pytest.mark.parametrize(
    ("toleration", "covers"),
    [
        (Toleration(key="node.kubernetes.io/memory-pressure", operator="Exists"), True),
        (Toleration(key="node.kubernetes.io/memory-pressure", operator="Exists", effect="NoSchedule"), True),
        (Toleration(key="node.kubernetes.io/memory-pressure", operator="Exists", effect="NoExecute"), False),
        (Toleration(key="node.kubernetes.io/disk-pressure", operator="Exists"), False),
        (Toleration(operator="Exists"), True),
        (Toleration(key="node.kubernetes.io/memory-pressure"), True),
        (Toleration(key="node.kubernetes.io/memory-pressure", value="x"), False),
        (Toleration(key="node.kubernetes.io/memory-pressure", operator="Gt"), False),
    ],
)
def test_tolerations(toleration: Toleration, covers: bool) -> None:
    assert tolerates_memory_pressure(toleration) == covers
    pod = Pod(name="p", tolerations=(toleration,))
    assert admit(pod, [MEMORY], CURRENT).admitted == covers
    assert not admit(pod, [MEMORY], V17).admitted
    assert not admit(pod, [DISK], CURRENT).admitted  # a DaemonSet's tolerations do not help here


def test_critical_pods() -> None:
    for pod in (
        Pod(name="s", static=True),
        Pod(name="m", mirror=True),
        Pod(name="p", priority=2_000_000_000),
    ):
        assert admit(pod, [DISK, PID], CURRENT).admitted
        assert not admit(pod, [DISK], V17).admitted
    assert not admit(Pod(name="p", priority=1_999_999_999), [DISK], CURRENT).admitted


@pytest.mark.parametrize(
    ("namespace", "annotation", "gate", "admitted"),
    [
        ("kube-system", {"scheduler.alpha.kubernetes.io/critical-pod": ""}, True, True),
        ("kube-system", {"scheduler.alpha.kubernetes.io/critical-pod": ""}, False, False),
        ("kube-system", {"scheduler.alpha.kubernetes.io/critical-pod": "true"}, True, False),
        ("default", {"scheduler.alpha.kubernetes.io/critical-pod": ""}, True, False),
        ("kube-system", {}, True, False),
    ],
)
def test_v17_critical_annotation(
    namespace: str, annotation: dict[str, str], gate: bool, admitted: bool
) -> None:
    pod = Pod(name="p", namespace=namespace, annotations=annotation)
    assert admit(pod, [DISK], V17, critical_annotation=gate).admitted == admitted


def test_words_of_a_refusal() -> None:
    pod = Pod(name="weave-net-3svfg", namespace="kube-system", uid="e5a5d474-b214-11e7-a98b-0650cc001a5b")
    old, new = admit(pod, [DISK], V17), admit(pod, [DISK], CURRENT)
    assert old.log[0].message == (
        "Failed to admit pod weave-net-3svfg_kube-system(e5a5d474-b214-11e7-a98b-0650cc001a5b) - "
        "node has conditions: [DiskPressure]"
    )
    assert (old.message, old.status_message) == (
        "The node was low on resource: [DiskPressure].",
        "Pod The node was low on resource: [DiskPressure].",
    )
    assert new.log[0].message == (
        '"Failed to admit pod to node" pod="kube-system/weave-net-3svfg" nodeCondition=["DiskPressure"]'
    )
    assert (new.message, new.status_message) == (
        "The node had condition: [DiskPressure]. ",
        "Pod was rejected: The node had condition: [DiskPressure]. ",
    )
    assert new.reason == "Evicted"
    assert str(new.events[0]) == "Warning Evicted The node had condition: [DiskPressure]. "


def test_several_conditions_are_listed_with_spaces() -> None:
    assert admit(BEST_EFFORT, [DISK, MEMORY], CURRENT).message == (
        "The node had condition: [MemoryPressure DiskPressure]. "
    )


def test_a_condition_that_eviction_does_not_know_refuses_too() -> None:
    assert not admit(GUARANTEED, ["SomethingElse"], CURRENT).admitted

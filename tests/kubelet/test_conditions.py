"""Node conditions, their events and taints."""

from __future__ import annotations

import pytest

from netlab.kubelet.conditions import NodeCondition, report, schedulable, taints
from netlab.kubelet.profile import CURRENT, V17


def test_the_first_report_of_a_restarted_kubelet() -> None:
    """As in the article's events: first no pressure of any kind, then NodeHasDiskPressure alone."""
    first, events = report([], {}, 0, V17, node="ubuntu-k8s-3")
    assert [e.message for e in events] == [
        "Node ubuntu-k8s-3 status is now: NodeHasSufficientDisk",
        "Node ubuntu-k8s-3 status is now: NodeHasSufficientMemory",
        "Node ubuntu-k8s-3 status is now: NodeHasNoDiskPressure",
    ]
    _, events = report(["DiskPressure"], first, 10, V17, node="ubuntu-k8s-3")
    assert [(e.type, e.reason) for e in events] == [("Normal", "NodeHasDiskPressure")]


def test_words_change_on_a_flip_only() -> None:
    first, _ = report(["MemoryPressure"], {}, 0, CURRENT, node="n")
    again, events = report(["MemoryPressure"], first, 10, CURRENT, node="n")
    assert events == ()
    assert (again["MemoryPressure"].heartbeat, again["MemoryPressure"].transition) == (10, 0)
    gone, events = report([], again, 20, CURRENT, node="n")
    assert [e.reason for e in events] == ["NodeHasSufficientMemory"]
    assert gone["MemoryPressure"].transition == 20


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        (
            "MemoryPressure",
            ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
            ("KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ),
        (
            "DiskPressure",
            ("KubeletHasDiskPressure", "kubelet has disk pressure"),
            ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ),
        (
            "PIDPressure",
            ("KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
            ("KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ),
    ],
)
def test_reasons_and_messages(condition: str, true: tuple[str, str], false: tuple[str, str]) -> None:
    for pressures, expected in (([condition], true), ([], false)):
        found = report(pressures, {}, 0, CURRENT, node="n")[0][condition]
        assert (found.reason, found.message) == expected


def test_an_unknown_status_flips_too() -> None:
    before = NodeCondition(
        type="DiskPressure",
        status="Unknown",
        reason="NodeStatusUnknown",
        message="Kubelet stopped posting node status.",
        heartbeat=0,
        transition=0,
    )
    _, events = report([], {"DiskPressure": before}, 5, CURRENT, node="n")
    assert "NodeHasNoDiskPressure" in [e.reason for e in events]


def test_out_of_disk_is_v17s() -> None:
    conditions, events = report([], {}, 0, V17, node="n", out_of_disk=True)
    assert conditions["OutOfDisk"].status == "True"
    assert events[0].reason == "NodeOutOfDisk"
    assert set(report([], {}, 0, CURRENT, node="n")[0]) == {"MemoryPressure", "DiskPressure", "PIDPressure"}


def test_taints_and_predicates() -> None:
    everything = ["PIDPressure", "DiskPressure", "MemoryPressure"]
    assert taints(everything, CURRENT) == (
        "node.kubernetes.io/memory-pressure:NoSchedule",
        "node.kubernetes.io/disk-pressure:NoSchedule",
        "node.kubernetes.io/pid-pressure:NoSchedule",
    )
    assert taints(everything, V17) == ()
    assert schedulable(["DiskPressure"], V17, best_effort=False) == "NodeUnderDiskPressure"
    assert schedulable(["MemoryPressure"], V17, best_effort=True) == "NodeUnderMemoryPressure"
    assert schedulable(["MemoryPressure"], V17, best_effort=False) is None
    assert schedulable(["DiskPressure"], CURRENT, best_effort=True) is None

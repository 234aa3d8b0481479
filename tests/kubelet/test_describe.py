"""Descriptions of nodes in every layout; rows from the article and from public issues, named at each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.errors import InputError
from netlab.kubelet.describe import parse_age, read_description
from netlab.kubelet.duration import HOUR, MINUTE, SECOND

DAY = 24 * HOUR


def test_the_articles_events() -> None:
    described = read_description(data.article("node-events.txt"))
    assert len(described.events) == 9
    worst = max(described.events, key=lambda e: e.count)
    assert (worst.count, worst.reason, worst.type) == (49428, "EvictionThresholdMet", "Warning")
    assert (worst.first, worst.last, worst.source) == (9 * DAY, 51 * MINUTE, "kubelet, ubuntu-k8s-3")
    assert worst.message == "Attempting to reclaim nodefs"
    last = described.events[-1]
    assert (last.count, last.first, last.last) == (23, 5 * MINUTE, 14 * SECOND)
    assert [e.reason for e in described.events if e.reason.startswith("NodeHas")] == [
        "NodeHasSufficientDisk",
        "NodeHasSufficientMemory",
        "NodeHasNoDiskPressure",
        "NodeHasDiskPressure",
    ]
    assert [line for _, line in described.unread] in ([], ["... ..."])


CURRENT = """\
Name:               minikube
Roles:              master
Labels:             kubernetes.io/os=linux
Taints:             node.kubernetes.io/disk-pressure:NoSchedule
                    dedicated=web:NoExecute
Unschedulable:      false
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  MemoryPressure   False   Thu, 05 Mar 2020 20:32:46 -0800   Thu, 05 Mar 2020 20:26:07 -0800   KubeletHasSufficientMemory   kubelet has sufficient memory available
  DiskPressure     True    Thu, 05 Mar 2020 20:32:46 -0800   Thu, 05 Mar 2020 20:26:37 -0800   KubeletHasDiskPressure       kubelet has disk pressure
  Ready            Unknown <unknown>                         <unknown>                         NodeStatusUnknown            Kubelet stopped posting node status.
Addresses:
  InternalIP:  192.168.39.2
Capacity:
  cpu:                16
  ephemeral-storage:  41218252Ki
Allocatable:
  ephemeral-storage:  30732492Ki
Non-terminated Pods:         (2 in total)
  Namespace                  Name                  CPU Requests  CPU Limits
  kube-system                kube-proxy            0 (0%)        0 (0%)
Events:
  Type     Reason                 Age                 From               Message
  ----     ------                 ----                ----               -------
  Normal   Starting               18m                 kubelet, minikube  Starting kubelet.
  Warning  EvictionThresholdMet   14s (x23 over 5m)   kubelet            Attempting to reclaim ephemeral-storage
  Warning  FreeDiskSpaceFailed    <unknown>           kubelet            failed to garbage collect required amount of images.
"""  # noqa: E501


def test_todays_description() -> None:
    node = read_description(CURRENT)
    assert node.name == "minikube"
    assert node.taints == ("node.kubernetes.io/disk-pressure:NoSchedule", "dedicated=web:NoExecute")
    assert node.unschedulable is False
    disk = node.condition("DiskPressure")
    assert disk is not None
    assert (disk.status, disk.reason, disk.message) == (
        "True",
        "KubeletHasDiskPressure",
        "kubelet has disk pressure",
    )
    assert disk.transition is not None
    assert disk.transition.astimezone(UTC) == datetime(2020, 3, 6, 4, 26, 37, tzinfo=UTC)
    ready = node.condition("Ready")
    assert ready is not None
    assert ready.heartbeat is None
    assert node.condition("PIDPressure") is None
    assert str(node.capacity["ephemeral-storage"]) == "41218252Ki"
    assert str(node.allocatable["ephemeral-storage"]) == "30732492Ki"
    assert [(e.reason, e.count, e.first, e.last) for e in node.events] == [
        ("Starting", 1, 18 * MINUTE, 18 * MINUTE),
        ("EvictionThresholdMet", 23, 5 * MINUTE, 14 * SECOND),
        ("FreeDiskSpaceFailed", 1, None, None),
    ]
    assert node.unread == ()
    assert list(node.frame()["count"]) == [1, 23, 1]


@pytest.mark.parametrize(
    "row",
    [
        # kubernetes/kubernetes#52386: tabs of v1.7
        "MemoryPressure \tTrue \tWed, 13 Sep 2017 12:54:10 +0800 \tWed, 13 Sep 2017 11:54:03 +0800 "
        "\tKubeletHasInsufficientMemory \tkubelet has insufficient memory available",
        "MemoryPressure True Wed, 13 Sep 2017 12:54:10 +0800 Wed, 13 Sep 2017 11:54:03 +0800 "
        "KubeletHasInsufficientMemory kubelet has insufficient memory available",
    ],
)
def test_conditions_with_tabs_or_single_spaces(row: str) -> None:
    (condition,) = read_description(row).conditions
    assert (condition.type, condition.status) == ("MemoryPressure", "True")
    assert condition.message == "kubelet has insufficient memory available"
    assert condition.heartbeat is not None
    assert condition.transition is not None
    assert condition.heartbeat - condition.transition == timedelta(hours=1, seconds=7)


@pytest.mark.parametrize(
    ("row", "count", "source", "thing"),
    [
        # kubernetes/kubernetes#91600
        ("  Warning  Evicted         18m                kubelet, mgt04     The node was low on resource: "
         "ephemeral-storage. ", 1, "kubelet, mgt04", ""),
        ("  Normal   Created         18m (x2 over 18m)  kubelet, mgt04     Created container calico-node", 2,
         "kubelet, mgt04", ""),
        ("  1h\t1m\t59\t{kubelet n1}\t\t\tWarning\tEvictionThresholdMet\tAttempting to reclaim nodefs", 59,
         "{kubelet n1}", ""),
        ("5m16s (x12 over 2d)   Warning   EvictionThresholdMet   node/n1   Attempting to reclaim memory", 12, "",
         "node/n1"),
        ("3m  3m  1  kubelet, n1  spec.containers{web}  Normal  Killing  Killing container", 1, "kubelet, n1",
         "spec.containers{web}"),
    ],
)  # fmt: skip
def test_rows_of_other_years(row: str, count: int, source: str, thing: str) -> None:
    (event,) = read_description(row).events
    assert (event.count, event.source, event.object) == (count, source, thing)
    assert event.message.strip()


def test_rows_that_cannot_be_read_are_kept() -> None:
    node = read_description("Name: n1\nEvents:\n  Warning  Broken\nConditions:\n  Strange  Maybe\nstray")
    assert [number for number, _ in node.unread] == [3, 5, 6]


@pytest.mark.parametrize("junk", ["", "hello", "... ..."])
def test_junk(junk: str) -> None:
    with pytest.raises(InputError, match="neither a condition nor an event") as caught:
        read_description(junk)
    assert "kubectl describe node" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("9d", 9 * DAY),
        ("3h25m", 3 * HOUR + 25 * MINUTE),
        ("2y10d", 740 * DAY),
        ("0s", 0),
        ("<invalid>", None),
    ],
)
def test_ages(text: str, age: int | None) -> None:
    assert parse_age(text) == age


@settings(deadline=None)
@given(st.text(max_size=200))
def test_it_reads_or_says_why(text: str) -> None:
    try:
        node = read_description(text)
    except InputError as error:
        assert error.expected  # noqa: PT017
    else:
        assert len(node.unread) <= len(text.splitlines())


def test_amounts_that_are_no_quantities_are_unread() -> None:
    node = read_description("Capacity:\n  cpu: many\n  memory: 1Gi\n")
    assert node.unread == ((2, "  cpu: many"),)
    assert str(node.capacity["memory"]) == "1Gi"

"""Eviction messages against messages seen in the wild and the formats of the kubelet."""

from __future__ import annotations

from netlab.kubelet.messages import eviction_message
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    Observation,
    Pod,
    PodStats,
    Threshold,
    ThresholdValue,
    float32,
)
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.quantity import parse_quantity as q
from netlab.kubelet.sentences import read_message

IMAGEFS = Threshold(signal="imagefs.available", value=ThresholdValue(percentage=float32(float32(15) / 100)))
SEEN = {"imagefs.available": Observation(q("2632184Ki"), Quantity.of(20941697024))}


def test_figures_of_a_real_message() -> None:
    """The kubelet of vtmocanu/uzi#225: 15% of 20941697024, 2632184Ki available."""
    pod = Pod(name="p", containers=(Container(name="app"),))
    stats = PodStats(
        name="p",
        containers=(ContainerStats(name="app", rootfs=DiskUse(used=90 * 1024), logs=DiskUse(used=2 * 1024)),),
    )
    message, annotations = eviction_message("ephemeral-storage", pod, stats, [IMAGEFS], SEEN, CURRENT)
    assert message == (
        "The node was low on resource: ephemeral-storage. "
        "Threshold quantity: 3141254678, available: 2632184Ki. "
        "Container app was using 92Ki, request is 0, has larger consumption of ephemeral-storage. "
    )
    assert annotations == {
        "offending_containers": "app",
        "offending_containers_usage": "92Ki",
        "starved_resource": "ephemeral-storage",
    }


def test_v17_says_one_sentence() -> None:
    message, annotations = eviction_message("nodefs", Pod(name="p"), None, [IMAGEFS], SEEN, V17)
    assert (message, annotations) == ("The node was low on resource: nodefs.", {})


def test_only_containers_over_their_request_in_the_order_of_the_stats() -> None:
    request = {"memory": q("100Mi")}
    pod = Pod(
        name="p",
        containers=(Container(name="a", requests=request), Container(name="b", requests=request)),
        init_containers=(Container(name="init"),),
    )
    used = {"b": 101, "ephemeral": 900, "init": 1, "a": 100, "c": 5}
    stats = PodStats(
        name="p",
        containers=tuple(ContainerStats(name=n, memory_working_set=m * 2**20) for n, m in used.items()),
    )
    message, annotations = eviction_message("memory", pod, stats, [], {}, CURRENT)
    assert message == (
        "The node was low on resource: memory. "
        "Container b was using 101Mi, request is 100Mi, has larger consumption of memory. "
        "Container init was using 1Mi, request is 0, has larger consumption of memory. "
    )
    assert annotations["offending_containers"] == "b,init"
    assert annotations["offending_containers_usage"] == "101Mi,1Mi"


def test_storage_needs_both_figures_and_inodes_have_none() -> None:
    pod = Pod(name="p", containers=(Container(name="a"),))
    half = PodStats(name="p", containers=(ContainerStats(name="a", rootfs=DiskUse(used=9)),))
    for resource in ("ephemeral-storage", "inodes", "pids"):
        message, annotations = eviction_message(resource, pod, half, [], {}, CURRENT)
        assert message == f"The node was low on resource: {resource}. "
        assert annotations["offending_containers"] == ""


def test_without_figures_of_the_pod_there_are_no_annotations() -> None:
    assert eviction_message("memory", Pod(name="p"), None, [], {}, CURRENT)[1] == {}


def test_pod_level_resources_speak_first() -> None:
    pod = Pod(
        name="p",
        containers=(Container(name="a"),),
        resources=Container(name="", requests={"memory": q("1Mi")}),
    )
    stats = PodStats(
        name="p",
        memory_working_set=3 * 2**20,
        containers=(ContainerStats(name="a", memory_working_set=2 * 2**20),),
    )
    message, _ = eviction_message("memory", pod, stats, [], {}, CURRENT)
    assert message.split(". ")[1:3] == [
        "Pod p was using 3Mi, request is 1Mi, has larger consumption of memory",
        "Container a was using 2Mi, request is 0, has larger consumption of memory",
    ]


def test_figures_are_those_of_the_first_threshold_of_the_resource() -> None:
    """The resource does not tell nodefs from imagefs: the message may speak of the other one."""
    nodefs = Threshold(signal="nodefs.available", value=ThresholdValue(q("1Gi")))
    seen = {**SEEN, "nodefs.available": Observation(q("1Mi"), q("9Gi"))}
    message, _ = eviction_message("ephemeral-storage", Pod(name="p"), None, [IMAGEFS, nodefs], seen, CURRENT)
    assert "available: 2632184Ki. " in message


def test_the_reader_of_messages_reads_them() -> None:
    pod = Pod(name="p", containers=(Container(name="app"),))
    stats = PodStats(name="p", containers=(ContainerStats(name="app", memory_working_set=2**20),))
    memory = Threshold(signal="memory.available", value=ThresholdValue(q("100Mi")))
    seen = {"memory.available": Observation(q("50Mi"), q("1Gi"))}
    message, _ = eviction_message("memory", pod, stats, [memory], seen, CURRENT)
    read = read_message(message)
    assert str(read.resource) == "memory"

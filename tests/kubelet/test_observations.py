"""Observations and pods out of the kubelet's JSON, in both lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netlab.errors import InputError
from netlab.kubelet.model import DiskUse, FsLayout, Pod, Volume
from netlab.kubelet.observations import memory_observation, parse_time, pid_observation, read_summary
from netlab.kubelet.podfile import read_pods
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import Family, parse_quantity

GI, MI = 2**30, 2**20


def summary() -> dict[str, Any]:
    """The figures of upstream's TestMakeSignalObservations (helpers_test.go, Apache License 2.0)."""
    fs = {"availableBytes": 1024, "capacityBytes": 2048, "inodesFree": 1024, "inodes": 1024 * 1024}
    image = {"availableBytes": MI, "capacityBytes": 2 * MI, "inodesFree": 1024, "inodes": 1024 * 1024}
    memory = {"availableBytes": GI, "workingSetBytes": GI, "time": "2016-01-01T00:00:00Z"}
    return {
        "node": {
            "memory": memory,
            "fs": fs,
            "runtime": {"imageFs": image, "containerFs": dict(fs)},
            "rlimit": {"maxpid": 32768, "curproc": 900},
            "systemContainers": [
                {"name": "pods", "memory": {"availableBytes": 4 * MI, "workingSetBytes": MI}}
            ],
        },
        "pods": [
            {
                "podRef": {"name": "pod1", "namespace": "ns1", "uid": "uuid1"},
                "memory": {"workingSetBytes": 3 * MI},
                "process_stats": {"process_count": 7},
                "containers": [
                    {
                        "name": "ctr0",
                        "memory": {"workingSetBytes": MI},
                        "rootfs": {"usedBytes": 100, "inodesUsed": 10},
                        "logs": {"usedBytes": 20, "inodesUsed": 2},
                    },
                    {"name": "ctr1", "memory": {"workingSetBytes": MI}},
                ],
                "volume": [
                    {"name": "scratch", "usedBytes": 3, "inodesUsed": 1},
                    {"name": "mem", "usedBytes": 50},
                ],
                "ephemeral-storage": {"usedBytes": 123},
            }
        ],
    }


def test_every_signal_of_the_current_line() -> None:
    seen = read_summary(json.dumps(summary()), CURRENT)
    assert {signal: (o.available.value, o.capacity.value) for signal, o in seen.observations.items()} == {
        "memory.available": (GI, 2 * GI),
        "allocatableMemory.available": (4 * MI, 5 * MI),
        "nodefs.available": (1024, 2048),
        "nodefs.inodesFree": (1024, 1024 * 1024),
        "imagefs.available": (MI, 2 * MI),
        "imagefs.inodesFree": (1024, 1024 * 1024),
        "containerfs.available": (1024, 2048),
        "containerfs.inodesFree": (1024, 1024 * 1024),
        "pid.available": (32768 - 900, 32768),
    }
    assert seen.missing == {}
    assert seen.observations["memory.available"].time == parse_time("2016-01-01T00:00:00Z")
    assert seen.observations["nodefs.available"].time is None
    assert seen.observations["nodefs.inodesFree"].available.family is Family.DECIMAL
    assert str(seen.observations["nodefs.available"].capacity) == "2Ki"


def test_the_pods_figures() -> None:
    (pod,) = read_summary(summary(), CURRENT).pods
    assert (pod.name, pod.namespace, pod.uid) == ("pod1", "ns1", "uuid1")
    assert pod.memory_working_set == 3 * MI
    assert pod.process_count == 7
    assert pod.containers[0].rootfs == DiskUse(used=100, inodes=10)
    assert pod.containers[1].rootfs is None
    assert pod.volumes["scratch"] == DiskUse(used=3, inodes=1)
    assert pod.ephemeral == DiskUse(used=123)


def test_v17_has_no_pids_and_no_containerfs_and_says_what_its_allocatable_needs() -> None:
    seen = read_summary(summary(), V17)
    assert set(seen.observations) == {
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
    }
    assert set(seen.missing) == {"allocatableMemory.available", "allocatableNodeFs.available"}


def test_v17_computes_allocatable_itself() -> None:
    pod = Pod(
        name="pod1",
        uid="uuid1",
        volumes=(
            Volume(name="scratch", kind="emptyDir"),
            Volume(name="mem", kind="emptyDir", medium="Memory"),
        ),
    )
    capacity = {"memory": parse_quantity("4Gi"), "ephemeral-storage": parse_quantity("1000")}
    reserved = {"memory": parse_quantity("1Gi")}

    def seen(layout: FsLayout) -> Any:
        return read_summary(
            summary(), V17, pods=[pod], layout=layout, node_capacity=capacity, reservation=reserved
        ).observations

    one, dedicated = seen(FsLayout.ONE), seen(FsLayout.DEDICATED_IMAGEFS)
    assert one["allocatableMemory.available"].available.value == 3 * GI - 2 * MI
    assert one["allocatableMemory.available"].capacity == parse_quantity("4Gi")
    assert one["allocatableMemory.available"].time is None
    assert one["allocatableNodeFs.available"].available.value == 1000 - 100 - 20 - 3
    assert dedicated["allocatableNodeFs.available"].available.value == 1000 - 20 - 3


@pytest.mark.parametrize(
    ("path", "lost", "why"),
    [
        (("memory", "workingSetBytes"), {"memory.available"}, "workingSetBytes"),
        (("fs", "inodes"), {"nodefs.inodesFree"}, "inodes"),
        (("fs", "availableBytes"), {"nodefs.available"}, "availableBytes"),
        (("rlimit", "curproc"), {"pid.available"}, "curproc"),
        (("systemContainers",), {"allocatableMemory.available"}, 'system container "pods" not found'),
        (
            ("runtime",),
            {f"{f}fs.{s}" for f in ("image", "container") for s in ("available", "inodesFree")},
            "has no",
        ),
    ],
)
def test_an_observation_needs_both_inputs(path: tuple[str, ...], lost: set[str], why: str) -> None:
    data = summary()
    place: Any = data["node"]
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    seen = read_summary(data, CURRENT)
    assert set(seen.missing) == lost
    assert all(why in reason for reason in seen.missing.values())
    assert not lost & set(seen.observations)


def test_v17_needs_imagefs_bytes_before_its_inodes_and_current_does_not() -> None:
    data = summary()
    del data["node"]["runtime"]["imageFs"]["capacityBytes"]
    assert "imagefs.inodesFree" in read_summary(data, CURRENT).observations
    then = read_summary(data, V17)
    assert "imagefs.inodesFree" not in then.observations
    assert "after its bytes" in then.missing["imagefs.inodesFree"]


def test_times() -> None:
    assert parse_time("2017-10-16T09:50:55.056703123Z") == 1508147455056703123
    assert parse_time("2017-10-16T17:50:55+08:00") == 1508147455000000000
    assert parse_time("") is parse_time(None) is None
    with pytest.raises(InputError, match="not a time"):
        parse_time("yesterday")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ("[]", "not a JSON object"), ("{}", "has no node"), ("", "not JSON")],
)
def test_a_bad_summary(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_summary(text, CURRENT, source="summary.json")
    assert caught.value.source == "summary.json"


POD = {
    "kind": "Pod",
    "metadata": {
        "name": "kube-proxy-v4d1p",
        "namespace": "kube-system",
        "uid": "e5ff8fde",
        "annotations": {"scheduler.alpha.kubernetes.io/critical-pod": ""},
    },
    "spec": {
        "priority": 2000001000,
        "terminationGracePeriodSeconds": 30,
        "overhead": {"memory": "120Mi"},
        "containers": [
            {"name": "proxy", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": 134217728}}}
        ],
        "initContainers": [{"name": "side", "restartPolicy": "Always"}],
        "tolerations": [{"key": "node.kubernetes.io/memory-pressure", "operator": "Exists", "effect": "NoSchedule"}],
        "volumes": [
            {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}},
            {"name": "shm", "emptyDir": {"medium": "Memory"}},
            {"name": "lib", "hostPath": {"path": "/lib/modules"}},
        ],
    },
    "status": {"phase": "Pending"},
}  # fmt: skip


def test_pods_of_the_api() -> None:
    (pod,) = read_pods(json.dumps({"kind": "List", "items": [POD]}))
    assert pod.full_name == "kube-proxy-v4d1p_kube-system(e5ff8fde)"
    assert (pod.priority, pod.termination_grace_seconds, pod.phase) == (2000001000, 30, "Pending")
    assert str(pod.containers[0].requests["memory"]) == "64Mi"
    assert pod.containers[0].limits["memory"].value == 128 * MI
    assert pod.init_containers[0].restart_always
    assert str(pod.overhead["memory"]) == "120Mi"
    assert pod.tolerations[0].operator == "Exists"
    assert [(v.kind, v.medium, str(v.size_limit)) for v in pod.volumes] == [
        ("emptyDir", "", "1Gi"),
        ("emptyDir", "Memory", "None"),
        ("hostPath", "", "None"),
    ]
    assert not pod.static
    assert not pod.mirror


def test_static_and_mirror_pods_by_their_annotations() -> None:
    # annotations of kubernetes/kubernetes#51432's kube-proxy
    item = {
        "metadata": {
            "name": "a",
            "annotations": {"kubernetes.io/config.source": "file", "kubernetes.io/config.mirror": "7ec3"},
        },
        "spec": {},
    }
    (pod,) = read_pods(json.dumps(item))
    assert pod.static
    assert pod.mirror
    item["metadata"]["annotations"] = {"kubernetes.io/config.source": "api"}
    (pod,) = read_pods(json.dumps(item))
    assert not pod.static


def test_a_single_pod_in_yaml() -> None:
    (pod,) = read_pods("kind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: b\n")
    assert (pod.name, pod.namespace, pod.containers[0].name) == ("a", "default", "b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"kind": "Node", "spec": {}}', "Node is not a Pod"),
        ("a: [", "not YAML"),
        ("just text", "no pods here"),
        ("{", "not JSON"),
    ],
)
def test_what_is_no_pod(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_pods(text, source="pods.json")
    assert "kubectl get pods -o json" in str(caught.value)


def test_a_bad_quantity_names_its_pod() -> None:
    bad = json.loads(json.dumps(POD))
    bad["spec"]["containers"][0]["resources"]["requests"]["memory"] = "64MB"
    with pytest.raises(InputError, match="kube-proxy-v4d1p: memory: quantities must match"):
        read_pods(json.dumps(bad))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"node": {"fs": 3}}, "node.fs is int"),
        ({"node": {"fs": {"availableBytes": "x", "capacityBytes": 1}}}, "node.fs.availableBytes is str"),
        ({"node": {"memory": {"availableBytes": 1, "workingSetBytes": True}}}, "workingSetBytes is bool"),
        ({"node": {"systemContainers": {}}, "pods": []}, "node.systemContainers is dict"),
        ({"node": {"fs": {}}, "pods": [[]]}, r"pods\[0\] is list"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(data: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_summary(data, CURRENT)
    assert caught.value.expected


@pytest.mark.parametrize("text", ['{"items": [3]}', '{"items": [{"spec": {"volumes": 4}}]}'])
def test_pods_of_the_wrong_kind(text: str) -> None:
    with pytest.raises(InputError, match=r"items\[0\]") as caught:
        read_pods(text)
    assert "object" in str(caught.value)


def test_memory_counts_active_cache_as_used_and_floors_the_working_set() -> None:
    seen = memory_observation(8 * GI, 6 * GI, 2 * GI)
    assert (seen.available.value, seen.capacity.value) == (4 * GI, 8 * GI)
    assert memory_observation(8 * GI, GI, 2 * GI).available.value == 8 * GI


def test_tasks_against_the_smaller_limit() -> None:
    assert pid_observation("0 0 0 1/500 7\n", 4194304, 30000).available.value == 29500
    assert pid_observation("0 0 0 1/500 7", 1000, 30000).capacity.value == 1000
    with pytest.raises(InputError, match="not the text of /proc/loadavg"):
        pid_observation("0.1 0.2", 1, 1)


def test_words_of_the_wrong_kind() -> None:
    with pytest.raises(InputError, match=r"metadata\.name is int"):
        read_pods('{"metadata": {"name": 3}, "spec": {}}')
    with pytest.raises(InputError, match=r"annotations\.a is list"):
        read_pods('{"metadata": {"annotations": {"a": []}}, "spec": {}}')


def test_pods_without_figures_do_not_count() -> None:
    capacity = {"memory": parse_quantity("4Gi"), "ephemeral-storage": parse_quantity("1000")}
    seen = read_summary(
        summary(), V17, pods=[Pod(name="x", uid="other")], node_capacity=capacity, reservation={}
    )
    assert seen.observations["allocatableNodeFs.available"].available.value == 1000

"""The eviction order: upstream's tables (cases/rank.json), reasons, and that it is an order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import InputError
from netlab.kubelet.model import Container, ContainerStats, DiskUse, FsLayout, Pod, PodStats, Volume
from netlab.kubelet.profile import CURRENT, V17, profile
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.ranking import pod_disk_use, rank
from netlab.kubelet.signals import known_signal


@pytest.mark.cases("rank.json", "rank_pods")
def test_rank(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    written = case["input"]["pods"]
    ranked = rank(
        [build.pod(p) for p in written],
        build.all_stats(written),
        case["input"]["signal"],
        FsLayout(case["input"]["layout"]),
        profile(suite["profile"]),
    )
    assert [r.pod.name for r in ranked] == case["expect"], "\n".join(map(str, ranked))


def test_the_deciding_key_is_named() -> None:
    pods = [Pod(name="a", uid="a", priority=5), Pod(name="b", uid="b")]
    stats = {u: PodStats(name=u, uid=u, memory_working_set=7) for u in "ab"}
    first = rank(pods, stats, "memory.available", FsLayout.ONE, CURRENT)[0]
    assert first.pod.name == "b"
    assert first.before_next.startswith("priority: priority 0 (unset), against priority 5")


def test_memory_emptydir_and_remote_volumes_are_not_local() -> None:
    pod = Pod(
        name="p",
        volumes=(
            Volume(name="disk", kind="emptyDir"),
            Volume(name="ram", kind="emptyDir", medium="Memory"),
            Volume(name="nfs", kind="nfs"),
            Volume(name="host", kind="hostPath"),
            Volume(name="config", kind="configMap"),
            Volume(name="git", kind="gitRepo"),
        ),
    )
    figures = {v.name: DiskUse(used=10**i) for i, v in enumerate(pod.volumes)}
    assert pod_disk_use(pod, PodStats(name="p", volumes=figures), ("local volumes",), "bytes") == 111001


def test_v17_memory_is_summed_over_containers_and_current_is_the_pods() -> None:
    """A pod whose own working set (1) is less than its container's (100)."""
    containers = (ContainerStats(name="c", memory_working_set=100),)
    stats = {
        "a": PodStats(name="a", uid="a", memory_working_set=1, containers=containers),
        "b": PodStats(
            name="b",
            uid="b",
            memory_working_set=50,
            containers=(ContainerStats(name="c", memory_working_set=50),),
        ),
    }
    pods = [Pod(name="a", uid="a"), Pod(name="b", uid="b")]
    order = {
        p.name: [r.pod.name for r in rank(pods, stats, "memory.available", FsLayout.ONE, p)]
        for p in (V17, CURRENT)
    }
    assert order == {"v1.7": ["a", "b"], "current": ["b", "a"]}


amounts = st.integers(0, 3).map(lambda n: n * 1024)


@st.composite
def pods_and_stats(draw: st.DrawFn) -> tuple[list[Pod], dict[str, PodStats]]:
    pods, stats = [], {}
    for i in range(draw(st.integers(0, 6))):
        request = draw(st.sampled_from([None, "1Ki", "2Ki"]))
        requests = {} if request is None else {"memory": parse_quantity(request)}
        if draw(st.booleans()):
            requests["ephemeral-storage"] = Quantity.of(draw(amounts))
        pods.append(
            Pod(
                name=f"p{i}",
                uid=str(i),
                containers=(Container(name="c", requests=requests),),
                priority=draw(st.sampled_from([None, -1, 0, 5])),
            )
        )
        if draw(st.integers(0, 4)):
            stats[str(i)] = PodStats(
                name=f"p{i}",
                uid=str(i),
                memory_working_set=draw(amounts),
                process_count=draw(st.integers(0, 3)),
                containers=(
                    ContainerStats(
                        name="c",
                        memory_working_set=draw(amounts),
                        rootfs=DiskUse(used=draw(amounts), inodes=draw(amounts)),
                        logs=DiskUse(used=draw(amounts), inodes=draw(amounts)),
                    ),
                ),
            )
    return pods, stats


@given(
    pods_and_stats(),
    st.sampled_from(["memory.available", "nodefs.available", "imagefs.inodesFree", "pid.available"]),
    st.sampled_from(list(FsLayout)),
    st.sampled_from([V17, CURRENT]),
    st.randoms(use_true_random=False),
)
def test_a_total_preorder_that_ignores_the_order_of_the_input(
    made: tuple[list[Pod], dict[str, PodStats]], signal: str, layout: FsLayout, which: Any, random: Any
) -> None:
    pods, stats = made
    if known_signal(signal, which) is None:
        return
    ranked = rank(pods, stats, signal, layout, which)
    assert sorted(r.pod.uid for r in ranked) == sorted(p.uid for p in pods)
    assert [r.order for r in ranked] == sorted(r.order for r in ranked)
    shuffled = list(pods)
    random.shuffle(shuffled)
    again = rank(shuffled, stats, signal, layout, which)
    assert [r.order for r in again] == [r.order for r in ranked]
    # pods of equal keys keep the order they came in
    for one, other in pairwise(again):
        if one.order == other.order:
            assert shuffled.index(one.pod) < shuffled.index(other.pod)


def test_pods_that_share_a_uid_are_not_mixed_up() -> None:
    pods = [Pod(name="a"), Pod(name="b")]
    with pytest.raises(InputError, match="share a UID"):
        rank(pods, {"": PodStats(name="a")}, "memory.available", FsLayout.ONE, CURRENT)


def test_any_inode_in_use_exceeds_whatever_bytes_are_requested() -> None:
    """Key 1 compares inodes with zero, so priority has no say; only key 3 subtracts the request in bytes."""
    asks = Container(name="c", requests={"ephemeral-storage": parse_quantity("1Gi")})
    user, idle = Pod(name="user", uid="user", priority=10, containers=(asks,)), Pod(name="idle", uid="idle")
    stats = {
        name: PodStats(
            name=name, uid=name, containers=(ContainerStats(name="c", rootfs=DiskUse(inodes=inodes)),)
        )
        for name, inodes in (("user", 5), ("idle", 0))
    }
    ranked = rank([idle, user], stats, "nodefs.inodesFree", FsLayout.ONE, CURRENT)
    assert [r.pod.name for r in ranked] == ["user", "idle"]

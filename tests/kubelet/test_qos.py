"""Quality-of-service classes, effective requests and limits."""

from __future__ import annotations

import pytest

from netlab.kubelet.effective import pod_limit, pod_request
from netlab.kubelet.model import Container, Pod
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.qos import qos_class
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.quantity import parse_quantity as q


def amounts(cpu: str = "", memory: str = "") -> dict[str, Quantity]:
    return {k: q(v) for k, v in (("cpu", cpu), ("memory", memory)) if v}


def container(requests: dict[str, Quantity], limits: dict[str, Quantity]) -> Container:
    return Container(name="c", requests=requests, limits=limits)


NONE: dict[str, Quantity] = {}
FULL = amounts("100m", "100Mi")


# After qos_test.go TestGetPodQOS: name, containers, class.
@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        pytest.param([container(FULL, FULL)], "Guaranteed", id="guaranteed"),
        pytest.param([container(FULL, FULL)] * 2, "Guaranteed", id="guaranteed, two containers"),
        pytest.param([container(NONE, NONE)], "BestEffort", id="best-effort"),
        pytest.param([container(amounts("0", "0"), NONE)], "BestEffort", id="zeros count as nothing"),
        pytest.param([container(amounts("-1", "-1"), NONE)], "BestEffort", id="only positive amounts count"),
        pytest.param([container({"ephemeral-storage": q("1Gi")}, NONE)], "BestEffort", id="storage only"),
        pytest.param([container(FULL, FULL), container(NONE, NONE)], "Burstable", id="one without"),
        pytest.param([container(amounts("1"), amounts("2"))], "Burstable", id="cpu only"),
        pytest.param([container(amounts("1"), amounts("1"))], "Burstable", id="equal, but no memory"),
        pytest.param([container(FULL, amounts("100m", "200Mi"))], "Burstable", id="unequal"),
        pytest.param([container(NONE, FULL)], "Burstable", id="limits only, not yet defaulted"),
        pytest.param(
            [
                container(amounts("1", "1Gi"), amounts("2", "2Gi")),
                container(amounts("2", "2Gi"), amounts("1", "1Gi")),
            ],
            "Guaranteed",
            id="sums are compared, not containers",
        ),
    ],
)
def test_classes(containers: list[Container], expected: str) -> None:
    for which in (V17, CURRENT):
        assert qos_class(Pod(name="p", containers=tuple(containers)), which) == expected


def test_init_containers_count_in_current_only() -> None:
    pod = Pod(name="p", containers=(container(FULL, FULL),), init_containers=(container(NONE, NONE),))
    assert qos_class(pod, V17) == "Guaranteed"
    assert qos_class(pod, CURRENT) == "Burstable"


def test_pod_level_resources_stand_for_all() -> None:
    pod = Pod(name="p", containers=(container(NONE, NONE),), resources=container(FULL, FULL))
    assert qos_class(pod, CURRENT) == "Guaranteed"


def memory(amount: str, **more: bool) -> Container:
    return Container(name="c", requests=amounts(memory=amount), limits=amounts(memory=amount), **more)


def test_init_containers_and_sidecars() -> None:
    pod = Pod(
        name="p",
        containers=(memory("2Gi"),),
        init_containers=(
            memory("1Gi", restart_always=True),
            memory("4Gi"),
            memory("1Gi", restart_always=True),
        ),
        overhead=amounts(memory="1Mi"),
    )
    # the init container runs beside the first sidecar (5Gi); in the end 2Gi + both sidecars run (4Gi)
    assert str(pod_request(pod, "memory", CURRENT)) == "5121Mi"
    # v1.7 knows no sidecars and no overhead: it sums the init containers
    assert str(pod_request(pod, "memory", V17)) == "6Gi"
    assert str(pod_limit(pod, "memory")) == "5121Mi"


def test_overhead_needs_a_request() -> None:
    pod = Pod(name="p", containers=(Container(name="c"),), overhead=amounts(memory="1Gi"))
    assert not pod_request(pod, "memory", CURRENT)
    assert pod_limit(pod, "memory") is None


def test_pod_level_requests_replace_the_containers() -> None:
    pod = Pod(
        name="p",
        containers=(
            Container(
                name="c",
                requests=amounts(memory="1Gi") | {"ephemeral-storage": q("3Gi")},
                limits={"ephemeral-storage": q("4Gi")},
            ),
        ),
        resources=Container(name="", requests=amounts(memory="5Gi"), limits=amounts(memory="6Gi")),
    )
    assert str(pod_request(pod, "memory", CURRENT)) == "5Gi"
    assert str(pod_request(pod, "ephemeral-storage", CURRENT)) == "3Gi"
    assert str(pod_limit(pod, "memory")) == "6Gi"
    assert str(pod_limit(pod, "ephemeral-storage")) == "4Gi"

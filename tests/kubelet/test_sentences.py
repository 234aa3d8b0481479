"""Eviction messages read back, in every wording; messages of public issues are named at each."""

from __future__ import annotations

import pytest

from netlab.kubelet.messages import eviction_message, refusal_message
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    Observation,
    Pod,
    PodStats,
    Threshold,
    ThresholdValue,
)
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.sentences import messages_frame, read_message


def test_v17() -> None:
    # kubernetes/kubernetes#51432
    said = read_message("The node was low on resource: nodefs.")
    assert (said.kind, said.resource, said.consumers, said.unread) == ("pressure", "nodefs", (), "")


def test_the_releases_between() -> None:
    # kubernetes/kubernetes#91600
    said = read_message(
        "The node was low on resource: ephemeral-storage. Container calico-node was using 92Ki, which exceeds "
        "its request of 0."
    )
    (consumer,) = said.consumers
    assert (consumer.name, str(consumer.usage), str(consumer.request)) == ("calico-node", "92Ki", "0")
    assert consumer.resource == "ephemeral-storage"


def test_current_with_figures_and_the_pod_sentence() -> None:
    said = read_message(
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 88436Ki. Pod web was using "
        "2Gi, request is 1Gi, has larger consumption of memory. Container a was using 1Gi, request is 500m, has "
        "larger consumption of memory. Something new happened. "
    )
    assert (str(said.threshold), str(said.available)) == ("100Mi", "88436Ki")
    assert [(c.name, c.pod) for c in said.consumers] == [("web", True), ("a", False)]
    assert said.unread == "Something new happened."


@pytest.mark.parametrize(
    ("text", "kind", "name", "limit"),
    [
        ('Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ', "emptyDir limit", "cache", "1Gi"),
        (
            "Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. ",
            "pod limit",
            None,
            "2Gi",
        ),
        ('Container web exceeded its local ephemeral storage limit "3Gi". ', "container limit", "web", "3Gi"),
        ('emptyDir usage exceeds the limit "1Gi"', "emptyDir limit", None, "1Gi"),
        ('container\'s overlay usage exceeds the limit "1Gi"', "container limit", None, "1Gi"),
        ("The node was low on resource: EmptyDir.", "emptyDir limit", None, None),
        ("The node was low on resource: containerOverlay.", "container limit", None, None),
    ],
)
def test_local_storage_limits(text: str, kind: str, name: str | None, limit: str | None) -> None:
    said = read_message(text)
    assert (said.kind, said.name, str(said.limit) if said.limit else None) == (kind, name, limit)
    assert said.unread == ""


@pytest.mark.parametrize("line", [V17, CURRENT], ids=str)
def test_refusals_read_back(line: object) -> None:
    for text in refusal_message(["MemoryPressure", "DiskPressure"], V17 if line is V17 else CURRENT):
        said = read_message(text)
        assert (said.kind, said.conditions, said.unread) == (
            "refused",
            ("MemoryPressure", "DiskPressure"),
            "",
        )


def test_what_the_kubelet_writes_reads_back() -> None:
    pod = Pod(name="web", containers=(Container(name="a"), Container(name="b")))
    stats = PodStats(
        name="web",
        containers=tuple(
            ContainerStats(name=name, rootfs=DiskUse(used=used), logs=DiskUse(used=0))
            for name, used in (("a", 57344), ("b", 0))
        ),
    )
    threshold = Threshold(signal="nodefs.available", value=ThresholdValue(parse_quantity("3Gi")))
    seen = {"nodefs.available": Observation(parse_quantity("2632184Ki"), parse_quantity("20Gi"))}
    text, _ = eviction_message("ephemeral-storage", pod, stats, [threshold], seen, CURRENT)
    said = read_message(text)
    assert said.resource == "ephemeral-storage"
    assert said.threshold == parse_quantity("3Gi")
    assert said.available == parse_quantity("2632184Ki")
    assert [(c.name, c.usage) for c in said.consumers] == [("a", Quantity.of(57344))]
    assert said.unread == ""


@pytest.mark.parametrize("text", ["", "Preempted by the scheduler", "Threshold quantity: x, available: y. "])
def test_what_no_sentence_explains_is_kept(text: str) -> None:
    said = read_message(text)
    assert said.kind == "other"
    assert said.unread == text.strip()


def test_the_frame() -> None:
    frame = messages_frame([read_message("The node was low on resource: nodefs.")])
    assert list(frame["resource"]) == ["nodefs"]


@pytest.mark.parametrize(
    "text",
    [
        "Message:        The node was low on resource: nodefs.",
        "  message: 'The node was low on resource: nodefs. '",
        'message: "The node was low on resource: nodefs."',
    ],
)
def test_labels_and_quotes_come_off(text: str) -> None:
    said = read_message(text)
    assert (said.resource, said.unread) == ("nodefs", "")

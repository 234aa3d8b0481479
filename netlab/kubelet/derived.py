"""Thresholds that the kubelet makes of those it was given, and what is left for pods.

Facts from ``pkg/kubelet/eviction/helpers.go`` of both lines and ``pkg/kubelet/cm/node_container_manager_linux.go``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from netlab.kubelet.model import FsLayout, Threshold, ThresholdValue
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import ZERO, Quantity
from netlab.kubelet.signals import (
    ALLOCATABLE_MEMORY_AVAILABLE,
    ALLOCATABLE_NODEFS_AVAILABLE,
    CONTAINERFS_AVAILABLE,
    CONTAINERFS_INODES_FREE,
    MEMORY_AVAILABLE,
    NODEFS_AVAILABLE,
)

_NOTHING: Final = Threshold(signal="", value=ThresholdValue(), op="")


def with_allocatable(thresholds: Sequence[Threshold], profile: Profile) -> list[Threshold]:
    """The list with the allocatable thresholds.

    Current: after the rest, a copy of each hard memory.available. v1.7: before the rest, two thresholds of
    quantity 0 whatever is configured, which fire only when negative.

    >>> from netlab.kubelet.profile import V17
    >>> print(*with_allocatable([], V17))
    allocatableMemory.available<0 allocatableNodeFs.available<0
    """
    if profile.is_v17:
        zero = ThresholdValue(ZERO)
        return [
            Threshold(signal=signal, value=zero, min_reclaim=zero)
            for signal in (ALLOCATABLE_MEMORY_AVAILABLE, ALLOCATABLE_NODEFS_AVAILABLE)
        ] + list(thresholds)
    return list(thresholds) + [
        replace(t, signal=ALLOCATABLE_MEMORY_AVAILABLE)
        for t in thresholds
        if t.signal == MEMORY_AVAILABLE and t.hard
    ]


def with_containerfs(
    thresholds: Sequence[Threshold], layout: FsLayout
) -> tuple[tuple[Threshold, ...], str | None]:
    """The first pass's rewrite of the containerfs thresholds (current), and the error it logs, if any.

    They copy imagefs where imagefs is dedicated and not split, else nodefs. Where the source has no such
    threshold the copy has an empty operator and can never be met. Only the last of the errors survives.

    >>> from netlab.kubelet.profile import CURRENT
    >>> from netlab.kubelet.thresholds import parse_threshold_config
    >>> hard = parse_threshold_config(CURRENT, hard="nodefs.available<10%", enforce=())
    >>> [str(t) for t in with_containerfs(hard, FsLayout.ONE)[0] if t.op]
    ['nodefs.available<10%', 'containerfs.available<10%']
    """
    source = "imagefs" if layout is FsLayout.DEDICATED_IMAGEFS else "nodefs"
    result, error = list(thresholds), None
    places: dict[tuple[str, bool], int] = {}
    models: dict[tuple[str, bool], Threshold] = {}
    for index, threshold in enumerate(thresholds):
        filesystem, _, what = threshold.signal.partition(".")
        if filesystem == source:
            models[what, threshold.hard] = threshold
        elif threshold.signal in (CONTAINERFS_AVAILABLE, CONTAINERFS_INODES_FREE):
            places[what, threshold.hard] = index
            kind = "hard" if threshold.hard else "soft"
            error = f"found {threshold.signal} for {kind} eviction. ignoring"
    for what in ("available", "inodesFree"):
        for hard in (True, False):
            copy = replace(models.get((what, hard), _NOTHING), signal=f"containerfs.{what}")
            place = places.get((what, hard))
            if place is None:
                result.append(copy)
            else:
                result[place] = copy
    return tuple(result), error


def hard_reservation(
    hard: Iterable[Threshold], capacity: Mapping[str, Quantity], profile: Profile
) -> dict[str, Quantity]:
    """What hard thresholds take out of node Allocatable, by resource name.

    ``hard`` comes from the hard setting alone (upstream parses it a second time, without enforcement).
    v1.7 subtracts memory only, current also ``ephemeral-storage``.

    >>> from netlab.kubelet.profile import CURRENT
    >>> from netlab.kubelet.quantity import parse_quantity
    >>> from netlab.kubelet.thresholds import default_hard, parse_threshold_config
    >>> hard = parse_threshold_config(CURRENT, hard=default_hard((1, 34)), enforce=())
    >>> {k: str(v) for k, v in hard_reservation(hard, {"memory": parse_quantity("4Gi"),
    ...     "ephemeral-storage": parse_quantity("100Gi")}, CURRENT).items()}
    {'memory': '100Mi', 'ephemeral-storage': '10737418400'}
    """
    reserved = {MEMORY_AVAILABLE: "memory"}
    if not profile.is_v17:
        reserved[NODEFS_AVAILABLE] = "ephemeral-storage"
    result: dict[str, Quantity] = {}
    for threshold in hard:
        resource = reserved.get(threshold.signal)
        if resource is not None and threshold.op:
            result[resource] = threshold.value.of(capacity.get(resource, ZERO))
    return result


def allocatable(
    capacity: Mapping[str, Quantity],
    hard: Iterable[Threshold],
    profile: Profile,
    *reservations: Mapping[str, Quantity],
) -> dict[str, Quantity]:
    """Node Allocatable: capacity less the hard reservation less kube- and system-reserved, never negative.

    >>> from netlab.kubelet.profile import V17
    >>> from netlab.kubelet.quantity import parse_quantity
    >>> from netlab.kubelet.thresholds import parse_threshold_config
    >>> capacity = {"memory": parse_quantity("4Gi")}
    >>> str(allocatable(capacity, parse_threshold_config(V17, hard="memory.available<100Mi", enforce=()), V17)
    ...     ["memory"])
    '3996Mi'
    """
    taken = (hard_reservation(hard, capacity, profile), *reservations)
    result = {}
    for resource, amount in capacity.items():
        for reservation in taken:
            amount = amount - reservation.get(resource, ZERO)
        result[resource] = amount if amount.nano >= 0 else Quantity(0, amount.family)
    return result

"""The sentences of evictions and refusals, in the words of each kubelet line.

Facts: ``helpers.go`` (evictionMessage) and ``eviction_manager.go`` of both lines. In the current line every
sentence ends with a space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from netlab.kubelet.effective import EPHEMERAL_STORAGE, MEMORY
from netlab.kubelet.model import ContainerStats, Observation, Pod, PodStats, Threshold
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import ZERO, Quantity
from netlab.kubelet.signals import SIGNALS

REASON: Final = "Evicted"
OFFENDING_CONTAINERS: Final = "offending_containers"
OFFENDING_USAGE: Final = "offending_containers_usage"
STARVED_RESOURCE: Final = "starved_resource"


def eviction_message(
    resource: str,
    pod: Pod,
    stats: PodStats | None,
    acting: Sequence[Threshold],
    observations: Mapping[str, Observation],
    profile: Profile,
) -> tuple[str, dict[str, str]]:
    """The message of a threshold eviction and the annotations of its event.

    ``acting`` are the thresholds acted on, in order: the figures are those of the first one of this
    *resource*, and the resource does not tell nodefs from imagefs. v1.7 says one sentence, no annotations.

    >>> from netlab.kubelet.profile import V17
    >>> eviction_message("nodefs", Pod(name="p"), None, [], {}, V17)
    ('The node was low on resource: nodefs.', {})
    """
    if profile.is_v17:
        return f"The node was low on resource: {resource}.", {}
    message = f"The node was low on resource: {resource}. "
    for threshold in acting:
        seen = observations.get(threshold.signal)
        if seen is not None and SIGNALS[threshold.signal].resource(profile) == resource:
            quantity = threshold.value.of(seen.capacity)
            message += f"Threshold quantity: {quantity}, available: {seen.available}. "
            break
    if stats is None:
        return message, {}
    if resource == MEMORY and pod.resources is not None and stats.memory_working_set is not None:
        request = pod.resources.requests.get(MEMORY)
        if request is not None:
            used = Quantity.of(stats.memory_working_set)
            message += (
                f"Pod {pod.name} was using {used}, request is {request}, "
                f"has larger consumption of {resource}. "
            )
    requests = {c.name: c.requests.get(resource, ZERO) for c in (*pod.init_containers, *pod.containers)}
    names, usages = [], []
    for container in stats.containers:
        usage = _usage(container, resource)
        request = requests.get(container.name)
        if usage is None or request is None or not usage > request:
            continue
        message += (
            f"Container {container.name} was using {usage}, request is {request}, "
            f"has larger consumption of {resource}. "
        )
        names.append(container.name)
        usages.append(str(usage))
    return message, {
        OFFENDING_CONTAINERS: ",".join(names),
        OFFENDING_USAGE: ",".join(usages),
        STARVED_RESOURCE: resource,
    }


def _usage(container: ContainerStats, resource: str) -> Quantity | None:
    """What a container uses of a resource, where the message speaks of it and both figures are there."""
    if resource == MEMORY:
        used = container.memory_working_set
        return None if used is None else Quantity.of(used)
    if resource == EPHEMERAL_STORAGE:
        rootfs, logs = container.rootfs, container.logs
        if rootfs is None or rootfs.used is None or logs is None or logs.used is None:
            return None
        return Quantity.of(rootfs.used + logs.used)
    return None


def refusal_message(conditions: Sequence[str], profile: Profile) -> tuple[str, str]:
    """The event message and the pod status message of a pod that was not admitted.

    >>> from netlab.kubelet.profile import V17
    >>> refusal_message(["DiskPressure"], V17)[1]
    'Pod The node was low on resource: [DiskPressure].'
    """
    listed = "[" + " ".join(conditions) + "]"
    if profile.is_v17:
        event = f"The node was low on resource: {listed}."
        return event, f"Pod {event}"
    event = f"The node had condition: {listed}. "
    return event, f"Pod was rejected: {event}"


def reclaim_event(resource: str) -> str:
    """The message of the node's EvictionThresholdMet event."""
    return f"Attempting to reclaim {resource}"

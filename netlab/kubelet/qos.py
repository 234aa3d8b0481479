"""Quality-of-service classes, and the pods that eviction leaves alone.

Facts: ``pkg/apis/core/v1/helper/qos/qos.go`` and ``pkg/kubelet/types/pod_update.go``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netlab.kubelet.effective import CPU, MEMORY
from netlab.kubelet.model import Pod
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import ZERO, Quantity

BEST_EFFORT: Final = "BestEffort"
BURSTABLE: Final = "Burstable"
GUARANTEED: Final = "Guaranteed"
SYSTEM_CRITICAL_PRIORITY: Final = 2_000_000_000
CRITICAL_ANNOTATION: Final = "scheduler.alpha.kubernetes.io/critical-pod"


def qos_class(pod: Pod, profile: Profile) -> str:
    """``BestEffort``, ``Burstable`` or ``Guaranteed``: from positive cpu and memory amounts only.

    Current counts init containers, v1.7 only containers; pod-level resources stand for all where set.

    >>> from netlab.kubelet.model import Container
    >>> from netlab.kubelet.profile import CURRENT
    >>> qos_class(Pod(name="p", containers=(Container(name="c"),)), CURRENT)
    'BestEffort'
    """
    if profile.is_v17:
        containers = pod.containers
    elif pod.resources is not None:
        containers = (pod.resources,)
    else:
        containers = (*pod.containers, *pod.init_containers)
    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}
    all_limited = True
    for container in containers:
        _add(requests, container.requests)
        found = _add(limits, container.limits)
        all_limited &= found == {CPU, MEMORY}
    if not requests and not limits:
        return BEST_EFFORT
    if all_limited and requests == limits:
        return GUARANTEED
    return BURSTABLE


def exempt_reason(pod: Pod, profile: Profile, *, critical_annotation: bool = False) -> str | None:
    """Why eviction may not kill this pod, or None.

    Current: static and mirror pods, and priority of two billion or more. v1.7: only if the alpha gate
    ExperimentalCriticalPodAnnotation is on (``critical_annotation``) and the pod is both static and marked
    critical in kube-system.

    >>> from netlab.kubelet.profile import CURRENT, V17
    >>> proxy = Pod(name="kube-proxy", namespace="kube-system", priority=2_000_001_000)
    >>> exempt_reason(proxy, CURRENT), exempt_reason(proxy, V17)
    ('priority 2000001000 is 2000000000 or more', None)
    """
    if profile.is_v17:
        if critical_annotation and pod.static and marked_critical(pod):
            return f"static pod in kube-system with annotation {CRITICAL_ANNOTATION}"
        return None
    if pod.static:
        return "static pod"
    if pod.mirror:
        return "mirror pod"
    if pod.priority is not None and pod.priority >= SYSTEM_CRITICAL_PRIORITY:
        return f"priority {pod.priority} is {SYSTEM_CRITICAL_PRIORITY} or more"
    return None


def marked_critical(pod: Pod) -> bool:
    """v1.7's critical pod: in kube-system, with the critical-pod annotation set to the empty string."""
    return pod.namespace == "kube-system" and pod.annotations.get(CRITICAL_ANNOTATION) == ""


def _add(totals: dict[str, Quantity], amounts: Mapping[str, Quantity]) -> set[str]:
    """Add the positive cpu and memory amounts to ``totals``; says which of the two were there."""
    found = set()
    for resource in (CPU, MEMORY):
        amount = amounts.get(resource, ZERO)
        if amount > ZERO:
            totals[resource] = totals.get(resource, ZERO) + amount
            found.add(resource)
    return found

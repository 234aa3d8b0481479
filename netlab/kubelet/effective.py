"""What a pod asks for and may use in all: containers, init containers, sidecars, overhead, pod-level figures.

Facts: ``component-helpers/resource/helpers.go`` (PodRequests, PodLimits) and ``pkg/api/v1/resource``
(GetResourceRequestQuantity) for the current line; ``podMemoryRequest`` of the v1.7 eviction helpers.
"""

from __future__ import annotations

from collections.abc import Iterable

from netlab.kubelet.model import Container, Pod
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import ZERO, Quantity

MEMORY = "memory"
CPU = "cpu"
EPHEMERAL_STORAGE = "ephemeral-storage"

# Resources that a pod-level request or limit may name; others stay with the containers.
_POD_LEVEL = (CPU, MEMORY)


def pod_request(pod: Pod, resource: str, profile: Profile) -> Quantity:
    """The pod's effective request of a resource; zero where nothing asks for any.

    v1.7: the larger of the containers' sum and the init containers' sum. Current: the larger of the
    containers' sum and the dearest moment of initialisation, sidecars counted in both; a pod-level request
    instead, where there is one; overhead on top if the request is not zero.

    >>> from netlab.kubelet.profile import CURRENT
    >>> from netlab.kubelet.quantity import parse_quantity as q
    >>> init = Container(name="migrate", requests={MEMORY: q("3Gi")})
    >>> main = Container(name="app", requests={MEMORY: q("1Gi")})
    >>> str(pod_request(Pod(name="p", containers=(main, main), init_containers=(init,)), MEMORY, CURRENT))
    '3Gi'
    """
    if profile.is_v17:
        return max(_sum(pod.containers, resource), _sum(pod.init_containers, resource))
    if pod.resources is not None and resource in _POD_LEVEL and resource in pod.resources.requests:
        request = pod.resources.requests[resource]
    else:
        request = _at_once(
            [c.requests.get(resource, ZERO) for c in pod.containers],
            [(c, c.requests.get(resource, ZERO)) for c in pod.init_containers],
        )
    overhead = pod.overhead.get(resource, ZERO)
    return request + overhead if request else request


def pod_limit(pod: Pod, resource: str) -> Quantity | None:
    """The pod's effective limit of a resource, None where no container sets one.

    A container without the limit adds nothing, so the sum of those that have it is the limit.

    >>> one = Container(name="a", limits={EPHEMERAL_STORAGE: Quantity.of(2**30)})
    >>> str(pod_limit(Pod(name="p", containers=(one, Container(name="b"))), EPHEMERAL_STORAGE))
    '1Gi'
    """
    everyone = (*pod.containers, *pod.init_containers)
    if pod.resources is not None and resource in _POD_LEVEL and resource in pod.resources.limits:
        limit = pod.resources.limits[resource]
    elif any(resource in c.limits for c in everyone):
        limit = _at_once(
            [c.limits.get(resource, ZERO) for c in pod.containers],
            [(c, c.limits.get(resource, ZERO)) for c in pod.init_containers],
        )
    else:
        return None
    overhead = pod.overhead.get(resource, ZERO)
    return limit + overhead if limit else limit


def _at_once(main: list[Quantity], init: list[tuple[Container, Quantity]]) -> Quantity:
    """The larger of what runs together in the end and what runs together at any step of initialisation."""
    running = peak = ZERO
    for container, amount in init:
        if container.restart_always:
            running += amount
            peak = max(peak, running)
        else:
            peak = max(peak, running + amount)
    total = running
    for amount in main:
        total += amount
    return max(total, peak)


def _sum(containers: Iterable[Container], resource: str) -> Quantity:
    total = ZERO
    for container in containers:
        total += container.requests.get(resource, ZERO)
    return total

"""Whether the kubelet takes a new pod, given the conditions of its last eviction pass.

Facts: ``Admit`` in ``eviction_manager.go`` of both lines. The conditions are those reported for the whole
transition period, so pods are refused for five minutes after the last bad sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netlab.kubelet.conditions import NO_SCHEDULE, TAINTS, Event
from netlab.kubelet.evaluate import in_order
from netlab.kubelet.klog import LogLine, line_of
from netlab.kubelet.messages import REASON, refusal_message
from netlab.kubelet.model import Pod, Toleration
from netlab.kubelet.profile import Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.qos import BEST_EFFORT, exempt_reason, marked_critical, qos_class
from netlab.kubelet.signals import MEMORY_PRESSURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The answer and why. A refused pod's phase is Failed, with ``reason`` and ``status_message``."""

    pod: Pod
    admitted: bool
    why: str
    reason: str = ""
    message: str = ""
    status_message: str = ""
    log: tuple[LogLine, ...] = ()
    events: tuple[Event, ...] = ()

    def __str__(self) -> str:
        verb = "admitted" if self.admitted else "refused"
        return f"{self.pod.namespace}/{self.pod.name} {verb}: {self.why}"


def admit(
    pod: Pod, conditions: Sequence[str], profile: Profile | str, *, critical_annotation: bool = False
) -> Admission:
    """Decide on one new pod. ``critical_annotation`` is v1.7's alpha gate, off by default.

    >>> from netlab.kubelet.profile import V17
    >>> print(admit(Pod(name="portal"), ["DiskPressure"], V17))
    default/portal refused: DiskPressure refuses every pod
    """
    present, profile = in_order(conditions), profile_of(profile)
    why = _why_admitted(pod, present, profile, critical_annotation)
    if why is not None:
        return Admission(pod=pod, admitted=True, why=why)
    message, status = refusal_message(present, profile)
    if present == (MEMORY_PRESSURE,) or (profile.is_v17 and MEMORY_PRESSURE in present):
        why = "MemoryPressure refuses BestEffort pods"
    else:
        why = " and ".join(c for c in present if c != MEMORY_PRESSURE) + (
            " refuses every pod" if len(present) == 1 else " present: every pod is refused"
        )
    names = (pod.full_name, f"{pod.namespace}/{pod.name}")
    return Admission(
        pod=pod,
        admitted=False,
        why=why,
        reason=REASON,
        message=message,
        status_message=status,
        log=(line_of(profile, "refused", pod=names, conditions=list(present)),),
        events=(
            Event(
                about="Pod",
                name=pod.name,
                namespace=pod.namespace,
                uid=pod.uid,
                type="Warning",
                reason=REASON,
                message=message,
            ),
        ),
    )


def _why_admitted(
    pod: Pod, present: tuple[str, ...], profile: Profile, critical_annotation: bool
) -> str | None:
    if not present:
        return "the node has no pressure condition"
    if profile.is_v17:
        if critical_annotation and marked_critical(pod):
            return "critical pod of kube-system, and the gate ExperimentalCriticalPodAnnotation is on"
        memory = MEMORY_PRESSURE in present
    else:
        exempt = exempt_reason(pod, profile)
        if exempt is not None:
            return f"critical pod ({exempt})"
        memory = present == (MEMORY_PRESSURE,)
    if not memory:
        return None
    qos = qos_class(pod, profile)
    if qos != BEST_EFFORT:
        others = [c for c in present if c != MEMORY_PRESSURE]
        also = f", even with {' and '.join(others)}" if others else ""
        return f"MemoryPressure refuses BestEffort pods only, and this one is {qos}{also}"
    if not profile.is_v17 and any(tolerates_memory_pressure(t) for t in pod.tolerations):
        return f"BestEffort, but tolerates {TAINTS[MEMORY_PRESSURE]}:{NO_SCHEDULE}"
    return None


def tolerates_memory_pressure(toleration: Toleration) -> bool:
    """Whether a toleration covers ``node.kubernetes.io/memory-pressure:NoSchedule`` (a taint without value).

    >>> tolerates_memory_pressure(Toleration(operator="Exists"))
    True
    """
    if toleration.effect not in ("", NO_SCHEDULE):
        return False
    if toleration.key not in ("", TAINTS[MEMORY_PRESSURE]):
        return False
    if toleration.operator == "Exists":
        return True
    return toleration.operator in ("", "Equal") and toleration.value == ""

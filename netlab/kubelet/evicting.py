"""How a pass puts pods to an end: who is spared, what grace is given, the event, the kill, the log.

Facts: ``evictPod``, ``localStorageEviction`` and the end of ``synchronize`` in ``eviction_manager.go``.
"""

from __future__ import annotations

from dataclasses import replace

from netlab.kubelet.conditions import Event
from netlab.kubelet.evaluate import Comparison
from netlab.kubelet.limits import excesses
from netlab.kubelet.messages import REASON
from netlab.kubelet.model import FsLayout, Pod, Threshold
from netlab.kubelet.narration import Narration, name, names
from netlab.kubelet.qos import exempt_reason
from netlab.kubelet.ranking import Ranked
from netlab.kubelet.state import Eviction, Inputs, ManagerConfig, ManagerState, Stats


class Evicting(Narration):
    """The notebook of one pass: what it has seen, said and decided so far."""

    def __init__(self, config: ManagerConfig, state: ManagerState, inputs: Inputs) -> None:
        super().__init__(config, inputs.now)
        self.state = state
        self.inputs = inputs
        self.exempt: list[tuple[Pod, str]] = []
        self.comparisons: tuple[Comparison, ...] = ()
        self.met: tuple[Threshold, ...] = ()
        self.grace_over: tuple[Threshold, ...] = ()
        self.acting: tuple[Threshold, ...] = ()
        self.chosen: Threshold | None = None
        self.resource = ""
        self.actions: list[str] = []
        self.ranked: tuple[Ranked, ...] = ()

    def is_exempt(self, pod: Pod, *, step: int) -> bool:
        why = exempt_reason(pod, self.profile, critical_annotation=self.config.critical_annotation)
        if why is None:
            return False
        if not self.profile.is_v17 or step == 11:  # v1.7 passes over them in silence when ranking
            self.say("exempt", pod=names(pod))
        self.exempt.append((pod, why))
        self.decide(step, f"spare {name(pod)}", why)
        return True

    def kill(self, eviction: Eviction) -> Eviction:
        """Event, kill, log; returns the eviction with the error of the kill, if any."""
        pod = eviction.pod
        self.events.append(
            Event(
                about="Pod",
                name=pod.name,
                namespace=pod.namespace,
                uid=pod.uid,
                type="Warning",
                reason=REASON,
                message=eviction.message,
                annotations=tuple(eviction.annotations.items()),
            )
        )
        if not self.profile.is_v17:
            self.say("evicting", pod=names(pod), uid=pod.uid, message=eviction.message)
        error = self.inputs.kill(pod, eviction.grace_seconds, eviction.status_message)
        if error is not None:
            limits_of_v17 = self.profile.is_v17 and not self.chosen
            self.say("limit kill failed" if limits_of_v17 else "kill failed", pod=names(pod), error=error)
        elif not self.profile.is_v17 or not self.chosen:  # v1.7 says so for limits only
            self.say("killed", pod=names(pod))
        return replace(eviction, error=error)

    def immediate_grace(self) -> int:
        return 1 if self.profile.has("hard_grace_is_one_second") else 0

    def grace_for(self, chosen: Threshold, pod: Pod) -> int:
        """The grace override in seconds."""
        if self.is_hard(chosen):
            return self.immediate_grace()
        longest, own = self.config.max_pod_grace_seconds, pod.termination_grace_seconds
        smaller = self.profile.has("soft_grace_is_the_smaller") and not self.config.allow_longer_grace
        return min(longest, own) if smaller and own is not None else longest

    def is_hard(self, chosen: Threshold) -> bool:
        """v1.7 calls it soft only if every acted-on threshold of the resource is; current looks at one."""
        if not self.profile.is_v17:
            return chosen.hard
        return any(t.hard for t in self.acting if self.resource_of(t) == self.resource)

    def limits(self, stats: Stats, layout: FsLayout) -> list[Eviction]:
        """Step 11: every pod over a local-storage limit of its own."""
        grace = self.immediate_grace()
        evictions = []
        for pod in self.inputs.pods:
            figures = stats.pods.get(pod.uid)
            if figures is None:
                continue
            for excess in excesses(pod, figures, layout, self.profile):
                if self.is_exempt(pod, step=11):
                    continue
                eviction = self.kill(
                    Eviction(
                        pod=pod,
                        grace_seconds=grace,
                        message=excess.message,
                        status_message=excess.status_message,
                        metric=excess.metric,
                        why=f"{excess.metric}: {excess.why}",
                    )
                )
                self.decide(11, f"evict {name(pod)}", eviction.why)
                evictions.append(eviction)
                break
        return evictions

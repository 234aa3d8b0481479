"""Scripts of what happens on a node: steps in virtual time, at whole seconds from the start."""

from __future__ import annotations

from dataclasses import dataclass

from netlab.kubelet.state import ManagerConfig
from netlab.kubelet.world import Workload


@dataclass(frozen=True, slots=True)
class Grow:
    """From ``at`` seconds on, a meter changes by ``rate`` a second (a negative rate empties it)."""

    at: int
    meter: str
    rate: int


@dataclass(frozen=True, slots=True)
class Burst:
    """At ``at`` seconds a meter jumps by ``amount``; a negative amount is a deletion."""

    at: int
    meter: str
    amount: int


@dataclass(frozen=True, slots=True)
class Start:
    """At ``at`` seconds a workload is given to the node, which may refuse it."""

    at: int
    workload: Workload


@dataclass(frozen=True, slots=True)
class Stop:
    """At ``at`` seconds a pod is deleted by its owner."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Restart:
    """At ``at`` seconds the kubelet restarts and forgets everything; a new config where one is given."""

    at: int
    config: ManagerConfig | None = None


Step = Grow | Burst | Start | Stop | Restart

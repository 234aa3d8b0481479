"""Hooks at work: walks the tables of ``hooks`` and calls what is registered in a namespace.

A hook function takes ``(skb, state)`` and returns a verdict. What follows a hook (the kernel's okfn) is the caller's:
``run_hook`` only says whether the packet goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.kernel.steps import HookEntered, HookSkipped

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb

DROP: Final = 0
ACCEPT: Final = 1
STOLEN: Final = 2
STOP: Final = 5


class HookState:
    """Where a packet stands: family, hook, namespace, devices (None where the kernel passes none)."""

    __slots__ = ("family", "hook", "in_dev", "ns", "out_dev")

    def __init__(
        self, family: str, hook: str, ns: Netns, in_dev: Device | None, out_dev: Device | None
    ) -> None:
        self.family = family
        self.hook = hook
        self.ns = ns
        self.in_dev = in_dev
        self.out_dev = out_dev


HookFn = Callable[["Skb", HookState], int]


def run_hook(
    family: str, hook: str, skb: Skb, ns: Netns, in_dev: Device | None, out_dev: Device | None
) -> int:
    """Run every function registered at a hook until one does not accept; returns the last verdict.

    STOP ends the hook before it began: only the sabotage check, first in PREROUTING, says so.
    """
    functions = ns.hook_functions(family, hook)
    world = ns.world
    if world.record_steps:
        br = skb.br
        world.steps.append(
            HookEntered(
                world.now,
                ns.name,
                skb.journey,
                family,
                hook,
                in_dev.name if in_dev else "",
                out_dev.name if out_dev else "",
                br.physin.name if br else "",
                br.physout.name if br and br.physout else "",
                skb.ip,
            )
        )
    state = HookState(family, hook, ns, in_dev, out_dev)
    for function in functions:
        verdict = function(skb, state)
        if verdict == STOP:
            if world.record_steps:
                world.steps[-1] = HookSkipped(
                    world.now,
                    ns.name,
                    skb.journey,
                    family,
                    hook,
                    "",
                    "IPv4 PREROUTING ran while the frame was on the bridge and does not run again",
                )
            return ACCEPT
        if verdict != ACCEPT:
            return verdict
    return ACCEPT

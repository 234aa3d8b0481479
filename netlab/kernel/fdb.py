"""The forwarding table of a bridge: which address is behind which port; every change of it is a step.

Source: net/bridge/br_fdb.c (6.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netlab.kernel.steps import Forgotten, Written

if TYPE_CHECKING:
    from netlab.kernel.bridge import Bridge, Port


@dataclass(slots=True)
class FdbEntry:
    """One line of the forwarding table. ``local`` entries are the bridge's own and its ports' addresses."""

    mac: str
    port: Port | None
    updated: float
    local: bool = False
    static: bool = False


class ForwardingTable(dict[str, FdbEntry]):
    """Entries by address. What is put in or taken out without a packet that taught it leaves a step."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge

    def __setitem__(self, mac: str, entry: FdbEntry) -> None:
        super().__setitem__(mac, entry)
        world = self.bridge.ns.world
        if world.record_steps:
            kind = "its own" if entry.local else "static" if entry.static else "learnt"
            port = entry.port.device.name if entry.port else ""
            step = Written(world.now, self.bridge.ns.name, 0, self.bridge.device.name, mac, port, kind)
            world.steps.append(step)

    def __delitem__(self, mac: str) -> None:
        super().__delitem__(mac)
        self._forgotten(mac, "removed")

    def age(self, mac: str) -> None:
        """Take out an entry whose time is over."""
        super().__delitem__(mac)
        self._forgotten(mac, "aged")

    def learn(self, mac: str, entry: FdbEntry) -> None:
        """Put in an entry that a packet taught; the step is the bridge's."""
        super().__setitem__(mac, entry)

    def _forgotten(self, mac: str, reason: str) -> None:
        world = self.bridge.ns.world
        if world.record_steps:
            world.steps.append(
                Forgotten(world.now, self.bridge.ns.name, 0, self.bridge.device.name, mac, reason)
            )

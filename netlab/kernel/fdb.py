"""The forwarding table of a bridge: which address is behind which port; every change of it is a step.

A bridge that does not filter VLANs looks frames up in VLAN 0 only. What is configured is written for VLAN 1 as well, the
default of every bridge and port; that twin is listed and ages, but no frame is held against it.

Source: net/bridge/br_fdb.c (6.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel.steps import AgeingSet, Forgotten, Learned, Refreshed, Written
from netlab.wire import is_multicast_mac

if TYPE_CHECKING:
    from netlab.kernel.bridge import Bridge, Port

_NO_ADDRESS: Final = "00:00:00:00:00:00"

DEFAULT_AGEING = 300.0
"""Seconds after which a learnt address is no longer used."""


@dataclass(slots=True)
class FdbEntry:
    """One line of the forwarding table. ``local`` entries are the bridge's own and its ports' addresses.

    ``born`` counts the entries of a table: the newest is listed first.
    """

    mac: str
    port: Port | None
    updated: float
    local: bool = False
    static: bool = False
    vlan: int = 0
    born: int = 0

    def aged(self, now: float, ageing: float) -> bool:
        """Whether its time is over; what is static or local has none."""
        return not (self.static or self.local) and self.updated + ageing <= now


class ForwardingTable(dict[str, FdbEntry]):
    """Entries by address. What is put in or taken out without a packet that taught it leaves a step."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.twins: dict[str, FdbEntry] = {}
        self._births = 0
        self._ageing = DEFAULT_AGEING

    # --- lines in and out -------------------------------------------------------------------------------------

    def update_from(self, port: Port, mac: str, journey: int) -> None:
        """br_fdb_update: a source address belongs to the port it came in by, from now."""
        if self._ageing == 0:
            return
        bridge = self.bridge
        world = bridge.ns.world
        entry = self.lookup(mac)
        if entry is None:
            self[mac] = FdbEntry(mac, port, world.now, born=self._birth())
        elif entry.local:
            from netlab.kernel import klog

            klog.message(
                bridge.ns,
                4,
                f"{bridge.device.name}: received packet on {port.device.name} with own address as source address "
                f"(addr:{mac}, vlan:0)",
            )
            return
        else:
            entry.updated = world.now
            if entry.port is port:
                if world.record_steps:
                    at = (world.now, bridge.ns.name, journey)
                    world.steps.append(Refreshed(*at, bridge.device.name, mac, port.device.name))
                return
            entry.port = port
        if world.record_steps:
            world.steps.append(
                Learned(world.now, bridge.ns.name, journey, bridge.device.name, mac, port.device.name)
            )

    def own(self, mac: str, port: Port | None) -> None:
        """The address of a port, or of the bridge itself; of several that have the same, the first is in (fdb_add_local)."""
        if mac == _NO_ADDRESS or is_multicast_mac(mac):
            return
        for table, vlan in ((self, 0), (self.twins, 1)):
            entry = table.get(mac)
            if entry is not None and entry.local:
                continue
            if entry is not None:
                self._taken_over(entry, port)
                del table[mac]
            table[mac] = FdbEntry(mac, port, 0.0, True, True, vlan, self._birth())
            if vlan == 0:
                self._written(table[mac])

    def disown(self, gone: Callable[[FdbEntry], bool]) -> None:
        """Take out own addresses; one that another port or the bridge has as well passes to it (fdb_delete_local)."""
        bridge = self.bridge
        for table in (self, self.twins):
            for entry in [entry for entry in table.values() if entry.local and gone(entry)]:
                heir = next(
                    (p for p in bridge.ports if p is not entry.port and p.device.mac == entry.mac), None
                )
                if heir is not None or (entry.port is not None and bridge.device.mac == entry.mac):
                    entry.port = heir
                    if table is self:
                        self._written(entry)
                else:
                    del table[entry.mac]
                    if table is self:
                        self._forgotten(entry.mac, "removed")

    def _taken_over(self, entry: FdbEntry, port: Port | None) -> None:
        from netlab.kernel import klog

        bridge = self.bridge.device
        name = port.device.name if port is not None else bridge.name
        klog.message(
            bridge.ns,
            4,
            f"{bridge.name}: adding interface {name} with same address as a received packet "
            f"(addr:{entry.mac}, vlan:{entry.vlan})",
        )

    def configure(self, mac: str, port: Port | None, *, local: bool, static: bool, only_new: bool) -> bool:
        """Write what ``bridge fdb`` asks for; False if it exists and ``only_new`` was wanted (fdb_add_entry)."""
        for table, vlan in ((self, 0), (self.twins, 1)):
            entry = table.get(mac)
            if entry is None:
                table[mac] = FdbEntry(mac, port, self._now, local, static, vlan, self._birth())
            elif only_new:
                return False
            elif (entry.port, entry.local, entry.static) != (port, local, static):
                entry.port, entry.local, entry.static, entry.updated = port, local, static, self._now
        self._written(self[mac])
        return True

    def remove(self, mac: str, port: Port | None) -> bool:
        """Take an address out of both VLANs where it is behind this port; False if it is in neither."""
        return self.forget(lambda entry: entry.mac == mac and entry.port is port)

    def forget(self, gone: Callable[[FdbEntry], bool], reason: str = "removed") -> bool:
        """Take out every entry that ``gone`` says; False if there was none."""
        before = len(self) + len(self.twins)
        for entry in [entry for entry in self.values() if gone(entry)]:
            del self[entry.mac]
            self._forgotten(entry.mac, reason)
        for entry in [entry for entry in self.twins.values() if gone(entry)]:
            del self.twins[entry.mac]
        return len(self) + len(self.twins) != before

    # --- reading ----------------------------------------------------------------------------------------------

    def lookup(self, mac: str) -> FdbEntry | None:
        """The live entry that a frame to an address is held against; an aged one counts as absent."""
        entry = self.get(mac)
        if entry is not None and entry.aged(self._now, self._ageing):
            self._age()
            return None
        return entry

    def entries(self) -> list[FdbEntry]:
        """All live entries that frames are held against."""
        self._age()
        return list(self.values())

    def listed(self) -> list[FdbEntry]:
        """All live entries of both VLANs, newest first, as the kernel walks them."""
        self._age()
        return sorted((*self.values(), *self.twins.values()), key=lambda entry: -entry.born)

    def _age(self) -> None:
        now, ageing = self._now, self._ageing
        self.forget(lambda entry: entry.aged(now, ageing), "aged")

    @property
    def ageing(self) -> float:
        """Seconds after which a learnt address is no longer used."""
        return self._ageing

    @ageing.setter
    def ageing(self, seconds: float) -> None:
        self._age()  # what is over by the old time is gone, and a longer one does not bring it back
        self._ageing = seconds
        bridge = self.bridge
        world = bridge.ns.world
        if world.record_steps:
            world.steps.append(AgeingSet(world.now, bridge.ns.name, 0, bridge.device.name, seconds))

    @property
    def _now(self) -> float:
        return self.bridge.ns.world.now

    def _birth(self) -> int:
        self._births += 1
        return self._births

    def _written(self, entry: FdbEntry) -> None:
        world = self.bridge.ns.world
        if world.record_steps:
            kind = "its own" if entry.local else "static" if entry.static else "learnt"
            port = entry.port.device.name if entry.port else ""
            bridge = self.bridge
            world.steps.append(
                Written(world.now, bridge.ns.name, 0, bridge.device.name, entry.mac, port, kind)
            )

    def _forgotten(self, mac: str, reason: str) -> None:
        world = self.bridge.ns.world
        if world.record_steps:
            bridge = self.bridge
            world.steps.append(Forgotten(world.now, bridge.ns.name, 0, bridge.device.name, mac, reason))

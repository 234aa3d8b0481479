"""The bridge as a device of the host.

Source: net/bridge/br_device.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel import igmp
from netlab.kernel.bridge import Bridge
from netlab.kernel.device import Device
from netlab.kernel.skb import Skb

if TYPE_CHECKING:
    from netlab.kernel.bridge import Port
    from netlab.kernel.netns import Netns


class BridgeDevice(Device):
    """The bridge as a device of the host: it has an address, it sends and receives like any other."""

    kind = "bridge"

    def __init__(self, ns: Netns, name: str, mac: str | None = None) -> None:
        super().__init__(ns, name, mac or ns.world.random_mac())
        self.mac_was_set = mac is not None
        self.bridge: Bridge = Bridge(self)
        self.reporter = igmp.Reporter(self)

    @property
    def carrier(self) -> bool:
        return self.up and any(p.device.running for p in self.bridge.ports)

    def set_mac(self, mac: str) -> None:
        self.mac_was_set = True
        self.bridge.change_mac(mac)
        self.ns.neighbours.device_changed(self)  # even if it is the same (dev_set_mac_address)

    def set_up(self) -> None:
        if not self.up and self.bridge.joins_snoopers:
            self.reporter.changed()
        super().set_up()

    def heard_by(self) -> tuple[Port, ...]:
        ports = self.bridge.flood_ports("multicast", None)
        return tuple(port for out in ports for port in out.device.heard_by())

    def set_down(self) -> None:
        """Its ports go to disabled with it, and what was learnt on them is forgotten (br_stp_disable_bridge)."""
        self.reporter.cancel()
        if self.up:
            for port in self.bridge.ports:
                self.bridge.forget_port(port, keep_static=True)
        super().set_down()

    def delete(self) -> None:
        for port in list(self.bridge.ports):
            self.bridge.remove_port(port.device)
        self.bridge.flush()
        super().delete()

    def xmit(self, skb: Skb) -> bool:
        from netlab.kernel import br_netfilter

        if not br_netfilter.dnat_slow_path(skb):
            self.bridge.transmit(skb)
        return True

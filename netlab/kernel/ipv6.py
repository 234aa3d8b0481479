"""What IPv6 sends unasked when a link comes up; only what it teaches the bridges around is modelled.

A device with IPv6 reports its multicast groups, asks whether its address is taken, and solicits routers: at once, within
a second or two, and then four seconds later, eight later, and so on. No other packet is needed for a bridge to know where
a silent container is, and an entry that nobody seems to use is renewed. The moments are drawn at random by the kernel;
here they are the middle of what it draws. The frames themselves are not sent: nothing logs or counts them.

Sources: net/ipv6/addrconf.c (addrconf_dad_start, addrconf_dad_completed, addrconf_rs_timer, rfc3315_s14_backoff_update),
net/ipv6/mcast.c (mld_ifc_event), 6.1; experiment: tests/kernel/labs/silent-containers-renewed.sh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netlab.kernel.bridge import Bridge, Port
    from netlab.kernel.device import Device
    from netlab.kernel.world import Timer

REPORTED_AGAIN: Final = 0.4
"""Seconds after which the first report of groups has been repeated."""
ADDRESS_OWN: Final = 1.5
"""Seconds until the address is known to be free, and the first router solicitation leaves with another report."""
SOLICITATION: Final = 4.0
"""Seconds between the first solicitation and the second (rtr_solicit_interval)."""
SOLICITATION_LONGEST: Final = 3600.0
"""Seconds (rtr_solicit_max_interval); here they end with it, so that a lab that hangs comes to rest."""

MINIMUM_MTU: Final = 1280
"""Bytes a link must carry for IPv6 to use it."""


class Announcer:
    """What one device sends unasked, from the moment it comes up until it is set down."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._ready = False
        self._timer: Timer | None = None

    def link_ready(self) -> None:
        """There is a carrier: reports go out, and if it is the first since the device was set up, all the rest."""
        self._say()
        if not self._ready and self._enabled:
            self._ready = True
            self._timer = self.device.ns.world.call_later(REPORTED_AGAIN, self._reported)

    def stop(self) -> None:
        """The device is set down: nothing more is sent (addrconf_ifdown)."""
        if self._timer is not None:
            self._timer.cancel()
        self._ready, self._timer = False, None

    @property
    def _enabled(self) -> bool:
        device = self.device
        off = device.ns.sysctl[f"net.ipv6.conf.{device.name}.disable_ipv6"]
        return device.port is None and device.mtu >= MINIMUM_MTU and not off

    def _reported(self) -> None:
        self._say()
        left = self.device.ns.world.release.router_solicitations
        self._timer = self.device.ns.world.call_later(
            ADDRESS_OWN - REPORTED_AGAIN, lambda: self._solicit(left, SOLICITATION)
        )

    def _solicit(self, left: int | None, interval: float) -> None:
        """Solicit routers; without a limit each interval is twice the one before."""
        self._say()
        if left is None and interval <= SOLICITATION_LONGEST:
            self._timer = self.device.ns.world.call_later(interval, lambda: self._solicit(None, interval * 2))
        elif left is not None and left > 1:
            self._timer = self.device.ns.world.call_later(interval, lambda: self._solicit(left - 1, interval))

    def _say(self) -> None:
        if self.device.running and self._enabled:
            for port in self.device.heard_by():
                _hear(port, self.device.mac, self.device.ns.world.new_journey(), set())


def _hear(port: Port, mac: str, journey: int, passed: set[Bridge]) -> None:
    """A multicast frame from an address comes in by a port: its bridge learns, and so do those behind it."""
    bridge = port.bridge
    if not port.forwarding or bridge in passed:
        return
    passed.add(bridge)
    if port.learning:
        bridge.fdb.update_from(port, mac, journey)
    for out in bridge.flood_ports("multicast", port.device):
        for further in out.device.heard_by():
            _hear(further, mac, journey, passed)

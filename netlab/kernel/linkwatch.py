"""Whether links have a carrier, and when the kernel notices that it came or went (net/core/link_watch.c).

A carrier changes at once (LOWER_UP), the operational state, the neighbours and the routes only when linkwatch looks:
at once where the change is urgent, else not twice within a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netlab.kernel.bridge_device import BridgeDevice

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.route import Route
    from netlab.kernel.world import Timer, World

LINKWATCH: Final = 1.0
"""Seconds that lie between two looks at all links whose carrier changed (linkwatch_schedule_work)."""
_RUNNING: Final = ("UP", "UNKNOWN")
_ALWAYS: Final = ("loopback", "dummy")
"""Devices that have a carrier as long as they are up."""


@dataclass(slots=True)
class Link:
    """What the kernel knows of one device: as it is, and as linkwatch last saw it."""

    up: bool = False
    carrier: bool = True
    state: str = "UNKNOWN"
    queue: bool = False
    """Whether its queue is attached: not before it was up and had a carrier (dev_activate)."""
    bridge: BridgeDevice | None = None
    forwards: bool = False
    """As a port: whether its bridge counts it as live."""
    mac: str = ""
    """Of a bridge: its address when its ports were last looked at."""
    down_routes: list[tuple[int, float]] = field(default_factory=list)
    """First and last order number of the routes marked ``linkdown``."""

    @property
    def running(self) -> bool:
        """IFF_RUNNING: up, and not known to be without a carrier (netif_oper_up)."""
        return self.up and self.state in _RUNNING


class Linkwatch:
    """All links of a machine and the looks that linkwatch takes at them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.links: dict[Device, Link] = {}
        self._pending: list[Device] = []
        self._next_look = float("-inf")
        self._urgent = False
        self._timer: Timer | None = None

    # --- what is asked ----------------------------------------------------------------------------------------

    def has_carrier(self, device: Device) -> bool:
        """Whether a device that is up has a carrier (LOWER_UP)."""
        return device.carrier if device.kind in _ALWAYS else self._link(device).carrier

    def route_is_down(self, route: Route) -> bool:
        """Whether a route is marked ``linkdown``: a new one at once, an old one when the loss has been noticed."""
        device = route.dev
        if device is None or not device.up or device.kind in _ALWAYS:
            return False
        return any(first <= abs(route.order) <= last for first, last in self._link(device).down_routes)

    def operstate(self, device: Device) -> str:
        """The operational state (RFC 2863) as linkwatch last saw it."""
        if not device.up:
            return "DOWN"
        return "UNKNOWN" if device.kind in _ALWAYS else self._link(device).state

    def _link(self, device: Device) -> Link:
        self.follow()
        return self.links[device]

    # --- what the commands changed ----------------------------------------------------------------------------

    def follow(self) -> None:
        """Take up what changed since the last call, in the order in which one command does it (do_setlink)."""
        world = self.world
        devices = [d for ns in (*world.netns.values(), *world.nameless) for d in ns.devices.values()]
        there = set(devices)
        gone = [self.links.pop(device) for device in list(self.links) if device not in there]
        self._pending = [device for device in self._pending if device in there]
        for link in gone:
            self._disable(link)
        for device in devices:
            if device not in self.links:
                self._born(device)
        for device in devices:
            link = self.links[device]
            if link.up and not device.up:
                self._closed(device, link)
        for device in devices:
            link = self.links[device]
            if device.up and not link.up:
                self._opened(device, link)
        for device in devices:
            link = self.links[device]
            bridge = device.port.bridge.device if device.port is not None else None
            if link.bridge is not None and link.bridge is not bridge:
                self._disable(link)
                link.bridge = None
        for device in devices:
            if isinstance(device, BridgeDevice):
                self._look_at_ports(device)
        if self._timer is not None and self._timer.when <= self.world.now:
            self._run()

    def _born(self, device: Device) -> None:
        link = self.links[device] = Link()
        if device.kind == "veth":
            # A veth is born with a carrier and loses it at once (veth_newlink).
            self._carrier(device, link, False)
        elif isinstance(device, BridgeDevice) and not device.mac_was_set:
            link.mac = device.mac

    def _closed(self, device: Device, link: Link) -> None:
        link.up = link.queue = False
        peer = self._peer(device)
        if peer is not None:
            self._carrier(device, link, False)
            self._carrier(*peer, False)
        if isinstance(device, BridgeDevice):
            for port in device.bridge.ports:
                if (known := self.links.get(port.device)) is not None:
                    self._disable(known)
        self._disable(link)

    def _opened(self, device: Device, link: Link) -> None:
        link.up = True
        peer = self._peer(device)
        if peer is not None and peer[1].up:
            self._carrier(device, link, True)
            self._carrier(*peer, True)
        if isinstance(device, BridgeDevice):
            for port in device.bridge.ports:
                self._enable(self.links[port.device])
        link.queue = link.carrier
        # Its routes come after it was opened, and the old ones went when it was closed.
        link.down_routes[:] = [] if link.carrier else [(0, float("inf"))]
        self._enable(link)

    def _look_at_ports(self, bridge: BridgeDevice) -> None:
        new = [port.device for port in bridge.bridge.ports if self.links[port.device].bridge is None]
        link = self.links[bridge]
        if link.mac != bridge.mac:
            # A new address is reason enough to look (br_stp_change_bridge_id): a new port does not count yet.
            link.mac = bridge.mac
            self._select(bridge)
        for device in new:
            self.links[device].bridge = bridge
            self._enable(self.links[device])

    def _peer(self, device: Device) -> tuple[Device, Link] | None:
        peer = getattr(device, "peer", None)
        return (peer, self.links[peer]) if peer in self.links else None

    # --- ports ------------------------------------------------------------------------------------------------

    def _enable(self, port: Link) -> None:
        """br_stp_enable_port, if port and bridge run."""
        bridge = port.bridge
        if bridge is not None and not port.forwards and port.running and self.links[bridge].up:
            port.forwards = True
            self._select(bridge)

    def _disable(self, port: Link) -> None:
        if port.forwards:
            port.forwards = False
            if port.bridge in self.links:
                self._select(port.bridge)

    def _select(self, bridge: BridgeDevice) -> None:
        """A bridge has a carrier as long as it has a live port (br_port_state_selection, net/bridge/br_stp.c)."""
        live = any(link.forwards and link.bridge is bridge for link in self.links.values())
        self._carrier(bridge, self.links[bridge], live)

    # --- looks ------------------------------------------------------------------------------------------------

    def _carrier(self, device: Device, link: Link, there: bool) -> None:
        if link.carrier == there:
            return
        link.carrier = there
        if not there:
            link.down_routes.append((_newest_route(device) + 1, float("inf")))
        elif link.down_routes and link.down_routes[-1][1] == float("inf"):
            link.down_routes[-1] = (link.down_routes[-1][0], _newest_route(device))
        urgent = self._is_urgent(device, link)
        if device not in self._pending:
            self._pending.append(device)
        elif not urgent:
            return
        self._schedule(urgent)

    def _is_urgent(self, device: Device, link: Link) -> bool:
        """linkwatch_urgent_event: one end of a pair, or a link that gets its queue now; if it is up."""
        return link.up and (device.kind == "veth" or (link.carrier and not link.queue))

    def _schedule(self, urgent: bool) -> None:
        if self._urgent:
            return
        self._urgent = urgent
        now = self.world.now
        if self._timer is not None:
            if not urgent:
                return
            self._timer.cancel()
        when = now if urgent else max(now, self._next_look)
        self._timer = self.world.call_at(when, self._run)

    def _run(self) -> None:
        """Look at all of them, or only at the urgent ones if the last look is not a second ago."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        now = self.world.now
        only_urgent = self._next_look > now
        if not only_urgent:
            self._next_look = now + LINKWATCH
        self._urgent = False
        looked, self._pending = self._pending, []
        for device in looked:
            link = self.links.get(device)
            if link is None:
                continue
            if only_urgent and not self._is_urgent(device, link):
                self._pending.append(device)
            else:
                self._look(device, link)
        if self._pending:
            self._schedule(False)
        if self._timer is not None and self._timer.when <= now:
            self._run()

    def _look(self, device: Device, link: Link) -> None:
        """linkwatch_do_dev: the state, and if the device is up, its queue, routes, neighbours and its bridge."""
        lower_down = "LOWERLAYERDOWN" if device.kind == "veth" else "DOWN"
        link.state = "UP" if link.carrier else lower_down
        if not link.up:
            return
        link.queue = link.carrier
        if link.carrier:
            link.down_routes.clear()
            self._enable(link)
            return
        link.down_routes[:] = [(0, float("inf"))]
        if device.kind == "bridge":
            device.ns.neighbours.carrier_down(device)
        if link.bridge is not None and self.links[link.bridge].up:
            self._disable(link)


def _newest_route(device: Device) -> int:
    return max((abs(route.order) for route in device.ns.fib.routes()), default=0)

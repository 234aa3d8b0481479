"""Whether links have a carrier, and when the kernel notices that one was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.bridge import BridgeDevice

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.route import Route
    from netlab.lab.host import Host

LINKWATCH: Final = 1.0
"""Seconds after which a lost carrier has been noticed (linkwatch_schedule_work, net/core/link_watch.c)."""


def came_up(host: Host, device: Device) -> None:
    """Remember when a device was first set up: its queue, and how long its IPv6 address is tentative."""
    host.state.setdefault("up", {}).setdefault(device, host.world.now)
    if isinstance(device, BridgeDevice) and device.bridge.ports and not device.up:
        # A bridge that is opened with ports looks at them at once (br_stp_enable_bridge).
        host.state.setdefault("bridges", set()).add(device)
        host.state.setdefault("lost", {})[device] = (host.world.now - LINKWATCH, 0)


def was_reset(host: Host, device: Device) -> None:
    """A device that moves to another namespace starts afresh."""
    host.state.setdefault("up", {}).pop(device, None)


def note_carriers(host: Host) -> None:
    """Look at every device after a change: a bridge has a carrier until its last live port is lost
    (br_port_state_selection, net/bridge/br_stp.c); routes hear of a lost carrier up to a second later."""
    had_port: set[Device] = host.state.setdefault("bridges", set())
    lost: dict[Device, tuple[float, int]] = host.state.setdefault("lost", {})
    for ns in host.world.netns.values():
        for device in ns.devices.values():
            if isinstance(device, BridgeDevice) and device.carrier:
                had_port.add(device)
            if device.up and not has_carrier(host, device):
                newest = max((r.order for r in ns.fib.routes()), default=0)
                lost.setdefault(device, (host.world.now, newest))
            else:
                lost.pop(device, None)


def has_carrier(host: Host, device: Device) -> bool:
    """Whether a device that is up has a carrier."""
    if isinstance(device, BridgeDevice):
        return device.carrier or device not in host.state.get("bridges", ())
    return device.carrier


def not_yet_noticed(host: Host, device: Device) -> bool:
    """A bridge that has just lost its carrier still counts as running; of a veth it is known at once
    (linkwatch_urgent_event)."""
    lost = host.state.get("lost", {}).get(device)
    return (
        isinstance(device, BridgeDevice) and lost is not None and bool(host.world.now < lost[0] + LINKWATCH)
    )


def link_is_down(host: Host, route: Route) -> bool:
    """Whether a route is marked ``linkdown``: a new one at once, an old one when the loss has been noticed."""
    device = route.dev
    lost = host.state.get("lost", {}).get(device)
    if device is None or not device.up or lost is None:
        return False
    when, newest = lost
    return abs(route.order) > newest or bool(host.world.now >= when + LINKWATCH)


def operstate(host: Host, device: Device) -> str:
    """The operational state (RFC 2863) as net/core/link_watch.c decides it."""
    if not device.up:
        return "DOWN"
    if device.kind in ("loopback", "dummy"):
        return "UNKNOWN"
    if device.carrier:
        return "UP"
    if has_carrier(host, device):
        return "UNKNOWN"
    if not_yet_noticed(host, device):
        return "UP"
    return "LOWERLAYERDOWN" if device.kind == "veth" else "DOWN"

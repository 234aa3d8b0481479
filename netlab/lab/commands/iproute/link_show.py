"""How iproute2 prints devices and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.bridge import BridgeDevice
from netlab.lab.commands.iproute.namespaces import namespace_id
from netlab.lab.commands.iproute.words import scope_text
from netlab.lab.context import Process
from netlab.wire import ip_text, mac_int

if TYPE_CHECKING:
    from netlab.kernel.address import Address
    from netlab.kernel.device import Device
    from netlab.kernel.route import Route
    from netlab.lab.host import Host

LINKWATCH = 1.0
"""Seconds after which a lost carrier has been noticed (linkwatch_schedule_work, net/core/link_watch.c)."""
DAD_TIME = 1.5
"""Seconds for which a new link-local address is tentative (a random delay and one probe, net/ipv6/addrconf.c)."""


def came_up(host: Host, device: Device) -> None:
    """Remember when a device was first set up: its queue, and how long its IPv6 address is tentative."""
    host.state.setdefault("up", {}).setdefault(device, host.world.now)


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
    return "LOWERLAYERDOWN" if device.kind == "veth" else "DOWN"


def flags(host: Host, device: Device, *, lower_down: bool = False) -> str:
    """``<BROADCAST,MULTICAST,UP,LOWER_UP>``."""
    found = []
    if device.up and not has_carrier(host, device):
        found.append("NO-CARRIER")
    if device.kind == "loopback":
        found.append("LOOPBACK")
    elif device.kind == "dummy":
        found += ["BROADCAST", "NOARP"]
    else:
        found += ["BROADCAST", "MULTICAST"]
    if device.promiscuous:
        found.append("PROMISC")
    if device.up:
        found.append("UP")
        if has_carrier(host, device):
            found.append("LOWER_UP")
    if lower_down:
        found.append("M-DOWN")
    return f"<{','.join(found)}>"


def full_name(device: Device) -> tuple[str, bool]:
    """The name with what it hangs on (``v1@if2``, ``v1@v2``), and whether that is down (only seen in one namespace)."""
    peer = getattr(device, "peer", None)
    if peer is None:
        return device.name, False
    if peer.ns is device.ns:
        return f"{device.name}@{peer.name}", not peer.up
    return f"{device.name}@if{peer.ifindex}", False


def link_line(process: Process, device: Device, *, mode: bool) -> str:
    """The first line of a device, without its number's newline."""
    name, lower_down = full_name(device)
    ever_up = device in process.host.state.get("up", {}) or (device.kind == "loopback" and device.up)
    master = f" master {device.port.bridge.device.name}" if device.port is not None else ""
    return (
        f"{device.ifindex}: {name}: {flags(process.host, device, lower_down=lower_down)} mtu {device.mtu} "
        f"qdisc {'noqueue' if ever_up else 'noop'}{master} state {operstate(process.host, device)} "
        f"{'mode DEFAULT ' if mode else ''}group default qlen 1000"
    )


def ether_line(process: Process, device: Device) -> str:
    """The line with the link-layer address."""
    if device.kind == "loopback":
        return "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
    text = f"    link/ether {device.mac} brd ff:ff:ff:ff:ff:ff"
    peer = getattr(device, "peer", None)
    if peer is not None and peer.ns is not device.ns:
        host = process.host
        number = namespace_id(host, device.ns, peer.ns)
        if peer.ns is host.world.host:
            text += f" link-netnsid {number}"
        else:
            text += f" link-netns {peer.ns.name}"
    return text


def address_text(device: Device, address: Address) -> str:
    """``inet 172.17.0.1/16 brd … scope global docker0``."""
    text = f"inet {ip_text(address.ip)}"
    if address.peer is not None:
        text += f" peer {ip_text(address.peer)}"
    text += f"/{address.prefix}"
    if address.broadcast:
        text += f" brd {ip_text(address.broadcast)}"
    text += f" scope {scope_text(address.scope)}"
    if address.secondary:
        text += " secondary"
    return f"{text} {address.label or device.name}"


def ipv6_addresses(process: Process, device: Device) -> list[tuple[str, str, str]]:
    """The IPv6 addresses a device gave itself: text, prefix length and the words after it.

    netlab models no IPv6 traffic; these are shown because a real listing has them.
    """
    ns = device.ns
    if ns.sysctl[f"net.ipv6.conf.{device.name}.disable_ipv6"] or not device.running:
        return []
    if device.kind == "loopback":
        return [("::1", "128", "scope host ")]
    if device.port is not None:
        return []
    number = mac_int(device.mac)
    words = [
        number >> 32 & 0xFFFF ^ 0x0200,
        number >> 16 & 0xFF00 | 0xFF,
        0xFE00 | number >> 16 & 0xFF,
        number & 0xFFFF,
    ]
    text = "fe80::" + ":".join(f"{word:x}" for word in words)
    ups = process.host.state.get("up", {})
    since = max(
        (ups.get(d, 0.0) for d in (device, getattr(device, "peer", None)) if d is not None), default=0.0
    )
    tentative = "tentative " if process.now < since + DAD_TIME and device.kind != "dummy" else ""
    return [(text, "64", f"scope link {tentative}")]

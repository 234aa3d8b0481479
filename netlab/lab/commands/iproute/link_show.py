"""How iproute2 prints devices and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.lab.commands.iproute.carrier import has_carrier, not_yet_noticed, operstate
from netlab.lab.commands.iproute.namespaces import namespace_id
from netlab.lab.commands.iproute.words import scope_text
from netlab.lab.context import Process
from netlab.wire import ip_text, mac_int

if TYPE_CHECKING:
    from netlab.kernel.address import Address
    from netlab.kernel.device import Device
    from netlab.lab.host import Host

DAD_TIME = 1.5
"""Seconds for which a new link-local address is tentative (a random delay and one probe, net/ipv6/addrconf.c)."""


def flags(host: Host, device: Device, *, lower_down: bool = False) -> str:
    """``<BROADCAST,MULTICAST,UP,LOWER_UP>``."""
    found = []
    if device.up and not has_carrier(host, device) and not not_yet_noticed(host, device):
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

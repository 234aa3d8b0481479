"""How iproute2 prints devices and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.lab.commands.iproute.namespaces import namespace_id
from netlab.lab.commands.iproute.words import Failed, Words, scope_text
from netlab.lab.context import Process
from netlab.lab.devicefs import received_octets, sent_octets
from netlab.wire import ip_text, mac_int

if TYPE_CHECKING:
    from netlab.kernel.address import Address
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.lab.commands.iproute.style import Style
    from netlab.lab.host import Host

DAD_TIME = 1.5
"""Seconds for which a new link-local address is tentative (a random delay and one probe, net/ipv6/addrconf.c)."""


def flags(host: Host, device: Device, *, lower_down: bool = False) -> str:
    """``<BROADCAST,MULTICAST,UP,LOWER_UP>``."""
    found = []
    if device.up and host.world.linkwatch.operstate(device) not in ("UP", "UNKNOWN"):
        found.append("NO-CARRIER")
    if device.kind == "loopback":
        found.append("LOOPBACK")
    else:
        found.append("BROADCAST")
        if device.kind != "dummy" and device not in host.state.get("no multicast", ()):
            found.append("MULTICAST")
        if device.noarp:
            found.append("NOARP")
    if device.promiscuous:
        found.append("PROMISC")
    if device.up:
        found.append("UP")
        if host.world.linkwatch.has_carrier(device):
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
    master = f" master {device.port.bridge.device.name}" if device.port is not None else ""
    queue = "noop" if device.first_up is None else "noqueue"
    state = process.host.world.linkwatch.operstate(device)
    return (
        f"{device.ifindex}: {name}: {flags(process.host, device, lower_down=lower_down)} mtu {device.mtu} "
        f"qdisc {queue}{master} state {state} "
        f"{'mode DEFAULT ' if mode else ''}group default qlen 1000"
    )


def ether_line(process: Process, device: Device) -> str:
    """The line with the link-layer address."""
    if device.kind == "loopback":
        return "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
    return f"    link/ether {device.mac} brd ff:ff:ff:ff:ff:ff{peer_netns(process, device)}"


def peer_netns(process: Process, device: Device) -> str:
    """Where the other end is, if it is in another namespace: `` link-netns NAME``; without a name `` link-netnsid N``."""
    peer = getattr(device, "peer", None)
    if peer is None or peer.ns is device.ns:
        return ""
    world = process.host.world
    if peer.ns is not world.host and peer.ns not in world.nameless:
        return f" link-netns {peer.ns.name}"
    return f" link-netnsid {namespace_id(process.host, device.ns, peer.ns)}"


def statistics(device: Device, join: str) -> str:
    """The four lines of ``-s``. Errors are not counted and stand as 0."""
    received, sent = received_octets(device), sent_octets(device)
    columns = [len(name) for name in ("*X errors:", "packets", "errors", "dropped", "heartbt", "overrun")]
    numbers = (
        (received, device.rx_packets, 0, device.rx_dropped, 0, device.rx_multicast),
        (sent, device.tx_packets, 0, device.tx_dropped, 0, 0),
    )
    widths = [max(width, *(len(str(row[n])) for row in numbers)) for n, width in enumerate(columns)]
    out = []
    for name, last, row in zip(
        ("RX", "TX"), (("missed", "mcast"), ("carrier", "collsns")), numbers, strict=True
    ):
        titles = ("bytes", "packets", "errors", "dropped", *last)
        padded = [f"{title:>{widths[n] - 4 * (n == 0)}}" for n, title in enumerate(titles)]
        out.append(f"    {name}: {' '.join(padded)} {'':10}")
        out.append("    " + "".join(f"{value:>{width}} " for value, width in zip(row, widths, strict=True)))
    return join.join(out)


def address_text(device: Device, address: Address) -> str:
    """``inet 172.17.0.1/16 brd … scope global docker0``."""
    text = f"inet {ip_text(address.ip)}"
    if address.peer is not None:
        text += f" peer {ip_text(address.peer)}"
    text += f"/{address.prefix}"
    if address.metric:
        text += f" metric {address.metric}"
    if address.broadcast:
        text += f" brd {ip_text(address.broadcast)}"
    text += f" scope {scope_text(address.scope)}"
    if address.secondary:
        text += " secondary"
    if not address.prefix_route:
        text += " noprefixroute"
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
    ends = [end for end in (device, getattr(device, "peer", None)) if end is not None]
    since = max(end.first_up or 0.0 for end in ends)
    tentative = "tentative " if process.now < since + DAD_TIME and device.kind != "dummy" else ""
    return [(text, "64", f"scope link {tentative}")]


def show_links(process: Process, words: Words, style: Style) -> int:
    """``ip link show [DEV] [up] [master BR] [type KIND]``."""
    devices = chosen_devices(process, words)
    for device in devices:
        if style.brief:
            name, lower_down = full_name(device)
            words_of = flags(process.host, device, lower_down=lower_down)
            process.out(
                f"{name:<16} {process.host.world.linkwatch.operstate(device):<14} {device.mac} {words_of} \n"
            )
        else:
            join = "\\" if style.oneline else "\n"
            text = link_line(process, device, mode=True) + join + ether_line(process, device)
            process.out(text + (join + statistics(device, join) if style.stats else "") + "\n")
    return 0


def chosen_devices(process: Process, words: Words) -> list[Device]:
    """The devices that a ``show`` names, in order of their numbers."""
    ns: Netns = process.netns
    devices = sorted(ns.devices.values(), key=lambda d: d.ifindex)
    known = ("dev", "up", "master", "type")
    while words:
        word = words.take()
        if word == "up":
            devices = [d for d in devices if d.up]
        elif word == "master":
            master = words.take()
            if master not in ns.devices:
                raise Failed(f'Error: argument "{master}" is wrong: Device does not exist\n', 255)
            devices = [d for d in devices if d.port is not None and d.port.bridge.device.name == master]
        elif word == "type":
            kind = words.take()
            devices = [
                d for d in devices if d.kind == kind or (kind == "bridge_slave" and d.port is not None)
            ]
        elif word in ("scope", "to", "label", "permanent", "dynamic", "secondary", "primary", "vrf", "group"):
            words.refuse(word, known)
        else:
            name = words.take() if word == "dev" else word
            if name not in ns.devices:
                raise Failed(f'Device "{name}" does not exist.', 1)
            devices = [d for d in devices if d.name == name]
    return devices

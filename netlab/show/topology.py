"""The topology of a lab: namespaces, devices, bridges and the pairs of virtual cables between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.device import Device, Loopback, Veth
from netlab.show.graph import Edge, Graph, Node
from netlab.show.style import BRIDGE, CALL, GREEN, GREY, HOST, PLAIN, SILENT, Mark
from netlab.show.words import count, listed
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World

_CABLE = Mark("", "none", GREY, 2.0)
_PORT = Mark("", "none", GREEN, 1.5)


def topology(world: World) -> Graph:
    """Every namespace as a frame, its devices with MAC and IPv4 addresses, veth pairs as cables, ports at their bridge.

    Devices that are down are dashed. Loopback devices are shown where they have an address besides 127.0.0.1.

    >>> from netlab.kernel.world import World
    >>> topology(World()).description
    'One namespace, host, with no device besides loopback.'
    """
    nodes: list[Node] = []
    edges: list[Edge] = []
    for ns in world.netns.values():
        for device in _shown(ns):
            nodes.append(_node(ns, device))
            edges += _edges(ns, device)
        edges += _routes(ns)
        if not any(node.cluster == _frame(ns) for node in nodes):
            nodes.append(
                Node(name=f"{ns.name}/", label="no device but lo", shape="text", cluster=_frame(ns), font=9)
            )
    return Graph(
        name="topology",
        title="Topology of the lab",
        description=_words(world),
        nodes=tuple(nodes),
        edges=tuple(edges),
        clusters=tuple((_frame(ns), _caption(ns)) for ns in world.netns.values()),
        options=(("rankdir", "LR"), ("nodesep", "0.18"), ("ranksep", "0.45"), ("size", "9.6,9")),
    )


def _frame(ns: Netns) -> str:
    return f"netns {ns.name}"


def _caption(ns: Netns) -> str:
    return "host" if ns is ns.world.host else f"namespace {ns.name}"


def _shown(ns: Netns) -> Iterator[Device]:
    for device in ns.devices.values():
        if not isinstance(device, Loopback) or any(a.ip >> 24 != 127 for a in device.addresses):
            yield device


def _id(ns: Netns, device: Device) -> str:
    return f"{ns.name}/{device.name}"


def _node(ns: Netns, device: Device) -> Node:
    lines = [device.name, *(f"{ip_text(a.ip)}/{a.prefix}" for a in device.addresses)]
    if not isinstance(device, Loopback):
        lines.append(device.mac)
    kind = {"bridge": "bridge", "veth": "one end of a veth pair", "loopback": "loopback"}.get(
        device.kind, device.kind
    )
    mark = SILENT if not device.up else BRIDGE if isinstance(device, BridgeDevice) else PLAIN
    if device.up and device.addresses and not isinstance(device, BridgeDevice):
        mark = HOST
    return Node(
        name=_id(ns, device),
        label="\n".join(lines),
        shape="rounded" if isinstance(device, BridgeDevice) else "box",
        mark=mark,
        note=", ".join([*lines[1:], kind, "up" if device.up else "down"]),
        text_label=_id(ns, device),
        cluster=_frame(ns),
        font=9.5,
    )


def _edges(ns: Netns, device: Device) -> Iterator[Edge]:
    if device.port is not None:
        yield Edge(
            tail=_id(ns, device),
            head=_id(ns, device.port.bridge_dev),
            directed=False,
            mark=_PORT,
            note="bridge port",
        )
    if isinstance(device, Veth) and device.peer is not None:
        mine, other = _id(ns, device), device.peer
        theirs = _id(other.ns, other)
        if _order(device) < _order(other):
            # A bridge's ports lie to the right of what is plugged into them, other cables lead outwards.
            tail, head = (theirs, mine) if device.port is not None else (mine, theirs)
            yield Edge(tail=tail, head=head, directed=False, mark=_CABLE, note="veth pair")


def _order(device: Device) -> tuple[int, int]:
    return list(device.ns.world.netns).index(device.ns.name), device.ifindex


def _routes(ns: Netns) -> Iterator[Edge]:
    """What IPv4 forwarding joins: the devices with addresses, bridges first."""
    if not ns.sysctl["net.ipv4.ip_forward"]:
        return
    routed = [d for d in _shown(ns) if d.addresses and not isinstance(d, Loopback)]
    routed.sort(key=lambda d: not isinstance(d, BridgeDevice))
    for one, other in pairwise(routed):
        yield Edge(
            tail=_id(ns, one),
            head=_id(ns, other),
            label="routed",
            directed=False,
            mark=CALL,
            note="IPv4 forwarding is on",
        )


def _words(world: World) -> str:
    parts = []
    for ns in world.netns.values():
        devices = list(_shown(ns))
        said = [_device_words(device) for device in devices]
        parts.append(f"{ns.name} has {listed(said)}" if said else f"{ns.name} has no device besides loopback")
    if len(parts) == 1 and not list(_shown(world.host)):
        return "One namespace, host, with no device besides loopback."
    return f"{count(len(parts), 'namespace')}. {'. '.join(parts)}."


def _device_words(device: Device) -> str:
    text = device.name
    if device.addresses:
        text += f" ({', '.join(f'{ip_text(a.ip)}/{a.prefix}' for a in device.addresses)})"
    if isinstance(device, Veth) and device.peer is not None:
        text += f" paired with {device.peer.name} of {device.peer.ns.name}"
    if device.port is not None:
        text += f", a port of {device.port.bridge_dev.name}"
    if isinstance(device, BridgeDevice):
        text += ", a bridge"
    return text

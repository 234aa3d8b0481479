"""What Docker does to a host, as the plain commands that do the same.

``docker-proxy`` lines stand for processes that go on in the background.
Sources: moby's libnetwork/drivers/bridge (bridge.go, setup_device.go), libnetwork/osl; rules from
:mod:`netlab.rules.docker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.rules.docker import undo
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.lab.commands.docker.state import Bridge, Container, Daemon, Endpoint


def _broadcast(daemon: Daemon) -> str:
    """Old daemons gave addresses no broadcast address (the article's ``Bcast:0.0.0.0``)."""
    return "" if int(daemon.rules.release.split(".")[0]) < 18 else " brd +"


def start(daemon: Daemon) -> list[str]:
    """The daemon starts: forwarding, its chains, the default bridge with its rules."""
    ns = daemon.host.world.host
    out = []
    forwarding = bool(ns.sysctl["net.ipv4.ip_forward"])
    if not forwarding:
        out.append("sysctl -q -w net.ipv4.ip_forward=1")
    out += daemon.rules.start(forward_drop=not forwarding)
    return [*out, *network(daemon, daemon.networks[0])]


def network(daemon: Daemon, one: Bridge) -> list[str]:
    """A bridge network. A bridge that is there already keeps its address."""
    devices = daemon.host.world.host.devices
    device = devices.get(one.device)
    out = [] if device is not None else [f"ip link add {one.device} address {one.mac} type bridge"]
    if device is None or not any(a.ip == one.gateway for a in device.addresses):
        out.append(f"ip addr add {ip_text(one.gateway)}/{one.prefix}{_broadcast(daemon)} dev {one.device}")
    if not daemon.settings.userland_proxy:
        out.append(f"sysctl -q -w net.ipv4.conf.{one.device}.route_localnet=1")
    others = [other.rules for other in daemon.networks if other is not one]
    out += daemon.rules.create(one.rules, others)
    return [*out, f"ip link set {one.device} up"]


def remove_network(daemon: Daemon, one: Bridge) -> list[str]:
    """A user network goes."""
    others = [other.rules for other in daemon.networks if other is not one]
    rules = [line for line in daemon.rules.create(one.rules, others) if " -D " not in line]
    own = [line for line in rules if one.device in line or one.rules.subnet in line]
    return [*undo(reversed(own)), f"ip link del {one.device}"]


def connect(daemon: Daemon, container: Container, endpoint: Endpoint) -> list[str]:
    """A leg of a container: the veth pair, the port, then the container's end."""
    name, device, one = container.name, endpoint.device, endpoint.network
    inner = f"ip -n {name}"
    there = daemon.new_veth()
    out = [
        f"ip link add {endpoint.veth} type veth peer name {there}",
        f"ip link set {endpoint.veth} master {one.device}",
    ]
    if not daemon.settings.userland_proxy:
        out.append(f"bridge link set dev {endpoint.veth} hairpin on")
    out += [
        f"ip link set {there} netns {name}",
        f"{inner} link set {there} name {device}",
        f"{inner} link set {device} address {endpoint.mac}",
        f"{inner} addr add {ip_text(endpoint.address)}/{one.prefix}{_broadcast(daemon)} dev {device}",
        f"ip link set {endpoint.veth} up",
        f"{inner} link set {device} up",
    ]
    if endpoint is container.endpoints[0] and not one.rules.internal:
        out.append(f"{inner} route add default via {ip_text(one.gateway)} dev {device}")
    return [*out, *daemon.rules.attach(one.rules, ip_text(endpoint.address))]


def disconnect(daemon: Daemon, container: Container, endpoint: Endpoint) -> list[str]:
    """A leg goes."""
    rules = daemon.rules.attach(endpoint.network.rules, ip_text(endpoint.address))
    return [*undo(rules), f"ip -n {container.name} link del {endpoint.device}"]


def run(daemon: Daemon, container: Container) -> list[str]:
    """A container starts: its namespace, its legs, its published ports and their proxies."""
    name = container.name
    off = "net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1"
    out = [
        f"ip netns add {name}",
        f"ip netns exec {name} sysctl -q -w {off}",
        f"ip -n {name} link set lo up",
    ]
    out += [f"ip netns exec {name} sysctl -q -w {setting}" for setting in container.sysctls]
    for endpoint in container.endpoints:
        out += connect(daemon, container, endpoint)
    for port in container.ports:
        out += daemon.rules.publish(container.endpoints[0].network.rules, port)
        if daemon.settings.userland_proxy:
            out.append(
                f"docker-proxy -proto {port.proto} -host-ip {port.host_ip} -host-port {port.host_port} "
                f"-container-ip {port.address} -container-port {port.container_port}"
            )
    return out


def stop(daemon: Daemon, container: Container) -> list[str]:
    """A container stops: all that :func:`run` made goes."""
    out = [f"kill {proxy.pid}" for proxy in container.proxies if proxy.alive]
    for port in container.ports:
        out += undo(daemon.rules.publish(container.endpoints[0].network.rules, port))
    for endpoint in container.endpoints:
        out += undo(daemon.rules.attach(endpoint.network.rules, ip_text(endpoint.address)))
    return [*out, f"ip netns del {container.name}"]

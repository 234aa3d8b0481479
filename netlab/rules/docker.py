"""The rules that Docker writes: its chains, networks and published ports, from 17.09 to 29, as commands.

Each function returns the iptables (and ipset) commands in an order that leaves what the real daemon leaves.
Sources: moby's libnetwork/drivers/bridge (setup_ip_tables.go and port_mapping.go at v17.09.0-ce, v20.10.24,
v27.5.1) and its generated documentation integration/network/bridge/iptablesdoc (v28.0.0 to v29).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from netlab.errors import InputError
from netlab.wire import ip


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What differs between releases.

    ``forward``: each network's rules stand in FORWARD itself; a set of bridges replaces half of them; or all
    of Docker's rules have chains of their own. ``direct``: what the raw table drops, nothing, packets to a
    published port, or all packets to a container that come from elsewhere.
    """

    isolation: Literal["pairs", "stages", "internal"]
    forward: Literal["each", "set", "chains"]
    isolation_returns: bool = False
    user_returns: bool = True
    skip_dnat: bool = True
    always_hairpin: bool = False
    direct: Literal["", "port", "container"] = ""


_PAIRS: Final = Layout(isolation="pairs", forward="each", isolation_returns=True, always_hairpin=True)
_STAGES: Final = Layout(isolation="stages", forward="each", isolation_returns=True, always_hairpin=True)

LAYOUTS: Final[dict[str, Layout]] = {
    "17.09": _PAIRS,
    "18.03.1": _STAGES,
    "18.04": _PAIRS,
    "18.05": _STAGES,
    "28.0.0": Layout(isolation="stages", forward="set", direct="port"),
    "28.0.1": Layout(isolation="stages", forward="chains", direct="port"),
    "28.2": Layout(isolation="stages", forward="chains", direct="container"),
    "28.5": Layout(isolation="stages", forward="chains", direct="container", user_returns=False),
    "29": Layout(
        isolation="internal", forward="chains", direct="container", user_returns=False, skip_dnat=False
    ),
}
"""The first release of each layout; it holds until the next."""

EXT_BRIDGES: Final = "docker-ext-bridges-v4"
_ESTABLISHED: Final = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"


def _number(release: str) -> tuple[int, ...]:
    parts = release.removeprefix("v").removesuffix("-ce").split(".")
    if not all(part.isdigit() for part in parts):
        raise InputError(
            f"no Docker release: {release}", expected="a release such as 17.09, 20.10, 27.5, 28.5 or 29"
        )
    return tuple(int(part) for part in parts)


def layout_of(release: str) -> Layout:
    """The layout of a release.

    >>> layout_of("20.10.24").isolation, layout_of("29.1").isolation
    ('stages', 'internal')

    Raises:
        InputError: not a release, or one before 17.09.
    """
    wanted = _number(release)
    known = [name for name in LAYOUTS if _number(name) <= wanted]
    if not known:
        raise InputError(f"Docker {release} is not modelled", expected=f"{next(iter(LAYOUTS))} or newer")
    return LAYOUTS[known[-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A bridge network: ``subnet`` as address/length; ``icc`` lets its containers talk to each other."""

    bridge: str = "docker0"
    subnet: str = "172.17.0.0/16"
    icc: bool = True
    masquerade: bool = True
    internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A published port: ``-p host_ip:host_port:container_port/proto`` of the container with ``address``."""

    address: str
    container_port: int
    host_port: int
    proto: str = "tcp"
    host_ip: str = "0.0.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What ``-p`` asks for: a host port of a range that may be one port, or any (0 to 0)."""

    container_port: int
    proto: str = "tcp"
    host_ip: str = "0.0.0.0"
    host_ports: tuple[int, int] = (0, 0)

    @property
    def exact(self) -> bool:
        """Whether it names the host port."""
        first, last = self.host_ports
        return 0 < first == last


def wishes(text: str) -> tuple[Wish, ...] | None:
    """What a value of ``-p`` asks for, None if it is not read: ``[[ADDRESS:]HOSTPORTS:]PORTS[/tcp|udp]``.

    Ranges of one length go by pairs; a range of host ports before one port means any that is free.

    >>> [(wish.host_ports, wish.container_port) for wish in wishes("7000-7001:80-81") or ()]
    [((7000, 7000), 80), ((7001, 7001), 81)]

    Raises:
        InputError: ranges that do not fit, in docker's words.
    """
    match = re.fullmatch(r"(?:(?:(\d+\.\d+\.\d+\.\d+):)?([\d-]*):)?([\d-]+)(?:/(tcp|udp))?", text)
    if match is None:
        return None
    address, outer, inner, proto = match.groups()
    ranges = [_port_range(ports) for ports in (outer or "0", inner)]
    if None in ranges:
        return None
    (low, high), (first, last) = (found for found in ranges if found is not None)
    common = {"proto": proto or "tcp", "host_ip": address or "0.0.0.0"}
    if low and high - low != last - first:
        if first != last:
            raise InputError(f"Invalid ranges specified for container and host Ports: {inner} and {outer}")
        return (Wish(container_port=first, host_ports=(low, high), **common),)
    return tuple(
        Wish(container_port=first + n, host_ports=(low + n, low + n) if low else (0, 0), **common)
        for n in range(last - first + 1)
    )


def _port_range(text: str) -> tuple[int, int] | None:
    first, _, last = text.partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        return None
    low, high = int(first), int(last or first)
    return (low, high) if 0 <= low <= high <= 65535 else None


@dataclass(frozen=True, slots=True)
class Docker:
    """A daemon of a release, with or without the userland proxy."""

    release: str = "17.09"
    userland_proxy: bool = True

    @property
    def layout(self) -> Layout:
        """What differs between releases."""
        return layout_of(self.release)

    def start(self, *, forward_drop: bool = False) -> tuple[str, ...]:
        """The daemon's chains. ``forward_drop``: it turned ip_forward on itself, and so sets the policy."""
        layout = self.layout
        out = ["iptables -t nat -N DOCKER", "iptables -N DOCKER"]
        if layout.isolation == "pairs":
            out.append("iptables -N DOCKER-ISOLATION")
        elif layout.isolation == "stages":
            out += ["iptables -N DOCKER-ISOLATION-STAGE-1", "iptables -N DOCKER-ISOLATION-STAGE-2"]
        else:
            out.append("iptables -N DOCKER-INTERNAL")
        if forward_drop:
            # after the chains (libnetwork, drivers/bridge/bridge.go: configure), so table nat comes before filter
            out.append("iptables -P FORWARD DROP")
        if layout.isolation_returns:
            out += [f"iptables -A {chain} -j RETURN" for chain in self._isolation()]
        first = self._isolation()[0]
        if layout.forward == "set":
            bridges = f"-m set --match-set {EXT_BRIDGES} dst"
            out += [
                f"ipset create {EXT_BRIDGES} hash:net family inet",
                f"iptables -A FORWARD {bridges} {_ESTABLISHED}",
                f"iptables -A FORWARD -j {first}",
                f"iptables -A FORWARD {bridges} -j DOCKER",
            ]
        elif layout.forward == "chains":
            out += [f"iptables -N {chain}" for chain in ("DOCKER-FORWARD", "DOCKER-BRIDGE", "DOCKER-CT")]
            out += [
                f"iptables -A DOCKER-FORWARD -j {chain}" for chain in ("DOCKER-CT", first, "DOCKER-BRIDGE")
            ]
            out.append("iptables -I FORWARD -j DOCKER-FORWARD")
        if layout.forward != "each":
            out += self._nat_jumps()
        out.append("iptables -N DOCKER-USER")
        if layout.user_returns:
            out.append("iptables -A DOCKER-USER -j RETURN")
        out.append("iptables -I FORWARD -j DOCKER-USER")
        return tuple(out)

    def _isolation(self) -> tuple[str, ...]:
        return {
            "pairs": ("DOCKER-ISOLATION",),
            "stages": ("DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"),
            "internal": ("DOCKER-INTERNAL",),
        }[self.layout.isolation]

    def _nat_jumps(self) -> list[str]:
        loopback = "! -d 127.0.0.0/8 " if self.userland_proxy else ""
        return [
            "iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
            f"iptables -t nat -A OUTPUT {loopback}-m addrtype --dst-type LOCAL -j DOCKER",
        ]

    def create(self, network: Network, others: Sequence[Network] = ()) -> tuple[str, ...]:
        """A network's rules; ``others`` are the networks there are already, oldest first."""
        out = [] if network.internal else self._nat(network)
        if self.layout.forward == "each":
            out += self._forward_each(network, others)
        else:
            out += self._forward_new(network)
        return tuple(out)

    def _nat(self, network: Network) -> list[str]:
        bridge, out = network.bridge, []
        if network.masquerade:
            out.append(f"iptables -t nat -I POSTROUTING -s {network.subnet} ! -o {bridge} -j MASQUERADE")
            if self.userland_proxy and self.layout.skip_dnat:
                out.append(f"iptables -t nat -I DOCKER -i {bridge} -j RETURN")
        if not self.userland_proxy:
            out.append(
                f"iptables -t nat -I POSTROUTING -m addrtype --src-type LOCAL -o {bridge} -j MASQUERADE"
            )
        return out

    def _internal(self, network: Network) -> list[str]:
        """What keeps an internal network to itself."""
        chain, bridge, subnet = self._isolation()[0], network.bridge, network.subnet
        return [
            f"iptables -I {chain} -i {bridge} ! -d {subnet} -j DROP",
            f"iptables -I {chain} -o {bridge} ! -s {subnet} -j DROP",
        ]

    def _forward_each(self, network: Network, others: Sequence[Network]) -> list[str]:
        """Up to 27: every network's rules go to the head of FORWARD, then the jumps above them."""
        bridge = network.bridge
        out = self._internal(network) if network.internal else []
        if network.icc:
            out.append(f"iptables -I FORWARD -i {bridge} -o {bridge} -j ACCEPT")
        else:
            out.append(f"iptables -A FORWARD -i {bridge} -o {bridge} -j DROP")
        if not network.internal:
            out.append(f"iptables -I FORWARD -i {bridge} ! -o {bridge} -j ACCEPT")
            if all(other.internal for other in others):
                out += self._nat_jumps()
            out.append(f"iptables -I FORWARD -o {bridge} -j DOCKER")
            out.append(f"iptables -I FORWARD -o {bridge} {_ESTABLISHED}")
        isolation = self._isolation()[0]
        out += self._to_the_top(isolation, again=bool(others))
        if not network.internal:
            out += self._isolate(network, [other for other in others if not other.internal])
        return out + self._to_the_top("DOCKER-USER", again=True)

    @staticmethod
    def _to_the_top(chain: str, *, again: bool) -> list[str]:
        jump = f"FORWARD -j {chain}"
        return [*([f"iptables -D {jump}"] if again else []), f"iptables -I {jump}"]

    def _isolate(self, network: Network, others: Sequence[Network]) -> list[str]:
        bridge = network.bridge
        if self.layout.isolation == "pairs":
            return [
                f"iptables -I DOCKER-ISOLATION -i {one} -o {two} -j DROP"
                for other in others
                for one, two in ((bridge, other.bridge), (other.bridge, bridge))
            ]
        if self.layout.isolation == "internal":
            return []
        first, second = self._isolation()
        where = "-I" if self.layout.forward == "each" else "-A"
        return [
            f"iptables {where} {first} -i {bridge} ! -o {bridge} -j {second}",
            f"iptables -I {second} -o {bridge} -j DROP",
        ]

    def _forward_new(self, network: Network) -> list[str]:
        """From 28.0: rules are appended, and what comes from elsewhere to an unpublished port is dropped."""
        layout, bridge = self.layout, network.bridge
        chain = "FORWARD" if layout.forward == "set" else "DOCKER-FORWARD"
        if network.internal:
            verdict = "ACCEPT" if network.icc else "DROP"
            out = self._internal(network)
            return [*out, f"iptables -A {chain} -i {bridge} -o {bridge} -j {verdict}"]
        out = self._isolate(network, ())
        if layout.forward == "set":
            out.append(f"ipset add {EXT_BRIDGES} {network.subnet}")
        else:
            out += [
                f"iptables -A DOCKER-CT -o {bridge} {_ESTABLISHED}",
                f"iptables -A DOCKER-BRIDGE -o {bridge} -j DOCKER",
            ]
        if network.icc:
            out.append(f"iptables -A {chain} -i {bridge} -j ACCEPT")
        else:
            out.append(f"iptables -A {chain} -i {bridge} -o {bridge} -j DROP")
            out.append(f"iptables -A {chain} -i {bridge} ! -o {bridge} -j ACCEPT")
        return [*out, f"iptables -A DOCKER ! -i {bridge} -o {bridge} -j DROP"]

    def attach(self, network: Network, address: str) -> tuple[str, ...]:
        """A container's own rules, whether or not it publishes ports."""
        if self.layout.direct != "container" or network.internal:
            return ()
        return (f"iptables -t raw -A PREROUTING -d {address}/32 ! -i {network.bridge} -j DROP",)

    def in_order(self, asked: Iterable[Wish]) -> list[Wish]:
        """The order in which a container's ports are published.

        Up to 26 by largest host port, then container port (go-connections, SortPortMap, which compares so that
        neighbours may both be first); since 27 exact host ports before others, then by container port
        (libnetwork, cmpPortBindingReqs).
        """
        out: list[Wish] = []
        if _number(self.release) >= (27,):
            return sorted(
                asked, key=lambda w: (not w.exact, w.container_port, w.proto, w.host_ports, ip(w.host_ip))
            )
        for wish in asked:
            at = len(out)
            while at and _sooner(wish, out[at - 1]):
                at -= 1
            out.insert(at, wish)
        return out

    def publish(self, network: Network, port: Port) -> tuple[str, ...]:
        """A published port's rules."""
        layout, bridge, proto = self.layout, network.bridge, port.proto
        dport = f"-p {proto} -m {proto} --dport"
        where = "" if port.host_ip == "0.0.0.0" else f"-d {port.host_ip}/32 "
        elsewhere = f"! -i {bridge} " if self.userland_proxy else ""
        out = []
        if layout.direct and port.host_ip.startswith("127."):
            out.append(
                f"iptables -t raw -A PREROUTING -d {port.host_ip}/32 ! -i lo {dport} {port.host_port} -j DROP"
            )
        if layout.direct == "port":
            out.append(
                f"iptables -t raw -A PREROUTING -d {port.address}/32 ! -i {bridge} "
                f"{dport} {port.container_port} -j DROP"
            )
        out.append(
            f"iptables -t nat -A DOCKER {where}{elsewhere}{dport} {port.host_port} "
            f"-j DNAT --to-destination {port.address}:{port.container_port}"
        )
        accept = "-A" if layout.forward == "each" else "-I"
        out.append(
            f"iptables {accept} DOCKER -d {port.address}/32 ! -i {bridge} -o {bridge} "
            f"{dport} {port.container_port} -j ACCEPT"
        )
        if layout.always_hairpin or not self.userland_proxy:
            out.append(
                f"iptables -t nat -A POSTROUTING -s {port.address}/32 -d {port.address}/32 "
                f"{dport} {port.container_port} -j MASQUERADE"
            )
        return tuple(out)


def _sooner(one: Wish, other: Wish) -> bool:
    return (
        one.host_ports[0] > other.host_ports[0]
        or one.container_port > other.container_port
        or (one.container_port == other.container_port and one.proto == "tcp")
    )


def undo(commands: Iterable[str]) -> tuple[str, ...]:
    """The commands that take away what these rules' commands added.

    >>> undo(["iptables -t nat -A DOCKER -i docker0 -j RETURN"])
    ('iptables -t nat -D DOCKER -i docker0 -j RETURN',)
    """
    return tuple(
        command.replace(" -A ", " -D ", 1) if " -A " in command else command.replace(" -I ", " -D ", 1)
        for command in commands
    )

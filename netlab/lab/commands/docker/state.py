"""What a Docker daemon knows: its settings, its networks, its containers; ids come from a seeded generator."""

from __future__ import annotations

import json
import random
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from netlab.lab.context import Process
from netlab.rules.docker import Docker, Network, Port
from netlab.wire import ip, ip_text, mac_text, mask_of

if TYPE_CHECKING:
    from netlab.lab.host import Host
    from netlab.lab.process import Task

CONFIGURATION: Final = "/etc/docker/daemon.json"
DEFAULT_BIP: Final = "172.17.0.1/16"
_WITHOUT_EFFECT: Final = frozenset(
    {
        "data-root", "debug", "exec-opts", "graph", "insecure-registries", "live-restore", "log-driver", "log-level",
        "log-opts", "registry-mirrors", "storage-driver", "storage-opts",
    }
)  # fmt: skip
DYNAMIC_PORTS: Final = (32768, 60999)
"""Where host ports for those published without one are taken from (ip_local_port_range)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The daemon's options that change the network: the bridge's address, the proxy, whether containers may talk."""

    bip: str = ""
    userland_proxy: bool = True
    icc: bool = True


@dataclass(slots=True, kw_only=True)
class Bridge:
    """A bridge network: what it is called, where its addresses come from, its rules' description."""

    id: str
    name: str
    gateway: int
    prefix: int
    rules: Network
    mac: str
    created: float = 0.0

    @property
    def device(self) -> str:
        """The bridge's device."""
        return self.rules.bridge


@dataclass(slots=True, kw_only=True)
class Endpoint:
    """A container's leg in a network; ``veth`` is its port's name when it was made, ``device`` the container's end."""

    network: Bridge
    address: int
    mac: str
    veth: str
    device: str = "eth0"


@dataclass(slots=True, kw_only=True)
class Container:
    """A container; its namespace has its name. ``status`` is None while it runs."""

    id: str
    name: str
    image: str
    command: str
    created: float
    started: float = 0.0
    pid: int = 0
    status: int | None = None
    ended: float = 0.0
    remove: bool = False
    endpoints: list[Endpoint] = field(default_factory=list)
    ports: list[Port] = field(default_factory=list)
    sysctls: list[str] = field(default_factory=list)
    proxies: list[Task] = field(default_factory=list)

    @property
    def running(self) -> bool:
        return self.status is None


class Daemon:
    """The daemon of one host. Nothing here touches the host: plans do."""

    def __init__(self, host: Host, settings: Settings) -> None:
        self.host = host
        self.settings = settings
        self.rules = Docker(host.world.release.docker, settings.userland_proxy)
        self.rng = random.Random(host.world.rng.getrandbits(64))
        self.started = False
        self.containers: list[Container] = []
        device = host.world.host.devices.get("docker0")
        own = (
            f"{ip_text(device.addresses[0].ip)}/{device.addresses[0].prefix}"
            if device and device.addresses
            else ""
        )
        self.networks = [
            self._bridge(
                "bridge", settings.bip or own or DEFAULT_BIP, "docker0", icc=settings.icc, internal=False
            )
        ]

    def rehearsal(self) -> Daemon:
        """A daemon that knows the same: what is done to it is not remembered here."""
        twin = copy(self)
        twin.rng = random.Random()
        twin.rng.setstate(self.rng.getstate())
        twin.networks = list(self.networks)
        twin.containers = [
            replace(c, endpoints=list(c.endpoints), ports=list(c.ports), proxies=list(c.proxies))
            for c in self.containers
        ]
        return twin

    # --- identities -------------------------------------------------------------------------------------------

    @property
    def old(self) -> bool:
        """Whether this is a daemon from before 28, whose MACs follow the addresses."""
        return int(self.rules.release.split(".")[0]) < 28

    def new_id(self) -> str:
        """64 hexadecimal digits."""
        return f"{self.rng.getrandbits(256):064x}"

    def new_veth(self) -> str:
        """``veth`` and seven hexadecimal digits."""
        return f"veth{self.rng.getrandbits(28):07x}"

    def new_mac(self, address: int | None = None) -> str:
        """Up to 27 ``02:42`` and the address (or four random bytes), since 28 random and locally administered."""
        if self.old:
            return mac_text(0x0242 << 32 | (self.rng.getrandbits(32) if address is None else address))
        return mac_text((self.rng.getrandbits(48) | 0x02 << 40) & ~(0x01 << 40))

    def new_name(self) -> str:
        """A name for a container that was given none."""
        while True:
            name = f"{self.rng.choice(_LEFT)}_{self.rng.choice(_RIGHT)}"
            if self.find(name) is None:
                return name

    # --- networks ---------------------------------------------------------------------------------------------

    def _bridge(self, name: str, cidr: str, device: str, *, icc: bool, internal: bool) -> Bridge:
        address, _, length = cidr.partition("/")
        gateway, prefix = ip(address), int(length)
        subnet = f"{ip_text(gateway & mask_of(prefix))}/{prefix}"
        number = self.new_id()
        return Bridge(
            id=number,
            name=name,
            gateway=gateway,
            prefix=prefix,
            rules=Network(bridge=device or f"br-{number[:12]}", subnet=subnet, icc=icc, internal=internal),
            mac=self.new_mac(),
        )

    def new_network(
        self, name: str, subnet: str, gateway: str, device: str, *, icc: bool, internal: bool
    ) -> Bridge:
        """A user network; without a subnet the next free one of 172.18.0.0/16 and so on."""
        if not subnet:
            used = {n.gateway >> 16 for n in self.networks}
            subnet = next(f"172.{n}.0.0/16" for n in range(18, 32) if 172 << 8 | n not in used)
        address, _, length = subnet.partition("/")
        first = gateway or ip_text((ip(address) & mask_of(int(length))) + 1)
        network = self._bridge(name, f"{first}/{length}", device, icc=icc, internal=internal)
        network.created = self.host.world.now
        return network

    def find_network(self, word: str) -> Bridge | None:
        """A network by name or by the beginning of its id."""
        return next((n for n in self.networks if n.name == word), None) or next(
            (n for n in self.networks if n.id.startswith(word)), None
        )

    def new_endpoint(self, network: Bridge, container: Container, address: int | None = None) -> Endpoint:
        """A leg for a container: the lowest free address of the network."""
        taken = {e.address for c in self.containers if c.running for e in c.endpoints if e.network is network}
        first = (network.gateway & mask_of(network.prefix)) + 1
        free = (
            a for a in range(first, first + (1 << 32 - network.prefix)) if a not in taken | {network.gateway}
        )
        chosen = next(free) if address is None else address
        return Endpoint(
            network=network,
            address=chosen,
            mac=self.new_mac(chosen),
            veth=self.new_veth(),
            device=f"eth{len(container.endpoints)}",
        )

    # --- containers -------------------------------------------------------------------------------------------

    def find(self, word: str) -> Container | None:
        """A container by name, or by the beginning of its id."""
        named = next((c for c in self.containers if c.name == word.removeprefix("/")), None)
        return named or next((c for c in self.containers if word and c.id.startswith(word)), None)


_LEFT: Final = (
    "agile",
    "bold",
    "calm",
    "deft",
    "eager",
    "frank",
    "gentle",
    "humble",
    "keen",
    "lucid",
    "merry",
    "neat",
)
_RIGHT: Final = (
    "baran",
    "cerf",
    "clark",
    "davies",
    "floyd",
    "jacobson",
    "kahn",
    "mockapetris",
    "perlman",
    "postel",
)


def read_settings(process: Process, given: dict[str, Any] | None = None) -> Settings:
    """The settings of ``daemon.json``, and over them those given on dockerd's command line."""
    found: dict[str, Any] = {}
    text = process.host.files.texts.get(CONFIGURATION, "")
    if text.strip():
        try:
            found = json.loads(text)
        except ValueError as error:
            process.refuse("", f"{CONFIGURATION}: not JSON: {error}", expected='{"bip": "192.168.0.1/20"}')
    found |= given or {}
    values: dict[str, Any] = {}
    for key, value in found.items():
        if key in ("bip", "userland-proxy", "icc"):
            values[key.replace("-", "_")] = value
        elif key not in _WITHOUT_EFFECT:
            process.refuse(
                "", f"docker: the setting {key} is not modelled", expected="bip, userland-proxy, icc"
            )
    return Settings(**values)

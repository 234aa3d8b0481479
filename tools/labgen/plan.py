"""What the parts of a random lab share while it is drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

GATEWAY = "10.1.0.254"
UPLINK = "10.1.0.1"
OUTSIDE = "198.51.100.9"
# Neighbours that are not confirmed are asked again only after a minute, so no lab is long enough for it.
PATIENT = "sysctl -qw net.ipv4.neigh.{}.delay_first_probe_time=60"


@dataclass(slots=True)
class Host:
    """A namespace with one address, reached by a bridge port or by the host's eth0."""

    name: str
    address: str
    bridge: str
    port: str

    @property
    def port_mac(self) -> str:
        """The address of its bridge port, from the port's two numbers."""
        return f"02:99:00:00:0{self.port[1]}:0{self.port[2]}"

    @property
    def mac(self) -> str:
        """The address of its own device."""
        return f"02:42:ac:{20 + int(self.port[1]):02x}:00:0{self.port[2]}"


@dataclass(slots=True)
class Plan:
    """What a lab is made of while it is drawn."""

    rng: random.Random
    lines: list[str] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    bridges: dict[str, str] = field(default_factory=dict)
    chains: list[str] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    far: str = ""
    events: bool = False

    def say(self, line: str) -> None:
        self.lines.append(line)

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def quiet(self, name: str) -> None:
        """A namespace without IPv6, its loopback up."""
        self.say(f"ip netns add {name}")
        self.say(
            f"ip netns exec {name} sysctl -qw "
            "net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1"
        )
        self.say(f"ip -n {name} link set lo up")

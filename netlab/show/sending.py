"""Send one packet in a lab and see its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from netlab.errors import InputError
from netlab.kernel.journeys import SimulatedJourney, journeys_of
from netlab.lab.host import Lab
from netlab.show.hops import hop_table
from netlab.show.packetmap import packet_map
from netlab.show.words import count, printable
from netlab.wire import ip

if TYPE_CHECKING:
    from netlab.kernel.world import World
    from netlab.show.graph import Graph
    from netlab.show.table import Table

PROTOCOLS: Final = ("icmp", "udp", "tcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of a packet: the command that sent it, what that printed, and the packets it set off on the host."""

    command: str
    output: str
    journeys: tuple[SimulatedJourney, ...]
    world: World

    @property
    def text(self) -> str:
        """The command, its output, and a line a packet."""
        lines = [
            f"$ {self.command}",
            *self.output.splitlines(),
            count(len(self.journeys), "packet") + " on the host",
        ]
        lines += [f"  {j.number}. {j.title}: {j.direction}" + (f"; {j.outcome}" if j.outcome else "") for j in
                  self.journeys]  # fmt: skip
        return printable("\n".join(lines))

    def __repr__(self) -> str:
        return self.text

    def map(self, number: int = 1) -> Graph:
        """The way of one of the packets on the packet map."""
        return packet_map(self.journey(number), kernel=self.world.release.name)

    def hops(self, number: int = 1) -> Table:
        """The hops of one of the packets."""
        return hop_table(self.journey(number))

    def journey(self, number: int = 1) -> SimulatedJourney:
        """One of the packets, counted from 1. Raises InputError if there is no such packet."""
        if not 1 <= number <= len(self.journeys):
            there = f"1 to {len(self.journeys)}" if self.journeys else "none: no packet reached the host"
            raise InputError(f"there is no packet {number}", source="packet", expected=there)
        return self.journeys[number - 1]


def send_packet(
    setup: str,
    source: str,
    destination: str,
    *,
    protocol: str = "icmp",
    port: int = 80,
    kernel: str = "6.1",
) -> Sent:
    """Run a lab script on a fresh host, then send from ``source`` (``host`` or a namespace) to an address.

    ``protocol`` is icmp (one ping), udp (one datagram) or tcp (one attempt to connect); ``port`` matters to the last
    two. Raises InputError for an address, port, protocol, namespace or kernel that is none.

    >>> sent = send_packet("ip addr add 10.0.0.1/32 dev lo", "host", "10.0.0.1")
    >>> [journey.title for journey in sent.journeys]
    ['ICMP echo request 10.0.0.1 > 10.0.0.1', 'ICMP echo reply 10.0.0.1 > 10.0.0.1']
    """
    command = command_for(source, destination, protocol=protocol, port=port)
    lab = Lab(kernel)
    made = lab.run(setup, source="setup")
    if source not in made.world.netns:
        raise InputError(
            f"there is no namespace {source!r}", expected=f"one of {', '.join(made.world.netns)}"
        )
    done = lab.run(command, source="packet")
    return Sent(command=command, output=done.output, journeys=journeys_of(done.steps), world=done.world)


def command_for(source: str, destination: str, *, protocol: str = "icmp", port: int = 80) -> str:
    """The command line that sends the packet.

    >>> command_for("c2", "192.168.0.3", protocol="udp", port=53)
    'echo hello | ip netns exec c2 nc -u -w 1 192.168.0.3 53'
    """
    if protocol not in PROTOCOLS:
        raise InputError(
            f"cannot send {protocol!r}", source="protocol", expected=f"one of {', '.join(PROTOCOLS)}"
        )
    try:
        ip(destination)
    except ValueError as error:
        raise InputError(
            str(error), source="destination", expected="an IPv4 address such as 192.168.0.3"
        ) from None
    if not 0 < port < 65536:
        raise InputError(f"{port} is not a port", source="port", expected="a number from 1 to 65535")
    if not source or not all(c.isalnum() or c in "-_." for c in source):
        raise InputError(f"{source!r} is not the name of a namespace", source="source")
    inside = "" if source == "host" else f"ip netns exec {source} "
    if protocol == "icmp":
        return f"{inside}ping -c 1 -W 1 {destination}"
    if protocol == "udp":
        return f"echo hello | {inside}nc -u -w 1 {destination} {port}"
    return f"{inside}nc -z -w 1 {destination} {port}"


@lru_cache(64)
def namespaces_of(setup: str, kernel: str = "6.1") -> tuple[str, ...]:
    """The namespaces that a lab script leaves, the host first."""
    return tuple(Lab(kernel).run(setup, source="setup").world.netns)

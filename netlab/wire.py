"""Packets as values: Ethernet, ARP, IPv4, ICMP, UDP and TCP, frozen, with the lengths they have on the wire.

Addresses are what is quickest to compare: IPv4 addresses are ints (``ip("10.0.0.1")`` and ``ip_text``
convert), MAC addresses are lower-case strings with two digits a byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias

BROADCAST: Final = "ff:ff:ff:ff:ff:ff"
ETH_IPV4: Final = 0x0800
ETH_ARP: Final = 0x0806
ICMP: Final = 1
IGMP: Final = 2
TCP: Final = 6
UDP: Final = 17
UDPLITE: Final = 136

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << n for n in range(8))


@lru_cache(65536)
def ip(text: str) -> int:
    """An IPv4 address as a number; raises ValueError for anything but four decimal bytes.

    >>> ip("192.168.0.2")
    3232235522
    """
    parts = text.split(".")
    if len(parts) != 4 or not all(p.isascii() and p.isdigit() and int(p) < 256 for p in parts):
        raise ValueError(f"not an IPv4 address: {text!r}")
    a, b, c, d = map(int, parts)
    return a << 24 | b << 16 | c << 8 | d


@lru_cache(65536)
def ip_text(number: int) -> str:
    """A number as a dotted IPv4 address.

    >>> ip_text(3232235522)
    '192.168.0.2'
    """
    return f"{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def mask_of(prefix: int) -> int:
    """The netmask of a prefix length as a number.

    >>> ip_text(mask_of(20))
    '255.255.240.0'
    """
    return (0xFFFFFFFF << (32 - prefix)) & 0xFFFFFFFF


@lru_cache(65536)
def mac_int(mac: str) -> int:
    """A MAC address as a 48-bit number."""
    return int(mac.replace(":", ""), 16)


def mac_text(number: int) -> str:
    """A 48-bit number as a MAC address.

    >>> mac_text(0x0242C0A80002)
    '02:42:c0:a8:00:02'
    """
    return ":".join(f"{number >> shift & 255:02x}" for shift in range(40, -8, -8))


@lru_cache(65536)
def is_multicast_mac(mac: str) -> bool:
    """True for group addresses: multicast and broadcast (the lowest bit of the first byte)."""
    return bool(int(mac[:2], 16) & 1)


@dataclass(frozen=True, slots=True)
class Ethernet:
    """An Ethernet header: destination, source, ethertype."""

    dst: str
    src: str
    proto: int


@dataclass(frozen=True, slots=True)
class Arp:
    """An ARP packet for IPv4 over Ethernet; ``op`` 1 asks, 2 answers. 28 bytes."""

    op: int
    sender_mac: str
    sender_ip: int
    target_mac: str
    target_ip: int

    @property
    def length(self) -> int:
        return 28


@dataclass(frozen=True, slots=True)
class Icmp:
    """An ICMP message.

    ``rest`` is the second word: id and sequence for queries, the MTU for 3/4, the gateway for 5.
    Errors quote ``quoted`` bytes of ``inner``, the packet they complain about.
    """

    type: int
    code: int
    rest: int = 0
    data: bytes = b""
    inner: Ipv4 | None = None
    quoted: int = 0

    @property
    def id(self) -> int:
        return self.rest >> 16

    @property
    def seq(self) -> int:
        return self.rest & 0xFFFF

    @property
    def length(self) -> int:
        return 8 + (self.quoted if self.inner is not None else len(self.data))


@dataclass(frozen=True, slots=True)
class Udp:
    """A UDP datagram. ``total`` is the header's length field where data is cut off (a first fragment)."""

    sport: int
    dport: int
    data: bytes = b""
    total: int | None = None

    def between(self, sport: int, dport: int) -> Udp:
        """The same datagram with other ports."""
        return Udp(sport, dport, self.data, self.total)

    @property
    def length(self) -> int:
        return 8 + len(self.data)


@dataclass(frozen=True, slots=True)
class Tcp:
    """A TCP segment. ``flags`` are the FIN..CWR bits; ``options`` raw, padded to four bytes."""

    sport: int
    dport: int
    seq: int = 0
    ack: int = 0
    flags: int = 0
    window: int = 64240
    options: bytes = b""
    data: bytes = b""
    urgp: int = 0
    res: int = 0

    def between(self, sport: int, dport: int) -> Tcp:
        """The same segment with other ports."""
        return replace(self, sport=sport, dport=dport)

    @property
    def length(self) -> int:
        return 20 + len(self.options) + len(self.data)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes after the IP header that are not interpreted: other protocols, and later fragments."""

    data: bytes = b""

    @property
    def length(self) -> int:
        return len(self.data)


L4: TypeAlias = Icmp | Udp | Tcp | Raw


@dataclass(frozen=True, slots=True)
class Ipv4:
    """An IPv4 packet. ``frag`` is the fragment offset in units of eight bytes.

    >>> Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), ICMP, Icmp(8, 0, 1, bytes(56))).length
    84
    """

    src: int
    dst: int
    proto: int
    l4: L4
    ttl: int = 64
    id: int = 0
    tos: int = 0
    df: bool = False
    mf: bool = False
    frag: int = 0
    options: bytes = b""

    @property
    def header(self) -> int:
        """Header bytes, options included."""
        return 20 + len(self.options)

    def forwarded(self) -> Ipv4:
        """The same packet with one hop less to live."""
        return self._with(self.src, self.dst, self.l4, self.ttl - 1)

    def translated(self, src: int, dst: int, l4: L4) -> Ipv4:
        """The same packet from and to other addresses, and with another payload."""
        return self._with(src, dst, l4, self.ttl)

    def _with(self, src: int, dst: int, l4: L4, ttl: int) -> Ipv4:
        # dataclasses.replace takes three times as long, and every router's packet comes by here
        return Ipv4(
            src,
            dst,
            self.proto,
            l4,
            ttl,
            self.id,
            self.tos,
            self.df,
            self.mf,
            self.frag,
            self.options,
        )

    @property
    def length(self) -> int:
        """The total-length field: header and payload, in bytes."""
        return self.header + self.l4.length

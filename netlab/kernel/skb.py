"""The packet in flight: ``Skb`` carries what the kernel's ``sk_buff`` carries and the log can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netlab.wire import ETH_IPV4, Arp, Ethernet, Ipv4, Tcp

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack
    from netlab.kernel.device import Device

# pkt_type, from include/uapi/linux/if_packet.h
HOST = "host"
BROADCAST = "broadcast"
MULTICAST = "multicast"
OTHERHOST = "otherhost"
OUTGOING = "outgoing"
LOOPBACK = "loopback"

# ctinfo, from include/uapi/linux/netfilter/nf_conntrack_common.h
CT_ESTABLISHED = 0
CT_RELATED = 1
CT_NEW = 2
CT_ESTABLISHED_REPLY = 3
CT_RELATED_REPLY = 4
CT_UNTRACKED = 7


@dataclass(slots=True)
class BridgeInfo:
    """What br_netfilter attaches to a bridged frame (struct nf_bridge_info)."""

    physin: Device
    physout: Device | None = None
    orig_dst: int = 0
    orig_otherhost: bool = False
    in_prerouting: bool = True
    frag_max: int = 0
    sabotage_done: bool = False

    def copy(self) -> BridgeInfo:
        return BridgeInfo(
            self.physin,
            self.physout,
            self.orig_dst,
            self.orig_otherhost,
            self.in_prerouting,
            self.frag_max,
            self.sabotage_done,
        )


class Skb:
    """One packet (or ARP frame) with its metadata.

    ``ip`` and ``eth`` are frozen values: a change replaces them, so a step or a log line may keep a reference.
    ``journey`` numbers the packet: copies of a flood share it, replies and errors get their own.
    """

    __slots__ = (
        "arp",
        "br",
        "clamp_mtu",
        "ct",
        "ctinfo",
        "dev",
        "dnat_source",
        "eth",
        "frag_max",
        "gso_size",
        "ignore_df",
        "ip",
        "journey",
        "mark",
        "pkt_type",
        "proto",
        "redirect",
        "route",
        "sk",
        "trace",
    )

    def __init__(
        self,
        ip: Ipv4 | None = None,
        *,
        arp: Arp | None = None,
        eth: Ethernet | None = None,
        proto: int = ETH_IPV4,
        dev: Device | None = None,
        journey: int = 0,
        sk: Any = None,
        mark: int = 0,
    ) -> None:
        self.ip = ip
        self.arp = arp
        self.eth = eth
        self.proto = proto
        self.dev = dev
        self.pkt_type = HOST
        self.mark = mark
        self.trace = False
        self.ct: Conntrack | None = None
        self.ctinfo: int | None = None
        self.sk = sk
        self.br: BridgeInfo | None = None
        self.route: Any = None
        self.journey = journey
        self.redirect = False
        self.frag_max = 0
        self.ignore_df = False
        self.gso_size = 0
        self.clamp_mtu = 0
        self.dnat_source: tuple[Any, str] | None = None

    @property
    def packet(self) -> Ipv4:
        """The IPv4 packet; only for code that runs where there must be one."""
        assert self.ip is not None
        return self.ip

    def clone(self) -> Skb:
        """A copy as ``skb_clone`` makes it: everything shared, bridge info its own."""
        new = Skb.__new__(Skb)
        for name in Skb.__slots__:
            setattr(new, name, getattr(self, name))
        if self.br is not None:
            new.br = self.br.copy()
        return new

    def scrub(self, *, other_netns: bool) -> None:
        """What a veth pair takes away (``skb_scrub_packet``): bridge info, conntrack, trace; the mark in another netns."""
        self.br = None
        self.ct = None
        self.ctinfo = None
        self.trace = False
        self.route = None
        self.redirect = False
        self.frag_max = 0
        self.ignore_df = False
        if other_netns:
            self.mark = 0
            self.sk = None

    @property
    def largest(self) -> int:
        """Bytes of the largest packet that leaves: TCP data longer than ``gso_size`` is cut by the last device (GSO)."""
        if self.gso_size and self.ip is not None and isinstance(self.ip.l4, Tcp):
            return min(self.length, self.length - len(self.ip.l4.data) + self.gso_size)
        return self.length

    @property
    def length(self) -> int:
        """Bytes from the network header on."""
        if self.ip is not None:
            return self.ip.length
        return 28 if self.arp is not None else 0

"""Network devices: loopback, dummy, veth pairs; the bridge device is in ``bridge``.

A device transmits by putting the frame at the tail of the world's FIFO for whoever receives it.
Sources: net/core/dev.c, drivers/net/veth.c, drivers/net/loopback.c, net/ipv4/devinet.c, net/ipv4/fib_frontend.c.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel import nat
from netlab.kernel.address import SCOPE_HOST, Address
from netlab.kernel.ipv6 import Announcer
from netlab.kernel.skb import BROADCAST as PKT_BROADCAST
from netlab.kernel.skb import HOST, MULTICAST, OTHERHOST, Skb
from netlab.kernel.steps import Dropped, Received, Transmitted
from netlab.wire import BROADCAST, ETH_ARP, ETH_IPV4, Ethernet, ip, is_multicast_mac

if TYPE_CHECKING:
    from netlab.kernel.bridge import Bridge, Port
    from netlab.kernel.netns import Netns

VLAN_TAG: Final = 4


class Device:
    """What all devices share. ``kind`` is the word ``ip link add type`` uses."""

    kind = "device"
    has_header = True
    noarp = False

    def __init__(self, ns: Netns, name: str, mac: str, *, mtu: int = 1500) -> None:
        self.ns = ns
        self.name = name
        self.mac = mac
        self.mtu = mtu
        self.ifindex = ns.next_ifindex()
        self.up = False
        self.addresses: list[Address] = []
        self.port: Port | None = None
        self.bridge: Bridge | None = None
        self.rx_packets = self.rx_octets = self.tx_packets = self.tx_octets = 0
        self.rx_dropped = self.tx_dropped = 0
        self.rx_multicast = 0
        """Multicast frames that came to a bridge; veth, dummy and loopback do not count theirs."""
        self.mac_was_set = False
        self.first_up: float | None = None
        """When it was set up for the first time in its namespace: before, it has no queue."""
        self.promiscuous = False
        self.announcer = Announcer(self)
        ns.devices[name] = self
        ns.sysctl.add_device(name)

    def __repr__(self) -> str:
        return f"{self.kind} {self.name} in {self.ns.name}"

    # --- state ------------------------------------------------------------------------------------------------

    @property
    def carrier(self) -> bool:
        """Whether the link is there at all (the other end of a veth is up, a bridge has a live port)."""
        return self.up

    @property
    def running(self) -> bool:
        return self.up and self.carrier

    def set_up(self) -> None:
        """``ip link set DEV up``."""
        if self.up:
            return
        self.up = True
        if self.first_up is None:
            self.first_up = self.ns.world.now
        for address in self.addresses:
            self.ns.fib.address_added(self, address)
        self.link_changed()

    def set_down(self) -> None:
        """``ip link set DEV down``: routes through it go, its neighbours go, masqueraded connections go."""
        if not self.up:
            return
        self.up = False
        self.announcer.stop()
        self.ns.fib.device_down(self)
        self.ns.neighbours.device_down(self)
        nat.masq_inet_event(self.ns, self, None)
        self.link_changed()

    def link_changed(self) -> None:
        """The carrier may have changed: the bridge above hears of it."""
        if self.port is not None:
            self.port.link_changed()
        if self.running:
            self.announcer.link_ready()
        elif self.up:
            self.ns.neighbours.carrier_down(self)

    def heard_by(self) -> tuple[Port, ...]:
        """The bridge ports at the other end of the link, which hear what this device sends."""
        return ()

    def rename(self, name: str) -> None:
        """``ip link set DEV name NAME``."""
        devices = self.ns.devices
        del devices[self.name]
        self.ns.sysctl.remove_device(self.name)
        self.name = name
        devices[name] = self
        self.ns.sysctl.add_device(name)

    def set_mac(self, mac: str) -> None:
        """``ip link set DEV address MAC``."""
        old, self.mac, self.mac_was_set = self.mac, mac, True
        if self.port is not None:
            self.port.bridge.port_mac_changed(self.port, old)
        self.ns.neighbours.device_changed(self)

    def delete(self) -> None:
        """``ip link del DEV``."""
        self.set_down()
        if self.port is not None:
            self.port.bridge.remove_port(self)
        while self.addresses:
            self.remove_address(self.addresses[0])
        self.ns.fib.device_gone(self)
        self.ns.neighbours.device_gone(self)
        self.ns.devices.pop(self.name, None)
        self.ns.sysctl.remove_device(self.name)

    def move(self, ns: Netns) -> None:
        """``ip link set DEV netns NS``: everything configured on it is lost."""
        self.set_down()
        if self.port is not None:
            self.port.bridge.remove_port(self)
        while self.addresses:
            self.remove_address(self.addresses[0])
        self.ns.fib.device_gone(self)
        self.ns.neighbours.device_gone(self)
        del self.ns.devices[self.name]
        self.ns.sysctl.remove_device(self.name)
        self.ns = ns
        self.first_up = None
        taken = {d.ifindex for d in ns.devices.values()}
        if self.ifindex in taken:
            self.ifindex = ns.next_ifindex()
        ns.devices[self.name] = self
        ns.sysctl.add_device(self.name)

    # --- addresses --------------------------------------------------------------------------------------------

    def add_address(self, address: Address) -> Address:
        """``ip addr add``: a second address of the same subnet is secondary (inet_insert_ifa)."""
        if any(
            a.prefix == address.prefix and a.covers(address.ip) for a in self.addresses if not a.secondary
        ):
            address = replace(address, secondary=True)
        self.addresses.append(address)
        self.ns.fib.address_added(self, address)
        return address

    def remove_address(self, address: Address) -> None:
        """``ip addr del``: secondaries of the same subnet go with their primary (promote_secondaries=0)."""
        gone = [address]
        if not address.secondary:
            gone += [
                a
                for a in self.addresses
                if a.secondary and a.prefix == address.prefix and address.covers(a.ip)
            ]
        for one in reversed(gone):
            self.addresses.remove(one)
            self.ns.fib.address_removed(self, one)
            nat.masq_inet_event(self.ns, self, one.ip)
        if not self.addresses:
            # The last address went: IP is off on this device (fib_inetaddr_event).
            self.ns.fib.device_gone(self)
            self.ns.neighbours.device_down(self)

    # --- frames -----------------------------------------------------------------------------------------------

    def header(self, skb: Skb, dst: str, src: str | None = None) -> None:
        """Write the Ethernet header (eth_header)."""
        skb.eth = Ethernet(dst, src or self.mac, skb.proto)

    def transmit(self, skb: Skb) -> bool:
        """dev_queue_xmit: hand a frame to the device. False if its driver drops it, which a program may hear of."""
        skb.dev = self
        if not self.up:
            self.drop(skb, f"{self.name} is down")
            return True
        octets = skb.length + 14 * self.has_header
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                Transmitted(world.now, self.ns.name, skb.journey, self.name, skb.eth, skb.ip or skb.arp)
            )
        # Without a carrier the queue throws away what it is given, and no counter moves (noop_qdisc).
        counted = self.carrier
        taken = self.xmit(skb)
        if not taken:
            self.tx_dropped += 1
        elif counted:
            self.tx_packets += 1
            self.tx_octets += octets
        return taken

    def xmit(self, skb: Skb) -> bool:
        """The driver's own part of transmitting; False for NET_XMIT_DROP."""
        raise NotImplementedError

    def drop(self, skb: Skb, reason: str) -> None:
        """Say why a frame ends here."""
        world = self.ns.world
        if world.record_steps:
            world.steps.append(Dropped(world.now, self.ns.name, skb.journey, self.name, reason))

    def forwardable(self, skb: Skb) -> bool:
        """Whether a frame is short enough to be handed to this device (__is_skb_forwardable: room for a VLAN tag).

        What the device cuts itself (GSO) is not measured.
        """
        return self.up and (skb.gso_size > 0 or skb.length <= self.mtu + VLAN_TAG)

    def eth_type_trans(self, skb: Skb) -> None:
        """Set the packet type by the destination address (eth_type_trans)."""
        assert skb.eth is not None
        dst = skb.eth.dst
        if dst == self.mac:
            skb.pkt_type = HOST
        elif dst == BROADCAST:
            skb.pkt_type = PKT_BROADCAST
        elif is_multicast_mac(dst):
            skb.pkt_type = MULTICAST
        else:
            skb.pkt_type = OTHERHOST

    def receive(self, skb: Skb) -> None:
        """netif_receive_skb: a bridge port's frames go to the bridge, others to the protocol."""
        if not self.up:
            self.drop(skb, f"{self.name} is down")
            return
        self.rx_packets += 1
        self.rx_octets += skb.length
        self.netif_receive(skb)

    def netif_receive(self, skb: Skb) -> None:
        """Take a frame that no driver counted, as the host's own copy of a broadcast is (dev_loopback_xmit)."""
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                Received(world.now, self.ns.name, skb.journey, self.name, skb.eth, skb.ip or skb.arp)
            )
        if self.port is not None and self.port.receive(skb):
            return
        self.deliver(skb)

    def deliver(self, skb: Skb) -> None:
        """Give a frame to the protocol of its ethertype."""
        if skb.proto == ETH_IPV4:
            from netlab.kernel import ip as ip_stack

            ip_stack.receive(skb)
        elif skb.proto == ETH_ARP:
            from netlab.kernel import arp

            arp.receive(self.ns, skb)
        else:
            self.drop(skb, f"no handler for ethertype 0x{skb.proto:04x}")


class Loopback(Device):
    """``lo``: what is sent comes back, with its conntrack entry, its route and its trace bit."""

    kind = "loopback"
    noarp = True

    def __init__(self, ns: Netns) -> None:
        super().__init__(ns, "lo", "00:00:00:00:00:00", mtu=65536)

    def set_up(self) -> None:
        if not self.up and not self.addresses:
            self.addresses.append(Address(ip("127.0.0.1"), 8, scope=SCOPE_HOST, label="lo"))
        super().set_up()

    def xmit(self, skb: Skb) -> bool:
        skb.sk = None
        skb.eth = Ethernet(self.mac, self.mac, skb.proto)
        skb.pkt_type = HOST
        self.ns.world.enqueue(lambda: self.receive(skb))
        return True


class Dummy(Device):
    """A device whose frames go nowhere."""

    kind = "dummy"
    noarp = True

    def __init__(self, ns: Netns, name: str, mac: str | None = None) -> None:
        super().__init__(ns, name, mac or ns.world.random_mac())

    def xmit(self, skb: Skb) -> bool:
        self.drop(skb, f"{self.name} is a dummy: every frame sent to it vanishes")
        return True


class Veth(Device):
    """One end of a pair: what one sends, the other receives, stripped of all that belongs to this side."""

    kind = "veth"

    def __init__(self, ns: Netns, name: str, mac: str | None = None) -> None:
        super().__init__(ns, name, mac or ns.world.random_mac())
        self.peer: Veth | None = None

    @staticmethod
    def pair(
        ns: Netns,
        name: str,
        peer_ns: Netns,
        peer_name: str,
        mac: str | None = None,
        peer_mac: str | None = None,
    ) -> tuple[Veth, Veth]:
        """``ip link add NAME type veth peer name PEER``: the kernel makes the peer first (veth_newlink)."""
        peer = Veth(peer_ns, peer_name, peer_mac)
        one = Veth(ns, name, mac)
        one.peer, peer.peer = peer, one
        return one, peer

    @property
    def carrier(self) -> bool:
        return self.peer is not None and self.peer.up and self.up

    def link_changed(self) -> None:
        super().link_changed()
        if self.peer is not None:
            Device.link_changed(self.peer)

    def heard_by(self) -> tuple[Port, ...]:
        return (self.peer.port,) if self.peer is not None and self.peer.port is not None else ()

    def delete(self) -> None:
        peer, self.peer = self.peer, None
        super().delete()
        if peer is not None and peer.peer is not None:
            peer.peer = None
            peer.delete()

    def xmit(self, skb: Skb) -> bool:
        peer = self.peer
        if peer is None or not peer.up:
            self.drop(skb, f"the other end of {self.name} is down")
            return True
        if not peer.forwardable(skb):
            self.drop(skb, f"{skb.length} bytes do not fit the MTU {peer.mtu} of the other end, {peer.name}")
            peer.rx_dropped += 1
            return False
        skb.scrub(other_netns=peer.ns is not self.ns)
        skb.dev = peer
        peer.eth_type_trans(skb)
        self.ns.world.enqueue(lambda: peer.receive(skb))
        return True

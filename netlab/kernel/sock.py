"""Sockets: what programs in a namespace send and receive. Raw ICMP (ping) and UDP; TCP is in ``tcp``.

Sources: net/ipv4/raw.c, udp.c, af_inet.c (6.1).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel import fragment, icmp, ip, route
from netlab.kernel.skb import HOST, Skb
from netlab.wire import ICMP, TCP, UDP, Icmp, Ipv4, Tcp, Udp

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

EPHEMERAL: Final = (32768, 60999)

# icmp_err_convert (net/ipv4/icmp.c): destination unreachable codes as errno.
UNREACHABLE_ERRNO: Final = {
    0: "ENETUNREACH",
    1: "EHOSTUNREACH",
    2: "ENOPROTOOPT",
    3: "ECONNREFUSED",
    4: "EMSGSIZE",
    5: "EOPNOTSUPP",
    6: "ENETUNREACH",
    7: "EHOSTDOWN",
    8: "ENONET",
    9: "ENETUNREACH",
    10: "EHOSTUNREACH",
    11: "ENETUNREACH",
    12: "EHOSTUNREACH",
    13: "EHOSTUNREACH",
    14: "EHOSTUNREACH",
    15: "EHOSTUNREACH",
}
# The codes that a connected UDP socket's next call tells (the table's fatal ones; with path MTU discovery on,
# "fragmentation needed" as well: __udp4_lib_err).
UDP_ERRORS: Final = frozenset({2, 3, 4, 6, 7, 8, 9, 10, 13, 14, 15})


@dataclass(frozen=True, slots=True)
class Datagram:
    """Something a socket received: when, the packet as the program sees it, and by which device."""

    time: float
    packet: Ipv4
    dev: str


class Socket:
    """What all sockets share. ``owned`` is False for what the kernel made, and after close."""

    told_of_loss = False
    """Whether its program asked for errors (IP_RECVERR) and so hears that a driver dropped what it sent."""

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        self.ns = ns
        self.uid = uid
        self.gid = gid
        self.owned = True
        self.ttl: int | None = None
        self.tos = 0
        self.mark = 0
        self.source = 0
        self.device: Device | None = None
        # Held by its program, which is just sending (sock_owned_by_user).
        self.in_use = False

    def close(self) -> None:
        """The program lets go."""
        self.owned = False

    def _lookup(self, dst: int, src: int = 0) -> route.Decision:
        return route.output_lookup(self.ns, dst, src or self.source, oif=self.device, mark=self.mark)

    def _send(
        self, packet: Ipv4, decision: route.Decision, *, confirm: bool = False, gso_size: int = 0
    ) -> str:
        """Send from a program; returns an errno name or ""."""
        skb = Skb(packet, journey=self.ns.world.new_journey(), sk=self, mark=self.mark)
        skb.route = decision
        skb.gso_size = gso_size
        if confirm and decision.dev is not None and not decision.local:
            neighbour = self.ns.neighbours.find(decision.dev, decision.gateway or packet.dst)
            if neighbour is not None:
                neighbour.confirm()
        route.record(self.ns, skb, decision)
        self.in_use = not self.ns.world.in_softirq
        error = ip.local_out(self.ns, skb)
        self.ns.world.softirq()
        self.in_use = False
        return "" if error == "ENOBUFS" and not self.told_of_loss else error


class RawSocket(Socket):
    """A raw socket for a protocol: it sees every packet of it that the host receives (raw_local_deliver)."""

    def __init__(self, ns: Netns, proto: int, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, uid=uid, gid=gid)
        self.proto = proto
        self.queue: deque[Datagram] = deque()
        self.broadcast = False
        self.pmtu_discovery = "want"
        self.bound = 0
        ns.sockets.raw.append(self)

    def bind(self, address: int) -> str:
        """Receive only what is sent to an address, and send from it unless many share it (raw_bind).

        Returns EADDRNOTAVAIL or "".
        """
        kind = route.address_type(self.ns, address)
        if kind not in ("LOCAL", "BROADCAST", "MULTICAST"):
            return "EADDRNOTAVAIL"
        self.bound, self.source = address, address if kind == "LOCAL" else 0
        return ""

    def send(self, dst: int, message: Icmp | Tcp, *, confirm: bool = False) -> str:
        """Send a message; returns an errno name (EACCES for a broadcast without leave, EMSGSIZE, ...) or ""."""
        decision = self._lookup(dst)
        if decision.error:
            return decision.error
        if decision.kind == "broadcast" and not self.broadcast:
            return "EACCES"
        length = 20 + message.length
        if self.pmtu_discovery == "probe":
            decision.path_mtu = 0  # what was learnt is not asked (ip_sk_use_pmtu)
        if length > (decision.mtu if self.pmtu_discovery in ("do", "probe") else 0xFFFF):
            return "EMSGSIZE"
        df = self.pmtu_discovery in ("do", "probe") or (
            self.pmtu_discovery == "want" and length <= decision.mtu and not decision.mtu_locked
        )
        ttl = self.ttl
        if ttl is None and decision.kind == "multicast":
            ttl = 1
        packet = ip.build(
            self.ns, self.source or decision.source, dst, self.proto, message, ttl=ttl, tos=self.tos, df=df
        )
        return self._send(packet, decision, confirm=confirm)

    def close(self) -> None:
        super().close()
        if self in self.ns.sockets.raw:
            self.ns.sockets.raw.remove(self)


class IcmpSocket(RawSocket):
    """A raw ICMP socket, as ping opens it."""

    told_of_loss = True

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, ICMP, uid=uid, gid=gid)


class UdpSocket(Socket):
    """A UDP socket. ``error`` is what the next call would return (ECONNREFUSED after a port unreachable)."""

    def __init__(self, ns: Netns, *, uid: int = 0, gid: int = 0) -> None:
        super().__init__(ns, uid=uid, gid=gid)
        self.port = 0
        self.peer: tuple[int, int] | None = None
        self.queue: deque[Datagram] = deque()
        self.error = ""
        self.broadcast = False
        self.pmtu_discovery = "want"

    def bind(self, address: int, port: int) -> str:
        """Take an address and a port (0: any); returns EADDRINUSE, EADDRNOTAVAIL or ""."""
        if address and route.address_type(self.ns, address) not in ("LOCAL", "BROADCAST", "MULTICAST"):
            return "EADDRNOTAVAIL"
        table = self.ns.sockets
        if port == 0:
            port = table.free_port(UDP)
        elif any(s.port == port and (not s.source or not address or s.source == address) for s in table.udp):
            return "EADDRINUSE"
        self.source, self.port = address, port
        table.udp.append(self)
        return ""

    def connect(self, address: int, port: int) -> str:
        """Fix the peer; only datagrams from it are received, and its errors are heard."""
        decision = self._lookup(address)
        if decision.error:
            return decision.error
        if decision.kind == "broadcast" and not self.broadcast:
            return "EACCES"
        if not self.port and (error := self.bind(0, 0)):
            return error
        if not self.source:
            self.source = decision.source
        self.peer = (address, port)
        return ""

    def send(self, data: bytes, to: tuple[int, int] | None = None) -> str:
        """Send a datagram to the peer (or to ``to``); returns an errno name or ""."""
        if self.error:
            error, self.error = self.error, ""
            return error
        target = to or self.peer
        if target is None:
            return "EDESTADDRREQ"
        decision = self._lookup(target[0])
        if decision.error:
            return decision.error
        if decision.kind == "broadcast" and not self.broadcast:
            return "EACCES"
        if not self.port and (error := self.bind(0, 0)):
            return error
        message = Udp(self.port, target[1], data)
        length = 20 + message.length
        if self.pmtu_discovery == "probe":
            decision.path_mtu = 0  # what was learnt is not asked (ip_sk_use_pmtu)
        if length > decision.mtu and self.pmtu_discovery in ("do", "probe"):
            return "EMSGSIZE"
        df = self.pmtu_discovery in ("do", "probe") or (
            self.pmtu_discovery == "want" and length <= decision.mtu and not decision.mtu_locked
        )
        ttl = 1 if self.ttl is None and decision.kind == "multicast" else self.ttl
        packet = ip.build(
            self.ns,
            self.source or decision.source,
            target[0],
            UDP,
            message,
            ttl=ttl,
            tos=self.tos,
            df=df,
        )
        return self._send(packet, decision)

    def matches(self, packet: Ipv4, udp: Udp) -> int:
        """How well a datagram fits this socket; -1 for not at all (compute_score)."""
        if self.port != udp.dport or (self.source and self.source != packet.dst):
            return -1
        score = 2 * bool(self.source)
        if self.peer is not None:
            if self.peer != (packet.src, udp.sport):
                return -1
            score += 8
        return score

    def close(self) -> None:
        super().close()
        if self in self.ns.sockets.udp:
            self.ns.sockets.udp.remove(self)


class SocketTable:
    """All sockets of a namespace, and what the stack answers where there is none."""

    def __init__(self, ns: Netns) -> None:
        from netlab.kernel.tcp import TcpTable

        self.ns = ns
        self.raw: list[RawSocket] = []
        self.udp: list[UdpSocket] = []
        self.tcp = TcpTable(ns)
        self.reassembly = fragment.Reassembly(ns)
        self._peers: dict[int, icmp.Peer] = {}

    def peer(self, address: int) -> icmp.Peer:
        """What is remembered of an address (inet_getpeer)."""
        peer = self._peers.get(address)
        if peer is None:
            # A new account starts full: it counts as last used a minute ago.
            peer = self._peers[address] = icmp.Peer(self.ns.world.now - 60.0)
        return peer

    def free_port(self, proto: int) -> int:
        """An unused ephemeral port."""
        used = {s.port for s in self.udp} if proto == UDP else self.tcp.used_ports()
        while (port := self.ns.world.rng.randint(*EPHEMERAL)) in used:
            pass
        return port

    def early_demux(self, packet: Ipv4) -> Socket | None:
        """The socket of an established or connected flow, found before INPUT (early demux)."""
        l4 = packet.l4
        if isinstance(l4, Tcp) and self.ns.sysctl["net.ipv4.tcp_early_demux"]:
            return self.tcp.established(packet, l4)
        if isinstance(l4, Udp) and self.ns.sysctl["net.ipv4.udp_early_demux"]:
            for sock in self.udp:
                if (
                    sock.peer == (packet.src, l4.sport)
                    and sock.port == l4.dport
                    and sock.source == packet.dst
                ):
                    return sock
        return None

    def receive(self, skb: Skb, dev: Device) -> None:
        """Give a packet that passed INPUT to its protocol (ip_protocol_deliver_rcu)."""
        packet = skb.packet
        l4 = packet.l4
        now = self.ns.world.now
        came_by = (skb.route.iif if skb.route is not None else None) or dev
        for sock in list(self.raw):
            ours = sock.proto == packet.proto and sock.bound in (0, packet.dst)
            if ours and (sock.device is None or sock.device is came_by):
                sock.queue.append(Datagram(now, packet, dev.name))
        if packet.proto == ICMP:
            icmp.receive(self.ns, skb, dev)
        elif isinstance(l4, Udp) and packet.proto == UDP:
            self._receive_udp(skb, l4, dev)
        elif isinstance(l4, Tcp) and packet.proto == TCP:
            if skb.pkt_type == HOST:
                self.tcp.receive(skb, l4)
        else:
            icmp.send_error(skb, 3, 2)
            ip.drop(self.ns, skb, "input", f"no handler for protocol {packet.proto}")

    def _receive_udp(self, skb: Skb, udp: Udp, dev: Device) -> None:
        packet = skb.packet
        datagram = Datagram(self.ns.world.now, packet, dev.name)
        many = skb.route is not None and skb.route.kind in ("broadcast", "multicast")
        if many:
            for sock in self.udp:
                if sock.port == udp.dport and sock.source in (0, packet.dst):
                    sock.queue.append(datagram)
            return
        best = max(self.udp, key=lambda s: s.matches(packet, udp), default=None)
        if best is None or best.matches(packet, udp) < 0:
            icmp.send_error(skb, 3, 3)
            ip.drop(self.ns, skb, "udp", f"nothing listens on port {udp.dport}")
            return
        best.queue.append(datagram)

    def error(self, message: Icmp) -> None:
        """An ICMP error about a packet of ours: tell the socket that sent it."""
        inner = message.inner
        assert inner is not None
        errno = UNREACHABLE_ERRNO.get(message.code, "") if message.type == 3 else ""
        if message.type == 11:
            errno = "EHOSTUNREACH"
        if not errno or message.type == 5:
            return
        l4 = inner.l4
        if isinstance(l4, Udp):
            for sock in self.udp:
                if sock.port == l4.sport and sock.peer == (inner.dst, l4.dport):
                    if message.type == 3 and message.code in UDP_ERRORS:
                        sock.error = errno
                    return
        elif isinstance(l4, Tcp):
            fatal = message.type in (11, 12) or (message.type == 3 and message.code in (0, 1))
            self.tcp.error(inner, l4, errno, fatal=fatal)

"""Cutting packets to fit and putting fragments together.

Sources: net/ipv4/ip_output.c (ip_do_fragment), ip_fragment.c (6.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel.skb import Skb
from netlab.kernel.steps import Fragmented
from netlab.wire import ICMP, TCP, UDP, Icmp, Ipv4, Raw, Tcp, Udp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import Timer

TIME: Final = "net.ipv4.ipfrag_time"
"""How many seconds the first piece that came waits for the rest; what comes later does not prolong it."""


def is_fragment(packet: Ipv4) -> bool:
    return packet.mf or packet.frag != 0


def payload(packet: Ipv4) -> bytes:
    """The bytes after the IP header. Checksums are zero: nothing here looks at them."""
    l4 = packet.l4
    if isinstance(l4, Raw):
        return l4.data
    if isinstance(l4, Udp):
        total = l4.total if l4.total is not None else l4.length
        return b"".join(n.to_bytes(2, "big") for n in (l4.sport, l4.dport, total, 0)) + l4.data
    if isinstance(l4, Icmp):
        body = l4.data if l4.inner is None else bytes(l4.quoted)
        return bytes((l4.type, l4.code, 0, 0)) + l4.rest.to_bytes(4, "big") + body
    head = l4.sport.to_bytes(2, "big") + l4.dport.to_bytes(2, "big")
    head += l4.seq.to_bytes(4, "big") + l4.ack.to_bytes(4, "big")
    words = (5 + len(l4.options) // 4) << 12 | l4.res << 8 | l4.flags
    head += words.to_bytes(2, "big") + l4.window.to_bytes(2, "big") + bytes(2) + l4.urgp.to_bytes(2, "big")
    return head + l4.options + l4.data


def parse(proto: int, data: bytes) -> Icmp | Udp | Tcp | Raw:
    """Bytes back to a transport header; what is too short stays raw."""
    word = int.from_bytes
    if proto == UDP and len(data) >= 8:
        total = word(data[4:6], "big")
        return Udp(
            word(data[:2], "big"), word(data[2:4], "big"), data[8:], None if total == len(data) else total
        )
    if proto == ICMP and len(data) >= 8:
        return Icmp(data[0], data[1], word(data[4:8], "big"), data[8:])
    if proto == TCP and len(data) >= 20:
        words = word(data[12:14], "big")
        end = (words >> 12) * 4
        return Tcp(
            word(data[:2], "big"),
            word(data[2:4], "big"),
            word(data[4:8], "big"),
            word(data[8:12], "big"),
            words & 0xFF,
            word(data[14:16], "big"),
            data[20:end],
            data[end:],
            word(data[18:20], "big"),
            words >> 8 & 0xF,
        )
    return Raw(data)


def _transport(packet: Ipv4, data: bytes) -> Icmp | Udp | Tcp | Raw:
    """The transport of a packet with these bytes instead; an ICMP error still quotes its packet, as far as they go."""
    l4 = packet.l4
    if isinstance(l4, Icmp) and l4.inner is not None and len(data) >= 8:
        return replace(l4, quoted=len(data) - 8)
    return parse(packet.proto, data)


def pieces(skb: Skb, mtu: int) -> list[Skb]:
    """Cut a packet into fragments of at most ``mtu`` bytes, each a packet of its own (ip_do_fragment)."""
    packet = skb.packet
    data = payload(packet)
    room = (mtu - packet.header) & ~7
    out = []
    for start in range(0, len(data), room):
        chunk = data[start : start + room]
        last = start + room >= len(data)
        first = start == 0 and packet.frag == 0
        piece = skb.clone()
        piece.ip = replace(
            packet,
            l4=_transport(packet, chunk) if first else Raw(chunk),
            frag=packet.frag + start // 8,
            mf=packet.mf or not last,
        )
        out.append(piece)
    _note(skb, len(out), f"MTU {mtu}")
    return out


def _note(skb: Skb, count: int, reason: str) -> None:
    dev = skb.dev or skb.route.dev
    world = dev.ns.world
    if world.record_steps:
        world.steps.append(Fragmented(world.now, dev.ns.name, skb.journey, count, reason))


class Reassembly:
    """Fragments waiting for the rest (one queue of ip_fragment.c)."""

    def __init__(self, ns: Netns) -> None:
        self.ns = ns
        self._waiting: dict[tuple[object, ...], list[Skb]] = {}
        self._timers: dict[tuple[object, ...], Timer] = {}

    def add(self, skb: Skb, user: str = "deliver") -> Skb | None:
        """Add a fragment; returns the whole packet once every byte is there, else None."""
        packet = skb.packet
        key = (user, packet.src, packet.dst, packet.id, packet.proto)
        parts = self._waiting.setdefault(key, [])
        parts.append(skb)
        if key not in self._timers:
            seconds = max(0, self.ns.sysctl[TIME])
            self._timers[key] = self.ns.world.call_later(seconds, lambda: self._expire(key))
        chunks = sorted(
            ((p.packet.frag * 8, payload(p.packet), p.packet.mf) for p in parts), key=lambda c: c[0]
        )
        end = 0
        data = b""
        for start, chunk, _ in chunks:
            if start > end:
                return None
            data += chunk[end - start :]
            end = max(end, start + len(chunk))
        if chunks[-1][2]:
            return None
        del self._waiting[key]
        self._timers.pop(key).cancel()
        first = min(parts, key=lambda p: p.packet.frag)
        # The whole travels on as the skb that completed it, with the first fragment's header.
        whole = skb.clone()
        whole.journey = first.journey
        whole.frag_max = max(p.packet.length for p in parts)
        head = first.packet
        # Don't Fragment survives only if the largest piece had it (ip_frag_reasm: max_df_size).
        df = any(p.packet.df and p.packet.length == whole.frag_max for p in parts)
        whole.ip = replace(head, l4=_transport(head, data), mf=False, frag=0, df=df)
        _note(whole, len(parts), "every byte is there")
        return whole

    def _expire(self, key: tuple[object, ...]) -> None:
        """ip_expire: the rest never came; the sender hears of it if the first piece did, and this is its destination.

        The route is looked up anew: what conntrack put together had none yet.
        """
        from netlab.kernel import icmp, route

        parts = self._waiting.pop(key, [])
        self._timers.pop(key, None)
        first = next((p for p in parts if p.packet.frag == 0), None)
        dev = parts[-1].dev if parts else None
        if first is None or dev is None or dev.name not in self.ns.devices:
            return
        packet = first.packet
        decision = route.input_lookup(self.ns, first, packet.dst, packet.src, dev)
        if not decision.error and decision.local:
            first.route = decision
            icmp.send_error(first, 11, 1)

"""ARP: questions, answers, and who is told when there are none.

Source: net/ipv4/arp.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel.address import SCOPE_LINK
from netlab.kernel.neigh import REACHABLE, STALE, Neighbour
from netlab.kernel.skb import HOST, LOOPBACK, OTHERHOST, Skb
from netlab.kernel.steps import Dropped
from netlab.wire import ETH_ARP, Arp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.kernel.route import Decision

REQUEST: Final = 1
REPLY: Final = 2
LOCKTIME: Final = 1.0
"""Seconds for which news about a neighbour is not replaced by other news (locktime)."""
PROXY_DELAY: Final = 0.8
"""Seconds within which an ARP answer for others leaves, at a random moment (proxy_delay); here in the middle."""


def solicit_source(ns: Netns, device: Device, target: int, skb: Skb | None) -> int:
    """The sender address of a request: the waiting packet's if it is ours, else one of the device's."""
    from netlab.kernel.route import address_type, select_address

    level = ns.sysctl.conf_max(device.name, "arp_announce")
    if skb is not None and skb.ip is not None and level < 2:
        source = skb.ip.src
        onlink = any(a.covers(source) and a.covers(target) for a in device.addresses)
        if address_type(ns, source) == "LOCAL" and (level == 0 or onlink):
            return source
    return select_address(device, target, link_scope=True)


def send(ns: Netns, device: Device, op: int, target: int, source: int, mac_dst: str, target_mac: str) -> None:
    """arp_send."""
    if device.noarp:
        return
    world = ns.world
    arp = Arp(op, device.mac, source, target_mac, target)
    skb = Skb(arp=arp, proto=ETH_ARP, journey=world.new_journey())
    device.header(skb, mac_dst)
    device.transmit(skb)


def receive(ns: Netns, skb: Skb) -> None:
    """arp_rcv and arp_process."""
    from netlab.kernel import route

    device, arp = skb.dev, skb.arp
    assert device is not None
    assert arp is not None
    if device.noarp or skb.pkt_type in (OTHERHOST, LOOPBACK):
        return
    if arp.target_ip >> 28 == 14 or (
        arp.target_ip >> 24 == 127 and not ns.sysctl.conf_or(device.name, "route_localnet")
    ):
        return
    if arp.op == REQUEST:
        if arp.sender_ip == 0:
            if route.address_type(ns, arp.target_ip) == "LOCAL" and not _ignore(ns, device, arp):
                send(ns, device, REPLY, arp.sender_ip, arp.target_ip, arp.sender_mac, arp.sender_mac)
            return
        found = route.input_lookup(ns, skb, arp.target_ip, arp.sender_ip, device)
        if not found.error and found.local:
            if not _ignore(ns, device, arp):
                entry = ns.neighbours.get(device, arp.sender_ip)
                entry.update(arp.sender_mac, STALE, override=True, reason="it asked us")
                send(ns, device, REPLY, arp.sender_ip, arp.target_ip, arp.sender_mac, arp.sender_mac)
            return
        if _proxies(ns, device, arp.target_ip, found):
            entry = ns.neighbours.get(device, arp.sender_ip)
            entry.update(arp.sender_mac, STALE, override=True, reason="it asked us")
            asked = arp.target_ip, arp.sender_mac
            ns.world.call_later(
                PROXY_DELAY / 2,
                lambda: send(ns, device, REPLY, arp.sender_ip, asked[0], asked[1], asked[1]),
            )
            return
    known = ns.neighbours.find(device, arp.sender_ip)
    if known is None:
        return
    override = ns.world.now > known.updated + LOCKTIME
    answers = arp.op == REPLY and skb.pkt_type == HOST
    known.update(
        arp.sender_mac,
        REACHABLE if answers else STALE,
        override=override,
        reason="it answered" if answers else "it was heard",
    )


def _proxies(ns: Netns, device: Device, target: int, found: Decision) -> bool:
    """Whether the host answers for an address that it routes out by another device: proxy_arp (arp_fwd_proxy), or
    ``ip neigh add proxy`` (pneigh_lookup)."""
    forwarding = ns.sysctl.conf(device.name, "forwarding")
    asked = ns.sysctl.conf_or(device.name, "proxy_arp") or (device.name, target) in ns.neighbours.proxies
    return bool(forwarding and asked and found.kind == "unicast" and found.dev not in (None, device))


def _ignore(ns: Netns, device: Device, arp: Arp) -> bool:
    """arp_ignore and arp_filter: which requests are not answered."""
    if ns.sysctl.conf_or(device.name, "arp_filter"):
        from netlab.kernel.route import output_lookup

        found = output_lookup(ns, arp.sender_ip, arp.target_ip)
        if found.error or found.dev is not device:
            return True
    level = ns.sysctl.conf_max(device.name, "arp_ignore")
    if level == 0:
        return False
    own = any(a.ip == arp.target_ip for a in device.addresses)
    if level == 1:
        return not own
    if level == 2:
        return not any(a.ip == arp.target_ip and a.covers(arp.sender_ip) for a in device.addresses)
    if level == 3:
        # Not for addresses that are this host's own business, whichever device has them.
        return not any(
            a.ip == arp.target_ip and (a.scope <= SCOPE_LINK or ns.sysctl.conf_or(d.name, "route_localnet"))
            for d in ns.devices.values()
            for a in d.addresses
        )
    return level == 8


def unreachable(ns: Netns, skb: Skb, neighbour: Neighbour) -> None:
    """arp_error_report: the sender hears that the host cannot be reached."""
    from netlab.kernel import icmp

    world = ns.world
    if world.record_steps:
        world.steps.append(
            Dropped(
                world.now,
                ns.name,
                skb.journey,
                neighbour.device.name,
                f"{ip_text(neighbour.address)} does not answer ARP",
            )
        )
    if skb.ip is not None:
        icmp.send_error(skb, 3, 1)

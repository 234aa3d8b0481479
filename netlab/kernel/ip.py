"""The IPv4 path: receive, deliver, forward, send.

Sources: net/ipv4/ip_input.c, ip_forward.c, ip_output.c (6.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netlab.kernel import fragment, icmp, route
from netlab.kernel.netfilter import ACCEPT, run_hook
from netlab.kernel.skb import HOST, LOOPBACK, OTHERHOST, Skb
from netlab.kernel.steps import Delivered, Dropped, TtlLowered
from netlab.wire import L4, Ipv4

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns


def drop(ns: Netns, skb: Skb, where: str, reason: str) -> None:
    """Note why a packet ends."""
    world = ns.world
    if world.record_steps:
        world.steps.append(Dropped(world.now, ns.name, skb.journey, where, reason))


# --- receiving --------------------------------------------------------------------------------------------------


def receive(skb: Skb) -> None:
    """ip_rcv: PREROUTING, then the routing decision."""
    dev = skb.dev
    assert dev is not None
    ns = dev.ns
    if skb.pkt_type == OTHERHOST:
        drop(ns, skb, "ip", "the frame is addressed to another host")
        return
    skb.sk = None
    if run_hook("ipv4", "PREROUTING", skb, ns, dev, None) != ACCEPT:
        return
    receive_finish(skb, dev)


def receive_finish(skb: Skb, dev: Device) -> None:
    """ip_rcv_finish: find the socket early, route, then deliver or forward."""
    ns = dev.ns
    packet = skb.packet
    decision = skb.route
    if decision is None:
        if skb.sk is None and not packet.frag and not packet.mf and ns.sysctl["net.ipv4.ip_early_demux"]:
            skb.sk = ns.sockets.early_demux(packet)
        decision = route.input_lookup(ns, skb, packet.dst, packet.src, dev)
        if decision.error:
            drop(ns, skb, "route", decision.reason)
            return
        skb.route = decision
        skb.redirect = decision.redirect
        route.record(ns, skb, decision)
    if decision.local and decision.kind in ("broadcast", "multicast"):
        deliver(skb, dev)
    elif decision.kind == "unreachable":
        icmp.route_error(skb, dev, decision)
    elif decision.local:
        deliver(skb, dev)
    else:
        forward(skb, dev)


def deliver(skb: Skb, dev: Device) -> None:
    """ip_local_deliver: put fragments together, INPUT, then the protocol."""
    ns = dev.ns
    if fragment.is_fragment(skb.packet):
        whole = ns.sockets.reassembly.add(skb)
        if whole is None:
            return
        skb = whole
    if run_hook("ipv4", "INPUT", skb, ns, dev, None) != ACCEPT:
        return
    world = ns.world
    if world.record_steps:
        world.steps.append(Delivered(world.now, ns.name, skb.journey, f"protocol {skb.packet.proto}"))
    ns.sockets.receive(skb, dev)


# --- forwarding -------------------------------------------------------------------------------------------------


def forward(skb: Skb, dev: Device) -> None:
    """ip_forward: TTL, MTU, redirect, then FORWARD (in that order)."""
    ns = dev.ns
    if skb.pkt_type != HOST or skb.sk is not None:
        drop(ns, skb, "forward", "not addressed to this host at the link layer")
        return
    packet, decision = skb.packet, skb.route
    if packet.ttl <= 1:
        icmp.send_error(skb, 11, 0)
        drop(ns, skb, "forward", "the time to live is used up")
        return
    mtu = decision.mtu
    if skb.largest > mtu and may_not_be_cut(skb, mtu):
        icmp.send_error(skb, 3, 4, mtu)
        drop(ns, skb, "forward", f"{skb.largest} bytes do not fit MTU {mtu} and may not be cut")
        return
    skb.ip = packet.forwarded()
    world = ns.world
    if world.record_steps:
        world.steps.append(TtlLowered(world.now, ns.name, skb.journey, packet.ttl - 1))
    if skb.redirect:
        icmp.send_redirect(skb, dev, decision)
    if run_hook("ipv4", "FORWARD", skb, ns, dev, decision.dev) != ACCEPT:
        return
    output(skb)


def may_not_be_cut(skb: Skb, mtu: int) -> bool:
    """Don't Fragment stands; what was put together here may still leave in pieces as large as it came in (ip_fragment)."""
    return skb.packet.df and (not skb.ignore_df or skb.frag_max > mtu)


# --- sending ----------------------------------------------------------------------------------------------------


def local_out(ns: Netns, skb: Skb) -> str:
    """ip_local_out: OUTPUT, then out by the route the packet has by then. Returns an errno name or ""."""
    skb.dev = None
    if run_hook("ipv4", "OUTPUT", skb, ns, None, skb.route.dev) != ACCEPT:
        return "EPERM"
    return output(skb, locally=True)


def output(skb: Skb, *, locally: bool = False) -> str:
    """ip_output: POSTROUTING, cut to the MTU if need be, then the neighbour.

    Returns EPERM if POSTROUTING refused it, ENOBUFS if the driver dropped it (net_xmit_errno), or "".
    """
    decision = skb.route
    out_dev = decision.dev
    ns = out_dev.ns
    in_dev = skb.dev if ns.world.release.postrouting_indev and not locally else None
    skb.dev = out_dev
    if decision.loops:
        copy = skb.clone()
        copy.sk = None
        if run_hook("ipv4", "POSTROUTING", copy, ns, None, out_dev) == ACCEPT:
            _loop_back(copy, out_dev)
    if run_hook("ipv4", "POSTROUTING", skb, ns, in_dev, out_dev) != ACCEPT:
        return "EPERM"
    return "" if finish_output(skb, out_dev) else "ENOBUFS"


def _loop_back(skb: Skb, dev: Device) -> None:
    """The host's own copy of a broadcast it sent (ip_mc_finish_output): no link header, and already routed here."""
    skb.eth = None
    skb.route = replace(skb.route, dev=dev.ns.lo, local=True)
    skb.pkt_type = LOOPBACK
    skb.dev = dev
    world = dev.ns.world
    world.enqueue(lambda: dev.netif_receive(skb) if dev.up else dev.drop(skb, f"{dev.name} is down"))
    # From a program, the copy is received before the original goes on (netif_rx ends with local_bh_enable).
    world.softirq()


def finish_output(skb: Skb, dev: Device) -> bool:
    """ip_finish_output: fragments, neighbour, device. False if the driver dropped something."""
    ns = dev.ns
    packet = skb.packet
    mtu = skb.route.mtu
    if skb.largest > mtu or (skb.frag_max and packet.length > skb.frag_max):
        if skb.largest > mtu and may_not_be_cut(skb, mtu):
            icmp.send_error(skb, 3, 4, mtu)
            drop(ns, skb, "output", f"{skb.largest} bytes do not fit MTU {mtu} and may not be cut")
            return True
        if skb.frag_max and skb.frag_max < mtu:
            mtu = skb.frag_max
        for piece in fragment.pieces(skb, mtu):
            if not to_neighbour(piece, dev):
                return False
            # From a program, what a piece sets off is over before the next one leaves (rcu_read_unlock_bh).
            ns.world.softirq()
        return True
    return to_neighbour(skb, dev)


def to_neighbour(skb: Skb, dev: Device) -> bool:
    """ip_finish_output2: write the link header, by way of ARP where needed. False if the driver dropped it."""
    if dev.kind == "loopback":
        dev.ns.neighbours.get(dev, 0)  # one entry stands for all addresses there (arp_constructor)
        return dev.transmit(skb)
    return dev.ns.neighbours.get(dev, skb.route.gateway or skb.packet.dst).output(skb)


def build(
    ns: Netns,
    src: int,
    dst: int,
    proto: int,
    l4: L4,
    *,
    ttl: int | None = None,
    tos: int = 0,
    df: bool = False,
) -> Ipv4:
    """A packet of this host with the default TTL and an id."""
    return Ipv4(
        src,
        dst,
        proto,
        l4,
        ttl=ns.sysctl["net.ipv4.ip_default_ttl"] if ttl is None else ttl,
        id=ns.world.ip_id(),
        tos=tos,
        df=df,
    )

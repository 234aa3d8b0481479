"""br_netfilter: calls the IPv4 hooks for frames that are only bridged.

Sources: net/bridge/br_netfilter_hooks.c (6.1); bridged DNAT observed on 6.1 and 6.18.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.kernel.netfilter import ACCEPT, DROP, STOLEN, STOP, HookState, run_hook
from netlab.kernel.skb import HOST, OTHERHOST, BridgeInfo, Skb
from netlab.wire import ETH_IPV4, Ethernet

if TYPE_CHECKING:
    from netlab.kernel.bridge import Port

CALL_IPTABLES: Final = "net.bridge.bridge-nf-call-iptables"


def _parent(state: HookState, port: Port) -> bool:
    return state.ns.bridge_nf_call_iptables or port.bridge.nf_call_iptables


def pre_routing(skb: Skb, state: HookState) -> int:
    """IPv4 PREROUTING with the bridge as input device, then the look at a changed destination."""
    indev = state.in_dev
    assert indev is not None
    assert indev.port is not None
    if skb.proto != ETH_IPV4 or skb.ip is None or not _parent(state, indev.port):
        return ACCEPT
    from netlab.kernel.route import Decision

    bridge_dev = indev.port.bridge_dev
    info = skb.br = BridgeInfo(indev, orig_dst=skb.ip.dst)
    if skb.pkt_type == OTHERHOST:
        skb.pkt_type = HOST
        info.orig_otherhost = True
    skb.dev = bridge_dev
    verdict = run_hook("ipv4", "PREROUTING", skb, state.ns, bridge_dev, None)
    if verdict != ACCEPT:
        return verdict
    info = skb.br
    assert info is not None
    if info.orig_otherhost:
        skb.pkt_type = OTHERHOST
        info.orig_otherhost = False
    info.in_prerouting = False
    info.frag_max = skb.frag_max
    skb.dev = indev
    if skb.packet.dst == info.orig_dst:
        # A stand-in for a route (bridge_parent_rtable), for what needs one, such as REJECT's answer.
        skb.route = Decision("bridged", bridge_dev, reason="bridged, not routed")
        return ACCEPT
    return _destination_changed(skb, state, indev.port)


def _destination_changed(skb: Skb, state: HookState, port: Port) -> int:
    """Bridged DNAT (br_nf_pre_routing_finish): stay on the bridge if the new destination is there."""
    from netlab.kernel import route

    bridge_dev = port.bridge_dev
    packet = skb.packet
    found = route.input_lookup(state.ns, skb, packet.dst, packet.src, bridge_dev)
    if found.error:
        if found.error != "EHOSTUNREACH" or state.ns.sysctl.conf(bridge_dev.name, "forwarding"):
            port.device.drop(skb, "the rewritten destination cannot be routed")
            return DROP
        found = route.output_lookup(state.ns, packet.dst)
        if found.error or found.dev is not bridge_dev:
            port.device.drop(skb, "the rewritten destination is not on this bridge")
            return DROP
    skb.route = found
    if found.dev is bridge_dev and not found.local:
        return _stay_on_bridge(skb, state, port)
    assert skb.eth is not None
    skb.eth = Ethernet(bridge_dev.mac, skb.eth.src, skb.eth.proto)
    skb.pkt_type = HOST
    return ACCEPT


def _stay_on_bridge(skb: Skb, state: HookState, port: Port) -> int:
    """The frame keeps its source MAC and its TTL; only the destination MAC is the neighbour's."""
    found = skb.route
    neighbour = state.ns.neighbours.get(port.bridge_dev, found.gateway or skb.packet.dst)
    assert skb.eth is not None
    if neighbour.connected and neighbour.header_cached:
        skb.eth = Ethernet(neighbour.mac, skb.eth.src, skb.eth.proto)
        skb.dev = port.device
        port.bridge.finish(port, skb)
        return STOLEN
    source = skb.eth.src
    skb.dnat_source = (port, source)
    neighbour.output(skb)
    return STOLEN


def dnat_slow_path(skb: Skb) -> bool:
    """A frame that waited for its neighbour comes back by the bridge device: go on bridging it."""
    if skb.dnat_source is None:
        return False
    port, source = skb.dnat_source
    skb.dnat_source = None
    assert skb.eth is not None
    skb.eth = Ethernet(skb.eth.dst, source, skb.eth.proto)
    skb.dev = port.device
    port.bridge.finish(port, skb)
    return True


def local_in(skb: Skb, state: HookState) -> int:
    """Confirm the entry of a broadcast before its copies part (br_nf_local_in)."""
    from netlab.kernel import conntrack

    if skb.ct is None or skb.pkt_type == HOST or not state.ns.world.release.bridge_confirm:
        return ACCEPT
    return conntrack.confirm(skb, state)


def forward(skb: Skb, state: HookState) -> int:
    """IPv4 FORWARD with the bridge on both sides."""
    info = skb.br
    assert state.out_dev is not None
    if info is None or skb.ip is None:
        return ACCEPT
    info.physout = state.out_dev
    otherhost = skb.pkt_type == OTHERHOST
    if otherhost:
        skb.pkt_type = HOST
    assert state.in_dev is not None
    assert state.in_dev.port is not None
    assert state.out_dev.port is not None
    verdict = run_hook(
        "ipv4", "FORWARD", skb, state.ns, state.in_dev.port.bridge_dev, state.out_dev.port.bridge_dev
    )
    if otherhost:
        skb.pkt_type = OTHERHOST
    return verdict


def post_routing(skb: Skb, state: HookState) -> int:
    """IPv4 POSTROUTING without an input device, for frames that came through the bridged FORWARD."""
    info = skb.br
    if info is None or info.physout is None or skb.ip is None:
        return ACCEPT
    assert state.out_dev is not None
    port = state.out_dev.port
    assert port is not None
    if skb.pkt_type == OTHERHOST:
        skb.pkt_type = HOST
    verdict = run_hook("ipv4", "POSTROUTING", skb, state.ns, None, port.bridge_dev)
    if verdict != ACCEPT:
        return verdict
    return _cut(skb, port, info.frag_max)


def _cut(skb: Skb, port: Port, frag_max: int) -> int:
    """Cut what does not fit the port, or the size in which it came (br_nf_dev_queue_xmit, br_nf_ip_fragment)."""
    if skb.gso_size > 0 or skb.packet.length <= min(port.device.mtu, frag_max or port.device.mtu):
        return ACCEPT
    from netlab.kernel import fragment

    mtu = port.bridge_dev.mtu
    if (skb.packet.df and not skb.ignore_df) or frag_max > mtu:
        port.device.drop(skb, f"{skb.packet.length} bytes do not fit the MTU and may not be cut")
        return STOLEN
    for piece in fragment.pieces(skb, min(mtu, frag_max or mtu)):
        port.bridge.push(port, piece)
    return STOLEN


def sabotage(skb: Skb, state: HookState) -> int:
    """A frame passed up has seen PREROUTING already: skip the rest of this hook (ip_sabotage_in)."""
    info = skb.br
    if info is None or info.in_prerouting or info.sabotage_done:
        return ACCEPT
    info.sabotage_done = state.ns.world.release.sabotage_once
    return STOP


FUNCTIONS: Final[dict[str, Callable[[Skb, HookState], int]]] = {
    "PREROUTING": pre_routing,
    "INPUT": local_in,
    "FORWARD": forward,
    "POSTROUTING": post_routing,
}

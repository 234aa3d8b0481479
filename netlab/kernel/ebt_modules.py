"""What ebtables matches ask, and what its watchers and targets do (net/bridge/netfilter/ebt_*.c of 6.1).

A verdict is one of ``ebtables``' words: ACCEPT, DROP, CONTINUE, RETURN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netlab.kernel import klog
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import BROADCAST as PKT_BROADCAST
from netlab.kernel.skb import HOST, MULTICAST, OTHERHOST, Skb
from netlab.kernel.steps import Marked, Readdressed
from netlab.kernel.xt_base import device_matches
from netlab.kernel.xt_condition import Condition
from netlab.kernel.xt_history import token_bucket
from netlab.rules import ebmodel as e
from netlab.rules.ebtext import PACKET_TYPES
from netlab.wire import (
    BROADCAST,
    ETH_ARP,
    Arp,
    Ethernet,
    Icmp,
    Raw,
    Tcp,
    Udp,
    ip_text,
    is_multicast_mac,
    mac_int,
)

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

Target: TypeAlias = Callable[[Skb, HookState], str]
_LENGTH_FIELD_BELOW: Final = 0x600


def basic(rule: e.EbRule) -> list[Condition]:
    """The conditions on the frame itself, in the kernel's order (``ebt_basic_match``)."""
    out = []
    if rule.length:
        out.append(_frame(lambda skb: skb.proto < _LENGTH_FIELD_BELOW, rule.proto_inv, "an 802.3 frame"))
    elif rule.proto is not None:
        proto = rule.proto
        out.append(_frame(lambda skb: skb.proto == proto, rule.proto_inv, f"protocol 0x{proto:04x}"))
    sides = (
        ("in", rule.in_dev, rule.in_inv, lambda state: state.in_dev, False),
        ("out", rule.out_dev, rule.out_inv, lambda state: state.out_dev, False),
        ("in", rule.logical_in, rule.logical_in_inv, lambda state: state.in_dev, True),
        ("out", rule.logical_out, rule.logical_out_inv, lambda state: state.out_dev, True),
    )
    out += [_device(side, name, inv, of, bridge) for side, name, inv, of, bridge in sides if name]
    if rule.src is not None:
        out.append(_mac("source", rule.src, rule.src_inv, lambda skb: _eth(skb).src))
    if rule.dst is not None:
        out.append(_mac("destination", rule.dst, rule.dst_inv, lambda skb: _eth(skb).dst))
    return out


def _eth(skb: Skb) -> Ethernet:
    assert skb.eth is not None
    return skb.eth


def _frame(test: Callable[[Skb], bool], inv: bool, what: str) -> Condition:
    return Condition(
        lambda skb, state: test(skb) != inv,
        lambda skb, state: f"the frame (protocol 0x{skb.proto:04x}) is {'' if inv else 'not '}{what}",
    )


def _device(
    side: str, wanted: str, inv: bool, of: Callable[[HookState], Device | None], bridge: bool
) -> Condition:
    def name_of(state: HookState) -> str | None:
        dev = of(state)
        if dev is None or not bridge:
            return dev.name if dev is not None else ""
        # A bridge is only asked for where there is a port.
        return dev.port.bridge_dev.name if dev.port is not None else None

    def test(skb: Skb, state: HookState) -> bool:
        name = name_of(state)
        if bridge and not name:
            return True
        return bool(name and device_matches(wanted, name)) != inv

    def words(skb: Skb, state: HookState) -> str:
        kind = f"logical {side} device" if bridge else f"{side} port"
        return f"{kind} {name_of(state) or '(none)'} is {'' if inv else 'not '}{wanted}"

    return Condition(test, words)


def _mac(side: str, wanted: e.MacMask, inv: bool, of: Callable[[Skb], str]) -> Condition:
    test = _mac_test(wanted)
    text = wanted[0] if wanted[1] == e.ALL_ONES else "/".join(wanted)
    return Condition(
        lambda skb, state: test(of(skb)) != inv,
        lambda skb, state: f"{side} MAC {of(skb)} is {'' if inv else 'not '}{text}",
    )


def _mac_test(wanted: e.MacMask) -> Callable[[str], bool]:
    mac, mask = wanted
    if mask == e.ALL_ONES:
        return lambda has: has == mac
    bits = mac_int(mask)
    value = mac_int(mac) & bits
    return lambda has: mac_int(has) & bits == value


# --- matches --------------------------------------------------------------------------------------------------

_Check: TypeAlias = tuple[str, Any, bool, bool]
"""(what, the value the frame has, whether it is what is asked, inverted)."""


def _from_checks(checks: Callable[[Skb], list[_Check] | str]) -> Condition:
    """A condition that fails at the first check that fails, or where the checks cannot be made (a text)."""

    def failed(skb: Skb, state: HookState) -> str:
        made = checks(skb)
        if isinstance(made, str):
            return made
        for what, value, holds, inv in made:
            if holds == inv:
                return f"{what} {value} does {'' if inv else 'not '}match"
        return ""

    return Condition(lambda skb, state: not failed(skb, state), failed)


def _within_network(address: int, network: e.Network) -> bool:
    return (address ^ network[0]) & network[1] == 0


def _ip(match: e.EbIp, ns: Netns) -> Condition:
    deeper = match.sport is not None or match.dport is not None or match.icmp is not None

    def checks(skb: Skb) -> list[_Check] | str:
        packet = skb.ip
        if packet is None:
            return "the frame carries no IPv4 packet"
        out: list[_Check] = []
        if match.tos is not None:
            out.append(("TOS", packet.tos, packet.tos == match.tos, match.tos_inv))
        if match.src is not None:
            out.append(("source", ip_text(packet.src), _within_network(packet.src, match.src), match.src_inv))
        if match.dst is not None:
            out.append(
                ("destination", ip_text(packet.dst), _within_network(packet.dst, match.dst), match.dst_inv)
            )
        if match.proto is None:
            return out
        out.append(("protocol", packet.proto, packet.proto == match.proto, match.proto_inv))
        if not deeper:
            return out
        first = _first_bytes(packet.l4)
        if packet.frag or first is None:
            return [*out, ("transport header of a later fragment", "", False, False)]
        for what, value, wanted, inv in (
            ("destination port", first[1], match.dport, match.dport_inv),
            ("source port", first[0], match.sport, match.sport_inv),
        ):
            if wanted is not None:
                out.append((what, value, wanted[0] <= value <= wanted[1], inv))
        if match.icmp is not None:
            type_, code = first[0] >> 8, first[0] & 255
            low, high, low_code, high_code = match.icmp
            hit = low <= type_ <= high and low_code <= code <= high_code
            out.append(("ICMP type/code", f"{type_}/{code}", hit, match.icmp_inv))
        return out

    return _from_checks(checks)


def _first_bytes(l4: object) -> tuple[int, int] | None:
    """The first two 16-bit words after the IP header."""
    if isinstance(l4, (Tcp, Udp)):
        return l4.sport, l4.dport
    if isinstance(l4, Icmp):
        return l4.type << 8 | l4.code, 0
    if isinstance(l4, Raw) and len(l4.data) >= 4:
        return int.from_bytes(l4.data[:2], "big"), int.from_bytes(l4.data[2:4], "big")
    return None


def _arp(match: e.EbArp, ns: Netns) -> Condition:
    def checks(skb: Skb) -> list[_Check] | str:
        arp = skb.arp
        if arp is None:
            return "the frame carries no ARP packet"
        out: list[_Check] = []
        for what, has, wanted, inv in (
            ("ARP operation", arp.op, match.opcode, match.opcode_inv),
            ("ARP hardware type", 1, match.htype, match.htype_inv),
            ("ARP protocol type", 0x0800, match.ptype, match.ptype_inv),
        ):
            if wanted is not None:
                out.append((what, has, has == wanted, inv))
        for what, address, network, inv in (
            ("ARP sender", arp.sender_ip, match.ip_src, match.ip_src_inv),
            ("ARP target", arp.target_ip, match.ip_dst, match.ip_dst_inv),
        ):
            if network is not None:
                out.append((what, ip_text(address), _within_network(address, network), inv))
        if match.gratuitous is not None:
            same = arp.sender_ip == arp.target_ip
            out.append(("ARP sender and target", ip_text(arp.target_ip), same, not match.gratuitous))
        for what, mac, wanted_mac, inv in (
            ("ARP sender MAC", arp.sender_mac, match.mac_src, match.mac_src_inv),
            ("ARP target MAC", arp.target_mac, match.mac_dst, match.mac_dst_inv),
        ):
            if wanted_mac is not None:
                out.append((what, mac, _mac_test(wanted_mac)(mac), inv))
        return out

    return _from_checks(checks)


def _never(match: object, ns: Netns) -> Condition:
    """VLAN tags and 802.3 frames: no device here sends any."""
    return Condition(
        lambda skb, state: False, lambda skb, state: "the frame has no VLAN tag and no 802.3 header"
    )


def _pkttype(match: e.EbPkttype, ns: Netns) -> Condition:
    wanted = PACKET_TYPES[match.type] if match.type < len(PACKET_TYPES) else str(match.type)
    return Condition(
        lambda skb, state: (skb.pkt_type == wanted) != match.inv,
        lambda skb, state: f"packet type {skb.pkt_type} is {'' if match.inv else 'not '}{wanted}",
    )


def _mark_m(match: e.EbMark, ns: Netns) -> Condition:
    def test(skb: Skb, state: HookState) -> bool:
        bits = skb.mark & match.mask
        return (bool(bits) if match.any_bit else bits == match.value) != match.inv

    return Condition(test, lambda skb, state: f"mark 0x{skb.mark:x} does {'' if match.inv else 'not '}match")


def _limit(match: e.EbLimit, ns: Netns) -> Condition:
    return token_bucket(match.average, match.burst, ns)


MATCHES: Final[dict[type, Callable[[Any, Netns], Condition]]] = {
    e.EbIp: _ip,
    e.EbArp: _arp,
    e.EbVlan: _never,
    e.Eb8023: _never,
    e.EbPkttype: _pkttype,
    e.EbMark: _mark_m,
    e.EbLimit: _limit,
}


# --- watchers -------------------------------------------------------------------------------------------------


def watcher(watch: e.EbWatcher) -> Callable[[Skb, HookState], None] | None:
    """What a watcher does; None for nflog, whose netlink group nobody listens to here."""
    if isinstance(watch, e.EbNflog):
        return None
    flags = frozenset(name for name, on in (("ip", watch.ip), ("arp", watch.arp), ("ip6", watch.ip6)) if on)
    return lambda skb, state: klog.ebtables_line(skb, state, watch.prefix, watch.level, flags)


# --- targets --------------------------------------------------------------------------------------------------


def _set_mark(target: e.EbSetMark, ns: Netns) -> Target:
    value = target.value & 0xFFFFFFFF
    change: dict[str, Callable[[int], int]] = {
        "set": lambda mark: value,
        "or": lambda mark: mark | value,
        "and": lambda mark: mark & value,
        "xor": lambda mark: mark ^ value,
    }
    new = change[target.action]

    def mark(skb: Skb, state: HookState) -> str:
        before, skb.mark = skb.mark, new(skb.mark)
        world = ns.world
        if world.record_steps and skb.mark != before:
            world.steps.append(Marked(world.now, ns.name, skb.journey, state.family, before, skb.mark))
        return target.verdict

    return mark


def _readdress(skb: Skb, ns: Netns, eth: Ethernet) -> None:
    world = ns.world
    if world.record_steps and skb.eth is not None and eth != skb.eth:
        world.steps.append(Readdressed(world.now, ns.name, skb.journey, skb.eth, eth))
    skb.eth = eth


def _snat(target: e.EbSnat, ns: Netns) -> Target:
    def snat(skb: Skb, state: HookState) -> str:
        _readdress(skb, ns, replace(_eth(skb), src=target.mac))
        if target.arp and skb.arp is not None:
            skb.arp = replace(skb.arp, sender_mac=target.mac)
        return target.verdict

    return snat


def _dnat(target: e.EbDnat, ns: Netns) -> Target:
    def dnat(skb: Skb, state: HookState) -> str:
        _readdress(skb, ns, replace(_eth(skb), dst=target.mac))
        if is_multicast_mac(target.mac):
            skb.pkt_type = PKT_BROADCAST if target.mac == BROADCAST else MULTICAST
        elif (receiver := _receiver(state)) is not None:
            skb.pkt_type = HOST if receiver.mac == target.mac else OTHERHOST
        return target.verdict

    return dnat


def _redirect(target: e.EbRedirect, ns: Netns) -> Target:
    def redirect(skb: Skb, state: HookState) -> str:
        receiver = _receiver(state)
        assert receiver is not None
        _readdress(skb, ns, replace(_eth(skb), dst=receiver.mac))
        skb.pkt_type = HOST
        return target.verdict

    return redirect


def _receiver(state: HookState) -> Device | None:
    """Who takes the frame in: the port itself in BROUTING, its bridge in PREROUTING, nobody elsewhere."""
    dev = state.in_dev
    if dev is None or state.hook == "BROUTING":
        return dev
    return dev.port.bridge_dev if state.hook == "PREROUTING" and dev.port is not None else None


def _arpreply(target: e.EbArpreply, ns: Netns) -> Target:
    def arpreply(skb: Skb, state: HookState) -> str:
        arp, port = skb.arp, state.in_dev
        if arp is None or arp.op != 1 or port is None:
            return "CONTINUE"
        answer = Arp(2, target.mac, arp.target_ip, arp.sender_mac, arp.sender_ip)
        eth = Ethernet(arp.sender_mac, target.mac, ETH_ARP)
        port.transmit(Skb(arp=answer, eth=eth, proto=ETH_ARP, journey=ns.world.new_journey()))
        return target.verdict

    return arpreply


TARGETS: Final[dict[type, Callable[[Any, Netns], Target]]] = {
    e.EbSetMark: _set_mark,
    e.EbSnat: _snat,
    e.EbDnat: _dnat,
    e.EbRedirect: _redirect,
    e.EbArpreply: _arpreply,
}

"""Address translation: decided once a connection, by rules; applied to every packet of it, without them.

``nat_function`` is what stands at the four hooks. Destinations change at PREROUTING and OUTPUT, sources at INPUT and
POSTROUTING; for the answers it is the other way round, and nothing but the entry's tuples says how.
Sources: net/netfilter/nf_nat_core.c, nf_nat_proto.c, nf_nat_masquerade.c, nf_nat_redirect.c, xt_NETMAP.c of 6.1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel import conntrack as ct_
from netlab.kernel import route
from netlab.kernel.conntrack import Conntrack, direction_of
from netlab.kernel.ct_tuple import ICMP_INVERSE, Tuple
from netlab.kernel.nat_unique import DST, SRC, Range, unique_tuple
from netlab.kernel.netfilter import ACCEPT, DROP, HookFn, HookState
from netlab.kernel.skb import CT_ESTABLISHED, CT_ESTABLISHED_REPLY, CT_RELATED, CT_RELATED_REPLY, Skb
from netlab.kernel.steps import HookSkipped, Translated
from netlab.wire import ICMP, Icmp, Ipv4, Tcp, Udp, ip, ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

_REDIRECT: Final = 5
_LOCALHOST: Final = ip("127.0.0.1")
MANIP: Final = {"PREROUTING": DST, "OUTPUT": DST, "INPUT": SRC, "POSTROUTING": SRC}
"""Which half each hook translates (HOOK2MANIP)."""
_STATUS: Final = {DST: ct_.DST_NAT, SRC: ct_.SRC_NAT}
_DONE: Final = {DST: ct_.DST_NAT_DONE, SRC: ct_.SRC_NAT_DONE}


def nat_function(ns: Netns, hook: str) -> HookFn:
    """What the nat table registers at a hook."""
    manip = MANIP[hook]
    done, status = _DONE[manip], _STATUS[manip]

    def nat(skb: Skb, state: HookState) -> int:
        ct = skb.ct
        if ct is None:
            _skipped(skb, state, "untracked" if skb.ctinfo is not None else "no connection entry")
            return ACCEPT
        before = skb.packet
        ctinfo = skb.ctinfo
        assert ctinfo is not None
        if ctinfo in (CT_RELATED, CT_RELATED_REPLY) and before.proto == ICMP:
            verdict = _icmp_error(skb, state, ct, manip)
        else:
            if ctinfo in (CT_ESTABLISHED, CT_ESTABLISHED_REPLY) or ct.status & done:
                if _out_dev_changed(skb, state, ct):
                    ct.kill("a masqueraded connection leaves by another device now")
                    return DROP
                _skipped(skb, state, f"the {_HALF[manip]} half was decided by the connection's first packet")
            else:
                verdict = _decide(skb, state, ct, manip)
                if verdict != ACCEPT:
                    return verdict
            verdict = ACCEPT
            direction = direction_of(ctinfo)
            if ct.status & (status if not direction else status ^ ct_.NAT_MASK):
                _translate(skb, state, ct, manip, direction)
        if verdict != ACCEPT:
            return verdict
        return _after(skb, state, ct, before)

    return nat


_HALF: Final = {DST: "destination", SRC: "source"}


def _decide(skb: Skb, state: HookState, ct: Conntrack, manip: str) -> int:
    """Ask the rules; where they set nothing, map the connection to itself (null binding)."""
    verdict = state.ns.xt["nat"].do_table(skb, state)
    if verdict != ACCEPT or ct.status & _DONE[manip]:
        return verdict
    address = ct.tuples[1].dst if manip == SRC else ct.tuples[1].src
    return setup(skb, state, ct, Range(addresses=(address, address)), manip, "no rule maps it")


def setup(skb: Skb, state: HookState, ct: Conntrack, allowed: Range, manip: str, reason: str) -> int:
    """Fix one half of a connection's mapping (``nf_nat_setup_info``)."""
    if ct.status & ct_.CONFIRMED:
        return ACCEPT
    if ct.status & _DONE[manip]:
        return DROP
    current = ct.tuples[1].inverse()
    assert current is not None
    new = unique_tuple(current, allowed, ct, manip)
    if new != current:
        reply = new.inverse()
        assert reply is not None
        ct.tuples[1] = reply
        ct.status |= _STATUS[manip]
    ct.status |= _DONE[manip]
    world = state.ns.world
    if world.record_steps:
        what = f"{_HALF[manip]} {'kept' if new == current else _end(new, manip)}"
        packet = skb.packet
        at = (world.now, state.ns.name, skb.journey)
        world.steps.append(Translated(*at, what, packet, packet, reason, ct.seen()))
    return ACCEPT


def _end(t: Tuple, manip: str) -> str:
    address, port = (t.src, t.sport) if manip == SRC or t.proto == ICMP else (t.dst, t.dport)
    if t.proto == ICMP and manip == DST:
        address = t.dst
    return f"becomes {ip_text(address)}:{port}"


# --- what the targets ask for ---------------------------------------------------------------------------------


def masquerade(skb: Skb, state: HookState, ct: Conntrack, allowed: Range) -> int:
    """MASQUERADE: the source becomes the out-device's own address towards the next hop."""
    if ct.tuples[0].src == 0:
        return ACCEPT
    out = state.out_dev
    assert out is not None
    decision = skb.route
    next_hop = (decision.gateway if decision is not None else 0) or skb.packet.dst
    address = route.select_address(out, next_hop)
    if not address:
        from netlab.kernel import klog

        klog.message(state.ns, 6, f"{out.name} ate my IP address")
        return DROP
    ct.masq_dev = out.name
    allowed = replace(allowed, addresses=(address, address))
    return setup(skb, state, ct, allowed, SRC, f"MASQUERADE to {ip_text(address)}, the address of {out.name}")


def redirect(skb: Skb, state: HookState, ct: Conntrack, allowed: Range) -> int:
    """REDIRECT: the destination becomes this host, by the in-device's first address, or localhost in OUTPUT."""
    if state.hook == "OUTPUT":
        address = _LOCALHOST
    else:
        dev = state.in_dev
        if dev is None or not dev.addresses:
            return DROP
        address = dev.addresses[0].ip
    allowed = replace(allowed, addresses=(address, address))
    return setup(skb, state, ct, allowed, DST, f"REDIRECT to {ip_text(address)}")


def netmap(skb: Skb, state: HookState, ct: Conntrack, address: int, mask: int) -> int:
    """NETMAP: the network part is replaced, the host part stays."""
    manip = MANIP[state.hook]
    old = skb.packet.dst if manip == DST else skb.packet.src
    new = old & ~mask & 0xFFFFFFFF | address & mask
    return setup(skb, state, ct, Range(addresses=(new, new)), manip, f"NETMAP to {ip_text(new)}")


def masq_inet_event(ns: Netns, dev: Device, address: int | None) -> None:
    """A device went down, or (with ``address``) lost one: masqueraded connections that used it are forgotten."""

    def gone(ct: Conntrack) -> bool:
        return ct.masq_dev == dev.name and (address is None or ct.tuples[1].dst == address)

    ns.ct.delete(gone)


# --- translation ----------------------------------------------------------------------------------------------


def _translate(skb: Skb, state: HookState, ct: Conntrack, manip: str, direction: int) -> None:
    """Write what the other direction's tuple says into the packet (``nf_nat_manip_pkt``)."""
    target = ct.tuples[not direction].inverse()
    assert target is not None
    before = skb.packet
    skb.ip = _rewrite(before, target, manip)
    world = state.ns.world
    if world.record_steps and skb.ip != before:
        what = _HALF[manip]
        reason = "the answer goes back the way it came" if direction else "as the connection was mapped"
        world.steps.append(Translated(world.now, state.ns.name, skb.journey, what, before, skb.ip, reason))


def _rewrite(packet: Ipv4, target: Tuple, manip: str) -> Ipv4:
    """One end of a packet replaced: address, and port or ICMP id where there is one."""
    l4 = packet.l4
    if isinstance(l4, (Tcp, Udp)):
        ends = (target.sport, l4.dport) if manip == SRC else (l4.sport, target.dport)
        if ends != (l4.sport, l4.dport):
            l4 = l4.between(*ends)
    elif isinstance(l4, Icmp) and l4.type in ICMP_INVERSE and l4.rest >> 16 != target.sport:
        l4 = replace(l4, rest=target.sport << 16 | l4.rest & 0xFFFF)
    if manip == SRC:
        return packet.translated(target.src, packet.dst, l4)
    return packet.translated(packet.src, target.dst, l4)


def _icmp_error(skb: Skb, state: HookState, ct: Conntrack, manip: str) -> int:
    """An ICMP error about a translated connection: the packet it quotes, and its own address, are put right."""
    packet = skb.packet
    error = packet.l4
    assert isinstance(error, Icmp)
    assert skb.ctinfo is not None
    direction = direction_of(skb.ctinfo)
    # A redirect names a next hop: it makes no sense to someone who never saw these addresses.
    decided = ct.status & ct_.NAT_DONE_MASK == ct_.NAT_DONE_MASK
    if error.type == _REDIRECT and (not decided or ct.status & ct_.NAT_MASK):
        _skipped(skb, state, "a redirect about a connection that is, or may be, translated is dropped")
        return DROP
    status = _STATUS[manip]
    if not ct.status & (status if not direction else status ^ ct_.NAT_MASK):
        _skipped(
            skb, state, "an ICMP error about this connection is translated without rules, here not at all"
        )
        return ACCEPT
    other = ct.tuples[not direction]
    inner = error.inner
    if inner is not None:
        inner = _rewrite(inner, other, DST if manip == SRC else SRC)
    target = other.inverse()
    assert target is not None
    changed = replace(packet, l4=replace(error, inner=inner))
    skb.ip = replace(changed, src=target.src) if manip == SRC else replace(changed, dst=target.dst)
    world = state.ns.world
    if world.record_steps:
        reason = "an ICMP error about this connection: the quoted packet is translated back with it"
        what = _HALF[manip]
        world.steps.append(Translated(world.now, state.ns.name, skb.journey, what, packet, skb.ip, reason))
    return ACCEPT


def _after(skb: Skb, state: HookState, ct: Conntrack, before: Ipv4) -> int:
    """What a new address means for the packet's route and socket."""
    packet = skb.packet
    if state.hook == "PREROUTING":
        if packet.dst != before.dst:
            skb.route = None
    elif state.hook == "INPUT":
        if skb.sk is not None and (packet.src != before.src or _source_port(packet) != _source_port(before)):
            skb.sk = None
    elif state.hook == "OUTPUT":
        assert skb.ctinfo is not None
        direction = direction_of(skb.ctinfo)
        if ct.tuples[direction].dst != ct.tuples[not direction].src and not route.me_harder(state.ns, skb):
            return DROP
    return ACCEPT


def _source_port(packet: Ipv4) -> int:
    return packet.l4.sport if isinstance(packet.l4, (Tcp, Udp)) else 0


def _out_dev_changed(skb: Skb, state: HookState, ct: Conntrack) -> bool:
    if state.hook != "POSTROUTING" or not ct.masq_dev or state.out_dev is None or skb.ctinfo is None:
        return False
    return direction_of(skb.ctinfo) == 0 and state.out_dev.name != ct.masq_dev


def _skipped(skb: Skb, state: HookState, reason: str) -> None:
    world = state.ns.world
    if world.record_steps:
        world.steps.append(
            HookSkipped(world.now, state.ns.name, skb.journey, state.family, state.hook, "nat", reason)
        )

"""What targets do to a packet. A verdict ends the table; None lets the packet go on with the next rule.

Each function turns a target of a rule into what is called for a packet that matched. Sources: net/netfilter/xt_NAME.c,
net/ipv4/netfilter/ipt_REJECT.c, nf_reject_ipv4.c.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netlab.kernel import conntrack, klog, nat, route
from netlab.kernel.nat_unique import DST, SRC, Range
from netlab.kernel.netfilter import DROP, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.steps import Marked
from netlab.kernel.xt_reject import reject
from netlab.rules import targets as t
from netlab.wire import Tcp

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

Action: TypeAlias = Callable[[Skb, HookState], int | None]
_MSS: Final = 2
_MSS_LENGTH: Final = 4
_HEADERS: Final = 40
_DEFAULT_MSS: Final = 536


def _log(target: t.Log, ns: Netns) -> Action:
    asked = {
        "tcp-sequence": target.tcp_sequence,
        "tcp-options": target.tcp_options,
        "ip-options": target.ip_options,
        "uid": target.uid,
        "macdecode": target.macdecode,
    }
    flags = frozenset(name for name, wanted in asked.items() if wanted)

    def log(skb: Skb, state: HookState) -> None:
        klog.log_target(skb, state, target.prefix, target.level, flags)

    return log


def _nflog(target: t.Nflog, ns: Netns) -> Action:
    """A copy to a netlink group that nobody listens to here."""
    return lambda skb, state: None


def _trace(target: t.Trace, ns: Netns) -> Action:
    def trace(skb: Skb, state: HookState) -> None:
        skb.trace = True

    return trace


def _mark(target: t.Mark, ns: Netns) -> Action:
    value, keep = target.value, ~target.mask & 0xFFFFFFFF

    def mark(skb: Skb, state: HookState) -> None:
        _set_mark(skb, state, (skb.mark & keep) ^ value)

    return mark


def _set_mark(skb: Skb, state: HookState, value: int) -> None:
    world = state.ns.world
    if world.record_steps and value != skb.mark:
        world.steps.append(Marked(world.now, state.ns.name, skb.journey, state.family, skb.mark, value))
    skb.mark = value


def _connmark(target: t.Connmark, ns: Netns) -> Action:
    def connmark(skb: Skb, state: HookState) -> None:
        ct = skb.ct
        if ct is None:
            return
        if target.mode == "restore":
            _set_mark(skb, state, (skb.mark & ~target.nf_mask & 0xFFFFFFFF) ^ (ct.mark & target.ct_mask))
            return
        new = target.value if target.mode == "set" else skb.mark & target.nf_mask
        value = (ct.mark & ~target.ct_mask & 0xFFFFFFFF) ^ new
        if value != ct.mark:
            before, ct.mark = ct.mark, value
            ct.event("MARK")
            world = ns.world
            if world.record_steps:
                at = (world.now, ns.name, skb.journey)
                world.steps.append(Marked(*at, state.family, before, value, ct.seen()))

    return connmark


def _ct(target: t.Ct, ns: Netns) -> Action:
    def notrack(skb: Skb, state: HookState) -> None:
        if skb.ct is None and skb.ctinfo is None:
            conntrack.untrack(skb)

    return notrack


def _ttl(target: t.Ttl, ns: Netns) -> Action:
    change: dict[str, Callable[[int], int]] = {
        "set": lambda ttl: target.value,
        "inc": lambda ttl: min(255, ttl + target.value),
        "dec": lambda ttl: max(0, ttl - target.value),
    }
    new = change[target.mode]

    def ttl(skb: Skb, state: HookState) -> None:
        packet = skb.packet
        skb.ip = replace(packet, ttl=new(packet.ttl))

    return ttl


def _tcpmss(target: t.Tcpmss, ns: Netns) -> Action:
    def tcpmss(skb: Skb, state: HookState) -> int | None:
        packet = skb.packet
        tcp = packet.l4
        if packet.frag:
            return None
        if not isinstance(tcp, Tcp):
            return DROP
        mss = target.mss
        if mss is None:
            back = route.output_lookup(state.ns, packet.src)
            mtu = min(skb.route.mtu, back.mtu if back.dev is not None else 0xFFFF)
            if mtu <= _HEADERS:
                klog.message(state.ns, 3, f"xt_TCPMSS: unknown or invalid path-MTU ({mtu})")
                return DROP
            mss = mtu - _HEADERS
        options = _with_mss(tcp, mss)
        if options is not None:
            skb.ip = replace(packet, l4=replace(tcp, options=options))
        return None

    return tcpmss


def _with_mss(tcp: Tcp, mss: int) -> bytes | None:
    """The options with the MSS lowered or added, or None where they stay as they are."""
    raw, at = tcp.options, 0
    while at <= len(raw) - _MSS_LENGTH:
        if raw[at] == _MSS and raw[at + 1] == _MSS_LENGTH:
            if int.from_bytes(raw[at + 2 : at + 4], "big") <= mss:
                return None
            return raw[: at + 2] + mss.to_bytes(2, "big") + raw[at + 4 :]
        at += 1 if raw[at] <= 1 or raw[at + 1] == 0 else raw[at + 1]
    if tcp.data or len(raw) >= 40:
        return None
    return bytes((_MSS, _MSS_LENGTH)) + min(mss, _DEFAULT_MSS).to_bytes(2, "big") + raw


def _reject(target: t.Reject, ns: Netns) -> Action:
    def answer(skb: Skb, state: HookState) -> int:
        reject(skb, state, target.kind)
        return DROP

    return answer


# --- nat ------------------------------------------------------------------------------------------------------


def _mapping(allowed: Range, manip: str, name: str) -> Action:
    def setup(skb: Skb, state: HookState) -> int:
        assert skb.ct is not None
        return nat.setup(skb, state, skb.ct, allowed, manip, f"a {name} rule maps it")

    return setup


def _dnat(target: t.Dnat, ns: Netns) -> Action:
    allowed = Range(
        addresses=target.addresses,
        ports=target.ports,
        base=target.base,
        random=target.random,
        persistent=target.persistent,
    )
    return _mapping(allowed, DST, target.name)


def _snat(target: t.Snat, ns: Netns) -> Action:
    allowed = Range(
        addresses=target.addresses,
        ports=target.ports,
        base=target.base,
        random=target.random or target.random_fully,
        persistent=target.persistent,
    )
    return _mapping(allowed, SRC, target.name)


def _masquerade(target: t.Masquerade, ns: Netns) -> Action:
    allowed = Range(ports=target.ports, base=target.base, random=target.random or target.random_fully)

    def masquerade(skb: Skb, state: HookState) -> int:
        assert skb.ct is not None
        return nat.masquerade(skb, state, skb.ct, allowed)

    return masquerade


def _redirect(target: t.Redirect, ns: Netns) -> Action:
    allowed = Range(ports=target.ports, random=target.random)

    def redirect(skb: Skb, state: HookState) -> int:
        assert skb.ct is not None
        return nat.redirect(skb, state, skb.ct, allowed)

    return redirect


def _netmap(target: t.Netmap, ns: Netns) -> Action:
    def netmap(skb: Skb, state: HookState) -> int:
        assert skb.ct is not None
        return nat.netmap(skb, state, skb.ct, target.address, target.mask)

    return netmap


ACTIONS: Final[dict[type[t.Target], Callable[[Any, Netns], Action]]] = {
    t.Log: _log,
    t.Nflog: _nflog,
    t.Trace: _trace,
    t.Mark: _mark,
    t.Connmark: _connmark,
    t.Ct: _ct,
    t.Ttl: _ttl,
    t.Tcpmss: _tcpmss,
    t.Reject: _reject,
    t.Dnat: _dnat,
    t.Snat: _snat,
    t.Masquerade: _masquerade,
    t.Redirect: _redirect,
    t.Netmap: _netmap,
}
NEEDS_CONNTRACK: Final = frozenset({t.Connmark, t.Dnat, t.Snat, t.Masquerade, t.Redirect, t.Netmap})
"""Targets that switch conntrack on in their namespace."""

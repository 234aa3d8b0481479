"""Evaluators of the match extensions that need only the packet and its place.

Those that ask the connection are in ``xt_conntrack``, those that remember in ``xt_history``.

Each function turns a match of a rule into a ``Condition``. Sources: the extension's own file, net/netfilter/xt_NAME.c.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netlab.kernel import route
from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import BROADCAST, HOST, LOOPBACK, MULTICAST, OTHERHOST, Skb
from netlab.kernel.tcp.options import parse_options
from netlab.kernel.xt_base import device_matches
from netlab.kernel.xt_condition import Condition
from netlab.rules import matches as m
from netlab.wire import Icmp, Ipv4, Raw, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

Range: TypeAlias = tuple[int, int]
_PORTED: Final = (33, 132, 136)


def ports_of(packet: Ipv4) -> Range | None:
    """Source and destination port, or None where the header is not all there."""
    l4 = packet.l4
    if isinstance(l4, (Tcp, Udp)):
        return l4.sport, l4.dport
    if isinstance(l4, Raw) and packet.proto in _PORTED and len(l4.data) >= 4:
        return int.from_bytes(l4.data[:2], "big"), int.from_bytes(l4.data[2:4], "big")
    return None


def _within(value: int, both: Range, inv: bool) -> bool:
    return (both[0] <= value <= both[1]) != inv


def _range_text(both: Range) -> str:
    return str(both[0]) if both[0] == both[1] else f"{both[0]}:{both[1]}"


def _port_words(side: str, port: int, wanted: Range, inv: bool) -> str:
    return f"{side} port {port} is {'' if inv else 'not '}{_range_text(wanted)}"


# --- header ---------------------------------------------------------------------------------------------------


def _tcp(match: m.Tcp, ns: Netns) -> Condition:
    any_port = (0, 65535)
    sports = None if match.sports == any_port and not match.sports_inv else match.sports
    dports = None if match.dports == any_port and not match.dports_inv else match.dports
    s_inv, d_inv = match.sports_inv, match.dports_inv
    mask, comp, f_inv = match.flags_mask, match.flags_comp, match.flags_inv
    flags = bool(mask or f_inv)
    option = bool(match.option or match.option_inv)

    def test(skb: Skb, state: HookState) -> bool | None:
        packet = skb.packet
        tcp = packet.l4
        if packet.frag or not isinstance(tcp, Tcp):
            # Offset 1 can only be an attack on the flags; a header cut short is no better.
            return None if packet.frag < 2 else False
        if sports is not None and (sports[0] <= tcp.sport <= sports[1]) == s_inv:
            return False
        if dports is not None and (dports[0] <= tcp.dport <= dports[1]) == d_inv:
            return False
        if flags and ((tcp.flags & mask) == comp) == f_inv:
            return False
        return not option or _has_option(tcp, match.option) != match.option_inv

    def words(skb: Skb, state: HookState) -> str:
        packet = skb.packet
        tcp = packet.l4
        if packet.frag or not isinstance(tcp, Tcp):
            return "the packet carries no TCP header"
        if not _within(tcp.sport, match.sports, s_inv):
            return _port_words("source", tcp.sport, match.sports, s_inv)
        if not _within(tcp.dport, match.dports, d_inv):
            return _port_words("destination", tcp.dport, match.dports, d_inv)
        if flags and ((tcp.flags & mask) == comp) == f_inv:
            return f"TCP flags 0x{tcp.flags & mask:02x} of 0x{mask:02x} are {'' if f_inv else 'not '}0x{comp:02x}"
        return f"TCP option {match.option} is {'' if match.option_inv else 'not '}there"

    return Condition(test, words)


def _has_option(tcp: Tcp, wanted: int) -> bool:
    raw, at = tcp.options, 0
    while at < len(raw):
        if raw[at] == wanted:
            return True
        at += 1 if raw[at] < 2 or at + 1 >= len(raw) else raw[at + 1] or 1
    return False


def _udp(match: m.Udp, ns: Netns) -> Condition:
    def test(skb: Skb, state: HookState) -> bool | None:
        packet = skb.packet
        if packet.frag:
            return False
        udp = packet.l4
        if not isinstance(udp, Udp):
            return None
        return _within(udp.sport, match.sports, match.sports_inv) and _within(
            udp.dport, match.dports, match.dports_inv
        )

    def words(skb: Skb, state: HookState) -> str:
        udp = skb.packet.l4
        if skb.packet.frag or not isinstance(udp, Udp):
            return "the packet carries no UDP header"
        if not _within(udp.sport, match.sports, match.sports_inv):
            return _port_words("source", udp.sport, match.sports, match.sports_inv)
        return _port_words("destination", udp.dport, match.dports, match.dports_inv)

    return Condition(test, words)


def _icmp(match: m.Icmp, ns: Netns) -> Condition:
    def test(skb: Skb, state: HookState) -> bool | None:
        packet = skb.packet
        if packet.frag:
            return False
        icmp = packet.l4
        if not isinstance(icmp, Icmp):
            return None
        hit = match.type == 255 or (icmp.type == match.type and match.code_min <= icmp.code <= match.code_max)
        return hit != match.inv

    def words(skb: Skb, state: HookState) -> str:
        icmp = skb.packet.l4
        if skb.packet.frag or not isinstance(icmp, Icmp):
            return "the packet carries no ICMP header"
        return f"ICMP type {icmp.type} code {icmp.code} is {'' if match.inv else 'not '}type {match.type}"

    return Condition(test, words)


def _multiport(match: m.Multiport, ns: Netns) -> Condition:
    source, destination = match.kind != "destination", match.kind != "source"

    def test(skb: Skb, state: HookState) -> bool | None:
        packet = skb.packet
        if packet.frag:
            return False
        both = ports_of(packet)
        if both is None:
            return None
        for low, high in match.ports:
            if (source and low <= both[0] <= high) or (destination and low <= both[1] <= high):
                return not match.inv
        return match.inv

    def words(skb: Skb, state: HookState) -> str:
        both = ports_of(skb.packet)
        if skb.packet.frag or both is None:
            return "the packet carries no ports"
        wanted = ",".join(_range_text(both) for both in match.ports)
        have = {"source": str(both[0]), "destination": str(both[1]), "either": f"{both[0]} or {both[1]}"}[
            match.kind
        ]
        return f"{match.kind} port {have} is {'' if match.inv else 'not '}one of {wanted}"

    return Condition(test, words)


# --- packet ---------------------------------------------------------------------------------------------------


def _length(match: m.Length, ns: Netns) -> Condition:
    both = (match.low, match.high)
    return Condition(
        lambda skb, state: _within(skb.packet.length, both, match.inv),
        lambda skb, state: f"length {skb.packet.length} is {'' if match.inv else 'not '}{_range_text(both)}",
    )


def _tcpmss(match: m.Tcpmss, ns: Netns) -> Condition:
    both = (match.low, match.high)

    def test(skb: Skb, state: HookState) -> bool:
        mss = _mss_of(skb)
        return match.inv if mss is None else _within(mss, both, match.inv)

    def words(skb: Skb, state: HookState) -> str:
        mss = _mss_of(skb)
        if mss is None:
            return "the packet has no MSS option"
        return f"MSS {mss} is {'' if match.inv else 'not '}{_range_text(both)}"

    return Condition(test, words)


def _mss_of(skb: Skb) -> int | None:
    """The MSS option of a TCP segment (tcpmss_mt)."""
    tcp = skb.packet.l4
    mss = parse_options(tcp.options).get(2) if isinstance(tcp, Tcp) else None
    return None if mss is None else int.from_bytes(mss, "big")


_TTL_TESTS: Final[dict[str, Callable[[int, int], bool]]] = {
    "eq": lambda ttl, value: ttl == value,
    "ne": lambda ttl, value: ttl != value,
    "lt": lambda ttl, value: ttl < value,
    "gt": lambda ttl, value: ttl > value,
}


def _ttl(match: m.Ttl, ns: Netns) -> Condition:
    compare = _TTL_TESTS[match.op]
    return Condition(
        lambda skb, state: compare(skb.packet.ttl, match.value),
        lambda skb, state: f"TTL {skb.packet.ttl} is not {match.op} {match.value}",
    )


def _iprange(match: m.Iprange, ns: Netns) -> Condition:
    def failed(packet: Ipv4) -> str:
        sides = (
            ("source", packet.src, match.src, match.src_inv),
            ("destination", packet.dst, match.dst, match.dst_inv),
        )
        for side, address, wanted, inv in sides:
            if wanted is not None and not _within(address, wanted, inv):
                ends = f"{ip_text(wanted[0])}-{ip_text(wanted[1])}"
                return f"{side} {ip_text(address)} is {'' if inv else 'not '}in {ends}"
        return ""

    return Condition(lambda skb, state: not failed(skb.packet), lambda skb, state: failed(skb.packet))


_PKT_TYPES: Final = {"unicast": HOST, "broadcast": BROADCAST, "multicast": MULTICAST, "otherhost": OTHERHOST}


def _pkttype(match: m.Pkttype, ns: Netns) -> Condition:
    wanted = _PKT_TYPES[match.type]

    def has(skb: Skb) -> str:
        if skb.pkt_type == LOOPBACK:
            return MULTICAST if skb.packet.dst >> 28 == 14 else BROADCAST
        return skb.pkt_type

    return Condition(
        lambda skb, state: (has(skb) == wanted) != match.inv,
        lambda skb, state: f"packet type {has(skb)} is {'' if match.inv else 'not '}{match.type}",
    )


def _mac(match: m.Mac, ns: Netns) -> Condition:
    def test(skb: Skb, state: HookState) -> bool:
        dev = skb.dev
        if dev is None or dev.kind == "loopback" or skb.eth is None:
            return False
        return (skb.eth.src == match.mac) != match.inv

    def words(skb: Skb, state: HookState) -> str:
        if skb.dev is None or skb.dev.kind == "loopback" or skb.eth is None:
            return "the packet has no Ethernet header here"
        return f"source MAC {skb.eth.src} is {'' if match.inv else 'not '}{match.mac}"

    return Condition(test, words)


def _mark(match: m.Mark, ns: Netns) -> Condition:
    value, mask, inv = match.value, match.mask, match.inv
    return Condition(
        lambda skb, state: ((skb.mark & mask) == value) != inv,
        lambda skb, state: f"mark 0x{skb.mark:x} & 0x{mask:x} is {'' if inv else 'not '}0x{value:x}",
    )


# --- local ----------------------------------------------------------------------------------------------------


def _addrtype(match: m.Addrtype, ns: Netns) -> Condition:
    def failed(skb: Skb, state: HookState) -> str:
        dev = {"in": state.in_dev, "out": state.out_dev, "": None}[match.limit]
        packet = skb.packet
        for side, address, wanted, inv in (
            ("source", packet.src, match.src, match.src_inv),
            ("destination", packet.dst, match.dst, match.dst_inv),
        ):
            if wanted is not None:
                kind = route.address_type(state.ns, address, dev)
                if (kind in wanted) == inv:
                    return (
                        f"{side} {ip_text(address)} is {kind}, {'' if inv else 'not '}{' or '.join(wanted)}"
                    )
        return ""

    return Condition(lambda skb, state: not failed(skb, state), failed)


def _owner(match: m.Owner, ns: Netns) -> Condition:
    asked_ids = (match.uid is not None and not match.uid_inv) or (match.gid is not None and not match.gid_inv)

    def failed(skb: Skb, state: HookState) -> str:
        kernels, sk = _sender(skb, state)
        if not kernels and sk is None:
            return "no socket sent this packet" if asked_ids or match.socket_exists is True else ""
        if match.socket_exists is False:
            return "a socket sent this packet"
        if sk is None:
            return "the kernel's own socket sent this packet: it has no owner" if asked_ids else ""
        for name, has, wanted, inv in (
            ("uid", sk.uid, match.uid, match.uid_inv),
            ("gid", sk.gid, match.gid, match.gid_inv),
        ):
            if wanted is not None and not _within(has, wanted, inv):
                return f"{name} {has} is {'' if inv else 'not '}{wanted[0]}-{wanted[1]}"
        return ""

    return Condition(lambda skb, state: not failed(skb, state), failed)


def _sender(skb: Skb, state: HookState) -> tuple[bool, Any]:
    """(whether it is one of the kernel's control sockets, the program's socket if it is one's).

    What the kernel makes by itself (ICMP, resets to closed ports) is sent through a control socket; a SYN-ACK counts
    as its listener's. A socket that its program has closed, or not accepted yet, is nobody's (xt_owner.c, 6.1).
    """
    sk = skb.sk
    if sk is None:
        return state.hook in ("OUTPUT", "POSTROUTING") and skb.eth is None and skb.br is None, None
    if sk.ns is not state.ns:
        return False, None
    if getattr(sk, "state", "") == "SYN_RECV" and sk.listener is not None:
        sk = sk.listener
    return False, sk if sk.owned else None


def _physdev(match: m.Physdev, ns: Netns) -> Condition:
    """Without bridge info only inverted options hold; with it, ``--physdev-out`` fails while no port is chosen (6.1)."""
    plain = any(
        (
            match.is_bridged is True,
            match.is_in is True,
            match.is_out is True,
            match.in_dev is not None and not match.in_inv,
            match.out_dev is not None and not match.out_inv,
        )
    )

    def failed(skb: Skb, state: HookState) -> str:
        br = skb.br
        if br is None:
            return "the packet came through no bridge port" if plain else ""
        physin = br.physin.name
        physout = br.physout.name if br.physout is not None else ""
        if match.is_bridged is not None and bool(physout) != match.is_bridged:
            return "the packet is bridged" if physout else "the packet is not being bridged here"
        if match.is_in is False:
            return f"the packet came in by port {physin}"
        if match.is_out is not None and bool(physout) != match.is_out:
            return f"the packet leaves by port {physout}" if physout else "no port to leave by is chosen"
        if match.in_dev and device_matches(match.in_dev, physin) == match.in_inv:
            return f"in port {physin} is {'' if match.in_inv else 'not '}{match.in_dev}"
        if match.out_dev:
            if not physout:
                return "no port to leave by is chosen"
            if device_matches(match.out_dev, physout) == match.out_inv:
                return f"out port {physout} is {'' if match.out_inv else 'not '}{match.out_dev}"
        return ""

    return Condition(lambda skb, state: not failed(skb, state), failed)


EVALUATORS: Final[dict[type[m.Match], Callable[[Any, Netns], Condition]]] = {
    m.Tcp: _tcp,
    m.Udp: _udp,
    m.Icmp: _icmp,
    m.Multiport: _multiport,
    m.Length: _length,
    m.Tcpmss: _tcpmss,
    m.Ttl: _ttl,
    m.Iprange: _iprange,
    m.Pkttype: _pkttype,
    m.Mac: _mac,
    m.Mark: _mark,
    m.Addrtype: _addrtype,
    m.Owner: _owner,
    m.Physdev: _physdev,
}

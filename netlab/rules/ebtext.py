"""One ebtables rule as text, as the real program lists it (ebtables.c and extensions of 2.0.11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netlab.rules import ebmodel as eb
from netlab.rules.matches.history import rate_text
from netlab.rules.names import ICMP_TYPES, ethertype_name, protocol_name
from netlab.rules.numbers import mask_suffix, range_text
from netlab.wire import ip_text

MacText = Callable[[str], str]

MAC_CLASSES: Final[dict[eb.MacMask, str]] = {
    ("00:00:00:00:00:00", "01:00:00:00:00:00"): "Unicast",
    ("01:00:00:00:00:00", "01:00:00:00:00:00"): "Multicast",
    ("ff:ff:ff:ff:ff:ff", eb.ALL_ONES): "Broadcast",
    ("01:80:c2:00:00:00", eb.ALL_ONES): "BGA",
}
"""MAC addresses with a name of their own."""

ARP_OPCODES: Final = (
    "Request",
    "Reply",
    "Request_Reverse",
    "Reply_Reverse",
    "DRARP_Request",
    "DRARP_Reply",
    "DRARP_Error",
    "InARP_Request",
    "ARP_NAK",
)
PACKET_TYPES: Final = ("host", "broadcast", "multicast", "otherhost", "outgoing", "loopback", "fastroute")
LOG_LEVELS: Final = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")


def short_mac(mac: str) -> str:
    """A MAC address without leading zeros, as ebtables prints it unless asked with ``--Lmac2``.

    >>> short_mac("02:42:c0:a8:00:02")
    '2:42:c0:a8:0:2'
    """
    return ":".join(f"{int(part, 16):x}" for part in mac.split(":"))


def full_mac(mac: str) -> str:
    """A MAC address with two digits a byte: ``--Lmac2``."""
    return mac


def _mac_mask(pair: eb.MacMask, mac_text: MacText, *, named: bool = True) -> str:
    if named and pair in MAC_CLASSES:
        return MAC_CLASSES[pair]
    mac, mask = pair
    return mac_text(mac) if mask == eb.ALL_ONES else f"{mac_text(mac)}/{mac_text(mask)}"


def _option(name: str, inverted: bool, value: str) -> str:
    return f"{name} {'! ' if inverted else ''}{value} "


def _network(pair: eb.Network, nft: bool) -> str:
    # the legacy program shows a mask of nothing as it shows one of everything (ebt_mask_to_dotted)
    return ip_text(pair[0]) + (mask_suffix(pair[1]) if pair[1] or nft else "")


def _ethertype(number: int) -> str:
    return ethertype_name(number) or f"0x{number:x}"


def icmp_text(icmp: tuple[int, int, int, int]) -> str:
    """ICMP types and codes by name where there is one."""
    low, high, code_low, code_high = icmp
    if low == high:
        for name, kind, first, last in ICMP_TYPES:
            if (kind, first, last) == (low, code_low, code_high) and name != "any":
                return name
    return f"{range_text(low, high)}/{range_text(code_low, code_high)}"


def _ip(m: eb.EbIp, nft: bool) -> str:
    out = ""
    if m.src is not None:
        out += _option("--ip-src", m.src_inv, _network(m.src, nft))
    if m.dst is not None:
        out += _option("--ip-dst", m.dst_inv, _network(m.dst, nft))
    if m.tos is not None:
        out += _option("--ip-tos", m.tos_inv, f"0x{m.tos:02X}")
    if m.proto is not None:
        name = "ip" if m.proto == 0 else protocol_name(m.proto) or str(m.proto)
        out += _option("--ip-proto", m.proto_inv, name)
    if m.sport is not None:
        out += _option("--ip-sport", m.sport_inv, range_text(*m.sport))
    if m.dport is not None:
        out += _option("--ip-dport", m.dport_inv, range_text(*m.dport))
    if m.icmp is not None:
        out += _option("--ip-icmp-type", m.icmp_inv, icmp_text(m.icmp))
    return out


def _arp(m: eb.EbArp, mac_text: MacText, nft: bool) -> str:
    out = ""
    if m.opcode is not None:
        known = 0 < m.opcode <= len(ARP_OPCODES)
        out += _option("--arp-op", m.opcode_inv, ARP_OPCODES[m.opcode - 1] if known else str(m.opcode))
    if m.htype is not None:
        out += _option("--arp-htype", m.htype_inv, str(m.htype))
    if m.ptype is not None:
        out += _option("--arp-ptype", m.ptype_inv, f"0x{m.ptype:x}" if nft else _ethertype(m.ptype))
    if m.ip_src is not None:
        out += _option("--arp-ip-src", m.ip_src_inv, _network(m.ip_src, nft))
    if m.ip_dst is not None:
        out += _option("--arp-ip-dst", m.ip_dst_inv, _network(m.ip_dst, nft))
    if m.mac_src is not None:
        out += _option("--arp-mac-src", m.mac_src_inv, _mac_mask(m.mac_src, mac_text, named=not nft))
    if m.mac_dst is not None:
        out += _option("--arp-mac-dst", m.mac_dst_inv, _mac_mask(m.mac_dst, mac_text, named=not nft))
    if m.gratuitous is not None:
        out += "--arp-gratuitous " if m.gratuitous else "! --arp-gratuitous "
    return out


def _vlan(m: eb.EbVlan, nft: bool) -> str:
    out = ""
    if m.id is not None:
        out += _option("--vlan-id", m.id_inv, str(m.id))
    if m.prio is not None:
        out += _option("--vlan-prio", m.prio_inv, str(m.prio))
    if m.encap is not None:
        name = None if nft else ethertype_name(m.encap)
        out += _option("--vlan-encap", m.encap_inv, name or f"{m.encap:04X}")
    return out


def _match(m: eb.EbMatch, mac_text: MacText, nft: bool) -> str:
    match m:
        case eb.EbIp():
            return _ip(m, nft)
        case eb.EbArp():
            return _arp(m, mac_text, nft)
        case eb.EbVlan():
            return _vlan(m, nft)
        case eb.Eb8023():
            out = _option("--802_3-sap", m.sap_inv, f"0x{m.sap:02x}") if m.sap is not None else ""
            return out + (
                _option("--802_3-type", m.type_inv, f"0x{m.type:04x}") if m.type is not None else ""
            )
        case eb.EbPkttype():
            known = m.type < len(PACKET_TYPES)
            return _option("--pkttype-type", m.inv, PACKET_TYPES[m.type] if known else str(m.type))
        case eb.EbMark():
            if m.any_bit:
                return _option("--mark", m.inv, f"/0x{m.mask:x}")
            mask = "" if m.mask == 0xFFFFFFFF else f"/0x{m.mask:x}"
            return _option("--mark", m.inv, f"0x{m.value:x}{mask}")
        case eb.EbLimit():
            return f"--limit {rate_text(m.average)} --limit-burst {m.burst} "


def _watcher(w: eb.EbWatcher, nft: bool) -> str:
    if isinstance(w, eb.EbLog):
        out = f"--log-level {LOG_LEVELS[w.level]}"
        out += "" if nft and not w.prefix else f' --log-prefix "{w.prefix}"'
        flags = (("ip", w.ip), ("arp", w.arp), ("ip6", w.ip6))
        return out + "".join(f" --log-{flag}" for flag, on in flags if on) + " "
    if nft:
        out = f'--nflog-prefix "{w.prefix}" ' if w.prefix else ""
        numbers = (("group", w.group, 0), ("range", w.range, 0), ("threshold", w.threshold, 1))
        return out + "".join(f"--nflog-{name} {n} " for name, n, usual in numbers if n != usual)
    # the legacy program forgets the blank after the prefix and after the range
    out = f'--nflog-prefix "{w.prefix}"' if w.prefix else ""
    out += f"--nflog-group {w.group} " if w.group else ""
    out += f"--nflog-range {w.range}" if w.range else ""
    return out + (f" --nflog-threshold {w.threshold} " if w.threshold != 1 else "")


def _target(t: eb.EbTarget, mac_text: MacText, nft: bool) -> str:
    match t:
        case eb.EbVerdict():
            return t.name if nft else f"{t.name} "
        case eb.EbJump():
            return t.name
        case eb.EbSetMark():
            return f"mark --mark-{t.action} 0x{t.value:x} --mark-target {t.verdict}"
        case eb.EbSnat():
            arp = " --snat-arp" if t.arp else ""
            return f"snat --to-src {mac_text(t.mac)}{arp} --snat-target {t.verdict}"
        case eb.EbDnat():
            return f"dnat --to-dst {mac_text(t.mac)} --dnat-target {t.verdict}"
        case eb.EbRedirect():
            blank = "" if nft else " "
            return "redirect " + ("" if t.verdict == "ACCEPT" else f"{blank}--redirect-target {t.verdict}")
        case eb.EbArpreply():
            verdict = "" if t.verdict == "DROP" else f" --arpreply-target {t.verdict}"
            return f"arpreply --arpreply-mac {mac_text(t.mac)}{verdict}"


def eb_rule_text(rule: eb.EbRule, *, mac2: bool = False, nft: bool = False) -> str:
    """A rule as ``ebtables -L`` prints it, with the blank that may end it; ``mac2`` as ``--Lmac2``.

    ``nft`` is for the form of ebtables-nft.

    >>> eb_rule_text(eb.EbRule(proto=0x800, target=eb.EbVerdict("DROP")))
    '-p IPv4 -j DROP '
    """
    mac_text = full_mac if mac2 or nft else short_mac
    out = ""
    if rule.length:
        out += _option("-p", rule.proto_inv, "Length")
    elif rule.proto is not None:
        out += _option("-p", rule.proto_inv, _ethertype(rule.proto))
    if rule.src is not None:
        out += _option("-s", rule.src_inv, _mac_mask(rule.src, mac_text))
    if rule.dst is not None:
        out += _option("-d", rule.dst_inv, _mac_mask(rule.dst, mac_text))
    for option, device, inverted in (
        ("-i", rule.in_dev, rule.in_inv),
        ("--logical-in", rule.logical_in, rule.logical_in_inv),
        ("--logical-out", rule.logical_out, rule.logical_out_inv),
        ("-o", rule.out_dev, rule.out_inv),
    ):
        if device:
            out += _option(option, inverted, device)
    for m in rule.matches:
        out += _match(m, mac_text, nft)
    for w in rule.watchers:
        out += _watcher(w, nft)
    return f"{out}-j {_target(rule.target, mac_text, nft)}"

"""The kernel's log: what a TRACE, LOG or ebtables line is made of, and how a record becomes text.

A record keeps references to frozen values, so writing one costs little; text is made when somebody reads it.
Sources: net/netfilter/nf_log_syslog.c, net/bridge/netfilter/ebt_log.c (6.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netlab.kernel.steps import Logged
from netlab.trace.ip import IpFields
from netlab.trace.records import ArpFields, EbtablesRecord, IptablesRecord, MacField
from netlab.wire import ETH_ARP, ETH_IPV4, TCP, UDP, UDPLITE, Arp, Ethernet, Ipv4, Raw, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb

TRACE_LEVEL: Final = 4
TRACE_FLAGS: Final = frozenset({"tcp-sequence", "tcp-options", "ip-options", "uid"})


@dataclass(frozen=True, slots=True)
class IptablesLine:
    """A TRACE or LOG line: everything it shows, not yet text."""

    prefix: str
    in_dev: str
    out_dev: str
    physin: str
    physout: str
    eth: Ethernet | None
    with_mac: bool
    packet: Ipv4
    owner: tuple[int, int] | None
    mark: int
    flags: frozenset[str]
    res_bits: int


@dataclass(frozen=True, slots=True)
class EbtablesLine:
    """An ebtables log line."""

    prefix: str
    in_dev: str
    out_dev: str
    eth: Ethernet
    payload: Ipv4 | Arp | None
    flags: frozenset[str]


def _emit(ns: Netns, journey: int, level: int, record: Any) -> None:
    world = ns.world
    if ns is not world.host and not world.release.log_all_netns:
        return
    world.log(level, record)
    if world.record_steps:
        world.steps.append(Logged(world.now, ns.name, journey, record))


def log_target(skb: Skb, state: HookState, prefix: str, level: int, flags: frozenset[str]) -> None:
    """Log a packet as the LOG target does (nf_log_ip_packet)."""
    ns = state.ns
    br = skb.br
    in_dev = state.in_dev.name if state.in_dev else ""
    out_dev = state.out_dev.name if state.out_dev else ""
    physin = br.physin.name if br else ""
    physout = br.physout.name if br and br.physout else ""
    owner = None
    if "uid" in flags and skb.sk is not None and skb.sk.owned and skb.sk.ns is ns:
        owner = (skb.sk.uid, skb.sk.gid)
    record = IptablesLine(
        prefix,
        in_dev,
        out_dev,
        physin if physin != in_dev else "",
        physout if physout != out_dev else "",
        skb.eth,
        state.in_dev is not None,
        skb.packet,
        owner,
        skb.mark,
        flags - {"macdecode"} if state.in_dev is ns.lo else flags,
        ns.world.release.tcp_res_bits,
    )
    _emit(ns, skb.journey, level, record)


def trace_line(skb: Skb, state: HookState, table: str, chain: str, label: str, number: int) -> None:
    """The line of a rule that matched a traced packet (trace_packet in ip_tables.c)."""
    log_target(skb, state, f"TRACE: {table}:{chain}:{label}:{number} ", TRACE_LEVEL, TRACE_FLAGS)


def ebtables_line(skb: Skb, state: HookState, prefix: str, level: int, flags: frozenset[str]) -> None:
    """The line of an ebtables log watcher (ebt_log_packet)."""
    assert skb.eth is not None
    record = EbtablesLine(
        prefix,
        state.in_dev.name if state.in_dev else "",
        state.out_dev.name if state.out_dev else "",
        skb.eth,
        skb.ip or skb.arp,
        flags,
    )
    _emit(state.ns, skb.journey, level, record)


def message(ns: Netns, level: int, text: str) -> None:
    """Any other line the kernel prints."""
    ns.world.log(level, text)


def martian(ns: Netns, skb: Skb, dst: int, src: int, dev: Device) -> None:
    """``martian source`` and the link header under it (ip_handle_martian_source)."""
    message(ns, 4, f"IPv4: martian source {ip_text(dst)} from {ip_text(src)}, on dev {dev.name}")
    if skb.eth is not None and dev.has_header:
        octets = bytes.fromhex((skb.eth.dst + skb.eth.src).replace(":", "")) + skb.eth.proto.to_bytes(
            2, "big"
        )
        text = " ".join(f"{b:02x}" for b in octets)
        message(ns, 4, f"ll header: 00000000: {text}")


def martian_destination(ns: Netns, dst: int, src: int, dev: Device) -> None:
    """``martian destination``: an address that may not come in from a link (ip_route_input_slow)."""
    message(ns, 4, f"IPv4: martian destination {ip_text(dst)} from {ip_text(src)}, dev {dev.name}")


# --- text -------------------------------------------------------------------------------------------------------


def _iptables_record(line: IptablesLine) -> IptablesRecord:
    mac, eth, decoded = None, line.eth, "macdecode" in line.flags
    if line.with_mac and eth is not None:
        mac = MacField.of(eth.dst, eth.src, eth.proto, decoded=decoded)
    elif line.with_mac and not decoded:
        # Without a link header the raw form is empty, and the decoded one is left out (dump_mac_header).
        mac = MacField()
    return IptablesRecord(
        prefix=line.prefix,
        in_dev=line.in_dev,
        out_dev=line.out_dev,
        physin=line.physin or None,
        physout=line.physout or None,
        mac=mac,
        ip=IpFields.of(
            line.packet,
            tcp_sequence="tcp-sequence" in line.flags,
            tcp_options="tcp-options" in line.flags,
            ip_options="ip-options" in line.flags,
            ae_flag=line.res_bits == 3,
        ),
        uid=line.owner[0] if line.owner else None,
        gid=line.owner[1] if line.owner else None,
        mark=line.mark,
    )


def _ebtables_record(line: EbtablesLine) -> EbtablesRecord:
    base: dict[str, Any] = {
        "prefix": line.prefix,
        "in_dev": line.in_dev,
        "out_dev": line.out_dev,
        "mac_source": line.eth.src,
        "mac_dest": line.eth.dst,
        "proto": line.eth.proto,
    }
    payload = line.payload
    if isinstance(payload, Ipv4) and line.eth.proto == ETH_IPV4 and "ip" in line.flags:
        ports = _ports(payload)
        return EbtablesRecord(
            **base,
            family="ip",
            src=ip_text(payload.src),
            dst=ip_text(payload.dst),
            tos=payload.tos,
            ip_proto=payload.proto,
            spt=ports[0] if ports else None,
            dpt=ports[1] if ports else None,
        )
    if isinstance(payload, Arp) and line.eth.proto == ETH_ARP and "arp" in line.flags:
        return EbtablesRecord(
            **base,
            family="arp",
            arp=ArpFields(
                htype=1,
                ptype=ETH_IPV4,
                opcode=payload.op,
                mac_src=payload.sender_mac,
                ip_src=ip_text(payload.sender_ip),
                mac_dst=payload.target_mac,
                ip_dst=ip_text(payload.target_ip),
            ),
        )
    return EbtablesRecord(**base)


def _ports(packet: Ipv4) -> tuple[int, int] | None:
    """The first four bytes after the header, which ebtables takes for ports even in later fragments."""
    if packet.proto not in (TCP, UDP, UDPLITE, 132, 33):
        return None
    l4 = packet.l4
    if isinstance(l4, Tcp | Udp):
        return l4.sport, l4.dport
    if isinstance(l4, Raw) and len(l4.data) >= 4:
        return int.from_bytes(l4.data[:2], "big"), int.from_bytes(l4.data[2:4], "big")
    return None


def record_of(record: Any) -> IptablesRecord | EbtablesRecord | str:
    """The ``netlab.trace`` record of a line, or the text itself for other kernel messages."""
    if isinstance(record, IptablesLine):
        return _iptables_record(record)
    if isinstance(record, EbtablesLine):
        return _ebtables_record(record)
    return str(record)


def render(record: Any) -> str:
    """The line as the ring buffer has it, trailing space included; dmesg escapes what is not ASCII."""
    from netlab.trace.printing import format_record

    shaped = record_of(record)
    text = shaped if isinstance(shaped, str) else format_record(shaped)
    return text if text.isascii() else text.encode().decode("ascii", "backslashreplace")

"""Records to log lines, byte for byte as the kernel writes them (without level and stamp)."""

from __future__ import annotations

from netlab.trace.events import MonitorPacket, MonitorTrace
from netlab.trace.ip import IpFields
from netlab.trace.monitor import format_event
from netlab.trace.records import ArpFields, EbtablesRecord, IptablesRecord, MacField, Record


def format_record(record: Record) -> str:
    """The line that a record stands for.

    An iptables line ends in a space, because every field does; an ebtables line does not. A damaged line,
    and a line that is not ours, comes back as it was read.

    >>> from netlab.trace.records import IptablesRecord
    >>> ip = IpFields(src="10.0.0.1", dst="10.0.0.2", length=28, tos=0, prec=0, ttl=64, id=7, df=True,
    ...               proto="UDP", spt=1, dpt=2, udp_length=8)
    >>> format_record(IptablesRecord(prefix="seen: ", out_dev="lo", ip=ip, uid=0, gid=0))
    'seen: IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PROTO=UDP SPT=1 \
DPT=2 LEN=8 UID=0 GID=0 '
    """
    if isinstance(record, MonitorPacket | MonitorTrace):
        return format_event(record)
    if record.text is not None:
        return record.text
    return _iptables(record) if isinstance(record, IptablesRecord) else _ebtables(record)


def _iptables(record: IptablesRecord) -> str:
    out = [record.prefix, _head(record)]
    if record.ip is not None:
        out.append(format_ip(record.ip))
        if record.uid is not None:
            out.append(f"UID={record.uid} GID={record.gid} ")
        if record.mark:
            out.append(f"MARK=0x{record.mark:x} ")
    return "".join(out)


def _head(record: IptablesRecord) -> str:
    out = f"IN={record.in_dev} OUT={record.out_dev} "
    if record.physin is not None:
        out += f"PHYSIN={record.physin} "
    if record.physout is not None:
        out += f"PHYSOUT={record.physout} "
    if record.mac is not None:
        out += _mac(record.mac)
    return out


def _mac(mac: MacField) -> str:
    if mac.decoded:
        vlan = "" if mac.vlan is None else f"VPROTO={mac.vlan[0]:04x} VID={mac.vlan[1]} "
        return f"MACSRC={mac.source} MACDST={mac.destination} {vlan}MACPROTO={mac.ethertype or 0:04x} "
    tunnel = "" if mac.tunnel is None else f" TUNNEL={mac.tunnel[0]}->{mac.tunnel[1]}"
    return f"MAC={mac.raw}{tunnel} "


def format_ip(ip: IpFields) -> str:
    """The part of an iptables line from ``SRC=`` on, without owner and mark; of damaged fields what was read."""
    if ip.truncated and not ip.src:
        return "TRUNCATED"
    out = ""
    for label, value, form in (
        ("SRC", ip.src or None, "{}"),
        ("DST", ip.dst or None, "{}"),
        ("LEN", ip.length, "{}"),
        ("TOS", ip.tos, "0x{:02X}"),
        ("PREC", ip.prec, "0x{:02X}"),
        ("TTL", ip.ttl, "{}"),
        ("ID", ip.id, "{}"),
    ):
        if value is None:
            return out
        out += f"{label}={form.format(value)} "
    if ip.ce:
        out += "CE "
    if ip.df:
        out += "DF "
    if ip.mf:
        out += "MF "
    if ip.frag:
        out += f"FRAG:{ip.frag} "
    if ip.truncated:
        return out + "TRUNCATED"
    if ip.opt is not None:
        out += f"OPT ({ip.opt}) "
    if ip.proto:
        out += f"PROTO={ip.proto} " + _l4(ip)
    return out


def _l4(ip: IpFields) -> str:
    if ip.type is not None:
        return _icmp(ip)
    if ip.incomplete is not None:
        return f"INCOMPLETE [{ip.incomplete} bytes] "
    if ip.window is not None:
        return _tcp(ip)
    if ip.udp_length is not None:
        return f"SPT={ip.spt} DPT={ip.dpt} LEN={ip.udp_length} "
    if ip.spi is not None:
        return f"SPI=0x{ip.spi:x} "
    return ""


def _tcp(ip: IpFields) -> str:
    out = f"SPT={ip.spt} DPT={ip.dpt} "
    if ip.seq is not None:
        out += f"SEQ={ip.seq} ACK={ip.ack} "
    out += f"WINDOW={ip.window} RES=0x{ip.res or 0:02x} "
    for flag in ip.flags:
        out += flag + " "
    if ip.urgp is None:
        return out
    out += f"URGP={ip.urgp} "
    if ip.tcp_opt == "TRUNCATED":
        return out + "OPT (TRUNCATED)"
    return out if ip.tcp_opt is None else f"{out}OPT ({ip.tcp_opt}) "


def _icmp(ip: IpFields) -> str:
    out = f"TYPE={ip.type} CODE={ip.code} "
    if ip.incomplete is not None:
        return f"{out}INCOMPLETE [{ip.incomplete} bytes] "
    if ip.icmp_id is not None:
        return f"{out}ID={ip.icmp_id} SEQ={ip.icmp_seq} "
    if ip.parameter is not None:
        return f"{out}PARAMETER={ip.parameter} "
    if ip.gateway is not None:
        out += f"GATEWAY={ip.gateway} "
    if ip.inner is not None:
        out += f"[{format_ip(ip.inner)}] "
    if ip.mtu is not None:
        out += f"MTU={ip.mtu} "
    return out


def _ebtables(record: EbtablesRecord) -> str:
    out = (
        f"{record.prefix} IN={record.in_dev} OUT={record.out_dev} MAC source = {record.mac_source} "
        f"MAC dest = {record.mac_dest} proto = 0x{record.proto:04x}"
    )
    if record.family == "ip" and record.src is not None:
        out += (
            f" IP SRC={record.src} IP DST={record.dst}, IP tos=0x{record.tos:02X}, IP proto={record.ip_proto}"
        )
    elif record.family == "ip6" and record.src is not None:
        out += (
            f" IPv6 SRC={record.src} IPv6 DST={record.dst}, IPv6 priority=0x{record.tos:X}, "
            f"Next Header={record.ip_proto}"
        )
    elif record.arp is not None:
        out += _arp(record.arp)
    if record.spt is not None:
        out += f" SPT={record.spt} DPT={record.dpt}"
    if record.incomplete is not None:
        out += f" INCOMPLETE {record.incomplete}"
    return out


def _arp(arp: ArpFields) -> str:
    out = f" ARP HTYPE={arp.htype}, PTYPE=0x{arp.ptype:04x}, OPCODE={arp.opcode}"
    if arp.mac_src is not None:
        out += f" ARP MAC SRC={arp.mac_src} ARP IP SRC={arp.ip_src}"
        out += f" ARP MAC DST={arp.mac_dst} ARP IP DST={arp.ip_dst}"
    return out

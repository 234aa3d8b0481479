"""Reads the lines of the iptables targets LOG and TRACE.

Each pattern has the grammar's line above it, as in the kernel's ``net/netfilter/nf_log_syslog.c``. Every
field is followed by one space; where that of the last field was lost on the way, the line still reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from netlab.trace._cursor import ADDRESS, DEVICE, HEX_BYTES, MAC, U8, U16, U32, Cursor, Stop, upto
from netlab.trace.ip import ICMP_ERRORS, ICMP_MINIMUM, IpFields
from netlab.trace.records import IptablesRecord, MacField, Problem

# "IN=" dev? " OUT=" dev? " "
_DEVICES = re.compile(rf"IN={DEVICE} OUT={DEVICE} ")
# ["PHYSIN=" dev " "] ["PHYSOUT=" dev " "]
_BRIDGE = re.compile(r"(?:PHYSIN=(\S{1,15}) )?(?:PHYSOUT=(\S{1,15}) )?")
# "MAC=" [hex2 *(":" hex2)] [" TUNNEL=" a "->" a] " "
_MAC = re.compile(rf"MAC=((?:[0-9a-f]{{2}}(?::[0-9a-f]{{2}})*)?)(?: TUNNEL={ADDRESS}->{ADDRESS})? ")
# "MACSRC=" m " MACDST=" m " " ["VPROTO=" hex4 " VID=" n " "] "MACPROTO=" hex4 " "
_MACDECODE = re.compile(
    rf"MACSRC={MAC} MACDST={MAC} (?:VPROTO=([0-9a-f]{{4}}) VID={U16} )?MACPROTO=([0-9a-f]{{4}}) "
)
_TRUNCATED = re.compile("TRUNCATED")

# "SRC=" a " DST=" a " LEN=" n " TOS=0x" HH " PREC=0x" HH " TTL=" n " ID=" n " "
_HEADER: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], Any], str], ...]] = (
    ("src", re.compile(rf"SRC={ADDRESS} "), str, "SRC= and an IPv4 address"),
    ("dst", re.compile(rf"DST={ADDRESS} "), str, "DST= and an IPv4 address"),
    ("length", re.compile(rf"LEN={U16} "), int, "LEN= and a number up to 65535"),
    ("tos", re.compile(r"TOS=0x([0-9A-F]{2}) "), lambda t: int(t, 16), "TOS=0x and two hex digits"),
    ("prec", re.compile(r"PREC=0x([0-9A-F]{2}) "), lambda t: int(t, 16), "PREC=0x and two hex digits"),
    ("ttl", re.compile(rf"TTL={U8} "), int, "TTL= and a number up to 255"),
    ("id", re.compile(rf"ID={U16} "), int, "ID= and a number up to 65535"),
)
# ["CE "] ["DF "] ["MF "] ["FRAG:" n " "]
_FRAGMENT = re.compile(rf"(CE )?(DF )?(MF )?(?:FRAG:{upto(8191, 1)} )?")
# ["OPT (" HH* ") "]
_OPT = re.compile(rf"OPT \({HEX_BYTES}\) ")
# "PROTO=" name or number " "
_PROTO = re.compile("PROTO=(TCP|UDPLITE|UDP|ICMP|AH|ESP|" + U8[1:] + " ")
# "INCOMPLETE [" n " bytes] "
_INCOMPLETE = re.compile(rf"INCOMPLETE \[{U16} bytes\] ")
# "SPT=" n " DPT=" n " "
_PORTS = re.compile(rf"SPT={U16} DPT={U16} ")
# ["SEQ=" n " ACK=" n " "]
_SEQUENCE = re.compile(rf"SEQ={U32} ACK={U32} ")
# "WINDOW=" n " RES=0x" hh " "
_WINDOW = re.compile(rf"WINDOW={U16} RES=0x([0-9a-f]{{2}}) ")
# ["AE "] ["CWR "] ["ECE "] ["URG "] ["ACK "] ["PSH "] ["RST "] ["SYN "] ["FIN "] "URGP=" n " "
_FLAGS = re.compile(r"((?:AE )?(?:CWR )?(?:ECE )?(?:URG )?(?:ACK )?(?:PSH )?(?:RST )?(?:SYN )?(?:FIN )?)")
_URGP = re.compile(rf"URGP={U16} ")
# "OPT (TRUNCATED)", which ends the line
_OPT_CUT = re.compile(r"OPT \(TRUNCATED\)")
# "LEN=" n " " of UDP
_UDP = re.compile(rf"LEN={U16} ")
# "SPI=0x" hex " "
_SPI = re.compile(r"SPI=0x(0|[1-9a-f][0-9a-f]{0,7}) ")
# "TYPE=" n " CODE=" n " "
_TYPE = re.compile(rf"TYPE={U8} CODE={U8} ")
# "ID=" n " SEQ=" n " " of an echo
_ECHO = re.compile(rf"ID={U16} SEQ={U16} ")
# "PARAMETER=" n " "
_PARAMETER = re.compile(rf"PARAMETER={U8} ")
# "GATEWAY=" a " "
_GATEWAY = re.compile(rf"GATEWAY={ADDRESS} ")
# "[" ip "] "
_OPEN = re.compile(r"\[")
_CLOSE = re.compile(r"\] ")
# "MTU=" n " "
_MTU = re.compile(rf"MTU={U16} ")
# "UID=" n " GID=" n " "
_OWNER = re.compile(rf"UID={U32} GID={U32} ")
# "MARK=0x" hex " "
_MARK = re.compile(r"MARK=0x([1-9a-f][0-9a-f]{0,7}) ")
_IPV6 = re.compile(r"SRC=[0-9a-f]{0,4}:")


def read_iptables(text: str, head: int) -> IptablesRecord:
    """Read a line whose ``IN=`` stands at column ``head``; what is damaged ends in ``problems``."""
    cursor = Cursor(text if text.endswith(" ") else text + " ", head)
    fields: dict[str, Any] = {"prefix": text[:head]}
    ip: dict[str, Any] = {}
    try:
        _line(cursor, fields, ip)
        if cursor.at < len(text):
            cursor.stop("expected the end of the line")
    except Stop as stop:
        fields["problems"] = (Problem(min(stop.column, len(text)), stop.message),)
        fields["text"] = text
    if ip:
        fields["ip"] = _fields(ip)
    return IptablesRecord(**fields)


def _fields(ip: dict[str, Any]) -> IpFields:
    if isinstance(ip.get("inner"), dict):
        inner = ip.pop("inner")
        if inner:
            ip["inner"] = _fields(inner)
    return IpFields(**ip)


def _line(cursor: Cursor, fields: dict[str, Any], ip: dict[str, Any]) -> None:
    devices = cursor.need(_DEVICES, "IN= and OUT= with device names")
    fields["in_dev"], fields["out_dev"] = devices.groups()
    bridge = cursor.take(_BRIDGE)
    if bridge:
        fields["physin"], fields["physout"] = bridge.groups()
    if mac := cursor.take(_MAC):
        tunnel = (mac[2], mac[3]) if mac[2] else None
        fields["mac"] = MacField(raw=mac[1], tunnel=tunnel)
    elif mac := cursor.take(_MACDECODE):
        vlan = (int(mac[3], 16), int(mac[4])) if mac[3] else None
        raw = f"{mac[2]}:{mac[1]}:{mac[5][:2]}:{mac[5][2:]}"
        fields["mac"] = MacField(raw=raw, decoded=True, vlan=vlan)
    if _ip(cursor, ip, recurse=True):
        if owner := cursor.take(_OWNER):
            fields["uid"], fields["gid"] = int(owner[1]), int(owner[2])
        if mark := cursor.take(_MARK):
            fields["mark"] = int(mark[1], 16)


def _ip(cursor: Cursor, ip: dict[str, Any], *, recurse: bool) -> bool:
    """Read from SRC= on; False where the kernel's own line ends early."""
    if cursor.take(_TRUNCATED):
        ip["truncated"] = True
        return False
    if _IPV6.match(cursor.text, cursor.at):
        cursor.stop("an IPv6 packet: lines of ip6tables are not modelled")
    for name, pattern, convert, expected in _HEADER:
        ip[name] = convert(cursor.need(pattern, expected)[1])
    if fragment := cursor.take(_FRAGMENT):
        ip["ce"], ip["df"], ip["mf"] = (bool(fragment[n]) for n in (1, 2, 3))
        ip["frag"] = int(fragment[4] or 0)
    if cursor.take(_TRUNCATED):
        ip["truncated"] = True
        return False
    if opt := cursor.take(_OPT):
        ip["opt"] = opt[1]
    proto = cursor.take(_PROTO)
    if proto is None:
        if ip["frag"]:  # a later fragment of AH prints no protocol
            return True
        cursor.stop("expected PROTO= and a protocol")
    ip["proto"] = proto[1]
    reader = _PROTOCOLS.get(proto[1])
    if reader is None or ip["frag"]:
        return True
    if reader is not _icmp and (incomplete := cursor.take(_INCOMPLETE)):
        ip["incomplete"] = int(incomplete[1])
        return reader is _ipsec
    return _icmp(cursor, ip, recurse=recurse) if reader is _icmp else reader(cursor, ip)


def _tcp(cursor: Cursor, ip: dict[str, Any]) -> bool:
    ports = cursor.need(_PORTS, "SPT= and DPT=")
    ip["spt"], ip["dpt"] = int(ports[1]), int(ports[2])
    if sequence := cursor.take(_SEQUENCE):
        ip["seq"], ip["ack"] = int(sequence[1]), int(sequence[2])
    window = cursor.need(_WINDOW, "WINDOW= and RES=0x")
    ip["window"], ip["res"] = int(window[1]), int(window[2], 16)
    flags = cursor.take(_FLAGS)
    ip["flags"] = tuple(flags[1].split()) if flags else ()
    ip["urgp"] = cursor.number(_URGP, "TCP flags in their order, then URGP=")
    if cursor.take(_OPT_CUT):
        ip["tcp_opt"] = "TRUNCATED"
        return False
    if opt := cursor.take(_OPT):
        ip["tcp_opt"] = opt[1]
    return True


def _udp(cursor: Cursor, ip: dict[str, Any]) -> bool:
    ports = cursor.need(_PORTS, "SPT= and DPT=")
    ip["spt"], ip["dpt"] = int(ports[1]), int(ports[2])
    ip["udp_length"] = cursor.number(_UDP, "LEN= of the datagram")
    return True


def _ipsec(cursor: Cursor, ip: dict[str, Any]) -> bool:
    ip["spi"] = int(cursor.need(_SPI, "SPI=0x and hex digits")[1], 16)
    return True


def _icmp(cursor: Cursor, ip: dict[str, Any], *, recurse: bool = True) -> bool:
    if incomplete := cursor.take(_INCOMPLETE):
        ip["incomplete"] = int(incomplete[1])
        return True
    message = cursor.need(_TYPE, "TYPE= and CODE=")
    kind, code = int(message[1]), int(message[2])
    ip["type"], ip["code"] = kind, code
    if kind in ICMP_MINIMUM and (incomplete := cursor.take(_INCOMPLETE)):
        ip["incomplete"] = int(incomplete[1])
    elif kind in (0, 8):
        echo = cursor.need(_ECHO, "ID= and SEQ= of the echo")
        ip["icmp_id"], ip["icmp_seq"] = int(echo[1]), int(echo[2])
    elif kind == 12:
        ip["parameter"] = cursor.number(_PARAMETER, "PARAMETER=")
    elif kind in ICMP_ERRORS:
        _error(cursor, ip, recurse)
    return True


def _error(cursor: Cursor, ip: dict[str, Any], recurse: bool) -> None:
    if ip["type"] == 5:
        ip["gateway"] = cursor.need(_GATEWAY, "GATEWAY= and an address")[1]
    if recurse:
        cursor.need(_OPEN, "[ and the packet that the error is about")
        inner: dict[str, Any] = {}
        ip["inner"] = inner
        _ip(cursor, inner, recurse=False)
        cursor.need(_CLOSE, "] after the quoted packet")
    if ip["type"] == 3 and ip["code"] == 4:
        ip["mtu"] = cursor.number(_MTU, "MTU=")


_PROTOCOLS: Final[dict[str, Callable[[Cursor, dict[str, Any]], bool]]] = {
    "TCP": _tcp,
    "UDP": _udp,
    "UDPLITE": _udp,
    "ICMP": _icmp,
    "AH": _ipsec,
    "ESP": _ipsec,
}

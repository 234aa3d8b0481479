"""The IPv4 half of an iptables log line as a value: every field that the kernel prints from ``SRC=`` on.

Source of the facts: the kernel's ``net/netfilter/nf_log_syslog.c`` (``dump_ipv4_packet`` and its TCP and
UDP helpers; ``net/ipv4/netfilter/nf_log_ipv4.c`` before 5.13).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

from netlab.errors import NotModelledError
from netlab.wire import ICMP, L4, TCP, UDP, UDPLITE, Icmp, Ipv4, Raw, Tcp, Udp, ip_text

AH: Final = 51
ESP: Final = 50

#: Protocols that the kernel prints by name; all others are numbers.
PROTOCOL_NAMES: Final = {ICMP: "ICMP", TCP: "TCP", UDP: "UDP", ESP: "ESP", AH: "AH", UDPLITE: "UDPLITE"}

#: TCP flags in the order in which they are printed, with their bit.
TCP_FLAGS: Final = (
    ("CWR", 0x80),
    ("ECE", 0x40),
    ("URG", 0x20),
    ("ACK", 0x10),
    ("PSH", 0x08),
    ("RST", 0x04),
    ("SYN", 0x02),
    ("FIN", 0x01),
)
_FLAG_SETS: Final = tuple(tuple(name for name, bit in TCP_FLAGS if bits & bit) for bits in range(256))

#: How many ICMP bytes must be there before the kernel prints more than TYPE and CODE.
ICMP_MINIMUM: Final = {0: 4, 8: 4, 3: 28, 4: 28, 5: 28, 11: 28, 12: 28, 13: 20, 14: 20, 17: 12, 18: 12}

#: ICMP types that carry the packet they complain about.
ICMP_ERRORS: Final = frozenset({3, 4, 5, 11})


@dataclass(frozen=True, slots=True, kw_only=True)
class IpFields:
    """What a log line says about an IPv4 packet; None or empty where the line does not have the field.

    ``src`` to ``id`` are missing only where a line was damaged (or ``truncated``).

    Numbers are as printed: ``length`` in bytes, ``tos`` and ``prec`` the two masked halves of the TOS byte,
    ``frag`` the offset in units of eight bytes, ``res`` the reserved TCP bits shifted left by two.
    ``opt`` and ``tcp_opt`` are hex digits (``tcp_opt`` may be ``TRUNCATED``). ``proto`` is the text after
    ``PROTO=``, empty for a later fragment of AH, of which the kernel prints nothing. ``incomplete`` counts
    the bytes that were there where a header was too short; ``truncated`` ends a line that lacks an IP header
    (or its options). ``inner`` is the packet quoted by an ICMP error.
    """

    src: str = ""
    dst: str = ""
    length: int | None = None
    tos: int | None = None
    prec: int | None = None
    ttl: int | None = None
    id: int | None = None
    ce: bool = False
    df: bool = False
    mf: bool = False
    frag: int = 0
    opt: str | None = None
    proto: str = ""
    spt: int | None = None
    dpt: int | None = None
    seq: int | None = None
    ack: int | None = None
    window: int | None = None
    res: int | None = None
    flags: tuple[str, ...] = ()
    urgp: int | None = None
    tcp_opt: str | None = None
    udp_length: int | None = None
    type: int | None = None
    code: int | None = None
    icmp_id: int | None = None
    icmp_seq: int | None = None
    gateway: str | None = None
    mtu: int | None = None
    parameter: int | None = None
    inner: IpFields | None = None
    spi: int | None = None
    incomplete: int | None = None
    truncated: bool = False

    @classmethod
    def of(
        cls,
        packet: Ipv4,
        *,
        tcp_sequence: bool = True,
        tcp_options: bool = True,
        ip_options: bool = True,
        ae_flag: bool = False,
    ) -> IpFields:
        """The fields that the kernel would log for a packet.

        The three ``*_sequence`` and ``*_options`` switches are LOG's options of those names; TRACE has all
        of them. ``ae_flag`` prints the lowest reserved TCP bit as the flag AE, as kernels since 6.15 or so
        do (seen on 6.18).

        >>> from netlab.wire import Udp, ip
        >>> fields = IpFields.of(Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), UDP, Udp(5353, 53, b"hello")))
        >>> fields.src, fields.proto, fields.dpt, fields.udp_length
        ('10.0.0.1', 'UDP', 53, 13)
        """
        return _project(packet, None, (tcp_sequence, tcp_options, ip_options, ae_flag), recurse=True)

    @property
    def whole(self) -> bool:
        """False where the kernel stops a line early: without owner and mark after a cut TCP or UDP header."""
        if self.truncated or self.tcp_opt == "TRUNCATED":
            return False
        return self.incomplete is None or self.proto not in ("TCP", "UDP", "UDPLITE")


TRUNCATED: Final = IpFields(truncated=True)

_Switches = tuple[bool, bool, bool, bool]


def _project(packet: Ipv4, quoted: int | None, switches: _Switches, *, recurse: bool) -> IpFields:
    """``quoted`` is how many bytes of the packet are there; None for all of them."""
    there = packet.length if quoted is None else min(quoted, packet.length)
    if there < 20:
        return TRUNCATED
    fields: dict[str, Any] = {
        "src": ip_text(packet.src),
        "dst": ip_text(packet.dst),
        "length": packet.length,
        "tos": packet.tos & 0x1E,
        "prec": packet.tos & 0xE0,
        "ttl": packet.ttl,
        "id": packet.id,
        "df": packet.df,
        "mf": packet.mf,
        "frag": packet.frag,
    }
    if packet.options and switches[2]:
        if there < packet.header:
            return IpFields(**fields, truncated=True)
        fields["opt"] = packet.options.hex().upper()
    left = max(0, there - packet.header)
    proto = packet.proto
    if proto == AH and packet.frag:
        return IpFields(**fields)
    fields["proto"] = PROTOCOL_NAMES.get(proto) or str(proto)
    if packet.frag or proto not in PROTOCOL_NAMES:
        return IpFields(**fields)
    l4 = _header(proto, packet.l4)
    if proto == TCP:
        _tcp(fields, l4, left, switches)
    elif proto in (UDP, UDPLITE):
        _udp(fields, l4, left)
    elif proto == ICMP:
        _icmp(fields, l4, left, switches, recurse)
    else:
        _ipsec(fields, proto, l4, left)
    return IpFields(**fields)


def _tcp(fields: dict[str, Any], l4: L4, left: int, switches: _Switches) -> None:
    if left < 20 or not isinstance(l4, Tcp):
        fields["incomplete"] = left
        return
    sequence, options, _, ae_flag = switches
    fields["spt"], fields["dpt"] = l4.sport, l4.dport
    if sequence:
        fields["seq"], fields["ack"] = l4.seq, l4.ack
    fields["window"], fields["urgp"] = l4.window, l4.urgp
    flags = _FLAG_SETS[l4.flags & 0xFF]
    if ae_flag:
        fields["res"] = (l4.res & 0xE) << 2
        if l4.res & 1:
            flags = ("AE", *flags)
    else:
        fields["res"] = l4.res << 2
    fields["flags"] = flags
    if l4.options and options:
        fits = left >= 20 + len(l4.options)
        fields["tcp_opt"] = l4.options.hex().upper() if fits else "TRUNCATED"


def _udp(fields: dict[str, Any], l4: L4, left: int) -> None:
    if left < 8 or not isinstance(l4, Udp):
        fields["incomplete"] = left
        return
    fields["spt"], fields["dpt"] = l4.sport, l4.dport
    fields["udp_length"] = l4.length if l4.total is None else l4.total


def _icmp(fields: dict[str, Any], l4: L4, left: int, switches: _Switches, recurse: bool) -> None:
    if left < 8 or not isinstance(l4, Icmp):
        fields["incomplete"] = left
        return
    fields["type"], fields["code"] = l4.type, l4.code
    if left < ICMP_MINIMUM.get(l4.type, 0):
        fields["incomplete"] = left
        return
    if l4.type in (0, 8):
        fields["icmp_id"], fields["icmp_seq"] = l4.id, l4.seq
    elif l4.type == 12:
        fields["parameter"] = l4.rest >> 24
    elif l4.type in ICMP_ERRORS:
        if l4.type == 5:
            fields["gateway"] = ip_text(l4.rest)
        if recurse:
            if l4.inner is None:
                raise NotModelledError("an ICMP error that quotes raw bytes", expected="Icmp.inner, a packet")
            fields["inner"] = _project(l4.inner, min(left - 8, l4.quoted), switches, recurse=False)
        if l4.type == 3 and l4.code == 4:
            fields["mtu"] = l4.rest & 0xFFFF


def _ipsec(fields: dict[str, Any], proto: int, l4: L4, left: int) -> None:
    need, offset = (12, 4) if proto == AH else (8, 0)
    if left < need or not isinstance(l4, Raw):
        fields["incomplete"] = left
        return
    fields["spi"] = int.from_bytes(l4.data[offset : offset + 4], "big")


def _header(proto: int, l4: L4) -> L4:
    """Raw bytes of a known protocol, read as its header; shorter ones stay as they are."""
    if not isinstance(l4, Raw):
        return l4
    data = l4.data
    if proto == TCP and len(data) >= 20:
        sport, dport, seq, ack, offset, flags, window, _, urgp = struct.unpack_from("!HHIIBBHHH", data)
        size = max(20, (offset >> 4) * 4)
        return Tcp(sport, dport, seq, ack, flags, window, data[20:size], data[size:], urgp, offset & 0xF)
    if proto in (UDP, UDPLITE) and len(data) >= 8:
        sport, dport, total, _ = struct.unpack_from("!HHHH", data)
        return Udp(sport, dport, data[8:], total)
    if proto == ICMP and len(data) >= 8:
        kind, code, _, rest = struct.unpack_from("!BBHI", data)
        return Icmp(kind, code, rest, data[8:])
    return l4

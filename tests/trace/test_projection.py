"""IpFields.of: what the kernel would log for a packet, against captured lines of that packet."""

from __future__ import annotations

import pytest

from netlab.errors import NotModelledError
from netlab.trace import IpFields, IptablesRecord, format_ip, parse_line
from netlab.wire import ACK, ICMP, RST, SYN, TCP, UDP, Icmp, Ipv4, Raw, Tcp, Udp, ip


def line_with(captures: dict[str, list[str]], *words: str) -> IpFields:
    line = next(x for x in captures["kernel-6.18.txt"] if all(w in x for w in words))
    record = parse_line(line)
    assert isinstance(record, IptablesRecord)
    assert record.ip is not None
    return record.ip


def test_echo(captures: dict[str, list[str]]) -> None:
    seen = line_with(captures, "raw:PREROUTING", "TYPE=8", "ID=51097")
    echo = Icmp(8, 0, 7259 << 16 | 1, bytes(56))
    packet = Ipv4(ip("172.29.0.2"), ip("172.29.0.3"), ICMP, echo, id=51097, df=True)
    assert IpFields.of(packet) == seen


def test_syn_with_options(captures: dict[str, list[str]]) -> None:
    seen = line_with(captures, "raw:PREROUTING", "SPT=40001", " SYN URGP")
    options = bytes.fromhex(seen.tcp_opt or "")
    tcp = Tcp(40001, 8080, seen.seq or 0, 0, SYN, 64240, options)
    packet = Ipv4(ip("10.99.0.2"), ip("10.99.0.1"), TCP, tcp, id=seen.id or 0, df=True)
    assert IpFields.of(packet) == seen
    plain = IpFields.of(packet, tcp_sequence=False, tcp_options=False)
    assert (plain.seq, plain.tcp_opt) == (None, None)


def test_error_quotes_the_packet(captures: dict[str, list[str]]) -> None:
    seen = line_with(captures, "filter:OUTPUT", "TYPE=11")
    assert seen.inner is not None
    inner = Ipv4(
        ip("172.29.0.2"),
        ip("198.51.100.9"),
        ICMP,
        Icmp(8, 0, (seen.inner.icmp_id or 0) << 16 | 1, bytes(56)),
        ttl=1,
        id=seen.inner.id or 0,
        df=True,
    )
    error = Icmp(11, 0, 0, inner=inner, quoted=84)
    packet = Ipv4(ip("172.29.0.1"), ip("172.29.0.2"), ICMP, error, id=seen.id or 0, tos=0xC0)
    assert IpFields.of(packet) == seen


def quoting(inner: Ipv4, quoted: int) -> str:
    return format_ip(
        IpFields.of(Ipv4(ip("10.0.0.9"), inner.src, ICMP, Icmp(3, 3, 0, inner=inner, quoted=quoted)))
    )


def test_short_quotations_are_incomplete() -> None:
    tcp = Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), TCP, Tcp(1, 2, flags=ACK | RST))
    udp = Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), UDP, Udp(1, 2, b"x" * 21))
    # eight bytes of TCP are not a TCP header; of UDP they are the whole one
    assert quoting(tcp, 28).endswith("PROTO=TCP INCOMPLETE [8 bytes] ] ")
    assert quoting(udp, 28).endswith("PROTO=UDP SPT=1 DPT=2 LEN=29 ] ")
    # E18: a quotation that ends with the IP header
    assert "INCOMPLETE [20 bytes]" not in quoting(udp, 28)
    assert quoting(udp, 20).endswith("PROTO=UDP INCOMPLETE [0 bytes] ] ")


def test_quotation_without_an_ip_header_makes_the_message_incomplete() -> None:
    udp = Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), UDP, Udp(1, 2))
    # the kernel wants 28 bytes of an error before it looks inside
    assert quoting(udp, 10).endswith("PROTO=ICMP TYPE=3 CODE=3 INCOMPLETE [18 bytes] ")


def test_later_fragment_stops_after_the_protocol() -> None:
    packet = Ipv4(ip("10.0.0.1"), ip("10.0.0.2"), UDP, Raw(bytes(100)), id=5, frag=185)
    assert format_ip(IpFields.of(packet)).endswith("ID=5 FRAG:185 PROTO=UDP ")


def test_raw_bytes_of_a_known_protocol_are_read() -> None:
    raw = Raw(bytes.fromhex("0001 0002 000c 0000 61626364"))
    assert format_ip(IpFields.of(Ipv4(1, 2, UDP, raw))).endswith("PROTO=UDP SPT=1 DPT=2 LEN=12 ")
    assert format_ip(IpFields.of(Ipv4(1, 2, UDP, Raw(b"abc")))).endswith("PROTO=UDP INCOMPLETE [3 bytes] ")
    esp = Raw(bytes.fromhex("0000beef 00000001"))
    assert format_ip(IpFields.of(Ipv4(1, 2, 50, esp))).endswith("PROTO=ESP SPI=0xbeef ")


def test_tos_is_split_and_the_lowest_bit_hidden() -> None:
    # E18: tos 0xb8 prints TOS=0x18 PREC=0xA0
    assert "TOS=0x18 PREC=0xA0 " in format_ip(IpFields.of(Ipv4(1, 2, UDP, Udp(1, 2), tos=0xB9)))


def test_reserved_bits_by_release() -> None:
    packet = Ipv4(1, 2, TCP, Tcp(1, 2, flags=SYN, res=1))
    assert " RES=0x04 SYN URGP" in format_ip(IpFields.of(packet))
    assert " RES=0x00 AE SYN URGP" in format_ip(IpFields.of(packet, ae_flag=True))


def test_error_of_raw_bytes_is_refused() -> None:
    packet = Ipv4(1, 2, ICMP, Icmp(3, 3, data=bytes(28)))
    with pytest.raises(NotModelledError):
        IpFields.of(packet)

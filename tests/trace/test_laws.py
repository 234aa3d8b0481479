"""Laws: printing then reading is the identity, no text raises, and the bulk table equals that of the records."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.data import capture
from netlab.trace import (
    ArpFields,
    EbtablesRecord,
    IpFields,
    IptablesRecord,
    MacField,
    Unread,
    format_record,
    parse_line,
    read_trace,
)
from netlab.trace.ip import ICMP_ERRORS, ICMP_MINIMUM
from netlab.trace.tables import frame_of

u8, u16, u32 = (st.integers(0, 2**n - 1) for n in (8, 16, 32))
address = st.tuples(u8, u8, u8, u8).map(lambda t: ".".join(map(str, t)))
mac = st.binary(min_size=6, max_size=6).map(lambda b: b.hex(":"))
device = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.@", min_size=1, max_size=15)
# a prefix is a stranger's text: it may look like a part of the line itself
piece = st.sampled_from(
    ["IN=", "OUT=", " ", "x", "TRACE: ", "SRC=1.2.3.4 ", "[5] ", "é", "<b>", "raw:", "MAC="]
)
prefix = st.lists(piece, max_size=6).map("".join).filter(lambda t: len(t) <= 29)
trace_prefix = st.builds(
    "TRACE: {}:{}:{}:{} ".format,
    st.sampled_from(["raw", "mangle", "nat", "filter", "security"]),
    st.text("ABCXYZ-:_1", min_size=1, max_size=12),
    st.sampled_from(["policy", "rule", "return"]),
    st.integers(1, 50_000),
)
hexes = st.binary(min_size=4, max_size=12).map(lambda b: b.hex().upper())


@st.composite
def ip_fields(draw: st.DrawFn, *, inner: bool = False) -> IpFields:
    if draw(st.integers(0, 19)) == 0:
        return IpFields(truncated=True)
    base: dict[str, Any] = {
        "src": draw(address),
        "dst": draw(address),
        "length": draw(u16),
        "tos": draw(u8) & 0x1E,
        "prec": draw(u8) & 0xE0,
        "ttl": draw(u8),
        "id": draw(u16),
        "ce": draw(st.booleans()),
        "df": draw(st.booleans()),
        "mf": draw(st.booleans()),
        "opt": draw(st.none() | hexes),
    }
    frag = draw(st.sampled_from([0, 0, 0, 185, 8191]))
    base["frag"] = frag
    proto = draw(st.sampled_from(["TCP", "UDP", "UDPLITE", "ICMP", "AH", "ESP", "2", "47", "132"]))
    if frag and proto == "AH":
        return IpFields(**base)
    base["proto"] = proto
    if frag or proto.isdigit():
        return IpFields(**base)
    if draw(st.integers(0, 9)) == 0:
        return IpFields(**base, incomplete=draw(st.integers(0, 19)))
    if proto == "TCP":
        return IpFields(**base, **draw(tcp()))
    if proto in ("UDP", "UDPLITE"):
        return IpFields(**base, spt=draw(u16), dpt=draw(u16), udp_length=draw(u16))
    if proto == "ICMP":
        return IpFields(**base, **draw(icmp(inner=inner)))
    return IpFields(**base, spi=draw(u32))


@st.composite
def tcp(draw: st.DrawFn) -> dict[str, Any]:
    sequence = draw(st.booleans())
    flags = ("AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
    return {
        "spt": draw(u16),
        "dpt": draw(u16),
        "seq": draw(u32) if sequence else None,
        "ack": draw(u32) if sequence else None,
        "window": draw(u16),
        "res": draw(st.integers(0, 15)) << 2,
        "flags": tuple(f for f in flags if draw(st.booleans())),
        "urgp": draw(u16),
        "tcp_opt": draw(st.none() | hexes | st.just("TRUNCATED")),
    }


@st.composite
def icmp(draw: st.DrawFn, *, inner: bool) -> dict[str, Any]:
    kind, code = draw(st.sampled_from([0, 8, 3, 4, 5, 11, 12, 13, 17, 30])), draw(st.sampled_from([0, 1, 4]))
    out: dict[str, Any] = {"type": kind, "code": code}
    if kind in ICMP_MINIMUM and draw(st.integers(0, 9)) == 0:
        return {**out, "incomplete": draw(st.integers(8, 27))}
    if kind in (0, 8):
        return {**out, "icmp_id": draw(u16), "icmp_seq": draw(u16)}
    if kind == 12:
        return {**out, "parameter": draw(u8)}
    if kind in ICMP_ERRORS:
        if kind == 5:
            out["gateway"] = draw(address)
        if not inner:
            out["inner"] = draw(ip_fields(inner=True))
        if (kind, code) == (3, 4):
            out["mtu"] = draw(u16)
    return out


@st.composite
def mac_field(draw: st.DrawFn) -> MacField:
    if draw(st.booleans()):
        decoded = draw(st.booleans())
        vlan = draw(st.none() | st.tuples(u16, st.integers(0, 4095))) if decoded else None
        field = MacField.of(draw(mac), draw(mac), draw(u16), decoded=decoded)
        return MacField(raw=field.raw, decoded=decoded, vlan=vlan)
    raw = draw(st.binary(max_size=20).map(lambda b: b.hex(":")))
    return MacField(raw=raw, tunnel=draw(st.none() | st.tuples(address, address)))


@st.composite
def iptables_records(draw: st.DrawFn) -> IptablesRecord:
    ip = draw(ip_fields())
    owner = draw(st.none() | st.tuples(u32, u32)) if ip.whole else None
    in_dev = draw(st.just("") | device)
    return IptablesRecord(
        prefix=draw(prefix | trace_prefix),
        in_dev=in_dev,
        out_dev=draw(st.just("") | device),
        physin=draw(st.none() | device),
        physout=draw(st.none() | device),
        mac=draw(mac_field()) if in_dev else None,
        ip=ip,
        uid=owner[0] if owner else None,
        gid=owner[1] if owner else None,
        mark=draw(st.just(0) | u32) if ip.whole else 0,
    )


@st.composite
def ebtables_records(draw: st.DrawFn) -> EbtablesRecord:
    base: dict[str, Any] = {
        "prefix": draw(prefix | st.sampled_from(["TRACE: eb:nat:PREROUTING", "EB:filter:FORWARD:"])),
        "in_dev": draw(st.just("") | device),
        "out_dev": draw(st.just("") | device),
        "mac_source": draw(mac),
        "mac_dest": draw(mac),
        "proto": draw(u16),
    }
    family = draw(st.sampled_from(["", "ip", "ip6", "arp"]))
    base["family"] = family
    if family == "ip":
        base |= {"src": draw(address), "dst": draw(address), "tos": draw(u8)}
    elif family == "ip6":
        six = st.binary(min_size=16, max_size=16).map(
            lambda b: ":".join(b.hex()[n : n + 4] for n in range(0, 32, 4))
        )
        base |= {"src": draw(six), "dst": draw(six), "tos": draw(st.integers(0, 15))}
    elif family == "arp":
        addresses = draw(st.booleans())
        base["arp"] = ArpFields(
            htype=draw(u16),
            ptype=draw(u16),
            opcode=draw(u16),
            mac_src=draw(mac) if addresses else None,
            ip_src=draw(address) if addresses else None,
            mac_dst=draw(mac) if addresses else None,
            ip_dst=draw(address) if addresses else None,
        )
    if family in ("ip", "ip6"):
        base["ip_proto"] = draw(st.sampled_from([1, 6, 17, 132, 47]))
        if base["ip_proto"] in (6, 17, 132) and draw(st.booleans()):
            base |= {"spt": draw(u16), "dpt": draw(u16)}
        elif draw(st.booleans()):
            base["incomplete"] = "TCP/UDP header"
    return EbtablesRecord(**base)


@given(iptables_records() | ebtables_records())
def test_print_then_read_is_the_identity(record: IptablesRecord | EbtablesRecord) -> None:
    assert parse_line(format_record(record)) == record


@given(iptables_records() | ebtables_records(), st.data())
def test_a_cut_line_is_kept_and_says_why(
    record: IptablesRecord | EbtablesRecord, data: st.DataObject
) -> None:
    line = format_record(record)
    cut = line[: data.draw(st.integers(0, len(line)))]
    again = parse_line(cut)
    if isinstance(again, IptablesRecord | EbtablesRecord) and again.problems:
        assert 0 <= again.problems[0].column <= len(cut)
        assert again.problems[0].message
        assert format_record(again) == cut
    elif isinstance(again, Unread):
        assert again.text == cut
        assert again.reason


@given(st.text(max_size=300))
def test_any_text_reads_without_an_exception(text: str) -> None:
    record = parse_line(text)
    if not isinstance(record, IptablesRecord | EbtablesRecord):
        assert format_record(record) == text


stamps = st.sampled_from(
    [
        *(
            "",
            "[ 2228.503722] ",
            "[12345.678901] ",
            "<4>[    1.000001] ",
            "[Sun Nov  5 14:50:46 2017] ",
            "hello ",
        ),
        *("Nov  5 14:50:46 h kernel: [   10.500000] ", "2017-11-05T14:50:46.123456+08:00 h2 kernel: "),
    ]
)
lines = st.tuples(stamps, (iptables_records() | ebtables_records()).map(format_record)).map("".join)
junk = st.sampled_from(
    ["", "hello", "\x00\x01", "TRACE: raw:OUTPUT:policy:1 IN=", '{"MESSAGE": "IN= OUT=lo "}', "é" * 9]
)


@settings(deadline=None)
@given(st.lists(st.tuples(lines | junk, st.sampled_from([0, 0, 0, 1, 5, 40])), max_size=12), st.booleans())
def test_bulk_table_equals_the_table_of_the_records(parts: list[tuple[str, int]], ended: bool) -> None:
    cut = [line[: len(line) - less] for line, less in parts for _ in range(2)]
    log = read_trace("\n".join(cut) + "\n" * (ended or len(cut) < 2))
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))


CAPTURED = [
    line
    for name in ("kernel-6.18.txt", "kernel-6.1-ebtables.txt")
    for line in capture(name).splitlines()
    if line.startswith(("TRACE: ", "EB:"))
]


@st.composite
def nearly_captured(draw: st.DrawFn) -> str:
    """A captured line in which up to two places have been spoilt."""
    line = draw(st.sampled_from(CAPTURED))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(line) - 1))
        less = draw(st.integers(0, 1))
        line = line[:at] + draw(st.sampled_from(["", *" =.:019AFafx[]()SRCDT,\x00é"])) + line[at + less :]
    return draw(stamps) + line


@settings(deadline=None)
@given(st.lists(nearly_captured(), min_size=1, max_size=12))
def test_bulk_table_of_spoilt_lines_equals_that_of_the_records(spoilt: list[str]) -> None:
    log = read_trace("\n".join(spoilt * 2) + "\n")
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))


def test_a_number_of_nine_digits_with_a_leading_zero_is_damage() -> None:
    line = next(x for x in CAPTURED if "PROTO=TCP" in x)
    seq = line[line.index(" SEQ=") + 5 :].partition(" ")[0]
    log = read_trace(line.replace(seq, "027047551") + "\n")
    assert log.damaged
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))

"""The grammar: captured lines come back byte for byte; damaged and foreign lines say why they are."""

from __future__ import annotations

import pytest

from netlab.trace import (
    EbtablesRecord,
    IptablesRecord,
    KernelMessage,
    Unread,
    format_record,
    parse_line,
    read_trace,
)
from netlab.trace.reading import LONGEST_LINE


def test_captured_lines_come_back_byte_for_byte(captures: dict[str, list[str]]) -> None:
    seen = 0
    for lines in captures.values():
        for line in lines:
            record = parse_line(line)
            assert isinstance(record, IptablesRecord | EbtablesRecord), line
            assert not record.problems, line
            assert format_record(record) == line
            seen += 1
    assert seen == 378


def test_article_lines_only_lack_their_last_space(article: list[str]) -> None:
    for line in article:
        record = parse_line(line)
        printed = format_record(record)
        assert printed == line + " " * isinstance(record, IptablesRecord)


IP = "SRC=10.0.0.1 DST=10.0.0.2 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF "


def test_damaged_line_keeps_what_was_read() -> None:
    line = "TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=84 TOS=0x0"
    record = parse_line(line)
    assert isinstance(record, IptablesRecord)
    assert record.ip is not None
    assert (record.in_dev, record.ip.src, record.ip.length, record.ip.tos) == ("eth0", "10.0.0.1", 84, None)
    assert record.trace is not None
    assert record.problems[0].column == line.index("TOS=")
    assert record.problems[0].message == "expected TOS=0x and two hex digits"


@pytest.mark.parametrize(
    ("field", "bad"),
    [("TTL=64", "TTL=256"), ("ID=1", "ID=65536"), ("LEN=84", "LEN=084"), ("10.0.0.1", "10.0.0.256")],
)
def test_impossible_values_are_problems(field: str, bad: str) -> None:
    line = f"IN= OUT=lo {IP}PROTO=2 "
    assert parse_line(line) == parse_line(line.rstrip())
    record = parse_line(line.replace(field, bad, 1))
    assert isinstance(record, IptablesRecord)
    assert record.problems


def test_text_after_the_last_field_is_a_problem() -> None:
    record = parse_line(f"IN= OUT=lo {IP}PROTO=2 UID=0 GID=0 hello")
    assert isinstance(record, IptablesRecord)
    assert record.uid == 0
    assert record.problems[0].message == "expected the end of the line"


def test_ipv6_lines_are_refused_by_name() -> None:
    record = parse_line(
        "IN=eth0 OUT= MAC= SRC=fe80:0000:0000:0000:0000:0000:0000:0001 DST=ff02:0000:0000:0000 "
    )
    assert isinstance(record, IptablesRecord)
    assert "ip6tables" in record.problems[0].message


def test_a_prefix_that_looks_like_the_line_does_not_mislead() -> None:
    record = parse_line(f"IN=evil OUT=evil IN=eth0 OUT= {IP}PROTO=2 ")
    assert isinstance(record, IptablesRecord)
    assert (record.prefix, record.in_dev, record.out_dev) == ("IN=evil OUT=evil ", "eth0", "")


def test_inner_packet_of_a_real_icmp_error(captures: dict[str, list[str]]) -> None:
    line = next(x for x in captures["kernel-6.18.txt"] if "TYPE=11 CODE=0 [" in x)
    record = parse_line(line)
    assert isinstance(record, IptablesRecord)
    assert record.ip is not None
    assert record.ip.inner is not None
    assert (record.ip.inner.dst, record.ip.inner.ttl, record.ip.inner.icmp_seq) == ("198.51.100.9", 1, 1)
    assert record.ip.prec == 0xC0


def test_a_damaged_inner_packet_has_a_row(captures: dict[str, list[str]]) -> None:
    line = next(x for x in captures["kernel-6.18.txt"] if "TYPE=11 CODE=0 [" in x)
    inner = line.index("[SRC") + 1
    for end in range(inner, len(line)):
        log = read_trace(line[:end] + "\n")
        text = log.frame()["inner"].iloc[0]
        assert text != text or line[inner:end].startswith(text.rstrip())


def test_mac_field_is_destination_source_type(article: list[str]) -> None:
    # veth0594f4b leads to c1, 02:42:c0:a8:00:02, which sends to c2
    record = parse_line(next(x for x in article if "raw:PREROUTING" in x))
    assert isinstance(record, IptablesRecord)
    assert record.mac is not None
    assert record.mac.source == "02:42:c0:a8:00:02"
    assert record.mac.destination == "02:42:c0:a8:00:03"
    assert record.mac.ethertype == 0x0800


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IPv4: martian source 10.0.0.1 from 127.0.0.1, on dev eth0", "martian source"),
        ("ll header: 00000000: 02 4e 46 00 00 01 02 42 ac 1d 00 02 08 00", "ll header"),
        ("eth0 ate my IP address", "ate my IP address"),
        (
            "br0: received packet on nv1 with own address as source address (addr:02:4e:46:00:00:01, vlan:0)",
            "own address",
        ),
    ],
)
def test_other_kernel_lines_are_known(text: str, kind: str) -> None:
    record = parse_line(text)
    assert isinstance(record, KernelMessage)
    assert record.kind == kind


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("trace id c3f61b7f ip raw PREROUTING packet: iif", "nft monitor"),
        (" TRACE: 2 bfb5d256 raw:PREROUT", "xtables-monitor"),
        ("x" * (LONGEST_LINE + 1), "longer"),
        ("hello", "not a line"),
        ("", "empty"),
    ],
)
def test_unread_lines_say_why(text: str, word: str) -> None:
    record = parse_line(text)
    assert isinstance(record, Unread)
    assert word in record.reason

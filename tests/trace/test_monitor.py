"""Events of nftables, as two programs printed them of the same packets (see captures/ORIGIN.md)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab import data
from netlab._cli_trace import add_parser
from netlab.trace import MonitorPacket, MonitorTrace, Unread, format_record, parse_line, read_trace

FOLDER = Path(__file__).parent / "captures"
XTABLES = FOLDER / "xtables-monitor-1.8.9.txt"
NFT = FOLDER / "nft-monitor-1.0.6.txt"
RECENT = {tool: data.path(f"{tool}-monitor-6.18.txt") for tool in ("xtables", "nft")}
LINES = [line for file in (XTABLES, NFT) for line in file.read_text().splitlines()]


def test_every_line_comes_back_byte_for_byte() -> None:
    assert len(LINES) == 338
    for line in LINES:
        event = parse_line(line)
        assert isinstance(event, MonitorPacket | MonitorTrace), line
        assert format_record(event) == line


def test_lines_that_lost_their_outer_spaces_still_read() -> None:
    for line in LINES:
        assert parse_line(line.strip()) == parse_line(line)


def test_both_programs_tell_the_same_packets() -> None:
    ours, theirs = read_trace(XTABLES).monitor_journeys(), read_trace(NFT).monitor_journeys()
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.trace_ids == other.trace_ids
        assert [(t.table, t.chain, t.kind, t.outcome) for t in one.traces] == [
            (t.table, t.chain, t.kind, t.outcome) for t in other.traces
        ]
        for mine, its in zip(one.events, other.events, strict=True):
            if isinstance(mine, MonitorPacket) and isinstance(its, MonitorPacket):
                for name in ("in_dev", "out_dev", "src", "dst", "spt", "dpt", "id", "length", "ttl"):
                    assert getattr(mine, name) == getattr(its, name)


def test_a_packet_that_is_passed_up_stays_one() -> None:
    # the id changes between PREROUTING (of the port) and INPUT (of the bridge), as on 6.1
    ping = next(j for j in read_trace(XTABLES).monitor_journeys() if "172.29.0.1, id 61405" in str(j.packet))
    assert ping.trace_ids == ("74eb203b", "4e2f17d4")
    assert [name for name, _ in ping.passages] == [
        *("raw:PREROUTING", "mangle:PREROUTING", "nat:PREROUTING", "filter:INPUT")
    ]


@pytest.mark.parametrize("tool", RECENT)
def test_a_packet_that_is_passed_up_and_routed_on_stays_one(tool: str) -> None:
    """Linux 6.18: it came from a port of br0, was routed, and is next seen in POSTROUTING with another id and TTL."""
    journeys = read_trace(RECENT[tool]).monitor_journeys()
    assert [j.trace_ids for j in journeys] == [
        ("34efd9fb",),
        ("5798ac6c",),
        ("e1733f86", "3742a617"),
        ("d7a53abc",),
    ]
    routed = journeys[2]
    assert [name for name, _ in routed.passages] == ["raw:PREROUTING", "nat:POSTROUTING"]
    packets = [e for e in routed.events if isinstance(e, MonitorPacket)]
    assert [(e.in_dev, e.out_dev, e.ttl) for e in packets] == [("br0", "", 64), ("br0", "eth0", 63)]


@pytest.mark.parametrize("tool", RECENT)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("9474", "9475"),
        ("TTL=63|ttl 63", "TTL=61|ttl 61"),
        ("TTL=63|ttl 63", "TTL=65|ttl 65"),
        ("SRC=172.18.0.2|saddr 172.18.0.2", "SRC=172.18.0.4|saddr 172.18.0.4"),
        ("LEN=84|length 84", "LEN=85|length 85"),
    ],
)
def test_a_packet_with_other_fields_is_another_one(tool: str, old: str, new: str) -> None:
    """Neither the bridge nor routing changes these, and routing takes one from the TTL."""
    wrong = []
    for line in RECENT[tool].read_text().splitlines(keepends=True):
        for before, after in zip(old.split("|"), new.split("|"), strict=True):
            line = line.replace(before, after) if "3742a617" in line else line
        wrong.append(line)
    assert len(read_trace("".join(wrong)).monitor_journeys()) == 5


@pytest.mark.parametrize("tool", RECENT)
@given(st.permutations(range(4)))
def test_packets_that_wait_side_by_side_do_not_mix(tool: str, order: list[int]) -> None:
    """However the events of different ids come between each other, the same packets come out."""
    lines = RECENT[tool].read_text().splitlines(keepends=True)
    ids = [("34efd9fb",), ("5798ac6c",), ("e1733f86", "3742a617"), ("d7a53abc",)]
    piles = [[line for line in lines if any(i in line for i in ids[n])] for n in order]
    turns = [pile[k] for k in range(max(map(len, piles))) for pile in piles if k < len(pile)]
    found = read_trace("".join(turns)).monitor_journeys()
    assert sorted(j.trace_ids for j in found) == sorted(ids)


def test_nat_in_the_middle_does_not_split() -> None:
    journeys = read_trace(NFT).monitor_journeys()
    (journey,) = (j for j in journeys if j.packet is not None and j.packet.dpt == 8080)
    ends = [(e.dst, e.dpt) for e in journey.events if isinstance(e, MonitorPacket)]
    assert ends[0] == ("172.29.0.1", 8080)
    assert ends[-1] == ("172.29.0.3", 80)
    assert "dnat to 172.29.0.3:80" in journey.explain()


def test_loopback_is_one_packet() -> None:
    request = next(
        j
        for j in read_trace(XTABLES).monitor_journeys()
        if j.packet is not None and j.packet.src == "127.0.0.1"
    )
    assert request.passages[0][0] == "raw:OUTPUT"
    assert request.passages[-1][0] == "filter:INPUT"


def test_a_drop_is_the_outcome() -> None:
    for file in (XTABLES, NFT):
        (dropped,) = (j for j in read_trace(file).monitor_journeys() if "DROP" in j.outcome)
        assert dropped.outcome == "DROP in filter:INPUT"
        assert "dport 9" in dropped.explain()


def test_a_jump_a_return_and_a_comment() -> None:
    events = [parse_line(line) for line in LINES]
    jumps = {e.target for e in events if isinstance(e, MonitorTrace) and e.verdict == "JUMP"}
    assert jumps == {"USER"}
    returns = [e for e in events if isinstance(e, MonitorTrace) and e.verdict == "RETURN"]
    assert {e.tool for e in returns} == {"nft", "xtables-monitor"}
    assert any(isinstance(e, MonitorTrace) and 'mark \\"it\\"' in (e.rule or "") for e in events)


def test_return_events_of_older_programs() -> None:
    event = parse_line("trace id 9a0b6d5d inet filter trace_chain verdict continue ")
    assert isinstance(event, MonitorTrace)
    assert (event.kind, event.verdict) == ("return", "CONTINUE")


@given(st.sampled_from(LINES), st.data())
def test_a_cut_line_is_kept_and_says_why(line: str, drawn: st.DataObject) -> None:
    cut = line[: drawn.draw(st.integers(0, len(line)))]
    record = parse_line(cut)
    if isinstance(record, Unread):
        assert record.text == cut
        assert record.reason
    else:
        assert format_record(record).strip() == cut.strip()


def test_a_log_prefix_like_an_event_does_not_mislead() -> None:
    line = "PACKET: 2 bfb5d256 IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=9 PROTO=2 "
    assert format_record(parse_line(line)) == line
    assert not isinstance(parse_line(line), MonitorPacket | Unread)


def test_log_counts_and_html() -> None:
    log = read_trace("\n".join([*LINES, "hello"]) + "\n")
    assert (log.counts.other, log.counts.unread) == (338, 1)
    assert len(log.frame()) == 0
    evil = read_trace("trace id 00000001 ip t c rule <b> (verdict accept)\n")
    assert "<b>" not in evil._repr_html_() + evil.monitor_journeys()[0]._repr_html_()


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def run(*args: str) -> str:
        parsed = parser.parse_args(["trace", str(NFT), *args])
        assert parsed.run(parsed) == 0
        return capsys.readouterr().out

    assert "filter:FORWARD" in run()
    packets = len(read_trace(NFT).monitor_journeys())
    assert run("--journeys").count("Packet ") == packets
    document = json.loads(run("--json", "--journeys"))
    assert len(document["monitor_journeys"]) == packets
    assert run("--csv").count("\n") == 1

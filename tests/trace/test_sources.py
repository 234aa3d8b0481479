"""What stands before a kernel line: every form in use, always the same message behind it."""

from __future__ import annotations

import json

import pytest

from netlab.trace import IptablesRecord, read_trace, split_stamp

STAMPS = [
    ("", None, None, None),
    ("[ 2228.503722] ", 2228.503722, None, None),
    ("<4>[ 2228.503722] ", 2228.503722, None, None),
    ("[ 2228.503722][  T123] ", 2228.503722, None, None),
    ("kern  :warn  : [ 2228.503722] ", 2228.503722, None, None),
    ("[Sun Nov  5 14:50:46 2017] ", None, "2017-11-05T14:50:46", None),
    ("[日 11月  5 14:50:46 2017] ", None, "2017-11-05T14:50:46", None),
    ("[  +0.000003] ", None, None, None),
    ("[Nov 5 14:50] ", None, None, None),
    ("2017-11-05T14:50:46,123456+08:00 ", None, "2017-11-05T14:50:46.123456+08:00", None),
    ("Nov  5 14:50:46 node1 kernel: [12345.678901] ", 12345.678901, None, "node1"),
    ("<4>Nov  5 14:50:46 node1 kernel: ", None, None, "node1"),
    ("Nov 05 14:50:46.123456 node1 kernel: ", None, None, "node1"),
    ("10月 16 09:50:55 node1 kernel: ", None, None, "node1"),
    ("2017-11-05T14:50:46.123456+08:00 node1 kernel: ", None, "2017-11-05T14:50:46.123456+08:00", "node1"),
    ("2017-11-05T14:50:46+0800 node1 kernel: [    1.500000] ", 1.5, "2017-11-05T14:50:46+08:00", "node1"),
    ("Sun 2017-11-05 14:50:46 CST node1 kernel: ", None, "2017-11-05T14:50:46", "node1"),
    ("1509893446.123456 node1 kernel: ", None, "2017-11-05T14:50:46.123456+00:00", "node1"),
    ("[12345.678901] node1 kernel: ", 12345.678901, None, "node1"),
    ("<4>1 2017-11-05T14:50:46Z node1 kernel - - - ", None, "2017-11-05T14:50:46+00:00", "node1"),
]
MESSAGES = [
    "TRACE: raw:OUTPUT:policy:2 IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 ",
    "[UFW BLOCK] IN=eth0 OUT= MAC= SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 ",
    "a: b: IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 ",
]


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize(("stamp", "uptime", "wall", "host"), STAMPS)
def test_stamps(stamp: str, uptime: float | None, wall: str | None, host: str | None, message: str) -> None:
    found, start = split_stamp(stamp + message)
    assert start == len(stamp)
    if stamp:
        assert found is not None
        assert found.uptime == uptime
        assert (found.wall.isoformat() if found.wall else None) == wall
        assert found.host == host
    (record,) = read_trace(stamp + message + "\n").records
    assert isinstance(record, IptablesRecord)
    assert record.prefix == message[: message.index("IN=")]
    assert not record.problems


@pytest.mark.parametrize("as_bytes", [False, True])
def test_journal_json(as_bytes: bool) -> None:
    message = MESSAGES[0]
    entry = {
        "MESSAGE": list(message.encode()) if as_bytes else message,
        "_HOSTNAME": "node1",
        "SYSLOG_IDENTIFIER": "kernel",
        "__REALTIME_TIMESTAMP": "1509893446123456",
        "_SOURCE_MONOTONIC_TIMESTAMP": "2228503722",
        "PRIORITY": "4",
    }
    (record,) = read_trace(json.dumps(entry) + "\n").records
    assert isinstance(record, IptablesRecord)
    assert record.origin is not None
    stamp = record.origin.stamp
    assert (stamp.uptime, stamp.host, stamp.unit, stamp.level) == (2228.503722, "node1", "kernel", 4)
    assert stamp.wall is not None
    assert stamp.wall.isoformat() == "2017-11-05T14:50:46.123456+00:00"


@pytest.mark.parametrize(
    "line",
    [
        '{"MESSAGE": null}',
        '{"MESSAGE": [999]}',
        '{"MESSAGE": ["a"]}',
        '{"a": ',
        "{" + '"a":[' * 20000,
        '{"MESSAGE": {}}',
        "[ 99999999999999999999.5] x",
        "Feb 31 99:99:99 a b: IN",
        "2017-99-99T99:99:99 host kernel: hello",
    ],
)
def test_odd_stamps_are_kept_as_unread_lines(line: str) -> None:
    log = read_trace(line + "\n")
    assert not log.records
    assert [u.text for u in log.unread] == [line]

"""Journal entries and absurd lines in bulk: the table is the one made of the records, which the JSON reader reads."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.trace import read_trace
from netlab.trace.tables import frame_of

LINE = (
    "TRACE: filter:FORWARD:rule:1 IN=br0 OUT=br0 PHYSIN=veth1 PHYSOUT=veth2 MAC=02:42:ac:12:00:02:02:42:ac:12:00:03:08:00 "
    "SRC=172.18.0.3 DST=172.18.0.2 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID={} DF PROTO=ICMP TYPE=8 CODE=0 ID=7 SEQ=1 "
)
TIMES = (
    "_SOURCE_REALTIME_TIMESTAMP",
    "__REALTIME_TIMESTAMP",
    "_SOURCE_MONOTONIC_TIMESTAMP",
    "__MONOTONIC_TIMESTAMP",
)
time = st.one_of(
    st.integers(0, 10**17).map(str),
    st.integers(4 * 10**15 - 2, 4 * 10**15 + 2).map(str),
    st.integers(1_509_000_000_000_000, 1_800_000_000_000_000).map(str),
    st.sampled_from(["", "0", "007", "soon", "-1", None, 5, "9" * 40]),
)
message = st.one_of(
    st.integers(1, 65535).map(LINE.format),
    st.sampled_from(
        ["", "hello", 'a "quoted" word', "a\\b", "two\nlines", "IN= OUT=lo ", "[   1.5] IN= OUT=lo ", "é"]
    ),
    st.sampled_from([list(b"IN= OUT=lo \xff"), None, 7]),
)
entry = st.fixed_dictionaries(
    {"MESSAGE": message},
    optional={
        **dict.fromkeys(TIMES, time),
        "_HOSTNAME": st.sampled_from(["node1", "node2", "a.b(c)*", "", "é", None]),
        "PRIORITY": st.sampled_from(["4", "9", ""]),
        "SYSLOG_IDENTIFIER": st.just("kernel"),
    },
)
separators = st.sampled_from([(",", ":"), (", ", ": "), (", ", " : ")])


def check(text: str) -> None:
    log = read_trace(text)
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))


@settings(deadline=None)
@given(st.lists(st.tuples(entry, separators), min_size=1, max_size=12), st.booleans())
def test_entries_in_bulk_say_what_the_json_reader_says(
    entries: list[tuple[dict[str, Any], tuple[str, str]]], in_order: bool
) -> None:
    lines = [json.dumps(e, separators=s, sort_keys=in_order, ensure_ascii=False) for e, s in entries]
    check("\n".join(lines) + "\n")


@settings(deadline=None)
@given(st.data())
def test_one_entry_of_many_is_damaged(data: st.DataObject) -> None:
    whole = {"__REALTIME_TIMESTAMP": "1509892985123456", "_HOSTNAME": "node1", "MESSAGE": LINE.format(9)}
    line = json.dumps(whole)
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.sampled_from(['"', "\\", "{", "}", ",", "\t", "é", "\x7f", ""]))
    check("\n".join([line, line[:at] + other + line[at + 1 :], line]) + "\n")


def test_the_last_of_equal_keys_counts_and_what_follows_an_entry_makes_it_none() -> None:
    first, second = LINE.format(1), LINE.format(2)
    check(f'{{"MESSAGE":"{first}","MESSAGE":"{second}"}}\n' * 3)
    check(f'{{"MESSAGE":"{first}"}} x\n{{"MESSAGE":"{first}"}}  \n  {{"MESSAGE":"{first}"}}\n')


def test_a_line_without_end_is_unread_with_its_reason_and_does_no_harm_to_others() -> None:
    """No part of a stamp is looked for in the millions of bytes: that took a time that grew as their square."""
    for absurd in ("a" * 3_000_000, '{"MESSAGE":"' + "x" * 1_000_000, "IN=eth0 OUT= SRC=1.2.3.4 " * 100_000):
        log = read_trace("\n".join([LINE.format(1), absurd, LINE.format(2)]) + "\n")
        assert (log.counts.iptables, log.counts.unread) == (2, 1)
        assert log.unread[0].text == absurd
        assert log.unread[0].reason == f"longer than any kernel line: {len(absurd)} characters"
        assert log.frame()["id"].tolist() == [1, 2]

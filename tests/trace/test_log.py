"""Whole logs: counting, keeping, tables, and the command line, with bad input of every kind."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from netlab._cli_trace import add_parser
from netlab.errors import InputError
from netlab.trace import read_trace
from netlab.trace.tables import COLUMNS, frame_of

LINE = "IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID={} PROTO=2 "


def run(*args: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["trace", *args])
    return int(parsed.run(parsed))


def test_counts_add_up(article: list[str]) -> None:
    log = read_trace("\n".join(["hello", *article, "", "eth0 ate my IP address", "IN= OUT=lo SRC=1"]) + "\n")
    counts = log.counts
    assert (counts.lines, counts.iptables, counts.ebtables, counts.other) == (92, 63, 26, 1)
    assert (counts.unread, counts.empty, counts.damaged) == (1, 1, 1)
    assert counts.iptables + counts.ebtables + counts.other + counts.unread + counts.empty == counts.lines
    assert repr(log) == (
        "<TraceLog <text>: 92 lines: 63 iptables, 26 ebtables, 1 other, 1 unread, 1 empty (1 damaged)>"
    )


def test_damaged_line_as_an_error() -> None:
    (error,) = read_trace("[    1.000000] IN=eth0 OUT= SRC=1.2.3.4 DST=x \n").errors()
    assert str(error).split("\n")[:2] == [
        "<text>:1: expected DST= and an IPv4 address",
        "  IN=eth0 OUT= SRC=1.2.3.4 DST=x ",
    ]
    assert str(error).split("\n")[2].index("^") - 2 == "IN=eth0 OUT= SRC=1.2.3.4 DST=x".index("DST")


def test_path_name_and_text(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_text(LINE.format(1) + "\n")
    assert len(read_trace(file)) == len(read_trace(str(file))) == len(read_trace(file.read_text())) == 1
    assert read_trace("no such file").counts.unread == 1
    for bad in (tmp_path / "missing", tmp_path):
        with pytest.raises(InputError, match="cannot read"):
            read_trace(bad)


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_text(LINE.format(1) + "\n")
    log = read_trace(file)
    file.write_text(LINE.format(1) * 2 + "\n")
    with pytest.raises(InputError, match="changed"):
        log.frame()


def test_line_ends_and_marks(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    lines = [LINE.format(n) for n in range(3)]
    for end in ("\n", "\r\n"):
        for mark in ("", "\ufeff"):
            file.write_bytes((mark + end.join(lines) + end).encode())
            log = read_trace(file)
            assert [r.origin.line for r in log.records if r.origin] == [1, 2, 3]
            pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))


def test_frame_types(article: list[str]) -> None:
    frame = read_trace("[ 2228.503722] " + "\n[ 2228.503723] ".join(article) + "\n").frame()
    assert list(frame.columns) == list(COLUMNS)
    assert str(frame["table"].dtype) == "category"
    assert str(frame["ttl"].dtype) == "UInt8"
    assert str(frame["df"].dtype) == "boolean"
    assert frame["time"].iloc[0] == 2228.503722
    # per family and table, counted by hand in the article
    assert frame.groupby(["family"], observed=True).size().to_dict() == {"ebtables": 26, "iptables": 62}
    assert frame["icmp_seq"].isna().sum() == 26


@pytest.mark.parametrize("copies", [3, 400])
def test_bulk_equals_objects_across_runs(
    article: list[str], captures: dict[str, list[str]], copies: int
) -> None:
    lines = [*article, *captures["kernel-6.18.txt"], *captures["kernel-6.1-ebtables.txt"]]
    stamped = [
        f"[{n // 7:5}.{n * 997 % 1000000:06}] {line}"
        for n, line in enumerate(lines * (copies // 100 or copies))
    ]
    log = read_trace("\n".join(stamped) + "\n")
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))


def _journal_line(n: int, message: str) -> str:
    entry = {
        "__REALTIME_TIMESTAMP": str(1509893446123456 + 999 * n),
        "_SOURCE_MONOTONIC_TIMESTAMP": str(2228503722 + n),
        "_HOSTNAME": "node2",
        "MESSAGE": list(message.encode()) if n % 9 == 0 else message,
    }
    return json.dumps(entry)


def test_bulk_equals_objects_in_a_mixed_log(article: list[str], captures: dict[str, list[str]]) -> None:
    lines = [*captures["kernel-6.18.txt"], *captures["kernel-6.1-ebtables.txt"], *article]
    out = []
    for n, line in enumerate(lines * 2):
        clock = f"{14 + n // 300}:{n // 5 % 60:02}:{n % 62:02}"  # seconds of 60 and 61 are no time
        stamps = (
            f"2017-11-05T{clock}.{n * 7919 % 1000000:06}+08:00 node1 kernel: [{n:5}.500000] ",
            f"[Sun Nov  {n % 9 + 1} {clock} 2017] ",
            f"Nov  5 {clock} node{n % 3} kernel: ",
            f"2017-11-{n % 40:02} {clock},{n % 1000:03} ",
            f"Sun 2017-11-05 {clock} CST node1 kernel: ",
            "",
        )
        which = n // 3 % (len(stamps) + 1)
        out.append(_journal_line(n, line) if which == len(stamps) else stamps[which] + line)
    # what must not be taken for one of the usual forms
    line = next(x for x in lines if "TYPE=11 CODE=0 [" in x)
    out += [line.replace(old, new) for old, new in ODD]
    out += [
        _journal_line(1, f"[    1.000000] {line}"),
        _journal_line(2, f"{line}\n{line}"),
        '{"MESSAGE": "\\ud800"}',
    ]
    log = read_trace("\n".join(out) + "\n")
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))
    assert log.frame()["inner"].nunique() > 1


ODD = [
    ("TYPE=11", "TYPE=8"),
    ("TYPE=11", "TYPE=5"),
    ("TYPE=11", "TYPE=3"),
    ("CODE=0 [", "CODE=0 GATEWAY=10.0.0.256 ["),
    ("TYPE=11 CODE=0 [", "TYPE=5 CODE=0 GATEWAY=10.0.0.25 ["),
    ("[SRC", " [SRC"),
    ("] ", "] MTU=1500 "),
    ("] ", "] MARK=0x7 "),
    ("] ", "]  "),
    ("PROTO=ICMP TYPE=8 CODE=0 ID=7388 SEQ=1 ]", "PROTO=TCP INCOMPLETE [8 bytes] ]"),
    ("PROTO=ICMP TYPE=8 CODE=0 ID=7388 SEQ=1 ]", "PRROTO=TCP INCOMPLETE [8 bytes] ]"),
    ("PROTO=ICMP TYPE=8 CODE=0 ID=7388 SEQ=1 ]", "PROTO=ICMP TYPE=3 CODE=0 ]"),
    ("SRC=172.29.0.1 ", "SRC=\x00172.29.0.1 "),
    ("SRC=172.29.0.1 ", "SRC=172.29.0.01 "),
    (" SRC=172.29.0.1 ", " IP SRC=172.29.0.1 "),
]


def test_frame_without_rows() -> None:
    for text in ("\n", "hello\n"):
        assert read_trace(text).frame().shape == (0, len(COLUMNS))


def test_command_prints_table_and_counts(
    article: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.log"
    file.write_text("\n".join(["junk", *article]) + "\n")
    assert run(str(file)) == 0
    out = capsys.readouterr().out
    assert "raw:PREROUTING:policy:2" in out
    assert "89 lines: 62 iptables, 26 ebtables, 0 other, 1 unread" in out
    assert "a.log:1: not a line of iptables or ebtables: junk" in out
    assert run(str(file), "--journeys") == 0
    assert capsys.readouterr().out.count("Packet ") == 9


def test_command_json_and_csv(article: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.log"
    file.write_text("\n".join(["junk", *article]) + "\n")
    assert run(str(file), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["records"]) == 88
    assert document["unread"] == [{"line": 1, "reason": "not a line of iptables or ebtables", "text": "junk"}]
    assert run(str(file), "--json", "--journeys") == 0
    assert len(json.loads(capsys.readouterr().out)["journeys"]) == 9
    assert run(str(file), "--csv") == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(table["line"]) == list(range(2, 90))
    assert run(str(file), "--csv", "--journeys") == 0
    assert pd.read_csv(io.StringIO(capsys.readouterr().out))["packet"].nunique() == 9


def test_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing, good = tmp_path / "nothing", tmp_path / "good"
    nothing.write_text("hello\n")
    good.write_text(LINE.format(1) + "\n")
    assert run(str(nothing)) == 1
    assert run(str(tmp_path / "missing")) == 2
    assert run(str(tmp_path / "missing"), str(good)) == 2
    captured = capsys.readouterr()
    assert "missing: cannot read: No such file or directory" in captured.err
    assert "1 iptables" in captured.out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LINE.format(1).encode())))
    assert run("-") == 0
    assert "<standard input>: 1 lines: 1 iptables" in capsys.readouterr().out


JUNK = [
    bytes(range(256)) * 40,
    b"\x00" * 5000 + b"\n" + b"\xff\xfe" * 100,
    b"\x7fELF" + bytes(1000),
    b"\n" * 1000,
    b"",
    b"IN= OUT= " * 2000,
    b"[ 1.0] " * 3000,
    LINE.format(1).encode() + b"\x00",
    b"\xe9vil: " + LINE.format(1).encode(),
]


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_counted_and_never_raises(
    junk: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "junk"
    file.write_bytes(junk)
    for options in ([], ["--journeys"], ["--json"], ["--csv"]):
        assert run(str(file), *options) in (0, 1)
    log = read_trace(file)
    pd.testing.assert_frame_equal(log.frame(), frame_of(log.records))
    counts = log.counts
    assert counts.read + counts.unread + counts.empty == counts.lines
    out = capsys.readouterr().out
    assert not any(ord(c) < 32 and c != "\n" for c in out)


def test_a_line_of_a_hundred_megabytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long"
    with file.open("wb") as out:
        for _ in range(100):
            out.write(b"IN= OUT= SRC=1 \x1b" * 65536)
        out.write(b"\n" + LINE.format(1).encode() + b"\n")
    assert run(str(file)) == 0
    shown = capsys.readouterr().out
    assert "2 lines: 1 iptables, 0 ebtables, 0 other, 1 unread" in shown
    assert "longer than any kernel line" in shown
    assert len(shown) < 2000
    assert len(read_trace(file).frame()) == 1

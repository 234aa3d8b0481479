"""The shell door, end to end: what is typed, what is printed, the exit status; bad input is never a traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from netlab.cli import main
from netlab.data import article, path

TRACES = {
    "trace-container-to-container.txt": 34,
    "trace-local-to-container.txt": 19,
    "trace-local-to-lan.txt": 10,
    "trace-container-to-external.txt": 25,
}
DUMPS = ("iptables-save.txt", "ebtables-save.txt", "iptables-nL-filter.txt", "iptables-nL-nat.txt")


def netlab(*words: str | Path, output: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """The program as a shell starts it."""
    argv = [sys.executable, "-m", "netlab.cli", *map(str, words)]
    return subprocess.run(argv, stdout=output, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.parametrize(("name", "lines"), TRACES.items())
def test_trace_counts_the_articles_lines(name: str, lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(path(name))]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    ebtables = sum(" eb:" in line for line in article(name).splitlines())
    assert f"{lines - ebtables} iptables, {ebtables} ebtables, 0 other, 0 unread" in said


def test_trace_json_and_csv_hold_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    name = str(path("trace-container-to-external.txt"))
    assert main(["trace", "--json", name]) == 0
    document = json.loads(capsys.readouterr().out)
    assert main(["trace", "--csv", name]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(document["records"]) == len(rows) == document["counts"]["lines"] == 25
    assert [str(record["line"]) for record in document["records"]] == [row["line"] for row in rows]


@pytest.mark.parametrize("name", DUMPS)
def test_rules_reads_what_the_typesetting_broke(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", str(path(name))]) == 0
    assert capsys.readouterr().err == ""
    assert main(["rules", "--print", str(path(name))]) == 0
    printed = capsys.readouterr().out

    def lines(text: str) -> list[str]:
        # the blog added blank lines and blanks after colons, and cut those at the end of lines
        return [line.replace(": ", ":", 1).rstrip() for line in text.splitlines() if line.strip()]

    assert lines(printed) == lines(article(name))


def test_rules_json_holds_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json", str(path("iptables-save.txt"))]) == 0
    document = json.loads(capsys.readouterr().out)
    found = [
        f"-A {chain['name']} {rule['text']}"
        for table in document["tables"]
        for chain in table["chains"]
        for rule in chain["rules"]
    ]
    assert sorted(found) == sorted(
        line for line in article("iptables-save.txt").splitlines() if line.startswith("-A")
    )


def test_rules_says_what_is_known_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "dump.txt"
    dump.write_text(
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m bogus -j ACCEPT\n-A INPUT -j FOO\n"
        "-A INPUT --dport 80 -j DROP\n-A INPUT -i eth0 -j DROP\nCOMMIT\n"
    )
    assert main(["rules", str(dump)]) == 2
    printed = capsys.readouterr()
    assert "1. -i eth0 -j DROP" in printed.out
    for text in (
        "dump.txt:3: Couldn't load match `bogus'",
        "expected: one of addrtype, comment, ",
        "dump.txt:4: Couldn't load target `FOO'",
        "expected: one of ACCEPT, ",
        'dump.txt:5: unknown option "--dport"',
        "expected: -p tcp or -p udp before it",
        "3 lines not read",
    ):
        assert text in printed.err


@pytest.mark.parametrize(
    ("line", "word", "known"),
    [
        ("frobnicate --all", "frobnicate", "iptables"),
        ("iptables -A INPUT -m bogus -j ACCEPT", "bogus", "conntrack"),
        ("iptables -A INPUT -j BOGUS", "BOGUS", "MASQUERADE"),
        ("iptables -A INPUT --bogus -j ACCEPT", "--bogus", "--in-interface"),
        ("iptables -A INPUT -p udp --syn -j ACCEPT", "--syn", "-p tcp before it"),
        ("iptables -A INPUT -y", "-y", "-A"),
        ("ebtables -A FORWARD --bogus -j ACCEPT", "--bogus", "--ip-proto"),
        ("ip link set lo bogus", "bogus", "up"),
        ("ip link add x type vxlan", "vxlan", "bridge"),
        ("ip route add", "add", "PREFIX"),
        ("ping -Y 127.0.0.1", "-Y", "-c"),
        ("docker bogus", "bogus", "run"),
        ("docker run --bogus foo", "--bogus", "--name"),
        ("dmesg --bogus", "--bogus", "-t"),
        ("sleep", "sleep", "SECONDS"),
        ("echo ${x", "${x", "'}'"),
    ],
)
def test_a_lab_names_the_word_and_what_is_known(
    line: str, word: str, known: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = tmp_path / "lab.sh"
    lab.write_text(f"# first line\n{line}\n")
    assert main(["run", str(lab)]) == 2
    where, shown, caret, expected = capsys.readouterr().err.splitlines()[:4]
    assert where.startswith(f"netlab run: {lab}:2: ")
    assert shown == f"  {line}"
    assert caret.index("^") == shown.index(word)
    assert expected.startswith("  expected: ")
    assert known in expected


@pytest.mark.parametrize("command", ["run", "rules", "trace"])
@pytest.mark.parametrize("content", [None, b"\x00\xff\x93\n\x80" * 50, b"x" * 2_000_000, b"\x7fELF\x00"])
def test_no_input_ends_in_a_traceback(
    command: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder, binary junk, one endless line: a message that names the file."""
    given = tmp_path / "given"
    given.mkdir() if content is None else given.write_bytes(content)
    # a log may hold nothing of ours: that is no error of reading
    assert main([command, str(given)]) == (1 if command == "trace" and content else 2)
    printed = capsys.readouterr()
    assert "given" in printed.out + printed.err
    assert len(printed.out + printed.err) < 3000


@pytest.mark.parametrize("command", ["run", "rules", "trace", "evict"])
def test_help_tells_the_exit_status(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "Exit status" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("argv", [[], ["bogus"], ["run"], ["run", "--bogus", "x"]])
def test_a_wrong_command_line_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: netlab" in capsys.readouterr().err


def test_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    lab = tmp_path / "lab.sh"
    lab.write_text("echo hello\n")
    with open("/dev/full", "w") as full:
        done = netlab("run", lab, output=full.fileno())
    assert (done.returncode, done.stderr) == (2, "netlab run: cannot write: No space left on device\n")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    lab = tmp_path / "lab.sh"
    lab.write_text("seq 20000\n")
    argv = [sys.executable, "-m", "netlab.cli", "run", str(lab)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"1\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0

"""read_rules and the command: any text, any file, and what is said of it."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import pytest

from netlab import _cli_rules, data
from netlab.errors import InputError
from netlab.rules import EbRuleSet, RuleSet, read_rules

DUMP = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT\n"
BROKEN = DUMP.replace("COMMIT", "-A INPUT -m hashlimit -j DROP\n-A INPUT -j GONE\nCOMMIT")


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    _cli_rules.add_parser(parser.add_subparsers())
    args = parser.parse_args(["rules", *argv])
    status: int = args.run(args)
    return status


def test_a_path_a_name_and_a_text_give_the_same(tmp_path: Path) -> None:
    file = tmp_path / "rules.txt"
    file.write_text(DUMP)
    assert read_rules(file) == read_rules(str(file)) == read_rules(DUMP)


def test_every_kind_is_told_from_its_text() -> None:
    kinds = {
        "iptables-save.txt": RuleSet,
        "ebtables-save.txt": EbRuleSet,
        "iptables-nL-filter.txt": RuleSet,
        "iptables-nL-nat.txt": RuleSet,
    }
    assert {name: type(read_rules(data.article(name))) for name in kinds} == kinds


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x7fELF\x02\x01\xff\xfe\n", "not a text: not UTF-8"),
        (b"*filter\n\0\n", "not a text: it holds zero bytes"),
        (b"hello\nworld\n", "no rules in it"),
        (
            b"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment " + b"x" * 20000 + b"\nCOMMIT\n",
            "the line",
        ),
        (b"", "no rules in it"),
    ],
)
def test_what_is_no_rule_set_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message) as failed:
        read_rules(file)
    assert failed.value.source == str(file)


def test_missing_file_and_directory_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_rules(tmp_path)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_rules(tmp_path / "gone")
    with pytest.raises(InputError, match="no such file"):
        read_rules("gone.txt")


def test_html_is_escaped_and_repr_is_short() -> None:
    rules = read_rules(DUMP.replace("-p tcp", '-m comment --comment "<script>&" -p tcp'))
    assert "<script>" not in rules._repr_html_()
    assert "&lt;script&gt;&amp;" in rules._repr_html_()
    assert repr(rules) == "<iptables rules: filter 1 chain, 1 rule>"
    assert "1. -s 10.0.0.0/8" in str(rules)


def test_command_shows_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dump").write_text(DUMP)
    assert run(str(tmp_path / "dump")) == 0
    assert "filter:INPUT (policy ACCEPT, 0 packets, 0 bytes)\n  1. -s 10.0.0.0/8" in capsys.readouterr().out


def test_command_prints_back_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dump").write_text(DUMP)
    assert run("--print", str(tmp_path / "dump")) == 0
    assert capsys.readouterr().out == DUMP


def test_command_gives_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dump").write_text(BROKEN)
    assert run("--json", str(tmp_path / "dump")) == 2
    document = json.loads(capsys.readouterr().out)
    rule = document["tables"][0]["chains"][0]["rules"][0]
    assert rule["src"] == "10.0.0.0/8"
    assert rule["matches"] == [{"name": "tcp", "dports": [80, 80]}]
    assert rule["line"] == 3
    assert [problem["kind"] for problem in document["problems"]] == ["NotModelledError", "RulesError"]


def test_command_says_what_it_could_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dump").write_text(BROKEN)
    assert run(str(tmp_path / "dump")) == 2
    out, err = capsys.readouterr()
    assert "1. -s 10.0.0.0/8" in out
    assert f"{tmp_path / 'dump'}:4: not modelled: the match hashlimit" in err
    assert "2 lines not read, 1 of them not modelled" in err


def test_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Input:
        buffer = io.BytesIO(DUMP.encode())

    monkeypatch.setattr("sys.stdin", Input())
    assert run("--print", "-") == 0
    assert capsys.readouterr().out == DUMP


def test_command_goes_on_after_a_file_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dump").write_text(DUMP)
    assert run(str(tmp_path / "gone"), str(tmp_path / "dump")) == 2
    out, err = capsys.readouterr()
    assert "filter 1 chain, 1 rule" in out
    assert "gone: cannot be read" in err

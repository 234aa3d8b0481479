"""``netlab run`` from the shell: output, log, JSON, exit status, bad input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from netlab.cli import main

LAB = """\
iptables -A OUTPUT -p icmp -j LOG --log-prefix "out "
ping -c 1 127.0.0.1 | head -n 1
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    path = tmp_path / "lab.sh"
    path.write_text(LAB)
    return path


def test_prints_what_the_commands_print(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(lab)]) == 0
    assert capsys.readouterr().out == "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n"


def test_log_prints_only_the_log(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--log", str(lab)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("out IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=84 ")
    assert "TYPE=8" in lines[0]
    assert "TYPE=0" in lines[1]


def test_dmesg_clears_what_log_prints(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab.write_text(LAB + "dmesg -C\n")
    assert main(["run", "--log", str(lab)]) == 0
    assert capsys.readouterr().out == ""


def test_json_holds_all(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab.write_text(LAB + "exit 3\n")
    assert main(["run", "--json", "--kernel", "4.4", str(lab)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kernel"] == "4.4"
    assert document["status"] == 3
    assert len(document["log"]) == 2
    assert document["output"].startswith("PING")


def test_status_is_the_scripts_own(lab: Path) -> None:
    lab.write_text("exit 7\n")
    assert main(["run", str(lab)]) == 7


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"echo from stdin\n")))
    assert main(["run", "-"]) == 0
    assert capsys.readouterr().out == "from stdin\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"echo a\nnosuch b\n", "lab.sh:2: nosuch"),
        (b"echo a\n\xff\xfe\n", "lab.sh:2: byte 0xff is not UTF-8 text"),
        (b"echo a\0b\n", "lab.sh:1: a NUL byte"),
        (b"echo 'x\n", "lab.sh:1: a single quote is not closed"),
        (b"iptables -A INPUT -m string\n", "lab.sh:1: iptables: not modelled: the match string"),
        (b"x" * 3_000_000, "netlab does not model this command"),
        (b"(" * 50_000, "lab.sh:1: "),
    ],
)
def test_bad_input_is_a_message_and_status_2(
    lab: Path, capsys: pytest.CaptureFixture[str], data: bytes, message: str
) -> None:
    lab.write_bytes(data)
    assert main(["run", str(lab)]) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert "Traceback" not in printed
    assert len(printed) < 3000


def test_what_was_printed_before_a_refusal_is_not_lost(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab.write_text("echo before\nping -Y 1.1.1.1\necho after\n")
    assert main(["run", str(lab)]) == 2
    printed = capsys.readouterr()
    assert printed.out == "before\n"
    assert "lab.sh:2: ping: option -Y is not modelled" in printed.err


@pytest.mark.parametrize("name", ["missing.sh", "."])
def test_unreadable_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["run", str(tmp_path / name)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_unknown_kernel_names_the_known(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--kernel", "3.2", str(lab)]) == 2
    assert "4.4" in capsys.readouterr().err


def test_two_processes_print_the_same_bytes(lab: Path) -> None:
    lab.write_text(
        "ip link add br0 type bridge; ip link show br0; nc -z 127.0.0.1 80; ping -c 2 127.0.0.1; conntrack -L\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-m", "netlab.cli", "run", str(lab)], capture_output=True, check=False
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout != b""

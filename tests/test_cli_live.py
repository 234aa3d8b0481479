"""``netlab live``: both logs side by side, from a live run where this machine allows it, else from the recorded one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netlab import data
from netlab.cli import main
from netlab.errors import InputError
from netlab.lab.live import LiveResult, why_not_live
from netlab.teach import own_kernel

live = pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")


def lab_file(folder: Path, text: str) -> str:
    path = folder / "lab.sh"
    path.write_text(text)
    return str(path)


def test_the_recorded_run_agrees_with_the_simulator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "--recorded"]) == 0
    said = capsys.readouterr().out
    assert "netlab 6.18" in said
    assert "Linux 6.18.44, recorded" in said
    assert said.splitlines()[-1] == "netlab and Linux agree: 8 lines of log"


def test_another_profile_shows_where_it_differs(capsys: pytest.CaptureFixture[str]) -> None:
    """Before 5.7 a routed packet has no input device in POSTROUTING."""
    assert main(["live", "--recorded", "--kernel", "4.4"]) == 1
    said = capsys.readouterr().out
    assert "differs" in said
    assert "first difference in row 7" in said
    assert said.splitlines()[-1] == "the log differs (netlab simulates 4.4, not 6.18.44)"


def test_json_has_both_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "--recorded", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["agree"] is document["recorded"] is True
    assert len(document["real"]["log"]) == len(document["simulated"]["log"]) == 8


@live
def test_a_lab_runs_on_this_machines_kernel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = "iptables -A OUTPUT -p icmp -j LOG --log-prefix 'here '\nping -c 1 127.0.0.1\n"
    assert main(["live", lab_file(tmp_path, lab)]) == 0
    said = capsys.readouterr().out
    assert "1 packets transmitted, 1 received" in said
    assert "recorded" not in said
    assert "netlab and Linux agree: 2 lines of log" in said


@live
def test_a_difference_is_shown_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", lab_file(tmp_path, "uname -r\n")]) == 1
    said = capsys.readouterr().out
    assert "What the commands printed" in said
    assert "the output differs" in said


def test_without_rights_it_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("netlab.lab.live.os.geteuid", lambda: 1000)
    assert main(["live", lab_file(tmp_path, "ip link\n")]) == 2
    assert "only root may make network namespaces" in capsys.readouterr().err


def test_what_is_not_modelled_never_comes_to_the_real_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this must not run")

    monkeypatch.setattr("netlab.teach.own_kernel.run_live", refuse)
    script = lab_file(tmp_path, "ip link\nfrobnicate --all\n")
    assert main(["live", script]) == 2
    said = capsys.readouterr().err
    assert f"{script}:2: " in said
    assert "frobnicate" in said
    assert "^" in said


@pytest.mark.parametrize("words", [[], ["lab.sh", "--recorded"]])
def test_a_lab_or_the_recorded_run(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", *words]) == 2
    assert "LAB.sh or --recorded" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "inf"])
def test_time_limits_are_numbers_of_seconds(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["live", "lab.sh", "--timeout", seconds])
    assert ended.value.code == 2
    assert "no number of seconds" in capsys.readouterr().err


def test_only_the_recorded_lab_has_a_recorded_run() -> None:
    with pytest.raises(InputError, match="no recorded run of this lab"):
        own_kernel.side_by_side("ip link\n")
    assert own_kernel.side_by_side(own_kernel.recorded_lab()).agree


def test_a_damaged_recording_is_refused() -> None:
    text = data.capture(own_kernel.RECORDED)
    for damaged in (
        "",
        text.replace("@@@LOG", "@@@LOGS"),
        text.replace("kernel 6", "colonel 6"),
        "x\n" + text,
    ):
        with pytest.raises(InputError, match="not a recorded run"):
            own_kernel.read_run(damaged, source="damaged.txt")


def test_a_changed_line_of_the_recording_is_found() -> None:
    both = own_kernel.side_by_side()
    wrong = [line.replace("TTL=63", "TTL=64") for line in both.real.log]
    real = LiveResult(both.real.kernel, both.real.output, wrong, both.real.status)
    changed = own_kernel.SideBySide(
        lab=both.lab, profile=both.profile, simulated=both.simulated, real=real, recorded=True
    )
    assert not changed.agree
    assert changed.verdict == "the log differs"
    assert changed.log.marked == {6}
    assert [journey.number for journey in changed.journeys] == [1, 2, 3, 4]

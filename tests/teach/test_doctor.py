"""The doctor: what it finds on a machine that has all, and what it says where something is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from netlab import teach
from netlab.cli import main
from netlab.teach.doctor import GOOD, LIMITED, MISSING, NEEDED, Finding, Report, available_memory, doctor

MODULE = sys.modules[doctor.__module__]  # netlab.teach.doctor itself is the function


def finding(report: Report, name: str) -> Finding:
    return next(one for one in report.findings if one.name == name)


def test_versions_are_those_that_are_installed(tmp_path: Path) -> None:
    report = doctor(tmp_path)
    for name in NEEDED:
        assert finding(report, name).says == metadata.version(name)
    assert finding(report, "Python").says.startswith(".".join(map(str, sys.version_info[:3])))


def test_nothing_stays_in_the_folder(tmp_path: Path) -> None:
    assert finding(doctor(tmp_path), "notebooks' folder").state == GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(tmp_path / "gone")]) == 1
    said = capsys.readouterr().out
    assert "!! notebooks' folder: cannot be written (No such file or directory)" in said
    assert said.splitlines()[-1] == "Not ready: 1 thing to repair (notebooks' folder)."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert finding(doctor(tmp_path), "notebooks' folder").state == MISSING


def test_a_missing_package_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "NEEDED", ("no-such-distribution",))
    report = doctor(tmp_path)
    assert not report.good
    assert "pip install no-such-distribution" in finding(report, "no-such-distribution").says


def test_dot_is_asked_for_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dot = shutil.which("dot")
    if dot is not None:
        said = subprocess.run([dot, "-V"], capture_output=True, text=True, check=True).stderr
        assert finding(doctor(tmp_path), "dot").says.removeprefix("Graphviz ") in said
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = finding(doctor(tmp_path), "dot")
    assert missing.state == LIMITED
    assert "as text" in missing.says


def test_a_dot_that_does_not_run_is_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert finding(doctor(tmp_path), "dot").state == LIMITED


def test_kernel_rights_are_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlab.lab.live.os.geteuid", lambda: 1000)
    rights = finding(doctor(tmp_path), "live runs")
    assert rights.state == LIMITED
    assert "only root may make network namespaces; notebook 13 shows a recorded run" in rights.says


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="no /proc here")
def test_memory_is_below_the_machines(tmp_path: Path) -> None:
    total = re.search(r"^MemTotal: +(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    free = available_memory()
    assert total is not None
    assert free is not None
    assert 0 < free < int(total[1]) * 1024


def test_little_memory_is_a_limit_and_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "available_memory", lambda: 300 * 2**20)
    report = doctor(tmp_path)
    assert finding(report, "memory") == Finding(
        "memory", LIMITED, "300 MiB available: keep one notebook open at a time"
    )
    assert report.good


def test_limits_do_not_make_it_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Ready.")


def test_in_a_notebook_it_is_a_list_with_a_role() -> None:
    report = Report((Finding("a<b", MISSING, "x & y"),))
    html = report._repr_html_()
    assert "a&lt;b: x &amp; y" in html
    assert 'role="status"' in html
    assert "Not ready" in html
    assert teach.doctor is doctor

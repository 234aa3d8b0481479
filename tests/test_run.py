"""run.py: what it says and refuses, and that it never removes what is not an environment."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_py", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with run.py and what its stamp reads, and no environment."""
    (tmp_path / "requirements").mkdir()
    for name in ("run.py", "pyproject.toml", "requirements/lock.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def call(copy: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(copy / "run.py"), *arguments]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)


def test_alone_it_prints_its_verbs(copy: Path) -> None:
    done = call(copy)
    assert done.returncode == 0
    named = re.findall(r"^    ([a-z-]+) ", done.stdout, re.MULTILINE)
    assert named == ["lab", "test", *load(copy / "run.py").SCRIPTS]
    assert not (copy / ".venv").exists()


def test_unknown_verb_is_named_with_the_known_ones(copy: Path) -> None:
    done = call(copy, "tset")
    assert done.returncode == 2
    assert "no verb 'tset'" in done.stderr
    assert "    test " in done.stderr


def test_missing_script_is_named_before_anything_is_set_up(copy: Path) -> None:
    done = call(copy, "bench")
    assert done.returncode == 2
    assert "bench/run.py" in done.stderr
    assert not (copy / ".venv").exists()


def test_too_old_a_python_can_still_compile_it() -> None:
    source = (ROOT / "run.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    evaluated = [n for n in ast.walk(tree) if isinstance(n, ast.Subscript | ast.BinOp)]
    annotations = [
        part
        for n in ast.walk(tree)
        if isinstance(n, ast.FunctionDef)
        for part in [n.returns, *(a.annotation for a in [*n.args.args, n.args.vararg] if a)]
    ]
    assert not [part for part in annotations if part in evaluated]


def test_too_old_a_python_is_told_so(
    copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = load(copy / "run.py")
    monkeypatch.setattr(run, "OLDEST", (3, sys.version_info.minor + 1))
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
    with pytest.raises(
        SystemExit, match=rf"needs Python 3\.{sys.version_info.minor + 1} or newer; this is 3\."
    ):
        run.newer_python()


def test_the_oldest_python_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = ".".join(map(str, load(ROOT / "run.py").OLDEST))
    assert project["requires-python"] == f">={oldest}"


def test_stamp_follows_lock_project_and_place(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    run = load(copy / "run.py")
    first = run.stamp()
    assert first == run.stamp()
    with (copy / "requirements/lock.txt").open("a") as stream:
        stream.write("\n")
    second = run.stamp()
    with (copy / "pyproject.toml").open("a") as stream:
        stream.write("\n")
    third = run.stamp()
    moved = tmp_path_factory.mktemp("moved")
    shutil.copytree(copy, moved, dirs_exist_ok=True)
    assert len({first, second, third, load(moved / "run.py").stamp()}) == 4


def test_a_broken_environment_is_cleared(copy: Path) -> None:
    venv = copy / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("home = nowhere\n")
    (venv / "bin" / "python").symlink_to("no-such-python")
    outside = copy / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (venv / "lib64").symlink_to(outside)
    load(copy / "run.py").clear(str(venv))
    assert list(venv.iterdir()) == []
    assert (outside / "kept").exists()


def test_a_directory_that_is_no_environment_is_left_alone(copy: Path) -> None:
    precious = copy / ".venv" / "thesis.txt"
    precious.parent.mkdir()
    precious.touch()
    with pytest.raises(SystemExit, match="is not a virtual environment and is left alone"):
        load(copy / "run.py").clear(str(precious.parent))
    assert precious.exists()


def no_root(run: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian machine's ordinary user: apt-get is there and may not be used."""
    (programs / "apt-get").write_text("#!/bin/sh\nexit 100\n")
    (programs / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(run, "as_root", lambda: None)


def test_missing_programs_are_named_with_the_way_to_get_them(
    copy: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    run = load(copy / "run.py")
    programs = tmp_path_factory.mktemp("bin")
    no_root(run, programs, monkeypatch)
    (copy / ".venv").mkdir()
    for _ in range(2):  # said every time, although tried once
        run.want_programs(run.DOT)
        said = capfd.readouterr().err
        assert "shown as text" in said
        assert "sudo apt-get install graphviz\n" in said
    (programs / "dot").write_text("")
    (programs / "dot").chmod(0o755)
    run.want_programs(run.DOT)
    assert capfd.readouterr().err == ""


def test_missing_venv_support_ends_with_the_command_to_type(
    copy: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = load(copy / "run.py")
    programs = tmp_path_factory.mktemp("bin")
    no_root(run, programs, monkeypatch)
    bare = programs / "python3"  # as on Debian without python3-venv: the import fails
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    with pytest.raises(SystemExit, match=r"sudo apt-get install -y python3\.\d+-venv$"):
        run.need_venv(str(bare))
    run.need_venv(getattr(sys, "_base_executable", sys.executable))


def test_every_part_runs_and_any_failure_counts(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], copy: Path
) -> None:
    run = load(copy / "run.py")
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    parts = [
        (name, ["-c", f"print('{name} ran'); exit({code})"]) for name, code in (("a", 0), ("b", 3), ("c", 0))
    ]
    assert run.run_parts(parts) == 1
    assert run.run_parts(parts[:1]) == 0
    out = capfd.readouterr().out
    assert [x for x in out.splitlines() if x.endswith("ran")] == ["a ran", "b ran", "c ran", "a ran"]
    assert re.search(r"^b +FAILED \(status 3\)$", out, re.MULTILINE)
    assert re.search(r"^c +ok$", out, re.MULTILINE)


def test_what_it_runs_does_not_see_foreign_python_settings(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(copy))
    monkeypatch.setenv("PYTHONHOME", str(copy))
    run = load(copy / "run.py")
    ours = run.variables()
    assert not {"PYTHONPATH", "PYTHONHOME"} & set(ours)
    assert ours["PATH"].split(os.pathsep)[0] == run.BIN


def test_continuous_integration_runs_the_test_verb_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert script == ["#!/usr/bin/env bash", 'exec python3 "$(dirname "$0")/../run.py" test']

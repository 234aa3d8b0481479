"""pyproject.toml, the lock, environment.yml and binder/ describe one environment (no channel is asked)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAME = {
    "graphviz": "python-graphviz",
    "matplotlib": "matplotlib-base",
}  # where conda-forge's name differs
CONDA_ONLY = {"python", "pip", "graphviz"}  # conda's graphviz is the programs, dot among them


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def dependencies() -> list[Requirement]:
    return [Requirement(text) for text in project()["project"]["dependencies"]]


def conda_file(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return loaded


def conda_bounds(name: str) -> dict[str, SpecifierSet]:
    """The conda packages of a file with their bounds; conda's ``=3.12`` is PyPI's ``==3.12.*``."""
    bounds = {}
    for entry in conda_file(name)["dependencies"]:
        if isinstance(entry, str):
            found = re.fullmatch(r"([a-z0-9_.-]+)\s*(.*)", entry)
            assert found, entry
            spec = re.sub(r"^=\s*([\d.]+)$", r"==\1.*", found[2])
            assert found[1] not in bounds, f"{found[1]} twice"
            bounds[found[1]] = SpecifierSet(spec)
    return bounds


def locked() -> dict[str, list[tuple[Version, str]]]:
    """Name to its pinned versions, each with the marker behind it."""
    pins: dict[str, list[tuple[Version, str]]] = {}
    for line in (ROOT / "requirements/lock.txt").read_text("utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9_.-]+)==([^\s;\\]+)(?: ; (.*?))? *\\?$", line):
            pins.setdefault(canonicalize_name(found[1]), []).append((Version(found[2]), found[3] or ""))
    return pins


@pytest.mark.parametrize("name", ["environment.yml", "binder/environment.yml"])
def test_conda_has_the_projects_packages_and_bounds(name: str) -> None:
    wanted = {CONDA_NAME.get(r.name, r.name): r.specifier for r in dependencies()}
    have = conda_bounds(name)
    assert {k: v for k, v in have.items() if k not in CONDA_ONLY} == wanted
    assert set(have) >= CONDA_ONLY


def test_binder_differs_by_the_editable_install_only() -> None:
    local, binder = conda_file("environment.yml"), conda_file("binder/environment.yml")
    # A path in Binder's file would be resolved inside binder/, and would rebuild the image at every commit.
    assert local["dependencies"].pop() == {"pip": ["-e ."]}
    assert binder == local


@pytest.mark.parametrize("name", ["environment.yml", "binder/environment.yml"])
def test_repo2docker_can_read_the_python_version(name: str) -> None:
    """repo2docker understands ``python=X.Y`` only, and silently takes its own default for anything else."""
    (line,) = [e for e in conda_file(name)["dependencies"] if str(e).startswith("python=")]
    found = re.fullmatch(r"python=(\d+\.\d+)", line)
    assert found
    assert Version(found[1]) in SpecifierSet(project()["project"]["requires-python"])


def test_lock_satisfies_every_bound() -> None:
    groups = project()["dependency-groups"]
    pins = locked()
    for wanted in [*dependencies(), *map(Requirement, groups["dev"]), *map(Requirement, groups["e2e"])]:
        assert pins.get(canonicalize_name(wanted.name)), f"{wanted} is not in the lock"
        assert all(version in wanted.specifier for version, _ in pins[canonicalize_name(wanted.name)]), wanted


def test_lock_is_hashed_and_names_no_host() -> None:
    text = (ROOT / "requirements/lock.txt").read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == sum(map(len, locked().values()))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_is_installed_is_what_is_locked() -> None:
    pins = locked()
    if not (Path(sys.prefix) / "netlab.stamp").exists():
        pytest.skip("this environment was not made by run.py")
    installed = {
        canonicalize_name(d.metadata["Name"]): Version(d.version) for d in importlib.metadata.distributions()
    }
    unlocked = set(installed) - set(pins) - {"netlab", "pip", "setuptools"}
    assert not unlocked
    assert all(version in [v for v, _ in pins[name]] for name, version in installed.items() if name in pins)


def test_netlab_is_installed_not_found_by_place(tmp_path: Path) -> None:
    code = "import importlib.metadata as m, netlab; print(m.version('netlab'), netlab.__file__)"
    found = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    version, place = found.stdout.split(maxsplit=1)
    assert version == project()["project"]["version"]
    assert Path(place.strip()) == ROOT / "netlab" / "__init__.py"


def test_repo2docker_picks_binders_files() -> None:
    """repo2docker itself renders the Dockerfile, without Docker."""
    if importlib.util.find_spec("repo2docker") is None:
        pytest.skip("repo2docker is not installed")
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '--file "binder/environment.yml"' in done.stdout
    assert "./binder/postBuild" in done.stdout
    assert "python=3.12" in done.stderr
    assert "unspecified" not in done.stderr


def test_binder_script_stops_at_the_first_failure() -> None:
    script = ROOT / "binder" / "postBuild"
    assert os.access(script, os.X_OK)
    commands = [x for x in script.read_text("utf-8").splitlines() if x and not x.startswith("#")]
    assert commands[0] == "set -euo pipefail"
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_jupyterlab_settings_are_known_ones() -> None:
    """The overrides name plugins and settings that the locked JupyterLab has."""
    overrides = json.loads((ROOT / "etc/jupyter/labconfig/default_setting_overrides.json").read_text("utf-8"))
    schemas = Path(sys.prefix) / "share/jupyter/lab/schemas"
    for plugin, settings in overrides.items():
        package, _, name = plugin.partition(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text("utf-8"))
        assert set(settings) <= set(schema["properties"]), plugin

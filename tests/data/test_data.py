"""The article's material and the kernel captures: complete, unchanged, with origin, and in the wheel."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from netlab import data

ROOT = Path(__file__).resolve().parents[2]
ALL = (*data.article_names(), *data.capture_names())


@pytest.mark.parametrize("name", ALL)
def test_file_is_as_it_was_taken(name: str) -> None:
    raw = data.path(name).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == data.origin(name).sha256
    assert raw.endswith(b"\n")


@pytest.mark.parametrize("name", data.article_names())
def test_article_lines_are_the_named_ones_in_order(name: str) -> None:
    """The article's text is not part of the project; tools/article.py --check compares with it."""
    ranges = data.origin(name).lines
    assert sum(last - first + 1 for first, last in ranges) == data.article(name).count("\n")
    flat = [n for pair in ranges for n in pair]
    assert flat == sorted(flat)


def test_every_file_of_a_collection_has_an_origin() -> None:
    for collection, names in (("article", data.article_names()), ("kernel", data.capture_names())):
        stored = {p.name for p in (Path(data.__file__).parent / collection).iterdir()}
        assert stored == {*names, "origin.toml"}
        assert all(data.origin(n).author and data.origin(n).licence and data.origin(n).what for n in names)
    assert len(set(ALL)) == len(ALL)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("trace-container-to-container.txt", 34),
        ("trace-local-to-container.txt", 19),
        ("trace-local-to-lan.txt", 10),
        ("trace-container-to-external.txt", 25),
    ],
)
def test_trace_excerpts_hold_the_articles_88_lines(name: str, lines: int) -> None:
    text = data.article(name)
    assert [line[:7] for line in text.splitlines() if line] == ["TRACE: "] * lines


def test_typesetting_damage_is_kept() -> None:
    dump = data.article("iptables-save.txt")
    assert "\n\n: PREROUTING ACCEPT [1564539:108837380]\n:OUTPUT" in dump
    assert data.article("daemon.json").startswith("{\n\u201cgraph\u201d: ")


def test_drop_in_differs_by_the_articles_change_only() -> None:
    before = data.article("10-kubeadm-before.conf").splitlines()
    after = data.article("10-kubeadm-after.conf").splitlines()
    assert after[:-3] == before[:-2]
    assert after[-3] == 'Environment="KUBELET_EVICTION_POLICY_ARGS=--eviction-hard=nodefs.available<5%"'
    assert after[-1] == before[-1] + " $KUBELET_EVICTION_POLICY_ARGS"


def test_commands_are_typed_ones() -> None:
    typed = data.article("commands-network.txt").splitlines()
    assert all(line.startswith("# ") for line in typed)
    assert sum("-j TRACE" in line for line in typed) == 2
    assert sum(bool(re.match(r"# ebtables -t \w+ -A", line)) for line in typed) == 7


@pytest.mark.parametrize("name", ["no-such.txt", "../__init__.py", "", "origin.toml"])
def test_unknown_name_says_what_is_known(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(f"no data file named {name!r}; known: versions")):
        data.path(name)


def test_collections_do_not_mix() -> None:
    with pytest.raises(FileNotFoundError, match="known: versions"):
        data.article("kernel-6.18.txt")
    with pytest.raises(FileNotFoundError, match=r"known: kernel-6\.1"):
        data.capture("df-h.txt")


def test_wheel_carries_the_data_and_the_type_marker(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("netlab-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {f"netlab/data/article/{n}" for n in data.article_names()} <= packed
    assert {f"netlab/data/kernel/{n}" for n in data.capture_names()} <= packed
    assert {
        "netlab/data/article/origin.toml",
        "netlab/data/kernel/origin.toml",
        "netlab/py.typed",
    } <= packed
    assert all(n.startswith(("netlab/", "netlab-")) for n in packed)

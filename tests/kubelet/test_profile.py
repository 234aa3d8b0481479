"""Profiles, releases and the signal table."""

from __future__ import annotations

import pytest

from netlab.errors import InputError, NotModelledError
from netlab.kubelet.admission import admit
from netlab.kubelet.config import read_settings
from netlab.kubelet.model import FsLayout, Pod
from netlab.kubelet.observations import read_summary
from netlab.kubelet.profile import CURRENT, SWITCHES, V17, profile
from netlab.kubelet.ranking import rank
from netlab.kubelet.signals import SIGNALS, known_signal
from netlab.kubelet.sweeps import sweep
from netlab.kubelet.thresholds import parse_threshold_config


def test_words_and_versions() -> None:
    assert profile("v1.7") == profile("1.7") == profile("v1.7.5") is V17
    assert profile("current") is CURRENT
    assert profile("v1.31.2").release == (1, 31)
    assert profile("v1.33.0-rc.1+abc").name == "current"
    assert str(profile("v1.40")) == "current"


@pytest.mark.parametrize("text", ["v1.8", "1.30.1", "v1.6"])
def test_releases_between_the_lines_are_refused_by_name(text: str) -> None:
    with pytest.raises(NotModelledError, match=f"kubelet {text} is not modelled") as caught:
        profile(text)
    assert "v1.31 and later" in str(caught.value)


@pytest.mark.parametrize("text", ["", "newest", "v1", "1.7x"])
def test_junk(text: str) -> None:
    with pytest.raises(InputError, match="unknown kubelet profile"):
        profile(text)


def test_dated_switches() -> None:
    assert all(not V17.has(name) for name in SWITCHES)
    assert all(CURRENT.has(name) for name in SWITCHES)
    assert not profile("v1.31").has("soft_grace_is_the_smaller")
    assert profile("v1.32").has("soft_grace_is_the_smaller")
    assert not profile("v1.32").has("merge_default_eviction_settings")


def test_the_signal_table_of_the_specification() -> None:
    current = {n: s.resource(CURRENT) for n, s in SIGNALS.items()}
    old = {n: s.resource(V17) for n, s in SIGNALS.items()}
    assert {n for n, r in current.items() if r is None} == {"allocatableNodeFs.available"}
    assert {n for n, r in old.items() if r is None} == {
        "pid.available",
        "containerfs.available",
        "containerfs.inodesFree",
    }
    assert {r for r in current.values() if r} == {"memory", "ephemeral-storage", "inodes", "pids"}
    assert {r for r in old.values() if r} == {"memory", "nodefs", "nodefsInodes", "imagefs", "imagefsInodes"}
    for name, signal in SIGNALS.items():
        expected = "Memory" if "emory" in name else "PID" if name.startswith("pid") else "Disk"
        assert signal.condition == f"{expected}Pressure"
    assert known_signal("nope", CURRENT) is None


def test_the_word_does_for_the_profile() -> None:
    pods = [Pod(name="a")]
    assert rank(pods, {}, "nodefs.available", FsLayout.ONE, "v1.7")[0].keys[0].name == "QoS"
    assert not admit(pods[0], ["DiskPressure"], "v1.7").admitted
    assert read_settings("kubelet", "v1.7").profile is V17
    assert len(parse_threshold_config("v1.7")) == 2
    assert sweep(["150%"], [10], [0.5], "v1.7").met.all()
    assert read_summary({"node": {}}, "v1.7").missing["imagefs.inodesFree"].startswith("v1.7")
    with pytest.raises(InputError, match="unknown kubelet profile 'old'"):
        parse_threshold_config("old")

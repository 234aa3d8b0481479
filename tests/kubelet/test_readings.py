"""Thresholds on rounded figures: certain, impossible, or not to be told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.kubelet.df import merge, parse_df
from netlab.kubelet.free import parse_free
from netlab.kubelet.interval import Interval
from netlab.kubelet.model import FsLayout, Threshold, ThresholdValue, float32
from netlab.kubelet.profile import V17
from netlab.kubelet.readings import Placement, Reading, reading_from_free, readings_from_df
from netlab.kubelet.thresholds import parse_threshold_config

MI = 2**20


def hard(text: str) -> Threshold:
    (threshold,) = parse_threshold_config(V17, hard=text, enforce=())
    return threshold


def test_the_incident_by_hand() -> None:
    """448 < 593.9: met. Against 5% it is 297.0 MiB, and 151 MiB are left. (Specification, section 9.)"""
    disks = readings_from_df(parse_df(data.article("df-h.txt")), Placement(imagefs="/data/docker"))
    nodefs = disks["nodefs.available"]
    assert disks.layout is FsLayout.DEDICATED_IMAGEFS
    assert nodefs.met(hard("nodefs.available<10%")) is True
    assert round(nodefs.quantity(hard("nodefs.available<10%")).high / MI, 1) == 593.9
    assert nodefs.met(hard("nodefs.available<5%")) is False
    assert round(nodefs.quantity(hard("nodefs.available<5%")).high / MI, 1) == 297.0
    assert nodefs.margin(hard("nodefs.available<5%")).low // MI == 150
    assert disks["imagefs.available"].met(hard("imagefs.available<15%")) is False
    assert disks.missing["nodefs.inodesFree"] == "no df -i row holds /var/lib/kubelet"
    assert "/dev/sda1" in nodefs.text


def test_moving_the_data_directory_moves_imagefs() -> None:
    table = parse_df(data.article("df-h.txt"))
    before = readings_from_df(table, Placement(imagefs="/var/lib/docker"))
    after = readings_from_df(table, Placement(imagefs="/data/docker"))
    assert before.layout is FsLayout.ONE
    assert before["imagefs.available"].available == before["nodefs.available"].available
    assert after.layout is FsLayout.DEDICATED_IMAGEFS
    assert after["imagefs.available"].available.low > 88 * 2**30


def test_a_runtime_directory_with_its_own_mount_is_seen() -> None:
    table = parse_df("/dev/a 10G 5G 5G 50% /\n/dev/b 90G 1G 89G 2% /var/lib/containerd")
    assert readings_from_df(table).layout is FsLayout.DEDICATED_IMAGEFS
    split = readings_from_df(table, Placement(imagefs="/var/lib/containerd", containerfs="/var/lib/kubelet"))
    assert split.layout is FsLayout.SPLIT
    assert split["containerfs.available"].available == split["nodefs.available"].available


def test_bounds_that_allow_both_are_not_decided() -> None:
    reading = readings_from_df(parse_df("/dev/a 10G 9G 1.0G 90% /"))["nodefs.available"]
    assert reading.met(hard("nodefs.available<10%")) is None
    assert reading.met(hard("nodefs.available<1Gi")) is None
    assert reading.met(hard("nodefs.available<1025Mi")) is True
    assert reading.met(hard("nodefs.available<1023Mi")) is False
    assert reading.margin(hard("nodefs.available<1Gi")).high == 0


def test_a_threshold_without_operator_is_never_met() -> None:
    reading = readings_from_df(parse_df("/dev/a 10G 9G 1.0G 90% /"))["nodefs.available"]
    assert (
        reading.met(Threshold(signal="nodefs.available", value=ThresholdValue(percentage=1.0), op=""))
        is False
    )


def test_inodes_and_what_has_no_figures() -> None:
    inodes = parse_df(
        "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/a 1000 960 40 96% /\nbtrfs 0 0 0 - /data"
    )
    table = merge([parse_df("/dev/a 10G 9G 1.0G 90% /"), inodes])
    disks = readings_from_df(table, Placement(imagefs="/data"))
    assert disks["nodefs.inodesFree"].met(hard("nodefs.inodesFree<5%")) is True
    assert "no figures for /data" in disks.missing["imagefs.inodesFree"]
    assert str(disks["nodefs.inodesFree"].observation.available) == "40"


def test_free_bounds_memory() -> None:
    memory = parse_free("Mem: 4045652 912340 215360 46236 2917952 2801280", unit=1024)
    reading = reading_from_free(memory)
    assert reading.met(hard("memory.available<100Mi")) is False
    assert reading.met(hard("memory.available<1Gi")) is None
    assert "active cache" in reading.note


@settings(deadline=None)
@given(
    st.integers(0, 2**40),
    st.integers(0, 2**20),
    st.integers(2**10, 2**40),
    st.integers(0, 2**20),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_certain_answer_is_right_for_every_figure_within_the_bounds(
    available: int, slack: int, capacity: int, wide: int, share: float, a: float, c: float
) -> None:
    reading = Reading(
        signal="nodefs.available",
        available=Interval(available, available + slack),
        capacity=Interval(capacity, capacity + wide),
        source="",
        line=1,
        text="",
    )
    threshold = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(share)))
    true_available, true_capacity = available + int(slack * a), capacity + int(wide * c)
    met = true_available < threshold.value.of(true_capacity).value
    assert reading.met(threshold) in (met, None)
    assert reading.margin(threshold).low <= true_available - threshold.value.of(true_capacity).value


@pytest.mark.parametrize("text", ["1G", "1.0G"])
def test_the_middle_is_an_observation_within_the_bounds(text: str) -> None:
    reading = readings_from_df(parse_df(f"/dev/a 10G 9G {text} 90% /"))["nodefs.available"]
    assert reading.available.low <= reading.observation.available.value <= reading.available.high
    assert reading.observation.time is None

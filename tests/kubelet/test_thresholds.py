"""Threshold parsing against upstream's tables in both lines, and the arithmetic of shares."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.kubelet.derived import allocatable, with_allocatable, with_containerfs
from netlab.kubelet.gotext import parse_float32
from netlab.kubelet.model import FsLayout, Threshold, ThresholdValue, float32
from netlab.kubelet.profile import CURRENT, V17, Profile, profile
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.thresholds import ThresholdError, default_hard, parse_percentage, parse_threshold_config


def key(threshold: Threshold) -> tuple[object, ...]:
    return (*threshold.key, threshold.min_reclaim)


def built(build: Any, written: dict[str, Any]) -> Threshold:
    if written.get("op") == "":
        return Threshold(signal=written["signal"], value=ThresholdValue(), op="")
    threshold: Threshold = build.threshold(written)
    return threshold


def given_settings(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value or "" for name, value in case["input"].items() if name != "enforce"}


@pytest.mark.cases("thresholds.json", "parse_threshold_config")
def test_parses(suite: dict[str, Any], case: dict[str, Any], build: Any) -> None:
    line: Profile = profile(suite["profile"])
    enforce = case["input"]["enforce"]
    if "error" in case:
        with pytest.raises(ThresholdError) as caught:
            parse_threshold_config(line, enforce=enforce, **given_settings(case))
        assert caught.value.message == case["error"]
        assert caught.value.column is not None
        assert caught.value.source.startswith("--eviction-")
        return
    got = parse_threshold_config(line, enforce=enforce, **given_settings(case))
    assert sorted(map(repr, map(key, got))) == sorted(repr(key(built(build, t))) for t in case["expect"])


@pytest.mark.cases("thresholds.json", "with_allocatable")
def test_allocatable_copies(suite: dict[str, Any], case: dict[str, Any], build: Any) -> None:
    got = with_allocatable([build.threshold(t) for t in case["input"]], CURRENT)
    assert sorted(repr(key(t)) for t in got) == sorted(repr(key(build.threshold(t))) for t in case["expect"])


@pytest.mark.cases("thresholds.json", "with_containerfs")
def test_containerfs_is_rewritten(suite: dict[str, Any], case: dict[str, Any], build: Any) -> None:
    before = [build.threshold(t) for t in case["input"]]
    after, error = with_containerfs(before, FsLayout(case["layout"]))
    assert error == case["error"]
    kept = [t for t in before if not t.signal.startswith("containerfs")]
    containerfs = [t for t in after if t.signal.startswith("containerfs")]
    assert [t for t in after if not t.signal.startswith("containerfs")] == kept
    assert sorted(repr(key(t)) for t in containerfs) == sorted(
        repr(key(built(build, t))) for t in case["expect"]
    )


@pytest.mark.cases("thresholds.json", "parse_percentage")
def test_percentages(suite: dict[str, Any], case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError, match="strconv") as caught:
            parse_percentage(case["input"])
        assert str(caught.value) == case["error"]
    else:
        assert parse_percentage(case["input"]) == float32(case["expect"])


@pytest.mark.cases("thresholds.json", "compare_values")
def test_values_compare(suite: dict[str, Any], case: dict[str, Any], build: Any) -> None:
    left, right = map(build.value, case["input"])
    assert (left == right) is case["expect"]


@pytest.mark.parametrize(
    ("share", "capacity", "quantity"),
    [
        # from the messages of real kubelets (vtmocanu/uzi#225)
        ("15%", 20941697024, 3141254678),
        ("15%", 52520497152, 7878074885),
        # 160 bytes more than a tenth, because a tenth in single precision is a little more
        ("10%", 100 * 2**30, 10737418400),
        ("10.5%", 1000, 104),
    ],
)
def test_a_share_of_capacity_is_single_precision(share: str, capacity: int, quantity: int) -> None:
    value = ThresholdValue(percentage=parse_percentage(share))
    assert value.of(capacity).value == quantity
    assert value.of(Quantity.of(capacity)) == Quantity.of(quantity)


@settings(deadline=None)
@given(st.floats(0, 200), st.integers(0, 2**62))
def test_share_arithmetic_equals_numpy(percent: float, capacity: int) -> None:
    np = pytest.importorskip("numpy")
    text = f"{percent!r}%"
    share = float(np.float32(np.float32(text[:-1]) / np.float32(100)))
    assert parse_percentage(text) == share
    product = float(capacity) * share
    if product < 2**63:
        assert ThresholdValue(percentage=share).of(capacity).value == int(product)


@settings(deadline=None)
@given(st.integers(0x00800000, 0x7F000000))
def test_decimal_text_is_rounded_once(bits: int) -> None:
    """A text just above the middle of two single-precision numbers, by less than double precision can see."""
    (low,) = struct.unpack("<f", struct.pack("<I", bits))
    (high,) = struct.unpack("<f", struct.pack("<I", bits + 1))
    from decimal import Decimal, localcontext

    with localcontext() as context:
        context.prec = 400
        middle = (Decimal(low) + Decimal(high)) / 2
        assert parse_float32(str(middle * (1 + Decimal(10) ** -60))) == high
        assert parse_float32(str(middle * (1 - Decimal(10) ** -60))) == low


@pytest.mark.parametrize("text", ["inf%", "+Inf%", "infinity%"])
def test_infinity_is_too_much(text: str) -> None:
    with pytest.raises(ThresholdError, match="<= 100%"):
        parse_threshold_config(CURRENT, hard={"nodefs.available": text})


def test_nan_slips_past_and_never_fires() -> None:
    (threshold,) = parse_threshold_config(CURRENT, hard={"nodefs.available": "NaN%"}, enforce=())
    assert threshold.value.of(1000).value == -(2**63)


def test_out_of_range_and_odd_spellings_of_go() -> None:
    with pytest.raises(ThresholdError, match="value out of range"):
        parse_threshold_config(CURRENT, hard={"nodefs.available": "1e40%"})
    assert parse_percentage("1_0%") == parse_percentage("0x1.4p3%") == parse_percentage("10%")
    for text in ("1__0%", "_1%", " 1%", "1 %", "٣%", "+nan%"):
        with pytest.raises(ValueError, match="invalid syntax"):
            parse_percentage(text)


@pytest.mark.parametrize(
    ("given_text", "column", "hint"),
    [
        ("memory.available<1Gi,nodefs.availble<5%", 21, "one of memory.available"),
        ("Memory.Available<1Gi", 0, "memory.available (no spaces"),
        ("memory.available<100MB", 21, "there is no B"),
    ],
)
def test_the_caret_stands_under_the_fault(given_text: str, column: int, hint: str) -> None:
    with pytest.raises(ThresholdError) as caught:
        parse_threshold_config(V17, hard=given_text)
    assert caught.value.column == column
    assert hint in str(caught.value)


def test_defaults_by_release() -> None:
    assert list(default_hard((1, 7))) == ["memory.available", "nodefs.available", "nodefs.inodesFree"]
    assert default_hard((1, 9))["imagefs.available"] == "15%"
    assert "imagefs.inodesFree" not in default_hard((1, 29))
    assert default_hard((1, 30))["imagefs.inodesFree"] == "5%"


def test_node_allocatable() -> None:
    capacity = {
        "memory": parse_quantity("4Gi"),
        "ephemeral-storage": parse_quantity("100Gi"),
        "cpu": parse_quantity("2"),
    }
    reserved = {"memory": parse_quantity("1Gi"), "cpu": parse_quantity("2500m")}
    hard = parse_threshold_config(CURRENT, hard=default_hard((1, 34)), enforce=())
    now = allocatable(capacity, hard, CURRENT, reserved)
    assert str(now["memory"]) == "2972Mi"
    assert now["ephemeral-storage"].value == 100 * 2**30 - 10737418400
    assert now["cpu"].nano == 0
    then = allocatable(capacity, hard, V17)
    assert str(then["memory"]) == "3996Mi"
    assert str(then["ephemeral-storage"]) == "100Gi"


def test_dropping_the_memory_threshold_gives_its_100mi_to_allocatable() -> None:
    """The incident's hidden price: the second dump has no memory threshold, and Allocatable grew."""
    capacity = {"memory": parse_quantity("4Gi")}
    before = parse_threshold_config(V17, hard="memory.available<100Mi,nodefs.available<10%", enforce=())
    after = parse_threshold_config(V17, hard="nodefs.available<5%", enforce=())
    grown = allocatable(capacity, after, V17)["memory"] - allocatable(capacity, before, V17)["memory"]
    assert str(grown) == "100Mi"

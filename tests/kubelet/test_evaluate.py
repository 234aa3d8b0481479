"""Thresholds met, graces, conditions: upstream's tables (cases/evaluate.json) and the laws behind them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kubelet.duration import parse_duration
from netlab.kubelet.evaluate import (
    compare,
    conditions_of,
    first_observed,
    grace_over,
    last_observed,
    merge,
    observed_since,
    thresholds_met,
    updated,
)
from netlab.kubelet.model import Observation, Threshold, ThresholdValue, float32
from netlab.kubelet.quantity import Quantity


@pytest.mark.cases("evaluate.json", "thresholds_met")
def test_thresholds_met(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    thresholds = [build.threshold(t) for t in given_["thresholds"]]
    met = thresholds_met(
        thresholds,
        build.observations(given_["observations"]),
        enforce_min_reclaim=given_["enforce_min_reclaim"],
    )
    assert met == tuple(thresholds[i] for i in case["expect"])


@pytest.mark.cases("evaluate.json", "updated")
def test_updated_stats(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    thresholds = [build.threshold(t) for t in given_["thresholds"]]
    kept = updated(
        thresholds, build.observations(given_["observations"]), build.observations(given_["earlier"])
    )
    assert kept == tuple(thresholds[i] for i in case["expect"])


@pytest.mark.cases("evaluate.json", "first_observed")
def test_first_observed(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    thresholds = [build.threshold(t) for t in given_["thresholds"]]
    earlier = {t: parse_duration(at) for t, at in zip(thresholds, given_["earlier"], strict=False)}
    seen = first_observed(thresholds, earlier, parse_duration(given_["now"]))
    assert list(seen.values()) == [parse_duration(at) for at in case["expect"]]


@pytest.mark.cases("evaluate.json", "grace_over")
def test_grace_over(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    thresholds = [build.threshold(t) for t in given_["thresholds"]]
    first = {t: parse_duration(at) for t, at in zip(thresholds, given_["first"], strict=True)}
    over = grace_over(first, parse_duration(given_["now"]))
    assert over == tuple(thresholds[i] for i in case["expect"])


@pytest.mark.cases("evaluate.json", "last_observed")
def test_conditions_last_observed(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    earlier = {c: parse_duration(at) for c, at in given_["earlier"].items()}
    seen = last_observed(given_["observed"], earlier, parse_duration(given_["now"]))
    assert seen == {c: parse_duration(at) for c, at in case["expect"].items()}


@pytest.mark.cases("evaluate.json", "observed_since")
def test_conditions_observed_since(build: Any, suite: dict[str, Any], case: dict[str, Any]) -> None:
    given_ = case["input"]
    last = {c: parse_duration(at) for c, at in given_["last"].items()}
    reported = observed_since(last, parse_duration(given_["period"]), parse_duration(given_["now"]))
    assert list(reported) == case["expect"]


def test_real_kubelets_15_percent() -> None:
    """Figures of two real kubelets (vtmocanu/uzi#225)."""
    value = ThresholdValue(percentage=float32(float32(15) / 100))
    assert value.of(20941697024).value == 3141254678
    assert value.of(52520497152).value == 7878074885


def test_each_condition_once() -> None:
    thresholds = [
        Threshold(signal=s, value=ThresholdValue(percentage=0.5))
        for s in ("imagefs.available", "nodefs.available", "memory.available", "pid.available")
    ]
    assert conditions_of(thresholds) == ("MemoryPressure", "DiskPressure", "PIDPressure")


def test_merge_looks_at_the_key_not_at_the_reclaim() -> None:
    one = Threshold(signal="memory.available", value=ThresholdValue(Quantity.of(5)))
    same = Threshold(
        signal="memory.available",
        value=ThresholdValue(Quantity.of(5)),
        min_reclaim=ThresholdValue(Quantity.of(1)),
    )
    other = Threshold(signal="memory.available", value=ThresholdValue(Quantity.of(5)), grace=1)
    assert merge([one], [same, other, other]) == (one, other)


def test_an_empty_operator_is_never_met() -> None:
    none = Threshold(signal="containerfs.available", value=ThresholdValue(Quantity.of(10)), op="")
    assert not compare(none, Observation(Quantity.of(1), Quantity.of(100))).met


values = st.one_of(
    st.integers(0, 1 << 44).map(lambda n: ThresholdValue(Quantity.of(n))),
    st.floats(0, 1, width=32).map(lambda p: ThresholdValue(percentage=p)),
)


@given(values, st.none() | values, st.integers(0, 1 << 44), st.integers(1, 1 << 44))
def test_met_stays_met_until_threshold_and_reclaim_are_there(
    value: ThresholdValue, reclaim: ThresholdValue | None, available: int, capacity: int
) -> None:
    threshold = Threshold(signal="nodefs.available", value=value, min_reclaim=reclaim)
    seen = {"nodefs.available": Observation(Quantity.of(available), Quantity.of(capacity))}
    needed = value.of(capacity).value + (reclaim.of(capacity).value if reclaim is not None else 0)
    held = bool(thresholds_met([threshold], seen, enforce_min_reclaim=True))
    assert held == (available < needed)
    if thresholds_met([threshold], seen):
        assert held

"""Quantities, durations, shares and quoting against answers captured from the real Go libraries."""

from __future__ import annotations

from typing import Any

import pytest

from netlab.kubelet.duration import DurationError, format_duration, parse_duration
from netlab.kubelet.gotext import go_quote, go_unquote
from netlab.kubelet.model import ThresholdValue
from netlab.kubelet.quantity import QuantityError, parse_quantity
from netlab.kubelet.thresholds import parse_percentage


@pytest.mark.cases("go.json", "parse_quantity")
def test_quantity(suite: dict[str, Any], case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(QuantityError) as caught:
            parse_quantity(case["input"])
        assert caught.value.message == case["error"]
        return
    quantity, expected = parse_quantity(case["input"]), case["expect"]
    assert (str(quantity), quantity.family.value) == (expected["s"], expected["f"])
    assert str(quantity.value) == expected.get("v", str(quantity.value))


@pytest.mark.cases("go.json", "parse_duration")
def test_duration(suite: dict[str, Any], case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(DurationError) as caught:
            parse_duration(case["input"])
        assert caught.value.message == case["error"]
        return
    assert parse_duration(case["input"]) == case["expect"]["nanoseconds"]
    assert format_duration(case["expect"]["nanoseconds"]) == case["expect"]["printed"]


@pytest.mark.cases("go.json", "percentage")
def test_percentage(suite: dict[str, Any], case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError, match="strconv") as caught:
            parse_percentage(case["input"])
        assert str(caught.value) == case["error"]
        return
    share, written = parse_percentage(case["input"]), case["expect"]["share"]
    assert repr(share) == repr(float(written) if written[-1] in "fN" else float.fromhex(written))
    assert ThresholdValue(percentage=share).of(case["capacity"]).value == case["expect"]["quantity"]


@pytest.mark.cases("go.json", "quote")
def test_quote(suite: dict[str, Any], case: dict[str, Any]) -> None:
    assert go_quote(case["input"]) == case["expect"]
    assert go_unquote(case["expect"]) == case["input"]

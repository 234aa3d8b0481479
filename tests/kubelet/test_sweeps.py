"""What-ifs in bulk equal the scalar arithmetic, bit for bit, and are quick."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import InputError
from netlab.kubelet.evaluate import compare
from netlab.kubelet.model import Observation, Threshold, ThresholdValue, float32
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.sweeps import needed, passes_to_met, seconds_to_met, sweep

values = st.one_of(
    st.integers(-(1 << 62), 1 << 62).map(lambda n: ThresholdValue(Quantity.of(n))),
    st.integers(1, 10**12).map(lambda n: ThresholdValue(Quantity(n))),
    st.floats(width=32).map(lambda p: ThresholdValue(percentage=p)),
)
sizes = st.integers(0, (1 << 63) - 1)


@given(st.lists(values, min_size=1, max_size=4), st.lists(sizes, min_size=1, max_size=4))
def test_needed_equals_the_scalar_code(chosen: list[ThresholdValue], capacities: list[int]) -> None:
    array = needed(chosen, capacities)
    for i, value in enumerate(chosen):
        for j, capacity in enumerate(capacities):
            assert int(array[i, j]) == -(-value.of(capacity).nano // 10**9)


@given(
    st.lists(values, min_size=1, max_size=3),
    st.lists(st.integers(1, 1 << 50), min_size=1, max_size=3),
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
    st.integers(0, 1 << 40),
)
def test_met_equals_the_scalar_code(
    chosen: list[ThresholdValue], capacities: list[int], used: list[float], reserved: int
) -> None:
    done = sweep(chosen, capacities, used, CURRENT, reserved=reserved)
    met = done.met
    for i, value in enumerate(chosen):
        threshold = Threshold(signal="nodefs.available", value=value)
        for j, capacity in enumerate(capacities):
            for k, fraction in enumerate(used):
                available = max(0, capacity - reserved - int(float(capacity) * fraction))
                assert int(done.available[j, k]) == available
                seen = Observation(Quantity.of(available), Quantity.of(capacity))
                assert bool(met[i, j, k]) == compare(threshold, seen).met


def test_a_million_what_ifs() -> None:
    percents = [f"{n / 10}%" for n in range(1, 101)]
    capacities = np.linspace(2**30, 2**42, 100).astype(np.int64)
    used = np.linspace(0, 1, 100)
    done = sweep(percents, capacities, used, CURRENT)
    total = int(done.met.sum())
    assert done.cases == 1_000_000
    # usage above 1 - threshold meets it: of 100 usages, those with u > 1 - p; about p of them
    assert 0 < total < done.cases / 10


def test_it_shows_itself() -> None:
    done = sweep(["10%"], [2**30], [0.95, 0.5], V17)
    assert str(done) == "threshold  1Gi\n10%        1/2"
    assert "<td>1/2</td>" in done._repr_html_()


def test_the_160_bytes_of_single_precision() -> None:
    assert needed([ThresholdValue(percentage=float32(0.1))], [100 * 2**30]).tolist() == [[10737418400]]


@pytest.mark.parametrize("text", ["0%", "100%"])
def test_texts_without_a_threshold(text: str) -> None:
    with pytest.raises(InputError, match="means no threshold"):
        sweep([text], [1], [0.5], CURRENT)
    assert sweep(["100%"], [1000], [0.5], V17).met.all()  # an ordinary threshold in v1.7


def test_bad_usage_and_size() -> None:
    with pytest.raises(InputError, match="fractions"):
        sweep(["10%"], [1], [92.0], CURRENT)
    with pytest.raises(InputError, match="64 bits"):
        needed([ThresholdValue(Quantity.of(1 << 70))], [1])


@given(st.integers(0, 10**6), st.integers(1, 10**6), values, st.integers(-5, 1000))
def test_seconds_to_met(available: int, capacity: int, value: ThresholdValue, growth: int) -> None:
    """The first second at which the threshold is met, and no earlier one."""
    seconds = seconds_to_met(available, capacity, value, growth)
    need = value.of(capacity).nano
    if seconds is None:
        assert growth <= 0
        assert available * 10**9 >= need
        return
    assert (available - growth * seconds) * 10**9 < need
    if seconds:
        assert (available - growth * (seconds - 1)) * 10**9 >= need


def test_the_pass_that_sees_it() -> None:
    value = ThresholdValue(Quantity.of(297 * 2**20))
    assert passes_to_met(448 * 2**20, 5938 * 2**20, value, 2**20, every=10 * 10**9) == 16
    assert passes_to_met(448 * 2**20, 5938 * 2**20, value, 0, every=10 * 10**9) is None

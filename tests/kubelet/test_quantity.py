"""Quantities against upstream's tables, and their laws."""

from __future__ import annotations

import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import NotModelledError
from netlab.kubelet.quantity import Family, Quantity, QuantityError, parse_quantity

quantities = st.builds(Quantity, st.integers(-(10**30), 10**30), st.sampled_from(Family)).filter(
    # parsing caps a binary quantity at 2^63-1
    lambda q: q.family is not Family.BINARY or abs(q.nano) < 2**63 * 10**9
)


def written(figure: dict[str, Any]) -> Quantity:
    return Quantity(figure["digits"] * 10 ** (figure["exponent"] + 9), Family(figure["family"]))


@pytest.mark.cases("quantity.json", "parse_quantity")
@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_parses(suite: dict[str, Any], case: dict[str, Any], sign: str) -> None:
    got, expected = parse_quantity(sign + case["input"]), written(case["expect"])
    assert got == (-expected if sign == "-" else expected)
    assert got.family is expected.family


@pytest.mark.cases("quantity.json", "print_quantity")
def test_prints(suite: dict[str, Any], case: dict[str, Any]) -> None:
    quantity = written(case["input"])
    assert str(quantity) == case["expect"]
    assert str(parse_quantity(case["expect"])) == case["expect"]
    assert str(parse_quantity(case.get("also_written", case["expect"]))) == case["expect"]
    if quantity:
        assert str(-quantity) == "-" + case["expect"]


@pytest.mark.cases("quantity.json", "canonical")
def test_canonical(suite: dict[str, Any], case: dict[str, Any]) -> None:
    assert str(parse_quantity(case["input"])) == case["expect"]


@pytest.mark.cases("quantity.json", "invalid_quantity")
def test_error_texts(suite: dict[str, Any], case: dict[str, Any]) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(case["input"])
    assert caught.value.message == case["expect"]
    assert caught.value.expected
    assert case["expect"] in str(caught.value)


@pytest.mark.cases("quantity.json", "round_up")
def test_rounds_away_from_zero(suite: dict[str, Any], case: dict[str, Any]) -> None:
    quantity = parse_quantity(case["input"])
    assert {0: quantity.value, -3: quantity.milli}[case["scale"]] == case["expect"]


@pytest.mark.cases("quantity.json", "compare")
def test_compares(suite: dict[str, Any], case: dict[str, Any]) -> None:
    left, right = map(parse_quantity, case["input"])
    assert (left > right) - (left < right) == case["expect"]
    assert (left == right) is (case["expect"] == 0)
    if left == right:
        assert hash(left) == hash(right)


@pytest.mark.cases("quantity.json", "arithmetic")
def test_zero_takes_the_family_of_the_other(suite: dict[str, Any], case: dict[str, Any]) -> None:
    left, sign, right = case["input"]
    result = {"+": operator.add, "-": operator.sub}[sign](parse_quantity(left), parse_quantity(right))
    assert str(result) == case["expect"]


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("100 Mi", 3, "no spaces"),
        ("1,5Gi", 1, "the decimal mark is a dot"),
        ("100MiB", 5, "write 100Mi, not 100MiB"),
        ("5gi", 1, "a number and one of"),
    ],
)
def test_junk_gets_a_caret_and_a_hint(text: str, column: int, hint: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert caught.value.column == column
    assert hint in str(caught.value)


def test_an_exponent_past_any_use_is_refused_by_name() -> None:
    with pytest.raises(NotModelledError, match="exponent too large"):
        parse_quantity("1e100000000")


@settings(deadline=None)
@given(quantities)
def test_printing_and_parsing_are_inverse(quantity: Quantity) -> None:
    again = parse_quantity(str(quantity))
    assert again == quantity
    assert str(again) == str(quantity)


@settings(deadline=None)
@given(quantities, quantities, quantities)
def test_addition_is_exact(a: Quantity, b: Quantity, c: Quantity) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert (a + b) - b == a


@settings(deadline=None)
@given(quantities)
def test_integer_value_never_loses_any(quantity: Quantity) -> None:
    exact = abs(quantity.value) * 10**9 - abs(quantity.nano)
    assert 0 <= exact < 10**9


@settings(deadline=None)
@given(st.text(alphabet="+-.0123456789eEinumkKMGTPBx ,", max_size=12))
def test_any_text_parses_or_says_where(text: str) -> None:
    try:
        parsed = parse_quantity(text)
    except (QuantityError, NotModelledError) as raised:
        error = raised
    else:
        assert parse_quantity(str(parsed)) == parsed
        return
    assert error.column is not None
    assert error.column <= len(text)


def test_a_quantity_is_no_plain_number() -> None:
    one: Any = parse_quantity("1Gi")
    for mixed in (operator.add, operator.sub, operator.lt):
        with pytest.raises(TypeError):
            mixed(one, 1)

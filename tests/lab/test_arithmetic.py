"""Shell arithmetic against C's rules, as Python can state them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.lab.arithmetic import BadArithmetic, evaluate

NUMBERS = st.integers(-(2**31), 2**31)


@given(NUMBERS, NUMBERS.filter(bool))
def test_division_cuts_towards_zero(a: int, b: int) -> None:
    quotient = evaluate(f"({a})/({b})", {})
    remainder = evaluate(f"({a})%({b})", {})
    assert quotient * b + remainder == a
    assert abs(remainder) < abs(b)
    assert remainder == 0 or (remainder < 0) == (a < 0)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_precedence_is_cs(a: int, b: int, c: int) -> None:
    assert evaluate(f"{a}+({b})*{c}", {}) == (a + b * c + 2**63) % 2**64 - 2**63
    assert evaluate(f"{a}<({b})|{c}", {}) == int(a < b) | c
    assert evaluate(f"{a}==({b})||{c}", {}) == int(a == b or bool(c))


@given(st.integers(-(2**70), 2**70))
def test_numbers_wrap_at_64_bits(a: int) -> None:
    assert evaluate(f"{a}", {}) == (a + 2**63) % 2**64 - 2**63


def test_variables_are_read_and_set() -> None:
    variables = {"x": "5"}
    assert evaluate("y = x += 2", variables) == 7
    assert variables == {"x": "7", "y": "7"}


@pytest.mark.parametrize("text", ["1+", "(1", "1 2", "x++", "1/0", "08", "a$b"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(BadArithmetic):
        evaluate(text, {})

"""The machinery of self-checks: what is said for no answer, wrong answers, nonsense, and unknown names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import InputError
from netlab.kubelet.profile import CURRENT, V17
from netlab.teach import Exercise, Mistake, check, exercises
from netlab.teach.answers import hard_flag, names, number, numbers, seconds
from netlab.teach.checks import NO_ANSWER, NOT_YET, RIGHT, UNKNOWN, exercises_of

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.binary(max_size=5),
    st.lists(st.one_of(st.integers(), st.text(max_size=8)), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.tuples(st.floats(), st.floats()),
)


def doubled() -> Exercise[float]:
    return Exercise(
        name="twice-two",
        wanted="a number",
        read=number,
        right=lambda value: value == 4,
        because="Two and two.",
        mistakes=(
            Mistake(made=lambda value: value == 0, hint="You subtracted."),
            Mistake(made=lambda value: value <= 2, hint="Too small."),
        ),
        otherwise="Count on your fingers.",
    )


@pytest.mark.parametrize(
    ("answer", "verdict", "says"),
    [
        (..., NO_ANSWER, "Put a number in place of the three dots."),
        (4, RIGHT, "Two and two."),
        (0, NOT_YET, "You subtracted."),  # the first mistake that was made speaks
        (1, NOT_YET, "Too small."),
        (5, NOT_YET, "Count on your fingers."),
    ],
)
def test_an_answer_is_right_a_known_mistake_or_something_else(
    answer: object, verdict: str, says: str
) -> None:
    outcome = doubled().judge(answer)
    assert (outcome.verdict, outcome.says) == (verdict, says)
    assert outcome.right is (verdict == RIGHT)


def test_what_is_no_answer_at_all_is_shown_with_a_caret() -> None:
    shown = repr(doubled().judge("four"))
    assert shown.splitlines()[:4] == [
        "Not yet.",
        "your answer: this is not a number",
        "  'four'",
        "  ^",
    ]


def test_an_unknown_exercise_is_said_with_the_known_ones() -> None:
    outcome = check("df-rigth", 7.5)
    assert outcome.verdict == UNKNOWN
    assert "df-left" in outcome.says


def test_names_of_exercises_are_unique() -> None:
    names = [name for room in exercises_of().values() for name in room]
    assert sorted(names) == sorted(exercises())


@settings(deadline=None)  # some answers are commands, and are run
@given(name=st.sampled_from(sorted(exercises())), answer=ANYTHING)
def test_no_answer_gives_a_traceback(name: str, answer: object) -> None:
    outcome = check(name, answer)
    assert outcome.says
    assert repr(outcome).startswith(outcome.verdict)


def test_html_is_escaped_and_lines_of_an_error_are_kept() -> None:
    outcome = check("safe-flag", "<script>alert(1)</script>")
    html = outcome._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<pre>" in html


def test_long_words_are_wrapped_for_plain_text() -> None:
    lines = repr(check("who-first", ("batch", "batch"))).splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("typed", "value"),
    [("7.5 %", 7.5), ("7,5", 7.5), ("10_737_418_240", 10737418240), (-3, -3), (0.5, 0.5), ("10 000", 10000)],
)
def test_numbers_as_people_type_them(typed: object, value: float) -> None:
    assert number(typed) == value


@pytest.mark.parametrize("typed", [None, True, "", "ten", "1.2.3", [1], "%"])
def test_what_is_no_number(typed: object) -> None:
    with pytest.raises(InputError):
        number(typed)


def test_pairs() -> None:
    assert numbers(2)((1, 5)) == numbers(2)("1, 5") == numbers(2)([1, "5"]) == (1, 5)
    for wrong in (1, (1,), (1, 2, 3), "1", (1, "x")):
        with pytest.raises(InputError):
            numbers(2)(wrong)


def test_durations_are_gos_or_seconds() -> None:
    assert seconds("5m20s") == seconds("5m 20s") == seconds(320) == seconds("320") == 320
    with pytest.raises(InputError, match="unit"):
        seconds("5m20")


def test_names_in_a_list_or_in_words() -> None:
    assert names("batch, web") == names(["batch", "web"]) == names(("batch ", "web")) == ("batch", "web")
    for wrong in (1, None, [1, 2]):
        with pytest.raises(InputError):
            names(wrong)


def test_flags_are_read_as_that_kubelet_reads_them() -> None:
    bare = hard_flag(V17)("nodefs.available<5%")
    assert bare == hard_flag(V17)("--eviction-hard='nodefs.available<5%'")
    assert bare == hard_flag(V17)("--eviction-hard nodefs.available<5%")
    # a trailing comma is an error in v1.7 and skipped today
    with pytest.raises(InputError, match="invalid eviction threshold syntax"):
        hard_flag(V17)("nodefs.available<5%,")
    assert hard_flag(CURRENT)("nodefs.available<5%,") == bare
    with pytest.raises(InputError):
        hard_flag(V17)(5)

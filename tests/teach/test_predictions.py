"""Predictions: the data is sound, its witnesses are really in the recorded files, and question and answer show well."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from netlab import data
from netlab.errors import InputError
from netlab.teach import Comparison, Outcome, Question, compare, predict, predictions
from netlab.teach.asking import UNKNOWN
from netlab.teach.checks import NOT_YET
from netlab.teach.kept import FILE, VARIABLE
from netlab.teach.predictions import read_predictions

COURSE = Path(data.__file__).parent / "course"
NAMES = list(predictions())
ENTRY = {
    "question": '"Which?"',
    "options": '["this", "that"]',
    "right": '"B"',
    "because": '"So it is."',
}


@pytest.fixture(autouse=True)
def no_predictions_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / FILE))


def toml(**changed: str) -> str:
    lines = [f"{key} = {value}" for key, value in (ENTRY | changed).items() if value]
    return "\n".join(["[one]", *lines])


def test_every_file_of_the_course_is_a_notebooks() -> None:
    assert {one.notebook for one in predictions().values()} == {path.stem for path in COURSE.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_can_be_read_at_a_glance(name: str) -> None:
    one = predictions()[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert one.question.endswith("?")
    assert len(one.question.split()) <= 20, "the situation belongs into the notebook"
    assert max(map(len, one.options)) <= 90, "radio buttons do not wrap"
    assert 3 <= len(one.because.split()) <= 45
    assert one.because.endswith(".")


@pytest.mark.parametrize("name", [name for name in NAMES if predictions()[name].witness])
def test_the_witness_says_what_is_shown_of_it(name: str) -> None:
    witness = predictions()[name].witness
    assert witness
    stored = data.path(witness.file).read_text("utf-8").split("\n")
    assert [stored[number - 1].rstrip() for number, _ in witness.lines] == [text for _, text in witness.lines]
    assert 1 <= len(witness.lines) <= 8, "the learner is to see at once what confirms the answer"
    marks = [number for number, line in enumerate(stored, 1) if line == "@@@OUTPUT"]
    if marks:  # a lab's own commands confirm nothing
        assert min(number for number, _ in witness.lines) > marks[0]


def test_right_letters_are_not_always_the_same() -> None:
    """A learner who always takes the first, or the last, learns nothing."""
    right = [one.right for one in predictions().values()]
    assert max(right.count(letter) for letter in set(right)) <= 0.6 * len(right)


@pytest.mark.parametrize("name", NAMES)
def test_the_question_reads_without_a_kernel(name: str) -> None:
    asked = predict(name)
    assert isinstance(asked, Question)
    bundle = asked._repr_mimebundle_()
    for letter, option in zip("ABCDE", predictions()[name].options, strict=False):
        assert f"{letter}. {option[:40]}" in bundle["text/plain"]
        assert f"{letter}. " in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert [value for _, value in asked.buttons.options] == list(predictions()[name].letters)


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_with_and_without_a_prediction(name: str) -> None:
    one = predictions()[name]
    for letter in (None, *one.letters):
        if letter is not None:
            predict(name, f" ({letter.lower()})")
        found = compare(name)
        assert isinstance(found, Comparison)
        words = {
            None: "No prediction yet: choose in the cell that asks, then run this one again.\n"
            f"The answer is {one.right}: ",
            one.right: f"You predicted {one.right}, and so it is: ",
        }.get(letter, f"You predicted {letter}: ")
        assert repr(found).startswith(words)
        bundle = found._repr_mimebundle_()
        assert bundle["text/plain"] == repr(found)
        assert escape(one.because.split()[-1].rstrip(".")) in bundle["text/html"]
        if letter not in (None, one.right):
            assert f"The run above says {one.right}: " in repr(found)
        if one.witness:
            assert all(f"    {text}" in repr(found) for _, text in one.witness.lines)
            assert f"Witness: {one.witness.source}:" in bundle["text/html"]


def test_who_the_witness_is() -> None:
    witness = predictions()["nat-input"].witness
    assert witness
    assert re.fullmatch(r"Linux 6\.1 \(Debian 12\), notebook-05\.txt, line \d+", witness.source)
    witness = predictions()["counters-of-nat"].witness
    assert witness
    assert witness.source == "the article, iptables-save.txt, lines 4, 35"


@pytest.mark.parametrize("typed", ["F", "", "AB", 1, b"A", ["A"]])
def test_what_is_no_letter_is_said(typed: object) -> None:
    said = predict("nat-input", typed)
    assert isinstance(said, Outcome)
    assert said.verdict == NOT_YET
    assert '"A", "B", "C" and "D"' in said.says


def test_an_unknown_name_is_said_with_the_known_ones() -> None:
    for said in (predict("nat-imput"), predict("nat-imput", "A"), compare("nat-imput")):
        assert isinstance(said, Outcome)
        assert said.verdict == UNKNOWN
        assert "nat-input" in said.says


def test_html_of_an_entry_is_escaped() -> None:
    (one,) = read_predictions(toml(options='["<b>", "&"]', because='"a < b."'), "99.toml")
    assert "<b></b>" not in Question(one).preview
    assert "A. &lt;b&gt;" in Question(one).preview
    html = Comparison(one, "A")._repr_mimebundle_()["text/html"]
    assert "You predicted A: &lt;b&gt;" in html
    assert "a &lt; b." in html


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[one", "99.toml: not TOML"),
        ("one = 1", "[one] is not a table"),
        (toml(right=""), "[one] lacks right"),
        (toml(because='""'), "[one] lacks because"),
        (toml(hint='"x"'), "[one] has hint; known are question"),
        (toml(options='"this"'), "wants its options as a list"),
        (toml(options='["this"]'), "wants 2 to 5 different options"),
        (toml(options='["a", "b", "c", "d", "e", "f"]'), "wants 2 to 5 different options"),
        (toml(options='["this", "this"]'), "wants 2 to 5 different options"),
        (toml(right='"C"'), "says that 'C' is right; its options are A, B"),
        (toml(witness='"df-h.txt"'), "wants witness ="),
        (toml(witness='{ file = "df-h.txt" }'), "wants witness ="),
        (toml(witness='{ file = "nowhere.txt", lines = [1] }'), "no data file named 'nowhere.txt'"),
        (toml(witness='{ file = "df-h.txt", lines = [] }'), "lines that df-h.txt does not have"),
        (toml(witness='{ file = "df-h.txt", lines = [0] }'), "lines that df-h.txt does not have"),
        (toml(witness='{ file = "df-h.txt", lines = [1, 999] }'), "lines that df-h.txt does not have"),
        (toml(witness='{ file = "df-h.txt", contains = "zebra" }'), "lines that df-h.txt does not have"),
    ],
)
def test_a_mistake_in_an_entry_is_named(text: str, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        read_predictions(text, "99.toml")

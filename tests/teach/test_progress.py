"""The file of progress: what was done stands in it, and a file that does not work stops nobody."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netlab.teach import check, compare, predict, progress
from netlab.teach.asking import Comparison, Question
from netlab.teach.checks import Outcome
from netlab.teach.kept import FILE, VARIABLE, Progress, Record, current


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that this test's learner has."""
    path = tmp_path / FILE
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def row(notebook: str) -> tuple[str, ...]:
    (found,) = [one for one in progress().rows if one[0] == notebook]
    return found


def test_a_test_run_leaves_a_learners_own_file_alone() -> None:
    assert current().path is None


def test_what_is_done_stands_in_the_file_and_in_the_overview(file: Path) -> None:
    before = row("10")
    assert before[1].startswith("0 of")
    predict("german-disk", "a")
    predict("raise-the-reserve", "c")
    check("df-left", 7.5)
    check("most-available", 100)  # wrong
    assert json.loads(file.read_text("utf-8")) == {
        "predictions": {"german-disk": "A", "raise-the-reserve": "C"},
        "solved": ["df-left"],
    }
    assert row("10") == ("10", "2 of" + before[1][4:], "1", "1 of" + before[3][4:])
    predict("german-disk", "C")  # a change of mind
    assert row("10")[2] == "2"
    check("df-left", 8)  # what was solved stays solved
    assert row("10")[3] == "1 of" + before[3][4:]


def test_a_click_is_kept_at_once(file: Path) -> None:
    question = predict("german-disk")
    assert isinstance(question, Question)
    assert question.buttons.value is None
    question.buttons.value = "B"
    assert json.loads(file.read_text("utf-8"))["predictions"] == {"german-disk": "B"}
    again = predict("german-disk")
    assert isinstance(again, Question)
    assert again.buttons.value == "B"
    # what is stored in a notebook must not depend on it
    assert repr(again) == repr(question)
    assert again.preview == question.preview


def test_the_file_is_looked_for_where_the_kernel_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.chdir(tmp_path)
    check("df-left", 7.5)
    assert json.loads((tmp_path / FILE).read_text("utf-8"))["solved"] == ["df-left"]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_off_keeps_nothing_but_the_kernels_own_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    monkeypatch.chdir(tmp_path)
    predict("german-disk", "B")
    found = compare("german-disk")
    assert isinstance(found, Comparison)
    assert found.letter == "B"
    assert list(tmp_path.iterdir()) == []
    assert progress().notes == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"predictions": []}',
        b'{"predictions": {"german-disk": 3}}',
        b'{"solved": {}}',
        b'{"solved": [1]}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_is_said_left_alone_and_stops_nobody(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    answered = check("df-left", 7.5)
    assert answered.right
    said = f"{FILE} is not a file of progress"
    assert said in repr(answered).replace("\n", " ")
    assert said in answered._repr_html_()
    assert said in repr(predict("german-disk", "C")).replace("\n", " ")
    compared = compare("german-disk")
    assert isinstance(compared, Comparison)
    assert compared.right  # remembered all the same
    assert said in repr(compared).replace("\n", " ")
    assert any(said in note for note in progress().notes)
    assert row("10")[2:] == ("1", row("10")[3])
    assert file.read_bytes() == content


def test_what_a_broken_file_could_not_take_is_written_when_it_is_gone(file: Path) -> None:
    file.write_text("{")
    check("df-left", 7.5)
    file.unlink()
    check("most-available", 95)
    assert json.loads(file.read_text("utf-8"))["solved"] == ["df-left", "most-available"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there refuses root as well, as a read-only one would refuse others."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "no" / "such" / "file.json"))
    answered = check("df-left", 7.5)
    assert answered.right
    assert "file.json cannot be written (No such file or directory)" in answered.note
    assert progress().notes == (answered.note,)
    question = predict("german-disk")
    assert isinstance(question, Question)
    question.buttons.value = "B"
    assert "cannot be written" in question.words.value


def test_a_folder_in_the_files_place_is_said(file: Path) -> None:
    file.mkdir()
    assert "cannot be read (Is a directory)" in check("df-left", 7.5).note


def test_a_working_directory_that_is_gone_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    try:
        assert check("df-left", 7.5).right
    finally:
        os.chdir(tmp_path)


def test_a_failed_write_leaves_the_old_file_and_no_draft(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check("df-left", 7.5)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left on device" in check("most-available", 95).note
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / FILE
    writer, reader = Progress(path), Progress(path)
    writer.solve("first")
    done = threading.Event()

    def write() -> None:
        for number in range(100):
            writer.predict(f"name-{number}", "A")
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        assert "first" in reader.read().solved
        assert reader.trouble == ""
    thread.join()
    assert len(reader.read().predictions) == 100


NAMES = st.text(max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    deeds=st.lists(
        st.one_of(st.tuples(NAMES, st.sampled_from("ABCDE")), st.tuples(NAMES, st.none())), max_size=12
    )
)
def test_another_kernel_reads_what_was_kept(tmp_path: Path, deeds: list[tuple[str, str | None]]) -> None:
    path = tmp_path / "law.json"
    path.unlink(missing_ok=True)
    for name, letter in deeds:
        kernel = Progress(path)  # another each time
        kernel.solve(name) if letter is None else kernel.predict(name, letter)
    found = Progress(path).read()
    assert found == Record(
        {name: letter for name, letter in deeds if letter is not None},
        frozenset(name for name, letter in deeds if letter is None),
    )


def test_names_that_the_course_does_not_know_count_nothing(file: Path) -> None:
    file.write_text('{"predictions": {"gone": "A", "german-disk": "Z"}, "solved": ["gone"]}')
    assert row("10")[1:3] == ("0 of" + row("10")[1][4:], "0")
    found = compare("german-disk")
    assert not isinstance(found, Outcome)
    assert found.letter is None

"""The exercises of notebooks 10 and 11: right answers, typical wrong ones with their hints, and the notebooks.

The witness for the answers is the notebook: its cells are run here, and what they show must be judged right.
(tests/notebooks/test_exercises.py runs the solutions.)
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import nbformat
import pytest

from netlab.kubelet.duration import SECOND
from netlab.kubelet.history import History
from netlab.teach import arithmetic, check, manager
from netlab.teach.checks import NOT_YET

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
RIGHT: list[tuple[str, object]] = [
    ("df-left", 7.5),
    ("df-left", "7.6 %"),
    ("most-available", "95%"),
    ("cannot-tell", "7.6%"),
    # an independent path to single precision
    ("ten-percent", int(100 * 2**30 * struct.unpack("f", struct.pack("f", 0.1))[0])),
    ("big-disk", 204.8),
    ("big-disk", 205),
    ("minutes-left", 151),
    ("minutes-left", "153,1"),
    ("first-bad-pass", 130),
    ("soft-eviction", "320s"),
    ("flips", [1, 5]),
    ("minimum-reclaim", "1, 2"),
    ("who-first", "batch, web"),
    ("lost-thresholds", {"nodefs.inodesFree", "memory.available"}),
    ("safe-flag", "nodefs.inodesFree<5%,memory.available<100Mi,nodefs.available<250Mi"),
    ("safe-flag", "--eviction-hard=memory.available<100Mi,nodefs.available<7%,nodefs.inodesFree<5%"),
]

WRONG: list[tuple[str, object, str]] = [
    ("df-left", 8, "100 - Use%"),
    ("df-left", 100 * 448 / (5.1 * 1024 + 448), "as df does"),
    ("df-left", 100 * 448 / 5800, "1000 M"),
    ("df-left", 0.0755, "fraction"),
    ("df-left", 92, "you were given"),
    ("df-left", 33, "Take Avail and Size"),
    ("most-available", 100, "blocks kept for root"),
    ("most-available", 5, "That is the reserve"),
    ("most-available", 90, "threshold plays no part"),
    ("most-available", 42, "100 blocks"),
    ("cannot-tell", 10, "largest Avail"),
    ("cannot-tell", 5, "smallest Avail"),
    ("cannot-tell", 8, "one of 5, 7.6 and 10"),
    ("ten-percent", 10737418240, "exact tenth"),
    ("ten-percent", 10**10, "powers of 1024"),
    ("ten-percent", 10, "In bytes"),
    ("ten-percent", 10737418401, "not rounded up"),
    ("ten-percent", 1, "nearest to 0.1"),
    ("big-disk", 200, "how many GiB has a TiB"),
    ("big-disk", 20, "share of the capacity"),
    ("big-disk", 307.2, "imagefs.available"),
    ("big-disk", 1843.2, "may be used"),
    ("big-disk", 1000, "default percentage"),
    ("minutes-left", 448, "disk is full"),
    ("minutes-left", 0.95 * 448, "5% of what is available"),
    ("minutes-left", 0.1 * 5.8 * 1024 - 448, "10% is away"),
    ("minutes-left", 151 * 60, "seconds"),
    ("minutes-left", 0, "not met yet"),
    ("minutes-left", 60, "How many MiB"),
    ("first-bad-pass", 128, "equal is healthy"),
    ("first-bad-pass", 129, "look next"),
    ("first-bad-pass", "2m", "a little more than 2 GiB"),
    ("first-bad-pass", "2m20s", "first pass that sees it"),
    ("first-bad-pass", 7, "every ten seconds"),
    ("soft-eviction", "3m", "Was every sample"),
    ("soft-eviction", "3m20s", "hard threshold"),
    ("soft-eviction", "3m50s", "resets it"),
    ("soft-eviction", "5m30s", "inclusive"),
    ("soft-eviction", "2m30s", "space comes back"),
    ("soft-eviction", "9m", "unbroken run"),
    ("flips", (5, 1), "other way round"),
    ("flips", (5, 5), "The disk does the same"),
    ("flips", (3, 5), "longest time without"),
    ("flips", (1, 4), "first number is right"),
    ("flips", (2, 5), "having been gone"),
    ("minimum-reclaim", (1, 1), "One pod gives back less"),
    ("minimum-reclaim", (2, 1), "other way round"),
    ("minimum-reclaim", (1, 3), "as soon as enough"),
    ("minimum-reclaim", (2, 2), "Both runs begin alike"),
    ("minimum-reclaim", (0, 1), "largest pod goes first"),
    ("who-first", ("batch", "batch"), "v1.7's rule"),
    ("who-first", ("web", "web"), "Right for today"),
    ("who-first", ("web", "batch"), "v1.7 first"),
    ("who-first", ("db", "web"), "less than it requested"),
    ("who-first", "web", "Two names"),
    ("who-first", ("batch", "kafka"), "batch, web and db"),
    ("lost-thresholds", ["nodefs.available"], "with a new value"),
    ("lost-thresholds", ["imagefs.available"], "only after v1.7"),
    ("lost-thresholds", ["allocatableMemory.available"], "by itself"),
    ("lost-thresholds", (), "not merged"),
    ("lost-thresholds", "none", "not merged"),
    ("lost-thresholds", "memory.available", "not alone"),
    ("lost-thresholds", "cpu.available", "defaults of v1.7"),
    ("safe-flag", "--eviction-hard=nodefs.available<5%", "the article's own edit"),
    ("safe-flag", "memory.available<100Mi,nodefs.inodesFree<5%", "do not drop it"),
    ("safe-flag", "memory.available<100Mi,nodefs.available<5,nodefs.inodesFree<5%", "a number of bytes"),
    ("safe-flag", "memory.available<100Mi,nodefs.available<5%", "One default is still missing"),
    ("safe-flag", "memory.available<100Mi,nodefs.available<8%,nodefs.inodesFree<5%", "still met"),
    ("safe-flag", "memory.available<100Mi,nodefs.available<7.6%,nodefs.inodesFree<5%", "too close to tell"),
    ("safe-flag", "memory.available<50Mi,nodefs.available<5%,nodefs.inodesFree<5%", "Keep the other two"),
    ("safe-flag", "nodefs.available<5,5%", "invalid eviction threshold syntax"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers(name: str, answer: object) -> None:
    outcome = check(name, answer)
    assert outcome.right, outcome


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_typical_wrong_answers_get_their_hint(name: str, answer: object, hint: str) -> None:
    outcome = check(name, answer)
    assert outcome.verdict == NOT_YET
    assert hint in outcome.says


def test_every_hint_of_every_exercise_was_given_once() -> None:
    said = {check(name, answer).says for name, answer, _ in WRONG}
    for one in (*arithmetic.exercises(), *manager.exercises()):
        hints = [mistake.hint for mistake in one.mistakes] + [one.otherwise] * bool(one.otherwise)
        assert [hint for hint in hints if hint not in said] == [], one.name


def test_hints_do_not_give_the_answer_away() -> None:
    for name, answer in RIGHT:
        for _, wrong, _ in (entry for entry in WRONG if entry[0] == name):
            words = re.findall(r"[\w.<%]+", check(name, wrong).says)
            assert str(answer) not in words


# --- the notebooks ----------------------------------------------------------------------------------------------


def cells(name: str) -> list[Any]:
    found: list[Any] = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """The names of notebook 11 after a run of its code."""
    scope: dict[str, Any] = {}
    for cell in cells("11-run-the-eviction-manager.ipynb"):
        if cell.cell_type == "code":
            exec(cell.source, scope)
    return scope


def evicted_at(history: History) -> list[float]:
    return [one.at / SECOND for one in history.evictions]


def test_what_notebook_11_shows_is_judged_right(shown: dict[str, Any]) -> None:
    (filled,) = evicted_at(shown["filling"].history)
    assert check("first-bad-pass", filled).right
    (softly,) = evicted_at(shown["soft"].history)
    assert check("soft-eviction", softly).right
    flips = [shown[name].history.event_count("NodeHasDiskPressure") for name in ("slow", "quick")]
    assert check("flips", flips).right
    counts = [len(shown["without"].evictions), len(shown["reclaiming"].history.evictions)]
    assert check("minimum-reclaim", counts).right
    kubelet = shown["kubelet"]
    first = [
        kubelet.rank(shown["trio"], shown["stats"], "memory.available", kubelet.FsLayout.ONE, profile)[0]
        for profile in (kubelet.V17, kubelet.CURRENT)
    ]
    assert check("who-first", [place.pod.name for place in first]).right
    assert check("safe-flag", shown["incident"].safe_flag()).right


def test_notebook_11_tells_the_article(shown: dict[str, Any]) -> None:
    recorded = shown["recorded"]
    assert all(str(entry) in recorded for entry in shown["incident"].journal())
    assert shown["together"].evictions == ()
    assert len(shown["apart"].evictions) == 1

"""docs/teaching.md says what the notebooks say: all of them, with their minutes, and plans whose clocks are right."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "teaching.md"
TEXT = PAGE.read_text("utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
PLANS = re.findall(r"^\*\*(.+)\*\*\n\n\| Start .*\n\| ---.*\n((?:\|.*\n)+)", TEXT, re.MULTILINE)


def taught() -> dict[str, int]:
    """Minutes of the column Taught, by file name."""
    rows = re.findall(r"^\| \[[^]]+\]\(\.\./notebooks/([^)]+)\) \| \d+ \| (\d+) \|", TEXT, re.MULTILINE)
    return {name: int(minutes) for name, minutes in rows}


def test_every_notebook_is_listed_with_its_own_title_and_minutes() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\(\.\./notebooks/([^)]+)\) \| (\d+) \|", TEXT, re.MULTILINE)
    wanted = []
    for path in NOTEBOOKS:
        opening = nbformat.read(path, as_version=4).cells[0].source
        found = re.search(r"^Time: about (\d+) minutes\.$", opening, re.MULTILINE)
        assert found, path.name
        title = opening.split("\n", 1)[0].removeprefix("# ")
        wanted.append((f"{path.name[:2]} {title}", path.name, found[1]))
    assert listed == wanted
    for (_, name, alone), minutes in zip(listed, taught().values(), strict=True):
        assert minutes == 5 * math.ceil(int(alone) * 4 / 3 / 5), name  # a third more, rounded up


def test_every_notebook_has_its_questions() -> None:
    part = TEXT.split("## What people get wrong")[1].split("\n## ")[0]
    said = re.split(r"^\*\*(\d\d)\.\*\*", part, flags=re.MULTILINE)[1:]
    assert said[::2] == [path.name[:2] for path in NOTEBOOKS]
    for number, text in zip(said[::2], said[1::2], strict=True):
        assert re.search(r"\*[^*]+\?[^*]*\*", text), number


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PAGE.parent / target).exists(), target


def test_there_are_plans() -> None:
    assert len(PLANS) == 5


@pytest.mark.parametrize(("name", "table"), PLANS, ids=[name for name, _ in PLANS])
def test_a_plans_clock_is_right(name: str, table: str) -> None:
    rows = re.findall(r"^\| (\d\d):(\d\d) \| (.+) \| (\d+) \|$", table, re.MULTILINE)
    assert len(rows) == table.count("\n")
    starts = [60 * int(hours) + int(minutes) for hours, minutes, _, _ in rows]
    lasts = [int(minutes) for _, _, _, minutes in rows]
    assert [b - a for a, b in pairwise(starts)] == lasts[:-1]
    assert rows[-1][2] == "End"
    for (_, _, what, _), minutes in zip(rows, lasts, strict=True):
        if found := re.fullmatch(r"\[\d\d\]\(\.\./notebooks/(.+)\)", what):
            assert minutes == taught()[found[1]], what
    since = 0  # minutes without a rest
    for (_, _, what, _), minutes in zip(rows, lasts, strict=True):
        since = 0 if what in ("Break", "Lunch") else since + minutes
        assert since <= 100, f"{what}: no break in sight"

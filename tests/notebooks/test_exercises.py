"""tools/exercises.py: the notebooks' exercises are the solutions' of today, and each solution is right in its notebook.

The learner's version, with three dots, is run by nbval like every other cell.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import exercises as tool
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from netlab.teach.checks import RIGHT

ANSWERS = tool.solutions()
SOURCE = '''"""Solutions."""

from netlab import teach

# %% twice-two
two = 2
teach.check("twice-two", two + two)

# %% [markdown]
# Two and
# two.
#
# - first
# - second

# %% once-one
teach.check("once-one", 1)
'''


def sample() -> Any:
    return new_notebook(
        cells=[
            new_markdown_cell("**Exercise.** How much?"),
            new_code_cell('teach.check("twice-two", 3)'),
            new_markdown_cell(
                "<details><summary>Solution</summary>\n\nold\n\n</details>\n\nThe text goes on."
            ),
            new_code_cell('teach.check("once-one", ...)'),
        ]
    )


def test_the_notebooks_are_derived_from_the_solutions() -> None:
    assert tool.main(["--check"]) == 0


def test_every_file_of_solutions_has_a_notebook() -> None:
    assert {f"{stem}.ipynb" for stem in ANSWERS} <= {path.name for path in tool.NOTEBOOKS.glob("*.ipynb")}


@pytest.mark.parametrize("stem", ANSWERS)
def test_each_solution_is_right_where_the_learner_meets_it(stem: str) -> None:
    from nbclient import NotebookClient

    notebook = tool.solved(nbformat.read(tool.NOTEBOOKS / f"{stem}.ipynb", as_version=4), ANSWERS[stem])
    resources = {"metadata": {"path": str(tool.NOTEBOOKS)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    places = tool.exercise_cells(notebook)
    said = {name: notebook.cells[n].outputs[-1]["data"]["text/plain"] for name, n in places.items()}
    assert list(said) == [one.name for one in ANSWERS[stem]]
    assert {name: text for name, text in said.items() if not text.startswith(RIGHT)} == {}


def test_a_source_becomes_exercises() -> None:
    new = tool.derived(sample(), tool.read_solutions(SOURCE, "99.py"), "99.ipynb")
    assert [cell.source for cell in new.cells] == [
        "**Exercise.** How much?",
        'teach.check("twice-two", ...)',
        "<details><summary>Solution</summary>\n\nTwo and two.\n\n- first\n- second\n\n"
        '```python\ntwo = 2\nteach.check("twice-two", two + two)\n```\n\n</details>\n\nThe text goes on.',
        'teach.check("once-one", ...)',
        '<details><summary>Solution</summary>\n\n```python\nteach.check("once-one", 1)\n```\n\n</details>',
    ]
    assert tool.derived(new, tool.read_solutions(SOURCE, "99.py"), "99.ipynb") == new


def test_the_teachers_version_has_the_solution_in_the_cell() -> None:
    answers = tool.read_solutions(SOURCE, "99.py")
    learners = tool.derived(sample(), answers, "99.ipynb")
    assert [cell.source for cell in tool.solved(learners, answers).cells] == [
        "**Exercise.** How much?",
        'two = 2\nteach.check("twice-two", two + two)',
        "Two and two.\n\n- first\n- second\n\nThe text goes on.",
        'teach.check("once-one", 1)',
    ]


def test_the_teachers_set_is_all_notebooks(tmp_path: Path) -> None:
    folder = tmp_path / "teacher" / "set"
    assert tool.main(["solved", str(folder)]) == 0
    assert {p.name for p in folder.iterdir()} == {p.name for p in tool.NOTEBOOKS.glob("*.ipynb")}
    for path in folder.iterdir():
        nbformat.validate(nbformat.read(path, as_version=4))
        assert ", ...)" not in "".join(
            c.source for c in nbformat.read(path, as_version=4).cells if "check(" in c.source
        )


def test_the_learners_notebooks_are_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        tool.main(["solved", str(tool.NOTEBOOKS)])
    assert "not to be replaced" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        tool.main(["solved"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('# %% one\nteach.check("two", 1)\n', r"99\.py: # %% one has to end in"),
        ("# %% one\n1\n", r"99\.py: # %% one has to end in"),
        ("# %% [markdown]\n# words\n", r"99\.py: an explanation without a solution"),
    ],
)
def test_a_mistake_in_a_source_is_named(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        tool.read_solutions(text, "99.py")


def test_an_exercise_without_a_solution_and_a_solution_without_a_place_are_named() -> None:
    answers = tool.read_solutions(SOURCE, "99.py")
    with pytest.raises(ValueError, match=r"99\.ipynb: once-one: only in"):
        tool.derived(sample(), answers[:1], "99.ipynb")
    with pytest.raises(ValueError, match=r"99\.ipynb: twice-two: only in"):
        tool.derived(new_notebook(cells=sample().cells[2:]), answers, "99.ipynb")


LINES = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="#"), min_size=1, max_size=20
)


@given(words=st.lists(LINES.map(str.strip).filter(bool), max_size=5), number=st.integers())
def test_what_is_written_in_a_source_is_what_the_learner_reads(words: list[str], number: int) -> None:
    """Paragraphs of one line come back as they were; the code is never changed."""
    code = f'x = {number}\nteach.check("one", x)'
    comment = "\n#\n".join(f"# {line}" for line in words)
    (one,) = tool.read_solutions(f"# %% one\n{code}\n\n# %% [markdown]\n{comment}\n", "99.py")
    assert one.code == code
    assert one.explanation == "\n\n".join(words)

"""The form that all notebooks share. What they print is compared by nbval; here is what nbval does not see.

A notebook is, cell by cell:

1. Markdown: ``# Title`` that begins with a verb (or "Start"), then ``## What you'll do`` (one sentence), ``## What
   you'll learn`` (a list of payoffs), ``## What you'll need`` (assumed knowledge), whose last line is
   ``Time: about N minutes.``
2. Code: one import line (``%load_ext netlab.magics``, below it ``from netlab import teach`` where the notebook asks; or
   ``from netlab import ...``), nothing else.
3. Sections, each a Markdown cell that begins with ``## ``. A section that has code asks first, in a paragraph that
   begins with ``**Predict.**`` (or ``**Exercise.**``) and has the situation and the question. It is answered in the code
   cell right after it, the only line of which is ``teach.predict("NAME")`` or ``teach.check("NAME", ...)``. The options
   of a prediction stand in ``netlab/data/course/NN.toml`` and nowhere else: the cell's stored output lists them, so they
   read without a kernel, and the Markdown does not repeat them. After the code cell that shows the answer comes
   ``teach.compare("NAME")`` in a cell of its own. After it a paragraph that begins with ``**Notice.**`` says what to see
   in the output. (Where all code is ``teach.doctor()`` or ``teach.progress()``, there is nothing to predict, and nothing
   is asked.)
4. Markdown ``## Recap``: a list with as many entries as "What you'll learn".
5. Markdown ``## In practice``.
6. Markdown ``## Further reading``: a list; each entry has one link and a sentence.
7. Markdown: the navigation, written by ``python tests/notebooks/navigation.py`` (run it after a change of a title).

A cell whose output is not compared (tag ``nbval-ignore-output``) has the reason before it, in a Markdown paragraph
that begins with ``Not compared:``. A cell with a widget (``JourneyPlayer(``, ``PairPlayer(``, ``SendForm(``,
``EvictionSliders(``) directly follows a code cell that shows the same view as a picture with its text.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import statistics
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from netlab.teach import predictions
from netlab.teach.checks import exercises_of


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("navigation", Path(__file__).with_name("navigation.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


nav = _load()
PATHS: list[Path] = nav.notebook_paths()
WIDGETS = re.compile(r"\b(JourneyPlayer|PairPlayer|SendForm|EvictionSliders)\(")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TOOL = re.compile(r"teach\.(doctor|progress)\(\)")
PREDICT, COMPARE, CHECK = (
    re.compile(pattern)
    for pattern in (
        r'teach\.predict\("(?P<name>[\w-]+)"\)',
        r'teach\.compare\("(?P<name>[\w-]+)"\)',
        r'teach\.check\("(?P<name>[\w-]+)", \.\.\.\)',
    )
)


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def cells(path: Path) -> list[Any]:
    found: list[Any] = nav.read(path).cells
    return found


def code_cells(cells: list[Any]) -> list[Any]:
    return [cell for cell in cells if cell.cell_type == "code"]


def prose(cells: list[Any]) -> list[Any]:
    return [cell for cell in cells if cell.cell_type == "markdown"]


def code_lines(cell: Any) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def asking(cell: Any) -> bool:
    """Whether a cell only asks, or holds the answer against the prediction."""
    return any(form.fullmatch(cell.source) for form in (PREDICT, COMPARE, CHECK))


def running(cells: list[Any]) -> list[Any]:
    """The code cells that show something of their own."""
    return [cell for cell in code_cells(cells) if not asking(cell)]


def named(form: re.Pattern[str], cells: list[Any]) -> dict[str, int]:
    """Where cells of a form stand, by the name in them."""
    found = {n: form.fullmatch(cell.source) for n, cell in enumerate(cells) if cell.cell_type == "code"}
    return {match["name"]: n for n, match in found.items() if match}


def tags(cell: Any) -> list[str]:
    found: list[str] = cell.metadata.get("tags", [])
    return found


def sections(cells: list[Any]) -> list[list[Any]]:
    """The cells from one ``## `` heading to the next, without the opening and the closing parts."""
    out: list[list[Any]] = []
    for cell in cells[2:]:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            out.append([])
        if out:
            out[-1].append(cell)
    closing = ("## Recap", "## In practice", "## Further reading", nav.CONTENTS)
    return [section for section in out if not section[0].source.startswith(closing)]


def entries(text: str) -> list[str]:
    return re.findall(r"^- .*", text, re.MULTILINE)


def begins(cell: Any, words: str) -> bool:
    """Whether a paragraph of a Markdown cell begins with these words."""
    return cell.cell_type == "markdown" and any(line.startswith(words) for line in cell.source.splitlines())


def test_there_is_a_course() -> None:
    assert len(PATHS) >= 4
    assert [path.name[:2] for path in PATHS] == sorted({path.name[:2] for path in PATHS})


def test_every_notebook_was_run_from_top_to_bottom(cells: list[Any]) -> None:
    counts = [cell.execution_count for cell in code_cells(cells)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_cell_is_empty(cells: list[Any]) -> None:
    assert [n for n, cell in enumerate(cells) if not cell.source.strip()] == []


def test_no_error_and_no_warning_is_stored(cells: list[Any]) -> None:
    """Not even a wanted one: Run All stops at a cell that raises."""
    outputs = [output for cell in code_cells(cells) for output in cell.outputs]
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []


def test_outputs_name_no_place_of_this_machine(cells: list[Any]) -> None:
    private = re.compile(
        rf"{re.escape(str(nav.ROOT))}|{re.escape(str(Path.home()))}/|/tmp/|site-packages|\.venv"
    )
    found = [cell.source for cell in code_cells(cells) for o in cell.outputs if private.search(str(o))]
    assert found == []


def test_opening(cells: list[Any]) -> None:
    first = cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    headings = re.findall(r"^#+ .*", first.source, re.MULTILINE)[1:]
    assert headings == ["## What you'll do", "## What you'll learn", "## What you'll need"]
    assert all(nav.part(first.source, heading[3:]) for heading in headings)
    assert re.fullmatch(r"Time: about \d+ minutes\.", first.source.splitlines()[-1])


def test_first_code_cell_is_one_import_line(cells: list[Any]) -> None:
    first = cells[1]
    assert first.cell_type == "code"
    form = r"%load_ext netlab\.magics(\nfrom netlab import teach)?|(import|from) netlab[^\n]*"
    assert re.fullmatch(form, first.source)


def test_sections_with_code_ask_before_they_show(cells: list[Any]) -> None:
    for section in sections(cells):
        if all(TOOL.fullmatch(cell.source) for cell in code_cells(section)):
            continue
        asks = ("**Predict.**", "**Exercise.**")
        asked = [n for n, cell in enumerate(section) if any(begins(cell, word) for word in asks)]
        noticed = [n for n, cell in enumerate(section) if begins(cell, "**Notice.**")]
        heading = section[0].source.splitlines()[0]
        assert asked, f"{heading}: nothing is asked"
        assert noticed, f"{heading}: nothing to notice"
        between = {cell.cell_type for cell in section[asked[0] + 1 : noticed[-1]]}
        assert "code" in between, f"{heading}: no code between the question and what to notice"


def test_the_learner_commits_to_an_answer_before_it_is_shown(cells: list[Any]) -> None:
    """In every section with code; ``predict`` and ``compare`` come in pairs, around the run that shows the answer."""
    for section in sections(cells):
        heading = section[0].source.splitlines()[0]
        asked, compared = named(PREDICT, section), named(COMPARE, section)
        assert list(asked) == list(compared), f"{heading}: predictions and comparisons do not pair"
        for name, n in asked.items():
            assert running(section[n : compared[name]]), f"{heading}: nothing is run to answer {name}"
        for n in asked.values():
            assert begins(section[n - 1], "**Predict.**"), f"{heading}: no paragraph asks above the options"
        for n in named(CHECK, section).values():
            says = ("**Predict.**", "**Exercise.**")
            assert any(begins(section[n - 1], word) for word in says), f"{heading}: no paragraph asks"
        shown = [cell for cell in running(section) if not TOOL.fullmatch(cell.source)]
        if shown:
            assert asked or named(CHECK, section), f"{heading}: asks in words alone"


def test_no_cell_asks_and_does_something_else(cells: list[Any]) -> None:
    for cell in running(cells):
        assert not re.search(r"teach\.(predict|compare|check)\(", cell.source), cell.source


def test_options_are_not_told_twice(cells: list[Any]) -> None:
    asked = predictions()
    text = "\n".join(cell.source for cell in prose(cells))
    for name in named(PREDICT, cells):
        told = [option for option in asked[name].options if len(option) > 20 and option in text]
        assert len(told) <= 1, f"{name}: {told}"


def test_every_prediction_is_asked_once_in_its_notebook() -> None:
    found = {path.name[:2]: nav.read(path).cells for path in PATHS}
    for form in (PREDICT, COMPARE):
        asked = [(number, name) for number, cells in found.items() for name in named(form, cells)]
        uses = sum(
            bool(form.fullmatch(cell.source)) for cells in found.values() for cell in code_cells(cells)
        )
        assert uses == len(asked), "a name is used twice in a notebook"
        assert sorted(asked) == sorted((one.notebook, one.name) for one in predictions().values())


def test_every_exercise_is_asked_once_in_its_notebook() -> None:
    asked = {path.name[:2]: tuple(named(CHECK, nav.read(path).cells)) for path in PATHS}
    assert {number: names for number, names in asked.items() if names} == exercises_of()


def test_headings_say_what_one_does(cells: list[Any]) -> None:
    headings = [section[0].source.splitlines()[0] for section in sections(cells)]
    assert [heading for heading in headings if heading.endswith("?")] == []
    assert [cell.source for cell in prose(cells)[1:] if cell.source.startswith("# ")] == []


def test_recap_mirrors_the_opening(cells: list[Any]) -> None:
    learnt = entries(nav.part(cells[0].source, "What you'll learn"))
    closing = [cell.source.split("\n", 1)[0] for cell in cells[-4:-1]]
    assert closing == ["## Recap", "## In practice", "## Further reading"]
    assert len(entries(cells[-4].source)) == len(learnt) >= 2


def test_further_reading_says_why(cells: list[Any]) -> None:
    for entry in entries(cells[-2].source):
        assert len(LINK.findall(entry)) == 1, entry
        assert len(LINK.sub("", entry).split()) >= 5, entry
    assert entries(cells[-2].source)


def test_navigation_is_todays(path: Path, cells: list[Any]) -> None:
    wanted = nav.expected(path, PATHS).cells
    assert [cell.source for cell in cells] == [cell.source for cell in wanted]


def test_links_resolve(path: Path, cells: list[Any]) -> None:
    text = "\n".join(cell.source for cell in prose(cells))
    for target in LINK.findall(text):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.is_file(), target
        if anchor and file.suffix == ".ipynb":
            headings = re.findall(
                r"^#+ (.*)", "\n".join(c.source for c in prose(nav.read(file).cells)), re.MULTILINE
            )
            assert anchor in {heading.replace(" ", "-") for heading in headings}, target


def test_cells_are_short(cells: list[Any]) -> None:
    lengths = sorted(code_lines(cell) for cell in running(cells))
    assert statistics.median(lengths) <= 4
    assert lengths[int(0.95 * (len(lengths) - 1))] <= 14


def test_more_words_than_code(cells: list[Any]) -> None:
    """Cells that only ask are not code to be read; their own words stand in their outputs, and are not counted."""
    told = [cell for cell in prose(cells)[:-1] if not cell.source.startswith(nav.CONTENTS)]
    words = sum(len(cell.source.split()) for cell in told)
    lines = sum(map(code_lines, running(cells)))
    assert 10 <= words / lines <= 25, f"{words} words, {lines} lines of code: {words / lines:.1f}"


def test_functions_live_in_the_package(cells: list[Any]) -> None:
    for cell in code_cells(cells):
        if cell.source.lstrip().startswith("%"):
            continue
        made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, made) for node in ast.walk(ast.parse(cell.source))), cell.source


def test_few_outputs_go_uncompared_and_each_says_why(cells: list[Any]) -> None:
    ignored = [n for n, cell in enumerate(cells) if "nbval-ignore-output" in tags(cell)]
    assert len(ignored) <= 0.05 * len(code_cells(cells))
    for n in ignored:
        assert begins(cells[n - 1], "Not compared:"), cells[n].source
    assert not any(set(tags(cell)) - {"nbval-ignore-output"} for cell in cells)


def test_a_widget_stands_below_its_picture(cells: list[Any]) -> None:
    shown = code_cells(cells)
    for n, cell in enumerate(shown):
        if not WIDGETS.search(cell.source):
            continue
        kinds = {kind for output in shown[n - 1].outputs for kind in output.get("data", {})}
        assert {"image/svg+xml", "text/plain"} <= kinds or "image/png" in kinds, cell.source

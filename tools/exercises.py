"""Derive the exercises of the notebooks from their solutions.

    python tools/exercises.py [--check]       write exercises and folded solutions into notebooks/; or only compare
    python tools/exercises.py solved FOLDER   the teacher's set: every notebook, the solution in the exercise's cell

``solutions/NN-title.py`` is the one source, in the percent format that editors know. ``# %% NAME`` begins a solution,
whose last line is ``teach.check("NAME", ANSWER)``; ``# %% [markdown]`` after it explains. In the notebook the learner
finds ``teach.check("NAME", ...)``, and below it a Markdown cell that begins with the solution, folded; what that cell
says after it is the notebook's own. Outputs are not touched.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = ROOT / "solutions"
HEAD = re.compile(r"^# %% *(.*)\n", re.MULTILINE)
CHECK = re.compile(r'^teach\.check\("(?P<name>[\w-]+)", ', re.MULTILINE)
FOLD = re.compile(r"<details><summary>Solution</summary>\n.*?</details>", re.DOTALL)
LIST_ITEM = re.compile(r"[-*] |\d+\. ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One exercise's answer: its code, and Markdown that explains it (may be empty)."""

    name: str
    code: str
    explanation: str = ""

    @property
    def exercise(self) -> str:
        """The learner's cell."""
        return f'teach.check("{self.name}", ...)'

    @property
    def folded(self) -> str:
        """The solution for the learner, closed until it is asked for."""
        code = f"```python\n{self.code}\n```"
        parts = ["<details><summary>Solution</summary>", self.explanation, code, "</details>"]
        return "\n\n".join(part for part in parts if part)


def read_solutions(text: str, source: str) -> list[Solution]:
    """The solutions of one file. Raises ValueError, naming the file and the cell."""
    found: list[Solution] = []
    _, *rest = HEAD.split(text)
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        if name == "[markdown]":
            if not found or found[-1].explanation:
                raise ValueError(f"{source}: an explanation without a solution before it")
            found[-1] = replace(found[-1], explanation=uncommented(body))
            continue
        code = body.strip()
        if not code.split("\n")[-1].startswith(f'teach.check("{name}", '):
            raise ValueError(
                f'{source}: # %% {name} has to end in teach.check("{name}", ANSWER), on one line'
            )
        found.append(Solution(name=name, code=code))
    return found


def uncommented(text: str) -> str:
    """A comment as Markdown; the lines of a paragraph become one."""
    lines = [line.removeprefix("#").removeprefix(" ") for line in text.strip().split("\n")]
    out: list[str] = []
    for line in lines:
        if out and out[-1] and line and not LIST_ITEM.match(line):
            out[-1] += f" {line}"
        else:
            out.append(line)
    return "\n".join(out)


def solutions(folder: Path = SOLUTIONS) -> dict[str, list[Solution]]:
    """All solutions, by the stem of their notebook."""
    return {
        path.stem: read_solutions(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.py"))
    }


def exercise_cells(notebook: Any) -> dict[str, int]:
    """Where each exercise's cell stands, by name."""
    return {
        found["name"]: number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and (found := CHECK.search(cell.source))
    }


def derived(notebook: Any, answers: list[Solution], source: str) -> Any:
    """The notebook with today's exercises. Raises ValueError if an exercise has no solution, or no place."""
    new = copy.deepcopy(notebook)
    places = exercise_cells(new)
    if set(places) != {one.name for one in answers}:
        odd = sorted(set(places) ^ {one.name for one in answers})
        raise ValueError(f"{source}: {', '.join(odd)}: only in the notebook, or only in solutions/")
    for one in sorted(answers, key=lambda one: -places[one.name]):
        place = places[one.name]
        new.cells[place].source = one.exercise
        after = new.cells[place + 1] if place + 1 < len(new.cells) else None
        if after is not None and after.cell_type == "markdown" and FOLD.match(after.source):
            after.source = one.folded + FOLD.sub("", after.source, count=1)
        else:
            cell = nbformat.v4.new_markdown_cell(one.folded, id=f"{one.name}-solution")
            new.cells.insert(place + 1, cell)
    return new


def solved(notebook: Any, answers: list[Solution]) -> Any:
    """The notebook with the solution in the exercise's cell, and what explains it unfolded below."""
    new = copy.deepcopy(notebook)
    places = exercise_cells(new)
    for one in answers:
        cell, after = new.cells[places[one.name]], new.cells[places[one.name] + 1]
        cell.source, cell.outputs, cell.execution_count = one.code, [], None
        after.source = (one.explanation + FOLD.sub("", after.source, count=1)).strip()
    new.cells = [cell for cell in new.cells if cell.source]
    return new


def update(check: bool) -> int:
    """Write what is derived; or, to check, only name what would change. The number of such notebooks."""
    stale, answers = 0, solutions()
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")):
        stored = nbformat.read(path, as_version=4)
        new = derived(stored, answers.get(path.stem, []), path.name)
        if new != stored:
            stale += 1
            print(f"{'stale' if check else 'written'}: {path.name}")
            if not check:
                path.write_text(nbformat.writes(new) + "\n", encoding="utf-8")
    return stale


def write_solved(folder: Path) -> None:
    """The teacher's set. The folder is made; what has the same name there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    answers = solutions()
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")):
        new = solved(nbformat.read(path, as_version=4), answers.get(path.stem, []))
        (folder / path.name).write_text(nbformat.writes(new) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if anything would change")
    parser.add_argument("what", nargs="?", choices=["solved"])
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args(argv)
    if (options.what is None) != (options.folder is None):
        parser.error("solved wants a FOLDER")
    if options.folder is not None and options.folder.resolve() == NOTEBOOKS:
        parser.error("the learners' notebooks are not to be replaced; name another FOLDER")
    try:
        if options.folder is not None:
            write_solved(options.folder)
            return 0
        return int(update(options.check) > 0 and options.check)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

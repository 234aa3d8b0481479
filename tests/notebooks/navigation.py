"""Write what notebooks say of each other: the last cell of each, and the list of all in 00-start-here.

    python tests/notebooks/navigation.py [--check]

Both are derived from the notebooks' own first cells, so a new title or a new notebook is one run of this script.
The last cell of every notebook is one line: previous | contents | next.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]
START = "00-start-here.ipynb"
CONTENTS = "## Contents"


def notebook_paths(folder: Path = ROOT / "notebooks") -> list[Path]:
    """The numbered notebooks, in their order."""
    return sorted(folder.glob("[0-9][0-9]-*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def title(notebook: Any) -> str:
    """The heading of the first cell."""
    return str(notebook.cells[0].source.split("\n", 1)[0].removeprefix("# "))


def part(text: str, heading: str) -> str:
    """What stands under a ``##`` heading in a cell; empty if the heading is not there."""
    found = re.search(rf"^## {re.escape(heading)}\n+(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def minutes(notebook: Any) -> int:
    """The time that the first cell asks for. Raises ValueError if it names none."""
    found = re.search(r"^Time: about (\d+) minutes\.$", notebook.cells[0].source, re.MULTILINE)
    if found is None:
        raise ValueError(f"{title(notebook)}: the first cell has no line 'Time: about N minutes.'")
    return int(found[1])


def link(path: Path, notebook: Any) -> str:
    return f"[{path.name[:2]} {title(notebook)}]({path.name})"


def navigation(paths: list[Path]) -> dict[str, str]:
    """The last cell of each notebook, by file name."""
    links = [link(path, read(path)) for path in paths]
    out = {}
    for n, path in enumerate(paths):
        previous = [f"Previous: {links[n - 1]}"] if n else []
        following = [f"Next: {links[n + 1]}"] if n + 1 < len(paths) else []
        out[path.name] = " | ".join([*previous, f"[Contents]({START}#Contents)", *following])
    return out


def contents(paths: list[Path]) -> str:
    """The list of all notebooks: title, minutes, and what one does there."""
    lines = []
    for path in paths:
        notebook = read(path)
        does = part(notebook.cells[0].source, "What you'll do").replace("\n", " ")
        lines.append(f"- {link(path, notebook)}, {minutes(notebook)} minutes. {does}")
    return "\n".join([CONTENTS, "", *lines])


def expected(path: Path, paths: list[Path]) -> Any:
    """The notebook as it should be: with the navigation, and in 00-start-here the contents, of today."""
    notebook = read(path)
    last = notebook.cells[-1]
    if last.cell_type == "markdown" and f"({START}#Contents)" in last.source:
        last.source = navigation(paths)[path.name]
    else:
        notebook.cells.append(nbformat.v4.new_markdown_cell(navigation(paths)[path.name], id="navigation"))
    if path.name == START:
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and cell.source.startswith(CONTENTS):
                cell.source = contents(paths)
    return notebook


def main() -> int:
    paths = notebook_paths()
    stale = 0
    for path in paths:
        new = nbformat.writes(expected(path, paths)) + "\n"
        if new != path.read_text("utf-8"):
            stale += 1
            print(f"{'stale' if '--check' in sys.argv else 'written'}: {path.name}")
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
    return int("--check" in sys.argv and stale > 0)


if __name__ == "__main__":
    sys.exit(main())

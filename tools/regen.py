"""Execute the notebooks in place, so that the same notebook always stores the same bytes.

    python tools/regen.py [--check] [NOTEBOOK...]

Stored outputs are what the reader sees without a kernel and what pytest compares. ``--check`` writes nothing
and exits with 1 if any notebook would change. Left out of the comparison are pictures (layout engines and
fonts differ between machines) and what tests/nbval_sanitize.cfg names; a notebook that differs in nothing
else stays as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import configparser
import copy
import difflib
import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


def environment() -> dict[str, str]:
    """What pyproject.toml sets for the notebooks' kernels, here as in the tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    variables: dict[str, str] = project["tool"]["netlab"]["notebook-environment"]
    return variables


def execute(notebook: Any, folder: Path, timeout: int = 120) -> Any:
    """A copy of the notebook with the outputs of a run in a new kernel, cleaned.

    Outputs of a cell tagged ``nbval-ignore-output`` differ by declaration: the stored ones stay while the
    cell's source does. Raises nbclient's CellExecutionError where a cell raises and is not tagged for it.
    """
    done = copy.deepcopy(notebook)
    for cell in done.cells:
        # nbval's own tag for a cell that must raise is nbclient's too, under another name.
        tags = cell.metadata.get("tags", [])
        if "nbval-raises-exception" in tags:
            cell.metadata["tags"] = [*tags, "raises-exception"]
    NotebookClient(
        done,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    for was, now in zip(notebook.cells, done.cells, strict=True):
        now.metadata = copy.deepcopy(was.metadata)
    clean(done)
    for was, now in zip(notebook.cells, done.cells, strict=True):
        if "nbval-ignore-output" in now.metadata.get("tags", []) and was.get("outputs"):
            now.outputs = copy.deepcopy(was.outputs)
    return done


def clean(notebook: Any) -> None:
    """Remove what differs from run to run: kernel details, timings, widget ids; number the cells from 1.

    Of an output's metadata the descriptions of pictures (``alt``) stay.
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    count = 0
    for index, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{index}")
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
        if cell.cell_type != "code":
            continue
        count += bool(cell.source.strip())
        cell.execution_count = count if cell.source.strip() else None
        for output in cell.outputs:
            if "data" in output:
                output.data.pop(WIDGET_VIEW, None)  # its widget dies with the kernel
                described = {
                    k: {"alt": v["alt"]} for k, v in output.metadata.items() if k in PICTURES and "alt" in v
                }
                output.metadata = nbformat.from_dict(described)
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
        cell.outputs = [o for o in cell.outputs if o.output_type != "display_data" or o.data]


def sanitizers() -> list[tuple[re.Pattern[str], str]]:
    """The replacements that nbval makes before it compares."""
    rules = configparser.RawConfigParser()
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg", encoding="utf-8")
    return [(re.compile(rules[name]["regex"]), rules[name]["replace"]) for name in rules.sections()]


def comparable(notebook: Any) -> str:
    """The notebook as text, its pictures reduced to their kind and sanitised: what ``--check`` compares."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        for output in cell.get("outputs", []):
            for kind in PICTURES:
                if kind in output.get("data", {}):
                    output.data[kind] = "(picture)"
    text = json.dumps(bare, indent=1, sort_keys=True, ensure_ascii=False)
    for pattern, replacement in sanitizers():
        text = pattern.sub(replacement, text)
    return text


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(argv)
    if sys.platform == "win32":  # zmq cannot use the loop that Windows has by default
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())

    changed = 0
    with tempfile.TemporaryDirectory() as profile:
        # The user's own IPython profile must not leak into what is stored.
        os.environ.update(environment(), IPYTHONDIR=profile)
        for path in options.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
            stored = nbformat.read(path, as_version=4)
            try:
                new = execute(stored, path.parent)
            except CellExecutionError as error:
                plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
                print(f"{path}: {plain}", file=sys.stderr)
                return 1
            before, after = comparable(stored), comparable(new)
            if before == after:
                continue
            changed += 1
            print(f"{'would change' if options.check else 'changed'}: {path}")
            if options.check:
                sys.stdout.writelines(
                    difflib.unified_diff(
                        before.splitlines(keepends=True),
                        after.splitlines(keepends=True),
                        "stored",
                        "new",
                        n=1,
                    )
                )
            else:
                path.write_text(nbformat.writes(new) + "\n", encoding="utf-8")
    return int(options.check and changed > 0)


if __name__ == "__main__":
    sys.exit(main())

"""tools/regen.py: the same notebook stores the same bytes, and --check sees what a reader would see."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (
    "import os, ipywidgets",
    "print(os.environ['TZ'], os.environ['PYTHONHASHSEED'])",
    "class Graph:\n    def __repr__(self): return 'a -> b'\n"
    "    def _repr_svg_(self): return f'<svg>{os.getpid()}</svg>'\nGraph()",
    "ipywidgets.IntSlider(value=5)",
    "object()",
)


@pytest.fixture(scope="module")
def regen() -> ModuleType:
    spec = importlib.util.spec_from_file_location("regen", ROOT / "tools" / "regen.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "sample.ipynb"
    cells = [new_markdown_cell("# Sample"), *map(new_code_cell, SOURCES)]
    path.write_text(nbformat.writes(new_notebook(cells=cells)), "utf-8")
    return path


def test_a_second_run_changes_nothing_and_check_sees_what_does(
    regen: ModuleType, notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*regen.environment(), "IPYTHONDIR"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
    assert regen.main(["--check", str(notebook)]) == 1
    assert regen.main([str(notebook)]) == 0
    stored = notebook.read_bytes()

    cells = nbformat.read(notebook, 4).cells[1:]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert cells[1].outputs[0].text == "UTC 0\n"
    assert set(cells[2].outputs[0].data) == {"text/plain", "image/svg+xml"}
    assert set(cells[3].outputs[0].data) == {"text/plain"}
    assert b"widget-state" not in stored
    assert b"iopub" not in stored

    assert regen.main([str(notebook)]) == 0
    assert notebook.read_bytes() == stored

    capsys.readouterr()
    notebook.write_bytes(stored.replace(b"UTC 0", b"UTC 1"))
    assert regen.main(["--check", str(notebook)]) == 1
    assert "UTC 1" in capsys.readouterr().out


def test_a_raising_cell_is_named(
    regen: ModuleType, notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*regen.environment(), "IPYTHONDIR"):
        monkeypatch.setenv(name, "")
    before = nbformat.writes(new_notebook(cells=[new_code_cell("1 / 0")]))
    notebook.write_text(before, "utf-8")
    assert regen.main([str(notebook)]) == 1
    said = capsys.readouterr().err
    assert str(notebook) in said
    assert "ZeroDivisionError: division by zero" in said
    assert notebook.read_text("utf-8") == before

"""The house: a module imports only from floors below its own, and `import netlab` stays light."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import netlab

PACKAGE = Path(netlab.__file__).parent
ROOT = PACKAGE.parent
FLOORS = (
    "data", "errors", "wire", "trace", "rules", "kernel", "kubelet", "lab", "show", "widgets", "teach",
)  # fmt: skip
DOORS = len(FLOORS)  # cli, magics, the package itself: whatever is not a floor
HEAVY = ("pandas", "matplotlib", "graphviz", "ipywidgets", "anywidget", "numpy", "IPython")
# Modules whose only use is a clock, randomness or the world outside: not below lab/. A generator with a given
# seed is none of these: random.Random is allowed, and nothing else of its module.
IMPURE = {"time", "secrets", "socket", "subprocess", "urllib", "http", "tempfile", "threading"}


def modules() -> dict[str, Path]:
    """Dotted name to file, of every module of netlab."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("netlab", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def floor(module: str) -> int:
    room = module.split(".")[1] if "." in module else ""
    return FLOORS.index(room) if room in FLOORS else DOORS


def imports(module: str) -> Iterator[tuple[int, str]]:
    """Line and absolute name of everything a module imports, at any depth of its code."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in MODULES else base


@pytest.mark.parametrize("module", MODULES)
def test_imports_come_from_floors_below(module: str) -> None:
    room = module.split(".")[:2]
    wrong = [
        f"line {line}: {name}"
        for line, name in imports(module)
        if name.split(".")[0] == "netlab" and name.split(".")[:2] != room
        if floor(name) >= floor(module) and floor(module) < DOORS
    ]
    assert not wrong


@pytest.mark.parametrize("module", [m for m in MODULES if floor(m) < FLOORS.index("lab")])
def test_no_clock_randomness_or_outside_world_below_the_lab(module: str) -> None:
    wrong = [f"line {line}: {name}" for line, name in imports(module) if name.split(".")[0] in IMPURE]
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="random"), attr=name) if name != "Random":
                wrong.append(f"line {node.lineno}: random.{name}")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="random")), args=[], keywords=[]):
                wrong.append(f"line {node.lineno}: a generator without a seed")
            case ast.ImportFrom(module="random"):
                wrong.append(f"line {node.lineno}: from random")
    assert not wrong


def loaded_by(*names: str) -> set[str]:
    code = f"import sys\nimport {', '.join(names)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.split()}


def test_import_netlab_is_light() -> None:
    assert not loaded_by("netlab") & set(HEAVY)


def test_rooms_below_the_pictures_are_light() -> None:
    rooms = [m for m in MODULES if floor(m) < FLOORS.index("show")]
    assert not loaded_by(*rooms, *({"netlab.cli"} & set(MODULES))) & set(HEAVY)


def tracked() -> list[Path]:
    """The files of the checkout, or nothing where there is no checkout or no git."""
    if not shutil.which("git"):
        return []
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machines_path_or_a_registry() -> None:
    files = tracked()
    if not files:
        pytest.skip("not a git checkout with files in it")
    # In pieces, so that this file does not find itself.
    places = ["/work/" + r"[a-z]", "/root" + r"/\w", "/home" + r"/\w+/\.", "files" + r"\.pythonhosted\.org"]
    places += [
        "pypi" + r"\.org",
        "registry" + r"\.npmjs",
        "deb" + r"\.debian\.org",
        "proxy" + r"\.golang\.org",
    ]
    pattern = re.compile("|".join(places))
    wrong = []
    for path in files:
        text = path.read_bytes().decode("utf-8", "replace")
        wrong += [f"{path.relative_to(ROOT)}: {found[0]}" for found in pattern.finditer(text)]
    assert not wrong

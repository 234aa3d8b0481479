"""Write the notebooks, as they are stored, as pages that need no kernel, no network and no script.

    python tools/site.py

Everything goes to site/, which is made anew: one page a notebook, complete in itself, and index.html with the
contents. Nothing is executed. Widgets appear as the picture or table that is stored for them; every picture has a
description, and its text twin in a fold below it. Printed, the folded solutions are open, for paper has no folds.
"""

from __future__ import annotations

import argparse
import copy
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import DictLoader
from nbconvert import HTMLExporter

ROOT: Final = Path(__file__).resolve().parent.parent
START: Final = "00-start-here.ipynb"
CONTENTS: Final = "## Contents"
SHOWN: Final = ("text/html", "image/svg+xml", "image/png", "text/plain")
"""The kinds of output that a page can show, the one it chooses first."""
PICTURES: Final = ("image/svg+xml", "image/png")
ABOUT: Final = """\
# netlab: the course

Every decision a Linux host makes about a packet, and every decision a Kubernetes node makes about a pod, in Jupyter
notebooks on a simulated kernel. These pages are the notebooks with their outputs, to read and to print. To change a cell
and run it, open the notebooks in JupyterLab: `python3 run.py lab` in a checkout of netlab.
"""
#: nbconvert's template "basic" with a page around it and figures for its pictures.
TEMPLATE: Final = """\
{%- extends 'basic/index.html.j2' -%}
{%- macro twin(output) -%}
{%- if output.data['text/plain'] -%}
<details class="twin"><summary>The picture as text</summary><pre>{{ output.data['text/plain'] | escape_html }}</pre></details>
{%- endif -%}
{%- endmacro -%}
{%- block header -%}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ resources.title | escape_html }}</title>
<style>{{ resources.style }}</style>
</head>
<body>
{% if resources.inner %}<nav aria-label="Course"><a href="index.html">Contents</a></nav>{% endif %}
<main>
{%- endblock header -%}
{%- block footer -%}
</main>
</body>
</html>
{%- endblock footer -%}
{%- block data_svg scoped -%}
<figure><div class="picture">{{ output.data['image/svg+xml'] }}</div>{{ twin(output) }}</figure>
{%- endblock data_svg -%}
{%- block data_png scoped -%}
<figure><div class="picture"><img src="data:image/png;base64,{{ output.data['image/png'] | replace('\\n', '') }}"
alt="{{ output.metadata['image/png']['alt'] | escape_html }}"></div>{{ twin(output) }}</figure>
{%- endblock data_png -%}
"""


class SiteError(Exception):
    """A stored output that no reader without a kernel could see; the message names notebook and cell."""


def title(notebook: Any) -> str:
    """The heading of a notebook's first cell."""
    return str(notebook.cells[0].source.split("\n", 1)[0].removeprefix("# "))


def contents(notebook: Any) -> str:
    """The list of all notebooks with their minutes, which tests/notebooks/navigation.py keeps in the first one."""
    found = [cell.source for cell in notebook.cells if cell.source.startswith(CONTENTS)]
    if len(found) != 1:
        raise SiteError(f"{START}: expected one cell that begins with {CONTENTS!r}, found {len(found)}")
    return str(found[0])


def described(notebook: Any, name: str) -> Any:
    """A copy in which every picture has a description and ids of its own; raises SiteError for what cannot be shown."""
    done = copy.deepcopy(notebook)
    count = 0
    for number, cell in enumerate(done.cells, 1):
        for output in cell.get("outputs", []):
            data = output.get("data")
            if data is None:  # a stream or an error
                continue
            if not any(kind in data for kind in SHOWN):
                raise SiteError(f"{name}, cell {number}: only {', '.join(data)}, expected one of {SHOWN}")
            if "image/svg+xml" in data:
                count += 1
                data["image/svg+xml"] = own_ids(data["image/svg+xml"], f"picture-{count}-")
            if "image/png" in data:
                picture = output.metadata.setdefault("image/png", {})
                picture.setdefault("alt", data.get("text/plain", ""))
            if any(kind in data for kind in PICTURES) and not description(output):
                raise SiteError(
                    f"{name}, cell {number}: a picture without a description (SVG: <title>; PNG: alt)"
                )
    return done


def description(output: Any) -> str:
    """What a stored picture says to those who do not see it; empty if nothing."""
    if "image/svg+xml" in output.data:
        # The picture's own words come first; those further in belong to its nodes.
        own = r"<svg\b[^>]*>\s*<title\b[^>]*>([^<]*)</title>\s*(?:<desc\b[^>]*>([^<]*)</desc>)?"
        words = re.match(own, output.data["image/svg+xml"])
        return " ".join(text for text in words.groups("") if text.strip()) if words else ""
    return str(output.metadata.get("image/png", {}).get("alt", "")).strip()


def own_ids(svg: str, prefix: str) -> str:
    """An SVG whose ids begin with ``prefix``: a page holds several pictures that were drawn with the same ids.

    >>> own_ids('<svg aria-labelledby="a b"><g id="a"/><use href="#a" fill="url(#b)"/></svg>', "p-")
    '<svg aria-labelledby="p-a p-b"><g id="p-a"/><use href="#p-a" fill="url(#p-b)"/></svg>'
    """
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{prefix}", svg)
    return re.sub(
        r'(\saria-(?:labelledby|describedby)=")([^"]*)',
        lambda found: found[1] + " ".join(prefix + one for one in found[2].split()),
        svg,
    )


def page(notebook: Any, *, title: str, inner: bool) -> str:
    """One HTML page. Links to other notebooks lead to their pages."""
    loaders = [DictLoader({"page.html.j2": TEMPLATE})]
    exporter = HTMLExporter(template_file="page.html.j2", extra_loaders=loaders)  # type: ignore[no-untyped-call]
    style = Path(__file__).with_name("site.css").read_text("utf-8")
    resources = {"title": title, "style": style, "inner": inner}
    html: str
    html, _ = exporter.from_notebook_node(notebook, resources=resources)
    return re.sub(r'(<a [^>]*href="[^":]*)\.ipynb(?=["#])', r"\1.html", html) + "\n"


def build(notebooks: Sequence[Path], folder: Path) -> list[Path]:
    """Write all pages into a folder and return them, the index first. Raises SiteError before anything is written."""
    pages = {}
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        shown = described(notebook, path.name)
        pages[f"{path.stem}.html"] = page(shown, title=f"{title(notebook)} - netlab", inner=True)
        if path.name == START:
            cells = [
                nbformat.v4.new_markdown_cell(text, id=name)
                for name, text in (("about", ABOUT), ("contents", contents(notebook)))
            ]
            index = nbformat.v4.new_notebook(cells=cells)
            pages["index.html"] = page(index, title=title(index), inner=False)
    if "index.html" not in pages:
        raise SiteError(f"{START} is not among the notebooks; the index is made from its contents")
    folder.mkdir(parents=True, exist_ok=True)
    for name, html in pages.items():
        (folder / name).write_text(html, encoding="utf-8")
    return [folder / "index.html", *(folder / name for name in pages if name != "index.html")]


def main(argv: list[str] | None = None) -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    folder = ROOT / "site"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        written = build(sorted((ROOT / "notebooks").glob("*.ipynb")), folder)
    except SiteError as error:
        print(f"site: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in written) / 1e6
    print(f"{len(written)} pages, {size:.1f} MB: {written[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The notebooks as pages: complete without a kernel, a network or a script, on a screen and on paper, and on GitHub.

The witness is what the notebooks store. GitHub shows the same outputs without running anything, so what is stored has
to be enough: each output as text, HTML or picture, none only as a widget.
"""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from labpage import FLAGS, PATIENCE, Unavailable, chromium
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "code", "codebase"}
WIDGET = "application/vnd.jupyter.widget-view+json"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"netlab_tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


site = load("site")


def flat(text: str) -> str:
    """Text without its white space: pages may break lines and indent as they like."""
    return re.sub(r"\s+", "", text)


class Page(HTMLParser):
    """What a page says of itself: its text, ids, links, whatever it loads, and its pictures with their descriptions."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.styles: list[str] = []
        self.titles: list[str] = []
        self.pictures: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.text = flat("".join(self.words))
        self.ids = Counter(value for _, name, value in self.attributes if name == "id")
        self.links = [value for tag, name, value in self.attributes if tag == "a" and name == "href"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "img":
            self.pictures.append((dict(attrs).get("alt") or "").strip())
        if tag == "svg":
            self.pictures.append("")
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        if self._open[-1] == "p" and tag != "p":  # a paragraph may end without its tag
            self._open.pop()
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.styles.append(data)
        elif self._open[-2:] in (["svg", "title"], ["svg", "desc"]):
            self.pictures[-1] += data.strip()
        elif self._open[-2:] == ["head", "title"]:
            self.titles.append(data)
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    written = site.build(NOTEBOOKS, made)
    assert sorted(written) == sorted(made.iterdir())
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return {path.name: Page(path.read_text("utf-8")) for path in folder.iterdir()}


def outputs(path: Path) -> Iterator[tuple[int, Any]]:
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, 1):
        for output in cell.get("outputs", []):
            yield number, output


def test_there_is_a_page_for_every_notebook(pages: dict[str, Page]) -> None:
    assert set(pages) == {"index.html", *(f"{path.stem}.html" for path in NOTEBOOKS)}


def test_a_page_has_one_heading_a_title_and_a_language(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.tags["h1"] == 1, name
        assert ("html", "lang", "en") in page.attributes, name
        assert len(page.titles) == 1, name
        assert page.titles[0].strip(), name
    assert len({page.titles[0] for page in pages.values()}) == len(pages)


def test_nothing_is_loaded_and_no_script_runs(pages: dict[str, Page]) -> None:
    """Links in the prose may lead out; everything else is in the page."""
    for name, page in pages.items():
        assert not {"script", "link", "iframe", "object", "embed", "base"} & set(page.tags), name
        loaded = [value for _, attribute, value in page.attributes if attribute in LOADING]
        loaded += [v for tag, a, v in page.attributes if a in ("href", "xlink:href") and tag != "a"]
        assert [value[:60] for value in loaded if not value.startswith(("data:image/", "#"))] == [], name
        assert [a for _, a, _ in page.attributes if a.startswith("on")] == [], name
        styles = [
            *page.styles,
            *(value for _, a, value in page.attributes if a in ("style", "fill", "filter")),
        ]
        assert not re.search(r"@import|@font-face|url\((?!#)", "\n".join(styles)), name


def test_links_inside_lead_to_a_place(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            target, _, anchor = link.partition("#")
            assert (target or name) in pages, f"{name}: {link}"
            assert not anchor or anchor in pages[target or name].ids, f"{name}: {link}"
        assert [one for one, times in page.ids.items() if times > 1] == [], name


def test_the_index_leads_to_every_notebook_with_its_minutes(pages: dict[str, Page]) -> None:
    assert set(pages["index.html"].links) >= {f"{path.stem}.html" for path in NOTEBOOKS}
    assert pages["index.html"].text.count("minutes.") == len(NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_stored_word_is_on_the_page(path: Path, pages: dict[str, Page]) -> None:
    page = pages[f"{path.stem}.html"]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert flat(cell.source) in page.text
    for number, output in outputs(path):
        if output.output_type == "stream":
            words = flat(output.text)
        elif "text/html" in output.data:
            words = Page(output.data["text/html"]).text
        else:  # pictures too: their text twin stands below them
            words = flat(output.data["text/plain"])
        assert words in page.text, f"cell {number}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_picture_is_there_and_described(path: Path, pages: dict[str, Page]) -> None:
    page = pages[f"{path.stem}.html"]
    stored = [o for _, o in outputs(path) if {"image/svg+xml", "image/png"} & set(o.get("data", {}))]
    assert len(page.pictures) >= len(stored)
    assert [one for one in page.pictures if len(one.split()) < 3] == []
    assert page.tags["img"] + page.tags["svg"] == len(page.pictures)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_github_shows_every_output(path: Path) -> None:
    for number, output in outputs(path):
        if output.output_type == "stream":
            continue
        assert output.output_type in ("execute_result", "display_data"), f"cell {number}"
        assert "text/plain" in output.data, f"cell {number}"
        assert WIDGET not in output.data, f"cell {number}: a widget without a kernel is an empty box"
        assert set(output.data) <= set(site.SHOWN), f"cell {number}"
        if svg := output.data.get("image/svg+xml"):  # shown as an image of its own, so as XML
            assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg", f"cell {number}"
        if html := output.data.get("text/html"):
            page = Page(html)
            assert not {"script", "iframe", "link"} & set(page.tags), f"cell {number}"
            said = flat(output.data["text/plain"])
            assert page.text or not said, f"cell {number}: the words are in the text only"
    assert "widgets" not in nbformat.read(path, as_version=4).metadata


def first(*cells: Any) -> Any:
    return new_notebook(cells=[new_markdown_cell("# A title"), *cells])


def shown(data: dict[str, str], **metadata: Any) -> Any:
    output = new_output("display_data", data=data, metadata=metadata)
    return first(new_code_cell("picture", outputs=[output]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({WIDGET: "{}"}, r"x\.ipynb, cell 2: only application/vnd\.jupyter\.widget-view\+json"),
        ({"image/png": "AAAA", "text/plain": ""}, r"x\.ipynb, cell 2: a picture without a description"),
        (
            {"image/svg+xml": "<svg><g><title>node</title></g></svg>"},
            "cell 2: a picture without a description",
        ),
    ],
)
def test_what_a_reader_could_not_see_is_refused(data: dict[str, str], message: str) -> None:
    with pytest.raises(site.SiteError, match=message):
        site.described(shown(data), "x.ipynb")


def test_a_pngs_own_description_goes_before_its_text() -> None:
    notebook = shown(
        {"image/png": "AAAA", "text/plain": "1 2 3"}, **{"image/png": {"alt": "A line that rises"}}
    )
    page = Page(site.page(site.described(notebook, "x.ipynb"), title="x", inner=True))
    assert page.pictures == ["A line that rises"]
    assert "123" in page.text
    without = shown({"image/png": "AAAA", "text/plain": "a < b & c"})
    assert Page(site.page(site.described(without, "x"), title="x", inner=True)).pictures == ["a < b & c"]


def test_regen_keeps_descriptions_and_nothing_else() -> None:
    metadata = {"image/png": {"alt": "A line", "width": 9}, "image/svg+xml": {"isolated": True}, "x": 1}
    notebook = shown({"image/png": "AAAA", "text/plain": "1"}, **metadata)
    load("regen").clean(notebook)
    assert notebook.cells[1].outputs[0].metadata == {"image/png": {"alt": "A line"}}


def test_without_the_first_notebook_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(site.SiteError, match=r"00-start-here\.ipynb is not among the notebooks"):
        site.build(NOTEBOOKS[1:2], tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    try:
        program = chromium()
        from playwright.sync_api import sync_playwright
    except (Unavailable, ImportError) as reason:
        pytest.skip(str(reason))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


#: What must not stick out at the right, however narrow the window: the page itself.
WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth]"
FOLDED = """() => [...document.querySelectorAll("details:not(.twin) > :not(summary)")].map(
    (part) => part.checkVisibility({ contentVisibilityAuto: true }) && part.getBoundingClientRect().height > 0)"""


@pytest.mark.parametrize("stem", ["index", NOTEBOOKS[0].stem, NOTEBOOKS[12].stem])
def test_a_browser_without_network_shows_a_page(browser: Any, folder: Path, stem: str) -> None:
    context = browser.new_context(offline=True, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("request", lambda request: trouble.append(request.url))
    page.goto((folder / f"{stem}.html").as_uri())
    assert [one for one in trouble if not one.startswith(("file:", "data:"))] == []
    width, window = page.evaluate(WIDTHS)
    assert width <= window
    ground = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ground[scheme] = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert ground["light"] != ground["dark"]
    folds = page.locator("details:not([open])")
    if closed := folds.count():
        folds.first.locator("summary").click()
        assert folds.count() == closed - 1
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 between its margins
    width, window = page.evaluate(WIDTHS)
    assert width <= window
    assert all(page.evaluate(FOLDED)), "a fold that stays closed on paper"
    paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    context.close()


def test_binder_keeps_what_its_script_and_the_course_need() -> None:
    """repo2docker leaves out what binder/.dockerignore names."""
    build = pytest.importorskip("docker.utils.build", reason="repo2docker is not installed")
    ignored = (ROOT / "binder" / ".dockerignore").read_text("utf-8").splitlines()
    patterns = [line for line in ignored if line and not line.startswith("#")]
    for pattern in patterns:
        assert (ROOT / pattern).exists(), f"{pattern} is no longer there"
    kept = {Path(name) for name in build.exclude_paths(str(ROOT), [*patterns, ".venv", ".mypy_cache"])}
    needed = ["pyproject.toml", "README.md", "binder/postBuild", "binder/environment.yml", "netlab/cli.py"]
    needed += re.findall(r"(?<= )etc/\S+\.json", (ROOT / "binder" / "postBuild").read_text("utf-8"))
    needed += [str(path.relative_to(ROOT)) for path in NOTEBOOKS]
    assert {Path(name) for name in needed} <= kept
    assert not [path for path in kept if path.parts[0] in ("tests", ".git")]

"""Graphs: the text twin, the SVG as an XML reader sees it, strangers' text, and life without Graphviz."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.show import svg
from netlab.show.graph import Edge, Graph, Node
from netlab.show.style import CURRENT, SILENT, VISITED
from netlab.show.words import printable

SVG = "{http://www.w3.org/2000/svg}"


def small(label: str = "a", **more: str) -> Graph:
    return Graph(
        name="small",
        title=f"title {label}",
        description=f"about {label}",
        nodes=(Node(name="one", label=label, **more), Node(name="two", label="b", mark=SILENT)),  # type: ignore[arg-type]
        edges=(Edge(tail="one", head="two", label=label),),
    )


def drawn(graph: Graph) -> ET.Element:
    text = graph.svg()
    assert text is not None
    return ET.fromstring(text)


def group(root: ET.Element, name: str) -> ET.Element:
    return next(g for g in root.iter(f"{SVG}g") if g.get("data-name") == name)


def words(element: ET.Element) -> list[str]:
    return [t.text or "" for t in element.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "label",
    ["<script>alert(1)</script>", "a & b &lt;", '"x"', "<b>html</b>", r"\N \G \n", "a|{b}", "]]>", "-->"],
)
def test_labels_are_shown_as_they_are(label: str) -> None:
    root = drawn(small(label))
    assert words(group(root, "one")) == [label]
    assert words(group(root, "one>two")) == [label]
    assert not [e for e in root.iter() if e.tag.endswith("script")]


@given(label=st.text(min_size=1, max_size=12).filter(lambda t: t.strip() == t and "\n" not in t))
@settings(max_examples=25, deadline=None)
def test_any_label_survives_the_drawing(label: str) -> None:
    shown = " ".join(words(group(drawn(small(label)), "one"))).replace("\xa0", " ")
    assert shown == printable(label).replace("\xa0", " ")


def test_the_picture_is_named_and_described_and_stands_on_a_card() -> None:
    root = drawn(small())
    named = {e.get("id"): e.text for e in root}
    assert (root.get("aria-labelledby") or "").split() == ["small-title", "small-description"]
    assert (named["small-title"], named["small-description"]) == ("title a", "about a")
    card = next(root.iter(f"{SVG}polygon"))
    assert (card.get("fill") or "").lower() == "#ffffff"


def test_no_prolog_no_doctype_no_comment() -> None:
    text = small().svg() or ""
    assert text.startswith("<svg")
    assert "<!" not in text


def test_marks_are_fill_and_line_style() -> None:
    root = drawn(small(mark=VISITED, note="seen"))  # type: ignore[arg-type]
    shape = group(root, "one").find(f"{SVG}polygon")
    other = group(root, "two").find(f"{SVG}polygon")
    assert shape is not None
    assert other is not None
    assert (shape.get("fill"), shape.get("stroke-width")) == (VISITED.fill, "2")
    assert other.get("stroke-dasharray") == SILENT.dashes
    title = group(root, "one").find(f"{SVG}title")
    assert title is not None
    assert title.text == "seen"


def test_marking_does_not_lay_out_anew() -> None:
    drawn(small())
    before = svg._laid_out.cache_info().misses
    drawn(small(mark=CURRENT, note="here"))  # type: ignore[arg-type]
    assert svg._laid_out.cache_info().misses == before


def test_without_graphviz_the_text_stands_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    graph = small("nowhere drawn before")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert graph.svg() is None
    assert graph._repr_mimebundle_() == {"text/plain": graph.text}
    assert "nowhere drawn before" in repr(graph)


def test_with_graphviz_text_and_picture() -> None:
    bundle = small()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}


def test_text_lists_clusters_parts_and_edges() -> None:
    graph = Graph(
        name="g",
        title="T",
        description="",
        clusters=(("c", "a frame"),),
        nodes=(
            Node(name="hook", label="FORWARD", cluster="c"),
            Node(name="part", label="filter", part_of="hook", cluster="c", note="consulted"),
            Node(name="end", label="two\nlines"),
            Node(name="key", label="not in the text", legend=True),
        ),
        edges=(Edge(tail="hook", head="end", directed=False), Edge(tail="end", head="hook", both=True)),
    )
    assert graph.text.split("\n") == [
        "T",
        "  [a frame]",
        "  FORWARD [filter (consulted)]",
        "  []",
        "  two lines",
        "  FORWARD -- two lines",
        "  two lines <-> FORWARD",
    ]

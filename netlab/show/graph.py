"""Graphs that show themselves: as text everywhere, and as a picture where Graphviz is there to draw it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from netlab.show.style import CARD, FONT, GREY, PLAIN, Mark
from netlab.show.svg import Band, Paint, finish, lay_out
from netlab.show.words import printable

_SHAPES: Final = {
    "box": "box",
    "rounded": "box",
    "ellipse": "ellipse",
    "text": "plaintext",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing in a graph.

    ``label`` may have several lines. ``note`` says what the mark means here; it is the hover text and stands in the
    text twin. ``part_of`` names the node this one lies in, ``cluster`` the frame around it. ``at`` (centre) and
    ``size`` are points, y upwards, for graphs whose places are fixed. ``legend`` nodes explain the picture and are
    not in the text; ``text_label`` stands for the label there; ``badge`` is a short text that may change without a
    new layout.
    """

    name: str
    label: str
    shape: str = "box"
    mark: Mark = PLAIN
    note: str = ""
    part_of: str = ""
    cluster: str = ""
    at: tuple[float, float] | None = None
    size: tuple[float, float] | None = None
    bold: bool = False
    font: float = 10.0
    left: bool = False
    legend: bool = False
    text_label: str = ""
    badge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A connection. ``ports`` are compass points where it leaves and arrives; ``both`` has two arrow heads."""

    tail: str
    head: str
    label: str = ""
    mark: Mark = PLAIN
    note: str = ""
    ports: tuple[str, str] = ("", "")
    directed: bool = True
    both: bool = False

    @property
    def name(self) -> str:
        return f"{self.tail}>{self.head}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes and edges with a title and a description in words (the alternative text of the picture).

    ``clusters`` are pairs of name and caption. Displayed in a notebook it is a picture with ``repr`` as its twin;
    without Graphviz, the text alone.

    >>> graph = Graph(name="way", title="A way", description="From a to b.",
    ...     nodes=(Node(name="a", label="a"), Node(name="b", label="b", note="the end")),
    ...     edges=(Edge(tail="a", head="b", label="veth"),))
    >>> graph
    A way
      a
      b: the end
      a -> b (veth)
    """

    name: str
    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    clusters: tuple[tuple[str, str], ...] = ()
    bands: tuple[Band, ...] = ()
    engine: str = "dot"
    options: tuple[tuple[str, str], ...] = ()

    # --- text -------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The same graph in words: a line a node, its parts in it, then a line an edge."""
        return "\n".join([self.title, *(f"  {line}" for line in self._lines())])

    def __repr__(self) -> str:
        return self.text

    def _lines(self) -> Iterator[str]:
        labels = {node.name: _one_line(node.text_label or node.label) for node in self.nodes}
        captions = dict(self.clusters)
        shown = ""
        for node in self.nodes:
            if node.part_of or node.legend:
                continue
            if node.cluster != shown:
                shown = node.cluster
                yield f"[{captions.get(shown, shown)}]" if shown else "[]"
            parts = [_with_note(p) for p in self.nodes if p.part_of == node.name and not p.legend]
            inside = f" [{', '.join(parts)}]" if parts else ""
            yield f"{labels[node.name]}{inside}{f': {printable(node.note)}' if node.note else ''}"
        for edge in self.edges:
            arrow = "->" if edge.directed and not edge.both else "<->" if edge.both else "--"
            label = f" ({_one_line(edge.label)})" if edge.label else ""
            note = f": {printable(edge.note)}" if edge.note else ""
            yield f"{labels[edge.tail]} {arrow} {labels[edge.head]}{label}{note}"

    # --- picture ----------------------------------------------------------------------------------------------

    @property
    def dot(self) -> str:
        """DOT text of the layout: neither marks nor notes nor badges are in it. Nodes are called n0, n1, ..."""
        from graphviz import Digraph

        drawn = Digraph(name=self.name)
        drawn.attr("graph", bgcolor=CARD, pad="0.08", fontname=FONT, fontsize="11")
        drawn.attr("graph", **dict(self.options))
        drawn.attr("node", fontname=FONT, fontsize="10", height="0.25", margin="0.14,0.06", style="filled")
        drawn.attr("edge", fontname=FONT, fontsize="9", arrowsize="0.7")
        names = {node.name: f"n{n}" for n, node in enumerate(self.nodes)}
        frames = [("", ""), *self.clusters]
        for number, (cluster, caption) in enumerate(frames):
            members = [node for node in self.nodes if node.cluster == cluster]
            inner = drawn if not cluster else Digraph(name=f"cluster{number}")
            if cluster:
                inner.attr(label=_label(caption), labeljust="l", style="rounded", color=GREY, fontname=FONT)
            for node in members:
                inner.node(
                    names[node.name],
                    _label(node.label, left=node.left),
                    id=names[node.name],
                    **_node_options(node),
                )
            if cluster:
                drawn.subgraph(inner)
        for number, edge in enumerate(self.edges):
            drawn.edge(names[edge.tail], names[edge.head], id=f"e{number}", **_edge_options(edge))
        return str(drawn.source)

    def svg(self) -> str | None:
        """The picture as SVG text, or None where Graphviz is not installed."""
        drawn = lay_out(self.dot, self.engine)
        if drawn is None:
            return None
        paints = {
            f"n{n}": Paint(
                name=node.name,
                mark=node.mark,
                hover=printable(node.note),
                label=None if node.badge is None else printable(node.badge),
                hidden=node.badge == "",
            )
            for n, node in enumerate(self.nodes)
        }
        paints |= {
            f"e{n}": Paint(name=edge.name, mark=edge.mark, hover=printable(edge.note))
            for n, edge in enumerate(self.edges)
        }
        return finish(
            drawn,
            paints,
            name=self.name,
            title=printable(self.title),
            description=printable(self.description),
            bands=self.bands,
        )

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        bundle = {"text/plain": self.text}
        drawn = self.svg()
        if drawn is not None:
            bundle["image/svg+xml"] = drawn
        return bundle


def _label(text: str, *, left: bool = False) -> Any:
    """Text as a DOT label that shows exactly this text (a string of a kind that is never taken for HTML)."""
    from graphviz import nohtml

    literal = printable(text).replace("\\", "\\\\").replace("&", "&amp;").replace("\n", "\\n")
    return nohtml(literal + ("\\l" if left else ""))


def _edge_options(edge: Edge) -> dict[str, str]:
    options = {}
    if not edge.directed:
        options["dir"] = "none"
    elif edge.both:
        options["dir"] = "both"
    if edge.label:
        # Spaces keep the words off the line, and off the arrow heads; the picture is finished without them.
        options["label"] = _label("\n".join(f" {line} " for line in edge.label.split("\n")))
    ends = zip(("tailport", "headport"), edge.ports, strict=True)
    return options | {end: port for end, port in ends if port}


def _node_options(node: Node) -> dict[str, str]:
    options = {"shape": _SHAPES[node.shape], "fontsize": f"{node.font:g}"}
    if node.shape == "rounded":
        options["style"] = "rounded,filled"
    if node.shape == "text":
        options["style"] = ""
    if node.bold:
        options["fontname"] = "Helvetica-Bold"
    if node.at is not None:
        options["pos"] = f"{node.at[0]:g},{node.at[1]:g}"
    if node.size is not None:
        options.update(
            width=f"{node.size[0] / 72:.4f}",
            height=f"{node.size[1] / 72:.4f}",
            fixedsize="true",
            margin="0,0.02",
        )
    return options


def _one_line(label: str) -> str:
    return printable(label).replace("\n", " ")


def _with_note(node: Node) -> str:
    return f"{_one_line(node.label)} ({printable(node.note)})" if node.note else _one_line(node.label)

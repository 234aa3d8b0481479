"""From DOT text to an SVG fit for a notebook: laid out once by Graphviz, coloured as often as wanted.

The layout of a graph does not depend on what is marked in it. So ``dot`` runs once for a graph, and every other
step of a journey only re-colours that picture, in about a millisecond.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from netlab.show.style import CARD, FONT, GREY, INK, Mark

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
#: Pixels: what a cell of JupyterLab has room for beside its open sidebar; a wider picture would be cut off there.
WIDEST: Final = 820.0
_CAPTION: Final = 24.0
ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """What a laid out node or edge looks like: mark, hover text, a label in place of the drawn one, or hidden.

    ``name`` becomes the attribute ``data-name`` of its group.
    """

    name: str
    mark: Mark
    hover: str = ""
    label: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A lane behind the graph: corners in points, y upwards, and a caption at its upper left."""

    left: float
    bottom: float
    right: float
    top: float
    caption: str
    fill: str


def lay_out(dot: str, engine: str) -> str | None:
    """The SVG that Graphviz makes of DOT text, without prolog, doctype and comments; None without Graphviz.

    ``engine`` is ``dot``, or ``fixed`` for nodes that say where they stand.
    """
    from graphviz import ExecutableNotFound

    try:
        return _laid_out(dot, engine)
    except ExecutableNotFound:
        return None


@lru_cache(128)
def _laid_out(dot: str, engine: str) -> str:
    from graphviz import Source

    fixed = engine == "fixed"
    source = Source(dot, engine="neato" if fixed else engine)
    drawn: str = source.pipe(format="svg", neato_no_op=2 if fixed else None, encoding="utf-8", quiet=True)
    drawn = drawn[drawn.index("<svg") :]
    return re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)


def finish(
    drawn: str,
    paints: Mapping[str, Paint],
    *,
    name: str,
    title: str,
    description: str,
    bands: tuple[Band, ...],
) -> str:
    """A laid out SVG with its colours, lanes, title and description; ids are fixed, so equal graphs give equal text."""
    root = ET.fromstring(drawn)
    width, height = (
        float((root.get(side) or "0pt").removesuffix("pt")) * 4 / 3 for side in ("width", "height")
    )
    if width > WIDEST:
        width, height = WIDEST, height * WIDEST / width
    root.set("width", f"{width:.0f}")
    root.set("height", f"{height:.0f}")
    root.set("style", "max-width:100%;height:auto")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    top = root.find(f"{{{_SVG}}}g")
    assert top is not None
    for child in top.findall(f"{{{_SVG}}}title"):
        top.remove(child)
    for child in list(top):
        paint = paints.get(child.get("id") or "")
        if paint is not None:
            child.set("data-name", paint.name)
            if paint.hidden:
                top.remove(child)
            else:
                _paint(child, paint)
    _put_bands(top, bands)
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(
            f"{{{_SVG}}}{tag}", {"id": f"{name}-{'title' if tag == 'title' else 'description'}"}
        )
        element.text = text
        root.insert(position, element)
    return ET.tostring(root, encoding="unicode")


def stack(pictures: Sequence[tuple[str, str]], *, name: str, title: str, description: str) -> str:
    """Finished pictures under each other, each below its caption, as one with a title and a description of its own."""
    found = [(caption, ET.fromstring(text)) for caption, text in pictures]
    width = max(float(root.get("width") or 0) for _, root in found)
    whole = ET.Element(f"{{{_SVG}}}svg")
    for tag, text in (("title", title), ("desc", description)):
        part = {"title": "title", "desc": "description"}[tag]
        ET.SubElement(whole, f"{{{_SVG}}}{tag}", {"id": f"{name}-{part}"}).text = text
    card = ET.SubElement(whole, f"{{{_SVG}}}rect", {"width": f"{width:.0f}", "fill": CARD})
    y = 0.0
    for number, (caption, root) in enumerate(found, 1):
        words = {"x": "12", "y": f"{y + 17:g}", "font-size": "14", "font-weight": "bold", "fill": INK}
        ET.SubElement(whole, f"{{{_SVG}}}text", {**words, "font-family": FONT}).text = caption
        for attribute in ("role", "aria-labelledby", "style"):
            root.attrib.pop(attribute, None)
        for child in [c for c in root if c.tag in (f"{{{_SVG}}}title", f"{{{_SVG}}}desc")]:
            root.remove(child)
        _own_ids(root, f"{name}-{number}-")
        own = ET.Element(f"{{{_SVG}}}title")
        own.text = caption
        root.insert(0, own)
        root.set("y", f"{y + _CAPTION:g}")
        whole.append(root)
        y += _CAPTION + float(root.get("height") or 0)
    card.set("height", f"{y:.0f}")
    whole.attrib |= {
        "width": f"{width:.0f}",
        "height": f"{y:.0f}",
        "viewBox": f"0 0 {width:.0f} {y:.0f}",
        "style": "max-width:100%;height:auto",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-description",
    }
    return ET.tostring(whole, encoding="unicode")


def _own_ids(root: ET.Element, prefix: str) -> None:
    """Put a prefix before a picture's ids and what refers to them: pictures of one kind have the same ids."""
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set(attribute, prefix + value)
            elif attribute.endswith("href") and value.startswith("#"):
                element.set(attribute, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(attribute, value.replace("url(#", f"url(#{prefix}"))


def _paint(group: ET.Element, paint: Paint) -> None:
    mark = paint.mark
    edge = group.get("class", "").startswith("edge")
    for element in list(group.iter()):
        kind = element.tag.removeprefix(f"{{{_SVG}}}")
        if kind == "title":
            if paint.hover:
                element.text = paint.hover
            else:
                group.remove(element)
        elif kind == "text":
            element.set("fill", INK)
            if paint.label is not None:
                element.text = paint.label
            elif edge and element.text:
                element.text = element.text[1:-1]  # the spaces of Graph.dot
        elif kind in ("path", "polygon", "ellipse", "polyline"):
            head = edge and kind == "polygon"
            element.set("stroke", mark.stroke)
            element.set("stroke-width", f"{1 if head else mark.width:g}")
            if mark.dashes and not head:
                element.set("stroke-dasharray", mark.dashes)
            if not edge:
                element.set("fill", mark.fill)
            elif head:
                element.set("fill", mark.stroke)


def _put_bands(top: ET.Element, bands: tuple[Band, ...]) -> None:
    """Right above the card, so that all else is drawn over them."""
    at = 1
    for band in bands:
        box = {
            "x": f"{band.left:g}",
            "y": f"{-band.top:g}",
            "width": f"{band.right - band.left:g}",
            "height": f"{band.top - band.bottom:g}",
            "rx": "6",
            "fill": band.fill or CARD,
            "stroke": GREY,
            "stroke-width": "0.6",
        }
        top.insert(at, ET.Element(f"{{{_SVG}}}rect", box))
        caption = ET.Element(
            f"{{{_SVG}}}text",
            {
                "x": f"{band.left + 8:g}",
                "y": f"{-band.top + 15:g}",
                "font-family": "Helvetica,Arial,sans-serif",
                "font-size": "11",
                "font-weight": "bold",
                "fill": INK,
            },
        )
        caption.text = band.caption
        top.insert(at + 1, caption)
        at += 2

"""The map of the player in the browser: pictures and words sent once, stepped through without asking the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any


def map_view(pictures: Sequence[str], words: Sequence[str], step: int) -> Any:
    """A widget with the traits ``pictures`` (SVG texts), ``words`` (HTML) and ``step`` (which of each is shown).

    The left and right arrow keys step while it has the focus; what a part of the picture says appears beside the
    pointer, and for the hook that has the focus with all its tables. Its JavaScript and styles are in this package.
    """
    return _view_class()(pictures=list(pictures), words=list(words), step=step)


@cache
def _view_class() -> Any:
    import traitlets
    from anywidget import AnyWidget

    here = files("netlab.widgets")
    members = {
        "__module__": __name__,
        "_esm": here.joinpath("mapview.js").read_text("utf-8"),
        "_css": here.joinpath("mapview.css").read_text("utf-8"),
        "pictures": traitlets.List(traitlets.Unicode()).tag(sync=True),
        "words": traitlets.List(traitlets.Unicode()).tag(sync=True),
        "step": traitlets.Int(0).tag(sync=True),
    }
    return type("MapView", (AnyWidget,), members)

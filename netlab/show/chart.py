"""Charts that show themselves: as text everywhere, and as a PNG drawn by matplotlib on an opaque card."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netlab.show.style import CARD
from netlab.show.words import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with a title, its figures as text, and a description in words (the alternative text).

    ``draw`` fills a matplotlib figure; ``size`` is in inches. No state of pyplot is used or changed.
    """

    title: str
    description: str
    body: str
    draw: Callable[[Figure], None]
    size: tuple[float, float] = (9.0, 4.0)

    @property
    def text(self) -> str:
        """The same figures as text."""
        return "\n".join(
            [printable(self.title), *(f"  {line}".rstrip() for line in printable(self.body).split("\n"))]
        )

    def __repr__(self) -> str:
        return self.text

    def figure(self) -> Figure:
        """A new matplotlib figure with the drawing."""
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        # Room at the edges, or a long label seems cut off there.
        edges = ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.08)
        figure = Figure(figsize=self.size, dpi=100, facecolor=CARD, layout=edges)
        self.draw(figure)
        return figure

    def png(self) -> bytes:
        """The drawing as a PNG; equal charts give equal bytes with one version of matplotlib."""
        out = io.BytesIO()
        metadata = {"Software": None, "Title": self.title, "Description": self.description}
        self.figure().savefig(out, format="png", metadata=metadata)
        return out.getvalue()

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/plain": self.text, "image/png": self.png()}
        return data, {"image/png": {"alt": printable(self.description)}}

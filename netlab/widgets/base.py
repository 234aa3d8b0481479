"""What all widgets share: they show themselves live in a notebook, and as text and a table without a kernel."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Any

from netlab.show.words import printable


class View:
    """A view built of ipywidgets controls in ``box``.

    Its plain text and HTML do not depend on ids, engines or browsers, so a stored notebook compares and reads without
    a kernel: a live notebook shows the controls, everything else ``preview``.
    """

    box: Any

    @property
    def text(self) -> str:
        """The view in words, as it stood when it was made."""
        raise NotImplementedError

    @property
    def preview(self) -> str:
        """HTML shown where no kernel runs."""
        return f"<pre>{escape(printable(self.text))}</pre>"

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        live: dict[str, Any] = self.box._repr_mimebundle_()
        return {**live, "text/plain": self.text, "text/html": self.preview}


def error_html(message: str) -> str:
    """An error for a person: no traceback, its lines kept."""
    return f'<pre role="alert" style="border-left:4px solid #8E3B75;padding-left:8px">{escape(printable(message))}</pre>'

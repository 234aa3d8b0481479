"""Colours, line styles and words of all pictures, in one place.

Strokes reach 4.6:1 on white and stay apart under simulated protan, deutan and tritan vision; fills carry dark text
at 12:1 or more. No meaning rests on colour alone: each mark has a line style and a word of its own. Pictures stand
on an opaque white card, so they read the same on dark and light themes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BLUE: Final = "#1A5FB4"
ORANGE: Final = "#B25F00"
GREEN: Final = "#117733"
PURPLE: Final = "#8E3B75"
GREY: Final = "#444444"
INK: Final = "#10202C"
CARD: Final = "#FFFFFF"

BLUE_FILL: Final = "#CFE8FC"
ORANGE_FILL: Final = "#FFE9C2"
GREEN_FILL: Final = "#CDEFE3"
PURPLE_FILL: Final = "#F3DCE8"
GREY_FILL: Final = "#EEEEEE"

FONT: Final = "Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a part of a picture stands out: the word for it, fill, stroke, line width and dashes (empty: solid)."""

    word: str
    fill: str = CARD
    stroke: str = GREY
    width: float = 1.0
    dashes: str = ""


PLAIN: Final = Mark("")
QUIET: Final = Mark("", GREY_FILL, GREY)
VISITED: Final = Mark("visited", BLUE_FILL, BLUE, 2.0)
CURRENT: Final = Mark("here", ORANGE_FILL, ORANGE, 3.5)
SILENT: Final = Mark("not consulted", CARD, GREY, 1.0, "4,3")
DROPPED: Final = Mark("dropped", PURPLE_FILL, PURPLE, 3.5, "2,2")
PARTED: Final = Mark("first difference", "#FFFFFF", INK, 4.0, "7,3")
CHOSEN: Final = Mark("chosen", GREEN_FILL, GREEN, 3.0)
BRIDGE: Final = Mark("", GREEN_FILL, GREEN, 1.5)
HOST: Final = Mark("", BLUE_FILL, BLUE, 1.5)
CALL: Final = Mark("", "none", GREY, 1.0, "4,3")
"""Edges by which one layer calls the other."""

#: Text and lines of HTML tables follow the notebook's theme, and have a value where there is none.
TEXT_COLOUR: Final = "var(--jp-content-font-color1, #222)"
LINE_COLOUR: Final = "var(--jp-border-color2, #bbb)"
#: A row that is marked: its own ink on its own fill, so that it reads on any theme.
ROW_MARK: Final = f"background:{ORANGE_FILL};color:{INK};outline:2px solid {ORANGE}"

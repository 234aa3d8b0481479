"""What the players share: a slider, a play button and its speed, and for each step a picture with words below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netlab.widgets.base import View
from netlab.widgets.mapview import map_view


class Stepper(View):
    """A view of steps from 0; ``pictures`` (SVG text, or empty) and ``words`` (HTML) have one for each.

    All are sent to the browser once and stepped through there, by slider, play button or arrow keys, without a kernel.
    """

    def __init__(self, pictures: Sequence[str], words: Sequence[str], step: int, *, play: str) -> None:
        import ipywidgets as w

        last = len(words) - 1
        step = min(max(step, 0), last)
        self.slider: Any = w.IntSlider(
            value=step,
            min=0,
            max=last,
            description="step",
            continuous_update=False,
            layout=w.Layout(width="420px"),
        )
        self.play: Any = w.Play(value=step, min=0, max=last, interval=1200, description=play)
        self.pause: Any = w.IntSlider(
            value=1200, min=200, max=4000, step=200, description="ms a step", continuous_update=False
        )
        self.map: Any = map_view(pictures, words, step)
        w.jslink((self.play, "value"), (self.slider, "value"))
        w.jslink((self.slider, "value"), (self.map, "step"))
        w.jslink((self.pause, "value"), (self.play, "interval"))
        self.box = w.VBox([w.HBox([self.play, self.slider, self.pause]), self.map])

    @property
    def words(self) -> str:
        """What is said about the step that the slider is at, as HTML."""
        said: str = self.map.words[self.slider.value]
        return said

"""Sliders over one file system and one eviction threshold."""

from __future__ import annotations

from html import escape
from typing import Any

from netlab.errors import NetlabError
from netlab.show.gauge import Gauge, disk_gauge
from netlab.widgets.base import View, error_html

_GIB = 2**30
_MIB = 2**20


class EvictionSliders(View):
    """Size, blocks reserved for root, what is available, the threshold and growth: a bar and words.

    ``size`` and ``available`` are in GiB, ``reserved`` in percent of the size, ``growth`` in MiB a second,
    ``threshold`` in percent of the size.
    """

    def __init__(
        self,
        *,
        size: float = 20.0,
        reserved: float = 5.0,
        available: float = 4.0,
        threshold: int = 10,
        growth: float = 1.0,
    ) -> None:
        import ipywidgets as w

        def slider(name: str, value: float, low: float, high: float, step: float, tip: str) -> Any:
            return w.FloatSlider(
                value=value,
                min=low,
                max=high,
                step=step,
                description=name,
                tooltip=tip,
                continuous_update=False,
                readout_format=".1f",
                style={"description_width": "150px"},
                layout=w.Layout(width="560px"),
            )

        self.size = slider("size, GiB", size, 1, 200, 0.5, "the file system's capacity")
        self.reserved = slider("reserved for root, %", reserved, 0, 20, 0.5, "neither used nor available")
        self.available = slider("available, GiB", available, 0, 100, 0.1, "what df shows as available")
        self.threshold = slider("threshold, %", threshold, 1, 50, 1, "--eviction-hard=nodefs.available<")
        self.growth = slider("growth, MiB/s", growth, 0, 50, 0.5, "how fast it fills")
        self.bar: Any = w.HTML()
        self.words: Any = w.HTML()
        sliders = [self.size, self.reserved, self.available, self.threshold, self.growth]
        for one in sliders:
            one.observe(lambda _: self.show(), names="value")
        self.box = w.VBox([*sliders, self.bar, self.words])
        self.first = self.show()

    @property
    def text(self) -> str:
        """What the sliders' first values mean."""
        return self.first

    def gauge(self) -> Gauge:
        """The bar for the values now set. Raises InputError where they do not fit together."""
        size = int(self.size.value * _GIB)
        return disk_gauge(
            size,
            int(self.available.value * _GIB),
            threshold=f"{self.threshold.value:g}%",
            reserved=int(size * self.reserved.value / 100),
            growth=int(self.growth.value * _MIB),
        )

    def show(self) -> str:
        """Bring bar and words up to date; returns the words."""
        try:
            gauge = self.gauge()
        except NetlabError as error:
            self.bar.value, self.words.value = "", error_html(str(error))
            return str(error)
        self.bar.value = gauge.svg()
        self.words.value = f"<p aria-live='polite'>{escape(gauge.words)}</p>"
        return repr(gauge)

"""From a slider to its picture in JupyterLab, as the reader waits: key pressed to change painted, in Chromium.

The player's map is changed by the browser alone; its words and the eviction bar come from the kernel and back. Each
row is one control of one notebook; times are of the wall clock, so a busy machine shows in them.
"""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from labpage import NotebookPage, Unavailable, jupyterlab  # noqa: E402

BUDGET = 100  # milliseconds at p95
STEPS = 40
PAUSE = (
    200  # milliseconds a reader looks; what the kernel still sends is not taken for the next step's change
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A slider of a notebook, by its label, and what is watched, by its selector."""

    name: str
    notebook: str
    slider: str
    picture: str


WAYS = (
    Way(name="packet map", notebook="00-start-here.ipynb", slider="step", picture=".netlab-map-figure"),
    Way(
        name="packet map's words",
        notebook="00-start-here.ipynb",
        slider="step",
        picture=".widget-html-content",
    ),
    Way(
        name="eviction bar",
        notebook="10-do-eviction-arithmetic.ipynb",
        slider="threshold",
        picture=".widget-html-content:has(svg)",
    ),
)


def measure(notebook: NotebookPage, way: Way) -> Iterator[float]:
    """Milliseconds of each step, up to the slider's end and down again."""
    output = notebook.page.locator(".jp-OutputArea-output:has(.widget-slider)").first
    handle = output.locator(".widget-slider", has_text=way.slider).first.locator(".noUi-handle")
    key = "ArrowRight"
    for _ in range(STEPS):
        if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax"):
            key = "ArrowLeft"
        elif handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin"):
            key = "ArrowRight"
        yield notebook.press_timed(handle, key, output.locator(way.picture).first)
        notebook.page.wait_for_timeout(PAUSE)


def main() -> None:
    try:
        with jupyterlab(sorted((ROOT / "notebooks").glob("*.ipynb"))) as server:
            for name, ways in itertools.groupby(WAYS, key=lambda way: way.notebook):
                with server.notebook(name) as notebook:
                    notebook.run_all()
                    for way in ways:
                        report(way, list(measure(notebook, way)))
    except Unavailable as reason:
        print(f"not measured: {reason}")


def report(way: Way, times: list[float]) -> None:
    p95 = statistics.quantiles(times, n=20)[-1]
    verdict = "within" if p95 < BUDGET else "NOT within"
    print(
        f"{way.name:20} {way.notebook:34} median {statistics.median(times):6.1f} ms  p95 {p95:6.1f} ms  "
        f"max {max(times):6.1f} ms  of {len(times)} steps  p95 {verdict} {BUDGET} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()

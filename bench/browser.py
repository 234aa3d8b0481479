"""From a slider to its picture in JupyterLab, as the reader waits: key pressed to change painted, in Chromium.

The players' maps and words are changed by the browser alone; the eviction bar comes from the kernel and back. Each
row is one control of one notebook; times are of the wall clock, so a busy machine shows in them. ``players.ipynb`` is
written here: the players with the kernel's tables, and with two runs.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import v4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from labpage import NotebookPage, Unavailable, jupyterlab  # noqa: E402

BUDGET = 100  # milliseconds at p95
STEPS = 40
PAUSE = (
    200  # milliseconds a reader looks; what the kernel still sends is not taken for the next step's change
)


HOST = "docker run --name c1 -d foo; docker run --name c2 -d foo; iptables -t nat -L -n > /dev/null"
PING = "docker exec c1 ping -c 1 -W 1 172.17.0.3"
PLAYERS = {
    "tables": f"""\
from netlab.lab import run_lab
from netlab.show import two_runs
from netlab.widgets import JourneyPlayer, PairPlayer
run = run_lab({HOST!r} + "; " + {PING!r})
packet = next(one for one in run.packets if "echo request" in one.title)
JourneyPlayer(packet, world=run.world)""",
    "two runs": f"""\
off = "; sysctl -q -w net.bridge.bridge-nf-call-iptables=0; "
PairPlayer(two_runs(run, run_lab({HOST!r} + off + {PING!r})))""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A slider of a notebook, by its label, and what is watched, by its selector.

    ``output`` is which of the notebook's outputs with sliders it is in, from 0.
    """

    name: str
    notebook: str
    slider: str
    picture: str
    output: int = 0


WAYS = (
    Way(name="packet map", notebook="00-start-here.ipynb", slider="step", picture=".netlab-map-figure"),
    Way(
        name="packet map's words",
        notebook="00-start-here.ipynb",
        slider="step",
        picture=".netlab-map-words",
    ),
    Way(
        name="eviction bar",
        notebook="10-do-eviction-arithmetic.ipynb",
        slider="threshold",
        picture=".widget-html-content:has(svg)",
    ),
    Way(
        name="kernel's tables",
        notebook="players.ipynb",
        slider="step",
        picture=".netlab-map-words",
    ),
    Way(
        name="two maps",
        notebook="players.ipynb",
        slider="step",
        picture=".netlab-map-figure",
        output=1,
    ),
    Way(
        name="two maps' words",
        notebook="players.ipynb",
        slider="step",
        picture=".netlab-map-words",
        output=1,
    ),
)


def measure(notebook: NotebookPage, way: Way) -> Iterator[float]:
    """Milliseconds of each step, up to the slider's end and down again."""
    output = notebook.page.locator(".jp-OutputArea-output:has(.widget-slider)").nth(way.output)
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
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        players = Path(folder) / "players.ipynb"
        cells = [v4.new_code_cell(code) for code in PLAYERS.values()]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # or JupyterLab would ask
        nbformat.write(v4.new_notebook(cells=cells, metadata=kernel), players)
        try:
            with jupyterlab([*notebooks, players]) as server:
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

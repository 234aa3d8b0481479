"""Every notebook in a real JupyterLab, as a reader meets it: Run All, then every control, by keyboard and mouse.

Nothing may complain meanwhile: no error in an output or in a widget's callback, no error on the browser's console, no
request to anything but our own server.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from labpage import NotebookPage, Server, Unavailable, jupyterlab

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
#: What a slider can change: the pictures of its output, as markup.
PICTURES = "(output) => [...output.querySelectorAll('svg')].map((one) => one.outerHTML).join('')"
CHANGED = f"([output, before]) => ({PICTURES})(output) !== before"
ERROR = ".jp-OutputArea-output[data-mime-type$='.stderr'], .jp-OutputArea-output[data-mime-type$='.error'], [role=alert]"
TITLE = re.compile(r": \d+ steps?$")  # what the words say at step 0
SEND = ".jupyter-button:has(.fa-paper-plane)"
SPEED = "ms a step"  # the one slider that has no picture: it sets how fast the play button steps


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not shutil.which("dot"):
        pytest.skip("Graphviz's dot is not here: it draws the pictures that the sliders change")
    try:
        with jupyterlab(NOTEBOOKS) as found:
            yield found
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("name", [path.name for path in NOTEBOOKS])
def test_a_notebook_runs_and_its_controls_do_what_they_say(server: Server, name: str) -> None:
    with server.notebook(name) as notebook:
        notebook.run_all()
        for output in outputs(notebook, ".widget-slider"):
            move_the_sliders(notebook, output)
        for output in outputs(notebook, ".netlab-map"):
            play(notebook, output)
            use_the_map(notebook, output)
        for output in outputs(notebook, SEND):
            point_at_a_hook(output)
            send_another_packet(notebook, output)
        notebook.settle()
        assert notebook.page.locator(ERROR).all_inner_texts() == []
        assert notebook.complaints == []


def outputs(notebook: NotebookPage, what: str) -> list[Any]:
    found: list[Any] = notebook.page.locator(".jp-OutputArea-output", has=notebook.page.locator(what)).all()
    return found


def wait_for_change(notebook: NotebookPage, output: Any, before: str) -> None:
    notebook.page.wait_for_function(CHANGED, arg=[output.element_handle(), before])


def move_the_sliders(notebook: NotebookPage, output: Any) -> None:
    for slider in output.locator(".widget-slider").all():
        pictures, shown = output.evaluate(PICTURES), slider.locator(".widget-readout").inner_text()
        handle = slider.locator(".noUi-handle")
        at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        handle.press("ArrowLeft" if at_end else "ArrowRight")
        slider.locator(".widget-readout", has_not_text=re.compile(f"^{re.escape(shown)}$")).wait_for()
        if slider.locator(".widget-label").inner_text() != SPEED:
            assert pictures
            wait_for_change(notebook, output, pictures)


def step_of(output: Any) -> int:
    slider = output.locator(".widget-slider", has_text="step").first
    return int(slider.locator(".noUi-handle").get_attribute("aria-valuenow").split(".")[0])


def wait_for_words(output: Any, step: int) -> None:
    # Before the first step the packet's title stands there.
    output.get_by_text(re.compile(rf"^Step {step} of \d+:") if step else TITLE).wait_for()


def play(notebook: NotebookPage, output: Any) -> None:
    """The play button steps on by itself; pressed again, it rests."""
    before = output.evaluate(PICTURES)
    button = output.locator(".widget-play button").first
    button.click()
    wait_for_change(notebook, output, before)
    button.click()
    output.locator(".widget-play button .fa-play").wait_for()
    wait_for_words(output, step_of(output))


def use_the_map(notebook: NotebookPage, output: Any) -> None:
    """Arrow keys step the map that has the focus, and slider and words with it."""
    figure = output.locator(".netlab-map-figure")
    figure.focus()
    step = step_of(output)
    by = -1 if step > 1 else 1
    before = output.evaluate(PICTURES)
    figure.press("ArrowLeft" if by < 0 else "ArrowRight")
    wait_for_change(notebook, output, before)
    wait_for_words(output, step + by)
    assert step_of(output) == step + by
    for _ in range(2):
        hurry(output, "ArrowRight")
        hurry(output, "ArrowLeft")


def hurry(output: Any, key: str) -> None:
    """Keys pressed faster than the kernel answers all count: its late answers must not move the map back."""
    handle = output.locator(".widget-slider", has_text="step").first.locator(".noUi-handle")
    last = int(float(handle.get_attribute("aria-valuemax")))
    for _ in range(last):
        output.page.keyboard.press(key)
    reached = last if key == "ArrowRight" else 0
    wait_for_words(output, reached)
    assert step_of(output) == reached


def point_at_a_hook(output: Any) -> None:
    """A part of the map says what it knows, here the rules of a table, where the pointer rests on it."""
    part = output.locator(".netlab-map-figure g.node[data-note]:not([data-note=''])").first
    part.hover()
    tip = output.locator(".netlab-map-tip")
    tip.wait_for()
    assert tip.inner_text().split() == part.get_attribute("data-note").replace("; ", "\n").split()


def send_another_packet(notebook: NotebookPage, output: Any) -> None:
    words = output.locator(".widget-html pre").first
    before = words.inner_text()
    protocol = output.locator(".widget-dropdown", has_text="protocol").locator("select")
    protocol.select_option("udp")
    output.locator(SEND).click()
    notebook.page.wait_for_function(
        "([words, before]) => words.isConnected ? words.innerText !== before : true",
        arg=[words.element_handle(), before],
    )
    output.locator(".netlab-map-figure svg").wait_for()

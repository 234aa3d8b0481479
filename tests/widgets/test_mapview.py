"""The player's map in a real browser, on a blank page with a stand-in for the notebook's model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from netlab.kernel.journeys import kernel_journeys
from netlab.lab.host import run_lab
from netlab.show.packetmap import packet_map

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LAB = """
ip addr add 10.0.0.1/32 dev lo
iptables -A OUTPUT -p icmp -m comment --comment "<img src=x onerror=alert(1)>" -j ACCEPT
iptables -A OUTPUT -j DROP
ping -c 1 10.0.0.1
"""
MODEL = """
const state = {pictures: PICTURES, words: PICTURES.map((_, n) => `<p>words ${n}</p>`), step: 0}, heard = {};
window.model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; heard[`change:${name}`]?.(); },
  save_changes: () => { window.saved = state.step; },
  on: (name, call) => { heard[name] = call; },
  off: (name) => { delete heard[name]; },
};
window.done = view.render({model: window.model, el: document.body});
"""


@cache
def pictures() -> tuple[str, ...]:
    world = run_lab(LAB).world
    journey = kernel_journeys(world)[0]
    drawn = [packet_map(journey, n, netns=world.host).svg() for n in range(len(journey.hops) + 1)]
    return tuple(text for text in drawn if text is not None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    if not pictures():
        pytest.skip("no Graphviz on this machine")
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that shows the map; ``page.asked`` are the requests it made, ``page.wrong`` its errors."""
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    opened.asked, opened.wrong = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.wrong.append("dialog"), dialog.dismiss()))
    package = files("netlab.widgets")
    code = package.joinpath("mapview.js").read_text("utf-8").replace("export default", "const view =")
    code += MODEL.replace("PICTURES", json.dumps(pictures()).replace("</", "<\\/"))
    opened.add_style_tag(content=package.joinpath("mapview.css").read_text("utf-8"))
    opened.add_script_tag(content=code, type="module")
    opened.wait_for_selector(".netlab-map-figure svg")
    yield opened
    assert not opened.wrong
    assert not opened.asked
    opened.close()


def test_arrow_keys_step_and_stop_at_the_ends(page: Any) -> None:
    figure = page.locator(".netlab-map-figure")
    before = figure.inner_html()
    figure.focus()
    page.keyboard.press("ArrowLeft")
    assert figure.inner_html() == before
    page.keyboard.press("ArrowRight")
    assert figure.inner_html() != before
    assert page.evaluate("window.saved") == 1
    assert page.locator(".netlab-map-words").inner_text().strip() == "words 1"
    for _ in range(len(pictures()) + 3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("window.saved") == len(pictures()) - 1


def test_the_pointer_on_a_table_shows_its_rules_as_text(page: Any) -> None:
    tip = page.locator(".netlab-map-tip")
    assert tip.is_hidden()
    page.locator('g[data-name="ip.OUTPUT.filter"]').hover()
    assert tip.inner_text().split("\n") == [
        '1. -p icmp -m comment --comment "<img src=x onerror=alert(1)>" -j ACCEPT',
        "2. -j DROP",
        "policy ACCEPT",
    ]
    page.mouse.move(2, 890)
    assert tip.is_hidden()


def test_a_hook_in_focus_tells_all_its_tables_and_escape_ends_it(page: Any) -> None:
    page.locator('g[data-name="ip.OUTPUT"]').focus()
    tip = page.locator(".netlab-map-tip")
    assert "filter: 1. -p icmp" in tip.inner_text()
    assert "raw: no such table here yet" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_every_hook_can_be_reached_by_keyboard(page: Any) -> None:
    reachable = page.locator("g[tabindex]").evaluate_all("all => all.map(g => g.dataset.name)")
    from netlab.kernel import hooks

    assert set(reachable) == {f"ip.{h}" for h in hooks.IPV4} | {f"bridge.{h}" for h in hooks.BRIDGE}


def test_a_step_keeps_the_hook_that_has_the_focus(page: Any) -> None:
    """Stepping by keyboard, a reader stays at the hook and sees what it says now."""
    page.locator('g[data-name="ip.INPUT"]').focus()
    for _ in range(len(pictures())):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.name") == "ip.INPUT"
    assert page.locator(".netlab-map-tip").is_visible()
    assert page.locator(".netlab-map-tip").inner_text().startswith("step 4: filter:INPUT policy ACCEPT")
    assert page.evaluate("window.saved") == len(pictures()) - 1


def test_the_tip_stays_inside_the_frame(page: Any) -> None:
    page.locator('g[data-name="ip.POSTROUTING"]').focus()
    frame, tip = (page.locator(name).bounding_box() for name in (".netlab-map", ".netlab-map-tip"))
    assert frame["x"] <= tip["x"]
    assert tip["x"] + tip["width"] <= frame["x"] + frame["width"] + 1


def test_a_view_that_is_taken_away_no_longer_listens(page: Any) -> None:
    page.evaluate("window.done()")
    before = page.locator(".netlab-map-figure").inner_html()
    page.evaluate("window.model.set('step', 1)")
    assert page.locator(".netlab-map-figure").inner_html() == before

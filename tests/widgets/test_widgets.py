"""Widgets without a browser: what their controls do, and what is left of them without a kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

import netlab.data
from netlab.errors import InputError
from netlab.lab import LabResult, run_lab
from netlab.show import kernel_tables, table_changes, two_runs
from netlab.trace import Journey, read_trace
from netlab.widgets import EvictionSliders, JourneyPlayer, PairPlayer, SendForm
from netlab.widgets.player import step_html

LABS = Path(__file__).parent.parent / "kernel" / "labs"
SETUP = (LABS / "c2c.sh").read_text("utf-8").partition("ip netns exec c2 ping")[0]


@pytest.fixture
def journey() -> Journey:
    return read_trace(netlab.data.article("trace-container-to-external.txt")).journeys()[0]


def test_the_slider_moves_picture_and_words(journey: Journey) -> None:
    player = JourneyPlayer(journey)
    seen = set()
    for step in range(len(journey.hops) + 1):
        player.slider.value = step
        seen.add(player.map.pictures[step])
        if step:
            assert journey.hops[step - 1].name in player.words
    assert len(seen) == len(journey.hops) + 1
    assert all(text.startswith("<svg") for text in seen)


def test_the_map_in_the_browser_is_self_contained(journey: Journey) -> None:
    view = JourneyPlayer(journey).map
    code = view._esm + view._css
    assert "http" not in code
    assert "import " not in code
    assert "eval" not in code


def test_stepping_in_the_browser_reaches_the_words(journey: Journey) -> None:
    player = JourneyPlayer(journey, step=1)
    player.slider.value = 2  # the browser's link moves the map with it
    assert "Step 2" in player.words


def test_play_and_slider_have_the_same_range(journey: Journey) -> None:
    player = JourneyPlayer(journey)
    assert (
        (player.play.min, player.play.max) == (player.slider.min, player.slider.max) == (0, len(journey.hops))
    )
    assert player.slider.continuous_update is False


def test_what_changed_is_told_at_its_step(journey: Journey) -> None:
    told = [step_html(journey, n) for n in range(len(journey.hops) + 1)]
    assert [n for n, html in enumerate(told) if "TTL: 64 becomes 63" in html] == [4]


def test_no_picture_without_graphviz(
    journey: Journey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from netlab.show import svg

    monkeypatch.setenv("PATH", str(tmp_path))
    svg._laid_out.cache_clear()
    player = JourneyPlayer(journey)
    player.slider.value = 2
    assert not any(player.map.pictures)
    assert "Step 2" in player.words


def test_prefixes_are_escaped_in_the_words() -> None:
    line = (
        "<script>alert(1)</script> IN=eth0 OUT=eth1 MAC= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 "
        "ID=1 PROTO=2 \n"
    )
    player = JourneyPlayer(read_trace(line).journeys()[0])
    shown = "".join(player.map.pictures) + "".join(player.map.words) + player.preview
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_without_a_kernel_a_widget_is_text_and_a_table(journey: Journey) -> None:
    one, two = JourneyPlayer(journey), JourneyPlayer(journey)
    bundle = one._repr_mimebundle_()
    assert repr(one) == repr(two) == bundle["text/plain"]
    assert bundle["text/html"] == two._repr_mimebundle_()["text/html"]
    assert "<table" in bundle["text/html"]
    assert "<svg" not in bundle["text/html"]  # layouts differ between machines, stored notebooks must not
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_moving_does_not_change_what_is_stored(journey: Journey) -> None:
    player = JourneyPlayer(journey)
    before = repr(player)
    player.slider.value = 3
    assert repr(player) == before


@pytest.fixture
def masqueraded() -> LabResult:
    return run_lab((LABS / "c2ext.sh").read_text("utf-8"))


def test_the_tables_follow_the_steps(masqueraded: LabResult) -> None:
    request = masqueraded.packets[0]
    player = JourneyPlayer(request, world=masqueraded.world, step=0)
    assert "before the packet came" in player.words
    for step in range(1, len(request.hops) + 1):
        player.slider.value = step
        assert kernel_tables(masqueraded.world, request, step)._repr_html_() in player.words
    assert "* confirmed" in player.words
    assert table_changes(masqueraded.world, request).text in repr(player)
    assert "192.168.0.0/20" in player.map.pictures[0]  # the rules of the packet's namespace


def test_a_recorded_packet_has_no_tables_to_show(journey: Journey, masqueraded: LabResult) -> None:
    with pytest.raises(InputError, match="a log does not say"):
        JourneyPlayer(journey, world=masqueraded.world)


def test_two_packets_step_together() -> None:
    runs = [run_lab((LABS / f"{name}.sh").read_text("utf-8")) for name in ("c2c", "nf-off")]
    maps = two_runs(runs[0], runs[1], names=("<on>", "off"))
    player = PairPlayer(maps)
    last = len(maps.pairs)
    assert (player.play.max, player.slider.max, len(player.map.pictures)) == (last, last, last + 1)
    assert len(set(player.map.pictures)) == last + 1
    said = {}
    for step in range(last + 1):
        player.slider.value = step
        said[step] = player.words
    assert "= the same so far" in said[2]
    assert "≠ the first difference" in said[3]
    assert "its next step is 3, bridge FORWARD" in said[3]
    assert "off: its step 3 of 4, bridge FORWARD" in said[4]
    assert "Step 4 of 7: = the same; the first difference was at step 3" in said[4]
    assert "<on>" not in "".join(said.values()) + player.preview + "".join(player.map.pictures)
    assert repr(player) == repr(maps)


def test_the_form_sends_what_it_says() -> None:
    form = SendForm(SETUP, source="c2", destination="192.168.0.3")
    assert next(label for label, _ in form.packet.options).startswith("1. ICMP echo request 192.168.0.2")
    assert len(form.way.children) == 1
    form.protocol.value = "udp"
    assert form.port.disabled is False
    form.button.click()
    assert "UDP" in next(label for label, _ in form.packet.options)
    form.packet.value = 2
    assert "Step 1" in form.way.children[0].children[-1].words[1]


def test_choosing_another_kernel_runs_that_kernel() -> None:
    form = SendForm(SETUP, source="c2", destination="10.28.61.30")
    form.kernel.value = "4.4"
    form.send()
    assert form.sent is not None
    assert form.sent.world.release.name == "4.4"


def test_bad_input_is_said_where_the_result_would_be() -> None:
    form = SendForm(SETUP, source="c2", destination="192.168.0.3")
    form.destination.value = "<b>nowhere</b>"
    form.button.click()
    assert 'role="alert"' in form.words.value
    assert "<b>" not in form.words.value
    assert form.way.children == ()
    assert form.packet.options == ()
    assert "192.168.0.3" in repr(form)  # what was stored is the first packet


def test_sliders_say_and_show() -> None:
    sliders = EvictionSliders(size=20, available=4, threshold=10)
    assert "is not met: it puts the node under no pressure" in sliders.words.value
    before = sliders.bar.value
    sliders.available.value = 1.9
    assert "is met: the node is under pressure" in sliders.words.value
    assert sliders.bar.value != before
    sliders.available.value = 50.0
    assert 'role="alert"' in sliders.words.value
    assert sliders.bar.value == ""
    assert "is not met" in repr(sliders)
    assert all(one.continuous_update is False for one in (sliders.size, sliders.available, sliders.threshold))

"""Eviction pictures: the article's node, drawings without state, and words that agree with the figures."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import InputError
from netlab.kubelet import simulate
from netlab.kubelet.state import ManagerConfig
from netlab.kubelet.thresholds import parse_threshold_config
from netlab.kubelet.world import Disk, Node
from netlab.show.chart import Chart
from netlab.show.eviction import amount, eviction_timeline, record_eviction, threshold_bars
from netlab.show.gauge import df_use, disk_gauge

GIB = 2**30
PNG = b"\x89PNG\r\n\x1a\n"


def config(hard: str) -> ManagerConfig:
    return ManagerConfig(thresholds=parse_threshold_config(ManagerConfig().profile, hard=hard, enforce=()))


@pytest.fixture(scope="module")
def run() -> tuple[Node, ManagerConfig]:
    return Node(nodefs=Disk(capacity=20 * GIB, used=17 * GIB)), config("nodefs.available<10%")


def test_recording_tells_the_history_of_the_simulation(run: tuple[Node, ManagerConfig]) -> None:
    node, settings_ = run
    recorded = record_eviction(node, settings_, seconds=600)
    plain = simulate(node, settings_, seconds=600)
    assert recorded.history.phases == plain.phases
    assert len(recorded.samples) == plain.passes


def test_timeline_shows_signal_threshold_and_condition(run: tuple[Node, ManagerConfig]) -> None:
    from netlab.kubelet.script import Grow

    node, settings_ = run
    chart = eviction_timeline(record_eviction(node, settings_, [Grow(0, "nodefs", 4 * 2**20)], seconds=900))
    axes = chart.figure().axes
    assert "nodefs.available" in axes[0].get_ylabel()
    assert "met below 10%" in [t.get_text() for t in axes[0].texts]
    assert "DiskPressure" in [t.get_text() for t in axes[-1].get_yticklabels()]
    assert "DiskPressure" in chart.text
    assert "nodefs.available goes from 3 GiB" in chart.description


def test_bars_have_a_row_for_each_observed_threshold(run: tuple[Node, ManagerConfig]) -> None:
    node, _ = run
    both = config("nodefs.available<10%,nodefs.inodesFree<5%")
    comparisons = record_eviction(node, both, seconds=10).samples[0].comparisons
    chart = threshold_bars(comparisons)
    labels = [t.get_text() for t in chart.figure().axes[0].get_yticklabels()]
    assert labels == [str(c.threshold) for c in comparisons if c.observation and c.threshold.op]
    assert "not observed" in chart.description
    assert "no observation of nodefs.inodesFree" in chart.text


def test_nothing_observed_is_drawn_as_nothing() -> None:
    chart = threshold_bars(())
    assert chart.png().startswith(PNG)
    assert "met: nothing" in chart.description


def test_charts_use_no_pyplot_and_repeat(run: tuple[Node, ManagerConfig]) -> None:
    import sys

    node, settings_ = run
    chart = eviction_timeline(record_eviction(node, settings_, seconds=60))
    assert chart.png() == chart.png()
    data, metadata = chart._repr_mimebundle_()
    assert data["text/plain"] == repr(chart)
    assert metadata["image/png"]["alt"] == chart.description
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


def test_labels_stay_inside_the_picture(run: tuple[Node, ManagerConfig]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    node, settings_ = run
    chart: Chart = threshold_bars(record_eviction(node, settings_, seconds=10).samples[0].comparisons)
    figure = chart.figure()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    width, height = canvas.get_width_height()
    for text in (*figure.axes[0].texts, *figure.axes[0].get_yticklabels(), figure.axes[0].xaxis.label):
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= width
        assert box.y0 >= 0
        assert box.y1 <= height


def test_the_articles_node() -> None:
    # 5.8G root file system with 448M available: the default 10 % is met, the article's 5 % is not
    for threshold, met in (("10%", True), ("5%", False)):
        gauge = disk_gauge(5938 * 2**20, 448 * 2**20, threshold=threshold)
        assert gauge.comparison.met is met
        assert ("is met" in gauge.words) is met


@given(
    capacity=st.integers(GIB, 2**45),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    threshold=st.integers(1, 99),
    growth=st.integers(0, 2**30),
)
@settings(max_examples=60, deadline=None)
def test_bar_fills_its_width_and_the_countdown_is_exact(
    capacity: int, shares: tuple[float, float], threshold: int, growth: int
) -> None:
    available = min(capacity, int(capacity * shares[0]))
    reserved = min(capacity - available, int((capacity - available) * shares[1]))
    gauge = disk_gauge(capacity, available, threshold=f"{threshold}%", reserved=reserved, growth=growth)
    root = ET.fromstring(gauge.svg())
    bars = [e for e in root.iter("{http://www.w3.org/2000/svg}rect") if e.get("height") == "44"]
    assert sum(float(b.get("width") or 0) for b in bars) == pytest.approx(780, abs=0.2)
    seconds = gauge.seconds_left
    if seconds is None:
        assert growth == 0
    else:
        assert gauge.available - seconds * growth < gauge.needed
        assert seconds == 0 or gauge.available - (seconds - 1) * growth >= gauge.needed


def test_df_rounds_up() -> None:
    # coreutils: 1 of 3 blocks used is 34 %, and a full disk without reserve 100 %
    assert (df_use(1, 2), df_use(5, 0), df_use(0, 0)) == (34, 100, 0)


@pytest.mark.parametrize(
    ("capacity", "available", "threshold"),
    [(0, 0, "10%"), (10, 11, "10%"), (10, -1, "10%"), (10, 5, "100%"), (10, 5, "x")],
)
def test_sizes_and_thresholds_that_cannot_be(capacity: int, available: int, threshold: str) -> None:
    with pytest.raises(InputError):
        disk_gauge(capacity, available, threshold=threshold)


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1023, "bytes", "1023 B"),
        (1024, "bytes", "1 KiB"),
        (-1536, "bytes", "-1.5 KiB"),
        (7, "tasks", "7 tasks"),
    ],
)
def test_amounts(number: int, unit: str, words: str) -> None:
    assert amount(number, unit) == words


def test_the_articles_restart_loop_is_drawn_with_its_refusals() -> None:
    from netlab.kubelet import article_incident

    chart = eviction_timeline(article_incident().restart_loop())
    marks = [t.get_text() for t in chart.figure().axes[-1].get_yticklabels()]
    assert "DiskPressure" in marks
    assert "weave-net-3svfg refused" in marks
    assert "EvictionThresholdMet" in marks
    assert "5m0s" in chart.text  # when the fix came


def test_a_plain_history_has_dots_and_no_line_between_them() -> None:
    node = Node(nodefs=Disk(capacity=20 * GIB, used=17 * GIB))
    history = simulate(node, config("nodefs.available<10%"), seconds=600)
    line = eviction_timeline(history).figure().axes[0].lines[0]
    assert line.get_linewidth() == 0
    assert line.get_marker() == "o"


def test_an_eviction_is_marked_where_it_happened() -> None:
    from netlab.kubelet import Pod, Workload

    hog = Workload(pod=Pod(name="hog", uid="1"), uses={"rootfs": GIB}, grows={"rootfs": 20 * 2**20})
    node = Node(nodefs=Disk(capacity=20 * GIB, used=15 * GIB, inodes=1000, inodes_used=10))
    recorded = record_eviction(
        node, config("nodefs.available<10%,nodefs.inodesFree<5%"), seconds=600, workloads=[hog]
    )
    (evicted,) = recorded.history.evictions
    chart = eviction_timeline(recorded)
    axes = chart.figure().axes
    minutes = evicted.at / 1e9 / 60
    for one in axes:
        assert any(list(line.get_xdata()) == [minutes] * 2 for line in one.lines)  # type: ignore[arg-type]
    assert "hog evicted" in [t.get_text() for t in axes[-1].get_yticklabels()]
    assert any("inodes" in a.get_ylabel().split("\n")[-1] for a in axes)
    assert "evicted: hog after" in chart.description


def test_a_met_threshold_is_hatched() -> None:
    from netlab.kubelet import Observation, Quantity, compare

    tenth = config("nodefs.available<10%").thresholds[0]
    for available, hatch in ((1, "///"), (99, "")):
        seen = Observation(Quantity.of(available * GIB), Quantity.of(100 * GIB))
        chart = threshold_bars([compare(tenth, seen)])
        bars = chart.figure().axes[0].patches
        assert (bars[1].get_hatch() or "") == hatch
        assert chart.png().startswith(PNG)


def test_a_gauge_shows_itself() -> None:
    bundle = disk_gauge(20 * GIB, GIB)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}
    assert "met" in bundle["text/plain"]

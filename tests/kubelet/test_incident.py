"""The article's incident: what the simulation prints is what the article shows."""

from __future__ import annotations

from netlab import data
from netlab.kubelet.duration import SECOND
from netlab.kubelet.incident import PORTAL, article_incident
from netlab.kubelet.logs import read_log
from netlab.kubelet.model import FsLayout


def test_the_journal_is_the_articles() -> None:
    """All five eviction lines, byte for byte, journald's prefix included."""
    shown = [line for line in data.article("kubelet-log-eviction.txt").splitlines() if line != "... ..."]
    assert [str(line) for line in article_incident().journal()] == shown


def test_the_dumps_are_the_articles() -> None:
    before, after = (str(line) for line in article_incident().dumps())
    start = data.article("kubelet-log-start.txt") + data.article("kubelet-log-restart.txt")
    assert before in start.splitlines()
    assert after in start.splitlines()


def test_the_layout_and_the_percentages() -> None:
    lab = article_incident()
    assert lab.disks.layout is FsLayout.DEDICATED_IMAGEFS
    low, high = lab.use_percent.kubelet_left
    assert (round(low, 2), round(high, 2)) == (7.53, 7.68)


def test_49428_events_in_nine_days() -> None:
    """One for each new reading, 15.75 s apart on average, as ``kubectl describe node`` counted them."""
    history = article_incident().nine_days()
    assert history.event_count("EvictionThresholdMet") == 49_428
    assert 9 <= history.end / SECOND / 86400 < 10
    assert list(history.phases[0].outcomes) == ["no pods", "nothing"]
    assert history.phases[0].conditions == ("DiskPressure",)


def test_the_five_minutes_after_the_restart() -> None:
    """No pressure first, then pressure; 23 events, the last between 286 and 345 s after the first."""
    history = article_incident().restarted()
    counts = {e.event.reason: e for e in history.events}
    assert counts["EvictionThresholdMet"].count == 23
    span = counts["EvictionThresholdMet"].last - counts["EvictionThresholdMet"].first
    assert 286 <= span // SECOND <= 345
    order = [e.event.reason for e in history.events if e.event.reason.endswith("DiskPressure")]
    assert order == ["NodeHasNoDiskPressure", "NodeHasDiskPressure"]


def test_refused_every_second_until_the_fix() -> None:
    history = article_incident().restart_loop()
    assert {r.name: r.count for r in history.refusals}[PORTAL.name] == 280
    assert [p.conditions for p in history.phases] == [("DiskPressure",), ()]


def test_the_price_of_the_fix() -> None:
    price = article_incident().price()
    assert price.lost == ("memory.available<100Mi", "nodefs.inodesFree<5%")
    assert str(price.allocatable_after - price.allocatable_before) == "100Mi"
    assert article_incident().safe_flag() == (
        "--eviction-hard=memory.available<100Mi,nodefs.available<5%,nodefs.inodesFree<5%"
    )


def test_moving_dockers_data_took_the_reclaim_away() -> None:
    freed = {(where, fs): actions for where, fs, _, actions in article_incident().moved()}
    assert freed["docker data on /", "nodefs"].startswith("delete containers")
    assert freed["docker data in /data/docker", "nodefs"].startswith("nothing")


def test_it_shows_itself() -> None:
    text = str(article_incident())
    assert "49428  Warning EvictionThresholdMet Attempting to reclaim nodefs" in text
    assert "<5%" not in article_incident()._repr_html_()
    assert "&lt;5%" in article_incident()._repr_html_()


def test_the_log_reader_reads_the_simulated_journal() -> None:
    log = read_log("\n".join(map(str, article_incident().journal())), year=2017)
    assert [r.kind for r in log.records] == ["reclaiming", "must evict", "no pods", "refused", "refused"]

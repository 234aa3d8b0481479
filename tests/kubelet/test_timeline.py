"""The incident's log and events in one order."""

from __future__ import annotations

from datetime import datetime

from netlab import data
from netlab.kubelet.describe import read_description
from netlab.kubelet.duration import MINUTE
from netlab.kubelet.logs import read_log
from netlab.kubelet.timeline import timeline_of

LOGS = [
    read_log(data.article(name), year=2017, source=name)
    for name in ("kubelet-log-restart.txt", "kubelet-log-eviction.txt", "kubelet-log-start.txt")
]
EVENTS = read_description(data.article("node-events.txt"))


def test_the_story_of_the_day() -> None:
    story = timeline_of(LOGS)
    times = [e.time for e in story.entries]
    assert times == sorted(t for t in times if t is not None)
    assert [e.kind for e in story.entries] == [
        "reclaim",
        "evict",
        "evict",
        "service",
        "settings",
        "refused",
        "refused",
        "settings",
    ]
    first, last = story.of_kind("settings")
    assert first.what.endswith("memory.available<100Mi, nodefs.available<10%, nodefs.inodesFree<5%")
    assert last.what.endswith("starts with nodefs.available<5%")
    records = sum(len(log.records) for log in LOGS)
    unread = sum(len(log.unread) for log in LOGS)
    assert story.skipped + len(story.entries) == records + unread


def test_events_are_placed_by_age_once_now_is_known() -> None:
    story = timeline_of(LOGS, [EVENTS], now=datetime(2017, 10, 16, 10, 0))
    counted = max(story.entries, key=lambda e: e.count)
    assert counted.count == 49428
    assert counted.time == datetime(2017, 10, 16, 9, 9)
    assert counted.since == datetime(2017, 10, 7, 10, 0)
    assert story.notes == ()
    assert "(49428 times)" in str(story)


def test_without_now_the_oldest_event_comes_first_and_a_note_says_so() -> None:
    story = timeline_of([], [EVENTS])
    ages = [e.ago for e in story.entries if e.ago is not None]
    assert ages == sorted(ages, reverse=True)
    assert ages[0] == 51 * MINUTE
    assert "ages only" in story.notes[0]


def test_conditions_tell_when_they_changed() -> None:
    row = (
        "DiskPressure True Mon, 16 Oct 2017 09:59:10 +0800 Mon, 16 Oct 2017 09:54:14 +0800 "
        "KubeletHasDiskPressure kubelet has disk pressure"
    )
    story = timeline_of(LOGS, [read_description(row)])
    (entry,) = story.of_kind("condition")
    assert entry.what == "DiskPressure became True: KubeletHasDiskPressure"
    assert story.entries.index(entry) == 5


def test_refused_pods_are_told_from_evicted_ones() -> None:
    rows = read_description(
        "Warning Evicted 5m kubelet The node had condition: [DiskPressure].\n"
        "Warning Evicted 4m kubelet The node was low on resource: memory."
    )
    assert [e.kind for e in timeline_of([], [rows]).entries] == ["refused", "evict"]


def test_the_frame() -> None:
    frame = timeline_of(LOGS).frame()
    assert list(frame["source"])[-1] == "kubelet-log-restart.txt"
    assert len(frame) == 8


def test_html_is_escaped() -> None:
    evil = read_log(
        "W1016 09:50:55.056703 1 eviction_manager.go:331] eviction manager: attempting to reclaim <b>"
    )
    html = timeline_of([evil])._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_what_has_no_time_stands_first_and_other_things_are_told_apart() -> None:
    rows = read_description(
        "Normal NodeReady 5m kubelet Node n1 status is now: NodeReady\n"
        "Normal Pulled <unknown> kubelet Container image\n"
        "DiskPressure Unknown <unknown> <unknown> NodeStatusUnknown Kubelet stopped posting\n"
    )
    story = timeline_of([], [rows])
    assert [(e.kind, e.when) for e in story.entries] == [("other", "?"), ("condition", "5m0s ago")]


def test_settings_that_cannot_be_read() -> None:
    header = "I1016 09:50:55.056703 1 container_manager_linux.go:251] Creating Container Manager object based on Node "
    cut = read_log(header + "Config: {HardEvictionThresholds:[{Signal:a")
    none = read_log(header + "Config: {HardEvictionThresholds:[]}")
    assert [timeline_of([log]).entries[0].what for log in (cut, none)] == [
        "starts with thresholds that cannot be read",
        "starts with no hard thresholds",
    ]

"""Kubelet logs of every year and carrier; lines from the article and from public issues, named at each."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.kubelet.klog import FREE_TEXT, STRUCTURED, line_of
from netlab.kubelet.log_words import PodRef
from netlab.kubelet.logs import UNKNOWN_YEAR, LogRecord, read_log
from netlab.kubelet.profile import CURRENT, V17, Profile


def one(line: str, year: int | None = None) -> LogRecord:
    log = read_log(line, year=year)
    assert not log.unread
    (record,) = log.records
    return record


def test_the_articles_log() -> None:
    log = read_log(data.article("kubelet-log-eviction.txt"), year=2017)
    assert [r.kind for r in log.records] == ["reclaiming", "must evict", "no pods", "refused", "refused"]
    first, refused = log.records[0], log.records[3]
    assert first.time == datetime(2017, 10, 16, 9, 50, 55, 56703)
    assert (first.severity, first.thread, first.file, first.source_line) == (
        "W",
        17144,
        "eviction_manager.go",
        331,
    )
    assert (first.host, first.process, first.pid) == ("ubuntu-k8s-3", "kubelet", 17144)
    assert first.fields["resource"] == "nodefs"
    assert refused.fields["conditions"] == "DiskPressure"
    assert refused.pods == (PodRef("kube-system", "weave-net-3svfg", "e5a5d474-b214-11e7-a98b-0650cc001a5b"),)
    assert log.unread == ((4, "... ..."),)
    assert log.counts["unread"] == 1


def test_the_articles_start() -> None:
    log = read_log(data.article("kubelet-log-start.txt"), year=2017)
    assert [r.message for r in log.of_kind("service")] == ["Started kubelet: The Kubernetes Node Agent."]
    assert log.of_kind("service")[0].time == datetime(2017, 10, 16, 9, 54, 9)
    assert len(log.of_kind("node config")) == 1
    assert sum(log.counts.values()) == len(data.article("kubelet-log-start.txt").splitlines())


BODY = "I0928 05:37:59.659033 2865036 eviction_manager.go:369] "
STRUCT = '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"'


@pytest.mark.parametrize(
    ("prefix", "host", "pid"),
    [
        ("", None, None),
        ("Sep 28 05:37:59 team kubelet[2865036]: ", "team", 2865036),  # sustainable-computing-io/kepler#1799
        ("9月 28 05:37:59 team kubelet[2865036]: ", "team", 2865036),
        ("sept. 28 05:37:59 team kubelet[2865036]: ", "team", 2865036),
        ("Sep 28 05:37:59.659123 team kubelet[2865036]: ", "team", 2865036),
        ("2024-09-28T05:37:59+0800 team kubelet[2865036]: ", "team", 2865036),
        ("2024-09-28T05:37:59.659123Z team kubelet[2865036]: ", "team", 2865036),
        ("Sat 2024-09-28 05:37:59 CST team kubelet[2865036]: ", "team", 2865036),
        ("六 2024-09-28 05:37:59 CST team kubelet[2865036]: ", "team", 2865036),
        ("<30>Sep 28 05:37:59 team kubelet[2865036]: ", "team", 2865036),
        ("Sep 28 05:37:59 team kubelet: ", "team", None),
        ("Sep 28 05:37:59 team k3s[77]: ", "team", 77),
        ("2024-09-28T05:37:59.659123456Z stderr F ", None, None),
    ],
)
def test_every_carrier(prefix: str, host: str | None, pid: int | None) -> None:
    record = one(prefix + BODY + STRUCT)
    assert (record.kind, record.fields["resource"]) == ("reclaiming", "ephemeral-storage")
    assert (record.host, record.pid) == (host, pid)
    year = 2024 if "2024" in prefix else UNKNOWN_YEAR
    assert record.time == datetime(year, 9, 28, 5, 37, 59, 659033)


def test_journald_json() -> None:
    entry = {
        "MESSAGE": BODY + STRUCT,
        "_HOSTNAME": "team",
        "SYSLOG_IDENTIFIER": "kubelet",
        "_PID": "2865036",
        "__REALTIME_TIMESTAMP": "1727501879659123",
    }
    record = one(json.dumps(entry))
    assert (record.kind, record.host, record.pid) == ("reclaiming", "team", 2865036)
    assert record.time == datetime(2024, 9, 28, 5, 37, 59, 659033)
    plain = one(json.dumps(entry | {"MESSAGE": "Started kubelet", "SYSLOG_IDENTIFIER": "systemd"}))
    assert (plain.kind, plain.message) == ("service", "Started kubelet")


def test_klog_json() -> None:
    entry = {
        "ts": 1580306777.04728,
        "caller": "eviction/eviction_manager.go:410",
        "msg": "Eviction manager: pods ranked for eviction",
        "v": 0,
        "pods": [{"name": "a", "namespace": "ns"}, {"name": "b", "namespace": "ns"}],
    }
    named = {"msg": "Eviction manager: cannot evict a critical pod", "pod": "ns/a"}
    assert one(json.dumps(named)).pods == (PodRef("ns", "a"),)
    record = one(json.dumps(entry))
    assert record.kind == "ranked"
    assert list(map(str, record.pods)) == ["ns/a", "ns/b"]
    assert (record.file, record.source_line) == ("eviction_manager.go", 410)
    assert record.time is not None
    assert record.time.replace(microsecond=0) == datetime(2020, 1, 29, 14, 6, 17)


@pytest.mark.parametrize(
    ("message", "kind", "fields"),
    [
        # kubernetes/kubernetes#52336 (v1.7.7)
        ("eviction manager: observations: signal=allocatableNodeFs.available, available: -9112137624, "
         "capacity: 200765316Ki", "observation",
         {"label": "observations", "signal": "allocatableNodeFs.available", "available": "-9112137624",
          "capacity": "200765316Ki"}),
        # kubernetes/kubernetes#107024 (v1.19)
        ("eviction manager: observations after resource reclaim: signal=pid.available, available: 4192627, "
         "capacity: 4Mi, time: 2021-12-15 19:22:59.482539978 +0800 CST m=+78880.855573563", "observation at",
         {"signal": "pid.available", "time": "2021-12-15 19:22:59.482539978 +0800 CST m=+78880.855573563"}),
        ("eviction manager: thresholds - updated stats: threshold [signal=imagefs.available, "
         "quantity=150250452481] observed 141453632Ki", "threshold",
         {"label": "thresholds - updated stats", "quantity": "150250452481", "available": "141453632Ki"}),
        ("eviction manager: node conditions - transition period not met: [DiskPressure]", "conditions reported",
         {"conditions": "DiskPressure"}),
        # kubernetes/minikube#4084
        ("eviction manager: attempting to reclaim ephemeral-storage", "reclaiming",
         {"resource": "ephemeral-storage"}),
        ("attempting to delete unused containers", "delete containers", {}),
        ("attempting to delete unused images", "delete images", {}),
        ("eviction manager: cannot evict a critical static pod kube-scheduler-minikube_kube-system(9b29)", "exempt",
         {"pod": "kube-scheduler-minikube_kube-system(9b29)"}),
        # kubernetes/kubernetes#52386
        ("eviction manager: thresholds - reclaim not satisfied: threshold [signal=memory.available, "
         "quantity=100Mi] observed -2097758044639028Ki", "threshold", {"available": "-2097758044639028Ki"}),
        ("eviction manager: eviction criteria not yet met for threshold(signal=memory.available, "
         "operator=LessThan, value={1Gi %!s(float32=0)}, gracePeriod=1m0s), duration: 10s", "grace not over",
         {"duration": "10s"}),
        ("eviction manager: pods ranked for eviction: a_b(c), d_e(f)", "ranked", {"pods": "a_b(c), d_e(f)"}),
        ("[imageGCManager]: Disk usage on image filesystem is at 89% which is over the high threshold (85%). "
         "Trying to free 12345 bytes.", "image gc", {"usage": "89", "high": "85", "bytes": "12345"}),
        ("Recording NodeHasDiskPressure event message for node n1", "condition event",
         {"event": "NodeHasDiskPressure", "node": "n1"}),
        ('"Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low '
         'threshold" usage=86 highThreshold=85 amountToFree=123 lowThreshold=80', "image gc",
         {"usage": "86", "high": "85", "bytes": "123"}),
        ('"Recording event message for node" node="n1" event="NodeHasNoDiskPressure"', "condition event",
         {"event": "NodeHasNoDiskPressure"}),
        ('"Eviction manager: node conditions - observed" nodeCondition=["DiskPressure","PIDPressure"]',
         "conditions observed", {"conditions": "DiskPressure PIDPressure"}),
        ('"Eviction manager: node conditions - observed" nodeCondition=[DiskPressure PIDPressure]',
         "conditions observed", {"conditions": "DiskPressure PIDPressure"}),
        ('"Eviction manager: failed to get summary stats" err="a \\"quoted\\" thing"', "stats failed",
         {"error": 'a "quoted" thing'}),
        ('"Something else" a=1', None, {"a": "1"}),
        ("Adding manifest file: /etc/kubernetes/manifests", None, {}),
    ],
)  # fmt: skip
def test_messages(message: str, kind: str | None, fields: dict[str, str]) -> None:
    record = one(f"I1215 19:22:59.485565   77158 helpers.go:814] {message}")
    assert record.kind == kind
    assert {key: record.fields.get(key) for key in fields} == fields
    assert record.message == message


@pytest.mark.parametrize(
    ("message", "pods"),
    [
        (
            '"Eviction manager: pods ranked for eviction" pods=["kube-system/a","ns/b"]',
            ["kube-system/a", "ns/b"],
        ),
        ('"Eviction manager: pods ranked for eviction" pods=[kube-system/a ns/b]', ["kube-system/a", "ns/b"]),
        ('"Eviction manager: cannot evict a critical pod" pod="kube-system/a"', ["kube-system/a"]),
        (
            "eviction manager: pods a_ns(1), b_ns(2) evicted, waiting for pod to be cleaned up",
            ["ns/a", "ns/b"],
        ),
    ],
)
def test_pods(message: str, pods: list[str]) -> None:
    assert list(map(str, one(f"E1215 19:22:59.485565   77158 x.go:1] {message}").pods)) == pods


SAMPLE: dict[str, object] = {
    "pod": ("a_ns(1)", "ns/a"),
    "pods": [("a_ns(1)", "ns/a"), ("b_ns(2)", "ns/b")],
    "conditions": ["MemoryPressure", "DiskPressure"],
    "resource": "nodefs",
    "signal": "nodefs.available",
    "error": 'an "odd" error: with = signs',
    "label": "thresholds - updated stats",
    "available": "448Mi",
    "capacity": "5939Mi",
    "quantity": "622750925",
    "time": "2017-10-16 09:50:55.056703 +0800 CST",
    "threshold": "threshold(signal=nodefs.available, operator=LessThan, value={<nil> 0.1}, gracePeriod=0s)",
    "duration": "10s",
    "message": "The node was low on resource: nodefs. ",
    "uid": "1",
    "DedicatedImageFs": True,
    "SplitImageFs": False,
}


@pytest.mark.parametrize(
    ("line", "kind"),
    [(V17, kind) for kind in FREE_TEXT] + [(CURRENT, kind) for kind in STRUCTURED],
    ids=lambda value: str(value),
)
def test_every_line_that_is_printed_reads_back(line: Profile, kind: str) -> None:
    printed = line_of(line, kind, **SAMPLE)
    when = datetime(2017, 10, 16, 9, 50, 55, 56703)
    record = one(printed.text(when, 17144), year=2017)
    assert record.kind == kind
    assert (record.time, record.severity, record.thread) == (when, printed.severity, 17144)
    assert (record.file, record.source_line, record.message) == (printed.file, printed.line, printed.message)
    for name in ("resource", "signal", "error", "duration", "threshold", "quantity", "available"):
        if name in record.fields:
            assert record.fields[name] == SAMPLE[name]
    if "conditions" in record.fields:
        assert record.fields["conditions"] == "MemoryPressure DiskPressure"
    if record.pods:
        assert {str(pod) for pod in record.pods} <= {"ns/a", "ns/b"}


def test_years() -> None:
    line = "I1016 09:50:55.057322   17144 x.go:1] hello"
    assert one(line, year=2017).time == datetime(2017, 10, 16, 9, 50, 55, 57322)
    assert one(line).time == datetime(UNKNOWN_YEAR, 10, 16, 9, 50, 55, 57322)
    two = read_log(f"2019-01-01T00:00:00Z h kubelet[1]: {line}\n{line}").records
    assert [r.time.year for r in two if r.time] == [2019, 2019]
    assert one("I0229 09:50:55.057322 1 x.go:1] leap day").time is not None
    assert one("I0230 09:50:55.057322 1 x.go:1] no such day").time is None


def test_the_frame_has_a_row_a_record() -> None:
    frame = read_log(data.article("kubelet-log-eviction.txt"), year=2017).frame()
    assert list(frame["kind"]) == ["reclaiming", "must evict", "no pods", "refused", "refused"]
    assert frame["pods"][3] == "kube-system/weave-net-3svfg"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nothing_is_lost_and_nothing_raises(text: str) -> None:
    log = read_log(text)
    numbers = [r.line for r in log.records] + [number for number, _ in log.unread]
    assert sorted(numbers) == [n for n, line in enumerate(text.splitlines(), 1) if line.strip()]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["MESSAGE", "msg", "ts", "caller", "pod", "pods", "_PID", "err",
                                        "__REALTIME_TIMESTAMP"]),
                       st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
                                    lambda x: st.lists(x, max_size=3), max_leaves=4)))  # fmt: skip
def test_odd_json_never_raises(entry: dict[str, object]) -> None:
    log = read_log(json.dumps(entry))
    assert len(log.records) + len(log.unread) == 1


@pytest.mark.parametrize(
    ("line", "kind", "pods"),
    [
        ('I1215 19:22:59.485565 7 x.go:1] "Eviction manager: pods ranked for eviction" pods=["ns/a","ns/b', "ranked",
         ["ns/a"]),
        ('I1215 19:22:59.485565 7 x.go:1] "Eviction manager: pods ranked for eviction" '
         'pods=[{"name":"a","namespace":"ns"}]', "ranked", ["ns/a"]),
        ('I1215 19:22:59.485565 7 x.go:1] "Eviction manager: pods ranked for', None, []),
    ],
)  # fmt: skip
def test_cut_and_odd_lists(line: str, kind: str | None, pods: list[str]) -> None:
    record = one(line)
    assert (record.kind, list(map(str, record.pods))) == (kind, pods)


@pytest.mark.parametrize("stamp", ["Feb 31 10:00:00", "13月 1 10:00:00", "xyz 1 10:00:00", "10:00:00"])
def test_a_carrier_time_that_is_none(stamp: str) -> None:
    assert all(r.time is None for r in read_log(f"{stamp} host systemd[1]: Started kubelet").records)


def test_a_clean_log_counts_no_unread_lines() -> None:
    assert "unread" not in read_log("I1215 19:22:59.485565 7 x.go:1] hello").counts


def test_january_after_december_is_the_next_year() -> None:
    line = "W{}:00:00.000001       1 eviction_manager.go:331] eviction manager: attempting to reclaim nodefs"
    text = "\n".join(line.format(day) for day in ("1231 23", "0101 00", "0101 01"))
    times = [r.time for r in read_log(text, year=2017).records]
    assert [t and t.year for t in times] == [2017, 2018, 2018]
    dated = text.replace("W0101 00", "2021-01-01T00:00:00Z n kubelet: W0101 00")
    assert [t and t.year for t in (r.time for r in read_log(dated).records)] == [UNKNOWN_YEAR, 2021, 2021]

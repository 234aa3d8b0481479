"""What a pass of the eviction manager says: its log, its events and the status of whom it evicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from netlab.kubelet.duration import SECOND
from netlab.kubelet.model import (
    FsLayout,
    Observation,
    Pod,
    Threshold,
    ThresholdValue,
    float32,
)
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import parse_quantity
from netlab.kubelet.state import ManagerConfig, Pass, Stats

q = parse_quantity
NODEFS = Threshold(signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)))
LOW = Observation(q("448Mi"), q("5938Mi"))


def test_the_lines_of_the_article(run: Any) -> None:
    """Header, source lines and words as in the v1.7.5 kubelet's journal."""
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,)))
    stamps = [56703, 57322, 58307]
    printed = [
        line.text(datetime(2017, 10, 16, 9, 50, 55, stamp), 17144)
        for line, stamp in zip(done.log, stamps, strict=True)
    ]
    assert printed == [
        "W1016 09:50:55.056703   17144 eviction_manager.go:331] eviction manager: attempting to reclaim nodefs",
        "I1016 09:50:55.057322   17144 eviction_manager.go:345] eviction manager: must evict pod(s) to reclaim "
        "nodefs",
        "E1016 09:50:55.058307   17144 eviction_manager.go:356] eviction manager: eviction thresholds have been "
        "met, but no pods are active to evict",
    ]
    assert [str(e) for e in done.events] == ["Warning EvictionThresholdMet Attempting to reclaim nodefs"]


def test_the_lines_of_a_current_kubelet(run: Any) -> None:
    """Words and order of a k3s log of 2026 on a full disk, with one critical pod."""
    pod = Pod(name="traefik", namespace="kube-system", uid="t", priority=2_000_000_000)
    done = run(ManagerConfig(thresholds=(NODEFS,)), pods=(pod,), layout=FsLayout.ONE)
    assert [(f"{x.severity} {x.file}:{x.line}", x.message) for x in done.log] == [
        (
            "I eviction_manager.go:381",
            '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"',
        ),
        ("I container_gc.go:86", '"Attempting to delete unused containers"'),
        ("I image_gc_manager.go:459", '"Attempting to delete unused images"'),
        # the fresh reading is judged against the list that now has the containerfs threshold
        (
            f"I helpers.go:{done.log[3].line}",
            '"Eviction manager: no observation found for eviction signal" signal="containerfs.available"',
        ),
        *[
            (
                f"I helpers.go:{done.log[3].line}",
                f'"Eviction manager: no observation found for eviction signal" signal="{signal}"',
            )
            for signal in ("containerfs.available", "containerfs.inodesFree", "containerfs.inodesFree")
        ],
        (
            "I eviction_manager.go:392",
            '"Eviction manager: must evict pod(s) to reclaim" resourceName="ephemeral-storage"',
        ),
        (
            "I eviction_manager.go:410",
            '"Eviction manager: pods ranked for eviction" pods=["kube-system/traefik"]',
        ),
        (
            "E eviction_manager.go:616",
            '"Eviction manager: cannot evict a critical pod" pod="kube-system/traefik"',
        ),
        (done_line(done), '"Eviction manager: unable to evict any pods from the node"'),
    ]
    assert done.outcome == "none evictable"


def done_line(done: Pass) -> str:
    last = done.log[-1]
    return f"{last.severity} {last.file}:{last.line}"


def test_grace_not_over_is_logged_at_verbosity_2(run: Any, lines: Any) -> None:
    soft = Threshold(
        signal="nodefs.available", value=ThresholdValue(percentage=float32(0.1)), grace=90 * SECOND
    )
    done = run(ManagerConfig(profile=V17, thresholds=(soft,), verbosity=2))
    assert lines(done) == [
        "eviction manager: eviction criteria not yet met for threshold(signal=nodefs.available, "
        "operator=LessThan, value={<nil> 0.1}, gracePeriod=1m30s), duration: 0s"
    ]


def test_verbosity_3_tells_every_list(run: Any, lines: Any) -> None:
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,), verbosity=3))
    assert lines(done)[:8] == [
        "eviction manager: synchronize housekeeping",
        "eviction manager: observations: signal=nodefs.available, available: 448Mi, capacity: 5938Mi",
        "eviction manager: thresholds - ignoring grace period: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: thresholds - reclaim not satisfied: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: node conditions - observed: [DiskPressure]",
        "eviction manager: node conditions - transition period not met: [DiskPressure]",
        "eviction manager: thresholds - grace periods satisified: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
        "eviction manager: thresholds - updated stats: threshold [signal=nodefs.available, "
        "quantity=622644438] observed 448Mi",
    ]


def test_verbosity_3_of_the_current_line_with_times(run: Any, lines: Any) -> None:
    timed = Stats(observations={"nodefs.available": replace(LOW, time=1_508_118_655_056_703_000)})
    done = run(ManagerConfig(thresholds=(NODEFS,), verbosity=3), stats=timed, layout=FsLayout.ONE)
    assert lines(done)[1:4] == [
        '"FileSystem detection" DedicatedImageFs=false SplitImageFs=false',
        '"Eviction manager:" log="observations" signal="nodefs.available" resourceName="ephemeral-storage" '
        'available="448Mi" capacity="5938Mi" time="2017-10-16 01:50:55.056703 +0000 UTC"',
        '"Eviction manager: threshold observed resource" log="thresholds - ignoring grace period" '
        'signal="nodefs.available" resourceName="ephemeral-storage" quantity="622644438" available="448Mi"',
    ]


def test_the_status_of_an_evicted_pod(run: Any) -> None:
    pods = (Pod(name="p", uid="p"),)
    old, new = (
        run(ManagerConfig(profile=which, thresholds=(NODEFS,)), pods=pods).evictions[0].status
        for which in (V17, CURRENT)
    )
    assert old == {
        "phase": "Failed",
        "reason": "Evicted",
        "message": "The node was low on resource: nodefs.",
    }
    assert new["conditions"] == [
        {"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}
    ]


def test_every_decision_carries_figures(run: Any) -> None:
    done = run(ManagerConfig(profile=V17, thresholds=(NODEFS,)))
    why = {d.step: d.why for d in done.decisions}
    assert "469762048 available of 6226444288, 622644438 needed: met, 152882390 short" in why[5]
    assert "nodefs.available<10%" in why[8]
    assert "no node-level action" in why[15]


def test_html_is_escaped(run: Any) -> None:
    pod = Pod(name="<script>", uid="x")
    shown = run(ManagerConfig(thresholds=(NODEFS,)), pods=(pod,))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown

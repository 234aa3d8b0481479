"""Real input, damaged: every reader reads it or says why, and never falls over."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.errors import InputError
from netlab.kubelet import (
    CURRENT,
    V17,
    explain_use_percent,
    parse_df,
    parse_free,
    read_description,
    read_log,
    read_message,
    read_pods,
    read_settings,
    read_summary,
    timeline_of,
)

CONFIGZ = json.dumps(
    {"kubeletconfig": {"evictionHard": {"nodefs.available": "5%"}, "evictionMaxPodGracePeriod": 3}}
)
SUMMARY = json.dumps(
    {
        "node": {"fs": {"availableBytes": 1, "capacityBytes": 2, "time": "2016-01-01T00:00:00Z"}},
        "pods": [{"podRef": {"name": "a"}, "containers": [{"name": "c", "rootfs": {"usedBytes": 3}}]}],
    }
)
PODS = json.dumps({"items": [{"metadata": {"name": "a"}, "spec": {"containers": [{"name": "a"}]}}]})
FREE = "       total  used  free  shared  buff/cache  available\nMem:  4045652  912340  215360  46236  2917952  2801280"


def both(text: str) -> None:
    for line in (V17, CURRENT):
        found = read_settings([("paste", text)], line)
        assert all(str(e) for e in (*found.effective, *found.lost))


def disks(text: str) -> None:
    for row in parse_df(text).rows:
        str(explain_use_percent(row))


CASES: dict[str, tuple[str, Callable[[str], object]]] = {
    "ps": (data.article("ps-kubelet.txt"), both),
    "drop-in": (data.article("10-kubeadm-after.conf"), both),
    "dump": (data.article("kubelet-log-restart.txt"), both),
    "reformatted dump": (data.article("hard-eviction-thresholds.txt"), both),
    "configz": (CONFIGZ, both),
    "df": (data.article("df-h.txt"), disks),
    "free": (FREE, parse_free),
    "log": (data.article("kubelet-log-eviction.txt"), lambda text: timeline_of([read_log(text)])),
    "start": (data.article("kubelet-log-start.txt"), lambda text: timeline_of([read_log(text)])),
    "events": (data.article("node-events.txt"), read_description),
    "message": (
        "The node was low on resource: nodefs. Threshold quantity: 1Gi, available: 1Ki. ",
        read_message,
    ),
    "summary": (SUMMARY, lambda text: read_summary(text, V17)),
    "pods": (PODS, read_pods),
}

damage = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.text(alphabet="\"'{}[]:,<=%\\\n\t $-0aé", max_size=3)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=60, deadline=None)
@given(damage)
def test_damaged_input_is_read_or_refused(name: str, cuts: list[tuple[float, int, str]]) -> None:
    text, read = CASES[name]
    for where, length, instead in cuts:
        at = int(where * len(text))
        text = text[:at] + instead + text[at + length :]
    try:
        read(text)
    except InputError as error:
        shown = str(error)
    else:
        return
    assert shown

"""Log lines: every kind prints in its profile, and the log reader reads it back as that kind."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from netlab import data
from netlab.kubelet.klog import FREE_TEXT, STRUCTURED, LogLine, go_float32, line_of
from netlab.kubelet.logs import read_log
from netlab.kubelet.model import float32
from netlab.kubelet.profile import CURRENT, V17

FIELDS: dict[str, object] = {
    "pod": ("web-1_shop(0a1b)", "shop/web-1"),
    "pods": [("web-1_shop(0a1b)", "shop/web-1"), ("db_shop(2c)", "shop/db")],
    "uid": "0a1b",
    "conditions": ["MemoryPressure", "DiskPressure"],
    "error": 'it "broke"',
    "label": "observations",
    "signal": "nodefs.available",
    "available": "448Mi",
    "capacity": "5938Mi",
    "time": "2017-10-16 01:50:55 +0000 UTC",
    "quantity": "622644438",
    "threshold": "threshold(signal=nodefs.available, operator=LessThan, value={<nil> 0.1}, gracePeriod=1m30s)",
    "duration": "30s",
    "resource": "nodefs",
    "message": "The node was low on resource: memory. ",
    "DedicatedImageFs": True,
    "SplitImageFs": False,
}
KINDS = [(V17, kind) for kind in FREE_TEXT] + [(CURRENT, kind) for kind in STRUCTURED]


@pytest.mark.parametrize(("which", "kind"), KINDS, ids=lambda x: str(x))
def test_the_reader_knows_every_line_that_is_written(which: object, kind: str) -> None:
    line = line_of(which, kind, **FIELDS)  # type: ignore[arg-type]
    assert "{" not in re.sub(r"\{<nil> 0\.1\}", "", line.message)
    text = line.text(datetime(2017, 10, 16, 9, 50, 55, 56703), 17144)
    log = read_log(text, year=2017)
    (record,) = log.records
    assert (record.severity, record.file, record.source_line) == (line.severity, line.file, line.line)
    # an observation with and without its time is one kind of record
    assert (record.kind or "").removesuffix(" at") == kind.removesuffix(" at")


def test_the_header_is_that_of_the_articles_lines() -> None:
    """Each eviction line of the article splits into header and message and prints back byte for byte."""
    pattern = re.compile(r"kubelet\[(\d+)\]: (([IWE])(\d{4}) (\S+)\s+(\d+) (\S+):(\d+)\] (.*))")
    lines = [m for m in map(pattern.search, data.article("kubelet-log-eviction.txt").splitlines()) if m]
    assert len(lines) == 5
    for match in lines:
        _, whole, severity, day, clock, thread, file, number, message = match.groups()
        line = LogLine(
            kind="any", severity=severity, verbosity=0, file=file, line=int(number), message=message
        )
        when = datetime.strptime(f"2017{day} {clock}", "%Y%m%d %H:%M:%S.%f")
        assert line.text(when, int(thread)) == whole


def test_single_precision_prints_short() -> None:
    assert [go_float32(float32(x)) for x in (0.1, 0.05, 0.15, 0.925, 1.5, 0)] == [
        "0.1",
        "0.05",
        "0.15",
        "0.925",
        "1.5",
        "0",
    ]

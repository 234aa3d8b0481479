"""Two packets on two maps; where they part is where the real logs of the two runs part."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from netlab.errors import InputError
from netlab.lab import LabResult, run_lab
from netlab.show import two_maps, two_runs
from netlab.trace import Journey

Labs = Callable[..., LabResult]
CAPTURES = Path(__file__).parent.parent / "kernel" / "captures"
SVG = "{http://www.w3.org/2000/svg}"


def test_runs_part_where_the_real_logs_do(lab: Labs) -> None:
    """With bridge-nf-call-iptables=0 Linux 6.1 logged eb:filter:FORWARD where TRACE raw:PREROUTING stood."""
    on, off = (
        (CAPTURES / f"{name}.txt").read_text("utf-8").partition("@@@LOG\n")[2].splitlines()
        for name in ("c2c", "nf-off")
    )
    at = next(n for n, (a, b) in enumerate(zip(on, off, strict=False)) if a.split()[:2] != b.split()[:2])
    assert on[at].startswith("TRACE: raw:PREROUTING")
    maps = two_runs(lab("c2c"), lab("nf-off"), names=("on", "off"))
    assert maps.parted == 3
    assert maps.told(3, 0).startswith("step 3, ip PREROUTING: raw:PREROUTING")
    assert maps.told(3, 1) == "nothing that stands against it, its next step is 3, bridge FORWARD"
    assert maps.description.startswith("2 steps alike. First difference: on: step 3, ip PREROUTING")
    assert "> 3. ip PREROUTING" in repr(maps)


def test_the_picture_marks_the_difference_on_both_maps_by_sign(lab: Labs) -> None:
    text = two_runs(lab("c2c"), lab("nf-off")).svg()
    if text is None:
        pytest.skip("no Graphviz on this machine")
    root = ET.fromstring(text)
    signs = [e.text for e in root.iter(f"{SVG}text") if e.text and e.text.startswith("≠ ")]
    assert sorted(signs) == ["≠ 2", "≠ 3", "≠ first difference", "≠ first difference"]
    assert len(root.findall(f"{SVG}svg")) == 2
    assert float(root.get("width") or 0) <= 820
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert "First difference" in (described.text or "")


def test_steps_go_on_together_and_wait_for_each_other(lab: Labs) -> None:
    maps = two_runs(lab("c2c"), lab("nf-off"))
    made = [maps.steps_at(row) for row in range(len(maps.pairs) + 1)]
    assert made[0] == (0, 0)
    assert made[-1] == (len(maps.left.hops), len(maps.right.hops))
    assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(made))
    assert replace(maps, row=2).steps(0) == (2, None)
    assert replace(maps, row=3).steps(0) == (3, 3)
    assert replace(maps, row=3).steps(1) == (2, 2)


def test_the_same_run_does_not_part(lab: Labs) -> None:
    maps = two_runs(lab("c2ext"), lab("c2ext"))
    assert maps.parted is None
    assert maps.description == "Both packets take the same way, 6 steps."
    assert "≠" not in (maps.svg() or "")


def test_the_packet_that_differs_is_found() -> None:
    host = "docker run --name c1 -d foo && docker run --name c2 -d foo\n"
    ping = "docker exec c1 ping -c 1 -W 1 172.17.0.3\n"
    shut = run_lab(host + "iptables -I FORWARD -p icmp --icmp-type 0 -j DROP\n" + ping)
    maps = two_runs(run_lab(host + ping), shut)
    assert maps.left.title.startswith("ICMP echo reply")
    assert maps.parted is not None
    assert "filter:FORWARD rule 1: -p icmp -m icmp --icmp-type 0 -j DROP" in maps.told(maps.parted, 1)


def test_a_recorded_packet_against_the_simulated_one(
    lab: Labs, captured: Callable[[str], tuple[Journey, ...]]
) -> None:
    """The real kernel's log of the same lab has the same hops in the same order."""
    maps = two_maps(lab("c2ext").packets[0], captured("c2ext")[0], names=("simulated", "real"))
    assert maps.parted is None


def test_a_row_or_a_packet_that_is_not_there_is_refused(lab: Labs) -> None:
    one = lab("c2ext").packets[0]
    with pytest.raises(InputError, match="no row 9"):
        two_maps(one, one, row=9)
    with pytest.raises(InputError, match="second run: no packet met a hook"):
        two_runs(lab("c2ext"), run_lab("true"))

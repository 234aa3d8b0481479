"""The article's experiment, replayed: its 88 lines come out of its commands, in its order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import netlab.data
from netlab.data import article
from netlab.lab.host import run_lab
from netlab.lab.result import LabResult

SCRIPT = Path(netlab.data.__file__).parent / "labs" / "article.sh"
EXCERPTS = (
    ("trace-container-to-container.txt", 34),
    ("trace-local-to-container.txt", 19),
    ("trace-local-to-lan.txt", 10),
    ("trace-container-to-external.txt", 25),
)


@pytest.fixture(scope="module")
def result() -> LabResult:
    return run_lab(SCRIPT.read_text(), kernel="4.4", source=SCRIPT.name)


def masked(line: str) -> str:
    """A line without what a kernel draws by lot or counts: the IP id and the ICMP id."""
    return re.sub(r"\bID=\d+", "ID=*", line).rstrip()


def expected() -> list[str]:
    lines = []
    for name, count in EXCERPTS:
        found = [masked(line) for line in article(name).splitlines() if line.strip()]
        assert len(found) == count
        lines += found
    return lines


def positions(wanted: list[str], lines: list[str]) -> list[int]:
    """Where the wanted lines stand, each at the first place after the one before it."""
    found = []
    at = 0
    for want in wanted:
        assert want in lines[at:], f"after line {at} there is no {want!r}"
        at = lines.index(want, at) + 1
        found.append(at - 1)
    return found


def test_the_88_lines_come_in_the_articles_order(result: LabResult) -> None:
    lines = [masked(line) for line in result.log]
    wanted = expected()
    assert len(wanted) == 88
    positions(wanted, lines)
    assert result.status == 0


def test_each_excerpt_is_one_piece_of_the_log(result: LabResult) -> None:
    """Nothing stands between the lines of an excerpt but one line, which the article lost.

    Its heading for container to external names eb:filter:INPUT and its listing lacks it; a kernel prints the line
    between nat:PREROUTING and FORWARD, because the frame is passed up to the host (spec section 11, item 14).
    """
    lines = [masked(line) for line in result.log]
    at = 0
    for name, count in EXCERPTS:
        wanted = [masked(line) for line in article(name).splitlines() if line.strip()]
        places = positions(wanted, lines[at:])
        inside = lines[at + places[0] : at + places[-1] + 1]
        extra = [line for place, line in enumerate(inside, places[0]) if place not in places]
        if name == "trace-container-to-external.txt":
            assert len(extra) == 1
            assert extra[0].startswith(
                "TRACE: eb:filter:INPUT IN=veth0594f4b OUT= MAC source = 02:42:c0:a8:00:02"
            )
        else:
            assert extra == []
            assert len(inside) == count
        at += places[-1] + 1


def test_the_pings_answer_with_the_articles_ttls(result: LabResult) -> None:
    for name in ("container-to-container", "local-to-container", "local-to-lan", "container-to-external"):
        for line in article(f"ping-{name}.txt").splitlines():
            if "bytes from" in line:
                assert line.partition(" time=")[0] in result.output
    routes = "".join(line + "\n" for line in article("netstat-rn-c1.txt").splitlines())
    assert routes in result.output


def test_dumps_are_the_articles(result: LabResult) -> None:
    """The rules that Docker wrote and that the author added; the blog's typesetting put blanks before chain names."""
    for name in ("iptables-save.txt", "ebtables-save.txt"):
        for line in article(name).splitlines():
            if line.startswith("-A "):
                assert line in result.output.splitlines()


def test_mangle_prints_only_after_it_was_looked_at(result: LabResult) -> None:
    tables = [line.split(":")[1].strip() for line in result.log if line.startswith("TRACE: ")]
    first = tables.index("mangle")
    requests = [
        place for place, line in enumerate(result.log) if "DST=192.168.0.3" in line and "TYPE=8" in line
    ]
    assert max(requests) < first


def test_the_first_frame_to_a_forgotten_port_is_flooded_newest_port_first(result: LabResult) -> None:
    ports = [
        re.search(r"OUT=(\S+)", line).group(1)  # type: ignore[union-attr]
        for line in result.log
        if line.startswith("TRACE: eb:nat:OUTPUT") and "SRC=192.168.0.1 " in line
    ]
    assert ports[:3] == ["veth57a3dec", "veth0594f4b", "veth0594f4b"]


def test_two_runs_are_the_same(result: LabResult) -> None:
    again = run_lab(SCRIPT.read_text(), kernel="4.4", source=SCRIPT.name)
    assert (again.output, again.log) == (result.output, result.log)

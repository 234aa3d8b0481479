"""traceroute on the simulated kernel prints and sends what it did on Linux 6.1 (tests/lab/captures/traceroute)."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from netlab.errors import NotModelledError
from netlab.lab import run_lab
from netlab.lab.mask import Mask

CAPTURES = Path(__file__).parent / "captures" / "traceroute"


def masked(lab: str, output: str, log: list[str]) -> tuple[list[str], list[str]]:
    mask = Mask(lab)
    return mask.output(output).splitlines(), [mask.log(line).rstrip() for line in log]


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.sh")), ids=lambda p: p.stem)
def test_prints_and_sends_what_traceroute_did_on_linux(path: Path) -> None:
    lab = path.read_text()
    output, _, rest = path.with_suffix(".txt").read_text().partition("@@@RC ")
    linux = masked(lab, output, rest.split("\n")[2:-1])
    result = run_lab(lab, source=path.name)
    netlab = masked(lab, result.output, list(result.log))
    for what, theirs, ours in zip(("output", "log"), linux, netlab, strict=True):
        difference = "\n".join(difflib.unified_diff(theirs, ours, "Linux 6.1", "netlab", "", "", 1, ""))
        assert not difference, f"{what} differs:\n{difference}"


def test_every_hop_of_the_articles_lan_is_shown() -> None:
    """Seven routers, then the far end: what a TTL of 57 from 64 means."""
    lab = (
        "ip netns add a; ip link add e type veth peer name e netns a; ip addr add 10.0.0.1/24 dev e\n"
        "ip link set e up; ip -n a link set e up; ip -n a addr add 10.0.0.2/24 dev e\n"
        "ip -n a link set lo up; ip -n a addr add 10.28.61.30/32 dev lo; ip route add default via 10.0.0.2\n"
        "traceroute -n -q 1 10.28.61.30\n"
    )
    lines = run_lab(lab).output.splitlines()
    assert lines[0] == "traceroute to 10.28.61.30 (10.28.61.30), 30 hops max, 60 byte packets"
    assert [re.sub(r"[\d.]+ ms", "T ms", line) for line in lines[1:]] == [" 1  10.28.61.30  T ms"]


def test_what_is_not_modelled_is_refused_by_name() -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab("traceroute -A 10.0.0.1", source="x.sh")
    assert caught.value.column == len("traceroute ")

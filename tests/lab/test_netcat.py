"""netcat on the simulated kernel says and sends what it said and sent on Linux 6.1 (tests/lab/captures/netcat)."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from netlab.errors import NotModelledError
from netlab.lab import run_lab
from netlab.lab.mask import Mask

CAPTURES = Path(__file__).parent / "captures" / "netcat"


def read_capture(path: Path) -> tuple[str, list[str]]:
    """What the real kernel gave: output and log."""
    output, _, rest = path.read_text().partition("@@@RC ")
    return output, rest.split("\n")[2:-1]


def masked(lab: str, output: str, log: list[str]) -> tuple[list[str], list[str]]:
    mask = Mask(lab)
    lines = [re.sub(r"^/labs-pre\.sh: (\d+): .*: ", r"sh: \1: ", line) for line in output.splitlines()]
    return mask.output("\n".join(lines)).splitlines(), [mask.log(line).rstrip() for line in log]


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.sh")), ids=lambda p: p.stem)
def test_says_and_sends_what_netcat_did_on_linux(path: Path) -> None:
    lab = path.read_text()
    linux = masked(lab, *read_capture(path.with_suffix(".txt")))
    result = run_lab(lab, source=path.name)
    netlab = masked(lab, result.output, list(result.log))
    for what, theirs, ours in zip(("output", "log"), linux, netlab, strict=True):
        difference = "\n".join(difflib.unified_diff(theirs, ours, "Linux 6.1", "netlab", "", "", 1, ""))
        assert not difference, f"{what} differs:\n{difference}"


@pytest.mark.parametrize(
    ("line", "word"),
    [("nc -S 10.0.0.1 80", "-S"), ("nc -U /tmp/socket", "-U"), ("nc -x 1.2.3.4 10.0.0.1 80", "-x")],
)
def test_what_is_not_modelled_is_refused_by_name(line: str, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(line, source="x.sh")
    assert caught.value.line == 1
    assert caught.value.column == line.index(word)


def test_a_listener_on_a_port_that_is_taken_shares_it() -> None:
    """SO_REUSEPORT: the second netcat does not complain (experiment, 6.1)."""
    result = run_lab("ip link set lo up; nc -l 80 & sleep 0.1; timeout 1 nc -l 80; echo $?")
    assert "143" in result.output
    assert "in use" not in result.output

"""The labs of the notebooks against what a real kernel said to them.

``notebook-NN.txt`` of ``netlab.data`` holds what Debian's kernel 6.1 printed and logged for the ``%%lab`` cells of a
notebook, one after the other; where it has a part ``@@@LAB``, for that script, which has other commands in the place of
docker's. Where a cell sleeps for minutes, the real kernel was asked in a shorter way, named in ``SHORTER``.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from netlab.data import capture
from netlab.lab import run_lab
from netlab.lab.mask import Mask

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

#: Eight seconds suffice for ARP's question, which is logged to be seen; deleting an entry stands for its ageing.
SHORTER = {
    "sleep 301": "ebtables -A FORWARD -p arp --log-arp --log-prefix arp -j CONTINUE\nsleep 8",
    "sleep 100": "bridge fdb del 02:42:0a:00:00:02 dev port2 master",
}


def labs(name: str) -> list[str]:
    """The scripts of a notebook, one for each fresh host."""
    hosts: list[str] = []
    for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type != "code" or not cell.source.startswith(("%%lab", "%lab ")):
            continue
        magic, _, rest = cell.source.partition("\n" if cell.source.startswith("%%") else " ")
        if "--new" in magic:
            hosts.append("")
        hosts[-1] += rest.rstrip("\n") + "\n"
    return hosts


def script(name: str, host: int, captured: str) -> str:
    """What the real kernel was asked."""
    head, _, _ = captured.partition("@@@OUTPUT\n")
    if "@@@LAB\n" in head:
        return head.partition("@@@LAB\n")[2]
    lab = labs(name)[host]
    for slow, quick in SHORTER.items():
        lab = lab.replace(slow, quick)
    return lab


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("01-read-a-trace", 1),
        ("03-decide-at-the-bridge", 0),
        ("04-follow-container-to-container", 0),
        ("05-watch-conntrack-silence-nat", 0),
        ("06-leave-from-the-host", 0),
        ("07-masquerade-to-the-world", 0),
        ("08-publish-a-port", 0),
        ("09-scale-to-services", 0),
    ],
)
def test_the_kernel_says_the_same(name: str, host: int) -> None:
    captured = capture(f"notebook-{name[:2]}.txt")
    assert "\nkernel 6.1" in f"\n{captured}"
    lab = script(name, host, captured)
    output, _, log = captured.partition("@@@OUTPUT\n")[2].partition("@@@LOG\n")
    result = run_lab(lab, kernel="6.1")
    real, ours = Mask(lab), Mask(lab)
    assert ours.output(result.output).splitlines() == real.output(output).splitlines()
    assert [ours.log(line) for line in result.log] == [real.log(line) for line in log.splitlines()]

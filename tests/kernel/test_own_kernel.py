"""A marked set of labs runs on this machine's own kernel too, in throw-away namespaces, and says the same.

Only where that is possible: root on Linux with iptables-legacy, and a kernel whose release has a profile.
"""

from __future__ import annotations

import difflib
import platform
from pathlib import Path

import pytest

from netlab.kernel.release import RELEASES
from netlab.lab import run_lab
from netlab.lab.live import LOG_ALL, run_live, why_not_live
from netlab.lab.mask import Mask

LABS = Path(__file__).parent / "labs"
RELEASE = ".".join(platform.release().split(".")[:2])
# Labs without ebtables (this machine's may be the nft one) and without waits that a busy machine could upset.
MARKED = ("connmark", "drops", "mark-reroute", "notrack", "routes", "secondary", "ttl", "user-chains")
# A busy machine repeats a segment or answers late, which says nothing about who is right; one quiet run does.
TRIES = 3

pytestmark = [
    pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}"),
    pytest.mark.skipif(RELEASE not in RELEASES, reason=f"no profile for this machine's kernel {RELEASE}"),
]


@pytest.mark.parametrize("name", MARKED)
def test_this_machines_kernel_logs_the_same(name: str) -> None:
    lab = (LABS / f"{name}.sh").read_text()
    ours = run_lab(lab, kernel=RELEASE, source=name)
    netlab = [Mask(lab).log(line) for line in ours.log]
    for _ in range(TRIES):
        live = run_live(lab)
        kernel = [Mask(lab).log(line) for line in live.log]
        if kernel == netlab:
            return
    pytest.fail(
        "\n".join(difflib.unified_diff(kernel, netlab, f"Linux {live.kernel}", "netlab", "", "", 1, ""))
    )


def test_nothing_is_left_behind() -> None:
    before = LOG_ALL.read_text()
    run_live("ip link add left0 type dummy\nsleep 100 &\n")
    assert LOG_ALL.read_text() == before
    assert not Path("/sys/class/net/left0").exists()

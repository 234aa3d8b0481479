"""A lab on a real kernel and on the simulated one, side by side: run now, or as it was recorded on Linux 6.18.

The recorded run stands in where there is no root, so that notebook 13 shows the same everywhere.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from netlab import data
from netlab.errors import InputError
from netlab.kernel.release import RELEASES
from netlab.lab import run_lab
from netlab.lab.live import TIMEOUT, LiveResult, run_live
from netlab.lab.mask import Mask
from netlab.show.compare import compare_logs
from netlab.show.table import Table

if TYPE_CHECKING:
    from netlab.lab import LabResult
    from netlab.trace.journeys import Journey

RECORDED: Final = "live-6.18.txt"
_HEAD: Final = re.compile(r"(?:# .*\n)*kernel (\S+), status (\d+)\n")
_PARTS: Final = re.compile(r"^@@@(LAB|OUTPUT|LOG)\n", re.MULTILINE)


def read_run(text: str, *, source: str = "<text>") -> tuple[str, LiveResult]:
    """A recorded run: its lab, and what the kernel made of it. Raises InputError for another text.

    >>> lab, run = read_run("kernel 6.18.44, status 0\\n@@@LAB\\ndmesg -C\\n@@@OUTPUT\\n@@@LOG\\n")
    >>> lab, run.kernel, run.log
    ('dmesg -C\\n', '6.18.44', [])
    """
    head = _HEAD.match(text)
    parts = _PARTS.split(text)
    if head is None or parts[1::2] != ["LAB", "OUTPUT", "LOG"]:
        raise InputError(
            "this is not a recorded run",
            source=source,
            line=1,
            expected="'kernel RELEASE, status N', then the parts @@@LAB, @@@OUTPUT and @@@LOG",
        )
    _, _, lab, _, output, _, log = parts
    return lab, LiveResult(head[1], output, log.splitlines(), int(head[2]))


def recorded_lab() -> str:
    """The lab of the recorded run.

    >>> recorded_lab().splitlines()[0]
    '# Two containers on a bridge, and a neighbour that knows nothing of them.'
    """
    return read_run(data.capture(RECORDED), source=RECORDED)[0]


def nearest_profile(release: str) -> str:
    """The kernel profile of netlab that is nearest to a release, as ``uname -r`` prints it.

    >>> nearest_profile("6.18.44-generic"), nearest_profile("6.8.0-45-generic"), nearest_profile("5.10.0-21-amd64")
    ('6.18', '6.1', '6.1')
    """

    def place(version: str) -> int:
        numbers = re.match(r"(\d+)\.(\d+)", version)
        return int(numbers[1]) * 100 + int(numbers[2]) if numbers else 0

    return min(RELEASES, key=lambda name: abs(place(name) - place(release)))


@dataclass(frozen=True, kw_only=True, repr=False)
class SideBySide:
    """One lab, run by netlab and by Linux. ``recorded`` says that Linux did so earlier, on another machine."""

    lab: str
    profile: str
    simulated: LabResult
    real: LiveResult
    recorded: bool

    @property
    def names(self) -> tuple[str, str]:
        """What the two columns are called."""
        return f"netlab {self.profile}", f"Linux {self.real.kernel}{', recorded' if self.recorded else ''}"

    @cached_property
    def log(self) -> Table:
        """The kernel's lines next to the simulator's."""
        return compare_logs(self.simulated.log, self.real.log, lab=self.lab, names=self.names)

    @cached_property
    def output(self) -> Table:
        """What the commands printed; times and other things that differ by nature are shown as ``*`` or a number."""
        sides = []
        for log, output in ((self.simulated.log, self.simulated.output), (self.real.log, self.real.output)):
            mask = Mask(self.lab)
            for line in log:  # so that ports and ids are numbered alike
                mask.log(line.rstrip() + " ")
            sides.append(mask.output(output).splitlines())
        table = compare_logs(*sides, lab=self.lab, names=self.names)
        note = table.notes[0] if table.marked else f"the same: {len(sides[0])} lines"
        return replace(table, title="What the commands printed", notes=(note,))

    @property
    def agree(self) -> bool:
        """Whether log, output and exit status say the same."""
        return not self.log.marked and not self.output.marked and self.simulated.status == self.real.status

    @property
    def verdict(self) -> str:
        """In a sentence: whether they agree, and what was compared."""
        exact = self.real.kernel.startswith(self.profile + ".") or self.real.kernel == self.profile
        near = "" if exact else f" (netlab simulates {self.profile}, not {self.real.kernel})"
        wrong = [
            name
            for name, differs in (
                ("the log", bool(self.log.marked)),
                ("the output", bool(self.output.marked)),
                ("the exit status", self.simulated.status != self.real.status),
            )
            if differs
        ]
        if wrong:
            return f"{' and '.join(wrong)} differ{'s' * (len(wrong) == 1)}{near}"
        lines = len(self.real.log)
        return f"netlab and Linux agree: {lines} line{'s' * (lines != 1)} of log{near}"

    @property
    def journeys(self) -> list[Journey]:
        """The packets in the real kernel's log."""
        from netlab.trace import read_trace

        return list(read_trace("".join(line + "\n" for line in self.real.log) or "\n").journeys())

    def to_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        real = self.real
        return {
            "agree": self.agree,
            "verdict": self.verdict,
            "recorded": self.recorded,
            "simulated": self.simulated.to_dict(),
            "real": {
                "kernel": real.kernel,
                "status": real.status,
                "output": real.output,
                "log": list(real.log),
            },
        }

    def __repr__(self) -> str:
        return f"{self.log.text}\n{self.verdict}"

    def _repr_html_(self) -> str:
        return self.log._repr_html_() + f'<p role="status">{self.verdict}</p>'


def side_by_side(
    lab: str | None = None,
    *,
    live: bool = False,
    kernel: str | None = None,
    timeout: float = TIMEOUT,
    source: str = "lab",
) -> SideBySide:
    """Compare a lab on netlab and on Linux; without ``live`` Linux's part is the recorded run.

    ``lab`` None is the recorded run's own lab, the only one that can be had without ``live``. ``kernel`` is netlab's
    profile; None: the nearest to the kernel that ran. ``source`` is what messages call the lab.

    Raises NetlabError where this machine cannot run labs (see ``netlab.lab.live.why_not_live``), InputError for a lab
    that there is no recording of, and what a lab raises.

    >>> side_by_side().verdict
    'netlab and Linux agree: 8 lines of log'
    """
    recorded, run = read_run(data.capture(RECORDED), source=RECORDED)
    text = recorded if lab is None else lab
    if not live and text != recorded:
        raise InputError(
            "there is no recorded run of this lab",
            source=source,
            expected="recorded_lab(), or live=True for this machine's own kernel",
        )
    profile = kernel or nearest_profile(platform.release() if live else run.kernel)
    # The simulator first: what it refuses, with line and caret, never comes to the real kernel.
    simulated = run_lab(text, kernel=profile, source=source)
    if live:
        run = run_live(text, timeout=timeout)
    return SideBySide(lab=text, profile=profile, simulated=simulated, real=run, recorded=not live)

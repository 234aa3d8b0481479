"""What a lab script gives: what the commands printed, what the kernel logged, and the steps behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netlab.kernel.journeys import SimulatedJourney
    from netlab.kernel.steps import Step
    from netlab.kernel.world import World


@dataclass(frozen=True, kw_only=True)
class LabResult:
    """The outcome of one script.

    ``output`` is what the commands printed (standard output and error, in order), ``log`` the lines that the script
    left in the kernel's ring buffer, ``status`` the script's exit status, ``steps`` all that the kernel did.
    """

    output: str
    log: tuple[str, ...]
    status: int
    world: World = field(repr=False, compare=False)
    steps: tuple[Step, ...] = field(repr=False, compare=False)

    @cached_property
    def journeys(self) -> Any:
        """The packets of the log, each with its hops (:class:`netlab.trace.journeys.Journey`)."""
        from netlab.trace import read_trace

        return read_trace("".join(line + "\n" for line in self.log) or "\n").journeys()

    @cached_property
    def packets(self) -> tuple[SimulatedJourney, ...]:
        """The packets that passed a hook of the host (its own namespace) in this script, each with its hops.

        Unlike ``journeys``, which reads the log, it has packets that printed nothing, and knows why each hop came.
        Other namespaces, and ARP: :func:`netlab.kernel.journeys.journeys_of` with ``steps``.

        >>> from netlab.lab import run_lab
        >>> [packet.title for packet in run_lab("ping -c 1 127.0.0.1").packets]
        ['ICMP echo request 127.0.0.1 > 127.0.0.1', 'ICMP echo reply 127.0.0.1 > 127.0.0.1']
        """
        from netlab.kernel.journeys import journeys_of

        return journeys_of(self.steps)

    def to_dict(self) -> dict[str, Any]:
        """For ``--json``: output, log and status."""
        return {
            "kernel": self.world.release.name,
            "status": self.status,
            "output": self.output,
            "log": list(self.log),
        }

    def __str__(self) -> str:
        parts = [self.output.removesuffix("\n")] if self.output else []
        if self.log:
            parts.append(f"[kernel log: {len(self.log)} line{'s' * (len(self.log) != 1)}]")
            parts.extend(line.rstrip() for line in self.log)
        if self.status:
            parts.append(f"[exit status {self.status}]")
        return "\n".join(parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        font = "font-family:var(--jp-code-font-family, monospace)"
        style = f"margin:0;white-space:pre-wrap;overflow-wrap:anywhere;{font}"
        parts = []
        if self.output:
            parts.append(f'<pre style="{style}">{escape(self.output)}</pre>')
        if self.log:
            lines = "\n".join(escape(line.rstrip()) for line in self.log)
            count = f"{len(self.log)} line{'s' * (len(self.log) != 1)}"
            parts.append(
                f"<details open><summary>kernel log: {count}</summary>"
                f'<pre style="{style};font-size:85%">{lines}</pre></details>'
            )
        if self.status:
            parts.append(f"<p>exit status {self.status}</p>")
        return "<div>" + "".join(parts) + "</div>" if parts else "<div></div>"

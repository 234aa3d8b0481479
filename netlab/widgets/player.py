"""Step through a journey on the packet map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from netlab.show.conntrack import change_table
from netlab.show.hops import hop_table, rule_lines, why
from netlab.show.packetmap import packet_map
from netlab.show.table import Table
from netlab.show.tablesteps import table_changes, table_steps
from netlab.show.words import count, printable
from netlab.widgets.stepper import Stepper

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World
    from netlab.rules.model import RuleSet
    from netlab.trace.journeys import Journey


class JourneyPlayer(Stepper):
    """A slider over the hops of a packet, a play button, the map, and what happened at the hop in words.

    Step 0 is the map before the packet came. The pictures of the steps differ in colours only: all are drawn when the
    player is made, a few milliseconds each, and stepped through in the browser, by slider, play button or arrow keys.
    With ``netns`` a table shows its rules where the pointer rests on it. With ``world``, for a simulated packet, the
    forwarding tables and the connections stand below the words as they were after the step, changes marked; kernel
    and namespace are then those of the world unless they are given. Where Graphviz is missing the words stand alone.
    Raises InputError for a recorded packet with ``world``.
    """

    def __init__(
        self,
        journey: Journey,
        *,
        kernel: str | None = None,
        rules: RuleSet | None = None,
        netns: Netns | None = None,
        world: World | None = None,
        step: int = 1,
    ) -> None:
        self.journey = journey
        self.rules = rules
        self.world = world
        tables = () if world is None else table_steps(world, journey)
        if world is not None:
            kernel = kernel or world.release.name
            netns = netns or world.netns.get(getattr(journey, "netns", ""))
        steps = range(len(journey.hops) + 1)
        pictures = [packet_map(journey, n, kernel or "6.1", netns=netns).svg() or "" for n in steps]
        words = [step_html(journey, n, rules) + (tables[n]._repr_html_() if tables else "") for n in steps]
        super().__init__(pictures, words, step, play="play the journey")

    @property
    def twins(self) -> tuple[Table, ...]:
        """The journey as tables: its hops; with ``world``, what changed in the kernel's tables as well."""
        hops = hop_table(self.journey, rules=self.rules)
        return (hops,) if self.world is None else (hops, table_changes(self.world, self.journey))

    @property
    def text(self) -> str:
        """The journey as text: its hops; with ``world``, what changed in the kernel's tables as well."""
        return "\n".join(table.text for table in self.twins)

    @property
    def preview(self) -> str:
        return "".join(table._repr_html_() for table in self.twins)


def step_html(journey: Journey, step: int, rules: RuleSet | None = None) -> str:
    """What happened at a step (0: before the first), for people who read."""
    if step == 0:
        title = f"{journey.title}, {journey.direction}: {count(len(journey.hops), 'step')}"
        return f"<p><b>{escape(printable(title))}</b></p>"
    title = f"Step {step} of {len(journey.hops)}: {journey.hops[step - 1].name}"
    return f"<p><b>{escape(printable(title))}</b></p>{hop_html(journey, step, rules)}"


def hop_html(journey: Journey, step: int, rules: RuleSet | None = None) -> str:
    """Which rules spoke at a step, why, and what changed in the packet."""
    hop = journey.hops[step - 1]
    changes = [row for row in change_table(journey).rows if row[0] == str(step)]
    changed = [f"{field}: {before} becomes {after} ({by})" for _, _, field, before, after, by in changes]
    return "".join(
        [
            _listed("rules", rule_lines(hop, rules)),
            _listed("why, and what was done", why(hop).split("\n")),
            _listed("changed in the packet", changed),
        ]
    )


def _listed(title: str, lines: list[str]) -> str:
    lines = [line for line in lines if line]
    if not lines:
        return ""
    items = "".join(f"<li><code>{escape(printable(line))}</code></li>" for line in lines)
    return f"<p style='margin:4px 0 0'>{title}</p><ul style='margin:0'>{items}</ul>"

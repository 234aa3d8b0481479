"""Step through a journey on the packet map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from netlab.show.conntrack import change_table
from netlab.show.hops import hop_table, rule_lines, why
from netlab.show.packetmap import packet_map
from netlab.show.words import count, printable
from netlab.widgets.base import View
from netlab.widgets.mapview import map_view

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.rules.model import RuleSet
    from netlab.trace.journeys import Journey


class JourneyPlayer(View):
    """A slider over the hops of a packet, a play button, the map, and what happened at the hop in words.

    Step 0 is the map before the packet came. The pictures of the steps differ in colours only: all are drawn when the
    player is made, a few milliseconds each, and stepped through in the browser, by slider, play button or arrow keys.
    With ``netns`` a table shows its rules where the pointer rests on it.
    Where Graphviz is missing the words stand alone.
    """

    def __init__(
        self,
        journey: Journey,
        *,
        kernel: str = "6.1",
        rules: RuleSet | None = None,
        netns: Netns | None = None,
        step: int = 1,
    ) -> None:
        import ipywidgets as w

        self.journey = journey
        self.rules = rules
        last = len(journey.hops)
        step = min(max(step, 0), last)
        pictures = [packet_map(journey, n, kernel, netns=netns).svg() or "" for n in range(last + 1)]
        self.slider: Any = w.IntSlider(
            value=step,
            min=0,
            max=last,
            description="step",
            continuous_update=False,
            layout=w.Layout(width="420px"),
        )
        self.play: Any = w.Play(value=step, min=0, max=last, interval=1200, description="play the journey")
        self.pause: Any = w.IntSlider(
            value=1200, min=200, max=4000, step=200, description="ms a step", continuous_update=False
        )
        self.map: Any = map_view(pictures, step)
        self.words: Any = w.HTML()
        w.jslink((self.play, "value"), (self.slider, "value"))
        w.jslink((self.slider, "value"), (self.map, "step"))
        w.jslink((self.pause, "value"), (self.play, "interval"))
        # The browser moves the map: an answer of ours could come late and move it back.
        self.slider.observe(lambda change: self.tell(change["new"]), names="value")
        self.box = w.VBox([w.HBox([self.play, self.slider, self.pause]), self.map, self.words])
        self.show(step)

    @property
    def text(self) -> str:
        """The journey as a table of hops."""
        return hop_table(self.journey, rules=self.rules).text

    @property
    def preview(self) -> str:
        return hop_table(self.journey, rules=self.rules)._repr_html_()

    def show(self, step: int) -> None:
        """Bring the picture and the words to a step."""
        self.map.step = step
        self.tell(step)

    def tell(self, step: int) -> None:
        """Say in words what happened at a step."""
        self.words.value = step_html(self.journey, step, self.rules)


def step_html(journey: Journey, step: int, rules: RuleSet | None = None) -> str:
    """What happened at a step, for people who read: where, which rules, why, and what changed in the packet."""
    if step == 0:
        title = f"{journey.title}, {journey.direction}: {count(len(journey.hops), 'step')}"
        return f"<p aria-live='polite'><b>{escape(printable(title))}</b></p>"
    hop = journey.hops[step - 1]
    changes = [row for row in change_table(journey).rows if row[0] == str(step)]
    parts = [
        f"<p aria-live='polite'><b>Step {step} of {len(journey.hops)}: {escape(printable(hop.name))}</b></p>"
    ]
    parts += [
        _listed("rules", rule_lines(hop, rules)),
        _listed("why, and what was done", why(hop).split("\n")),
    ]
    changed = [f"{field}: {before} becomes {after} ({by})" for _, _, field, before, after, by in changes]
    return "".join([*parts, _listed("changed", changed)])


def _listed(title: str, lines: list[str]) -> str:
    lines = [line for line in lines if line]
    if not lines:
        return ""
    items = "".join(f"<li><code>{escape(printable(line))}</code></li>" for line in lines)
    return f"<p style='margin:4px 0 0'>{title}</p><ul style='margin:0'>{items}</ul>"

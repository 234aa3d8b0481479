"""Why a rule did not match: every packet with the condition that failed, or what kept it from the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.errors import InputError
from netlab.kernel import steps as s
from netlab.kernel.hooks import BRIDGE_TABLES, IPV4_TABLES
from netlab.kernel.journeys import SimulatedHop, SimulatedJourney, journeys_of, rule_in_words, step_words
from netlab.kernel.watch import NOT_REACHED, Answer, Watch, watch
from netlab.lab import Lab, LabResult
from netlab.rules.matches import Statistic
from netlab.rules.model import Rule
from netlab.show.hops import devices
from netlab.show.table import Table
from netlab.show.words import listed

if TYPE_CHECKING:
    from netlab.kernel.world import World
    from netlab.rules.ebmodel import EbRule

_TABLES: Final = {"ipv4": IPV4_TABLES, "bridge": BRIDGE_TABLES}
_LAYERS: Final = {"ipv4": "ip", "bridge": "bridge"}
_MATCHED: Final = "matched"
_CHANCE: Final = (
    "every other condition holds: chance decided against it, or the packet did not come to the rule"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WhyNot:
    """A rule under watch. It shows itself as the table of the packets that have passed the host since.

    ``watch`` collects the kernel's answers, ``world`` is the kernel, ``start`` the step at which the watch began.
    """

    watch: Watch
    world: World
    start: int

    @property
    def table(self) -> Table:
        """A row for each time a packet could have met the rule, marked where the rule matched."""
        rows = tuple(self._rows())
        return Table(
            title=f"Why packets did not match {self._place}",
            columns=("packet", "hook", "devices", "the rule"),
            rows=rows,
            marked={n for n, row in enumerate(rows) if row[3] == _MATCHED},
            notes=() if rows else ("no packet has passed this host since",),
        )

    def __repr__(self) -> str:
        return self.table.text

    def _repr_html_(self) -> str:
        return self.table._repr_html_()

    @property
    def _place(self) -> str:
        asked = self.watch
        rule = rule_at(self.world, asked)
        words = f": {rule_in_words(rule)}" if rule is not None else ""
        tool = "ebtables " if asked.family == "bridge" else ""
        return f"{tool}{asked.table}:{asked.chain} rule {asked.number}{words}"

    def _rows(self) -> Iterator[tuple[str, ...]]:
        asked = self.watch
        steps = self.world.steps[self.start :]
        for journey in journeys_of(steps, netns=asked.netns, arp=asked.family == "bridge"):
            title = f"{journey.number}. {journey.title}"
            met = [pair for hook in self._hooks for pair in self._passages(journey, hook)]
            for answer, hop in met:
                yield title, hop.name, devices(hop), self._reason(answer, hop)
            if not met:
                yield title, "", "", self._absence(journey)

    @property
    def _hooks(self) -> tuple[str, ...]:
        """The hooks at which a packet can come to the chain: a built-in chain's own, or all of its table."""
        hooks = _TABLES[self.watch.family][self.watch.table]
        return (self.watch.chain,) if self.watch.chain in hooks else hooks

    def _passages(self, journey: SimulatedJourney, hook: str) -> Iterator[tuple[Answer, SimulatedHop]]:
        """The answers of a packet at a hook, each with its hop; a flooded frame passes a hook once a port."""
        hops = [hop for hop in self._hops(journey, hook) if self._said(hop)]
        answers = [a for a in self.watch.answers if (a.journey, a.hook) == (journey.packet, hook)]
        # Of the hops of a packet that was under way when the watch began, only the last have answers.
        pairs = list(zip(reversed(answers), reversed(hops), strict=False))
        for answer, hop in reversed(pairs):
            if hook == self.watch.chain or any(
                self.watch.chain in (step.chain, step.target) for step in self._said(hop)
            ):
                yield answer, hop

    def _hops(self, journey: SimulatedJourney, hook: str) -> Iterator[SimulatedHop]:
        for hop in journey.hops:
            if isinstance(hop, SimulatedHop) and (hop.family, hop.hook) == (_LAYERS[self.watch.family], hook):
                yield hop

    def _said(self, hop: SimulatedHop) -> list[s.RuleMatched]:
        """What the rule's table said at a hop."""
        return [x for x in hop.steps if isinstance(x, s.RuleMatched) and x.table == self.watch.table]

    def _reason(self, answer: Answer, hop: SimulatedHop) -> str:
        if answer.matched:
            return _MATCHED
        if answer.reason != NOT_REACHED:
            return answer.reason
        rule = rule_at(self.world, self.watch)
        if isinstance(rule, Rule) and any(isinstance(match, Statistic) for match in rule.matches):
            return _CHANCE
        said = self._said(hop)
        here = [step for step in said if step.chain == self.watch.chain and step.rule is not None]
        ended = here[-1] if here and here[-1].target == "RETURN" else said[-1]
        return f"every condition holds, but the walk ended before it: {step_words(ended)}"

    def _absence(self, journey: SimulatedJourney) -> str:
        """Why a packet was never asked about the rule."""
        asked = self.watch
        hops = [hop for hook in self._hooks for hop in self._hops(journey, hook)]
        for hop in hops:
            for step in hop.steps:
                if isinstance(step, s.HookSkipped) and step.table == asked.table:
                    return step_words(step)
        if any(self._said(hop) for hop in hops):
            if asked.chain not in self._hooks:
                return f"no rule sent it to {asked.chain}"
            return "the rule was not there yet"
        if hops:
            return f"the table {asked.table} was not consulted"
        passed = list(dict.fromkeys(hop.name for hop in journey.hops))
        return f"did not pass {_LAYERS[asked.family]} {listed(self._hooks)}, only {listed(passed)}"


def why_not(
    lab: str | Sequence[str] | Lab | LabResult,
    table: str,
    chain: str,
    number: int,
    *,
    kernel: str = "6.1",
    netns: str = "host",
    family: str = "ipv4",
) -> WhyNot:
    """Ask of every packet why it did not match a rule: the table of packets with the condition that failed.

    ``lab`` is a lab script, or several that follow one another: they run on a fresh host with this ``kernel``, and
    all their packets are answered. Or it is a host that is alive, as a :class:`~netlab.lab.Lab` or as the
    :class:`~netlab.lab.LabResult` of a cell: the answers begin with the next packet, and what is returned shows the
    packets up to the moment at which it is shown. ``number`` counts from 1; ``family`` is ``ipv4`` or ``bridge``
    (ebtables).

    The kernel asks its own evaluators, at the moment the packet comes by, so the answer is what it went by.

    Raises InputError where there is no such rule, and what a script raises.

    >>> why_not("iptables -A INPUT -p tcp -j DROP; ping -c 1 127.0.0.1", "filter", "INPUT", 1)
    Why packets did not match filter:INPUT rule 1: -p tcp -j DROP
      packet                                      hook      devices  the rule
      1. ICMP echo request 127.0.0.1 > 127.0.0.1  ip INPUT  lo >     protocol 1 is not 6
      2. ICMP echo reply 127.0.0.1 > 127.0.0.1    ip INPUT  lo >     protocol 1 is not 6
    """
    if family not in _TABLES:
        raise InputError(f"{family!r} has no rules", source="family", expected=listed(list(_TABLES)))
    if table not in _TABLES[family]:
        known = listed(list(_TABLES[family]))
        raise InputError(f"there is no table {table!r}", source="table", expected=f"one of {known}")
    if isinstance(lab, Lab | LabResult):
        world = lab.world
        _refuse_nowhere(world, Watch(netns, family, table, chain, number))
        return WhyNot(
            watch=watch(world, netns, table, chain, number, family=family),
            world=world,
            start=len(world.steps),
        )
    host = Lab(kernel)
    made = WhyNot(
        watch=watch(host.world, netns, table, chain, number, family=family), world=host.world, start=0
    )
    for script in (lab,) if isinstance(lab, str) else lab:
        host.run(script)
    if not made.watch.answers:
        _refuse_nowhere(host.world, made.watch)
    return made


def rule_at(world: World, place: Watch) -> Rule | EbRule | None:
    """The rule that stands at a place now, if there is one."""
    rules = _rules(world, place)
    return rules[place.number - 1] if rules is not None and 0 < place.number <= len(rules) else None


def _rules(world: World, place: Watch) -> Sequence[Rule | EbRule] | None:
    """The rules of a chain; None where the namespace, the table or the chain is not there."""
    ns = world.netns.get(place.netns)
    if ns is None:
        return None
    if place.family == "bridge":
        frames = ns.eb.get(place.table)
        return (
            [e.rule for e in frames.chains[place.chain].rules]
            if frames and place.chain in frames.chains
            else None
        )
    packets = ns.xt.get(place.table)
    return (
        [x.rule for x in packets.chains[place.chain].rules]
        if packets and place.chain in packets.chains
        else None
    )


def _refuse_nowhere(world: World, place: Watch) -> None:
    """Refuse a place at which no rule is, with what there is instead."""
    if place.netns not in world.netns:
        there = listed(list(world.netns))
        raise InputError(f"there is no namespace {place.netns!r}", source="netns", expected=f"one of {there}")
    rules = _rules(world, place)
    if rules is None:
        ns = world.netns[place.netns]
        table = (ns.eb if place.family == "bridge" else ns.xt).get(place.table)
        what = "the table is not there: nobody has opened it" if table is None else "there is no such chain"
        chains = None if table is None else f"one of {listed(list(table.chains))}"
        raise InputError(f"{place.table}:{place.chain}: {what}", source="rule", expected=chains)
    if not 0 < place.number <= len(rules):
        there = f"1 to {len(rules)}" if rules else "none: the chain is empty"
        raise InputError(
            f"{place.table}:{place.chain} has no rule {place.number}", source="rule", expected=there
        )

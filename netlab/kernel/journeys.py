"""From what a simulated kernel did to journeys: the packets of one namespace, hop by hop, each with its reasons.

The hops are those of :mod:`netlab.trace`, so simulated and recorded packets are shown, compared and explained by the
same code; a simulated hop also knows which tables were consulted without printing, and why the packet came there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Final

from netlab.kernel import klog
from netlab.kernel import steps as s
from netlab.rules.ebmodel import EbRule
from netlab.rules.ebtext import eb_rule_text
from netlab.rules.model import Rule
from netlab.rules.rule_text import rule_words
from netlab.trace.explain import packet_words
from netlab.trace.journeys import Family, Hop, Journey, Packet
from netlab.trace.records import EbtablesRecord
from netlab.wire import Arp, Ethernet, Ipv4, ip_text

if TYPE_CHECKING:
    from netlab.kernel.world import World

_FAMILIES: Final[dict[str, Family]] = {"ipv4": "ip", "bridge": "bridge"}
_INSIDE: Final = (s.RuleMatched, s.Tracked, s.Translated, s.Marked, s.Readdressed, s.HookSkipped, s.Logged)
_ENDS: Final = (s.Transmitted, s.Delivered, s.Dropped)
_REFUSALS: Final = ("DROP", "REJECT")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SimulatedHop(Hop):
    """A passage of one hook in the simulated kernel.

    ``records`` are the lines printed here; where none was, one record without prefix that shows the packet as it
    came in (``printed`` tells). ``why`` are the steps that led here, ``steps`` those that happened here, ``then`` how
    this copy of the packet left or ended right after, if it did.
    """

    why: tuple[s.Step, ...]
    steps: tuple[s.Step, ...]
    then: tuple[s.Step, ...]
    printed: bool
    entered: s.HookEntered

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rules were consulted, whether they printed or not."""
        return tuple(dict.fromkeys(step.table for step in self.steps if isinstance(step, s.RuleMatched)))

    @property
    def dropped(self) -> str:
        """Why the packet ends here, or the empty string."""
        for step in reversed(self.steps):
            if isinstance(step, s.RuleMatched) and step.target in _REFUSALS:
                return step_words(step)
        return next((step_words(step) for step in self.then if _is_drop(step)), "")

    @property
    def reason(self) -> str:
        """Why the packet came to this hook, in words."""
        return _joined(self.why)

    @property
    def words(self) -> str:
        """What happened here, in words."""
        return _joined(self.steps) or "no table is consulted"

    @property
    def after(self) -> str:
        """How this copy of the packet left or ended right after this hook, in words; mostly empty."""
        return _joined(self.then)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SimulatedJourney(Journey):
    """One packet in one namespace; ``packet`` is the world's number for it."""

    netns: str
    packet: int

    @property
    def records(self) -> tuple[Packet, ...]:
        """The lines that were printed, in their order."""
        return tuple(
            r for hop in self.hops if isinstance(hop, SimulatedHop) and hop.printed for r in hop.records
        )

    @property
    def title(self) -> str:
        """The packet in a few words, as it was first seen."""
        first = [r for hop in self.hops for r in hop.records]
        return packet_words(next((r for r in first if not isinstance(r, EbtablesRecord)), first[0]))

    @property
    def outcome(self) -> str:
        """How it ended in this namespace, in words."""
        last = self.hops[-1]
        return last.after if isinstance(last, SimulatedHop) else ""

    def explain(self) -> str:
        """Every hop in words, with why the packet came there and what happened."""
        out = [f"Packet {self.number}: {self.title}, {self.direction}"]
        for number, hop in enumerate(self.hops, 1):
            assert isinstance(hop, SimulatedHop)
            out.append(f"{number:3}. {hop.name}: {hop.words}")
            if hop.reason:
                out.append(f"       because {hop.reason}")
            if hop.after:
                out.append(f"       then {hop.after}")
        return "\n".join(out)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{n}</td><td>{escape(hop.name)}</td><td>{escape(', '.join(hop.tables))}</td>"
            f"<td>{escape(hop.reason)}</td><td>{escape(hop.words)}</td><td>{escape(hop.after)}</td></tr>"
            for n, hop in enumerate(self.hops, 1)
            if isinstance(hop, SimulatedHop)
        )
        return (
            f"<p>Packet {self.number}: {escape(self.title)}, {escape(self.direction)}</p>"
            "<table><thead><tr><th>hop</th><th>hook</th><th>tables</th><th>why it came here</th>"
            f"<th>what happened</th><th>then</th></tr></thead><tbody>{rows}</tbody></table>"
        )


def kernel_journeys(world: World, *, netns: str = "host", arp: bool = False) -> tuple[SimulatedJourney, ...]:
    """The packets that passed a hook of a namespace, in the order in which they came; see :func:`journeys_of`.

    >>> from netlab.kernel.world import World
    >>> kernel_journeys(World())
    ()
    """
    return journeys_of(world.steps, netns=netns, arp=arp)


def journeys_of(
    steps: Iterable[s.Step], *, netns: str = "host", arp: bool = False
) -> tuple[SimulatedJourney, ...]:
    """Journeys out of steps, such as those of one lab cell. ARP frames pass only the bridge's hooks: ``arp`` keeps
    them."""
    found: dict[int, _Making] = {}
    for place, step in enumerate(steps):
        if step.netns == netns and step.journey:
            found.setdefault(step.journey, _Making()).add(step, place)
    kept = [(n, made) for n, made in found.items() if made.hops and (arp or not made.arp)]
    kept.sort(key=lambda item: item[1].order)
    return tuple(
        SimulatedJourney(
            number=number,
            hops=tuple(_hop(hop) for hop in made.finished()),
            netns=netns,
            packet=packet,
        )
        for number, (packet, made) in enumerate(kept, 1)
    )


class _Open:
    """A hop under construction."""

    def __init__(self, entered: s.HookEntered, why: list[s.Step], frame: _Frame) -> None:
        self.entered = entered
        self.why = why
        self.frame = frame
        self.steps: list[s.Step] = []
        self.then: list[s.Step] = []


@dataclass(slots=True)
class _Frame:
    """The link header and payload last seen."""

    eth: Ethernet | None = None
    payload: Ipv4 | Arp | None = None


class _Making:
    """A journey under construction."""

    def __init__(self) -> None:
        self.hops: list[_Open] = []
        self.waiting: list[s.Step] = []
        self.frame = _Frame()
        self.order = 0

    @property
    def arp(self) -> bool:
        return isinstance(self.frame.payload, Arp)

    def add(self, step: s.Step, place: int) -> None:
        if isinstance(step, s.Received | s.Transmitted):
            self.frame = _Frame(step.eth, step.payload)
        if isinstance(step, s.HookEntered):
            self._enter(step, place)
        elif isinstance(step, s.HookSkipped) and not step.table:
            # A whole hook that does not run again: why the packet comes to the next one without it.
            self.waiting.append(step)
        elif isinstance(step, _INSIDE) and (hop := self._home(step)) is not None:
            hop.steps.append(step)
        else:
            self.waiting.append(step)
            if self.hops and (isinstance(step, _ENDS) or _is_drop(step)):
                self.finished()

    def finished(self) -> list[_Open]:
        """The hops; what waits for a hook to lead to belongs to the last of them."""
        if self.hops:
            self.hops[-1].then += self.waiting
            self.waiting = []
        return self.hops

    def _enter(self, step: s.HookEntered, place: int) -> None:
        if not self.hops:
            self.order = place
        self.hops.append(_Open(step, self.waiting, replace(self.frame)))
        self.waiting = []

    def _home(self, step: s.Step) -> _Open | None:
        """The hop in which a step happened: the last one of its hook, or of its family, or the last."""
        if isinstance(step, s.RuleMatched | s.HookSkipped):
            wanted = [h for h in self.hops if (h.entered.family, h.entered.hook) == (step.family, step.hook)]
        else:
            wanted = [h for h in self.hops if (h.entered.family == "bridge") == _by_ebtables(step)]
        return wanted[-1] if wanted else None


def _by_ebtables(step: s.Step) -> bool:
    match step:
        case s.Logged():
            return isinstance(step.record, klog.EbtablesLine)
        case s.Marked():
            return step.family == "bridge"
        case _:
            return isinstance(step, s.Readdressed)


def _hop(made: _Open) -> SimulatedHop:
    entered = made.entered
    lines = [klog.record_of(step.record) for step in made.steps if isinstance(step, s.Logged)]
    records = tuple(line for line in lines if not isinstance(line, str))
    return SimulatedHop(
        family=_FAMILIES[entered.family],
        hook=entered.hook,
        records=records or (_as_entered(entered, made.frame),),
        why=tuple(made.why),
        steps=tuple(made.steps),
        then=tuple(made.then),
        printed=bool(records),
        entered=entered,
    )


def _as_entered(entered: s.HookEntered, frame: _Frame) -> Packet:
    """The packet at a hook where nothing was printed, as a record without prefix."""
    if entered.family == "bridge" or entered.packet is None:
        eth = frame.eth or Ethernet("", "", 0)
        line: object = klog.EbtablesLine(
            "",
            entered.in_dev,
            entered.out_dev,
            eth,
            entered.packet or frame.payload,
            frozenset({"ip", "arp"}),
        )
    else:
        physin, physout = entered.physin, entered.physout
        line = klog.IptablesLine(
            "",
            entered.in_dev,
            entered.out_dev,
            physin if physin != entered.in_dev else "",
            physout if physout != entered.out_dev else "",
            None,
            False,
            entered.packet,
            None,
            0,
            klog.TRACE_FLAGS,
            4,
        )
    record = klog.record_of(line)
    assert not isinstance(record, str)
    return record


def _is_drop(step: s.Step) -> bool:
    return isinstance(step, s.Dropped) or (isinstance(step, s.BridgeDecision) and step.action == "drop")


def _joined(steps: Iterable[s.Step]) -> str:
    return "; ".join(dict.fromkeys(words for step in steps if (words := step_words(step))))


def rule_in_words(rule: object) -> str:
    """A rule of iptables or ebtables as its command prints it, without the chain.

    >>> from netlab.rules.ebmodel import EbVerdict
    >>> rule_in_words(EbRule(proto=0x800, target=EbVerdict("DROP")))
    '-p IPv4 -j DROP'
    """
    if isinstance(rule, EbRule):
        return eb_rule_text(rule).strip()
    return rule_words(rule).strip() if isinstance(rule, Rule) else ""


def step_words(step: s.Step) -> str:
    """A step in a few words; the empty string for steps that say nothing by themselves."""
    match step:
        case s.RuleMatched():
            return _rule(step)
        case s.BridgeDecision():
            ports = f" to {', '.join(step.ports)}" if step.ports else ""
            return f"{step.bridge} decides to {step.action}{ports}: {step.reason}"
        case s.Learned():
            return f"{step.bridge} learns {step.mac} on {step.port}"
        case s.HookSkipped():
            what = f"{step.table} not consulted: " if step.table else ""
            return f"{what}{step.reason}"
        case s.Tracked():
            return f"conntrack: {step.state} ({step.reason})"
        case s.Translated():
            return f"NAT: {_translation(step)} ({step.reason})"
        case s.Marked():
            whose = "the connection's mark" if step.entry is not None else "mark"
            return f"{whose} 0x{step.before:x} becomes 0x{step.after:x}"
        case s.Readdressed(before=before, after=after):
            changed = [f"{end} {old} becomes {new}" for end, old, new in
                       (("source", before.src, after.src), ("destination", before.dst, after.dst)) if old != new]  # fmt: skip
            return f"MAC {', '.join(changed)}" if changed else ""
        case s.Routed():
            by = f" by {step.out_dev}" if step.out_dev else ""
            gateway = f" via {ip_text(step.gateway)}" if step.gateway else ""
            return f"routing to {ip_text(step.destination)}: {step.decision}{by}{gateway} ({step.reason})"
        case s.TtlLowered():
            return f"TTL lowered to {step.ttl}"
        case s.Fragmented():
            return f"{step.pieces} fragments: {step.reason}"
        case s.Delivered():
            return f"delivered to {step.to}"
        case s.Transmitted():
            return f"sent by {step.dev}"
        case s.Dropped():
            return f"dropped at {step.where}: {step.reason}"
        case _:
            return ""


def _translation(step: s.Translated) -> str:
    before, after = step.before, step.after
    changed = [
        f"{end} {ip_text(old)} is now {ip_text(new)}"
        for end, old, new in (("source", before.src, after.src), ("destination", before.dst, after.dst))
        if old != new
    ]
    return ", ".join(changed) or step.what


def _rule(step: s.RuleMatched) -> str:
    place = f"{step.table}:{step.chain}"
    if step.rule is None:
        end = "policy" if step.label == "policy" else "end of chain"
        return f"{place} {end} {step.target}".rstrip()
    text = rule_in_words(step.rule) or (f"-j {step.target}" if step.target else "")
    return f"{place} rule {step.number}: {text}".removesuffix(": ")

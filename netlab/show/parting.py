"""Where two runs part: the first thing that the kernel did in one of them and not in the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netlab.kernel import steps as s
from netlab.kernel.journeys import journeys_of, rule_in_words, step_words
from netlab.lab import Lab, LabResult
from netlab.show.table import Table
from netlab.wire import Arp, Icmp, Ipv4, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.world import World

_LED: Final = 4
"""How many steps before the parting are shown."""
_DRAWN_PORTS: Final = 32768
"""Ports from here on are drawn by the kernel (net.ipv4.ip_local_port_range)."""
_MAC: Final = r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
_DRAWN: Final = re.compile(rf"\b(?:{_MAC}|veth[0-9a-f]{{7}})\b|(?<=\.\d:)\d+\b|(?<=\.\d\d:)\d+\b|(?<=\.\d\d\d:)\d+\b")
_END: Final = "nothing more happens to it"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parting:
    """The first step at which two runs part; shows itself as a table of what led there and both steps.

    ``packet`` is the packet in words, ``netns`` the namespace it was in, ``before`` what both runs did with it last
    (oldest first), ``left`` and ``right`` the steps that differ, ``left_end`` and ``right_end`` how it ended in each.
    All are empty if the two runs did the same (``same``).
    """

    names: tuple[str, str]
    packet: str = ""
    netns: str = ""
    before: tuple[str, ...] = ()
    left: str = ""
    right: str = ""
    left_end: str = ""
    right_end: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def same(self) -> bool:
        """Whether the runs never part."""
        return not self.left

    @property
    def table(self) -> Table:
        """What led there, the two steps (marked), and how the packet ended."""
        if self.same:
            return Table(
                title="The two runs do not part", columns=("", *self.names), rows=(), notes=self.notes
            )
        led = tuple(("both", words, words) for words in self.before)
        parts = ("here they part", self.left, self.right)
        return Table(
            title=f"Where the runs part: {self.packet}, in the namespace {self.netns}",
            columns=("", *self.names),
            rows=(*led, parts, ("in the end", self.left_end, self.right_end)),
            marked={len(led)},
            notes=self.notes,
        )

    def __repr__(self) -> str:
        return self.table.text

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def first_parting(
    left: Lab | LabResult, right: Lab | LabResult, *, names: tuple[str, str] = ("first run", "second run")
) -> Parting:
    """The first step at which two runs part: a rule more or less, a sysctl changed, another kernel.

    Compared is what the kernel did with each packet, in all namespaces, in the order of the first run; not the times,
    not the log, not the numbers that rules have, and not what a kernel draws by lot (ids, ephemeral ports, random MAC
    addresses and veth names), which count as equal where they play the same part. Of a :class:`~netlab.lab.LabResult`
    the steps of that script are looked at, of a :class:`~netlab.lab.Lab` all since its start.

    >>> from netlab.lab import run_lab
    >>> free = run_lab("ping -c 1 127.0.0.1")
    >>> shut = run_lab("iptables -A INPUT -j DROP; ping -c 1 -W 1 127.0.0.1")
    >>> first_parting(free, shut).right
    'filter:INPUT rule 1: -j DROP'
    >>> first_parting(free, free).same
    True
    """
    one, other = _Run(left), _Run(right)
    found: tuple[int, int, int] | None = None
    for number in range(1, max(len(one.packets), len(other.packets)) + 1):
        mine, theirs = one.of(number), other.of(number)
        at = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a[1] != b[1]), None)
        if at is None and len(mine) != len(theirs):
            at = min(len(mine), len(theirs))
        if at is not None:
            place = min(run[at][0] for run in (mine, theirs) if at < len(run))
            found = min(found, (place, number, at)) if found else (place, number, at)
    if found is None:
        return Parting(names=names, notes=(f"the kernel did the same {len(one.kept)} things in both",))
    _, number, at = found
    mine, theirs = one.of(number), other.of(number)
    step = (mine if at < len(mine) else theirs)[at][2]
    a, b = (run[at][2] if at < len(run) else None for run in (mine, theirs))
    run = one if a is not None else other
    return Parting(
        names=names,
        packet=run.title(step),
        netns=step.netns,
        before=tuple(_told(entry[2], step) for entry in mine[max(at - _LED, 0) : at]),
        left=_END if a is None else _told(a, step),
        right=_END if b is None else _told(b, step),
        left_end=_told(mine[-1][2], step) if mine else "it does not exist",
        right_end=_told(theirs[-1][2], step) if theirs else "it does not exist",
        notes=tuple(_rule_notes((one, other), (a, b), names)),
    )


class _Run:
    """The steps of a run about packets: each with its place in the run and what is compared of it."""

    def __init__(self, run: Lab | LabResult) -> None:
        self.world: World = run.world
        self.steps = tuple(run.steps if isinstance(run, LabResult) else run.world.steps)
        self.kept = [x for x in self.steps if x.journey and not isinstance(x, s.Logged | s.Resolved)]
        self.packets: dict[int, list[tuple[int, object, s.Step]]] = {}
        drawn = _Lots()
        for place, step in enumerate(self.kept):
            self.packets.setdefault(step.journey, []).append((place, _key(step, drawn), step))
        self._in_order = list(self.packets.values())

    def of(self, number: int) -> list[tuple[int, object, s.Step]]:
        """The steps of a packet, by the order in which packets came to be."""
        return self._in_order[number - 1] if number <= len(self._in_order) else []

    def title(self, step: s.Step) -> str:
        """The packet of a step in words."""
        spaces = dict.fromkeys((step.netns, "host", *self.world.netns))
        for netns in spaces:
            for journey in journeys_of(self.steps, netns=netns, arp=True):
                if journey.packet == step.journey:
                    return journey.title
        return "a packet that met no hook"


class _Lots:
    """What a kernel draws by lot, by the order of appearance: two runs may draw otherwise and do the same."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def number(self, value: str) -> str:
        """The name that a drawn value goes by."""
        return f"#{self.seen.setdefault(value, len(self.seen))}"

    def port(self, number: int) -> str:
        return self.number(str(number)) if number >= _DRAWN_PORTS else str(number)

    def text(self, words: str) -> str:
        """Words without drawn values; ports and ids only where a packet has shown that they are drawn."""
        return _DRAWN.sub(
            lambda hit: (
                self.number(hit[0]) if not hit[0].isdigit() or hit[0] in self.seen else hit[0]
            ),
            words,
        )


def _key(step: s.Step, lots: _Lots) -> object:
    """What of a step makes it another one."""
    start = (type(step).__name__, step.netns)
    match step:
        case s.RuleMatched():
            said = rule_in_words(step.rule) if step.rule is not None else step.target
            return *start, step.family, step.hook, step.table, step.chain, step.rule is None, lots.text(said)
        case s.HookEntered():
            names = " ".join((step.in_dev, step.out_dev, step.physin, step.physout))
            return *start, step.family, step.hook, lots.text(names), _packet_key(step.packet, lots)
        case s.Received() | s.Transmitted():
            frame = "" if step.eth is None else f"{step.eth.src} {step.eth.dst} {step.eth.proto:04x}"
            return *start, lots.text(f"{step.dev} {frame}"), _packet_key(step.payload, lots)
        case s.Translated():
            changed = _packet_key(step.before, lots), _packet_key(step.after, lots)
            return *start, *changed, lots.text(f"{step.what} {step.reason}")
        case _:
            return *start, lots.text(step_words(step))


def _packet_key(packet: Ipv4 | Arp | None, lots: _Lots) -> object:
    if packet is None:
        return None
    if isinstance(packet, Arp):
        return packet.op, packet.sender_ip, packet.target_ip
    l4 = packet.l4
    start = (packet.src, packet.dst, packet.proto, packet.ttl, packet.tos, packet.df, packet.mf, packet.frag)
    match l4:
        case Icmp():
            ends: tuple[object, ...] = (l4.type, l4.code, lots.number(str(l4.id)))
            if l4.inner is not None:
                ends = (l4.type, l4.code, _packet_key(l4.inner, lots))
        case Tcp():
            ends = (lots.port(l4.sport), lots.port(l4.dport), l4.flags, l4.data)
        case Udp():
            ends = (lots.port(l4.sport), lots.port(l4.dport), l4.data)
        case _:
            ends = ()
    return *start, packet.length, ends


def _told(step: s.Step, around: s.Step) -> str:
    """A step in words, with its namespace where that is another."""
    where = "" if step.netns == around.netns else f"in {step.netns}: "
    return where + _words(step)


def _words(step: s.Step) -> str:
    match step:
        case s.HookEntered():
            layer = "IPv4" if step.family == "ipv4" else "bridge"
            return f"enters {layer} {step.hook}{_state(step.packet)}"
        case s.Received():
            return f"comes in by {step.dev}"
        case _:
            return step_words(step)


def _state(packet: Ipv4 | None) -> str:
    return "" if packet is None else f" as {ip_text(packet.src)} > {ip_text(packet.dst)}, TTL {packet.ttl}"


def _rule_notes(
    runs: tuple[_Run, _Run], parted: tuple[s.Step | None, s.Step | None], names: tuple[str, str]
) -> Iterable[str]:
    """For a rule that spoke in one run only: whether the other run has it at all."""
    if runs[0].world is runs[1].world:
        return
    for step, other, name in zip(parted, reversed(runs), reversed(names), strict=True):
        if not isinstance(step, s.RuleMatched) or step.rule is None:
            continue
        ns = other.world.netns.get(step.netns)
        tables = {} if ns is None else ns.eb if step.family == "bridge" else ns.xt
        table = tables.get(step.table)
        chain = None if table is None else table.chains.get(step.chain)
        words = rule_in_words(step.rule)
        if chain is None or all(rule_in_words(entry.rule) != words for entry in chain.rules):
            yield f"{name}: {step.table}:{step.chain} has no rule {words}"

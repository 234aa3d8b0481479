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
from netlab.show.words import count
from netlab.wire import Arp, Icmp, Ipv4, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.world import World

_LED: Final = 4
"""How many steps before the parting are shown."""
_DRAWN_PORTS: Final = 32768
"""Ports from here on are drawn by the kernel (net.ipv4.ip_local_port_range)."""
_DRAWN: Final = re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\bveth[0-9a-f]{7}\b|(?<=\d):\d+\b")
"""What may be drawn by lot in a step's words: MAC addresses, Docker's veth names, ports and ids after an address."""
_END: Final = "nothing more"


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
            title=f"Where the runs part: {self.packet} (in the namespace {self.netns})",
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
    >>> free = run_lab("iptables -P INPUT ACCEPT; ping -c 1 127.0.0.1")
    >>> shut = run_lab("iptables -A INPUT -j DROP; ping -c 1 -W 1 127.0.0.1")
    >>> first_parting(free, shut).right
    'filter:INPUT rule 1: -j DROP'
    >>> first_parting(free, free).same
    True
    """
    shared = frozenset(_names(left.world) & _names(right.world))
    one, other = _Run(left, shared), _Run(right, shared)
    found: tuple[int, int, int] | None = None
    for number in range(max(len(one.packets), len(other.packets))):
        mine, theirs = one.of(number), other.of(number)
        at = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a.key != b.key), None)
        if at is None and len(mine) != len(theirs):
            at = min(len(mine), len(theirs))
        if at is not None:
            place = min(run[at].place for run in (mine, theirs) if at < len(run))
            found = min(found, (place, number, at)) if found else (place, number, at)
    if found is None:
        return Parting(names=names, notes=(f"the kernel took the same {len(one.kept)} steps in both",))
    return _parting(one, other, *found[1:], names)


def _parting(one: _Run, other: _Run, number: int, at: int, names: tuple[str, str]) -> Parting:
    """The parting at a step of a packet."""
    mine, theirs = one.of(number), other.of(number)
    a, b = (run[at].step if at < len(run) else None for run in (mine, theirs))
    run, step = (one, a) if a is not None else (other, b)
    assert step is not None
    # Packets that differ from their first step on are not the same packet: each is called by its name.
    titles = ("", "") if at else (f"{one.title(a)}: ", f"{other.title(b)}: ")
    return Parting(
        names=names,
        packet=run.title(step) if at else f"at packet {number + 1}, which is another one",
        netns=step.netns,
        before=tuple(_told(entry.step, step) for entry in mine[max(at - _LED, 0) : at]),
        left=titles[0] + _told(a, step),
        right=titles[1] + _told(b, step),
        left_end=_told(mine[-1].step if mine else None, step),
        right_end=_told(theirs[-1].step if theirs else None, step),
        notes=(*_rule_notes((one, other), (a, b), names), *_count_notes((one, other), names)),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A step, its place in the run, and what is compared of it."""

    place: int
    key: object
    step: s.Step


class _Run:
    """The steps of a run about packets, by the order in which the packets came to be."""

    def __init__(self, run: Lab | LabResult, shared: frozenset[str]) -> None:
        self.world: World = run.world
        self.steps = tuple(run.steps if isinstance(run, LabResult) else run.world.steps)
        self.kept = [
            x for x in self.steps if x.journey and not isinstance(x, s.Logged | s.Resolved | s.Refreshed)
        ]
        found: dict[int, list[_Entry]] = {}
        lots: dict[int, _Lots] = {}
        for place, step in enumerate(self.kept):
            drawn = lots.setdefault(step.journey, _Lots(shared))
            found.setdefault(step.journey, []).append(_Entry(place, _key(step, drawn), step))
        self.packets = list(found.values())

    def of(self, number: int) -> list[_Entry]:
        """The steps of a packet, none if there are fewer packets."""
        return self.packets[number] if number < len(self.packets) else []

    def title(self, step: s.Step | None) -> str:
        """The packet of a step in words."""
        if step is None:
            return "no packet"
        for netns in dict.fromkeys((step.netns, "host", *self.world.netns)):
            for journey in journeys_of(self.steps, netns=netns, arp=True):
                if journey.packet == step.journey:
                    return journey.title
        return "a packet that met no hook"


def _names(world: World) -> set[str]:
    """Devices and MAC addresses of all namespaces."""
    devices = [device for ns in world.netns.values() for device in ns.devices.values()]
    return {name for device in devices for name in (device.name, device.mac)}


class _Lots:
    """What was drawn by lot, numbered by its appearance in one packet's steps: two runs may draw otherwise and do
    the same. What both runs have (``shared``) was not drawn anew and goes by its own name."""

    def __init__(self, shared: frozenset[str]) -> None:
        self.shared = shared
        self.seen: dict[str, int] = {}

    def number(self, value: str) -> str:
        """The name that a drawn value goes by."""
        return f"#{self.seen.setdefault(value, len(self.seen))}"

    def port(self, number: int) -> str:
        """A port, by its own number unless it is one that the kernel draws."""
        return self.number(str(number)) if number >= _DRAWN_PORTS else str(number)

    def text(self, words: str, *, ids: bool = False) -> str:
        """Words without drawn values; ``ids`` says that what follows an address is an ICMP id, not a port."""

        def drawn(hit: re.Match[str]) -> str:
            value = hit[0]
            if value.startswith(":"):
                return ":" + (self.number(value[1:]) if ids else self.port(int(value[1:])))
            return value if value in self.shared else self.number(value)

        return _DRAWN.sub(drawn, words)


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
            ids = isinstance(step.before.l4, Icmp)
            return *start, *changed, lots.text(f"{step.what} {step.reason}", ids=ids)
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


def _told(step: s.Step | None, around: s.Step) -> str:
    """A step in words, with its namespace where that is another."""
    if step is None:
        return _END
    where = "" if step.netns == around.netns else f"in {step.netns}: "
    return where + _words(step)


def _words(step: s.Step) -> str:
    match step:
        case s.HookEntered():
            layer = "IPv4" if step.family == "ipv4" else "bridge"
            return f"enters {layer} {step.hook}{_state(step.packet)}"
        case s.Received():
            return f"comes in by {step.dev}"
        case s.RuleMatched(family="bridge"):
            return f"ebtables {step_words(step)}"
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


def _count_notes(runs: tuple[_Run, _Run], names: tuple[str, str]) -> Iterable[str]:
    """How many packets there were, ARP among them, where the runs have not as many."""
    if len(runs[0].packets) != len(runs[1].packets):
        for run, name in zip(runs, names, strict=True):
            yield f"{name}: {count(len(run.packets), 'packet')} in all"

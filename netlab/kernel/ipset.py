"""Named sets of addresses, networks, ports and hardware addresses that ``-m set`` asks (net/netfilter/ipset/).

Modelled are the types that rules of this course meet; others are refused when a set is created.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from netlab.errors import NotModelledError
from netlab.rules.names import ICMP_TYPES
from netlab.wire import ICMP, Icmp, Raw, Tcp, Udp, ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb

Part: TypeAlias = "tuple[int, int] | str"
"""A dimension of an element: (address, prefix length), (protocol, port), or a device's name or hardware address."""
Element: TypeAlias = "tuple[Part, ...]"

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "hash:ip": ("ip",),
    "hash:net": ("net",),
    "hash:mac": ("mac",),
    "hash:ip,port": ("ip", "port"),
    "hash:ip,mac": ("ip", "mac"),
    "hash:net,port": ("net", "port"),
    "hash:net,net": ("net", "net"),
    "hash:net,iface": ("net", "iface"),
    "hash:ip,port,ip": ("ip", "port", "ip"),
    "hash:ip,port,net": ("ip", "port", "net"),
    "bitmap:ip": ("ip",),
    "bitmap:port": ("port",),
    "list:set": ("set",),
}
"""The dimensions of each type that is modelled."""


@dataclass(slots=True)
class Member:
    """What a set keeps beside an element: whether it is an exception (``nomatch``), when it goes, what it counted."""

    nomatch: bool = False
    expires: float | None = None
    comment: str = ""
    packets: int = 0
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule asks of a set: the sides of the packet, exceptions instead (``nomatch``), and of counters.

    Whether the packet counts is ``update``, in sets of a set of sets ``update_sub`` too; ``holds`` is asked with the
    packets and bytes that the element has counted then.
    """

    directions: tuple[str, ...]
    nomatch: bool = False
    update: bool = True
    update_sub: bool = True
    holds: Callable[[int, int], bool] = lambda packets, octets: True

    def of_member(self) -> Question:
        """The question to a set in a set of sets: nobody looks at its counters (list_set_ktest)."""
        return Question(self.directions, self.nomatch, self.update and self.update_sub)


@dataclass(slots=True)
class IpSet:
    """One set. ``timeout`` is the seconds an element stays where ``add`` says nothing (0: for ever), None for a set
    without timeouts; ``bounds`` the first and last number of a bitmap. ``tallies`` is what a set of sets keeps beside
    each of its sets, by the set's identity.

    >>> from netlab.wire import ip
    >>> s = IpSet("allow", "hash:net")
    >>> s.add(((ip("10.0.0.0"), 8),))
    True
    >>> s.contains([(ip("10.1.2.3"), 32)])
    True
    """

    name: str
    type: str
    timeout: int | None = None
    counters: bool = False
    comments: bool = False
    bounds: tuple[int, int] | None = None
    elements: dict[Element, Member] = field(default_factory=dict)
    sets: list[IpSet] = field(default_factory=list)
    tallies: dict[int, Member] = field(default_factory=dict)
    _lengths: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise NotModelledError(f"the set type {self.type} is not modelled", expected=", ".join(TYPES))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return TYPES[self.type]

    def add(
        self,
        element: Element,
        *,
        nomatch: bool = False,
        now: float = 0.0,
        timeout: int | None = None,
        comment: str = "",
        packets: int | None = None,
        octets: int | None = None,
    ) -> bool:
        """Add an element, or renew it; False if it was there. What it counted stays if no numbers are given."""
        element = self.canonical(element)
        there = self._living(element, now)
        packets, octets = (
            given if given is not None else kept
            for given, kept in zip(
                (packets, octets), (there.packets, there.octets) if there else (0, 0), strict=True
            )
        )
        seconds = self.timeout if timeout is None else timeout
        expires = now + seconds if seconds else None
        self.elements[element] = Member(nomatch, expires, comment, packets, octets)
        self._relength()
        return there is None

    def delete(self, element: Element, now: float = 0.0) -> bool:
        """Remove an element; False if there was none."""
        element = self.canonical(element)
        known = self._living(element, now) is not None
        self.elements.pop(element, None)
        self._relength()
        return known

    def flush(self) -> None:
        """Remove all elements."""
        self.elements.clear()
        self.sets.clear()
        self._relength()

    def members(self, now: float = 0.0) -> list[tuple[Element, Member]]:
        """What is in the set now, in the order of a listing: bitmaps go by number."""
        alive = [(element, self.elements[element]) for element in self.elements if self._living(element, now)]
        return sorted(alive, key=lambda pair: pair[0]) if self.bounds else alive

    def contains(self, element: list[Part], *, nomatch: bool = False, now: float = 0.0) -> bool:
        """Whether an element is in the set: the most specific network decides; an exception is not in it.

        ``nomatch`` asks for exceptions instead (``--return-nomatch``).
        """
        network = any(
            kind == "net" and part[1] != 32 for kind, part in zip(self.dimensions, element, strict=True)
        )
        # A network is not looked for in larger ones.
        found = (
            self._living(self.canonical(tuple(element)), now)
            if network
            else next(self._find(element, now), None)
        )
        return found is not None and found.nomatch == nomatch

    def _find(self, element: list[Part], now: float) -> Iterator[Member]:
        """What an element falls under, the longest prefix first."""
        for lengths in self._lengths:
            asked = tuple(
                (part[0] & mask_of(length), length)
                if kind in ("ip", "net") and isinstance(part, tuple)
                else part
                for part, kind, length in zip(element, self.dimensions, lengths, strict=True)
            )
            if (found := self._living(asked, now)) is not None:
                yield found

    def _living(self, element: Element, now: float) -> Member | None:
        found = self.elements.get(element)
        return None if found is None or (found.expires is not None and found.expires <= now) else found

    def matches(
        self,
        skb: Skb,
        state: HookState,
        question: Question,
        *,
        count: bool = False,
    ) -> bool:
        """Whether a packet is in the set, each dimension taken from the side that the question names.

        With ``count`` the element that matched counts the packet, if the set counts. A set of sets asks each.
        """
        directions = question.directions
        if self.type == "list:set":
            inner = question.of_member()
            return any(
                one.matches(skb, state, inner, count=count)
                and self._met(self.tallies.setdefault(id(one), Member()), skb, question, count)
                for one in self.sets
            )
        element: list[Part] = []
        for kind, direction in zip(self.dimensions, directions, strict=False):
            part = _part_of(skb, state, kind, direction == "src")
            if part is None:
                return False
            if self.type == "bitmap:port" and isinstance(part, tuple):
                # It knows no protocols, but only those that have ports.
                part = (0, part[1]) if isinstance(skb.packet.l4, (Tcp, Udp)) else (0, -1)
            element.append(part)
        if len(element) != len(self.dimensions):
            return False
        for found in self._find(element, state.ns.world.now):
            # An exception counts what it met, too (ip_set_match_extensions comes before its verdict).
            if self._met(found, skb, question, count):
                return found.nomatch == (question.nomatch and "net" in self.dimensions)
        return False

    def _met(self, found: Member, skb: Skb, question: Question, count: bool) -> bool:
        """Count the packet, then look at the counters; without counters all hold."""
        if not self.counters:
            return True
        packets, octets = found.packets, found.octets
        if question.update:
            packets, octets = packets + 1, octets + skb.packet.length
        if count:
            found.packets, found.octets = packets, octets
        return question.holds(packets, octets)

    def canonical(self, element: Element) -> Element:
        """The element as the set keeps it: a network without the bits of a host."""
        return tuple(
            (part[0] & mask_of(part[1]), part[1])
            if kind in ("ip", "net") and isinstance(part, tuple)
            else part
            for part, kind in zip(element, self.dimensions, strict=True)
        )

    def _relength(self) -> None:
        """The prefix lengths in use, longest first."""
        kinds = self.dimensions
        lengths = {
            tuple(
                int(part[1]) if kind in ("ip", "net") and isinstance(part, tuple) else 0
                for part, kind in zip(element, kinds, strict=True)
            )
            for element in self.elements
        }
        self._lengths = sorted(lengths, reverse=True)


def _part_of(skb: Skb, state: HookState, kind: str, source: bool) -> Part | None:
    packet = skb.packet
    if kind in ("ip", "net"):
        return (packet.src if source else packet.dst), 32
    if kind == "iface":
        dev = state.in_dev if source else state.out_dev
        return dev.name if dev is not None else ""
    if kind == "mac":
        # Only a frame that came in still has its header.
        if skb.eth is None:
            return None
        return skb.eth.src if source else skb.eth.dst
    l4 = packet.l4
    if isinstance(l4, (Tcp, Udp)):
        return packet.proto, l4.sport if source else l4.dport
    if isinstance(l4, Icmp):
        return packet.proto, l4.type << 8 | l4.code
    return None if isinstance(l4, Raw) else (packet.proto, 0)


def element_text(kinds: tuple[str, ...], element: Element) -> str:
    """An element as ``ipset list`` prints it.

    >>> element_text(("net", "port"), ((0x0A000000, 8), (6, 80)))
    '10.0.0.0/8,tcp:80'
    """
    out = []
    for kind, part in zip(kinds, element, strict=True):
        if isinstance(part, str):
            out.append(part.upper() if kind == "mac" else part)
        elif kind == "port":
            if part[0] == ICMP:
                out.append(f"icmp:{icmp_name(part[1])}")
                continue
            protocol = {0: "", 6: "tcp:", 17: "udp:", 132: "sctp:"}.get(part[0], f"{part[0]}:")
            out.append(f"{protocol}{part[1]}")
        else:
            out.append(ip_text(part[0]) + ("" if part[1] == 32 else f"/{part[1]}"))
    return ",".join(out)


def icmp_name(number: int) -> str:
    """An ICMP type and code as ipset prints them: by name where there is one.

    >>> icmp_name(0x0800), icmp_name(0x0809)
    ('echo-request', '8/9')
    """
    kind, code = number >> 8, number & 0xFF
    named = [(name, low == high) for name, one, low, high in ICMP_TYPES if one == kind and low == code]
    exact = [name for name, alone in named if alone] or [name for name, _ in named]
    return exact[0] if exact else f"{kind}/{code}"


def in_use(ns: Netns, name: str) -> bool:
    """Whether a rule names the set, or a set of sets holds it, so that it cannot be destroyed."""
    return references(ns, name) > 0


def references(ns: Netns, name: str) -> int:
    """How many rules and sets of sets lead to a set."""
    from netlab.rules.matches import Set

    rules = sum(
        isinstance(match, Set) and match.set_name == name
        for table in ns.xt.values()
        for chain in table.chains.values()
        for entry in chain.rules
        for match in entry.rule.matches
    )
    return rules + sum(one.name == name for found in ns.ipsets.values() for one in found.sets)

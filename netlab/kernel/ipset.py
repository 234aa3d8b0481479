"""Named sets of addresses, networks and ports that ``-m set`` asks (net/netfilter/ipset/).

Modelled are the types that rules of this course meet; others are refused when a set is created.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from netlab.errors import NotModelledError
from netlab.wire import Raw, Tcp, Udp, ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.netns import Netns
    from netlab.kernel.skb import Skb

Part: TypeAlias = "tuple[int, int] | str"
"""A dimension of an element: (address, prefix length), (protocol, port), or a device name."""
Element: TypeAlias = "tuple[Part, ...]"

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "hash:ip": ("ip",),
    "hash:net": ("net",),
    "hash:ip,port": ("ip", "port"),
    "hash:net,port": ("net", "port"),
    "hash:net,iface": ("net", "iface"),
    "hash:ip,port,ip": ("ip", "port", "ip"),
    "hash:ip,port,net": ("ip", "port", "net"),
}
"""The dimensions of each type that is modelled."""


@dataclass(slots=True)
class IpSet:
    """One set: ``elements`` maps each element to whether it is an exception (``nomatch``).

    >>> from netlab.wire import ip
    >>> s = IpSet("allow", "hash:net")
    >>> s.add(((ip("10.0.0.0"), 8),))
    True
    >>> s.contains([(ip("10.1.2.3"), 32)])
    True
    """

    name: str
    type: str
    elements: dict[Element, bool] = field(default_factory=dict)
    _lengths: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise NotModelledError(f"the set type {self.type} is not modelled", expected=", ".join(TYPES))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return TYPES[self.type]

    def add(self, element: Element, *, nomatch: bool = False) -> bool:
        """Add an element; False if it was there."""
        element = self._canonical(element)
        known = element in self.elements
        self.elements[element] = nomatch
        self._relength()
        return not known

    def delete(self, element: Element) -> bool:
        """Remove an element; False if there was none."""
        gone = self.elements.pop(self._canonical(element), None) is not None
        self._relength()
        return gone

    def flush(self) -> None:
        """Remove all elements."""
        self.elements.clear()
        self._relength()

    def contains(self, element: list[Part], *, nomatch: bool = False) -> bool:
        """Whether an element is in the set: the most specific network decides; an exception is not in it.

        ``nomatch`` asks for exceptions instead (``--return-nomatch``).
        """
        for lengths in self._lengths:
            asked = tuple(
                (part[0] & mask_of(length), length)
                if kind in ("ip", "net") and isinstance(part, tuple)
                else part
                for part, kind, length in zip(element, self.dimensions, lengths, strict=True)
            )
            found = self.elements.get(asked)
            if found is not None:
                return found == nomatch
        return False

    def matches(
        self, skb: Skb, state: HookState, directions: tuple[str, ...], *, nomatch: bool = False
    ) -> bool:
        """Whether a packet is in the set, each dimension taken from the side that ``directions`` names."""
        element: list[Part] = []
        for kind, direction in zip(self.dimensions, directions, strict=False):
            part = _part_of(skb, state, kind, direction == "src")
            if part is None:
                return False
            element.append(part)
        return len(element) == len(self.dimensions) and self.contains(element, nomatch=nomatch)

    def _canonical(self, element: Element) -> Element:
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
    l4 = packet.l4
    if isinstance(l4, (Tcp, Udp)):
        return packet.proto, l4.sport if source else l4.dport
    return None if isinstance(l4, Raw) else (packet.proto, 0)


def element_text(kinds: tuple[str, ...], element: Element) -> str:
    """An element as ``ipset list`` prints it.

    >>> element_text(("net", "port"), ((0x0A000000, 8), (6, 80)))
    '10.0.0.0/8,tcp:80'
    """
    out = []
    for kind, part in zip(kinds, element, strict=True):
        if isinstance(part, str):
            out.append(part)
        elif kind == "port":
            out.append(f"{ {6: 'tcp', 17: 'udp'}.get(part[0], part[0]) }:{part[1]}")
        else:
            out.append(ip_text(part[0]) + ("" if part[1] == 32 else f"/{part[1]}"))
    return ",".join(out)


def in_use(ns: Netns, name: str) -> bool:
    """Whether a rule names the set, so that it cannot be destroyed."""
    from netlab.rules.matches import Set

    return any(
        isinstance(match, Set) and match.set_name == name
        for table in ns.xt.values()
        for chain in table.chains.values()
        for entry in chain.rules
        for match in entry.rule.matches
    )

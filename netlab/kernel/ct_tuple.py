"""Tuples: what conntrack knows a direction of a connection by, and how the other direction looks.

Sources: net/netfilter/nf_conntrack_core.c (nf_ct_get_tuple, nf_ct_invert_tuple), nf_conntrack_proto_icmp.c.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from netlab.wire import ICMP, Icmp, Ipv4, Raw, Tcp, Udp

ECHO_REPLY: Final = 0
ECHO: Final = 8
_ICMP_PAIRS = ((8, 0), (13, 14), (15, 16), (17, 18))
ICMP_INVERSE: Final[dict[int, int]] = {a: b for pair in _ICMP_PAIRS for a, b in (pair, pair[::-1])}
"""Query types and their answers; a type that is not here has no inverse, so it cannot be tracked."""
ICMP_QUERIES: Final = frozenset(query for query, _ in _ICMP_PAIRS)
"""Types that may start an entry."""
ICMP_ERRORS: Final = frozenset((3, 4, 5, 11, 12))
"""Types that quote the packet they are about."""
_NEEDED = 8
"""Bytes of a quoted transport header that an ICMP error always carries (RFC 792)."""


class Tuple(NamedTuple):
    """One direction: addresses, ports and protocol. For ICMP ``sport`` is the id, ``dport`` type * 256 + code.

    >>> Tuple(1, 1000, 2, 53, 17).inverse()
    Tuple(src=2, sport=53, dst=1, dport=1000, proto=17)
    """

    src: int
    sport: int
    dst: int
    dport: int
    proto: int

    def inverse(self) -> Tuple | None:
        """The tuple of an answer, or None for an ICMP type that has none.

        >>> Tuple(1, 7, 2, 8 << 8, 1).inverse()
        Tuple(src=2, sport=7, dst=1, dport=0, proto=1)
        """
        if self.proto == ICMP:
            answer = ICMP_INVERSE.get(self.dport >> 8)
            if answer is None:
                return None
            return Tuple(self.dst, self.sport, self.src, answer << 8 | self.dport & 255, ICMP)
        return Tuple(self.dst, self.dport, self.src, self.sport, self.proto)


def tuple_of(packet: Ipv4) -> Tuple | None:
    """The tuple of a packet; None for later fragments and headers cut short.

    >>> tuple_of(Ipv4(1, 2, 17, Udp(1000, 53)))
    Tuple(src=1, sport=1000, dst=2, dport=53, proto=17)
    """
    if packet.frag:
        return None
    l4 = packet.l4
    if isinstance(l4, (Tcp, Udp)):
        return Tuple(packet.src, l4.sport, packet.dst, l4.dport, packet.proto)
    if isinstance(l4, Icmp):
        # Only queries have an id; the tracker reads the same bytes of every type.
        return Tuple(packet.src, l4.rest >> 16, packet.dst, l4.type << 8 | l4.code, packet.proto)
    if isinstance(l4, Raw) and packet.proto in (1, 6, 17, 33, 132, 136):
        return None
    return Tuple(packet.src, 0, packet.dst, 0, packet.proto)


def quoted_tuple(error: Icmp) -> Tuple | None:
    """The tuple of the packet that an ICMP error quotes; None if too little of it is there."""
    inner = error.inner
    if inner is None or error.quoted < inner.header + _NEEDED:
        return None
    return tuple_of(inner)

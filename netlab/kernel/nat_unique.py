"""Choosing what a connection is translated to: an address of a range, and a port or id that is still free.

Sources: net/netfilter/nf_nat_core.c of 6.1 (get_unique_tuple, find_best_ips_proto, nf_nat_l4proto_unique_tuple); for
4.4 nf_nat_proto_common.c and nf_nat_proto_icmp.c, which count on from the last choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from netlab.kernel.ct_tuple import Tuple
from netlab.wire import ICMP

if TYPE_CHECKING:
    from netlab.kernel.conntrack import Conntrack
    from netlab.kernel.world import World

SRC: Final = "SRC"
DST: Final = "DST"
_PORTS: Final = frozenset((6, 17, 33, 132, 136))
_ATTEMPTS: Final = 128
_WORD: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a rule allows (struct nf_nat_range2): inclusive ranges, None where it does not care.

    ``base``: ports move by their distance from it. ``random``: never keep a port just because it is free.
    """

    addresses: tuple[int, int] | None = None
    ports: tuple[int, int] | None = None
    base: int | None = None
    random: bool = False
    persistent: bool = False


def unique_tuple(current: Tuple, allowed: Range, ct: Conntrack, manip: str) -> Tuple:
    """The tuple that the packet shall have: within the range, and with an answer no other connection expects.

    It may not succeed; then two connections clash when the later one is confirmed.
    """
    table = ct.ns.ct
    if manip == SRC and not allowed.random:
        if _in_range(current, allowed):
            if not _used(current, ct):
                return current
        else:
            for other in table.by_source.get((current.src, current.sport, current.proto), ()):
                mapped = other.tuples[1].inverse()
                assert mapped is not None
                candidate = mapped._replace(dst=current.dst, dport=current.dport)
                if _in_range(candidate, allowed):
                    if not _used(candidate, ct):
                        return candidate
                    break
    chosen = _choose_address(current, allowed, manip)
    if not allowed.random:
        if allowed.ports is not None:
            low, high = allowed.ports
            if (
                allowed.base is None
                and _port_in_range(chosen, manip, allowed.ports)
                and (low == high or not _used(chosen, ct))
            ):
                return chosen
        elif not _used(chosen, ct):
            return chosen
    return _choose_port(chosen, allowed, ct, manip)


def jhash2(words: list[int], initval: int) -> int:
    """Bob Jenkins' hash as the kernel has it (include/linux/jhash.h), over 32-bit words.

    >>> jhash2([], 0) == (0xdeadbeef & 0xFFFFFFFF)
    True
    """
    a = b = c = (0xDEADBEEF + (len(words) << 2) + initval) & _WORD
    rest = list(words)
    while len(rest) > 3:
        a, b, c = (a + rest[0]) & _WORD, (b + rest[1]) & _WORD, (c + rest[2]) & _WORD
        for x in (4, 6, 8, 16, 19, 4):
            a = (a - c) & _WORD ^ _rol(c, x)
            c = (c + b) & _WORD
            a, b, c = b, c, a
        rest = rest[3:]
    if rest:
        rest += [0] * (3 - len(rest))
        a, b, c = (a + rest[0]) & _WORD, (b + rest[1]) & _WORD, (c + rest[2]) & _WORD
        c = ((c ^ b) - _rol(b, 14)) & _WORD
        a = ((a ^ c) - _rol(c, 11)) & _WORD
        b = ((b ^ a) - _rol(a, 25)) & _WORD
        c = ((c ^ b) - _rol(b, 16)) & _WORD
        a = ((a ^ c) - _rol(c, 4)) & _WORD
        b = ((b ^ a) - _rol(a, 14)) & _WORD
        c = ((c ^ b) - _rol(b, 24)) & _WORD
    return c


def _rol(word: int, bits: int) -> int:
    return (word << bits | word >> (32 - bits)) & _WORD


def _memory(address: int) -> int:
    """An address in network order as a little-endian machine reads it."""
    return int.from_bytes(address.to_bytes(4, "big"), "little")


def _used(candidate: Tuple, ct: Conntrack) -> bool:
    reply = candidate.inverse()
    return reply is not None and ct.ns.ct.taken(reply, ct)


def _in_range(candidate: Tuple, allowed: Range) -> bool:
    if allowed.addresses is not None and not allowed.addresses[0] <= candidate.src <= allowed.addresses[1]:
        return False
    return allowed.ports is None or _port_in_range(candidate, SRC, allowed.ports)


def _port_in_range(candidate: Tuple, manip: str, ports: tuple[int, int]) -> bool:
    if candidate.proto == ICMP:
        return ports[0] <= candidate.sport <= ports[1]
    if candidate.proto in _PORTS:
        return ports[0] <= (candidate.sport if manip == SRC else candidate.dport) <= ports[1]
    return True


def _choose_address(current: Tuple, allowed: Range, manip: str) -> Tuple:
    if allowed.addresses is None:
        return current
    low, high = allowed.addresses
    address = low
    if low != high:
        # Hashed over both ends, so that a client keeps its address; over the source alone with --persistent.
        spread = jhash2([_memory(current.src), 0, 0, 0], 0 if allowed.persistent else _memory(current.dst))
        address = low + (spread * (high - low + 1) >> 32)
    return current._replace(src=address) if manip == SRC else current._replace(dst=address)


def _choose_port(current: Tuple, allowed: Range, ct: Conntrack, manip: str) -> Tuple:
    world = ct.ns.world
    release = world.release
    icmp = current.proto == ICMP
    if not icmp and current.proto not in _PORTS:
        return current
    source = icmp or manip == SRC
    port = current.sport if source else current.dport
    if allowed.ports is not None:
        low, high = sorted(allowed.ports)
    elif icmp:
        low, high = 0, release.icmp_id_max
    elif manip == DST:
        return current
    elif port < 512:
        low, high = 1, 511
    elif port < 1024:
        low, high = 600, 1023
    else:
        low, high = 1024, 65535
    size = high - low + 1

    def candidate(offset: int) -> Tuple:
        number = low + (offset & 0xFFFF) % size
        return current._replace(sport=number) if source else current._replace(dport=number)

    if release.nat_rover and not allowed.random:
        return _rove(candidate, size, ct, current.proto)
    offset = (port - allowed.base) & 0xFFFF if allowed.base is not None else world.rng.getrandbits(16)
    attempts = min(size, _ATTEMPTS)
    while True:
        for step in range(attempts):
            found = candidate(offset + step)
            if not _used(found, ct):
                return found
        if attempts >= size or attempts < 16:
            return found
        attempts //= 2
        offset = world.rng.getrandbits(16)


_ROVERS: WeakKeyDictionary[World, dict[int, int]] = WeakKeyDictionary()


def _rove(candidate: Callable[[int], Tuple], size: int, ct: Conntrack, proto: int) -> Tuple:
    """4.4: start where the last search of this protocol ended, in whatever namespace that was."""
    rovers = _ROVERS.setdefault(ct.ns.world, {})
    offset = rovers.get(proto, 0)
    for _ in range(size - 1):
        if not _used(candidate(offset), ct):
            break
        offset = (offset + 1) & 0xFFFF
    rovers[proto] = offset
    return candidate(offset)

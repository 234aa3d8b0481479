"""Names of a lab: there is no name server, and the C library says so only after it has asked.

Without /etc/resolv.conf glibc asks 127.0.0.1, port 53; where the loopback is up these questions are packets like any
others, which rules count and traces show (observed on Linux 6.1 with glibc 2.36). Nobody listens there, so every
question ends with ICMP port unreachable, or after five seconds if a rule swallows it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from netlab.kernel.sock import UdpSocket
from netlab.lab.context import Process
from netlab.lab.process import Wait

_SERVER: Final = (0x7F000001, 53)
_ATTEMPTS: Final = 2
_PATIENCE: Final = 5.0
"""Seconds (RES_TIMEOUT)."""
_A, _PTR, _AAAA, _IN = 1, 12, 28, 1
_RECURSION: Final = 0x0100

Asking = Generator[Wait, None, None]


def question(name: str, kind: int) -> bytes:
    """A DNS question for a name (RFC 1035, section 4.1); its id is left 0, nothing in a lab shows it.

    >>> len(question("2.0.17.172.in-addr.arpa", 12))
    41
    """
    head = b"".join(number.to_bytes(2, "big") for number in (0, _RECURSION, 1, 0, 0, 0))
    labels = b"".join(bytes((len(label),)) + label for label in name.encode().split(b".") if label)
    return head + labels + b"\0" + kind.to_bytes(2, "big") + _IN.to_bytes(2, "big")


def _ask(process: Process, *questions: bytes) -> Asking:
    """Two attempts; a socket that got an error is given up, one that heard nothing is used again (res_send.c)."""
    sock = UdpSocket(process.netns)
    for _ in range(_ATTEMPTS):
        if not sock.owned:
            sock = UdpSocket(process.netns)
        if sock.connect(*_SERVER):
            break
        if _failed(sock, questions) or (yield from process.wait(lambda s=sock: bool(s.error), _PATIENCE)):  # type: ignore[misc]
            sock.close()
    sock.close()


def _failed(sock: UdpSocket, questions: tuple[bytes, ...]) -> bool:
    """Send them all; what one question provoked does not keep the next from being sent."""
    for asked in questions:
        sock.error = ""
        if sock.send(asked):
            return True
    return False


def _reversed(address: int) -> bytes:
    octets = ".".join(str(address >> shift & 0xFF) for shift in (0, 8, 16, 24))
    return question(f"{octets}.in-addr.arpa", _PTR)


def ask_for_name(process: Process, address: int) -> Asking:
    """Look for the name of an address (getnameinfo)."""
    yield from _ask(process, _reversed(address))


def ask_for_network(process: Process, name: str) -> Asking:
    """Look for the number of a network's name (getnetbyname)."""
    yield from _ask(process, question(name, _PTR))


def ask_for_name_or_network(process: Process, address: int) -> Asking:
    """As ``iptables -L`` does without ``-n``: a host's name, then a network's (getnetbyaddr)."""
    yield from _ask(process, _reversed(address))
    yield from _ask(process, _reversed(address))


def ask_for_address(process: Process, name: str, *, both: bool = True) -> Asking:
    """Look for the address of a name (getaddrinfo): IPv4 and, with ``both``, IPv6 at the same time."""
    kinds = (_A, _AAAA) if both else (_A,)
    yield from _ask(process, *(question(name, kind) for kind in kinds))

"""``traceroute`` 2.1 as Debian ships it: UDP, ICMP (-I) or TCP (-T) probes, sixteen on their way at a time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import address_type, output_lookup
from netlab.kernel.sock import IcmpSocket, RawSocket, UdpSocket
from netlab.lab.arguments import Options, read_options
from netlab.lab.commands.netcat import ERRNO
from netlab.lab.context import Arg, Command, Process
from netlab.lab.inet import read_address
from netlab.lab.process import Running, Wait
from netlab.lab.resolver import Asking, ask_for_address, ask_for_name
from netlab.wire import SYN, TCP, Icmp, Ipv4, Tcp, Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

RECOVERABLE: Final = ("EMSGSIZE", "ENOBUFS", "ECONNREFUSED")
FIRST_PORT: Final = 33434
HEADERS: Final = 28
"""Bytes of an IP and a UDP or ICMP header: no packet is shorter."""
TCP_WINDOW: Final = 5840
TCP_OPTIONS: Final = bytes.fromhex("020405b4 0402 080a 00000001 00000000 01 030302")
"""What a -T probe offers: MSS 1460, SACK, timestamps, a window scale of 2."""
HERE_FACTOR: Final = 3
NEAR_FACTOR: Final = 10
_SIGNS: Final = {
    0: "!N", 1: "!H", 2: "!P", 3: "", 4: "!F", 5: "!S", 6: "!N", 7: "!H", 8: "!N", 9: "!X", 10: "!X", 11: "!N",
    12: "!H", 13: "!X", 14: "!V", 15: "!C",
}  # fmt: skip


@dataclass(slots=True)
class _Probe:
    """One probe; ``done`` when it was answered or given up."""

    ttl: int
    sent_at: float | None = None
    done: bool = False
    final: bool = False
    source: int | None = None
    elapsed: float = 0.0
    sign: str = ""
    key: int = 0
    sock: UdpSocket | None = None


def _number(process: Process, options: Options, letter: str, default: float) -> float:
    word = options.get(letter)
    if word is None:
        return default
    try:
        return float(word)
    except ValueError:
        process.refuse(word, f"traceroute: -{letter} needs a number", expected="a number")


def _traceroute(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "4nITUq:m:w:f:p:s:N:t:F", {"icmp": "I", "tcp": "T", "udp": "U"})
    if not options.words:
        process.refuse(argv[-1], "traceroute needs a destination", expected="traceroute [-n] [-I] ADDRESS")
    name = options.words[0]
    target = read_address(name)
    if target is None:
        yield from ask_for_address(process, name, both="4" not in options)
        process.err(
            f"{name}: Temporary failure in name resolution\n"
            f'Cannot handle "host" cmdline arg `{name}\' on position 1 (argc {argv.index(name)})\n'
        )
        return 2
    run = _Run(process, options, target)
    if (wrong := run.out_of_range()) is not None:
        process.err(wrong + "\n")
        return 2
    length = int(options.words[1]) if len(options.words) > 1 and options.words[1].isdigit() else 60
    length = max(length, HEADERS)
    process.out(f"traceroute to {name} ({ip_text(target)}), {run.hops} hops max, {length} byte packets")
    if run.source and address_type(process.netns, run.source) not in ("LOCAL", "BROADCAST", "MULTICAST"):
        process.err(f"\nbind: {ERRNO['EADDRNOTAVAIL']}\n")
        return 1
    found = output_lookup(process.netns, target, run.source)
    if found.error:
        process.err(f"\nconnect: {ERRNO.get(found.error, found.error)}\n")
        return 1
    return (yield from run.run(length - HEADERS))


class _Run:
    """One run."""

    def __init__(self, process: Process, options: Options, target: int) -> None:
        self.process = process
        self.target = target
        self.numeric = "n" in options
        self.icmp, self.tcp, self.whole = "I" in options, "T" in options, "F" in options
        self.steady = self.tcp or "U" in options
        self.per_hop = int(_number(process, options, "q", 3))
        self.hops = int(_number(process, options, "m", 30))
        self.wait = _number(process, options, "w", 5.0)
        self.together = int(_number(process, options, "N", 16))
        self.tos = int(_number(process, options, "t", 0))
        default = 1 if self.icmp else 80 if self.tcp else 53 if self.steady else FIRST_PORT
        self.port = int(_number(process, options, "p", default))
        self.sent = 0
        self.first = int(_number(process, options, "f", 1))
        word = options.get("s")
        self.source = (read_address(word) or 0) if word is not None else 0
        ns: Netns = process.netns
        self.listener = IcmpSocket(ns)
        self.raw = RawSocket(ns, TCP) if self.tcp else None
        for sock in (self.listener, self.raw):
            if sock is not None:
                sock.tos, sock.source = self.tos, self.source
                sock.pmtu_discovery = "probe" if self.whole else "dont"
        self.ident = process.host.scheduler.new_pid() & 0xFFFF
        self.jitter: random.Random = process.host.state.setdefault("ping", random.Random(1))
        self.probes = [_Probe(n // self.per_hop + 1) for n in range(self.hops * self.per_hop)]

    def out_of_range(self) -> str | None:
        """What traceroute says of numbers that cannot be."""
        if not 1 <= self.first <= self.hops:
            return "first hop out of range"
        if self.hops > 255:
            return "max hops cannot be more than 255"
        if self.wait < 0:
            return f"bad wait specifications `{self.wait:g},0,0' used"
        return None if 1 <= self.per_hop <= 10 else "no more than 10 probes per hop"

    def _heard(self) -> bool:
        return bool(self.listener.queue or (self.raw is not None and self.raw.queue))

    def run(self, size: int) -> Running:
        process, probes = self.process, self.probes
        start = (self.first - 1) * self.per_hop
        end = len(probes)
        while start < end:
            waiting = 0
            next_time: float | None = None
            n = start
            while n < end:
                probe = probes[n]
                if n == start and not probe.done and probe.sent_at is not None:
                    expires = probe.sent_at + self._patience(n)
                    if expires > process.now:
                        next_time = expires
                    else:
                        probe.done = True
                if probe.done:
                    if n == start:
                        yield from self._print(n)
                        start += 1
                    if probe.final:
                        end = (n // self.per_hop + 1) * self.per_hop
                    n += 1
                    continue
                if probe.sent_at is None:
                    error = self._send(n, size)
                    if error and error not in RECOVERABLE:
                        process.err(f"\nsend: {ERRNO.get(error, error)}\n")
                        self._close()
                        return 1
                waiting += 1
                n += 1
                if waiting >= self.together:
                    break
            if start >= end:
                break
            if next_time is None and probes[start].sent_at is not None and not probes[start].done:
                next_time = (probes[start].sent_at or 0.0) + self._patience(start)
            if not self._heard():
                yield Wait(self._heard, next_time or process.now)
            self._receive()
        process.out("\n")
        self._close()
        return 0

    def _close(self) -> None:
        self.listener.close()
        if self.raw is not None:
            self.raw.close()
        for probe in self.probes:
            if probe.sock is not None:
                probe.sock.close()

    def _patience(self, n: int) -> float:
        """How long to wait: less when the same hop, or a later one, has answered already."""
        hop = n // self.per_hop
        here = [p for p in self.probes[hop * self.per_hop : (hop + 1) * self.per_hop] if p.source is not None]
        if here:
            return min(self.wait, HERE_FACTOR * max(p.elapsed for p in here))
        near = next((p for p in self.probes[(hop + 1) * self.per_hop :] if p.source is not None), None)
        return self.wait if near is None else min(self.wait, NEAR_FACTOR * near.elapsed)

    def _send(self, n: int, size: int) -> str:
        """Send a probe; returns an errno name or ""."""
        probe = self.probes[n]
        probe.sent_at = self.process.now
        number, self.sent = self.sent, self.sent + 1
        data = bytes(0x40 + i & 0x3F for i in range(size))
        if self.icmp:
            probe.key = self.port + number
            self.listener.ttl = probe.ttl
            return self.listener.send(self.target, Icmp(8, 0, self.ident << 16 | probe.key & 0xFFFF, data))
        if self.raw is not None:
            probe.key = self.process.netns.sockets.free_port(TCP)
            self.raw.ttl = probe.ttl
            return self.raw.send(
                self.target, Tcp(probe.key, self.port, probe.key, 0, SYN, TCP_WINDOW, TCP_OPTIONS)
            )
        sock = probe.sock = UdpSocket(self.process.netns)
        sock.tos, sock.ttl = self.tos, probe.ttl
        sock.pmtu_discovery = "probe" if self.whole else "dont"
        if self.source:
            sock.bind(self.source, 0)
        port = self.port + (0 if self.steady else number)
        if sock.connect(self.target, port):
            return ""
        probe.key = sock.port
        return sock.send(data)

    def _receive(self) -> None:
        """Take what has come: of UDP probes, which have a socket each, all of it; else one packet a round."""
        one_by_one = self.icmp or self.tcp
        while self.listener.queue:
            packet = self.listener.queue.popleft().packet
            message = packet.l4
            if isinstance(message, Icmp) and message.inner is not None:
                self._error(packet, message, message.inner)
            elif isinstance(message, Icmp) and self.icmp and message.type == 0 and message.id == self.ident:
                self._answered(message.seq, packet, "", final=True)
            if one_by_one:
                return
        if self.raw is not None and self.raw.queue:
            packet = self.raw.queue.popleft().packet
            if isinstance(packet.l4, Tcp) and packet.src == self.target and packet.l4.sport == self.port:
                self._answered(packet.l4.dport, packet, "", final=True)

    def _error(self, packet: Ipv4, message: Icmp, inner: Ipv4) -> None:
        asked = inner.l4
        if inner.dst != self.target:
            return
        if isinstance(asked, Tcp if self.tcp else Udp) and not self.icmp:
            assert isinstance(asked, Udp | Tcp)
            key = asked.sport
        elif isinstance(asked, Icmp) and self.icmp and asked.id == self.ident:
            key = asked.seq
        else:
            return
        if message.type == 11:
            self._answered(key, packet, "", final=False)
        elif message.type == 3:
            sign = _SIGNS.get(message.code, f"!<{message.code}>")
            if message.code == 4:
                sign = f"!F-{message.rest & 0xFFFF}"
            self._answered(key, packet, sign, final=True)

    def _answered(self, key: int, packet: Ipv4, sign: str, *, final: bool) -> None:
        for probe in self.probes:
            if probe.key == key and probe.sent_at is not None and not probe.done:
                probe.done, probe.final, probe.sign, probe.source = True, final, sign, packet.src
                probe.elapsed = self.process.now - probe.sent_at + self.jitter.randrange(40, 90) / 1e6
                if probe.sock is not None:
                    probe.sock.close()
                return

    def _print(self, n: int) -> Asking:
        probe = self.probes[n]
        at = n % self.per_hop
        out = self.process.out
        if at == 0:
            out(f"\n{probe.ttl:2d} ")
        if probe.source is None:
            out(" *")
            return
        before = [p.source for p in self.probes[n - at : n] if p.source is not None]
        if not before or before[-1] != probe.source:
            text = ip_text(probe.source)
            if not self.numeric:
                yield from ask_for_name(self.process, probe.source)
            out(f" {text}" if self.numeric else f" {text} ({text})")
        out(f"  {probe.elapsed * 1000:.3f} ms")
        if probe.sign:
            out(f" {probe.sign}")


COMMANDS: Final[dict[str, Command]] = {"traceroute": _traceroute}

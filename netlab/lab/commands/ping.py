"""``ping``, as iputils 20221126 works and prints."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Final

from netlab.kernel.icmp import REASSEMBLY_EXCEEDED, describe
from netlab.kernel.route import output_lookup
from netlab.kernel.sock import IcmpSocket
from netlab.lab.commands.ping_plan import Plan, Refused, Unnamed, Version, open_socket, pattern_of, read_plan
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import SIGINT, Running, Signal, Wait, jiffy_timeout
from netlab.lab.resolver import ask_for_address
from netlab.wire import Icmp, Ipv4, ip_text

ECHO: Final = 8
ECHO_REPLY: Final = 0
REDIRECT: Final = 5
_STAMP: Final = 16
"""Bytes of the payload that hold the time of sending; shorter payloads cannot be timed."""
_VERSION: Final = (
    "ping from iputils 20221126\n"
    "libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n"
)


@dataclass(slots=True)
class _Tally:
    """What has happened so far."""

    sent: int = 0
    received: int = 0
    duplicates: int = 0
    errors: int = 0
    pipe: int = 0
    acknowledged: int = 0
    no_room: int = 0
    times: list[float] = field(default_factory=list)
    sent_at: dict[int, float] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0


def _ping(process: Process, argv: list[Arg]) -> int | Running:
    try:
        plan, options = read_plan(process, argv)
        sock = open_socket(process, plan, options)
    except Refused as refused:
        process.err(refused.message + "\n")
        return refused.status
    except Version:
        process.out(_VERSION)
        return 0
    except Unnamed as unnamed:
        return _unnamed(process, str(unnamed), both="-4" not in argv)
    pid = process.host.scheduler.new_pid() & 0xFFFF
    return _Run(process, plan, sock, pid if plan.ident is None else plan.ident, pattern_of(options)).run()


def _unnamed(process: Process, name: str, *, both: bool) -> Running:
    yield from ask_for_address(process, name, both=both)
    process.err(f"ping: {name}: Temporary failure in name resolution\n")
    return 2


class _Run:
    """One run of ping."""

    def __init__(self, process: Process, plan: Plan, sock: IcmpSocket, ident: int, pattern: bytes) -> None:
        self.process = process
        self.plan = plan
        self.sock = sock
        self.ident = ident
        self.tally = _Tally()
        filler = pattern * 16 if pattern else bytes(range(256))
        start = _STAMP if plan.size >= _STAMP else 0
        body = bytes(filler[n % len(filler)] for n in range(start, plan.size))
        self.data = bytes(start) + body
        self.timed = plan.size >= _STAMP
        rng = process.host.state.setdefault("ping", random.Random(1))
        self.jitter: random.Random = rng

    def run(self) -> Running:
        plan, tally = self.plan, self.tally
        size = plan.size
        self.process.out(
            f"PING {plan.name} ({ip_text(plan.target)}){plan.source_text} {size}({size + 28}) bytes of data.\n"
        )
        try:
            yield from self._loop()
        except Signal as signal:
            if signal.number != SIGINT:
                self.sock.close()
                raise
        self.sock.close()
        self._summary()
        return int(tally.received == 0 or (plan.deadline > 0 and tally.received < plan.count))

    def _loop(self) -> Running:
        """main_loop: stop, or send if it is time, or take what has come, or wait."""
        plan, tally, process = self.plan, self.tally, self.process
        end = process.now + plan.deadline if plan.deadline else math.inf
        due = process.now
        burst = plan.preload
        linger: float | None = None
        while True:
            now = process.now
            if plan.count and tally.received + tally.errors >= plan.count:
                return 0
            if (plan.deadline and tally.errors) or now >= end or (linger is not None and now >= linger):
                return 0
            all_sent = bool(plan.count) and tally.sent >= plan.count and not plan.deadline
            if not all_sent and (now >= due or burst):
                burst = max(burst - 1, 0)
                refused = self._send()
                yield from process.stand_back()
                due = now + (plan.interval or (0.01 if plan.flood else 0.2))
                if refused and plan.interval:
                    # It sleeps in recvmsg for an interval before it looks whether that was enough.
                    awake = min(end, jiffy_timeout(now, plan.interval))
                    if plan.count and tally.sent >= plan.count and not plan.deadline:
                        linger = now + self._patience()
                        awake = min(awake, linger)
                    yield Wait(lambda: bool(self.sock.queue), awake)
                continue
            if self.sock.queue:
                self._receive()
                continue
            if all_sent and linger is None:
                linger = now + self._patience()
            until = min(end, math.inf if linger is None else linger)
            if not all_sent:
                in_flight = tally.acknowledged != tally.sent & 0xFFFF
                if (plan.flood or plan.adaptive) and not in_flight:
                    due = min(due, now + 0.0005)
                # With a packet on its way ping sleeps in recvmsg, whose timeout the kernel counts in jiffies.
                until = min(until, max(due, jiffy_timeout(now, due - now)) if in_flight else due)
            yield Wait(lambda: bool(self.sock.queue), until)

    def _patience(self) -> float:
        """Seconds to wait for answers once all is sent (schedule_exit)."""
        plan, times = self.plan, self.tally.times
        return max(2 * max(times), plan.interval) if times else plan.linger

    def _send(self) -> bool:
        """Send one request; whether it was too long for its way out. One that the device had no room for does not
        count until its patience ends (pinger)."""
        plan, tally = self.plan, self.tally
        now = self.process.now
        if not tally.sent and not tally.no_room:
            tally.first = now
        sequence = (tally.sent + 1) & 0xFFFF
        tally.sent_at[sequence] = tally.last = now
        tally.answered.discard(sequence)
        message = Icmp(ECHO, 0, self.ident << 16 | sequence, self.data)
        error = self.sock.send(plan.target, message)
        tally.no_room = tally.no_room + 1 if error == "ENOBUFS" else 0
        if tally.no_room and tally.no_room * plan.try_cost < plan.linger:
            return False
        tally.sent += 1
        if plan.flood and not plan.quiet:
            self.process.out(".")
        if error == "EMSGSIZE" and message.length <= 0xFFFF:
            # With -q it is not even counted (ping4_receive_error_msg).
            tally.errors += not plan.quiet
            if plan.flood and not plan.quiet:
                self.process.out("E")
            elif not plan.quiet:
                found = output_lookup(self.process.netns, plan.target, self.sock.source, oif=self.sock.device)
                self.process.err(f"ping: local error: message too long, mtu={found.mtu}\n")
            return True
        if error == "EPERM" and self.sock.queue:
            # REJECT in OUTPUT: its answer is shown first, then the call's own error; a bare DROP shows nothing.
            self._receive()
            if not plan.quiet:
                self.process.err("ping: sendmsg: Operation not permitted\n")
        elif error == "ENOBUFS" and not plan.quiet:
            if plan.flood:
                self.process.out("E")
            else:
                self.process.err("ping: sendmsg: No buffer space available\n")
        return False

    def _receive(self) -> None:
        """Take messages until nothing is on its way any more: then it is time to see whether to stop or to send."""
        while self.sock.queue:
            datagram = self.sock.queue.popleft()
            message = datagram.packet.l4
            if isinstance(message, Icmp):
                if message.type == ECHO_REPLY and message.id == self.ident:
                    self._reply(datagram.packet, message)
                elif message.inner is not None:
                    bound = self.sock.device
                    self._error(
                        datagram.packet, message, message.inner, bound is None or bound.name == datagram.dev
                    )
            if self.tally.acknowledged == self.tally.sent & 0xFFFF:
                return

    def _acknowledge(self, sequence: int) -> None:
        behind = (self.tally.sent - sequence) & 0xFFFF
        if behind <= 0x7FFF:
            self.tally.pipe = max(self.tally.pipe, behind + 1)
            if (sequence - self.tally.acknowledged) & 0xFFFF <= 0x7FFF:
                self.tally.acknowledged = sequence

    def _stamp(self) -> str:
        from netlab.lab.commands.system import EPOCH

        return f"[{EPOCH + self.process.now:.6f}] " if self.plan.stamps else ""

    def _reply(self, packet: Ipv4, message: Icmp) -> None:
        plan, tally = self.plan, self.tally
        sequence = message.seq
        self._acknowledge(sequence)
        again = sequence in tally.answered
        tally.answered.add(sequence)
        tally.received += not again
        tally.duplicates += again
        elapsed = self.process.now - tally.sent_at.get(sequence, self.process.now)
        elapsed += self.jitter.randrange(40, 90) / 1e6
        if self.timed:
            tally.times.append(elapsed)
        if plan.flood and not plan.quiet:
            self.process.out("\b \b")
        elif not plan.quiet:
            time = f" time={_milliseconds(elapsed)} ms" if self.timed else ""
            dup = " (DUP!)" if again and not plan.broadcast else ""
            other = packet.src != plan.target and not plan.broadcast
            wrong = " (DIFFERENT ADDRESS!)" if other else ""
            bell = "\a" if plan.audible else ""
            self.process.out(
                f"{self._stamp()}{8 + len(message.data)} bytes from {ip_text(packet.src)}: "
                f"icmp_seq={sequence} ttl={packet.ttl}{time}{dup}{wrong}{bell}\n"
            )

    def _error(self, packet: Ipv4, message: Icmp, inner: Ipv4, reported: bool) -> None:
        """An ICMP error about one of our requests. A socket that is bound to a device is told of (``reported``) only
        what came in by it: not of this host's own errors, which come in by lo (raw_icmp_error)."""
        asked = inner.l4
        if not isinstance(asked, Icmp) or asked.type != ECHO or asked.id != self.ident:
            return
        if inner.dst != self.plan.target:
            return
        colon = ""
        if message.type == REDIRECT:
            colon = ":"
        else:
            self._acknowledge(asked.seq)
            if (message.type, message.code) == REASSEMBLY_EXCEEDED or not reported:
                return
            self.tally.errors += 1
        if self.plan.flood:
            self.process.out("" if colon else "\bE")
        elif not self.plan.quiet:
            self.process.out(
                f"{self._stamp()}From {ip_text(packet.src)}{colon} icmp_seq={asked.seq} {describe(message)}\n"
            )

    def _summary(self) -> None:
        plan, tally, out = self.plan, self.tally, self.process.out
        out(f"\n--- {plan.name} ping statistics ---\n")
        text = f"{tally.sent} packets transmitted, {tally.received} received"
        if tally.duplicates:
            text += f", +{tally.duplicates} duplicates"
        if tally.errors:
            text += f", +{tally.errors} errors"
        if tally.sent:
            text += f", {(tally.sent - tally.received) * 100 / tally.sent:g}% packet loss"
            text += f", time {(tally.last - tally.first) * 1000:.0f}ms"
        out(text + "\n")
        pieces = []
        if tally.received and tally.times:
            times = [t * 1000 for t in tally.times]
            mean = sum(times) / len(times)
            deviation = math.sqrt(max(0.0, sum(t * t for t in times) / len(times) - mean * mean))
            pieces.append(
                f"rtt min/avg/max/mdev = {min(times):.3f}/{mean:.3f}/{max(times):.3f}/{deviation:.3f} ms"
            )
        if tally.pipe > 1:
            pieces.append(f"pipe {tally.pipe}")
        if tally.received and (plan.flood or plan.adaptive) and tally.sent > 1:
            gap = (tally.last - tally.first) * 1000 / (tally.sent - 1)
            mean = sum(tally.times) * 1000 / len(tally.times) if tally.times else 0.0
            pieces.append(f"ipg/ewma {gap:.3f}/{mean:.3f} ms")
        out(", ".join(pieces) + "\n")


def _milliseconds(seconds: float) -> str:
    """A round-trip time with three significant digits, as ping rounds it."""
    micro = round(seconds * 1e6)
    if micro >= 99950:
        return str((micro + 500) // 1000)
    if micro >= 9995:
        return f"{(micro + 50) // 100 / 10:.1f}"
    if micro >= 1000:
        return f"{(micro + 5) // 10 / 100:.2f}"
    return f"{micro / 1000:.3f}"


COMMANDS: Final[dict[str, Command]] = {"ping": _ping}

"""The copying loop of netcat: standard input to the network, the network to standard output."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from netlab.kernel.sock import UdpSocket
from netlab.kernel.tcp import CLOSED, TIME_WAIT, TcpSocket
from netlab.lab.commands.netcat_plan import Plan
from netlab.lab.context import Process
from netlab.lab.process import Wait
from netlab.wire import Udp

BUFFER: Final = 16384
"""Bytes that netcat reads at once."""


class Relay:
    """Copies standard input to a connection and the connection to standard output (readwrite).

    A round reads from both sides into buffers; what was read is written in the next round, to the network first.
    After every write the program stands back: whoever it woke runs before it goes on, as on one processor.
    """

    def __init__(self, process: Process, plan: Plan, sock: TcpSocket | UdpSocket) -> None:
        self.process = process
        self.plan = plan
        self.sock = sock
        self.stream = process.stream(0)
        self.input_open = not plan.no_input
        self.network_open = True
        self.unread = b""
        self.to_network = b""
        self.to_output = ""
        self.shut = False
        self.quitting = False
        """The network was let go of because of ``-q``: when its seconds are over, the whole program ends."""
        self.reads = 0

    def _arrived(self) -> bool:
        sock = self.sock
        if isinstance(sock, UdpSocket):
            return bool(sock.queue) or bool(sock.error)
        return bool(sock.received) or sock.eof or bool(sock.error) or sock.state == CLOSED

    def _ready(self) -> bool:
        if self.to_network or self.to_output or (self.network_open and self._arrived()):
            return True
        return self.input_open and self._input_waits()

    def run(self) -> Generator[Wait, None, None]:
        plan, process = self.plan, self.process
        while True:
            drained = not (self.to_network or self.to_output or self.network_open)
            if drained and (plan.listen or not self.input_open):
                break
            if self.shut and (plan.quit or (plan.quit == 0 and not self._ready())):
                break
            if not (yield from process.wait(self._ready, plan.wait)):
                return
            yield from self._round()
        if plan.quit:
            # The network is let go of at once, the program only after its seconds.
            self.sock.close()
            if self.to_output:
                process.out(self.to_output)
            self.quitting = True
            yield from process.sleep(plan.quit if plan.wait is None else min(plan.quit, plan.wait))

    def _round(self) -> Generator[Wait, None, None]:
        if self.sock.error:
            # POLLERR: netcat gives up both directions, and what it had not read or sent.
            self.input_open = self.network_open = False
            self.to_network = b""
            return
        if isinstance(self.sock, TcpSocket) and self.sock.state in (CLOSED, TIME_WAIT):
            self.input_open, self.to_network = False, b""
        waiting_out, waiting_net = self.to_output, self.to_network
        readable = self.network_open and self._arrived()
        if self.input_open and self._input_waits():
            self._from_input()
        if waiting_net:
            if self.plan.interval:
                waiting_net = waiting_net[: waiting_net.find(b"\n") + 1] or waiting_net
            self.to_network = self.to_network[len(waiting_net) :]
            if self.sock.send(waiting_net):
                self.input_open = False
                self.to_network = b""
            yield from self.process.stand_back()
            yield from self.process.sleep(self.plan.interval)
        if readable:
            self._from_network()
        if waiting_out:
            self.to_output = self.to_output[len(waiting_out) :]
            self.process.out(waiting_out)
        if not self.input_open and not self.to_network and not self.shut:
            self.shut = True
            if self.plan.shut and isinstance(self.sock, TcpSocket):
                self.sock.shutdown()
                yield from self.process.stand_back()

    def _input_waits(self) -> bool:
        return bool(self.unread) or self.stream.available(any_text=True)

    def _from_input(self) -> None:
        """One read: as much as fits the buffer."""
        if not self.unread:
            self.unread = self.stream.read_some().encode("utf-8", "surrogateescape")
        if not self.unread:
            self.input_open = False
        self.to_network += self.unread[:BUFFER]
        self.unread = self.unread[BUFFER:]

    def _from_network(self) -> None:
        sock = self.sock
        if isinstance(sock, UdpSocket):
            l4 = sock.queue.popleft().packet.l4
            if isinstance(l4, Udp):
                self.to_output += l4.data.decode("utf-8", "surrogateescape")
        else:
            self.to_output += sock.read().decode("utf-8", "surrogateescape")
            if sock.eof or sock.error or sock.state == CLOSED:
                self.network_open = False
        self.reads += 1
        if self.reads == self.plan.limit:
            self.input_open = self.network_open = False

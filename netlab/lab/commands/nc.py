"""``nc``: OpenBSD's netcat as Debian ships it (1.219), for TCP and UDP over IPv4."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import is_local
from netlab.kernel.sock import UdpSocket
from netlab.kernel.tcp import CLOSED, SYN_SENT, TIME_WAIT, TcpSocket
from netlab.lab.arguments import Options, read_options
from netlab.lab.context import Arg, Command, Process
from netlab.lab.inet import read_address
from netlab.lab.process import Running, Signal, Wait
from netlab.lab.streams import BrokenPipe
from netlab.rules.names import service_name, service_port
from netlab.wire import Udp, ip_text

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

ERRNO: Final = {
    "ECONNREFUSED": "Connection refused",
    "ENETUNREACH": "Network is unreachable",
    "EHOSTUNREACH": "No route to host",
    "ETIMEDOUT": "Connection timed out",
    "EACCES": "Permission denied",
    "EINVAL": "Invalid argument",
    "ECONNRESET": "Connection reset by peer",
    "EADDRNOTAVAIL": "Cannot assign requested address",
    "EADDRINUSE": "Address already in use",
    "EPERM": "Operation not permitted",
    "ENOPROTOOPT": "Protocol not available",
}
"""What strerror says of the errors that sockets give."""
SCAN_SECONDS: Final = 3
"""How long a UDP port is tested, where -w does not say: a datagram a second after the first two (udptest)."""
USAGE: Final = """\
usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
"""
NO_NAMES: Final = "nc: getnameinfo: Temporary failure in name resolution\n"
"""What -v says of an address: a lab has no name server. With -n it is printed as a number."""


@dataclass(slots=True)
class _Plan:
    """What the options ask for; ``wait`` and ``quit`` are None where they were not given."""

    host: str
    port: str
    udp: bool
    listen: bool
    keep: bool
    wait: float | None
    quit: float | None
    shut: bool
    no_input: bool
    probe: bool
    verbose: bool
    numeric: bool
    source: int
    source_port: int
    tos: int


class _Misused(Exception):
    """The command line makes no sense; nc says so and ends with status 1."""


def _read(process: Process, argv: list[Arg]) -> _Plan:
    options = read_options(process, argv, "4dhklNnp:q:s:uvw:zT:")
    words = list(options.words)
    listen, port_option = "l" in options, options.get("p")
    wait = _seconds(options, "w", "timeout")
    quit_after = _seconds(options, "q", "quit timer")
    if not (words or listen) or len(words) > 2:
        raise _Misused(USAGE)
    if listen and "z" in options:
        raise _Misused("nc: cannot use -z and -l\n")
    if "k" in options and not listen:
        raise _Misused("nc: must use -l with -k\n")
    if listen and port_option is not None:
        if words:
            raise _Misused(USAGE)
        words = [port_option]
    if len(words) < (1 if listen else 2):
        raise _Misused("nc: missing port number\n")
    host, port = words if len(words) == 2 else (options.get("s") or "0.0.0.0", words[0])
    return _Plan(
        str(host),
        str(port),
        "u" in options,
        listen,
        "k" in options,
        wait,
        None if quit_after is not None and quit_after < 0 else quit_after,
        "N" in options or (quit_after is not None and quit_after >= 0),
        "d" in options,
        "z" in options,
        "v" in options,
        "n" in options,
        _source(process, options),
        0 if listen or port_option is None else _port(port_option, "tcp"),
        _tos(process, options),
    )


def _seconds(options: Options, letter: str, what: str) -> float | None:
    word = options.get(letter)
    if word is None:
        return None
    try:
        return float(int(word))
    except ValueError:
        raise _Misused(f"nc: {what} invalid: {word}\n") from None


def _tos(process: Process, options: Options) -> int:
    word = options.get("T")
    if word is None:
        return 0
    try:
        return int(word, 0)
    except ValueError:
        process.refuse(word, "nc: only numbers are modelled for -T", expected="0x10")


def _source(process: Process, options: Options) -> int:
    word = options.get("s")
    if word is None:
        return 0
    address = read_address(word)
    if address is None:
        process.refuse(word, "nc: -s needs an IPv4 address", expected="an address")
    return address


def _nc(process: Process, argv: list[Arg]) -> Running:
    if len(argv) == 1:
        process.err(USAGE)
        return 1
    try:
        plan = _read(process, argv)
        ports = _ports(plan)
    except _Misused as error:
        process.err(str(error))
        return 1
    address = read_address(plan.host)
    if address is None:
        why = "Name or service not known" if plan.numeric else "Temporary failure in name resolution"
        process.err(f'nc: getaddrinfo for host "{plan.host}" port {plan.port}: {why}\n')
        return 1
    if plan.listen:
        return (yield from _listen(process, plan, address, ports[0]))
    status = 1
    for port in ports:
        runner = _udp_client if plan.udp else _tcp_client
        status = yield from runner(process, plan, address, port)
    return status


def _port(word: str, protocol: str) -> int:
    number = service_port(word, protocol)
    if number is not None:
        return number
    if not word.isdigit():
        raise _Misused(f"nc: port number invalid: {word}\n")
    if not 0 < int(word) < 65536:
        raise _Misused(f"nc: port number too {'large' if int(word) else 'small'}: {word}\n")
    return int(word)


def _ports(plan: _Plan) -> list[int]:
    """One port, a service's name, or a range, which is gone through upwards."""
    protocol = "udp" if plan.udp else "tcp"
    low, dash, high = plan.port.partition("-")
    if dash and not plan.listen and service_port(plan.port, protocol) is None:
        first, last = sorted((_port(low, protocol), _port(high, protocol)))
        return list(range(first, last + 1))
    return [_port(plan.port, protocol)]


def _succeeded(process: Process, plan: _Plan, port: int) -> None:
    name = "udp" if plan.udp else "tcp"
    process.err(
        f"Connection to {plan.host} {port} port [{name}/{service_name(port, name) or '*'}] succeeded!\n"
    )


def _received(process: Process, plan: _Plan, address: int, port: int) -> None:
    process.err(f"Connection received on {ip_text(address)} {port}\n" if plan.numeric else NO_NAMES)


def _failed(process: Process, plan: _Plan, port: int, how: str) -> None:
    if plan.verbose:
        name = "udp" if plan.udp else "tcp"
        process.err(f"nc: connect to {plan.host} port {port} ({name}) {how}\n")


# --- TCP ----------------------------------------------------------------------------------------------------------


def _tcp_client(process: Process, plan: _Plan, address: int, port: int) -> Running:
    ns: Netns = process.netns
    sock = TcpSocket(ns)
    sock.tos = plan.tos
    if plan.source or plan.source_port:
        error = sock.bind(plan.source, plan.source_port)
        if error:
            process.err(f"nc: bind failed: {ERRNO[error]}\n")
            return 1
    error = sock.connect(address, port)
    if error:
        _failed(process, plan, port, f"failed: {ERRNO.get(error, error)}")
        return 1
    try:
        yield from process.stand_back()
        done = yield from process.wait(lambda: sock.state != SYN_SENT or bool(sock.error), plan.wait)
        if not done:
            sock.close()
            _failed(process, plan, port, "timed out: Operation now in progress")
            return 1
        if sock.error:
            sock.close()
            _failed(process, plan, port, f"failed: {ERRNO.get(sock.error, sock.error)}")
            return 1
        if plan.verbose:
            _succeeded(process, plan, port)
        if plan.probe:
            sock.close()
            return 0
        yield from _Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


def _listen(process: Process, plan: _Plan, address: int, port: int) -> Running:
    if plan.udp:
        return (yield from _udp_server(process, plan, address, port))
    listener = TcpSocket(process.netns)
    if address and not is_local(process.netns, address):
        process.err(f"nc: {ERRNO['EADDRNOTAVAIL']}\n")
        return 1
    # SO_REUSEADDR and SO_REUSEPORT: a port in use is no obstacle.
    listener.source, listener.port = address, port
    listener.listen()
    if plan.verbose:
        process.err(f"Listening on {ip_text(address)} {port}\n" if plan.numeric else NO_NAMES)
    connection: TcpSocket | None = None
    try:
        while True:
            yield from process.wait(lambda: bool(listener.accept_queue))
            connection = listener.accept_queue.pop(0)
            if plan.verbose:
                _received(process, plan, *connection.remote)
            yield from _Relay(process, plan, connection).run()
            connection.close()
            if not plan.keep:
                # Whoever connected meanwhile is reset with the listener.
                listener.close()
                return 0
    except (Signal, BrokenPipe):
        if connection is not None:
            connection.close()
        listener.close()
        raise


class _Relay:
    """Copies standard input to a connection and the connection to standard output (readwrite).

    A round reads from both sides into buffers; what was read is written in the next round, to the network first.
    After every write the program stands back: whoever it woke runs before it goes on, as on one processor.
    """

    def __init__(self, process: Process, plan: _Plan, sock: TcpSocket | UdpSocket) -> None:
        self.process = process
        self.plan = plan
        self.sock = sock
        self.stream = process.stream(0)
        self.input_open = not plan.no_input
        self.network_open = True
        self.to_network = b""
        self.to_output = ""
        self.shut = False
        self.quit_at: float | None = None

    def _arrived(self) -> bool:
        sock = self.sock
        if isinstance(sock, UdpSocket):
            return bool(sock.queue) or bool(sock.error)
        return bool(sock.received) or sock.eof or bool(sock.error) or sock.state == CLOSED

    def _ready(self) -> bool:
        if self.to_network or self.to_output or (self.network_open and self._arrived()):
            return True
        return self.input_open and self.stream.available(any_text=True)

    def run(self) -> Generator[Wait, None, None]:
        plan, process = self.plan, self.process
        while True:
            drained = not (self.to_network or self.to_output or self.network_open)
            if drained and (plan.listen or not self.input_open):
                return
            timeout = plan.wait
            if self.quit_at is not None:
                left = max(0.0, self.quit_at - process.now)
                timeout = left if timeout is None else min(timeout, left)
            if not (yield from process.wait(self._ready, timeout)):
                return
            yield from self._round()

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
        if self.input_open and self.stream.available(any_text=True):
            self._from_input()
        if waiting_net:
            self.to_network = self.to_network[len(waiting_net) :]
            if self.sock.send(waiting_net):
                self.input_open = False
                self.to_network = b""
            yield from self.process.stand_back()
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
            if self.plan.quit is not None:
                self.quit_at = self.process.now + self.plan.quit

    def _from_input(self) -> None:
        text = self.stream.read_some()
        if text:
            self.to_network += text.encode("utf-8", "surrogateescape")
        else:
            self.input_open = False

    def _from_network(self) -> None:
        sock = self.sock
        if isinstance(sock, UdpSocket):
            while sock.queue:
                l4 = sock.queue.popleft().packet.l4
                if isinstance(l4, Udp):
                    self.to_output += l4.data.decode("utf-8", "surrogateescape")
            return
        self.to_output += sock.read().decode("utf-8", "surrogateescape")
        if sock.eof or sock.error or sock.state == CLOSED:
            self.network_open = False


# --- UDP ----------------------------------------------------------------------------------------------------------


def _udp_client(process: Process, plan: _Plan, address: int, port: int) -> Running:
    sock = UdpSocket(process.netns)
    sock.tos = plan.tos
    if plan.source or plan.source_port:
        error = sock.bind(plan.source, plan.source_port)
        if error:
            process.err(f"nc: bind failed: {ERRNO[error]}\n")
            return 1
    error = sock.connect(address, port)
    if error:
        _failed(process, plan, port, f"failed: {ERRNO.get(error, error)}")
        return 1
    try:
        if plan.verbose:
            if not (yield from _tested(process, plan, sock)):
                sock.close()
                return 1
            _succeeded(process, plan, port)
        if plan.probe:
            sock.close()
            return 0
        yield from _Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


def _tested(process: Process, plan: _Plan, sock: UdpSocket) -> Generator[Wait, None, bool]:
    """Write to a UDP port and see whether it answers that nothing listens there (udptest)."""
    if sock.send(b"X") or sock.send(b"X") == "ECONNREFUSED":
        return False
    for _ in range(SCAN_SECONDS if plan.wait is None else int(plan.wait)):
        yield from process.sleep(1)
        if sock.send(b"X") == "ECONNREFUSED":
            return False
    return True


def _udp_server(process: Process, plan: _Plan, address: int, port: int) -> Running:
    """Takes the first datagram's sender for its peer; with -k it listens to everybody and answers nobody."""
    sock = UdpSocket(process.netns)
    error = sock.bind(address, port)
    if error:
        process.err(f"nc: {ERRNO[error]}\n")
        return 1
    if plan.verbose:
        process.err(f"Bound on {ip_text(address)} {port}\n" if plan.numeric else NO_NAMES)
    try:
        if not plan.keep:
            yield from process.wait(lambda: bool(sock.queue))
            first = sock.queue[0].packet
            assert isinstance(first.l4, Udp)
            if plan.verbose:
                _received(process, plan, first.src, first.l4.sport)
            sock.connect(first.src, first.l4.sport)
        yield from _Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


COMMANDS: Final[dict[str, Command]] = {"nc": _nc, "netcat": _nc, "nc.openbsd": _nc}

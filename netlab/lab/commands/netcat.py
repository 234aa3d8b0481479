"""``nc``: OpenBSD's netcat as Debian ships it (1.219), for TCP and UDP over IPv4."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from netlab.kernel.route import is_local
from netlab.kernel.sock import UdpSocket
from netlab.kernel.tcp import SYN_SENT, TcpSocket
from netlab.lab.commands.netcat_plan import USAGE, Misused, Plan, read_plan, read_ports
from netlab.lab.commands.netcat_relay import Relay
from netlab.lab.context import Arg, Command, Process
from netlab.lab.inet import read_address
from netlab.lab.process import Running, Signal, Wait
from netlab.lab.resolver import Asking, ask_for_address, ask_for_name
from netlab.lab.streams import BrokenPipe
from netlab.rules.names import service_name
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
NO_NAMES: Final = "nc: getnameinfo: Temporary failure in name resolution\n"
"""What -v says of an address: a lab has no name server. With -n it is printed as a number."""


def _nc(process: Process, argv: list[Arg]) -> Running:
    if len(argv) == 1:
        process.err(USAGE)
        return 1
    try:
        plan = read_plan(process, argv)
        ports = read_ports(plan)
    except Misused as error:
        process.err(str(error))
        return 1
    address = read_address(plan.host)
    if address is None:
        if not plan.numeric:
            yield from ask_for_address(process, plan.host, both=plan.dual)
        why = "Name or service not known" if plan.numeric else "Temporary failure in name resolution"
        process.err(f'nc: getaddrinfo for host "{plan.host}" port {plan.ports[0]}: {why}\n')
        return 1
    if plan.listen:
        return (yield from _listen(process, plan, address, ports[0]))
    status = 1
    for port in ports:
        runner = _udp_client if plan.udp else _tcp_client
        # One port that answered is enough for a status of 0.
        status = min(status, (yield from runner(process, plan, address, port)))
        # Whoever heard that a connection was closed runs before the next port is tried, or before whoever waited for
        # this program to end.
        yield Wait(until=process.now)
    return status


def _succeeded(process: Process, plan: Plan, port: int) -> None:
    name = "udp" if plan.udp else "tcp"
    service = "*" if plan.numeric else service_name(port, name) or "*"
    process.err(f"Connection to {plan.host} {port} port [{name}/{service}] succeeded!\n")


def _tell(process: Process, plan: Plan, what: str, address: int, port: int) -> Asking:
    """``-v`` of a listener: an address, by its name unless ``-n`` says otherwise."""
    if not plan.numeric:
        yield from ask_for_name(process, address)
    process.err(f"{what} on {ip_text(address)} {port}\n" if plan.numeric else NO_NAMES)


def _failed(process: Process, plan: Plan, port: int, how: str) -> None:
    if plan.verbose:
        name = "udp" if plan.udp else "tcp"
        process.err(f"nc: connect to {plan.host} port {port} ({name}) {how}\n")


# --- TCP ----------------------------------------------------------------------------------------------------------


def _tcp_client(process: Process, plan: Plan, address: int, port: int) -> Running:
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
        sock.close()
        _failed(process, plan, port, f"failed: {ERRNO.get(error, error)}")
        return 1
    try:
        yield from process.stand_back()
        done = yield from process.wait(lambda: sock.state != SYN_SENT or bool(sock.error), plan.wait)
        if not done:
            sock.close()
            _failed(process, plan, port, "timed out: Operation now in progress")
            return 1
        if error := sock.take_error():
            sock.close()
            _failed(process, plan, port, f"failed: {ERRNO.get(error, error)}")
            return 1
        if plan.verbose:
            _succeeded(process, plan, port)
        if plan.probe:
            sock.close()
            return 0
        yield from Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


def _listen(process: Process, plan: Plan, address: int, port: int) -> Running:
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
        yield from _tell(process, plan, "Listening", address, port)
    connection: TcpSocket | None = None
    try:
        while True:
            yield from process.wait(lambda: bool(listener.accept_queue))
            connection = listener.accept_queue.pop(0)
            if plan.verbose:
                yield from _tell(process, plan, "Connection received", *connection.remote)
            relay = Relay(process, plan, connection)
            yield from relay.run()
            connection.close()
            if relay.quitting or not plan.keep:
                # Whoever connected meanwhile is reset with the listener.
                listener.close()
                return 0
    except (Signal, BrokenPipe):
        if connection is not None:
            connection.close()
        listener.close()
        raise


# --- UDP ----------------------------------------------------------------------------------------------------------


def _udp_client(process: Process, plan: Plan, address: int, port: int) -> Running:
    sock = UdpSocket(process.netns)
    sock.tos = plan.tos
    sock.broadcast = plan.broadcast
    if plan.source or plan.source_port:
        error = sock.bind(plan.source, plan.source_port)
        if error:
            process.err(f"nc: bind failed: {ERRNO[error]}\n")
            return 1
    error = sock.connect(address, port)
    if error:
        sock.close()
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
        yield from Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


def _tested(process: Process, plan: Plan, sock: UdpSocket) -> Generator[Wait, None, bool]:
    """Write to a UDP port and see whether it answers that nothing listens there (udptest)."""
    if sock.send(b"X") or sock.send(b"X") == "ECONNREFUSED":
        return False
    for _ in range(SCAN_SECONDS if plan.wait is None else int(plan.wait)):
        yield from process.sleep(1)
        if sock.send(b"X") == "ECONNREFUSED":
            return False
    return True


def _udp_server(process: Process, plan: Plan, address: int, port: int) -> Running:
    """Takes the first datagram's sender for its peer; with -k it listens to everybody and answers nobody."""
    sock = UdpSocket(process.netns)
    error = sock.bind(address, port)
    if error:
        process.err(f"nc: {ERRNO[error]}\n")
        return 1
    if plan.verbose:
        yield from _tell(process, plan, "Bound", address, port)
    try:
        if not plan.keep:
            yield from process.wait(lambda: bool(sock.queue))
            first = sock.queue[0].packet
            assert isinstance(first.l4, Udp)
            if plan.verbose:
                yield from _tell(process, plan, "Connection received", first.src, first.l4.sport)
            if error := sock.connect(first.src, first.l4.sport):
                process.err(f"nc: connect: {ERRNO.get(error, error)}\n")
                sock.close()
                return 1
        yield from Relay(process, plan, sock).run()
    except (Signal, BrokenPipe):
        sock.close()
        raise
    sock.close()
    return 0


COMMANDS: Final[dict[str, Command]] = {"nc": _nc, "netcat": _nc, "nc.openbsd": _nc}

"""``docker-proxy``: Docker's userland proxy, a process of the host that connects callers of a published port.

It serves whom the nat rules pass by: the host's own 127.0.0.1, and containers that call the host's address.
Source: moby, cmd/docker-proxy.
"""

from __future__ import annotations

from typing import Final

from netlab.kernel.sock import UdpSocket
from netlab.kernel.tcp import CLOSED, SYN_SENT, TcpSocket
from netlab.lab.context import Arg, Process
from netlab.lab.process import Running, Wait
from netlab.wire import Udp, ip

_OPTIONS: Final = ("-proto", "-host-ip", "-host-port", "-container-ip", "-container-port")
UDP_SILENCE: Final = 90.0
"""Seconds without a datagram after which a caller is forgotten (UDPConnTrackTimeout)."""


def docker_proxy(process: Process, argv: list[Arg]) -> Running:
    """Listen on the host's port until ended by a signal."""
    values: dict[str, Arg] = {}
    words = argv[1:]
    while words:
        name = words[0]
        if name not in _OPTIONS or len(words) < 2:
            process.refuse(
                name, f"docker-proxy: {name} is not modelled", expected=" VALUE ".join(_OPTIONS) + " VALUE"
            )
        values[name], words = words[1], words[2:]
    for wanted in _OPTIONS:
        if wanted not in values:
            process.refuse(
                argv[0], f"docker-proxy: {wanted} is missing", expected=" VALUE ".join(_OPTIONS) + " VALUE"
            )
    listen = (ip(values["-host-ip"]), int(values["-host-port"]))
    target = (ip(values["-container-ip"]), int(values["-container-port"]))
    if values["-proto"] == "udp":
        return _serve_udp(process, listen, target)
    return _serve_tcp(process, listen, target)


def _in_use(process: Process, listen: tuple[int, int], error: str) -> int:
    why = "bind: address already in use" if error == "EADDRINUSE" else "bind: cannot assign requested address"
    process.err(f"docker-proxy: listen {listen[1]}: {why}\n")
    return 1


def _serve_tcp(process: Process, listen: tuple[int, int], target: tuple[int, int]) -> Running:
    listener = TcpSocket(process.netns)
    if error := listener.bind(*listen):
        return _in_use(process, listen, error)
    listener.listen()
    callers: list[TcpSocket] = []
    try:
        while True:
            yield from process.wait(lambda: bool(listener.accept_queue))
            caller = listener.accept_queue.pop(0)
            callers.append(caller)
            process.host.scheduler.spawn(_connect(process, caller, target, callers))
    except GeneratorExit:
        raise
    except BaseException:
        for sock in (*callers, listener):
            sock.close()
        raise


def _connect(
    process: Process, caller: TcpSocket, target: tuple[int, int], callers: list[TcpSocket]
) -> Running:
    """One caller: a second connection to the container, and everything copied both ways."""
    inner = TcpSocket(process.netns)
    error = inner.connect(*target)
    if not error:
        yield from process.stand_back()
        yield from process.wait(lambda: inner.state != SYN_SENT)
        error = inner.error
    if not error:
        callers.append(inner)
        open_ways = [(caller, inner), (inner, caller)]
        while open_ways:
            ways = list(open_ways)
            yield from process.wait(lambda ways=ways: any(_readable(source) for source, _ in ways))  # type: ignore[misc]
            for way in ways:
                source, sink = way
                if source.received:
                    sink.send(source.read())
                    yield from process.stand_back()
                elif _readable(source):
                    open_ways.remove(way)
                    if sink.state != CLOSED:
                        sink.shutdown()
        callers.remove(inner)
        inner.close()
    callers.remove(caller)
    caller.close()
    return 0


def _readable(sock: TcpSocket) -> bool:
    return bool(sock.received or sock.eof or sock.error or sock.state == CLOSED)


def _serve_udp(process: Process, listen: tuple[int, int], target: tuple[int, int]) -> Running:
    """A socket a caller towards the container; what comes back on it goes to that caller."""
    outer = UdpSocket(process.netns)
    if error := outer.bind(*listen):
        return _in_use(process, listen, error)
    inner: dict[tuple[int, int], UdpSocket] = {}
    heard: dict[tuple[int, int], float] = {}

    def ready() -> bool:
        return bool(outer.queue or any(sock.queue for sock in inner.values()))

    try:
        while True:
            until = min(heard.values()) + UDP_SILENCE if heard else None
            if not ready():
                yield Wait(ready, until)
            while outer.queue:
                packet = outer.queue.popleft().packet
                assert isinstance(packet.l4, Udp)
                caller = (packet.src, packet.l4.sport)
                if caller not in inner:
                    inner[caller] = UdpSocket(process.netns)
                    inner[caller].connect(*target)
                inner[caller].send(packet.l4.data)
                heard[caller] = process.now
            for caller, sock in inner.items():
                while sock.queue:
                    answer = sock.queue.popleft().packet.l4
                    assert isinstance(answer, Udp)
                    outer.send(answer.data, caller)
                    heard[caller] = process.now
            for caller in [c for c, when in heard.items() if when + UDP_SILENCE <= process.now]:
                inner.pop(caller).close()
                del heard[caller]
    except GeneratorExit:
        raise
    except BaseException:
        for sock in (*inner.values(), outer):
            sock.close()
        raise

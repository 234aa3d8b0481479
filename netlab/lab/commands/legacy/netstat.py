"""``netstat``: the routing table (-r), the devices (-i), the sockets (-t, -u, with -l or -a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.tcp import LISTEN
from netlab.lab.arguments import read_options
from netlab.lab.commands.legacy.ifconfig import flag_names
from netlab.lab.commands.legacy.route import show
from netlab.lab.context import Arg, Process
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.kernel.tcp import TcpSocket

_LETTERS = {
    "BROADCAST": "B",
    "LOOPBACK": "L",
    "MULTICAST": "M",
    "NOARP": "O",
    "PROMISC": "P",
    "RUNNING": "R",
    "UP": "U",
}


def netstat(process: Process, argv: list[Arg]) -> int:
    """Show routes, devices or sockets."""
    long = {
        "route": "r",
        "numeric": "n",
        "interfaces": "i",
        "tcp": "t",
        "udp": "u",
        "listening": "l",
        "all": "a",
    }
    options = read_options(process, argv, "rnitula4W", long)
    if options.words:
        process.refuse(options.words[0], "netstat takes no words", expected="netstat -rn, -i, -tln, -uan")
    if "r" in options:
        show(process, numeric="n" in options, netstat=True)
    elif "i" in options:
        _devices(process, everything="a" in options)
    elif "t" in options or "u" in options:
        if "n" not in options:
            process.refuse(
                argv[-1], "netstat: names of hosts and ports are not modelled", expected="netstat -n"
            )
        _sockets(
            process,
            tcp="t" in options,
            udp="u" in options,
            listening="l" in options,
            everything="a" in options,
        )
    else:
        process.refuse(
            argv[-1], "netstat: UNIX sockets are not modelled", expected="netstat -rn, -i, -tln, -uan"
        )
    return 0


def _devices(process: Process, *, everything: bool) -> None:
    process.out("Kernel Interface table\n")
    process.out("Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n")
    for name, device in sorted(process.netns.devices.items()):
        if device.up or everything:
            flags = "".join(
                letter for flag, letter in _LETTERS.items() if flag in flag_names(process, device)
            )
            process.out(
                f"{name:<15} {device.mtu:6d} {device.rx_packets:8d}      0      0 0      "
                f"{device.tx_packets:8d}      0      0      0 {flags}\n"
            )


def _end(address: int, port: int) -> str:
    return f"{ip_text(address)}:{port or '*'}"


def _tcp_line(sock: TcpSocket) -> str:
    state = sock.state
    remote = (0, 0) if state == LISTEN else sock.remote
    waiting = len(sock.accept_queue) if state == LISTEN else len(sock.received)
    return f"tcp   {waiting:6d} {0:6d} {_end(sock.source, sock.port):<23} {_end(*remote):<23} {state:<11}\n"


def _sockets(process: Process, *, tcp: bool, udp: bool, listening: bool, everything: bool) -> None:
    which = "only servers" if listening else "servers and established" if everything else "w/o servers"
    process.out(f"Active Internet connections ({which})\n")
    process.out("Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n")
    table = process.netns.sockets
    if tcp:
        for sock in sorted(table.tcp.sockets, key=lambda s: s.state != LISTEN):
            if everything or (sock.state == LISTEN) == listening:
                process.out(_tcp_line(sock))
    if udp:
        for one in table.udp:
            if everything or (one.peer is None) == listening:
                state = "" if one.peer is None else "ESTABLISHED"
                remote = _end(*(one.peer or (0, 0)))
                waiting = sum(d.packet.l4.length for d in one.queue)
                process.out(
                    f"udp   {waiting:6d} {0:6d} {_end(one.source, one.port):<23} {remote:<23} {state:<11}\n"
                )

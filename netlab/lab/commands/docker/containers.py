"""Containers: run, start, exec, stop and rm."""

from __future__ import annotations

from typing import Final

from netlab.errors import InputError
from netlab.lab.arguments import Options, read_options
from netlab.lab.commands.docker import plan, show
from netlab.lab.commands.docker.doing import CarryingOut, Doing, Printing
from netlab.lab.commands.docker.state import DYNAMIC_PORTS, Container, Daemon
from netlab.lab.context import Arg, Process
from netlab.lab.process import Running
from netlab.lab.streams import Null
from netlab.rules.docker import Port, Wish, wishes
from netlab.wire import ip, ip_text

RUNNABLE: Final = frozenset({"curl", "nc", "netcat", "ping", "sleep", "traceroute", "wget"})
"""Commands after an image that are run; of others docker remembers only the words."""
_RUN_OPTIONS: Final = {
    "name=": "name", "detach": "d", "publish=": "p", "rm": "rm", "interactive": "i", "tty": "t", "cap-add=": "cap",
    "cap-drop=": "cap", "privileged": "cap", "env=": "e", "hostname=": "h", "network=": "net", "net=": "net",
    "init": "init", "restart=": "restart", "entrypoint=": "entrypoint", "label=": "l", "volume=": "v", "ip=": "ip",
    "sysctl=": "sysctl", "workdir=": "w", "user=": "u", "expose=": "expose",
}  # fmt: skip


def _wished(process: Process, word: Arg) -> tuple[Wish, ...]:
    found = wishes(word)
    if found is None:
        process.refuse(
            word, f"docker: -p {word} is not modelled", expected="[[ADDRESS:]HOSTPORTS:]PORTS[/tcp|udp]"
        )
    return found


class _Taken(Exception):
    """A host port that somebody else has, or a range of which nothing is left."""


def _port(daemon: Daemon, wish: Wish, address: str, own: list[Port]) -> Port:
    """The host port for a wish. Raises _Taken."""
    others = [port for c in daemon.containers if c.running for port in c.ports] + own

    def free(number: int) -> bool:
        return not any(
            port.host_port == number
            and port.proto == wish.proto
            and (port.host_ip == wish.host_ip or "0.0.0.0" in (port.host_ip, wish.host_ip))
            for port in others
        )

    first, last = wish.host_ports if wish.host_ports[0] else DYNAMIC_PORTS
    chosen = next((number for number in range(first, last + 1) if free(number)), None)
    if chosen is None:
        exact = f"Bind for {wish.host_ip}:{first} failed: port is already allocated"
        raise _Taken(exact if wish.exact else "all ports are allocated")
    return Port(
        address=address,
        container_port=wish.container_port,
        host_port=chosen,
        proto=wish.proto,
        host_ip=wish.host_ip,
    )


def _new_container(process: Process, daemon: Daemon, options: Options) -> Container | None:
    """The container that ``docker run`` asks for; None, with docker's complaint, where it cannot be."""
    name = str(options.get("name") or "") or daemon.new_name()
    other = daemon.find(name)
    if other is not None and other.name == name:
        process.err(
            f'docker: Error response from daemon: Conflict. The container name "/{name}" is already in use by '
            f'container "{other.id}". You have to remove (or rename) that container to be able to reuse that name.\n'
        )
        return None
    container = Container(
        id=daemon.new_id(),
        name=name,
        image=str(options.words[0]),
        command=" ".join(options.words[1:]) or str(options.get("entrypoint") or ""),
        created=process.now,
        remove="rm" in options,
        sysctls=[str(value) for option, value in options.order if option == "sysctl"],
    )
    wanted = options.get("net") or Arg("bridge", process.place)
    if wanted == "none":
        return container
    network = daemon.find_network(wanted)
    if network is None:
        if wanted == "host" or ":" in wanted:
            process.refuse(
                wanted, f"docker: network {wanted} is not modelled", expected="bridge, none, a network"
            )
        process.err(f"docker: Error response from daemon: network {wanted} not found.\n")
        return None
    address = options.get("ip")
    container.endpoints.append(
        daemon.new_endpoint(network, container, None if address is None else ip(address))
    )
    shown = ip_text(container.endpoints[0].address)
    try:
        asked = [wish for option, value in options.order if option == "p" for wish in _wished(process, value)]
        for wish in daemon.rules.in_order(asked):
            container.ports.append(_port(daemon, wish, shown, container.ports))
    except InputError as error:
        process.err(f"docker: {error.message}.\nSee 'docker run --help'.\n")
        return None
    except _Taken as taken:
        process.err(
            "docker: Error response from daemon: driver failed programming external connectivity on endpoint "
            f"{name}: {taken}.\n"
        )
        return None
    return container


def run(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    options = read_options(process, words, "dp:ite:h:l:v:w:u:", _RUN_OPTIONS, permute=False)
    if not options.words:
        process.refuse(
            words[0], "docker run needs an image", expected="docker run [-d] [--name N] [-p H:C] IMAGE"
        )
    command = options.words[1:]
    detached = "d" in options
    if not detached and not (command and command[0] in RUNNABLE):
        process.refuse(
            command[0] if command else options.words[0],
            "docker run: the program of an image is not modelled",
            expected=f"docker run -d, or one of {' '.join(sorted(RUNNABLE))} after the image",
        )
    container = _new_container(process, daemon, options)
    if container is None:
        return 125
    if status := (yield from _go(process, daemon, doing, container)):
        return 125 if status else 0
    if isinstance(doing, Printing):
        return 0
    if detached:
        process.out(container.id + "\n")
        if command and command[0] in RUNNABLE:
            process.host.scheduler.spawn(_until_its_end(process, daemon, doing, container, command))
        return 0
    return (yield from _until_its_end(process, daemon, doing, container, command))


def _go(process: Process, daemon: Daemon, doing: Doing, container: Container) -> Running:
    """Start a container."""
    if container not in daemon.containers:
        daemon.containers.append(container)
    container.status, container.started = None, process.now
    container.pid = process.host.scheduler.new_pid() if isinstance(doing, CarryingOut) else 0
    return (yield from doing.carry_out(process, plan.run(daemon, container), container))


def _until_its_end(
    process: Process, daemon: Daemon, doing: Doing, container: Container, command: list[Arg]
) -> Running:
    """Run a container's command; the container ends with it."""
    status = yield from _inside(process, container, command)
    if container.running and container in daemon.containers:
        yield from _halt(process, daemon, doing, container, status)
    return status


def _inside(process: Process, container: Container, command: list[Arg]) -> Running:
    inner = process.copy(netns=process.host.world.netns[container.name])
    return (yield from process.host.execute(inner, command))


def _halt(process: Process, daemon: Daemon, doing: Doing, container: Container, status: int) -> Running:
    """A container ends; with ``--rm`` it is forgotten."""
    yield from doing.carry_out(process, plan.stop(daemon, container), container)
    container.status, container.ended = status, process.now
    container.proxies.clear()
    if container.remove:
        daemon.containers.remove(container)
    return 0


def execute(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    long = {
        "interactive": "i", "tty": "t", "detach": "d", "privileged": "privileged", "env=": "e", "user=": "u",
        "workdir=": "w",
    }  # fmt: skip
    options = read_options(process, words, "itde:u:w:", long, permute=False)
    if len(options.words) < 2:
        process.refuse(
            words[0], "docker exec needs a container and a command", expected="docker exec NAME COMMAND"
        )
    container = show.need(process, daemon, options.words[0], running=True)
    if container is None:
        return 1
    if "i" not in options:
        process = process.copy(fds={**process.fds, 0: Null()})
    if "d" in options:
        process.host.scheduler.spawn(_inside(process, container, options.words[1:]))
        return 0
    return (yield from _inside(process, container, options.words[1:]))


def stop(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    options = read_options(process, words, "t:s:", {"time=": "t", "signal=": "s"})
    status = 0
    for word in options.words:
        container = show.need(process, daemon, word, running=words[0] == "kill")
        if container is None:
            status = 1
            continue
        if container.running:
            yield from _halt(process, daemon, doing, container, 137)
        process.out(f"{word}\n")
    return status


def begin(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    status = 0
    for word in words[1:]:
        container = show.need(process, daemon, word)
        if container is None:
            status = 1
            continue
        if container.running and words[0] == "restart":
            yield from doing.carry_out(process, plan.stop(daemon, container), container)
            container.proxies.clear()
            container.status = 0
        if not container.running:
            status |= yield from _go(process, daemon, doing, container)
        process.out(f"{word}\n")
    return status


def remove(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    options = read_options(process, words, "fv", {"force": "f", "volumes": "v"})
    status = 0
    for word in options.words:
        container = show.need(process, daemon, word)
        if container is None:
            status = 1
            continue
        if container.running:
            if "f" not in options:
                process.err(
                    f"Error response from daemon: You cannot remove a running container {container.id}. "
                    "Stop the container before attempting removal or force remove\n"
                    if daemon.old
                    else f'Error response from daemon: cannot remove container "{container.name}": container is '
                    "running: stop the container before removing or force remove\n"
                )
                status = 1
                continue
            yield from _halt(process, daemon, doing, container, 137)
        if container in daemon.containers:
            daemon.containers.remove(container)
        process.out(f"{word}\n")
    return status

"""``docker`` on bridge networks: netlab's own layer, which expands to plain commands and runs them.

A container is a network namespace of its name. Images are not run: nothing happens in a container until the lab
starts something there (``docker exec -d c1 nc -lk 80``), unless the command after the image is one of
:data:`RUNNABLE`. The daemon starts with the first ``docker`` command, with the settings of
``/etc/docker/daemon.json`` (bip, userland-proxy, icc), or with ``dockerd``. Which rules it writes follows the kernel's
profile. ``docker --expand ...``, an option of netlab's own, prints the plain commands instead of running them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import InputError
from netlab.lab.arguments import Options, read_options
from netlab.lab.commands.docker import plan, show
from netlab.lab.commands.docker.proxy import docker_proxy
from netlab.lab.commands.docker.state import Container, Daemon, read_settings
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import SIGTERM, Running, Signal, Wait
from netlab.lab.streams import Null
from netlab.rules.docker import Port
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.lab.host import Host

RUNNABLE: Final = frozenset({"curl", "nc", "netcat", "ping", "sleep", "traceroute", "wget"})
"""Commands after an image that are run; of others docker remembers only the words."""
_RUN_OPTIONS: Final = {
    "name=": "name", "detach": "d", "publish=": "p", "rm": "rm", "interactive": "i", "tty": "t", "cap-add=": "cap",
    "cap-drop=": "cap", "privileged": "cap", "env=": "e", "hostname=": "h", "network=": "net", "net=": "net",
    "init": "init", "restart=": "restart", "entrypoint=": "entrypoint", "label=": "l", "volume=": "v", "ip=": "ip",
    "sysctl=": "sysctl", "workdir=": "w", "user=": "u", "expose=": "expose",
}  # fmt: skip
_SUBCOMMANDS: Final = "run exec ps inspect port start stop kill restart rm network version"


class _Printing:
    """``--expand``: how a plan is shown instead of run."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def carry_out(self, process: Process, lines: list[str], container: Container | None) -> Running:
        for line in lines:
            self.process.out(line + (" &" if line.startswith("docker-proxy") else "") + "\n")
        return 0
        yield


class _Running:
    """How a plan is run: on the host, one command after another, proxies in the background."""

    def carry_out(self, process: Process, lines: list[str], container: Container | None) -> Running:
        host = process.host
        on_host = process.copy(netns=host.world.host, fds={**process.fds, 0: Null(), 1: Null()})
        for line in lines:
            argv = [Arg(word, process.place) for word in shlex.split(line)]
            if argv[0] == "docker-proxy":
                task = host.scheduler.spawn(host.execute(on_host, argv))
                if container is not None:
                    container.proxies.append(task)
                # The proxy listens before the container is said to run.
                yield from process.sleep(0.005)
            elif argv[0] == "kill":
                proxy = host.scheduler.find(int(argv[1]))
                if proxy is not None:
                    host.scheduler.kill(proxy, SIGTERM)
            else:
                status = yield from host.execute(on_host, argv)
                if status:
                    return status
        return 0


def expansion(host: Host, argv: list[str]) -> list[str]:
    """The plain commands that ``docker ARGV`` stands for on this host; nothing is run, nothing is remembered.

    Raises InputError for what is not modelled.

    >>> from netlab.lab.host import Lab
    >>> lab = Lab("4.4")
    >>> expansion(lab.host, ["run", "-d", "--name", "c1", "foo"])[-1]
    'ip -n c1 route add default via 172.17.0.1 dev eth0'
    """
    from netlab.lab.shell_tree import Place
    from netlab.lab.streams import Sink

    parts: list[str] = []
    place = Place("docker", 1, "docker " + " ".join(argv))
    process = Process(host, host.world.host, {0: Null(), 1: Sink(parts.append), 2: Null()}, place)
    result = _docker(process, [Arg(word, place) for word in ("docker", "--expand", *argv)])
    for _ in result:
        raise InputError("only commands that change the network have an expansion")
    return "".join(parts).splitlines()


_Doing = _Printing | _Running
_Action = Callable[[Process, Daemon, _Doing, list[Arg]], Running]


def _docker(process: Process, argv: list[Arg]) -> Running:
    words = argv[1:]
    printing = bool(words) and words[0] == "--expand"
    words = words[1:] if printing else words
    if words and words[0] == "container":
        words = words[1:]
    if not words:
        process.refuse(argv[0], "docker needs a command", expected=_SUBCOMMANDS)
    action = _ACTIONS.get(words[0])
    if action is None:
        process.refuse(words[0], f"docker {words[0]} is not modelled", expected=_SUBCOMMANDS)
    state, rng = process.host.state, process.host.world.rng
    if not printing:
        daemon = state.get("docker") or state.setdefault(
            "docker", Daemon(process.host, read_settings(process))
        )
        yield from _start(process, daemon, _Running())
        return (yield from action(process, daemon, _Running(), words))
    if words[0] not in _EXPANDABLE:
        process.refuse(
            words[0], f"docker {words[0]} has no expansion", expected=" ".join(sorted(_EXPANDABLE))
        )
    dice = rng.getstate()
    known = state.get("docker")
    daemon = Daemon(process.host, read_settings(process)) if known is None else known.rehearsal()
    rng.setstate(dice)
    quiet = process.copy(fds={**process.fds, 1: Null()})
    yield from _start(process, daemon, _Printing(process))
    return (yield from action(quiet, daemon, _Printing(process), words))


def _start(process: Process, daemon: Daemon, doing: _Doing) -> Running:
    if not daemon.started:
        daemon.started = True
        yield from doing.carry_out(process, plan.start(daemon), None)
    return 0


def _dockerd(process: Process, argv: list[Arg]) -> Running:
    """The daemon in the foreground: started with its own options, it goes on until it is ended."""
    long = {"bip=": "bip", "userland-proxy=": "userland-proxy", "icc=": "icc"}
    options = read_options(process, argv, "", long)
    if "docker" in process.host.state:
        process.err("failed to start daemon, ensure docker is not running or delete /var/run/docker.pid\n")
        return 1
    given: dict[str, Any] = {}
    for name, value in options.values.items():
        given[name] = str(value) if name == "bip" else value.lower() not in ("false", "0", "f")
    daemon = process.host.state["docker"] = Daemon(process.host, read_settings(process, given))
    yield from _start(process, daemon, _Running())
    try:
        while True:
            yield Wait(lambda: False)
    except Signal:
        return 0


# --- run ----------------------------------------------------------------------------------------------------------


def _published(process: Process, daemon: Daemon, word: Arg, address: str) -> Port:
    match = re.fullmatch(r"(?:(?:(\d+\.\d+\.\d+\.\d+):)?(\d*):)?(\d+)(?:/(tcp|udp))?", word)
    if not match:
        process.refuse(
            word, f"docker: -p {word} is not modelled", expected="[[ADDRESS:]HOSTPORT:]PORT[/tcp|udp]"
        )
    return Port(
        address=address,
        container_port=int(match.group(3)),
        host_port=int(match.group(2) or 0) or daemon.free_port(),
        proto=match.group(4) or "tcp",
        host_ip=match.group(1) or "0.0.0.0",
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
    from netlab.wire import ip

    container.endpoints.append(
        daemon.new_endpoint(network, container, None if address is None else ip(address))
    )
    shown = ip_text(container.endpoints[0].address)
    for option, value in options.order:
        if option == "p":
            container.ports.append(_published(process, daemon, value, shown))
    busy = {(p.host_port, p.proto) for c in daemon.containers if c.running for p in c.ports}
    for port in container.ports:
        if (port.host_port, port.proto) in busy:
            process.err(
                f"docker: Error response from daemon: driver failed programming external connectivity on endpoint "
                f"{name}: Bind for {port.host_ip}:{port.host_port} failed: port is already allocated.\n"
            )
            return None
    return container


def _run(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
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
    if isinstance(doing, _Printing):
        return 0
    if detached:
        process.out(container.id + "\n")
        if command and command[0] in RUNNABLE:
            process.host.scheduler.spawn(_until_its_end(process, daemon, doing, container, command))
        return 0
    return (yield from _until_its_end(process, daemon, doing, container, command))


def _go(process: Process, daemon: Daemon, doing: _Doing, container: Container) -> Running:
    """Start a container."""
    if container not in daemon.containers:
        daemon.containers.append(container)
    container.status, container.started = None, process.now
    container.pid = process.host.scheduler.new_pid() if isinstance(doing, _Running) else 0
    return (yield from doing.carry_out(process, plan.run(daemon, container), container))


def _until_its_end(
    process: Process, daemon: Daemon, doing: _Doing, container: Container, command: list[Arg]
) -> Running:
    """Run a container's command; the container ends with it."""
    status = yield from _inside(process, container, command)
    if container.running and container in daemon.containers:
        yield from _halt(process, daemon, doing, container, status)
    return status


def _inside(process: Process, container: Container, command: list[Arg]) -> Running:
    inner = process.copy(netns=process.host.world.netns[container.name])
    return (yield from process.host.execute(inner, command))


def _halt(process: Process, daemon: Daemon, doing: _Doing, container: Container, status: int) -> Running:
    """A container ends; with ``--rm`` it is forgotten."""
    yield from doing.carry_out(process, plan.stop(daemon, container), container)
    container.status, container.ended = status, process.now
    container.proxies.clear()
    if container.remove:
        daemon.containers.remove(container)
    return 0


# --- the rest -----------------------------------------------------------------------------------------------------


def _exec(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
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


def _stop(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
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


def _begin(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
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


def _remove(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
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


def _network(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
    if len(words) < 2 or words[1] not in _NETWORK:
        process.refuse(words[-1], "docker network: not modelled", expected=" ".join(_NETWORK))
    return (yield from _NETWORK[words[1]](process, daemon, doing, words[1:]))


def _network_create(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
    long = {
        "driver=": "d", "subnet=": "subnet", "gateway=": "gateway", "internal": "internal", "opt=": "o",
    }  # fmt: skip
    options = read_options(process, words, "d:o:", long)
    driver = options.get("d")
    if driver is not None and driver != "bridge":
        process.refuse(driver, f"docker network: driver {driver} is not modelled", expected="bridge")
    if len(options.words) != 1:
        process.refuse(words[0], "docker network create needs a name", expected="docker network create NAME")
    name = options.words[0]
    if daemon.find_network(name) is not None:
        process.err(f"Error response from daemon: network with name {name} already exists\n")
        return 1
    device, icc = "", True
    for option, value in options.order:
        if option == "o":
            key, _, given = value.partition("=")
            if key == "com.docker.network.bridge.name":
                device = given
            elif key == "com.docker.network.bridge.enable_icc":
                icc = given != "false"
            else:
                process.refuse(
                    value,
                    f"docker network: option {key} is not modelled",
                    expected="com.docker.network.bridge.name, com.docker.network.bridge.enable_icc",
                )
    network = daemon.new_network(
        str(name),
        str(options.get("subnet") or ""),
        str(options.get("gateway") or ""),
        device,
        icc=icc,
        internal="internal" in options,
    )
    daemon.networks.append(network)
    status = yield from doing.carry_out(process, plan.network(daemon, network), None)
    process.out(network.id + "\n")
    return status


def _network_remove(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
    status = 0
    for word in words[1:]:
        network = daemon.find_network(word)
        if network is None:
            process.err(f"Error response from daemon: network {word} not found\n")
            status = 1
        elif network is daemon.networks[0]:
            process.err("Error response from daemon: bridge is a pre-defined network and cannot be removed\n")
            status = 1
        elif any(c.running and e.network is network for c in daemon.containers for e in c.endpoints):
            process.err(
                f"Error response from daemon: error while removing network: network {network.name} id {network.id} "
                "has active endpoints\n"
            )
            status = 1
        else:
            yield from doing.carry_out(process, plan.remove_network(daemon, network), None)
            daemon.networks.remove(network)
            process.out(f"{word}\n")
    return status


def _network_connect(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
    if len(words) != 3:
        process.refuse(
            words[-1], "docker network: the words do not fit", expected=f"{words[0]} NETWORK CONTAINER"
        )
    network = daemon.find_network(words[1])
    if network is None:
        process.err(f"Error response from daemon: network {words[1]} not found\n")
        return 1
    container = show.need(process, daemon, words[2], running=True)
    if container is None:
        return 1
    endpoint = next((e for e in container.endpoints if e.network is network), None)
    if words[0] == "connect":
        if endpoint is not None:
            process.err(
                f"Error response from daemon: endpoint with name {container.name} already exists in network "
                f"{network.name}\n"
            )
            return 1
        endpoint = daemon.new_endpoint(network, container)
        container.endpoints.append(endpoint)
        return (yield from doing.carry_out(process, plan.connect(daemon, container, endpoint), container))
    if endpoint is None:
        process.err(
            f"Error response from daemon: container {container.id} is not connected to the network {network.name}\n"
        )
        return 1
    lines = plan.disconnect(daemon, container, endpoint)
    container.endpoints.remove(endpoint)
    return (yield from doing.carry_out(process, lines, container))


def _told(tell: Callable[[Process, Daemon, list[Arg]], int]) -> _Action:
    """An action that only prints."""

    def action(process: Process, daemon: Daemon, doing: _Doing, words: list[Arg]) -> Running:
        return tell(process, daemon, words)
        yield

    return action


_NETWORK: Final[dict[str, _Action]] = {
    "ls": _told(lambda process, daemon, words: show.list_networks(process, daemon)),
    "create": _network_create,
    "rm": _network_remove,
    "inspect": _told(lambda process, daemon, words: show.inspect(process, daemon, words, networks=True)),
    "connect": _network_connect,
    "disconnect": _network_connect,
}
_ACTIONS: Final[dict[str, _Action]] = {
    "run": _run,
    "exec": _exec,
    "ps": _told(show.ps),
    "ls": _told(show.ps),
    "inspect": _told(show.inspect),
    "port": _told(show.port),
    "start": _begin,
    "restart": _begin,
    "stop": _stop,
    "kill": _stop,
    "rm": _remove,
    "network": _network,
    "version": _told(lambda process, daemon, words: show.version(process, daemon)),
}
_EXPANDABLE: Final = frozenset({"run", "start", "restart", "stop", "kill", "rm", "network"})
COMMANDS: Final[dict[str, Command]] = {"docker": _docker, "dockerd": _dockerd, "docker-proxy": docker_proxy}

"""``docker`` on bridge networks: netlab's own layer, which expands to plain commands and runs them.

A container is a network namespace of its name. Images are not run: nothing happens in a container until the lab
starts something there (``docker exec -d c1 nc -lk 80``), unless the command after the image is one of
``containers.RUNNABLE``. The daemon starts with the first ``docker`` command, with the settings of
``/etc/docker/daemon.json`` (bip, userland-proxy, icc), or with ``dockerd``. Which rules it writes follows the kernel's
profile. ``docker --expand ...``, an option of netlab's own, prints the plain commands instead of running them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netlab.errors import InputError
from netlab.lab.arguments import read_options
from netlab.lab.commands.docker import containers, networks, plan, show
from netlab.lab.commands.docker.doing import Action, CarryingOut, Doing, Printing, told
from netlab.lab.commands.docker.proxy import docker_proxy
from netlab.lab.commands.docker.state import Daemon, read_settings
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import Running, Signal, Wait
from netlab.lab.streams import Null

if TYPE_CHECKING:
    from netlab.lab.host import Host

_SUBCOMMANDS: Final = "run exec ps inspect port start stop kill restart rm network version"


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
        yield from _start(process, daemon, CarryingOut())
        return (yield from action(process, daemon, CarryingOut(), words))
    if words[0] not in _EXPANDABLE:
        process.refuse(
            words[0], f"docker {words[0]} has no expansion", expected=" ".join(sorted(_EXPANDABLE))
        )
    dice = rng.getstate()
    known = state.get("docker")
    daemon = Daemon(process.host, read_settings(process)) if known is None else known.rehearsal()
    rng.setstate(dice)
    quiet = process.copy(fds={**process.fds, 1: Null()})
    yield from _start(process, daemon, Printing(process))
    return (yield from action(quiet, daemon, Printing(process), words))


def _start(process: Process, daemon: Daemon, doing: Doing) -> Running:
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
    yield from _start(process, daemon, CarryingOut())
    try:
        while True:
            yield Wait(lambda: False)
    except Signal:
        return 0


_ACTIONS: Final[dict[str, Action]] = {
    "run": containers.run,
    "exec": containers.execute,
    "ps": told(show.ps),
    "ls": told(show.ps),
    "inspect": told(show.inspect),
    "port": told(show.port),
    "start": containers.begin,
    "restart": containers.begin,
    "stop": containers.stop,
    "kill": containers.stop,
    "rm": containers.remove,
    "network": networks.network,
    "version": told(lambda process, daemon, words: show.version(process, daemon)),
}
_EXPANDABLE: Final = frozenset({"run", "start", "restart", "stop", "kill", "rm", "network"})
COMMANDS: Final[dict[str, Command]] = {"docker": _docker, "dockerd": _dockerd, "docker-proxy": docker_proxy}

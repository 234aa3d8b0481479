"""The two ways to carry out a plan: run its commands on the host, or print them (``docker --expand``)."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from netlab.lab.commands.docker.state import Container, Daemon
from netlab.lab.context import Arg, Process
from netlab.lab.process import SIGTERM, Running
from netlab.lab.streams import Null


class Printing:
    """``--expand``: how a plan is shown instead of run."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def carry_out(self, process: Process, lines: list[str], container: Container | None) -> Running:
        for line in lines:
            self.process.out(line + (" &" if line.startswith("docker-proxy") else "") + "\n")
        return 0
        yield


class CarryingOut:
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


Doing = Printing | CarryingOut
Action = Callable[[Process, Daemon, Doing, list[Arg]], Running]
"""One docker command: what carries out its plan, and its words."""


def told(tell: Callable[[Process, Daemon, list[Arg]], int]) -> Action:
    """An action that only prints."""

    def action(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
        return tell(process, daemon, words)
        yield

    return action

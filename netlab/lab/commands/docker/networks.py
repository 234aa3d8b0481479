"""Networks: create, connect, disconnect, rm, ls and inspect."""

from __future__ import annotations

from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.commands.docker import plan, show
from netlab.lab.commands.docker.doing import Action, Doing, told
from netlab.lab.commands.docker.state import Daemon
from netlab.lab.context import Arg, Process
from netlab.lab.process import Running


def network(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
    if len(words) < 2 or words[1] not in _ACTIONS:
        process.refuse(words[-1], "docker network: not modelled", expected=" ".join(_ACTIONS))
    return (yield from _ACTIONS[words[1]](process, daemon, doing, words[1:]))


def _network_create(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
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


def _network_remove(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
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


def _network_connect(process: Process, daemon: Daemon, doing: Doing, words: list[Arg]) -> Running:
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


_ACTIONS: Final[dict[str, Action]] = {
    "ls": told(lambda process, daemon, words: show.list_networks(process, daemon)),
    "create": _network_create,
    "rm": _network_remove,
    "inspect": told(lambda process, daemon, words: show.inspect(process, daemon, words, networks=True)),
    "connect": _network_connect,
    "disconnect": _network_connect,
}

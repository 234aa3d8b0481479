"""What docker prints: ps, inspect, port, network ls, version."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from netlab.data import article
from netlab.lab.arguments import read_options
from netlab.lab.context import Arg, Process
from netlab.wire import ip_text

if TYPE_CHECKING:
    from netlab.lab.commands.docker.state import Bridge, Container, Daemon


def age(seconds: float) -> str:
    """A duration in docker's words (go-units, HumanDuration).

    >>> age(0.4), age(75), age(5400)
    ('Less than a second', 'About a minute', '2 hours')
    """
    whole = int(seconds)
    if whole < 1:
        return "Less than a second"
    if whole == 1:
        return "1 second"
    if whole < 60:
        return f"{whole} seconds"
    if whole < 120:
        return "About a minute"
    if whole < 3600:
        return f"{whole // 60} minutes"
    hours = int(seconds / 3600 + 0.5)
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    days = hours // 24
    return f"{days} days" if days < 14 else f"{days // 7} weeks"


def table(daemon: Daemon, rows: list[tuple[str, ...]]) -> str:
    """Columns as docker's tab writer sets them: since 20.10 at least 10 wide, before 20, and three blanks between."""
    least = 20 if int(daemon.rules.release.split(".")[0]) < 20 else 10
    widths = [max(least, *(len(row[i]) + 3 for row in rows)) for i in range(len(rows[0]) - 1)]
    return "".join(
        "".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=False)) + row[-1] + "\n"
        for row in rows
    )


def _ports(container: Container) -> str:
    if not container.running:
        return ""
    # Runs of ports that are the same outside and in are told as one; the others follow (cli, DisplayablePorts).
    runs: dict[tuple[str, str], tuple[int, int]] = {}
    told, mapped = [], []

    def tell(host_ip: str, proto: str) -> str:
        first, last = runs[host_ip, proto]
        span = f"{first}" if first == last else f"{first}-{last}"
        return f"{host_ip}:{span}->{span}/{proto}"

    for p in sorted(container.ports, key=lambda p: (p.container_port, p.host_ip, p.host_port, p.proto)):
        key = p.host_ip, p.proto
        if p.host_port != p.container_port:
            mapped.append(f"{p.host_ip}:{p.host_port}->{p.container_port}/{p.proto}")
        elif key in runs and runs[key][1] + 1 == p.host_port:
            runs[key] = runs[key][0], p.host_port
        else:
            if key in runs:
                told.append(tell(*key))
            runs[key] = p.host_port, p.host_port
    return ", ".join([*told, *(tell(*key) for key in runs), *mapped])


def _state(container: Container, now: float) -> str:
    if container.running:
        return f"Up {age(now - container.started)}"
    return f"Exited ({container.status}) {age(now - container.ended)} ago"


def ps(process: Process, daemon: Daemon, words: list[Arg]) -> int:
    """``docker ps``."""
    options = read_options(process, words, "aq", {"all": "a", "quiet": "q", "no-trunc": "no-trunc"})
    shown = [c for c in reversed(daemon.containers) if c.running or "a" in options]
    whole = "no-trunc" in options
    if "q" in options:
        process.out("".join(f"{c.id if whole else c.id[:12]}\n" for c in shown))
        return 0
    rows: list[tuple[str, ...]] = [
        ("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES")
    ]
    for one in shown:
        command = one.command if whole or len(one.command) <= 18 else one.command[:17] + "…"
        number = one.id if whole else one.id[:12]
        made = f"{age(process.now - one.created)} ago"
        rows.append(
            (number, one.image, f'"{command}"', made, _state(one, process.now), _ports(one), one.name)
        )
    process.out(table(daemon, rows))
    return 0


def port(process: Process, daemon: Daemon, words: list[Arg]) -> int:
    """``docker port``."""
    container = need(process, daemon, words[1]) if len(words) > 1 else None
    if len(words) < 2:
        process.refuse(words[0], "docker port needs a container", expected="docker port NAME [PORT]")
    if container is None:
        return 1
    wanted = str(words[2]) if len(words) > 2 else ""
    found = [
        p for p in container.ports if wanted in ("", str(p.container_port), f"{p.container_port}/{p.proto}")
    ]
    if wanted and not found:
        process.err(f"Error: No public port '{wanted}' published for {words[1]}\n")
        return 1
    for one in found:
        start = "" if wanted else f"{one.container_port}/{one.proto} -> "
        process.out(f"{start}{one.host_ip}:{one.host_port}\n")
    return 0


def need(process: Process, daemon: Daemon, word: Arg, *, running: bool = False) -> Container | None:
    """A container by name; None, with docker's complaint, where there is none."""
    container = daemon.find(word)
    if container is None:
        process.err(f"Error response from daemon: No such container: {word}\n")
        return None
    if running and not container.running:
        start = "Container" if daemon.old else "container"
        process.err(f"Error response from daemon: {start} {container.id} is not running\n")
        return None
    return container


def facts(container: Container) -> dict[str, Any]:
    """What ``docker inspect`` says, as far as it is modelled."""
    running = container.running
    ports: dict[str, Any] = {}
    for p in container.ports if running else ():
        ports.setdefault(f"{p.container_port}/{p.proto}", []).append(
            {"HostIp": p.host_ip, "HostPort": str(p.host_port)}
        )
    networks = {}
    for endpoint in container.endpoints:
        one = endpoint.network
        networks[one.name] = {
            "NetworkID": one.id,
            "Gateway": ip_text(one.gateway) if running else "",
            "IPAddress": ip_text(endpoint.address) if running else "",
            "IPPrefixLen": one.prefix if running else 0,
            "MacAddress": endpoint.mac if running else "",
        }
    own = {"Gateway": "", "IPAddress": "", "IPPrefixLen": 0, "MacAddress": ""}
    own |= {key: networks["bridge"][key] for key in own if "bridge" in networks}
    return {
        "Id": container.id,
        "State": {
            "Status": "running" if running else "exited",
            "Running": running,
            "Pid": container.pid if running else 0,
            "ExitCode": container.status or 0,
        },
        "Name": f"/{container.name}",
        "Config": {"Hostname": container.id[:12], "Image": container.image, "Cmd": container.command.split()},
        "NetworkSettings": {"Ports": ports, **own, "Networks": networks},
    }


def network_facts(daemon: Daemon, one: Bridge) -> dict[str, Any]:
    """What ``docker network inspect`` says, as far as it is modelled."""
    inside = {
        c.id: {
            "Name": c.name,
            "MacAddress": e.mac,
            "IPv4Address": f"{ip_text(e.address)}/{one.prefix}",
        }
        for c in daemon.containers
        for e in c.endpoints
        if c.running and e.network is one
    }
    return {
        "Name": one.name,
        "Id": one.id,
        "Driver": "bridge",
        "IPAM": {"Config": [{"Subnet": one.rules.subnet, "Gateway": ip_text(one.gateway)}]},
        "Internal": one.rules.internal,
        "Containers": inside,
    }


def inspect(process: Process, daemon: Daemon, words: list[Arg], *, networks: bool = False) -> int:
    """``docker inspect`` and ``docker network inspect``, with ``-f`` for simple templates."""
    options = read_options(process, words, "f:", {"format=": "f"})
    status, shown = 0, []
    for word in options.words:
        container = None if networks else daemon.find(word)
        network = daemon.find_network(word)
        if container is None and network is None:
            process.err(f"Error: No such {'network' if networks else 'object'}: {word}\n")
            status = 1
            continue
        if container is not None:
            shown.append(facts(container))
        else:
            assert network is not None
            shown.append(network_facts(daemon, network))
    template = options.get("f")
    if template is None:
        process.out(json.dumps(shown, indent=4) + "\n")
    else:
        for one in shown:
            process.out(_filled(process, template, template, one, one) + "\n")
    return status


_RANGE: Final = re.compile(
    r"\{\{-?\s*range\s+(?:\$(\w+),\s*\$(\w+)\s*:=\s*)?((?:\.\w+)+)\s*-?\}\}(.*?)\{\{-?\s*end\s*-?\}\}",
    re.DOTALL,
)
_VALUE: Final = re.compile(r"\{\{-?\s*(json\s+)?(?:\$(\w+))?((?:\.\w+)*\.?)\s*-?\}\}")


def _filled(
    process: Process, template: Arg, text: str, here: Any, root: Any, names: dict[str, Any] | None = None
) -> str:
    """A Go template of paths, ``json`` and ``range``; whatever else it holds is refused."""

    def look(path: str, start: Any) -> Any:
        found = start
        for name in path.strip(".").split(".") if path.strip(".") else ():
            if not isinstance(found, dict) or name not in found:
                process.refuse(
                    template,
                    f"docker inspect: {path} is not modelled",
                    expected=", ".join(f".{key}" for key in found) if isinstance(found, dict) else ".",
                )
            found = found[name]
        return found

    def loop(match: re.Match[str]) -> str:
        first, second, path, body = match.groups()
        items = look(path, here)
        pairs = items.items() if isinstance(items, dict) else enumerate(items)
        return "".join(
            _filled(process, template, body, value, root, {first: key, second: value} if first else None)
            for key, value in pairs
        )

    def value(match: re.Match[str]) -> str:
        as_json, name, path = match.groups()
        start = here if name is None else (names or {}).get(name, root)
        found = look(path, start)
        if as_json or isinstance(found, dict | list):
            return json.dumps(found, separators=(",", ":"))
        return str(found).lower() if isinstance(found, bool) else str(found)

    text = _VALUE.sub(value, _RANGE.sub(loop, text))
    if "{{" in text:
        process.refuse(
            template,
            "docker inspect: this template is not modelled",
            expected="{{.NetworkSettings.IPAddress}}, {{json .State}}, {{range .NetworkSettings.Networks}}...{{end}}",
        )
    return text


def list_networks(process: Process, daemon: Daemon) -> int:
    """``docker network ls``; ``host`` and ``none`` are there on every host."""
    ids = daemon.host.state.setdefault("docker-ids", {name: daemon.new_id() for name in ("host", "none")})
    rows = [(n.id[:12], n.name, "bridge", "local") for n in daemon.networks]
    rows += [(ids["host"][:12], "host", "host", "local"), (ids["none"][:12], "none", "null", "local")]
    rows.sort(key=lambda row: row[1])
    process.out(table(daemon, [("NETWORK ID", "NAME", "DRIVER", "SCOPE"), *rows]))
    return 0


def version(process: Process, daemon: Daemon) -> int:
    """``docker version``: the article's own on its era, else what is known of the release."""
    if daemon.rules.release == "17.09":
        process.out(article("docker-version.txt"))
    else:
        number = f"{daemon.rules.release}.0"
        process.out(
            f"Client:\n Version:           {number}\n\nServer:\n Engine:\n  Version:          {number}\n"
        )
    return 0

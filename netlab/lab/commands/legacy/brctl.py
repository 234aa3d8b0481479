"""``brctl``, as bridge-utils 1.7.1 prints (captured)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.kernel.bridge_device import BridgeDevice
from netlab.lab.commands.legacy.modern import run_ip
from netlab.lab.context import Arg, Process
from netlab.wire import mac_int

if TYPE_CHECKING:
    from netlab.kernel.bridge import Bridge

_HELP: Final = {
    "addbr": "<bridge>\t\tadd bridge",
    "delbr": "<bridge>\t\tdelete bridge",
    "addif": "<bridge> <device>\tadd interface to bridge",
    "delif": "<bridge> <device>\tdelete interface from bridge",
    "hairpin": "<bridge> <port> {on|off}\tturn hairpin on/off",
    "setageing": "<bridge> <time>\t\tset ageing time",
    "setbridgeprio": "<bridge> <prio>\t\tset bridge priority",
    "setfd": "<bridge> <time>\t\tset bridge forward delay",
    "sethello": "<bridge> <time>\t\tset hello time",
    "setmaxage": "<bridge> <time>\t\tset max message age",
    "setpathcost": "<bridge> <port> <cost>\tset path cost",
    "setportprio": "<bridge> <port> <prio>\tset port priority",
    "show": "[ <bridge> ]\t\tshow a list of bridges",
    "showmacs": "<bridge>\t\tshow a list of mac addrs",
    "showstp": "<bridge>\t\tshow bridge stp info",
    "stp": "<bridge> {on|off}\tturn stp on/off",
}
_USAGE: Final = "Usage: brctl [commands]\ncommands:\n" + "".join(
    f"\t{name:<10}\t{text}\n" for name, text in _HELP.items()
)
_WORDS: Final = {
    "addbr": 1,
    "delbr": 1,
    "addif": 2,
    "delif": 2,
    "hairpin": 3,
    "setageing": 2,
    "setfd": 2,
    "stp": 2,
}


class _Failed(Exception):
    """brctl ends with this message and status 1."""


def brctl(process: Process, argv: list[Arg]) -> int:
    """Set up and show bridges."""
    words = argv[1:]
    if not words:
        process.err(_USAGE)
        return 1
    name, rest = words[0], words[1:]
    if name not in _HELP:
        process.err(f"never heard of command [{name}]\n" + _USAGE)
        return 1
    action = _ACTIONS.get(name)
    if action is None:
        process.refuse(name, f"brctl: {name} is not modelled", expected=" ".join(_ACTIONS))
    few = len(rest) < _WORDS.get(name, 1 if name == "showmacs" else 0)
    if few:
        process.err(f"Incorrect number of arguments for command\nUsage: brctl {name} {_HELP[name]}\n")
        return 1
    try:
        action(process, rest)
    except _Failed as failed:
        process.err(f"{failed}\n")
        return 1
    return 0


def _bridge(process: Process, name: str) -> Bridge:
    device = process.netns.devices.get(name)
    if device is None:
        raise _Failed(f"bridge {name} does not exist!")
    if device.bridge is None:
        raise _Failed(f"device {name} is not a bridge!")
    return device.bridge  # type: ignore[no-any-return]


def _add_bridge(process: Process, words: list[Arg]) -> None:
    if words[0] in process.netns.devices:
        raise _Failed(f"device {words[0]} already exists; can't create bridge with the same name")
    run_ip(process, "link", "add", words[0], "type", "bridge")


def _delete_bridge(process: Process, words: list[Arg]) -> None:
    device = process.netns.devices.get(words[0])
    if device is None:
        raise _Failed(f"bridge {words[0]} doesn't exist; can't delete it")
    if not isinstance(device, BridgeDevice):
        raise _Failed(f"can't delete bridge {words[0]}: Operation not permitted")
    if device.up:
        raise _Failed(f"bridge {words[0]} is still up; can't delete it")
    run_ip(process, "link", "del", words[0])


def _add_port(process: Process, words: list[Arg]) -> None:
    name, devices = words[0], process.netns.devices
    for port in words[1:]:
        device = devices.get(port)
        if device is None:
            raise _Failed(f"interface {port} does not exist!")
        if name not in devices:
            raise _Failed(f"bridge {name} does not exist!")
        if isinstance(device, BridgeDevice):
            raise _Failed(
                f"device {port} is a bridge device itself; can't add a bridge device to a bridge device."
            )
        if device.port is not None:
            raise _Failed(f"device {port} is already a member of a bridge; can't add it to bridge {name}.")
        if devices[name].bridge is None:
            raise _Failed(f"can't add {port} to bridge {name}: Operation not supported")
        if error := run_ip(process, "link", "set", port, "master", name):
            raise _Failed(f"can't add {port} to bridge {name}: {error}")


def _delete_port(process: Process, words: list[Arg]) -> None:
    name, devices = words[0], process.netns.devices
    for port in words[1:]:
        device = devices.get(port)
        if device is None:
            raise _Failed(f"interface {port} does not exist!")
        if name not in devices:
            raise _Failed(f"bridge {name} does not exist!")
        if device.port is None or device.port.bridge.device is not devices[name]:
            raise _Failed(f"device {port} is not a port of {name}")
        run_ip(process, "link", "set", port, "nomaster")


def _hairpin(process: Process, words: list[Arg]) -> None:
    name, port, state = words
    if state not in ("on", "off", "yes", "no", "1", "0"):
        raise _Failed("expect on/off for argument")
    device = process.netns.devices.get(port)
    if device is None or device.port is None or device.port.bridge.device.name != name:
        raise _Failed(f"can't set {port} to hairpin on bridge {name}: No such file or directory")
    device.port.hairpin = state in ("on", "yes", "1")


def _seconds(word: Arg, what: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise _Failed(f"bad {what} value") from None


def _set_ageing(process: Process, words: list[Arg]) -> None:
    seconds = _seconds(words[1], "ageing time")
    device = process.netns.devices.get(words[0])
    if device is None or device.bridge is None:
        raise _Failed("set ageing time failed: No such device")
    device.bridge.fdb.ageing = seconds


def _set_forward_delay(process: Process, words: list[Arg]) -> None:
    """Only bridges with STP wait before they forward, so there is nothing to remember."""
    _seconds(words[1], "forward delay")
    device = process.netns.devices.get(words[0])
    if device is None or device.bridge is None:
        raise _Failed("set forward delay failed: No such device")


def _stp(process: Process, words: list[Arg]) -> None:
    if words[1] in ("on", "yes", "1"):
        process.refuse(
            words[1], "brctl: the spanning tree protocol is not modelled", expected="stp BRIDGE off"
        )
    if words[1] not in ("off", "no", "0"):
        raise _Failed("expect on/off for argument")
    _bridge(process, words[0])


def _show(process: Process, words: list[Arg]) -> None:
    devices = process.netns.devices
    names = words or sorted(name for name, device in devices.items() if device.bridge is not None)
    bridges = [_bridge(process, name) for name in names]
    if bridges:
        process.out("bridge name\tbridge id\t\tSTP enabled\tinterfaces\n")
    for name, bridge in zip(names, bridges, strict=True):
        # Until it has a port a bridge's identity is all zeros, whatever its MAC (br_stp_recalculate_bridge_id).
        known = bridge.ports or bridge.device.mac_was_set
        mac = bridge.device.mac.replace(":", "") if known else "0" * 12
        ports = sorted(port.device.name for port in bridge.ports)
        process.out(f"{name}\t\t8000.{mac}\tno\t\t" + "\n\t\t\t\t\t\t\t".join(ports) + "\n")


def _show_macs(process: Process, words: list[Arg]) -> None:
    device = process.netns.devices.get(words[0])
    if device is None or device.bridge is None:
        raise _Failed("read of forward table failed: No such device")
    bridge = device.bridge
    numbers = {port: len(bridge.ports) - at for at, port in enumerate(bridge.ports)}
    process.out("port no\tmac addr\t\tis local?\tageing timer\n")
    for entry in sorted(bridge.fdb.entries(), key=lambda e: mac_int(e.mac)):
        if entry.port is None:
            continue
        age = 0.0 if entry.local or entry.static else process.now - entry.updated
        local = "yes" if entry.local else "no"
        process.out(f"{numbers[entry.port]:3d}\t{entry.mac}\t{local}\t\t{age:7.2f}\n")


_ACTIONS: Final[dict[str, Callable[[Process, list[Arg]], None]]] = {
    "addbr": _add_bridge,
    "delbr": _delete_bridge,
    "addif": _add_port,
    "delif": _delete_port,
    "hairpin": _hairpin,
    "setageing": _set_ageing,
    "setfd": _set_forward_delay,
    "stp": _stp,
    "show": _show,
    "showmacs": _show_macs,
}

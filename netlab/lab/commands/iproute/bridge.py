"""``bridge fdb`` and ``bridge link``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import klog
from netlab.kernel.bridge import Bridge, Port
from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.fdb import FdbEntry
from netlab.lab.commands.iproute.bridge_options import PORT_SWITCHES
from netlab.lab.commands.iproute.link_show import flags
from netlab.lab.commands.iproute.vlans import show_vlans
from netlab.lab.commands.iproute.words import Failed, Words, answers, complaint
from netlab.lab.context import Process
from netlab.wire import is_multicast_mac

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns
    from netlab.lab.commands.iproute.style import Style

_ALL_NODES: Final = "33:33:00:00:00:01"
_ALL_SNOOPERS6: Final = "33:33:00:00:00:6a"
_ALL_HOSTS: Final = "01:00:5e:00:00:01"
_ALL_SNOOPERS: Final = "01:00:5e:00:00:6a"


def bridge(process: Process, words: Words, style: Style) -> int:
    """``bridge fdb …``, ``bridge link …`` and ``bridge vlan show``."""
    name = words.choose({"link": "link", "fdb": "fdb", "vlan": "vlan"})
    words.what = f"bridge {name}"
    if name == "vlan":
        return show_vlans(process, words)
    if name == "fdb":
        return _fdb(process, words, style)
    choices = {"show": "show", "list": "show", "lst": "show", "set": "set"}
    if words.choose(choices, "show") == "set":
        return _set_link(process, words)
    return _show_links(process, words, style)


# --- fdb --------------------------------------------------------------------------------------------------------


def _fdb(process: Process, words: Words, style: Style) -> int:
    choices = {
        "show": "show", "list": "show", "lst": "show", "add": "add", "replace": "replace", "append": "append",
        "delete": "delete", "get": "get", "flush": "flush",
    }  # fmt: skip
    action = words.choose(choices, "show")
    if action == "show":
        if style.stats or style.details:
            process.refuse(
                process.place.text, "bridge fdb: -s and -d are not modelled", expected="bridge fdb show"
            )
        return _show_fdb(process, words)
    if action == "get":
        return _get_fdb(process, words)
    if action == "flush":
        return _flush_fdb(process, words)
    return _change_fdb(process, words, action)


def _show_fdb(process: Process, words: Words) -> int:
    known = ("br", "brport", "dev", "state", "dynamic")
    ns: Netns = process.netns
    only: Device | None = None
    of: BridgeDevice | None = None
    state = ""
    while words:
        word = words.take()
        if word == "dynamic":
            state = "dynamic"
            continue
        if word == "vlan":
            words.refuse(word, known)
        if word not in known:
            continue
        name = words.take()
        if word == "state":
            if name not in ("permanent", "static", "reachable", "stale", "all"):
                raise Failed(f'Error: argument "{name}" is wrong: invalid state', 255)
            state = "" if name == "all" else str(name)
            continue
        device = ns.devices.get(name)
        if device is None:
            raise Failed(
                f'Cannot find bridge device "{name}"' if word == "br" else f'Cannot find device "{name}"', 255
            )
        if word == "br":
            if not isinstance(device, BridgeDevice):
                raise answers("Invalid argument", 255)
            of = device
        else:
            only = device
    for device in sorted(ns.devices.values(), key=lambda d: d.ifindex):
        master = device.port.bridge.device if device.port is not None else device
        if (only is not None and device is not only) or (of is not None and master is not of):
            continue
        dev = "" if only is not None else f"dev {device.name} "
        given: list[str] = process.host.state.get("self", {}).get(device, [])
        macs = [mac for mac in given if not is_multicast_mac(mac)]
        macs += [*_own_groups(ns, device), *(mac for mac in given if is_multicast_mac(mac))]
        own = [f"{mac} {dev}self permanent" for mac in macs]
        entries = [_fdb_line(entry, dev) for entry in _entries(device)]
        for line in [*own, *entries] if isinstance(device, BridgeDevice) else [*entries, *own]:
            last = line.rsplit(" ", 1)[1]
            if not state or (last or "reachable") == state or (state == "dynamic" and last != "permanent"):
                process.out(line + "\n")
    return 0


def _own_groups(ns: Netns, device: Device) -> list[str]:
    """The multicast addresses a device itself listens to, as the kernel joins them (observed on 6.1)."""
    if device.kind == "loopback":
        return []
    if isinstance(device, BridgeDevice):
        if not device.up:
            return [_ALL_NODES]
        snoopers = [_ALL_SNOOPERS, _ALL_SNOOPERS6] if device.bridge.joins_snoopers else []
        return [_ALL_NODES, *snoopers, _ALL_HOSTS]
    if device.kind == "dummy":
        return [_ALL_NODES] + ([_ALL_HOSTS] if device.up else [])
    return [_ALL_NODES] + ([_ALL_HOSTS] if device.up else [])


def _entries(device: Device) -> list[FdbEntry]:
    """What is behind a device, newest first."""
    if isinstance(device, BridgeDevice):
        return [e for e in device.bridge.fdb.listed() if e.port is None]
    if device.port is None:
        return []
    return [e for e in device.port.bridge.fdb.listed() if e.port is device.port]


def _fdb_line(entry: FdbEntry, dev: str) -> str:
    """An entry's line."""
    bridge: Bridge | None = entry.port.bridge if entry.port is not None else None
    master = bridge.device.name if bridge is not None else dev.split()[-1] if dev else ""
    if bridge is None and not master:
        master = "bridge"
    vlan = f"vlan {entry.vlan} " if entry.vlan else ""
    state = "permanent" if entry.local else "static" if entry.static else ""
    return f"{entry.mac} {dev}{vlan}master {master} {state}"


def _get_fdb(process: Process, words: Words) -> int:
    """``bridge fdb get MAC br BRIDGE [vlan 1]``."""
    known = ("MAC", "br", "vlan 1")
    ns: Netns = process.netns
    mac: str | None = None
    name: str | None = None
    vlan = 0
    while words:
        word = words.peek()
        if word in ("br", "to"):
            words.take()
            name = words.take() if word == "br" else name
        elif word == "vlan":
            words.take()
            if words.take() != "1":
                words.refuse(word, known)
            vlan = 1
        elif word in ("dev", "brport", "vni", "self", "master", "dst"):
            words.refuse(words.take(), known)
        else:
            mac = words.mac(Failed(f"Invalid mac address {word}", 255))
    if name is None or mac is None:
        raise Failed("Device or master and address are required arguments.", 255)
    device = ns.devices.get(name)
    if device is None:
        raise Failed(f'Cannot find device "{name}"', 255)
    entries = device.bridge.fdb.listed() if isinstance(device, BridgeDevice) else []
    entry = next((e for e in entries if (e.mac, e.vlan) == (mac, vlan)), None)
    if entry is None:
        raise complaint("Fdb entry not found", 254)
    at = entry.port.device if entry.port is not None else device
    process.out(_fdb_line(entry, f"dev {at.name} ") + "\n")
    return 0


def _flush_fdb(process: Process, words: Words) -> int:
    """``bridge fdb flush dev DEV [master]``: without more words, every entry, permanent ones too."""
    known = ("dev", "master", "self")
    name: str | None = None
    asked: set[str] = set()
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        elif word in ("master", "self"):
            asked.add(word)
        else:
            words.refuse(word, known)
    if name is None:
        raise Failed("Device is a required argument.", 255)
    device = process.netns.devices.get(name)
    if device is None:
        raise Failed(f'Cannot find bridge device "{name}"', 255)
    if "master" in asked and device.port is not None:
        device.port.bridge.flush(device.port)
    elif "master" not in asked and isinstance(device, BridgeDevice):
        device.bridge.flush()
    else:
        raise answers("Operation not supported", 255)
    return 0


def _change_fdb(process: Process, words: Words, action: str) -> int:
    known = ("MAC", "dev", "master", "self", "static", "permanent", "local", "temp", "dynamic")
    ns: Netns = process.netns
    word = words.peek()
    if word is None:
        raise Failed("Device and address are required arguments.", 255)
    mac = words.mac(Failed(f"Invalid mac address {word}", 255))
    name: str | None = None
    master = False
    kind = "permanent"
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        elif word == "master":
            master = True
        elif word == "self":
            continue
        elif word in ("static", "temp"):
            kind = "static"
        elif word in ("permanent", "local"):
            kind = "permanent"
        elif word == "dynamic":
            kind = "dynamic"
        else:
            words.refuse(word, known)
    if name is None:
        raise Failed("Device and address are required arguments.", 255)
    device = ns.devices.get(name)
    if device is None:
        raise Failed(f'Cannot find device "{name}"', 255)
    port: Port | None = device.port
    if not master and isinstance(device, BridgeDevice):
        return _change_in(process, device.bridge, None, mac, kind, action)
    if not master:
        return _change_own(process, device, mac, kind, action)
    if port is None:
        raise answers("Operation not supported", 255)
    return _change_in(process, port.bridge, port, mac, kind, action)


def _change_own(process: Process, device: Device, mac: str, kind: str, action: str) -> int:
    """An address that the device itself shall take in (ndo_dflt_fdb_add): without ``master``, or with ``self``."""
    own: list[str] = process.host.state.setdefault("self", {}).setdefault(device, [])
    if action == "delete":
        if mac not in own:
            raise answers("No such file or directory", 255)
        own.remove(mac)
    elif kind != "permanent":
        klog.message(device.ns, 6, f"{device.name}: default FDB implementation only supports local addresses")
        raise answers("Invalid argument", 255)
    elif mac not in own:
        own.append(mac)
    elif action == "add":
        raise answers("File exists", 255)
    return 0


def _change_in(process: Process, bridge: Bridge, port: Port | None, mac: str, kind: str, action: str) -> int:
    """An entry of a bridge's table: behind a port, or the bridge's own."""
    bridge.fdb.listed()  # what has aged is no longer in the way
    if action == "delete":
        if not bridge.fdb.remove(mac, port):
            raise answers("No such file or directory", 255)
        return 0
    if mac == "00:00:00:00:00:00":
        klog.message(bridge.ns, 6, "bridge: RTM_NEWNEIGH with invalid ether address")
        raise answers("Invalid argument", 255)
    if port is None and kind != "permanent":
        klog.message(bridge.ns, 6, f"bridge: RTM_NEWNEIGH {bridge.device.name} without NUD_PERMANENT")
        raise answers("Invalid argument", 255)
    if kind == "dynamic" and port is not None and not port.forwarding:
        raise answers("Operation not permitted", 255)
    local, static = kind == "permanent", kind in ("permanent", "static")
    if not bridge.fdb.configure(mac, port, local=local, static=static, only_new=action == "add"):
        raise answers("File exists", 255)
    return 0


# --- link -------------------------------------------------------------------------------------------------------


def _set_link(process: Process, words: Words) -> int:
    known = ("dev", *PORT_SWITCHES)
    ns: Netns = process.netns
    name: str | None = None
    wanted: dict[str, bool] = {}
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        elif word in PORT_SWITCHES:
            wanted[PORT_SWITCHES[word]] = words.switch(word, listed=True, status=234)
        elif word in ("master", "self"):
            continue
        else:
            words.refuse(word, known)
    if name is None:
        raise Failed("Device is a required argument.", 255)
    if name not in ns.devices:
        raise Failed(f'Cannot find bridge device "{name}"', 255)
    port = ns.devices[name].port
    if port is None:
        raise answers("Operation not supported", 255)
    for attribute, value in wanted.items():
        setattr(port, attribute, value)
    return 0


def _show_links(process: Process, words: Words, style: Style) -> int:
    ns: Netns = process.netns
    only: Device | None = None
    of: Device | None = None
    while words:
        word = words.take()
        name = words.take() if word in ("dev", "master") else word
        if name not in ns.devices:
            raise Failed(f'Cannot find device "{name}"', 255)
        if word == "master":
            of = ns.devices[name]
        else:
            only = ns.devices[name]
    for device in sorted(ns.devices.values(), key=lambda d: d.ifindex):
        port = device.port
        if port is None or only not in (None, device) or of not in (None, port.bridge.device):
            continue
        master = port.bridge.device
        state = "forwarding" if port.forwarding else "disabled"
        peer = getattr(device, "peer", None)
        shown, lower_down = device.name, False
        if peer is not None and peer.ifindex != device.ifindex:
            # The listing of bridges says no namespace: the number is taken for one of this namespace (br_fill_ifinfo).
            lower = next((d for d in ns.devices.values() if d.ifindex == peer.ifindex), None)
            shown += f"@{lower.name if lower is not None else f'if{peer.ifindex}'}"
            lower_down = lower is not None and not lower.up
        process.out(
            f"{device.ifindex}: {shown}: {flags(process.host, device, lower_down=lower_down)} "
            f"mtu {device.mtu} master {master.name} state {state} priority 32 cost {port.cost} \n"
        )
        if style.details:
            process.out(_port_details(port))
    return 0


def _port_details(port: Port) -> str:
    def on(value: bool) -> str:
        return "on" if value else "off"

    return (
        f"    hairpin {on(port.hairpin)} guard off root_block off fastleave off learning {on(port.learning)} "
        f"flood {on(port.flood)} mcast_flood {on(port.mcast_flood)} bcast_flood {on(port.bcast_flood)} "
        f"mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated {on(port.isolated)} "
        "locked off \n"
    )

"""``ip link``: devices made, changed, removed and shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.device import Device, Dummy, Veth
from netlab.lab.commands.iproute.bridge_options import set_bridge_options, set_port_options
from netlab.lab.commands.iproute.link_show import show_links
from netlab.lab.commands.iproute.namespaces import namespace_id
from netlab.lab.commands.iproute.words import Failed, Words, answers, complaint, need_device
from netlab.lab.context import Arg, Process
from netlab.wire import is_multicast_mac

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.lab.commands.iproute.style import Style
    from netlab.lab.host import Host

_KINDS = ("bridge", "veth", "dummy")
_NAME_LENGTH = 15
ETH_DATA: Final = 1500
_IPV4_MINIMUM: Final = 68
"""Below this MTU a device has no IPv4: its addresses go (inetdev_event). A dummy may be made so narrow."""
_UNMODELLED: Final = (
    "index", "group", "vrf", "mode", "state", "vf", "xdp", "xdpgeneric", "xdpdrv", "xdpoffload", "addrgenmode",
    "allmulticast", "trailers", "carrier", "protodown", "protodown_reason", "numtxqueues", "numrxqueues",
    "gso_max_size", "gso_max_segs", "gro_max_size", "link-netnsid",
)  # fmt: skip
"""Words of ``ip link set`` that netlab does not model (iplink.c, iplink_parse)."""


_CUT_SHORT: Final = (
    "link", "address", "broadcast", "txqueuelen", "master", "nomaster", "dynamic", "type", "alias",
)  # fmt: skip
"""Words of ``ip link set`` that may be cut short, in the order in which iproute2 tries them."""


def keyword(word: Arg) -> Arg:
    """A word of ``ip link add`` or ``set`` in full: so ``addr`` is ``address``, and a device called ``a`` is not found.

    >>> from netlab.lab.shell_tree import Place
    >>> str(keyword(Arg("addr", Place("x", 1, ""))))
    'address'
    """
    if word in ("dev", "name", "up", "down", "mtu", "netns", "arp", "promisc", "multicast", "group"):
        return word
    full = next((name for name in _CUT_SHORT if name.startswith(word)), None)
    if word == "brd":
        full = "broadcast"
    return word if full is None else Arg(full, word.place)


def link(process: Process, words: Words, style: Style) -> int:
    """``ip link add|delete|set|show``."""
    choices = {"add": "add", "set": "set", "show": "show", "list": "show", "lst": "show", "delete": "delete"}
    action = words.choose(choices, "show")
    if action == "add":
        return add(process, words)
    if action == "delete":
        return delete(process, words)
    if action == "set":
        return change(process, words)
    return show_links(process, words, style)


def _check_name(name: str) -> None:
    if len(name) > _NAME_LENGTH or not name or "/" in name or name in (".", ".."):
        raise Failed(f'Error: argument "{name}" is wrong: "name" not a valid ifname', 255)


def _target_netns(process: Process, word: Arg) -> Netns:
    ns = process.host.world.netns.get(word)
    if word == "1" or (ns is not None and word != "host"):
        return process.host.world.host if ns is None else ns
    raise Failed(f'Error: argument "{word}" is wrong: Invalid "netns" value\n', 255)


def add(process: Process, words: Words) -> int:
    """``ip link add [name] DEV [address MAC] [mtu N] type KIND …``."""
    name: str | None = None
    mac: str | None = None
    mtu: int | None = None
    target: Netns | None = None
    up = False
    while words:
        word = keyword(words.take())
        if word == "type":
            break
        if word in ("name", "dev"):
            name = words.take()
        elif word == "address":
            mac = words.mac()
        elif word == "broadcast":
            words.mac()
        elif word == "mtu":
            mtu = words.quantity("mtu", 'Invalid "mtu" value\n')
        elif word == "netns":
            target = _target_netns(process, words.take())
        elif word == "up":
            up = True
        elif word in ("link", "txqueuelen", "numtxqueues", "index", "master", "group"):
            words.refuse(word, ("name", "address", "mtu", "netns", "up", "type"))
        elif name is None:
            if len(word) > _NAME_LENGTH:
                # Only the name after the word "name" is looked at before the kernel is asked.
                raise complaint("Attribute failed policy validation")
            name = word
        else:
            words.refuse(word, ("name", "address", "mtu", "netns", "up", "type"))
    else:
        raise Failed('Not enough information: "type" argument is required', 1)
    kind = words.take()
    known_elsewhere = (
        "vlan",
        "vxlan",
        "macvlan",
        "ipvlan",
        "bond",
        "tun",
        "gre",
        "ipip",
        "wireguard",
        "ifb",
        "vrf",
    )
    if kind not in _KINDS:
        if kind in known_elsewhere:
            process.refuse(kind, f"ip link: type {kind} is not modelled", expected=", ".join(_KINDS))
        raise complaint("Unknown device type")
    ns = target or process.netns
    device: Device
    if kind == "veth":
        device = _add_veth(process, words, ns, name, mac)
    else:
        name = name or _free_name(kind, ns.devices)
        _check_name(name)
        if name in ns.devices:
            raise answers("File exists")
        device = BridgeDevice(ns, name, mac) if kind == "bridge" else Dummy(ns, name, mac)
        if isinstance(device, BridgeDevice):
            set_bridge_options(process, words, device)
        elif words:
            words.refuse(words.take(), ())
    if mtu is not None:
        device.mtu = mtu
    if up:
        device.set_up()
    _changed(process)
    return 0


def _free_name(kind: str, taken: Collection[str]) -> str:
    return next(f"{kind}{n}" for n in range(1000) if f"{kind}{n}" not in taken)


def _add_veth(process: Process, words: Words, ns: Netns, name: str | None, mac: str | None) -> Veth:
    peer_name: str | None = None
    peer_mac: str | None = None
    peer_mtu: int | None = None
    peer_ns = ns
    if words:
        word = words.take()
        if word != "peer":
            words.refuse(word, ("peer",))
    while words:
        word = keyword(words.take())
        if word in ("name", "dev"):
            peer_name = words.take()
        elif word == "address":
            peer_mac = words.mac()
        elif word == "netns":
            peer_ns = _target_netns(process, words.take())
        elif word == "mtu":
            peer_mtu = words.quantity("mtu", 'Invalid "mtu" value\n')
        elif peer_name is None and word not in ("index", "txqueuelen", "numtxqueues", "type"):
            peer_name = word
        else:
            words.refuse(word, ("name", "address", "netns", "mtu"))
    if peer_name is None:
        peer_name = _free_name("veth", peer_ns.devices)
    _check_name(peer_name)
    if name is None:  # the peer comes first
        name = _free_name("veth", [*ns.devices, peer_name] if peer_ns is ns else ns.devices)
    _check_name(name)
    if name in ns.devices or peer_name in peer_ns.devices:
        raise answers("File exists")
    if name == peer_name and ns is peer_ns:
        ns.next_ifindex()  # the peer was there for a moment (veth_newlink)
        raise answers("File exists")
    one, peer = Veth.pair(ns, name, peer_ns, peer_name, mac, peer_mac)
    if peer_mtu is not None:
        peer.mtu = peer_mtu
    _number_pair(process, one)
    return one


def _number_pair(process: Process, device: Device) -> None:
    """Creating or moving a link tells both namespaces of each other: numbers are given out."""
    peer = getattr(device, "peer", None)
    if peer is not None and peer.ns is not device.ns:
        namespace_id(process.host, device.ns, peer.ns)
        namespace_id(process.host, peer.ns, device.ns)


def adjust_mtu(host: Host, device: BridgeDevice) -> None:
    """A bridge is as wide as its narrowest port until somebody gives it an MTU (br_mtu_auto_adjust)."""
    if device not in host.state.get("bridge mtu", ()):
        device.mtu = min((port.device.mtu for port in device.bridge.ports), default=ETH_DATA)


def _changed(process: Process) -> None:
    process.host.world.softirq()
    process.host.world.linkwatch.follow()


def delete(process: Process, words: Words) -> int:
    """``ip link delete DEV [type KIND]``."""
    if not words:
        raise Failed('Not enough information: "dev" argument is required.', 255)
    word = words.take()
    if word == "dev":
        word = words.take()
    while words:
        extra = words.take()
        if extra != "type":
            words.refuse(extra, ("type",))
        words.take()
    device = need_device(process.netns, word)
    if device.kind == "loopback":
        raise answers("Operation not supported")
    bridges = [
        d.port.bridge.device
        for d in (device, getattr(device, "peer", None))
        if d is not None and d.port is not None
    ]
    device.delete()
    for bridge in bridges:
        adjust_mtu(process.host, bridge)
    _changed(process)
    return 0


def change(process: Process, words: Words) -> int:
    """``ip link set DEV …``: all options are checked first, then made true in the kernel's order."""
    if not words:
        raise Failed('Not enough information: "dev" argument is required.', 255)
    ns: Netns = process.netns
    name: Arg | None = None
    known = (
        "up", "down", "master", "nomaster", "name", "address", "mtu", "netns", "promisc", "arp", "multicast",
        "txqueuelen", "type",
    )  # fmt: skip
    wanted: dict[str, object] = {}
    while words:
        option = keyword(words.take())
        if option in ("up", "down"):
            wanted["up"] = option == "up"
        elif option == "nomaster":
            wanted["master"] = None
        elif option == "master":
            master = words.take()
            if master not in ns.devices:
                raise Failed(f'Error: argument "{master}" is wrong: Device does not exist\n', 255)
            wanted["master"] = ns.devices[master]
        elif option == "name":
            wanted["name"] = words.take()
        elif option == "address":
            given = (words.peek() or "").count(":") + 1
            wanted["address"] = words.mac(
                length=Failed(f"Invalid address length {given} - must be 6 bytes", 1)
            )
        elif option == "mtu":
            wanted["mtu"] = words.quantity("mtu", 'Invalid "mtu" value\n')
        elif option == "netns":
            wanted["netns"] = _target_netns(process, words.take())
        elif option == "promisc":
            wanted["promisc"] = words.switch("promisc")
        elif option in ("arp", "multicast"):
            wanted[option] = words.switch(option)
        elif option in ("txqueuelen", "qlen"):
            words.take()
        elif option == "broadcast":
            words.mac()
        elif option == "dynamic":
            words.switch("dynamic")
        elif option in ("link", "alias"):
            words.take()
        elif option == "type":
            wanted["type"] = words.take()
            break
        elif option in _UNMODELLED:
            words.refuse(option, known)
        elif name is None:
            name = words.take() if option == "dev" else option
        else:
            words.refuse(option, known)
    if name is None:
        raise Failed('Not enough information: "dev" argument is required.', 255)
    device = need_device(ns, name)
    _apply(process, words, device, wanted)
    _changed(process)
    return 0


def _apply(process: Process, words: Words, device: Device, wanted: dict[str, object]) -> None:
    """do_setlink's order (net/core/rtnetlink.c): namespace, address, mtu, name, up or down, master, kind."""
    ns = device.ns
    target = wanted.get("netns")
    if target is not None and target is not ns:
        if device.kind in ("loopback", "bridge"):
            raise answers("Invalid argument")
        if device.name in target.devices:  # type: ignore[attr-defined]
            raise answers("File exists")
        device.move(target)  # type: ignore[arg-type]
        _number_pair(process, device)
    mac = wanted.get("address")
    if isinstance(mac, str):
        if is_multicast_mac(mac) or mac == "00:00:00:00:00:00":
            raise answers("Cannot assign requested address")
        device.set_mac(mac)
    if isinstance(mtu := wanted.get("mtu"), int):
        if mtu < _IPV4_MINIMUM:
            if device.kind != "dummy":
                raise complaint("mtu less than device minimum")
            for address in [a for a in device.addresses if not a.secondary]:
                device.remove_address(address)
        if mtu > 65535 and isinstance(device, (Veth, BridgeDevice)):
            raise complaint("mtu greater than device maximum")
        device.mtu = mtu
        if isinstance(device, BridgeDevice):
            process.host.state.setdefault("bridge mtu", set()).add(device)
        elif device.port is not None:
            adjust_mtu(process.host, device.port.bridge.device)
    name = wanted.get("name")
    if isinstance(name, str) and name != device.name:
        _check_name(name)
        if device.up:
            raise answers("Device or resource busy")
        if name in device.ns.devices:
            raise answers("File exists")
        device.rename(name)
        _rename_labels(device)
    if "arp" in wanted and device.noarp == bool(wanted["arp"]):
        device.noarp = not wanted["arp"]
        if device.up:
            ns.neighbours.device_changed(device)
    if "multicast" in wanted:
        silent: set[Device] = process.host.state.setdefault("no multicast", set())
        (silent.discard if wanted["multicast"] else silent.add)(device)
    if "promisc" in wanted:
        device.promiscuous = bool(wanted["promisc"])
    if "up" in wanted:
        if wanted["up"]:
            device.set_up()
        else:
            device.set_down()
    if "master" in wanted:
        left = device.port.bridge.device if device.port is not None else None
        _set_master(device, wanted["master"])
        for bridge in (left, device.port.bridge.device if device.port is not None else None):
            if bridge is not None:
                adjust_mtu(process.host, bridge)
    kind = wanted.get("type")
    if kind == "bridge":
        if not isinstance(device, BridgeDevice):
            raise answers("Operation not supported")
        set_bridge_options(process, words, device)
    elif kind == "bridge_slave":
        if device.port is None:
            raise answers("Operation not supported")
        set_port_options(process, words, device.port)
    elif isinstance(kind, Arg):
        process.refuse(kind, f"ip link set: type {kind} is not modelled", expected="bridge or bridge_slave")


def _rename_labels(device: Device) -> None:
    """Labels take the new name; from the second address on they keep, or get, what follows a colon (inetdev_changename)."""
    ordered = sorted(device.addresses, key=lambda a: (a.secondary, 0 if a.secondary else -a.scope))
    for number, address in enumerate(ordered, 1):
        _, colon, suffix = address.label.partition(":")
        tail = "" if number == 1 else f":{suffix if colon else number}"
        device.addresses[device.addresses.index(address)] = replace(address, label=device.name + tail)


def _set_master(device: Device, master: object) -> None:
    if device.port is not None:
        if master is not None and device.port.bridge.device is master:
            return
        device.port.bridge.remove_port(device)
    if master is None:
        return
    if not isinstance(master, BridgeDevice):
        raise answers("Operation not supported")
    if device.kind == "loopback" or isinstance(device, BridgeDevice):
        if device.kind == "bridge":
            raise complaint("Can not enslave a bridge to a bridge")
        raise answers("Invalid argument")
    master.bridge.add_port(device)

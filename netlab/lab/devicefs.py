"""/sys/class/net: what the simulated kernel's devices say of themselves, and the switches of bridges and their ports.

Sources: net/core/net-sysfs.c, net/bridge/br_sysfs_br.c, br_sysfs_if.c (6.1); read on 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netlab.kernel.bridge import Port
from netlab.kernel.bridge_device import BridgeDevice
from netlab.lab.files import FileError, ReadError

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns

DEVICES: Final = "/sys/class/net/"
ETH_HEADER: Final = 14
_HUNDREDTHS: Final = 100
_FORWARDING: Final = "3"
_DISABLED: Final = "0"
_PORT_SWITCHES: Final = {
    "brport/hairpin_mode": "hairpin",
    "brport/learning": "learning",
    "brport/unicast_flood": "flood",
    "brport/multicast_flood": "mcast_flood",
    "brport/broadcast_flood": "bcast_flood",
    "brport/isolated": "isolated",
}
_NF_CALLS: Final = {
    f"bridge/{name}": name for name in ("nf_call_iptables", "nf_call_ip6tables", "nf_call_arptables")
}


def _bridge_id(device: Device) -> str:
    return "8000." + device.mac.replace(":", "")


def received_octets(device: Device) -> int:
    """Bytes received as the device counts them: a veth with the Ethernet header, a bridge and lo without."""
    return device.rx_octets + (ETH_HEADER * device.rx_packets if device.kind == "veth" else 0)


def sent_octets(device: Device) -> int:
    """Bytes sent as the device counts them: all but lo with the Ethernet header."""
    return device.tx_octets - (ETH_HEADER * device.tx_packets if device.kind == "loopback" else 0)


def _values(device: Device) -> dict[str, str]:
    watch = device.ns.world.linkwatch
    values = {
        "address": device.mac,
        "broadcast": "00:00:00:00:00:00" if device.kind == "loopback" else "ff:ff:ff:ff:ff:ff",
        "mtu": str(device.mtu),
        "ifindex": str(device.ifindex),
        "operstate": watch.operstate(device).lower(),
        "carrier": str(int(watch.has_carrier(device))),
        "statistics/rx_packets": str(device.rx_packets),
        "statistics/tx_packets": str(device.tx_packets),
        "statistics/rx_dropped": str(device.rx_dropped),
        "statistics/tx_dropped": str(device.tx_dropped),
        "statistics/rx_bytes": str(received_octets(device)),
        "statistics/tx_bytes": str(sent_octets(device)),
        "type": "772" if device.kind == "loopback" else "1",
    }
    peer = getattr(device, "peer", None)
    values["iflink"] = str(device.ifindex if peer is None else peer.ifindex)
    if isinstance(device, BridgeDevice):
        bridge = device.bridge
        values |= {
            "bridge/ageing_time": str(round(bridge.fdb.ageing * _HUNDREDTHS)),
            "bridge/bridge_id": _bridge_id(device),
            "bridge/root_id": _bridge_id(device),
            "bridge/stp_state": "0",
            "bridge/vlan_filtering": "0",
            "bridge/multicast_snooping": str(int(bridge.multicast_snooping)),
            **{file: str(int(getattr(bridge, name))) for file, name in _NF_CALLS.items()},
        }
    if device.port is not None:
        values |= {file: str(int(getattr(device.port, name))) for file, name in _PORT_SWITCHES.items()}
        values |= {
            "brport/state": _FORWARDING if device.port.forwarding else _DISABLED,
            "brport/priority": "32",
            "brport/path_cost": str(device.port.cost),
        }
    return values


def device_files(ns: Netns) -> Iterator[str]:
    """The files of all devices."""
    for name, device in ns.devices.items():
        for file in _values(device):
            yield f"{DEVICES}{name}/{file}"
        if isinstance(device, BridgeDevice):
            for port in device.bridge.ports:
                yield f"{DEVICES}{name}/brif/{port.device.name}"


def _split(ns: Netns, path: str) -> tuple[Device | None, str]:
    name, _, file = path.removeprefix(DEVICES).partition("/")
    device = ns.devices.get(name) if path.startswith(DEVICES) else None
    if device is not None and file.startswith("brif/"):
        # brif holds a link to the brport folder of each port
        name, _, rest = file.removeprefix("brif/").partition("/")
        member = ns.devices.get(name)
        if member is None or member.port is None or member.port.bridge_dev is not device:
            raise FileError("No such file or directory")
        if rest:
            return member, f"brport/{rest}"
    return device, file


def only_written(ns: Netns, path: str) -> bool:
    """Whether a path is a switch that nobody can read."""
    device, file = _split(ns, path)
    if file == "bridge/flush":
        return isinstance(device, BridgeDevice)
    return file == "brport/flush" and device is not None and device.port is not None


def device_file(ns: Netns, path: str) -> str | None:
    """A file's text; None where netlab has none. Raises FileError: the carrier of a device that is down."""
    device, file = _split(ns, path)
    if device is None:
        return None
    if file == "carrier" and not device.up:
        raise ReadError("Invalid argument")
    if only_written(ns, path):
        raise FileError("Permission denied")
    value = _values(device).get(file)
    return None if value is None else value + "\n"


def write_device_file(ns: Netns, path: str, value: int) -> bool:
    """Turn a switch of a bridge or of its port; False where netlab has none."""
    device, file = _split(ns, path)
    port: Port | None = None if device is None else device.port
    if port is not None and file == "brport/flush":
        port.bridge.forget_port(port, keep_static=True)
        return True
    if port is not None and file in _PORT_SWITCHES:
        setattr(port, _PORT_SWITCHES[file], bool(value))
        return True
    if not isinstance(device, BridgeDevice):
        return False
    bridge = device.bridge
    if file == "bridge/ageing_time":
        bridge.fdb.ageing = value / _HUNDREDTHS
    elif file in _NF_CALLS:
        setattr(bridge, _NF_CALLS[file], bool(value))
    elif file == "bridge/multicast_snooping":
        bridge.set_multicast_snooping(bool(value))
    elif file == "bridge/flush":
        for each in bridge.ports:
            bridge.forget_port(each, keep_static=True)
    else:
        return False
    return True

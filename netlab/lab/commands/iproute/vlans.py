"""``bridge vlan show``: without VLAN filtering every bridge and port is in VLAN 1, and nothing depends on it."""

from __future__ import annotations

from netlab.kernel.bridge_device import BridgeDevice
from netlab.lab.commands.iproute.words import Failed, Words
from netlab.lab.context import Process


def show_vlans(process: Process, words: Words) -> int:
    """``bridge vlan [show [dev DEV]]``. Raises Failed."""
    words.choose({"show": "show", "list": "show", "lst": "show"}, "show")
    devices = sorted(process.netns.devices.values(), key=lambda d: d.ifindex)
    while words:
        word = words.take()
        if word != "dev":
            words.refuse(word, ("dev",))
        name = words.take()
        devices = [d for d in devices if d.name == name]
        if not devices:
            raise Failed(f'Cannot find device "{name}"', 255)
    process.out(f"{'port':<18}vlan-id  \n")
    for device in devices:
        if isinstance(device, BridgeDevice) or device.port is not None:
            process.out(f"{device.name:<18}1 PVID Egress Untagged\n")
    return 0

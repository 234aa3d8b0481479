"""The options of a bridge and of its ports, under the names that ``ip link … type bridge`` and ``bridge link`` use."""

from __future__ import annotations

from typing import Final

from netlab.kernel.bridge import Port
from netlab.kernel.bridge_device import BridgeDevice
from netlab.lab.commands.iproute.words import Words
from netlab.lab.context import Process

PORT_SWITCHES: Final = {
    "hairpin": "hairpin",
    "learning": "learning",
    "flood": "flood",
    "mcast_flood": "mcast_flood",
    "bcast_flood": "bcast_flood",
    "isolated": "isolated",
}
"""``bridge link set`` words and the attributes of a port they change."""
NF_CALLS: Final = ("nf_call_iptables", "nf_call_ip6tables", "nf_call_arptables")
"""Which of the packet filters a bridge asks; only the first has rules here."""
# Options that change nothing that netlab models, at the values that keep it so.
_HARMLESS: Final = {
    "stp_state": 0,
    "vlan_filtering": 0,
    "forward_delay": None,
    "hello_time": None,
    "max_age": None,
    "priority": None,
    "mcast_querier": 0,
}


def set_bridge_options(process: Process, words: Words, device: BridgeDevice) -> None:
    """``type bridge [ageing_time N] [nf_call_iptables 0|1] [fdb_flush] …``; times in hundredths of a second."""
    bridge = device.bridge
    known = ("ageing_time", *NF_CALLS, "mcast_snooping", "fdb_flush", *_HARMLESS)
    while words:
        option = words.take()
        if option == "ageing_time":
            bridge.fdb.ageing = words.quantity(option, "invalid ageing_time") / 100
        elif option in NF_CALLS:
            setattr(bridge, option, bool(words.quantity(option, f"invalid {option}")))
        elif option == "mcast_snooping":
            bridge.set_multicast_snooping(bool(words.quantity(option, f"invalid {option}")))
        elif option == "fdb_flush":
            flush(bridge.ports)
        elif option in _HARMLESS:
            value = words.take()
            only = _HARMLESS[option]
            if only is not None and value != str(only):
                process.refuse(
                    value, f"bridge option {option} {value} is not modelled", expected=f"{option} {only}"
                )
        else:
            words.refuse(option, known)


def set_port_options(process: Process, words: Words, port: Port) -> None:
    """``type bridge_slave [hairpin on|off] … [fdb_flush]``."""
    known = (*PORT_SWITCHES, "fdb_flush")
    while words:
        option = words.take()
        if option in PORT_SWITCHES:
            setattr(port, PORT_SWITCHES[option], words.switch(option, listed=True))
        elif option == "fdb_flush":
            flush([port])
        else:
            words.refuse(option, known)


def flush(ports: list[Port]) -> None:
    """Forget what was learnt; static and local entries stay (br_fdb_flush)."""
    for port in ports:
        port.bridge.forget_port(port, keep_static=True)

"""What an address is to this host, and which of its own it speaks from.

Sources: net/ipv4/fib_frontend.c, devinet.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.address import SCOPE_LINK, SCOPE_UNIVERSE
from netlab.kernel.route.model import LOCAL, Flow

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.netns import Netns


def address_type(ns: Netns, address: int, dev: Device | None = None) -> str:
    """UNICAST, LOCAL, BROADCAST or MULTICAST, by the local table (inet_addr_type_dev_table)."""
    if is_this_network(ns, address) or address == 0xFFFFFFFF:
        return "BROADCAST"
    if address >> 28 == 14:
        return "MULTICAST"
    route = ns.fib.table_lookup(LOCAL, Flow(address))
    if route is None or (dev is not None and route.dev is not dev):
        return "UNICAST"
    return route.kind.upper()


def is_this_network(ns: Netns, address: int) -> bool:
    """ipv4_is_zeronet."""
    return address >> 32 - ns.world.release.this_network_bits == 0


def is_local(ns: Netns, address: int) -> bool:
    return address_type(ns, address) == "LOCAL"


def select_address(device: Device, destination: int = 0, *, link_scope: bool = False) -> int:
    """The device's address to speak to a destination from (inet_select_addr); 0 if there is none anywhere."""
    limit = SCOPE_LINK if link_scope else SCOPE_UNIVERSE
    primaries = [a for a in device.addresses if not a.secondary and a.scope <= limit]
    for address in primaries:
        if not destination or address.covers(destination):
            return address.ip
    if primaries:
        return primaries[0].ip
    for other in device.ns.devices.values():
        if other is device:
            continue
        for address in other.addresses:
            if not address.secondary and address.scope != SCOPE_LINK and address.scope <= limit:
                return address.ip
    return 0

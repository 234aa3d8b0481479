"""An IPv4 address of a device, and the scopes of addresses and routes.

Source: include/uapi/linux/rtnetlink.h, net/ipv4/devinet.c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.wire import mask_of

SCOPE_UNIVERSE: Final = 0
SCOPE_LINK: Final = 253
SCOPE_HOST: Final = 254


@dataclass(frozen=True, slots=True)
class Address:
    """An IPv4 address of a device; ``broadcast`` 0 means none was given."""

    ip: int
    prefix: int
    broadcast: int = 0
    scope: int = SCOPE_UNIVERSE
    secondary: bool = False
    label: str = ""
    peer: int | None = None
    metric: int = 0
    """The metric of the route that the address brings along."""
    prefix_route: bool = True
    """False: the address brings no route to its network along (IFA_F_NOPREFIXROUTE)."""

    @property
    def network(self) -> int:
        return (self.ip if self.peer is None else self.peer) & mask_of(self.prefix)

    def covers(self, other: int) -> bool:
        """True if an address lies in this one's subnet."""
        return (other ^ (self.ip if self.peer is None else self.peer)) & mask_of(self.prefix) == 0

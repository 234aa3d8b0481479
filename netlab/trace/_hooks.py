"""The order in which a packet can pass the hooks of bridge and IPv4, and where NAT may change its addresses."""

from __future__ import annotations

from typing import Final

#: The built-in chains, which are the names of hooks.
HOOKS: Final = frozenset({"BROUTING", "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"})

BRIDGE: Final = "bridge"
IP: Final = "ip"

#: For each hook, the hooks that may have been the last one before it in the same packet. Lines may be missing
#: between the two (no ebtables rules, a table that does not exist), so these are not only neighbours.
BEFORE: Final[dict[tuple[str, str], frozenset[tuple[str, str]]]] = {
    (BRIDGE, "BROUTING"): frozenset(),
    (BRIDGE, "PREROUTING"): frozenset({(BRIDGE, "BROUTING")}),
    (IP, "PREROUTING"): frozenset(
        {(BRIDGE, "BROUTING"), (BRIDGE, "PREROUTING"), (BRIDGE, "INPUT"), (IP, "OUTPUT"), (IP, "POSTROUTING")}
    ),
    (BRIDGE, "INPUT"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "FORWARD"),
            (IP, "FORWARD"),
            (BRIDGE, "POSTROUTING"),
            (IP, "POSTROUTING"),
        }
    ),
    (IP, "INPUT"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "INPUT"),
            (IP, "POSTROUTING"),
            (IP, "OUTPUT"),
        }
    ),
    (BRIDGE, "FORWARD"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "FORWARD"),
            (IP, "FORWARD"),
            (BRIDGE, "POSTROUTING"),
            (IP, "POSTROUTING"),
        }
    ),
    (IP, "FORWARD"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "INPUT"),
            (BRIDGE, "FORWARD"),
            (IP, "FORWARD"),
            (BRIDGE, "POSTROUTING"),
            (IP, "POSTROUTING"),
        }
    ),
    (IP, "OUTPUT"): frozenset(),
    (IP, "POSTROUTING"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "INPUT"),
            (BRIDGE, "FORWARD"),
            (IP, "FORWARD"),
            (BRIDGE, "POSTROUTING"),
            (IP, "POSTROUTING"),
            (IP, "OUTPUT"),
        }
    ),
    (BRIDGE, "OUTPUT"): frozenset(
        {
            (IP, "OUTPUT"),
            (IP, "FORWARD"),
            (IP, "POSTROUTING"),
            (IP, "INPUT"),
            (BRIDGE, "OUTPUT"),
            (BRIDGE, "POSTROUTING"),
        }
    ),
    (BRIDGE, "POSTROUTING"): frozenset(
        {
            (BRIDGE, "BROUTING"),
            (BRIDGE, "PREROUTING"),
            (IP, "PREROUTING"),
            (BRIDGE, "FORWARD"),
            (IP, "FORWARD"),
            (BRIDGE, "OUTPUT"),
            (IP, "OUTPUT"),
            (IP, "POSTROUTING"),
            (BRIDGE, "POSTROUTING"),
        }
    ),
}

#: Hooks after which NAT may have rewritten the destination, and those after which the source.
DESTINATION_CHANGES: Final = frozenset({(IP, "PREROUTING"), (IP, "OUTPUT")})
SOURCE_CHANGES: Final = frozenset({(IP, "POSTROUTING"), (IP, "INPUT")})

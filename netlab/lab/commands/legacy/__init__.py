"""The tools from before iproute2: ``brctl``, ``ifconfig``, ``route``, ``netstat`` and ``arp``.

On the 4.4 profile they print what net-tools 1.60 printed, else what net-tools 2.10 and bridge-utils 1.7.1 print.
"""

from __future__ import annotations

from typing import Final

from netlab.lab.commands.legacy.arp import arp
from netlab.lab.commands.legacy.brctl import brctl
from netlab.lab.commands.legacy.ifconfig import ifconfig
from netlab.lab.commands.legacy.netstat import netstat
from netlab.lab.commands.legacy.route import route
from netlab.lab.context import Command

COMMANDS: Final[dict[str, Command]] = {
    "brctl": brctl,
    "ifconfig": ifconfig,
    "route": route,
    "netstat": netstat,
    "arp": arp,
}

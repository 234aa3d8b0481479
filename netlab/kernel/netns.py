"""A network namespace: devices, routes, neighbours, sockets, rule tables, conntrack and sysctls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.errors import NetlabError
from netlab.kernel import br_netfilter, hooks
from netlab.kernel.conntrack import ConntrackTable
from netlab.kernel.device import Device, Loopback
from netlab.kernel.neigh import NeighbourTable
from netlab.kernel.netfilter import HookFn
from netlab.kernel.registry import function_for
from netlab.kernel.route import Fib
from netlab.kernel.sock import SocketTable
from netlab.kernel.sysctl import Sysctl
from netlab.kernel.xtables import register_loaded

if TYPE_CHECKING:
    from netlab.kernel.ebtables import EbTable
    from netlab.kernel.ipset import IpSet
    from netlab.kernel.world import World
    from netlab.kernel.xtables import XtTable

_ORDER = {"ipv4": hooks.IPV4, "bridge": hooks.BRIDGE}


class Netns:
    """One namespace of a ``World``."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.processes = 0
        """Programs that run in it, which keep it when its name is deleted."""
        self.sysctl = Sysctl()
        self.sysctl["net.netfilter.nf_conntrack_udp_timeout_stream"] = world.release.udp_stream_timeout
        self.devices: dict[str, Device] = {}
        self._ifindex = 0
        self.fib = Fib(self)
        self.neighbours = NeighbourTable(self)
        self.sockets = SocketTable(self)
        self.xt: dict[str, XtTable] = {}
        self.eb: dict[str, EbTable] = {}
        self.ct = ConntrackTable(self)
        self.ipsets: dict[str, IpSet] = {}
        self._functions: dict[tuple[str, str], list[HookFn]] = {}
        self.lo = Loopback(self)
        if not world.release.tables_per_netns:
            register_loaded(self)

    def __repr__(self) -> str:
        return f"Netns({self.name}: {', '.join(self.devices)})"

    def next_ifindex(self) -> int:
        self._ifindex += 1
        return self._ifindex

    def device(self, name: str) -> Device:
        """A device by name; raises NetlabError when there is none."""
        try:
            return self.devices[name]
        except KeyError:
            raise NetlabError(f"Cannot find device {name!r}") from None

    def hook_functions(self, family: str, hook: str) -> list[HookFn]:
        """What runs at a hook here, in order of priority."""
        key = (family, hook)
        functions = self._functions.get(key)
        if functions is None:
            functions = [
                fn
                for entry in _ORDER[family][hook]
                if (fn := function_for(self, family, hook, entry)) is not None
            ]
            self._functions[key] = functions
        return functions

    def hooks_changed(self) -> None:
        """A table or conntrack was registered or went away: look the functions up anew."""
        self._functions.clear()

    @property
    def bridge_nf_call_iptables(self) -> bool:
        ns = self if self.world.release.bridge_nf_per_netns else self.world.host
        return bool(ns.sysctl[br_netfilter.CALL_IPTABLES])

"""What ICMP errors and redirects taught about single destinations of a route.

Source: net/ipv4/route.c (6.1): update_or_create_fnhe, find_exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netlab.kernel.route.model import Route
    from netlab.kernel.world import World

MIN_PMTU: Final = 552
"""A path of less is not believed (net.ipv4.route.min_pmtu)."""
MTU_EXPIRES: Final = 600.0
REDIRECT_EXPIRES: Final = 300.0


@dataclass(slots=True)
class PathException:
    """What is remembered of one destination until ``expires``; 0 where nothing was said.

    ``locked``: the MTU is no path's own, so packets may be cut further. ``bound``: a packet's route was made of it.
    """

    expires: float = 0.0
    mtu: int = 0
    locked: bool = False
    gateway: int = 0
    bound: bool = False


class Exceptions:
    """The exceptions of a namespace's routes: another route to the same destination does not share them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[int, Route | None], PathException] = {}

    def find(self, destination: int, route: Route | None) -> PathException | None:
        """What is remembered of a destination that a route leads to, or None."""
        if not self._known:
            return None
        found = self._known.get((destination, route))
        return found if found is not None and found.expires > self._world.now else None

    def _learn(self, destination: int, route: Route | None, seconds: float) -> PathException:
        found = self.find(destination, route)
        if found is None:
            found = self._known[destination, route] = PathException()
        found.expires = self._world.now + seconds
        return found

    def learn_mtu(self, destination: int, route: Route | None, mtu: int, before: int) -> None:
        """Remember for ten minutes that packets must be smaller than ``before`` (__ip_rt_update_pmtu)."""
        found = self._learn(destination, route, MTU_EXPIRES)
        found.locked = mtu < MIN_PMTU
        found.mtu = min(before, MIN_PMTU) if found.locked else mtu

    def learn_gateway(self, destination: int, route: Route | None, gateway: int) -> None:
        """Remember for five minutes a better gateway that a redirect named (__ip_do_redirect)."""
        self._learn(destination, route, REDIRECT_EXPIRES).gateway = gateway

    def forget(self, route: Route | None = None) -> None:
        """Drop all that was learnt (``ip route flush cache``), or all of a route that goes."""
        if route is None:
            self._known.clear()
        elif self._known:
            self._known = {key: known for key, known in self._known.items() if key[1] != route}

    def listed(self) -> list[tuple[int, Route | None, PathException]]:
        """What is remembered, as far as a packet's route was made of it (fib_dump_info_fnhe)."""
        return sorted(
            (
                (destination, route, known)
                for (destination, route), known in self._known.items()
                if known.bound and known.expires > self._world.now
            ),
            key=lambda entry: entry[0],
        )

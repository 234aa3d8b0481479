"""The membership reports of a bridge that snoops: two packets, about a second apart at most, that nobody asked for.

A bridge with ``mcast_snooping`` joins the group of all snoopers, 224.0.0.106, when it comes up (since 5.0). IGMPv3
reports each change of membership twice: a jiffy after it, and again at a random moment within a second. The report is
an ordinary packet of the host, so OUTPUT and POSTROUTING count it and conntrack keeps an entry of protocol 2.

Sources: net/bridge/br_multicast.c (br_multicast_join_snoopers), net/ipv4/igmp.c (igmp_ifc_event, igmpv3_newpack), 6.1;
experiment: tests/kernel/labs/igmp-reports.sh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netlab.kernel import ip, route
from netlab.kernel.netfilter import ACCEPT, run_hook
from netlab.kernel.skb import Skb
from netlab.wire import IGMP, Ipv4, Raw
from netlab.wire import ip as number

if TYPE_CHECKING:
    from netlab.kernel.device import Device
    from netlab.kernel.world import Timer

ALL_ROUTERS: Final = number("224.0.0.22")
ROUTER_ALERT: Final = b"\x94\x04\x00\x00"
REPORT: Final = 16
"""Bytes of a report about one group without sources."""
ROBUSTNESS: Final = 2
"""How often a change is reported (the robustness variable of RFC 3376)."""
AGAIN: Final = 0.5
"""Seconds to the second report: the kernel draws up to one, and this is the middle of what it draws."""
_LINK_ROOM: Final = 16
_SHARED_INFO: Final = 320


class Reporter:
    """Reports the changes of one device's membership while it is up."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.left = 0
        self._timer: Timer | None = None

    def changed(self) -> None:
        """A group was joined or left (igmp_ifc_event)."""
        self.cancel()
        self.left = ROBUSTNESS
        self._timer = self.device.ns.world.call_later(0, self._expired)

    def cancel(self) -> None:
        """The device goes down: nothing more is sent (ip_mc_down)."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self.left = None, 0

    def _expired(self) -> None:
        self.left -= 1
        again = self.device.ns.world.call_later(AGAIN, self._expired) if self.left else None
        self._timer = again
        send_report(self.device)


def send_report(device: Device) -> None:
    """One report out of one device, from its own address if it has one (igmpv3_get_srcaddr, ip_local_out)."""
    ns = device.ns
    decision = route.output_lookup(ns, ALL_ROUTERS, oif=device)
    if decision.error:
        return
    own = any(address.ip == decision.source for address in device.addresses)
    packet = Ipv4(
        decision.source if own else 0,
        ALL_ROUTERS,
        IGMP,
        Raw(bytes(REPORT)),
        ttl=1,
        tos=0xC0,
        df=True,
        options=ROUTER_ALERT,
    )
    skb = Skb(ip=packet, dev=device, journey=ns.world.new_journey(), mark=_leftover_mark(device.mtu))
    skb.route = decision
    if run_hook("ipv4", "OUTPUT", skb, ns, None, device) == ACCEPT:
        # Its device is set from the start, so POSTROUTING shows it as the one it came in by.
        ip.output(skb)


def _leftover_mark(mtu: int) -> int:
    """The mark that a report carries: ``reserved_tailroom`` shares its place in the sk_buff and is never cleared."""
    size = mtu + _LINK_ROOM + _SHARED_INFO
    bucket = 1 << (size - 1).bit_length()
    return bucket - size

"""What differs between kernel releases, as one table.

Everything else in ``netlab.kernel`` is the same for all; a difference that is not here does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netlab.errors import NetlabError


@dataclass(frozen=True, kw_only=True)
class Release:
    """A kernel profile.

    >>> release("4.4").postrouting_indev
    False
    """

    name: str
    postrouting_indev: bool
    """Routed packets print their input device (and MAC) in POSTROUTING: since 5.7 (net/ipv4/ip_output.c)."""
    tables_per_netns: bool
    """A table starts to exist in a namespace when something opens it there; before 4.7 with its module, everywhere."""
    conntrack_on_demand: bool
    """Conntrack hooks are registered in a namespace when a rule needs them; before, with the module, everywhere."""
    log_all_netns: bool
    """LOG and TRACE lines of namespaces other than the first are printed (net.netfilter.nf_log_all_netns=1)."""
    nat_rover: bool
    """A replacement port or ICMP id comes from a counter per protocol, not from a random offset."""
    icmp_id_max: int
    """Highest ICMP id that source mapping hands out."""
    udp_stream_timeout: int
    """Seconds a UDP entry lives once it counts as a stream."""
    udp_stream_after: float
    """Seconds a UDP flow must be old before a reply makes it a stream; 0: the packet after the first reply."""
    tcp_res_bits: int
    """Reserved bits that ``RES=`` shows; with 3 the fourth is the AE flag."""
    bridge_nf_per_netns: bool
    """bridge-nf-call-* sysctls belong to a namespace."""
    bridge_confirm: bool
    """A broadcast that is passed up confirms its conntrack entry on the bridge (br_nf_local_in; 6.8 and backports)."""
    broute_hook: bool
    """BROUTING is an ordinary hook function; before, a call of its own. The visible order is the same."""
    sabotage_once: bool
    """A frame passed up skips PREROUTING only the first time it comes there (sabotage_in_done; 6.3 and backports)."""
    hairpin_multicast: bool
    """Hairpin mode also applies to multicast and broadcast frames."""
    joins_all_snoopers: bool
    """A bridge that snoops on multicast joins 224.0.0.106 when it comes up, and reports it: since 5.0."""
    router_solicitations: int | None
    """How many solicitations IPv6 sends on a link without a router; None: no end, at doubled intervals (since 4.9)."""
    this_network_bits: int
    """Prefix length of 0.0.0.0 as "this network", which is nobody's address: 8, since 5.3 only 0.0.0.0 itself."""
    iptables: str
    """The iptables release that goes with the distribution: decides how listings print the protocol."""
    ebtables: str
    """Likewise for ebtables."""
    docker: str
    """The Docker release whose rules ``docker run`` writes."""


RELEASES: Final[dict[str, Release]] = {
    "4.4": Release(
        name="4.4",
        postrouting_indev=False,
        tables_per_netns=False,
        conntrack_on_demand=False,
        log_all_netns=False,
        nat_rover=True,
        icmp_id_max=65534,
        udp_stream_timeout=180,
        udp_stream_after=0.0,
        tcp_res_bits=4,
        bridge_nf_per_netns=False,
        bridge_confirm=False,
        broute_hook=False,
        sabotage_once=False,
        hairpin_multicast=False,
        joins_all_snoopers=False,
        router_solicitations=3,
        this_network_bits=8,
        iptables="1.6.0",
        ebtables="2.0.10",
        docker="17.09",
    ),
    "6.1": Release(
        name="6.1",
        postrouting_indev=True,
        tables_per_netns=True,
        conntrack_on_demand=True,
        log_all_netns=True,
        nat_rover=False,
        icmp_id_max=65535,
        udp_stream_timeout=120,
        udp_stream_after=2.0,
        tcp_res_bits=4,
        bridge_nf_per_netns=True,
        bridge_confirm=True,
        broute_hook=True,
        sabotage_once=True,
        hairpin_multicast=True,
        joins_all_snoopers=True,
        router_solicitations=None,
        this_network_bits=32,
        iptables="1.8.9",
        ebtables="2.0.11",
        docker="28.2",
    ),
    "6.18": Release(
        name="6.18",
        postrouting_indev=True,
        tables_per_netns=True,
        conntrack_on_demand=True,
        log_all_netns=True,
        nat_rover=False,
        icmp_id_max=65535,
        udp_stream_timeout=120,
        udp_stream_after=2.0,
        tcp_res_bits=3,
        bridge_nf_per_netns=True,
        bridge_confirm=True,
        broute_hook=True,
        sabotage_once=True,
        hairpin_multicast=True,
        joins_all_snoopers=True,
        router_solicitations=None,
        this_network_bits=32,
        iptables="1.8.9",
        ebtables="2.0.11",
        docker="28.2",
    ),
}


def release(name: str) -> Release:
    """The profile of a kernel release; raises NetlabError for one that has none."""
    try:
        return RELEASES[name]
    except KeyError:
        known = ", ".join(RELEASES)
        raise NetlabError(f"no profile for kernel {name!r}; there are profiles for {known}") from None

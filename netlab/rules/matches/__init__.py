"""The match extensions of iptables, a frozen class each."""

from typing import Final

from netlab.rules.matches import header, history, local, packet, track
from netlab.rules.matches.base import Match
from netlab.rules.matches.header import Icmp, Multiport, Tcp, Udp
from netlab.rules.matches.history import Limit, Recent, Set, Statistic
from netlab.rules.matches.local import Addrtype, Comment, Owner, Physdev
from netlab.rules.matches.packet import Iprange, Length, Mac, Pkttype, Tcpmss, Ttl
from netlab.rules.matches.track import Connmark, Conntrack, Mark, State
from netlab.rules.options import Extension

EXTENSIONS: Final[dict[str, Extension]] = {
    extension.name: extension
    for extension in (
        header.TCP,
        header.UDP,
        header.ICMP,
        header.MULTIPORT,
        packet.LENGTH,
        packet.TCPMSS,
        packet.TTL,
        packet.IPRANGE,
        packet.PKTTYPE,
        packet.MAC,
        local.COMMENT,
        local.ADDRTYPE,
        local.OWNER,
        local.PHYSDEV,
        track.MARK,
        track.CONNMARK,
        track.CONNTRACK,
        track.STATE,
        history.LIMIT,
        history.STATISTIC,
        history.RECENT,
        history.SET,
    )
}
"""What ``-m`` can name."""

UNMODELLED: Final = frozenset(
    {
        "ah",
        "bpf",
        "cgroup",
        "cluster",
        "connbytes",
        "connlabel",
        "connlimit",
        "cpu",
        "dccp",
        "devgroup",
        "dscp",
        "ecn",
        "esp",
        "hashlimit",
        "helper",
        "ipcomp",
        "ipvs",
        "nfacct",
        "osf",
        "policy",
        "quota",
        "rateest",
        "realm",
        "rpfilter",
        "sctp",
        "socket",
        "string",
        "time",
        "tos",
        "u32",
    }
)
"""Matches of iptables 1.8.9 that are real and not modelled."""

__all__ = [
    "EXTENSIONS",
    "UNMODELLED",
    "Addrtype",
    "Comment",
    "Connmark",
    "Conntrack",
    "Icmp",
    "Iprange",
    "Length",
    "Limit",
    "Mac",
    "Mark",
    "Match",
    "Multiport",
    "Owner",
    "Physdev",
    "Pkttype",
    "Recent",
    "Set",
    "State",
    "Statistic",
    "Tcp",
    "Tcpmss",
    "Ttl",
    "Udp",
]

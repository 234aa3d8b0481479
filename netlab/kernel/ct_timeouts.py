"""How long an entry lives: the sysctls behind each state, in seconds.

Sources: the timeout tables of nf_conntrack_proto_{tcp,udp,icmp,generic,gre}.c; values seen on 6.18.
"""

from __future__ import annotations

from typing import Final

_SYSCTL = "net.netfilter.nf_conntrack_"
ICMP: Final = _SYSCTL + "icmp_timeout"
GENERIC: Final = _SYSCTL + "generic_timeout"
UDP: Final = _SYSCTL + "udp_timeout"
UDP_STREAM: Final = _SYSCTL + "udp_timeout_stream"
GRE: Final = _SYSCTL + "gre_timeout"
GRE_STREAM: Final = _SYSCTL + "gre_timeout_stream"
_TCP = _SYSCTL + "tcp_timeout_"
TCP_RETRANS: Final = _TCP + "max_retrans"
TCP_UNACK: Final = _TCP + "unacknowledged"
TCP: Final[tuple[str, ...]] = (
    "",
    _TCP + "syn_sent",
    _TCP + "syn_recv",
    _TCP + "established",
    _TCP + "fin_wait",
    _TCP + "close_wait",
    _TCP + "last_ack",
    _TCP + "time_wait",
    _TCP + "close",
)
"""By TCP state number (``ct_tcp``), NONE first."""
TCP_SYN_SENT2: Final = 120
"""The one TCP state without a sysctl (simultaneous open)."""

"""Sysctls that change what packets do, with the kernel's defaults.

Known keys are a table; per-device keys (``net.ipv4.conf.DEV.rp_filter``) follow ``default`` when a device appears.
A key that is not here is refused by the command that names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

# Documentation/networking/ip-sysctl.rst, nf_conntrack-sysctl.rst; values of Linux 6.1.
GLOBAL: Final[dict[str, int]] = {
    "net.ipv4.ip_forward": 0,
    "net.ipv4.ip_default_ttl": 64,
    "net.ipv4.icmp_echo_ignore_all": 0,
    "net.ipv4.icmp_echo_ignore_broadcasts": 1,
    "net.ipv4.icmp_ratelimit": 1000,
    "net.ipv4.icmp_ratemask": 6168,
    "net.ipv4.icmp_errors_use_inbound_ifaddr": 0,
    "net.ipv4.ip_local_reserved_ports": 0,
    "net.ipv4.ip_nonlocal_bind": 0,
    "net.ipv4.ip_no_pmtu_disc": 0,
    "net.ipv4.ip_forward_use_pmtu": 0,
    "net.ipv4.ipfrag_time": 30,
    "net.ipv4.tcp_timestamps": 1,
    "net.ipv4.tcp_sack": 1,
    "net.ipv4.tcp_window_scaling": 1,
    "net.ipv4.tcp_syn_retries": 6,
    "net.ipv4.tcp_synack_retries": 5,
    "net.ipv4.tcp_fin_timeout": 60,
    "net.ipv4.tcp_early_demux": 1,
    "net.ipv4.udp_early_demux": 1,
    "net.ipv4.ip_early_demux": 1,
    "net.ipv4.fwmark_reflect": 0,
    "net.ipv6.conf.all.disable_ipv6": 0,
    "net.ipv6.conf.default.disable_ipv6": 0,
    "net.ipv6.conf.lo.disable_ipv6": 0,
    "net.netfilter.nf_conntrack_acct": 0,
    "net.netfilter.nf_conntrack_timestamp": 0,
    "net.netfilter.nf_conntrack_checksum": 1,
    "net.netfilter.nf_conntrack_log_invalid": 0,
    "net.netfilter.nf_conntrack_max": 65536,
    "net.netfilter.nf_conntrack_generic_timeout": 600,
    "net.netfilter.nf_conntrack_icmp_timeout": 30,
    "net.netfilter.nf_conntrack_udp_timeout": 30,
    "net.netfilter.nf_conntrack_udp_timeout_stream": 120,
    "net.netfilter.nf_conntrack_gre_timeout": 30,
    "net.netfilter.nf_conntrack_gre_timeout_stream": 180,
    "net.netfilter.nf_conntrack_tcp_be_liberal": 0,
    "net.netfilter.nf_conntrack_tcp_loose": 1,
    "net.netfilter.nf_conntrack_tcp_max_retrans": 3,
    "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": 0,
    "net.netfilter.nf_conntrack_tcp_timeout_syn_sent": 120,
    "net.netfilter.nf_conntrack_tcp_timeout_syn_recv": 60,
    "net.netfilter.nf_conntrack_tcp_timeout_established": 432000,
    "net.netfilter.nf_conntrack_tcp_timeout_fin_wait": 120,
    "net.netfilter.nf_conntrack_tcp_timeout_close_wait": 60,
    "net.netfilter.nf_conntrack_tcp_timeout_last_ack": 30,
    "net.netfilter.nf_conntrack_tcp_timeout_time_wait": 120,
    "net.netfilter.nf_conntrack_tcp_timeout_close": 10,
    "net.netfilter.nf_conntrack_tcp_timeout_max_retrans": 300,
    "net.netfilter.nf_conntrack_tcp_timeout_unacknowledged": 300,
}
BRIDGE: Final[dict[str, int]] = {
    "net.bridge.bridge-nf-call-iptables": 1,
    "net.bridge.bridge-nf-call-ip6tables": 1,
    "net.bridge.bridge-nf-call-arptables": 1,
    "net.bridge.bridge-nf-filter-vlan-tagged": 0,
    "net.bridge.bridge-nf-filter-pppoe-tagged": 0,
    "net.bridge.bridge-nf-pass-vlan-input-dev": 0,
}
_MOST_SECONDS: Final = (2**31 - 1) // 250
"""What fits when it is counted in ticks (proc_dointvec_jiffies)."""
CALLS: Final = frozenset(key for key in BRIDGE if key.startswith("net.bridge.bridge-nf-"))
"""Whatever is written to these, and is not 0, is 1 (brnf_sysctl_call_tables)."""
RANGES: Final[dict[str, tuple[int, int]]] = {
    "net.netfilter.nf_conntrack_acct": (0, 1),
    "net.netfilter.nf_conntrack_timestamp": (0, 1),
    "net.netfilter.nf_conntrack_checksum": (0, 1),
    "net.netfilter.nf_conntrack_log_invalid": (0, 255),
    "net.netfilter.nf_conntrack_tcp_be_liberal": (0, 1),
    "net.netfilter.nf_conntrack_tcp_loose": (0, 1),
    "net.netfilter.nf_conntrack_tcp_max_retrans": (0, 255),
    "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": (0, 1),
    **{key: (-_MOST_SECONDS, _MOST_SECONDS) for key in GLOBAL if "_timeout" in key and "conntrack" in key},
    "net.ipv4.ipfrag_time": (-_MOST_SECONDS, _MOST_SECONDS),
    "net.ipv4.ip_default_ttl": (1, 255),
    "net.ipv4.tcp_syn_retries": (1, 127),
    "net.ipv4.tcp_synack_retries": (0, 255),
    "net.ipv4.icmp_echo_ignore_all": (0, 1),
    "net.ipv4.icmp_echo_ignore_broadcasts": (0, 1),
    "net.ipv4.icmp_errors_use_inbound_ifaddr": (0, 1),
}
"""Smallest and largest value that the kernel takes (nf_conntrack_standalone.c, sysctl_net_ipv4.c of 6.1)."""
PER_DEVICE: Final[dict[str, int]] = {
    "forwarding": 0,
    "rp_filter": 0,
    "accept_local": 0,
    "src_valid_mark": 0,
    "route_localnet": 0,
    "send_redirects": 1,
    "accept_redirects": 1,
    "shared_media": 1,
    "log_martians": 0,
    "arp_ignore": 0,
    "arp_announce": 0,
    "promote_secondaries": 0,
    "arp_filter": 0,
    "arp_notify": 0,
    "arp_accept": 0,
    "proxy_arp": 0,
    "bc_forwarding": 0,
}
WITHOUT_EFFECT: Final = frozenset(
    {
        "arp_accept",
        "arp_notify",
        "bc_forwarding",
        "ip_forward_use_pmtu",
        "ip_no_pmtu_disc",
        "ip_nonlocal_bind",
    }
)
"""Last words of keys that are there, and of which only the default is modelled."""
PER_NEIGHBOUR: Final[dict[str, int]] = {
    "base_reachable_time_ms": 30000,
    "delay_first_probe_time": 5,
    "gc_stale_time": 60,
    "retrans_time_ms": 1000,
    "ucast_solicit": 3,
    "mcast_solicit": 3,
    "app_solicit": 0,
}


class Sysctl:
    """The sysctls of one namespace.

    >>> sysctl = Sysctl()
    >>> sysctl["net.ipv4.ip_forward"]
    0
    """

    def __init__(self) -> None:
        self._values: dict[str, int] = {**GLOBAL, **BRIDGE}
        for scope in ("all", "default"):
            self._add("conf", PER_DEVICE, scope)

    def _add(self, family: str, defaults: dict[str, int], scope: str) -> None:
        for name, value in defaults.items():
            default = self._values.get(f"net.ipv4.{family}.default.{name}", value)
            self._values[f"net.ipv4.{family}.{scope}.{name}"] = default

    def add_device(self, name: str) -> None:
        """A device appears: it takes the values of ``default``."""
        self._add("conf", PER_DEVICE, name)
        self._add("neigh", PER_NEIGHBOUR, name)
        self._values[f"net.ipv6.conf.{name}.disable_ipv6"] = self._values[
            "net.ipv6.conf.default.disable_ipv6"
        ]

    def remove_device(self, name: str) -> None:
        for key in [
            k for k in self._values if k.split(".")[-2] == name and k.split(".")[-3] in ("conf", "neigh")
        ]:
            del self._values[key]

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __getitem__(self, key: str) -> int:
        return self._values[key]

    def __setitem__(self, key: str, value: int) -> None:
        """Set a known key; raises KeyError for another. ip_forward and conf.all.forwarding move together."""
        if key not in self._values:
            raise KeyError(key)
        changed = self._values[key] != value
        self._values[key] = value
        if changed and key in ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"):
            # inet_forward_change (net/ipv4/devinet.c) sets every device too; a router obeys no redirects.
            for other in self._values:
                if other.startswith("net.ipv4.conf.") and other.endswith(".forwarding"):
                    self._values[other] = value
            self._values["net.ipv4.ip_forward"] = value
            self._values["net.ipv4.conf.all.accept_redirects"] = int(not value)
        if key.startswith("net.ipv6.conf.all.disable_ipv6"):
            for other in self._values:
                if other.endswith(".disable_ipv6"):
                    self._values[other] = value

    def conf_max(self, device: str, name: str) -> int:
        """The larger of ``all`` and the device's value (IN_DEV_MAXCONF)."""
        return max(self._values[f"net.ipv4.conf.all.{name}"], self._values[f"net.ipv4.conf.{device}.{name}"])

    def conf_or(self, device: str, name: str) -> bool:
        """True if ``all`` or the device has it set (IN_DEV_ORCONF)."""
        return bool(self.conf_max(device, name))

    def conf(self, device: str, name: str) -> int:
        """The device's own value."""
        return self._values[f"net.ipv4.conf.{device}.{name}"]

    def neigh(self, device: str, name: str) -> int:
        """A neighbour parameter of a device."""
        return self._values[f"net.ipv4.neigh.{device}.{name}"]

"""The rules that kube-proxy writes in its iptables mode: services, endpoints, node ports, the masquerade mark.

The text is the one that the proxy hands to iptables-restore, so ``-p`` and the rest stand where it puts them;
:func:`kube_proxy_rules` is what iptables-save then shows. Source: pkg/proxy/iptables/proxier.go of Kubernetes
1.28 and the dumps that its tests expect (Apache-2.0).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from netlab.rules.model import BUILTIN, RuleSet, Table
from netlab.rules.numbers import quoted
from netlab.rules.save import read_save
from netlab.wire import ip, mask_of

MARK: Final = "0x4000"
"""The mark of packets that must be masqueraded."""

_NEW: Final = "-m conntrack --ctstate NEW "
_PORTALS: Final = "kubernetes service portals"
_EXTERNAL: Final = "kubernetes externally-visible service portals"
_FIREWALL: Final = "kubernetes load balancer firewall"
# table, chain it jumps from, what the rule asks, comment, chain it jumps to; each is put at the head
_JUMPS: Final = (
    ("filter", "INPUT", _NEW, _EXTERNAL, "KUBE-EXTERNAL-SERVICES"),
    ("filter", "FORWARD", _NEW, _EXTERNAL, "KUBE-EXTERNAL-SERVICES"),
    ("filter", "INPUT", "", "kubernetes health check service ports", "KUBE-NODEPORTS"),
    ("filter", "FORWARD", _NEW, _PORTALS, "KUBE-SERVICES"),
    ("filter", "OUTPUT", _NEW, _PORTALS, "KUBE-SERVICES"),
    ("filter", "FORWARD", "", "kubernetes forwarding rules", "KUBE-FORWARD"),
    ("filter", "INPUT", _NEW, _FIREWALL, "KUBE-PROXY-FIREWALL"),
    ("filter", "OUTPUT", _NEW, _FIREWALL, "KUBE-PROXY-FIREWALL"),
    ("filter", "FORWARD", _NEW, _FIREWALL, "KUBE-PROXY-FIREWALL"),
    ("nat", "OUTPUT", "", _PORTALS, "KUBE-SERVICES"),
    ("nat", "PREROUTING", "", _PORTALS, "KUBE-SERVICES"),
    ("nat", "POSTROUTING", "", "kubernetes postrouting rules", "KUBE-POSTROUTING"),
    ("filter", "INPUT", "", "", "KUBE-FIREWALL"),
    ("filter", "OUTPUT", "", "", "KUBE-FIREWALL"),
)
_FILTER_CHAINS: Final = (
    "KUBE-SERVICES",
    "KUBE-EXTERNAL-SERVICES",
    "KUBE-FORWARD",
    "KUBE-NODEPORTS",
    "KUBE-PROXY-FIREWALL",
)
_NAT_CHAINS: Final = ("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ")
_NAMED_ENDPOINTS: Final = 1000
"""With more endpoints than these the proxy leaves out the comments that say which is whose."""
CANARY: Final = "KUBE-PROXY-CANARY"
"""An empty chain in mangle, nat and filter: when it is gone, somebody has flushed the tables."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A pod behind a service; ``local`` if it runs on this node."""

    address: str
    port: int
    local: bool = False

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One port of a service.

    ``external_policy`` Local keeps traffic from outside on this node's endpoints and does not masquerade it;
    ``internal_policy`` Local keeps traffic to the cluster address on them.
    ``affinity`` is the client-IP session affinity in seconds, 0 for none. ``source_ranges`` limits who may
    use the load balancer's addresses.
    """

    namespace: str
    name: str
    cluster_ip: str
    port: int
    port_name: str = ""
    protocol: Literal["tcp", "udp", "sctp"] = "tcp"
    endpoints: tuple[Endpoint, ...] = ()
    node_port: int = 0
    external_ips: tuple[str, ...] = ()
    load_balancer_ips: tuple[str, ...] = ()
    source_ranges: tuple[str, ...] = ()
    external_policy: Literal["Cluster", "Local"] = "Cluster"
    internal_policy: Literal["Cluster", "Local"] = "Cluster"
    health_check_port: int = 0
    affinity: int = 0

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" + (f":{self.port_name}" if self.port_name else "")

    @property
    def outside(self) -> bool:
        """Whether it has an address or port for those who are not in the cluster."""
        return bool(self.external_ips or self.load_balancer_ips or self.node_port)

    @property
    def local_endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints on this node."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.local)


def chain_hash(text: str) -> str:
    """The 16 characters that end a chain's name.

    >>> chain_hash("default/kubernetes:https" + "tcp")
    'NPX46M4PTMTKRN6Y'
    """
    return base64.b32encode(hashlib.sha256(text.encode()).digest())[:16].decode()


def service_chain(service: Service, kind: Literal["SVC", "SVL", "EXT", "FW"] = "SVC") -> str:
    """A service port's chain: SVC for all endpoints, SVL for local ones, EXT for traffic from outside, FW.

    >>> dns = Service(namespace="kube-system", name="kube-dns", port_name="dns", protocol="udp",
    ...               cluster_ip="10.96.0.10", port=53)
    >>> service_chain(dns)
    'KUBE-SVC-TCOU7JCQXEZGVUNU'
    """
    return f"KUBE-{kind}-{chain_hash(str(service) + service.protocol)}"


def endpoint_chain(service: Service, endpoint: Endpoint) -> str:
    """The chain of one endpoint of a service port."""
    return f"KUBE-SEP-{chain_hash(f'{service}{service.protocol}{endpoint}')}"


def probability(left: int) -> str:
    """The chance of one among ``left`` endpoints, as the proxy writes it.

    >>> probability(3)
    '0.3333333333'
    """
    return f"{1 / left:.10f}"


def jump_commands() -> tuple[str, ...]:
    """The commands that hook kube-proxy's chains into the built-in ones, and make its canaries."""
    out = [f"iptables -t {table} -N {CANARY}" for table in ("mangle", "nat", "filter")]
    for table, chain, asks, comment, target in _JUMPS:
        if not any(line.startswith(f"iptables -t {table} -N {target}") for line in out):
            out.append(f"iptables -t {table} -N {target}")
        said = f'-m comment --comment "{comment}" ' if comment else ""
        out.append(f"iptables -t {table} -I {chain} {asks}{said}-j {target}")
    return tuple(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeProxy:
    """A kube-proxy: the pods' addresses (empty: it cannot tell a pod from others), and its settings."""

    pod_cidr: str = "10.0.0.0/8"
    masquerade_all: bool = False
    random_fully: bool = True
    localhost_node_ports: bool = True
    node_ips: tuple[str, ...] = ()

    def restore_text(self, services: Sequence[Service]) -> str:
        """What the proxy hands to ``iptables-restore --noflush --counters``."""
        filter_rules = [line for service in services for line in self._filter(service)]
        chains: dict[str, None] = dict.fromkeys(_NAT_CHAINS)
        nat_rules: list[str] = []
        named = sum(len(service.endpoints) for service in services) <= _NAMED_ENDPOINTS
        for service in services:
            if service.endpoints:
                for line in self._nat(service, named=named):
                    nat_rules.append(line)
                    chains[line.split(" ", 2)[1]] = None
        random = " --random-fully" if self.random_fully else ""
        node_ports = '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain"'
        not_localhost = "" if self.localhost_node_ports else " ! -d 127.0.0.0/8"
        return "\n".join(
            [
                "*filter",
                *(f":{chain} - [0:0]" for chain in _FILTER_CHAINS),
                *self._localnet(),
                *filter_rules,
                "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
                '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" '
                f"-m mark --mark {MARK}/{MARK} -j ACCEPT",
                '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" '
                "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "COMMIT",
                "*nat",
                *(f":{chain} - [0:0]" for chain in chains),
                f"-A KUBE-POSTROUTING -m mark ! --mark {MARK}/{MARK} -j RETURN",
                f"-A KUBE-POSTROUTING -j MARK --xor-mark {MARK}",
                '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" '
                f"-j MASQUERADE{random}",
                f"-A KUBE-MARK-MASQ -j MARK --or-mark {MARK}",
                *nat_rules,
                f"-A KUBE-SERVICES {node_ports} -m addrtype --dst-type LOCAL{not_localhost} -j KUBE-NODEPORTS",
                "COMMIT",
                "",
            ]
        )

    def _localnet(self) -> Iterator[str]:
        """Node ports on the loopback address need route_localnet; this keeps others from using it."""
        if self.localhost_node_ports:
            yield ":KUBE-FIREWALL - [0:0]"
            yield (
                '-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 '
                "! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP"
            )

    # --- filter ------------------------------------------------------------------------------------------

    def _filter(self, service: Service) -> Iterator[str]:
        match = f"-m {service.protocol} -p {service.protocol}"
        if service.health_check_port:
            yield (
                f"-A KUBE-NODEPORTS {_comment(f'{service} health check node port')} "
                f"-m tcp -p tcp --dport {service.health_check_port} -j ACCEPT"
            )
        if not service.endpoints:
            said = _comment(f"{service} has no endpoints")
            yield from self._refuse(service, said, "REJECT", cluster=True, outside=True)
        elif not service.local_endpoints:
            said = _comment(f"{service} has no local endpoints")
            cluster, outside = service.internal_policy == "Local", service.external_policy == "Local"
            yield from self._refuse(service, said, "DROP", cluster=cluster, outside=outside)
        if service.endpoints and service.source_ranges:
            fw = service_chain(service, "FW")
            said = _comment(f"{service} traffic not accepted by {fw}")
            for address in service.load_balancer_ips:
                yield f"-A KUBE-PROXY-FIREWALL {said} {match} -d {address} --dport {service.port} -j DROP"

    @staticmethod
    def _refuse(service: Service, said: str, target: str, *, cluster: bool, outside: bool) -> Iterator[str]:
        match = f"-m {service.protocol} -p {service.protocol}"
        if cluster:
            yield (
                f"-A KUBE-SERVICES {said} {match} -d {service.cluster_ip} --dport {service.port} -j {target}"
            )
        if not outside:
            return
        for address in (*service.external_ips, *service.load_balancer_ips):
            yield f"-A KUBE-EXTERNAL-SERVICES {said} {match} -d {address} --dport {service.port} -j {target}"
        if service.node_port:
            yield (
                f"-A KUBE-EXTERNAL-SERVICES {said} -m addrtype --dst-type LOCAL {match} "
                f"--dport {service.node_port} -j {target}"
            )

    # --- nat ---------------------------------------------------------------------------------------------

    def _nat(self, service: Service, *, named: bool) -> Iterator[str]:
        svc, svl, ext, fw = (service_chain(service, kind) for kind in ("SVC", "SVL", "EXT", "FW"))
        local = service.local_endpoints
        inside, outside = (
            (svl, local) if policy == "Local" else (svc, service.endpoints)
            for policy in (service.internal_policy, service.external_policy)
        )
        match = f"-m {service.protocol} -p {service.protocol}"
        port = f"--dport {service.port}"
        to_balancer = fw if service.source_ranges else ext
        said = _comment(f"{service} cluster IP")
        if inside[1]:
            yield f"-A KUBE-SERVICES {said} {match} -d {service.cluster_ip} {port} -j {inside[0]}"
        for address in service.external_ips:
            yield (
                f"-A KUBE-SERVICES {_comment(f'{service} external IP')} {match} -d {address} {port} -j {ext}"
            )
        for address in service.load_balancer_ips:
            yield (
                f"-A KUBE-SERVICES {_comment(f'{service} loadbalancer IP')} "
                f"{match} -d {address} {port} -j {to_balancer}"
            )
        if service.node_port:
            yield f"-A KUBE-NODEPORTS {_comment(str(service))} {match} --dport {service.node_port} -j {ext}"
        if inside[1] and (self.masquerade_all or self.pod_cidr):
            not_pods = "" if self.masquerade_all else f" ! -s {self.pod_cidr}"
            to_cluster = f"{said} {match} -d {service.cluster_ip} {port}"
            yield f"-A {inside[0]} {to_cluster}{not_pods} -j KUBE-MARK-MASQ"
        if service.outside:
            yield from self._outside(service, ext, svc)
            if outside[1]:
                yield f"-A {ext} -j {outside[0]}"
        if service.load_balancer_ips and service.source_ranges:
            yield from self._balancer(service, fw, ext)
        reached = service.endpoints
        if service.internal_policy == "Cluster" or service.outside:
            yield from self._spread(service, svc, service.endpoints, named=named)
        else:
            reached = local
        if service.internal_policy == "Local" or (service.outside and service.external_policy == "Local"):
            yield from self._spread(service, svl, local, named=named)
        for endpoint in reached:
            yield from self._endpoint(service, endpoint, named=named)

    def _outside(self, service: Service, ext: str, svc: str) -> Iterator[str]:
        destinations = f"{service} external destinations"
        if service.external_policy == "Cluster":
            yield f"-A {ext} {_comment(f'masquerade traffic for {destinations}')} -j KUBE-MARK-MASQ"
        else:
            local = "-m addrtype --src-type LOCAL"
            if self.pod_cidr:
                yield f"-A {ext} {_comment(f'pod traffic for {destinations}')} -s {self.pod_cidr} -j {svc}"
            yield (
                f"-A {ext} {_comment(f'masquerade LOCAL traffic for {destinations}')} "
                f"{local} -j KUBE-MARK-MASQ"
            )
            yield f"-A {ext} {_comment(f'route LOCAL traffic for {destinations}')} {local} -j {svc}"

    def _balancer(self, service: Service, fw: str, ext: str) -> Iterator[str]:
        said = _comment(f"{service} loadbalancer IP")
        for source in service.source_ranges:
            yield f"-A {fw} {said} -s {source} -j {ext}"
        if any(_within(node, source) for node in self.node_ips for source in service.source_ranges):
            # a node that may use the balancer may come with the balancer's address as its own
            for address in service.load_balancer_ips:
                yield f"-A {fw} {said} -s {address} -j {ext}"
        yield f"-A {fw} {_comment(f'other traffic to {service} will be dropped by KUBE-PROXY-FIREWALL')}"

    @staticmethod
    def _spread(service: Service, chain: str, endpoints: Sequence[Endpoint], *, named: bool) -> Iterator[str]:
        def start(endpoint: Endpoint) -> str:
            return f"-A {chain}" + (f" {_comment(f'{service} -> {endpoint}')}" if named else "")

        if service.affinity:
            for endpoint in endpoints:
                sep = endpoint_chain(service, endpoint)
                yield (
                    f"{start(endpoint)} -m recent --name {sep} "
                    f"--rcheck --seconds {service.affinity} --reap -j {sep}"
                )
        for index, endpoint in enumerate(endpoints):
            left = len(endpoints) - index
            chance = "" if left == 1 else f" -m statistic --mode random --probability {probability(left)}"
            yield f"{start(endpoint)}{chance} -j {endpoint_chain(service, endpoint)}"

    @staticmethod
    def _endpoint(service: Service, endpoint: Endpoint, *, named: bool) -> Iterator[str]:
        chain = endpoint_chain(service, endpoint)
        start = f"-A {chain}" + (f" {_comment(str(service))}" if named else "")
        match = f"-m {service.protocol} -p {service.protocol}"
        remember = f" -m recent --name {chain} --set" if service.affinity else ""
        yield f"{start} -s {endpoint.address} -j KUBE-MARK-MASQ"
        yield f"{start}{remember} {match} -j DNAT --to-destination {endpoint}"


def _within(address: str, network: str) -> bool:
    base, _, length = network.partition("/")
    mask = mask_of(int(length or 32))
    return ip(address) & mask == ip(base) & mask


def _comment(text: str) -> str:
    return f"-m comment --comment {text if ' ' not in text else quoted(text)}"


def kube_proxy_rules(services: Iterable[Service], proxy: KubeProxy | None = None) -> RuleSet:
    """What iptables-save shows on a node that runs nothing else: the newest table first.

    >>> web = Service(namespace="default", name="web", cluster_ip="10.96.0.7", port=80,
    ...               endpoints=(Endpoint("10.244.0.5", 8080),))
    >>> kube_proxy_rules([web])
    <iptables rules: nat 11 chains, 13 rules; filter 10 chains, 15 rules; mangle 6 chains, 0 rules>
    """
    text = (proxy or KubeProxy()).restore_text(tuple(services))
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(line)
        if line.startswith("*"):
            table = line[1:]
            lines += [f":{chain} ACCEPT [0:0]" for chain in BUILTIN[table]]
            lines.append(f":{CANARY} - [0:0]")
            # It makes the chains that it jumps to, before it says what is in them.
            jumped = dict.fromkeys(to for where, *_, to in _JUMPS if where == table)
            lines += [f":{chain} - [0:0]" for chain in jumped if f":{chain} - [0:0]" not in text]
    hooks = [
        (table, f"-A {chain} {asks}" + (f'-m comment --comment "{comment}" ' if comment else "") + f"-j {to}")
        for table, chain, asks, comment, to in reversed(_JUMPS)
    ]
    at = {table: lines.index("COMMIT", lines.index(f"*{table}")) for table in ("filter", "nat")}
    for table in ("nat", "filter"):
        lines[at[table] : at[table]] = [rule for where, rule in hooks if where == table]
    empty = [
        "*mangle",
        *(f":{chain} ACCEPT [0:0]" for chain in BUILTIN["mangle"]),
        f":{CANARY} - [0:0]",
        "COMMIT",
    ]
    read = read_save("\n".join([*empty, *lines]))
    return RuleSet(tuple(_sorted(read[name]) for name in ("nat", "filter", "mangle")))


def _sorted(table: Table) -> Table:
    """Built-in chains in hook order, then the users' by name, as iptables-save prints them."""
    builtin = [table[name] for name in BUILTIN[table.name]]
    users = sorted((c for c in table.chains if c.policy is None), key=lambda c: c.name)
    return Table(
        table.name,
        tuple(
            replace(c, line=None, rules=tuple(replace(r, line=None) for r in c.rules))
            for c in (*builtin, *users)
        ),
    )

"""Random labs: a topology, rules and traffic drawn from a seed, for comparing the simulated kernel with a real one.

Labs keep to what has one answer: no rule of chance, no IPv6 and no IGMP, waits short enough that no
neighbour is probed on a timer of its own.
"""

from __future__ import annotations

import random

from labgen import links, rules, traffic
from labgen.plan import GATEWAY, OUTSIDE, PATIENT, UPLINK, Host, Plan


def lab(seed: int) -> str:
    """The text of the lab of a seed; the same seed gives the same bytes."""
    plan = Plan(random.Random(seed))
    plan.say(f"# random lab {seed}")
    _topology(plan)
    links.ebtables(plan)
    rules.tables(plan)
    traffic.traffic(plan)
    _listings(plan)
    return "\n".join(plan.lines) + "\n"


def _topology(plan: Plan) -> None:
    rng = plan.rng
    for n in range(rng.choice((1, 1, 1, 2))):
        bridge, gateway = f"br{n}", f"172.{20 + n}.0.1"
        plan.bridges[bridge] = gateway
        plan.say(f"ip link add {bridge} address 02:4e:46:00:0{n}:01 type bridge mcast_snooping 0")
        plan.say(f"ip addr add {gateway}/16 dev {bridge}")
        plan.say(PATIENT.format(bridge))
        plan.say(f"ip link set {bridge} up")
        for i in range(2, 2 + rng.randint(2, 3)):
            host = Host(f"c{n}{i}", f"172.{20 + n}.0.{i}", bridge, f"v{n}{i}")
            plan.hosts.append(host)
            _bridged(plan, host, f"02:42:ac:{20 + n:02x}:00:{i:02x}", gateway)
    plan.quiet("gw")
    plan.say(
        "ip link add eth0 address 02:4e:46:00:09:01 type veth peer name eth0 netns gw address 02:4e:46:00:09:02"
    )
    plan.say(f"ip addr add {UPLINK}/24 dev eth0")
    plan.say(PATIENT.format("eth0"))
    plan.say(f"ip netns exec gw {PATIENT.format('eth0')}")
    plan.say("ip link set eth0 up")
    plan.say("ip -n gw link set eth0 up")
    plan.say(f"ip -n gw addr add {GATEWAY}/24 dev eth0")
    plan.say(f"ip -n gw addr add {OUTSIDE}/32 dev lo")
    plan.say(f"ip route add default via {GATEWAY}")
    if plan.maybe(0.5):
        plan.say(f"ip -n gw route add 172.16.0.0/12 via {UPLINK}")
    if plan.maybe(0.2):
        _farther(plan)
    if plan.maybe(0.15):
        plan.say("sysctl -qw net.bridge.bridge-nf-call-iptables=0")
    if plan.maybe(0.08):
        plan.say("sysctl -qw net.ipv4.ip_forward=0")
    if plan.maybe(0.2):
        kind = rng.choice(("unreachable", "prohibit", "blackhole"))
        plan.say(f"ip route add {kind} 203.0.113.0/24")
    if plan.maybe(0.1):
        plan.say("ip addr add 10.1.0.3/24 dev eth0")
    if plan.maybe(0.1):
        plan.say("ip link set eth0 mtu 1300")
    if plan.maybe(0.1):
        plan.say(f"sysctl -qw net.ipv4.conf.all.rp_filter={rng.choice((1, 1, 2))}")
    for extra in rng.sample(_extras(plan), rng.choice((0, 0, 1, 1, 2))):
        for line in extra.splitlines():
            plan.say(line)


def _bridged(plan: Plan, host: Host, mac: str, gateway: str) -> None:
    """A container: a namespace behind a port of a bridge."""
    plan.quiet(host.name)
    plan.say(
        f"ip link add {host.port} address {host.port_mac} type veth peer name eth0 netns {host.name} address {mac}"
    )
    plan.say(f"ip link set {host.port} master {host.bridge} up")
    plan.say(f"ip netns exec {host.name} {PATIENT.format('eth0')}")
    plan.say(f"ip -n {host.name} link set eth0 up")
    plan.say(f"ip -n {host.name} addr add {host.address}/16 dev eth0")
    plan.say(f"ip -n {host.name} route add default via {gateway}")
    if plan.maybe(0.1):
        plan.say(f"bridge link set dev {host.port} hairpin on")


def _farther(plan: Plan) -> None:
    """A network behind the gateway, which then is a router in the middle."""
    plan.quiet("far")
    plan.far = "10.2.0.2"
    mtu = plan.rng.choice((1500, 1500, 1200, 900))
    plan.say("ip -n gw link add eth1 type veth peer name eth0 netns far")
    plan.say("ip netns exec gw sysctl -qw net.ipv4.ip_forward=1")
    plan.say(f"ip netns exec gw {PATIENT.format('eth1')}")
    plan.say(f"ip netns exec far {PATIENT.format('eth0')}")
    plan.say(f"ip -n gw link set eth1 mtu {mtu} up")
    plan.say(f"ip -n far link set eth0 mtu {plan.rng.choice((1500, mtu))} up")
    plan.say("ip -n gw addr add 10.2.0.1/24 dev eth1")
    plan.say(f"ip -n far addr add {plan.far}/24 dev eth0")
    plan.say("ip -n far route add default via 10.2.0.1")
    if plan.maybe(0.3):
        plan.say("ip netns exec gw iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE")
    if plan.maybe(0.3):
        plan.say("ip netns exec gw iptables -t raw -A PREROUTING -j TRACE")


def _extras(plan: Plan) -> tuple[str, ...]:
    """What only some labs have: odd addresses, neighbours, ports, routes, switches."""
    host, other = plan.rng.sample(plan.hosts, 2)
    return (
        f"bridge link set dev {host.port} isolated on\nbridge link set dev {other.port} isolated on",
        f"bridge link set dev {host.port} learning off",
        f"bridge link set dev {host.port} flood off",
        f"bridge link set dev {host.port} bcast_flood off",
        f"ip -n {host.name} neigh add {other.address} lladdr 02:42:ac:99:00:01 dev eth0",
        f"ip -n {host.name} neigh add {other.address} lladdr {other.port_mac} dev eth0",
        f"bridge fdb add 02:42:ac:99:00:01 dev {other.port} master static",
        f"ip link set {other.port} down",
        f"ip route add 172.29.0.0/24 via {host.address}\nip -n {host.name} addr add 172.29.0.1/24 dev lo",
        f"ip addr add 172.28.0.1/24 dev {host.bridge}\nip -n {host.name} addr add 172.28.0.2/24 dev eth0",
        "ip link add d0 type dummy\nip addr add 10.3.0.1/24 dev d0\nip link set d0 up",
        f"ip route add {OUTSIDE} via 10.1.0.77",
        "ip route add default via 10.1.0.254 table 77\nip rule add fwmark 0x1 table 77",
        "ip route add blackhole default table 77\nip rule add fwmark 0x1 table 77",
        f"ip rule add from {host.address} table 78",
        f"ip rule add from {host.address} to {OUTSIDE} prohibit",
        "sysctl -qw net.ipv4.ip_default_ttl=5",
        "sysctl -qw net.ipv4.conf.all.route_localnet=1",
        "sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
        "sysctl -qw net.ipv4.conf.all.send_redirects=0",
        "sysctl -qw net.ipv4.conf.all.arp_ignore=1",
        "conntrack -C > /dev/null\nsysctl -qw net.netfilter.nf_conntrack_tcp_loose=0",
        "conntrack -C > /dev/null\nsysctl -qw net.netfilter.nf_conntrack_udp_timeout=1",
        "sysctl -qw net.ipv4.conf.all.accept_local=1",
        f"ip netns exec {host.name} sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
        f"ip -n {host.name} route del default",
        f"ip -n {host.name} link set eth0 mtu 1000",
        f"ip -n {host.name} addr add {other.address}/16 dev eth0",
        f"ip netns exec {host.name} iptables -A INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset",
        f"ip netns exec {host.name} iptables -A OUTPUT -p icmp --icmp-type 0 -j DROP",
        f"ip link set {host.bridge} type bridge nf_call_iptables 1",
        f"ip link set {host.bridge} promisc on",
        f"ip link set {host.port} nomaster\nip addr add 172.27.0.1/24 dev {host.port}",
    )


def _listings(plan: Plan) -> None:
    plan.say(
        'for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done'
    )
    plan.say("conntrack -L 2>/dev/null | sort -k 4")
    others = (
        (0.3, "iptables-save -c | grep -v '^#'"),
        (0.3, "for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done"),
        (0.2, "ip route; ip addr show dev eth0"),
        (0.15, "bridge fdb show | grep -v self | sort"),
        (0.15, f"ip route get {OUTSIDE}; ip route get {plan.hosts[0].address}; ip route get 10.55.0.3"),
        (0.15, f"ip route get {OUTSIDE} from {plan.hosts[0].address} iif {plan.hosts[0].bridge}"),
        (0.1, "ip rule; ip route show table all | grep -v -e ff00 -e fe80 -e ::"),
        (0.1, "ip neigh | cut -d ' ' -f 1-5 | sort"),
    )
    for chance, line in others:
        if plan.maybe(chance):
            plan.say(line)
    if plan.events:
        # Who still listens would keep the lab's namespaces alive, and they would speak into the next lab.
        plan.say("sleep 0.2; kill $events; sort -k 5 events.txt")

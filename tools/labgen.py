"""Random labs: a topology, rules and traffic drawn from a seed, for comparing the simulated kernel with a real one.

Labs keep to what has one answer: no rule of chance, no IPv6 and no IGMP, waits short enough that no
neighbour is probed on a timer of its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Host:
    """A namespace with one address, reached by a bridge port or by the host's eth0."""

    name: str
    address: str
    bridge: str
    port: str


@dataclass(slots=True)
class Plan:
    """What a lab is made of while it is drawn."""

    rng: random.Random
    lines: list[str] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    bridges: dict[str, str] = field(default_factory=dict)
    chains: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.lines.append(line)

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance


GATEWAY = "10.1.0.254"
UPLINK = "10.1.0.1"
OUTSIDE = "198.51.100.9"


def lab(seed: int) -> str:
    """The text of the lab of a seed; the same seed gives the same bytes."""
    plan = Plan(random.Random(seed))
    plan.say(f"# random lab {seed}")
    _topology(plan)
    _ebtables(plan)
    _tables(plan)
    _traffic(plan)
    _listings(plan)
    return "\n".join(plan.lines) + "\n"


def _quiet(plan: Plan, name: str) -> None:
    plan.say(f"ip netns add {name}")
    plan.say(
        f"ip netns exec {name} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1"
    )
    plan.say(f"ip -n {name} link set lo up")


# Neighbours that are not confirmed are asked again only after a minute, so no lab is long enough for it.
PATIENT = "sysctl -qw net.ipv4.neigh.{}.delay_first_probe_time=60"


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
            _quiet(plan, host.name)
            mac = f"02:42:ac:{20 + n:02x}:00:{i:02x}"
            port_mac = f"02:99:00:00:{n:02x}:{i:02x}"
            plan.say(
                f"ip link add {host.port} address {port_mac} type veth "
                f"peer name eth0 netns {host.name} address {mac}"
            )
            plan.say(f"ip link set {host.port} master {bridge} up")
            plan.say(f"ip netns exec {host.name} {PATIENT.format('eth0')}")
            plan.say(f"ip -n {host.name} link set eth0 up")
            plan.say(f"ip -n {host.name} addr add {host.address}/16 dev eth0")
            plan.say(f"ip -n {host.name} route add default via {gateway}")
            if plan.maybe(0.1):
                plan.say(f"bridge link set dev {host.port} hairpin on")
    _quiet(plan, "gw")
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
        plan.say("sysctl -qw net.ipv4.conf.all.rp_filter=1")
    _extras(plan)


def _extras(plan: Plan) -> None:
    """What only some labs have: odd addresses, neighbours, ports, routes."""
    rng = plan.rng
    host, other = rng.sample(plan.hosts, 2)
    extras = (
        f"bridge link set dev {host.port} isolated on\nbridge link set dev {other.port} isolated on",
        f"bridge link set dev {host.port} learning off",
        f"bridge link set dev {host.port} flood off",
        f"ip -n {host.name} neigh add {other.address} lladdr 02:42:ac:99:00:01 dev eth0",
        f"ip -n {host.name} neigh add {other.address} lladdr {_port_mac(other)} dev eth0",
        f"bridge fdb add 02:42:ac:99:00:01 dev {other.port} master static",
        f"ip link set {other.port} down",
        f"ip route add 172.29.0.0/24 via {host.address}\nip -n {host.name} addr add 172.29.0.1/24 dev lo",
        f"ip addr add 172.28.0.1/24 dev {host.bridge}\nip -n {host.name} addr add 172.28.0.2/24 dev eth0",
        "ip link add d0 type dummy\nip addr add 10.3.0.1/24 dev d0\nip link set d0 up",
        f"ip route add {OUTSIDE} via 10.1.0.77",
        "ip route add default via 10.1.0.254 table 77\nip rule add fwmark 0x1 table 77",
        f"ip rule add from {host.address} table 78",
        "sysctl -qw net.ipv4.ip_default_ttl=5",
        "sysctl -qw net.ipv4.conf.all.route_localnet=1",
        f"ip link set {host.bridge} type bridge nf_call_iptables 1",
    )
    for extra in rng.sample(extras, rng.choice((0, 0, 1, 1, 2))):
        for line in extra.splitlines():
            plan.say(line)


def _port_mac(host: Host) -> str:
    number = host.port.removeprefix("v")
    return f"02:99:00:00:0{number[0]}:0{number[1]}"


EB_CHAINS = {
    "broute": ("BROUTING",),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}


def _ebtables(plan: Plan) -> None:
    if not plan.maybe(0.6):
        return
    rng = plan.rng
    for table, chains in EB_CHAINS.items():
        for chain in chains:
            if plan.maybe(0.7):
                plan.say(
                    f"ebtables -t {table} -A {chain} -p ipv4 --log-level 6 --log-ip "
                    f'--log-prefix "eb:{table}:{chain}" -j {rng.choice(("ACCEPT", "CONTINUE"))}'
                )
            if plan.maybe(0.3):
                plan.say(
                    f"ebtables -t {table} -A {chain} -p arp --log-level 6 --log-arp "
                    f'--log-prefix "arp:{table}:{chain}" -j CONTINUE'
                )
    if plan.maybe(0.15):
        victim = rng.choice(plan.hosts)
        plan.say(
            f"ebtables -A FORWARD -i {victim.port} -p ipv4 --ip-proto {rng.choice(('icmp', 'tcp'))} -j DROP"
        )
    if plan.maybe(0.1):
        plan.say("ebtables -N USER -P RETURN")
        plan.say('ebtables -A USER -p ipv4 --ip-proto icmp --log-prefix "eb-user" -j ACCEPT')
        plan.say("ebtables -I FORWARD 1 -j USER")


def _match(plan: Plan, table: str, chain: str) -> str:
    """Random conditions of one rule."""
    rng = plan.rng
    host = rng.choice(plan.hosts)
    bridge = rng.choice(list(plan.bridges))
    proto = ""
    parts: list[str] = []
    if plan.maybe(0.3):
        parts.append(
            f"{'! ' if plan.maybe(0.25) else ''}-s {rng.choice((host.address, '172.20.0.0/16', UPLINK, OUTSIDE))}"
        )
    if plan.maybe(0.3):
        parts.append(
            f"{'! ' if plan.maybe(0.25) else ''}-d {rng.choice((host.address, '172.20.0.0/16', UPLINK, OUTSIDE))}"
        )
    if chain in ("PREROUTING", "INPUT", "FORWARD") and plan.maybe(0.2):
        parts.append(f"{'! ' if plan.maybe(0.3) else ''}-i {rng.choice((bridge, 'eth0', 'br+', 'lo'))}")
    if chain in ("OUTPUT", "FORWARD", "POSTROUTING") and plan.maybe(0.2):
        parts.append(f"{'! ' if plan.maybe(0.3) else ''}-o {rng.choice((bridge, 'eth0', 'br+', 'lo'))}")
    if plan.maybe(0.5):
        proto = rng.choice(("icmp", "tcp", "udp"))
        parts.append(f"-p {proto}")
        if proto == "icmp" and plan.maybe(0.3):
            parts.append(f"-m icmp --icmp-type {rng.choice(('8', '0', '3', '11', '3/3', 'echo-request'))}")
        elif proto == "tcp" and plan.maybe(0.5):
            parts.append(
                rng.choice(
                    (
                        "-m tcp --dport 80",
                        "-m tcp ! --dport 80",
                        "-m tcp --sport 80",
                        "-m tcp --syn",
                        "-m tcp --tcp-flags FIN,RST RST",
                        "-m tcp --dport 1:1023",
                        "-m multiport --dports 80,443,8000:8100",
                        "-m multiport --ports 80",
                    )
                )
            )
        elif proto == "udp" and plan.maybe(0.5):
            parts.append(
                rng.choice(("-m udp --dport 53", "-m udp --sport 53", "-m multiport ! --dports 53,54"))
            )
    extra = [
        "-m mark --mark 0x1",
        "-m mark ! --mark 0x2/0x2",
        "-m ttl --ttl-eq 63",
        "-m ttl --ttl-gt 63",
        "-m length --length 0:84",
        "-m length ! --length 60",
        f"-m iprange --src-range 172.20.0.2-{host.address}",
        '-m comment --comment "a comment"',
        "-m pkttype --pkt-type unicast",
        "-m statistic --mode nth --every 2 --packet 0",
        "-m limit --limit 1/hour --limit-burst 2",
    ]
    if table != "raw":
        extra += [
            "-m conntrack --ctstate NEW",
            "-m conntrack --ctstate RELATED,ESTABLISHED",
            "-m conntrack ! --ctstate NEW",
            "-m conntrack --ctstate INVALID",
            "-m state --state ESTABLISHED",
            "-m conntrack --ctstate DNAT",
            "-m conntrack --ctdir REPLY",
            f"-m conntrack --ctorigsrc {host.address}",
            "-m connmark --mark 0x5",
        ]
    if chain in ("PREROUTING", "INPUT", "FORWARD"):
        extra += [
            "-m addrtype --dst-type LOCAL",
            "-m addrtype ! --dst-type UNICAST",
            f"-m physdev --physdev-in {host.port}",
        ]
    if chain == "FORWARD":
        extra += [
            "-m physdev --physdev-is-bridged",
            f"-m physdev --physdev-is-bridged --physdev-out {host.port}",
        ]
    if chain in ("OUTPUT", "POSTROUTING"):
        extra += ["-m owner --uid-owner 0", "-m owner ! --uid-owner 0", "-m addrtype --src-type LOCAL"]
    if plan.maybe(0.35):
        parts.append(rng.choice(extra))
    return " ".join(parts)


def _target(plan: Plan, table: str, chain: str, match: str) -> str:
    rng = plan.rng
    options = [
        "ACCEPT",
        "RETURN",
        'LOG --log-prefix "log "',
        "LOG --log-uid --log-level 6",
        "LOG --log-macdecode",
    ]
    if table != "nat":
        options += ["DROP"]
    if table == "mangle":
        options = [
            "MARK --set-mark 0x1",
            "MARK --or-mark 0x2",
            "MARK --set-xmark 0x4/0xff",
            "CONNMARK --set-mark 0x5",
        ]
        options += ["CONNMARK --save-mark", "CONNMARK --restore-mark", "ACCEPT", "RETURN"]
        if "-p tcp" in match and "! -p" not in match and "--syn" in match:
            options.append("TCPMSS --set-mss 1000")
    if table == "raw":
        options = ["CT --notrack", "ACCEPT", "RETURN", "DROP"]
    if table == "filter" and chain in ("INPUT", "FORWARD", "OUTPUT"):
        options += [
            "REJECT",
            "REJECT --reject-with icmp-host-prohibited",
            "REJECT --reject-with icmp-admin-prohibited",
        ]
        if "-p tcp" in match:
            options += ["REJECT --reject-with tcp-reset"] * 2
    if plan.chains and table == "filter" and plan.maybe(0.3):
        return f"{rng.choice(('-j', '-g'))} {rng.choice(plan.chains)}"
    return f"-j {rng.choice(options)}"


def _tables(plan: Plan) -> None:
    rng = plan.rng
    proto = rng.choice(("", "-p icmp ", "-p tcp ", "-p udp "))
    for table in ("mangle", "security"):
        if plan.maybe(0.4):
            plan.say(f"iptables -t {table} -nL > /dev/null")
    _nat(plan)
    if plan.maybe(0.8):
        for n in range(rng.choice((0, 0, 1, 2))):
            plan.chains.append(f"USER{n}")
            plan.say(f"iptables -N USER{n}")
        for name in plan.chains:
            for _ in range(rng.randint(0, 2)):
                match = _match(plan, "filter", "USER")
                plan.say(
                    f"iptables -A {name} {match} -j {rng.choice(('ACCEPT', 'RETURN', 'DROP', 'LOG'))}".replace(
                        "  ", " "
                    )
                )
        for _ in range(rng.randint(1, 5)):
            chain = rng.choice(("INPUT", "FORWARD", "FORWARD", "OUTPUT"))
            match = _match(plan, "filter", chain)
            plan.say(
                f"iptables -A {chain} {match} {_target(plan, 'filter', chain, match)}".replace("  ", " ")
            )
        if plan.maybe(0.15):
            plan.say(f"iptables -P {rng.choice(('FORWARD', 'INPUT'))} DROP")
    for table, chains in (
        ("mangle", ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")),
        ("raw", ("PREROUTING", "OUTPUT")),
    ):
        if plan.maybe(0.25):
            for _ in range(rng.randint(1, 2)):
                chain = rng.choice(chains)
                match = _match(plan, table, chain)
                plan.say(
                    f"iptables -t {table} -A {chain} {match} {_target(plan, table, chain, match)}".replace(
                        "  ", " "
                    )
                )
    if plan.maybe(0.15):
        plan.say(
            rng.choice(
                (
                    "iptables -t mangle -A PREROUTING -p icmp -j TTL --ttl-set 9",
                    "iptables -t mangle -A FORWARD -j TTL --ttl-dec 1",
                )
            )
        )
    trace = proto or "-m comment --comment all ! -p igmp "
    plan.say(f"iptables -t raw -I PREROUTING {trace}-j TRACE")
    plan.say(f"iptables -t raw -I OUTPUT {trace}-j TRACE")


def _nat(plan: Plan) -> None:
    rng = plan.rng
    if not plan.maybe(0.7):
        return
    bridge = rng.choice(list(plan.bridges))
    host = rng.choice(plan.hosts)
    if plan.maybe(0.7):
        plan.say(f"iptables -t nat -A POSTROUTING -s 172.16.0.0/12 ! -o {bridge} -j MASQUERADE")
    if plan.maybe(0.5):
        guard = rng.choice(("", f"! -i {bridge} ", "-m addrtype --dst-type LOCAL "))
        proto = rng.choice(("tcp", "udp"))
        plan.say(
            f"iptables -t nat -A PREROUTING {guard}-p {proto} --dport 8080 -j DNAT --to-destination {host.address}:80"
        )
        if plan.maybe(0.5):
            plan.say(
                f"iptables -t nat -A OUTPUT -p {proto} --dport 8080 -j DNAT --to-destination {host.address}:80"
            )
        if plan.maybe(0.3):
            plan.say(f"iptables -t nat -A POSTROUTING -s {host.address} -d {host.address} -j MASQUERADE")
    if plan.maybe(0.15):
        plan.say(f"iptables -t nat -A PREROUTING -p icmp -d {UPLINK} -j DNAT --to-destination {host.address}")
    if plan.maybe(0.15):
        plan.say("iptables -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 80")
    if plan.maybe(0.1):
        plan.say(f"iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source {UPLINK}")
    if plan.maybe(0.1):
        plan.say('iptables -t nat -A INPUT -j LOG --log-prefix "natin "')


def _traffic(plan: Plan) -> None:
    rng = plan.rng
    servers: set[tuple[str, str]] = set()
    places = [h.name for h in plan.hosts] + ["gw", ""]
    addresses = [h.address for h in plan.hosts] + [*plan.bridges.values(), UPLINK, OUTSIDE, GATEWAY]
    addresses += rng.sample(["10.55.0.3", "172.29.0.1", "172.28.0.2", "10.3.0.9", "203.0.113.7"], 2)
    for _ in range(rng.randint(1, 2)):
        place = rng.choice(places)
        kind = rng.choice(("tcp", "udp"))
        if (place, kind) not in servers:
            servers.add((place, kind))
            plan.say(f"{_in(place)}nc {'-u ' if kind == 'udp' else '-k '}-l -p 80 > /dev/null &")
    plan.say("sleep 0.2")
    for _ in range(rng.randint(2, 4)):
        source = rng.choice(places)
        target = rng.choice(addresses)
        kind = rng.choice(("ping", "ping", "tcp", "tcp", "udp", "odd", "data", "trace"))
        port = rng.choice(("80", "80", "81", "8080", "53"))
        if plan.maybe(0.1):
            chain = rng.choice(("PREROUTING", "OUTPUT"))
            plan.say(
                rng.choice(
                    (
                        f"iptables -t raw -Z {chain}",
                        "iptables -D FORWARD 1",
                        "conntrack -F",
                        "iptables -F OUTPUT",
                        "conntrack -D -p icmp > /dev/null 2>&1",
                    )
                )
            )
        if kind == "ping":
            size = rng.choice(("", "", "-s 10 ", "-s 2000 ", "-t 1 ", "-t 2 ", "-Q 0x10 ", "-e 4321 "))
            plan.say(f"{_in(source)}ping -c 1 -W 0.5 {size}{target} > /dev/null 2>&1")
        elif kind == "tcp":
            plan.say(f"{_in(source)}nc -z -w 2 {target} {port}")
        elif kind == "udp":
            plan.say(f"echo hi | {_in(source)}nc -u -w 1 {target} {port}")
        elif kind == "data":
            plan.say(f"(sleep 0.2; echo hello) | {_in(source)}nc -N -w 2 {target} {port}")
        elif kind == "trace":
            plan.say(f"{_in(source)}traceroute -n -q 1 -N 1 -w 0.5 -m 3 {target} > /dev/null")
        else:
            odd = rng.choice(("203.0.113.7", "127.0.0.1", "172.20.255.255", "172.20.0.99"))
            flag = "-b " if odd.endswith("255") else ""
            plan.say(f"{_in(source)}ping -c 1 -W 0.5 {flag}{odd} > /dev/null 2>&1")
    # Long enough for the last unanswered ARP question, if the log shows any.
    plan.say("sleep 3.3" if any("--log-arp" in line for line in plan.lines) else "sleep 0.1")


def _in(place: str) -> str:
    return f"ip netns exec {place} " if place else ""


def _listings(plan: Plan) -> None:
    plan.say(
        'for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done'
    )
    plan.say("conntrack -L 2>/dev/null | sort -k 4")
    if plan.maybe(0.3):
        plan.say("iptables-save -c | grep -v '^#'")
    if plan.maybe(0.3):
        plan.say("ebtables -t filter -L --Lc")
    if plan.maybe(0.2):
        plan.say("ip route; ip addr show dev eth0")

"""What is sent in a random lab, and what is changed while it is."""

from __future__ import annotations

from labgen.plan import GATEWAY, OUTSIDE, UPLINK, Plan
from labgen.rules import conditions

PINGS = (
    "", "", "", "-s 10 ", "-s 2000 ", "-s 4000 ", "-t 1 ", "-t 2 ", "-Q 0x10 ", "-e 4321 ", "-M do -s 1400 ",
    "-M do -s 1473 ",
    "-M dont -s 1300 ", "-c 2 -i 0.2 ",
)  # fmt: skip


def traffic(plan: Plan) -> None:
    """Servers, then some clients one after the other, with changes in between."""
    rng = plan.rng
    places = [h.name for h in plan.hosts] + ["gw", ""] + (["far"] if plan.far else [])
    addresses = [h.address for h in plan.hosts] + [*plan.bridges.values(), UPLINK, OUTSIDE, GATEWAY]
    addresses += rng.sample(["10.55.0.3", "172.29.0.1", "172.28.0.2", "10.3.0.9", "203.0.113.7"], 2)
    addresses += [plan.far] * 2 if plan.far else []
    servers: set[tuple[str, str]] = set()
    for _ in range(rng.randint(1, 2)):
        place = rng.choice(places)
        kind = rng.choice(("tcp", "udp"))
        if (place, kind) not in servers:
            servers.add((place, kind))
            plan.say(f"{_in(place)}nc {'-u ' if kind == 'udp' else '-k '}-l -p 80 > /dev/null &")
    if plan.maybe(0.1):
        plan.events = True
        plan.say("conntrack -E > events.txt 2>/dev/null & events=$!")
    plan.say("sleep 0.2")
    for _ in range(rng.randint(2, 4)):
        if plan.maybe(0.2):
            for line in rng.choice(_changes(plan)).splitlines():
                plan.say(line)
        _client(plan, rng.choice(places), rng.choice(addresses))
    # Long enough for the last unanswered ARP question, if the log shows any.
    plan.say("sleep 3.3" if any("--log-arp" in line for line in plan.lines) else "sleep 0.1")


def _client(plan: Plan, source: str, target: str) -> None:
    rng = plan.rng
    at = _in(source)
    port = rng.choice(("80", "80", "81", "8080", "53"))
    kind = rng.choice(("ping", "ping", "tcp", "tcp", "udp", "odd", "data", "trace", "port"))
    if kind == "ping":
        options = rng.choice(PINGS)
        count = "" if "-c" in options else "-c 1 "
        plan.say(f"{at}ping {count}-W 0.5 {options}{target} > /dev/null 2>&1")
    elif kind == "tcp":
        plan.say(f"{at}nc -z -w 2 {target} {port}")
    elif kind == "udp":
        plan.say(f"echo hi | {at}nc -u -w 1 {target} {port}")
    elif kind == "port":
        # A source port of its own, used twice: two connections that look alike, or one that goes on.
        again = at if plan.maybe(0.5) else _in(rng.choice(plan.hosts).name)
        flag = rng.choice(("-u ", ""))
        for who in (at, again):
            plan.say(f"echo hi | {who}nc {flag}-p 4000 -w {1 if flag else 2} {target} {port}")
    elif kind == "data":
        plan.say(f"(sleep 0.2; echo hello) | {at}nc -N -w 2 {target} {port}")
    elif kind == "trace":
        how = rng.choice(("", "", "-I ", "-T -p 80 "))
        plan.say(f"{at}traceroute -n -q 1 -N 1 -w 0.5 -m 3 {how}{target} > /dev/null")
    else:
        odd = rng.choice(("203.0.113.7", "127.0.0.1", "172.20.255.255", "172.20.0.99"))
        flag = "-b " if odd.endswith("255") else ""
        plan.say(f"{at}ping -c 1 -W 0.5 {flag}{odd} > /dev/null 2>&1")


def _changes(plan: Plan) -> tuple[str, ...]:
    """A change of mind in the middle."""
    rng = plan.rng
    host, other = rng.sample(plan.hosts, 2)
    chain = rng.choice(("INPUT", "FORWARD", "OUTPUT"))
    match = conditions(plan, "filter", chain)
    target = rng.choice(("ACCEPT", "DROP", "REJECT", "LOG"))
    return (
        f"iptables -t raw -Z {rng.choice(('PREROUTING', 'OUTPUT'))}",
        "iptables -D FORWARD 1",
        "conntrack -F",
        "iptables -F OUTPUT",
        "conntrack -D -p icmp > /dev/null 2>&1",
        "conntrack -D -p tcp > /dev/null 2>&1",
        f"conntrack -D -s {host.address} > /dev/null 2>&1",
        "iptables -Z",
        f"iptables -I {chain} 1 {match} -j {target}".replace("  ", " "),
        f"iptables -R {chain} 1 {match} -j {target}".replace("  ", " "),
        f"iptables -P {rng.choice(('FORWARD', 'INPUT', 'OUTPUT'))} {rng.choice(('ACCEPT', 'DROP'))}",
        "iptables -t nat -F PREROUTING",
        f"iptables -t nat -I POSTROUTING -s {host.address} -j RETURN",
        f"ip link set {host.port} down\nip link set {host.port} up",
        f"ip link set {other.port} down",
        f"ip -n {host.name} link set eth0 down\nip -n {host.name} link set eth0 up\n"
        f"ip -n {host.name} route add default via {plan.bridges[host.bridge]}",
        f"bridge fdb flush dev {host.bridge}",
        f"ip neigh flush dev {host.bridge}",
        f"ip neigh del {host.address} dev {host.bridge}",
        f"ip addr add 10.55.0.3/32 dev {host.bridge}",
        f"ip route add 10.55.0.3 via {host.address}",
        "ip route flush cache",
        f"ip route replace default via {host.address}",
        "sysctl -qw net.ipv4.ip_forward=0",
        "sysctl -qw net.bridge.bridge-nf-call-iptables=0",
        "sysctl -qw net.bridge.bridge-nf-call-iptables=1",
        "ebtables -F",
        "ebtables -t nat -F",
        f"ebtables -I FORWARD -i {host.port} -j DROP",
    )


def _in(place: str) -> str:
    return f"ip netns exec {place} " if place else ""

"""The iptables rules and sets of a random lab."""

from __future__ import annotations

from labgen.plan import OUTSIDE, UPLINK, Host, Plan

REJECTS = (
    "icmp-net-unreachable",
    "icmp-host-unreachable",
    "icmp-proto-unreachable",
    "icmp-port-unreachable",
    "icmp-net-prohibited",
    "icmp-host-prohibited",
    "icmp-admin-prohibited",
)
ICMP_TYPES = (
    "8",
    "0",
    "3",
    "11",
    "3/3",
    "echo-request",
    "any",
    "fragmentation-needed",
    "ttl-zero-during-transit",
)
TCP = (
    "-m tcp --dport 80",
    "-m tcp ! --dport 80",
    "-m tcp --sport 80",
    "-m tcp --syn",
    "-m tcp ! --syn",
    "-m tcp --tcp-flags FIN,RST RST",
    "-m tcp --tcp-flags ALL SYN,ACK",
    "-m tcp --dport 1:1023",
    "-m tcp --sport 1024: --dport :80",
    "-m multiport --dports 80,443,8000:8100",
    "-m multiport --ports 80",
    "-m multiport ! --sports 80,81",
)
UDP = ("-m udp --dport 53", "-m udp --sport 53", "-m multiport ! --dports 53,54", "-m udp ! --sport 1:1023")
SETS = {
    "addresses": ("hash:ip", ("{host}", UPLINK), ("src", "dst")),
    "networks": ("hash:net", ("172.20.0.0/16", "{host} nomatch"), ("src", "dst")),
    "services": ("hash:ip,port", ("{host},tcp:80", f"{UPLINK},udp:80"), ("dst,dst", "src,src")),
    "ports": ("bitmap:port range 0-9000", ("80-81", "8080"), ("dst", "src")),
}


def tables(plan: Plan) -> None:
    """Rules in several tables, and TRACE over what is to be seen."""
    rng = plan.rng
    proto = rng.choice(("", "-p icmp ", "-p tcp ", "-p udp "))
    for table in ("mangle", "security"):
        if plan.maybe(0.4):
            plan.say(f"iptables -t {table} -nL > /dev/null")
    if plan.maybe(0.2):
        _sets(plan)
    _nat(plan)
    if plan.maybe(0.8):
        _filter(plan)
    for table, chains in (
        ("mangle", ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")),
        ("raw", ("PREROUTING", "OUTPUT")),
        ("security", ("INPUT", "FORWARD", "OUTPUT")),
    ):
        if plan.maybe(0.25 if table != "security" else 0.1):
            for _ in range(rng.randint(1, 2)):
                chain = rng.choice(chains)
                _rule(plan, f"iptables -t {table} -A {chain}", table, chain)
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


def _sets(plan: Plan) -> None:
    for name in plan.rng.sample(list(SETS), plan.rng.randint(1, 2)):
        kind, members, _ = SETS[name]
        plan.say(f"ipset create {name} {kind}")
        for member in members:
            plan.say(f"ipset add {name} " + member.format(host=plan.rng.choice(plan.hosts).address))
        plan.sets.append(name)


def _filter(plan: Plan) -> None:
    rng = plan.rng
    for n in range(rng.choice((0, 0, 1, 2))):
        plan.chains.append(f"USER{n}")
        plan.say(f"iptables -N USER{n}")
    for n, name in enumerate(plan.chains):
        for _ in range(rng.randint(0, 2)):
            match = conditions(plan, "filter", "USER")
            target = rng.choice(("-j ACCEPT", "-j RETURN", "-j DROP", "-j LOG"))
            if n and plan.maybe(0.4):
                target = f"{rng.choice(('-j', '-g'))} {plan.chains[0]}"
            _say(plan, f"iptables -A {name} {match} {target}")
    for _ in range(rng.randint(1, 5)):
        chain = rng.choice(("INPUT", "FORWARD", "FORWARD", "OUTPUT"))
        _rule(plan, f"iptables -A {chain}", "filter", chain)
    if plan.maybe(0.15):
        plan.say(f"iptables -P {rng.choice(('FORWARD', 'INPUT'))} DROP")


def _rule(plan: Plan, command: str, table: str, chain: str) -> None:
    match = conditions(plan, table, chain)
    _say(plan, f"{command} {match} {_target(plan, table, chain, match)}")


def _say(plan: Plan, line: str) -> None:
    plan.say(line.replace("  ", " "))


def conditions(plan: Plan, table: str, chain: str) -> str:
    """Random conditions of one rule."""
    rng = plan.rng
    host = rng.choice(plan.hosts)
    bridge = rng.choice(list(plan.bridges))
    parts: list[str] = []
    for option in ("-s", "-d"):
        if plan.maybe(0.3):
            places = (host.address, "172.20.0.0/16", UPLINK, OUTSIDE)
            parts.append(f"{'! ' if plan.maybe(0.25) else ''}{option} {rng.choice(places)}")
    for option, chains in (
        ("-i", ("PREROUTING", "INPUT", "FORWARD")),
        ("-o", ("OUTPUT", "FORWARD", "POSTROUTING")),
    ):
        if chain in chains and plan.maybe(0.2):
            devices = (bridge, "eth0", "br+", "lo")
            parts.append(f"{'! ' if plan.maybe(0.3) else ''}{option} {rng.choice(devices)}")
    if plan.maybe(0.08):
        parts.append(rng.choice(("-f", "! -f")))
    elif plan.maybe(0.5):
        proto = rng.choice(("icmp", "tcp", "udp"))
        parts.append(f"-p {proto}")
        if proto == "icmp" and plan.maybe(0.3):
            parts.append(f"-m icmp {'! ' * plan.maybe(0.2)}--icmp-type {rng.choice(ICMP_TYPES)}")
        elif proto != "icmp" and plan.maybe(0.5):
            parts.append(rng.choice(TCP if proto == "tcp" else UDP))
    if plan.maybe(0.35):
        parts.append(rng.choice(_extensions(plan, table, chain, host)))
    return " ".join(parts)


def _extensions(plan: Plan, table: str, chain: str, host: Host) -> list[str]:
    """The extension matches that a table and chain allow."""
    found = [
        "-m mark --mark 0x1",
        "-m mark ! --mark 0x2/0x2",
        "-m ttl --ttl-eq 63",
        "-m ttl --ttl-gt 63",
        "-m ttl --ttl-lt 63",
        "-m length --length 0:84",
        "-m length ! --length 60",
        f"-m iprange --src-range 172.20.0.2-{host.address}",
        f"-m iprange ! --dst-range 172.20.0.1-{host.address}",
        '-m comment --comment "a comment"',
        "-m pkttype --pkt-type unicast",
        "-m pkttype ! --pkt-type broadcast",
        "-m statistic --mode nth --every 2 --packet 0",
        "-m statistic --mode nth --every 3 --packet 1",
        "-m limit --limit 1/hour --limit-burst 2",
        "-m recent --name seen --set",
        "-m recent --name seen --rcheck --hitcount 2",
        *(f"-m set --match-set {name} {plan.rng.choice(SETS[name][2])}" for name in plan.sets),
    ]
    if table != "raw":
        found += [
            "-m conntrack --ctstate NEW",
            "-m conntrack --ctstate RELATED,ESTABLISHED",
            "-m conntrack ! --ctstate NEW",
            "-m conntrack --ctstate INVALID",
            "-m conntrack --ctstate UNTRACKED",
            "-m state --state ESTABLISHED",
            "-m conntrack --ctstate DNAT",
            "-m conntrack --ctstate SNAT",
            "-m conntrack --ctdir REPLY",
            "-m conntrack --ctstatus SEEN_REPLY",
            "-m conntrack --ctstatus CONFIRMED",
            "-m conntrack --ctproto udp",
            "-m conntrack --ctexpire 0:30",
            f"-m conntrack --ctorigsrc {host.address}",
            f"-m conntrack ! --ctrepldst {host.address}",
            "-m conntrack --ctorigdstport 8080",
            "-m connmark --mark 0x5",
        ]
    if chain in ("PREROUTING", "INPUT", "FORWARD"):
        found += [
            "-m addrtype --dst-type LOCAL",
            "-m addrtype ! --dst-type UNICAST",
            "-m addrtype --src-type UNICAST --dst-type LOCAL",
            f"-m physdev --physdev-in {host.port}",
            f"-m mac --mac-source {host.mac}",
            f"-m mac ! --mac-source {host.mac}",
        ]
    if chain == "FORWARD":
        found += [
            "-m physdev --physdev-is-bridged",
            "-m physdev ! --physdev-is-in",
            f"-m physdev --physdev-is-bridged --physdev-out {host.port}",
        ]
    if chain in ("OUTPUT", "POSTROUTING"):
        found += [
            "-m owner --uid-owner 0",
            "-m owner ! --uid-owner 0",
            "-m owner --socket-exists",
            "-m addrtype --src-type LOCAL",
        ]
    return found


def _target(plan: Plan, table: str, chain: str, match: str) -> str:
    rng = plan.rng
    options = [
        "ACCEPT",
        "RETURN",
        'LOG --log-prefix "log "',
        "LOG --log-uid --log-level 6",
        "LOG --log-macdecode --log-ip-options",
        "LOG --log-level debug --log-tcp-options",
        "NFLOG --nflog-group 1 --nflog-prefix seen",
    ]
    tcp = "-p tcp" in match and "! -p" not in match
    if table != "nat":
        options += ["DROP"]
    if table == "mangle":
        options = [
            "MARK --set-mark 0x1",
            "MARK --or-mark 0x2",
            "MARK --and-mark 0x1",
            "MARK --set-xmark 0x4/0xff",
            "CONNMARK --set-mark 0x5",
            "CONNMARK --save-mark",
            "CONNMARK --restore-mark",
            "CONNMARK --set-xmark 0x3/0xf",
            "ACCEPT",
            "RETURN",
        ]
        if tcp and "--syn" in match:
            options.append("TCPMSS --set-mss 1000")
    if table == "raw":
        options = ["CT --notrack", "ACCEPT", "RETURN", "DROP", "MARK --set-mark 0x1"][: 4 + plan.maybe(0.3)]
    if table == "filter" and chain in ("INPUT", "FORWARD", "OUTPUT"):
        options += ["REJECT", *(f"REJECT --reject-with {kind}" for kind in rng.sample(REJECTS, 2))]
        if tcp:
            options += ["REJECT --reject-with tcp-reset"] * 2
    if plan.chains and table == "filter" and plan.maybe(0.3):
        return f"{rng.choice(('-j', '-g'))} {rng.choice(plan.chains)}"
    return f"-j {rng.choice(options)}"


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
        to = f"DNAT --to-destination {host.address}:80"
        plan.say(f"iptables -t nat -A PREROUTING {guard}-p {proto} --dport 8080 -j {to}")
        if plan.maybe(0.5):
            plan.say(f"iptables -t nat -A OUTPUT -p {proto} --dport 8080 -j {to}")
        if plan.maybe(0.3):
            plan.say(f"iptables -t nat -A POSTROUTING -s {host.address} -d {host.address} -j MASQUERADE")
    rules = (
        (0.15, f"PREROUTING -p icmp -d {UPLINK} -j DNAT --to-destination {host.address}"),
        (0.15, "PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 80"),
        (0.1, f"POSTROUTING -o eth0 -j SNAT --to-source {UPLINK}"),
        (0.1, 'INPUT -j LOG --log-prefix "natin "'),
        (0.05, f"INPUT -p udp -j SNAT --to-source {plan.bridges[bridge]}"),
        (0.05, "OUTPUT -p tcp --dport 81 -j REDIRECT --to-ports 80"),
        (0.05, f"OUTPUT -d 10.55.0.3 -j DNAT --to-destination {host.address}"),
        (0.05, "PREROUTING -d 10.55.0.0/24 -j NETMAP --to 172.20.0.0/24"),
        (0.05, "POSTROUTING -s 172.20.0.0/24 -o eth0 -j NETMAP --to 10.1.0.0/24"),
        (0.05, f"POSTROUTING -p udp -o eth0 -j SNAT --to-source {UPLINK}:4000-4000"),
        (0.05, "POSTROUTING -p tcp -o eth0 -j MASQUERADE --to-ports 5000"),
        (0.05, "PREROUTING -m addrtype --dst-type LOCAL -j LOG"),
    )
    for chance, rule in rules:
        if plan.maybe(chance):
            plan.say(f"iptables -t nat -A {rule}")

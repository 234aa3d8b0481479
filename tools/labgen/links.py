"""The ebtables rules of a random lab."""

from __future__ import annotations

from labgen.plan import Plan

CHAINS = {
    "broute": ("BROUTING",),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}
IN = frozenset({"BROUTING", "PREROUTING", "INPUT", "FORWARD"})
OUT = frozenset({"OUTPUT", "POSTROUTING", "FORWARD"})


def ebtables(plan: Plan) -> None:
    """Logs in some chains, and a few rules that decide."""
    if not plan.maybe(0.6):
        return
    for table, chains in CHAINS.items():
        for chain in chains:
            _logs(plan, table, chain)
    rng = plan.rng
    if plan.maybe(0.15):
        victim = rng.choice(plan.hosts)
        plan.say(
            f"ebtables -A FORWARD -i {victim.port} -p ipv4 --ip-proto {rng.choice(('icmp', 'tcp'))} -j DROP"
        )
    if plan.maybe(0.15):
        plan.say(f"ebtables -N USER -P {rng.choice(('RETURN', 'ACCEPT', 'DROP'))}")
        plan.say('ebtables -A USER -p ipv4 --ip-proto icmp --log-prefix "eb-user" -j ACCEPT')
        if plan.maybe(0.5):
            plan.say(f"ebtables -A USER -p arp -j {rng.choice(('RETURN', 'ACCEPT', 'CONTINUE'))}")
        plan.say(f"ebtables -I {rng.choice(CHAINS['filter'])} 1 -j USER")
    if plan.maybe(0.25):
        for _ in range(rng.randint(1, 2)):
            table = rng.choice(list(CHAINS))
            chain = rng.choice(CHAINS[table])
            plan.say(f"ebtables -t {table} -A {chain} {_match(plan, chain)} -j {_target(plan, table, chain)}")
    if plan.maybe(0.04):
        plan.say(f"ebtables -P {rng.choice(CHAINS['filter'])} DROP")


def _logs(plan: Plan, table: str, chain: str) -> None:
    if plan.maybe(0.7):
        plan.say(
            f"ebtables -t {table} -A {chain} -p ipv4 --log-level 6 --log-ip "
            f'--log-prefix "eb:{table}:{chain}" -j {plan.rng.choice(("ACCEPT", "CONTINUE"))}'
        )
    if plan.maybe(0.3):
        plan.say(
            f"ebtables -t {table} -A {chain} -p arp --log-level 6 --log-arp "
            f'--log-prefix "arp:{table}:{chain}" -j CONTINUE'
        )


def _match(plan: Plan, chain: str) -> str:
    """Conditions that an IPv4 or ARP frame can meet."""
    rng = plan.rng
    host, other = rng.sample(plan.hosts, 2)
    parts = []
    if chain in IN and plan.maybe(0.3):
        parts.append(f"{rng.choice(('', '! '))}-i {rng.choice((host.port, 'v0+'))}")
    if chain in OUT and plan.maybe(0.3):
        parts.append(f"{rng.choice(('', '! '))}-o {rng.choice((host.port, 'v0+'))}")
    if chain in IN and plan.maybe(0.1):
        parts.append(f"--logical-in {host.bridge}")
    if plan.maybe(0.25):
        macs = (host.mac, f"! {host.mac}", "Unicast", "02:42:00:00:00:00/ff:ff:00:00:00:00")
        parts.append(f"{rng.choice(('-s', '-d'))} {rng.choice(macs)}")
    if plan.maybe(0.5):
        parts.append(
            rng.choice(
                (
                    "-p ipv4 --ip-proto icmp",
                    "-p ipv4 --ip-proto tcp --ip-dport 80",
                    "-p ipv4 --ip-proto udp --ip-sport 1:60000",
                    f"-p ipv4 --ip-src {host.address}",
                    f"-p ipv4 --ip-dst ! {host.address}",
                    "-p ipv4 --ip-tos 0x10",
                    f"-p ipv4 --ip-src 172.20.0.0/16 --ip-dst {other.address}",
                    "-p ipv4 --ip-proto icmp --ip-icmp-type echo-request",
                )
            )
        )
    elif plan.maybe(0.5):
        parts.append(
            rng.choice(
                (
                    "-p arp",
                    "-p arp --arp-op Request",
                    "-p arp --arp-op ! Reply",
                    f"-p arp --arp-ip-dst {host.address}",
                    f"-p arp --arp-ip-src {host.address}",
                    f"-p arp --arp-mac-src {host.mac}",
                    "-p arp --arp-htype 1 --arp-ptype 0x800",
                )
            )
        )
    if plan.maybe(0.15):
        parts.append(rng.choice(("--pkttype-type broadcast", "--pkttype-type ! otherhost", "--mark 0x1")))
    return " ".join(parts)


def _target(plan: Plan, table: str, chain: str) -> str:
    rng = plan.rng
    host = rng.choice(plan.hosts)
    targets = ["DROP", "DROP", "ACCEPT", "CONTINUE", "mark --mark-set 0x1 --mark-target CONTINUE"]
    if table == "broute":
        targets += ["redirect", "redirect --redirect-target CONTINUE"]
    if (table, chain) == ("nat", "PREROUTING"):
        targets += [f"dnat --to-destination {host.mac}", "redirect"]
    if (table, chain) == ("nat", "POSTROUTING"):
        targets += [f"snat --to-source 02:99:99:00:00:01 --snat-target {rng.choice(('ACCEPT', 'CONTINUE'))}"]
        targets += ["snat --to-source 02:99:99:00:00:01 --snat-arp --snat-target ACCEPT"]
    return str(rng.choice(targets))

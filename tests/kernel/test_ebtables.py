"""ebtables tables: verdicts, watchers, MAC translation, refusals as captured with ebtables 2.0.11 on 6.1."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from netlab.kernel import ebtables
from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.device import Veth
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.netns import Netns
from netlab.kernel.skb import HOST, OTHERHOST, Skb
from netlab.kernel.steps import RuleMatched
from netlab.kernel.world import World
from netlab.rules.ebcommand import parse_eb_command
from netlab.rules.errors import EbtablesError
from netlab.wire import ETH_ARP, ICMP, Arp, Ethernet, Icmp, Ipv4, Tcp, ip

REFUSALS = Path(__file__).parent / "netfilter" / "ebtables-refusals.txt"
C2, C3, BR = "02:42:ac:11:00:02", "02:42:ac:11:00:03", "02:42:7d:11:22:33"


@pytest.fixture
def ns() -> Netns:
    world = World("6.1")
    host = world.host
    bridge = BridgeDevice(host, "br0", BR)
    bridge.set_up()
    assert bridge.bridge is not None
    for n in (2, 3):
        port, inner = Veth.pair(host, f"veth{n}", world.add_netns(f"c{n}"), "eth0")
        inner.set_up()
        port.set_up()
        bridge.bridge.add_port(port)
    return host


def run(ns: Netns, line: str) -> None:
    """What the ebtables command asks of the table."""
    argv = shlex.split(line)[1:]
    name = argv[argv.index("-t") + 1] if "-t" in argv else "filter"
    table = ebtables.open_table(ns, name)
    command = parse_eb_command(argv, chains=lambda _: list(table.chains))
    chain = command.chain or ""
    match command.letter:
        case "A":
            assert command.rule
            table.append(chain, command.rule)
        case "I":
            assert command.rule
            table.insert(chain, 1 if command.first is None else command.first, command.rule)
        case "D" if command.rule is not None:
            table.delete(chain, command.rule)
        case "D":
            assert command.first is not None
            table.delete_numbers(
                chain, command.first, command.last if command.last is not None else command.first
            )
        case "N":
            table.new_chain(chain, command.policy or "ACCEPT")
        case "X":
            table.delete_chain(command.chain)
        case "E":
            assert command.new_name
            table.rename_chain(chain, command.new_name)
        case "P":
            assert command.policy
            table.set_policy(chain, command.policy)
        case "F":
            table.flush(command.chain)
        case "Z":
            table.zero(command.chain)
        case _:
            raise AssertionError(line)


def at(ns: Netns, hook: str, in_port: str = "", out_port: str = "") -> HookState:
    return HookState("bridge", hook, ns, ns.devices.get(in_port), ns.devices.get(out_port))


def frame(dst: str = C3, src: str = C2) -> Skb:
    packet = Ipv4(ip("172.17.0.2"), ip("172.17.0.3"), ICMP, Icmp(8, 0, 1, bytes(56)))
    return Skb(packet, eth=Ethernet(dst, src, 0x0800))


def question() -> Skb:
    arp = Arp(1, C2, ip("172.17.0.2"), "00:00:00:00:00:00", ip("172.17.0.3"))
    return Skb(arp=arp, eth=Ethernet("ff:ff:ff:ff:ff:ff", C2, ETH_ARP), proto=ETH_ARP)


def test_ebtables_refuses_in_the_same_words(ns: Netns) -> None:
    text = "".join(x for x in REFUSALS.read_text().splitlines(keepends=True) if not x.startswith("# "))
    differ = []
    for line, printed, status in re.findall(r"^\$ (.*?)\n(.*?)^=(\d+)\n", text, re.MULTILINE | re.DOTALL):
        got: tuple[str, int] = ("", 0)
        try:
            run(ns, line)
        except EbtablesError as error:
            got = (error.stderr(), error.status)
        if got != (printed, int(status)):
            differ.append((line, (printed, int(status)), got))
    assert differ == []


def test_a_user_chains_policy_decides_where_it_ends(ns: Netns) -> None:
    for line in ("-N U -P DROP", "-A U -p arp -j ACCEPT", "-A FORWARD -j U", "-A FORWARD -j ACCEPT"):
        run(ns, f"ebtables {line}")
    table, state = ns.eb["filter"], at(ns, "FORWARD", "veth2", "veth3")
    assert table.do_table(frame(), state) == DROP
    assert table.do_table(question(), state) == ACCEPT
    run(ns, "ebtables -P U RETURN")
    assert table.do_table(frame(), state) == ACCEPT
    matched = [(s.chain, s.number) for s in ns.world.steps if isinstance(s, RuleMatched)]
    assert matched[-2:] == [("FORWARD", 1), ("FORWARD", 2)]


def test_counters_count_from_the_network_header_on(ns: Netns) -> None:
    run(ns, "ebtables -A FORWARD -j CONTINUE")
    for skb in (frame(), question()):
        ns.eb["filter"].do_table(skb, at(ns, "FORWARD", "veth2", "veth3"))
    (rule,) = ns.eb["filter"].save()["FORWARD"].rules
    assert (rule.packets, rule.octets) == (2, 84 + 28)


def test_watchers_run_for_every_match_and_never_decide(ns: Netns) -> None:
    run(ns, 'ebtables -A FORWARD -p ipv4 --log-ip --log-prefix "x" -j DROP')
    assert ns.eb["filter"].do_table(frame(), at(ns, "FORWARD", "veth2", "veth3")) == DROP
    assert [entry.text for entry in ns.world.ring] == [
        f"x IN=veth2 OUT=veth3 MAC source = {C2} MAC dest = {C3} proto = 0x0800 "
        "IP SRC=172.17.0.2 IP DST=172.17.0.3, IP tos=0x00, IP proto=1"
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-i veth2 --logical-in br0", None),
        ("-i veth+ --logical-in ! br0", "logical in device br0 is br0"),
        ("-o veth2", "out port veth3 is not veth2"),
        (f"-s {C3}", f"source MAC {C2} is not {C3}"),
        ("-d Multicast", f"destination MAC {C3} is not 01:00:00:00:00:00/01:00:00:00:00:00"),
        ("-p arp", "the frame (protocol 0x0800) is not protocol 0x0806"),
        ("-p ipv4 --ip-dst 172.17.0.0/16 --ip-proto icmp", None),
        ("-p ipv4 --ip-source ! 172.17.0.2", "source 172.17.0.2 does match"),
        ("-p ipv4 --ip-proto tcp --ip-dport 80", "protocol 1 does not match"),
        ("-p ipv4 --ip-proto icmp --ip-icmp-type echo-reply", "ICMP type/code 8/0 does not match"),
        ("--mark 0x1", "mark 0x0 does not match"),
        ("--pkttype-type otherhost", "packet type host is not otherhost"),
    ],
)
def test_conditions_and_their_explanations(ns: Netns, options: str, expected: str | None) -> None:
    run(ns, f"ebtables -A FORWARD {options} -j DROP")
    state = at(ns, "FORWARD", "veth2", "veth3")
    rule = ns.eb["filter"].save()["FORWARD"].rules[0]
    assert ebtables.why_not(rule, frame(), state) == expected
    assert ns.eb["filter"].do_table(frame(), state) == (DROP if expected is None else ACCEPT)


def test_arp_conditions(ns: Netns) -> None:
    run(
        ns,
        "ebtables -A FORWARD -p arp --arp-opcode 1 --arp-ip-dst 172.17.0.3 --arp-mac-src 02:42:ac:11:00:02 -j DROP",
    )
    state = at(ns, "FORWARD", "veth2", "veth3")
    assert ns.eb["filter"].do_table(question(), state) == DROP
    assert ns.eb["filter"].do_table(frame(), state) == ACCEPT


def test_redirect_takes_the_bridges_address_or_in_broute_the_ports(ns: Netns) -> None:
    run(ns, "ebtables -t nat -A PREROUTING -j redirect")
    run(ns, "ebtables -t broute -A BROUTING -j redirect --redirect-target DROP")
    for table, hook, mac, verdict in (
        ("nat", "PREROUTING", BR, ACCEPT),
        ("broute", "BROUTING", ns.devices["veth2"].mac, DROP),
    ):
        skb = frame()
        skb.pkt_type = OTHERHOST
        assert ns.eb[table].do_table(skb, at(ns, hook, "veth2")) == verdict
        assert skb.eth is not None
        assert (skb.eth.dst, skb.pkt_type) == (mac, HOST)


def test_dnat_and_snat_write_addresses(ns: Netns) -> None:
    run(ns, f"ebtables -t nat -A PREROUTING -j dnat --to-destination {BR} --dnat-target CONTINUE")
    run(ns, "ebtables -t nat -A POSTROUTING -j snat --to-source 02:00:00:00:00:99 --snat-arp")
    skb = frame()
    skb.pkt_type = OTHERHOST
    ns.eb["nat"].do_table(skb, at(ns, "PREROUTING", "veth2"))
    assert skb.eth == Ethernet(BR, C2, 0x0800)
    assert skb.pkt_type == HOST
    arp = question()
    ns.eb["nat"].do_table(arp, at(ns, "POSTROUTING", "", "veth3"))
    assert arp.eth is not None
    assert arp.arp is not None
    assert (arp.eth.src, arp.arp.sender_mac) == ("02:00:00:00:00:99",) * 2


def test_arpreply_answers_on_the_port_the_question_came_from(
    ns: Netns, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(ns, f"ebtables -t nat -A PREROUTING -p arp -j arpreply --arpreply-mac {C3}")
    sent: list[Skb] = []
    monkeypatch.setattr(ns.devices["veth2"], "transmit", sent.append)
    assert ns.eb["nat"].do_table(question(), at(ns, "PREROUTING", "veth2")) == DROP
    (answer,) = sent
    assert answer.eth == Ethernet(C2, C3, ETH_ARP)
    assert answer.arp == Arp(2, C3, ip("172.17.0.3"), C2, ip("172.17.0.2"))
    assert ns.eb["nat"].do_table(frame(), at(ns, "PREROUTING", "veth2")) == ACCEPT


def test_marks_are_shared_with_iptables(ns: Netns) -> None:
    run(ns, "ebtables -A FORWARD -j mark --mark-set 0xf0 --mark-target CONTINUE")
    run(ns, "ebtables -A FORWARD -j mark --mark-and 0x30 --mark-target CONTINUE")
    skb = frame()
    ns.eb["filter"].do_table(skb, at(ns, "FORWARD", "veth2", "veth3"))
    assert skb.mark == 0x30


def test_an_ipv4_port_condition_never_holds_for_a_later_fragment(ns: Netns) -> None:
    run(ns, "ebtables -A FORWARD -p ipv4 --ip-proto tcp --ip-dport 80 -j DROP")
    state = at(ns, "FORWARD", "veth2", "veth3")
    whole = Skb(Ipv4(1, 2, 6, Tcp(1024, 80)), eth=Ethernet(C3, C2, 0x0800))
    later = Skb(Ipv4(1, 2, 6, Tcp(1024, 80), frag=3), eth=Ethernet(C3, C2, 0x0800))
    assert ns.eb["filter"].do_table(whole, state) == DROP
    assert ns.eb["filter"].do_table(later, state) == ACCEPT

"""Address translation: choices that Linux 6.1 made too, clashes, done bits, and the way there and back."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kernel import nat, xtables
from netlab.kernel.address import Address
from netlab.kernel.device import Dummy
from netlab.kernel.netfilter import run_hook
from netlab.kernel.netns import Netns
from netlab.kernel.skb import Skb
from netlab.kernel.steps import HookSkipped, RuleMatched
from netlab.kernel.world import World
from netlab.rules.parse import parse_rules
from netlab.wire import ICMP, UDP, Icmp, Ipv4, Tcp, Udp, ip, ip_text

CHOICES = Path(__file__).parent / "netfilter" / "nat-choices.txt"


class Router:
    """A namespace with an inside and an outside device, and packets that cross it."""

    def __init__(self, kernel: str = "6.1", rules: str = "") -> None:
        self.world = World(kernel)
        self.ns = ns = self.world.host
        self.inside = Dummy(ns, "br0", "02:00:00:00:00:01")
        self.outside = Dummy(ns, "eth0", "02:00:00:00:00:02")
        self.inside.add_address(Address(ip("172.17.0.1"), 16))
        self.outside.add_address(Address(ip("10.9.0.1"), 24))
        for device in (ns.lo, self.inside, self.outside):
            device.set_up()
        ns.sysctl["net.ipv4.ip_forward"] = 1
        table = xtables.open_table(ns, "nat")
        for line in rules.strip().splitlines():
            words = shlex.split(line)
            for rule in parse_rules(words[2:], chain=words[1], table="nat"):
                table.append(words[1], rule)

    def cross(self, packet: Ipv4, *, back: bool = False) -> Ipv4:
        """PREROUTING and POSTROUTING, as a forwarded packet passes them."""
        into, out = (self.outside, self.inside) if back else (self.inside, self.outside)
        skb = Skb(packet, dev=into, journey=self.world.new_journey())
        run_hook("ipv4", "PREROUTING", skb, self.ns, into, None)
        run_hook("ipv4", "POSTROUTING", skb, self.ns, into, out)
        return skb.packet

    def consulted(self) -> list[str]:
        """The nat chains whose end was reached since the last call."""
        steps, self.world.steps = self.world.steps, []
        return [
            s.chain for s in steps if isinstance(s, RuleMatched) and s.table == "nat" and s.label == "policy"
        ]


def udp(src: str, sport: int, dst: str, dport: int) -> Ipv4:
    return Ipv4(ip(src), ip(dst), UDP, Udp(sport, dport))


def ends(packet: Ipv4) -> str:
    l4 = packet.l4
    if isinstance(l4, Icmp):
        return f"{ip_text(packet.src)} > {ip_text(packet.dst)} id {l4.id}"
    assert isinstance(l4, Udp | Tcp)
    return f"{ip_text(packet.src)}:{l4.sport} > {ip_text(packet.dst)}:{l4.dport}"


MASQUERADE = "-A POSTROUTING -o eth0 -j MASQUERADE"


# --- what Linux chose -------------------------------------------------------------------------------------------


def linux_choices() -> list[tuple[str, int, int, str, int, str]]:
    """(source, its port, destination port, chosen server, its port, chosen source) of each captured entry."""
    found = re.findall(
        r"^udp .* src=(\S+) dst=172\.17\.0\.1 sport=(\d+) dport=(\d+) .* src=(\S+) dst=(\S+) sport=(\d+)",
        CHOICES.read_text(),
        re.MULTILINE,
    )
    return [(src, int(sport), int(dport), to, int(port), new) for src, sport, dport, to, new, port in found]


def test_addresses_of_a_range_are_chosen_as_linux_chose_them() -> None:
    rules = "\n".join(line[4:] for line in CHOICES.read_text().splitlines() if line.startswith("#   -A"))
    choices = linux_choices()
    assert len(choices) == 21
    for source, sport, dport, server, port, new in choices:
        router = Router(rules=rules)
        sent = router.cross(udp(source, sport, "172.17.0.1", dport))
        assert (ip_text(sent.dst), ip_text(sent.src)) == (server, new), (source, dport)
        if dport != 1002:  # a port of a range is random
            assert ends(sent).endswith(f":{port}")
        else:
            assert isinstance(sent.l4, Udp)
            assert 2000 <= sent.l4.dport <= 2010


# --- ports and ids ----------------------------------------------------------------------------------------------


def test_the_port_is_kept_while_it_is_free() -> None:
    router = Router(rules=MASQUERADE)
    assert ends(router.cross(udp("172.17.0.2", 5000, "10.9.0.2", 53))) == "10.9.0.1:5000 > 10.9.0.2:53"
    # The same source and port towards someone else is no clash.
    assert ends(router.cross(udp("172.17.0.3", 5000, "10.9.0.3", 53))) == "10.9.0.1:5000 > 10.9.0.3:53"


@pytest.mark.parametrize(("port", "low", "high"), [(400, 1, 511), (700, 600, 1023), (5000, 1024, 65535)])
def test_a_taken_port_is_replaced_within_its_class(port: int, low: int, high: int) -> None:
    router = Router(rules=MASQUERADE)
    router.cross(udp("172.17.0.2", port, "10.9.0.2", 53))
    second = router.cross(udp("172.17.0.3", port, "10.9.0.2", 53))
    assert isinstance(second.l4, Udp)
    assert second.l4.sport != port
    assert low <= second.l4.sport <= high
    # Towards another server the new port is used again, where that is possible (E18: 5000 -> 47053 twice).
    third = router.cross(udp("172.17.0.3", port, "10.9.0.3", 53))
    assert isinstance(third.l4, Udp)
    assert third.l4.sport == port or third.l4.sport == second.l4.sport


def test_a_taken_icmp_id_is_replaced() -> None:
    router = Router(rules=MASQUERADE)
    first, second = (
        router.cross(Ipv4(ip(source), ip("10.9.0.2"), ICMP, Icmp(8, 0, 4321 << 16 | 1)))
        for source in ("172.17.0.2", "172.17.0.3")
    )
    assert ends(first) == "10.9.0.1 > 10.9.0.2 id 4321"
    assert isinstance(second.l4, Icmp)
    assert second.l4.id != 4321
    assert second.l4.seq == 1


def test_on_4_4_replacements_count_up() -> None:
    router = Router("4.4", MASQUERADE)
    for source in ("172.17.0.2", "172.17.0.3", "172.17.0.4", "172.17.0.5"):
        sent = router.cross(udp(source, 5000, "10.9.0.2", 53))
    # nf_nat_proto_common.c: the search starts where the last one ended, at 1024 + 0 first.
    assert ends(sent) == "10.9.0.1:1026 > 10.9.0.2:53"


def test_a_port_range_and_random_fully() -> None:
    router = Router(rules="-A POSTROUTING -o eth0 -p udp -j MASQUERADE --to-ports 7000-7001")
    ports = set()
    for source in ("172.17.0.2", "172.17.0.3"):
        l4 = router.cross(udp(source, 5000, "10.9.0.2", 53)).l4
        assert isinstance(l4, Udp)
        ports.add(l4.sport)
    assert ports == {7000, 7001}
    router = Router(rules=MASQUERADE + " --random-fully")
    l4 = router.cross(udp("172.17.0.2", 5000, "10.9.0.2", 53)).l4
    assert isinstance(l4, Udp)
    assert l4.sport != 5000


def test_a_single_dnat_port_is_taken_even_if_it_is_in_use() -> None:
    router = Router(rules="-A PREROUTING -p udp --dport 8080 -j DNAT --to-destination 10.9.0.2:53")
    sent = {ends(router.cross(udp(s, 5000, "172.17.0.1", 8080))) for s in ("172.17.0.2", "172.17.0.3")}
    assert sent == {"172.17.0.2:5000 > 10.9.0.2:53", "172.17.0.3:5000 > 10.9.0.2:53"}


# --- when rules are asked ---------------------------------------------------------------------------------------


def test_each_half_is_decided_once_a_connection() -> None:
    router = Router(
        rules=MASQUERADE.replace("eth0", "wlan0") + "\n-A PREROUTING -s 9.9.9.9 -p udp -j DNAT --to 1.2.3.4"
    )
    first = udp("172.17.0.2", 5000, "10.9.0.2", 53)
    router.cross(first)
    assert router.consulted() == ["PREROUTING", "POSTROUTING"]
    router.cross(first)
    assert router.consulted() == []
    router.cross(udp("10.9.0.2", 53, "172.17.0.2", 5000), back=True)
    assert router.consulted() == []


def test_why_the_nat_table_was_not_asked_is_said() -> None:
    router = Router(rules=MASQUERADE)
    first = udp("172.17.0.2", 5000, "10.9.0.2", 53)
    router.cross(first)
    router.world.steps.clear()
    router.cross(first)
    reasons = [s.reason for s in router.world.steps if isinstance(s, HookSkipped)]
    assert reasons == [
        "the destination half was decided by the connection's first packet",
        "the source half was decided by the connection's first packet",
    ]


def test_without_a_rule_that_needs_conntrack_nat_does_nothing() -> None:
    router = Router()
    assert router.cross(udp("172.17.0.2", 5000, "10.9.0.2", 53)).src == ip("172.17.0.2")
    assert router.consulted() == []


# --- there and back ---------------------------------------------------------------------------------------------


@given(
    st.integers(1, 2**32 - 2),
    st.integers(1, 65535),
    st.integers(1, 65535),
    st.sampled_from([MASQUERADE, "-A POSTROUTING -o eth0 -j SNAT --to-source 10.9.0.5-10.9.0.9", ""]),
    st.sampled_from(
        [
            "-A PREROUTING -p udp -j DNAT --to-destination 10.9.0.2:99",
            "-A PREROUTING -j NETMAP --to 10.8.0.0/16",
        ]
    ),
)
def test_the_answer_comes_from_where_the_question_went(
    source: int, sport: int, dport: int, snat: str, dnat: str
) -> None:
    router = Router(rules=f"{dnat}\n{snat}")
    asked = Ipv4(source, ip("10.20.30.40"), UDP, Udp(sport, dport))
    sent = router.cross(asked)
    assert isinstance(sent.l4, Udp)
    answer = Ipv4(sent.dst, sent.src, UDP, Udp(sent.l4.dport, sent.l4.sport))
    got = router.cross(answer, back=True)
    assert got == Ipv4(asked.dst, asked.src, UDP, Udp(dport, sport))


def test_an_icmp_error_about_a_masqueraded_packet_is_translated_inside_and_out() -> None:
    router = Router(rules=MASQUERADE)
    asked = udp("172.17.0.2", 5000, "10.9.0.2", 53)
    sent = router.cross(asked)
    error = Ipv4(ip("10.9.0.2"), ip("10.9.0.1"), ICMP, Icmp(3, 3, inner=sent, quoted=28))
    got = router.cross(error, back=True)
    assert got.dst == asked.src
    assert isinstance(got.l4, Icmp)
    assert got.l4.inner == asked


def test_a_redirect_about_a_translated_connection_is_dropped() -> None:
    router = Router(rules=MASQUERADE)
    sent = router.cross(udp("172.17.0.2", 5000, "10.9.0.2", 53))
    redirect = Ipv4(ip("10.9.0.9"), ip("10.9.0.1"), ICMP, Icmp(5, 1, ip("10.9.0.3"), inner=sent, quoted=28))
    skb = Skb(redirect, dev=router.outside)
    assert run_hook("ipv4", "PREROUTING", skb, router.ns, router.outside, None) == 0


def test_redirect_goes_to_the_devices_own_address() -> None:
    router = Router(rules="-A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353")
    skb = Skb(udp("172.17.0.2", 5000, "8.8.8.8", 53), dev=router.inside)
    run_hook("ipv4", "PREROUTING", skb, router.ns, router.inside, None)
    assert ends(skb.packet) == "172.17.0.2:5000 > 172.17.0.1:5353"


# --- masquerade -------------------------------------------------------------------------------------------------


def test_masquerade_takes_the_primary_address_of_the_next_hops_subnet() -> None:
    # E18: eth0 with 10.99.0.1/24, 10.98.0.1/24 and the secondary 10.99.0.3/24.
    router = Router(rules=MASQUERADE)
    for address in ("10.8.0.1", "10.9.0.3"):
        router.outside.add_address(Address(ip(address), 24))
    for to, own in (("10.8.0.2", "10.8.0.1"), ("10.9.0.2", "10.9.0.1"), ("8.8.8.8", "10.9.0.1")):
        assert ip_text(router.cross(udp("172.17.0.2", 5000, to, 53)).src) == own


def test_masquerade_without_any_address_drops_and_says_so() -> None:
    router = Router(rules=MASQUERADE)
    for device in (router.outside, router.inside):
        device.remove_address(device.addresses[0])
    skb = Skb(udp("172.17.0.2", 5000, "10.9.0.2", 53), dev=router.inside)
    run_hook("ipv4", "PREROUTING", skb, router.ns, router.inside, None)
    assert run_hook("ipv4", "POSTROUTING", skb, router.ns, router.inside, router.outside) == 0
    assert [entry.text for entry in router.world.ring] == ["eth0 ate my IP address"]


def test_masqueraded_entries_go_with_their_address_or_device() -> None:
    def entries(ns: Netns) -> int:
        return len(ns.ct.entries())

    for end in ("address", "other address", "device"):
        router = Router(rules=MASQUERADE)
        router.cross(udp("172.17.0.2", 5000, "10.9.0.2", 53))
        if end == "device":
            router.outside.set_down()
        else:
            address = ip("10.9.0.1") if end == "address" else ip("10.9.0.77")
            nat.masq_inet_event(router.ns, router.outside, address)
        assert entries(router.ns) == (1 if end == "other address" else 0)

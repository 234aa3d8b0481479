"""Docker's and kube-proxy's rules against the article's dump, moby's documentation and Kubernetes' tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from netlab import data
from netlab.errors import InputError
from netlab.rules import RuleSet, read_save, rule_words, show_rule
from netlab.rules.build import Builder, build_rules
from netlab.rules.docker import LAYOUTS, Docker, Network, Port, layout_of, undo, wishes
from netlab.rules.kubeproxy import (
    Endpoint,
    KubeProxy,
    Service,
    endpoint_chain,
    jump_commands,
    kube_proxy_rules,
    probability,
    service_chain,
)
from netlab.rules.matches import Statistic
from netlab.rules.parse import parse_rule

CAPTURES = Path(__file__).parent / "captures"
DOCKER0 = Network()
BRIDGE1 = Network(bridge="bridge1", subnet="192.0.2.0/24")
INTERNAL = (
    Network(bridge="bridgeICC", subnet="192.0.2.0/24", internal=True),
    Network(bridge="bridgeNoICC", subnet="198.51.100.0/24", internal=True, icc=False),
)
WEB = Port(address="192.0.2.2", container_port=80, host_port=8080)
TAGS = {
    "v28.0.0": "28.0.0",
    "v28.0.1": "28.0.1",
    "v28.2.0": "28.2.0",
    "v28.5.2": "28.5.2",
    "docker-v29.0.0": "29.0.0",
}


def blocks(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (CAPTURES / name).read_text().splitlines():
        if line.startswith("@ "):
            lines = found.setdefault(line[2:], [])
        else:
            lines.append(line)
    return found


def shown(rules: RuleSet, table: str) -> list[str]:
    """What ``iptables -S`` prints of a table."""
    heads = [f"-P {c.name} {c.policy}" if c.policy else f"-N {c.name}" for c in rules[table]]
    return heads + [show_rule(r, c.name) for c in rules[table] for r in c.rules]


def documented(document: str, docker: Docker) -> RuleSet:
    """The set-up that a document of moby's describes."""
    commands = [*docker.start(), *docker.create(DOCKER0)]
    if document == "usernet-internal":
        commands += docker.create(INTERNAL[0], [DOCKER0])
        commands += docker.create(INTERNAL[1], [DOCKER0, INTERNAL[0]])
    elif document != "new-daemon":
        network = replace(BRIDGE1, icc=not document.endswith("noicc"))
        port = replace(WEB, host_ip="127.0.0.1" if document.endswith("-lo") else "0.0.0.0")
        commands += docker.create(network, [DOCKER0])
        commands += docker.attach(network, WEB.address)
        commands += docker.publish(network, port)
    return build_rules(commands)


@pytest.mark.parametrize(("case", "expected"), blocks("docker-28-29.txt").items())
def test_docker_writes_what_its_documentation_shows(case: str, expected: list[str]) -> None:
    tag, document, table = case.split()
    docker = Docker(TAGS[tag], userland_proxy=not document.endswith("noproxy"))
    assert shown(documented(document, docker), table) == expected


def test_docker_17_writes_what_the_article_dumped() -> None:
    docker = Docker("17.09")
    network = Network(subnet="192.168.0.0/20")
    rules = build_rules([*docker.start(forward_drop=True), *docker.create(network)])
    dump = read_save(data.article("iptables-save.txt"))
    for table in ("filter", "nat"):
        assert [(c.name, c.policy, c.rules) for c in rules[table]] == [
            (c.name, c.policy, c.rules) for c in dump[table]
        ]


# moby's documentation before 28 (at 11263544681f), whose FORWARD and nat are those of 18.05 to 27
STAGES = """\
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o bridge1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o bridge1 -j DOCKER
-A FORWARD -i bridge1 ! -o bridge1 -j ACCEPT
-A FORWARD -i bridge1 -o bridge1 -j ACCEPT
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 192.0.2.2/32 ! -i bridge1 -o bridge1 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i bridge1 ! -o bridge1 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o bridge1 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
""".splitlines()
STAGES_NAT = """\
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 192.0.2.0/24 ! -o bridge1 -j MASQUERADE
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 192.0.2.2/32 -d 192.0.2.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A DOCKER -i bridge1 -j RETURN
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i bridge1 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.0.2.2:80
""".splitlines()


@pytest.mark.parametrize("release", ["18.05", "20.10.24", "27.5.1"])
def test_docker_18_to_27_has_two_isolation_stages(release: str) -> None:
    rules = documented("usernet-portmap", Docker(release))
    assert [line for line in shown(rules, "filter") if line.startswith("-A")] == STAGES
    assert [line for line in shown(rules, "nat") if line.startswith("-A")] == STAGES_NAT


def test_docker_17_isolates_each_pair_of_networks() -> None:
    rules = documented("usernet-portmap", Docker("17.09"))
    assert [rule_words(r) for r in rules["filter"]["DOCKER-ISOLATION"].rules] == [
        " -i docker0 -o bridge1 -j DROP",
        " -i bridge1 -o docker0 -j DROP",
        " -j RETURN",
    ]


def test_layouts_are_found_by_release() -> None:
    assert layout_of("v17.09.1-ce") is LAYOUTS["17.09"]
    assert layout_of("18.04.0").isolation == "pairs"
    assert layout_of("28.1.1") is LAYOUTS["28.0.1"]
    assert layout_of("30") is LAYOUTS["29"]
    for unknown in ("1.13", "newest"):
        with pytest.raises(InputError, match=r"Docker|release"):
            layout_of(unknown)


@pytest.mark.parametrize("release", LAYOUTS)
def test_withdrawing_a_port_leaves_what_was_before(release: str) -> None:
    docker, builder = Docker(release), Builder()
    for line in (*docker.start(), *docker.create(DOCKER0)):
        builder.run(line)
    before = {table: shown(builder.rules(), table) for table in ("filter", "nat")}
    added = (*docker.attach(DOCKER0, WEB.address), *docker.publish(DOCKER0, WEB))
    for line in (*added, *undo(added)):
        builder.run(line)
    assert {table: shown(builder.rules(), table) for table in before} == before


# go-connections' SortPortMap; libnetwork's cmpPortBindingReqs
@pytest.mark.parametrize(
    ("release", "asked", "container_ports"),
    [
        ("17.09", "80:80 443:443 127.0.0.1:9090:9090 53:53/udp", [9090, 443, 80, 53]),
        ("28.5", "443:443 80 127.0.0.1:9090:90 53:53/udp 82", [53, 90, 443, 80, 82]),
    ],
)
def test_several_ports_are_published_in_the_order_of_the_release(
    release: str, asked: str, container_ports: list[int]
) -> None:
    found = [wish for text in asked.split() for wish in wishes(text) or ()]
    assert [wish.container_port for wish in Docker(release).in_order(found)] == container_ports


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("7000-7002:6000-6002", [(7000, 7000, 6000), (7001, 7001, 6001), (7002, 7002, 6002)]),
        ("7000-7010:80", [(7000, 7010, 80)]),
        ("80-81", [(0, 0, 80), (0, 0, 81)]),
        ("127.0.0.1::53/udp", [(0, 0, 53)]),
    ],
)
def test_ranges_of_ports_are_read_in_pairs_or_as_a_choice(
    text: str, ports: list[tuple[int, int, int]]
) -> None:
    assert [(*wish.host_ports, wish.container_port) for wish in wishes(text) or ()] == ports


def test_ranges_of_different_length_do_not_fit() -> None:
    with pytest.raises(InputError, match="Invalid ranges specified"):
        wishes("7000-7002:80-81")
    assert wishes("80:http") is None


def test_builder_says_what_does_not_fit() -> None:
    with pytest.raises(InputError, match="cannot -A GONE"):
        build_rules(["iptables -A GONE -j ACCEPT"])
    with pytest.raises(InputError, match="no such rule"):
        build_rules(["iptables -D INPUT -j ACCEPT"])
    with pytest.raises(InputError, match="not an iptables command"):
        build_rules(["nft list ruleset"])


# --- kube-proxy ------------------------------------------------------------------------------------------


def service(number: int, *endpoints: Endpoint) -> Service:
    return Service(
        namespace=f"ns{number}",
        name=f"svc{number}",
        port_name="p80",
        cluster_ip=f"172.30.0.4{number}",
        port=80,
        endpoints=endpoints,
    )


def pod(address: str, *, local: bool = False) -> Endpoint:
    return Endpoint(address, 80, local)


SET_UPS = {
    "all kinds of services": [
        service(1, pod("10.180.0.1", local=True)),
        replace(
            service(2, pod("10.180.0.2")),
            external_policy="Local",
            external_ips=("192.168.99.22",),
            load_balancer_ips=("1.2.3.4",),
            node_port=3001,
            health_check_port=30000,
        ),
        replace(service(3, pod("10.180.0.3")), node_port=3003),
        replace(
            service(4, pod("10.180.0.4", local=True), pod("10.180.0.5")), external_ips=("192.168.99.33",)
        ),
        replace(
            service(5, pod("10.180.0.3")),
            load_balancer_ips=("5.6.7.8",),
            source_ranges=("203.0.113.0/25",),
            node_port=3002,
        ),
        service(6),
    ],
    "load balancer with source ranges": [
        replace(
            service(1, pod("10.180.0.1")),
            load_balancer_ips=("1.2.3.4", "5.6.7.8"),
            source_ranges=("192.168.0.0/24", "203.0.113.0/25"),
            node_port=3001,
        )
    ],
    "external traffic to local endpoints only": [
        replace(
            service(1, pod("10.180.0.1"), pod("10.180.2.1", local=True)),
            external_policy="Local",
            external_ips=("192.168.99.11",),
            load_balancer_ips=("1.2.3.4",),
            node_port=3001,
            health_check_port=30000,
        )
    ],
}


@pytest.mark.parametrize("case", SET_UPS)
def test_kube_proxy_writes_what_its_tests_expect(case: str) -> None:
    """Chain by chain, each rule word for word; upstream sorts the order of chains, the proxy does not."""
    expected = blocks("kube-proxy.txt")[case]
    text = KubeProxy(random_fully=False, node_ips=("192.168.0.2",)).restore_text(SET_UPS[case])
    for table in ("filter", "nat"):
        assert by_chain(text.splitlines(), table) == by_chain(expected, table)
    # and both are rule sets that read as the same
    ours, theirs = read_save(text), read_save("\n".join(expected))
    for table in ("filter", "nat"):
        for chain in theirs[table]:
            assert ours[table][chain.name].rules == chain.rules


def by_chain(lines: list[str], table: str) -> dict[str, list[str]]:
    begin = lines.index(f"*{table}")
    part = lines[begin : lines.index("COMMIT", begin)]
    chains: dict[str, list[str]] = {line[1:].split()[0]: [] for line in part if line.startswith(":")}
    for line in part:
        if line.startswith("-A "):
            chains[line.split()[1]].append(line)
    return chains


# real clusters' chain names, spec/netfilter 8.2
@pytest.mark.parametrize(
    ("namespace", "name", "port_name", "protocol", "chain"),
    [
        ("default", "kubernetes", "https", "tcp", "KUBE-SVC-NPX46M4PTMTKRN6Y"),
        ("kube-system", "kube-dns", "dns", "udp", "KUBE-SVC-TCOU7JCQXEZGVUNU"),
        ("kube-system", "kube-dns", "dns-tcp", "tcp", "KUBE-SVC-ERIFXISQEP7F7OF4"),
    ],
)
def test_chain_names_are_those_of_real_clusters(
    namespace: str, name: str, port_name: str, protocol: str, chain: str
) -> None:
    one = Service(
        namespace=namespace,
        name=name,
        port_name=port_name,
        protocol="udp" if protocol == "udp" else "tcp",
        cluster_ip="10.96.0.1",
        port=1,
    )
    assert service_chain(one) == chain


# what iptables-save shows of 1/n as the proxy writes it, spec/netfilter 8.2
@pytest.mark.parametrize(
    ("left", "saved"),
    [
        (2, "0.50000000000"),
        (3, "0.33333333349"),
        (4, "0.25000000000"),
        (5, "0.20000000019"),
        (6, "0.16666666651"),
        (7, "0.14285714272"),
    ],
)
def test_probabilities_come_back_from_the_kernel_rounded(left: int, saved: str) -> None:
    words = ["-m", "statistic", "--mode", "random", "--probability", probability(left)]
    (match,) = parse_rule(words).matches
    assert isinstance(match, Statistic)
    assert match.save().endswith(saved)


def test_node_dump_has_the_jumps_in_their_order() -> None:
    rules = kube_proxy_rules(SET_UPS["all kinds of services"])
    targets = {
        chain.name: [rule.target.name for rule in chain.rules if rule.target]
        for chain in rules["filter"]
        if chain.policy
    }
    # spec/netfilter 8.2, top to bottom
    assert targets == {
        "INPUT": ["KUBE-FIREWALL", "KUBE-PROXY-FIREWALL", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES"],
        "FORWARD": ["KUBE-PROXY-FIREWALL", "KUBE-FORWARD", "KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES"],
        "OUTPUT": ["KUBE-FIREWALL", "KUBE-PROXY-FIREWALL", "KUBE-SERVICES"],
    }
    assert [table.name for table in rules] == ["nat", "filter", "mangle"]
    assert read_save(rules.save()) == rules


def test_commands_and_dump_agree_on_the_jumps() -> None:
    built, dumped = build_rules(jump_commands()), kube_proxy_rules([])
    for table in ("filter", "nat"):
        for chain in built[table]:
            if chain.policy:
                assert chain.rules == dumped[table][chain.name].rules


def test_internal_policy_keeps_the_cluster_address_on_this_node() -> None:
    """Which chains a service has, and who jumps where (proxier.go: internalPolicyChain, usesLocalPolicyChain)."""
    here, there = pod("10.180.0.1", local=True), pod("10.180.2.1")
    both = replace(service(1, here, there), internal_policy="Local")
    svc, svl, ext = (service_chain(both, kind) for kind in ("SVC", "SVL", "EXT"))
    nat = kube_proxy_rules([both])["nat"]
    assert nat["KUBE-SERVICES"].rules[0].target is not None
    assert nat["KUBE-SERVICES"].rules[0].target.name == svl
    assert [r.target.name for r in nat[svl].rules if r.target] == [
        "KUBE-MARK-MASQ",
        endpoint_chain(both, here),
    ]
    # nobody reaches the other endpoint, so there is no chain for it, nor for all of them
    assert not {svc, ext, endpoint_chain(both, there)} & {chain.name for chain in nat.chains}
    # a node port may: it asks the chain of all
    reached = kube_proxy_rules([replace(both, node_port=3001)])["nat"]
    assert {svc, svl, ext, endpoint_chain(both, there)} <= {chain.name for chain in reached.chains}
    nowhere = kube_proxy_rules([replace(service(1, there), internal_policy="Local")])
    assert "no local endpoints" in rule_words(nowhere["filter"]["KUBE-SERVICES"].rules[0])
    assert [r.target.name for r in nowhere["nat"]["KUBE-SERVICES"].rules if r.target] == ["KUBE-NODEPORTS"]


def test_settings_of_the_proxy_leave_rules_out() -> None:
    text = KubeProxy(pod_cidr="", localhost_node_ports=False).restore_text([service(1, pod("10.180.0.1"))])
    assert "KUBE-FIREWALL" not in text
    assert " -s  " not in text
    assert not any("! -s" in line for line in text.splitlines())
    rules = kube_proxy_rules([], KubeProxy(localhost_node_ports=False))
    assert rules["filter"]["KUBE-FIREWALL"].rules == ()


def test_of_very_many_endpoints_the_comments_are_left_out() -> None:
    """largeClusterEndpointsThreshold of proxier.go."""
    many = service(1, *(pod(f"10.180.{n // 250}.{n % 250 + 1}") for n in range(1001)))
    text = KubeProxy().restore_text([many])
    assert "->" not in text
    assert text.count("cluster IP") == 2
    assert "->" in KubeProxy().restore_text([replace(many, endpoints=many.endpoints[1:])])


def test_affinity_remembers_and_asks_first() -> None:
    one = replace(service(1, pod("10.180.0.1"), pod("10.180.0.2")), affinity=10800)
    rules = kube_proxy_rules([one])["nat"]
    spread = [rule_words(r) for r in rules[service_chain(one)].rules]
    seps = [endpoint_chain(one, e) for e in one.endpoints]
    recent = " -m recent --rcheck --seconds 10800 --reap --name {0} --mask 255.255.255.255 --rsource -j {0}"
    assert [line.split('"')[-1] for line in spread[1:3]] == [recent.format(sep) for sep in seps]
    assert "--probability 0.50000000000" in spread[3]
    assert " -m recent --set --name " in rule_words(rules[seps[0]].rules[1])

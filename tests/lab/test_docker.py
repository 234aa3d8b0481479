"""docker: what it expands to, what it leaves behind, who answers on a published port, what it prints and refuses."""

from __future__ import annotations

import re

import pytest

from netlab.data import article
from netlab.errors import InputError, NotModelledError
from netlab.lab import Lab, run_lab
from netlab.lab.commands.docker import expansion

OUTSIDE = (
    "ip netns add ext; ip link add eth0 type veth peer name eth0 netns ext; ip addr add 10.0.0.1/24 dev eth0\n"
    "ip link set eth0 up; ip -n ext link set eth0 up; ip -n ext link set lo up\n"
    "ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add default via 10.0.0.1\n"
)
STATE = "iptables-save | grep -v '^#'; ip -br addr; bridge link | sed 's/.*: //'; ip route; ip netns | cut -d ' ' -f 1"


def rules(lab: Lab) -> str:
    return lab.run("iptables-save | grep -v '^#' | sed 's/ \\[.*//'").output


@pytest.mark.parametrize("kernel", ["4.4", "6.1"])
def test_the_expansion_run_by_hand_leaves_what_docker_leaves(kernel: str) -> None:
    run = ["run", "-d", "--name", "c1", "-p", "8080:80", "-p", "127.0.0.1:53:5353/udp", "foo"]
    lines = expansion(Lab(kernel).host, run)
    assert lines[-1].startswith("docker-proxy ")
    by_hand = run_lab("\n".join([*lines, STATE]), kernel=kernel).output
    by_docker = run_lab(f"docker {' '.join(run)} > /dev/null\n{STATE}", kernel=kernel).output
    assert by_hand == by_docker


@pytest.mark.parametrize("kernel", ["4.4", "6.1"])
def test_expand_prints_and_changes_nothing(kernel: str) -> None:
    lab = Lab(kernel)
    before = lab.run("ip -br link").output
    first = lab.run("docker --expand run -d --name c1 foo").output
    assert lab.run("ip -br link").output == before
    assert lab.run("docker --expand run -d --name c1 foo").output == first
    veth = re.search(r"ip link add (veth[0-9a-f]{7}) type veth", first)
    assert veth is not None
    lab.run("docker run -d --name c1 foo")
    assert veth[1] in lab.run("ip -br link").output


@pytest.mark.parametrize("kernel", ["4.4", "6.1"])
def test_what_a_container_brought_goes_with_it(kernel: str) -> None:
    lab = Lab(kernel)
    lab.run("docker ps; iptables -t raw -S > /dev/null")
    before = rules(lab), lab.run("ip -br link | grep -v docker0; ip netns").output
    lab.run(
        "docker run -d --name c1 -p 80:80 -p 53:53/udp foo; docker network create n; docker run -d --network n --name c2 foo"
    )
    lab.run("docker network connect n c1")
    assert (rules(lab), "") != before
    result = lab.run(
        "docker rm -f c1; docker stop c2; docker rm c2; docker network rm n; docker ps -aq; netstat -tln"
    )
    assert result.output.split()[:5] == ["c1", "c2", "c2", "n", "Active"]
    assert ":80 " not in result.output
    assert (rules(lab), lab.run("ip -br link | grep -v docker0; ip netns").output) == before


def test_addresses_and_macs_are_the_articles() -> None:
    """The article's two containers, and docker0's address from daemon.json."""
    result = run_lab(
        'mkdir -p /etc/docker; echo \'{"bip": "192.168.0.1/20"}\' > /etc/docker/daemon.json\n'
        "docker run --name c1 -d --cap-add=NET_ADMIN foo:latest\n"
        "docker run --name c2 -d --cap-add=NET_ADMIN foo:latest\n"
        "docker exec c1 cat /sys/class/net/eth0/address; docker exec c2 cat /sys/class/net/eth0/address\n"
        "docker exec c1 netstat -rn\n",
        kernel="4.4",
    )
    lines = result.output.splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}", line) for line in lines[:2])
    assert lines[2:4] == ["02:42:c0:a8:00:02", "02:42:c0:a8:00:03"]
    assert lines[4:] == article("netstat-rn-c1.txt").splitlines()


def test_version_on_the_old_kernel_is_the_articles() -> None:
    assert run_lab("docker version", kernel="4.4").output == article("docker-version.txt")
    assert "28.2" in run_lab("docker version", kernel="6.1").output


@pytest.mark.parametrize("kernel", ["4.4", "6.1"])
@pytest.mark.parametrize(
    ("where", "address", "proxied"),
    [
        ("ip netns exec ext", "10.0.0.1", False),
        ("", "10.0.0.1", False),
        ("", "127.0.0.1", True),
        ("docker exec -i c2", "10.0.0.1", True),
    ],
    ids=["outside", "host-own-address", "host-loopback", "other-container"],
)
def test_who_answers_on_a_published_port(kernel: str, where: str, address: str, proxied: bool) -> None:
    """Spec 8.1: outside and the host's own address by DNAT; 127.0.0.1 and containers by the userland proxy."""
    result = run_lab(
        f"{OUTSIDE}docker run -d --name c1 -p 8080:80 foo > /dev/null; docker run -d --name c2 foo > /dev/null\n"
        "echo hello | docker exec -i c1 nc -l -n -v -N -p 80 > /tmp/got 2> /tmp/err &\nsleep 0.2\n"
        f"sleep 0.5 | {where} nc -w 2 {address} 8080\nsleep 0.2; cat /tmp/err\n",
        kernel=kernel,
    )
    lines = result.output.splitlines()
    assert "hello" in lines
    caller = re.search(r"Connection received on (\S+)", result.output)
    assert caller is not None
    bridge = "172.17.0.1"
    assert (caller[1] == bridge) == (proxied or (where == "" and address == bridge))


def test_a_published_udp_port_is_proxied_too() -> None:
    result = run_lab(
        "docker run -d --name c1 -p 5300:53/udp foo > /dev/null\n"
        "echo answer | docker exec -i c1 nc -u -l -p 53 > /tmp/got &\nsleep 0.2\n"
        "echo question | nc -u -w 1 127.0.0.1 5300; cat /tmp/got\n"
    )
    assert result.output == "answer\nquestion\n"


def test_without_the_proxy_the_host_answers_by_hairpin() -> None:
    result = run_lab(
        "mkdir -p /etc/docker; echo '{\"userland-proxy\": false}' > /etc/docker/daemon.json\n"
        "docker run -d --name c1 -p 8080:80 foo > /dev/null\n"
        "docker exec -d c1 nc -l -k -p 80; sleep 0.2\n"
        "nc -zv 127.0.0.1 8080; netstat -tln; bridge -d link | grep -c 'hairpin on'\n"
        "sysctl -n net.ipv4.conf.docker0.route_localnet\n"
    )
    assert "succeeded" in result.output
    assert ":8080" not in result.output.split("Active")[1]
    assert result.output.splitlines()[-2:] == ["1", "1"]


def test_since_28_nobody_outside_reaches_a_container_directly() -> None:
    lab = OUTSIDE + (
        "docker run -d --name c1 foo > /dev/null; docker exec -d c1 nc -l -k -p 80; sleep 0.2\n"
        "ip netns exec ext nc -zv -w 1 172.17.0.2 80\n"
    )
    assert "timed out" in run_lab(lab, kernel="6.1").output


def test_ps_inspect_port_and_networks() -> None:
    lab = Lab("6.1")
    lab.run("docker run -d --name c1 -p 8080:80 nginx:latest; docker network create --subnet 10.9.0.0/24 n")
    lab.run("docker run -d --name c2 --network n alpine sleep 1000; sleep 90")
    head, *rows = lab.run("docker ps").output.splitlines()
    assert re.split(r" {2,}", head) == [
        "CONTAINER ID",
        "IMAGE",
        "COMMAND",
        "CREATED",
        "STATUS",
        "PORTS",
        "NAMES",
    ]
    assert [row.split()[-1] for row in rows] == ["c2", "c1"]
    assert "About a minute ago" in rows[0]
    assert "0.0.0.0:8080->80/tcp" in rows[1]
    template = "{{.NetworkSettings.IPAddress}}|{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}|{{.State.Running}}"
    assert (
        lab.run(f"docker inspect -f '{template}' c1 c2").output
        == "172.17.0.2|172.17.0.2|true\n|10.9.0.2|true\n"
    )
    assert lab.run("docker port c1; docker port c1 80/tcp").output == "80/tcp -> 0.0.0.0:8080\n0.0.0.0:8080\n"
    assert [line.split()[1] for line in lab.run("docker network ls").output.splitlines()[1:]] == [
        "bridge",
        "host",
        "n",
        "none",
    ]
    assert lab.run("docker stop c1; docker ps -a | grep c1").output.count("Exited (137)") == 1
    assert lab.run("docker start c1; docker exec c1 ping -c 1 -W 1 172.17.0.1").status == 0


def test_containers_of_two_networks_do_not_reach_each_other() -> None:
    lab = "docker network create n > /dev/null; docker run -d --name c1 foo; docker run -d --name c2 --network n foo\n"
    for kernel in ("4.4", "6.1"):
        result = run_lab(lab + "docker exec c1 ping -c 1 -W 1 172.18.0.2 | grep packets\n", kernel=kernel)
        assert "100% packet loss" in result.output


def test_a_command_after_the_image_ends_its_container() -> None:
    result = run_lab(
        "docker run --rm alpine ping -c 1 172.17.0.1; docker ps -aq; docker run -d --name x a sleep 5; sleep 9; docker ps -a"
    )
    assert "1 received" in result.output
    assert re.search(r"Exited \(0\) [34] seconds ago", result.output)


@pytest.mark.parametrize(
    ("line", "text", "status"),
    [
        ("docker exec c9 ls", "Error response from daemon: No such container: c9", 1),
        ("docker run -d --name c1 foo", 'Conflict. The container name "/c1" is already in use', 125),
        (
            "docker run -d -p 80:80 foo; docker run -d -p 80:81 foo",
            "Bind for 0.0.0.0:80 failed: port is already allocated",
            125,
        ),
        ("docker run -d --network nosuch foo", "network nosuch not found", 125),
        ("docker rm c1", "running", 1),
        ("docker inspect nosuch", "Error: No such object: nosuch", 1),
        ("docker network rm bridge", "pre-defined network", 1),
        ("docker network rm nosuch", "network nosuch not found", 1),
    ],
)
def test_what_docker_complains_about(line: str, text: str, status: int) -> None:
    result = run_lab(f"docker run -d --name c1 foo\n{line}\n")
    assert text in result.output
    assert result.status == status


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("docker build -t foo .", "build"),
        ("docker run --network host -d foo", "host"),
        ("docker run foo", "foo"),
        ("docker run -d --link c2 foo", "--link"),
        ("docker --expand ps", "ps"),
        ("docker inspect -f '{{if .State}}x{{end}}' c1", "'"),
        ("docker network create -d macvlan n", "macvlan"),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(line: str, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(f"docker run -d --name c1 foo\n{line}\n", source="x.sh")
    assert caught.value.line == 2
    assert caught.value.column == line.index(word)


def test_a_broken_daemon_json_is_said_with_its_name() -> None:
    with pytest.raises(InputError, match=r"/etc/docker/daemon\.json: not JSON"):
        run_lab("mkdir -p /etc/docker; echo '{ “graph”: 1 }' > /etc/docker/daemon.json; docker ps")


def test_dockerd_takes_its_own_options() -> None:
    result = run_lab(
        "dockerd --bip=10.7.0.1/24 & sleep 1; docker run -d --name c1 foo; docker exec c1 ip -br addr show eth0"
    )
    assert "10.7.0.2/24" in result.output


def test_two_runs_give_the_same_bytes() -> None:
    lab = "docker run -d -p 80:80 foo; docker run -d foo; docker ps; ip link"
    assert run_lab(lab).output == run_lab(lab).output

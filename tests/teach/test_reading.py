"""The exercises of notebooks 00 to 02: right answers, typical wrong ones with their hints.

That Linux says the same to the commands is witnessed by this machine's own kernel, where it lets us (``run_live``).
"""

from __future__ import annotations

import pytest

from netlab.lab import Lab
from netlab.lab.live import run_live, why_not_live
from netlab.teach import building, check, exercises, reading
from netlab.teach.checks import NOT_YET
from netlab.trace import IptablesRecord, read_trace

BY_HAND = """\
ip netns add c3
ip link add cable3 type veth peer name eth0 netns c3
ip link set cable3 master docker0
ip link set cable3 up
ip -n c3 addr add 192.168.0.4/20 dev eth0
ip -n c3 link set eth0 up
ip -n c3 route add default via 192.168.0.1
"""
MOVED = """\
ip netns add c3
ip link add one type veth peer name two
ip link set two netns c3
ip -n c3 link set two up
ip -n c3 addr add 192.168.0.4/24 dev two
ip -n c3 route add default via 192.168.0.1 dev two
ip link set one master docker0
ip link set one up
"""


def without(line: str) -> str:
    assert f"{line}\n" in BY_HAND
    return BY_HAND.replace(f"{line}\n", "")


RIGHT: list[tuple[str, object]] = [
    ("stop-the-ping", "iptables -I FORWARD -p icmp -j DROP"),
    ("stop-the-ping", "iptables -I DOCKER-USER -s 172.17.0.2 -d 172.17.0.3 -p icmp -j REJECT"),
    ("stop-the-ping", "iptables -t raw -A PREROUTING -d 172.17.0.3 -p icmp -j DROP"),
    ("stop-the-ping", "ebtables -A FORWARD -p ipv4 --ip-proto 1 -j DROP"),
    ("who-sent-the-frame", "00:2a:6a:aa:12:7c"),
    ("who-sent-the-frame", " 00-2A-6A-AA-12-7C "),
    ("rules-in-chain", (1, 0)),
    ("rules-in-chain", "1, 0"),
    ("rules-from-lines", "iptables -N GUARD; iptables -A INPUT -p tcp; iptables -A INPUT -j GUARD"),
    (
        "rules-from-lines",
        "iptables -N GUARD; iptables -A GUARD -j RETURN; iptables -A INPUT -s 10.0.0.1 -j DROP\n"
        "iptables -A INPUT -p icmp -j GUARD; iptables -A INPUT -j ACCEPT",
    ),
    ("packets-in-log", 9),
    ("packets-in-log", "9"),
    ("by-hand", BY_HAND),
    ("by-hand", MOVED),
    ("jumps-to-docker", ("PREROUTING", "OUTPUT")),
    ("jumps-to-docker", "output, prerouting"),
    ("trace-requests", "iptables -t raw -A PREROUTING -p icmp --icmp-type echo-request -j TRACE"),
    ("trace-requests", "iptables -t raw -I PREROUTING -i docker0 -p icmp --icmp-type 8 -j TRACE"),
]

WRONG: list[tuple[str, object, str]] = [
    ("stop-the-ping", "iptables -A FORWARD -p icmp -j DROP", "never asked"),
    ("stop-the-ping", "iptables -A INPUT -p icmp -s 172.17.0.2 -d 172.17.0.3 -j DROP", "on the host itself"),
    ("stop-the-ping", "iptables -A OUTPUT -d 172.17.0.3 -j DROP", "on the host itself"),
    ("stop-the-ping", "iptables -t raw -A PREROUTING -p icmp -j DROP", "the host either"),
    ("stop-the-ping", "ip link set docker0 down", "the host either"),
    ("stop-the-ping", "iptables -I FORWARD -j DROP", "with it the call"),
    ("stop-the-ping", "iptables -I FORWARD -i eth0 -p icmp -j DROP", "never asked"),
    ("stop-the-ping", "docker exec c2 sysctl -w net.ipv4.icmp_echo_ignore_all=1", "inside a container"),
    ("stop-the-ping", "iptables -P FORWARD DROP", "still gets through"),
    ("stop-the-ping", "iptables -I FORWRD -j DROP", "the last command failed"),
    ("stop-the-ping", "", "these are no commands"),
    ("who-sent-the-frame", "00:16:3e:06:3a:3a", "article's order"),
    ("who-sent-the-frame", "10.28.61.30", "who wrote the packet"),
    ("who-sent-the-frame", "00:16:3e:06:3a:3a:00:2a:6a:aa:12:7c:08:00", "more than one address"),
    ("who-sent-the-frame", "02:42:c0:a8:00:02", "six bytes, six bytes and two"),
    ("who-sent-the-frame", "the router", "this is not an address"),
    ("rules-in-chain", (2, 1), "a count of rules"),
    ("rules-in-chain", (1, 1), "The first is right"),
    ("rules-in-chain", (2, 0), "The second is right"),
    ("rules-in-chain", (3, 2), "Give each rule"),
    ("rules-in-chain", 1, "2 numbers"),
    ("rules-from-lines", "iptables -A INPUT -p icmp -j ACCEPT", "No line comes from GUARD"),
    ("rules-from-lines", "iptables -N GUARD", "No line comes from GUARD"),
    (
        "rules-from-lines",
        "iptables -N GUARD; iptables -A INPUT -p icmp; iptables -A INPUT -j GUARD",
        "prints too",
    ),
    ("rules-from-lines", "iptables -N GUARD; iptables -A INPUT -j GUARD", "stand before it"),
    (
        "rules-from-lines",
        "iptables -N GUARD; iptables -A INPUT -p tcp; iptables -A INPUT -j GUARD; iptables -A GUARD -j ACCEPT",
        "does not come back",
    ),
    (
        "rules-from-lines",
        "iptables -N GUARD; iptables -A INPUT -p tcp; iptables -A INPUT -j GUARD; iptables -A INPUT -p udp",
        "too many or too few",
    ),
    (
        "rules-from-lines",
        "iptables -N GUARD; iptables -A INPUT -p tcp; iptables -A INPUT -g GUARD; iptables -A GUARD -p icmp -j DROP",
        "from the last to the first",
    ),
    ("packets-in-log", 88, "That is the lines"),
    ("packets-in-log", 4, "That is the excerpts"),
    ("packets-in-log", 8, "nearly"),
    ("packets-in-log", 10, "The IP id stays"),
    ("packets-in-log", 12, "The IP id stays"),
    ("packets-in-log", 6, "different IP ids"),
    ("by-hand", without("ip link set cable3 master docker0"), "plugged in nowhere"),
    ("by-hand", without("ip link set cable3 up"), "both of its ends are up"),
    (
        "by-hand",
        without("ip -n c3 link set eth0 up").replace("ip -n c3 route add default via 192.168.0.1\n", ""),
        "both of its ends are up",
    ),
    ("by-hand", without("ip -n c3 route add default via 192.168.0.1"), "rest of the world"),
    ("by-hand", "ip netns add c3", "Nobody in c3"),
    ("by-hand", "docker run --name c4 -d foo", "no namespace c3"),
    (
        "by-hand",
        "ip netns add c3; ip link add one type veth peer name two netns c3; ip addr add 192.168.0.4/20 dev one",
        "on the host's side",
    ),
    (
        "by-hand",
        BY_HAND + "ip -n c3 route add blackhole 192.168.0.2",
        "line by line",
    ),
    ("by-hand", BY_HAND.replace("192.168.0.4/20", "192.168.0.4"), "the last command failed"),
    ("jumps-to-docker", ("PREROUTING", "OUTPUT", "POSTROUTING"), "The article says so"),
    ("jumps-to-docker", ("FORWARD",), "another table"),
    ("jumps-to-docker", ("PREROUTING", "OUTPUT", "DOCKER"), "where they jump to"),
    ("jumps-to-docker", "PREROUTING", "That is one"),
    ("jumps-to-docker", "INPUT", "between *nat and COMMIT"),
    ("trace-requests", "iptables -t raw -A PREROUTING -p icmp -j TRACE", "Replies are reported"),
    (
        "trace-requests",
        "iptables -t raw -A PREROUTING -s 192.168.0.2 -p icmp --icmp-type 8 -j TRACE",
        "One of the",
    ),
    ("trace-requests", "iptables -t raw -A OUTPUT -p icmp --icmp-type 8 -j TRACE", "Nothing is reported"),
    ("trace-requests", "iptables -t raw -A PREROUTING -p icmp --icmp-type 8 -j LOG", "at its own place"),
    ("trace-requests", "iptables -A FORWARD -p icmp --icmp-type 8 -j TRACE", "the last command failed"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers(name: str, answer: object) -> None:
    outcome = check(name, answer)
    assert outcome.right, outcome


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_typical_wrong_answers_get_their_hint(name: str, answer: object, hint: str) -> None:
    outcome = check(name, answer)
    assert outcome.verdict == NOT_YET
    assert hint in outcome.says


def test_every_hint_was_given_once() -> None:
    said = {(name, check(name, answer).says) for name, answer, _ in WRONG}
    for one in (*building.start(), *reading.exercises(), *building.build()):
        hints = [mistake.hint for mistake in one.mistakes] + [one.otherwise] * bool(one.otherwise)
        assert [hint for hint in hints if (one.name, hint) not in said] == [], one.name


# --- Linux itself -----------------------------------------------------------------------------------------------

live = pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")
WRITTEN = [
    answer for name, answer, *_ in (*RIGHT, *WRONG) if name == "rules-from-lines" and isinstance(answer, str)
]


@live
@pytest.mark.parametrize("commands", WRITTEN)
def test_linux_prints_the_same_lines_for_the_same_rules(commands: str) -> None:
    log = run_live(f"{reading.ALL_TRACED}{commands}\nping -c 1 -W 1 127.0.0.1").log
    real = tuple(
        str(one.trace)
        for one in read_trace("".join(f"{line}\n" for line in log)).records
        if isinstance(one, IptablesRecord)
        and one.ip
        and one.ip.type == 8
        and one.trace
        and one.trace.table == "filter"
    )
    assert exercises()["rules-from-lines"].read(commands) == real


def made_by_docker(setup: str) -> str:
    """The script with what ``docker --expand`` prints in the place of each ``docker run``."""
    lab, lines = Lab("4.4"), []
    for line in setup.splitlines():
        if line.startswith("docker run "):
            lines.append(lab.run(line.partition(" >")[0].replace("docker", "docker --expand", 1)).output)
        elif line.startswith("docker exec "):
            lines.append(line.replace("docker exec", "ip netns exec") + "\n")
        else:
            lines.append(line + "\n")
        lab.run(line)
    return "".join(lines)


@live
@pytest.mark.parametrize(
    ("setup", "command", "tried", "wanted"),
    [
        (building.TWO_CONTAINERS, RIGHT[0][1], "172.17.0.3", "no"),
        (building.TWO_CONTAINERS, RIGHT[0][1], "172.17.0.1", "yes"),
        (building.TWO_CONTAINERS, WRONG[0][1], "172.17.0.3", "yes"),
        (building.ARTICLE_HOST, BY_HAND, "192.168.0.4", "yes"),
        (
            building.ARTICLE_HOST,
            MOVED,
            "192.168.0.4",
            "yes",
        ),
        (building.ARTICLE_HOST, without("ip link set cable3 up"), "192.168.0.4", "no"),
    ],
)
def test_linux_lets_the_same_pings_pass(setup: str, command: str, tried: str, wanted: str) -> None:
    script = f"{made_by_docker(setup)}\n{command}\nsleep 1\n"
    script += f"ip netns exec c1 ping -c 1 -W 1 {tried} > /dev/null && echo yes || echo no\n"
    assert run_live(script).output.split()[-1:] == [wanted], script

"""The exercises of notebooks 03 to 06: right answers against recorded kernels and the article, each hint given.

The commands of right answers that touch only the bridge are those of ``bridge(8)``; that Linux treats a permanent entry
as the bridge's own, and a static one as here, was seen on Linux 6.1.
"""

from __future__ import annotations

import pytest

from netlab.data import article, capture
from netlab.teach import bridging, check, leaving
from netlab.teach.checks import NOT_YET, Exercise

REPLACE = "bridge fdb replace 02:42:0a:00:00:02 dev"
DROP = "iptables -I DOCKER-USER -s 192.168.0.3 -d 192.168.0.2"

RIGHT: list[tuple[str, object]] = [
    ("copies-of-a-flood", 19),
    ("keep-the-port", "bridge fdb add 02:42:0a:00:00:02 dev port2 master static"),
    ("keep-the-port", f"{REPLACE} port2 master static"),
    ("four-addresses", ("0b", "0a", "0b", "99")),
    ("four-addresses", "02:00:00:00:00:0B, 02:00:00:00:00:0A, …:0b, …:99"),
    ("lines-of-the-ping", (10, 10)),
    ("one-way", f"{DROP} -m conntrack --ctstate NEW -j DROP"),
    ("one-way", f"{DROP} -p icmp --icmp-type echo-request -j DROP"),
    (
        "one-way",
        "iptables -I FORWARD -s 192.168.0.3 -d 192.168.0.2 -m conntrack ! --ctstate ESTABLISHED -j DROP",
    ),
    ("forget-now", "conntrack -D -s 192.168.0.2"),
    ("forget-now", "conntrack -D -p icmp -s 192.168.0.2 -d 192.168.0.3"),
    ("quick-and-slow", (1, 4)),
    ("copies-from-the-host", 12),
    ("flood-again", "bridge fdb del 02:42:c0:a8:00:02 dev veth0594f4b master"),
    ("flood-again", "ip link set veth0594f4b down; ip link set veth0594f4b up"),
    ("packets-on-lo", 6),
]

WRONG: list[tuple[str, object, str]] = [
    ("copies-of-a-flood", 21, "one who brought it"),
    ("copies-of-a-flood", 30, "before the bridge decides"),
    ("copies-of-a-flood", 27, "before the bridge decides"),
    ("copies-of-a-flood", 3, "known address"),
    ("copies-of-a-flood", 18, "before there were copies"),
    ("copies-of-a-flood", 10, "Which is the second?"),
    ("copies-of-a-flood", 5, "with three ports"),
    ("keep-the-port", "bridge fdb add 02:42:0a:00:00:02 dev port2 master", "one of its own"),
    ("keep-the-port", f"{REPLACE} port3 master static", "c2 is not there"),
    ("keep-the-port", "ip link set br0 type bridge ageing_time 100000", "for every address"),
    ("keep-the-port", "ip neigh replace 10.0.0.2 lladdr 02:42:0a:00:00:02 dev br0", "neighbour table"),
    ("keep-the-port", "bridge fdb add 02:42:0a:00:00:02 dev port2", "a table of the port itself"),
    ("keep-the-port", f"{REPLACE} port2 master dynamic", "aged like a learnt one"),
    ("keep-the-port", "bridge link set dev port2 learning on", "still flooded"),
    ("keep-the-port", "bridge fdb del 02:42:0a:00:00:02 dev port2 master", "the last command failed"),
    ("keep-the-port", 7, "these are no commands"),
    ("four-addresses", ("0b", "0a"), "Four are asked for"),
    ("four-addresses", ("0b", "0b", "0b", "99"), "address of its first port"),
    ("four-addresses", ("0b", "0a", "0a", "99"), "whose address would"),
    ("four-addresses", ("0b", "0a", "0b", "0a"), "by hand"),
    ("four-addresses", ("0b", "0a", "0b", "0b"), "neither the smallest"),
    ("four-addresses", ("01", "02", "03", "04"), "one move after the other"),
    ("lines-of-the-ping", (10, 14), "add up to something else"),
    ("lines-of-the-ping", (14, 6), "like the first"),
    ("lines-of-the-ping", (6, 14), "for the first time"),
    ("lines-of-the-ping", (12, 8), "exactly alike"),
    ("one-way", f"{DROP} -j DROP", "no answer either"),
    (
        "one-way",
        "iptables -I DOCKER-USER -s 192.168.0.3 -m conntrack --ctstate NEW -j DROP",
        "cannot call anybody",
    ),
    ("one-way", "iptables -A INPUT -s 192.168.0.3 -d 192.168.0.2 -j DROP", "to and from the host"),
    ("one-way", "iptables -I FORWARD -i veth2 -o veth1 -j DROP", "PHYSIN"),
    (
        "one-way",
        "iptables -A DOCKER-USER -s 192.168.0.3 -d 192.168.0.2 -m conntrack --ctstate NEW -j DROP",
        "before yours",
    ),
    ("one-way", "iptables -A FORWARD -s 192.168.0.3 -d 192.168.0.2 -j DROP", "before yours"),
    ("one-way", "docker exec c1 iptables -A INPUT -s 192.168.0.3 -j DROP", "inside a container"),
    ("one-way", "iptables -L", "comes first there"),
    ("forget-now", "sleep 31", "traffic that never pauses"),
    ("forget-now", "conntrack -F", "forgotten as well"),
    ("forget-now", "conntrack -D -s 192.168.0.3", "the other entry"),
    ("forget-now", "iptables -t nat -F", "not asked as long as"),
    ("forget-now", "conntrack -L", "That shows the entry"),
    ("forget-now", "dmesg -C", "still there"),
    ("forget-now", "conntrack -D -p tcp", "the last command failed"),
    ("quick-and-slow", (4, 4), "one id"),
    ("quick-and-slow", (2, 8), "entry of its request"),
    ("quick-and-slow", (1, 1), "How old is the entry"),
    ("quick-and-slow", (1, 2), "begins anew"),
    ("quick-and-slow", (0, 5), "at this moment"),
    ("copies-from-the-host", 3, "forgotten the right one"),
    ("copies-from-the-host", 9, "come in by a port"),
    ("copies-from-the-host", 8, "in which tables"),
    ("copies-from-the-host", 6, "before OUTPUT"),
    ("copies-from-the-host", 100, "Then count the copies"),
    ("flood-again", "sleep 400", "after a long wait"),
    ("flood-again", "ip neigh del 192.168.0.2 dev docker0", "asks by ARP first"),
    ("flood-again", "bridge fdb del 02:42:c0:a8:00:03 dev veth57a3dec master", "the last command failed"),
    ("flood-again", "ip link set veth57a3dec down; ip link set veth57a3dec up", "leads to c2"),
    ("flood-again", "ip link set veth0594f4b down", "Nothing should break"),
    ("flood-again", "iptables -F", "No rule sent"),
    ("flood-again", "bridge fdb show", "opposite of add"),
    ("packets-on-lo", 3, "where do they arrive"),
    ("packets-on-lo", 0, "address of one's own"),
    ("packets-on-lo", 12, "on its way out too"),
    ("packets-on-lo", 1, "not connections"),
    ("packets-on-lo", 9, "how many of them come in here"),
]
ALL: list[Exercise[object]] = [
    *bridging.bridge(),
    *bridging.hooks(),
    *leaving.conntrack(),
    *leaving.leaving(),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers(name: str, answer: object) -> None:
    outcome = check(name, answer)
    assert outcome.right, outcome


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_wrong_answers_are_told_why(name: str, answer: object, hint: str) -> None:
    outcome = check(name, answer)
    assert outcome.verdict == NOT_YET
    assert hint in outcome.says


def test_every_hint_is_given_once() -> None:
    given = {check(name, answer).says for name, answer, _ in WRONG}
    hints = {hint for one in ALL for hint in (*(mistake.hint for mistake in one.mistakes), one.otherwise)}
    assert hints - given == set()


def test_the_addresses_are_those_that_linux_printed() -> None:
    printed = capture("notebook-03.txt").partition("@@@LOG")[0].splitlines()[-4:]
    assert check("four-addresses", printed).right


def test_the_lines_are_those_of_the_article() -> None:
    lines = [line for line in article("trace-container-to-container.txt").splitlines() if line]
    starts = [n for n, line in enumerate(lines) if "BROUTING" in line]
    counts = [after - start for start, after in zip(starts, [*starts[1:], len(lines)], strict=True)]
    assert counts[0] == 14
    assert check("lines-of-the-ping", counts[1:]).right


def test_linux_makes_five_lines_of_a_flood_with_three_ports_and_one_more_port_makes_two_more() -> None:
    """The recorded flood of notebook 03 holds up the rule that gives the ten ports their number."""
    log = capture("notebook-03.txt").partition("@@@LOG\n")[2].splitlines()
    first = next(n for n, line in enumerate(log) if "eb:filter:FORWARD IN=port1 OUT=port3" in line) - 1
    flood = [line for line in log[first : first + 6] if "SRC=10.0.0.1 IP DST=10.0.0.2," in line]
    assert check("copies-of-a-flood", len(flood) + 2 * (10 - 3)).right

"""Notebooks 07 to 09: right answers in several forms, typical wrong ones with their hints, and Linux as a witness.

That the rules do on Linux what they do here is witnessed by this machine's own kernel, where it lets us (``run_live``).
"""

from __future__ import annotations

import base64
import hashlib

import pytest

from netlab.lab.live import run_live, why_not_live
from netlab.teach import check, serving, translating
from netlab.teach.checks import NOT_YET

SNAT = "iptables -t nat -A POSTROUTING "
DNAT = (
    "iptables -t nat -A PREROUTING -d 192.0.2.1 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80\n"
)
PASS = "iptables -A FORWARD -d 172.18.0.2 -p tcp --dport 80 -j ACCEPT\n"
GUARD = "iptables -I DOCKER-USER -i eth0 ! -s 192.0.2.9 -p tcp "
DIALLED = "-m conntrack --ctorigdstport 8080 "
COIN = "-m statistic --mode random --probability 0.5 "
TO_2, TO_3 = (f"-j DNAT --to-destination 10.244.0.{n}:8080" for n in (2, 3))


def hashed(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()


def spread(*rules: str, chains: tuple[str, ...] = ("PREROUTING", "OUTPUT")) -> str:
    head = "iptables -t nat -A {} -d 10.96.0.50 -p tcp --dport 80 "
    return "\n".join(head.format(chain) + rule for chain in chains for rule in rules)


RIGHT: list[tuple[str, object]] = [
    ("routers-on-the-way", 7),
    ("write-masquerade", SNAT + "-s 172.18.0.0/16 ! -o br0 -j MASQUERADE"),
    ("write-masquerade", SNAT + "-s 172.18.0.0/16 -o eth0 -j SNAT --to-source 192.0.2.1"),
    ("publish-by-hand", DNAT + PASS),
    ("publish-by-hand", DNAT.replace("-d 192.0.2.1", "-m addrtype --dst-type LOCAL") + PASS),
    ("publish-by-hand", DNAT + "iptables -A FORWARD -m conntrack --ctstate DNAT -j ACCEPT"),
    ("source-of-each", ("172.17.0.1", "172.17.0.2", "172.17.0.1")),
    ("source-of-each", "172.17.0.1 172.17.0.2 172.17.0.1"),
    ("guard-the-port", GUARD + DIALLED + "-j DROP"),
    ("guard-the-port", f"iptables -I DOCKER-USER -s 192.0.2.66 -p tcp {DIALLED}-j REJECT"),
    ("guard-the-port", "iptables -t raw -I PREROUTING -i eth0 ! -s 192.0.2.9 -p tcp --dport 8080 -j DROP"),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetes:httpstcp")[:16]),
    ("coins-all-alike", 44.4),
    ("coins-all-alike", "44 %"),
    ("service-by-hand", spread(COIN + TO_2, TO_3)),
    ("service-by-hand", spread("-m statistic --mode nth --every 2 --packet 0 " + TO_3, TO_2)),
    ("one-rule-costs", 4.7),
    ("one-rule-costs", 5),
]

WRONG: list[tuple[str, object, str]] = [
    ("routers-on-the-way", 8, "the author's own host"),
    ("routers-on-the-way", 57, "what is left"),
    ("routers-on-the-way", 71, "begins with 128"),
    ("routers-on-the-way", 3, "Compare the TTL"),
    ("write-masquerade", SNAT + "-o eth0 -j MASQUERADE", "the office is disguised"),
    ("write-masquerade", SNAT + "-s 172.18.0.0/16 -j MASQUERADE", "takes c1 for the host"),
    ("write-masquerade", SNAT + "-s 172.18.0.0/16 -o br0 -j MASQUERADE", "into the bridge"),
    ("write-masquerade", "iptables -A FORWARD -j ACCEPT", "Nothing was dropped"),
    ("write-masquerade", "ip -n out route add 172.18.0.0/16 via 192.0.2.1", "They are not yours"),
    ("write-masquerade", "iptables -t nat -L", "gets no answer"),
    ("write-masquerade", SNAT + "-i br0 -j MASQUERADE", "Can't use -i with POSTROUTING"),
    ("write-masquerade", 5, "no commands"),
    ("publish-by-hand", DNAT, "what is its policy"),
    ("publish-by-hand", PASS, "so that routing sees the new one"),
    ("publish-by-hand", DNAT.replace(":80\n", "\n") + PASS, "at a port where nobody listens"),
    ("publish-by-hand", DNAT + "iptables -A INPUT -p tcp --dport 80 -j ACCEPT", "what ends on the host"),
    ("publish-by-hand", DNAT + PASS.replace("--dport 80 ", "--dport 8080 "), "that the caller wrote"),
    ("publish-by-hand", DNAT + "iptables -P FORWARD ACCEPT", "so is port 22"),
    ("publish-by-hand", DNAT + PASS + SNAT + "-j MASQUERADE", "every caller for the host"),
    ("publish-by-hand", DNAT.replace("-d 192.0.2.1 ", "") + PASS, "and c1 answered"),
    ("publish-by-hand", "ip -n c1 addr add 172.18.0.99/16 dev eth0", "They are not yours"),
    ("source-of-each", "127.0.0.1, 172.17.0.2, 172.17.0.1", "to whom would web answer"),
    ("source-of-each", "192.0.2.1, 172.17.0.2, 172.17.0.1", "of type LOCAL"),
    ("source-of-each", "172.17.0.1, 172.17.0.1, 172.17.0.1", "spoke in its place"),
    ("source-of-each", "172.17.0.1, 172.17.0.2, 172.17.0.3", "never comes back to the host"),
    ("source-of-each", "172.17.0.1", "Three callers"),
    ("source-of-each", "172.17.0.2, 172.17.0.3, 172.17.0.1", "once POSTROUTING is done"),
    ("guard-the-port", "iptables -A INPUT -s 192.0.2.66 -p tcp --dport 8080 -j DROP", "ufw's place"),
    ("guard-the-port", GUARD.replace("-I", "-A") + DIALLED + "-j DROP", "yours stands below it"),
    ("guard-the-port", GUARD + "--dport 8080 -j DROP", "has another port"),
    ("guard-the-port", GUARD + "--dport 80 -j DROP", "cannot reach the shop"),
    ("guard-the-port", GUARD.replace("-i eth0 ", "") + DIALLED + "-j DROP", "who stops the answer"),
    (
        "guard-the-port",
        GUARD.replace("-i eth0 ", "") + DIALLED + "--ctdir ORIGINAL -j DROP",
        "web can no longer call",
    ),
    ("guard-the-port", "iptables -P INPUT DROP", "still gets through"),
    ("guard-the-port", "ip -n out addr del 192.0.2.66/24 dev eth0", "They are not yours"),
    ("chain-of-a-service", hashed("default/kubernetes:httpstcp")[:16], "What stands before it"),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetes:httpsTCP")[:16], "small letters"),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetes:https")[:16], "Something follows"),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetestcp")[:16], "several ports"),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetes:443tcp")[:16], "not its number"),
    (
        "chain-of-a-service",
        "KUBE-SVC-" + hashlib.sha256(b"default/kubernetes:httpstcp").hexdigest()[:16],
        "hexadecimal",
    ),
    ("chain-of-a-service", "KUBE-SVC-" + hashed("default/kubernetes:httpstcp"), "28 characters"),
    ("chain-of-a-service", "KUBE-SVC-KUBERNETES", "in the cell above"),
    ("chain-of-a-service", 5, "not a chain's name"),
    ("coins-all-alike", 33.3, "a third of all"),
    ("coins-all-alike", 66.7, "A second stands before"),
    ("coins-all-alike", 22.2, "what the second pod gets"),
    ("coins-all-alike", 0.444, "the fraction"),
    ("coins-all-alike", 50, "900 connections"),
    ("service-by-hand", spread(TO_2, TO_3), "gets every call"),
    ("service-by-hand", spread(COIN + TO_2, COIN + TO_3), "all coins may fall on no"),
    ("service-by-hand", spread(COIN + TO_2, TO_3, chains=("PREROUTING",)), "the node itself"),
    ("service-by-hand", spread(COIN + TO_2, TO_3, chains=("OUTPUT",)), "packet of pod 9"),
    ("service-by-hand", spread(COIN.replace("0.5", "0.1") + TO_2, TO_3), "not even"),
    ("service-by-hand", "iptables -L", "No call was answered"),
    ("one-rule-costs", 2.36, "ends half-way"),
    ("one-rule-costs", 0.21, "the whole table"),
    ("one-rule-costs", 6.4, "Which part is the walk's"),
    ("one-rule-costs", 0.0047, "microseconds"),
    ("one-rule-costs", 100, "Divide"),
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
    for one in (*translating.masquerade(), *translating.publish(), *serving.exercises()):
        hints = [mistake.hint for mistake in one.mistakes] + [one.otherwise] * bool(one.otherwise)
        assert [hint for hint in hints if (one.name, hint) not in said] == [], one.name


@pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")
@pytest.mark.parametrize("name", ["write-masquerade", "publish-by-hand"])
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_linux_judges_rules_likewise(name: str, right: bool) -> None:
    """The first right answer, and the first wrong one."""
    host = {"write-masquerade": translating.OFFICE, "publish-by-hand": translating.CLOSED}[name]
    answers = RIGHT if right else WRONG
    answer = str(next(one[1] for one in answers if one[0] == name))
    (exercise,) = (one for one in (*translating.masquerade(), *translating.publish()) if one.name == name)
    held = exercise.read(answer).held
    script = f"{host.setup}{answer.strip()}\necho written\n"
    for probe, happens in held.items():
        # Another process may take a moment to listen, or to write down who called: what comes to pass is tried again.
        tries = "1 2 3 4 5" if happens else "1"
        script += f"probe() {{ {host.probes[probe]}; }} > /dev/null 2>&1\n"
        script += f"for n in {tries}; do sleep 0.2; probe && break; done && echo yes || echo no\n"
    # /run is the lab's own folder on a real machine
    output = run_live(script.replace("/seen-by", "/run/seen-by")).output
    assert output.split("written\n")[1].split() == ["yes" if one else "no" for one in held.values()]

"""The exercises of notebook 13: right answers, typical wrong ones with their hints, and what Linux itself says.

The witnesses are the recordings: lines are counted and ids are read in them by other means than the exercises use.
"""

from __future__ import annotations

import pytest

from netlab import data
from netlab.lab.live import run_live, why_not_live
from netlab.teach import check, own_kernel, own_run
from netlab.teach.checks import NOT_YET
from netlab.trace import read_trace

THERE = "iptables -t raw -A PREROUTING -p icmp -d 192.0.2.9 -j TRACE\n"
BACK = "iptables -t raw -A PREROUTING -p icmp -s 192.0.2.9 -j TRACE\n"

RIGHT: list[tuple[str, object]] = [
    ("how-many-lines", 8),
    ("how-many-lines", "8"),
    ("narrow-trace", THERE + BACK),
    ("narrow-trace", f"{THERE}iptables -t raw -I PREROUTING -i eth0 -j TRACE"),
    (
        "narrow-trace",
        "iptables -t raw -A PREROUTING -d 172.18.0.0/16 -j RETURN\niptables -t raw -A PREROUTING -p icmp -j TRACE",
    ),
    ("narrow-trace", f"{THERE}{BACK}iptables -t raw -N MORE\niptables -t raw -A PREROUTING -j MORE"),
    ("trace-ids", ("e1733f86", "3742a617")),
    ("trace-ids", "3742A617 e1733f86"),
]

WRONG: list[tuple[str, object, str]] = [
    ("how-many-lines", 4, "not for each packet"),
    ("how-many-lines", 2, "not for each packet"),
    ("how-many-lines", 6, "You counted the requests"),
    ("how-many-lines", 12, "first packet of a connection only"),
    ("how-many-lines", 7, "which chains of raw and nat"),
    ("how-many-lines", "many", "this is not a number"),
    ("narrow-trace", "iptables -t raw -A OUTPUT -p icmp -j TRACE", "Nothing was traced"),
    ("narrow-trace", "iptables -t raw -A PREROUTING -s 192.0.2.1 -j TRACE", "Nothing was traced"),
    ("narrow-trace", f"{THERE}{BACK}iptables -A FORWARD -j LOG", "lines of their own"),
    ("narrow-trace", own_run.RULE, "ping to c2 prints as well"),
    ("narrow-trace", "iptables -t raw -A PREROUTING -s 172.18.0.2 -j TRACE", "ping to c2 prints as well"),
    (
        "narrow-trace",
        f"{THERE}iptables -t raw -A PREROUTING -d 172.18.0.2 -j TRACE",
        "the answer of the first ping",
    ),
    ("narrow-trace", THERE, "its answer is not"),
    ("narrow-trace", BACK, "its request is not"),
    ("narrow-trace", "iptables -A FORWARD -p icmp -j TRACE", "the last command failed"),
    ("narrow-trace", "iptables -t raw -A PREROUTING -j TRACK", "TRACK"),
    ("narrow-trace", "", "these are no commands"),
    ("trace-ids", "9474", "ID of the IP header"),
    ("trace-ids", ("e1733f86", "3742a617", "d7a53abc"), "is the answer"),
    ("trace-ids", ("34efd9fb", "e1733f86"), "belongs to the first ping"),
    ("trace-ids", "e1733f86", "went on after that line"),
    ("trace-ids", "3742a617", "went on after that line"),
    ("trace-ids", (), "the eight digits"),
    ("trace-ids", 9474, "not names"),
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
    said = {check(name, answer).says for name, answer, _ in WRONG}
    for one in own_run.exercises():
        hints = [mistake.hint for mistake in one.mistakes] + [one.otherwise] * bool(one.otherwise)
        assert [hint for hint in hints if hint not in said] == [], one.name


def test_no_hint_gives_the_answer_away() -> None:
    said = " ".join(check(name, answer).says for name, answer, _ in WRONG)
    for name, answer in (
        ("how-many-lines", " 8 "),
        ("narrow-trace", "-s 192.0.2.9"),
        ("trace-ids", "3742a617"),
    ):
        assert answer not in said, name


def test_the_lab_is_traced_by_one_line() -> None:
    assert own_kernel.recorded_lab().count(own_run.RULE) == 1


def test_the_ids_are_those_of_one_packet_in_the_other_tools_file_too() -> None:
    events = [line for line in data.capture("nft-monitor-6.18.txt").splitlines() if " packet: " in line]
    ids = {line.split()[2] for line in events if "ip daddr 192.0.2.9 " in line}
    assert check("trace-ids", sorted(ids)).right
    packets = read_trace(data.path(own_run.MONITOR)).monitor_journeys()
    assert len(ids) == 2
    assert len(packets) == 4


@pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")
def test_linux_traces_the_one_ping_by_the_same_rules() -> None:
    lab = own_kernel.recorded_lab().replace(own_run.RULE, THERE + BACK)
    log = run_live(lab).log
    real = [line for line in log if "192.0.2.9" in line]
    assert log == real
    assert check("narrow-trace", THERE + BACK).right
    assert len(real) == own_run.traced(THERE + BACK).lines

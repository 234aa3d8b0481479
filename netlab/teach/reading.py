"""The exercises of notebook 01: whose frame, how many rules, how many packets, and a trace read back into rules.

What is to be read is the article's, and so are the answers.
"""

from __future__ import annotations

import re
from typing import Any, Final

from netlab.data import article, article_names
from netlab.errors import InputError
from netlab.lab import Lab
from netlab.rules import read_rules
from netlab.teach.answers import number, numbers
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import run_on, traced
from netlab.trace import IptablesRecord, read_trace


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 01, in its order."""
    return (_who_sent_the_frame(), _rules_in_chain(), _rules_from_lines(), _packets_in_log())


def _who_sent_the_frame() -> Exercise[str]:
    record = read_trace(article("trace-container-to-external.txt")).records[13]
    assert isinstance(record, IptablesRecord)
    assert record.mac is not None
    assert record.ip is not None
    mac, author = record.mac, record.ip.src

    def read(answer: object) -> str:
        if not isinstance(answer, str) or not re.fullmatch(r"[0-9a-f:. -]+", answer.strip().lower()):
            raise InputError(
                "this is not an address",
                source="your answer",
                text=repr(answer),
                column=0,
                expected='text such as "02:42:ff:27:17:4d"',
            )
        return answer.strip().lower().replace("-", ":")

    return Exercise(
        name="who-sent-the-frame",
        wanted="a MAC address, as text,",
        read=read,
        right=lambda value: value == mac.source,
        because="The second six bytes: the router's card. It passed the packet on, and wrote a new frame for it.",
        mistakes=(
            Mistake(
                made=lambda value: value == mac.destination,
                hint="That is the article's order. Look into its ifconfig -a (article('ifconfig-a.txt')): whose card "
                "is this?",
            ),
            Mistake(
                made=lambda value: value == author,
                hint="That is who wrote the packet. Its TTL says that it has been passed on since; each time it gets a "
                "new frame.",
            ),
            Mistake(
                made=lambda value: value in mac.raw and len(value) > 17,
                hint="That is more than one address: six bytes are one, and the last two are the type.",
            ),
        ),
        otherwise="Cut the value of MAC= into six bytes, six bytes and two.",
    )


def _rules_in_chain() -> Exercise[tuple[float, ...]]:
    rules = read_rules(article("iptables-save.txt"))
    first, second = len(rules["nat"]["PREROUTING"].rules), len(rules["filter"]["DOCKER"].rules)
    return Exercise(
        name="rules-in-chain",
        wanted="two numbers in brackets, such as (7, 8),",
        read=numbers(2),
        right=lambda value: value == (first, second),
        because="Places are counted from 1, and the end of a chain has a place of its own, behind its last rule.",
        mistakes=(
            Mistake(
                made=lambda value: value == (first + 1, second + 1),
                hint="You took the number for a count of rules. Where would the end of a chain stand that has none?",
            ),
            Mistake(
                made=lambda value: value[0] == first,
                hint="The first is right. `return` need not be a rule with the target RETURN: the end of a user's "
                "chain returns as well.",
            ),
            Mistake(
                made=lambda value: value[1] == second,
                hint="The second is right. In the first chain, too, the line is about what stands behind the rules.",
            ),
        ),
        otherwise="Give each rule of a chain a number, from 1. Which number is left for the chain's end?",
    )


TARGET: Final = ("filter:INPUT:rule:2", "filter:GUARD:return:1", "filter:INPUT:policy:3")
"""The lines of table filter that the rules of "rules-from-lines" have to print for a ping."""
ALL_TRACED: Final = "iptables -t raw -A PREROUTING -p icmp -j TRACE\n"


def _rules_from_lines() -> Exercise[tuple[str, ...]]:
    def look(lab: Lab) -> tuple[str, ...]:
        records = traced(lab, "ping -c 1 -W 1 127.0.0.1")
        points = [one.trace for one in records if one.trace and one.ip and one.ip.type == 8]
        return tuple(str(point) for point in points if point.table == "filter")

    def last(lines: tuple[str, ...]) -> str:
        return lines[-1] if lines else ""

    return Exercise(
        name="rules-from-lines",
        wanted='your commands, as text such as "iptables -N GUARD; iptables -A ...",',
        read=run_on(ALL_TRACED, look, "6.1"),
        right=lambda lines: lines == TARGET,
        because="A rule that does not fit takes a place and prints nothing; the ends of both chains print.",
        mistakes=(
            Mistake(
                made=lambda lines: not any("GUARD" in line for line in lines),
                hint="No line comes from GUARD: the ping was not sent there, or left INPUT before.",
            ),
            Mistake(
                made=lambda lines: lines[:2] == ("filter:INPUT:rule:1", "filter:INPUT:rule:2"),
                hint="INPUT's rule 1 prints too, because it fits a ping. Which rule would hold its place in silence?",
            ),
            Mistake(
                made=lambda lines: lines[0] == "filter:INPUT:rule:1",
                hint="The jump to GUARD is INPUT's first rule. What could stand before it, and print nothing?",
            ),
            Mistake(
                made=lambda lines: "GUARD" in last(lines) and lines == TARGET[: len(lines)],
                hint="The word is right, but the packet does not come back to INPUT: ACCEPT ends a table, in whichever "
                "chain it stands.",
            ),
            Mistake(
                made=lambda lines: last(lines).startswith("filter:INPUT:policy:"),
                hint="INPUT or GUARD has a rule too many or too few. The number of the last line is a place, not a count.",
            ),
        ),
        otherwise="Read the wanted lines from the last to the first: how many rules has INPUT, how many GUARD?",
    )


def _packets_in_log() -> Exercise[float]:
    logs = [read_trace(article(name)) for name in article_names() if name.startswith("trace-")]
    packets = sum(len(log.journeys()) for log in logs)
    lines = sum(len(log.records) for log in logs)
    return Exercise(
        name="packets-in-log",
        wanted="a number of packets",
        read=number,
        right=lambda value: value == packets,
        because="Two IP ids in each excerpt, and in the first a third: the next request.",
        mistakes=(
            Mistake(
                made=lambda value: value == lines,
                hint="That is the lines. What have those of one packet in common?",
            ),
            Mistake(
                made=lambda value: value == len(logs),
                hint="That is the excerpts. A ping has an answer, and the answer is a packet of its own.",
            ),
            Mistake(
                made=lambda value: value == 2 * len(logs),
                hint="A request and a reply each: nearly. Look for a SEQ that is not 1.",
            ),
            Mistake(
                made=lambda value: packets < value <= packets + 3,
                hint="Did you begin a new packet where an address changes, or where a line is copied to a second port? "
                "The IP id stays.",
            ),
        ),
        otherwise="Count the different IP ids, the ID= before PROTO=, in each of the four.",
    )

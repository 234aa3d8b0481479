"""The exercises of notebook 13: count the lines of a log, trace one ping and nothing else, find a packet's trace ids.

The witnesses are the recorded runs: the right answers are read from them, and rules are tried on their lab.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from netlab import data
from netlab.errors import InputError
from netlab.lab import Lab
from netlab.teach.answers import names, number
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.own_kernel import RECORDED, read_run

MONITOR: Final = "xtables-monitor-6.18.txt"
RULE: Final = "iptables -t raw -A PREROUTING -p icmp -j TRACE\n"
"""The line of the recorded lab in whose place the learner's rules are put."""
_SOURCE: Final = "your rules"
_OUTSIDE: Final = "192.0.2.9"
_EVENT: Final = re.compile(r"PACKET: 2 (\w{8}) .*? DST=(\S+) .*? ID=(\d+) ")


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 13, in its order."""
    return (_how_many_lines(), _narrow_trace(), _trace_ids())


def _how_many_lines() -> Exercise[float]:
    lab, run = read_run(data.capture(RECORDED), source=RECORDED)
    pings = len(re.findall(r"\bping -c 1 ", lab))
    return Exercise(
        name="how-many-lines",
        wanted="a number",
        read=number,
        right=lambda value: value == len(run.log),
        because="A request that begins a connection prints for raw, nat PREROUTING and nat POSTROUTING; its answer for "
        "raw alone, since nat is not asked again.",
        mistakes=(
            Mistake(
                made=lambda value: value in (pings, 2 * pings),
                hint="The kernel prints a line for each chain that a traced packet walks to its end, not for each packet.",
            ),
            Mistake(
                made=lambda value: value == 3 * pings,
                hint="You counted the requests. Which rule and which table do the answers meet?",
            ),
            Mistake(
                made=lambda value: value == 6 * pings,
                hint="That would be three tables' chains for every packet. One table is asked about the first packet of "
                "a connection only, and the table filter has no rule in this lab.",
            ),
        ),
        otherwise="For each of the four packets: which chains of raw and nat does it pass?",
    )


@dataclass(frozen=True, slots=True)
class Traced:
    """What rules made the kernel print: lines of the first ping, of the second's request and answer, and others."""

    first: int
    request: int
    answer: int
    other: int

    @property
    def lines(self) -> int:
        return self.first + self.request + self.answer + self.other


@lru_cache(16)
def traced(rules: str) -> Traced:
    """The recorded run's lab with these commands in place of its TRACE rule, on the simulated 6.18.

    Raises InputError where they cannot be run, or where the last of them fails.
    """
    lab, _ = read_run(data.capture(RECORDED), source=RECORDED)
    before, rule, after = lab.partition(RULE)
    assert rule
    host = Lab("6.18")
    host.run(before, source=RECORDED)
    done = host.run(rules, source=_SOURCE)
    if done.status:
        said = done.output.strip() or f"exit status {done.status}"
        raise InputError(f"the last command failed: {said}", source=_SOURCE)
    count = {"first": 0, "request": 0, "answer": 0, "other": 0}
    for line in host.run(after, source=RECORDED).log:
        if not line.startswith("TRACE: "):
            kind = "other"
        elif f"DST={_OUTSIDE} " in line:
            kind = "request"
        else:
            kind = "answer" if f"SRC={_OUTSIDE} " in line else "first"
        count[kind] += 1
    return Traced(**count)


def _narrow_trace() -> Exercise[Traced]:
    def read(answer: object) -> Traced:
        if not isinstance(answer, str) or not answer.strip():
            raise InputError(
                "these are no commands",
                source="your answer",
                text=repr(answer),
                column=0,
                expected='text such as "iptables -t raw -A ..."',
            )
        return traced(answer)

    return Exercise(
        name="narrow-trace",
        wanted='your commands, as text such as "iptables -t raw -A ..."',
        read=read,
        right=lambda seen: seen.request > 0 and seen.answer > 0 and seen.first == seen.other == 0,
        because="One rule knows the request by its destination, one the answer by its source.",
        mistakes=(
            Mistake(
                made=lambda seen: seen.lines == 0,
                hint="Nothing was traced. At which hook does a packet of c1 enter the host, and which of its addresses "
                "does it have there?",
            ),
            Mistake(
                made=lambda seen: seen.other > 0,
                hint="Rules of yours print lines of their own. Only TRACE's are wanted.",
            ),
            Mistake(
                made=lambda seen: seen.first == 1 and seen.answer == 0,
                hint="What raw sees on its way to c1 is the answer of the first ping. To whom is the second one's "
                "addressed, before anything is translated back?",
            ),
            Mistake(
                made=lambda seen: seen.first > 0,
                hint="The ping to c2 prints as well. c1 sends both: what is different about the second one?",
            ),
            Mistake(
                made=lambda seen: seen.answer == 0,
                hint="The request is there, its answer is not. Which addresses does the answer have while raw looks at "
                "it, before anything is translated back?",
            ),
            Mistake(
                made=lambda seen: seen.request == 0,
                hint="The answer is there, its request is not. Which address do the two share, and in which place does "
                "each of them carry it?",
            ),
        ),
    )


def _trace_ids() -> Exercise[frozenset[str]]:
    events = _EVENT.findall(data.capture(MONITOR))
    (wanted,) = {ip_id for _, destination, ip_id in events if destination == _OUTSIDE}
    right = frozenset(trace_id for trace_id, _, ip_id in events if ip_id == wanted)
    others = {trace_id for trace_id, _, _ in events} - right
    answer = events[-1][0]
    return Exercise(
        name="trace-ids",
        wanted='trace ids, such as ("34efd9fb",)',
        read=lambda given: frozenset(name.lower() for name in names(given) if name),
        right=lambda value: value == right,
        because="The ID of the IP header is the same in both lines, so it is one packet; the trace id is not.",
        mistakes=(
            Mistake(
                made=lambda value: wanted in value,
                hint="That is the ID of the IP header, and it tells which lines belong together. The trace id stands "
                "at the beginning of the line.",
            ),
            Mistake(
                made=lambda value: answer in value,
                hint="One of these is the answer: it comes in by eth0, with an ID of its own in the IP header.",
            ),
            Mistake(
                made=lambda value: bool(value & others),
                hint="One of these belongs to the first ping. To whom was the second sent?",
            ),
            Mistake(
                made=lambda value: bool(value) and value < right,
                hint="The packet went on after that line. Under which id does its ID of the IP header appear again?",
            ),
        ),
        otherwise="Find the lines with DST=192.0.2.9, and read the eight digits at their beginning.",
    )

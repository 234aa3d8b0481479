"""The exercises of notebook 12: repairs of the hosts and nodes of ``netlab.teach.faults``, tried before judged.

A host's repair is a text of commands, run on a fresh broken host; a node's is the value of its setting, under which
the simulation runs again. Mistakes are recognised by what the repair did, not by how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet.model import ThresholdValue
from netlab.kubelet.profile import CURRENT
from netlab.kubelet.signals import NODEFS_AVAILABLE
from netlab.show.eviction import Recording
from netlab.teach import faults
from netlab.teach.answers import commands, hard_flag
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.faults import BrokenHost, Trial

_SOURCE: Final = "your repair"
_ELSEWHERE: Final[Mistake[Trial]] = Mistake(
    made=lambda trial: trial.elsewhere,
    hint="Something inside c1, c2 or out is no longer what it was. They are other people's; the fault is on the host.",
)
_GIB: Final = 2**30
QUARTER: Final = 900
"""Seconds after the last job within which the node of "flapping-condition" must take pods again."""


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 12, in its order."""
    return (
        _missing_accept(),
        _shadowed_dnat(),
        _masquerade_astray(),
        _bridge_calls_nobody(),
        _full_disk(),
        _flapping_condition(),
    )


def _tried(make: Callable[[], BrokenHost]) -> Callable[[object], Trial]:
    @lru_cache(16)
    def on_fresh_host(text: str) -> Trial:
        return make().try_repair(text)

    def read(answer: object) -> Trial:
        return on_fresh_host(commands(answer, _SOURCE))

    return read


def _repair(
    make: Callable[[], BrokenHost], because: str, *mistakes: Mistake[Trial], otherwise: str
) -> Exercise[Trial]:
    return Exercise(
        name=make().name,
        wanted='your commands, as text such as "iptables -A ..."',
        read=_tried(make),
        right=lambda trial: trial.repaired,
        because=because,
        mistakes=(_ELSEWHERE, *mistakes),
        otherwise=otherwise,
    )


def _failed(says: str) -> Callable[[Trial], bool]:
    return lambda trial: not trial.held[says]


def _added(pattern: str) -> Callable[[Trial], bool]:
    """Whether a rule was added of which this is part."""
    return lambda trial: any(re.search(pattern, rule) for rule in trial.added)


def _without(pattern: str) -> Callable[[Trial], bool]:
    """Whether no rule has this as its part."""
    return lambda trial: not any(re.search(pattern, rule) for rule in trial.rules)


def _all(*conditions: Callable[[Trial], bool]) -> Callable[[Trial], bool]:
    return lambda trial: all(condition(trial) for condition in conditions)


def _missing_accept() -> Exercise[Trial]:
    return _repair(
        faults.missing_accept,
        "Answers come home, and nobody outside can begin a conversation.",
        Mistake(
            made=_all(_failed("out pings c1"), _without(r"^filter :FORWARD DROP")),
            hint="It works, for everybody: out can now call c1 as well. The policy was no fault, it was the plan.",
        ),
        Mistake(
            made=_failed("out pings c1"),
            hint="The answers come through, and so do calls that nobody inside asked for. What does conntrack know of "
            "an answer that the interface does not say?",
        ),
        Mistake(
            made=_all(_failed("c1 calls port 80 of out"), lambda trial: trial.held["c1 pings out"]),
            hint="The ping is answered, the call to port 80 is not. Your rule names more than it should.",
        ),
        Mistake(
            made=_all(_failed("c1 pings out"), lambda trial: trial.held["c1 calls port 80 of out"]),
            hint="Port 80 answers, the ping does not. Your rule names more than it should.",
        ),
        Mistake(
            made=_added(r"^filter -A (INPUT|OUTPUT) "),
            hint="INPUT and OUTPUT are for packets to and from the host itself. Which hook do these pass?",
        ),
        Mistake(
            made=lambda trial: not trial.held["c1 pings c2"],
            hint="Now the containers cannot talk to each other either. An added rule can only be as good as what stays.",
        ),
        Mistake(
            made=_added(r"^filter -A FORWARD -i br0 "),
            hint="Requests come in by br0, and they got through already. Which packet is lost?",
        ),
        otherwise="Send a ping and look at each packet's last hop: which of them ends here, and who ends it?",
    )


def _rank(trial: Trial, pattern: str) -> int:
    """The place of the first rule with this part, or a place behind all."""
    return next((n for n, rule in enumerate(trial.rules) if re.search(pattern, rule)), len(trial.rules))


def _shadowed_dnat() -> Exercise[Trial]:
    c1, c2 = "out calls port 8080 and c1 answers", "out calls port 8443 and c2 answers"
    to_c1 = r"^nat -A PREROUTING .*--to-destination 172\.18\.0\.2"
    to_c2 = r"^nat -A PREROUTING .*--to-destination 172\.18\.0\.3"
    return _repair(
        faults.shadowed_dnat,
        "In nat the first rule that fits decides, so the special case stands before the general one.",
        Mistake(
            made=lambda trial: trial.held[c1] and not trial.held[c2],
            hint="8080 answers, and 8443 no longer does: the rule for the whole range has a job of its own.",
        ),
        Mistake(
            made=lambda trial: any(rule.startswith("filter -A") for rule in trial.added),
            hint="Nothing is dropped: the call is refused, and an answer came. Who sent it?",
        ),
        Mistake(
            made=lambda trial: _rank(trial, to_c1) == len(trial.rules),
            hint="No rule leads to c1 any more. It was right; what was wrong with it?",
        ),
        Mistake(
            made=lambda trial: _rank(trial, to_c1) > _rank(trial, to_c2),
            hint="Your rule stands behind one that also fits 8080. How many rules of nat does a connection get to ask?",
        ),
        otherwise="Look at the hop PREROUTING of the first packet: which rule spoke, and where did the packet go?",
    )


def _masquerade_astray() -> Exercise[Trial]:
    out, seen = "c1 pings out", "c2 has seen the caller's own address"
    return _repair(
        faults.masquerade_astray,
        "What leaves the bridge for elsewhere is masqueraded, and neighbours see each other as they are.",
        Mistake(
            made=lambda trial: trial.held[out] and not trial.held[seen],
            hint="c1 reaches the world, and c2 still takes c1 for the host. Which packets should no rule translate?",
        ),
        Mistake(
            made=lambda trial: any(rule.startswith("filter -A") for rule in trial.added),
            hint="Nothing is dropped on the host. The request arrives at out; can out answer it?",
        ),
        Mistake(
            made=_without(r"-j (MASQUERADE|SNAT)"),
            hint="Now nothing is translated, and out gets packets from an address that it does not know.",
        ),
        otherwise="Which source address does the request have when eth0 sends it, and which device does the rule name?",
    )


def _bridge_calls_nobody() -> Exercise[Trial]:
    calls, seen = "c1 calls the service", "c2 has seen c1's own address"
    return _repair(
        faults.bridge_calls_nobody,
        "The answer's frame now passes the IPv4 hooks on the bridge, where conntrack gives it back the service's name.",
        Mistake(
            made=lambda trial: trial.held[calls] and not trial.held[seen],
            hint="It works, by a detour: every caller on the bridge now looks like the host. The answer could stay on "
            "the bridge if somebody looked at it there.",
        ),
        Mistake(
            made=lambda trial: any(rule.startswith("filter -A") for rule in trial.added),
            hint="No rule drops anything. c1 gets an answer, and refuses it. From which address does it come?",
        ),
        Mistake(
            made=_without(r"--to-destination 172\.18\.0\.3:80"),
            hint="Without the rule there is no service at all. It does its work: the request reaches c2.",
        ),
        Mistake(
            made=_added(r"^nat -A (PREROUTING|OUTPUT) .*-j DNAT"),
            hint="The request needs no second rule, it reaches c2. Look at the way of the answer.",
        ),
        otherwise="Compare the hooks that the first packet passes with those of the second. Which are missing, and why?",
    )


# --- nodes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Disk:
    """A run of the node of "full-disk" under a flag, and the values that the flag gives."""

    values: dict[str, ThresholdValue]
    run: Recording

    @property
    def evicted(self) -> list[str]:
        return [one.eviction.pod.name for one in self.run.history.evictions]

    @property
    def least(self) -> int:
        return faults.least_available(self.run)

    @property
    def in_bytes(self) -> bool:
        value = self.values.get(NODEFS_AVAILABLE)
        return value is not None and value.quantity is not None and value.quantity.value < 2**20

    @property
    def kept(self) -> set[str]:
        """The thresholds that were good before, with the values they had."""
        before = hard_flag(CURRENT)(faults.BYTES_FLAG)
        return {
            signal
            for signal, value in before.items()
            if signal != NODEFS_AVAILABLE and self.values.get(signal) == value
        }


def _full_disk() -> Exercise[_Disk]:
    good = set(hard_flag(CURRENT)(faults.BYTES_FLAG)) - {NODEFS_AVAILABLE}

    def read(answer: object) -> _Disk:
        values = hard_flag(CURRENT)(answer)
        return _Disk(values, faults.full_disk(str(answer)).record())

    return Exercise(
        name="full-disk",
        wanted='the flag, as text: "--eviction-hard=..."',
        read=read,
        right=lambda tried: tried.evicted == ["logger"] and tried.least >= _GIB and tried.kept == good,
        because="logger goes while there is room, web stays, and the other thresholds are still said.",
        mistakes=(
            Mistake(
                made=lambda tried: NODEFS_AVAILABLE not in tried.values,
                hint="Without nodefs.available nobody watches the root disk.",
            ),
            Mistake(
                made=lambda tried: tried.in_bytes,
                hint="So few bytes are as good as none. What is missing behind the number?",
            ),
            Mistake(
                made=lambda tried: "web" in tried.evicted,
                hint="web was evicted too, though it does not grow: the threshold is met from the start, and no "
                "eviction can lift the disk above it.",
            ),
            Mistake(
                made=lambda tried: tried.least < _GIB,
                hint="Nearly: a pass comes every ten seconds, and what was written since the last one is gone too.",
            ),
            Mistake(
                made=lambda tried: tried.kept != good,
                hint="The disk is safe. But a flag replaces all defaults: which thresholds did the old flag have?",
            ),
        ),
    )


def _flapping_condition() -> Exercise[Recording]:
    def read(answer: object) -> Recording:
        if not isinstance(answer, str):
            raise InputError(
                "this is not a duration", source=_SOURCE, text=repr(answer), column=0, expected='"1m30s"'
            )
        return faults.flapping_condition(answer).record()

    def rises(run: Recording) -> int:
        return run.history.event_count("NodeHasDiskPressure")

    def in_time(run: Recording) -> bool:
        ended = faults.pressure_ends(run)
        return ended is not None and ended <= faults.JOBS_END + QUARTER

    return Exercise(
        name="flapping-condition",
        wanted='a duration such as "1m30s"',
        read=read,
        right=lambda run: rises(run) == 1 and in_time(run),
        because="It is longer than the pauses between two jobs, and short enough for the end of the last.",
        mistakes=(
            Mistake(
                made=lambda run: rises(run) > 1,
                hint="It still comes and goes. How long is the disk well between two jobs, and what must the period be "
                "to that?",
            ),
            Mistake(
                made=lambda run: not in_time(run),
                hint="Calm, but the jobs are long done and the node still turns pods away.",
            ),
        ),
    )

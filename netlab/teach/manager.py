"""The exercises of notebook 11: when the manager acts, for how long, on whom, and what a flag costs.

What a run in the notebook shows stands here as a number; a test runs the notebook and compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from netlab.kubelet.incident import article_incident
from netlab.kubelet.model import Threshold, ThresholdValue
from netlab.kubelet.profile import V17
from netlab.kubelet.signals import NODEFS_AVAILABLE
from netlab.teach.answers import hard_flag, names, numbers, seconds
from netlab.teach.checks import Exercise, Mistake

_MIB: Final = 2**20
_PASS: Final = 10


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 11, in its order."""
    return (
        _first_bad_pass(),
        _soft_eviction(),
        _flips(),
        _minimum_reclaim(),
        _who_first(),
        _lost_thresholds(),
        _safe_flag(),
    )


def _is(wanted: object) -> Any:
    return lambda value: value == wanted


def _first_bad_pass() -> Exercise[float]:
    return Exercise(
        name="first-bad-pass",
        wanted='a time such as "2m10s"',
        read=seconds,
        right=_is(130),
        because="The threshold is crossed between two looks, and the next look sees it.",
        mistakes=(
            Mistake(
                made=_is(128),
                hint="At that second available equals the threshold, and equal is healthy. Besides, who looks then?",
            ),
            Mistake(made=_is(129), hint="That is when it is crossed. When does the manager look next?"),
            Mistake(made=_is(120), hint="At that pass there is still a little more than 2 GiB."),
            Mistake(
                made=lambda value: value % _PASS == 0 and value > 130,
                hint="A hard threshold is acted on by the first pass that sees it met.",
            ),
        ),
        otherwise="512 MiB lie above the threshold and go at 4 MiB a second. Passes come every ten seconds.",
    )


def _soft_eviction() -> Exercise[float]:
    return Exercise(
        name="soft-eviction",
        wanted='a time such as "2m10s"',
        read=seconds,
        right=_is(320),
        because="The clock of a soft threshold starts anew after every good sample; two full minutes after 3m20s.",
        mistakes=(
            Mistake(
                made=_is(180),
                hint="Two minutes after the first bad sample. Was every sample in between a bad one?",
            ),
            Mistake(
                made=lambda value: value in (60, 200),
                hint="So would a hard threshold. A soft one waits for its grace period.",
            ),
            Mistake(
                made=_is(230),
                hint="You added up the bad time: 90 seconds and 30. A good sample does not pause the clock, it resets it.",
            ),
            Mistake(
                made=_is(330),
                hint="At least as long as the grace period is enough: the comparison is inclusive.",
            ),
            Mistake(
                made=_is(150),
                hint="That is when the space comes back, which is good news.",
            ),
        ),
        otherwise="When did the last unbroken run of bad samples begin? Add the grace period.",
    )


def _flips() -> Exercise[tuple[float, ...]]:
    return Exercise(
        name="flips",
        wanted="two numbers (for 5 minutes, for 30 seconds)",
        read=numbers(2),
        right=_is((1, 5)),
        because="Two minutes of health are shorter than five minutes, and longer than thirty seconds.",
        mistakes=(
            Mistake(
                made=_is((5, 1)),
                hint="The other way round: a longer transition period makes for a calmer condition.",
            ),
            Mistake(
                made=lambda value: value[0] == value[1],
                hint="The disk does the same in both runs. The condition goes away only after a whole transition period "
                "without a bad sample: is there one?",
            ),
            Mistake(
                made=lambda value: value[0] in (0, 3, 4, 5),
                hint="With 5 minutes: how long is the longest time without a bad sample?",
            ),
            Mistake(
                made=lambda value: value[0] == 1,
                hint="The first number is right. Count the downward steps for the second.",
            ),
        ),
        otherwise="Count how often the condition comes up again after having been gone.",
    )


def _minimum_reclaim() -> Exercise[tuple[float, ...]]:
    return Exercise(
        name="minimum-reclaim",
        wanted="two numbers (without minimum reclaim, with it)",
        read=numbers(2),
        right=_is((1, 2)),
        because="A met threshold stays met until available reaches threshold plus minimum reclaim.",
        mistakes=(
            Mistake(
                made=_is((1, 1)),
                hint="One pod gives back less than 1 GiB. Is the threshold let go before the reclaim is complete?",
            ),
            Mistake(
                made=_is((2, 1)),
                hint="The other way round: minimum reclaim asks for more space, not for less.",
            ),
            Mistake(
                made=lambda value: 3 in value,
                hint="The manager stops as soon as enough is free: add up what the first two give back.",
            ),
            Mistake(
                made=lambda value: value[0] == value[1],
                hint="Both runs begin alike. When may the manager stop in each?",
            ),
        ),
        otherwise="The largest pod goes first. Is what it gives back enough to be above 10%? To be 1 GiB above?",
    )


def _who_first() -> Exercise[tuple[str, ...]]:
    return Exercise(
        name="who-first",
        wanted="two names (for v1.7, for today)",
        read=names,
        right=_is(("batch", "web")),
        because="v1.7 asks for the QoS class first; today's kubelet never asks for it.",
        mistakes=(
            Mistake(
                made=_is(("batch", "batch")),
                hint="BestEffort first was v1.7's rule. Today: does it exceed its request, then which priority is lower?",
            ),
            Mistake(
                made=_is(("web", "web")),
                hint="Right for today. v1.7 looks at the QoS class before it looks at any usage.",
            ),
            Mistake(made=_is(("web", "batch")), hint="You have both, in the other order: v1.7 first."),
            Mistake(
                made=lambda value: "db" in value,
                hint="db uses less than it requested, and it is Guaranteed: last in both.",
            ),
            Mistake(
                made=lambda value: len(value) != 2,
                hint="Two names are wanted, the same one twice if you think so.",
            ),
        ),
        otherwise="The pods are called batch, web and db.",
    )


def _lost_thresholds() -> Exercise[frozenset[str]]:
    lost = frozenset(one.signal for one in article_incident().after.lost)
    return Exercise(
        name="lost-thresholds",
        wanted='the signals, such as ("imagefs.available",)',
        read=lambda answer: frozenset(name for name in names(answer) if name),
        right=_is(lost),
        because="Whoever names one hard threshold replaces them all.",
        mistakes=(
            Mistake(
                made=lambda value: NODEFS_AVAILABLE in value,
                hint="nodefs.available is the one that was kept, with a new value.",
            ),
            Mistake(
                made=lambda value: any(name.startswith("imagefs") for name in value),
                hint="imagefs thresholds became defaults only after v1.7, so there was none to lose.",
            ),
            Mistake(
                made=lambda value: any(name.startswith("allocatable") for name in value),
                hint="v1.7 adds the allocatable thresholds by itself, whatever the flag says.",
            ),
            Mistake(
                made=lambda value: not value or value <= {"none", "nothing"},
                hint="A flag is not merged with the defaults. Which defaults does v1.7 have?",
            ),
            Mistake(made=lambda value: value < lost, hint="That one is gone, and it is not alone."),
        ),
        otherwise="Compare with the defaults of v1.7: memory, bytes of nodefs, inodes of nodefs.",
    )


def _safe_flag() -> Exercise[Mapping[str, ThresholdValue]]:
    incident = article_incident()
    seen = incident.disks[NODEFS_AVAILABLE]
    kept = {t.signal: t.value for t in incident.before.hard_thresholds if t.signal != NODEFS_AVAILABLE}

    def still_met(value: Mapping[str, ThresholdValue]) -> bool:
        return seen.met(Threshold(signal=NODEFS_AVAILABLE, value=value[NODEFS_AVAILABLE])) is not False

    def bytes_meant(value: Mapping[str, ThresholdValue]) -> bool:
        quantity = value[NODEFS_AVAILABLE].quantity
        return quantity is not None and quantity.value < _MIB

    def complete(value: Mapping[str, ThresholdValue]) -> bool:
        return NODEFS_AVAILABLE in value and all(value.get(signal) == kept[signal] for signal in kept)

    return Exercise(
        name="safe-flag",
        wanted='the flag, as text: "--eviction-hard=..."',
        read=hard_flag(V17),
        right=lambda value: complete(value) and not bytes_meant(value) and not still_met(value),
        because="It changes one threshold and says the others again, so nothing is lost.",
        mistakes=(
            Mistake(
                made=lambda value: NODEFS_AVAILABLE not in value,
                hint="Without nodefs.available the node never evicts for a full root disk. Lower it, do not drop it.",
            ),
            Mistake(made=bytes_meant, hint="Without a percent sign or a suffix that is a number of bytes."),
            Mistake(
                made=lambda value: not kept.keys() & value.keys(),
                hint="That is the article's own edit: the defaults that the flag does not name are gone.",
            ),
            Mistake(
                made=lambda value: not kept.keys() <= value.keys(),
                hint="One default is still missing. What does the kubelet print as (gone)?",
            ),
            Mistake(
                made=still_met,
                hint="With this value the threshold is still met, or too close to tell: 448M of 5.8G are available.",
            ),
            Mistake(
                made=lambda value: not complete(value),
                hint="Keep the other two at the values they have by default.",
            ),
        ),
    )

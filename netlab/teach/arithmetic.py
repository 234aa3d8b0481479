"""The exercises of notebook 10: percentages of what, from which figures, in which arithmetic.

Every right answer comes from the article's df line or from the kubelet's arithmetic in ``netlab.kubelet``.
"""

from __future__ import annotations

from typing import Any, Final

from netlab.kubelet.incident import article_incident
from netlab.kubelet.interval import Interval
from netlab.kubelet.model import Threshold, ThresholdValue
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.readings import Reading
from netlab.kubelet.signals import NODEFS_AVAILABLE
from netlab.kubelet.thresholds import default_hard, parse_threshold_config
from netlab.teach.answers import number
from netlab.teach.checks import Exercise, Mistake

_MIB: Final = 2**20
_GIB: Final = 2**30
ASKED: Final = (5.0, 7.6, 10.0)
"""The percentages among which "cannot-tell" asks for the one that rounded figures do not decide."""


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 10, in its order."""
    return (_df_left(), _most_available(), _cannot_tell(), _ten_percent(), _big_disk(), _minutes_left())


def _root() -> Reading:
    return article_incident().disks[NODEFS_AVAILABLE]


def _threshold(value: str) -> Threshold:
    (threshold,) = parse_threshold_config(V17, hard=f"{NODEFS_AVAILABLE}<{value}", enforce=())
    return threshold


def _tenth(capacity: int) -> int:
    defaults = parse_threshold_config(CURRENT, hard=default_hard(CURRENT.release), enforce=())
    value: ThresholdValue = next(t.value for t in defaults if t.signal == NODEFS_AVAILABLE)
    return value.of(capacity).value


def _near(wanted: float, by: float) -> Any:
    return lambda value: abs(value - wanted) <= by


def _df_left() -> Exercise[float]:
    seen = article_incident().use_percent
    row, (low, high) = seen.row, seen.kubelet_left
    assert row.available is not None
    assert row.used is not None
    assert row.size is not None
    available = row.available.high
    thousands = 100 * (available / _MIB) / (1000 * row.size.high / _GIB)
    of_df = 100 * available / (row.used.high + available)
    return Exercise(
        name="df-left",
        wanted="the percentage that the kubelet sees",
        read=number,
        right=lambda value: low - 0.03 <= value <= high + 0.03,
        because="It is what is available, divided by the whole size.",
        mistakes=(
            Mistake(
                made=_near(seen.df_left, 0.05),
                hint="That is 100 - Use%, the article's own reading. Use% is a share of used + available: which part "
                "of the disk is in neither?",
            ),
            Mistake(
                made=_near(of_df, 0.05),
                hint="You divided by used + available, as df does. The kubelet divides by the size.",
            ),
            Mistake(
                made=_near(thousands, 0.012),
                hint="You took a G for 1000 M. In df -h it is 1024 M.",
            ),
            Mistake(
                made=lambda value: low / 100 - 0.001 <= value <= high / 100 + 0.001,
                hint="That is the fraction; a percentage was asked for.",
            ),
            Mistake(
                made=lambda value: value in (10, 90, 92),
                hint="That is a number you were given. Divide two others: Avail and Size.",
            ),
        ),
        otherwise="Take Avail and Size of the line that ends in /, in the same unit, and divide.",
    )


def _most_available() -> Exercise[float]:
    return Exercise(
        name="most-available",
        wanted="a percentage",
        read=number,
        right=_near(95, 0.05),
        because="Reserved blocks are part of the size and never available, so they are missing for good.",
        mistakes=(
            Mistake(
                made=_near(100, 0.05),
                hint="That is what 100 - Use% says. May the kubelet, or a pod, use the blocks kept for root?",
            ),
            Mistake(made=_near(5, 0.05), hint="That is the reserve. What is left of the whole beside it?"),
            Mistake(
                made=_near(90, 0.05),
                hint="The threshold plays no part here: it is held against the figure, it does not change it.",
            ),
        ),
        otherwise="Take a disk of 100 blocks, 5 of them reserved, none used. What is Avail? What is Size?",
    )


def _cannot_tell() -> Exercise[float]:
    seen = _root()
    open_ones = [percent for percent in ASKED if seen.met(_threshold(f"{percent:g}%")) is None]
    return Exercise(
        name="cannot-tell",
        wanted="one of the three percentages",
        read=number,
        right=lambda value: value in open_ones,
        because="It lies between the least and the most that the rounded figures can mean.",
        mistakes=(
            Mistake(
                made=lambda value: value in ASKED and seen.met(_threshold(f"{value:g}%")) is True,
                hint="Even the largest Avail over the smallest Size is below this one.",
            ),
            Mistake(
                made=lambda value: value in ASKED and seen.met(_threshold(f"{value:g}%")) is False,
                hint="Even the smallest Avail over the largest Size is above this one.",
            ),
        ),
        otherwise="It is one of 5, 7.6 and 10. Between which two percentages must the true one lie?",
    )


def _ten_percent() -> Exercise[float]:
    size = 100 * _GIB
    wanted = _tenth(size)
    return Exercise(
        name="ten-percent",
        wanted="a number of bytes",
        read=number,
        right=lambda value: value == wanted,
        because="Single precision has no 0.1; the nearest number it has is a little more, and 100 GiB make it visible.",
        mistakes=(
            Mistake(
                made=lambda value: value == size // 10,
                hint="That is the exact tenth. The kubelet first rounds 0.1 to single precision, and only then "
                "multiplies, in double precision.",
            ),
            Mistake(
                made=lambda value: value in (10.0**10, 10.0**11),
                hint="GiB are powers of 1024.",
            ),
            Mistake(
                made=lambda value: value == 10,
                hint="In bytes, please: the difference hides in the last digits.",
            ),
            Mistake(
                made=lambda value: value == wanted + 1,
                hint="The product is cut to a whole number, not rounded up.",
            ),
        ),
        otherwise="Multiply the capacity in bytes with the single-precision number nearest to 0.1.",
    )


def _big_disk() -> Exercise[float]:
    size = 2048 * _GIB
    return Exercise(
        name="big-disk",
        wanted="a number of GiB",
        read=number,
        right=_near(_tenth(size) / _GIB, 0.3),
        because="A percentage grows with the disk; the need for free space seldom does.",
        mistakes=(
            Mistake(made=_near(200, 0.3), hint="Nearly: how many GiB has a TiB?"),
            Mistake(
                made=lambda value: value in (0, 10, 15, 20),
                hint="The threshold is a share of the capacity. Which share of 2 TiB?",
            ),
            Mistake(
                made=_near(0.15 * 2048, 0.6),
                hint="15% is the default of imagefs.available; nodefs.available has another.",
            ),
            Mistake(
                made=_near(0.9 * 2048, 0.6),
                hint="That much may be used. How much must stay available?",
            ),
        ),
        otherwise="Take the default percentage of nodefs.available, and 2 TiB in GiB.",
    )


def _minutes_left() -> Exercise[float]:
    seen, after, before = _root(), _threshold("5%"), _threshold("10%")
    spare = seen.margin(after)
    missing = -seen.margin(before).middle / _MIB
    return Exercise(
        name="minutes-left",
        wanted="a number of minutes",
        read=number,
        right=_within(spare, _MIB),
        because="Only what lies above the threshold can be filled: available minus 5% of the size.",
        mistakes=(
            Mistake(
                made=_near(seen.available.high / _MIB, 1),
                hint="By then the disk is full. The kubelet acts earlier: when is available below the threshold?",
            ),
            Mistake(
                made=_near(0.95 * seen.available.high / _MIB, 2),
                hint="You took 5% of what is available. The percentage is of the size.",
            ),
            Mistake(
                made=_near(missing, 8),
                hint="That is how far 10% is away, which is met already. The threshold is 5% now.",
            ),
            Mistake(
                made=_within(Interval(60 * spare.low, 60 * spare.high), _MIB),
                hint="These are seconds; minutes were asked for.",
            ),
            Mistake(made=lambda value: value == 0, hint="It is not met yet: 448M are more than 5% of 5.8G."),
        ),
        otherwise="How many MiB are 5% of 5.8G? How many more are there? They go at one MiB a minute.",
    )


def _within(spare: Interval, unit: int) -> Any:
    return lambda value: spare.low / unit - 1 <= value <= spare.high / unit + 1

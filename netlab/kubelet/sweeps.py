"""What-ifs by the million: thresholds x disk sizes x usage at once, with NumPy, equal to the scalar code.

The arithmetic is the kubelet's: a percentage is held in single precision, multiplied with the capacity in
double precision, and cut to an integer; met means strictly less available than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from netlab.errors import InputError
from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.duration import SECOND
from netlab.kubelet.model import ThresholdValue
from netlab.kubelet.profile import Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.quantity import NANO, Quantity
from netlab.kubelet.thresholds import Statement, parse_threshold

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Integers: TypeAlias = npt.NDArray[np.int64]
    Booleans: TypeAlias = npt.NDArray[np.bool_]

_INT64_MIN = -(1 << 63)


def needed(values: Sequence[ThresholdValue], capacities: Sequence[int] | Integers) -> Integers:
    """What each threshold value needs of each capacity, in whole units: an array thresholds x capacities.

    A quantity that is not a whole number is rounded up, which changes no comparison with whole amounts.
    Raises InputError for amounts beyond 64 bits.

    >>> from netlab.kubelet.model import float32
    >>> needed([ThresholdValue(percentage=float32(0.1))], [100 * 2**30]).tolist()
    [[10737418400]]
    """
    import numpy as np

    sizes = np.asarray(capacities, dtype=np.int64)
    out = np.empty((len(values), sizes.size), dtype=np.int64)
    as_float = sizes.astype(np.float64)
    for row, value in enumerate(values):
        if value.quantity is not None:
            whole = -(-value.quantity.nano // NANO)
            if not _INT64_MIN <= whole < 1 << 63:
                raise InputError(f"{value.quantity} does not fit 64 bits")
            out[row] = whole
            continue
        with np.errstate(invalid="ignore"):  # NaN and infinite percentages are answered, not warned of
            product = as_float * value.percentage
        fits = (product >= -9223372036854775808.0) & (product < 9223372036854775808.0)
        out[row] = np.where(fits, np.where(fits, product, 0.0).astype(np.int64), _INT64_MIN)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The answers: ``met`` by threshold, capacity and usage; ``short`` how much is missing (negative: spare).

    ``available`` is by capacity and usage, ``needed`` by threshold and capacity.
    """

    values: tuple[ThresholdValue, ...]
    capacities: Integers
    used: Integers
    available: Integers
    needed: Integers

    @property
    def short(self) -> Integers:
        return self.needed[:, :, None] - self.available[None, :, :]

    @property
    def met(self) -> Booleans:
        return self.available[None, :, :] < self.needed[:, :, None]

    @property
    def cases(self) -> int:
        return len(self.values) * self.available.size

    def _table(self) -> tuple[list[str], list[tuple[str, ...]]]:
        counts = self.met.sum(axis=2)
        head = ["threshold", *(str(Quantity.of(int(c))) for c in self.capacities)]
        rows = [
            (str(value), *(f"{n}/{self.available.shape[1]}" for n in row))
            for value, row in zip(self.values, counts, strict=True)
        ]
        return head, rows

    def __str__(self) -> str:
        """How many of the usages meet each threshold, by capacity."""
        return text_table(*self._table())

    def _repr_html_(self) -> str:
        return html_table(*self._table(), "usages that meet the threshold")


def sweep(
    thresholds: Sequence[str | ThresholdValue],
    capacities: Sequence[int] | Integers,
    used: Sequence[float] | npt.NDArray[Any],
    profile: Profile | str,
    *,
    reserved: int = 0,
    signal: str = "nodefs.available",
) -> Sweep:
    """Judge every threshold at every capacity and usage.

    ``used`` are fractions of capacity (0 to 1), cut to whole units; ``reserved`` is what is kept for root
    and so never available. Thresholds are texts of the profile's grammar (``10%``, ``5Gi``) or values; texts
    that mean no threshold are an error. Raises InputError.

    >>> from netlab.kubelet.profile import V17
    >>> print(sweep(["10%", "5%"], [6 * 2**30], [0.85, 0.91, 0.92, 0.96], V17))
    threshold  6Gi
    10%        3/4
    5%         1/4
    """
    import numpy as np

    profile = profile_of(profile)
    values = tuple(t if isinstance(t, ThresholdValue) else _value(t, signal, profile) for t in thresholds)
    sizes = np.asarray(capacities, dtype=np.int64)
    fractions = np.asarray(used, dtype=np.float64)
    if fractions.size and not bool(((fractions >= 0) & (fractions <= 1)).all()):
        raise InputError("usage must be fractions of capacity", expected="numbers from 0 to 1")
    in_use = (sizes[:, None].astype(np.float64) * fractions[None, :]).astype(np.int64)
    available = np.maximum(0, sizes[:, None] - reserved - in_use)
    return Sweep(values, sizes, in_use, available, needed(values, sizes))


def _value(text: str, signal: str, profile: Profile) -> ThresholdValue:
    statement = Statement(signal, text, "threshold", f"{signal}<{text}")
    threshold = parse_threshold(statement, profile)
    if threshold is None:
        raise statement.error(f"{text} means no threshold at all")
    return threshold.value


def seconds_to_met(available: int, capacity: int, value: ThresholdValue, growth: int) -> int | None:
    """Whole seconds until a threshold is met if ``growth`` bytes a second are used up; None: never.

    >>> seconds_to_met(448 * 2**20, 5938 * 2**20, ThresholdValue(Quantity.of(297 * 2**20)), 2**20)
    152
    """
    spare = available - -(-value.of(capacity).nano // NANO)
    if spare < 0:
        return 0
    return None if growth <= 0 else spare // growth + 1


def passes_to_met(
    available: int, capacity: int, value: ThresholdValue, growth: int, *, every: int
) -> int | None:
    """The number of the first pass (0 is now, one each ``every`` nanoseconds) that sees the threshold met.

    >>> half = ThresholdValue(Quantity.of(500))
    >>> passes_to_met(1000, 1000, half, 10, every=10 * SECOND)  # met after 51 s, seen at 60 s
    6
    """
    seconds = seconds_to_met(available, capacity, value, growth)
    return None if seconds is None else -(-seconds * SECOND // every)

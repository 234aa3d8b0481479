"""From settings to thresholds: both grammars, and defaults.

The text of a flag is read by the profile's own grammar: v1.7 cuts the raw string itself and is strict,
current uses component-base map flags and is lenient. Facts from ``pkg/kubelet/eviction/helpers.go`` of both
lines, ``defaults_linux.go``, ``component-base/cli/flag``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from netlab.errors import InputError
from netlab.kubelet.derived import with_allocatable
from netlab.kubelet.duration import DurationError, parse_duration
from netlab.kubelet.gotext import parse_float32
from netlab.kubelet.model import Threshold, ThresholdValue, float32
from netlab.kubelet.profile import Profile, Release
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.quantity import Quantity, QuantityError, parse_quantity
from netlab.kubelet.signals import (
    SIGNALS,
    known_signal,
)

#: A setting as given: the text of a flag, or the map of a configuration file.
Given: TypeAlias = str | Mapping[str, str]

#: Default hard thresholds, and the release each came with (kubernetes/kubernetes#53069, #121834).
DEFAULT_HARD: Final[tuple[tuple[Release, str, str], ...]] = (
    ((1, 7), "memory.available", "100Mi"),
    ((1, 7), "nodefs.available", "10%"),
    ((1, 7), "nodefs.inodesFree", "5%"),
    ((1, 9), "imagefs.available", "15%"),
    ((1, 30), "imagefs.inodesFree", "5%"),
)


class ThresholdError(InputError):
    """A setting that stops the kubelet from starting; ``message`` is the kubelet's own text."""


def default_hard(release: Release) -> dict[str, str]:
    """The hard thresholds a kubelet of that release has when none are given.

    >>> default_hard((1, 7))
    {'memory.available': '100Mi', 'nodefs.available': '10%', 'nodefs.inodesFree': '5%'}
    """
    return {signal: value for since, signal, value in DEFAULT_HARD if release >= since}


@dataclass(frozen=True, slots=True)
class Statement:
    """One signal and its value, with the text they came from for carets."""

    signal: str
    value: str
    source: str
    text: str
    column: int = 0

    def error(self, message: str, *, at: int | None = None, width: int | None = None) -> ThresholdError:
        """An error that points at the value (or ``at`` characters into it), or at the signal for at=-1."""
        start = self.column if at == -1 else self.text.find(self.value, self.column + len(self.signal))
        column = max(start, 0) + max(at or 0, 0)
        return ThresholdError(
            message,
            source=self.source,
            text=self.text,
            column=column,
            width=width or max(1, len(self.signal if at == -1 else self.value)),
        )


def statements(given: Given, separator: str, profile: Profile, *, source: str) -> list[Statement]:
    """The statements of a flag or map, in order; ``separator`` is ``<`` or ``=``.

    >>> from netlab.kubelet.profile import CURRENT
    >>> [(s.signal, s.value) for s in statements(" a < 1 ,,b<2<3,a<9", "<", CURRENT, source="flag")]
    [('a', '9'), ('b', '2<3')]
    """
    if not isinstance(given, str):
        return [
            Statement(signal, value, source, f"{signal}{separator}{value}") for signal, value in given.items()
        ]
    return list((_strict if profile.is_v17 else _lenient)(given, separator, source))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    column = 0
    for piece in text.split(","):
        yield column, piece
        column += len(piece) + 1


_SYNTAX_V17: Final = {
    "--eviction-hard": "invalid eviction threshold syntax {}, expected <signal><operator><value>",
    "--eviction-soft": "invalid eviction threshold syntax {}, expected <signal><operator><value>",
    "--eviction-soft-grace-period": ("invalid eviction grace period syntax {}, expected <signal>=<duration>"),
    "--eviction-minimum-reclaim": ("invalid eviction minimum reclaim syntax: {}, expected <signal>=<value>"),
}


def _strict(text: str, separator: str, source: str) -> Iterator[Statement]:
    """v1.7: cut at every comma, exactly one separator a piece, nothing trimmed; lazy, as its loop is."""
    if not text:
        return
    for column, piece in _pieces(text):
        parts = piece.split(separator)
        if len(parts) != 2:
            raise ThresholdError(
                _SYNTAX_V17[source].format(piece),
                source=source,
                text=text,
                column=column,
                width=max(1, len(piece)),
                expected=_syntax_hint(piece, separator),
            )
        yield Statement(parts[0], parts[1], source, text, column)


def _lenient(text: str, separator: str, source: str) -> Iterator[Statement]:
    """Current: empty pieces skipped, cut at the first separator, trimmed; the last of a repeated key wins."""
    found: dict[str, Statement] = {}
    for column, piece in _pieces(text):
        if not piece:
            continue
        signal, mark, value = piece.partition(separator)
        if not mark:
            raise ThresholdError(
                f"malformed pair, expect string{separator}string",
                source=source,
                text=text,
                column=column,
                width=len(piece),
                expected=_syntax_hint(piece, separator),
            )
        indent = len(signal) - len(signal.lstrip())
        found[signal.strip()] = Statement(signal.strip(), value.strip(), source, text, column + indent)
    yield from found.values()


def _syntax_hint(piece: str, separator: str) -> str:
    what = "signal<value, such as nodefs.available<10%"
    if separator == "=":
        what = "signal=value, such as nodefs.available=1m30s for a grace period or =500Mi for a reclaim"
    if not piece:
        return what + "; there is a comma too many"
    for wrong in "≤<>=:":
        if wrong != separator and wrong in piece:
            return f"{what}; the only operator is {separator}"
    return what


def parse_percentage(text: str) -> float:
    """A percentage as the kubelet holds it: single precision, divided by 100 in single precision.

    All trailing ``%`` are stripped. Raises ValueError with Go's words.

    >>> parse_percentage("10%"), parse_percentage("10%%")
    (0.10000000149011612, 0.10000000149011612)
    """
    return float32(parse_float32(text.rstrip("%")) / 100)


def parse_threshold(statement: Statement, profile: Profile) -> Threshold | None:
    """One hard threshold (soft ones get their grace later); None where 0% or 100% means no threshold."""
    _check_signal(statement, profile)
    signal, text = statement.signal, statement.value
    if text.endswith("%"):
        if not profile.is_v17 and text in ("0%", "100%"):
            return None
        share = _percentage(statement)
        if profile.is_v17:
            if share <= 0:
                raise statement.error(f"eviction percentage threshold {signal} must be positive: {text}")
        elif share < 0:
            raise statement.error(f"eviction percentage threshold {signal} must be >= 0%: {text}")
        elif share > 1:
            raise statement.error(f"eviction percentage threshold {signal} must be <= 100%: {text}")
        return Threshold(signal=signal, value=ThresholdValue(percentage=share))
    quantity = _quantity(statement)
    if quantity.nano <= 0:
        raise statement.error(f"eviction threshold {signal} must be positive: {quantity}")
    return Threshold(signal=signal, value=ThresholdValue(quantity))


def _check_signal(statement: Statement, profile: Profile) -> None:
    if known_signal(statement.signal, profile) is None:
        error = statement.error(f"unsupported eviction signal {statement.signal}", at=-1)
        known = [name for name in SIGNALS if known_signal(name, profile)]
        near = [n for n in known if n.lower() == statement.signal.strip().lower()]
        error.expected = (
            f"{near[0]} (no spaces, upper and lower case as shown)" if near else f"one of {', '.join(known)}"
        )
        raise error


def _percentage(statement: Statement) -> float:
    try:
        return parse_percentage(statement.value)
    except ValueError as error:
        raise statement.error(str(error)) from None


def _quantity(statement: Statement) -> Quantity:
    try:
        return parse_quantity(statement.value)
    except QuantityError as error:
        raised = statement.error(error.message, at=error.column, width=error.width)
        raised.expected = error.expected
        raise raised from None


def parse_thresholds(given: Given, profile: Profile, *, source: str = "--eviction-hard") -> list[Threshold]:
    """The thresholds of one hard or soft setting, grace not yet set.

    Raises ThresholdError with the kubelet's words.
    """
    found: list[Threshold] = []
    for statement in _each(given, "<", profile, source):
        threshold = parse_threshold(statement, profile)
        if threshold is None:
            continue
        if profile.is_v17 and any(t.signal == threshold.signal for t in found):
            raise statement.error(f"found duplicate eviction threshold for signal {statement.signal}", at=-1)
        found.append(threshold)
    return found


def _each(given: Given, separator: str, profile: Profile, source: str) -> Iterable[Statement]:
    # v1.7 checks each piece before it looks at the next, so a later malformed piece must not win.
    if isinstance(given, str) and profile.is_v17:
        return _strict(given, separator, source)
    return statements(given, separator, profile, source=source)


def parse_grace_periods(given: Given, profile: Profile) -> dict[str, int]:
    """The soft grace periods in nanoseconds, by signal. Zero is accepted, and makes a threshold hard."""
    found: dict[str, int] = {}
    for statement in _each(given, "=", profile, "--eviction-soft-grace-period"):
        _check_signal(statement, profile)
        try:
            grace = parse_duration(statement.value)
        except DurationError as error:
            raised = statement.error(error.message, at=error.column, width=error.width)
            raised.expected = error.expected
            raise raised from None
        if grace < 0:
            raise statement.error(
                f"invalid eviction grace period specified: {statement.value}, must be a positive value"
            )
        if profile.is_v17 and statement.signal in found:
            raise statement.error(f"duplicate eviction grace period specified for {statement.signal}", at=-1)
        found[statement.signal] = grace
    return found


def parse_minimum_reclaims(given: Given, profile: Profile) -> dict[str, ThresholdValue]:
    """The minimum reclaims by signal: a percentage above zero, or a quantity that is not negative."""
    found: dict[str, ThresholdValue] = {}
    for statement in _each(given, "=", profile, "--eviction-minimum-reclaim"):
        _check_signal(statement, profile)
        signal, text = statement.signal, statement.value
        if text.endswith("%"):
            share = _percentage(statement)
            if share <= 0:
                raise statement.error(
                    f"eviction percentage minimum reclaim {signal} must be positive: {text}"
                )
            value = ThresholdValue(percentage=share)
        else:
            quantity = _quantity(statement)
            if quantity.nano < 0:
                raise statement.error(f"negative eviction minimum reclaim specified for {signal}")
            value = ThresholdValue(quantity)
        if profile.is_v17 and signal in found:
            raise statement.error(f"duplicate eviction minimum reclaim specified for {signal}", at=-1)
        found[signal] = value
    return found


def parse_threshold_config(
    profile: Profile | str,
    *,
    hard: Given = "",
    soft: Given = "",
    soft_grace: Given = "",
    min_reclaim: Given = "",
    enforce: Sequence[str] = ("pods",),
) -> tuple[Threshold, ...]:
    """All thresholds of a kubelet, in the order of the settings (upstream's map order is arbitrary).

    Order of evaluation, hence of errors: hard, soft, grace, minimum reclaim, soft paired with grace.
    With ``pods`` in ``enforce`` the allocatable thresholds join. Defaults are the caller's: see default_hard.

    >>> from netlab.kubelet.profile import CURRENT
    >>> for t in parse_threshold_config(CURRENT, hard="memory.available<100Mi", soft="nodefs.available<15%",
    ...                                 soft_grace="nodefs.available=1m30s"):
    ...     print(t)
    memory.available<100Mi
    nodefs.available<15% for 1m30s
    allocatableMemory.available<100Mi

    Raises ThresholdError with the kubelet's words.
    """
    profile = profile_of(profile)
    if not profile.is_v17:  # map flags are cut while the command line is read, before anything is evaluated
        for given, separator, source in (
            (hard, "<", "--eviction-hard"),
            (soft, "<", "--eviction-soft"),
            (soft_grace, "=", "--eviction-soft-grace-period"),
            (min_reclaim, "=", "--eviction-minimum-reclaim"),
        ):
            statements(given, separator, profile, source=source)
    thresholds = parse_thresholds(hard, profile)
    soft_thresholds = parse_thresholds(soft, profile, source="--eviction-soft")
    grace = parse_grace_periods(soft_grace, profile)
    reclaim = parse_minimum_reclaims(min_reclaim, profile)
    for threshold in soft_thresholds:
        if threshold.signal not in grace:
            raise ThresholdError(
                f"grace period must be specified for the soft eviction threshold {threshold.signal}",
                source="--eviction-soft",
                text=soft if isinstance(soft, str) else f"{threshold.signal}<{soft[threshold.signal]}",
                column=soft.find(threshold.signal) if isinstance(soft, str) else 0,
                width=len(threshold.signal),
                expected=f"--eviction-soft-grace-period={threshold.signal}=1m30s or the like",
            )
        thresholds.append(replace(threshold, grace=grace[threshold.signal]))
    thresholds = [replace(t, min_reclaim=reclaim.get(t.signal)) for t in thresholds]
    if "pods" in enforce:
        thresholds = with_allocatable(thresholds, profile)
    return tuple(thresholds)

"""What to change so that a threshold is no longer met, and what each change costs.

Two ways: free space (at least what is missing, minimum reclaim included), or lower the threshold. Either a flag
or a file's map replaces all others, so the setting is given twice: alone, with what it loses, and in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from netlab.kubelet.derived import allocatable
from netlab.kubelet.model import Threshold, ThresholdValue, float32
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import NANO, Quantity
from netlab.kubelet.readings import Reading
from netlab.kubelet.settings import KubeletSettings
from netlab.kubelet.signals import SIGNALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One remedy for one threshold: what to do, and what it costs."""

    title: str
    what: str
    costs: tuple[str, ...] = ()
    safer: str = ""

    def lines(self) -> list[str]:
        safer = [f"without that loss: {self.safer}"] if self.safer else []
        return [self.what, *(f"cost: {cost}" for cost in self.costs), *safer]

    def json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "what": self.what,
            "costs": list(self.costs),
            "safer": self.safer or None,
        }


def changes(
    settings: KubeletSettings,
    judged: Sequence[tuple[Threshold, Reading, bool]],
    readings: Mapping[str, Reading],
) -> tuple[Change, ...]:
    """The remedies for every threshold that is met; only hard ones on signals that a user can set lower."""
    out: list[Change] = []
    for threshold, reading, met in judged:
        if not met:
            continue
        out.append(_free(threshold, reading))
        settable = not threshold.signal.startswith(("allocatable", "containerfs"))
        if threshold.hard and settable:
            lower = lower_value(threshold, reading)
            if lower is not None:
                out.append(_lower(settings, threshold, lower, readings))
    return tuple(out)


def lower_value(threshold: Threshold, reading: Reading) -> str | None:
    """The highest value in the threshold's own terms that is not met for certain; None where there is none.

    A percentage in steps of one, else of a tenth; a quantity in whole MiB.
    """
    available, capacity = reading.available.low, reading.capacity.high
    if threshold.value.quantity is not None:
        mib = available // 2**20
        return f"{mib}Mi" if mib > 0 else None
    for step in (1, 10):
        for tenth in range(int(100 * step * threshold.value.percentage), 0, -1):
            text = str(tenth // step) if step == 1 else f"{tenth / step:g}"
            value = ThresholdValue(percentage=float32(float32(float(text)) / 100))
            if value.of(capacity).nano <= available * NANO:
                return f"{text}%"
    return None


def _free(threshold: Threshold, reading: Reading) -> Change:
    most = reading.quantity(threshold).high
    if threshold.min_reclaim is not None:
        most += -(-threshold.min_reclaim.of(reading.capacity.high).nano // NANO)
    short = most - reading.available.low
    unit = SIGNALS[threshold.signal].unit
    amount = f"{short} {unit}" + (f" ({short / 2**20:.1f} MiB)" if unit == "bytes" else "")
    where = SIGNALS[threshold.signal].filesystem or threshold.signal.partition(".")[0]
    return Change(
        title=f"free {where} ({threshold})",
        what=f"free at least {amount} on {where}"
        + (", minimum reclaim included" if threshold.min_reclaim is not None else ""),
        costs=("none to the settings; the condition stays for the transition period",),
    )


def _lower(
    settings: KubeletSettings, threshold: Threshold, value: str, readings: Mapping[str, Reading]
) -> Change:
    alone = {threshold.signal: value}
    hard = {t.signal: _text(t) for t in settings.hard_thresholds}
    full = hard | alone
    changed = _with(settings, alone)
    costs = [f"{signal}<{hard[signal]} is lost" for signal in hard if signal != threshold.signal]
    copied = not settings.profile.is_v17 and "pods" in settings.enforce and "memory.available" in hard
    if copied and "memory.available" not in alone:
        costs.append("allocatableMemory.available, a copy of the hard memory.available, is lost with it")
    costs += _allocatable(settings, changed, readings)
    costs.append("a restart of the kubelet, which also forgets the transition period")
    in_file = _in_file(settings)
    safer = _setting(full, in_file) if len(full) > 1 else ""
    if in_file and safer and settings.profile.has("merge_default_eviction_settings"):
        safer += f", or {_setting(alone, in_file)} with mergeDefaultEvictionSettings: true"
    return Change(
        title=f"lower {threshold.signal}", what=_setting(alone, in_file), costs=tuple(costs), safer=safer
    )


def _in_file(settings: KubeletSettings) -> bool:
    """Whether the hard thresholds came from a configuration file, so that the change belongs there."""
    item = settings.item("evictionHard")
    return item is not None and item.via in ("file", "configz")


def _setting(hard: Mapping[str, str], in_file: bool) -> str:
    if in_file:
        return "evictionHard: {" + ", ".join(f'"{signal}": "{value}"' for signal, value in hard.items()) + "}"
    return f"--eviction-hard={_flag(hard)}"


def _with(settings: KubeletSettings, hard: Mapping[str, str]) -> KubeletSettings:
    return replace(settings, hard=_flag(hard) if settings.profile.is_v17 else dict(hard))


def _flag(hard: Mapping[str, str]) -> str:
    return ",".join(f"{signal}<{value}" for signal, value in hard.items())


def _text(threshold: Threshold) -> str:
    return str(threshold.value)


def _allocatable(
    before: KubeletSettings, after: KubeletSettings, readings: Mapping[str, Reading]
) -> list[str]:
    """How much more the scheduler may hand out."""
    capacity = {}
    for resource, signal in _CAPACITY.items():
        if signal in readings and _counts(resource, before.profile):
            capacity[resource] = Quantity.of(readings[signal].capacity.middle)
    old = allocatable(capacity, before.hard_thresholds, before.profile)
    new = allocatable(capacity, after.hard_thresholds, after.profile)
    out = [
        f"Allocatable {resource} goes from {old[resource]} to {new[resource]}"
        for resource in capacity
        if old[resource] != new[resource]
    ]
    if "memory" not in capacity:
        reserved = [t for t in before.hard_thresholds if t.signal == "memory.available"]
        if reserved and not any(t.signal == "memory.available" for t in after.hard_thresholds):
            out.append(f"Allocatable memory grows by {reserved[0].value}")
    return out


_CAPACITY = {"memory": "memory.available", "ephemeral-storage": "nodefs.available"}


def _counts(resource: str, profile: Profile) -> bool:
    return resource == "memory" or not profile.is_v17

"""Items of any origin layered into settings: defaults, then files, then flags, maps replacing as a whole.

Facts from ``cmd/kubelet/app/server.go`` (loadConfigFile, and the flags that are applied again after it) and
``component-base/cli/flag``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet.duration import DurationError, parse_duration
from netlab.kubelet.profile import Profile
from netlab.kubelet.quantity import Quantity, QuantityError, parse_quantity
from netlab.kubelet.settings import DEFAULT_TRANSITION, NAMES, Item, KubeletSettings
from netlab.kubelet.thresholds import default_hard, statements

_THRESHOLD_MAPS: Final = ("evictionHard", "evictionSoft")
_MAPS: Final = (*_THRESHOLD_MAPS, "evictionSoftGracePeriod", "evictionMinimumReclaim")
_PAIR_MAPS: Final = ("kubeReserved", "systemReserved", "featureGates")


def settle(items: Sequence[Item], profile: Profile, notes: Sequence[str] = ()) -> KubeletSettings:
    """Layer items into settings: defaults, then files in order, then flags, maps replacing as a whole."""
    values: dict[str, Any] = {}
    merged: tuple[str, ...] = ()
    for item in items:
        if item.via != "flag":
            values[item.name] = item.value
    hard = values.get("evictionHard")
    if "mergeDefaultEvictionSettings" in values and not profile.has("merge_default_eviction_settings"):
        item = next(i for i in items if i.name == "mergeDefaultEvictionSettings")
        raise InputError(
            'unknown field "mergeDefaultEvictionSettings"',
            source=item.source, line=item.line, text=item.text, column=item.text.find(item.name),
            width=len(item.name), expected="v1.33 or later for this field",
        )  # fmt: skip
    if values.get("mergeDefaultEvictionSettings") and isinstance(hard, dict):
        defaults = default_hard(profile.release)
        merged = tuple(signal for signal in defaults if signal not in hard)
        values["evictionHard"] = hard | {signal: defaults[signal] for signal in merged}
    started: set[str] = set()
    for item in items:
        if item.via == "flag":
            if item.name in _MAPS and not profile.is_v17:
                if item.name == "evictionHard":
                    merged = ()
                before = values[item.name] if item.name in started else {}
                values[item.name] = before | _map_flag(item, profile)
            elif item.name in _PAIR_MAPS:
                before = values[item.name] if item.name in started else {}
                values[item.name] = before | _pairs(item)
            else:
                values[item.name] = item.value
            started.add(item.name)
    return _settings(values, items, profile, merged, notes)


def _map_flag(item: Item, profile: Profile) -> dict[str, str]:
    separator = "<" if item.name in _THRESHOLD_MAPS else "="
    flag = next(flag for flag, field in NAMES if field == item.name)
    try:
        found = statements(str(item.value), separator, profile, source=f"--{flag}")
    except InputError as error:
        _relocate(error, item)
        raise
    return {s.signal: s.value for s in found}


def _pairs(item: Item) -> dict[str, str]:
    result = {}
    for piece in str(item.value).split(","):
        if piece:
            key, equals, value = piece.partition("=")
            if not equals:
                raise _bad(item, "malformed pair, expect string=string", "name=value,name=value")
            result[key.strip()] = value.strip()
    return result


def _settings(
    values: Mapping[str, Any],
    items: Sequence[Item],
    profile: Profile,
    merged: tuple[str, ...],
    notes: Sequence[str],
) -> KubeletSettings:
    def item(name: str) -> Item:
        return [i for i in items if i.name == name][-1]

    def number(name: str, default: int) -> int:
        if name not in values:
            return default
        try:
            return int(values[name])
        except ValueError:
            raise _bad(
                item(name), f"{name}: {values[name]} is not a whole number", "a whole number"
            ) from None

    def reserved(name: str) -> dict[str, Quantity]:
        result = {}
        for resource, text in values.get(name, {}).items():
            try:
                result[resource] = parse_quantity(text)
            except QuantityError as error:
                raise _bad(item(name), f"{resource}: {error.message}", error.expected or "") from None
        return result

    settings = KubeletSettings(
        profile=profile,
        hard=values.get("evictionHard"),
        soft=values.get("evictionSoft", ""),
        soft_grace=values.get("evictionSoftGracePeriod", ""),
        min_reclaim=values.get("evictionMinimumReclaim", ""),
        max_pod_grace_seconds=number("evictionMaxPodGracePeriod", 0),
        transition_period=_transition(values, items),
        merged_defaults=merged,
        enforce=_enforced(values.get("enforceNodeAllocatable", ["pods"])),
        image_gc_high=number("imageGCHighThresholdPercent", 85),
        image_gc_low=number("imageGCLowThresholdPercent", 80),
        kube_reserved=reserved("kubeReserved"),
        system_reserved=reserved("systemReserved"),
        feature_gates={
            k: str(v).lower() in ("true", "1", "t") for k, v in values.get("featureGates", {}).items()
        },
        root_dir=values.get("root-dir", "/var/lib/kubelet"),
        allocatable_ignores_eviction=values.get("experimental-allocatable-ignore-eviction") == "true",
        items=tuple(items),
        notes=tuple(notes),
    )
    _check(settings)
    return settings


def _check(settings: KubeletSettings) -> None:
    """Parse the thresholds now, so that a refusal names the file and line the setting was written in."""
    try:
        _ = settings.thresholds
    except InputError as error:
        item = settings.item(next(field or "" for flag, field in NAMES if f"--{flag}" == error.source))
        assert item is not None  # only a setting that was given can be wrong
        _relocate(error, item)
        raise


def _relocate(error: InputError, item: Item) -> None:
    """Move an error about a setting's value to the place where the setting was written."""
    text, column = error.text or "", error.column or 0
    error.source, error.line = item.source, item.line
    signal = next((s for s in item.places if text.startswith(s)), None)
    if signal is not None:
        error.line, error.text = item.places[signal]
        error.column = max(error.text.find(text[column:][: error.width]), 0)
    elif text and text in item.text:
        error.column = column + item.text.find(text)
        error.text = item.text


def _transition(values: Mapping[str, Any], items: Sequence[Item]) -> int:
    """A zero in a file means the default of 5m; a zero flag is a true zero, which hides every condition."""
    if "evictionPressureTransitionPeriod" not in values:
        return DEFAULT_TRANSITION
    item = [i for i in items if i.name == "evictionPressureTransitionPeriod"]
    chosen = ([i for i in item if i.via == "flag"] or item)[-1]
    try:
        period = parse_duration(str(values["evictionPressureTransitionPeriod"]))
    except DurationError as error:
        raise _bad(chosen, error.message, error.expected or "") from None
    return period if period or chosen.via == "flag" else DEFAULT_TRANSITION


def _enforced(value: str | list[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    return tuple(str(name) for name in names if name)


def _bad(item: Item, message: str, expected: str) -> InputError:
    value = item.value if isinstance(item.value, str) else json.dumps(item.value)
    column = item.text.find(value)
    return InputError(
        message,
        source=item.source,
        line=item.line,
        text=item.text,
        column=max(column, 0),
        width=max(1, len(value)) if column >= 0 else 1,
        expected=expected,
    )

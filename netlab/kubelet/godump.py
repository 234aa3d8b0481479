"""Thresholds out of the node-config dump that a kubelet logs when it starts.

v1.7 prints a Go struct (``{Signal:memory.available Operator:LessThan Value:{Quantity:100Mi ...``), current
prints JSON; people also reformat the struct by hand and lose the spaces. All three are read. The dump comes
from the kubelet's second parse: hard thresholds only, without minimum reclaims.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet.duration import parse_duration
from netlab.kubelet.model import Threshold, ThresholdValue, float32
from netlab.kubelet.quantity import parse_quantity
from netlab.kubelet.thresholds import parse_percentage

_LIST: Final = re.compile(r"\"?HardEvictionThresholds\"?\s*:\s*")
_STRUCT: Final = re.compile(
    r"\{\s*Signal:\s*(?P<signal>\S+?)\s*Operator:\s*(?P<op>[A-Za-z]*?)\s*Value:\s*\{"
    r"\s*Quantity:\s*(?P<quantity>\S+?)\s*Percentage:\s*(?P<percentage>[0-9.eE+-]+)\s*\}"
    r"\s*GracePeriod:\s*(?P<grace>\S+?)\s*MinReclaim:\s*(?P<reclaim>[^\s{}]+)\s*\}"
)
_ONE: Final = re.compile(
    r"\s*Signal:\s*(?P<signal>\S+?)\s*Operator:\s*(?P<op>[A-Za-z]*?)\s*Value:\s*\{"
    r"\s*Quantity:\s*(?P<quantity>\S+?)\s*Percentage:\s*(?P<percentage>[0-9.eE+-]+)\s*\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The hard thresholds of one dump and its line; ``enforce`` where the dump has enforceNodeAllocatable."""

    thresholds: tuple[Threshold, ...]
    line: int
    enforce: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


def read_dumps(text: str, *, source: str = "<dump>") -> list[Dump]:
    """Every HardEvictionThresholds list in a log, in order.

    >>> line = ("HardEvictionThresholds:[{Signal:nodefs.available Operator:LessThan Value:"
    ...         "{Quantity:<nil> Percentage:0.05} GracePeriod:0s MinReclaim:<nil>}]")
    >>> [str(t) for t in read_dumps(line)[0].thresholds]
    ['nodefs.available<5%']

    Raises InputError where a list is there but cannot be read to its end.
    """
    dumps = []
    for match in _LIST.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        start = match.end()
        if text.startswith(("null", "<nil>"), start):
            dumps.append(Dump(thresholds=(), line=line))
            continue
        if not text.startswith("[", start):
            raise _error(text, start, "no list of thresholds", source)
        end = _closing(text, start)
        if end is None:
            raise _error(text, start, "the list of thresholds does not end: the line is cut", source)
        body = text[start:end]
        read = _from_json if '"Signal"' in body else _from_struct
        notes: list[str] = []
        try:
            thresholds = tuple(read(body, start, text, source, notes))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, InputError) and error.source == source:
                raise
            raise _error(text, start, f"not a list of thresholds: {_short(error)}", source) from None
        dumps.append(
            Dump(
                thresholds=thresholds,
                line=line,
                enforce=_enforce(text[: match.start()].rpartition("\n")[2]),
                notes=tuple(notes),
            )
        )
    if not dumps and _ONE.search(text):
        for match in _ONE.finditer(text):
            found = _threshold(match, "0s", "<nil>", [])
            dumps.append(Dump(thresholds=(found,), line=text.count("\n", 0, match.start()) + 1))
    return dumps


def _short(error: Exception) -> str:
    if isinstance(error, InputError):
        return f"{error.message}: {error.text}"
    return f"no {error.args[0]}" if isinstance(error, KeyError) else str(error)


def _closing(text: str, start: int) -> int | None:
    """The end of the bracket that opens at ``start``."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] == "[":
            depth += 1
        elif text[index] == "]":
            depth -= 1
            if not depth:
                return index + 1
    return None


def _from_struct(body: str, start: int, text: str, source: str, notes: list[str]) -> Iterator[Threshold]:
    at = 1
    while True:
        match = re.compile(r"[\s,]*").match(body, at)
        at = match.end() if match else at
        if body[at] == "]":
            return
        found = _STRUCT.match(body, at)
        if found is None:
            raise _error(text, start + at, "not a threshold", source)
        yield _threshold(found, found["grace"], found["reclaim"], notes)
        at = found.end()


def _threshold(found: re.Match[str], grace: str, reclaim: str, notes: list[str]) -> Threshold:
    if reclaim not in ("<nil>", "nil"):
        notes.append(f"the minimum reclaim of {found['signal']} is printed as an address: unknown")
    quantity = found["quantity"]
    if quantity == "<nil>":
        value = ThresholdValue(percentage=float32(float(found["percentage"])))
    else:
        value = ThresholdValue(parse_quantity(quantity))
    return Threshold(signal=found["signal"], op=found["op"], value=value, grace=parse_duration(grace))


def _from_json(body: str, start: int, text: str, source: str, notes: list[str]) -> Iterator[Threshold]:
    try:
        entries = json.loads(body)
    except ValueError:
        try:  # inside a quoted klog value
            entries = json.loads(body.replace('\\"', '"'))
        except ValueError as error:
            raise _error(text, start, f"not JSON: {error}", source) from None
    for entry in entries:
        yield Threshold(
            signal=entry["Signal"],
            op=entry["Operator"],
            value=_json_value(entry["Value"]),
            grace=int(entry.get("GracePeriod") or 0),
            min_reclaim=_json_value(entry["MinReclaim"]) if entry.get("MinReclaim") else None,
        )


def _json_value(value: dict[str, Any]) -> ThresholdValue:
    if value.get("Quantity") is not None:
        return ThresholdValue(parse_quantity(str(value["Quantity"])))
    return ThresholdValue(percentage=float32(float(value.get("Percentage") or 0)))


def _enforce(before: str) -> tuple[str, ...] | None:
    match = re.search(r"\"?EnforceNodeAllocatable\"?:(?:map\[(?P<go>[^\]]*)\]|(?P<json>\{[^}]*\}+))", before)
    if match is None:
        return None
    if match["go"] is not None:
        return tuple(re.findall(r"(\S+?):\{\}", match["go"]))
    return tuple(re.findall(r"\"([^\"]+)\"\s*:\s*\{\}", match["json"]))


def _error(text: str, at: int, message: str, source: str) -> InputError:
    first = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return InputError(
        message,
        source=source,
        line=text.count("\n", 0, at) + 1,
        text=text[first : end if end >= 0 else len(text)],
        column=at - first,
        expected="{Signal:nodefs.available Operator:LessThan Value:{Quantity:<nil> Percentage:0.1} "
        "GracePeriod:0s MinReclaim:<nil>}",
    )


def value_text(value: ThresholdValue) -> str:
    """A text that parses back to exactly this value: a quantity, or the shortest such percentage.

    Never 0% or 100%, which switch a threshold off. A share that no text gives (someone edited the dump)
    comes out as the nearest one with nine digits.

    >>> [value_text(ThresholdValue(percentage=float32(share))) for share in (0.1, 1.0)]
    ['10%', '100.0%']
    """
    if value.quantity is not None:
        return str(value.quantity)
    hundredfold = float32(value.percentage * 100)
    for candidate in _around(hundredfold):
        for digits in range(1, 10):
            text = f"{candidate:.{digits}g}"
            if parse_percentage(text) == value.percentage:
                plain = f"{Decimal(text):f}"
                return f"{plain}.0%" if plain in ("0", "100") else f"{plain}%"
    return f"{hundredfold:.9g}%"


def _around(number: float) -> Iterator[float]:
    """The number and its neighbours in single precision."""
    yield number
    (bits,) = struct.unpack("<I", struct.pack("<f", number))
    for step in (-1, 1, -2, 2):
        yield float(struct.unpack("<f", struct.pack("<I", (bits + step) % 2**32))[0])

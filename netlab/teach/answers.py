"""What learners type, read leniently where the meaning is clear: numbers, durations, names, flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.duration import SECOND, parse_duration
from netlab.kubelet.model import ThresholdValue
from netlab.kubelet.profile import Profile
from netlab.kubelet.thresholds import parse_threshold_config

_NUMBER: Final = re.compile(r"\s*(-?[0-9][0-9_ ]*(?:[.,][0-9]+)?)\s*%?\s*")
_SOURCE: Final = "your answer"


def number(answer: object) -> float:
    """A number, or text with one; a decimal comma and a percent sign are understood. Raises InputError.

    >>> number("7,5 %"), number(95), number("10_737_418_400")
    (7.5, 95.0, 10737418400.0)
    """
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        return float(answer)
    if isinstance(answer, str):
        match = _NUMBER.fullmatch(answer)
        if match:
            return float(re.sub(r"[_ ]", "", match[1]).replace(",", "."))
    raise _no(answer, "a number", "a number such as 12.5")


def numbers(count: int) -> Callable[[object], tuple[float, ...]]:
    """Reads so many numbers in an order, such as ``(1, 2)``."""

    def read(answer: object) -> tuple[float, ...]:
        parts = answer.split(",") if isinstance(answer, str) else answer
        if not isinstance(parts, (tuple, list)) or len(parts) != count:
            example = ", ".join(str(n) for n in range(1, count + 1))
            raise _no(answer, f"{count} numbers", f"{count} numbers in brackets, such as ({example})")
        return tuple(number(part) for part in parts)

    return read


def seconds(answer: object) -> float:
    """A Go duration such as ``2m10s``, or a number of seconds. Raises InputError.

    >>> seconds("2m10s"), seconds(130)
    (130.0, 130.0)
    """
    if isinstance(answer, str) and not _NUMBER.fullmatch(answer):
        return parse_duration(answer.replace(" ", "")) / SECOND
    return number(answer)


def names(answer: object) -> tuple[str, ...]:
    """Names in an order: a list of texts, or one text with commas or spaces. Raises InputError.

    >>> names("web, batch"), names(["web"])
    (('web', 'batch'), ('web',))
    """
    if isinstance(answer, str):
        return tuple(re.split(r"[\s,]+", answer.strip(" ,\n")))
    if isinstance(answer, Iterable):
        parts = list(answer)
        if all(isinstance(part, str) for part in parts):
            return tuple(part.strip() for part in parts)
    raise _no(answer, "names", 'names such as ("web", "batch")')


def flag_value(text: str, name: str) -> str:
    """The value of a flag, with or without the flag's name and quotes.

    >>> flag_value("--eviction-hard='nodefs.available<5%'", "--eviction-hard")
    'nodefs.available<5%'
    """
    return text.strip().removeprefix(name).lstrip(" =").strip("'\"")


def hard_flag(profile: Profile) -> Callable[[object], dict[str, ThresholdValue]]:
    """Reads the value of ``--eviction-hard``, with or without the flag's name, as that kubelet would."""

    def read(answer: object) -> dict[str, ThresholdValue]:
        if not isinstance(answer, str):
            raise _no(answer, "the text of a flag", '"--eviction-hard=SIGNAL<VALUE,..."')
        thresholds = parse_threshold_config(profile, hard=flag_value(answer, "--eviction-hard"), enforce=())
        return {t.signal: t.value for t in thresholds}

    return read


def commands(answer: object, source: str) -> str:
    """Shell commands as text; ``source`` is what errors call them. Raises InputError for anything else."""
    if not isinstance(answer, str) or not answer.strip():
        raise InputError(
            "these are no commands",
            source=source,
            text=repr(answer),
            column=0,
            expected='text such as "iptables -A ..."',
        )
    return answer


def _no(answer: object, what: str, expected: str) -> InputError:
    return InputError(f"this is not {what}", source=_SOURCE, text=repr(answer), column=0, expected=expected)

"""What a self-check is: an answer is right, a typical mistake with a hint, or something else.

A hint speaks to the idea behind the mistake and does not give the answer away. Right answers and the values that
give a mistake away are computed with the package, not written down.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Any, Final, Generic, TypeVar

from netlab.errors import InputError
from netlab.show.words import listed, printable
from netlab.teach.kept import current

T = TypeVar("T")

RIGHT: Final = "Right."
NOT_YET: Final = "Not yet."
NO_ANSWER: Final = "No answer yet."
UNKNOWN: Final = "No such exercise."
_WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake(Generic[T]):
    """A wrong answer that people give for a reason: ``made`` recognises it, ``hint`` speaks to the reason."""

    made: Callable[[T], bool]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise(Generic[T]):
    """One question with its answers.

    ``read`` turns what the learner gave into the value that the rest judges; it raises InputError for what cannot be
    an answer at all. The first mistake that was made speaks, and those after it are not asked; ``otherwise`` is said
    where none was recognised, and may be empty where the mistakes cover every wrong answer.
    """

    name: str
    wanted: str
    read: Callable[[object], T]
    right: Callable[[T], bool]
    because: str
    mistakes: tuple[Mistake[T], ...]
    otherwise: str = ""

    def judge(self, answer: object) -> Outcome:
        """The verdict on an answer; three dots mean that there is none yet."""
        if answer is ...:
            return Outcome(self.name, NO_ANSWER, f"Put {self.wanted} in place of the three dots.")
        try:
            value = self.read(answer)
        except InputError as error:
            return Outcome(self.name, NOT_YET, str(error))
        if self.right(value):
            return Outcome(self.name, RIGHT, self.because)
        hints = (mistake.hint for mistake in self.mistakes if mistake.made(value))
        return Outcome(self.name, NOT_YET, next(hints, self.otherwise))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says: a ``verdict`` (one of ``RIGHT``, ``NOT_YET``, ``NO_ANSWER``, ``UNKNOWN``) and words.

    Predictions answered by typing say it in the same form, with verdicts of ``netlab.teach.asking``.

    ``note`` says why the learner's progress was not kept, and is empty where nothing stood in the way.
    """

    name: str
    verdict: str
    says: str
    note: str = ""

    @property
    def right(self) -> bool:
        return self.verdict == RIGHT

    def __repr__(self) -> str:
        says, note = printable(self.says), f" {printable(self.note)}" if self.note else ""
        if "\n" in says:  # an error with its caret keeps its lines
            return f"{self.verdict}\n{says}{note}"
        words = f"{self.verdict} {says}{note}"
        return textwrap.fill(words, _WIDTH, break_on_hyphens=False, break_long_words=False)

    def _repr_html_(self) -> str:
        says, lines = escape(printable(self.says)), "\n" in self.says
        words = f"<pre>{says}</pre>" if lines else f" {says}"
        words += f" {escape(printable(self.note))}" if self.note else ""
        tag = "div" if lines else "p"
        return f'<{tag} role="status"><b>{self.verdict}</b>{words}</{tag}>'


def _rooms() -> Mapping[str, tuple[Exercise[Any], ...]]:
    from netlab.teach import (
        arithmetic,
        bridging,
        building,
        leaving,
        manager,
        own_run,
        reading,
        repairs,
        serving,
        translating,
    )

    return {
        "00": building.start(),
        "01": reading.exercises(),
        "02": building.build(),
        "03": bridging.bridge(),
        "04": bridging.hooks(),
        "05": leaving.conntrack(),
        "06": leaving.leaving(),
        "07": translating.masquerade(),
        "08": translating.publish(),
        "09": serving.exercises(),
        "10": arithmetic.exercises(),
        "11": manager.exercises(),
        "12": repairs.exercises(),
        "13": own_run.exercises(),
    }


@cache
def exercises() -> Mapping[str, Exercise[Any]]:
    """All exercises by name."""
    return {one.name: one for room in _rooms().values() for one in room}


@cache
def exercises_of() -> Mapping[str, tuple[str, ...]]:
    """The names of the exercises by the number of their notebook, in its order."""
    return {notebook: tuple(one.name for one in room) for notebook, room in _rooms().items()}


def check(name: str, answer: object = ...) -> Outcome:
    """Judge an answer to the exercise of that name, and keep that it was right.

    Nothing is raised: what is wrong is said.

    >>> check("most-available", 100).verdict
    'Not yet.'
    >>> check("most-available", 95).right
    True
    """
    found = exercises().get(name)
    if found is None:
        return Outcome(name, UNKNOWN, f"{name!r} is not one of {listed(sorted(exercises()))}.")
    outcome = found.judge(answer)
    if not outcome.right:
        return outcome
    ours = current()
    ours.solve(name)
    return replace(outcome, note=ours.trouble)

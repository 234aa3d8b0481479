"""What a self-check is: an answer is right, a typical mistake with a hint, or something else.

A hint speaks to the idea behind the mistake and does not give the answer away. Right answers and the values that
give a mistake away are computed with the package, not written down.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final, Generic, TypeVar

from netlab.errors import InputError
from netlab.show.words import listed, printable

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
    """What a check says: a ``verdict`` (one of ``RIGHT``, ``NOT_YET``, ``NO_ANSWER``, ``UNKNOWN``) and words."""

    name: str
    verdict: str
    says: str

    @property
    def right(self) -> bool:
        return self.verdict == RIGHT

    def __repr__(self) -> str:
        says = printable(self.says)
        if "\n" in says:  # an error with its caret keeps its lines
            return f"{self.verdict}\n{says}"
        return textwrap.fill(f"{self.verdict} {says}", _WIDTH, break_on_hyphens=False, break_long_words=False)

    def _repr_html_(self) -> str:
        says, lines = escape(printable(self.says)), "\n" in self.says
        words = f"<pre>{says}</pre>" if lines else f" {says}"
        tag = "div" if lines else "p"
        return f'<{tag} role="status"><b>{self.verdict}</b>{words}</{tag}>'


@cache
def exercises() -> Mapping[str, Exercise[Any]]:
    """All exercises by name."""
    from netlab.teach import arithmetic, manager, repairs

    rooms = (arithmetic, manager, repairs)
    return {one.name: one for room in rooms for one in room.exercises()}


def check(name: str, answer: object = ...) -> Outcome:
    """Judge an answer to the exercise of that name. Nothing is raised: what is wrong is said.

    >>> check("most-available", 100).verdict
    'Not yet.'
    >>> check("most-available", 95).right
    True
    """
    found = exercises().get(name)
    if found is None:
        return Outcome(name, UNKNOWN, f"{name!r} is not one of {listed(sorted(exercises()))}.")
    return found.judge(answer)

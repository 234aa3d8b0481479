"""What every target has in common, the standard verdicts, and jumps to a user's chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


class Target:
    """A target: ``name`` as after ``-j``, its options as fields.

    ``save`` returns the options as iptables-save prints them after ``-j NAME`` (with a leading space, or
    empty); ``list`` returns the text that ``iptables -L`` prints after the matches.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What a listing prints in the target column."""
        return self.name

    def save(self) -> str:
        return ""

    def list(self, numeric: bool = True) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Verdict(Target):
    """A standard verdict: ACCEPT, DROP or RETURN."""

    name: str


@dataclass(frozen=True, slots=True)
class Jump(Target):
    """``-j CHAIN``: ``name`` is the user's chain; it returns here."""

    name: str


@dataclass(frozen=True, slots=True)
class Goto(Target):
    """``-g CHAIN``: like a jump, but the chain's end returns to where the last jump was made."""

    name: str


ACCEPT: Final = Verdict("ACCEPT")
DROP: Final = Verdict("DROP")
RETURN: Final = Verdict("RETURN")

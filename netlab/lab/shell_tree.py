"""The syntax tree of a lab script: what the shell parser gives and the interpreter walks.

Every word and command keeps its :class:`Place`, so that whatever goes wrong later can point at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from netlab.errors import InputError, NotModelledError


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a script: the line (from 1), its text, the column (from 0) and the width."""

    source: str
    line: int
    text: str
    column: int = 0
    width: int = 1

    def error(self, message: str, *, expected: str | None = None) -> InputError:
        """An :class:`InputError` that points here."""
        return InputError(message, **self._where(), expected=expected)  # type: ignore[arg-type]

    def refuse(self, message: str, *, expected: str | None = None) -> NotModelledError:
        """A :class:`NotModelledError` that points here."""
        return NotModelledError(message, **self._where(), expected=expected)  # type: ignore[arg-type]

    def _where(self) -> dict[str, str | int]:
        return {
            "source": self.source,
            "line": self.line,
            "text": self.text,
            "column": self.column,
            "width": min(self.width, 60),
        }


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself; quoted text is neither split nor a pattern."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """``$name`` or ``${name OP word}``; ``op``: '', ``- = + ?`` (also with ``:``), ``# ## % %%`` or ``len``."""

    name: str
    op: str = ""
    word: Word | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(commands)`` or backquotes."""

    body: Body
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``$((expression))``."""

    expression: Word
    quoted: bool = False


Part: TypeAlias = Literal | Parameter | Substitution | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command before expansion."""

    parts: tuple[Part, ...]
    place: Place

    @property
    def literal(self) -> str | None:
        """The word's text if nothing in it has to be expanded, else None."""
        out = []
        for part in self.parts:
            if not isinstance(part, Literal):
                return None
            out.append(part.text)
        return "".join(out)


@dataclass(frozen=True, slots=True)
class Redirect:
    """``FD OP TARGET``: op is ``<  >  >>  >|  <>  <&  >&`` or ``<<`` (then ``target`` is the body)."""

    fd: int
    op: str
    target: Word
    place: Place


@dataclass(frozen=True, slots=True)
class Assignment:
    """``NAME=word`` in front of a command."""

    name: str
    value: Word
    place: Place


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command: assignments, words, redirections."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Group:
    """``{ ...; }``, or ``( ... )`` where ``subshell`` is true."""

    body: Body
    subshell: bool
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class If:
    """``if``/``elif`` branches in order, each a condition and a body, and the ``else`` body."""

    branches: tuple[tuple[Body, Body], ...]
    otherwise: Body | None
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class For:
    """``for name in words; do body; done``; ``words`` is None where ``in`` is left out."""

    name: str
    words: tuple[Word, ...] | None
    body: Body
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Loop:
    """``while condition; do body; done``, or ``until``."""

    condition: Body
    body: Body
    until: bool
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """``case word in (patterns) body;; ... esac``."""

    word: Word
    arms: tuple[tuple[tuple[Word, ...], Body], ...]
    redirects: tuple[Redirect, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Function:
    """``name() compound-command``."""

    name: str
    body: Command
    place: Place


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by ``|``; ``inverted`` with ``!`` in front."""

    commands: tuple[Command, ...]
    inverted: bool
    place: Place


@dataclass(frozen=True, slots=True)
class AndOr:
    """Pipelines joined by ``&&`` and ``||``; ``background`` where ``&`` follows."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()
    background: bool = False


Command: TypeAlias = Simple | Group | If | For | Loop | Case | Function
Body: TypeAlias = tuple[AndOr, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole parsed script."""

    body: Body
    source: str
    text: str

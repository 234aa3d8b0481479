"""The questions that the course asks before it shows: data in ``netlab/data/course/NN.toml``, one file a notebook.

An entry is a table of its name::

    [second-request]
    question = "What does the second request show?"
    options = ["NEW, and nat lines again", "ESTABLISHED, no nat lines", "NEW, no nat lines"]
    right = "C"
    because = "The first packet decided both halves of NAT."
    witness = { file = "notebook-05.txt", lines = [12, 13] }

``witness`` may be left out. It names a file of ``netlab.data`` and its lines, counted from 1, or ``contains = "TEXT"``:
every line that has the text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from netlab import data
from netlab.errors import InputError

LETTERS: Final = "ABCDE"
_FOLDER: Final = Path(data.__file__).parent / "course"
_KEYS: Final = ("question", "options", "right", "because")


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Lines of a recorded log, or of the article, that confirm an answer. ``lines`` are 1-based with their text."""

    file: str
    lines: tuple[tuple[int, str], ...]

    @property
    def source(self) -> str:
        """Who said it, and where it stands."""
        origin = data.origin(self.file)
        who = origin.source.partition(",")[0] if origin.collection == "kernel" else "the article"
        numbers = ", ".join(str(number) for number, _ in self.lines)
        return f"{who}, {self.file}, line{'s' if len(self.lines) > 1 else ''} {numbers}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One question with 2 to 5 lettered options; ``notebook`` is the number of the notebook that asks it."""

    name: str
    notebook: str
    question: str
    options: tuple[str, ...]
    right: str
    because: str
    witness: Witness | None = None

    @property
    def letters(self) -> str:
        return LETTERS[: len(self.options)]

    def option(self, letter: str) -> str:
        """The text of an option."""
        return self.options[LETTERS.index(letter)]


@cache
def predictions() -> Mapping[str, Prediction]:
    """All questions by name, in the order of the notebooks. Raises InputError, naming file and entry.

    >>> predictions()["second-request"].right
    'C'
    """
    found: dict[str, Prediction] = {}
    for path in sorted(_FOLDER.glob("[0-9][0-9].toml")):
        for one in read_predictions(path.read_text("utf-8"), path.name):
            if one.name in found:
                raise InputError(
                    f"[{one.name}] stands in {found[one.name].notebook}.toml too", source=path.name
                )
            found[one.name] = one
    return found


def read_predictions(text: str, source: str) -> list[Prediction]:
    """The entries of one file; ``source`` is its name, ``NN.toml``. Raises InputError, naming the entry."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", source=source) from None
    return [_prediction(name, entry, source) for name, entry in table.items()]


def _prediction(name: str, entry: Any, source: str) -> Prediction:
    def no(what: str) -> InputError:
        return InputError(f"[{name}] {what}", source=source)

    if not isinstance(entry, dict):
        raise no("is not a table")
    if unknown := set(entry) - {*_KEYS, "witness"}:
        raise no(f"has {', '.join(sorted(unknown))}; known are {', '.join(_KEYS)}, witness")
    if missing := [key for key in _KEYS if not entry.get(key)]:
        raise no(f"lacks {', '.join(missing)}")
    options = entry["options"]
    if not isinstance(options, list) or not all(isinstance(one, str) for one in options):
        raise no("wants its options as a list of texts")
    if not 2 <= len(options) <= len(LETTERS) or len(set(options)) < len(options):
        raise no(f"wants 2 to {len(LETTERS)} different options")
    if entry["right"] not in tuple(LETTERS[: len(options)]):
        raise no(
            f"says that {entry['right']!r} is right; its options are {', '.join(LETTERS[: len(options)])}"
        )
    return Prediction(
        name=name,
        notebook=source.removesuffix(".toml"),
        question=entry["question"],
        options=tuple(options),
        right=entry["right"],
        because=entry["because"],
        witness=_witness(entry["witness"], no) if "witness" in entry else None,
    )


def _witness(entry: Any, no: Any) -> Witness:
    if not isinstance(entry, dict) or set(entry) not in ({"file", "lines"}, {"file", "contains"}):
        raise no('wants witness = { file = "...", lines = [...] } or { file = "...", contains = "..." }')
    try:
        lines = data.path(entry["file"]).read_text("utf-8").split("\n")
    except FileNotFoundError as error:
        raise no(f"has a witness that is not there: {error}") from None
    if "contains" in entry:
        chosen = [number for number, line in enumerate(lines, 1) if entry["contains"] in line]
    else:
        chosen = entry["lines"]
    shown = [(n, lines[n - 1].rstrip()) for n in chosen if 0 < n <= len(lines) and lines[n - 1].strip()]
    if not chosen or len(shown) < len(chosen):
        raise no(f"names lines that {entry['file']} does not have")
    return Witness(file=entry["file"], lines=tuple(shown))

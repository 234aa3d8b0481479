"""What a learner has predicted and solved, kept in a small JSON file next to the notebooks.

The file is ``.netlab-progress.json`` in the kernel's working directory; the environment variable ``NETLAB_PROGRESS``
names another, or says ``off``. A file that cannot be read or written stops nobody: what is wrong is said in words, and
what was done is remembered until the kernel ends. A file that is not understood is never overwritten.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "NETLAB_PROGRESS"
FILE: Final = ".netlab-progress.json"
OFF: Final = "off"
_REMEDY: Final = "What you do is kept only until this kernel ends."


@dataclass(frozen=True, slots=True)
class Record:
    """``predictions`` are letters by name, ``solved`` the names of the exercises answered rightly."""

    predictions: Mapping[str, str] = field(default_factory=dict)
    solved: frozenset[str] = frozenset()

    def merged(self, later: Record) -> Record:
        """Both; where both have a prediction, the later one."""
        return Record({**self.predictions, **later.predictions}, self.solved | later.solved)


class Progress:
    """One file of progress; ``path`` is None where nothing is to be kept beyond the kernel.

    ``trouble`` says in words why the file cannot be used, and is empty where it can.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.trouble = ""
        self._unkept = Record()

    def read(self) -> Record:
        """What is known: the file, and what could not be written to it, which is tried again."""
        stored = self._stored()
        known = stored.merged(self._unkept)
        if self.path is None or self.trouble:
            return known
        try:
            if known != stored:
                _write(self.path, known)
        except OSError as error:
            self.trouble = f"{self.path.name} cannot be written ({error.strerror}). {_REMEDY}"
        else:
            self._unkept = Record()
        return known

    def predict(self, name: str, letter: str) -> None:
        """Keep a prediction, in place of an earlier one."""
        self._keep(Record(predictions={name: letter}))

    def solve(self, name: str) -> None:
        """Keep that an exercise was answered rightly."""
        self._keep(Record(solved=frozenset({name})))

    def _keep(self, news: Record) -> None:
        self._unkept = self._unkept.merged(news)
        self.read()

    def _stored(self) -> Record:
        self.trouble = ""
        if self.path is None:
            return Record()
        try:
            return _record(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return Record()
        except OSError as error:
            self.trouble = f"{self.path.name} cannot be read ({error.strerror}). {_REMEDY}"
        except (ValueError, RecursionError) as error:
            self.trouble = f"{self.path.name} is not a file of progress ({error}): move it away. {_REMEDY}"
        return Record()


def current() -> Progress:
    """The progress of this kernel: of the file that ``NETLAB_PROGRESS`` and the working directory say now."""
    named = os.environ.get(VARIABLE, "").strip()
    if named.lower() == OFF:
        return _at(None)
    try:
        return _at(Path(named or FILE).expanduser().absolute())
    except (OSError, RuntimeError):  # the working directory is gone, or nobody's home is known
        return _at(None)


@cache
def _at(path: Path | None) -> Progress:
    return Progress(path)


def _record(found: Any) -> Record:
    if not isinstance(found, dict):
        raise ValueError("an object in braces was expected")
    predictions, solved = found.get("predictions", {}), found.get("solved", [])
    if not isinstance(predictions, dict) or not all(isinstance(one, str) for one in predictions.values()):
        raise ValueError('"predictions" has to hold letters by name')
    if not isinstance(solved, list) or not all(isinstance(one, str) for one in solved):
        raise ValueError('"solved" has to be a list of names')
    return Record(predictions, frozenset(solved))


def _write(path: Path, record: Record) -> None:
    """In one step: a reader, or a kernel that dies, never leaves half a file."""
    content = {"predictions": dict(sorted(record.predictions.items())), "solved": sorted(record.solved)}
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(content, indent=1) + "\n")
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise

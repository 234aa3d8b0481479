"""JSON of the Kubernetes API read with care: every access says what it expects, and where it found else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from netlab.errors import InputError


def load_json(text: str, source: str, expected: str) -> Mapping[str, Any]:
    """A JSON object, or an InputError with line and caret."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        lines = text.splitlines()
        line = getattr(error, "lineno", 1)
        raise InputError(
            f"not JSON: {getattr(error, 'msg', 'nested too deeply')}",
            source=source,
            line=line,
            text=lines[line - 1] if line <= len(lines) else "",
            column=getattr(error, "colno", 1) - 1,
            expected=expected,
        ) from None
    if not isinstance(data, Mapping):
        raise InputError("not a JSON object", source=source, line=1, expected=expected)
    return data


class Fields:
    """An object of the API with its path, such as ``node.runtime.imageFs``. Absent and null are alike.

    >>> Fields({"fs": 3}, "node", "summary").child("fs")
    Traceback (most recent call last):
    netlab.errors.InputError: summary: node.fs is int
      expected: an object
    """

    def __init__(self, value: object, path: str, source: str) -> None:
        self.path = path
        self.source = source
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            self._refuse(path, value, "an object")
        self.value: Mapping[str, Any] = value

    def _refuse(self, path: str, value: object, expected: str) -> NoReturn:
        raise InputError(f"{path} is {type(value).__name__}", source=self.source, expected=expected)

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.value.get(name) is not None

    def child(self, *names: str) -> Fields:
        """The object at the end of a path of fields."""
        found = self
        for name in names:
            path = f"{found.path}.{name}" if found.path else name
            found = Fields(found.value.get(name), path, self.source)
        return found

    def children(self, name: str) -> list[Fields]:
        """The objects of a list."""
        found = self.value.get(name)
        if found is None:
            return []
        path = f"{self.path}.{name}" if self.path else name
        if not isinstance(found, list):
            self._refuse(path, found, "a list of objects")
        return [Fields(entry, f"{path}[{index}]", self.source) for index, entry in enumerate(found)]

    def integer(self, name: str) -> int | None:
        """A whole number."""
        found = self.value.get(name)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int)):
            self._refuse(f"{self.path}.{name}", found, "a whole number")
        return found

    def word(self, name: str, default: str = "") -> str:
        """A string."""
        found = self.value.get(name)
        if found is None:
            return default
        if not isinstance(found, str):
            self._refuse(f"{self.path}.{name}", found, "a string")
        return found

    def words(self, name: str) -> dict[str, str]:
        """An object whose values are strings or numbers, as strings."""
        result = {}
        for key, found in self.child(name).value.items():
            if isinstance(found, bool) or not isinstance(found, str | int | float):
                self._refuse(f"{self.path}.{name}.{key}", found, "a string or a number")
            result[str(key)] = str(found)
        return result

"""The bytes of a log, in runs of whole lines."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from netlab.errors import InputError

#: Bytes read at a time: many lines share the cost of a step, and what is made of them stays small.
RUN: Final = 6 << 20

_NEWLINE: Final = 10
_BOM: Final = b"\xef\xbb\xbf"


#: Some bytes, and where the whole lines in them begin and end. They are overwritten by the next run.
Run: TypeAlias = tuple[bytearray, int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """A log in memory."""

    data: bytes = field(repr=False)
    name: str = "<text>"

    @property
    def size(self) -> int:
        return len(self.data)

    def runs(self, margin: int = 0) -> Iterator[Run]:
        """The data in runs of whole lines, each with at least ``margin`` bytes of something before and after.

        Each run ends with a newline; the last one is given one if it lacks it.
        """
        yield from _runs(self._read_into, self.size, margin)

    def _read_into(self, room: memoryview, at: int) -> int:
        part = self.data[at : at + len(room)]
        room[: len(part)] = part
        return len(part)


@dataclass(frozen=True, slots=True)
class File:
    """A regular file, read again each time; ``state`` tells whether it is still the same."""

    path: Path
    state: tuple[int, int, int]

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def size(self) -> int:
        return self.state[0]

    def runs(self, margin: int = 0) -> Iterator[Run]:
        """As :meth:`Text.runs`; raises InputError if the file cannot be read or has changed."""
        try:
            with self.path.open("rb", buffering=0) as file:
                if _state(os.fstat(file.fileno())) != self.state:
                    raise InputError("the file has changed since it was opened", source=self.name)
                yield from _runs(partial(_read_into, file), self.size, margin)
        except OSError as error:
            raise _unreadable(error, self.name) from error


def _read_into(file: io.FileIO, room: memoryview, at: int) -> int:
    file.seek(at)
    return file.readinto(room) or 0


def _runs(read_into: Callable[[memoryview, int], int], size: int, margin: int) -> Iterator[Run]:
    """Runs of whole lines out of ``read_into(room, offset)``, which fills less than the room only at the end.

    All runs use the same memory, since the system is slow to give new memory; what is left of a run, the
    beginning of a line, is moved to the front.
    """
    data = bytearray(2 * margin + min(RUN, size + 2))
    at = kept = 0
    more = mark = True
    while more:
        room = memoryview(data)[margin + kept : len(data) - margin - 1]
        count = read_into(room, at)
        more = count == len(room)
        at += count
        end = margin + kept + count
        stop = data.rfind(b"\n", margin, end) + 1
        if more and not stop:  # a line longer than the room
            kept = end - margin
            data = data + bytearray(len(data))
            continue
        if not more and end > margin:
            if data[end - 1] != _NEWLINE:
                data[end] = _NEWLINE
                end += 1
            stop = end
        start = margin + len(_BOM) * (mark and data.startswith(_BOM, margin))
        mark = False
        if data.find(b"\r", start, stop) >= 0:
            lines = data[start:stop].replace(b"\r\n", b"\n")
            yield bytearray(margin) + lines + bytearray(margin), margin, margin + len(lines)
        elif stop > start:
            yield data, start, stop
        kept = end - stop
        data[margin : margin + kept] = data[stop:end]


Source: TypeAlias = Text | File


def open_source(path: Path) -> Source:
    """A file as a source; what is not a regular file (a pipe, a device) is read to its end at once."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size:
                file.read(1)
                return File(path, _state(status))
            return Text(file.read(), str(path))
    except (OSError, ValueError) as error:
        raise _unreadable(error, str(path)) from error


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


def _unreadable(error: Exception, name: str) -> InputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(f"cannot read: {reason}", source=name)

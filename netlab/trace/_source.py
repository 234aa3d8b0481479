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

#: Bytes read at a time: what is made of a run fits into the processor's cache.
RUN: Final = 3 << 20

_BOM: Final = b"\xef\xbb\xbf"


#: Some bytes, and where the whole lines in them begin and end.
Run: TypeAlias = tuple[bytes, int, int]


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
        yield from _runs(lambda at, size: self.data[at : at + size], margin)


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
                yield from _runs(partial(_read_at, file), margin)
        except OSError as error:
            raise _unreadable(error, self.name) from error


def _read_at(file: io.FileIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _runs(read: Callable[[int, int], bytes], margin: int) -> Iterator[Run]:
    """Runs of whole lines out of ``read(at, size)``, which gives less only at the end.

    Neighbours overlap, so that what stands before and after the lines of a run need not be copied to it.
    """
    at = len(_BOM) if read(0, len(_BOM)) == _BOM else 0
    while True:
        back = min(at, margin)
        data = read(at - back, back + RUN)
        more = len(data) == back + RUN
        stop = data.rfind(b"\n", back, len(data) - margin) + 1
        if more and not stop:  # a line longer than a run
            parts = [data]
            while more and not stop:
                parts.append(read(at - back + sum(map(len, parts)), RUN))
                more = len(parts[-1]) == RUN
                stop = parts[-1].rfind(b"\n") + 1
            data = b"".join(parts)
            stop = data.rfind(b"\n", back) + 1 if more else 0
        taken = (stop if more else len(data)) - back
        if taken <= 0:
            return
        start, stop = back, back + taken
        if back < margin or not more or len(data) - stop < margin or b"\r" in data:
            lines = data[start:stop].replace(b"\r\n", b"\n")
            lines = lines if lines.endswith(b"\n") else lines + b"\n"
            data = b"".join((bytes(margin), lines, bytes(margin)))
            start, stop = margin, margin + len(lines)
        yield data, start, stop
        at += taken


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

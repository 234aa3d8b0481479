"""The lab's own files: a small tree in memory that dies with the lab, and the kernel's under /proc and /sys."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable
from typing import Protocol

FOLDERS = ("/", "/tmp", "/etc", "/run", "/var", "/var/log", "/root", "/dev", "/proc", "/sys")


class FileError(Exception):
    """A file operation that the kernel refuses; the text is what strerror says."""


class ReadError(FileError):
    """The file can be opened, and then not be read."""


class KernelFiles(Protocol):
    """What answers for /proc and /sys, for one network namespace."""

    def read(self, path: str) -> str | None:
        """A file's text, or None where there is none."""

    def write(self, path: str, text: str) -> bool:
        """Write to a file; False where there is none."""

    def paths(self) -> Iterable[str]:
        """The paths that exist."""


class Files:
    """Files and folders by absolute path; nothing here touches the disk of the machine."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.folders: set[str] = set(FOLDERS)

    def absolute(self, path: str, cwd: str = "/") -> str:
        """A path as the kernel resolves it (there are no links).

        >>> Files().absolute("../tmp//x", "/root")
        '/tmp/x'
        """
        return "/" + posixpath.normpath(posixpath.join(cwd, path)).lstrip("/")

    def exists(self, path: str) -> bool:
        return path in self.texts or path in self.folders

    def read(self, path: str) -> str:
        """A file's text. Raises FileError."""
        if path in self.folders:
            raise FileError("Is a directory")
        try:
            return self.texts[path]
        except KeyError:
            raise FileError("No such file or directory") from None

    def write(self, path: str, text: str, *, append: bool = False) -> None:
        """Create or replace (or extend) a file. Raises FileError."""
        if path in self.folders:
            raise FileError("Is a directory")
        if posixpath.dirname(path) not in self.folders:
            raise FileError("No such file or directory")
        self.texts[path] = self.texts.get(path, "") + text if append else text

    def make_folder(self, path: str, *, parents: bool = False) -> None:
        """Create a folder. Raises FileError."""
        if path in self.texts or (path in self.folders and not parents):
            raise FileError("File exists")
        above = posixpath.dirname(path)
        if above not in self.folders:
            if not parents:
                raise FileError("No such file or directory")
            self.make_folder(above, parents=True)
        self.folders.add(path)

    def remove(self, path: str, *, recursive: bool = False) -> None:
        """Delete a file, or with ``recursive`` a folder with all in it. Raises FileError."""
        if path in self.texts:
            del self.texts[path]
        elif path in self.folders:
            if not recursive:
                raise FileError("Is a directory")
            self.folders -= {f for f in self.folders if f == path or f.startswith(path + "/")}
            self.texts = {p: t for p, t in self.texts.items() if not p.startswith(path + "/")}
        else:
            raise FileError("No such file or directory")

    def entries(self, path: str) -> list[str]:
        """The names in a folder, sorted. Raises FileError."""
        if path not in self.folders:
            raise FileError("No such file or directory")
        start = path.rstrip("/") + "/"
        return sorted({p[len(start) :] for p in (*self.texts, *self.folders) if _is_child(p, start)})


def _is_child(path: str, start: str) -> bool:
    return path.startswith(start) and len(path) > len(start) and "/" not in path[len(start) :]


def match_paths(pattern: str, paths: Iterable[str]) -> list[str]:
    """The paths that a shell pattern names, sorted; ``*`` does not cross a slash.

    >>> match_paths("/tmp/*.txt", ["/tmp/a.txt", "/tmp/b.log", "/tmp/d/c.txt"])
    ['/tmp/a.txt']
    """
    parts = pattern.split("/")
    found = set()
    for path in paths:
        pieces = path.split("/")[: len(parts)]
        if len(pieces) == len(parts) and all(
            fnmatch.fnmatchcase(have, want) and (want.startswith(".") or not have.startswith("."))
            for have, want in zip(pieces, parts, strict=True)
        ):
            found.add("/".join(pieces))
    return sorted(found)

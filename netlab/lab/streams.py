"""What a process reads and writes: the lab's terminal, pipes, files in memory, nothing at all."""

from __future__ import annotations

from collections.abc import Callable

from netlab.lab.shell_tree import Place


class BrokenPipe(Exception):
    """A write to a pipe that nobody reads: SIGPIPE."""


class WriteFailed(Exception):
    """A write that the file refuses; the text is what strerror says."""


class Stream:
    """An open file description, shared by the descriptors that were duplicated from it."""

    is_terminal = False
    place: Place | None = None
    """Where a here-document stands in the script."""

    def __init__(self) -> None:
        self.references = 0

    def write(self, text: str) -> None:
        """Append text."""

    def available(self, *, any_text: bool = False) -> bool:
        """True when reading a line (with ``any_text``: whatever there is) would not block."""
        return True

    def read_line(self) -> str:
        """The next line with its newline; '' at the end."""
        return ""

    def read_some(self) -> str:
        """Whatever there is; '' at the end."""
        return self.read_line()

    def opened(self) -> Stream:
        """One descriptor more."""
        self.references += 1
        return self

    def closed(self) -> None:
        """One descriptor less."""
        self.references -= 1


class Terminal(Stream):
    """Where the lab prints: standard output and standard error of the script, in the order of writing."""

    is_terminal = True

    def __init__(self, show: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._show = show

    def write(self, text: str) -> None:
        self.parts.append(text)
        if self._show is not None:
            self._show(text)

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(self.parts)


class Keyboard(Stream):
    """A terminal at which nobody types: a read waits for ever."""

    def available(self, *, any_text: bool = False) -> bool:
        return False


class Null(Stream):
    """/dev/null."""


class Text(Stream):
    """Text to be read: a here-document, or a file opened for reading."""

    def __init__(self, text: str, place: Place | None = None) -> None:
        super().__init__()
        self.place = place
        self._text = text
        self._at = 0

    def read_line(self) -> str:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end + 1
        line, self._at = self._text[self._at : end], end
        return line

    def read_some(self) -> str:
        text, self._at = self._text[self._at :], len(self._text)
        return text


class Sink(Stream):
    """Text that goes where ``put`` says: a file in memory, a sysctl, a command substitution."""

    def __init__(self, put: Callable[[str], None]) -> None:
        super().__init__()
        self._put = put

    def write(self, text: str) -> None:
        self._put(text)


class Pipe:
    """A pipe: what is written to ``write_end`` is read from ``read_end``; never full."""

    def __init__(self) -> None:
        self._chunks: list[str] = []
        self._text = ""
        self._at = 0
        self._newlines = 0
        self.write_end: Stream = _WriteEnd(self)
        self.read_end: Stream = _ReadEnd(self)

    def put(self, text: str) -> None:
        if self.read_end.references <= 0:
            raise BrokenPipe
        self._chunks.append(text)
        self._newlines += text.count("\n")

    def _gather(self) -> None:
        if self._chunks:
            self._text = self._text[self._at :] + "".join(self._chunks)
            self._at = 0
            self._chunks.clear()

    def get_line(self) -> str:
        end = self._text.find("\n", self._at)
        if end < 0:
            self._gather()
            end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end + 1
        line, self._at = self._text[self._at : end], end
        self._newlines -= line.endswith("\n")
        return line

    def get_all(self) -> str:
        self._gather()
        text, self._text, self._at, self._newlines = self._text[self._at :], "", 0, 0
        return text

    @property
    def has_text(self) -> bool:
        return bool(self._chunks) or self._at < len(self._text)

    @property
    def has_line(self) -> bool:
        return self._newlines > 0 or self.write_end.references <= 0


class _WriteEnd(Stream):
    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self._pipe = pipe

    def write(self, text: str) -> None:
        self._pipe.put(text)


class _ReadEnd(Stream):
    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self._pipe = pipe

    def available(self, *, any_text: bool = False) -> bool:
        return self._pipe.has_line or (any_text and self._pipe.has_text)

    def read_line(self) -> str:
        return self._pipe.get_line()

    def read_some(self) -> str:
        return self._pipe.get_all()

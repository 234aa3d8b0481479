"""What a running command has: its host, its network namespace, its streams, its place in the script."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from netlab.errors import NotModelledError
from netlab.lab.process import Running, Wait
from netlab.lab.shell_tree import Place
from netlab.lab.streams import Null, Stream

if TYPE_CHECKING:
    from netlab.lab.host import Host


class Arg(str):
    """A word of a command line after expansion; ``place`` is where it stands in the script."""

    place: Place

    def __new__(cls, text: str, place: Place) -> Arg:
        self = super().__new__(cls, text)
        self.place = place
        return self


class Died(Exception):
    """A foreground command was ended by a signal; the shell says so and goes on."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


Command: TypeAlias = Callable[["Process", list[Arg]], "int | Running"]
"""A command: gets its process and the words with the command's name first; gives a status, or runs and waits."""


class Process:
    """One running command.

    Commands write with :meth:`out` and :meth:`err`, read with ``yield from`` :meth:`read_line`, wait with
    ``yield from`` :meth:`wait` and :meth:`sleep`, and refuse what netlab does not model with :meth:`refuse`.
    """

    __slots__ = ("cwd", "env", "fds", "host", "netns", "pid", "place")

    def __init__(
        self,
        host: Host,
        netns: Any,
        fds: dict[int, Stream],
        place: Place,
        *,
        env: dict[str, str] | None = None,
        cwd: str = "/",
        pid: int = 0,
    ) -> None:
        self.host = host
        self.netns = netns
        self.fds = fds
        self.place = place
        self.env = {} if env is None else env
        self.cwd = cwd
        self.pid = pid

    def copy(
        self, *, netns: Any = None, fds: dict[int, Stream] | None = None, place: Place | None = None
    ) -> Process:
        """The same process in another namespace, or with other streams."""
        return Process(
            self.host,
            self.netns if netns is None else netns,
            self.fds if fds is None else fds,
            self.place if place is None else place,
            env=self.env,
            cwd=self.cwd,
            pid=self.pid,
        )

    @property
    def now(self) -> float:
        """Virtual seconds since the host started."""
        return self.host.scheduler.clock.now

    def stream(self, fd: int) -> Stream:
        """The stream behind a descriptor; a closed one swallows and gives nothing."""
        return self.fds.get(fd) or Null()

    def out(self, text: str) -> None:
        """Write to standard output."""
        self.stream(1).write(text)

    def err(self, text: str) -> None:
        """Write to standard error."""
        self.stream(2).write(text)

    def wait(self, ready: Callable[[], bool], timeout: float | None = None) -> Generator[Wait, None, bool]:
        """Wait until ``ready()``; False if ``timeout`` seconds passed first."""
        until = None if timeout is None else self.now + timeout
        while not ready():
            if until is not None and self.now >= until:
                return False
            yield Wait(ready, until)
        return True

    def sleep(self, seconds: float) -> Generator[Wait, None, None]:
        """Let virtual time pass."""
        if seconds > 0:
            yield Wait(until=self.now + seconds)

    def stand_back(self) -> Generator[Wait, None, None]:
        """After sending something: whom that woke runs first, unless this process was itself woken just now.

        So one processor shares its time: a process that has slept goes before the one that woke it.
        """
        task = self.host.scheduler.current
        if task is None or task.woken < self.now:
            yield Wait(until=self.now)

    def read_line(self) -> Generator[Wait, None, str]:
        """The next line of standard input with its newline; '' at its end."""
        stream = self.stream(0)
        if not stream.available():
            yield Wait(stream.available)
        return stream.read_line()

    def read_all(self) -> Generator[Wait, None, str]:
        """All of standard input."""
        lines = []
        while line := (yield from self.read_line()):
            lines.append(line)
        return "".join(lines)

    def refuse(self, word: str, message: str, *, expected: str | None = None) -> NoReturn:
        """Stop the lab: ``word`` (a word of the command line, if it still has its place) is not modelled."""
        raise self.refusal(word, message, expected=expected)

    def refusal(self, word: str, message: str, *, expected: str | None = None) -> NotModelledError:
        """The error that :meth:`refuse` raises."""
        place = word.place if isinstance(word, Arg) else self.place
        return place.refuse(message, expected=expected)

"""Processes of a lab: generators that run until they have to wait, on the kernel's virtual clock.

A running process yields a :class:`Wait` whenever it cannot go on: until a time, until something is true, or
whichever comes first. The :class:`Scheduler` runs what can run, in order, and only when nothing can run does it
let the clock jump to the next timer. So ``sleep 400`` costs nothing, and two runs are the same.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from netlab.errors import NetlabError

SIGHUP: Final = 1
SIGINT: Final = 2
SIGKILL: Final = 9
SIGPIPE: Final = 13
SIGTERM: Final = 15
SIGNALS: Final = {
    1: "HUP", 2: "INT", 3: "QUIT", 6: "ABRT", 9: "KILL", 10: "USR1", 12: "USR2", 13: "PIPE", 14: "ALRM",
    15: "TERM", 17: "CHLD", 18: "CONT", 19: "STOP",
}  # fmt: skip

STEPS: Final = 200_000
"""How often processes of one lab may be resumed before it is called endless."""


class Endless(NetlabError):
    """The lab would not come to an end: it waits for something that cannot happen, or runs on and on."""


class Signal(Exception):
    """A signal that ends a process (or that the process handles)."""

    def __init__(self, number: int) -> None:
        super().__init__(SIGNALS.get(number, str(number)))
        self.number = number


@dataclass(frozen=True, slots=True)
class Wait:
    """What a process waits for: ``ready`` becoming true, the clock reaching ``until`` (seconds), or the first of both."""

    ready: Callable[[], bool] | None = None
    until: float | None = None


Running: TypeAlias = Generator[Wait, None, int]


class Clock(Protocol):
    """The part of the simulated kernel that the scheduler drives."""

    @property
    def now(self) -> float:
        """Virtual seconds since the host started."""

    def next_timer(self) -> float | None:
        """When the kernel next has something to do, if ever."""

    def run_until(self, time: float) -> None:
        """Let the clock reach ``time``, with all that the kernel does until then."""


class Task:
    """A process as the scheduler knows it; ``status`` is None while it lives, 128 + n after signal n."""

    __slots__ = ("_on_exit", "number", "pid", "running", "status", "wait", "woken")

    def __init__(self, pid: int, running: Running, on_exit: Callable[[], None] | None = None) -> None:
        self.pid = pid
        self.running = running
        self.status: int | None = None
        self.number: int | None = None
        self.wait: Wait | None = None
        self.woken = -1.0
        """When something it waited for last happened: a process that was just woken is not interrupted."""
        self._on_exit = on_exit

    @property
    def alive(self) -> bool:
        return self.status is None

    def finish(self, status: int) -> None:
        """The process is over: what it held is closed."""
        self.status = status
        self.wait = None
        if self._on_exit is not None:
            self._on_exit()


class Scheduler:
    """Runs tasks in the order in which they become able to run."""

    def __init__(self, clock: Clock, first_pid: int = 300) -> None:
        self.clock = clock
        self.ready: deque[Task] = deque()
        self.waiting: list[Task] = []
        self.current: Task | None = None
        self._next_pid = first_pid
        self._steps = 0

    def spawn(self, running: Running, on_exit: Callable[[], None] | None = None) -> Task:
        """A new process; it runs when the present one waits."""
        task = Task(self.new_pid(), running, on_exit)
        self.ready.append(task)
        return task

    def new_pid(self) -> int:
        """The next process number."""
        self._next_pid += 1
        return self._next_pid

    def find(self, pid: int) -> Task | None:
        """The living process with this number."""
        return next((t for t in (*self.ready, *self.waiting) if t.pid == pid and t.alive), None)

    def kill(self, task: Task, number: int) -> None:
        """Deliver a signal: the process may handle it (ping does with INT), else it ends."""
        if not task.alive:
            return
        if task in self.waiting:
            self.waiting.remove(task)
        elif task in self.ready:
            self.ready.remove(task)
        self._resume(task, Signal(number))

    def run(self, main: Task) -> int:
        """Run until ``main`` has ended; returns its status. Raises :class:`Endless` when it never would."""
        self._steps = 0
        while main.alive:
            if not self.run_ready() and main.alive and not self._wake() and not self._pass_time():
                raise Endless("the lab waits for something that can no longer happen")
        assert main.status is not None
        return main.status

    def settle(self, seconds: float) -> None:
        """Let what is still running go on for a moment, as it does while the shell's exit is noticed."""
        end = self.clock.now + seconds
        while True:
            self.run_ready()
            if self._wake():
                continue
            due = self._next_time()
            if due is None or due > end:
                break
            self.clock.run_until(due)
            self._wake()

    def end(self) -> None:
        """Kill whatever still runs."""
        for task in [*self.ready, *self.waiting]:
            task.running.close()
        self.ready.clear()
        self.waiting.clear()

    def run_ready(self) -> bool:
        """Resume every task that can run, until none can; True if there was one."""
        any_ran = False
        while self.ready:
            any_ran = True
            self._resume(self.ready.popleft(), None)
        return any_ran

    def _resume(self, task: Task, signal: Signal | None) -> None:
        self._steps += 1
        if self._steps > STEPS:
            raise Endless(f"the lab does not end: still running at virtual time {self.clock.now:.0f} s")
        task.wait = None
        self.current = task
        try:
            wait = next(task.running) if signal is None else task.running.throw(signal)
        except StopIteration as stop:
            task.finish(stop.value or 0)
        except Signal as died:
            task.number = died.number
            task.finish(128 + died.number)
        else:
            task.wait = wait
            self.waiting.append(task)

    def _wake(self) -> bool:
        """Move every waiting task whose condition holds to the ready ones, in order of waiting."""
        now = self.clock.now
        still: list[Task] = []
        woken = False
        for task in self.waiting:
            wait = task.wait
            assert wait is not None
            happened = wait.ready is not None and wait.ready()
            if happened or (wait.until is not None and wait.until <= now):
                if happened:
                    task.woken = now
                self.ready.append(task)
                woken = True
            else:
                still.append(task)
        self.waiting = still
        return woken

    def _next_time(self) -> float | None:
        times = [t.wait.until for t in self.waiting if t.wait is not None and t.wait.until is not None]
        timer = self.clock.next_timer()
        if timer is not None:
            times.append(timer)
        return min(times, default=None)

    def _pass_time(self) -> bool:
        due = self._next_time()
        if due is None:
            return False
        self._steps += 1
        if self._steps > STEPS:
            raise Endless(f"the lab does not end: still waiting at virtual time {self.clock.now:.0f} s")
        self.clock.run_until(max(due, self.clock.now))
        return True


def jiffy_timeout(now: float, delay: float) -> float:
    """When a timeout that the kernel counts in jiffies really fires: late, on the grid of its timer wheel.

    With 250 jiffies a second a wait of up to a quarter of a second ends on a grid of 4 ms, up to 2 s on one of
    32 ms, up to 16 s on one of 256 ms (kernel/time/timer.c). ``sleep`` and alarms are exact: they use other timers.

    >>> jiffy_timeout(0.0, 1.0)
    1.024
    """
    jiffies = delay * 250
    grain = 1 if jiffies < 63 else 8 if jiffies < 504 else 64 if jiffies < 4032 else 512
    return math.ceil(round((now + delay) * 250 / grain, 6)) * grain / 250

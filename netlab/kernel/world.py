"""The world a lab lives in: namespaces, one queue of frames, timers on a virtual clock, the log ring and the steps.

Everything netfilter does to one packet happens in one go; a frame that a device transmits goes to the tail of one
FIFO and is taken when the current one is finished (the backlog queue of net/core/dev.c on one CPU). ``softirq`` is
that loop; it runs at the end of every send from a process and of every timer.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import NetlabError
from netlab.kernel.release import Release, release

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.steps import Step

HZ: Final = 250
STORM: Final = 100_000
"""Frames in one moment that only a loop can make; a transfer of 10 MB over several hops makes fewer."""
WHEEL: Final = (63, 504, 4032, 32256)
"""Where the levels of the timer wheel end, in ticks."""


@dataclass(order=True, slots=True)
class Timer:
    """A call at a virtual time; ``cancel`` makes it a no-op.

    Of one tick, the timers that were armed furthest ahead run first, and of those the one armed last: a slot of the
    wheel is a list that grows at its head (kernel/time/timer.c, enqueue_timer and __run_timers).
    """

    when: float
    level: int
    order: int
    function: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        self.function = None


@dataclass(frozen=True, slots=True)
class RingEntry:
    """One record of the kernel's ring buffer: its number, virtual time, syslog level, and what renders the text."""

    number: int
    time: float
    level: int
    record: Any
    step: int

    @property
    def text(self) -> str:
        from netlab.kernel.klog import render

        return render(self.record)


class FrameStorm(NetlabError):
    """Frames that circle in a loop and never end."""


class World:
    """All namespaces of one simulated machine.

    >>> world = World("6.1")
    >>> world.host.name, world.now
    ('host', 0.0)
    """

    def __init__(self, kernel: str = "6.1", *, seed: int = 1, record_steps: bool = True) -> None:
        from netlab.kernel.linkwatch import Linkwatch
        from netlab.kernel.netns import Netns

        self.release: Release = release(kernel)
        self.rng = random.Random(seed)
        self.now = 0.0
        self.record_steps = record_steps
        self.steps: list[Step] = []
        self.ring: list[RingEntry] = []
        self.logged = 0
        self.modules: set[str] = set()
        self._queue: deque[Callable[[], None]] = deque()
        self._timers: list[Timer] = []
        self._timer_order = 0
        self._journeys = 0
        self._in_softirq = False
        self.sending_icmp = False
        self.linkwatch = Linkwatch(self)
        self.netns: dict[str, Netns] = {}
        self.nameless: list[Netns] = []
        self.host = Netns(self, "host")
        self.netns["host"] = self.host

    # --- namespaces -------------------------------------------------------------------------------------------

    def add_netns(self, name: str) -> Netns:
        """A new namespace with its loopback device (down)."""
        from netlab.kernel.netns import Netns

        if name in self.netns:
            raise NetlabError(f"namespace {name} exists")
        self.netns[name] = ns = Netns(self, name)
        return ns

    def delete_netns(self, name: str) -> None:
        """Take a namespace's name away; it goes once no process is in it any more."""
        ns = self.netns.pop(name)
        self.nameless.append(ns)
        self._dissolve(ns)

    def leave_netns(self, ns: Netns) -> None:
        """A process that was in a namespace is over."""
        ns.processes -= 1
        self._dissolve(ns)

    def _dissolve(self, ns: Netns) -> None:
        """Nothing holds a namespace: its virtual devices vanish, with the peers of its veths (cleanup_net)."""
        if ns not in self.nameless or ns.processes:
            return
        self.nameless.remove(ns)
        for device in list(ns.devices.values()):
            if device.kind != "loopback":
                device.delete()

    # --- identities -------------------------------------------------------------------------------------------

    def new_journey(self) -> int:
        """The number of a new packet."""
        self._journeys += 1
        return self._journeys

    def random_mac(self) -> str:
        """A locally administered unicast address (eth_random_addr)."""
        first = self.rng.randrange(256) & 0xFE | 0x02
        return ":".join(f"{b:02x}" for b in (first, *(self.rng.randrange(256) for _ in range(5))))

    def ip_id(self) -> int:
        """An IP id; the kernel hashes addresses and counts, which no log can check."""
        return self.rng.randrange(1, 65536)

    # --- time and the queue -----------------------------------------------------------------------------------

    def enqueue(self, work: Callable[[], None]) -> None:
        """Put work at the tail of the FIFO of received frames."""
        self._queue.append(work)

    @property
    def in_softirq(self) -> bool:
        """Whether frames or timers are being handled, rather than a program's call."""
        return self._in_softirq

    def softirq(self) -> None:
        """Handle queued frames until there are none; a nested call returns at once.

        Raises FrameStorm if they go on for ever, as they do on a real host with a loop.
        """
        if self._in_softirq:
            return
        self._in_softirq = True
        try:
            queue = self._queue
            handled = 0
            while queue:
                queue.popleft()()
                handled += 1
                if handled > STORM:
                    queue.clear()
                    raise FrameStorm(
                        f"the frames do not come to rest: {STORM} in one moment; is there a loop of bridges, or of routes "
                        "with a TTL that is raised again?"
                    )
        finally:
            self._in_softirq = False

    def call_at(self, when: float, function: Callable[[], None], *, level: int = 0) -> Timer:
        """Call a function at a virtual time, in softirq context."""
        self._timer_order += 1
        timer = Timer(when, -level, -self._timer_order, function)
        heapq.heappush(self._timers, timer)
        return timer

    def call_later(self, delay: float, function: Callable[[], None]) -> Timer:
        """Arm a timer of the kernel's: it fires at the end of the wheel slot its delay falls in, never early.

        Slots widen with the delay (kernel/time/timer.c): 4 ms below a quarter of a second, then 32 ms, 256 ms, 2 s.
        """
        expires = int((self.now + delay) * HZ)
        ticks = delay * HZ
        level = next((level for level, limit in enumerate(WHEEL) if ticks < limit), 4)
        shift = level * 3
        return self.call_at((((expires >> shift) + 1) << shift) / HZ, function, level=level)

    def next_timer(self) -> float | None:
        """When the next timer is due, or None."""
        while self._timers and self._timers[0].function is None:
            heapq.heappop(self._timers)
        return self._timers[0].when if self._timers else None

    def step_timer(self) -> None:
        """Move the clock to the next tick with a timer, and run its timers with everything they set off."""
        tick = self._timers[0].when
        self.now = max(self.now, tick)
        # Timers run in softirq context: what they send is received only when all of them are through.
        self._in_softirq = True
        try:
            while self._timers and self._timers[0].when == tick:
                timer = heapq.heappop(self._timers)
                function, timer.function = timer.function, None
                if function is not None:
                    function()
        finally:
            self._in_softirq = False
        self.softirq()

    def run_until(self, when: float) -> None:
        """Move the clock forward, running every timer that falls due."""
        self.softirq()
        while (due := self.next_timer()) is not None and due <= when:
            self.step_timer()
        self.now = max(self.now, when)

    # --- log --------------------------------------------------------------------------------------------------

    def log(self, level: int, record: Any) -> None:
        """Append a record to the ring buffer."""
        self.logged += 1
        self.ring.append(RingEntry(self.logged, self.now, level, record, len(self.steps)))

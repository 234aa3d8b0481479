"""The article's incident as a lab: a v1.7.5 node with 448M left of 5.8G refuses every pod.

Everything is computed from what the article shows (``netlab.data``): its df output, its unit files, the names
of its pods. ``article_incident()`` gives the acts; each can be run, printed and varied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from netlab import data
from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.admission import Admission, admit
from netlab.kubelet.config import read_settings
from netlab.kubelet.derived import allocatable
from netlab.kubelet.df import UsePercent, explain_use_percent, parse_df
from netlab.kubelet.duration import SECOND
from netlab.kubelet.history import History
from netlab.kubelet.klog import LogLine
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import FsLayout, Pod
from netlab.kubelet.profile import V17
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.ranking import MEASURED
from netlab.kubelet.readings import DiskReadings, Placement, readings_from_df
from netlab.kubelet.reclaim import ACTIONS
from netlab.kubelet.script import Restart, Start, Step
from netlab.kubelet.settings import KubeletSettings
from netlab.kubelet.simulation import simulate
from netlab.kubelet.startup import node_config_line
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Pass, Stats
from netlab.kubelet.world import Disk, Node, Workload

HOST: Final = "ubuntu-k8s-3"
#: Docker's ``graph`` directory after the move (daemon.json of the article)
GRAPH: Final = "/data/docker"
#: Memory of the node: its /run is a tenth of it, 396M
MEMORY: Final = parse_quantity("3960Mi")
#: The events count new readings, not passes: 49,428 of them in nine days are one every 15.7 s. cAdvisor takes
#: a reading of the root cgroup every 10 to 20 s, and a pass whose reading is not new sets it aside.
READING_PERIOD: Final = 15_750_000_000
#: Process ids of the three kubelets in the article's journal
PIDS: Final = (17144, 12844, 7394)

WEAVE: Final = Pod(
    name="weave-net-3svfg", namespace="kube-system", uid="e5a5d474-b214-11e7-a98b-0650cc001a5b"
)
PROXY: Final = Pod(
    name="kube-proxy-d9lk0", namespace="kube-system", uid="e5ff8fde-b214-11e7-a98b-0650cc001a5b"
)
PORTAL: Final = Pod(name="portal-3613605798-txq4l", namespace="default", uid="portal")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of ``journalctl -u kubelet`` on that node, in the article's locale."""

    when: datetime
    pid: int
    line: LogLine

    def __str__(self) -> str:
        stamp = f"{self.when.month}月 {self.when.day:02d} {self.when:%H:%M:%S}"
        return f"{stamp} {HOST} kubelet[{self.pid}]: {self.line.text(self.when, self.pid)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a change of the settings costs: thresholds that are gone, and memory handed to the scheduler."""

    lost: tuple[str, ...]
    allocatable_before: Quantity
    allocatable_after: Quantity

    def __str__(self) -> str:
        more = self.allocatable_after - self.allocatable_before
        gone = "\n".join(f"gone: {name}" for name in self.lost)
        return f"{gone}\nAllocatable memory: {self.allocatable_before} -> {self.allocatable_after} (+{more})"


@dataclass(frozen=True, slots=True)
class Incident:
    """The node of the article; its settings before and after the fix."""

    disks: DiskReadings
    use_percent: UsePercent
    before: KubeletSettings
    after: KubeletSettings

    # -- the machine --------------------------------------------------------------------------

    @property
    def node(self) -> Node:
        """The node with the middle of what df's rounded figures allow; docker's data on its own disk."""
        root, graph = (self.disks[f"{fs}.available"] for fs in ("nodefs", "imagefs"))
        return Node(
            nodefs=_disk(root.capacity.middle, root.available.middle),
            imagefs=_disk(graph.capacity.middle, graph.available.middle),
            memory=MEMORY.value,
            memory_used=parse_quantity("1Gi").value,
        )

    def config(self, settings: KubeletSettings) -> ManagerConfig:
        return ManagerConfig(
            thresholds=settings.thresholds,
            profile=V17,
            transition_period=settings.transition_period,
            max_pod_grace_seconds=settings.max_pod_grace_seconds,
            node=HOST,
        )

    # -- acts ---------------------------------------------------------------------------------

    def one_pass(self, *, pods: Sequence[Pod] = ()) -> Pass:
        """One pass of the kubelet before the fix; nothing runs there any more."""
        observations = {s: r.observation for s, r in self.disks.readings.items()}
        inputs = Inputs(
            now=0,
            stats=Stats(observations=observations),
            pods=tuple(pods),
            layout=self.disks.layout,
        )
        return synchronize(self.config(self.before), ManagerState(), inputs)[1]

    def refused(self) -> tuple[Admission, ...]:
        """The network and the proxy of the node, turned away like everybody else."""
        conditions = self.one_pass().conditions
        return tuple(admit(pod, conditions, V17) for pod in (WEAVE, PROXY))

    def journal(self) -> tuple[JournalLine, ...]:
        """The eviction lines of the article's journal, in its order: a pass, then two refusals.

        The moments are the article's; every word, number and name comes out of the simulation.
        """
        day = datetime(2017, 10, 16)
        done = self.one_pass()
        stamps = [day.replace(hour=9, minute=50, second=55, microsecond=us) for us in (56703, 57322, 58307)]
        lines = [JournalLine(when, PIDS[0], line) for when, line in zip(stamps, done.log[-3:], strict=True)]
        stamps = [day.replace(hour=9, minute=54, second=14, microsecond=us) for us in (823152, 824246)]
        for when, answer in zip(stamps, self.refused(), strict=True):
            lines += [JournalLine(when, PIDS[1], line) for line in answer.log]
        return tuple(lines)

    def dumps(self) -> tuple[JournalLine, JournalLine]:
        """The start-up lines before and after the fix; the second shows two thresholds gone."""
        day = datetime(2017, 10, 16)
        moments = (
            day.replace(hour=9, minute=54, second=9, microsecond=616263),
            day.replace(hour=16, minute=56, second=10, microsecond=840914),
        )
        first, second = (node_config_line(s.hard_thresholds) for s in (self.before, self.after))
        return JournalLine(moments[0], PIDS[1], first), JournalLine(moments[1], PIDS[2], second)

    def nine_days(self, *, seconds: int = 778_490, reading_period: int = READING_PERIOD) -> History:
        """The nine days of events that ``kubectl describe node`` counted: 49,428 by then."""
        return simulate(self.node, self.config(self.before), seconds=seconds, stats_period=reading_period)

    def restarted(self, *, seconds: int = 346, reading_period: int = 15 * SECOND) -> History:
        """The five minutes after a restart: first no pressure is reported, then pressure and 23 events."""
        return simulate(self.node, self.config(self.before), seconds=seconds, stats_period=reading_period)

    def restart_loop(self, *, seconds: int = 600) -> History:
        """Three pods that their controllers make anew every second, until the fix after five minutes."""
        pods = [Workload(pod=p, recreate_after=1) for p in (WEAVE, PROXY, PORTAL)]
        script: list[Step] = [*(Start(20, w) for w in pods), Restart(300, self.config(self.after))]
        return simulate(
            self.node, self.config(self.before), script, seconds=seconds, stats_period=READING_PERIOD
        )

    def price(self) -> Price:
        """What ``--eviction-hard=nodefs.available<5%`` cost, besides what it was meant to do."""
        capacity = {"memory": MEMORY}
        figures = [allocatable(capacity, s.hard_thresholds, V17)["memory"] for s in (self.before, self.after)]
        return Price(
            lost=tuple(f"{lost.signal}<{lost.value}" for lost in self.after.lost),
            allocatable_before=figures[0],
            allocatable_after=figures[1],
        )

    def safe_flag(self) -> str:
        """The edit that changes one threshold and keeps the others."""
        changed = {t.signal: str(t.value) for t in self.before.hard_thresholds}
        changed |= {t.signal: str(t.value) for t in self.after.hard_thresholds}
        return "--eviction-hard=" + ",".join(f"{s}<{v}" for s, v in changed.items())

    def moved(self) -> tuple[tuple[str, str, str, str], ...]:
        """What moving docker's data to a second disk changed: per file system, measured parts and actions."""
        rows = []
        for layout, where in (
            (FsLayout.ONE, "docker data on /"),
            (FsLayout.DEDICATED_IMAGEFS, f"docker data in {GRAPH}"),
        ):
            for filesystem in ("nodefs", "imagefs"):
                actions = ", then ".join(ACTIONS[layout][filesystem]) or "nothing: straight to eviction"
                rows.append((where, filesystem, " + ".join(MEASURED[layout][filesystem]), actions))
        return tuple(rows)

    # -- shown --------------------------------------------------------------------------------

    def __str__(self) -> str:
        return "\n\n".join(f"{title}\n{text}" for title, text in self.acts())

    def _repr_html_(self) -> str:
        return html_table(["act", "what happens"], self.acts())

    def acts(self) -> list[tuple[str, str]]:
        """The story in six acts, each a title and what the simulation says."""
        describe = [f"{e.count:>6}  {e.event}" for e in self.nine_days().events if e.event.about == "Node"]
        loop = self.restart_loop()
        refused = [f"{r.name}: refused {r.count} times ({r.message})" for r in loop.refusals]
        return [
            ("1. 92% used, so 8% left?", str(self.use_percent)),
            ("2. What the kubelet logs", "\n".join(map(str, self.journal()))),
            ("3. What kubectl describe node counts in nine days", "\n".join(describe)),
            ("4. Pods that come and go, until the fix", "\n".join([*refused, str(loop)])),
            ("5. The fix and its price", f"{self.price()}\nsafe: {self.safe_flag()}"),
            (
                "6. What moving docker's data to its own disk had changed",
                text_table(["layout", "starved", "pods are ranked by", "freed first"], self.moved()),
            ),
        ]


def _disk(capacity: int, available: int) -> Disk:
    """A disk of that size with so much available; what is reserved for root counts as used here."""
    return Disk(capacity=capacity, used=capacity - available)


@cache
def article_incident() -> Incident:
    """The article's node, read from the article's own df output and unit files.

    >>> print(article_incident().journal()[0].line)
    W eviction_manager.go:331] eviction manager: attempting to reclaim nodefs
    """
    table = parse_df(data.article("df-h.txt"), source="df-h.txt")
    root = table.holding("/var/lib/kubelet")
    assert root is not None  # the article's df has a root file system
    unit = ("kubelet.service", data.article("kubelet.service"))
    settings = [
        read_settings([unit, ("10-kubeadm.conf", data.article(f"10-kubeadm-{when}.conf"))], V17)
        for when in ("before", "after")
    ]
    disks = readings_from_df(table, Placement(imagefs=GRAPH))
    return Incident(disks, explain_use_percent(root), *settings)

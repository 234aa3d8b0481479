"""What the eviction room costs: one pass, a ranking, a node-month of passes, a million what-ifs.

Each function does the work once and returns how many units of it were done; ``main`` times them beside their
alternatives: every pass run instead of skipped, what-ifs one by one instead of vectorised.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from netlab.kubelet.evaluate import compare
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
)
from netlab.kubelet.profile import CURRENT
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.ranking import rank
from netlab.kubelet.script import Burst, Grow, Step
from netlab.kubelet.simulation import simulate
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Stats
from netlab.kubelet.sweeps import sweep
from netlab.kubelet.thresholds import default_hard, parse_threshold_config
from netlab.kubelet.world import Disk, Node

GI = 2**30
THRESHOLDS = parse_threshold_config(CURRENT, hard=default_hard(CURRENT.release))
#: Seconds for 30 days of passes and for 100 x 100 x 100 what-ifs
MONTH_TARGET = SWEEP_TARGET = 1.0
#: thresholds, disk sizes, usages
WHAT_IFS = (
    [f"{n / 10}%" for n in range(1, 101)],
    np.linspace(GI, 4096 * GI, 100).astype(np.int64),
    np.linspace(0, 1, 100),
)


def _pods(number: int) -> tuple[tuple[Pod, ...], dict[str, PodStats]]:
    pods, stats = [], {}
    for i in range(number):
        pods.append(
            Pod(
                name=f"p{i}",
                uid=str(i),
                priority=i % 7,
                containers=(Container(name="c", requests={"memory": Quantity.of(i << 20)}),),
            )
        )
        use = DiskUse(used=(i * 7919) % 1000 << 20, inodes=i)
        stats[str(i)] = PodStats(
            name=f"p{i}",
            uid=str(i),
            memory_working_set=(i * 104729) % 1000 << 20,
            containers=(ContainerStats(name="c", rootfs=use, logs=use),),
        )
    return tuple(pods), stats


def a_thousand_passes() -> int:
    """Passes that find nothing, with the default thresholds and no pods."""
    config = ManagerConfig(thresholds=THRESHOLDS)
    seen = {s: Observation(Quantity.of(50 * GI), Quantity.of(100 * GI)) for s in default_hard((1, 34))}
    state = ManagerState()
    for i in range(1000):
        state, _ = synchronize(config, state, Inputs(now=i, stats=Stats(observations=seen)))
    return 1000


def ranking_of_110_pods() -> int:
    """A full node under memory, disk and inode pressure."""
    pods, stats = _pods(110)
    for signal in ("memory.available", "nodefs.available", "nodefs.inodesFree"):
        rank(pods, stats, signal, FsLayout.ONE, CURRENT)
    return 3


def node_month() -> int:
    """30 days of passes on a disk that fills, is cleaned up and fills again, every day."""
    return _fill_and_clean(days=30)


def _fill_and_clean(*, days: int, skip: bool = True) -> int:
    script: list[Step] = [Grow(0, "nodefs", GI // 864)]
    script += [Burst(day * 86400, "nodefs", -95 * GI) for day in range(1, days)]
    node = Node(nodefs=Disk(capacity=100 * GI))
    config = ManagerConfig(thresholds=THRESHOLDS)
    return simulate(node, config, script, seconds=days * 86400, skip=skip).passes


def a_million_what_ifs() -> int:
    """100 thresholds x 100 disk sizes x 100 usages."""
    done = sweep(*WHAT_IFS, CURRENT)
    return done.cases if bool(done.met.any()) else 0


# -- side by side --------------------------------------------------------------------------------------------


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds of the wall and units of work done."""
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def node_month_pass_by_pass() -> int:
    """The alternative: every pass of a node-day is run, none is skipped."""
    return _fill_and_clean(days=1, skip=False)


def what_ifs_one_by_one() -> int:
    """The alternative: a hundredth of them with the scalar code, held against the vectorised answers."""
    _, capacities, used = WHAT_IFS
    (threshold,) = parse_threshold_config(CURRENT, hard="nodefs.available<10%", enforce=())
    swept = sweep([threshold.value], capacities, used, CURRENT)
    done = 0
    for row, capacity in enumerate(capacities.tolist()):
        for column, available in enumerate(swept.available[row].tolist()):
            seen = Observation(Quantity.of(available), Quantity.of(capacity))
            if compare(threshold, seen).met != bool(swept.met[0, row, column]):
                raise AssertionError(f"scalar and vectorised differ at {available} of {capacity}")
            done += 1
    return done


def _line(what: str, seconds: float, units: int, unit: str) -> str:
    return f"  {what:<34}{seconds:>9.4f} s  {units:>9,} {unit:<9}{units / seconds:>14,.0f} a second"


def _verdict(met: bool) -> str:
    return "met" if met else "missed"


def main() -> int:
    """Print the figures side by side; whether a target is met depends on the machine, and is no failure."""
    took, done = timed(a_thousand_passes)
    print(_line("passes that find nothing", took, done, "passes"))
    took, done = timed(ranking_of_110_pods)
    print(_line("rankings of 110 pods", took, done, "rankings"))

    took, passes = timed(node_month)
    scalar, day = timed(node_month_pass_by_pass)
    print(f"a node-month of passes: {took:.3f} s (target {MONTH_TARGET} s: {_verdict(took <= MONTH_TARGET)})")
    print(_line("those that cannot differ skipped", took, passes, "passes"))
    print(_line("every pass run (a day of it)", scalar, day, "passes"))
    print(f"  {scalar / day / (took / passes):,.0f} times quicker; equal histories are a test's business")

    took, cases = timed(a_million_what_ifs)
    scalar, some = timed(what_ifs_one_by_one)
    print(f"a million what-ifs: {took:.3f} s (target {SWEEP_TARGET} s: {_verdict(took <= SWEEP_TARGET)})")
    print(_line("vectorised", took, cases, "what-ifs"))
    print(_line("scalar (a part of them)", scalar, some, "what-ifs"))
    print(f"  {scalar / some / (took / cases):,.0f} times quicker, the same answers", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

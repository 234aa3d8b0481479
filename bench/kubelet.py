"""What the eviction room costs: one pass, a ranking, a node-month of passes, a million what-ifs.

Each function does the work once and returns how many units of it were done; a runner times the call.
"""

from __future__ import annotations

import numpy as np

from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import Container, ContainerStats, DiskUse, FsLayout, Observation, Pod, PodStats
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
    script: list[Step] = [Grow(0, "nodefs", GI // 864)]
    script += [Burst(day * 86400, "nodefs", -95 * GI) for day in range(1, 30)]
    done = simulate(
        Node(nodefs=Disk(capacity=100 * GI)), ManagerConfig(thresholds=THRESHOLDS), script, seconds=30 * 86400
    )
    return done.passes


def a_million_what_ifs() -> int:
    """100 thresholds x 100 disk sizes x 100 usages."""
    done = sweep(
        [f"{n / 10}%" for n in range(1, 101)],
        np.linspace(GI, 4096 * GI, 100).astype(np.int64),
        np.linspace(0, 1, 100),
        CURRENT,
    )
    return done.cases if bool(done.met.any()) else 0

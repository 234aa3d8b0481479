"""From texts as pasted to a report: what ``netlab evict`` and a notebook cell share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netlab.errors import InputError
from netlab.kubelet.config import read_settings
from netlab.kubelet.derived import allocatable
from netlab.kubelet.df import DfTable, explain_use_percent, merge, parse_df
from netlab.kubelet.fields import Fields, load_json
from netlab.kubelet.free import parse_free
from netlab.kubelet.model import FsLayout, Pod, PodStats
from netlab.kubelet.observations import pod_stats, read_summary
from netlab.kubelet.podfile import read_pods
from netlab.kubelet.profile import profile
from netlab.kubelet.quantity import Quantity
from netlab.kubelet.readings import Placement, Reading, reading_from_free, readings_from_df
from netlab.kubelet.report import Figures, Report, exact_reading, report
from netlab.kubelet.settings import KubeletSettings

Named = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Everything that was given, each as (name, text); paths say where things lie on the node."""

    profile: str = "current"
    df: tuple[Named, ...] = ()
    free: Named | None = None
    stats: Named | None = None
    pods: Named | None = None
    settings: tuple[Named, ...] = ()
    nodefs: str | None = None
    imagefs: str | None = None
    containerfs: str | None = None


def judge(given: Given) -> Report:
    """Read what was given and judge the node; a stats summary wins over df and free.

    >>> df = "/dev/sda1 5.8G 5.1G 448M 92% /\\n/dev/sdb1 99G 5.2G 89G 6% /data"
    >>> done = judge(Given(profile="v1.7", df=(("df -h", df),), imagefs="/data/docker"))
    >>> [str(v.threshold) for v in done.met], done.layout.value
    (['nodefs.available<10%'], 'dedicated imagefs')

    Raises InputError with file, line and caret for what cannot be read.
    """
    settings = read_settings(list(given.settings), profile(given.profile))
    figures, explanations, notes = _from_df(given, settings)
    pods = None
    if given.pods is not None:
        pods, left_out = _pods_here(given.pods, _node_name(given.stats))
        notes += left_out
        if given.stats is not None:
            pods = _as_the_kubelet_knows_them(pods, given.stats)
    readings, missing = dict(figures.readings), dict(figures.missing)
    if given.free is not None:
        memory = parse_free(given.free[1], source=given.free[0])
        readings["memory.available"] = reading_from_free(memory, source=given.free[0])
        explanations += memory.lines
        notes += memory.notes
    stats = None
    layout = figures.layout
    if given.stats is not None:
        exact, missing_there, stats = _from_stats(given, settings, pods or [], layout)
        readings |= exact
        missing = {s: why for s, why in (missing | missing_there).items() if s not in readings}
        if not given.df:
            layout = _layout(readings, given)
            notes.append(f"layout taken from the stats summary: {layout.value}")
    return report(
        settings,
        Figures(readings=readings, missing=missing, layout=layout),
        pods=pods,
        stats=stats,
        explanations=explanations,
        notes=notes,
    )


def _node_name(stats: Named | None) -> str | None:
    """The node that a stats summary is of."""
    if stats is None:
        return None
    node = load_json(stats[1], stats[0], "the answer of /stats/summary").get("node")
    return node.get("nodeName") if isinstance(node, Mapping) else None


def _pods_here(given: Named, node: str | None) -> tuple[list[Pod], list[str]]:
    """The pods of a file without those of other nodes, as far as the file and the summary tell."""
    name, text = given
    pods = read_pods(text, source=name)
    if node is None or not text.lstrip().startswith("{"):
        return pods, []
    data = load_json(text, name, "pods")
    items = data["items"] if isinstance(data.get("items"), list) else [data]
    where = [(item.get("spec") or {}).get("nodeName") for item in items]
    here = [pod for pod, place in zip(pods, where, strict=True) if place in (None, "", node)]
    gone = len(pods) - len(here)
    return here, [f"{name}: {gone} pods of other nodes than {node} left out"] if gone else []


def _as_the_kubelet_knows_them(pods: list[Pod], stats: Named) -> list[Pod]:
    """The pods with the UIDs of the summary: a static pod's differs from that of its mirror in the API."""
    name, text = stats
    summary = Fields(load_json(text, name, "the answer of /stats/summary"), "", name)
    measured = [pod_stats(entry) for entry in summary.children("pods")]
    taken = {pod.uid for pod in pods}
    uids = {(p.namespace, p.name): p.uid for p in measured if p.uid not in taken}
    return [
        replace(pod, uid=uids.get((pod.namespace, pod.name), pod.uid or f"{pod.namespace}/{pod.name}"))
        for pod in pods
    ]


def _from_df(given: Given, settings: KubeletSettings) -> tuple[Figures, list[str], list[str]]:
    if not given.df:
        return Figures(), [], []
    table = merge([parse_df(text, source=name) for name, text in given.df])
    nodefs = given.nodefs or settings.root_dir
    placement = Placement(nodefs=nodefs, imagefs=given.imagefs, containerfs=given.containerfs)
    seen = readings_from_df(table, placement)
    notes = [*table.notes, *(f"{table.source}:{line}: not read: {text}" for line, text in table.unread)]
    if given.imagefs is None:
        notes.append("where images lie was not said (--imagefs PATH): taken from df's mounts")
    figures = Figures(readings=seen.readings, missing=seen.missing, layout=seen.layout)
    return figures, _explained(table, nodefs), notes


def _explained(table: DfTable, nodefs: str) -> list[str]:
    row = table.holding(nodefs)
    if row is None:
        return []
    try:
        return list(explain_use_percent(row).lines)
    except InputError:  # a pseudo file system without figures has nothing to explain
        return []


def _from_stats(
    given: Given, settings: KubeletSettings, pods: list[Pod], layout: FsLayout
) -> tuple[dict[str, Reading], dict[str, str], dict[str, PodStats]]:
    assert given.stats is not None
    name, text = given.stats
    summary = load_json(text, name, "the answer of /stats/summary")
    capacity = _capacity(summary)
    seen = read_summary(
        summary,
        settings.profile,
        pods=pods,
        layout=layout,
        node_capacity=capacity,
        reservation=_reservation(settings, capacity),
        source=name,
    )
    readings = {s: exact_reading(s, o, name) for s, o in seen.observations.items()}
    return readings, dict(seen.missing), {p.uid: p for p in seen.pods}


def _capacity(summary: Mapping[str, Any]) -> dict[str, Quantity]:
    """The machine's memory (available + working set, by the kubelet's own definition) and its root disk."""
    node = summary.get("node")
    node = node if isinstance(node, Mapping) else {}
    memory, fs = node.get("memory") or {}, node.get("fs") or {}
    out = {}
    if isinstance(memory.get("availableBytes"), int) and isinstance(memory.get("workingSetBytes"), int):
        out["memory"] = Quantity.of(memory["availableBytes"] + memory["workingSetBytes"])
    if isinstance(fs.get("capacityBytes"), int):
        out["storage.kubernetes.io/scratch"] = Quantity.of(fs["capacityBytes"])
    return out


def _reservation(settings: KubeletSettings, capacity: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """What Allocatable lacks of capacity: kube- and system-reserved, and the hard thresholds' share."""
    left = allocatable(
        capacity,
        settings.hard_thresholds,
        settings.profile,
        settings.kube_reserved,
        settings.system_reserved,
    )
    return {resource: capacity[resource] - left[resource] for resource in capacity}


def _layout(readings: dict[str, Reading], given: Given) -> FsLayout:
    """Two file systems that report the same figures are one; the summary does not name devices."""
    root, images = readings.get("nodefs.available"), readings.get("imagefs.available")
    layers = readings.get("containerfs.available")
    if root is None or images is None or _same(root, images):
        return FsLayout.ONE
    if layers is not None and not _same(layers, images):
        return FsLayout.SPLIT
    return FsLayout.DEDICATED_IMAGEFS


def _same(one: Reading, other: Reading) -> bool:
    # figures of one disk taken a moment apart may differ in what is available, not in size
    return one.capacity == other.capacity

"""Builders that turn the neutral values of cases/*.json into the values of netlab.kubelet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from netlab.kubelet.duration import parse_duration
from netlab.kubelet.manager import synchronize
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
    Threshold,
    ThresholdValue,
    Volume,
    float32,
)
from netlab.kubelet.quantity import Quantity, parse_quantity
from netlab.kubelet.state import Inputs, ManagerConfig, ManagerState, Pass, Stats

CASES = Path(__file__).parent / "cases"


class Build:
    """Values from their written form; a missing figure is zero, as the cases say."""

    @staticmethod
    def suites(name: str) -> list[dict[str, Any]]:
        suites: list[dict[str, Any]] = json.loads((CASES / name).read_text())["suites"]
        return suites

    @staticmethod
    def value(written: Mapping[str, Any]) -> ThresholdValue:
        if "quantity" in written:
            return ThresholdValue(parse_quantity(written["quantity"]))
        return ThresholdValue(percentage=float32(written["percentage"]))

    @classmethod
    def threshold(cls, written: Mapping[str, Any]) -> Threshold:
        reclaim = written.get("min_reclaim")
        return Threshold(
            signal=written["signal"],
            value=cls.value(written["value"]),
            grace=parse_duration(written.get("grace", "0s")),
            min_reclaim=cls.value(reclaim) if reclaim else None,
        )

    @staticmethod
    def observation(written: Mapping[str, Any]) -> Observation:
        available = parse_quantity(written.get("available", "0"))
        if "capacity_x" in written:
            capacity = Quantity(available.nano * written["capacity_x"], available.family)
        else:
            capacity = parse_quantity(written.get("capacity", "0"))
        time = written.get("time")
        return Observation(available, capacity, None if time is None else parse_duration(time))

    @classmethod
    def observations(cls, written: Mapping[str, Any]) -> dict[str, Observation]:
        return {signal: cls.observation(seen) for signal, seen in written.items()}

    @staticmethod
    def pod(written: Mapping[str, Any]) -> Pod:
        name = written["name"]
        requests, limits = (
            {r: parse_quantity(q) for r, q in written.get(kind, {}).items()}
            for kind in ("requests", "limits")
        )
        volumes = []
        if "local_volume" in written.get("stats", {}) or "local_volume_inodes" in written.get("stats", {}):
            volumes.append(Volume(name="local-volume", kind="emptyDir"))
        return Pod(
            name=name,
            uid=name,
            namespace=written.get("namespace", "default"),
            containers=(Container(name=name, requests=requests, limits=limits),),
            priority=written.get("priority"),
            static=written.get("static", False),
            annotations=written.get("annotations", {}),
            termination_grace_seconds=written.get("termination_grace_seconds"),
            volumes=tuple(volumes),
        )

    @staticmethod
    def stats(written: Mapping[str, Any]) -> PodStats | None:
        figures = written.get("stats")
        if figures is None:
            return None

        def amount(key: str) -> int:
            return parse_quantity(str(figures.get(key, "0"))).value

        def use(part: str) -> DiskUse:
            return DiskUse(used=amount(part), inodes=amount(f"{part}_inodes"))

        memory = amount("memory_working_set")
        return PodStats(
            name=written["name"],
            uid=written["name"],
            memory_working_set=memory,
            process_count=amount("pids"),
            containers=(
                ContainerStats(
                    name=written["name"],
                    memory_working_set=memory,
                    rootfs=use("rootfs"),
                    logs=use("logs"),
                ),
            ),
            volumes={"local-volume": use("local_volume")},
        )

    @classmethod
    def all_stats(cls, pods: list[Mapping[str, Any]]) -> dict[str, PodStats]:
        found = {p["name"]: cls.stats(p) for p in pods}
        return {name: stats for name, stats in found.items() if stats is not None}


@pytest.fixture(scope="session")
def incident() -> Stats:
    """What the node of the article's incident reported."""
    low = Observation(parse_quantity("448Mi"), parse_quantity("5938Mi"))
    return Stats(observations={"nodefs.available": low})


@pytest.fixture(scope="session")
def run(incident: Stats) -> Callable[..., Pass]:
    """One pass of a fresh manager: in that incident, with no pods, unless told otherwise."""

    def run_pass(config: ManagerConfig, **inputs: Any) -> Pass:
        defaults: dict[str, Any] = {"now": 0, "stats": incident, "layout": FsLayout.DEDICATED_IMAGEFS}
        return synchronize(config, ManagerState(), Inputs(**{**defaults, **inputs}))[1]

    return run_pass


@pytest.fixture(scope="session")
def lines() -> Callable[[Pass], list[str]]:
    """The messages that a pass logged."""
    return lambda done: [line.message for line in done.log]


@pytest.fixture(scope="session")
def build() -> type[Build]:
    return Build


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``@pytest.mark.cases(file, suite function)`` runs a test once for each case of those suites."""
    marker = metafunc.definition.get_closest_marker("cases")
    if marker is None:
        return
    file, function = marker.args
    chosen = [
        pytest.param(suite, case, id=f"{suite['id']}: {case['name']}")
        for suite in Build.suites(file)
        if suite["function"] == function
        for case in suite["cases"]
    ]
    assert chosen, (file, function)
    metafunc.parametrize(("suite", "case"), chosen)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cases(file, function): one test for each case of a file in cases/")

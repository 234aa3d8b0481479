"""Pasted free: real outputs of one machine, languages, the old layout, and what it bounds."""

from __future__ import annotations

import pytest

from netlab.errors import InputError
from netlab.kubelet.free import parse_free
from netlab.kubelet.interval import Interval

# one machine, procps-ng 4.0.2, within a second; bytes first
EXACT = """\
               total        used        free      shared  buff/cache   available
Mem:     25276502016   641724416 24391389184     9084928   561930240 24634777600
Swap:              0           0           0
"""
HUMAN = """\
               total        used        free      shared  buff/cache   available
Mem:            23Gi       611Mi        22Gi       8.7Mi       535Mi        22Gi
Swap:             0B          0B          0B
"""
MEBI = """\
$ free -m
               total        used        free      shared  buff/cache   available
Mem:           24105         611       23261           8         535       23493
Swap:              0           0           0
"""
SI = """\
# free --si -h
               total        used        free      shared  buff/cache   available
Mem:             25G        641M         24G        9.1M        561M         24G
"""


@pytest.mark.parametrize("text", [HUMAN, MEBI, SI], ids=["-h", "-m", "--si -h"])
def test_every_unit_holds_the_exact_figures(text: str) -> None:
    exact, memory = parse_free(EXACT, unit=1), parse_free(text)
    assert exact.total == Interval.of(25276502016)
    for name in ("total", "used", "free", "cache", "available"):
        figure, truth = getattr(memory, name), getattr(exact, name)
        slack = 0 if name == "total" else 4 * 2**20  # the machine was at work between the commands
        assert figure.low - slack <= truth.low <= figure.high + slack, name


def test_the_kubelets_memory_lies_between_free_and_free_plus_cache() -> None:
    memory = parse_free(EXACT, unit=1)
    assert memory.kubelet_available == Interval(24391389184, 24391389184 + 561930240)
    assert "active page cache counts as used" in memory.lines[0]
    assert "24634777600" in memory.lines[2]


def test_the_old_layout_has_no_available_column() -> None:
    text = """\
             total       used       free     shared    buffers     cached
Mem:       4045652    3830292     215360      46236     199820    2718132
-/+ buffers/cache:     912340    3133312
Swap:      1048572          0    1048572
"""
    memory = parse_free(text)
    assert memory.available is None
    assert memory.cache == Interval.of((199820 + 2718132) * 1024)
    assert "KiB, free's default" in memory.notes[0]


@pytest.mark.parametrize(
    "label", ["Mem:", "Speicher:", "内存:", "内存：", "Память:", "Mem.:", "メモリ:", "메모리:"]
)
def test_any_label(label: str) -> None:
    memory = parse_free(f"  総計\n{label}  4045652  912340  215360  46236  2917952  2801280")
    assert memory.free == Interval.of(215360 * 1024)


@pytest.mark.parametrize(
    ("total", "bytes_", "unit"),
    [("7976", 7976 * 2**20, "MiB"), ("8167424", 8167424 * 2**10, "KiB"), ("8363442176", 8363442176, "bytes")],
)
def test_an_unsaid_unit_is_guessed_and_said(total: str, bytes_: int, unit: str) -> None:
    memory = parse_free(f"Mem: {total} 1 2 3 4 5")
    assert memory.total.low == bytes_
    assert unit in memory.notes[0]


def test_a_stated_unit_needs_no_note() -> None:
    assert parse_free(MEBI).notes == ()
    assert parse_free("Mem: 1000 1 2 3 4 5", unit=1).total == Interval.of(1000)


@pytest.mark.parametrize("junk", ["", "Mem: none", "hello\nMem: 1 2"])
def test_junk(junk: str) -> None:
    with pytest.raises(InputError, match="no memory row"):
        parse_free(junk)


def test_too_few_figures() -> None:
    with pytest.raises(InputError, match="too few figures"):
        parse_free("Mem: 1 2 3")

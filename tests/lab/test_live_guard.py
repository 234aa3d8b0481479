"""Whatever ends netlab, or the process that watches over a live lab, ends the lab and leaves nothing changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from netlab.errors import NetlabError
from netlab.lab.live import GUARD, LOG_ALL, alone, run_live, why_not_live

linux = pytest.mark.skipif(sys.platform != "linux", reason="process groups and /proc of Linux")
live = pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")
#: Seconds for what takes a moment on an idle machine.
PATIENCE = 90.0


def wait_until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"still not so after {PATIENCE:g} s: {what}"
        time.sleep(0.05)


def processes(word: str) -> list[int]:
    """The processes that have this word among their arguments."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if word.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def in_namespace(name: str) -> list[str]:
    """The processes in a network namespace."""
    found = []
    for link in Path("/proc").glob("[0-9]*/ns/net"):
        with suppress(OSError):
            if str(link.readlink()) == name:
                found.append(link.parts[2])
    return found


def leavings() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("netlab-live*")}


def a_long_time() -> str:
    """Seconds for ``sleep``, of which no other test's process has the same."""
    return f"7{os.getpid()}.{time.monotonic_ns()}"


@contextmanager
def guarded(switch: Path, seconds: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The guard with a sleeping command, as netlab starts it, and netlab's end of the pipe."""
    watched, ours = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), str(watched), str(switch), "old\n", "sleep", seconds],
        pass_fds=(watched,),
        start_new_session=True,
    ) as guard:
        os.close(watched)
        try:
            wait_until(lambda: [p for p in processes(seconds) if p != guard.pid], "the command runs")
            yield guard, ours
        finally:
            with suppress(OSError):
                os.close(ours)
            guard.kill()


@linux
def test_when_netlab_is_gone_the_guard_ends_the_command_and_puts_the_switch_back(tmp_path: Path) -> None:
    switch, seconds = tmp_path / "switch", a_long_time()
    with guarded(switch, seconds) as (guard, ours):
        assert switch.read_text() == "1\n"
        os.close(ours)
        assert guard.wait(PATIENCE) == 128 + signal.SIGKILL
        assert switch.read_text() == "old\n"
        assert processes(seconds) == []


@linux
def test_signals_for_netlab_do_not_stop_the_guard(tmp_path: Path) -> None:
    switch, seconds = tmp_path / "switch", a_long_time()
    with guarded(switch, seconds) as (guard, ours):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            guard.send_signal(number)
        os.close(ours)
        guard.wait(PATIENCE)
        assert switch.read_text() == "old\n"


@linux
def test_the_command_dies_with_the_guard(tmp_path: Path) -> None:
    switch, seconds = tmp_path / "switch", a_long_time()
    with guarded(switch, seconds) as (guard, _):
        guard.kill()
        guard.wait(PATIENCE)
        wait_until(lambda: not processes(seconds), "the command is dead")


@linux
def test_the_commands_status_and_a_switch_that_was_there_before(tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    for script, status in (("exit 7", 7), ("kill -TERM $$", 128 + signal.SIGTERM)):
        watched, ours = os.pipe()
        ran = subprocess.run(
            [sys.executable, "-I", "-S", str(GUARD), str(watched), str(switch), "0\n", "sh", "-c", script],
            pass_fds=(watched,),
            timeout=PATIENCE,
            check=False,
        )
        os.close(watched)
        os.close(ours)
        assert (ran.returncode, switch.read_text()) == (status, "0\n")


@contextmanager
def netlab_live(folder: Path, seconds: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``netlab live`` on a lab that sleeps, once it does; and the lab's network namespace."""
    lab = folder / "lab.sh"
    lab.write_text(f"ip link add left1 type dummy\nsleep {seconds}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "netlab.cli", "live", "--timeout", "600", str(lab)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as netlab:
        try:
            wait_until(lambda: processes(seconds), "the lab runs")
            yield netlab, str(Path(f"/proc/{processes(seconds)[0]}/ns/net").readlink())
        finally:
            netlab.kill()


@live
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_netlab_live_cleans_up_when_it_is_killed(tmp_path: Path, number: signal.Signals) -> None:
    with alone():
        before, folders = LOG_ALL.read_text(), leavings()
    seconds = a_long_time()
    with netlab_live(tmp_path, seconds) as (netlab, namespace):
        assert LOG_ALL.read_text() == "1\n"
        netlab.send_signal(number)
        netlab.wait(PATIENCE)
    wait_until(lambda: not processes(seconds), "the script is dead")
    wait_until(lambda: not in_namespace(namespace), "the namespace has no process")
    with alone():  # the next run may begin, and the guard has let go of the lock last of all
        assert LOG_ALL.read_text() == before
        assert leavings() <= folders
    assert run_live("ip link show left1\n").status == 1


@live
def test_a_whole_process_group_that_is_killed(tmp_path: Path) -> None:
    with alone():
        before = LOG_ALL.read_text()
    seconds = a_long_time()
    with netlab_live(tmp_path, seconds) as (netlab, namespace):
        os.killpg(netlab.pid, signal.SIGKILL)
        netlab.wait(PATIENCE)
    wait_until(lambda: not in_namespace(namespace), "the namespace has no process")
    with alone():
        assert LOG_ALL.read_text() == before


@live
def test_the_guard_itself_is_killed(tmp_path: Path) -> None:
    with alone():
        before = LOG_ALL.read_text()
    seconds = a_long_time()
    with netlab_live(tmp_path, seconds) as (netlab, namespace):
        mine = Path(f"/proc/{netlab.pid}/task/{netlab.pid}/children").read_text().split()
        assert len(mine) == 1
        os.kill(int(mine[0]), signal.SIGKILL)
        said, _ = netlab.communicate(timeout=PATIENCE)
        assert netlab.returncode == 2
        assert b"the process that watched over the lab was killed (signal 9)" in said
        wait_until(lambda: not in_namespace(namespace), "the namespace has no process")
    with alone():
        assert LOG_ALL.read_text() == before


@live
def test_a_lab_that_takes_too_long() -> None:
    seconds = a_long_time()
    with pytest.raises(NetlabError, match=r"the lab did not end within 0\.5 s"):
        run_live(f"sleep {seconds}\n", timeout=0.5)
    wait_until(lambda: not processes(seconds), "the script is dead")


@live
def test_the_lab_reads_no_input_and_finds_its_own_text_nowhere_in_a_command_line() -> None:
    ran = run_live("cat\ncat /proc/1/cmdline | tr '\\0' ' ' | grep -c 'secret word'\n")
    assert ran.output == "0\n"

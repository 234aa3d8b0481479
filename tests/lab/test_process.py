"""Processes on the virtual clock: who runs when, what pipes carry, what signals do."""

from __future__ import annotations

import pytest

from netlab.lab import Lab, run_lab
from netlab.lab.process import jiffy_timeout


def test_sleeping_moves_the_virtual_clock() -> None:
    lab = Lab()
    lab.run("sleep 100000")
    assert lab.world.now >= 100000


def test_background_jobs_print_at_their_time() -> None:
    result = run_lab("(sleep 2; echo two) & (sleep 1; echo one) &\nsleep 1.5; echo half; wait; echo end")
    assert result.output.split() == ["one", "half", "two", "end"]


def test_what_still_runs_at_the_end_is_not_waited_for() -> None:
    assert run_lab("(sleep 5; echo late) &\necho end").output == "end\n"


def test_a_host_goes_on_from_script_to_script() -> None:
    lab = Lab()
    lab.run("(sleep 5; echo late > /tmp/late) &\n")
    assert lab.run("cat /tmp/late").status == 1
    assert lab.run("sleep 6; cat /tmp/late").output == "late\n"


def test_the_last_line_of_a_pipe_needs_no_newline() -> None:
    """As dash and coreutils do: printf "a\\nb\\nc" | tail -n 1."""
    assert run_lab(r'printf "a\nb\nc" | tail -n 1').output == "c"
    assert run_lab(r'printf "a\nb" | cat; printf "*filter\nCOMMIT" | iptables-restore').output == (
        "a\nbBad argument `COMMIT'\nError occurred at line: 2\n"
        "Try `iptables-restore -h' or 'iptables-restore --help' for more information.\n"
    )


def test_a_reader_that_leaves_ends_the_writer() -> None:
    assert run_lab("yes x | head -n 2; echo $?").output == "x\nx\n0\n"


def test_ping_answers_an_interrupt_with_its_summary() -> None:
    result = run_lab(
        "ping 127.0.0.1 > /tmp/p & P=$!; sleep 2.5; kill -INT $P; wait $P; echo $?; grep -c icmp_seq /tmp/p; grep loss /tmp/p"
    )
    lines = result.output.splitlines()
    assert lines[:2] == ["0", "3"]
    assert lines[2].startswith("3 packets transmitted, 3 received")


def test_timeout_ends_a_command_and_the_shell_says_so() -> None:
    # As captured from busybox's timeout under dash.
    assert run_lab("timeout 1 sleep 5; echo $?").output == "Terminated\n143\n"


def test_nothing_touches_the_real_disk(tmp_path: pytest.TempPathFactory) -> None:
    run_lab(f"mkdir -p {tmp_path}/x; echo hello > {tmp_path}/x/file; cat {tmp_path}/x/file")
    assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(("delay", "fires"), [(0.004, 0.004), (0.2, 0.2), (1.0, 1.024), (5.0, 5.12)])
def test_jiffy_timers_fire_on_the_wheel(delay: float, fires: float) -> None:
    # Granularity of the timer wheel at 250 Hz: 4, 32, 256 ms (table at the head of kernel/time/timer.c).
    assert jiffy_timeout(0.0, delay) == pytest.approx(fires)

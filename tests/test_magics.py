"""The notebook door, in a real IPython shell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from netlab.errors import InputError, NotModelledError
from netlab.lab import LabResult
from netlab.magics import completions, read_options


@pytest.fixture
def shell() -> Iterator[Any]:
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    found = InteractiveShell.instance()
    assert found.extension_manager is not None
    found.extension_manager.load_extension("netlab.magics")
    yield found
    InteractiveShell.clear_instance()


def test_a_host_lives_from_cell_to_cell(shell: Any) -> None:
    shell.run_cell_magic("lab", "--new", "ip link add br0 type bridge\nX=7\n")
    result = shell.run_cell_magic("lab", "", "ip -br link show br0; echo $X\n")
    assert isinstance(result, LabResult)
    assert result.output.startswith("br0 ")
    assert result.output.endswith("\n7\n")


def test_new_starts_afresh(shell: Any) -> None:
    shell.run_cell_magic("lab", "", "ip link add br0 type bridge\n")
    assert "does not exist" in shell.run_cell_magic("lab", "--new", "ip link show br0\n").output


def test_another_kernel_is_another_host(shell: Any) -> None:
    shell.run_cell_magic("lab", "--kernel 4.4", "ip link add br0 type bridge\n")
    result = shell.run_cell_magic("lab", "--kernel 6.1", "ip link show br0; uname -r\n")
    assert "does not exist" in result.output
    assert result.output.splitlines()[-1].startswith("6.1")


def test_named_hosts_stand_side_by_side(shell: Any) -> None:
    shell.run_cell_magic("lab", "--name one", "ip link add br1 type bridge\n")
    shell.run_cell_magic("lab", "--name two", "ip link add br2 type bridge\n")
    assert "br1" in shell.run_cell_magic("lab", "--name one", "ip -br link\n").output
    assert "br1" not in shell.run_cell_magic("lab", "--name two", "ip -br link\n").output


def test_the_line_magic_runs_one_command(shell: Any) -> None:
    assert shell.run_line_magic("lab", "echo $((6*7))").output == "42\n"


def test_a_cell_shows_only_its_own_log(shell: Any) -> None:
    shell.run_cell_magic(
        "lab", "", "iptables -A OUTPUT -p icmp -j LOG --log-prefix one\nping -c 1 127.0.0.1\n"
    )
    second = shell.run_cell_magic("lab", "", "ping -c 1 127.0.0.1\n")
    assert len([line for line in second.log if "TYPE=8" in line]) == 1


def test_a_refusal_is_a_message_without_traceback(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = shell.run_cell("%%lab\necho before\nnosuchcommand\n")
    assert isinstance(outcome.error_in_exec, NotModelledError)
    printed = capsys.readouterr().out
    assert "lab:2: nosuchcommand: netlab does not model this command" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("line", ["--what", "--kernel", "--name", "'open"])
def test_bad_options_say_what_is_known(line: str) -> None:
    with pytest.raises(InputError, match="expected: %%lab"):
        read_options(line)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("ipt", "iptables"),
        ("ip l", "link"),
        ("echo x | gr", "grep"),
        ("ip netns exec c1 pi", "ping"),
        ("ip link s", "set"),
    ],
)
def test_completion_knows_where_it_stands(line: str, word: str) -> None:
    assert word in completions(line)


def test_completion_in_a_cell(shell: Any) -> None:
    from IPython.core.completer import provisionalcompleter

    cell = "%%lab\nip rou"
    with provisionalcompleter():
        found = [c.text for c in shell.Completer.completions(cell, len(cell))]
    assert "route" in found
    with provisionalcompleter():
        outside = [c.text for c in shell.Completer.completions("ip rou", 6)]
    assert "route" not in outside

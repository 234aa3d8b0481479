"""iptables-restore in a lab: what real iptables-restore 1.8.9 does, table by table (messages captured on 6.1)."""

from __future__ import annotations

import pytest

from netlab.errors import NotModelledError
from netlab.lab import run_lab


def restore(*lines: str, options: str = "") -> str:
    """A command that restores these lines from a here-document."""
    return "\n".join([f"iptables-restore {options} <<'RULES'", *lines, "RULES", ""])


def test_a_failing_table_changes_nothing_but_earlier_ones_stay() -> None:
    text = restore(
        "*nat",
        ":PREROUTING ACCEPT [0:0]",
        "-A PREROUTING -p tcp -j RETURN",
        "COMMIT",
        "*filter",
        ":INPUT DROP [0:0]",
        "-A INPUT -j NOCHAIN",
        "COMMIT",
    )
    result = run_lab(
        f"iptables -A INPUT -s 1.1.1.1 -j DROP\n{text}echo $?\niptables -S INPUT; iptables -t nat -S PREROUTING\n"
    )
    assert "\n2\n-P INPUT ACCEPT\n-A INPUT -s 1.1.1.1/32 -j DROP\n" in result.output
    assert result.output.endswith("-A PREROUTING -p tcp -j RETURN\n")


def test_save_then_restore_is_the_identity() -> None:
    result = run_lab(
        "iptables -N A\n"
        'iptables -A A -p tcp --dport 80 -m comment --comment "a b" -j ACCEPT\n'
        "iptables -A FORWARD -j A\n"
        "iptables -t nat -A POSTROUTING -s 10.0.0.0/8 ! -o lo -j MASQUERADE\n"
        "iptables-save -c | grep -v '^#' | sort > /tmp/before\n"
        "iptables-save -c > /tmp/rules; iptables-restore -c < /tmp/rules\n"
        "iptables-save -c | grep -v '^#' | sort > /tmp/after\n"
        "wc -l < /tmp/before; cat /tmp/before; echo ----; cat /tmp/after\n"
    )
    count, rest = result.output.split("\n", 1)
    before, after = rest.split("----\n")
    assert int(count) == 15
    assert before == after


def test_commands_other_than_append_are_obeyed_in_order() -> None:
    text = restore(
        "*filter",
        ":X - [0:0]",
        "-A X -j RETURN",
        "-I X -s 9.9.9.9 -j DROP",
        "-I FORWARD 1 -j X",
        "-P FORWARD DROP",
        "-D X -j RETURN",
        "COMMIT",
        options="-n",
    )
    assert run_lab(text + "iptables -S\n").output.splitlines() == [
        "-P INPUT ACCEPT",
        "-P FORWARD DROP",
        "-P OUTPUT ACCEPT",
        "-N X",
        "-A FORWARD -j X",
        "-A X -s 9.9.9.9/32 -j DROP",
    ]


def test_what_is_not_modelled_names_the_line_of_the_script() -> None:
    script = "true\n" + restore("*filter", "-A INPUT -m bpf --bytecode 1 -j ACCEPT", "COMMIT")
    with pytest.raises(NotModelledError) as caught:
        run_lab(script, source="x.sh")
    assert (caught.value.source, caught.value.line) == ("x.sh", 4)


def test_a_missing_commit_is_said_as_the_real_program_says_it() -> None:
    result = run_lab(restore("*filter", "-A INPUT -p tcp -j ACCEPT") + "echo $?\n")
    assert result.output == "iptables-restore: COMMIT expected at line 3\n1\n"

"""Kubelet command lines out of everything people paste."""

from __future__ import annotations

import pytest

from netlab import data
from netlab.errors import InputError
from netlab.kubelet.flags import CommandLine, find_command_lines, parse_flags


def settings_in(text: str) -> dict[str, object]:
    (command,) = find_command_lines(text, source="paste")
    items, _ = parse_flags(command)
    return {item.name: item.value for item in items}


def test_the_articles_ps_output() -> None:
    (command,) = find_command_lines(data.article("ps-kubelet.txt"))
    assert command.argv[0] == "/usr/bin/kubelet"
    assert command.argv[-1] == "--cadvisor-port=0"
    assert not command.cut
    assert parse_flags(command) == ([], [])


def test_the_articles_status_output_is_cut() -> None:
    (command,) = find_command_lines(data.article("systemctl-status-kubelet.txt"))
    assert command.cut
    assert command.argv[-1] == "--allow-privileged=true"
    _, notes = parse_flags(command)
    assert "cut off" in notes[0]


FLAG = "--eviction-hard=nodefs.available<5%"
FOUND = {"evictionHard": "nodefs.available<5%"}


@pytest.mark.parametrize(
    "text",
    [
        f"root     13640     1  4 10:25 ?        00:17:25 /usr/bin/kubelet {FLAG}",
        f"root     13640     1  4 10月16 ?      00:17:25 /usr/bin/kubelet {FLAG}",
        f"root      1234  2.1  1.5 1234567 98765 ?  Ssl  Oct16  12:34 /usr/bin/kubelet {FLAG}",
        f"root      1234  2,1  1,5 1234567 98765 ?  Ssl  Oct16  12:34 /usr/bin/kubelet {FLAG}".replace(
            ",", "."
        ),
        f"           ├─13640 /usr/bin/kubelet {FLAG}",
        f"13640 /usr/bin/kubelet {FLAG}",
        f"/usr/bin/kubelet\0{FLAG}\0",
        f"/usr/bin/kubelet^@{FLAG}^@",
        f"/usr/bin/kubelet\n{FLAG}\n",
        f"# kubelet '{FLAG}'",
        "$ kubelet --eviction-hard='nodefs.available<5%'",
        "kubelet --eviction-hard 'nodefs.available<5%'",
        "kubelet --eviction_hard=nodefs.available<5%",
        f"kubelet \\\n  {FLAG} \\\n  -v=4",
        f"/hyperkube kubelet {FLAG} -v 4 --logtostderr",
        FLAG,
        f"root 5718 5695 0 16:38 pts/3 00:00:00 grep --color=auto kubelet\nroot 1 0 0 10:25 ? 00:00:01 kubelet {FLAG}",
    ],
)
def test_one_flag_in_every_dress(text: str) -> None:
    assert settings_in(text) == FOUND


def test_grep_is_not_the_kubelet() -> None:
    assert find_command_lines("root 5718 5695 0 16:38 pts/3 00:00:00 grep --color=auto kubelet") == []


def test_unknown_flags_take_a_bare_word_as_their_value() -> None:
    found = settings_in("kubelet --node-ip 10.0.0.1 --allow-privileged --v 2 --root-dir /data/kubelet")
    assert found == {"root-dir": "/data/kubelet"}


def test_double_dash_ends_the_flags() -> None:
    assert settings_in(f"kubelet -- {FLAG}") == {}


def test_a_known_flag_takes_whatever_follows_as_its_value() -> None:
    assert settings_in("kubelet --eviction-hard --v=2") == {"evictionHard": "--v=2"}


def test_missing_value() -> None:
    (command,) = find_command_lines("kubelet --eviction-hard", source="paste")
    with pytest.raises(InputError, match="flag needs an argument: --eviction-hard") as caught:
        parse_flags(command)
    assert (caught.value.line, caught.value.column) == (1, 8)


def test_a_value_cut_off_is_unknown_not_missing() -> None:
    command = CommandLine(argv=("kubelet", "--eviction-hard"), source="paste", line=3, cut=True)
    items, notes = parse_flags(command)
    assert items == []
    assert "its value is unknown" in notes[0]


def test_words_that_are_no_flags() -> None:
    (command,) = find_command_lines("kubelet --eviction-hard=memory.available<1Gi, nodefs.available<5%")
    with pytest.raises(InputError, match="unknown command nodefs") as caught:
        parse_flags(command)
    assert "quote a value that has spaces" in str(caught.value)


def test_open_quotes() -> None:
    with pytest.raises(InputError, match="does not end its quotes") as caught:
        find_command_lines("kubelet --eviction-hard='nodefs", source="paste")
    assert caught.value.line == 1


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--evicton-hard=nodefs.available<5%", "unknown flag: --evicton-hard"),
        ("--eviction-soft-grace=nodefs.available=1m", "unknown flag: --eviction-soft-grace"),
        ("-eviction-hard=nodefs.available<5%", "unknown shorthand flag: 'e' in -eviction-hard="),
    ],
)
def test_a_misspelled_eviction_flag_stops_the_kubelet(word: str, said: str) -> None:
    with pytest.raises(InputError, match="expected: --eviction-") as caught:
        settings_in(f"/usr/bin/kubelet --v=2 {word}")
    assert said in str(caught.value)
    assert caught.value.column == len("/usr/bin/kubelet --v=2 ")

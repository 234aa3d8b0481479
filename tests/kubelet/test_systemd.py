"""Units of a kubelet, as systemd reads them."""

from __future__ import annotations

import pytest

from netlab import data
from netlab.errors import InputError, NotModelledError
from netlab.kubelet.systemd import read_units

UNIT = "[Service]\nExecStart=/usr/bin/kubelet\n"


def argv(*drops: str, files: dict[str, str] | None = None) -> tuple[str, ...]:
    units = [("kubelet.service", UNIT)] + [(f"{i:02}-drop.conf", text) for i, text in enumerate(drops)]
    return read_units(units, files=files)[0].argv


def test_the_articles_units_give_the_articles_command_line() -> None:
    names = ("kubelet.service", "10-kubeadm-before.conf")
    command, notes = read_units([(n, data.article(n)) for n in names])
    (line,) = [n for n in data.article("ps-kubelet.txt").splitlines() if "/usr/bin/kubelet" in n]
    assert " ".join(command.argv) == line[line.index("/usr/bin/kubelet") :]
    assert notes == ["10-kubeadm-before.conf:9: $KUBELET_EXTRA_ARGS is not set here, so it adds nothing"]


def test_the_articles_fix_adds_one_flag_and_knows_its_line() -> None:
    names = ("kubelet.service", "10-kubeadm-after.conf")
    command, _ = read_units([(n, data.article(n)) for n in names])
    assert command.argv[-1] == "--eviction-hard=nodefs.available<5%"
    origin = command.origin(len(command.argv) - 1)
    assert (origin.source, origin.line) == ("10-kubeadm-after.conf", 8)
    assert "KUBELET_EVICTION_POLICY_ARGS" in origin.text


def test_an_empty_exec_start_clears_and_a_second_one_without_it_is_refused() -> None:
    assert argv("[Service]\nExecStart=\nExecStart=/opt/kubelet --v=2") == ("/opt/kubelet", "--v=2")
    with pytest.raises(InputError, match="more than one ExecStart= setting") as caught:
        argv("[Service]\nExecStart=/opt/kubelet")
    assert caught.value.source == "00-drop.conf"
    assert argv("[Service]\nType=oneshot\nExecStart=/opt/kubelet") == ("/usr/bin/kubelet",)


def test_no_exec_start_at_all() -> None:
    with pytest.raises(InputError, match="no ExecStart="):
        argv("[Service]\nExecStart=")


RUN = "[Service]\nExecStart=\nExecStart=/usr/bin/kubelet "


@pytest.mark.parametrize(
    ("drop", "words"),
    [
        # systemd.exec(5), Environment=: the manual's own example
        ('Environment="VAR1=word1 word2" VAR2=word3 "VAR3=$word 5 6"\n{}$VAR1 $VAR2 ${VAR3}',
         ["word1", "word2", "word3", "$word 5 6"]),
        # systemd.service(5): the manual's own example of the three expansions
        ("Environment=\"ONE=one\" 'TWO=two two'\n{}$ONE $TWO ${TWO}", ["one", "two", "two", "two two"]),
        ("Environment=ONE='one' \"TWO='two two' too\" THREE=\n{}${ONE} ${TWO} ${THREE}",
         ["one", "'two two' too", ""]),
        ("Environment=ONE='one' \"TWO='two two' too\" THREE=\n{}$ONE $TWO $THREE", ["one", "two two", "too"]),
        ("Environment=A=1\nEnvironment=\nEnvironment=B=2\n{}[$A] $A $B", ["[$A]", "2"]),
        ("Environment=A=1\nEnvironment=A=2\n{}--x=${A} --y=$A $$A $${A}", ["--x=2", "--y=$A", "$A", "${A}"]),
        ('{}"--eviction-hard=memory.available<1Gi, nodefs.available<5%%" -v 2',
         ["--eviction-hard=memory.available<1Gi, nodefs.available<5%", "-v", "2"]),
        ("{}--a=5%,b --c=10% --d=5%%", ["--a=5%,b", "--c=10%", "--d=5%"]),
        ("{}--a \\\n  --b \\\n# a comment in between\n  --c", ["--a", "--b", "--c"]),
        ('{}"a\\"b" c\\x41 \\"', ['a"b', "cA", '"']),
    ],
)  # fmt: skip
def test_variables_quotes_and_specifiers(drop: str, words: list[str]) -> None:
    assert list(argv("[Service]\n" + drop.replace("{}", RUN.partition("\n")[2], 1))[1:]) == words


def test_prefixes_of_the_program_come_off() -> None:
    assert argv("[Service]\nExecStart=\nExecStart=-/usr/bin/kubelet --v=1")[0] == "/usr/bin/kubelet"


def test_environment_files_known_and_unknown() -> None:
    drop = "[Service]\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\n" + RUN.partition("\n")[2] + "$X"
    units = [("kubelet.service", UNIT), ("10-kubeadm.conf", drop)]
    command, notes = read_units(units)
    assert command.argv == ("/usr/bin/kubelet",)
    assert any("what it sets is unknown" in note for note in notes)
    assert any("an environment file may set it" in note for note in notes)
    path = "/var/lib/kubelet/kubeadm-flags.env"
    command, notes = read_units(units, files={path: 'X="--v=2 --root-dir=/data"\n'})
    assert command.argv == ("/usr/bin/kubelet", "--v=2", "--root-dir=/data")
    assert notes == []
    assert command.origin(2).source == path


def test_systemctl_cat_is_taken_apart_and_drop_ins_sorted() -> None:
    text = f"""\
# /lib/systemd/system/kubelet.service
{UNIT}
# /etc/systemd/system/kubelet.service.d/20-extra.conf
[Service]
Environment=A=--v=9
# /etc/systemd/system/kubelet.service.d/10-kubeadm.conf
[Service]
Environment=A=--v=1
ExecStart=
ExecStart=/usr/bin/kubelet $A
"""
    command, _ = read_units([("pasted", text)])
    assert command.argv[1:] == ("--v=9",)
    assert command.source == "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"
    assert command.line == 4


def test_a_drop_in_under_etc_hides_the_one_of_the_same_name() -> None:
    lib = ("/usr/lib/systemd/system/kubelet.service.d/10-a.conf", "[Service]\nEnvironment=A=lib")
    etc = ("/etc/systemd/system/kubelet.service.d/10-a.conf", "[Service]\nEnvironment=A=etc")
    last = ("90.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/kubelet ${A}")
    for units in ([lib, etc], [etc, lib]):
        command, _ = read_units([("kubelet.service", UNIT), *units, last])
        assert command.argv[1] == "etc"


@pytest.mark.parametrize(
    ("drop", "error", "message"),
    [
        ("[Service]\nnonsense", InputError, "Missing '='"),
        ('[Service]\nEnvironment="A=1', InputError, "unbalanced quotes"),
        ("[Service]\nEnvironment=A=%H", NotModelledError, "the specifier %H"),
        (RUN + "a ; /bin/true", NotModelledError, "several commands"),
    ],
)
def test_refusals_point_at_the_line(drop: str, error: type[InputError], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        argv(drop)
    assert caught.value.source == "00-drop.conf"
    assert caught.value.line is not None
    assert "^" in str(caught.value)


def test_the_rest_of_the_grammar() -> None:
    run = RUN.partition("\n")[2]
    assert argv(f"[Unit]\nExecStart=/no\n[Service]\nRestart=always\n{run}--a \\") == (
        "/usr/bin/kubelet",
        "--a",
    )
    assert argv("[Service]\nEnvironment=novalue =x A=1\n" + run + "$A ${novalue}") == (
        "/usr/bin/kubelet",
        "1",
        "",
    )
    assert argv(f"[Service]\nEnvironment='A=it is \\'odd'\n{run}$A") == (
        "/usr/bin/kubelet",
        "it",
        "is",
        "'odd",
    )
    assert argv(f"[Service]\nEnvironment=A=\\\\q\n{run}${{A}} \\q \\u00e9 \\101") == (
        "/usr/bin/kubelet", "\\q", "\\q", "é", "A",
    )  # fmt: skip


def test_an_empty_environment_file_setting_clears_the_earlier_ones() -> None:
    text = "[Service]\nEnvironmentFile=/a\nEnvironmentFile=/b\nEnvironmentFile=\n"
    units = [("kubelet.service", UNIT), ("10-a.conf", text + RUN.partition("\n")[2] + "$X")]
    command, notes = read_units(units, files={"/a": "X=1"})
    assert command.argv == ("/usr/bin/kubelet",)
    assert notes == ["10-a.conf:6: $X is not set here, so it adds nothing"]


@pytest.mark.parametrize("wrapper", ["/usr/bin/hyperkube", "/usr/bin/nice -n 5", "docker run --net=host img"])
def test_a_wrapper_before_the_kubelet(wrapper: str) -> None:
    unit = f"[Service]\nExecStart={wrapper} kubelet --eviction-hard=nodefs.available<5%\n"
    assert read_units([("kubelet.service", unit)])[0].argv == (
        "kubelet",
        "--eviction-hard=nodefs.available<5%",
    )


def test_what_runs_no_kubelet_is_not_taken_for_one() -> None:
    with pytest.raises(InputError, match="runs no kubelet"):
        read_units([("x.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n")])
    script = '[Service]\nExecStart=/bin/sh -c "/usr/bin/kubelet --eviction-hard=nodefs.available<5%"\n'
    with pytest.raises(NotModelledError, match="the script of /bin/sh -c"):
        read_units([("x.service", script)])

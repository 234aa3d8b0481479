"""Pasted df: real outputs of one disk in many shapes, the article's table, languages, wrapping, rounding."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.errors import InputError
from netlab.kubelet.df import DfTable, explain_use_percent, merge, parse_df
from netlab.kubelet.interval import Interval, rounded_to_nearest, rounded_up

# One disk and one tmpfs of one machine, printed by coreutils 9.1 and BusyBox within a second.
EXACT = """\
Filesystem        1B-blocks        Used   Available Use% Mounted on
/dev/vda       270553174016 14413930496 83379363840  15% /
tmpfs           25276502016           0 25276502016   0% /dev/shm
"""
SHAPES = {
    "-h": """\
Filesystem      Size  Used Avail Use% Mounted on
/dev/vda        252G   14G   78G  15% /
tmpfs            24G     0   24G   0% /dev/shm
""",
    "plain": """\
Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/vda       264212084 14076108  81425156  15% /
tmpfs           24684084        0  24684084   0% /dev/shm
""",
    "-m": """\
Filesystem     1M-blocks  Used Available Use% Mounted on
/dev/vda          258020 13747     79517  15% /
tmpfs              24106     0     24106   0% /dev/shm
""",
    "-BG": """\
Filesystem     1G-blocks  Used Available Use% Mounted on
/dev/vda            252G   14G       78G  15% /
tmpfs                24G    0G       24G   0% /dev/shm
""",
    "-H": """\
$ df -H
Filesystem      Size  Used Avail Use% Mounted on
/dev/vda        271G   15G   84G  15% /
tmpfs            26G     0   26G   0% /dev/shm
""",
    "-T": """\
Filesystem     Type  1K-blocks     Used Available Use% Mounted on
/dev/vda       ext4  264212084 14076108  81425156  15% /
tmpfs          tmpfs  24684084        0  24684084   0% /dev/shm
""",
    "-P": """\
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda         264212084 14076108  81425156      15% /
tmpfs             24684084        0  24684084       0% /dev/shm
""",
    "busybox -h": """\
Filesystem                Size      Used Available Use% Mounted on
/dev/vda                252.0G     13.4G     77.7G  15% /
tmpfs                    23.5G         0     23.5G   0% /dev/shm
""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_one_disk_holds_the_exact_figures(shape: str) -> None:
    exact, table = parse_df(EXACT), parse_df(SHAPES[shape])
    assert [r.mount for r in table.rows] == ["/", "/dev/shm"]
    assert not table.unread
    assert not table.notes
    for precise, row in zip(exact.rows, table.rows, strict=True):
        assert row.device == precise.device
        assert row.use_percent == precise.use_percent
        for name in ("size", "used", "available"):
            figure, truth = getattr(row, name), getattr(precise, name)
            # the disk was written to between the commands: a few blocks of slack
            assert figure.low - 2**16 <= truth.low <= figure.high + 2**16, name
            assert truth.exact


def test_the_type_column() -> None:
    assert [r.type for r in parse_df(SHAPES["-T"]).rows] == ["ext4", "tmpfs"]


def test_a_share_with_a_space_in_its_name() -> None:
    (row,) = parse_df("//srv/My Docs   10G 1G 9G 10% /mnt/cifs").rows
    assert (row.device, row.type) == ("//srv/My Docs", None)


def test_inodes() -> None:
    text = """\
Filesystem       Inodes  IUsed    IFree IUse% Mounted on
/dev/vda       16777216 443781 16333435    3% /
Filesystem     Inodes IUsed IFree IUse% Mounted on
/dev/vda          16M  434K   16M    3% /
"""
    exact, human = parse_df(text).rows
    assert exact.inodes
    assert human.inodes
    assert exact.available == Interval.of(16333435)
    assert human.available is not None
    assert human.available.low <= 16333435 <= human.available.high


def test_the_article() -> None:
    table = parse_df(data.article("df-h.txt"))
    root = table.holding("/var/lib/kubelet")
    docker = table.holding("/data/docker")
    assert root is not None
    assert docker is not None
    assert (root.device, root.use_percent) == ("/dev/sda1", 92)
    assert docker.device == "/dev/sdb1"
    assert root.available == Interval(447 * 2**20 + 1, 448 * 2**20)
    assert len(table.rows) == 8
    assert [line.strip() for _, line in table.unread] in ([], ["... ..."])


def test_use_percent_is_explained_with_this_rows_numbers() -> None:
    root = parse_df(data.article("df-h.txt")).holding("/")
    assert root is not None
    said = explain_use_percent(root)
    assert said.df_left == 8
    # the specification's figures for the incident: 7.53% to 7.68%
    assert [round(share, 2) for share in said.kubelet_left] == [7.53, 7.68]
    assert "not 8%" in str(said)
    exact = explain_use_percent(parse_df(EXACT).rows[0])
    assert exact.kubelet_left[0] == exact.kubelet_left[1] == 100 * 83379363840 / 270553174016
    assert "An empty disk would show the kubelet 36.1%" in str(exact)
    assert exact.reserved == Interval.of(270553174016 - 14413930496 - 83379363840)


def test_no_figures_to_explain() -> None:
    row = parse_df("proc  -  -  -  - /proc").rows[0]
    with pytest.raises(InputError, match="no figures for /proc"):
        explain_use_percent(row)


@pytest.mark.parametrize(
    "header",
    [
        "Filesystem      Size  Used Avail Use% Mounted on",
        "Dateisystem    Größe Benutzt Verf. Verw% Eingehängt auf",
        "Sys. de fichiers Taille Utilisé Dispo Uti% Monté sur",
        "S.ficheros     Tamaño Usados  Disp Uso% Montado en",
        "File system    Dim. Usati Dispon. Uso% Montato su",
        "Sist. Arq.      Tam. Usado Disp. Uso% Montado em",
        "Файл.система   Размер Использовано  Дост Использовано% Cмонтировано в",
        "ファイルシス   サイズ  使用  残り 使用% マウント位置",
        "文件系统        容量  已用  可用 已用% 挂载点",
        "檔案系統        容量  已用  可用 已用% 掛載點",
        "파일 시스템     크기  사용  가용 사용% 마운트위치",
        "System plików  rozm. użyte dost. %uż. zamont. na",
        "",
    ],
)
@pytest.mark.parametrize("mark", [".", ","])
def test_headers_of_all_languages_and_decimal_commas(header: str, mark: str) -> None:
    (row,) = parse_df(f"{header}\n/dev/sda1        5{mark}8G  5{mark}1G  448M   92% /").rows
    assert row.size == Interval(5 * 2**30 + 7 * 2**30 // 10 + 1, 58 * 2**30 // 10)
    assert row.available == Interval(447 * 2**20 + 1, 448 * 2**20)


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ("Dateisystem    1K-Blöcke  Benutzt Verfügbar Verw% Eingehängt auf", 6000000 * 1024),
        ("Sys. de fichiers blocs de 1K Utilisé Disponible Uti% Monté sur", 6000000 * 1024),
        ("文件系统          1K-块    已用    可用 已用% 挂载点", 6000000 * 1024),
        ("S.ficheros     bloques de 1K Usados Disponibles Uso% Montado en", 6000000 * 1024),
        ("ファイルシス   1K-ブロック  使用 使用可 使用% マウント位置", 6000000 * 1024),
        ("Filesystem     512-blocks Used Available Capacity Mounted on", 6000000 * 512),
        ("Filesystem     1B-blocks  Used Available Use% Mounted on", 6000000),
    ],
)
def test_the_block_size_in_any_language(header: str, size: int) -> None:
    (row,) = parse_df(f"{header}\n/dev/sda1 6000000 5500000 200000 97% /").rows
    assert row.size == Interval.of(size)


@pytest.mark.parametrize(
    "header",
    [
        "Dateisystem    Inodes IBenutzt IFrei IUse% Eingehängt auf",
        "Sys. de fichiers Inœuds IUtil. ILibre IUti% Monté sur",
        "文件系统         Inode  已用(I)  可用(I) 已用(I)% 挂载点",
        "ファイルシス    Iノード  I使用  I残り I使用% マウント位置",
        "Файл.система   Inodes IИспользовано IСвободно IИспользовано% Cмонтировано в",
    ],
)
def test_inode_headers_in_any_language(header: str) -> None:
    (row,) = parse_df(f"{header}\n/dev/sda1 6000 5500 500 92% /").rows
    assert row.inodes
    assert row.size == Interval.of(6000)


def test_a_wrapped_device_name_is_joined() -> None:
    text = """\
Filesystem            Size  Used Avail Use% Mounted on
/dev/mapper/ubuntu--vg-a--very--long--name
                       40G   31G  7.1G  82% /
"""
    (row,) = parse_df(text).rows
    assert row.device == "/dev/mapper/ubuntu--vg-a--very--long--name"
    assert row.mount == "/"
    assert not parse_df(text).unread


def test_mount_points_with_spaces_and_the_longest_one_wins() -> None:
    table = parse_df("/dev/a 1G 0 1G 0% /\n/dev/b 1G 0 1G 0% /var/lib\n/dev/c 1G 0 1G 0% /my disk")
    assert [r.mount for r in table.rows] == ["/", "/var/lib", "/my disk"]

    def device(path: str) -> str | None:
        row = table.holding(path)
        return row.device if row else None

    assert device("/var/lib/kubelet") == "/dev/b"
    assert device("/var/library") == "/dev/a"
    assert DfTable(rows=()).holding("/") is None


def test_without_header_plain_figures_are_kibibytes_and_said_so() -> None:
    table = parse_df("/dev/sda1 6000000 5500000 200000 97% /")
    assert table.rows[0].size == Interval.of(6000000 * 1024)
    assert "no header" in table.notes[0]


def test_lower_case_k_is_powers_of_1000() -> None:
    row = parse_df("Filesystem Size Used Avail Use% Mounted on\n/dev/a 500k 100k 400k 20% /boot").rows[0]
    assert row.size == Interval(499001, 500000)


def test_merging_bytes_and_inodes() -> None:
    both = merge(
        [
            parse_df("/dev/a 1G 0 1G 0% /"),
            parse_df("Filesystem Inodes IUsed IFree IUse% M\n/dev/a 9 1 8 12% /"),
        ]
    )
    assert both.holding("/", inodes=True) is not None
    assert both.holding("/") is not None
    assert list(both.frame()["inodes"]) == [False, True]


@pytest.mark.parametrize(
    "junk", ["", "hello", "Filesystem Size Used Avail Use% Mounted on", "df: /x: No such file"]
)
def test_junk_says_what_was_expected(junk: str) -> None:
    with pytest.raises(InputError, match="no file system") as caught:
        parse_df(junk, source="paste")
    assert "rows such as" in str(caught.value)
    assert str(caught.value).startswith("paste:1:")


def test_unread_lines_are_kept() -> None:
    table = parse_df("hello there\n/dev/a 1G 0 1G 0% /\n... ...\nname-alone")
    assert [number for number, _ in table.unread] == [1, 3, 4]


@pytest.mark.skipif(
    shutil.which("numfmt") is None, reason="needs numfmt of coreutils, whose rounding df shares"
)
@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2**52), min_size=1, max_size=100), st.sampled_from(["iec", "si"]))
def test_the_bounds_are_what_coreutils_can_mean_and_no_wider(numbers: list[int], scale: str) -> None:
    base = 1024 if scale == "iec" else 1000
    texts = numfmt(numbers, scale)
    bounds = [rounded_up(text, base=base) for text in texts]
    for number, bound in zip(numbers, bounds, strict=True):
        assert bound.low <= number <= bound.high
    assert numfmt([b.low for b in bounds], scale) == texts
    assert numfmt([b.high for b in bounds], scale) == texts
    beyond = numfmt([b.high + 1 for b in bounds], scale)
    assert all(one != other for one, other in zip(beyond, texts, strict=True))


def numfmt(numbers: list[int], scale: str) -> list[str]:
    command = ["numfmt", f"--to={scale}", "--round=up"]
    text = "\n".join(map(str, numbers))
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.split()


@settings(deadline=None)
@given(st.integers(1, 2**50))
def test_nearest_holds_what_was_rounded(number: int) -> None:
    for power, suffix in enumerate("KMGT", 1):
        assert rounded_to_nearest(f"{number / 1024**power:.1f}{suffix}").low <= number + 1
        assert number - 1 <= rounded_to_nearest(f"{number / 1024**power:.1f}{suffix}").high


def test_the_table_shows_itself_and_escapes() -> None:
    table = parse_df("/dev/<b> 1024 0 1024 0% /\nproc - - - - /proc")
    assert "&lt;b&gt;" in table._repr_html_()
    assert str(table).splitlines()[1].split() == ["/dev/<b>", "1048576", "0", "1048576", "0%", "/"]
    assert str(table).splitlines()[2].split() == ["proc", "-", "-", "-", "-", "/proc"]


@pytest.mark.parametrize(
    ("command", "size"),
    [
        ("$ df -B1", Interval.of(3)),
        ("# df --block-size=1K", Interval.of(3 * 1024)),
        ("root@n1:~# sudo df -BM", Interval(2 * 2**20 + 1, 3 * 2**20)),
        ("$ df --block-size=1MB", Interval(2 * 10**6 + 1, 3 * 10**6)),
        ("$ df -m", Interval(2 * 2**20 + 1, 3 * 2**20)),
        ("$ df -h /", Interval.of(3)),
        ("$ df -k", Interval.of(3 * 1024)),
        ("df -B1", Interval.of(3)),
        ("$ df", Interval.of(3 * 1024)),
    ],
)
def test_a_command_line_says_the_unit(command: str, size: Interval) -> None:
    table = parse_df(f"{command}\n/dev/a 3 1 2 34% /")
    assert table.rows[0].size == size
    assert table.notes == ()
    assert table.unread == ()


def test_inodes_by_the_command_line_and_negative_figures() -> None:
    assert parse_df("$ df --inodes\n/dev/a 3 1 2 34% /").rows[0].inodes
    row = parse_df("$ df -h\n/dev/a 10G 11G -1.5G 115% /").rows[0]
    assert row.available == Interval(-(3 * 2**30 // 2), -(14 * 2**30 // 10) - 1)


def test_a_lone_name_before_a_full_row_is_unread() -> None:
    table = parse_df("stray\n/dev/a 1G 0 1G 0% /\nlonely\nhello there\n")
    assert [number for number, _ in table.unread] == [1, 3, 4]


@pytest.mark.parametrize("read", [rounded_up, rounded_to_nearest])
def test_what_is_no_figure(read: Callable[[str], Interval]) -> None:
    with pytest.raises(ValueError, match="not a figure"):
        read("ten")


def test_a_damaged_row_is_unread_and_no_header() -> None:
    table = parse_df(
        "Filesystem Size Used Avail Use% Mounted on\n/dev/a 1G 1G 50% /\n/dev/b 10G 1.0G 9G 10% /b"
    )
    assert table.unread == ((2, "/dev/a 1G 1G 50% /"),)
    assert [r.device for r in table.rows] == ["/dev/b"]


# coreutils 9.1, a file system of 270553174016 bytes
@pytest.mark.parametrize(
    "text",
    [
        """\
Filesystem     1GB-blocks  Used Available Use% Mounted on
/dev/vda            271GB  17GB      82GB  17% /
""",
        """\
Filesystem     1MB-blocks    Used Available Use% Mounted on
/dev/vda         270554MB 16073MB   81721MB  17% /
""",
        """\
Filesystem      1kB-blocks       Used  Available Use% Mounted on
/dev/vda       270553175kB 16072975kB 81720320kB  17% /
""",
        """\
Filesystem      1KiB-blocks        Used   Available Use% Mounted on
/dev/vda       264212084KiB 15696264KiB 79805000KiB  17% /
""",
        """\
Filesystem     1kB-blocks     Used Available Use% Mounted on
/dev/vda        270553175 16072958  81720337  17% /
""",
        """\
Filesystem     10M-blocks  Used Available Use% Mounted on
/dev/vda            25802  1533      7794  17% /
""",
    ],
    ids=["-BGB", "-BMB", "-BKB", "-BKiB", "-B1000", "-B10M"],
)
def test_block_sizes_of_1000_and_of_1024(text: str) -> None:
    (row,) = parse_df(text).rows
    assert row.size is not None
    assert row.size.low <= 270553174016 <= row.size.high
    assert row.size.high - row.size.low < 10 << 20 or "GB" in text


@pytest.mark.parametrize("mark", [",", ".", "'", "’"])
def test_grouped_digits_are_one_number(mark: str) -> None:
    figures = "6,081,312 5,347,832 458,752".replace(",", mark)
    text = f"Filesystem     1K-blocks      Used Available Use% Mounted on\n/dev/vda1 {figures} 93% /\n"
    (row,) = parse_df(text).rows
    assert (row.size, row.available) == (Interval.of(6081312 * 1024), Interval.of(458752 * 1024))

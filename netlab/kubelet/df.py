"""Pasted ``df`` output of any shape and language, to rows of byte or inode figures with their rounding.

A row is known by its form, not by the header: three figures, a percentage, a mount point. The header, in
whatever language, only tells the block size and whether inodes are meant. Facts from coreutils ``df.c`` and
``lib/human.c``, checked against coreutils 9.1 and BusyBox.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from netlab.errors import InputError
from netlab.kubelet._display import html_table, text_table
from netlab.kubelet.interval import NUMBER, Interval, rounded_to_nearest, rounded_up, rounded_up_whole

# df has no decimals without a suffix, so 6,081,312 is grouped (--block-size="'1K")
_GROUPED: Final = r"[0-9]{1,3}(?:[.,'’][0-9]{3})+"
_FIGURE: Final = rf"(?:-?(?:{_GROUPED}|{NUMBER})|-)"
_ROW: Final = re.compile(
    rf"(?P<device>.*?\S)??\s*(?<!\S)(?P<size>{_FIGURE})\s+(?P<used>{_FIGURE})\s+(?P<avail>{_FIGURE})"
    r"\s+(?P<percent>[0-9]+\s?%|-)\s+(?P<mount>/.*?)\s*"
)
_PROMPT: Final = re.compile(
    r".*?[#$>]\s*(?:sudo\s+)?df(?P<options>(?:\s+\S+)*)\s*|df(?P<bare>(?:\s+-\S+)+)\s*"
)
_BLOCK: Final = re.compile(r"(?<![\w.])(?P<size>[0-9]+[kKMGTPE]?i?B?)(?=[-‐‑\s]|$)")
_BLOCK_SIZE: Final = re.compile(r"'?(?P<count>[0-9]*)(?P<prefix>[kKMGTPE]?)(?P<binary>i?)(?P<bytes>B?)")
_INODES: Final = re.compile(
    r"inod|inœud|inoeud|i-nod|i-node|nœud|iused|ifree|iuse|iutil|\(i\)|i节点|i節點|iノード|инод|i-węz|아이노드",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"%|\b(?:Capacity|Kapazität|Capacité|Capacidad|Capacità|Capacidade)\b|容量|용량")
_WRAPPED: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FsRow:
    """One file system of a df table. Figures are bytes, or inodes where ``inodes``; None where df has ``-``.

    ``type`` is there for ``df -T``. ``use_percent`` is df's own, rounded up.
    """

    device: str
    type: str | None
    size: Interval | None
    used: Interval | None
    available: Interval | None
    use_percent: int | None
    mount: str
    inodes: bool
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DfTable:
    """The rows of pasted df output; ``unread`` are lines that are neither row nor header, with numbers."""

    rows: tuple[FsRow, ...]
    unread: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    source: str = "<df>"

    def holding(self, path: str, *, inodes: bool = False) -> FsRow | None:
        """The file system that holds a path: the row with the longest mount point above it (last of equals).

        >>> table = parse_df("/dev/sda1 5.8G 5.1G 448M 92% /\\n/dev/sdb1 99G 5.2G 89G 6% /data")
        >>> table.holding("/var/lib/kubelet").device, table.holding("/data/docker").device
        ('/dev/sda1', '/dev/sdb1')
        """
        fits = [r for r in self.rows if r.inodes == inodes and _holds(r.mount, path)]
        return max(reversed(fits), key=lambda r: len(r.mount.rstrip("/")), default=None)

    def _cells(self) -> list[list[object]]:
        return [
            [r.device, r.size or "-", r.used or "-", r.available or "-", _percent(r.use_percent), r.mount]
            for r in self.rows
        ]

    def __str__(self) -> str:
        return text_table(_HEAD, self._cells())

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._cells(), self.source)

    def frame(self) -> Any:
        """The rows as a pandas DataFrame, with the low and high bound of each figure."""
        import pandas as pd

        def row(r: FsRow) -> dict[str, object]:
            out: dict[str, object] = {"device": r.device, "mount": r.mount, "inodes": r.inodes}
            for name in ("size", "used", "available"):
                figure: Interval | None = getattr(r, name)
                out[f"{name}_low"] = figure.low if figure else None
                out[f"{name}_high"] = figure.high if figure else None
            return out | {"use_percent": r.use_percent}

        return pd.DataFrame([row(r) for r in self.rows])


_HEAD: Final = ("file system", "size", "used", "available", "Use%", "mounted on")


def _percent(percent: int | None) -> str:
    return "-" if percent is None else f"{percent}%"


def _holds(mount: str, path: str) -> bool:
    return mount == "/" or path == mount or path.startswith(mount.rstrip("/") + "/")


@dataclass(slots=True)
class _Shape:
    """What the last header or command line said about the figures."""

    unit: int = 1024
    base: int = 1024
    inodes: bool = False
    known: bool = False
    blocks: bool = False  # a block size was named: figures are whole blocks, with or without its suffix
    nearest: bool = False  # BusyBox rounds to nearest

    def figure(self, text: str) -> Interval | None:
        if text == "-":
            return None
        if text.startswith("-"):
            found = self.figure(text[1:])
            return found and Interval(-found.high, -found.low)
        if re.fullmatch(_GROUPED, text):
            text = re.sub(r"\D", "", text)
        if text.isdigit():
            return Interval.of(int(text)) if self.inodes else rounded_up_whole(text, self.unit)
        if self.nearest:
            return rounded_to_nearest(text, self.base)
        if self.blocks and not self.inodes:
            return rounded_up_whole(text, self.unit)
        return rounded_up(text, base=self.base)


def parse_df(text: str, *, source: str = "<df>") -> DfTable:
    """Read pasted df output.

    Long device names on a line of their own are joined to the next. Without a header, plain figures are
    read as 1 KiB blocks, and a note says so.

    >>> table = parse_df("文件系统   容量  已用  可用 已用% 挂载点\\n/dev/sda1  5.8G  5.1G  448M   92% /")
    >>> table.rows[0].use_percent, table.rows[0].available.high
    (92, 469762048)

    Raises InputError if there is no row at all.
    """
    rows: list[FsRow] = []
    unread: list[tuple[int, str]] = []
    notes: list[str] = []
    # a lower-case k is df -H's; two digits before a decimal mark are BusyBox's
    shape = _Shape(
        base=1000 if re.search(r"\s\d+(?:[.,]\d+)?k\s", text) else 1024,
        nearest=bool(re.search(r"\s\d\d+[.,]\d+[KMGTPE]\s", text)),
    )
    waiting: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _ROW.fullmatch(line)
        if match and waiting and not match["device"]:
            joined = _ROW.fullmatch(f"{waiting[1].strip()} {line.strip()}")
            match, waiting = joined or match, None
        if match:
            if waiting:
                unread.append(waiting)
                waiting = None
            rows.append(_row(match, shape, number, line))
            if not shape.known and match["size"].isdigit() and int(match["size"]) > 0:
                shape.known = True
                notes.append(f"{source}:{number}: no header, figures read as blocks of 1 KiB")
            continue
        if _read_command(line, shape) or _read_header(line, shape):
            continue
        if waiting:
            unread.append(waiting)
            waiting = None
        if _WRAPPED.fullmatch(line.rstrip()):
            waiting = (number, line)
        else:
            unread.append((number, line))
    if waiting:
        unread.append(waiting)
    if not rows:
        raise InputError(
            "no file system in this df output",
            source=source,
            line=1,
            text=next(iter(text.splitlines()), ""),
            column=0,
            expected="rows such as: /dev/sda1  5.8G  5.1G  448M  92% /",
        )
    return DfTable(rows=tuple(rows), unread=tuple(unread), notes=tuple(notes), source=source)


def _row(match: re.Match[str], shape: _Shape, number: int, line: str) -> FsRow:
    words = (match["device"] or "").split()
    # kernel names of file system types are lower case; other words belong to a share's name
    kind = words[-1] if len(words) > 1 and re.fullmatch(r"[a-z][a-z0-9._]*", words[-1]) else None
    percent = match["percent"]
    return FsRow(
        device=" ".join(words[:-1] if kind else words),
        type=kind,
        size=shape.figure(match["size"]),
        used=shape.figure(match["used"]),
        available=shape.figure(match["avail"]),
        use_percent=None if percent == "-" else int(percent.rstrip("% ")),
        mount=match["mount"],
        inodes=shape.inodes,
        line=number,
        text=line,
    )


def _read_command(line: str, shape: _Shape) -> bool:
    """A prompt with the command that was typed: its options say what the figures are."""
    match = _PROMPT.fullmatch(line)
    if match is None:
        return False
    options = (match["options"] or match["bare"] or "").split()
    shape.unit, shape.inodes, shape.known, shape.blocks = 1024, False, True, False
    for option in options:
        letters = option[1:] if re.fullmatch(r"-[a-zA-Z]+", option) else ""
        shape.inodes |= "i" in letters or option == "--inodes"
        if "h" in letters or "H" in letters or option in ("--human-readable", "--si"):
            shape.unit = 1
        if "H" in letters or option == "--si":
            shape.base = 1000
        if "m" in letters:
            shape.unit = 1 << 20
        if option.startswith(("-B", "--block-size=")):
            _set_blocks(shape, re.sub(r"-B|--block-size=", "", option))
    return True


def _read_header(line: str, shape: _Shape) -> bool:
    """A header in any language: inode words, else a block size, else figures with suffixes."""
    if not _HEADER.search(line) or re.search(r"\d\s?%", line):
        return False
    shape.inodes = bool(_INODES.search(line))
    block = _BLOCK.search(line)
    shape.unit, shape.known, shape.blocks = 1, True, False
    if block:
        _set_blocks(shape, block["size"])
    return True


def _set_blocks(shape: _Shape, size: str) -> None:
    """A block size such as ``1K`` or ``10M`` (powers of 1024, as are KiB and MiB) or ``1kB`` (of 1000)."""
    match = _BLOCK_SIZE.fullmatch(size)
    if match is None or not (match["count"] or match["prefix"]) or match["count"] == "0":
        return
    base = 1000 if match["bytes"] and not match["binary"] else 1024
    shape.unit = int(match["count"] or 1) * base ** " KMGTPE".index((match["prefix"] or " ").upper())
    shape.blocks = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePercent:
    """df's Use% beside the kubelet's percentage of one file system. Shares are percentages, low and high.

    ``reserved`` are the bytes that only root may fill (size - used - available).
    """

    row: FsRow
    df_left: int
    kubelet_left: tuple[float, float]
    reserved: Interval
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def explain_use_percent(row: FsRow) -> UsePercent:
    """Why 100 - Use% is not what the kubelet compares with a threshold, in words and this row's numbers.

    df counts used / (used + available), rounded up; the kubelet available / size, and size includes the
    blocks reserved for root (cAdvisor ``fs/fs.go``: frsize x blocks, and frsize x bavail).

    >>> print(explain_use_percent(parse_df("/dev/sda1 5.8G 5.1G 448M 92% /").rows[0]).lines[-1])
    The kubelet compares 7.53% to 7.68%, not 8%: 100 - Use% overstates what is left.

    Raises InputError where df shows no figures for the file system.
    """
    size, used, available, percent = row.size, row.used, row.available, row.use_percent
    if size is None or used is None or available is None or percent is None or size.low <= 0:
        raise InputError(
            f"df shows no figures for {row.mount}", line=row.line, text=row.text, column=0,
            expected="size, used, available and a percentage",
        )  # fmt: skip
    unit = "inodes" if row.inodes else "bytes"
    share = (100 * available.low / size.high, 100 * available.high / size.low)
    # the rounded figures may overlap; less than nothing is never reserved
    gap = size - used - available
    reserved = Interval(max(0, gap.low), max(0, gap.high))
    left = 100 - percent
    shown = f"{share[0]:.2f}%" if size.exact and available.exact else f"{share[0]:.2f}% to {share[1]:.2f}%"
    lines = [
        f"df: Use% {percent} is used / (used + available), rounded up; {left}% seems left.",
        f"kubelet: available / size = {available} / {size} {unit} = {shown}.",
        f"Between them lie the {reserved} {unit} that are neither used nor available: reserved for root. "
        f"An empty disk would show the kubelet {100 - 100 * reserved.middle / size.middle:.1f}%.",
    ]
    if share[1] < left:
        lines.append(f"The kubelet compares {shown}, not {left}%: 100 - Use% overstates what is left.")
    else:
        lines.append(f"The kubelet compares {shown}; 100 - Use% says {left}%.")
    return UsePercent(row=row, df_left=left, kubelet_left=share, reserved=reserved, lines=tuple(lines))


def merge(tables: Sequence[DfTable]) -> DfTable:
    """Several tables as one, such as ``df -h`` and ``df -i`` of one node."""
    return DfTable(
        rows=tuple(row for table in tables for row in table.rows),
        unread=tuple(line for table in tables for line in table.unread),
        notes=tuple(note for table in tables for note in table.notes),
        source=", ".join(table.source for table in tables),
    )

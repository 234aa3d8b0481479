"""What two runs of one lab may differ in, made alike: ids, ephemeral ports, sequence numbers, random MACs, times.

Everything else must be equal. A number that the lab's text names is never masked; others are numbered by first
appearance, so that a port that changes between request and reply still shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Final

_LOG_FIELDS: Final = re.compile(
    r"(?P<ipid>(?<=TTL=)\d+ ID=\d+)"
    r"|(?P<icmpid>\bID=\d+(?= SEQ=))"
    r"|(?P<port>\b(?:SPT|DPT)=\d+)"
    r"|(?P<tcp>\bSEQ=\d+ ACK=\d+ WINDOW=\d+|\bWINDOW=\d+)"
    r"|(?P<opt>URGP=\d+ OPT \([0-9A-F]*\))"
    r"|(?P<macs>MAC=[0-9a-f:]{41})"
    r"|(?P<mac>\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b)"
)
_OUTPUT_FIELDS: Final = re.compile(
    r"(?P<ms>time[=<]?\s?[\d.]+ ?ms|^rtt .*$|(?<=  )\d+\.\d{3} ms)"
    r"|(?P<port>\b(?:sport|dport|id)=\d+)"
    r"|(?P<timeout>(?:^(?:\S+ +\d+ )?|(?<=(?:NEW|ATE|ROY)\] )|(?<=\] ipv4     2 ))(?:icmp|tcp|udp|unknown) +\d+ \d+)"
    r"|(?P<mac>\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b)"
    r"|(?P<alloc>\binitval 0x[0-9a-f]+|^Size in memory: \d+)"
    r"|(?P<portid>\bportid=\d+(?: progname=\S+)?)"
    r"|(?P<date>^# (?:Generated|Completed).*$)",
    re.MULTILINE,
)
_ENTRY: Final = re.compile(
    r"(?:ipv4 +2 )?(?:icmp|tcp|udp|unknown) +\d+ [\d*]"
    r"|\d+(?:\.\d+){3} (?:dev \S+ )?(?:lladdr \S+ )?(?:PERM|NOARP|REACH|STALE|DELAY|PROBE|FAILED|INCOMP)"
)


class Mask:
    """Masks for the runs of one lab. Use a fresh one for each run.

    >>> Mask("ping 10.0.0.1").log("TTL=64 ID=999 DF PROTO=ICMP TYPE=8 CODE=0 ID=77 SEQ=1 ")
    'TTL=64 ID=* DF PROTO=ICMP TYPE=8 CODE=0 ID=#1 SEQ=1 '
    """

    def __init__(self, lab: str) -> None:
        self._named = set(re.findall(r"(?<![\w.:])\d+(?![\w.])", lab)) | set(
            re.findall(r"\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b", lab.lower())
        )
        self._named |= {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}
        self._idents = set(re.findall(r"-e (\d+)", lab))
        self._numbers: dict[str, int] = {}

    def _number(self, kind: str, value: str) -> str:
        named = self._idents if kind == "icmp" else self._named
        if value in named or (kind == "port" and int(value) < 1024):
            return value
        return f"#{self._numbers.setdefault(f'{kind} {value}', len(self._numbers) + 1)}"

    def log(self, line: str) -> str:
        """A kernel log line with what may differ masked."""
        return _LOG_FIELDS.sub(self._log_field, line)

    def _log_field(self, found: re.Match[str]) -> str:
        text = found[0]
        if found["ipid"]:
            return text.split()[0] + " ID=*"
        if found["icmpid"]:
            return "ID=" + self._number("icmp", text[3:])
        if found["port"]:
            return text[:4] + self._number("port", text[4:])
        if found["tcp"]:
            return "SEQ=* ACK=* WINDOW=*" if text.startswith("SEQ") else "WINDOW=*"
        if found["opt"]:
            return f"{text.split()[0]} OPT (*)"
        if found["macs"]:
            return f"MAC={self._number('mac', text[4:21])}:{self._number('mac', text[22:39])}:{text[40:]}"
        return self._number("mac", text)

    def output(self, text: str) -> str:
        """What a lab's commands printed, with what may differ masked; entries without an order are sorted."""
        # Sorted before they are numbered as well: the first to appear must be the same in both runs.
        lines = _entries_sorted(text.splitlines(keepends=True), key=self._without_numbers)
        return "".join(
            _entries_sorted([_OUTPUT_FIELDS.sub(self._output_field, line) for line in lines], key=str)
        )

    def _without_numbers(self, line: str) -> str:
        return _OUTPUT_FIELDS.sub(
            lambda found: found[0] if found[0].rsplit("=", 1)[-1] in self._named else "*", line
        )

    def _output_field(self, found: re.Match[str]) -> str:
        text = found[0]
        if found["ms"]:
            return "rtt *" if text.startswith("rtt") else "*ms"
        if found["port"]:
            name, value = text.split("=")
            kind = "icmp" if name == "id" else "port"
            # A number that the log does not show has no first appearance that both runs share.
            seen = (
                value in self._named
                or f"{kind} {value}" in self._numbers
                or (kind == "port" and int(value) < 1024)
            )
            return f"{name}={self._number(kind, value) if seen else '#'}"
        if found["timeout"]:
            return text.rsplit(" ", 1)[0] + " *"
        if found["alloc"]:
            return text.rsplit(" ", 1)[0] + " *"
        if found["portid"]:
            # The name is there if the program still ran when the tool looked for it.
            return "portid=*"
        if found["date"]:
            return " ".join(text.split()[:2])
        return self._number("mac", text)


def _entries_sorted(lines: list[str], key: Callable[[str], str]) -> list[str]:
    """The lines with each run of entries, whose order is that of a hash table, in the order of a key."""
    out: list[str] = []
    for entries, run in groupby(lines, key=lambda line: bool(_ENTRY.match(line))):
        found = list(run)
        out += sorted(found, key=key) if entries else found
    return out

"""What stands before a kernel line in a file: the stamps of dmesg, syslog and the journal.

Read: nothing; ``dmesg`` plain, ``-r``, ``-x``, ``-T``, ``-H`` and ``--time-format iso``; syslog in the forms
of RFC 3164, RFC 5424 and with ISO time; ``journalctl`` with ``-o`` short, short-precise, short-iso,
short-full, short-unix, short-monotonic, cat and json. Month names may be of any language.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from netlab.trace.records import Stamp

#: A journal entry is longer than the kernel line inside it; anything beyond this is not one.
LONGEST_JSON: Final = 65536
#: A stamp with the longest host name there can be is shorter; nothing is looked for beyond.
LONGEST_STAMP: Final = 1024

# <PRI>, as dmesg -r and RFC 5424 print it; facility kern makes it the level
_PRI = r"(?:<(?P<pri>[0-9]{1,3})>)?"
# dmesg -x: "kern  :warn  : "
_DECODED = r"(?:[a-z0-9]+ *: *(?P<level>emerg|alert|crit|err|warn|notice|info|debug) *: )?"
# [ 2228.503722] , with the caller's id where the kernel prints it: [ 2228.503722][  T123]
_UPTIME = r"\[ *(?P<uptime>[0-9]{1,8}\.[0-9]{3,8})\](?:\[ *[TC][0-9]+\])? "
# dmesg -T: [Sun Nov  5 14:50:46 2017]
_CTIME = (
    r"\[(?P<ctime>[^\s\]]{1,12} +(?P<cmonth>[^\s\]]{1,12}) +(?P<cday>[0-9]{1,2})"
    r" (?P<cclock>[0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<cyear>[0-9]{4}))\] "
)
# dmesg -H: [Nov 5 14:50] once a minute, [  +0.000003] between
_HUMAN = r"\[(?: *\+[0-9]+\.[0-9]+|[^\s\]]{1,12} +[0-9]{1,2} [0-9]{2}:[0-9]{2})\] "
# ISO 8601 with T or a space, fraction and zone or not
_ISO = (
    r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)"
)
# RFC 3164: Nov  5 14:50:46, journalctl also with a fraction; 10月 16 09:50:55
_BSD = r"[^\s<\[]{1,12} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
# journalctl -o short-full: Sun 2017-11-05 14:50:46 CST
_FULL = r"[^\s<\[]{1,12} (?P<full>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) [A-Z+0-9-]{1,8}"
# journalctl -o short-unix: 1509893446.123456
_UNIX = r"(?P<unix>[0-9]{9,11}\.[0-9]{6})"
# " host unit: " or " host unit[pid]: "
_HOST = r" (?P<host>[^\s\[]\S*(?<!:)) (?P<unit>[^\s:\[\]]{1,64})(?:\[[0-9]+\])?: "
_BARE_HOST = r"(?P<bare_host>[^\s\[]\S*(?<!:)) (?P<bare_unit>kernel): "
# RFC 5424: "1 " time " host app procid msgid " structured data
_RFC5424 = (
    rf"1 {_ISO.replace('<iso>', '<iso5424>')} (?P<host5424>\S+) (?P<unit5424>\S+) \S+ \S+ (?:-|\[[^\]]*\]) "
)

STAMP: Final = re.compile(
    rf"{_PRI}{_DECODED}(?:{_RFC5424}|(?:{_FULL}|{_UNIX}|{_ISO}|{_BSD}){_HOST}|{_CTIME}|{_HUMAN}"
    rf"|{_ISO.replace('<iso>', '<bare_iso>')} )?(?:{_UPTIME})?(?:{_BARE_HOST})?"
)
_LEVELS: Final = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")
_ENGLISH: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: n for n, name in enumerate(_ENGLISH, 1)} | {f"{n}月": n for n in range(1, 13)}


def split_stamp(line: str) -> tuple[Stamp | None, int]:
    """The stamp before a line, and the column where the kernel's own text begins; (None, 0) without one.

    >>> stamp, start = split_stamp("Nov  5 14:50:46 host kernel: [12345.678901] TRACE: raw:OUTPUT:policy:2 ")
    >>> stamp.uptime, stamp.host, stamp.unit, start
    (12345.678901, 'host', 'kernel', 44)
    >>> split_stamp("[Sun Nov  5 14:50:46 2017] IN=eth0 OUT= ")[0].wall.isoformat()
    '2017-11-05T14:50:46'
    """
    found = STAMP.match(line, 0, LONGEST_STAMP)
    if found is None or not found.end():
        return None, 0
    part = found.groupdict()
    level = int(part["pri"]) & 7 if part["pri"] else None
    if part["level"]:
        level = _LEVELS.index(part["level"])
    stamp = Stamp(
        text=found[0],
        uptime=float(part["uptime"]) if part["uptime"] else None,
        wall=_wall(part),
        host=part["host"] or part["host5424"] or part["bare_host"],
        unit=part["unit"] or part["unit5424"] or part["bare_unit"],
        level=level,
    )
    return stamp, found.end()


def _wall(part: dict[str, Any]) -> datetime | None:
    try:
        for name in ("iso", "iso5424", "bare_iso", "full"):
            if part[name]:
                # fromisoformat reads up to six digits of a fraction and drops the rest
                return datetime.fromisoformat(part[name])
        if part["unix"]:
            return datetime.fromtimestamp(float(part["unix"]), UTC)
        if part["ctime"] and (month := _MONTHS.get(part["cmonth"])):
            hour, minute, second = map(int, part["cclock"].split(":"))
            return datetime(int(part["cyear"]), month, int(part["cday"]), hour, minute, second)
    except (ValueError, OverflowError):
        return None  # digits in the right places that are not a date; the text stays in the stamp
    return None


def journal_entry(line: str) -> tuple[Stamp, str] | None:
    """The stamp and the message of a line of ``journalctl -o json``; None if it is none.

    ``MESSAGE`` is a list of byte values where the text is not clean UTF-8.

    >>> journal_entry('{"MESSAGE": "IN= OUT=lo ", "_HOSTNAME": "h", "SYSLOG_IDENTIFIER": "kernel"}')[1]
    'IN= OUT=lo '
    """
    if not line.startswith("{") or len(line) > LONGEST_JSON:
        return None
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    message = entry.get("MESSAGE")
    if isinstance(message, list):
        try:
            message = bytes(message).decode("utf-8", "backslashreplace")
        except (ValueError, TypeError):
            return None
    if not isinstance(message, str):
        return None
    real = _microseconds(entry.get("_SOURCE_REALTIME_TIMESTAMP") or entry.get("__REALTIME_TIMESTAMP"))
    up = _microseconds(entry.get("_SOURCE_MONOTONIC_TIMESTAMP") or entry.get("__MONOTONIC_TIMESTAMP"))
    priority = entry.get("PRIORITY")
    stamp = Stamp(
        uptime=up,
        wall=None if real is None or real > 4e9 else datetime.fromtimestamp(real, UTC),
        host=_text(entry.get("_HOSTNAME")),
        unit=_text(entry.get("SYSLOG_IDENTIFIER")),
        level=int(priority) if isinstance(priority, str) and priority in set("01234567") else None,
    )
    return stamp, message


def _microseconds(value: object) -> float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value) / 1e6
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""Log lines to records: decides whose line it is, and hands it to the grammar of that family."""

from __future__ import annotations

import re
from typing import Final

from netlab.trace._cursor import ADDRESS, MAC
from netlab.trace._ebtables import read_ebtables
from netlab.trace._iptables import read_iptables
from netlab.trace.monitor import read_event
from netlab.trace.records import (
    EbtablesRecord,
    IptablesRecord,
    KernelMessage,
    Problem,
    Record,
    Unread,
    eb_place,
)

#: No kernel record is longer than about 1 kB; with what a log daemon puts before it, this is ample.
LONGEST_LINE: Final = 8192

_OUT: Final = " OUT="
_HEAD = re.compile(r"IN=\S{0,15}\Z")
_CUT_HEAD = re.compile(r"(?<!\S)IN=\S{0,15}(?: (?:OU?T?)?)?\Z")
_AFTER_EBTABLES = re.compile(r"\S{0,15} MAC source\b")
_AFTER_IPTABLES = re.compile(r"\S{0,15} (?:PHYS|MAC|SRC=|TRUNCATED)")
_TRACE_HEAD = re.compile(r"TRACE: [^:\s]+:\S+:(?:policy|rule|return):[1-9][0-9]* ")

_MESSAGES: Final = (
    # IPv4: martian source <dst> from <src>, on dev <dev>
    (
        "martian source",
        re.compile(
            rf"(?:IPv4: )?martian source (?P<dst>{ADDRESS}) from (?P<src>{ADDRESS}), on dev (?P<device>\S+)"
        ),
    ),
    # IPv4: martian destination <dst> from <src>, dev <dev>
    (
        "martian destination",
        re.compile(
            rf"(?:IPv4: )?martian destination (?P<dst>{ADDRESS}) from (?P<src>{ADDRESS}), dev (?P<device>\S+)"
        ),
    ),
    # ll header: 00000000: <bytes of the link-layer header>
    (
        "ll header",
        re.compile(r"(?:IPv4: )?ll header: [0-9a-f]{8}: (?P<mac>[0-9a-f]{2}(?:[ :][0-9a-f]{2})*).*"),
    ),
    # <dev> ate my IP address
    ("ate my IP address", re.compile(r"(?:\w+: )?(?P<device>\S+) ate my IP address")),
    # <bridge>: received packet on <port> with own address as source address (addr:<mac>, vlan:<n>)
    (
        "own address",
        re.compile(
            r"\S+: received packet on (?P<device>\S+) with +own address as source address"
            rf"(?: \(addr:(?P<mac>{MAC}), vlan:[0-9]+\))?"
        ),
    ),
)

#: A field that no monitor prints: with it, what looks like a monitor's line is a log line with such a prefix.
_ONLY_IN_LOGS: Final = " PREC=0x"

_EVENTS: Final = (
    (
        re.compile(r"trace id [0-9a-f]{8} "),
        "a damaged line of nft monitor trace, or one with fields not known here",
    ),
    (
        re.compile(r"\s?(?:PACKET|TRACE): [0-9]+ [0-9a-f]{8} "),
        "a damaged line of xtables-monitor, or one with fields not known here",
    ),
)


def parse_line(text: str) -> Record:
    """Read one line, without what a log puts before it.

    Damaged lines carry ``problems``; lines of others come back as :class:`Unread`, with the reason. Nothing
    is raised for any text.

    >>> record = parse_line("TRACE: raw:OUTPUT:policy:2 IN= OUT=eth0 SRC=10.0.0.1 DST=10.0.0.2 LEN=84 "
    ...     "TOS=0x00 PREC=0x00 TTL=64 ID=4494 DF PROTO=ICMP TYPE=8 CODE=0 ID=30426 SEQ=1 UID=0 GID=0")
    >>> str(record.trace), record.ip.icmp_id, record.uid
    ('raw:OUTPUT:policy:2', 30426, 0)
    >>> parse_line("TRACE: raw:OUTPUT:policy:2 IN= OUT=eth0 SRC=10.0.0").problems[0].message
    'expected SRC= and an IPv4 address'
    """
    if len(text) > LONGEST_LINE:
        return Unread(text=text, reason=f"longer than any kernel line: {len(text)} characters")
    if (event := read_event(text)) is not None:
        return event
    for pattern, reason in _EVENTS:
        if pattern.match(text) and _ONLY_IN_LOGS not in text:
            return Unread(text=text, reason=reason)
    found = _find_head(text)
    if found is not None:
        head, ebtables = found
        return read_ebtables(text, head) if ebtables else read_iptables(text, head)
    for kind, pattern in _MESSAGES:
        if message := pattern.fullmatch(text.rstrip()):
            named = message.groupdict()
            return KernelMessage(
                kind=kind,
                text=text,
                device=named.get("device"),
                src=named.get("src"),
                dst=named.get("dst"),
                mac=named.get("mac"),
            )
    if not text.strip():
        return Unread(text=text, reason="empty line")
    return _cut(text)


def _find_head(text: str) -> tuple[int, bool] | None:
    """The column of ``IN=`` (of the space before it for ebtables), and whether it is an ebtables line.

    A log prefix is a stranger's text and may hold ``IN=`` itself: the last ``IN=x OUT=y`` is the kernel's.
    """
    out = text.rfind(_OUT)
    if out < 0:
        return None
    head = _HEAD.search(text, max(0, out - 18), out)
    if head is None:
        return None
    # A prefix that ends in IN= has put two of them into one word; the kernel's is the last.
    at = text.rfind("IN=", head.start(), out)
    spaced = at > 0 and text[at - 1] == " "
    if spaced and _AFTER_EBTABLES.match(text, out + len(_OUT)):
        return at - 1, True
    if _AFTER_IPTABLES.match(text, out + len(_OUT)):
        return at, False
    prefix = text[: at - 1] if spaced else text[:at]
    if spaced and eb_place(prefix) and not _TRACE_HEAD.match(text):
        return at - 1, True
    return at, False


def _cut(text: str) -> IptablesRecord | EbtablesRecord | Unread:
    """A line without ``IN=… OUT=``: ours if its beginning is, otherwise somebody else's."""
    if trace := _TRACE_HEAD.match(text):
        problem = Problem(trace.end(), "expected IN= and OUT= with device names")
        return IptablesRecord(prefix=trace[0], problems=(problem,), text=text)
    if text.startswith("TRACE: ") or _CUT_HEAD.search(text):
        cut = _CUT_HEAD.search(text)
        column = len(text) if cut is None else cut.start()
        prefix = text if cut is None else text[: cut.start()]
        problem = Problem(len(text), "the line ends here; expected IN= and OUT= with device names")
        if eb_place(prefix):
            return EbtablesRecord(prefix=prefix.rstrip(" "), problems=(problem,), text=text)
        return IptablesRecord(prefix=text[:column], problems=(problem,), text=text)
    return Unread(text=text, reason="not a line of iptables or ebtables")

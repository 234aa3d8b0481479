"""``netlab trace``: read kernel logs, from files or standard input, and show what is in them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netlab.errors import InputError
from netlab.trace import TraceLog, read_trace
from netlab.trace import report as reports
from netlab.trace._source import Text

#: What the exit status says.
READ, NOTHING_OURS, UNREADABLE = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "trace",
        help="read kernel logs of iptables (TRACE, LOG) and ebtables, and nftables' monitors",
        description="Read kernel log lines of iptables and ebtables, with or without the stamps of dmesg, syslog "
        "or journalctl, and what xtables-monitor --trace and nft monitor trace print. "
        "Exit status: 0 read, 1 nothing of ours in it, 2 a file cannot be read.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a log; - for standard input")
    parser.add_argument("--journeys", action="store_true", help="group the lines into packets and their hops")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document, unread lines included")
    form.add_argument("--csv", action="store_true", help="comma-separated values, one row a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; the exit status."""
    logs, status = [], READ
    for name in args.files:
        try:
            logs.append(_read(name))
        except InputError as error:
            print(error, file=sys.stderr)
            status = UNREADABLE
    if not logs:
        return status
    if args.json:
        print(reports.json_text(logs, journeys=args.journeys))
    elif args.csv:
        print(reports.csv_text(logs, journeys=args.journeys), end="")
    else:
        _print_text(logs, journeys=args.journeys)
    for log in logs if args.json or args.csv else ():
        print("\n".join(reports.summary(log)), file=sys.stderr)
    if status == READ and not any(log.counts.read for log in logs):
        return NOTHING_OURS
    return status


def _print_text(logs: list[TraceLog], *, journeys: bool) -> None:
    for log in logs:
        if len(log):
            lines = reports.text_table(log.records)
            if journeys:
                lines = reports.journeys_text((*log.journeys(), *log.monitor_journeys()))
            for line in lines:
                print(line)
            print()
        for line in reports.summary(log):
            print(line)


def _read(name: str) -> TraceLog:
    if name != "-":
        from pathlib import Path

        return read_trace(Path(name))
    try:
        return TraceLog(Text(sys.stdin.buffer.read(), "<standard input>"))
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", source="<standard input>") from error

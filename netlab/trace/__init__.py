"""Kernel log lines to records and back: iptables LOG and TRACE, the ebtables log, and other known lines."""

from netlab.trace.ip import IpFields
from netlab.trace.journeys import Hop, Journey, group
from netlab.trace.log import Counts, TraceLog, read_trace
from netlab.trace.printing import format_ip, format_record
from netlab.trace.reading import parse_line
from netlab.trace.records import (
    ArpFields,
    EbtablesRecord,
    IptablesRecord,
    KernelMessage,
    MacField,
    Origin,
    Place,
    Problem,
    Record,
    Stamp,
    TracePoint,
    Unread,
)
from netlab.trace.sources import split_stamp

__all__ = [
    "ArpFields",
    "Counts",
    "EbtablesRecord",
    "Hop",
    "IpFields",
    "IptablesRecord",
    "Journey",
    "KernelMessage",
    "MacField",
    "Origin",
    "Place",
    "Problem",
    "Record",
    "Stamp",
    "TraceLog",
    "TracePoint",
    "Unread",
    "format_ip",
    "format_record",
    "group",
    "parse_line",
    "read_trace",
    "split_stamp",
]

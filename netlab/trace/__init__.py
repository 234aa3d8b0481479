"""Kernel log lines to records and back: iptables LOG and TRACE, the ebtables log, and other known lines.

Also the events of nftables, as ``xtables-monitor --trace`` and ``nft monitor trace`` print them.
"""

from netlab.trace.events import MonitorEvent, MonitorPacket, MonitorTrace
from netlab.trace.ip import IpFields
from netlab.trace.journeys import Hop, Journey, group
from netlab.trace.log import Counts, TraceLog, read_trace
from netlab.trace.monitor_journeys import MonitorJourney, group_events
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
    "MonitorEvent",
    "MonitorJourney",
    "MonitorPacket",
    "MonitorTrace",
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
    "group_events",
    "parse_line",
    "read_trace",
    "split_stamp",
]

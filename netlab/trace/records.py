"""What a kernel log line is once it has been read: one frozen class a kind of line, flat, as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

from netlab.trace.events import MonitorPacket, MonitorTrace
from netlab.trace.ip import IpFields


@dataclass(frozen=True, slots=True)
class TracePoint:
    """Where a TRACE line was printed: table, chain, kind (policy, rule or return) and rule number from 1.

    >>> str(TracePoint("raw", "PREROUTING", "policy", 2))
    'raw:PREROUTING:policy:2'
    """

    table: str
    chain: str
    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.table}:{self.chain}:{self.kind}:{self.number}"


@dataclass(frozen=True, slots=True)
class Place:
    """The ebtables table and chain that a log prefix names, as in ``TRACE: eb:nat:PREROUTING``."""

    table: str
    chain: str

    def __str__(self) -> str:
        return f"{self.table}:{self.chain}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and where a line was written, as far as the log says.

    ``uptime`` is in seconds since boot. ``wall`` is the wall clock; where the log leaves out the year or
    the time zone, so does ``text``, and ``wall`` is None or naive. ``text`` is what stood before the line.
    """

    text: str = ""
    uptime: float | None = None
    wall: datetime | None = None
    host: str | None = None
    unit: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the rest of a line could not be read; ``column`` counts from 0 in the line without its stamp."""

    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: line number from 1, stamp, the line itself, and where its message starts."""

    line: int
    stamp: Stamp
    raw: str
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MacField:
    """The link-layer header of a line: destination first, then source, then type.

    ``raw`` is the colon text after ``MAC=``: 14 bytes for Ethernet, empty for devices without a header.
    ``decoded`` is LOG's ``--log-macdecode`` form, ``vlan`` its protocol and id; ``tunnel`` the two ends that
    a ``sit`` device prints.

    >>> mac = MacField(raw="02:42:c0:a8:00:03:02:42:c0:a8:00:02:08:00")
    >>> mac.destination, mac.source, mac.ethertype
    ('02:42:c0:a8:00:03', '02:42:c0:a8:00:02', 2048)
    """

    raw: str = ""
    decoded: bool = False
    vlan: tuple[int, int] | None = None
    tunnel: tuple[str, str] | None = None

    @property
    def destination(self) -> str | None:
        return self.raw[:17] if len(self.raw) == 41 else None

    @property
    def source(self) -> str | None:
        return self.raw[18:35] if len(self.raw) == 41 else None

    @property
    def ethertype(self) -> int | None:
        return int(self.raw[36:38] + self.raw[39:], 16) if len(self.raw) == 41 else None

    @classmethod
    def of(cls, destination: str, source: str, ethertype: int, *, decoded: bool = False) -> MacField:
        """The field for an Ethernet header.

        >>> MacField.of("02:42:c0:a8:00:03", "02:42:c0:a8:00:02", 0x800).raw
        '02:42:c0:a8:00:03:02:42:c0:a8:00:02:08:00'
        """
        return cls(raw=f"{destination}:{source}:{ethertype >> 8:02x}:{ethertype & 255:02x}", decoded=decoded)


@dataclass(frozen=True, slots=True, kw_only=True)
class IptablesRecord:
    """A line of the iptables targets LOG and TRACE (IPv4).

    ``prefix`` is printed as it stands; in a TRACE line it holds the place, which ``trace`` reads. A device
    that is none is the empty string. ``rest`` is what could not be read and ``problems`` say why.
    """

    prefix: str = ""
    in_dev: str = ""
    out_dev: str = ""
    physin: str | None = None
    physout: str | None = None
    mac: MacField | None = None
    ip: IpFields | None = None
    uid: int | None = None
    gid: int | None = None
    mark: int = 0
    problems: tuple[Problem, ...] = ()
    text: str | None = None
    origin: Origin | None = field(default=None, compare=False)

    @property
    def trace(self) -> TracePoint | None:
        """The place that a TRACE prefix names, or None for LOG.

        >>> IptablesRecord(prefix="TRACE: nat:DOCKER:rule:1 ").trace
        TracePoint(table='nat', chain='DOCKER', kind='rule', number=1)
        """
        return trace_point(self.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArpFields:
    """The ARP part of an ebtables line; the addresses are missing for anything but IPv4 over Ethernet."""

    htype: int
    ptype: int
    opcode: int
    mac_src: str | None = None
    ip_src: str | None = None
    mac_dst: str | None = None
    ip_dst: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EbtablesRecord:
    """A line of the ebtables log watcher; ``in_dev`` and ``out_dev`` are bridge ports.

    ``proto`` is the ethertype. ``family`` tells which address part was logged: "" (none), "ip", "ip6" or
    "arp". ``tos`` is the whole TOS byte; ``spt`` and ``dpt`` stand only for protocols with ports.
    ``incomplete`` is the kernel's own remark about a header that was cut, such as ``IP header``.
    A damaged line keeps its whole ``text``; ``problems`` say from which column on it could not be read.
    """

    prefix: str = ""
    in_dev: str = ""
    out_dev: str = ""
    mac_source: str = ""
    mac_dest: str = ""
    proto: int = 0
    family: str = ""
    src: str | None = None
    dst: str | None = None
    tos: int | None = None
    ip_proto: int | None = None
    spt: int | None = None
    dpt: int | None = None
    arp: ArpFields | None = None
    incomplete: str | None = None
    problems: tuple[Problem, ...] = ()
    text: str | None = None
    origin: Origin | None = field(default=None, compare=False)

    @property
    def place(self) -> Place | None:
        """The table and chain that the prefix names, or None if it names none.

        >>> EbtablesRecord(prefix="TRACE: eb:nat:PREROUTING").place
        Place(table='nat', chain='PREROUTING')
        """
        return eb_place(self.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelMessage:
    """Another line of the network stack that a trace reader meets: ``kind`` names it, ``text`` is the line.

    Kinds: ``martian source``, ``martian destination``, ``ll header``, ``ate my IP address``, ``own address``.
    """

    kind: str
    text: str
    device: str | None = None
    src: str | None = None
    dst: str | None = None
    mac: str | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that is not ours, or could not be read at all; kept, with the reason."""

    text: str
    reason: str
    origin: Origin | None = field(default=None, compare=False)


Record: TypeAlias = IptablesRecord | EbtablesRecord | KernelMessage | MonitorPacket | MonitorTrace | Unread

#: ``TRACE: <table>:<chain>:<policy|rule|return>:<number> ``; a chain name may itself hold colons.
TRACE_PREFIX: Final = re.compile(r"TRACE: ([^:\s]+):(\S+):(policy|rule|return):([1-9]\d*) ?\Z")

#: ``<table>:<chain>`` of ebtables at the end of a prefix, after ``TRACE: eb:``, ``EB:`` or the like.
EB_PLACE: Final = re.compile(r"(?:^|[^A-Za-z0-9_])(broute|nat|filter):([A-Za-z0-9_.+-]+)[: ]*\Z")


@lru_cache(4096)
def trace_point(prefix: str) -> TracePoint | None:
    """The place that a TRACE prefix names; None for any other prefix."""
    found = TRACE_PREFIX.match(prefix)
    return TracePoint(found[1], found[2], found[3], int(found[4])) if found else None


@lru_cache(4096)
def eb_place(prefix: str) -> Place | None:
    """The ebtables table and chain that a prefix names; None for any other prefix."""
    found = EB_PLACE.search(prefix)
    return Place(found[1], found[2]) if found else None

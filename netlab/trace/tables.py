"""Records as a typed table: the columns, their types, and how a record becomes a row.

Text columns are categories, in alphabetical order; numbers are nullable and as small as the field on the wire;
``line`` counts from 1 (missing for simulated records); ``time`` is the uptime in seconds; ``wall`` the wall
clock as written, without its zone. A device that is none is missing. ``tos`` and ``prec`` are the two parts of
the TOS byte for both families; in ARP rows ``src`` and ``dst`` are the addresses inside the ARP packet.
``inner`` is the text of the packet that an ICMP error quotes; ``problem`` says why a damaged line ends early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from netlab.trace.printing import format_ip
from netlab.trace.records import EbtablesRecord, IptablesRecord, Record

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: Column names and kinds, in order: a numpy type code for nullable numbers, or the kind of another column.
COLUMNS: Final[dict[str, str]] = {
    "line": "u4",
    "time": "time",
    "wall": "wall",
    "host": "text",
    "family": "text",
    "table": "text",
    "chain": "text",
    "kind": "text",
    "number": "u4",
    "prefix": "text",
    "in_dev": "text",
    "out_dev": "text",
    "physin": "text",
    "physout": "text",
    "mac_dest": "text",
    "mac_source": "text",
    "ethertype": "u2",
    "src": "text",
    "dst": "text",
    "length": "u2",
    "tos": "u1",
    "prec": "u1",
    "ttl": "u1",
    "id": "u2",
    "ce": "bool",
    "df": "bool",
    "mf": "bool",
    "frag": "u2",
    "opt": "text",
    "proto": "text",
    "spt": "u2",
    "dpt": "u2",
    "seq": "u4",
    "ack": "u4",
    "window": "u2",
    "res": "u1",
    "flags": "text",
    "urgp": "u2",
    "tcp_opt": "text",
    "udp_length": "u2",
    "type": "u1",
    "code": "u1",
    "icmp_id": "u2",
    "icmp_seq": "u2",
    "gateway": "text",
    "mtu": "u2",
    "parameter": "u1",
    "inner": "text",
    "spi": "u4",
    "incomplete": "text",
    "uid": "u4",
    "gid": "u4",
    "mark": "u4",
    "arp_opcode": "u2",
    "arp_mac_src": "text",
    "arp_mac_dst": "text",
    "problem": "text",
}

#: Columns that a line's stamp and place in the file decide.
STAMP_COLUMNS: Final = frozenset(("line", "time", "wall", "host"))

#: Names that ebtables prints as numbers and iptables by name, so that one column compares.
_PROTOCOLS: Final = {1: "ICMP", 6: "TCP", 17: "UDP", 50: "ESP", 51: "AH", 136: "UDPLITE"}

Row = dict[str, Any]


def row_of(record: IptablesRecord | EbtablesRecord) -> Row:
    """The values of a record by column; columns that it does not have are left out."""
    row = _iptables_row(record) if isinstance(record, IptablesRecord) else _ebtables_row(record)
    row["prefix"] = record.prefix or None
    row["in_dev"] = record.in_dev or None
    row["out_dev"] = record.out_dev or None
    if record.problems:
        row["problem"] = record.problems[0].message
    if record.origin is not None:
        stamp = record.origin.stamp
        row["line"] = record.origin.line
        row["time"] = stamp.uptime
        row["wall"] = stamp.wall.replace(tzinfo=None) if stamp.wall else None
        row["host"] = stamp.host
    return row


def _iptables_row(record: IptablesRecord) -> Row:
    row: Row = {"family": "iptables", "physin": record.physin, "physout": record.physout}
    if point := record.trace:
        row.update(table=point.table, chain=point.chain, kind=point.kind, number=point.number)
    if mac := record.mac:
        row.update(mac_dest=mac.destination, mac_source=mac.source, ethertype=mac.ethertype)
    if (ip := record.ip) is not None:
        for name in _IP_COLUMNS:
            row[name] = getattr(ip, name)
        row["src"], row["dst"] = ip.src or None, ip.dst or None
        row["proto"] = ip.proto or None
        row["frag"] = ip.frag or None
        row["flags"] = " ".join(ip.flags) if ip.window is not None else None
        row["inner"] = None if ip.inner is None else format_ip(ip.inner)
        row["incomplete"] = "IP header" if ip.truncated else None
        if ip.incomplete is not None:
            row["incomplete"] = f"{ip.incomplete} bytes"
    row["uid"], row["gid"], row["mark"] = record.uid, record.gid, record.mark or None
    return row


_IP_COLUMNS: Final = (
    *(
        "length",
        "tos",
        "prec",
        "ttl",
        "id",
        "ce",
        "df",
        "mf",
        "opt",
        "spt",
        "dpt",
        "seq",
        "ack",
        "window",
        "res",
    ),
    *(
        "urgp",
        "tcp_opt",
        "udp_length",
        "type",
        "code",
        "icmp_id",
        "icmp_seq",
        "gateway",
        "mtu",
        "parameter",
        "spi",
    ),
)


def _ebtables_row(record: EbtablesRecord) -> Row:
    row: Row = {
        "family": "ebtables",
        "mac_dest": record.mac_dest or None,
        "mac_source": record.mac_source or None,
        "ethertype": record.proto if record.mac_dest else None,
        "src": record.src,
        "dst": record.dst,
        "spt": record.spt,
        "dpt": record.dpt,
        "incomplete": record.incomplete,
    }
    if place := record.place:
        row.update(table=place.table, chain=place.chain)
    if record.tos is not None:
        row["tos"], row["prec"] = record.tos & 0x1F, record.tos & 0xE0
    if record.ip_proto is not None:
        row["proto"] = _PROTOCOLS.get(record.ip_proto) or str(record.ip_proto)
    if arp := record.arp:
        row.update(src=arp.ip_src, dst=arp.ip_dst, arp_opcode=arp.opcode)
        row.update(arp_mac_src=arp.mac_src, arp_mac_dst=arp.mac_dst)
    return row


def frame_of(records: Iterable[Record]) -> pd.DataFrame:
    """The table of records, one row each; kernel messages and unread lines have none.

    >>> from netlab.trace import read_trace
    >>> frame_of(read_trace("IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=2 ")
    ...     .records)[["src", "ttl", "proto"]].to_dict("records")
    [{'src': '10.0.0.1', 'ttl': 64, 'proto': '2'}]
    """
    rows = [row_of(r) for r in records if isinstance(r, IptablesRecord | EbtablesRecord)]
    columns = {name: column(kind, [row.get(name) for row in rows]) for name, kind in COLUMNS.items()}
    return assemble(columns)


def assemble(columns: dict[str, Any]) -> pd.DataFrame:
    """A frame of columns that are typed already."""
    import pandas as pd

    return pd.DataFrame(columns, copy=False)


def column(kind: str, values: Sequence[Any]) -> Any:
    """Values with None for missing as a typed array of a column's kind."""
    import numpy as np
    import pandas as pd

    if kind == "time":
        return np.array([np.nan if v is None else v for v in values], dtype="f8")
    if kind == "wall":
        return np.array(values, dtype="M8[us]")
    if kind == "text":
        names = sorted({v for v in values if v is not None})
        codes = {name: n for n, name in enumerate(names)} | {None: -1}
        return categorical(np.fromiter((codes[v] for v in values), "i4", len(values)), names)
    missing = np.fromiter((v is None for v in values), bool, len(values))
    plain: np.ndarray[Any, Any] = np.fromiter((v or 0 for v in values), kind, len(values))
    if kind == "bool":
        return pd.arrays.BooleanArray(plain, missing)
    return pd.arrays.IntegerArray(plain, missing)


def categorical(codes: np.ndarray[Any, Any], names: Sequence[str]) -> Any:
    """A text column from codes into sorted names, -1 for missing."""
    import pandas as pd

    # The names are Python objects, so that the type does not depend on what else is installed.
    kind = pd.CategoricalDtype(pd.Index(list(names), dtype=object))
    return pd.Categorical.from_codes(codes, dtype=kind, validate=False)

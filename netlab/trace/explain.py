"""Journeys in words."""

from __future__ import annotations

from typing import Final

from netlab.trace.ip import IpFields
from netlab.trace.journeys import Hop, Journey, Packet
from netlab.trace.records import EbtablesRecord, IptablesRecord

#: ICMP types by their common names.
ICMP_NAMES: Final = {
    0: "echo reply",
    3: "destination unreachable",
    4: "source quench",
    5: "redirect",
    8: "echo request",
    11: "time exceeded",
    12: "parameter problem",
    13: "timestamp request",
    14: "timestamp reply",
}
_NAMES: Final = {1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 47: "GRE", 50: "ESP", 51: "AH", 132: "SCTP"}


def packet_words(record: Packet) -> str:
    """The packet of a line in a few words.

    >>> packet_words(IptablesRecord(ip=IpFields(src="10.0.0.1", dst="10.0.0.2", proto="UDP", spt=1, dpt=53)))
    'UDP 10.0.0.1:1 > 10.0.0.2:53'
    """
    if isinstance(record, EbtablesRecord):
        return _frame_words(record)
    if record.ip is None or not record.ip.src:
        return "a packet whose header was not logged"
    ip = record.ip
    name = _NAMES.get(int(ip.proto), f"protocol {ip.proto}") if ip.proto.isdigit() else ip.proto or "IPv4"
    if ip.type is not None:
        name += f" {ICMP_NAMES.get(ip.type, f'type {ip.type}')}"
    if ip.flags:
        name += f" {'+'.join(ip.flags)}"
    return f"{name} {_end(ip.src, ip.spt)} > {_end(ip.dst, ip.dpt)}"


def _frame_words(record: EbtablesRecord) -> str:
    if record.arp is not None:
        arp = record.arp
        kind = {1: "request", 2: "reply"}.get(arp.opcode, f"operation {arp.opcode}")
        return f"ARP {kind} {arp.ip_src or '?'} > {arp.ip_dst or '?'}"
    if record.src is not None and record.ip_proto is not None:
        name = _NAMES.get(record.ip_proto, f"protocol {record.ip_proto}")
        return f"{name} {_end(record.src, record.spt)} > {_end(record.dst, record.dpt)}"
    return f"frame 0x{record.proto:04x} {record.mac_source} > {record.mac_dest}"


def _end(address: str | None, port: int | None) -> str:
    return f"{address}" if port is None else f"{address}:{port}"


def direction(journey: Journey) -> str:
    """Where the packet came from and where it went, in words."""
    first, seen = journey.hops[0], {(h.family, h.hook) for h in journey.hops}
    start = f"in by {first.ingress}" if first.ingress else "seen midway"
    if _from_host(first):
        start = "from this host"
    if any(h.family == "ip" and h.in_dev == "lo" for h in journey.hops):
        return "from this host to itself"
    ports = [h.port for h in journey.hops if h.port]
    ends: list[str] = []
    if ports and not _from_host(first):
        out = journey.flooded or (ports[-1],)
        across = any(h.bridged and h.port for h in journey.hops) and ("bridge", "OUTPUT") not in seen
        how = "bridged" if across else "routed"
        ends.append(f"{how} to {', '.join(out)}")
    elif ports:
        out = journey.flooded or (ports[-1],)
        ends.append(f"out by {', '.join(out)}")
    if ("ip", "INPUT") in seen:
        ends.append("to this host")
    if not ends and ("bridge", "INPUT") in seen:
        ends.append("passed up from the bridge")
    if not _from_host(first) or len(ends) > 1:
        return f"{start}, {' and '.join(ends)}" if ends else start
    return f"{start}, {ends[0]}" if len(journey.hops) > 1 and ends else start


def _from_host(hop: Hop) -> bool:
    return hop.hook == "OUTPUT" or (hop.hook is None and not hop.in_dev)


def explain(journey: Journey) -> str:
    """Every hop in words, what changed on the way, and what is missing."""
    out = [f"Packet {journey.number}: {journey.title}, {journey.direction}"]
    last: IpFields | None = None
    for number, hop in enumerate(journey.hops, 1):
        out.append(f"{number:3}. {hop.name}: {hop_words(hop)}")
        for record in hop.records:
            if isinstance(record, IptablesRecord) and record.ip is not None:
                out += [f"       {change}" for change in changes(last, record.ip)]
                last = record.ip
    out += [f"  * {note}" for note in notes(journey)]
    return "\n".join(out)


def hop_words(hop: Hop) -> str:
    """What happened at a hop: its devices, the rules that matched, the decision that led there."""
    record = hop.records[0]
    rules = [_rule_words(r) for r in hop.records]
    where = _devices(record)
    decision = _DECISIONS.get((hop.family, hop.hook or ""), "")
    if hop.family == "ip" and hop.bridged and hop.hook in ("PREROUTING", "FORWARD", "POSTROUTING"):
        decision = "called by the bridge (br_netfilter)"
    text = f"{where}; {'; '.join(rules)}" if where else "; ".join(rules)
    return f"{text} ({decision})" if decision else text


_DECISIONS: Final = {
    ("bridge", "BROUTING"): "is the frame bridged or routed?",
    ("bridge", "INPUT"): "the bridge passes the frame up to its own device",
    ("bridge", "FORWARD"): "the bridge sends the frame out by another port",
    ("bridge", "OUTPUT"): "the host sends by the bridge",
    ("ip", "INPUT"): "routing: for this host",
    ("ip", "FORWARD"): "routing: for somebody else",
}


def _rule_words(record: Packet) -> str:
    if isinstance(record, EbtablesRecord):
        return str(record.place) if record.place else f"logged as {record.prefix!r}"
    point = record.trace
    if point is None:
        return f"logged as {record.prefix!r}"
    place = f"{point.table}:{point.chain}"
    if point.kind == "policy":
        return f"{place} end or policy ({point.number})"
    if point.kind == "return":
        return f"{place} returns ({point.number})"
    return f"{place} rule {point.number} matched"


def _devices(record: Packet) -> str:
    parts = []
    if record.in_dev:
        parts.append(f"in {record.in_dev}")
    if isinstance(record, IptablesRecord) and record.physin:
        parts.append(f"by port {record.physin}")
    if record.out_dev:
        parts.append(f"out {record.out_dev}")
    if isinstance(record, IptablesRecord) and record.physout:
        parts.append(f"by port {record.physout}")
    return " ".join(parts)


def changes(old: IpFields | None, new: IpFields) -> list[str]:
    """What differs between two lines of one packet: NAT and the TTL."""
    if old is None:
        return []
    out = []
    if (old.dst, old.dpt) != (new.dst, new.dpt):
        out.append(f"destination rewritten: {_end(old.dst, old.dpt)} is now {_end(new.dst, new.dpt)} (NAT)")
    if (old.src, old.spt) != (new.src, new.spt):
        out.append(f"source rewritten: {_end(old.src, old.spt)} is now {_end(new.src, new.spt)} (NAT)")
    if old.icmp_id != new.icmp_id:
        out.append(f"ICMP id rewritten: {old.icmp_id} is now {new.icmp_id} (NAT)")
    if old.ttl is not None and new.ttl is not None and new.ttl < old.ttl:
        out.append(f"TTL lowered from {old.ttl} to {new.ttl}: the packet was routed here")
    return out


def notes(journey: Journey) -> list[str]:
    """What a reader should know about this journey: copies, missing tables, an end without a reason."""
    out = []
    hops = journey.hops
    if journey.flooded:
        ports = ", ".join(journey.flooded)
        out.append(f"flooded to {ports}: the bridge did not know the port, or it is a group address")
    tables = {t for h in hops if h.family == "ip" for t in h.tables}
    hooks = {h.hook for h in hops if h.family == "ip"}
    if tables and "mangle" not in tables and hooks - {None}:
        out.append("no mangle lines: that table had not been opened yet on this host (listing it is enough)")
    nat_hooks = hooks & {"PREROUTING", "OUTPUT", "POSTROUTING"}
    if tables and nat_hooks and "nat" not in tables:
        out.append("no nat lines: only the first packet of a connection consults nat, replies never do")
    bridge = {(h.family, h.hook) for h in hops if h.family == "bridge"}
    through = any(isinstance(r, IptablesRecord) and r.physin for h in hops for r in h.records)
    if through and not bridge:
        out.append("no bridge lines: ebtables has no log rule for this packet")
    elif _misses_input(journey):
        out.append("no bridge INPUT line, although the frame was passed up: not logged, or lost")
    if len(hops) > 1 and hops[0].hook == "BROUTING" and hops[1].family == "ip" and not hops[1].bridged:
        out.append("broute gave the frame to IPv4 on the port itself: routed, not bridged")
    last = hops[-1]
    if (last.family, last.hook) in (("ip", "PREROUTING"), ("bridge", "PREROUTING"), ("bridge", "BROUTING")):
        out.append("ends here: dropped, or what followed was not logged")
    return out


def _misses_input(journey: Journey) -> bool:
    seen = [(h.family, h.hook) for h in journey.hops]
    if ("bridge", "PREROUTING") not in seen or ("bridge", "INPUT") in seen:
        return False
    return any(
        h.family == "ip" and h.hook in ("INPUT", "FORWARD") and not h.port_is_bridged for h in journey.hops
    )

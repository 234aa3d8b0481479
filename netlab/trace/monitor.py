"""Events of nftables: the lines of ``xtables-monitor --trace`` and of ``nft monitor trace``.

With iptables-nft nothing goes to the kernel log: the kernel sends an event for each packet that enters a base
chain, for each rule that matches, and for each policy; two programs print them. Rules are named by their handle
or their text, not by their number. Source of the facts: ``iptables/xtables-monitor.c`` of iptables,
``src/trace.c`` of nftables, and captures of both (iptables 1.8.9, nftables 1.0.6, Linux 6.18).
"""

from __future__ import annotations

import re
from typing import Final

from netlab.trace._cursor import ADDRESS, U8, U16
from netlab.trace.events import MonitorEvent, MonitorPacket, MonitorTrace

#: The numbers by which xtables-monitor names families (NFPROTO_*).
FAMILIES: Final = {"1": "inet", "2": "ip", "3": "arp", "5": "netdev", "7": "bridge", "10": "ip6"}
_NUMBERS: Final = {name: number for number, name in FAMILIES.items()}

#: The verdict that this iptables prints as a number: RETURN, -5 as an unsigned word.
_RETURN: Final = "0xfffffffb"


# "PACKET: " family id " "
_XT_PACKET: Final = re.compile(r"PACKET: (\d+) ([0-9a-f]{8}) ")
# The fields in their order, each followed by a space; ether_ntoa prints bytes without leading zeros.
_HEX: Final = r"(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}"
_XT_FIELDS: Final = re.compile(
    r"(?:IN=\S{1,15} )?(?:OUT=\S{1,15} )?(?:NFPROTO=\d+ )?"
    rf"(?:LOOPBACK |MACSRC={_HEX} MACDST={_HEX} MACPROTO=[0-9a-f]{{4}} |LL=0x[0-9a-f]+ [0-9a-f]* )?"
    rf"(?:SRC={ADDRESS} DST={ADDRESS} LEN={U16} TOS=0x[0-9a-f]{{1,2}} TTL={U8} ID={U16} "
    r"(?:CE )?(?:DF )?(?:MF )?(?:FRAG:\d+ )?(?:OPT \([0-9A-F]*\) )?"
    r"|SRC=[0-9a-f:.]+ DST=[0-9a-f:.]+ LEN=\d+ TC=\d+ HOPLIMIT=\d+ FLOWLBL=\d+ |NH=[0-9a-f]* )?"
    rf"(?:SPORT={U16} DPORT={U16} (?:SYN )?(?:ACK )?(?:FIN )?(?:RST )?(?:PSH )?(?:URG )?)?"
    r"(?:MARK=0x[1-9a-f][0-9a-f]{0,7} )?"
)
_XT_FIELD: Final = re.compile(r"(LL)=(0x\S+ \S*) |(OPT) \((\S*)\) |(FRAG):(\S+) |([A-Z]+)=(\S*) |([A-Z]+) ")
# " TRACE: " family id table:chain:(rule:0xhandle:verdict text | policy:verdict | return:)
_XT_TRACE: Final = re.compile(
    r" ?TRACE: (\d+) ([0-9a-f]{8}) ([^:\s]+):(\S+?):"
    r"(?:(rule):0x([0-9a-f]+):([A-Z]+|0x[0-9a-f]+)(?::(\S+))? (?: ?(-\S.*?))?|(policy|return):([A-Z]*) ?)\Z"
)
# "trace id " id family table chain
_NFT: Final = re.compile(r"trace id ([0-9a-f]{8}) (ip|ip6|inet|arp|bridge|netdev) (\S+) (\S+) ")
# "rule " text " (verdict " name chain? ")"
_NFT_RULE: Final = re.compile(r"rule (.*) \(verdict ([a-z]+)(?: (\S+))?\) ?\Z")
# ("policy " | "verdict " | "return ") name ["meta mark 0x" hex]
_NFT_END: Final = re.compile(r"(?:(policy|verdict) ([a-z]+)|(return)) ?(?:meta mark 0x([0-9a-f]{8}) ?)?\Z")
_NFT_PACKET: Final = re.compile("packet: ")
# iif "x" | @th,64,96 0x… | tcp flags == syn | name name value | name value
_NFT_FIELD: Final = re.compile(
    r'(iif|oif) ("[^"]{1,15}"|\S+) |(@[a-z]+,\d+,\d+) (0x[0-9a-f]+) |(tcp flags) (== \S+) '
    r"|((?:ether|ip6?|tcp|udp|udplite|icmp|icmpv6|igmp|arp|vlan|meta|th|sctp|dccp|ah|esp|comp) [a-z_-]+) (\S+) "
)


def read_event(text: str) -> MonitorEvent | None:
    """The event of a line; None if it is none, or is damaged.

    >>> packet = read_event("trace id 6d7e3a11 ip raw OUTPUT packet: oif \\"br0\\" ip saddr 10.0.0.1 ip ttl 64 ")
    >>> packet.chain, packet.out_dev, packet.src, packet.ttl
    ('OUTPUT', 'br0', '10.0.0.1', 64)
    >>> event = read_event(" TRACE: 2 bfb5d256 raw:PREROUTING:policy:ACCEPT ")
    >>> event.table, event.chain, event.kind, event.verdict
    ('raw', 'PREROUTING', 'policy', 'ACCEPT')
    """
    if text.startswith("PACKET: "):
        return _read_xtables_packet(text)
    if text.startswith((" TRACE: ", "TRACE: ")):
        return _read_xtables_trace(text)
    return _read_nft(text) if text.startswith("trace id ") else None


def _read_xtables_packet(text: str) -> MonitorPacket | None:
    line = text if text.endswith(" ") else text + " "
    head = _XT_PACKET.match(line)
    if head is None or not _XT_FIELDS.fullmatch(line, head.end()):
        return None
    parts = [
        tuple(g for g in found.groups() if g is not None) for found in _XT_FIELD.finditer(line, head.end())
    ]
    fields = tuple((part[0], part[1] if len(part) > 1 else "") for part in parts)
    family = FAMILIES.get(head[1], head[1])
    return MonitorPacket(tool="xtables-monitor", trace_id=head[2], family=family, fields=fields)


def _read_xtables_trace(text: str) -> MonitorTrace | None:
    found = _XT_TRACE.match(text if text.endswith(" ") or " -" in text else text + " ")
    if found is None:
        return None
    verdict = found[7] or found[11]
    return MonitorTrace(
        tool="xtables-monitor",
        trace_id=found[2],
        family=FAMILIES.get(found[1], found[1]),
        table=found[3],
        chain=found[4],
        kind=found[5] or found[10],
        verdict="RETURN" if verdict == _RETURN else verdict,
        target=found[8],
        handle=int(found[6], 16) if found[6] else None,
        rule=found[9],
    )


def _read_nft(text: str) -> MonitorEvent | None:
    line = text if text.endswith((" ", ")")) else text + " "
    head = _NFT.match(line)
    if head is None:
        return None
    end = head.end()
    if packet := _NFT_PACKET.match(line, end):
        fields = _nft_fields(line, packet.end())
        if fields is None:
            return None
        return MonitorPacket(
            tool="nft", trace_id=head[1], family=head[2], table=head[3], chain=head[4], fields=fields
        )
    what = _nft_trace(line, end)
    if what is None:
        return None
    kind, verdict, target, rule, mark = what
    return MonitorTrace(
        tool="nft",
        trace_id=head[1],
        family=head[2],
        table=head[3],
        chain=head[4],
        kind=kind,
        verdict=verdict.upper(),
        target=target,
        rule=rule,
        mark=mark,
    )


def _nft_fields(line: str, at: int) -> tuple[tuple[str, str], ...] | None:
    fields = []
    while at < len(line):
        found = _NFT_FIELD.match(line, at)
        if found is None:
            return None
        name, value = (g for g in found.groups() if g is not None)
        fields.append((name, value))
        at = found.end()
    return tuple(fields)


def _nft_trace(line: str, at: int) -> tuple[str, str, str | None, str | None, int | None] | None:
    """Kind, verdict, target, rule and mark."""
    if rule := _NFT_RULE.match(line, at):
        return "rule", rule[2], rule[3], rule[1], None
    if end := _NFT_END.match(line, at):
        kind = "policy" if end[1] == "policy" else "return"
        return kind, end[2] or "", None, None, int(end[4], 16) if end[4] else None
    return None


def format_event(event: MonitorEvent) -> str:
    """The line that an event stands for, as its program prints it.

    >>> format_event(read_event("trace id c3f61b7f ip raw PREROUTING policy accept "))
    'trace id c3f61b7f ip raw PREROUTING policy accept '
    """
    if event.tool == "nft":
        return _format_nft(event)
    number = _NUMBERS.get(event.family, event.family)
    if isinstance(event, MonitorPacket):
        return f"PACKET: {number} {event.trace_id} " + "".join(_xtables_field(*part) for part in event.fields)
    out = f" TRACE: {number} {event.trace_id} {event.table}:{event.chain}:{event.kind}:"
    if event.kind != "rule":
        return f"{out}{event.verdict} "
    verdict = _RETURN if event.verdict == "RETURN" else event.verdict
    target = f":{event.target}" if event.target else ""
    rule = f" {event.rule}" if event.rule else ""
    return f"{out}0x{event.handle or 0:x}:{verdict}{target} {rule}"


def _xtables_field(name: str, value: str) -> str:
    if name == "OPT":
        return f"OPT ({value}) "
    if name == "FRAG":
        return f"FRAG:{value} "
    return f"{name}={value} " if value or name in ("NH", "IN", "OUT") else f"{name} "


def _format_nft(event: MonitorEvent) -> str:
    out = f"trace id {event.trace_id} {event.family} {event.table} {event.chain} "
    if isinstance(event, MonitorPacket):
        return f"{out}packet: " + "".join(f"{name} {value} " for name, value in event.fields)
    if event.kind == "rule":
        return f"{out}rule {event.rule} (verdict {event.outcome.replace(event.verdict, event.verdict.lower(), 1)})"
    mark = "" if event.mark is None else f"meta mark 0x{event.mark:08x} "
    if not event.verdict:
        return f"{out}return {mark}"
    word = "policy" if event.kind == "policy" else "verdict"
    return f"{out}{word} {event.verdict.lower()} {mark}"

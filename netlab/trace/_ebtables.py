"""Reads the lines of the ebtables log watcher; grammar of the kernel's ``net/bridge/netfilter/ebt_log.c``."""

from __future__ import annotations

import re
from typing import Any, Final

from netlab.trace._cursor import ADDRESS, DEVICE, MAC, U8, U16, Cursor, Stop
from netlab.trace.records import ArpFields, EbtablesRecord, Problem

# " IN=" dev? " OUT=" dev?
_DEVICES = re.compile(rf" IN={DEVICE} OUT={DEVICE}(?=\s|\Z)")
# " MAC source = " m
_SOURCE = re.compile(rf" MAC source = {MAC}")
# " MAC dest = " m
_DEST = re.compile(rf" MAC dest = {MAC}")
# " proto = 0x" hhhh
_PROTO = re.compile(r" proto = 0x([0-9a-f]{4})")
# " INCOMPLETE IP header" and the like: what the kernel says about a header that is cut
_INCOMPLETE = re.compile(r" INCOMPLETE (IP header|IPv6 header|TCP/UDP header|ARP header|ARP payload)")
# " IP SRC=" a " IP DST=" a ", IP tos=0x" HH ", IP proto=" n
_IP_MARK = re.compile(r" IP SRC=")
_IP = re.compile(rf" IP SRC={ADDRESS} IP DST={ADDRESS}, IP tos=0x([0-9A-F]{{2}}), IP proto={U8}(?![0-9])")
# " IPv6 SRC=" a6 " IPv6 DST=" a6 ", IPv6 priority=0x" H ", Next Header=" n
_IP6_MARK = re.compile(r" IPv6 SRC=")
_IP6 = re.compile(
    r" IPv6 SRC=([0-9a-f:.]{2,45}) IPv6 DST=([0-9a-f:.]{2,45}), IPv6 priority=0x([0-9A-F]), "
    rf"Next Header={U8}(?![0-9])"
)
# " SPT=" n " DPT=" n
_PORTS = re.compile(rf" SPT={U16} DPT={U16}(?![0-9])")
# " ARP HTYPE=" n ", PTYPE=0x" hhhh ", OPCODE=" n
_ARP_MARK = re.compile(r" ARP HTYPE=")
_ARP = re.compile(rf" ARP HTYPE={U16}, PTYPE=0x([0-9a-f]{{4}}), OPCODE={U16}(?![0-9])")
# [" ARP MAC SRC=" m " ARP IP SRC=" a " ARP MAC DST=" m " ARP IP DST=" a]
_ARP_ADDRESSES = re.compile(
    rf" ARP MAC SRC={MAC} ARP IP SRC={ADDRESS} ARP MAC DST={MAC} ARP IP DST={ADDRESS}(?![0-9.])"
)

#: Protocols of which ebtables prints the ports: TCP, UDP, DCCP, SCTP, UDPLITE.
PORT_PROTOCOLS: Final = frozenset({6, 17, 33, 132, 136})


def read_ebtables(text: str, head: int) -> EbtablesRecord:
    """Read a line whose `` IN=`` stands at column ``head``; what is damaged ends in ``problems``."""
    cursor = Cursor(text.rstrip(" "), head)
    fields: dict[str, Any] = {"prefix": text[:head]}
    try:
        _line(cursor, fields)
        if cursor.at < len(cursor.text):
            cursor.stop("expected the end of the line")
    except Stop as stop:
        fields["problems"] = (Problem(stop.column, stop.message),)
        fields["text"] = text
    return EbtablesRecord(**fields)


def _line(cursor: Cursor, fields: dict[str, Any]) -> None:
    devices = cursor.need(_DEVICES, "IN= and OUT= with port names")
    fields["in_dev"], fields["out_dev"] = devices.groups()
    fields["mac_source"] = cursor.need(_SOURCE, "MAC source = and an address")[1]
    fields["mac_dest"] = cursor.need(_DEST, "MAC dest = and an address")[1]
    fields["proto"] = int(cursor.need(_PROTO, "proto = 0x and four hex digits")[1], 16)
    if _IP_MARK.match(cursor.text, cursor.at):
        ip = cursor.need(_IP, "IP SRC=, IP DST=, IP tos=0x and IP proto=")
        fields.update(family="ip", src=ip[1], dst=ip[2], tos=int(ip[3], 16), ip_proto=int(ip[4]))
    elif _IP6_MARK.match(cursor.text, cursor.at):
        ip = cursor.need(_IP6, "IPv6 SRC=, IPv6 DST=, IPv6 priority=0x and Next Header=")
        fields.update(family="ip6", src=ip[1], dst=ip[2], tos=int(ip[3], 16), ip_proto=int(ip[4]))
    elif _ARP_MARK.match(cursor.text, cursor.at):
        _arp(cursor, fields)
    if fields.get("ip_proto") in PORT_PROTOCOLS and (ports := cursor.take(_PORTS)):
        fields["spt"], fields["dpt"] = int(ports[1]), int(ports[2])
    if incomplete := cursor.take(_INCOMPLETE):
        fields["incomplete"] = incomplete[1]


def _arp(cursor: Cursor, fields: dict[str, Any]) -> None:
    arp = cursor.need(_ARP, "ARP HTYPE=, PTYPE=0x and OPCODE=")
    found: dict[str, Any] = {"htype": int(arp[1]), "ptype": int(arp[2], 16), "opcode": int(arp[3])}
    if addresses := cursor.take(_ARP_ADDRESSES):
        found["mac_src"], found["ip_src"], found["mac_dst"], found["ip_dst"] = addresses.groups()
    fields["family"] = "arp"
    fields["arp"] = ArpFields(**found)

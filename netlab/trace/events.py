"""What the kernel tells of packets that rules of nftables trace: one frozen class a kind of event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from netlab.trace.records import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPacket:
    """A packet that enters a base chain, or that meets the first rule of one.

    ``fields`` are its fields as printed: names of one or two words, and values ("" for a flag). ``tool`` is
    ``xtables-monitor`` or ``nft``; only nft says the ``table`` and ``chain`` here.
    """

    tool: str
    trace_id: str
    family: str
    table: str | None = None
    chain: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    def get(self, *names: str) -> str | None:
        """The value of the first of these fields that there is."""
        return next((value for name in names for mine, value in self.fields if mine == name), None)

    @property
    def in_dev(self) -> str:
        return (self.get("IN", "iif") or "").strip('"')

    @property
    def out_dev(self) -> str:
        return (self.get("OUT", "oif") or "").strip('"')

    @property
    def src(self) -> str | None:
        return self.get("SRC", "ip saddr", "ip6 saddr")

    @property
    def dst(self) -> str | None:
        return self.get("DST", "ip daddr", "ip6 daddr")

    @property
    def spt(self) -> int | None:
        return _number(self.get("SPORT", "tcp sport", "udp sport"))

    @property
    def dpt(self) -> int | None:
        return _number(self.get("DPORT", "tcp dport", "udp dport"))

    @property
    def id(self) -> int | None:
        return _number(self.get("ID", "ip id"))

    @property
    def length(self) -> int | None:
        return _number(self.get("LEN", "ip length"))

    @property
    def ttl(self) -> int | None:
        return _number(self.get("TTL", "ip ttl"))

    def __str__(self) -> str:
        source = self.src if self.spt is None else f"{self.src}:{self.spt}"
        target = self.dst if self.dpt is None else f"{self.dst}:{self.dpt}"
        ends = f"{source} > {target}" if self.src else "a packet without an address"
        return f"{ends}, id {self.id}" if self.id is not None else ends


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorTrace:
    """A rule that matched, the policy of a base chain, or the return from a chain: ``kind`` says which.

    ``verdict`` is in capitals (ACCEPT, DROP, CONTINUE, JUMP, RETURN, ...), ``target`` the chain of a jump;
    ``rule`` is the rule's text, and ``handle`` its handle, which only xtables-monitor prints. ``mark`` is the
    packet's mark as nft prints it.
    """

    tool: str
    trace_id: str
    family: str
    table: str
    chain: str
    kind: str
    verdict: str = ""
    target: str | None = None
    handle: int | None = None
    rule: str | None = None
    mark: int | None = None
    origin: Origin | None = field(default=None, compare=False)

    @property
    def outcome(self) -> str:
        """The verdict with its target."""
        return f"{self.verdict} {self.target}" if self.target else self.verdict

    def __str__(self) -> str:
        what = self.kind
        if what == "rule":
            what = f"rule [{self.rule.strip()}]" if self.rule else f"rule with handle {self.handle}"
        place = f"{self.table}:{self.chain} {what}"
        return f"{place}: {self.outcome}" if self.verdict else place


MonitorEvent: TypeAlias = MonitorPacket | MonitorTrace


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None

"""ebtables rule sets as values: rules, chains, tables (net/bridge/netfilter/ebtables.c)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, TypeAlias

from netlab.errors import InputError
from netlab.rules.model import SourceLine
from netlab.rules.shown import ShownRules

EB_BUILTIN: Final[dict[str, tuple[str, ...]]] = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "broute": ("BROUTING",),
}
"""The built-in chains of each ebtables table, in the order in which ebtables lists them."""

ALL_ONES: Final = "ff:ff:ff:ff:ff:ff"
Range: TypeAlias = tuple[int, int]
MacMask: TypeAlias = tuple[str, str]
Network: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EbIp:
    """IPv4 header fields; None where not asked. ``tos`` is the whole byte, ports are inclusive ranges.

    ``icmp`` is (lowest type, highest type, lowest code, highest code).
    """

    name: ClassVar[str] = "ip"
    src: Network | None = None
    src_inv: bool = False
    dst: Network | None = None
    dst_inv: bool = False
    tos: int | None = None
    tos_inv: bool = False
    proto: int | None = None
    proto_inv: bool = False
    sport: Range | None = None
    sport_inv: bool = False
    dport: Range | None = None
    dport_inv: bool = False
    icmp: tuple[int, int, int, int] | None = None
    icmp_inv: bool = False


@dataclass(frozen=True, slots=True)
class EbArp:
    """ARP fields; None where not asked. ``gratuitous`` is False for ``! --arp-gratuitous``."""

    name: ClassVar[str] = "arp"
    opcode: int | None = None
    opcode_inv: bool = False
    htype: int | None = None
    htype_inv: bool = False
    ptype: int | None = None
    ptype_inv: bool = False
    ip_src: Network | None = None
    ip_src_inv: bool = False
    ip_dst: Network | None = None
    ip_dst_inv: bool = False
    mac_src: MacMask | None = None
    mac_src_inv: bool = False
    mac_dst: MacMask | None = None
    mac_dst_inv: bool = False
    gratuitous: bool | None = None


@dataclass(frozen=True, slots=True)
class EbVlan:
    """The 802.1Q tag; None where not asked."""

    name: ClassVar[str] = "vlan"
    id: int | None = None
    id_inv: bool = False
    prio: int | None = None
    prio_inv: bool = False
    encap: int | None = None
    encap_inv: bool = False


@dataclass(frozen=True, slots=True)
class Eb8023:
    """802.3 frames (``-p LENGTH``): service access point and SNAP type; None where not asked."""

    name: ClassVar[str] = "802_3"
    sap: int | None = None
    sap_inv: bool = False
    type: int | None = None
    type_inv: bool = False


@dataclass(frozen=True, slots=True)
class EbPkttype:
    """Packet type: 0 host, 1 broadcast, 2 multicast, 3 otherhost."""

    name: ClassVar[str] = "pkttype"
    type: int = 0
    inv: bool = False


@dataclass(frozen=True, slots=True)
class EbMark:
    """(packet mark & mask) == value; with ``any_bit`` (written ``/mask``) (packet mark & mask) != 0."""

    name: ClassVar[str] = "mark_m"
    value: int = 0
    mask: int = 0xFFFFFFFF
    any_bit: bool = False
    inv: bool = False


@dataclass(frozen=True, slots=True)
class EbLimit:
    """Token bucket: one packet every ``average`` units of 1/10000 s, ``burst`` packets at most at once."""

    name: ClassVar[str] = "limit"
    average: int = 12000000
    burst: int = 5


EbMatch: TypeAlias = EbIp | EbArp | EbVlan | Eb8023 | EbPkttype | EbMark | EbLimit


@dataclass(frozen=True, slots=True)
class EbLog:
    """A line in the kernel log: syslog ``level`` (default 5, notice), ``prefix``, and what more."""

    name: ClassVar[str] = "log"
    level: int = 5
    prefix: str = ""
    ip: bool = False
    arp: bool = False
    ip6: bool = False


@dataclass(frozen=True, slots=True)
class EbNflog:
    """A copy to userspace over netlink."""

    name: ClassVar[str] = "nflog"
    group: int = 1
    prefix: str = ""
    range: int = 0
    threshold: int = 1


EbWatcher: TypeAlias = EbLog | EbNflog
Verdict: TypeAlias = Literal["ACCEPT", "DROP", "CONTINUE", "RETURN"]
POLICIES: Final[dict[str, Verdict]] = {"ACCEPT": "ACCEPT", "DROP": "DROP", "RETURN": "RETURN"}
"""What a chain's policy can be; RETURN only for a user's chain."""


@dataclass(frozen=True, slots=True)
class EbVerdict:
    """A standard target."""

    name: Verdict


@dataclass(frozen=True, slots=True)
class EbJump:
    """A jump to a user's chain."""

    name: str


@dataclass(frozen=True, slots=True)
class EbSetMark:
    """The packet's mark set, or'ed, and'ed or xor'ed with ``value``; then ``verdict``."""

    name: ClassVar[str] = "mark"
    action: Literal["set", "or", "and", "xor"] = "set"
    value: int = 0
    verdict: Verdict = "ACCEPT"


@dataclass(frozen=True, slots=True)
class EbSnat:
    """A new source MAC, with ``arp`` also inside ARP; then ``verdict``."""

    name: ClassVar[str] = "snat"
    mac: str = "00:00:00:00:00:00"
    arp: bool = False
    verdict: Verdict = "ACCEPT"


@dataclass(frozen=True, slots=True)
class EbDnat:
    """A new destination MAC; then ``verdict``."""

    name: ClassVar[str] = "dnat"
    mac: str = "00:00:00:00:00:00"
    verdict: Verdict = "ACCEPT"


@dataclass(frozen=True, slots=True)
class EbRedirect:
    """The destination MAC becomes the receiving device's; then ``verdict``."""

    name: ClassVar[str] = "redirect"
    verdict: Verdict = "ACCEPT"


@dataclass(frozen=True, slots=True)
class EbArpreply:
    """An ARP answer with this MAC is sent back; then ``verdict``."""

    name: ClassVar[str] = "arpreply"
    mac: str = "00:00:00:00:00:00"
    verdict: Verdict = "DROP"


EbTarget: TypeAlias = EbVerdict | EbJump | EbSetMark | EbSnat | EbDnat | EbRedirect | EbArpreply


@dataclass(frozen=True, slots=True)
class EbRule:
    """One ebtables rule.

    ``proto`` is the Ethernet type, None for any; ``length`` is ``-p LENGTH`` (an 802.3 frame). ``src`` and
    ``dst`` are (MAC, mask). Device names are empty where not asked and may end in ``+``. ``watchers`` run for
    every frame that matches, before the target.
    """

    proto: int | None = None
    proto_inv: bool = False
    length: bool = False
    src: MacMask | None = None
    src_inv: bool = False
    dst: MacMask | None = None
    dst_inv: bool = False
    in_dev: str = ""
    in_inv: bool = False
    logical_in: str = ""
    logical_in_inv: bool = False
    logical_out: str = ""
    logical_out_inv: bool = False
    out_dev: str = ""
    out_inv: bool = False
    matches: tuple[EbMatch, ...] = ()
    watchers: tuple[EbWatcher, ...] = ()
    target: EbTarget = EbVerdict("CONTINUE")
    packets: int = 0
    octets: int = 0
    line: SourceLine | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EbChain:
    """A chain; a user's chain has a policy too (ACCEPT unless told otherwise; RETURN only there)."""

    name: str
    policy: Verdict = "ACCEPT"
    rules: tuple[EbRule, ...] = ()
    line: SourceLine | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EbTable:
    """A table: its chains in the order they were read; ``footer`` are the comment lines after it."""

    name: str
    chains: tuple[EbChain, ...] = ()
    footer: tuple[str, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> EbChain:
        for chain in self.chains:
            if chain.name == name:
                return chain
        raise KeyError(name)

    def __iter__(self) -> Iterator[EbChain]:
        return iter(self.chains)


@dataclass(frozen=True, slots=True, kw_only=True)
class EbListForm:
    """How a listing was printed: with --Ln, with --Lmac2."""

    numbers: bool = False
    mac2: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class EbRuleSet(ShownRules):
    """An ebtables rule set: tables in the order they were read.

    ``flavour`` is how it was printed: ``legacy`` or ``nft``. ``header`` are the comment lines before the first table.
    ``problems`` are the lines that could not be read; ``form`` is set for a listing.
    """

    tables: tuple[EbTable, ...] = ()
    flavour: Literal["legacy", "nft"] = field(default="legacy", compare=False)
    header: tuple[str, ...] = field(default=(), compare=False)
    counters: bool = field(default=False, compare=False)
    problems: tuple[InputError, ...] = field(default=(), compare=False)
    form: EbListForm | None = field(default=None, compare=False)

    def __getitem__(self, name: str) -> EbTable:
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def __iter__(self) -> Iterator[EbTable]:
        return iter(self.tables)

    def save(self, *, counters: bool | None = None) -> str:
        """What ebtables-save prints of it; ``counters``: None as it was read."""
        from netlab.rules.ebsave import write_eb_save

        return write_eb_save(self, counters=counters)

    def list(self) -> str:
        """What ``ebtables -L`` prints of each table, in the form that was read."""
        from netlab.rules.eblisting import list_eb_table

        form = self.form or EbListForm()
        return "\n".join(
            list_eb_table(
                table,
                counters=self.counters,
                numbers=form.numbers,
                mac2=form.mac2,
                nft=self.flavour == "nft",
            )
            for table in self.tables
        )

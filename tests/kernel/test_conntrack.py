"""Conntrack: classification, life and death of entries, and the tool's text (captured on 6.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kernel import conntrack, ct_listing
from netlab.kernel.conntrack import CtEvent
from netlab.kernel.ct_tuple import ICMP_INVERSE, Tuple, quoted_tuple, tuple_of
from netlab.kernel.netfilter import ACCEPT, DROP, HookState
from netlab.kernel.netns import Netns
from netlab.kernel.skb import (
    CT_ESTABLISHED,
    CT_ESTABLISHED_REPLY,
    CT_NEW,
    CT_RELATED,
    CT_RELATED_REPLY,
    CT_UNTRACKED,
    Skb,
)
from netlab.kernel.world import World
from netlab.wire import ACK, FIN, ICMP, RST, SYN, TCP, UDP, Icmp, Ipv4, Raw, Tcp, Udp, ip

C, S = ip("172.17.0.2"), ip("10.9.0.2")


@pytest.fixture
def ns() -> Netns:
    return World("6.1").host


def seen(ns: Netns, packet: Ipv4, *, through: bool = True) -> Skb:
    """Take a packet through conntrack, and on to the end of POSTROUTING unless it is lost before."""
    skb = Skb(packet)
    assert conntrack.conntrack_in(skb, HookState("ipv4", "PREROUTING", ns, None, None)) == ACCEPT
    if through:
        conntrack.confirm(skb, HookState("ipv4", "POSTROUTING", ns, None, None))
    return skb


def echo(type_: int = 8, id_: int = 7, *, back: bool = False) -> Ipv4:
    src, dst = (S, C) if back else (C, S)
    return Ipv4(src, dst, ICMP, Icmp(type_, 0, id_ << 16 | 1, bytes(56)))


def udp(*, back: bool = False, sport: int = 5002, dport: int = 53) -> Ipv4:
    return Ipv4(S, C, UDP, Udp(dport, sport)) if back else Ipv4(C, S, UDP, Udp(sport, dport))


def tcp(flags: int, seq: int = 0, ack: int = 0, *, back: bool = False, data: bytes = b"") -> Ipv4:
    segment = Tcp(80, 5000, seq, ack, flags, data=data) if back else Tcp(5000, 80, seq, ack, flags, data=data)
    return Ipv4(S, C, TCP, segment) if back else Ipv4(C, S, TCP, segment)


def lines(ns: Netns) -> list[str]:
    return [ct_listing.listing_line(ct) for ct in ns.ct.entries()]


# --- tuples -----------------------------------------------------------------------------------------------------


@given(
    st.builds(
        Tuple,
        st.integers(0, 2**32 - 1),
        st.integers(0, 65535),
        st.integers(0, 2**32 - 1),
        st.integers(0, 65535),
        st.sampled_from([TCP, UDP, 47, 2]),
    )
)
def test_the_inverse_of_the_inverse_is_the_tuple(t: Tuple) -> None:
    inverse = t.inverse()
    assert inverse is not None
    assert inverse.inverse() == t


@pytest.mark.parametrize("type_", sorted(ICMP_INVERSE))
def test_icmp_types_come_in_pairs(type_: int) -> None:
    t = Tuple(C, 7, S, type_ << 8, ICMP)
    inverse = t.inverse()
    assert inverse is not None
    assert inverse.inverse() == t


def test_what_has_no_tuple() -> None:
    assert tuple_of(Ipv4(C, S, UDP, Raw(bytes(8)), frag=1)) is None
    assert tuple_of(Ipv4(C, S, TCP, Raw(b"\0\1"))) is None
    assert Tuple(C, 0, S, 9 << 8, ICMP).inverse() is None
    assert quoted_tuple(Icmp(3, 3, inner=udp(), quoted=24)) is None
    assert quoted_tuple(Icmp(3, 3, inner=udp(), quoted=28)) == tuple_of(udp())


# --- classification ---------------------------------------------------------------------------------------------


def test_new_until_answered_then_established(ns: Netns) -> None:
    assert [seen(ns, p).ctinfo for p in (echo(), echo(), echo(0, back=True), echo(), echo(0, back=True))] == [
        CT_NEW,
        CT_NEW,
        CT_ESTABLISHED_REPLY,
        CT_ESTABLISHED,
        CT_ESTABLISHED_REPLY,
    ]


def test_a_packet_lost_before_the_end_leaves_no_entry(ns: Netns) -> None:
    assert seen(ns, udp(), through=False).ctinfo == CT_NEW
    assert lines(ns) == []


def test_an_answer_to_no_question_is_invalid(ns: Netns) -> None:
    assert seen(ns, echo(0, back=True)).ct is None
    assert seen(ns, Ipv4(C, S, ICMP, Icmp(9, 0))).ct is None
    assert seen(ns, Ipv4(C, S, ICMP, Icmp(40, 0))).ct is None
    assert lines(ns) == []


def test_an_icmp_error_is_related_to_what_it_quotes(ns: Netns) -> None:
    seen(ns, udp())
    error = Ipv4(S, C, ICMP, Icmp(3, 3, inner=udp(), quoted=28))
    skb = seen(ns, error)
    assert (skb.ctinfo, skb.ct) == (CT_RELATED_REPLY, ns.ct.entries()[0])
    # About an answer, addressed to its sender: the original direction's error.
    other = Ipv4(C, S, ICMP, Icmp(3, 3, inner=udp(back=True), quoted=28))
    assert seen(ns, other).ctinfo == CT_RELATED
    assert seen(ns, replace(error, dst=ip("9.9.9.9"))).ct is None
    stranger = Icmp(3, 3, inner=udp(sport=6000), quoted=28)
    assert seen(ns, replace(error, l4=stranger)).ct is None


def test_untracked_packets_are_left_alone(ns: Netns) -> None:
    skb = Skb(udp())
    conntrack.untrack(skb)
    conntrack.conntrack_in(skb, HookState("ipv4", "PREROUTING", ns, None, None))
    assert (skb.ct, skb.ctinfo) == (None, CT_UNTRACKED)


def test_what_the_kernel_makes_carries_its_cause_as_related(ns: Netns) -> None:
    cause, answer = seen(ns, udp()), Skb(udp(back=True))
    conntrack.attach(answer, cause)
    assert (answer.ct, answer.ctinfo) == (cause.ct, CT_RELATED_REPLY)
    conntrack.attach(answer, seen(ns, udp(back=True)))
    assert answer.ctinfo == CT_RELATED


def test_a_full_table_drops_and_says_so(ns: Netns) -> None:
    ns.sysctl["net.netfilter.nf_conntrack_max"] = 1
    seen(ns, udp())
    skb = Skb(udp(sport=1))
    assert conntrack.conntrack_in(skb, HookState("ipv4", "PREROUTING", ns, None, None)) == DROP
    assert [entry.text for entry in ns.world.ring] == [
        "nf_conntrack: nf_conntrack: table full, dropping packet"
    ]


def test_two_first_packets_of_one_flow(ns: Netns) -> None:
    # A bridged DNAT that waits for ARP holds several first packets: UDP joins them, others are dropped.
    state = HookState("ipv4", "POSTROUTING", ns, None, None)
    for packet, verdict in ((udp(), ACCEPT), (echo(), DROP)):
        first, second = (seen(ns, packet, through=False) for _ in range(2))
        assert conntrack.confirm(first, state) == ACCEPT
        assert conntrack.confirm(second, state) == verdict
        assert (second.ct is first.ct) == (verdict == ACCEPT)


# --- life and death ---------------------------------------------------------------------------------------------


def test_timeouts_run_on_the_virtual_clock(ns: Netns) -> None:
    seen(ns, echo())
    ns.world.now = 29.9
    assert len(lines(ns)) == 1
    seen(ns, echo())
    ns.world.now = 59.8
    assert len(lines(ns)) == 1
    ns.world.now = 59.9
    assert lines(ns) == []
    assert seen(ns, echo()).ctinfo == CT_NEW


def test_udp_becomes_a_stream_after_two_seconds_of_both_ways(ns: Netns) -> None:
    for now, back in ((0.0, False), (0.1, True), (1.9, False)):
        ns.world.now = now
        seen(ns, udp(back=back))
    assert "[ASSURED]" not in lines(ns)[0]
    assert lines(ns)[0].split()[2] == "30"
    ns.world.now = 2.1
    seen(ns, udp())
    assert "[ASSURED]" in lines(ns)[0]
    assert lines(ns)[0].split()[2] == "120"


def test_on_4_4_udp_is_a_stream_with_the_packet_after_the_first_answer() -> None:
    ns = World("4.4").host
    for back in (False, True):
        seen(ns, udp(back=back))
    assert "[ASSURED]" not in lines(ns)[0]
    seen(ns, udp())
    assert "[ASSURED]" in lines(ns)[0]


# --- text -------------------------------------------------------------------------------------------------------


def test_listing_lines_as_the_tool_prints_them(ns: Netns) -> None:
    seen(ns, udp())
    seen(ns, Ipv4(ip("172.17.0.1"), ip("224.0.0.22"), 2, Raw(bytes(16))))
    ns.ct.entries()[0].tuples[1] = Tuple(S, 53, ip("10.9.0.1"), 5002, UDP)
    assert lines(ns) == [
        "udp      17 30 src=172.17.0.2 dst=10.9.0.2 sport=5002 dport=53 [UNREPLIED] "
        "src=10.9.0.2 dst=10.9.0.1 sport=53 dport=5002 mark=0 use=1",
        "unknown  2 600 src=172.17.0.1 dst=224.0.0.22 [UNREPLIED] src=224.0.0.22 dst=172.17.0.1 mark=0 use=1",
    ]


def test_counters_are_listed_if_accounting_was_on_when_the_entry_was_made(ns: Netns) -> None:
    ns.sysctl["net.netfilter.nf_conntrack_acct"] = 1
    seen(ns, echo())
    seen(ns, echo(0, back=True))
    assert "id=7 packets=1 bytes=84 src=" in lines(ns)[0]
    assert "id=7 packets=1 bytes=84 mark=0" in lines(ns)[0]


def test_events_of_a_short_tcp_connection(ns: Netns) -> None:
    # The sequence that conntrack -E printed on 6.1 for one line over nc -N.
    events: list[CtEvent] = []
    ns.ct.subscribe(events.append)
    a, b = 1000, 9000
    for packet in (
        tcp(SYN, a),
        tcp(SYN | ACK, b, a + 1, back=True),
        tcp(ACK, a + 1, b + 1),
        tcp(ACK, a + 1, b + 1, data=b"hi\n"),
        tcp(ACK, b + 1, a + 4, back=True),
        tcp(FIN | ACK, a + 4, b + 1),
        tcp(ACK, b + 1, a + 5, back=True),
        tcp(FIN | ACK, b + 1, a + 5, back=True),
        tcp(ACK, a + 5, b + 2),
    ):
        seen(ns, packet)
    way = "src=172.17.0.2 dst=10.9.0.2 sport=5000 dport=80"
    back = "src=10.9.0.2 dst=172.17.0.2 sport=80 dport=5000"
    assert [e.line for e in events] == [
        f"    [NEW] tcp      6 120 SYN_SENT {way} [UNREPLIED] {back}",
        f" [UPDATE] tcp      6 60 SYN_RECV {way} {back}",
        f" [UPDATE] tcp      6 432000 ESTABLISHED {way} {back} [ASSURED]",
        f" [UPDATE] tcp      6 120 FIN_WAIT {way} {back} [ASSURED]",
        f" [UPDATE] tcp      6 60 CLOSE_WAIT {way} {back} [ASSURED]",
        f" [UPDATE] tcp      6 30 LAST_ACK {way} {back} [ASSURED]",
        f" [UPDATE] tcp      6 120 TIME_WAIT {way} {back} [ASSURED]",
    ]


def test_a_reset_as_the_only_answer_ends_the_entry_at_once(ns: Netns) -> None:
    events: list[CtEvent] = []
    ns.ct.subscribe(events.append)
    seen(ns, tcp(SYN, 1000))
    seen(ns, tcp(RST | ACK, 0, 1001, back=True))
    assert lines(ns) == []
    assert events[-1].line == (
        "[DESTROY] tcp      6 120 CLOSE src=172.17.0.2 dst=10.9.0.2 sport=5000 dport=80 [UNREPLIED] "
        "src=10.9.0.2 dst=172.17.0.2 sport=80 dport=5000"
    )


def test_entries_made_before_anyone_listened_stay_silent(ns: Netns) -> None:
    events: list[CtEvent] = []
    seen(ns, udp())
    end = ns.ct.subscribe(events.append)
    seen(ns, udp(back=True))
    ns.ct.flush()
    assert events == []
    end()


def test_a_watched_entry_is_reported_when_its_time_comes(ns: Netns) -> None:
    events: list[CtEvent] = []
    ns.ct.subscribe(events.append)
    seen(ns, udp())
    ns.world.run_until(29.0)
    seen(ns, udp())
    ns.world.run_until(60.0)
    assert [(e.kind, e.time) for e in events] == [("NEW", 0.0), ("DESTROY", 59.0)]

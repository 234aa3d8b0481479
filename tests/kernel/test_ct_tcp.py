"""Conntrack's TCP: the state table of the specification, windows, and what is INVALID."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.kernel import conntrack, ct_tcp
from netlab.kernel.netfilter import HookState
from netlab.kernel.netns import Netns
from netlab.kernel.skb import CT_NEW, Skb
from netlab.kernel.world import World
from netlab.wire import ACK, FIN, PSH, RST, SYN, TCP, URG, Ipv4, Tcp

# netfilter.md, section 6.3; the states' columns are NO SS SR ES FW CW LA TW CL S2.
SPECIFIED = {
    (0, SYN): "SS SS IG IG IG IG IG SS SS S2",
    (0, SYN | ACK): "IV IV SR IV IV IV IV IV IV SR",
    (0, FIN | ACK): "IV IV FW FW LA LA LA TW CL IV",
    (0, ACK): "ES IV ES ES CW CW TW TW CL IV",
    (0, RST): "IV CL CL CL CL CL CL CL CL CL",
    (1, SYN): "IV S2 IV IV IV IV IV SS IV S2",
    (1, SYN | ACK): "IV SR IG IG IG IG IG IG IG SR",
    (1, FIN | ACK): "IV IV FW FW LA LA LA TW CL IV",
    (1, ACK): "IV IG SR ES CW CW TW TW CL IG",
    (1, RST): "IV CL CL CL CL CL CL CL CL CL",
}
SHORT = {"SS": 1, "SR": 2, "ES": 3, "FW": 4, "CW": 5, "LA": 6, "TW": 7, "CL": 8, "S2": 9, "IV": 10, "IG": 11}


@pytest.fixture
def ns() -> Netns:
    return World("6.1").host


def send(
    ns: Netns, flags: int, seq: int, ack: int = 0, *, back: bool = False, data: int = 0, window: int = 64240
) -> Skb:
    ports = (80, 5000) if back else (5000, 80)
    addresses = (2, 1) if back else (1, 2)
    skb = Skb(Ipv4(*addresses, TCP, Tcp(*ports, seq % 2**32, ack % 2**32, flags, window, data=bytes(data))))
    conntrack.conntrack_in(skb, HookState("ipv4", "PREROUTING", ns, None, None))
    conntrack.confirm(skb, HookState("ipv4", "POSTROUTING", ns, None, None))
    return skb


def state(ns: Netns) -> str:
    (entry,) = ns.ct.entries()
    assert entry.tcp is not None
    return ct_tcp.NAMES[entry.tcp.state]


def handshake(ns: Netns, a: int = 1000, b: int = 9000) -> None:
    send(ns, SYN, a)
    send(ns, SYN | ACK, b, a + 1, back=True)
    send(ns, ACK, a + 1, b + 1)
    assert state(ns) == "ESTABLISHED"


@pytest.mark.parametrize(("direction", "flags"), sorted(SPECIFIED))
def test_the_state_table_is_the_specified_one(direction: int, flags: int) -> None:
    row = ct_tcp.TRANSITIONS[direction][ct_tcp.kind_of(Tcp(1, 2, flags=flags))]
    assert row == tuple(SHORT[word] for word in SPECIFIED[direction, flags].split())


def test_flags_that_no_tcp_sends_are_invalid(ns: Netns) -> None:
    for flags in (0, SYN | FIN, SYN | RST, FIN, FIN | RST, URG | FIN, SYN | ACK | FIN):
        assert send(ns, flags, 1).ct is None
    assert send(ns, SYN | PSH, 1).ctinfo == CT_NEW


def test_only_a_syn_or_a_plain_ack_starts_an_entry(ns: Netns) -> None:
    assert send(ns, SYN | ACK, 1, 1).ct is None
    assert send(ns, FIN | ACK, 1, 1).ct is None
    assert send(ns, RST, 1).ct is None
    assert send(ns, ACK, 1, 1).ctinfo == CT_NEW
    assert ns.ct.entries()[0].remaining() == 300


def test_without_loose_pickup_a_plain_ack_is_invalid(ns: Netns) -> None:
    ns.sysctl["net.netfilter.nf_conntrack_tcp_loose"] = 0
    assert send(ns, ACK, 1, 1).ct is None


def test_a_picked_up_connection_is_assured_once_it_was_answered(ns: Netns) -> None:
    send(ns, ACK | PSH, 1, 1, data=10)
    send(ns, ACK, 1, 11, back=True)
    send(ns, ACK, 11, 1)
    assert (state(ns), ns.ct.entries()[0].assured) == ("ESTABLISHED", True)


def test_segments_outside_the_window_are_invalid(ns: Netns) -> None:
    handshake(ns)
    assert send(ns, ACK, 1001 + 70000, 9001, data=1).ct is None
    assert send(ns, ACK, 1001, 9001 + 5, data=1).ct is None
    assert send(ns, ACK, 1001, 9001, data=1).ct is not None
    ns.sysctl["net.netfilter.nf_conntrack_tcp_be_liberal"] = 1
    assert send(ns, ACK, 1001 + 70000, 9001, data=1).ct is not None


def test_a_reset_with_a_wrong_number_is_invalid_or_ends_nothing(ns: Netns) -> None:
    handshake(ns)
    assert send(ns, RST, 9000 - 50, back=True).ct is None
    assert send(ns, RST, 9001 + 100, back=True).ct is not None
    assert state(ns) == "ESTABLISHED"
    assert send(ns, RST, 9001, back=True).ct is not None
    assert state(ns) == "CLOSE"


def test_a_repeated_syn_does_not_prolong_the_entry(ns: Netns) -> None:
    send(ns, SYN, 1000)
    ns.world.now = 100.0
    send(ns, SYN, 1000)
    assert ns.ct.entries()[0].remaining() == 20


def test_a_new_syn_after_the_close_starts_a_new_entry(ns: Netns) -> None:
    handshake(ns)
    send(ns, FIN | ACK, 1001, 9001)
    send(ns, FIN | ACK, 9001, 1002, back=True)
    send(ns, ACK, 1002, 9002)
    assert state(ns) == "TIME_WAIT"
    old = ns.ct.entries()[0]
    assert send(ns, SYN, 50000).ctinfo == CT_NEW
    assert state(ns) == "SYN_SENT"
    assert ns.ct.entries()[0] is not old


def test_unacknowledged_data_shortens_the_life_of_an_established_entry(ns: Netns) -> None:
    handshake(ns)
    assert ns.ct.entries()[0].remaining() == 432000
    send(ns, ACK | PSH, 1001, 9001, data=3)
    assert ns.ct.entries()[0].remaining() == 300
    send(ns, ACK, 9001, 1004, back=True)
    assert ns.ct.entries()[0].remaining() == 432000


def test_a_rejected_connection_is_closed(ns: Netns) -> None:
    # Captured on 6.1: REJECT --reject-with tcp-reset leaves "9 CLOSE" a second later.
    handshake(ns)
    ct_tcp.set_closing(ns.ct.entries()[0])
    assert (state(ns), ns.ct.entries()[0].remaining()) == ("CLOSE", 10)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.booleans(), st.integers(0, 1400)), max_size=30),
)
def test_an_honest_exchange_is_never_invalid(a: int, b: int, sent: list[tuple[bool, int]]) -> None:
    ns = World("6.1", record_steps=False).host
    handshake(ns, a, b)
    mine, theirs = a + 1, b + 1
    for back, size in sent:
        if back:
            skb = send(ns, ACK | PSH, theirs, mine, back=True, data=size)
            theirs += size
        else:
            skb = send(ns, ACK | PSH, mine, theirs, data=size)
            mine += size
        assert skb.ct is not None
    assert state(ns) == "ESTABLISHED"

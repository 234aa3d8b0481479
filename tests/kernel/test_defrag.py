"""Fragments put together before conntrack."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlab.kernel import conntrack, defrag, fragment
from netlab.kernel.device import Dummy
from netlab.kernel.netfilter import ACCEPT, STOLEN, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.world import World
from netlab.wire import ICMP, Icmp, Ipv4


@given(st.integers(1, 4000), st.sampled_from([576, 1280, 1500]), st.randoms(use_true_random=False))
def test_the_whole_comes_out_whatever_the_order(size: int, mtu: int, random: object) -> None:
    ns = World("6.1").host
    dev = Dummy(ns, "eth0")
    packet = Ipv4(1, 2, ICMP, Icmp(8, 0, 7 << 16 | 1, bytes(range(256)) * (size // 256 + 1)), id=9)
    pieces = fragment.pieces(Skb(packet, dev=dev), mtu)
    random.shuffle(pieces)  # type: ignore[attr-defined]
    state = HookState("ipv4", "PREROUTING", ns, dev, None)
    verdicts = [defrag.defrag_in(piece, state) for piece in pieces]
    assert verdicts == [STOLEN] * (len(pieces) - 1) + [ACCEPT]
    whole = pieces[-1]
    assert whole.packet == packet
    if len(pieces) > 1:
        assert whole.ignore_df
        assert whole.frag_max == max(p.packet.length for p in fragment.pieces(Skb(packet, dev=dev), mtu))


def test_untracked_and_tracked_packets_stay_in_pieces() -> None:
    ns = World("6.1").host
    dev = Dummy(ns, "eth0")
    packet = Ipv4(1, 2, ICMP, Icmp(8, 0, 1, bytes(2000)), id=9)
    first = fragment.pieces(Skb(packet, dev=dev), 1500)[0]
    conntrack.untrack(first)
    assert defrag.defrag_in(first, HookState("ipv4", "PREROUTING", ns, dev, None)) == ACCEPT
    assert first.packet.mf


def test_pieces_of_a_bridged_and_a_routed_packet_are_not_mixed() -> None:
    from netlab.kernel.skb import BridgeInfo

    ns = World("6.1").host
    dev = Dummy(ns, "eth0")
    one, two = fragment.pieces(Skb(Ipv4(1, 2, ICMP, Icmp(8, 0, 1, bytes(2000)), id=9), dev=dev), 1500)
    two.br = BridgeInfo(dev)
    state = HookState("ipv4", "PREROUTING", ns, dev, None)
    assert [defrag.defrag_in(piece, state) for piece in (one, two)] == [STOLEN, STOLEN]

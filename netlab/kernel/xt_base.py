"""The built-in part of a rule: addresses, devices, protocol, fragment (``ip_packet_match`` in ip_tables.c)."""

from __future__ import annotations

from netlab.kernel.netfilter import HookState
from netlab.kernel.skb import Skb
from netlab.kernel.xt_condition import Condition, Test
from netlab.rules.model import Rule
from netlab.wire import ip_text

_ALL = 0xFFFFFFFF


def conditions(rule: Rule) -> list[Condition]:
    """The conditions of the built-in part, in the kernel's order; an option that is not given makes none."""
    out = []
    if rule.src_mask or rule.src_inv:
        out.append(_source(rule.src, rule.src_mask, rule.src_inv))
    if rule.dst_mask or rule.dst_inv:
        out.append(_destination(rule.dst, rule.dst_mask, rule.dst_inv))
    if rule.in_dev:
        out.append(_in_dev(rule.in_dev, rule.in_inv))
    if rule.out_dev:
        out.append(_out_dev(rule.out_dev, rule.out_inv))
    if rule.proto or rule.proto_inv:
        out.append(_proto(rule.proto, rule.proto_inv))
    if rule.fragment is not None:
        out.append(_fragment(rule.fragment))
    return out


def _source(address: int, mask: int, inv: bool) -> Condition:
    test: Test
    if mask == _ALL and not inv:
        test = lambda skb, state: skb.packet.src == address  # noqa: E731
    else:
        test = lambda skb, state: ((skb.packet.src & mask) == address & mask) != inv  # noqa: E731
    return Condition(test, lambda skb, state: _address_words("source", skb.packet.src, address, mask, inv))


def _destination(address: int, mask: int, inv: bool) -> Condition:
    test: Test
    if mask == _ALL and not inv:
        test = lambda skb, state: skb.packet.dst == address  # noqa: E731
    else:
        test = lambda skb, state: ((skb.packet.dst & mask) == address & mask) != inv  # noqa: E731
    return Condition(
        test, lambda skb, state: _address_words("destination", skb.packet.dst, address, mask, inv)
    )


def _address_words(side: str, has: int, address: int, mask: int, inv: bool) -> str:
    prefix = mask.bit_count()
    dense = mask == _ALL << 32 - prefix & _ALL
    wanted = ip_text(address) + ("" if mask == _ALL else f"/{prefix if dense else ip_text(mask)}")
    return f"{side} {ip_text(has)} is {'' if inv else 'not '}in {wanted}"


def device_matches(wanted: str, name: str) -> bool:
    """Compare a device name with one that may end in ``+``.

    >>> device_matches("veth+", "veth12"), device_matches("veth1", "veth12")
    (True, False)
    """
    return name.startswith(wanted[:-1]) if wanted.endswith("+") else name == wanted


def _in_dev(wanted: str, inv: bool) -> Condition:
    def test(skb: Skb, state: HookState) -> bool:
        dev = state.in_dev
        return device_matches(wanted, dev.name if dev is not None else "") != inv

    def words(skb: Skb, state: HookState) -> str:
        return _device_words("in", state.in_dev.name if state.in_dev else "", wanted, inv)

    return Condition(test, words)


def _out_dev(wanted: str, inv: bool) -> Condition:
    def test(skb: Skb, state: HookState) -> bool:
        dev = state.out_dev
        return device_matches(wanted, dev.name if dev is not None else "") != inv

    def words(skb: Skb, state: HookState) -> str:
        return _device_words("out", state.out_dev.name if state.out_dev else "", wanted, inv)

    return Condition(test, words)


def _device_words(side: str, name: str, wanted: str, inv: bool) -> str:
    if not name:
        return f"there is no {side} device here, and the rule asks for {wanted}"
    return f"{side} device {name} is {'' if inv else 'not '}{wanted}"


def _proto(proto: int, inv: bool) -> Condition:
    test: Test
    if proto == 0:
        # "all", inverted: nothing matches.
        test = lambda skb, state: not inv  # noqa: E731
    elif inv:
        test = lambda skb, state: skb.packet.proto != proto  # noqa: E731
    else:
        test = lambda skb, state: skb.packet.proto == proto  # noqa: E731
    return Condition(
        test, lambda skb, state: f"protocol {skb.packet.proto} is {'' if inv else 'not '}{proto}"
    )


def _fragment(wanted: bool) -> Condition:
    return Condition(
        lambda skb, state: (skb.packet.frag != 0) == wanted,
        lambda skb, state: f"the packet is {'not a' if wanted else 'a'} later fragment",
    )

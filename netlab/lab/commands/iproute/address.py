"""``ip address``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from netlab.kernel.address import SCOPE_HOST, SCOPE_LINK, SCOPE_UNIVERSE, Address
from netlab.kernel.device import Device
from netlab.lab.commands.iproute.link_show import (
    address_text,
    chosen_devices,
    ether_line,
    full_name,
    ipv6_addresses,
    link_line,
    peer_netns,
    statistics,
)
from netlab.lab.commands.iproute.route_names import read_scope
from netlab.lab.commands.iproute.words import (
    Failed,
    Words,
    answers,
    complaint,
    need_address,
    need_device,
    need_prefix,
)
from netlab.lab.context import Process
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.lab.commands.iproute.style import Style

LONGEST_NAME = 15
_FOREVER = "       valid_lft forever preferred_lft forever"
_WILDCARD = """\
Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length ({}/32) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!
"""
_SCOPES = {"global": SCOPE_UNIVERSE, "link": SCOPE_LINK, "host": SCOPE_HOST}


def address(process: Process, words: Words, style: Style) -> int:
    """``ip address add|replace|delete|flush|show``."""
    choices = {
        "add": "add", "change": "replace", "replace": "replace", "delete": "delete", "show": "show", "lst": "show",
        "list": "show", "flush": "flush",
    }  # fmt: skip
    action = words.choose(choices, "show")
    if action == "show":
        return show(process, words, style)
    if action == "flush":
        return flush(process, words)
    device, wanted, exact = _read(process, words)
    same = [
        a
        for a in device.addresses
        if a.ip == wanted.ip and (a.prefix == wanted.prefix or (action == "delete" and not exact))
    ]
    if action == "delete":
        if not exact:
            process.err(_WILDCARD.format(ip_text(wanted.ip)))
        if not same:
            raise answers("Cannot assign requested address")
        _remove(device, same[0])
    elif same:
        if action == "add":
            raise answers("File exists")
        device.ns.fib.prefix_metric(device, same[0], wanted.metric)
        at = device.addresses.index(same[0])
        device.addresses[at] = replace(same[0], metric=wanted.metric)
    elif any(
        a.scope != wanted.scope for a in device.addresses if a.prefix == wanted.prefix and a.covers(wanted.ip)
    ):
        # Addresses of one subnet have one scope (inet_insert_ifa).
        raise answers("Invalid argument")
    elif wanted.ip:
        # 0.0.0.0 is taken and forgotten (inet_insert_ifa).
        device.add_address(wanted)
    process.host.world.softirq()
    return 0


def _read(process: Process, words: Words) -> tuple[Device, Address, bool]:
    """The device, the address, and whether its prefix length was given."""
    known = ("dev", "brd", "broadcast", "peer", "label", "scope", "metric", "noprefixroute")
    local: tuple[int, int] | None = None
    exact = True
    name: str | None = None
    broadcast: str | None = None
    peer: tuple[int, int] | None = None
    label = ""
    scope: int | None = None
    metric = 0
    prefix_route = True
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        elif word in ("brd", "broadcast"):
            broadcast = words.take()
        elif word == "peer":
            peer, exact = need_prefix(words.take()), True
        elif word == "label":
            label = words.take()
        elif word == "scope":
            scope = read_scope(words)
        elif word in ("metric", "priority", "preference"):
            metric = words.number("metric")
        elif word == "noprefixroute":
            prefix_route = False
        elif word in ("valid_lft", "preferred_lft", "anycast", "proto"):
            words.refuse(word, known)
        else:
            text = words.take() if word == "local" else word
            if ":" in text:
                process.refuse(text, "ip address: IPv6 is not modelled", expected="an IPv4 address")
            local, exact = need_prefix(text), "/" in text
    if name is None:
        raise Failed('Not enough information: "dev" argument is required.', 1)
    device = need_device(process.netns, name)
    if local is None:
        raise answers("Operation not supported")
    prefix = local[1] if peer is None else peer[1]
    if broadcast is None:
        number = 0
    elif broadcast in ("+", "-"):
        host_bits = ~mask_of(prefix) & 0xFFFFFFFF if broadcast == "+" else 0
        number = 0 if prefix > 30 else local[0] & mask_of(prefix) | host_bits
    else:
        number = need_address(str(broadcast))
    if len(label) > LONGEST_NAME:
        raise complaint("Attribute failed policy validation")
    loopback = local[0] >> 24 == 127
    found = Address(
        local[0],
        prefix,
        number,
        scope if scope is not None else (SCOPE_HOST if loopback else SCOPE_UNIVERSE),
        False,
        label or device.name,
        None if peer is None else peer[0],
        metric,
        prefix_route,
    )
    return device, found, exact


def _remove(device: Device, address: Address) -> None:
    """Secondaries go with their primary, or the first of them takes its place (promote_secondaries)."""
    followers = [
        a for a in device.addresses if a.secondary and a.prefix == address.prefix and address.covers(a.ip)
    ]
    device.remove_address(address)
    if not address.secondary and device.ns.sysctl.conf_or(device.name, "promote_secondaries"):
        for one in followers:
            device.add_address(replace(one, secondary=False))


def flush(process: Process, words: Words) -> int:
    """``ip address flush dev DEV``."""
    if not words:
        raise Failed("Flush requires arguments.", 1)
    words, chosen = _filter(process, words)
    for device in chosen_devices(process, words):
        doomed = [a for a in device.addresses if chosen.keeps(a)]
        for one in sorted(doomed, key=lambda a: a.secondary):
            if one in device.addresses:
                device.remove_address(one)
    return 0


def show(process: Process, words: Words, style: Style) -> int:
    """``ip address show``."""
    words, chosen = _filter(process, words)
    inet = style.family == 4 or chosen.prefix is not None
    for device in chosen_devices(process, words):
        listed = [a for a in _ordered(device) if chosen.keeps(a)]
        v6 = [] if inet or chosen.asked else ipv6_addresses(process, device)
        # Shown for a match, or for having no address at all where no family was asked for (ipaddr_filter).
        if not (listed or v6) and (inet or device.addresses or ipv6_addresses(process, device)):
            continue
        if style.brief:
            texts = [
                f"{ip_text(a.ip)}{f' peer {ip_text(a.peer)}' if a.peer is not None else ''}/{a.prefix} "
                + (f"metric {a.metric} " if a.metric else "")
                for a in listed
            ]
            texts += [f"{text}/{prefix} " for text, prefix, _ in v6]
            process.out(
                f"{full_name(device)[0]:<16} {process.host.world.linkwatch.operstate(device):<14} {''.join(texts)}\n"
            )
            continue
        lines = [address_text(device, a) for a in listed]
        lines += [f"inet6 {text}/{prefix} {more}" for text, prefix, more in v6]
        if style.oneline:
            for line in lines:
                process.out(f"{device.ifindex}: {device.name}    {line}\\{_FOREVER}\n")
            continue
        if not chosen.label or inet or fnmatchcase(device.name, chosen.label):
            # Without the line of the link-layer address what follows it stands on the first.
            rest = peer_netns(process, device) if inet else "\n" + ether_line(process, device)
            process.out(link_line(process, device, mode=False) + rest + "\n")
        for line in lines:
            process.out(f"    {line}\n{_FOREVER}\n")
        if style.stats:
            process.out(statistics(device, "\n") + "\n")
    return 0


@dataclass(slots=True)
class _Filter:
    """Which addresses a listing shows."""

    scope: int | None = None
    prefix: tuple[int, int] | None = None
    label: str = ""
    secondary: bool | None = None

    @property
    def asked(self) -> bool:
        return bool(self.scope is not None or self.label or self.secondary is not None)

    def keeps(self, address: Address) -> bool:
        return (
            (self.scope is None or address.scope == self.scope)
            and (self.prefix is None or (address.ip ^ self.prefix[0]) & mask_of(self.prefix[1]) == 0)
            and (not self.label or fnmatchcase(address.label, self.label))
            and (self.secondary is None or address.secondary == self.secondary)
        )


def _filter(process: Process, words: Words) -> tuple[Words, _Filter]:
    """Takes what selects addresses out of the words of a listing."""
    chosen, rest = _Filter(), []
    while words:
        word = words.take()
        if word == "scope":
            name = words.take()
            if name not in _SCOPES:
                words.refuse(name, _SCOPES)
            chosen.scope = _SCOPES[name]
        elif word == "to":
            chosen.prefix = need_prefix(words.take())
        elif word == "label":
            chosen.label = words.take()
        elif word in ("primary", "secondary"):
            chosen.secondary = word == "secondary"
        else:
            rest.append(word)
    return Words(process, rest, words.what), chosen


def _ordered(device: Device) -> list[Address]:
    """Primary addresses, narrower scopes first, then secondary ones: the kernel's own order (inet_insert_ifa)."""
    return sorted(device.addresses, key=lambda a: (a.secondary, 0 if a.secondary else -a.scope))

"""``ifconfig``: show devices in the old or the new form, give them addresses, set them up and down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from netlab.lab.commands.iproute.link_show import ipv6_addresses
from netlab.lab.commands.legacy.modern import is_old, run_ip
from netlab.lab.context import Arg, Process
from netlab.lab.inet import read_address
from netlab.wire import ip_text, mask_of

if TYPE_CHECKING:
    from netlab.kernel.device import Device

_FLAGS: Final = {
    "UP": 1, "BROADCAST": 2, "LOOPBACK": 8, "RUNNING": 64, "NOARP": 128, "PROMISC": 256, "MULTICAST": 4096,
}  # fmt: skip
_ACTIONS: Final = "up down ADDRESS[/LENGTH] netmask broadcast mtu hw ether"


def ifconfig(process: Process, argv: list[Arg]) -> int:
    """Show or change devices."""
    words = argv[1:]
    everything = False
    while words and words[0].startswith("-"):
        if words[0] != "-a":
            process.refuse(words[0], f"ifconfig: option {words[0]} is not modelled", expected="-a")
        everything, words = True, words[1:]
    devices = process.netns.devices
    if not words:
        for name in sorted(devices, key=_natural):
            if everything or devices[name].up:
                process.out(describe(process, devices[name]))
        return 0
    name = words[0]
    if ":" in name:
        process.refuse(name, "ifconfig: alias devices are not modelled", expected="ip addr add")
    if name not in devices:
        if len(words) == 1:
            process.err(f"{name}: error fetching interface information: Device not found\n")
            return 1
        process.err("SIOCSIFADDR: No such device\n" if words[1][0].isdigit() else "")
        process.err(f"{name}: ERROR while getting interface flags: No such device\n")
        return 255
    if len(words) == 1:
        process.out(describe(process, devices[name]))
        return 0
    return _change(process, devices[name], words[1:])


def _natural(name: str) -> tuple[str, int]:
    """Names in order, ``eth10`` after ``eth9``."""
    match = re.fullmatch(r"(.*?)(\d*)", name)
    assert match is not None
    return match.group(1), int(match.group(2) or -1)


def flag_names(process: Process, device: Device) -> list[str]:
    """The flags of a device in ifconfig's order."""
    running = device.up and process.host.world.linkwatch.operstate(device) in ("UP", "UNKNOWN")
    found = {
        "UP": device.up,
        "BROADCAST": device.kind != "loopback",
        "LOOPBACK": device.kind == "loopback",
        "RUNNING": running,
        "NOARP": device.kind == "dummy",
        "PROMISC": device.promiscuous,
        "MULTICAST": device.kind not in ("loopback", "dummy"),
    }
    return [name for name, there in found.items() if there]


def _size(octets: int, base: int, units: str) -> str:
    """Bytes for people, cut (not rounded) to one digit: the rule of ife_print_long."""
    power = 0
    while octets > base ** (power + 1) and power < len(units):
        power += 1
    tenths = octets * 10 // base**power
    unit = units[power - 1] + ("iB" if base == 1024 else "B") if power else "B"
    return f"{tenths // 10}.{tenths % 10} {unit}"


def describe(process: Process, device: Device) -> str:
    """A device as ifconfig shows it, with the empty line after it."""
    return _describe_old(process, device) if is_old(process) else _describe_new(process, device)


def _describe_new(process: Process, device: Device) -> str:
    names = flag_names(process, device)
    number = sum(_FLAGS[name] for name in names)
    lines = [f"{device.name}: flags={number}<{','.join(names)}>  mtu {device.mtu}"]
    first = device.addresses[0] if device.addresses else None
    if first is not None:
        text = f"        inet {ip_text(first.ip)}  netmask {ip_text(mask_of(first.prefix))}"
        if device.kind != "loopback":
            text += f"  broadcast {ip_text(first.broadcast)}"
        lines.append(text)
    for address, prefix, _ in ipv6_addresses(process, device):
        scope = "0x10<host>" if address == "::1" else "0x20<link>"
        lines.append(f"        inet6 {address}  prefixlen {prefix}  scopeid {scope}")
    if device.kind == "loopback":
        lines.append("        loop  txqueuelen 1000  (Local Loopback)")
    else:
        lines.append(f"        ether {device.mac}  txqueuelen 1000  (Ethernet)")
    rx, tx = _size(device.rx_octets, 1024, "KMGTPE"), _size(device.tx_octets, 1024, "KMGTPE")
    lines += [
        f"        RX packets {device.rx_packets}  bytes {device.rx_octets} ({rx})",
        "        RX errors 0  dropped 0  overruns 0  frame 0",
        f"        TX packets {device.tx_packets}  bytes {device.tx_octets} ({tx})",
        "        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0",
    ]
    return "\n".join(lines) + "\n\n"


def _describe_old(process: Process, device: Device) -> str:
    loopback = device.kind == "loopback"
    link = "Local Loopback  " if loopback else f"Ethernet  HWaddr {device.mac}  "
    lines = [f"{device.name:<9} Link encap:{link}"]
    first = device.addresses[0] if device.addresses else None
    if first is not None:
        text = f"inet addr:{ip_text(first.ip)}"
        if not loopback:
            text += f"  Bcast:{ip_text(first.broadcast)}"
        lines.append(f"          {text}  Mask:{ip_text(mask_of(first.prefix))}")
    for address, prefix, _ in ipv6_addresses(process, device):
        lines.append(
            f"          inet6 addr: {address}/{prefix} Scope:{'Host' if address == '::1' else 'Link'}"
        )
    rx, tx = _size(device.rx_octets, 1000, "KMGTPE"), _size(device.tx_octets, 1000, "KMGTPE")
    lines += [
        f"          {' '.join(flag_names(process, device))}  MTU:{device.mtu}  Metric:1",
        f"          RX packets:{device.rx_packets} errors:0 dropped:0 overruns:0 frame:0",
        f"          TX packets:{device.tx_packets} errors:0 dropped:0 overruns:0 carrier:0",
        f"          collisions:0 txqueuelen:{1 if loopback else 0} ",
        f"          RX bytes:{device.rx_octets} ({rx})  TX bytes:{device.tx_octets} ({tx})",
    ]
    return "\n".join(lines) + "\n\n"


def _broadcast(address: int, prefix: int) -> int:
    """The broadcast address that an address gets by itself."""
    return address | ~mask_of(prefix) & 0xFFFFFFFF if prefix < 31 else 0


def _class_prefix(address: int) -> int:
    """The prefix length of an address's old class."""
    return 8 if address >> 31 == 0 else 16 if address >> 30 == 2 else 24


def _change(process: Process, device: Device, words: list[Arg]) -> int:
    address: int | None = None
    prefix: int | None = None
    broadcast: int | None = None
    link: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in ("up", "down"):
            link.append(word)
            continue
        if word in ("netmask", "broadcast", "mtu", "hw"):
            count = 2 if word == "hw" else 1
            values = words[at : at + count]
            at += count
            if len(values) < count:
                process.err("ifconfig: option `" + word + "' needs an argument\n")
                return 1
            if word == "hw":
                if values[0] != "ether":
                    process.refuse(
                        values[0], f"ifconfig: hw {values[0]} is not modelled", expected="hw ether MAC"
                    )
                link += ["address", values[1]]
            elif word == "mtu":
                link += ["mtu", values[0]]
            else:
                number = read_address(values[0])
                if number is None:
                    process.err(f"{values[0]}: Unknown host\nifconfig: `--help' gives usage information.\n")
                    return 1
                if word == "broadcast":
                    broadcast = number
                else:
                    prefix = number.bit_count()
            continue
        text, slash, length = word.partition("/")
        number = read_address(text)
        if number is None:
            if word[0].isalpha() or word[0] == "-":
                process.refuse(word, f"ifconfig: {word} is not modelled", expected=_ACTIONS)
            process.err(f"{text}: Unknown host\nifconfig: `--help' gives usage information.\n")
            return 1
        address = number
        if slash:
            prefix = int(length)
    if link[:1] == ["down"] and error_of(process, device, "down"):
        return 255
    if address is not None or prefix is not None or broadcast is not None:
        _readdress(process, device, address, prefix, broadcast)
        if address:
            link.append("up")
    for at in range(len(link)):
        if link[at] in ("address", "mtu") and (
            error := run_ip(process, "link", "set", device.name, *link[at : at + 2])
        ):
            process.err(f"SIOC{'SIFHWADDR' if link[at] == 'address' else 'SIFMTU'}: {error}\n")
            return 255
    if "up" in link and error_of(process, device, "up"):
        return 255
    return 0


def error_of(process: Process, device: Device, state: str) -> str:
    """Set a device up or down; says what the kernel said against it."""
    error = run_ip(process, "link", "set", device.name, state)
    if error:
        process.err(f"SIOCSIFFLAGS: {error}\n")
    return error


def _readdress(
    process: Process, device: Device, address: int | None, prefix: int | None, broadcast: int | None
) -> None:
    """The first address goes, the new one comes; without a mask it has that of its old class (devinet_ioctl)."""
    old = device.addresses[0] if device.addresses else None
    if old is not None:
        run_ip(process, "addr", "del", f"{ip_text(old.ip)}/{old.prefix}", "dev", device.name)
    if address is None:
        if old is None:
            return
        address = old.ip
        if broadcast is None and old.broadcast != _broadcast(old.ip, old.prefix):
            broadcast = old.broadcast
        prefix = old.prefix if prefix is None else prefix
    if address == 0:
        return
    length = prefix if prefix is not None else _class_prefix(address)
    if broadcast is None:
        broadcast = _broadcast(address, length)
    words = ["addr", "add", f"{ip_text(address)}/{length}", "dev", device.name]
    if broadcast and device.kind != "loopback":
        words[3:3] = ["brd", ip_text(broadcast)]
    run_ip(process, *words)

"""/proc and /sys: the sysctls and a few small files of the simulated kernel, seen from one namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netlab.kernel.ct_listing import proc_line
from netlab.kernel.sysctl import CALLS, RANGES, WITHOUT_EFFECT
from netlab.lab.devicefs import DEVICES, device_file, device_files, only_written, write_device_file
from netlab.lab.files import FileError
from netlab.lab.inet import c_number

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World

TABLE_NAMES: Final = "/proc/net/ip_tables_names"
COUNT: Final = "/proc/sys/net/netfilter/nf_conntrack_count"
READ_ONLY: Final = frozenset({COUNT, "/proc/sys/net/netfilter/nf_conntrack_max"})
"""Files that nobody may write: the table's size is the machine's, and a lab lives in a namespace (observed)."""


def sysctl_path(key: str) -> str:
    """The file of a sysctl. Dots in a device's name stand as slashes in the key, as sysctl(8) has it.

    >>> sysctl_path("net.ipv4.conf.eth0/1.rp_filter")
    '/proc/sys/net/ipv4/conf/eth0.1/rp_filter'
    """
    return "/proc/sys/" + "/".join(piece.replace("/", ".") for piece in key.split("."))


class ValueNotModelled(Exception):
    """A sysctl exists, and what it would do is not modelled."""


class KernelFs:
    """The kernel's files for one namespace."""

    def __init__(self, world: World, netns: Netns) -> None:
        self.world = world
        self.netns = netns

    def _keys(self) -> dict[str, str]:
        return {sysctl_path(key): key for key in self.netns.sysctl}

    def paths(self) -> Iterator[str]:
        """The files that exist."""
        yield from self._keys()
        yield COUNT
        yield TABLE_NAMES
        yield from device_files(self.netns)

    def read(self, path: str) -> str | None:
        """A file's text; None where netlab has none."""
        if path == COUNT:
            return f"{len(self.netns.ct)}\n"
        if path.startswith("/proc/sys/"):
            key = self._keys().get(path)
            return None if key is None else f"{self.netns.sysctl[key]}\n"
        if path == TABLE_NAMES:
            # The newest comes first: xt_register_table puts a table at the head of the list.
            return "".join(f"{table}\n" for table in reversed(self.netns.xt))
        if path == "/proc/net/nf_conntrack":
            return "".join(proc_line(ct) + "\n" for ct in self.netns.ct.entries())
        return device_file(self.netns, path)

    def knows(self, path: str) -> bool:
        """Whether netlab has a file, be it one that is only written to. Raises FileError."""
        return only_written(self.netns, path) or self.read(path) is not None

    def write(self, path: str, text: str) -> bool:
        """Set a sysctl. Raises FileError where the kernel refuses the value, ValueNotModelled where netlab does."""
        key = self._keys().get(path)
        if key is None and not path.startswith(DEVICES):
            return False
        try:
            value = c_number(text.split()[0])
        except (ValueError, IndexError):
            raise FileError("Invalid argument") from None
        if key is None:
            return write_device_file(self.netns, path, value)
        low, high = RANGES.get(key, (value, value))
        if not low <= value <= high:
            raise FileError("Invalid argument")
        if key.rsplit(".", 1)[1] in WITHOUT_EFFECT and value != self.netns.sysctl[key]:
            raise ValueNotModelled(f"{key}: a value other than {self.netns.sysctl[key]} is not modelled")
        self.netns.sysctl[key] = int(bool(value)) if key in CALLS else value
        return True

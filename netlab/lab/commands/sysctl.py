"""``sysctl`` of procps."""

from __future__ import annotations

import re
from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError
from netlab.lab.kernelfs import READ_ONLY, ValueNotModelled, sysctl_path

_KNOWN_ELSEWHERE: Final = re.compile(
    r"net\.(ipv4|ipv6|core|netfilter|bridge|unix)\.[\w./-]+|kernel\.[\w.-]+|vm\.[\w.-]+|fs\.[\w.-]+"
)

_WHOLE: Final = frozenset({"net.bridge"})
"""Folders of which every file is modelled, so that they can be listed."""


def _sysctl(process: Process, argv: list[Arg]) -> int:
    long = {
        "write": "w",
        "values": "n",
        "quiet": "q",
        "ignore": "e",
        "all": "a",
        "pattern=": "r",
        "names": "N",
    }
    options = read_options(process, argv, "wnqear:NA", long)
    kernel = process.host.kernel_files(process.netns)
    status = 0
    if "a" in options or "A" in options:
        pattern = re.compile(options.get("r") or "")
        for key in sorted(process.netns.sysctl):
            if pattern.search(key):
                _show(process, key, str(process.netns.sysctl[key]), options.values)
        return 0
    for word in options.words:
        name, equals, value = word.partition("=")
        key = name.strip().replace("/", ".") if "/" in name and "." not in name else name.strip()
        path = sysctl_path(key)
        if "w" in options and not equals:
            # A word of one letter is taken for an empty line.
            if len(word) > 1:
                process.err("sysctl: command line(0): invalid syntax, continuing...\n")
                status = 1
            continue
        have = kernel.read(path)
        if have is None:
            inside = sorted(k for k in process.netns.sysctl if k.startswith(key + "."))
            if inside and key not in _WHOLE:
                process.refuse(
                    word, f"sysctl: the folder {key} is not modelled whole", expected=f"{inside[0]}, ..."
                )
            if inside and not equals:
                for each in inside:
                    _show(process, each, str(process.netns.sysctl[each]), options.values)
                continue
            if _KNOWN_ELSEWHERE.fullmatch(key) and _device_exists(process, key):
                process.refuse(word, f"sysctl: {key} is not modelled", expected="keys of sysctl -a")
            if "e" not in options:
                process.err(f"sysctl: cannot stat {path}: No such file or directory\n")
                status = 1
            continue
        if not equals:
            _show(process, key, have.strip(), options.values)
            continue
        if path in READ_ONLY:
            # It does not try, and says what the last failure of a call left behind (observed).
            process.err(f'sysctl: setting key "{key}": Invalid argument\n')
            continue
        try:
            kernel.write(path, value.strip())
        except FileError as error:
            process.err(f'sysctl: setting key "{key}": {error}\n')
            status = 1
            continue
        except ValueNotModelled as error:
            process.refuse(word, f"sysctl: {error}")
        if "q" not in options:
            _show(process, key, value.strip(), options.values)
    return status


def _device_exists(process: Process, key: str) -> bool:
    """Whether a per-device key names a device that is there: else the real answer is that there is no such file."""
    pieces = key.split(".")
    if len(pieces) > 4 and pieces[2] in ("conf", "neigh"):
        return pieces[3] in (*process.netns.devices, "all", "default")
    return len(pieces) > 2


def _show(process: Process, key: str, value: str, options: dict[str, Arg]) -> None:
    if "N" in options:
        process.out(f"{key}\n")
    else:
        process.out(f"{value}\n" if "n" in options else f"{key} = {value}\n")


COMMANDS: Final[dict[str, Command]] = {"sysctl": _sysctl}

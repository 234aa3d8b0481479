"""``sysctl`` of procps."""

from __future__ import annotations

import re
from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError
from netlab.lab.kernelfs import ValueNotModelled, sysctl_path

_KNOWN_ELSEWHERE: Final = re.compile(
    r"net\.(ipv4|ipv6|core|netfilter|bridge|unix)\.[\w./-]+|kernel\.[\w.-]+|vm\.[\w.-]+|fs\.[\w.-]+"
)


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
        have = kernel.read(path)
        if have is None:
            if _KNOWN_ELSEWHERE.fullmatch(key) and _device_exists(process, key):
                process.refuse(word, f"sysctl: {key} is not modelled", expected="keys of sysctl -a")
            if "e" not in options:
                process.err(f"sysctl: cannot stat {path}: No such file or directory\n")
                status = 1
            continue
        if not equals:
            if "w" in options:
                process.err("sysctl: command line(0): invalid syntax, continuing...\n")
                status = 1
                continue
            _show(process, key, have.strip(), options.values)
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

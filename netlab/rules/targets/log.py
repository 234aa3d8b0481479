"""Targets that only tell: LOG, NFLOG, TRACE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from netlab.rules.names import SYSLOG_NAMES
from netlab.rules.numbers import quoted
from netlab.rules.options import Call, Extension, Option
from netlab.rules.readers import integer, string, syslog_level
from netlab.rules.targets.base import Target

_FLAGS: Final = ("tcp_sequence", "tcp_options", "ip_options", "uid", "macdecode")
_BITS: Final = (1, 2, 4, 8, 32)
"""Bits of the log flags (include/uapi/linux/netfilter/xt_LOG.h)."""


@dataclass(frozen=True, slots=True)
class Log(Target):
    """A line in the kernel log: syslog ``level``, ``prefix`` (at most 29 bytes), and what more to print.

    >>> Log(prefix="in: ", uid=True).save()
    ' --log-prefix "in: " --log-uid'
    """

    name: ClassVar[str] = "LOG"
    level: int = 4
    prefix: str = ""
    tcp_sequence: bool = False
    tcp_options: bool = False
    ip_options: bool = False
    uid: bool = False
    macdecode: bool = False

    def save(self) -> str:
        out = f" --log-prefix {quoted(self.prefix)}" if self.prefix else ""
        out += f" --log-level {self.level}" if self.level != 4 else ""
        return out + "".join(f" --log-{f.replace('_', '-')}" for f in _FLAGS if getattr(self, f))

    def list(self, numeric: bool = True) -> str:
        if numeric:
            flags = sum(bit for f, bit in zip(_FLAGS, _BITS, strict=True) if getattr(self, f))
            out = f"LOG flags {flags} level {self.level}"
        else:
            out = f"LOG level {SYSLOG_NAMES[self.level]}"
            out += "".join(f" {f.replace('_', '-')}" for f in _FLAGS if getattr(self, f))
        return f'{out} prefix "{self.prefix}"' if self.prefix else out


@dataclass(frozen=True, slots=True)
class Nflog(Target):
    """A copy to userspace over netlink: ``group``, ``prefix`` (at most 63 bytes), ``threshold``.

    ``size`` is --nflog-size, None if not given; ``range`` is the old --nflog-range, which never worked.
    """

    name: ClassVar[str] = "NFLOG"
    group: int = 0
    prefix: str = ""
    range: int = 0
    size: int | None = None
    threshold: int = 0

    def _text(self, dash: str) -> str:
        out = f" {dash}nflog-prefix {quoted(self.prefix)}" if self.prefix else ""
        out += f" {dash}nflog-group {self.group}" if self.group else ""
        if self.size is not None:
            out += f" {dash}nflog-size {self.size}"
        elif self.range:
            out += f" {dash}nflog-range {self.range}"
        return out + (f" {dash}nflog-threshold {self.threshold}" if self.threshold else "")

    def save(self) -> str:
        return self._text("--")

    def list(self, numeric: bool = True) -> str:
        return self._text("")[1:]


@dataclass(frozen=True, slots=True)
class Trace(Target):
    """Sets the trace bit: every matching rule from the next one on is logged. Table raw only."""

    name: ClassVar[str] = "TRACE"


def _one_line(limit: int) -> Option:
    read = string(1, limit)

    def prefix(text: str, call: Call) -> str:
        value: str = read(text, call)
        if "\n" in text:
            call.fail("Newlines not allowed in --log-prefix")
        return value

    return Option("log-prefix" if limit == 29 else "nflog-prefix", prefix, "prefix")


LOG: Final = Extension(
    "LOG",
    (
        Option("log-level", syslog_level, "level"),
        _one_line(29),
        *(Option(f"log-{flag.replace('_', '-')}", key=flag) for flag in _FLAGS),
    ),
    lambda values, inverted: Log(**values),
)

NFLOG: Final = Extension(
    "NFLOG",
    (
        Option("nflog-group", integer(0, 65535), "group"),
        _one_line(63),
        Option("nflog-range", integer(0, 0xFFFFFFFF), "range", excludes=frozenset({"size"})),
        Option("nflog-size", integer(0, 0xFFFFFFFF), "size", excludes=frozenset({"range"})),
        Option("nflog-threshold", integer(0, 65535), "threshold"),
    ),
    lambda values, inverted: Nflog(**values),
    warning=lambda values: (
        "warn: --nflog-range has never worked and is no longer supported, please use --nflog-size instead"
        if "range" in values
        else None
    ),
)

TRACE: Final = Extension("TRACE", (), lambda values, inverted: Trace())

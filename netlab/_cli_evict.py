"""``netlab evict``: what a node's pasted numbers and settings mean for its pods."""

from __future__ import annotations

import argparse
import codecs
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from netlab.errors import InputError

#: The kubelet's own flags that may be given as they are, without --flags.
KUBELET_FLAGS = (
    "--eviction-hard",
    "--eviction-soft",
    "--eviction-soft-grace-period",
    "--eviction-minimum-reclaim",
    "--eviction-max-pod-grace-period",
    "--eviction-pressure-transition-period",
)

#: What the exit status says (2: bad input, from ``netlab.cli``).
QUIET, PRESSURE = 0, 1

_EXAMPLE = """\
examples:
  df -h > df.txt; ps -ef | grep kubelet > ps.txt
  netlab evict --profile v1.7 --df df.txt --flags ps.txt --imagefs /data/docker
  df -h | netlab evict --df - --eviction-hard='nodefs.available<5%'
  kubectl get pods -A -o json > pods.json
  kubectl get --raw /api/v1/nodes/NODE/proxy/stats/summary > stats.json
  netlab evict --config kubelet-config.yaml --stats stats.json --pods pods.json
"""


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "evict",
        help="which eviction thresholds a node meets, who goes first, what to change",
        description="Judge a node from what its commands print. Every FILE may be - for standard input. Exit "
        "status: 0 no threshold is met, 1 one is or may be (or a pod is over its own limit), 2 bad input.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    figures = parser.add_argument_group("figures")
    figures.add_argument(
        "--df", action="append", default=[], metavar="FILE", help="output of df, df -h, df -i (any of them)"
    )
    figures.add_argument("--free", metavar="FILE", help="output of free")
    figures.add_argument("--stats", metavar="FILE", help="the kubelet's /stats/summary (JSON)")
    figures.add_argument("--pods", metavar="FILE", help="kubectl get pods -o json (of this node)")
    setup = parser.add_argument_group(
        "settings of the kubelet (the release's defaults without)",
        "The kubelet's own --eviction-... flags may be given as they are.",
    )
    setup.add_argument(
        "--flags",
        action="append",
        nargs="?",  # a text that begins with a kubelet flag of ours is read as that flag
        default=[],
        metavar="TEXT|FILE",
        help="flags such as --flags=--eviction-hard=..., or a file with them or a line of ps",
    )
    for flag in KUBELET_FLAGS:
        setup.add_argument(flag, action="append", default=[], metavar="VALUE", help=argparse.SUPPRESS)
    setup.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE",
        help="KubeletConfiguration, configz, or a start-up log with the thresholds",
    )
    setup.add_argument(
        "--unit",
        action="append",
        default=[],
        metavar="FILE",
        help="systemd unit or drop-in, as often as needed",
    )
    setup.add_argument("--profile", default="current", help="v1.7, current (default), or a release")
    place = parser.add_argument_group("where things lie")
    place.add_argument("--nodefs", metavar="PATH", help="the kubelet's root directory (/var/lib/kubelet)")
    place.add_argument("--imagefs", metavar="PATH", help="the runtime's image store, if on its own disk")
    place.add_argument("--containerfs", metavar="PATH", help="writable layers, if apart from the images")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report; the exit status."""
    from netlab.kubelet.evict import Given, judge

    named = [*args.df, args.free, args.stats, args.pods, *args.flags, *args.config, *args.unit]
    if named.count("-") > 1:
        raise InputError("standard input can be read once", source="command line", expected="one - at most")
    given = Given(
        profile=args.profile,
        df=tuple(_read(name) for name in args.df),
        free=_read(args.free) if args.free else None,
        stats=_read(args.stats) if args.stats else None,
        pods=_read(args.pods) if args.pods else None,
        settings=(
            *(_flags(text) for text in args.flags if text is not None),
            *_own_flags(args),
            *(_read(name) for name in args.config),
            *(_read(name) for name in args.unit),
        ),
        nodefs=args.nodefs,
        imagefs=args.imagefs,
        containerfs=args.containerfs,
    )
    if not (given.df or given.free or given.stats):
        raise InputError(
            "no figures to judge", source="command line", expected="--df FILE, --free FILE or --stats FILE"
        )
    report = judge(given)
    if args.json:
        print(json.dumps(report.json(), indent=2, ensure_ascii=False))
    else:
        print(report)
    return QUIET if report.quiet else PRESSURE


def _flags(text: str) -> tuple[str, str]:
    """Flags as typed, or the file that holds them."""
    if text == "-" or (not text.lstrip().startswith("-") and (Path(text).is_file() or " " not in text)):
        return _read(text)
    return "--flags", text


def _own_flags(args: argparse.Namespace) -> list[tuple[str, str]]:
    """The kubelet flags that were given as they are, as one command line."""
    given = [(flag, value) for flag in KUBELET_FLAGS for value in getattr(args, _dest(flag))]
    # several flags quoted as one word are several words
    words = [f"{flag}={value if ' --' in value else shlex.quote(value)}" for flag, value in given]
    return [("command line", " ".join(words))] if words else []


def _dest(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_")


def _read(name: str) -> tuple[str, str]:
    """Name and text of a file; - is standard input."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=name) from None
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as PowerShell's > writes
    try:
        return ("<stdin>" if name == "-" else name), raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 text: byte {raw[error.start]:#04x} at {error.start}", source=name
        ) from None

"""``netlab live``: run a lab on this machine's own kernel and compare with the simulator."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from netlab._cli_run import read_script
from netlab.errors import InputError

#: What the exit status says (2: it cannot run here, or bad input; from ``netlab.cli``).
AGREE, DIFFER = 0, 1


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "live",
        help="run a lab on this machine's own kernel, beside the simulator",
        description="Run a lab in a throw-away network namespace of this machine's kernel (Linux, root) and show its "
        "log beside the simulator's. Outside the namespace one sysctl is changed, net.netfilter.nf_log_all_netns, "
        "and restored. The lab's commands are real ones: as root they can do to files what any script can. Exit "
        "status: 0 they agree, 1 they differ, 2 it cannot run here or the lab is not modelled.",
    )
    parser.add_argument("script", metavar="LAB.sh", nargs="?", help="the lab script; - for standard input")
    parser.add_argument(
        "--recorded", action="store_true", help="show the run that was recorded on Linux 6.18 instead"
    )
    parser.add_argument(
        "--kernel", metavar="RELEASE", help="the simulator's profile (the nearest to this kernel)"
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=120.0, metavar="SECONDS", help="when to end the lab (120)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document: both runs and the verdict")
    parser.set_defaults(run=run)


def _seconds(text: str) -> float:
    """A time limit. Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 < seconds < 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds up to a day")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Print both logs; the exit status."""
    from netlab.teach.own_kernel import side_by_side

    if args.recorded == bool(args.script):
        raise InputError(
            "nothing to run, or too much", source="command line", expected="LAB.sh or --recorded"
        )
    if args.recorded:
        both = side_by_side(kernel=args.kernel)
    else:
        text, source = read_script(args.script)
        both = side_by_side(text, live=True, kernel=args.kernel, timeout=args.timeout, source=source)
    if args.json:
        print(json.dumps(both.to_dict(), indent=2, ensure_ascii=False))
    else:
        if both.output.marked:
            print(both.output, end="\n\n")
        else:
            sys.stdout.write(both.real.output)
        print(both)
    return AGREE if both.agree else DIFFER

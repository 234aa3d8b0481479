"""``netlab run``: run a lab script on the simulated kernel."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from netlab.errors import InputError

#: What the exit status says where the lab could not be run; else it is the script's own.
BAD_INPUT = 2


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "run",
        help="run a lab script on the simulated kernel",
        description="Run a lab script (real commands: ip, iptables, ebtables, ping, ...) on the simulated kernel "
        "and print what the commands print. sleep costs nothing; two runs print the same bytes. Exit status: the "
        "script's own; with --log or --json 0; 2 for what netlab does not model, with file, line and the word.",
    )
    parser.add_argument("script", metavar="LAB.sh", help="the lab script; - for standard input")
    parser.add_argument("--kernel", default="6.1", metavar="RELEASE", help="kernel profile: 4.4, 6.1 or 6.18")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--log", action="store_true", help="print only the kernel log left at the end, no stamps"
    )
    form.add_argument("--json", action="store_true", help="one JSON document: output, log and status")
    parser.set_defaults(run=run)


def read_script(name: str) -> tuple[str, str]:
    """A script's text and what messages call it. Raises InputError for what cannot be read as text."""
    source = "standard input" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or str(error), source=source) from None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte 0x{data[error.start]:02x} is not UTF-8 text",
            source=source,
            line=line,
            expected="a shell script",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError("a NUL byte: this is no text", source=source, line=line, expected="a shell script")
    return text.replace("\r\n", "\n"), source


def run(args: argparse.Namespace) -> int:
    """Run the script and print what was asked for; the exit status."""
    from netlab.lab.host import run_lab
    from netlab.lab.result import LabResult

    failed: InputError | None = None
    result: LabResult | None
    try:
        text, source = read_script(args.script)
        result = run_lab(text, kernel=args.kernel, source=source)
    except InputError as error:
        failed = error
        result = getattr(error, "result", None)
    if result is not None:
        if args.json:
            document = result.to_dict() | ({"error": str(failed)} if failed is not None else {})
            print(json.dumps(document, indent=2, ensure_ascii=False))
        elif args.log:
            sys.stdout.write("".join(f"{line}\n" for line in result.log))
        else:
            sys.stdout.write(result.output)
    if failed is not None:
        sys.stdout.flush()
        print(f"netlab run: {failed}", file=sys.stderr)
        return BAD_INPUT
    assert result is not None
    return 0 if args.log or args.json else int(result.status)

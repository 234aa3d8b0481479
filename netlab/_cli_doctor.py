"""``netlab doctor``: whether this machine can run the course."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

#: What the exit status says.
READY, NOT_READY = 0, 1


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "doctor",
        help="look whether this machine can run the course",
        description="Look at versions, Graphviz, write access to the notebooks' folder, memory, and whether labs can "
        "run on this machine's own kernel. Exit status: 0 the course can be worked through, 1 something is missing.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="where the notebooks are (notebooks, or else the current folder)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings; the exit status."""
    from netlab.teach.doctor import doctor

    usual = Path("notebooks")
    folder = args.folder or (usual if usual.is_dir() else ".")
    report = doctor(folder)
    print(report)
    return READY if report.good else NOT_READY

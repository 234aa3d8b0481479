"""``netlab rules FILE``: read a rule set, say what is in it and what is not modelled, print it back."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from netlab.errors import InputError, NotModelledError
from netlab.rules.ebmodel import EbRuleSet
from netlab.rules.model import RuleSet
from netlab.rules.reading import decode, read_rules

#: What the exit status says.
READ, NOT_ALL_READ = 0, 2


def add_parser(subparsers: Any) -> None:
    """Register the command with the subparsers of ``netlab``."""
    parser = subparsers.add_parser(
        "rules",
        help="read rule sets of iptables and ebtables",
        description="Read what iptables-save, ebtables-save, iptables -L or ebtables -L printed, say what is in "
        "it and what netlab does not model. Exit status: 0 all of it was read, 2 something was not.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a dump or listing; - for standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--print", action="store_true", help="print the rules as the real command would")
    form.add_argument("--json", action="store_true", help="one JSON document a file, unread lines included")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; the exit status."""
    status = READ
    for name in args.files:
        try:
            rules = _read(name)
        except InputError as error:
            print(error, file=sys.stderr)
            status = NOT_ALL_READ
            continue
        if args.json:
            print(json.dumps({"file": name, **rules.to_dict()}, ensure_ascii=False, indent=1))
        elif args.print:
            print(rules.save() if rules.form is None else rules.list(), end="")
        else:
            print(f"{name}: {rules!r}" if len(args.files) > 1 else _without_problems(rules))
        if rules.problems:
            status = NOT_ALL_READ
            for line in _unread(rules):
                print(line, file=sys.stderr)
    return status


def _read(name: str) -> RuleSet | EbRuleSet:
    if name != "-":
        return read_rules(Path(name), strict=False)
    try:
        data = sys.stdin.buffer.read()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source="<standard input>") from error
    text = decode(data, "<standard input>")
    return read_rules(text if "\n" in text else text + "\n", name="<standard input>", strict=False)


def _without_problems(rules: RuleSet | EbRuleSet) -> str:
    from netlab.rules.show import plain

    return plain(rules, problems=False)


def _unread(rules: RuleSet | EbRuleSet) -> list[str]:
    unknown = sum(isinstance(problem, NotModelledError) for problem in rules.problems)
    lines = [str(problem) for problem in rules.problems]
    return [*lines, f"{len(rules.problems)} lines not read, {unknown} of them not modelled"]

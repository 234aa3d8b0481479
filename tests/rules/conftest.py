"""Reads the captures: what the real programs printed for each input."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CAPTURES = Path(__file__).parent / "captures"


@dataclass
class Case:
    """One input with what the real program made of it."""

    text: str
    status: int = 0
    errors: list[str] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)

    @property
    def stderr(self) -> str:
        return "\n".join(self.errors)


def cases(name: str) -> list[Case]:
    """The cases of a capture file: ``@`` input, ``?`` status, ``!`` error line, ``-L...`` or ``s`` output."""
    found: list[Case] = []
    for line in (CAPTURES / name).read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "@":
            found.append(Case(rest))
        elif kind == "?":
            found[-1].status = int(rest)
        elif kind == "s" or re.fullmatch(r"-[A-Za-z]+2?", kind):
            found[-1].shown.setdefault(kind, []).append(rest)
        else:
            found[-1].errors.append(rest if kind == "!" else line)
    return found


Wanted = Callable[[Case], bool]


def _stateless(case: Case) -> bool:
    """What the words themselves, or the kernel's checks on them, decide: not the chains and rules there are."""
    first = case.errors[0] if case.errors else ""
    if "initialize iptables table" in first:
        return False
    return not first.startswith("iptables: ") or first.startswith(
        ("iptables: Invalid", "iptables: Numerical")
    )


SOURCES: dict[str, tuple[str, Wanted]] = {
    "accepted_rule": ("iptables-1.8.9-rules.txt", lambda case: case.status == 0),
    "refused_rule": ("iptables-1.8.9-rules.txt", lambda case: case.status != 0),
    "refused_command": ("iptables-1.8.9-refusals.txt", lambda case: case.status != 0 and _stateless(case)),
    "accepted_command": ("iptables-1.8.9-refusals.txt", lambda case: case.status == 0),
    "accepted_eb_rule": ("ebtables-2.0.11-rules.txt", lambda case: case.status == 0),
    "nft_eb_rule": ("ebtables-nft-1.8.9-rules.txt", lambda case: case.status == 0),
    "refused_eb_rule": ("ebtables-2.0.11-rules.txt", lambda case: case.status != 0),
    "refused_eb_command": ("ebtables-2.0.11-refusals.txt", lambda case: case.status != 0),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes one of the names in SOURCES runs once a captured case."""
    for name, (file, wanted) in SOURCES.items():
        if name in metafunc.fixturenames:
            chosen = [case for case in cases(file) if wanted(case)]
            metafunc.parametrize(name, chosen, ids=[case.text or "(nothing)" for case in chosen])

"""The README says what is so: its code runs and prints what it shows, its numbers are counted, its links lead somewhere."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def test_the_ten_lines_print_what_is_shown() -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})
    shown = re.search(r"^    (TRACE: .*?) \.\.\.$", README, re.MULTILINE)
    assert shown
    assert printed.getvalue().startswith(shown[1])


def test_the_labs_are_counted() -> None:
    claimed = re.search(r"(\d+) of (\d+) labs", README)
    assert claimed
    labs = len(list((ROOT / "tests" / "kernel" / "labs").glob("*.sh")))
    captures = len(list((ROOT / "tests" / "kernel" / "captures").glob("*.txt")))
    assert [int(n) for n in claimed.groups()] == [labs, captures]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target

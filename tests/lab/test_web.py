"""curl and wget print what the real ones printed (tests/lab/captures/web), and refuse what they do not model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlab.errors import NotModelledError
from netlab.lab import run_lab

CAPTURES = Path(__file__).parent / "captures" / "web"


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.sh")), ids=lambda p: p.stem)
def test_prints_what_the_real_program_printed(path: Path) -> None:
    def masked(text: str) -> str:
        return re.sub(r"after \d+ (ms|milliseconds)", r"after N \1", text)

    result = run_lab(path.read_text(), source=path.name)
    assert masked(result.output) == masked(path.with_suffix(".txt").read_text())


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("curl -s -d x=1 http://127.0.0.1/", "-d"),
        ("curl -s https://127.0.0.1/", "https://127.0.0.1/"),
        ("curl http://127.0.0.1/ > /tmp/x", "http://127.0.0.1/"),
        ("wget -r http://127.0.0.1/", "-r"),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(line: str, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(line, source="x.sh")
    assert caught.value.column == line.index(word)


def test_names_cannot_be_resolved() -> None:
    result = run_lab("curl -sS http://example.com/; echo $?")
    assert result.output == "curl: (6) Could not resolve host: example.com\n6\n"

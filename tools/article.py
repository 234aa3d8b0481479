"""Cut the article's data files out of its text, as netlab/data/article/origin.toml says.

    python tools/article.py ARTICLE.txt [--check]

The article itself is not part of the project; its SHA-256 is in origin.toml, and another text is refused.
``--check`` writes nothing and exits with 1 if a stored file is not exactly those lines.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from pathlib import Path

from netlab import data


def cut(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
    """The given 1-based inclusive line ranges of a text, each line ending in a line feed."""
    lines = text.split("\n")
    return "".join(f"{line}\n" for first, last in ranges for line in lines[first - 1 : last])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("article", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)

    raw = options.article.read_bytes()
    index = tomllib.loads((Path(data.__file__).parent / "article" / "origin.toml").read_text("utf-8"))
    if hashlib.sha256(raw).hexdigest() != index["source"]["sha256"]:
        parser.error(f"{options.article}: not the text that the line numbers of origin.toml belong to")

    text = raw.decode("utf-8")
    wrong = 0
    for name in data.article_names():
        wanted = cut(text, data.origin(name).lines).encode("utf-8")
        target = data.path(name)
        if hashlib.sha256(wanted).hexdigest() != data.origin(name).sha256:
            print(f"{name}: the lines named in origin.toml do not have the SHA-256 named there")
            wrong += 1
        if options.check and (not target.exists() or target.read_bytes() != wanted):
            print(f"{name}: not the lines named in origin.toml")
            wrong += 1
        elif not options.check:
            target.write_bytes(wanted)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

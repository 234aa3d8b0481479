"""What netlab ships as data: the article's logs, dumps and listings, and captures from real kernels.

Two collections, a folder each: ``article`` (quoted byte for byte from the article) and ``kernel`` (captured
for this project on Linux 6.1 and 6.18). Each folder's ``origin.toml`` says of every file where it comes from
and pins its SHA-256; nothing else is in the folder. ``labs`` are lab scripts of this project's own.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "Origin",
    "article",
    "article_names",
    "capture",
    "capture_names",
    "lab",
    "lab_names",
    "origin",
    "path",
]

_HERE = Path(__file__).parent
_COLLECTIONS = ("article", "kernel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one data file comes from.

    ``source`` is the article's title or the kernel, ``section`` the article's section (empty for a capture),
    ``lines`` the 1-based inclusive ranges of the article's text (empty for a capture), ``sha256`` the digest
    of the file as stored.
    """

    name: str
    collection: str
    source: str
    section: str
    author: str
    licence: str
    what: str
    lines: tuple[tuple[int, int], ...]
    sha256: str


def article(name: str) -> str:
    """Text of one file of the article's material; ``article_names`` lists them.

    Raises FileNotFoundError, naming the known files, for any other name.

    >>> article("threshold-line.txt")
    'Signal:nodefs.available Operator:LessThan Value:{Quantity:<nil> Percentage:0.05}\\n'
    """
    return _text(name, "article")


def article_names() -> tuple[str, ...]:
    """Names of the article's files, in the article's order.

    >>> [name for name in article_names() if name.startswith("trace-container")]
    ['trace-container-to-container.txt', 'trace-container-to-external.txt']
    """
    return tuple(_index("article"))


def capture(name: str) -> str:
    """Text of one kernel capture; ``capture_names`` lists them.

    Raises FileNotFoundError, naming the known files, for any other name.
    """
    return _text(name, "kernel")


def capture_names() -> tuple[str, ...]:
    """Names of the captures from real kernels.

    >>> capture_names()[:3]
    ('kernel-6.1-ebtables.txt', 'kernel-6.1-cases-short.txt', 'kernel-6.18.txt')
    """
    return tuple(_index("kernel"))


def lab(name: str) -> str:
    """Text of one of netlab's own lab scripts; ``lab_names`` lists them.

    Raises FileNotFoundError, naming the known files, for any other name.

    >>> lab("article.sh").splitlines()[0]
    "# The article's experiment: two containers on docker0, a host with a LAN behind eth0, and every step of a ping logged."
    """
    if name not in lab_names():
        raise FileNotFoundError(f"no lab named {name!r}; known: {', '.join(lab_names())}")
    return (_HERE / "labs" / name).read_text("utf-8")


def lab_names() -> tuple[str, ...]:
    """Names of netlab's own lab scripts.

    >>> "article.sh" in lab_names()
    True
    """
    return tuple(sorted(file.name for file in (_HERE / "labs").glob("*.sh")))


def path(name: str) -> Path:
    """Path of a data file of either collection (names are unique), for what reads files by path.

    Raises FileNotFoundError, naming the known files, for any other name.

    >>> path("df-h.txt").name
    'df-h.txt'
    """
    found = origin(name)
    return _HERE / found.collection / found.name


def origin(name: str) -> Origin:
    """Where a data file of either collection comes from.

    Raises FileNotFoundError, naming the known files, for any other name.

    >>> origin("df-h.txt").lines
    ((715, 724),)
    """
    return _find(name, _COLLECTIONS)


def _text(name: str, collection: str) -> str:
    found = _find(name, (collection,))
    # Bytes first: read_text would turn a carriage return, were there one, into a line feed.
    return (_HERE / collection / found.name).read_bytes().decode("utf-8")


def _find(name: str, collections: tuple[str, ...]) -> Origin:
    for collection in collections:
        if found := _index(collection).get(name):
            return found
    known = ", ".join(n for collection in collections for n in _index(collection))
    raise FileNotFoundError(f"no data file named {name!r}; known: {known}")


@functools.cache
def _index(collection: str) -> dict[str, Origin]:
    with open(_HERE / collection / "origin.toml", "rb") as stream:
        table = tomllib.load(stream)
    source = table["source"]
    return {
        entry["name"]: Origin(
            name=entry["name"],
            collection=collection,
            source=entry["kernel"] if collection == "kernel" else source["articles"][entry["article"]],
            section=entry.get("section", ""),
            author=source["author"],
            licence=source["licence"],
            what=entry["what"],
            lines=_ranges(entry.get("lines", "")),
            sha256=entry["sha256"],
        )
        for entry in table["file"]
    }


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    """``"17 38-40"`` to ``((17, 17), (38, 40))``."""
    pairs = (word.partition("-") for word in text.split())
    return tuple((int(first), int(last or first)) for first, _, last in pairs)

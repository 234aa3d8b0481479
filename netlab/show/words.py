"""Text of strangers made fit to be shown: nothing invisible, nothing that a picture's format cannot hold."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Text with control characters and lone surrogates written as escapes; line ends stay.

    >>> printable("a\x00b\x1b[31m")
    'a\\x00b\\x1b[31m'
    """
    return "".join(c if c == "\n" or c.isprintable() else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    return " " if char.isspace() and char not in "\r\t\v\f" else char.encode("unicode_escape").decode("ascii")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "hop"), count(2, "hop"), count(0, "entry", "entries")
    ('1 hop', '2 hops', '0 entries')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(things: list[str] | tuple[str, ...]) -> str:
    """Words as an enumeration.

    >>> listed(["raw", "mangle", "nat"]), listed(["raw"]), listed([])
    ('raw, mangle and nat', 'raw', 'nothing')
    """
    if not things:
        return "nothing"
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"

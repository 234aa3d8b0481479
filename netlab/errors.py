"""The error tree: one root, few children, every message with file, line and caret."""

from __future__ import annotations


class NetlabError(Exception):
    """Root of every error that netlab raises on purpose."""


class InputError(NetlabError, ValueError):
    """Input that cannot be read: says where, shows the line with a caret, and what was expected.

    >>> print(InputError("unknown chain", source="lab.sh", line=3, text="iptables -A INPT", column=12))
    lab.sh:3: unknown chain
      iptables -A INPT
                  ^
    """

    def __init__(
        self,
        message: str,
        *,
        source: str = "<text>",
        line: int | None = None,
        text: str | None = None,
        column: int | None = None,
        width: int = 1,
        expected: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.text = text
        self.column = column
        self.width = width
        self.expected = expected

    def __str__(self) -> str:
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        out = [f"{where}: {self.message}"]
        if self.text is not None:
            shown, column = _window(self.text, self.column)
            out.append(f"  {shown}")
            if column is not None:
                pad = "".join("\t" if c == "\t" else " " for c in shown[:column])
                out.append(f"  {pad}{'^' * max(1, self.width)}")
        if self.expected:
            out.append(f"  expected: {self.expected}")
        return "\n".join(out)


class NotModelledError(InputError):
    """Something real that netlab does not model: named, with its line, and never guessed."""


def _window(text: str, column: int | None, around: int = 60) -> tuple[str, int | None]:
    """The part of a long line that is worth showing, and where the caret falls in it."""
    text = text.rstrip("\r\n")
    if len(text) <= 2 * around or column is None:
        return (text if len(text) <= 400 else text[:400] + "…"), column
    start = max(0, column - around)
    head = "…" if start else ""
    tail = "…" if column + around < len(text) else ""
    return head + text[start : column + around] + tail, column - start + len(head)

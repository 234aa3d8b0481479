"""How a shell leaves what it is doing: exit, return, break, continue, and misuse of a builtin."""

from __future__ import annotations


class Exit(Exception):
    """``exit``: leaves the (sub)shell."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Return(Exception):
    """``return``: leaves the function."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Break(Exception):
    """``break``: leaves ``levels`` loops."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class Continue(Exception):
    """``continue``: the next round of the ``levels``-th loop."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class BadUse(Exception):
    """A builtin was used wrongly: the shell prints the message; ``fatal`` where dash ends the script."""

    def __init__(self, message: str, status: int = 2, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.fatal = fatal

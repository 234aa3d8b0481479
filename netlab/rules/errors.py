"""What the real commands refuse, with their own words."""

from __future__ import annotations

from typing import Any

from netlab.errors import InputError

Asked = tuple[tuple[str, str], ...]


class RulesError(InputError):
    """A rule or command that the real program refuses.

    ``message`` is its own text and ``status`` its exit code: 1 from the kernel, 2 for a bad command line,
    3 for a table that is not there. ``prefixed`` is False for the few messages that the program prints
    without its name and version in front. ``before`` is what it has printed on standard error by then, ``asked``
    the names whose addresses it has looked for: of ``"host"`` or of ``"network"``.

    >>> print(RulesError("unknown option \\"--dport\\"").stderr(), end="")
    iptables v1.8.9 (legacy): unknown option "--dport"
    Try `iptables -h' or 'iptables --help' for more information.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 2,
        prefixed: bool = True,
        before: str = "",
        asked: Asked = (),
        **where: Any,
    ) -> None:
        super().__init__(message.strip(), **where)
        # some messages of the real program carry a line feed of their own
        self.raw = message
        self.status = status
        self.prefixed = prefixed
        self.before = before
        self.asked = asked

    def stderr(
        self, program: str = "iptables", version: str = "v1.8.9 (legacy)", line: int | None = None
    ) -> str:
        """What the program prints; ``line`` is the line number in a restore file."""
        if self.status == 1:
            return self.before + (f"{program}: {self.raw}.\n" if self.prefixed else f"{self.raw}\n")
        head = self.before + (f"{program} {version}: {self.raw}\n" if self.prefixed else f"{self.raw}\n")
        if self.status == 3:
            return head + "Perhaps iptables or your kernel needs to be upgraded.\n"
        where = "" if line is None else f"Error occurred at line: {line}\n"
        return f"{head}{where}Try `{program} -h' or '{program} --help' for more information.\n"


class EbtablesError(RulesError):
    """What ebtables refuses: its exit code is 255 and its message ends in a full stop.

    >>> EbtablesError("Chain 'X' doesn't exist").stderr()
    "Chain 'X' doesn't exist.\\n"
    """

    def __init__(self, message: str, *, status: int = 255, **where: Any) -> None:
        super().__init__(message, status=status, prefixed=False, **where)

    def stderr(
        self, program: str = "ebtables", version: str = "v2.0.11 (legacy)", line: int | None = None
    ) -> str:
        """What the program prints."""
        return f"{self.raw}.\n"

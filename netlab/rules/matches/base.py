"""What every match has in common."""

from __future__ import annotations

from typing import ClassVar


class Match:
    """A match extension: ``name`` as after ``-m``, its options as fields.

    ``save`` returns the options as iptables-save prints them after ``-m NAME`` (with a leading space, or
    empty); ``list`` returns the text of ``iptables -L``, with ``numeric`` that of ``-n``. ``proto`` is the
    rule's protocol, which decides how ports are named.
    """

    __slots__ = ()
    name: ClassVar[str]

    def save(self) -> str:
        raise NotImplementedError

    def list(self, numeric: bool = True, proto: int = 0) -> str:
        raise NotImplementedError


def bang(inverted: bool) -> str:
    """The ``!`` that iptables-save prints in front of an inverted option."""
    return " !" if inverted else ""

"""How a listing is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """``-br``, ``-o``, ``-s``, ``-d`` and the address family (4, or 0 for all)."""

    brief: bool = False
    oneline: bool = False
    stats: bool = False
    details: bool = False
    family: int = 0

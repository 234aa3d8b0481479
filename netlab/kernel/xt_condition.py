"""A condition of a rule, made ready to be asked: one evaluator serves packets and explanations alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from netlab.kernel.netfilter import HookState
    from netlab.kernel.skb import Skb

Test: TypeAlias = "Callable[[Skb, HookState], bool | None]"
Words: TypeAlias = "Callable[[Skb, HookState], str]"


class Condition:
    """``test`` answers True, False, or None for "drop the packet at once" (the kernel's hotdrop).

    ``words`` says what the packet has where the condition asks for something else. ``peek`` is ``test`` without side
    effects, for conditions that remember (limit, statistic, recent).
    """

    __slots__ = ("peek", "remembers", "test", "words")

    def __init__(self, test: Test, words: Words, *, peek: Test | None = None) -> None:
        self.test = test
        self.words = words
        self.peek = peek or test
        self.remembers = peek is not None

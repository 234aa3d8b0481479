"""One file system against one eviction threshold: a bar, the words, and when it will be met."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from netlab.errors import InputError
from netlab.kubelet.duration import SECOND, format_duration
from netlab.kubelet.evaluate import Comparison, compare
from netlab.kubelet.model import Observation
from netlab.kubelet.profile import CURRENT
from netlab.kubelet.quantity import Family, Quantity
from netlab.kubelet.signals import NODEFS_AVAILABLE
from netlab.kubelet.thresholds import parse_threshold_config
from netlab.show.eviction import amount
from netlab.show.style import (
    BLUE,
    BLUE_FILL,
    CARD,
    FONT,
    GREY,
    GREY_FILL,
    INK,
    ORANGE,
    ORANGE_FILL,
    PURPLE,
    PURPLE_FILL,
)

_WIDTH: Final = 820
_LEFT: Final = 20
_BAR: Final = 780


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A bar for one file system. Sizes in bytes, ``growth`` in bytes a second.

    ``reserved`` are the blocks kept for root: neither used nor available, but part of the capacity of which a
    percentage is taken.
    """

    capacity: int
    reserved: int
    available: int
    growth: int
    comparison: Comparison

    @property
    def used(self) -> int:
        return self.capacity - self.reserved - self.available

    @property
    def needed(self) -> int:
        """What must be available for the threshold not to be met."""
        assert self.comparison.needed is not None
        return self.comparison.needed.value

    @property
    def seconds_left(self) -> int | None:
        """Whole seconds until the threshold is met; 0 if it is, None if it never will be at this growth."""
        if self.comparison.met:
            return 0
        if self.growth <= 0:
            return None
        return (self.available - self.needed) // self.growth + 1

    @property
    def words(self) -> str:
        """The verdict in a sentence or two, with what ``df`` would say."""
        short = self.needed - self.available
        verdict = (
            f"is met: the node is under pressure. {amount(self.available)} are available, {amount(short)} too few"
            if self.comparison.met
            else "is not met: it puts the node under no pressure. "
            f"{amount(self.available)} are available, {amount(-short)} more than needed"
        )
        when = ""
        if self.growth > 0 and not self.comparison.met:
            assert self.seconds_left is not None
            when = f" At {amount(self.growth)} a second it is met in {format_duration(self.seconds_left * SECOND)}."
        share = 100 * self.available / self.capacity
        return (
            f"The threshold {self.comparison.threshold} {verdict}. The kubelet sees {share:.1f}% of {amount(self.capacity)}; "
            f"df says {df_use(self.used, self.available)}% used.{when}"
        )

    def __repr__(self) -> str:
        return f"{self.comparison}\n  {self.words}"

    def svg(self) -> str:
        """The bar: used, reserved for root, available, and a line where the threshold lies."""
        unit = _BAR / self.capacity
        parts = [
            ("used", self.used, GREY_FILL, GREY, ""),
            ("reserved for root", self.reserved, ORANGE_FILL, ORANGE, "6,3"),
            ("available", self.available, PURPLE_FILL if self.comparison.met else BLUE_FILL,
             PURPLE if self.comparison.met else BLUE, ""),
        ]  # fmt: skip
        out, x = [], float(_LEFT)
        for place, (name, size, fill, stroke, dashes) in enumerate(parts):
            style = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
            if dashes:
                style += f' stroke-dasharray="{dashes}"'
            out.append(f'<rect x="{x:.1f}" y="30" width="{size * unit:.1f}" height="44" {style}/>')
            at = _LEFT + place * 250
            out.append(f'<rect x="{at}" y="92" width="22" height="13" {style}/>')
            out.append(_text(at + 30, 103, f"{name}: {amount(size)}", "start"))
            x += size * unit
        line = _LEFT + _BAR - self.needed * unit
        verdict = "met, the node is under pressure" if self.comparison.met else "not met, no pressure"
        label = f"threshold {self.comparison.threshold.value}: {verdict}"
        out.append(f'<path d="M{line:.1f},24V80" stroke="{INK}" stroke-width="3" stroke-dasharray="7,3"/>')
        out.append(_text(line, 20, label, "end" if line > _WIDTH / 2 else "start"))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} 114" width="{_WIDTH}" height="114" '
            f'role="img" style="max-width:100%;height:auto"><title>{escape(str(self.comparison.threshold))}</title>'
            f"<desc>{escape(self.words)}</desc>"
            f'<rect width="{_WIDTH}" height="114" fill="{CARD}"/>{"".join(out)}</svg>'
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "image/svg+xml": self.svg()}


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-family="{FONT}" font-size="13" fill="{INK}">'
        f"{escape(words)}</text>"
    )


def df_use(used: int, available: int) -> int:
    """The ``Use%`` of df: used of what is not reserved, rounded up.

    >>> df_use(90, 10), df_use(1, 999)
    (90, 1)
    """
    whole = used + available
    return 0 if not whole else -(-100 * used // whole)


def disk_gauge(
    capacity: int, available: int, *, threshold: str = "10%", reserved: int = 0, growth: int = 0
) -> Gauge:
    """Hold a file system against ``nodefs.available<threshold``. Sizes in bytes, growth in bytes a second.

    ``threshold`` is what stands after ``<`` in --eviction-hard. Raises InputError for sizes that do not fit together
    and for a threshold the kubelet would refuse.

    >>> gauge = disk_gauge(5938 * 2**20, 448 * 2**20, threshold="5%")
    >>> gauge.comparison.met, gauge.needed
    (False, 311322219)
    """
    if capacity <= 0 or min(available, reserved) < 0 or available + reserved > capacity:
        raise InputError(
            "they do not fit together",
            source="sizes",
            expected="available + reserved <= capacity, none negative",
        )
    parsed = parse_threshold_config(CURRENT, hard=f"{NODEFS_AVAILABLE}<{threshold}", enforce=())
    if not parsed:
        raise InputError(
            f"{threshold} means no threshold", expected="an amount, or more than 0% and less than 100%"
        )
    seen = Observation(Quantity.of(available, Family.BINARY), Quantity.of(capacity, Family.BINARY))
    return Gauge(
        capacity=capacity,
        reserved=reserved,
        available=available,
        growth=growth,
        comparison=compare(parsed[0], seen),
    )

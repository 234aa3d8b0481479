"""Which kubelet is meant: the v1.7 line of the article, or the current one (v1.31 and later).

What changed inside the current line stands in ``SWITCHES``, with the release it changed in. Releases
between v1.7 and v1.31 are not modelled: they mix both ways of doing things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from netlab.errors import InputError, NotModelledError

Release = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Switch:
    """A behaviour of the current line that has a first release; ``source`` is where the change was seen."""

    name: str
    since: Release
    meaning: str
    source: str


SWITCHES: Final = {
    s.name: s
    for s in (
        Switch(
            "hard_grace_is_one_second",
            (1, 31),
            "hard evictions and local-storage limits kill with a grace of 1 s (0 s before)",
            "kubernetes/kubernetes#124063",
        ),
        Switch(
            "separate_disk_gc",
            (1, 31),
            "the gate KubeletSeparateDiskGC is on by default, so split file systems work",
            "KubeletSeparateDiskGC",
        ),
        Switch(
            "soft_grace_is_the_smaller",
            (1, 32),
            "soft evictions take the smaller of the pod's own grace and evictionMaxPodGracePeriod",
            "kubernetes/kubernetes#122890",
        ),
        Switch(
            "merge_default_eviction_settings",
            (1, 33),
            "the field mergeDefaultEvictionSettings exists",
            "kubernetes/kubernetes#127577",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A kubelet line (``name``, ``v1.7`` or ``current``) and the release within it.

    >>> profile("v1.7").is_v17, profile("v1.32.4").has("soft_grace_is_the_smaller")
    (True, True)
    """

    name: str
    release: Release

    @property
    def is_v17(self) -> bool:
        return self.name == "v1.7"

    def has(self, switch: str) -> bool:
        """Whether a dated behaviour of ``SWITCHES`` is there; never in v1.7."""
        return not self.is_v17 and self.release >= SWITCHES[switch].since

    def __str__(self) -> str:
        return self.name


V17: Final = Profile("v1.7", (1, 7))
CURRENT: Final = Profile("current", (1, 34))

_RELEASE: Final = re.compile(r"v?(\d+)\.(\d+)(?:[.+-].*)?")


def profile(text: str | Profile) -> Profile:
    """The profile that a word or a kubelet version names: ``v1.7``, ``v1.7.5``, ``current``, ``v1.32``.

    A profile is its own name, so functions that take one take the word too.

    >>> profile("v1.7.5") is V17 is profile(V17)
    True

    Raises NotModelledError for releases between the two lines and InputError for anything else.
    """
    if isinstance(text, Profile):
        return text
    if text == "current":
        return CURRENT
    match = _RELEASE.fullmatch(text)
    if match is None:
        raise InputError(
            f"unknown kubelet profile {text!r}",
            source="profile",
            text=text,
            column=0,
            expected="v1.7, current, or a release such as v1.32",
        )
    release = (int(match[1]), int(match[2]))
    if release == V17.release:
        return V17
    if release >= (1, 31):
        return Profile("current", release)
    raise NotModelledError(
        f"kubelet {text} is not modelled",
        source="profile",
        text=text,
        column=0,
        width=len(text),
        expected="v1.7, or v1.31 and later (current)",
    )

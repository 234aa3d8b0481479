"""Pod eviction messages read back: the status message or event of an evicted or refused pod, to a record.

Sentences of every wording since v1.7; what no sentence explains is kept as ``unread``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from netlab.kubelet.gotext import go_unquote
from netlab.kubelet.quantity import Quantity, QuantityError, parse_quantity

_LABEL: Final = re.compile(r"\A[Mm]essage:\s*")
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A container (or ``pod``) that the message blames: usage above its request of a resource."""

    name: str
    usage: Quantity
    request: Quantity
    resource: str | None = None
    pod: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvictionMessage:
    """What a pod's eviction message says. ``kind`` is one of:

    ``pressure`` (evicted for a starved resource), ``refused`` (not admitted, with the node's conditions),
    ``emptyDir limit``, ``pod limit``, ``container limit`` (local storage), or ``other``.
    """

    kind: str
    text: str
    resource: str | None = None
    threshold: Quantity | None = None
    available: Quantity | None = None
    consumers: tuple[Consumer, ...] = ()
    conditions: tuple[str, ...] = ()
    name: str | None = None
    limit: Quantity | None = None
    unread: str = ""

    def row(self) -> dict[str, object]:
        """The record flat, for a table."""
        return {
            "kind": self.kind,
            "resource": self.resource,
            "threshold": str(self.threshold) if self.threshold is not None else None,
            "available": str(self.available) if self.available is not None else None,
            "consumers": ", ".join(f"{c.name} {c.usage}>{c.request}" for c in self.consumers),
            "conditions": ", ".join(self.conditions),
            "name": self.name,
            "limit": str(self.limit) if self.limit is not None else None,
            "unread": self.unread,
        }


def _consumer(match: re.Match[str], said: EvictionMessage) -> EvictionMessage:
    groups = match.groupdict()
    found = Consumer(
        name=match["name"],
        usage=parse_quantity(match["usage"]),
        request=parse_quantity(match["request"]),
        resource=groups.get("resource") or said.resource,
        pod=match["what"] == "Pod",
    )
    return replace(said, consumers=(*said.consumers, found))


def _limit(kind: str) -> Callable[[re.Match[str], EvictionMessage], EvictionMessage]:
    def read(match: re.Match[str], said: EvictionMessage) -> EvictionMessage:
        name = match.groupdict().get("name")
        limit = match["limit"]
        return replace(
            said,
            kind=kind,
            name=go_unquote(name) if name else None,
            limit=parse_quantity(go_unquote(limit) if limit.startswith('"') else limit),
        )

    return read


def _threshold(match: re.Match[str], said: EvictionMessage) -> EvictionMessage:
    return replace(
        said, threshold=parse_quantity(match["quantity"]), available=parse_quantity(match["available"])
    )


def _pressure(match: re.Match[str], said: EvictionMessage) -> EvictionMessage:
    resource = match["resource"]
    if resource in ("EmptyDir", "containerOverlay"):  # v1.7's words for its two local-storage limits
        return replace(said, kind="emptyDir limit" if resource == "EmptyDir" else "container limit")
    return replace(said, kind="pressure", resource=resource)


def _refused(match: re.Match[str], said: EvictionMessage) -> EvictionMessage:
    return replace(said, kind="refused", conditions=tuple(match["conditions"].split()))


_Reader = Callable[[re.Match[str], EvictionMessage], EvictionMessage]
_SENTENCES: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"(?:Pod )?The node was low on resource: \[(?P<conditions>[^\]]*)\]\.", _refused),
        (r"(?:Pod was rejected: )?The node had condition: \[(?P<conditions>[^\]]*)\]\.", _refused),
        (r"(?:Pod )?The node was low on resource: (?P<resource>[\w-]+)\.", _pressure),
        (r"Threshold quantity: (?P<quantity>\S+), available: (?P<available>[^\s,]+)\.", _threshold),
        (
            r"(?P<what>Container|Pod) (?P<name>\S+) was using (?P<usage>\S+), request is (?P<request>\S+), "
            r"has larger consumption of (?P<resource>[\w-]+)\.",
            _consumer,
        ),
        (
            r"(?P<what>Container) (?P<name>\S+) was using (?P<usage>\S+), which exceeds its request of "
            r"(?P<request>\S+)\.",
            _consumer,
        ),
        (
            rf"Usage of EmptyDir volume (?P<name>{_QUOTED}) exceeds the limit (?P<limit>{_QUOTED})\.",
            _limit("emptyDir limit"),
        ),
        (
            r"Pod ephemeral local storage usage exceeds the total limit of containers (?P<limit>\S+)\.",
            _limit("pod limit"),
        ),
        (
            rf"Container (?P<name>\S+) exceeded its local ephemeral storage limit (?P<limit>{_QUOTED})\.",
            _limit("container limit"),
        ),
        (rf"emptyDir usage exceeds the limit (?P<limit>{_QUOTED})", _limit("emptyDir limit")),
        (rf"container's overlay usage exceeds the limit (?P<limit>{_QUOTED})", _limit("container limit")),
    )
)


def read_message(text: str) -> EvictionMessage:
    """Read one eviction message; ``Message:`` of a description and quotes of YAML before it are taken off.

    >>> said = read_message("The node was low on resource: ephemeral-storage. Threshold quantity: "
    ...                     "3141254678, available: 2632184Ki. Container a was using 56Ki, request is 0, "
    ...                     "has larger consumption of ephemeral-storage. ")
    >>> said.resource, str(said.available), said.consumers[0].name
    ('ephemeral-storage', '2632184Ki', 'a')
    """
    said = EvictionMessage(kind="other", text=text)
    rest, unread = _LABEL.sub("", text.strip()), []
    if len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'":
        rest = rest[1:-1].strip()
    while rest:
        for pattern, reader in _SENTENCES:
            match = pattern.match(rest)
            if match:
                try:
                    said = reader(match, said)
                except QuantityError:
                    unread.append(match[0])
                rest = rest[match.end() :].lstrip()
                break
        else:
            sentence, stop, rest = rest.partition(". ")
            unread.append(sentence + stop.strip())
            rest = rest.lstrip()
    return replace(said, unread=" ".join(unread))


def messages_frame(messages: list[EvictionMessage]) -> Any:
    """The records as a pandas DataFrame."""
    import pandas as pd

    return pd.DataFrame([message.row() for message in messages])

"""What the words of a kubelet's log line say: its kind, its values and the pods it names.

Kinds and words come from the tables that print the lines (``klog``), plus the wordings of the releases between.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from netlab.kubelet.gotext import go_unquote
from netlab.kubelet.klog import FREE_TEXT, STRUCTURED

_PAIR: Final = re.compile(r"\s+(?P<key>[\w./-]+)=")
_GO_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_POD: Final = re.compile(r"(?P<name>[^\s_,(]+)_(?P<namespace>[^\s_(,]+)(?:\((?P<uid>[^)]*)\))?")


@dataclass(frozen=True, slots=True)
class PodRef:
    """A pod as a log line names it."""

    namespace: str
    name: str
    uid: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


# Wordings that neither table has: releases between the two lines, and lines of other kubelet parts.
_MORE: Final = {
    "exempt": (r"eviction manager: cannot evict a critical (?:static )?pod (?P<pod>.+)",),
    "kill failed": (r"eviction manager: pod (?P<pod>\S+) failed to evict (?P<error>.*)",),
    "no ranking": (r"eviction manager: no ranking function for signal (?P<signal>\S+)",),
    "stats failed": (r"eviction manager: failed to get summary stats: (?P<error>.*)",),
    "delete containers": (r"attempting to delete unused containers",),
    "delete images": (r"attempting to delete unused images",),
    "image gc": (
        r"\[imageGCManager\]: Disk usage on .*? is at (?P<usage>\d+)% which is over the high threshold "
        r"\((?P<high>\d+)%\)\. Trying to free (?P<bytes>\d+) bytes.*",
    ),
    "condition event": (r"Recording (?P<event>NodeHas\w+) event message for node (?P<node>\S+)",),
    "node config": (r"Creating Container Manager object based on Node Config: (?P<config>.*)",),
}
_MORE_STRUCTURED: Final = {
    "Creating Container Manager object based on Node Config": "node config",
    "Recording event message for node": "condition event",
    "Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low "
    "threshold": "image gc",
    "Eviction manager: failed to get summary stats": "stats failed",
}
FIELD: Final = {
    "nodeCondition": "conditions", "resourceName": "resource", "err": "error", "log": "label",
    "highThreshold": "high", "amountToFree": "bytes",
}  # fmt: skip


def _pattern(words: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", words)
    out = [re.escape(parts[0])]
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        out += [f"(?P<{name}>.+?)", re.escape(literal)]
    return re.compile("".join(out))


# the longest words first, so that a line with more fields is not read as one with fewer
_FREE: Final = tuple(
    (kind, _pattern(words))
    for kind, (*_, words) in sorted(FREE_TEXT.items(), key=lambda item: -len(item[1][4]))
) + tuple((kind, re.compile(p)) for kind, patterns in _MORE.items() for p in patterns)
_QUICK: Final = re.compile(
    r"eviction manager: |Failed to admit pod |attempting to delete|\[imageGCManager\]|Recording NodeHas|Creating Con"
)
_BY_MESSAGE: Final = _MORE_STRUCTURED | {entry[4]: kind for kind, entry in STRUCTURED.items()}
_BY_KEYS: Final = {(entry[4], frozenset(entry[5])): kind for kind, entry in STRUCTURED.items()}


def json_pods(values: Mapping[str, Any]) -> Iterator[PodRef]:
    found = values.get("pods", values.get("pod", []))
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, Mapping):
            yield PodRef(str(entry.get("namespace", "")), str(entry.get("name", "")))
        else:
            namespace, _, name = str(entry).rpartition("/")
            yield PodRef(namespace, name)


def meaning(message: str) -> tuple[str | None, dict[str, str], tuple[PodRef, ...]]:
    """The kind of a message, its values, and the pods it names."""
    if message.startswith('"'):
        return _structured(message)
    if not _QUICK.match(message):
        return None, {}, ()
    for kind, pattern in _FREE:
        match = pattern.fullmatch(message)
        if match:
            fields = {k: v for k, v in match.groupdict().items() if v is not None}
            named = fields.get("pods") or fields.get("pod") or ""
            pods = tuple(PodRef(m["namespace"], m["name"], m["uid"] or "") for m in _POD.finditer(named))
            if "conditions" in fields:
                fields["conditions"] = fields["conditions"].strip("[]")
            return kind, fields, pods
    return None, {}, ()


def _structured(message: str) -> tuple[str | None, dict[str, str], tuple[PodRef, ...]]:
    """``"message" key="value" list=["a","b"] ...``: klog's key=value text."""
    head = _GO_STRING.match(message)
    if head is None:
        return None, {}, ()
    raw = dict(_pairs(message, head.end()))
    kind = kind_of(go_unquote(head[0]), raw)
    fields = {FIELD.get(k, k): _plain(v) for k, v in raw.items()}
    if "conditions" in fields:
        fields["conditions"] = " ".join(_items(raw["nodeCondition"]))
    named = _items(raw["pods"]) if "pods" in raw else [_plain(raw["pod"])] if "pod" in raw else []
    pods = []
    for name in named:
        namespace, _, short = name.rpartition("/")
        pods.append(PodRef(namespace, short, fields.get("uid", fields.get("podUID", ""))))
    return kind, fields, tuple(pods)


def kind_of(message: str, values: Mapping[str, Any]) -> str | None:
    """Two kinds may share their words (an observation with and without its time): the keys tell them apart."""
    return _BY_KEYS.get((message, frozenset(values))) or _BY_MESSAGE.get(message)


def _pairs(text: str, at: int) -> Iterator[tuple[str, str]]:
    while match := _PAIR.match(text, at):
        start = match.end()
        quoted = _GO_STRING.match(text, start)
        if quoted:
            at = quoted.end()
        elif text[start : start + 1] in ("[", "{"):
            at = _matching(text, start)
        else:
            space = re.compile(r"\S*").match(text, start)
            at = space.end() if space else start
        yield match["key"], text[start:at]


def _matching(text: str, start: int) -> int:
    """The end of the bracket that opens at ``start``, strings skipped; the end of the text if it is cut."""
    depth = 0
    at = start
    while at < len(text):
        quoted = _GO_STRING.match(text, at)
        if quoted:
            at = quoted.end()
            continue
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)


def _plain(value: str) -> str:
    return go_unquote(value) if value.startswith('"') else value


def _items(value: str) -> list[str]:
    """A list as klog prints it: ``["a","b"]``, objects with name and namespace, or ``[a b]`` of old."""
    try:
        found = json.loads(value)
    except ValueError:
        return [go_unquote(m[0]) for m in _GO_STRING.finditer(value)] or value.strip("[]").split()
    entries = found if isinstance(found, list) else [found]
    return [
        f"{e.get('namespace', '')}/{e.get('name', '')}" if isinstance(e, dict) else str(e) for e in entries
    ]

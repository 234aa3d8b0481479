"""REJECT: an answer, then DROP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from netlab.rules.options import Call, Extension, Option
from netlab.rules.targets.base import Target

KINDS: Final[dict[str, tuple[str, int]]] = {
    "icmp-net-unreachable": ("net-unreach", 0),
    "icmp-host-unreachable": ("host-unreach", 1),
    "icmp-proto-unreachable": ("proto-unreach", 2),
    "icmp-port-unreachable": ("port-unreach", 3),
    "icmp-net-prohibited": ("net-prohib", 9),
    "icmp-host-prohibited": ("host-prohib", 10),
    "tcp-reset": ("tcp-rst", -1),
    "icmp-admin-prohibited": ("admin-prohib", 13),
}
"""What ``--reject-with`` can name, in the order it looks: second name, code of the ICMP error (type 3)."""


@dataclass(frozen=True, slots=True)
class Reject(Target):
    """``kind`` is one of :data:`KINDS`; the ICMP kinds answer with type 3 and the kind's code."""

    name: ClassVar[str] = "REJECT"
    kind: str = "icmp-port-unreachable"

    def save(self) -> str:
        return f" --reject-with {self.kind}"

    def list(self, numeric: bool = True) -> str:
        return f"reject-with {self.kind}"


def _kind(text: str, call: Call) -> str:
    for kind, (alias, _) in KINDS.items():
        if kind.startswith(text.lower()) or alias.startswith(text.lower()):
            return kind
    if text.lower() and ("echo-reply".startswith(text.lower()) or "echoreply".startswith(text.lower())):
        call.warn("--reject-with echo-reply no longer supported")
    return call.fail(f'unknown reject type "{text}"')


REJECT: Final = Extension(
    "REJECT",
    (Option("reject-with", _kind),),
    lambda values, inverted: Reject(values.get("reject-with", "icmp-port-unreachable")),
)

"""Where everything stands on the packet map: hooks and their functions come from the kernel's own tables.

Two lanes: the network layer (IPv4) above, the link layer (the bridge) below; a packet goes from left to right. Only
the places are decided here; what runs at a hook, and in which order, is read from ``netlab.kernel.hooks``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from netlab.kernel import hooks
from netlab.kernel.hooks import HookFunction
from netlab.show.graph import Edge, Node
from netlab.show.style import CALL, PLAIN, QUIET, Mark
from netlab.show.svg import Band

FAMILIES: Final = {"ip": hooks.IPV4, "bridge": hooks.BRIDGE}
LAYERS: Final = {"ip": "IPv4", "bridge": "bridge"}
#: What belongs to both layers: the hook of the one that calls the hook of the other.
CALLER: Final = "br_netfilter"

_WIDTH: Final = 94.0
_TITLE: Final = 20.0
_ROW: Final = 13.5
_COLUMNS: Final = (42.0, 150.0, 262.0, 374.0, 486.0, 598.0, 685.0)
_PLACES: Final[dict[str, tuple[int, float]]] = {
    "ip.PREROUTING": (1, 274.0),
    "ip.FORWARD": (3, 274.0),
    "ip.POSTROUTING": (5, 274.0),
    "ip.INPUT": (2, 368.0),
    "ip.OUTPUT": (4, 368.0),
    "bridge.BROUTING": (0, 40.0),
    "bridge.PREROUTING": (1, 40.0),
    "bridge.FORWARD": (3, 40.0),
    "bridge.POSTROUTING": (5, 40.0),
    "bridge.INPUT": (2, 124.0),
    "bridge.OUTPUT": (4, 110.0),
}
_DECISIONS: Final[dict[str, tuple[int, float, str]]] = {
    "routing": (2, 274.0, "routing\ndecision"),
    "bridging": (2, 40.0, "bridge\ndecision"),
    "sending": (4, 172.0, "which port?"),
}
_ENDS: Final[dict[str, tuple[int, float, str]]] = {
    "device in": (0, 274.0, "in by a\ndevice"),
    "port in": (0, 110.0, "in by a\nbridge port"),
    "process": (3, 368.0, "programs on\nthis host"),
    "device out": (6, 274.0, "out by a\ndevice"),
    "port out": (6, 40.0, "out by\na port"),
}
#: What follows what. Compass points say where a line leaves and arrives.
_WAYS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("port in", "bridge.BROUTING", "s", "n"),
    ("bridge.BROUTING", "bridge.PREROUTING", "e", "w"),
    ("bridge.PREROUTING", "bridging", "e", "w"),
    ("bridging", "bridge.FORWARD", "e", "w"),
    ("bridging", "bridge.INPUT", "n", "s"),
    ("bridge.FORWARD", "bridge.POSTROUTING", "e", "w"),
    ("bridge.POSTROUTING", "port out", "e", "w"),
    ("device in", "ip.PREROUTING", "e", "w"),
    ("ip.PREROUTING", "routing", "e", "w"),
    ("routing", "ip.INPUT", "n", "s"),
    ("routing", "ip.FORWARD", "e", "w"),
    ("ip.INPUT", "process", "e", "w"),
    ("process", "ip.OUTPUT", "e", "w"),
    ("ip.OUTPUT", "ip.POSTROUTING", "e", "n"),
    ("ip.FORWARD", "ip.POSTROUTING", "e", "w"),
    ("ip.POSTROUTING", "device out", "e", "w"),
    ("ip.POSTROUTING", "sending", "sw", "e"),
    ("sending", "bridge.OUTPUT", "s", "n"),
    ("bridge.OUTPUT", "bridge.POSTROUTING", "e", "nw"),
    ("bridge.INPUT", "routing", "n", "s"),
    ("bridge.INPUT", "ip.PREROUTING", "w", "se"),
    ("bridge.BROUTING", "ip.PREROUTING", "ne", "sw"),
)
_NOTES: Final = {
    ("bridge.INPUT", "routing"): "if IPv4 PREROUTING ran on the bridge, it does not run again",
    ("bridge.INPUT", "ip.PREROUTING"): "without br_netfilter, IPv4 PREROUTING runs here",
    ("bridge.BROUTING", "ip.PREROUTING"): "a frame that broute drops is routed, not bridged",
}

BANDS: Final = (
    Band(left=1, bottom=2, right=717, top=196, caption="link layer", fill="#F7F9F7"),
    Band(left=1, bottom=204, right=717, top=440, caption="network layer", fill="#F5F8FC"),
)


def place(family: str, hook: str) -> str:
    """The name of a hook's node."""
    return f"{family}.{hook}"


def height(functions: Iterable[HookFunction]) -> float:
    return _TITLE + _ROW * len(tuple(functions)) + 4


def hook_nodes() -> list[Node]:
    """A node a hook, with a part for each function in its order."""
    out = []
    for family, table in FAMILIES.items():
        for hook, functions in table.items():
            name = place(family, hook)
            column, y = _PLACES[name]
            x, tall = _COLUMNS[column], height(functions)
            width = _WIDTH if column else 76.0
            out.append(
                Node(
                    name=name, label="", text_label=f"{LAYERS[family]} {hook}", at=(x, y), size=(width, tall)
                )
            )
            out.append(_title(name, hook, (x, y + tall / 2 - 11), width))
            top = y + tall / 2 - _TITLE
            for row, function in enumerate(functions):
                out.append(
                    Node(
                        name=f"{name}.{function.name}",
                        label=function.name,
                        shape="box" if function.is_table else "rounded",
                        mark=PLAIN if function.is_table else QUIET,
                        part_of=name,
                        at=(x, top - _ROW * (row + 0.5)),
                        size=(width - 16, _ROW - 2.5),
                        font=8.5,
                    )
                )
            out.append(_badge(name, (x + width / 2 - 6, y + tall / 2 + 4)))
    return out


def _title(name: str, hook: str, at: tuple[float, float], width: float) -> Node:
    return Node(
        name=f"{name}.title",
        label=hook,
        shape="text",
        part_of=name,
        at=at,
        size=(width - 8, 12),
        bold=True,
        font=9.5,
        legend=True,
    )


def _badge(name: str, at: tuple[float, float]) -> Node:
    return Node(
        name=f"{name}.steps",
        label="0",
        shape="rounded",
        part_of=name,
        at=at,
        size=(30, 13),
        font=9,
        bold=True,
        legend=True,
        badge="",
    )


def other_nodes() -> list[Node]:
    """Decisions and the ends of the map."""
    out = [
        Node(
            name=name,
            label=label,
            shape="ellipse",
            at=(_COLUMNS[column], y),
            size=(76, 34) if "\n" in label else (76, 22),
            font=9.5,
        )
        for name, (column, y, label) in _DECISIONS.items()
    ]
    out += [
        Node(
            name=name,
            label=label,
            shape="rounded",
            mark=QUIET,
            at=(_COLUMNS[column], y),
            size=(70 if column != 6 else 48, 30),
            font=9,
        )
        for name, (column, y, label) in _ENDS.items()
    ]
    return out


def corners() -> list[Node]:
    """Invisible marks that fix the extent of the picture."""
    return [
        Node(name=f"corner {n}", label="", shape="text", at=at, size=(0.01, 0.01), legend=True, badge="")
        for n, at in enumerate(((0.0, 0.0), (718.0, 442.0)))
    ]


def edges() -> list[Edge]:
    """The ways between the nodes; hooks that call the other layer's are those that have ``br_netfilter`` in them."""
    out = []
    for tail, head, leaves, arrives in _WAYS:
        off = head == "ip.PREROUTING" and tail != "device in"
        out.append(
            Edge(
                tail=tail,
                head=head,
                mark=CALL if off else PLAIN,
                note=_NOTES.get((tail, head), ""),
                ports=(leaves, arrives),
            )
        )
    out += [
        Edge(
            tail=place("bridge", hook),
            head=place("ip", hook),
            label=CALLER,
            mark=CALL,
            note="br_netfilter lends the frame to IPv4 and takes it back",
            ports=("n", "s"),
            both=True,
        )
        for hook in callers()
    ]
    return out


def callers() -> list[str]:
    """The bridge hooks at which br_netfilter calls the IPv4 hook of the same name; at INPUT it only confirms."""
    return [
        hook
        for hook, functions in hooks.BRIDGE.items()
        if hook != "INPUT" and any(f.name == CALLER for f in functions)
    ]


def legend(entries: Iterable[tuple[str, Mark]]) -> list[Node]:
    """Boxes that explain the marks, in the free corner above IPv4 PREROUTING."""
    out = []
    for row, (words, mark) in enumerate(entries):
        y = 408.0 - 18 * row
        out.append(Node(name=f"legend {row}", label="", mark=mark, at=(20, y), size=(22, 12), legend=True))
        out.append(
            Node(
                name=f"legend {row} words",
                label=words,
                shape="text",
                at=(115, y),
                size=(160, 14),
                left=True,
                font=9,
                legend=True,
            )
        )
    return out


def way(start: str, end: str, *, returning: bool = False, called: bool = False) -> tuple[str, ...]:
    """The edges from one node to another, by the fewest steps; empty where the map has no way.

    ``returning``: the packet first goes back from IPv4 to the bridge hook that called it. ``called``: it arrives by
    such a call.
    """
    hook = start.partition(".")[2]
    prefix: tuple[str, ...] = ()
    if returning:
        back = place("bridge", hook)
        prefix, start = (f"{back}>{start}",), back
    suffix: tuple[str, ...] = ()
    if called:
        caller = place("bridge", end.partition(".")[2])
        suffix, end = (f"{caller}>{end}",), caller
    found = _shortest(start, end)
    return () if found is None else (*prefix, *found, *suffix)


def _shortest(start: str, end: str) -> tuple[str, ...] | None:
    seen: dict[str, tuple[str, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == end:
            return seen[here]
        for tail, head, _, _ in _WAYS:
            if tail == here and head not in seen:
                seen[head] = (*seen[here], f"{tail}>{head}")
                queue.append(head)
    return None

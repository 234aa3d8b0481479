"""``conntrack`` 1.4.7: the connection table listed, counted, watched, emptied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_tcp
from netlab.kernel.conntrack import Conntrack
from netlab.kernel.ct_listing import EVENT_KIND, entry_id, listing_line
from netlab.kernel.ct_table import DST_NAT_DONE, SRC_NAT_DONE
from netlab.kernel.ct_tuple import Tuple
from netlab.kernel.netns import Netns
from netlab.lab.commands.conntrack_words import Misused, listed, network, number, protocol, read_words
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import SIGINT, SIGTERM, Running, Signal, Wait
from netlab.wire import ICMP

if TYPE_CHECKING:
    from netlab.kernel.conntrack import CtEvent

_VERSION: Final = "conntrack v1.4.7 (conntrack-tools)"
_STATUS: Final = {"SEEN_REPLY": 2, "ASSURED": 4, "EXPECTED": 1}
_UNSEEN: Final = ("UNREPLIED", "FIXED_TIMEOUT", "OFFLOAD", "HW_OFFLOAD", "UNSET", "SRC_NAT", "DST_NAT")
_OUTPUT: Final = ("EXTENDED", "TIMESTAMP", "ID", "KTIMESTAMP", "XML", "SAVE", "LABELS", "USERSPACE")
_NAT: Final = frozenset(("snat", "dnat", "any-nat"))


def _conntrack(process: Process, argv: list[Arg]) -> int | Running:
    try:
        command, given = read_words(process, argv)
        return _COMMANDS[command](process, process.netns, given)
    except Misused as wrong:
        _complain(process, f"{wrong}\nTry `conntrack -h' or 'conntrack --help' for more information.")
        return 2


def _complain(process: Process, message: str) -> None:
    process.err(f"{_VERSION}: {message}\n")


def _show_version(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    process.out(f"{_VERSION}\n")
    return 0


def _count(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    # The dead count as well, until somebody looks for them.
    process.out(f"{len(ns.ct)}\n")
    return 0


def _flush(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    if given.get("family", "ipv4") == "ipv4":
        ns.ct.flush(user=_user(process, first=True))
    _complain(process, "connection tracking table has been emptied.")
    return 0


def _user(process: Process, *, first: bool) -> str:
    """What an event says of a deletion by a program: the number of the socket that asked for it.

    A process's first netlink socket has its number, another's is a random one. The program's name is told if it still
    runs when the watching tool looks for it: nearly always after ``-F``, seldom after ``-D`` (observed).
    """
    if first:
        return f"portid={process.host.scheduler.new_pid()} progname=conntrack"
    return f"portid={0x80000000 | process.host.world.rng.getrandbits(31)}"


def _output(process: Process, given: dict[str, Arg]) -> set[str]:
    wanted = set(listed(given["output"], _OUTPUT)) if "output" in given else set()
    for name in wanted & {"XML", "SAVE", "LABELS", "USERSPACE"}:
        process.refuse(
            given["output"],
            f"conntrack: -o {name.lower()} is not modelled",
            expected="extended, id, timestamp",
        )
    return wanted


def _translated(process: Process, name: str, word: Arg) -> Callable[[Conntrack], bool]:
    """Whether the source, the destination or either was translated, to a given address if there is one.

    1.4.7 compares the two directions once NAT was asked, and takes an ICMP entry's id and type for ports: without an
    address ``-n`` and ``-g`` find them nearly all (observed).
    """
    if ":" in word:
        process.refuse(word, "conntrack: a port with an address is not modelled", expected="an address")
    address = network(word)[0] if word else None

    def source(ct: Conntrack) -> bool:
        new, old = ct.reply.dst, ct.original.src
        ports = address is None and ct.reply.dport != ct.original.sport
        return bool(ct.status & SRC_NAT_DONE) and (new != old or ports) and address in (None, new)

    def destination(ct: Conntrack) -> bool:
        new, old = ct.reply.src, ct.original.dst
        ports = address is None and ct.reply.sport != ct.original.dport
        return bool(ct.status & DST_NAT_DONE) and (new != old or ports) and address in (None, new)

    if name == "snat":
        return source
    return destination if name == "dnat" else lambda ct: source(ct) or destination(ct)


def _filter(process: Process, given: dict[str, Arg]) -> Callable[[Conntrack], bool]:
    tests: list[Callable[[Conntrack], bool]] = []

    def address(name: str, of: Callable[[Conntrack], int]) -> None:
        if name in given:
            wanted, mask = network(given[name])
            tests.append(lambda ct: (of(ct) ^ wanted) & mask == 0)

    def field(name: str, of: Callable[[Conntrack], int], most: int = 0xFFFF) -> None:
        if name in given:
            wanted = number(given[name]) & most
            tests.append(lambda ct: of(ct) == wanted)

    address("orig-src", lambda ct: ct.original.src)
    address("orig-dst", lambda ct: ct.original.dst)
    address("reply-src", lambda ct: ct.reply.src)
    address("reply-dst", lambda ct: ct.reply.dst)
    field("sport", lambda ct: ct.original.sport)
    field("dport", lambda ct: ct.original.dport)
    field("rsport", lambda ct: ct.reply.sport)
    field("rdport", lambda ct: ct.reply.dport)
    field("icmp-id", lambda ct: ct.original.sport)
    field("icmp-type", lambda ct: ct.original.dport >> 8, 0xFF)
    field("icmp-code", lambda ct: ct.original.dport & 0xFF, 0xFF)
    tests.extend(_translated(process, name, given[name]) for name in sorted(_NAT & given.keys()))
    if given.get("family") == "ipv6":
        tests.append(lambda ct: False)
    if "proto" in given:
        proto = protocol(given["proto"])
        tests.append(lambda ct: ct.proto == proto)
    if "mark" in given:
        value, slash, rest = given["mark"].partition("/")
        mark = number(value) & 0xFFFFFFFF
        mask = number(rest) if slash else 0xFFFFFFFF
        tests.append(lambda ct: ct.mark & mask == mark)
    if "state" in given:
        state = given["state"]
        if state not in (*ct_tcp.NAMES, "LISTEN"):
            raise Misused(f"unknown TCP state `{state}'")
        tests.append(lambda ct: ct.tcp is not None and ct_tcp.NAMES[ct.tcp.state] == state)
    for name in listed(given["status"], (*_STATUS, *_UNSEEN)) if "status" in given else ():
        if name == "UNREPLIED":
            tests.append(lambda ct: not ct.status & 2)
        elif name in _STATUS:
            bit = _STATUS[name]
            tests.append(lambda ct, bit=bit: bool(ct.status & bit))  # type: ignore[misc]
        else:
            process.refuse(
                given["status"],
                f"conntrack: status {name} is not modelled",
                expected="ASSURED SEEN_REPLY UNREPLIED EXPECTED",
            )
    return lambda ct: all(test(ct) for test in tests)


def _list(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    output = _output(process, given)
    keeps = _filter(process, given)
    shown = [ct for ct in ns.ct.entries() if keeps(ct)]
    lines = [listing_line(ct, extended="EXTENDED" in output, with_id="ID" in output) for ct in shown]
    _tell(process, lines, "shown")
    if "zero" in given:
        for ct in ns.ct.entries():
            ct.packets, ct.octets = [0, 0], [0, 0]
    return 0


def _get(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    """The entry of one tuple: the kernel finds it by either direction, the tool shows what it was asked for."""
    output, keeps = _output(process, given), _filter(process, given)
    if "orig-src" not in given or "orig-dst" not in given:
        _complain(process, "Operation failed: invalid parameters")
        return 1
    asked = {name: number(given[name]) & 0xFFFF if name in given else 0 for name in _TUPLE}
    proto = protocol(given["proto"])
    ports = (asked["sport"], asked["dport"])
    if proto == ICMP:
        ports = (asked["icmp-id"], asked["icmp-type"] << 8 | asked["icmp-code"])
    hit = ns.ct.find(
        Tuple(network(given["orig-src"])[0], ports[0], network(given["orig-dst"])[0], ports[1], proto)
    )
    if hit is None:
        _complain(process, "Operation failed: such conntrack doesn't exist")
        return 1
    ct = hit[0]
    lines = []
    if keeps(ct):
        extended, with_id = "EXTENDED" in output, "ID" in output
        # Who holds it to look at it counts among its users.
        lines.append(listing_line(ct, extended=extended, with_id=with_id, users=2))
    _tell(process, lines, "shown")
    return 0 if lines else 1


def _tell(process: Process, lines: list[str], done: str) -> None:
    """Entries and how many they were: where nobody watches, standard output is written when the program ends."""
    entries, count = "".join(f"{line}\n" for line in lines), f"{len(lines)} flow entries have been {done}.\n"
    if process.stream(1).is_terminal:
        process.out(entries)
        process.err(f"{_VERSION}: {count}")
    else:
        process.err(f"{_VERSION}: {count}")
        process.out(entries)


def _delete(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    keeps = _filter(process, given)
    gone = [ct for ct in ns.ct.entries() if keeps(ct)]
    lines = [listing_line(ct) for ct in gone]
    if gone:
        # One socket lists, another deletes.
        user = _user(process, first=False)
        for ct in gone:
            ns.ct.remove(ct, "deleted by conntrack -D", user=user)
    _tell(process, lines, "deleted")
    return 0 if gone else 1


def _events(process: Process, ns: Netns, given: dict[str, Arg]) -> Running:
    output = _output(process, given)
    keeps = _filter(process, given)
    kinds = {"NEW", "UPDATE", "DESTROY"}
    if "event" in given:
        asked = listed(given["event"], ("ALL", "NEW", "UPDATES", "DESTROY"))
        if "ALL" not in asked:
            kinds = {"UPDATE" if name == "UPDATES" else name for name in asked}
    return _watch(process, ns, lambda event: event.kind in kinds and keeps(event.entry), output)


def _watch(process: Process, ns: Netns, wanted: Callable[[CtEvent], bool], output: set[str]) -> Running:
    """Show events until a signal ends it."""
    waiting: list[CtEvent] = []
    stop = ns.ct.subscribe(waiting.append)
    count = 0
    try:
        while True:
            while waiting:
                event = waiting.pop(0)
                if wanted(event):
                    count += 1
                    stamp = f"[{event.time:.6f}\t] " if "TIMESTAMP" in output else ""
                    line = event.line + (f" id={entry_id(event.entry)}" if "ID" in output else "")
                    if "EXTENDED" in output:
                        line = line[:EVENT_KIND] + "ipv4     2 " + line[EVENT_KIND:]
                    process.out(f"{stamp}{line}\n")
            yield Wait(lambda: bool(waiting))
    except Signal as signal:
        if signal.number not in (SIGINT, SIGTERM):
            raise
        process.err(f"{_VERSION}: {count} flow events have been shown.\n")
        return 0
    finally:
        stop()


_TUPLE: Final = ("sport", "dport", "icmp-id", "icmp-type", "icmp-code")
_COMMANDS: Final[dict[str, Callable[[Process, Netns, dict[str, Arg]], int | Running]]] = {
    "list": _list,
    "get": _get,
    "delete": _delete,
    "events": _events,
    "flush": _flush,
    "count": _count,
    "version": _show_version,
}
COMMANDS: Final[dict[str, Command]] = {"conntrack": _conntrack}

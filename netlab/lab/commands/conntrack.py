"""``conntrack`` 1.4.7: the connection table listed, counted, watched, emptied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netlab.kernel import ct_tcp
from netlab.kernel.conntrack import Conntrack
from netlab.kernel.ct_listing import entry_id, listing_line
from netlab.kernel.ct_table import DST_NAT_DONE, SRC_NAT_DONE
from netlab.lab.context import Arg, Command, Process
from netlab.lab.process import SIGINT, SIGTERM, Running, Signal, Wait
from netlab.rules.names import protocol_number
from netlab.wire import ip, mask_of

if TYPE_CHECKING:
    from netlab.kernel.conntrack import CtEvent
    from netlab.kernel.netns import Netns

_VERSION: Final = "conntrack v1.4.7 (conntrack-tools)"
_ACTIONS: Final = {
    "-L": "list", "--dump": "list", "-E": "events", "--event": "events", "-F": "flush", "--flush": "flush",
    "-C": "count", "--count": "count", "-D": "delete", "--delete": "delete", "-S": "stats", "--stats": "stats",
    "-G": "get", "--get": "get", "-V": "version", "--version": "version", "-I": "create", "-U": "update",
}  # fmt: skip
_FILTERS: Final = {
    "-s": "orig-src", "--orig-src": "orig-src", "--src": "orig-src", "-d": "orig-dst", "--orig-dst": "orig-dst",
    "--dst": "orig-dst", "-r": "reply-src", "--reply-src": "reply-src", "-q": "reply-dst",
    "--reply-dst": "reply-dst", "-p": "proto", "--proto": "proto", "-m": "mark", "--mark": "mark",
    "--sport": "sport", "--orig-port-src": "sport", "--dport": "dport", "--orig-port-dst": "dport",
    "--reply-port-src": "rsport", "--reply-port-dst": "rdport", "--state": "state", "-u": "status",
    "--status": "status", "-e": "event", "--event-mask": "event", "-o": "output", "--output": "output",
    "-n": "snat", "--src-nat": "snat", "-g": "dnat", "--dst-nat": "dnat", "-j": "any-nat", "--any-nat": "any-nat",
    "-f": "family", "--family": "family", "--icmp-id": "icmp-id", "--icmp-type": "icmp-type",
}  # fmt: skip
_OF_PROTOCOL: Final = frozenset(
    name
    for name, what in _FILTERS.items()
    if what in ("sport", "dport", "rsport", "rdport", "state", "icmp-id", "icmp-type")
)
_NAT: Final = frozenset(("snat", "dnat", "any-nat"))
_KNOWN: Final = "-L -E -F -C -D with -p -s -d -r -q -n -g -j -m --sport --dport --state -u -e -o extended,id"
_STATUS: Final = {"SEEN_REPLY": 2, "ASSURED": 4}


def _conntrack(process: Process, argv: list[Arg]) -> int | Running:
    action: str | None = None
    given: dict[str, Arg] = {}
    words = argv[1:]
    while words:
        word, words = words[0], words[1:]
        if word in _ACTIONS and not (word == "-F" and action):
            action = _ACTIONS[word]
            if words and words[0] in ("conntrack", "expect"):
                if words[0] == "expect":
                    process.refuse(
                        words[0], "conntrack: the expectation table is not modelled", expected="conntrack"
                    )
                words = words[1:]
        elif word.split("=")[0] in _OF_PROTOCOL and "proto" not in given:
            # A protocol's own options exist once -p has named it.
            process.err(
                f"{_VERSION}: unknown option `{word.split('=')[0]}'\n"
                "Try `conntrack -h' or 'conntrack --help' for more information.\n"
            )
            return 2
        elif word in _FILTERS or (word.startswith("--") and "=" in word and word.split("=")[0] in _FILTERS):
            name, equals, attached = word.partition("=")
            if _FILTERS[name] in _NAT and not equals and (not words or words[0].startswith("-")):
                # Its address may be left out.
                value = Arg("", word.place)
            elif equals and word.startswith("--"):
                value = Arg(attached, word.place)
            elif words:
                value, words = words[0], words[1:]
            else:
                process.refuse(word, f"conntrack: {word} needs a value", expected=_KNOWN)
            given[_FILTERS[name if equals else word]] = value
        else:
            process.refuse(word, f"conntrack: {word} is not modelled", expected=_KNOWN)
    if action is None:
        process.refuse(argv[-1], "conntrack needs a command", expected=_KNOWN)
    if given.get("family", "ipv4") != "ipv4":
        process.refuse(given["family"], "conntrack: only IPv4 is modelled", expected="-f ipv4")
    ns: Netns = process.netns
    if "proto" in given and _protocol(given["proto"]) is None:
        process.err(
            f"{_VERSION}: `{given['proto']}' unsupported protocol\n"
            "Try `conntrack -h' or 'conntrack --help' for more information.\n"
        )
        return 2
    if action == "version":
        process.out(f"{_VERSION}\n")
    elif action == "list":
        return _list(process, ns, given)
    elif action == "count":
        process.out(f"{len(ns.ct.entries())}\n")
    elif action == "flush":
        ns.ct.flush(user=_user(process))
        process.err(f"{_VERSION}: connection tracking table has been emptied.\n")
    elif action == "delete":
        return _delete(process, ns, given)
    elif action == "events":
        return _events(process, ns, given)
    else:
        process.refuse(argv[1], f"conntrack: {argv[1]} is not modelled", expected=_KNOWN)
    return 0


def _user(process: Process) -> str:
    """What an event says of a deletion by a program: its port id is its process number."""
    return f"portid={process.host.scheduler.new_pid()}"


def _output(process: Process, given: dict[str, Arg]) -> set[str]:
    word = given.get("output")
    wanted = set(word.split(",")) if word is not None else set()
    for name in wanted - {"extended", "id", "timestamp", "ktimestamp"}:
        process.refuse(
            given["output"], f"conntrack: -o {name} is not modelled", expected="extended, id, timestamp"
        )
    return wanted


def _network(process: Process, word: Arg) -> tuple[int, int]:
    address, slash, length = word.partition("/")
    try:
        return ip(address), mask_of(int(length)) if slash else 0xFFFFFFFF
    except ValueError:
        process.refuse(word, f"conntrack: {word} is no IPv4 address", expected="an address")


def _number(process: Process, word: Arg) -> int:
    try:
        return int(word, 0)
    except ValueError:
        process.refuse(word, f"conntrack: {word} is no number", expected="a number")


def _translated(process: Process, name: str, word: Arg) -> Callable[[Conntrack], bool]:
    """Whether the source, the destination or either was translated, to a given address if there is one.

    1.4.7 compares the two directions once NAT was asked, and takes an ICMP entry's id and type for ports: without an
    address ``-n`` and ``-g`` find them nearly all (observed).
    """
    if ":" in word:
        process.refuse(word, "conntrack: a port with an address is not modelled", expected="an address")
    address = _network(process, word)[0] if word else None

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


def _protocol(word: str) -> int | None:
    number = int(word) if word.isdigit() else protocol_number(word)
    return number if number is not None and number < 256 else None


def _filter(process: Process, given: dict[str, Arg]) -> Callable[[Conntrack], bool]:
    tests: list[Callable[[Conntrack], bool]] = []

    def network(name: str, of: Callable[[Conntrack], int]) -> None:
        if name in given:
            address, mask = _network(process, given[name])
            tests.append(lambda ct: (of(ct) ^ address) & mask == 0)

    def number(name: str, of: Callable[[Conntrack], int]) -> None:
        if name in given:
            wanted = _number(process, given[name])
            tests.append(lambda ct: of(ct) == wanted)

    network("orig-src", lambda ct: ct.original.src)
    network("orig-dst", lambda ct: ct.original.dst)
    network("reply-src", lambda ct: ct.reply.src)
    network("reply-dst", lambda ct: ct.reply.dst)
    number("sport", lambda ct: ct.original.sport)
    number("dport", lambda ct: ct.original.dport)
    number("rsport", lambda ct: ct.reply.sport)
    number("rdport", lambda ct: ct.reply.dport)
    number("icmp-id", lambda ct: ct.original.sport)
    number("icmp-type", lambda ct: ct.original.dport >> 8)
    tests.extend(_translated(process, name, given[name]) for name in sorted(_NAT & given.keys()))
    if "proto" in given:
        wanted = _protocol(given["proto"])
        tests.append(lambda ct: ct.proto == wanted)
    if "mark" in given:
        value, slash, rest = given["mark"].partition("/")
        mark = _number(process, Arg(value, given["mark"].place))
        mask = _number(process, Arg(rest, given["mark"].place)) if slash else 0xFFFFFFFF
        tests.append(lambda ct: ct.mark & mask == mark)
    if "state" in given:
        state = given["state"].upper()
        tests.append(lambda ct: ct.tcp is not None and ct_tcp.NAMES[ct.tcp.state] == state)
    for name in given["status"].split(",") if "status" in given else ():
        if name.upper() == "UNREPLIED":
            tests.append(lambda ct: not ct.status & 2)
        elif name.upper() in _STATUS:
            bit = _STATUS[name.upper()]
            tests.append(lambda ct, bit=bit: bool(ct.status & bit))  # type: ignore[misc]
        else:
            process.refuse(
                given["status"],
                f"conntrack: status {name} is not modelled",
                expected="ASSURED SEEN_REPLY UNREPLIED",
            )
    return lambda ct: all(test(ct) for test in tests)


def _list(process: Process, ns: Netns, given: dict[str, Arg]) -> int:
    output = _output(process, given)
    keeps = _filter(process, given)
    shown = [ct for ct in ns.ct.entries() if keeps(ct)]
    lines = [listing_line(ct, extended="extended" in output, with_id="id" in output) for ct in shown]
    _tell(process, lines, "shown")
    return 0


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
    for ct in gone:
        ns.ct.remove(ct, "deleted by conntrack -D", user=_user(process))
    _tell(process, lines, "deleted")
    return 0 if gone else 1


def _events(process: Process, ns: Netns, given: dict[str, Arg]) -> Running:
    output = _output(process, given)
    keeps = _filter(process, given)
    kinds = {"NEW", "UPDATE", "DESTROY"}
    if "event" in given:
        names = {"NEW": "NEW", "UPDATES": "UPDATE", "DESTROY": "DESTROY"}
        asked = given["event"].upper().split(",")
        if "ALL" not in asked:
            for name in asked:
                if name not in names:
                    process.refuse(
                        given["event"],
                        f"conntrack: event {name} is not known",
                        expected="ALL, NEW, UPDATES, DESTROY",
                    )
            kinds = {names[name] for name in asked}
    waiting: list[CtEvent] = []
    stop = ns.ct.subscribe(waiting.append)
    count = 0
    try:
        while True:
            while waiting:
                event = waiting.pop(0)
                if event.kind in kinds and keeps(event.entry):
                    count += 1
                    stamp = f"[{event.time:.6f}\t] " if "timestamp" in output else ""
                    line = event.line + (f" id={entry_id(event.entry)}" if "id" in output else "")
                    process.out(f"{stamp}{line}\n")
            yield Wait(lambda: bool(waiting))
    except Signal as signal:
        if signal.number not in (SIGINT, SIGTERM):
            raise
        process.err(f"{_VERSION}: {count} flow events have been shown.\n")
        return 0
    finally:
        stop()


COMMANDS: Final[dict[str, Command]] = {"conntrack": _conntrack}

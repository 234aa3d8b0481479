"""ebtables commands: the rule of ``-A`` and the like, and the whole command line as a value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from netlab.rules import ebmodel as eb
from netlab.rules._ebcommandline import EbReader
from netlab.rules._eboptions import EbWords, leading_decimal
from netlab.rules.words import Place

_COMMANDS: Final[dict[str, str]] = {
    "--append": "A",
    "--insert": "I",
    "--delete": "D",
    "--change-counters": "C",
    "--policy": "P",
    "--new-chain": "N",
    "--rename-chain": "E",
    "--delete-chain": "X",
    "--list": "L",
    "--flush": "F",
    "--zero": "Z",
    "--init-table": "init",
    "--version": "V",
    "--help": "h",
    **{f"-{letter}": letter for letter in "AIDCPNEXLFZVh"},
}
_SHOW: Final = {"--Lc": "counters", "--Ln": "numbers", "--Lx": "commands", "--Lmac2": "mac2"}


Change = tuple[Literal["", "+", "-"], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EbCommand:
    """One ebtables command.

    ``letter`` is A I D C P N E X L F Z V init, empty for none. ``rule`` belongs to A, I, D, C; ``first`` and ``last``
    are a rule's number, or a range of D and C (``last`` -1: to the end). ``change`` is what C does to a rule's
    packets and bytes: a sign ("" to set) and a number each. ``zero`` is ``-Z`` beside ``-L``, of the
    chain ``zero_chain`` or all. ``counters``, ``numbers``, ``commands``, ``mac2`` are --Lc, --Ln, --Lx,
    --Lmac2.
    """

    letter: str = ""
    table: str = "filter"
    chain: str | None = None
    rule: eb.EbRule | None = None
    first: int | None = None
    last: int | None = None
    change: tuple[Change, Change] | None = None
    policy: eb.Verdict | None = None
    new_name: str | None = None
    zero: bool = False
    zero_chain: str | None = None
    counters: bool = False
    numbers: bool = False
    commands: bool = False
    mac2: bool = False


Chains = Callable[[str], Collection[str]]


def parse_eb_rule(
    argv: Sequence[str],
    *,
    chain: str = "FORWARD",
    table: str = "filter",
    chains: Collection[str] | None = None,
    place: Place | None = None,
) -> eb.EbRule:
    """The rule of the words after ``-A CHAIN``; ``chains`` are the table's chains, if known.

    >>> parse_eb_rule("-p ipv4 --ip-proto 1 --log-ip --log-prefix x -j ACCEPT".split()).watchers
    (EbLog(level=5, prefix='x', ip=True, arp=False, ip6=False),)

    Raises:
        EbtablesError: what ebtables refuses, with its message.
        NotModelledError: an option that is real and not modelled.
    """
    return EbReader(EbWords(argv, place or Place(), "ebtables"), table, chain, chains).read()


def parse_eb_command(
    argv: Sequence[str], *, chains: Chains | None = None, place: Place | None = None
) -> EbCommand:
    """One ebtables command: ``argv`` is what follows the program's name.

    ``chains`` gives the chains of a table. Nothing is applied. As in the real program the command comes
    before the options of its rule.

    >>> parse_eb_command("-t nat -P PREROUTING DROP".split()).policy
    'DROP'

    Raises:
        EbtablesError: what ebtables refuses, with its message.
        NotModelledError: an option that is real and not modelled.
    """
    words = EbWords(argv, place or Place(), "ebtables")
    table = "filter"
    table_given = False
    while words.more():
        word = words.next()
        if word in ("-t", "--table"):
            if not words.more():
                words.fail(f"Unknown argument: '{word}'")
            if table_given:
                words.fail("Multiple use of same option not allowed")
            table_given = True
            table = words.next()
        elif word in ("--concurrent", "-M", "--modprobe"):
            if word != "--concurrent" and words.more():
                words.next()
        elif word in _COMMANDS:
            if table not in eb.EB_BUILTIN:
                words.here = max(0, words.here - 1)
                words.fail(f"Bad table name '{table}'")
            return _command(_COMMANDS[word], table, words, chains)
        elif word.startswith("-"):
            words.fail("No command specified" if _is_option(word) else f"Unknown argument: '{word}'")
        else:
            words.fail(f"Bad argument : '{word}'")
    return EbCommand(table=table, letter="h" if not argv else "")


def _is_option(word: str) -> bool:
    from netlab.rules._eboptions import LONG, RULE_OPTIONS

    return word in LONG or word in RULE_OPTIONS


def _command(letter: str, table: str, words: EbWords, chains: Chains | None) -> EbCommand:
    known = None if chains is None else chains(table)
    if letter in ("V", "h", "init"):
        return EbCommand(letter=letter, table=table)
    if letter in "LFZ":
        return _list(letter, table, words, known)
    if letter == "X" and not words.more():
        return EbCommand(letter=letter, table=table)
    if not words.more():
        words.fail(f"Unknown argument: '{words.argv[words.here]}'")
    if not words.follows():
        words.fail("No chain name specified")
    chain = words.next()
    if letter == "N":
        return _new(table, chain, words, known)
    if known is not None and chain not in known:
        words.fail(f"Chain '{chain}' doesn't exist")
    if letter == "P":
        policy = _policy(words, table, chain)
        return _end(EbCommand(letter=letter, table=table, chain=chain, policy=policy), words)
    if letter == "E":
        if not words.more():
            words.fail("No new chain name specified")
        return _end(EbCommand(letter=letter, table=table, chain=chain, new_name=words.next()), words)
    if letter == "X":
        if words.more():
            words.fail("No extra options allowed with -X")
        return EbCommand(letter=letter, table=table, chain=chain)
    first = last = None
    following = words.argv[words.at] if words.more() else ""
    numbered = following[:1] != "-" or following[1:2].isdigit()
    if letter == "D" and following and numbered and following != "!":
        if words.at != len(words.argv) - 1:
            words.fail("No extra options allowed with -D start_nr[:end_nr]")
        first, last = _range(words.next(), words)
        return EbCommand(letter=letter, table=table, chain=chain, first=first, last=last)
    change = None
    if letter == "C":
        first, last, change = _change(words)
        if first is not None:
            return EbCommand(letter=letter, table=table, chain=chain, first=first, last=last, change=change)
    if letter == "I":
        first = 1
        if following and numbered and following != "!":
            text = words.next()
            first, rest = leading_decimal(text)
            if first is None or rest:
                words.fail(f"Problem with the specified rule number '{text}'")
    for more in words.argv[words.at :]:
        if more in _COMMANDS:
            words.here = words.argv.index(more, words.at)
            words.fail("Multiple commands are not allowed")
    reader = EbReader(words, table, chain, known)
    return EbCommand(letter=letter, table=table, chain=chain, rule=reader.read(), first=first, change=change)


def _no_table(word: str, words: EbWords) -> None:
    if word in ("-t", "--table"):
        words.fail("Please put the -t option first")


def _end(command: EbCommand, words: EbWords) -> EbCommand:
    if words.more():
        word = words.next()
        _no_table(word, words)
        if command.letter == "E":
            words.fail("No extra options allowed with -E")
        words.fail("Multiple commands are not allowed" if word in _COMMANDS else f"Bad argument : '{word}'")
    return command


def _new(table: str, chain: str, words: EbWords, known: Collection[str] | None) -> EbCommand:
    if known is not None and chain in known:
        words.fail(f"Chain {chain} already exists")
    if chain in ("mark", "snat", "dnat", "redirect", "arpreply", "standard"):
        words.fail(f"Target with name {chain} exists")
    if len(chain) >= 32:
        words.fail("Chain name length can't exceed 31")
    if " " in chain:
        words.fail("Use of ' ' not allowed in chain names")
    policy: eb.Verdict | None = None
    if words.more():
        word = words.next()
        _no_table(word, words)
        if word not in ("-P", "--policy"):
            words.fail("Multiple commands are not allowed" if word[:1] == "-" else f"Bad argument : '{word}'")
        if not words.more():
            words.fail(f"Unknown argument: '{word}'")
        policy = _policy(words, table, chain)
    return _end(EbCommand(letter="N", table=table, chain=chain, policy=policy), words)


def _policy(words: EbWords, table: str, chain: str) -> eb.Verdict:
    if not words.more():
        words.fail("No policy specified")
    text = words.next()
    if text == "CONTINUE":
        words.fail("Wrong policy 'CONTINUE'")
    if text == "RETURN" and chain in eb.EB_BUILTIN[table]:
        words.fail("Policy RETURN only allowed for user defined chains")
    if text not in eb.POLICIES:
        words.fail(f"Unknown policy '{text}'")
    return eb.POLICIES[text]


def _range(text: str, words: EbWords) -> tuple[int, int]:
    first, colon, last = text.partition(":")

    def one(part: str, default: int) -> int:
        value, rest = leading_decimal(part) if part else (default, "")
        if not value or rest:
            # the program has put the end of the text where the colon was
            words.fail(f"Problem with the specified rule number(s) '{first}'")
        return value

    end = one(last, -1) if colon else None
    begin = one(first, 1 if colon else 0)
    return begin, begin if end is None else end


def _change(words: EbWords) -> tuple[int | None, int | None, tuple[Change, Change]]:
    """The words of ``-C``: a rule's number or a range, if there is one, and the two counters (parse_change_counters_rule)."""

    def number_at(at: int) -> bool:
        text = words.argv[at] if at < len(words.argv) else "-"
        return text[:1] != "-" or text[1:2].isdigit()

    if not number_at(words.at) or not number_at(words.at + 1):
        words.fail("The command -C needs at least 2 arguments")
    first = last = None
    if words.at + 2 < len(words.argv) and number_at(words.at + 2):
        if words.at + 3 != len(words.argv):
            words.fail("No extra options allowed with -C start_nr[:end_nr] pcnt bcnt")
        first, last = _range(words.next(), words)
    changes: list[Change] = []
    for kind in ("Packet", "Byte"):
        text = words.next()
        sign = text[0] if text[:1] in ("+", "-") else ""
        if not text.removeprefix(sign).isdigit():
            words.fail(f"{kind} counter '{text.removeprefix(sign)}' invalid")
        changes.append((cast(Literal["", "+", "-"], sign), int(text.removeprefix(sign))))
    return first, last, (changes[0], changes[1])


def _list(letter: str, table: str, words: EbWords, known: Collection[str] | None) -> EbCommand:
    zero = letter == "Z"
    chain = zero_chain = None
    show: set[str] = set()

    def name() -> str | None:
        if not words.more() or words.argv[words.at].startswith("-"):
            return None
        found = words.next()
        if known is not None and found not in known:
            words.fail(f"Chain '{found}' doesn't exist")
        return found

    if zero:
        zero_chain = name()
    else:
        chain = name()
    while words.more():
        word = words.next()
        _no_table(word, words)
        if word in _SHOW:
            if letter != "L":
                words.fail(f"Use {word} with -L")
            show.add(_SHOW[word])
            if {"numbers", "commands"} <= show:
                words.fail("--Lx is not compatible with --Ln")
        elif _COMMANDS.get(word) == "Z" and letter == "L" and not zero:
            zero, zero_chain = True, name()
        elif _COMMANDS.get(word) == "L" and letter == "Z":
            letter, chain = "L", name()
        elif word in _COMMANDS:
            only = "Command -Z only allowed together with command -L"
            words.fail(only if "Z" in (letter, _COMMANDS[word]) else "Multiple commands are not allowed")
        elif word.startswith("-"):
            words.fail(
                "Command and option do not match" if _is_option(word) else f"Unknown argument: '{word}'"
            )
        else:
            words.fail(f"Bad argument : '{word}'")
    return EbCommand(
        letter=letter,
        table=table,
        chain=chain,
        zero=zero,
        zero_chain=zero_chain,
        counters="counters" in show,
        numbers="numbers" in show,
        commands="commands" in show,
        mac2="mac2" in show,
    )

"""The options of iptables itself: what each takes and what is refused while they are read, as in 1.8.9.

Source: iptables/xshared.c (do_parse).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from netlab.rules import matches as known_matches
from netlab.rules import targets as known_targets
from netlab.rules.command import COMMANDS
from netlab.rules.names import protocol_number
from netlab.rules.numbers import number
from netlab.rules.options import Use
from netlab.rules.readers import interface
from netlab.rules.words import Words

Chains = Callable[[str], Collection[str]]


class OwnOptions:
    """What the words so far have said."""

    def __init__(
        self,
        words: Words,
        *,
        table: str,
        chains: Chains | None,
        sets: Collection[str] | None,
        restore: bool,
    ) -> None:
        self.words = words
        self.table = table
        self.chains = chains
        self.sets = sets
        self.restore = restore
        self.letter = ""
        self.zero = False
        self.number: int | None = None
        self.chain: str | None = None
        self.policy: str | None = None
        self.new_name: str | None = None
        self.verbose = 0
        self.counters: tuple[int, int] | None = None
        self.given: dict[str, int] = {}
        self.inverted: set[str] = set()
        self.protocol: str | None = None
        self.proto = 0
        self.proto_used = False
        self.devices = {"i": "", "o": ""}
        self.networks = {"s": "0.0.0.0/0", "d": "0.0.0.0/0"}
        self.jump_to = ""
        self.goto = False
        self.waits: set[str] = set()
        self.version = self.help = False
        self.target: Use | None = None
        self.matches: list[Use] = []
        # newest first: of two options of one name getopt finds the newest
        self.loaded: list[Use] = []

    def take(self, letter: str, takes: int, invert: bool, word: str) -> None:
        words = self.words
        value = ""
        if takes == 1:
            attached = bool(words.attached)
            found = words.value()
            if found is None:
                words.fail(f'option "{word}" requires an argument')
            # 1.8.9 takes the whole word for the value when it is attached: -jDROP, --src=10.0.0.1
            value = words.argv[words.here] if attached and letter in "jpsdio" else found
        elif takes == 2:
            if words.attached:
                value = words.value() or ""
            elif letter in "LSFZX" and words.follows():
                value = words.next()
        elif words.attached:
            words.fail(f'unknown option "{word}"')
        if letter in COMMANDS:
            self._command(letter, value, invert)
        elif letter in "npxvsdjio0cfg":
            self._condition(letter, value, invert)
        else:
            self._other(letter, value, invert)

    def _command(self, letter: str, value: str, invert: bool) -> None:
        words = self.words
        if invert:
            words.fail("unexpected '!' flag")
        if letter == "Z" and self.letter in ("L", "S"):
            self.zero = True
        elif letter in ("L", "S") and self.letter == "Z":
            self.letter, self.zero = letter, True
        elif self.letter:
            words.fail(f"Cannot use -{letter} with -{self.letter}")
        else:
            self.letter = letter
        if letter == "N":
            self._chain_name(value)
        if value or letter in "ADCIRNEP":
            self.chain = value
        if letter in "DI" and words.follows():
            self._rule_number()
        elif letter == "R":
            if not words.follows():
                words.fail("-R requires a rule number")
            self._rule_number()
        elif letter in "LSZ" and value and words.follows():
            self._rule_number()
        elif letter == "E":
            if not words.follows():
                words.fail("-E requires old-chain-name and new-chain-name")
            # The new name is not looked at here: -E can give a chain a target's name, which -N refuses.
            self.new_name = words.next()
        elif letter == "P":
            if not words.follows():
                words.fail("-P requires a chain and a policy")
            self.policy = words.next()

    def _rule_number(self) -> None:
        text = self.words.next()
        value = number(text, 1, 0x7FFFFFFF)
        if value is None:
            self.words.fail(f"Invalid rule number `{text}'")
        self.number = value

    def _chain_name(self, name: str) -> None:
        fail = self.words.fail
        if len(name) >= 29:
            fail(f"chain name `{name}' too long (must be under 29 chars)")
        if name[:1] in ("-", "!"):
            fail(f"chain name not allowed to start with `{name[0]}'")
        if (
            name in known_targets.EXTENSIONS
            or name in known_targets.VERDICTS
            or name in known_targets.UNMODELLED
        ):
            fail("chain name may not clash with target name")
        if any(c.isspace() for c in name):
            fail(f"Invalid chain name `{name}'")

    def _condition(self, letter: str, value: str, invert: bool) -> None:
        words = self.words
        if letter in ("i", "o") and value == "":
            words.fail("Empty interface is likely to be undesired")
        shown = "j" if letter == "g" else letter
        if letter == "v" and self.verbose:
            self.verbose += 1
            return
        if shown in self.given:
            words.fail(f"multiple -{shown} flags not allowed")
        self.given[shown] = words.here
        if invert:
            if shown not in "sdpiof":
                words.fail(f"cannot have ! before -{shown}")
            self.inverted.add(shown)
        if letter == "v":
            self.verbose = 1
        elif letter == "p":
            self._protocol(value)
        elif letter in ("s", "d"):
            self.networks[letter] = value
        elif letter in ("i", "o"):
            self.devices[letter] = interface(value, words.fail, words.warn)
        elif letter in ("j", "g"):
            self._jump(letter, value)
        elif letter == "c":
            self._counters(value)

    def _protocol(self, value: str) -> None:
        self.protocol = value.lower()
        found = number(self.protocol, 0, 255)
        if found is None:
            found = protocol_number(self.protocol)
        if found is None:
            self.words.fail(f'unknown protocol "{self.protocol}" specified')
        if found == 0 and "p" in self.inverted:
            self.words.fail("rule would never match protocol")
        self.proto = found

    def _jump(self, letter: str, value: str) -> None:
        words = self.words
        if not value:
            words.fail("Invalid target name (too short)")
        if len(value) >= 29:
            words.fail(f"Invalid target name `{value}' (28 chars max)")
        if any(c.isspace() for c in value):
            words.fail(f"Invalid target name `{value}'")
        self.jump_to = value
        self.goto = letter == "g"
        extension = known_targets.EXTENSIONS.get(value)
        if extension is not None and not self.goto:
            self.target = Use(extension)
            self.loaded.insert(0, self.target)

    def _counters(self, value: str) -> None:
        words = self.words
        packets, comma, octets = value.partition(",")
        if not comma:
            if not words.follows():
                words.fail("-c requires packet and byte counter")
            octets = words.next()
        if not packets:
            words.fail("-c requires packet and byte counter")
        for text, what in ((packets, "packet"), (octets, "byte")):
            if not text[:1].isdigit():
                words.fail(f"-c {what} counter not numeric")
        self.counters = (number(packets, 0, 1 << 64) or 0, number(octets, 0, 1 << 64) or 0)

    def _other(self, letter: str, value: str, invert: bool) -> None:
        words = self.words
        if letter == "m":
            if invert:
                words.fail("unexpected ! flag before --match")
            self._match(value)
        elif letter == "t":
            if invert:
                words.fail("unexpected ! flag before --table")
            if self.restore:
                words.fail("The -t option (seen in line) cannot be used in iptables-restore.\n")
            self.table = value
        elif letter == "V":
            self.version = True
        elif letter == "h":
            self.help = True
        elif letter in ("w", "W"):
            self.waits.add(letter)
            if letter == "W":
                words.warn("Ignoring deprecated --wait-interval option.")
            if not value and words.follows():
                words.next()
        elif letter in ("6", "M"):
            words.unmodelled(f"-{letter}", "iptables for IPv4")

    def _match(self, name: str) -> None:
        words = self.words
        extension = known_matches.EXTENSIONS.get(name)
        if extension is None:
            if name in known_matches.UNMODELLED:
                words.unmodelled(f"the match {name}", listed(known_matches.EXTENSIONS))
            words.fail(
                f"Couldn't load match `{name}':No such file or directory\n",
                expected=listed(known_matches.EXTENSIONS),
            )
        use = Use(extension)
        self.matches.append(use)
        self.loaded.insert(0, use)


def listed(known: Collection[str]) -> str:
    """What is known, for a refusal."""
    return "one of " + ", ".join(sorted(known))

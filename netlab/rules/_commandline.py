"""Reads an iptables command line as getopt does; the order and the words of refusals are those of 1.8.9.

Sources: iptables/xshared.c (do_parse, command_default), iptables/iptables.c, libxtables. What the kernel
itself refuses is in :mod:`netlab.rules.checks`.
"""

from __future__ import annotations

from typing import Final

from netlab.rules import matches as known_matches
from netlab.rules import targets as known_targets
from netlab.rules._own_options import OwnOptions, listed
from netlab.rules.command import (
    ILLEGAL,
    ILLEGAL_NUMBER,
    LONG,
    OPTION_ORDER,
    SHORT,
    Command,
)
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule, SourceLine
from netlab.rules.names import CHAIN_PROTOCOLS, protocol_name
from netlab.rules.numbers import dotted, number
from netlab.rules.options import Call, Option, Use
from netlab.rules.readers import host_or_network
from netlab.rules.targets import Goto, Jump, Target
from netlab.rules.words import Words
from netlab.wire import mask_of

_RULE_COMMANDS: Final = frozenset("AIRDC")


def addresses(text: str, words: Words) -> list[tuple[int, int]]:
    """A list of addresses with masks, as ``-s`` and ``-d`` take it."""
    found = []
    for part in text.split(","):
        name, slash, suffix = part.strip().rpartition("/")
        if not slash:
            name = suffix
        mask: int | None = 0xFFFFFFFF
        if slash:
            mask = dotted(suffix, complete=True)
            if mask is None:
                length = number(suffix, 0, 32)
                if length is None:
                    words.fail(f"invalid mask `{suffix}' specified")
                mask = mask_of(length)
        address = 0 if mask == 0 else dotted(name)
        if address is None:
            words.fail(f"host/network `{name}' not found", asked=host_or_network(name))
        assert mask is not None
        found.append((address & mask, mask))
    return found


class Reader(OwnOptions):
    """One command line; :meth:`read` gives the :class:`~netlab.rules.command.Command`."""

    def read(self) -> Command:
        """The command.

        Raises:
            RulesError: what the real iptables refuses, in its words.
            NotModelledError: what is real and not modelled.
        """
        words = self.words
        invert = False
        while words.more():
            word = words.next()
            if word == "!":
                if invert:
                    words.fail("multiple consecutive ! not allowed")
                invert = True
                continue
            if word == "--" and not invert:
                if words.more():
                    words.next()
                    words.fail("unknown arguments found on commandline")
            elif word.startswith("--") and len(word) > 2:
                self._long(word, invert)
            elif word.startswith("-") and word not in ("-", "--"):
                self._short(word, invert)
            else:
                raise RulesError(f"Bad argument `{word}'", prefixed=False, **words.where())
            invert = False
        return self._finish(invert)

    # --- finding options ---------------------------------------------------------------------------------

    def _long(self, word: str, invert: bool) -> None:
        words = self.words
        name, equals, attached = word[2:].partition("=")
        letter = self._own(name)
        extension = None if letter else self._extension(name)
        if letter is None and extension is None and self._load_protocol():
            extension = self._extension(name)
        words.attached = equals + attached
        if letter is not None:
            self.take(letter, LONG_TAKES[letter], invert, word)
        elif extension is not None:
            self._take_extension(extension[0], extension[1], invert, word)
        else:
            words.fail(f'unknown option "{word}"', expected=self._known_options(name))

    def _known_options(self, name: str) -> str:
        """What an unknown option could have been: one of an extension that is not loaded, or any that is."""
        extensions = {**known_matches.EXTENSIONS, **known_targets.EXTENSIONS}
        owners = [
            ("-p " if owner in CHAIN_PROTOCOLS else "-m " if owner in known_matches.EXTENSIONS else "-j ")
            + owner
            for owner, extension in sorted(extensions.items())
            if any(option.name == name for option in extension.options)
        ]
        if owners:
            return f"{' or '.join(owners)} before it"
        loaded = [option.name for use in self.loaded for option in use.extension.options]
        return "one of the options " + ", ".join(f"--{option}" for option in sorted({*LONG, *loaded}))

    def _own(self, name: str) -> str | None:
        """The letter of an option of iptables itself, by its name or a clear beginning of it."""
        if name in LONG:
            return LONG[name][0]
        if any(option.name == name for use in self.loaded for option in use.extension.options):
            return None
        near = {letter for long, (letter, _) in LONG.items() if long.startswith(name)}
        if len(near) != 1 or any(
            option.name.startswith(name) for use in self.loaded for option in use.extension.options
        ):
            return None
        return near.pop()

    def _extension(self, name: str) -> tuple[Use, Option] | None:
        """The option of a loaded match or target, by its name or a clear beginning of it."""
        near: dict[tuple[int, str], tuple[Use, Option]] = {}
        for use in self.loaded:
            for option in use.extension.options:
                if option.name == name:
                    return use, option
                if option.name.startswith(name):
                    near.setdefault((id(use), option.ident), (use, option))
        clear = len(near) == 1 and not any(long.startswith(name) for long in LONG)
        return next(iter(near.values())) if clear else None

    def _load_protocol(self) -> bool:
        """Loads the match of ``-p``'s protocol, once, when an option is not known otherwise."""
        if self.protocol is None or self.proto_used:
            return False
        self.proto_used = True
        value = number(self.protocol, 0, 255)
        name = self.protocol if value is None else protocol_name(value) or ""
        if name in known_matches.UNMODELLED:
            self.words.unmodelled(f"the match {name}", listed(known_matches.EXTENSIONS))
        extension = known_matches.EXTENSIONS.get(name)
        if extension is None:
            return False
        use = Use(extension)
        self.matches.append(use)
        self.loaded.insert(0, use)
        return True

    def _short(self, word: str, invert: bool) -> None:
        words = self.words
        rest = word[1:]
        while rest:
            letter, rest = rest[0], rest[1:]
            takes = SHORT.get(letter)
            if takes is None:
                self._load_protocol()
                words.fail(
                    f'unknown option "{word}"',
                    expected="one of the options " + ", ".join(f"-{known}" for known in sorted(SHORT)),
                )
            if takes and rest:
                words.attached, rest = "=" + rest, ""
            self.take(letter, takes, invert, f"-{letter}")
            invert = False

    def _take_extension(self, use: Use, option: Option, invert: bool, word: str) -> None:
        words = self.words
        values: tuple[str, ...] = ()
        if option.read is not None or option.second is not None:
            first = words.value()
            if first is None:
                self._load_protocol()
                words.fail(f'option "{word}" requires an argument')
            values = (first,)
            if option.second is not None:
                values = (first, words.next() if words.more() and words.follows() else "")
        elif words.attached:
            words.fail(f'unknown option "{word}"')
        # libxtables finds the first synonym in its table and names that one
        name = next(one.name for one in use.extension.options if one.ident == option.ident)
        call = Call(
            use.extension.name,
            option.name if option.once else name,
            self.proto,
            "p" in self.inverted,
            words.fail,
            words.warn,
        )
        use.take(option, invert, values, call)
        if option.ident == "match-set" and self.sets is not None and values[0] not in self.sets:
            words.fail(f"Set {values[0]} doesn't exist.\n")

    # --- the end of the line -----------------------------------------------------------------------------

    def _finish(self, invert: bool) -> Command:
        words = self.words
        if self.version or self.help:
            return Command(version=self.version, help=self.help)
        if self.table == "nat" and "DROP" in (self.policy, self.jump_to):
            words.fail(
                '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n'
            )
        matches = tuple(use.finish(words.fail, words.warn) for use in self.matches)
        target = self.target.finish(words.fail, words.warn) if self.target else None
        if not self.letter:
            words.fail("no command specified")
        if "W" in self.waits and "w" not in self.waits:
            words.fail("--wait-interval only makes sense with --wait\n")
        if invert:
            words.fail("nothing appropriate following !")
        words.here = self.given.get("s", words.here)
        sources = addresses(self.networks["s"], words)
        words.here = self.given.get("d", words.here)
        destinations = addresses(self.networks["d"], words)
        if len(sources) * len(destinations) > 1 and self.inverted & {"s", "d"}:
            words.fail("! not allowed with multiple source or destination IP addresses")
        if self.letter == "R" and (len(sources) != 1 or len(destinations) != 1):
            words.fail("Replacement rule does not specify a unique address")
        self._check_command()
        rules: tuple[Rule, ...] = ()
        if self.letter in _RULE_COMMANDS and not (self.letter == "D" and self.number):
            target = self._resolve(target)
            packets, octets = self.counters or (0, 0)
            place = words.place
            line = None
            if place.line is not None and place.text is not None:
                line = SourceLine(place.source, place.line, place.text)
            fragment = None if "f" not in self.given else "f" not in self.inverted
            rules = tuple(
                Rule(
                    source,
                    source_mask,
                    "s" in self.inverted,
                    destination,
                    destination_mask,
                    "d" in self.inverted,
                    self.devices["i"],
                    "i" in self.inverted,
                    self.devices["o"],
                    "o" in self.inverted,
                    self.proto,
                    "p" in self.inverted,
                    fragment,
                    matches,
                    target,
                    packets,
                    octets,
                    line,
                )
                for source, source_mask in sources
                for destination, destination_mask in destinations
            )
        return Command(
            letter=self.letter,
            table=self.table,
            chain=self.chain,
            number=self.number,
            rules=rules,
            policy=self.policy,
            new_name=self.new_name,
            zero=self.zero,
            numeric="n" in self.given,
            verbose=self.verbose,
            exact="x" in self.given,
            line_numbers="0" in self.given,
            counters=self.counters,
            warnings="".join(words.warnings),
        )

    def _check_command(self) -> None:
        words, letter = self.words, self.letter
        illegal = ILLEGAL[letter]
        if letter in "DZ" and self.number:
            illegal = ILLEGAL_NUMBER
        for option in OPTION_ORDER:
            if option in self.given and option in illegal:
                words.here = self.given[option]
                words.fail(f"Illegal option `-{option}' with this command")
        if self.chain is not None and len(self.chain) >= 29:
            words.fail(f"chain name `{self.chain}' too long (must be under 29 chars)")
        if letter in _RULE_COMMANDS:
            for chains, option in ((("PREROUTING", "INPUT"), "o"), (("POSTROUTING", "OUTPUT"), "i")):
                if self.chain in chains and option in self.given:
                    words.here = self.given[option]
                    words.fail(f"Can't use -{option} with {self.chain}\n")

    def _resolve(self, target: Target | None) -> Target | None:
        """What -j or -g names: a chain of the table, a verdict, or an extension."""
        words, name = self.words, self.jump_to
        if "j" in self.given:
            words.here = self.given["j"]
        if not name:
            return None
        chains = None if self.chains is None else self.chains(self.table)
        if chains is not None and name in chains:
            return Goto(name) if self.goto else Jump(name)
        if self.goto:
            if chains is not None:
                words.fail(f"goto '{name}' is not a chain")
            return Goto(name)
        if target is not None:
            return target
        if name in known_targets.VERDICTS:
            return known_targets.VERDICTS[name]
        if name in known_targets.UNMODELLED:
            words.unmodelled(f"the target {name}", _known_targets())
        if chains is not None:
            words.fail(
                f"Couldn't load target `{name}':No such file or directory\n", expected=_known_targets()
            )
        return Jump(name)


def _known_targets() -> str:
    return listed({**known_targets.VERDICTS, **known_targets.EXTENSIONS}) + ", or a chain of the table"


LONG_TAKES: Final[dict[str, int]] = dict(LONG.values())

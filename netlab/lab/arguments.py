"""Options of a command line, in the manner of getopt; an option that is not modelled is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netlab.lab.context import Arg, Process


@dataclass(slots=True)
class Options:
    """What was given: ``values`` by option name (an option without a value maps to ''), and the other words."""

    values: dict[str, Arg]
    words: list[Arg]
    order: list[tuple[str, Arg]] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> Arg | None:
        """An option's value, or None."""
        return self.values.get(name)


def read_options(
    process: Process,
    argv: list[Arg],
    short: str,
    long: Mapping[str, str] | None = None,
    *,
    permute: bool = True,
) -> Options:
    """Read ``argv`` (the command's name first).

    ``short`` is getopt's: a letter for each option, ``:`` after those with a value. ``long`` maps a long name
    (with ``=`` at its end if it takes a value) to the short letter or to its own name. With ``permute`` options may
    come after other words, as GNU getopt allows. Raises NotModelledError for any other option.
    """
    name = argv[0]
    letters = {c: short[i + 1 : i + 2] == ":" for i, c in enumerate(short) if c != ":"}
    names = {key.rstrip("="): (key.endswith("="), target) for key, target in (long or {}).items()}
    found = Options({}, [])

    def known() -> str:
        shown = [f"-{c}" for c in letters] + [f"--{n}" for n in names]
        return "options " + " ".join(shown) if shown else "no options"

    def put(option: str, value: Arg) -> None:
        found.values[option] = value
        found.order.append((option, value))

    at = 1
    while at < len(argv):
        word = argv[at]
        at += 1
        if word == "--":
            found.words.extend(argv[at:])
            break
        if word.startswith("--") and len(word) > 2:
            key, equals, attached = word[2:].partition("=")
            if key not in names:
                near = [n for n in names if n.startswith(key)]
                if len(near) != 1:
                    process.refuse(word, f"{name}: option --{key} is not modelled", expected=known())
                key = near[0]
            takes, target = names[key]
            if not takes:
                put(target, Arg("", word.place))
            elif equals:
                put(target, Arg(attached, word.place))
            elif at < len(argv):
                put(target, argv[at])
                at += 1
            else:
                process.refuse(word, f"{name}: option --{key} needs a value")
        elif word.startswith("-") and len(word) > 1:
            rest = word[1:]
            while rest:
                letter, rest = rest[0], rest[1:]
                if letter not in letters:
                    process.refuse(word, f"{name}: option -{letter} is not modelled", expected=known())
                if not letters[letter]:
                    put(letter, Arg("", word.place))
                elif rest:
                    put(letter, Arg(rest, word.place))
                    rest = ""
                elif at < len(argv):
                    put(letter, argv[at])
                    at += 1
                else:
                    process.refuse(word, f"{name}: option -{letter} needs a value")
        else:
            found.words.append(word)
            if not permute:
                found.words.extend(argv[at:])
                break
    return found

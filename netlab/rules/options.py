"""The option grammar of match and target extensions: tables of options, and what is checked at the end.

An extension is a table of options and a function that makes the match or target from what was said. The
checks and their words are those of libxtables (xtoptions.c): an option once, no ``!`` unless allowed, a
value of its type; at the end what is mandatory, what excludes what, and what needs what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from netlab.rules.errors import Asked, RulesError


class Fail(Protocol):
    """Raises the error of the place that is being read."""

    def __call__(self, message: str, *, modelled: bool = True, asked: Asked = ()) -> NoReturn: ...


@dataclass(frozen=True, slots=True)
class Call:
    """The place of one option value: extension, option, the rule's protocol so far, how to refuse and to warn."""

    extension: str
    option: str
    proto: int
    proto_inv: bool
    fail: Fail
    warn: Callable[[str], None]

    def bad_value(self, text: str) -> NoReturn:
        """The message of ``xtables_param_act(XTF_BAD_VALUE)``."""
        self.fail(f'{self.extension}: Bad value for "--{self.option}" option: "{text}"')


Reader = Callable[[str, Call], Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, how its value is read (None: it has none), and the rules of its use.

    ``key`` is shared by synonyms. ``once`` is the message of old extensions that do not use the common
    table; those also let every option be inverted, but for those that say ``upright``.
    """

    name: str
    read: Reader | None = None
    key: str = ""
    second: Callable[[str, str, Call], Any] | None = None
    inverts: bool = False
    mandatory: bool = False
    excludes: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    once: str = ""
    upright: str = ""
    repeats: bool = False

    @property
    def ident(self) -> str:
        return self.key or self.name


@dataclass(frozen=True, slots=True)
class Extension:
    """A match or target as the command line knows it.

    ``build`` gets the values by option key and the keys that were inverted; ``check`` returns the
    extension's own complaint, asked before the table's; ``warning`` is a line that it prints before that.
    """

    name: str
    options: tuple[Option, ...]
    build: Callable[[Mapping[str, Any], frozenset[str]], Any]
    check: Callable[[Mapping[str, Any]], str | None] | None = None
    warning: Callable[[Mapping[str, Any]], str | None] | None = None


@dataclass(slots=True)
class Use:
    """An extension in a rule that is being read: what its options said so far."""

    extension: Extension
    values: dict[str, Any] = field(default_factory=dict)
    inverted: set[str] = field(default_factory=set)

    def take(self, option: Option, inverted: bool, words: tuple[str, ...], call: Call) -> None:
        """One option with its words.

        Raises:
            RulesError: in the words of the real program.
        """
        key = option.ident
        if option.once:
            if key in self.values:
                call.fail(option.once)
        else:
            if key in self.values and not option.repeats:
                call.fail(f'{self.extension.name}: option "--{call.option}" can only be used once.\n')
            if inverted and not option.inverts and not option.upright:
                call.fail(f'{self.extension.name}: option "--{call.option}" cannot be inverted.\n')
        if inverted and option.upright:
            call.fail(option.upright)
        if option.second is not None:
            self.values[key] = option.second(words[0], words[1], call)
        else:
            self.values[key] = option.read(words[0], call) if option.read else True
        if inverted:
            self.inverted.add(key)

    def finish(self, fail: Fail, warn: Callable[[str], None]) -> Any:
        """The match or target.

        Raises:
            RulesError: in the words of the real program.
        """
        extension, values = self.extension, self.values
        if extension.warning and (line := extension.warning(values)):
            warn(line)
        if extension.check and (complaint := extension.check(values)):
            fail(complaint)
        for option in extension.options:
            if option.mandatory and option.ident not in values:
                fail(f'{extension.name}: option "--{option.name}" must be specified\n')
            if option.ident not in values:
                continue
            for other in extension.options:
                if other.ident == option.ident:
                    continue
                if other.ident in option.needs and other.ident not in values:
                    fail(f'{extension.name}: option "--{option.name}" also requires "--{other.name}".\n')
                if other.ident in option.excludes and other.ident in values:
                    fail(
                        f'{extension.name}: option "--{option.name}" '
                        f'cannot be used together with "--{other.name}".\n'
                    )
        return extension.build(values, frozenset(self.inverted))


__all__ = ["Call", "Extension", "Fail", "Option", "Reader", "RulesError", "Use"]

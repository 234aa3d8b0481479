"""What both kinds of rule sets show of themselves: one line, plain text, HTML, plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from netlab.rules.ebmodel import EbRuleSet
    from netlab.rules.model import RuleSet


class ShownRules:
    """A rule set's own words, which :mod:`netlab.rules.show` finds."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The rule set as plain data for JSON: each rule with its text, its parts, its counters and line."""
        from netlab.rules.show import ruleset_dict

        return ruleset_dict(cast("RuleSet | EbRuleSet", self))

    def __repr__(self) -> str:
        from netlab.rules.show import summary

        return f"<{summary(cast('RuleSet | EbRuleSet', self))}>"

    def __str__(self) -> str:
        from netlab.rules.show import plain

        return plain(cast("RuleSet | EbRuleSet", self))

    def _repr_html_(self) -> str:
        from netlab.rules.show import html

        return html(cast("RuleSet | EbRuleSet", self))

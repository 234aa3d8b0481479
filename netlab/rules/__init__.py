"""Rule sets of iptables and ebtables: read, checked, and printed as the real commands print them.

:func:`read_rules` reads what iptables-save, ebtables-save, ``iptables -L`` and ``ebtables -L`` print;
:func:`parse_command` and :func:`parse_rule` read what a person types. A rule is a frozen value, each match and
target a class of its own (:mod:`netlab.rules.matches`, :mod:`netlab.rules.targets`).
"""

from netlab.rules.checks import check_rule, check_table
from netlab.rules.command import Command
from netlab.rules.ebcommand import EbCommand, parse_eb_command, parse_eb_rule
from netlab.rules.eblisting import list_eb_table, read_eb_listing
from netlab.rules.ebmodel import EB_BUILTIN, EbChain, EbRule, EbRuleSet, EbTable
from netlab.rules.ebsave import read_eb_save, write_eb_save
from netlab.rules.errors import EbtablesError, RulesError
from netlab.rules.listing import list_rule, list_table
from netlab.rules.listing_read import read_listing
from netlab.rules.model import BUILTIN, Chain, ListForm, Rule, RuleSet, SourceLine, Table
from netlab.rules.parse import parse_command, parse_rule, parse_rules
from netlab.rules.reading import read_rules
from netlab.rules.rule_text import rule_words, save_rule, show_rule
from netlab.rules.save import read_save, write_save

__all__ = [
    "BUILTIN",
    "EB_BUILTIN",
    "Chain",
    "Command",
    "EbChain",
    "EbCommand",
    "EbRule",
    "EbRuleSet",
    "EbTable",
    "EbtablesError",
    "ListForm",
    "Rule",
    "RuleSet",
    "RulesError",
    "SourceLine",
    "Table",
    "check_rule",
    "check_table",
    "list_eb_table",
    "list_rule",
    "list_table",
    "parse_command",
    "parse_eb_command",
    "parse_eb_rule",
    "parse_rule",
    "parse_rules",
    "read_eb_listing",
    "read_eb_save",
    "read_listing",
    "read_rules",
    "read_save",
    "rule_words",
    "save_rule",
    "show_rule",
    "write_eb_save",
    "write_save",
]

"""Routing: tables, lookup, source address choice, and the decisions for input and output."""

from netlab.kernel.route.addresses import address_type, is_local, select_address
from netlab.kernel.route.exceptions import PathException
from netlab.kernel.route.fib import Fib
from netlab.kernel.route.input import input_lookup
from netlab.kernel.route.model import (
    ERRORS,
    LOCAL,
    MAIN,
    RULE_ERRORS,
    Decision,
    Flow,
    PolicyRule,
    Route,
    record,
)
from netlab.kernel.route.output import me_harder, output_lookup

__all__ = [
    "ERRORS",
    "LOCAL",
    "MAIN",
    "RULE_ERRORS",
    "Decision",
    "Fib",
    "Flow",
    "PathException",
    "PolicyRule",
    "Route",
    "address_type",
    "input_lookup",
    "is_local",
    "me_harder",
    "output_lookup",
    "record",
    "select_address",
]

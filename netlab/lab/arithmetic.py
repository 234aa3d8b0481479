"""``$((...))``: the shell's integer arithmetic, in 64 bits, as dash does it."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping

_TOKEN = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|(<<=|>>=|\+\+|--|[-+*/%&|^]=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>!~&|^?:=()]))"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<=", ">=", "<", ">"), ("<<", ">>"), ("+", "-"),
    ("*", "/", "%"),
)  # fmt: skip


class BadArithmetic(ValueError):
    """The expression cannot be evaluated; the text is the shell's."""


def _wrap(number: int) -> int:
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def _divide(a: int, b: int) -> int:
    if b == 0:
        raise BadArithmetic("division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: _wrap(a << (b & 63)),
    ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: _wrap(a + b),
    "-": lambda a, b: _wrap(a - b),
    "*": lambda a, b: _wrap(a * b),
    "/": _divide,
    "%": lambda a, b: a - b * _divide(a, b),
}


def evaluate(text: str, variables: MutableMapping[str, str]) -> int:
    """The value of an expression; assignments in it change ``variables``. Raises BadArithmetic.

    >>> evaluate("3*4 + (1 << 4) % 5", {})
    13
    >>> evaluate("x > 2 && -7/2 == -3", {"x": "5"})
    1
    """
    reader = _Reader(text, variables)
    value = reader.assignment()
    if reader.at < len(reader.tokens):
        raise reader.error()
    return value


class _Reader:
    def __init__(self, text: str, variables: MutableMapping[str, str]) -> None:
        self.text = text
        self.variables = variables
        self.tokens: list[str] = []
        self.at = 0
        pos = 0
        while pos < len(text.rstrip()):
            match = _TOKEN.match(text, pos)
            if not match or match.group(3) in ("++", "--"):
                raise self.error()
            self.tokens.append(match.group().strip())
            pos = match.end()
        if not self.tokens:
            self.tokens = ["0"]

    def error(self) -> BadArithmetic:
        return BadArithmetic(f'arithmetic expression: expecting primary: "{self.text}"')

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def name(self, name: str) -> int:
        value = self.variables.get(name, "") or "0"
        try:
            return _wrap(_number(value.strip()))
        except BadArithmetic:
            raise
        except ValueError:
            raise BadArithmetic(f"Illegal number: {value}") from None

    def assignment(self) -> int:
        name = self.peek()
        op = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if re.fullmatch(r"[A-Za-z_]\w*", name) and op.endswith("=") and op not in ("==", "!=", "<=", ">="):
            self.at += 2
            value = self.assignment()
            if op != "=":
                value = _OPERATIONS[op[:-1]](self.name(name), value)
            self.variables[name] = str(value)
            return value
        return self.conditional()

    def conditional(self) -> int:
        condition = self.binary(0)
        if self.peek() != "?":
            return condition
        self.at += 1
        yes = self.assignment()
        if self.peek() != ":":
            raise self.error()
        self.at += 1
        no = self.conditional()
        return yes if condition else no

    def binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self.unary()
        value = self.binary(level + 1)
        while (op := self.peek()) in _LEVELS[level]:
            self.at += 1
            right = self.binary(level + 1)
            if op == "&&":
                value = int(bool(value and right))
            elif op == "||":
                value = int(bool(value or right))
            else:
                value = _OPERATIONS[op](value, right)
        return value

    def unary(self) -> int:
        token = self.peek()
        self.at += 1
        if token in ("-", "+", "!", "~"):
            value = self.unary()
            return {"-": _wrap(-value), "+": value, "!": int(not value), "~": ~value}[token]
        if token == "(":
            value = self.assignment()
            if self.peek() != ")":
                raise self.error()
            self.at += 1
            return value
        if token[:1].isdigit():
            return _wrap(_number(token))
        if token[:1].isalpha() or token[:1] == "_":
            return self.name(token)
        raise self.error()


def _number(text: str) -> int:
    """A constant as C reads it: 0x… hexadecimal, 0… octal."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.lower().startswith("0x"):
        return sign * int(digits, 16)
    if re.fullmatch(r"0[0-9]*[89][0-9]*", digits):
        raise BadArithmetic(f'arithmetic expression: expecting EOF: "{text}"')
    return sign * int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)

"""Walks a syntax tree: all simple commands of a script, and the functions it defines."""

from __future__ import annotations

from collections.abc import Iterator

from netlab.lab.shell_tree import (
    Arithmetic,
    Body,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Literal,
    Loop,
    Parameter,
    Simple,
    Substitution,
    Word,
)


def simple_commands(body: Body) -> tuple[list[Simple], frozenset[str]]:
    """Every simple command in ``body``, also inside substitutions, and the names of the functions defined there."""
    functions: set[str] = set()
    return list(_body(body, functions)), frozenset(functions)


def _body(body: Body, functions: set[str]) -> Iterator[Simple]:
    for item in body:
        for pipeline in (item.first, *(p for _, p in item.rest)):
            for command in pipeline.commands:
                yield from _command(command, functions)


def _command(command: Command, functions: set[str]) -> Iterator[Simple]:
    if isinstance(command, Simple):
        yield command
        words = [
            *command.words,
            *(a.value for a in command.assignments),
            *(r.target for r in command.redirects),
        ]
        for word in words:
            yield from _word(word, functions)
        return
    if isinstance(command, Function):
        functions.add(command.name)
        yield from _command(command.body, functions)
        return
    for redirect in command.redirects:
        yield from _word(redirect.target, functions)
    if isinstance(command, If):
        for condition, inner in command.branches:
            yield from _body(condition, functions)
            yield from _body(inner, functions)
        yield from _body(command.otherwise or (), functions)
    elif isinstance(command, Loop):
        yield from _body(command.condition, functions)
        yield from _body(command.body, functions)
    elif isinstance(command, Case):
        yield from _word(command.word, functions)
        for _, inner in command.arms:
            yield from _body(inner, functions)
    elif isinstance(command, For):
        for word in command.words or ():
            yield from _word(word, functions)
        yield from _body(command.body, functions)
    elif isinstance(command, Group):
        yield from _body(command.body, functions)


def _word(word: Word, functions: set[str]) -> Iterator[Simple]:
    for part in word.parts:
        if isinstance(part, Literal):
            continue
        if isinstance(part, Substitution):
            yield from _body(part.body, functions)
        elif isinstance(part, Arithmetic):
            yield from _word(part.expression, functions)
        elif isinstance(part, Parameter) and part.word is not None:
            yield from _word(part.word, functions)

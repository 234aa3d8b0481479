"""The shell's own commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from netlab.lab.condition import BadCondition, condition
from netlab.lab.context import Arg, Process
from netlab.lab.expand import split_fields
from netlab.lab.flow import BadUse, Break, Continue, Exit, Return
from netlab.lab.printf import BadFormat, echo, printf
from netlab.lab.process import SIGNALS, SIGTERM, Running, Wait
from netlab.lab.shell import parse_embedded

if TYPE_CHECKING:
    from netlab.lab.interpreter import Shell
    from netlab.lab.process import Task

Builtin: TypeAlias = "Callable[[Shell, Process, list[Arg]], int | Running]"
_NAME = re.compile(r"[A-Za-z_]\w*")


def _true(shell: Shell, process: Process, argv: list[Arg]) -> int:
    return 0


def _false(shell: Shell, process: Process, argv: list[Arg]) -> int:
    return 1


def _echo(shell: Shell, process: Process, argv: list[Arg]) -> int:
    process.out(echo([str(word) for word in argv[1:]]))
    return 0


def _printf(shell: Shell, process: Process, argv: list[Arg]) -> int:
    if len(argv) < 2:
        raise BadUse("usage: printf format [arg ...]")
    try:
        text, problems = printf([str(word) for word in argv[1:]])
    except BadFormat as error:
        raise BadUse(str(error)) from None
    for problem in problems:
        shell.complain(process, f"printf: {problem}")
    process.out(text)
    return int(bool(problems))


def _test(shell: Shell, process: Process, argv: list[Arg]) -> int:
    words = [str(word) for word in argv[1:]]
    if argv[0] == "[" and (not words or words.pop() != "]"):
        raise BadUse("missing ]")
    try:
        return int(not condition(words, lambda path: process.host.file_kind(process, path)))
    except BadCondition as error:
        raise BadUse(str(error)) from None


def _number(argv: list[Arg], default: int) -> int:
    if len(argv) < 2:
        return default
    if not argv[1].isdigit():
        raise BadUse(f"Illegal number: {argv[1]}", fatal=True)
    return int(argv[1])


def _exit(shell: Shell, process: Process, argv: list[Arg]) -> int:
    raise Exit(_number(argv, shell.status) & 255)


def _return(shell: Shell, process: Process, argv: list[Arg]) -> int:
    raise Return(_number(argv, shell.status) & 255)


def _break(shell: Shell, process: Process, argv: list[Arg]) -> int:
    raise Break(max(1, _number(argv, 1)))


def _continue(shell: Shell, process: Process, argv: list[Arg]) -> int:
    raise Continue(max(1, _number(argv, 1)))


def _set(shell: Shell, process: Process, argv: list[Arg]) -> int:
    words = argv[1:]
    if not words:
        process.out("".join(f"{k}='{v}'\n" for k, v in sorted(shell.variables.items())))
        return 0
    for at, word in enumerate(words):
        if word == "--" or word[0] not in "-+" or len(word) < 2:
            shell.positional = [str(w) for w in words[at + (word == "--") :]]
            return 0
        for letter in word[1:]:
            if letter not in shell.options:
                process.refuse(word, f"set: option {word[0]}{letter} is not modelled", expected="-e -x -u")
            shell.options[letter] = word[0] == "-"
    return 0


def _shift(shell: Shell, process: Process, argv: list[Arg]) -> int:
    count = _number(argv, 1)
    if count > len(shell.positional):
        raise BadUse("can't shift that many", fatal=True)
    del shell.positional[:count]
    return 0


def _unset(shell: Shell, process: Process, argv: list[Arg]) -> int:
    functions = argv[1:2] == ["-f"]
    for word in argv[1:]:
        if word in ("-v", "-f"):
            continue
        if functions:
            shell.functions.pop(word, None)
        else:
            shell.variables.pop(word, None)
    return 0


def _export(shell: Shell, process: Process, argv: list[Arg]) -> int:
    for word in argv[1:]:
        name, equals, value = word.partition("=")
        if not _NAME.fullmatch(name):
            process.refuse(word, f"{argv[0]}: {word} is not modelled", expected="NAME or NAME=VALUE")
        if equals:
            shell.variables[name] = value
        if argv[0] == "export":
            shell.exported.add(name)
    return 0


def _local(shell: Shell, process: Process, argv: list[Arg]) -> int:
    if not shell.locals:
        raise BadUse("not in a function", fatal=True)
    for word in argv[1:]:
        name, equals, value = word.partition("=")
        shell.locals[-1].setdefault(name, shell.variables.get(name))
        if equals:
            shell.variables[name] = value
    return 0


def _read(shell: Shell, process: Process, argv: list[Arg]) -> Running:
    names = argv[1:]
    raw = False
    while names and names[0].startswith("-"):
        if names[0] != "-r":
            process.refuse(names[0], f"read: option {names[0]} is not modelled", expected="-r")
        raw = True
        names = names[1:]
    if not names:
        raise BadUse("arg count")
    line = yield from process.read_line()
    while not raw and line.endswith("\\\n"):
        line = line[:-2] + (yield from process.read_line())
    ended = line.endswith("\n")
    text = line.removesuffix("\n")
    if not raw:
        text = re.sub(r"\\(.)", r"\1", text)
    ifs = shell.variables.get("IFS", " \t\n")
    for name in names[:-1]:
        pieces, _, _ = split_fields(text, ifs)
        first = pieces[0] if pieces else ""
        blanks = "".join(c for c in ifs if c in " \t\n")
        text = text.lstrip(blanks).removeprefix(first).lstrip(blanks)
        if text[:1] and text[0] in ifs:
            text = text[1:].lstrip(blanks)
        shell.variables[name] = first
    shell.variables[names[-1]] = text.strip("".join(c for c in ifs if c in " \t\n"))
    return int(not ended)


def _eval(shell: Shell, process: Process, argv: list[Arg]) -> Running:
    script = parse_embedded(" ".join(argv[1:]), process.place)
    shell.status = 0
    return (yield from shell.run_body(script.body, process, False))


def _wait(shell: Shell, process: Process, argv: list[Arg]) -> Running:
    if len(argv) < 2:
        jobs = shell.jobs
        if any(job.alive for job in jobs):
            yield Wait(lambda: not any(job.alive for job in jobs))
        shell.jobs = []
        return 0
    status = 0
    for word in argv[1:]:
        task = _job(shell, word)
        if task is None:
            status = 127
            continue
        if task.alive:
            found = task
            yield Wait(lambda task=found: not task.alive)  # type: ignore[misc]
        status = task.status or 0
        if task.number == SIGTERM:
            process.err("Terminated\n")
        elif task.number == 9:
            process.err("Killed\n")
        shell.jobs.remove(task)
    return status


def _job(shell: Shell, word: str) -> Task | None:
    if word.startswith("%"):
        number = word[1:]
        if number in ("", "%", "+") and shell.jobs:
            return shell.jobs[-1]
        at = int(number) - 1 if number.isdigit() else -1
        return shell.jobs[at] if 0 <= at < len(shell.jobs) else None
    return next((job for job in shell.jobs if str(job.pid) == word), None)


def _kill(shell: Shell, process: Process, argv: list[Arg]) -> Running:
    words = argv[1:]
    number = SIGTERM
    names = {name: n for n, name in SIGNALS.items()}
    if words and words[0] == "-l":
        process.out("".join(f"{SIGNALS.get(int(w) & 127, w)}\n" for w in words[1:] if w.isdigit()))
        return 0
    if words and words[0] == "-s" and len(words) > 1:
        words = [Arg("-" + words[1], words[1].place), *words[2:]]
    if words and words[0].startswith("-") and words[0] != "--":
        wanted = words[0][1:].upper().removeprefix("SIG")
        if wanted.isdigit():
            number = int(wanted)
        elif wanted in names:
            number = names[wanted]
        else:
            process.refuse(words[0], f"kill: signal {words[0]} is not known", expected=" ".join(names))
        words = words[1:]
    status = 0
    for word in words:
        if word == str(process.host.shell_pid):
            if number:
                raise Exit(128 + number)
            continue
        if word.startswith("%"):
            # Without job control a job has no process group of its own, and that is what dash would signal.
            if _job(shell, word) is None:
                shell.complain(process, f"kill: No such job: {word}")
                return 2
            shell.complain(process, "kill: No such process\n")
            status = 1
            continue
        task = _job(shell, word) or (process.host.scheduler.find(int(word)) if word.isdigit() else None)
        if task is None or not task.alive:
            shell.complain(process, "kill: No such process\n")
            status = 1
        elif number:
            process.host.scheduler.kill(task, number)
    yield Wait(until=process.now)
    return status


def _command(shell: Shell, process: Process, argv: list[Arg]) -> int | Running:
    if argv[1:2] == ["-v"]:
        status = 127
        for word in argv[2:]:
            known = (
                str(word) if word in BUILTINS or word in shell.functions else process.host.program_path(word)
            )
            if known:
                process.out(known + "\n")
                status = 0
        return status
    if not argv[1:] or argv[1].startswith("-"):
        process.refuse(argv[-1], "command: only command -v NAME and command NAME are modelled")
    if argv[1] in BUILTINS:
        return BUILTINS[argv[1]](shell, process, argv[1:])
    return process.host.execute(process, argv[1:])


def _cd(shell: Shell, process: Process, argv: list[Arg]) -> int:
    target = argv[1] if len(argv) > 1 else "/root"
    if process.host.files.absolute(target, shell.variables["PWD"]) != shell.variables["PWD"]:
        process.refuse(argv[-1], "cd: a lab has one folder, /", expected="absolute paths, or cd /")
    return 0


def _pwd(shell: Shell, process: Process, argv: list[Arg]) -> int:
    process.out(shell.variables["PWD"] + "\n")
    return 0


def _exec(shell: Shell, process: Process, argv: list[Arg]) -> int:
    process.refuse(argv[0], "exec is not modelled", expected="the command without exec")


BUILTINS: Final[dict[str, Builtin]] = {
    ":": _true,
    "true": _true,
    "false": _false,
    "echo": _echo,
    "printf": _printf,
    "test": _test,
    "[": _test,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _continue,
    "set": _set,
    "shift": _shift,
    "unset": _unset,
    "export": _export,
    "readonly": _export,
    "local": _local,
    "read": _read,
    "eval": _eval,
    "wait": _wait,
    "kill": _kill,
    "command": _command,
    "cd": _cd,
    "pwd": _pwd,
    "exec": _exec,
}
"""The builtins by name."""
SPECIAL: Final = frozenset(
    (
        ":",
        "break",
        "continue",
        "eval",
        "exec",
        "exit",
        "export",
        "readonly",
        "return",
        "set",
        "shift",
        "unset",
    )
)
"""Builtins for which an assignment in front stays in force (POSIX: the special ones)."""

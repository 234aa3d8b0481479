"""Commands about time, processes and the machine."""

from __future__ import annotations

import re
import time
from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.condition import BadCondition, condition
from netlab.lab.context import Arg, Command, Died, Process
from netlab.lab.files import FileError
from netlab.lab.printf import BadFormat, printf, unescape
from netlab.lab.process import SIGNALS, SIGTERM, Running, Signal
from netlab.lab.shell import parse_embedded, parse_script

EPOCH: Final = 1_763_900_000
"""The wall clock when a lab's host starts, in seconds since 1970 (UTC): the clock of a lab is its own."""
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: str) -> float | None:
    """Seconds of ``1.5``, ``2m``, ``1h``; None for anything else.

    >>> read_duration("1.5m")
    90.0
    """
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)", text)
    return float(match.group(1)) * _UNITS[match.group(2)] if match else None


def _sleep(process: Process, argv: list[Arg]) -> int | Running:
    if len(argv) == 1:
        process.refuse(argv[0], "sleep needs a time", expected="sleep SECONDS")
    total = 0.0
    for word in argv[1:]:
        seconds = read_duration(word)
        if seconds is None:
            process.err(f"sleep: invalid number '{word}'\n")
            return 1
        total += seconds
    return _slept(process, total)


def _slept(process: Process, seconds: float) -> Running:
    yield from process.sleep(seconds)
    return 0


def _timeout(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "s:k:", permute=False)
    words = options.words
    seconds = read_duration(words[0]) if words else None
    if seconds is None or len(words) < 2:
        process.refuse(
            argv[-1], "timeout needs seconds and a command", expected="timeout [-s SIG] SECS COMMAND"
        )
    name = (options.get("s") or "TERM").upper().removeprefix("SIG")
    numbers = {label: n for n, label in SIGNALS.items()}
    number = int(name) if name.isdigit() else numbers.get(name, SIGTERM)
    child = process.copy()

    def run() -> Running:
        result = process.host.execute(child, words[1:])
        return result if isinstance(result, int) else (yield from result)

    scheduler = process.host.scheduler
    task = scheduler.spawn(run())
    try:
        if not (yield from process.wait(lambda: not task.alive, seconds)):
            scheduler.kill(task, number)
            yield from process.wait(lambda: not task.alive)
    except Signal:
        if task.alive:
            scheduler.kill(task, number)
        raise
    if task.number is not None:
        raise Died(task.number)
    return task.status or 0


def _sh(process: Process, argv: list[Arg]) -> Running:
    from netlab.lab.interpreter import Shell

    options = read_options(process, argv, "cexu", permute=False)
    words = options.words
    host = process.host
    if "c" in options:
        if not words:
            process.refuse(argv[0], "sh -c needs a command", expected="sh -c 'COMMANDS'")
        script = parse_embedded(words[0], words[0].place)
        name, positional = (str(words[1]) if len(words) > 1 else str(argv[0])), words[2:]
    elif words:
        path = host.files.absolute(words[0], process.cwd)
        try:
            script = parse_script(host.read_file(process, path, words[0].place), words[0])
        except FileError as error:
            process.err(f"{argv[0]}: 0: cannot open {words[0]}: {str(error).removesuffix(' or directory')}\n")
            return 2
        name, positional = str(words[0]), words[1:]
    else:
        script = parse_embedded((yield from process.read_all()), process.place)
        name, positional = str(argv[0]), []
    host.check(script)
    shell = Shell(host, name, [str(word) for word in positional])
    shell.variables.update(process.env)
    shell.exported.update(process.env)
    for letter in "exu":
        shell.options[letter] = letter in options
    return (yield from shell.run_script(script, process))


def _date(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "u")
    moment = time.gmtime(EPOCH + process.now)
    form = options.words[0] if options.words else "+%a %b %e %H:%M:%S UTC %Y"
    if not form.startswith("+"):
        process.refuse(form, "date: setting the clock is not modelled", expected="date [+FORMAT]")
    text = (
        form[1:]
        .replace("%s", str(int(EPOCH + process.now)))
        .replace("%N", f"{int(process.now % 1 * 1e9):09d}")
    )
    process.out(time.strftime(text, moment) + "\n")
    return 0


def _uname(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "asnrvm")
    host = process.host
    parts = {
        "s": "Linux", "n": "(none)", "r": host.uname_release, "v": "#1 SMP PREEMPT_DYNAMIC", "m": "x86_64",
    }  # fmt: skip
    chosen = "snrvm" if "a" in options else [k for k in "snrvm" if k in options] or ["s"]
    process.out(" ".join(parts[k] for k in chosen) + (" GNU/Linux" if "a" in options else "") + "\n")
    return 0


def _hostname(process: Process, argv: list[Arg]) -> int:
    if len(argv) > 1:
        process.refuse(argv[1], "hostname: setting it is not modelled", expected="hostname")
    process.out("(none)\n")
    return 0


def _id(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "un")
    if "u" not in options:
        process.out("uid=0(root) gid=0(root)\n")
    else:
        process.out("root\n" if "n" in options else "0\n")
    return 0


def _whoami(process: Process, argv: list[Arg]) -> int:
    process.out("root\n")
    return 0


def _which(process: Process, argv: list[Arg]) -> int:
    status = 0
    for word in argv[1:]:
        path = process.host.program_path(word)
        if path is None:
            status = 1
        else:
            process.out(path + "\n")
    return status


def _env(process: Process, argv: list[Arg]) -> int | Running:
    words = argv[1:]
    child = process.copy()
    child.env = dict(process.env)
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, _, value = words[0].partition("=")
        child.env[name] = value
        words = words[1:]
    if words:
        return process.host.execute(child, words)
    process.out("".join(f"{k}={v}\n" for k, v in child.env.items()))
    return 0


def _true(process: Process, argv: list[Arg]) -> int:
    return 0


def _false(process: Process, argv: list[Arg]) -> int:
    return 1


def _echo(process: Process, argv: list[Arg]) -> int:
    """busybox's echo, which reads escapes only with -e (the shell's own always does)."""
    words = [str(word) for word in argv[1:]]
    newline, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        escapes = "e" in words[0] or escapes
        words.pop(0)
    text = " ".join(words)
    if escapes:
        text, cut = unescape(text, hexadecimal=True)
        newline = "" if cut else newline
    process.out(text + newline)
    return 0


def _printf(process: Process, argv: list[Arg]) -> int:
    if len(argv) < 2:
        process.err("printf: missing operand\n")
        return 1
    try:
        text, problems = printf([str(word) for word in argv[1:]])
    except BadFormat as error:
        process.err(f"printf: {error}\n")
        return 1
    process.out(text)
    process.err("".join(f"printf: {problem}\n" for problem in problems))
    return int(bool(problems))


def _test(process: Process, argv: list[Arg]) -> int:
    words = [str(word) for word in argv[1:]]
    if argv[0] == "[" and (not words or words.pop() != "]"):
        process.err("[: missing ]\n")
        return 2
    try:
        return int(not condition(words, lambda path: process.host.file_kind(process, path)))
    except BadCondition as error:
        process.err(f"{argv[0]}: {error}\n")
        return 2


def _kill(process: Process, argv: list[Arg]) -> int:
    names = {label: n for n, label in SIGNALS.items()}
    words = argv[1:]
    number = SIGTERM
    if words and words[0].startswith("-"):
        wanted = words[0][1:].upper().removeprefix("SIG")
        number = int(wanted) if wanted.isdigit() else names.get(wanted, 0)
        if not number:
            process.refuse(words[0], f"kill: signal {words[0]} is not known", expected=" ".join(names))
        words = words[1:]
    status = 0
    for word in words:
        task = process.host.scheduler.find(int(word)) if word.isdigit() else None
        if task is None:
            process.err(f"kill: can't kill pid {word}: No such process\n")
            status = 1
        else:
            process.host.scheduler.kill(task, number)
    return status


def _modprobe(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "qabr")
    if "r" in options:
        process.refuse(argv[0], "modprobe -r is not modelled: a module stays loaded")
    for word in options.words:
        process.host.load_module(word)
    return 0


COMMANDS: Final[dict[str, Command]] = {
    "sleep": _sleep,
    "timeout": _timeout,
    "sh": _sh,
    "date": _date,
    "uname": _uname,
    "hostname": _hostname,
    "id": _id,
    "whoami": _whoami,
    "which": _which,
    "env": _env,
    "modprobe": _modprobe,
    "true": _true,
    "false": _false,
    "echo": _echo,
    "printf": _printf,
    "test": _test,
    "[": _test,
    "kill": _kill,
}

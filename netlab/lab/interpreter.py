"""Runs the syntax tree of a script, as dash does, on the processes and the clock of a simulated host."""

from __future__ import annotations

import fnmatch
from collections.abc import Generator
from typing import TYPE_CHECKING

from netlab.lab.builtins import BUILTINS, SPECIAL
from netlab.lab.context import Arg, Died, Process
from netlab.lab.expand import ExpansionError, expand_pattern, expand_text, expand_words
from netlab.lab.files import FileError
from netlab.lab.flow import BadUse, Break, Continue, Exit, Return
from netlab.lab.process import SIGPIPE, Running, Signal, Task, Wait
from netlab.lab.shell_tree import (
    AndOr,
    Body,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Loop,
    Pipeline,
    Place,
    Redirect,
    Script,
    Simple,
)
from netlab.lab.streams import BrokenPipe, Null, Pipe, Sink, Stream, Text, WriteFailed

if TYPE_CHECKING:
    from netlab.lab.host import Host

LOOPS = 100_000
"""How often one loop may go round before it is called endless."""
_DEATHS = {1: "Hangup", 3: "Quit", 6: "Aborted", 9: "Killed", 14: "Alarm clock", 15: "Terminated"}


class Shell:
    """The state of one shell: variables, functions, options, jobs."""

    def __init__(self, host: Host, name: str, positional: list[str] | None = None) -> None:
        self.host = host
        self.name = name
        self.variables: dict[str, str] = {"IFS": " \t\n", "PATH": "/sbin:/bin", "PWD": "/", "OPTIND": "1"}
        self.exported: set[str] = {"PATH", "PWD"}
        self.functions: dict[str, Command] = {}
        self.options = {"e": False, "x": False, "u": False}
        self.positional = positional or []
        self.status = 0
        self.substituted = 0
        self.jobs: list[Task] = []
        self.background = 0
        self.depth = 0
        self.locals: list[dict[str, str | None]] = []
        self.place: Place | None = None

    def fork(self) -> Shell:
        """A copy for a subshell."""
        new = Shell(self.host, self.name, list(self.positional))
        new.variables = dict(self.variables)
        new.exported = set(self.exported)
        new.functions = dict(self.functions)
        new.options = dict(self.options)
        new.status = self.status
        new.background = self.background
        new.depth = self.depth
        return new

    def parameter(self, name: str) -> str | None:
        """A variable or special parameter; None when unset."""
        if name in self.variables:
            return self.variables[name]
        if name == "?":
            return str(self.status)
        if name == "#":
            return str(len(self.positional))
        if name in "@*":
            return " ".join(self.positional)
        if name == "$":
            return str(self.host.shell_pid)
        if name == "!":
            return str(self.background) if self.background else None
        if name == "-":
            return "".join(k for k, on in self.options.items() if on)
        if name == "0":
            return self.name
        if name.isdigit():
            number = int(name)
            return self.positional[number - 1] if number <= len(self.positional) else None
        return None

    def complain(self, process: Process, message: str) -> None:
        """An error message of the shell itself, with its name and the line."""
        process.err(f"{self.name}: {process.place.line}: {message}\n")

    # -- running

    def run_script(self, script: Script, process: Process) -> Running:
        """Run a whole script; its status is that of ``exit`` or of the last command."""
        try:
            yield from self.run_body(script.body, process, False)
        except Exit as stop:
            return stop.status
        except (Return, Break, Continue):
            return self.status
        return self.status

    def run_body(self, body: Body, process: Process, tested: bool) -> Running:
        """Run commands one after another; ``tested`` when a failure must not end the script under ``set -e``."""
        for item in body:
            if item.background:
                self.start(item, process)
            else:
                yield from self.and_or(item, process, tested)
        return self.status

    def and_or(self, item: AndOr, process: Process, tested: bool) -> Running:
        rest = item.rest
        yield from self.pipeline(item.first, process, tested or bool(rest))
        for number, (op, pipeline) in enumerate(rest):
            if (op == "&&") == (self.status == 0):
                last = number == len(rest) - 1
                yield from self.pipeline(pipeline, process, tested or not last)
        return self.status

    def start(self, item: AndOr, process: Process) -> None:
        """Run in the background, with nothing to read: a subshell of its own, or a pipeline's commands.

        ``$!`` is a pipeline's last command (evalpipe of dash).
        """
        shell = self.fork()
        fds = dict(process.fds)
        fds[0] = Null()
        child = process.copy(fds=fds, place=item.first.place)
        if len(item.first.commands) > 1 and not item.rest and not item.first.inverted:
            tasks = self.stages(item.first.commands, child)
            self.jobs += tasks
            self.background = tasks[-1].pid
            self.status = 0
            return

        def run() -> Running:
            try:
                yield from shell.and_or(AndOr(item.first, item.rest), child, False)
            except Exit as stop:
                return stop.status
            return shell.status

        task = self.spawn(run(), child)
        self.jobs.append(task)
        self.background = task.pid
        self.status = 0

    def spawn(self, running: Running, process: Process) -> Task:
        """A child process that holds the streams of ``process`` open while it lives."""
        held = [stream.opened() for stream in process.fds.values()]

        def close() -> None:
            for stream in held:
                stream.closed()

        task = self.host.scheduler.spawn(_until_broken(running), close)
        process.pid = task.pid
        return task

    def pipeline(self, pipeline: Pipeline, process: Process, tested: bool) -> Running:
        commands = pipeline.commands
        if len(commands) == 1:
            yield from self.command(commands[0], process, tested or pipeline.inverted)
        else:
            yield from self.piped(commands, process)
        if pipeline.inverted:
            self.status = int(self.status == 0)
        elif self.status and self.options["e"] and not tested:
            raise Exit(self.status)
        return self.status

    def stages(self, commands: tuple[Command, ...], process: Process) -> list[Task]:
        """Start the commands of a pipeline, each reading what the one before it writes."""
        tasks: list[Task] = []
        source: Stream | None = None
        for number, command in enumerate(commands):
            fds = dict(process.fds)
            if source is not None:
                fds[0] = source
            if number < len(commands) - 1:
                pipe = Pipe()
                fds[1] = pipe.write_end
                source = pipe.read_end
            shell = self.fork()
            child = process.copy(fds=fds, place=process.place)
            tasks.append(self.spawn(shell.as_subshell(command, child), child))
        return tasks

    def piped(self, commands: tuple[Command, ...], process: Process) -> Running:
        tasks = self.stages(commands, process)
        if not all(not task.alive for task in tasks):
            yield Wait(lambda: not any(task.alive for task in tasks))
        last = tasks[-1]
        assert last.status is not None
        self.status = last.status
        if last.number in _DEATHS:
            process.err(_DEATHS[last.number] + "\n")
        return self.status

    def as_subshell(self, command: Command, process: Process) -> Running:
        """Run one command in this (already forked) shell."""
        try:
            yield from self.command(command, process, False)
        except Exit as stop:
            return stop.status
        except (Return, Break, Continue):
            return self.status
        return self.status

    def substitute(self, body: Body, process: Process) -> Generator[Wait, None, str]:
        """The output of ``$(...)`` without its last newlines."""
        collected: list[str] = []
        shell = self.fork()
        child = process.copy(fds={**process.fds, 1: Sink(collected.append)})
        try:
            yield from shell.run_body(body, child, False)
            status = shell.status
        except Exit as stop:
            status = stop.status
        except (Return, Break, Continue):
            status = shell.status
        self.substituted = status
        return "".join(collected).rstrip("\n")

    # -- commands

    def command(self, command: Command, process: Process, tested: bool) -> Running:
        if isinstance(command, Simple):
            return (yield from self.simple(command, process, tested))
        process = process.copy(place=command.place)
        if isinstance(command, Function):
            self.functions[command.name] = command.body
            self.status = 0
            return 0
        try:
            inner = yield from self.redirected(command.redirects, process)
        except _RedirectFailed as failed:
            self.complain(process, str(failed))
            self.status = 2
            return 2
        if isinstance(command, Group):
            return (yield from self.group(command, inner, tested))
        if isinstance(command, If):
            return (yield from self.if_command(command, inner, tested))
        if isinstance(command, For):
            return (yield from self.for_command(command, inner, tested))
        if isinstance(command, Loop):
            return (yield from self.loop(command, inner, tested))
        return (yield from self.case(command, inner, tested))

    def group(self, command: Group, process: Process, tested: bool) -> Running:
        if not command.subshell:
            return (yield from self.run_body(command.body, process, tested))
        shell = self.fork()
        try:
            yield from shell.run_body(command.body, process, tested)
            self.status = shell.status
        except Exit as stop:
            self.status = stop.status
        except (Return, Break, Continue):
            self.status = shell.status
        return self.status

    def if_command(self, command: If, process: Process, tested: bool) -> Running:
        for condition, body in command.branches:
            yield from self.run_body(condition, process, True)
            if self.status == 0:
                return (yield from self.run_body(body, process, tested))
        self.status = 0
        if command.otherwise is not None:
            yield from self.run_body(command.otherwise, process, tested)
        return self.status

    def for_command(self, command: For, process: Process, tested: bool) -> Running:
        if command.words is None:
            items = [str(text) for text in self.positional]
        else:
            items = [str(text) for text in (yield from self.expanded(command.words, process))]
        self.status = 0
        for item in items:
            self.variables[command.name] = item
            if (yield from self.round(command.body, process, tested)):
                break
        return self.status

    def round(self, body: Body, process: Process, tested: bool) -> Generator[Wait, None, bool]:
        """One round of a loop; True when the loop has to end."""
        try:
            yield from self.run_body(body, process, tested)
        except Break as stop:
            if stop.levels > 1:
                raise Break(stop.levels - 1) from None
            return True
        except Continue as on:
            if on.levels > 1:
                raise Continue(on.levels - 1) from None
        return False

    def loop(self, command: Loop, process: Process, tested: bool) -> Running:
        status = 0
        for _ in range(LOOPS):
            yield from self.run_body(command.condition, process, True)
            if (self.status == 0) == command.until:
                self.status = status
                return status
            if (yield from self.round(command.body, process, tested)):
                return self.status
            status = self.status
        raise command.place.refuse(f"the loop has gone round {LOOPS} times", expected="a loop that ends")

    def case(self, command: Case, process: Process, tested: bool) -> Running:
        try:
            subject = yield from expand_text(self, process, command.word)
            self.status = 0
            for patterns, body in command.arms:
                for pattern in patterns:
                    if fnmatch.fnmatchcase(subject, (yield from expand_pattern(self, process, pattern))):
                        return (yield from self.run_body(body, process, tested))
        except ExpansionError as error:
            self.fatal(process, error)
        return self.status

    def expanded(self, words: tuple[object, ...], process: Process) -> Generator[Wait, None, list[Arg]]:
        try:
            return (yield from expand_words(self, process, words))  # type: ignore[arg-type]
        except ExpansionError as error:
            self.fatal(process, error)
            return []

    def fatal(self, process: Process, error: Exception) -> None:
        """An error that ends a script that is not interactive."""
        self.complain(process, str(error))
        raise Exit(2)

    def simple(self, command: Simple, process: Process, tested: bool) -> Running:
        self.place = command.place
        process = process.copy(place=command.place)
        self.substituted = 0
        argv = yield from self.expanded(command.words, process)
        try:
            inner = yield from self.redirected(command.redirects, process)
        except _RedirectFailed as failed:
            self.complain(process, str(failed))
            self.status = 2
            return 2
        assigned: dict[str, str] = {}
        for assignment in command.assignments:
            try:
                assigned[assignment.name] = yield from expand_text(self, process, assignment.value)
            except ExpansionError as error:
                self.fatal(process, error)
            if not argv:
                self.variables[assignment.name] = assigned[assignment.name]
        if self.options["x"]:
            process.err("+ " + " ".join([*(f"{k}={v}" for k, v in assigned.items()), *argv]) + "\n")
        if not argv:
            self.status = self.substituted
            return self.status
        return (yield from self.run_words(argv, assigned, inner, process, tested))

    def run_words(
        self, argv: list[Arg], assigned: dict[str, str], inner: Process, outer: Process, tested: bool
    ) -> Running:
        """Run a command by name: a function, a builtin, or a program. Its own messages go to ``outer``."""
        name = argv[0]
        if name in self.functions:
            self.variables.update(assigned)
            return (yield from self.call(self.functions[name], argv, inner, tested))
        if name in BUILTINS:
            before = {key: self.variables.get(key) for key in assigned if name not in SPECIAL}
            self.variables.update(assigned)
            try:
                result = BUILTINS[name](self, inner, argv)
                self.status = result if isinstance(result, int) else (yield from result)
            except WriteFailed:
                self.complain(outer, f"{name}: {name}: I/O error")
                self.status = 1
            except BadUse as error:
                self.complain(outer, f"{name}: {error}")
                self.status = error.status
                if error.fatal:
                    raise Exit(error.status) from None
            finally:
                self.restore(before)
            return self.status
        inner.env = {k: self.variables[k] for k in self.exported if k in self.variables} | assigned
        try:
            result = self.host.execute(inner, argv)
            self.status = result if isinstance(result, int) else (yield from result)
        except Died as died:
            self.status = 128 + died.number
            if died.number in _DEATHS:
                outer.err(_DEATHS[died.number] + "\n")
        return self.status

    def call(self, body: Command, argv: list[Arg], process: Process, tested: bool) -> Running:
        if self.depth > 200:
            raise argv[0].place.refuse(
                "a function calls itself without end", expected="at most 200 calls deep"
            )
        saved, self.positional = self.positional, [str(word) for word in argv[1:]]
        self.depth += 1
        self.locals.append({})
        try:
            yield from self.command(body, process, tested)
        except Return as back:
            self.status = back.status
        finally:
            self.positional = saved
            self.depth -= 1
            self.restore(self.locals.pop())
        return self.status

    def restore(self, before: dict[str, str | None]) -> None:
        """Give variables back the values they had (None: unset)."""
        for name, value in before.items():
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value

    # -- redirections

    def redirected(self, redirects: tuple[Redirect, ...], process: Process) -> Generator[Wait, None, Process]:
        """The process with its streams changed as the redirections say."""
        if not redirects:
            return process
        fds = dict(process.fds)
        for redirect in redirects:
            try:
                target = yield from expand_text(self, process, redirect.target)
            except ExpansionError as error:
                self.fatal(process, error)
                raise
            if redirect.op == "<<":
                fds[redirect.fd] = Text(target, redirect.target.place)
            elif redirect.op in (">&", "<&"):
                fds[redirect.fd] = self.duplicate(target, fds, redirect)
            else:
                fds[redirect.fd] = self.open(redirect.op, target, process, redirect.place)
        return process.copy(fds=fds)

    def duplicate(self, target: str, fds: dict[int, Stream], redirect: Redirect) -> Stream:
        if target == "-":
            return Null()
        if not target.isdigit():
            raise redirect.place.refuse(
                f"{redirect.op}{target}: bash's form is not in sh", expected=f"> {target} 2>&1"
            )
        if int(target) not in fds:
            raise _RedirectFailed(f"{target}: Bad file descriptor")
        return fds[int(target)]

    def open(self, op: str, target: str, process: Process, place: Place) -> Stream:
        """Open a file of the lab, or of its kernel."""
        host = self.host
        if target in ("/dev/null", "/dev/zero"):
            return Null()
        if target in ("/dev/stdout", "/dev/stderr", "/dev/stdin"):
            return process.stream(("/dev/stdin", "/dev/stdout", "/dev/stderr").index(target))
        path = host.files.absolute(target, process.cwd)
        try:
            if op in ("<", "<>"):
                return Text(host.read_file(process, path, place))
            return host.open_for_writing(process, path, place, append=op == ">>")
        except FileError as error:
            reason = str(error)
            if op == "<":
                shown = "No such file" if reason.startswith("No such file") else reason
                raise _RedirectFailed(f"cannot open {target}: {shown}") from None
            shown = "Directory nonexistent" if reason.startswith("No such file") else reason
            raise _RedirectFailed(f"cannot create {target}: {shown}") from None


class _RedirectFailed(Exception):
    """A redirection that cannot be made; the command does not run."""


def _until_broken(running: Running) -> Running:
    """A process that dies of SIGPIPE when nobody reads what it writes, and of a signal that it does not handle."""
    try:
        return (yield from running)
    except BrokenPipe:
        raise Signal(SIGPIPE) from None

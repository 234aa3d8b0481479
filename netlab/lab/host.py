"""A simulated host that runs lab scripts: the kernel's world, the lab's files, its processes and its terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import InputError
from netlab.kernel import xtables
from netlab.kernel.hooks import IPV4_TABLES
from netlab.kernel.world import FrameStorm, RingEntry, World
from netlab.lab.builtins import BUILTINS
from netlab.lab.commands import find_command, is_command, known_commands, program_path
from netlab.lab.context import Arg, Process
from netlab.lab.expand import matching_paths
from netlab.lab.files import FileError, Files
from netlab.lab.interpreter import Shell
from netlab.lab.kernelfs import READ_ONLY, KernelFs, ValueNotModelled
from netlab.lab.process import Endless, Running, Scheduler, Wait
from netlab.lab.result import LabResult
from netlab.lab.shell import parse_script
from netlab.lab.shell_tree import Place, Script, Simple
from netlab.lab.streams import Keyboard, Null, Sink, Stream, Terminal, WriteFailed
from netlab.lab.walk import simple_commands

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

EXEC_TIME: Final = 0.02
"""Virtual seconds that starting a program takes, as on the kernel oracle: a hundred commands are two seconds."""
MODULES: Final = ("br_netfilter",)
"""Kernel modules that are loaded when a lab starts; the rest come when a command needs them."""
SYSCTLS: Final = {
    "net.ipv4.ip_forward": 1,
    "net.ipv6.conf.all.disable_ipv6": 1,
    "net.ipv6.conf.default.disable_ipv6": 1,
    "net.bridge.bridge-nf-call-iptables": 1,
}
"""What is set before a lab's first line, on the simulated host as on a real one (the script's own namespace)."""
UNAME: Final = {"4.4": "4.4.0-63-generic", "6.1": "6.1.0-56-amd64", "6.18": "6.18.0"}


class Host:
    """What all processes of a lab share."""

    def __init__(self, kernel: str, seed: int = 1) -> None:
        self.world = World(kernel, seed=seed)
        self.files = Files()
        self.terminal = Terminal()
        self.scheduler = Scheduler(self.world)
        self.shell_pid = self.scheduler.new_pid()
        self.state: dict[str, Any] = {}
        for module in MODULES:
            self.load_module(module)
        for key, value in SYSCTLS.items():
            self.world.host.sysctl[key] = value
        self.world.host.lo.set_up()
        self.world.softirq()

    @property
    def uname_release(self) -> str:
        """What ``uname -r`` prints."""
        return UNAME.get(self.world.release.name, self.world.release.name)

    def load_module(self, name: str) -> None:
        """``modprobe``: on old kernels a table's module brings its chains, everywhere."""
        module = name.replace("-", "_")
        world = self.world
        table = module.removeprefix("iptable_")
        if table != module and table in IPV4_TABLES and not world.release.tables_per_netns:
            xtables.load_module(world, table)
            return
        world.modules.add(module)
        for ns in world.netns.values():
            ns.hooks_changed()

    # -- programs

    def program_path(self, name: str) -> str | None:
        """Where a program is, or None."""
        return program_path(name)

    def execute(self, process: Process, argv: list[Arg]) -> Running:
        """Start a program: its command runs once the program has been loaded."""
        name = argv[0]
        if "/" in name:
            name = Arg(name.rsplit("/", 1)[1], name.place)
            argv = [name, *argv[1:]]
        command = find_command(name)
        if command is None:
            raise unknown_command(name, name.place)
        yield Wait(until=process.now + EXEC_TIME)
        try:
            result = command(process, argv)
            return result if isinstance(result, int) else (yield from result)
        except WriteFailed as error:
            process.err(f"{name}: write error: {error}\n")
            return 1

    def check(self, script: Script) -> None:
        """Refuse, before anything runs, a command that netlab does not know."""
        commands, functions = simple_commands(script.body)
        for command in commands:
            check_words(command, functions)

    # -- files

    def kernel_files(self, netns: Netns) -> KernelFs:
        """/proc and /sys as a namespace sees them."""
        return KernelFs(self.world, netns)

    def read_file(self, process: Process, path: str, place: Place) -> str:
        """A file's text. Raises FileError; a file of the kernel that is not modelled is refused."""
        if path == "/dev/null":
            return ""
        if path == "/dev/zero":
            raise place.refuse("/dev/zero has no end", expected="head -c N /dev/zero")
        if path.startswith(("/proc/", "/sys/")):
            text = self.kernel_files(process.netns).read(path)
            if text is None:
                raise place.refuse(f"{path} is not modelled", expected="/proc/sys/... that sysctl knows")
            return text
        return self.files.read(path)

    def open_for_writing(self, process: Process, path: str, place: Place, *, append: bool) -> Stream:
        """A stream into a file. Raises FileError; a file of the kernel that is not modelled is refused."""
        if path == "/dev/null":
            return Null()
        if path == "/dev/kmsg":
            raise place.refuse("/dev/kmsg is not modelled", expected="echo")
        if path.startswith(("/proc/", "/sys/")):
            kernel = self.kernel_files(process.netns)
            if not kernel.knows(path):
                raise place.refuse(f"{path} is not modelled", expected="/proc/sys/... that sysctl knows")
            if path in READ_ONLY:
                raise FileError("Permission denied")

            def put(text: str) -> None:
                try:
                    kernel.write(path, text)
                except FileError as error:
                    raise WriteFailed(str(error)) from None
                except ValueNotModelled as error:
                    raise place.refuse(str(error)) from None

            return Sink(put)
        self.files.write(path, "", append=append)
        return Sink(lambda text: self.files.write(path, text, append=True))

    def file_kind(self, process: Process, path: str) -> str | None:
        """``file``, ``folder`` or None."""
        path = self.files.absolute(path, process.cwd)
        if path in self.files.folders:
            return "folder"
        if path in self.files.texts or path in ("/dev/null", "/dev/zero"):
            return "file"
        if path.startswith(("/proc/", "/sys/")):
            kernel = self.kernel_files(process.netns)
            if kernel.read(path) is not None:
                return "file"
            if any(other.startswith(path + "/") for other in kernel.paths()):
                return "folder"
        return (
            "file" if path.startswith(("/bin/", "/sbin/")) and program_path(path.rsplit("/", 1)[1]) else None
        )

    def folder_names(self, process: Process, path: str) -> list[str]:
        """What ``ls`` shows of a folder."""
        if path.startswith(("/proc", "/sys")):
            start = path.rstrip("/") + "/"
            paths = self.kernel_files(process.netns).paths()
            return sorted({p[len(start) :].split("/")[0] for p in paths if p.startswith(start)})
        return self.files.entries(path)

    def match(self, process: Process, pattern: str) -> list[str]:
        """The file names that a shell pattern stands for."""
        return matching_paths(process, pattern)


def unknown_command(name: str, place: Place) -> InputError:
    """The refusal of a command that netlab does not know."""
    known = ", ".join(sorted({*known_commands(), *BUILTINS}))
    shown = name if len(name) <= 40 else name[:40] + "…"
    return place.refuse(f"{shown}: netlab does not model this command", expected=f"one of {known}")


def check_words(command: Simple, functions: frozenset[str]) -> None:
    """Refuse a simple command whose name, or the name it hands to ``ip netns exec``, is not known."""
    words = command.words
    literals = [word.literal for word in words[:5]]
    at = 0
    if literals[:1] in (["timeout"], ["sh"], ["env"]):
        return
    if len(literals) > 4 and literals[:3] == ["ip", "netns", "exec"]:
        at = 4
    name = literals[at] if at < len(literals) else None
    if name is None or name in functions or (name in BUILTINS and at == 0):
        return
    if not is_command(name.rsplit("/", 1)[-1]):
        raise unknown_command(name, words[at].place)


class Lab:
    """A host that keeps its state from one script to the next, as the cells of a notebook need it.

    >>> lab = Lab()
    >>> print(lab.run("echo hello").output, end="")
    hello
    """

    def __init__(self, kernel: str = "6.1", *, seed: int = 1) -> None:
        self.host = Host(kernel, seed)
        self.shell = Shell(self.host, "lab.sh")

    @property
    def world(self) -> World:
        """The simulated kernel."""
        return self.host.world

    def run(self, text: str, *, source: str = "lab.sh") -> LabResult:
        """Run a script; what was printed before an error is in the error's ``result``.

        Raises InputError (NotModelledError among them) for what cannot be read or is not modelled.
        """
        script = parse_script(text, source)
        host = self.host
        self.shell.name = source
        known = frozenset(self.shell.functions)
        commands, functions = simple_commands(script.body)
        for command in commands:
            check_words(command, functions | known)
        terminal = Terminal()
        before = host.world.logged
        first_step = len(host.world.steps)
        place = Place(source, 1, script.text.split("\n", 1)[0])
        process = Process(
            host, host.world.host, {0: Keyboard().opened(), 1: terminal.opened(), 2: terminal.opened()}, place
        )
        main = host.scheduler.spawn(self.shell.run_script(script, process))
        try:
            status = host.scheduler.run(main)
            host.scheduler.settle(EXEC_TIME)
        except (Endless, FrameStorm) as error:
            place = self.shell.place or place
            raise self._ended(place.error(str(error)), terminal, before, first_step) from None
        except RecursionError:
            deep = (self.shell.place or place).error(
                "the commands nest too deeply", expected="less nesting, or fewer calls in calls"
            )
            raise self._ended(deep, terminal, before, first_step) from None
        except InputError as error:
            raise self._ended(error, terminal, before, first_step) from None
        return self._result(terminal, before, first_step, status)

    def _ended(self, error: InputError, terminal: Terminal, before: int, first_step: int) -> InputError:
        self.host.scheduler.end()
        error.result = self._result(terminal, before, first_step, 2)  # type: ignore[attr-defined]
        return error

    def _result(self, terminal: Terminal, before: int, first_step: int, status: int) -> LabResult:
        world = self.host.world
        return LabResult(
            output=terminal.text,
            log=tuple(_lines(entry for entry in world.ring if entry.number > before)),
            status=status,
            world=world,
            steps=tuple(world.steps[first_step:]),
        )


def _lines(entries: Iterator[RingEntry]) -> Iterator[str]:
    for entry in entries:
        yield from entry.text.split("\n")


def run_lab(text: str, *, kernel: str = "6.1", source: str = "lab.sh", seed: int = 1) -> LabResult:
    """Run one lab script on a fresh host.

    ``kernel`` is a profile of :mod:`netlab.kernel.release`. Two runs of the same script give the same bytes: ids,
    ports and addresses that a real kernel draws by lot come from a generator with a fixed ``seed``. Raises
    InputError where the script cannot be read, NotModelledError where it asks for what netlab does not model.

    >>> run_lab("ip link add br0 type bridge && ip -br link show br0").output
    'br0              DOWN           ...
    """
    return Lab(kernel, seed=seed).run(text, source=source)

"""Commands on the lab's files in memory, and on the kernel's under /proc and /sys."""

from __future__ import annotations

from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.commands.text import input_texts
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError
from netlab.lab.process import Running


def _cat(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "nu")
    if not options.words and "n" not in options:
        while line := (yield from process.read_line()):
            process.out(line)
        return 0
    texts, status = yield from input_texts(
        process, "cat", options.words, "{name}: can't open '{path}': {reason}", "{name}: read error: {reason}"
    )
    number = 0
    for _, text in texts:
        if "n" not in options:
            process.out(text)
            continue
        for line in text.splitlines(keepends=True):
            number += 1
            process.out(f"{number:6d}\t{line}")
    return status


def _tee(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "a")
    streams = []
    for word in options.words:
        path = process.host.files.absolute(word, process.cwd)
        try:
            streams.append(process.host.open_for_writing(process, path, word.place, append="a" in options))
        except FileError as error:
            process.err(f"tee: {word}: {error}\n")
    while line := (yield from process.read_line()):
        process.out(line)
        for stream in streams:
            stream.write(line)
    return 0


def _ls(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "1aA")
    status = 0
    for word in options.words or [Arg(process.cwd, argv[0].place)]:
        path = process.host.files.absolute(word, process.cwd)
        kind = process.host.file_kind(process, path)
        if kind is None:
            process.err(f"ls: {word}: No such file or directory\n")
            status = 1
        elif kind == "file":
            process.out(f"{word}\n")
        else:
            if len(options.words) > 1:
                process.out(f"{word}:\n")
            names = process.host.folder_names(process, path)
            process.out("".join(f"{n}\n" for n in names if not n.startswith(".") or "a" in options))
    return status


def _rm(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "rRf")
    status = 0
    for word in options.words:
        path = process.host.files.absolute(word, process.cwd)
        try:
            process.host.files.remove(path, recursive="r" in options or "R" in options)
        except FileError as error:
            if "f" not in options:
                process.err(f"rm: can't remove '{word}': {error}\n")
                status = 1
    return status


def _mkdir(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "p")
    status = 0
    for word in options.words:
        path = process.host.files.absolute(word, process.cwd)
        try:
            process.host.files.make_folder(path, parents="p" in options)
        except FileError as error:
            process.err(f"mkdir: can't create directory '{word}': {error}\n")
            status = 1
    return status


def _mktemp(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "d")
    files = process.host.files
    number = 1
    while files.exists(path := f"/tmp/tmp.{number:06d}"):
        number += 1
    if "d" in options:
        files.make_folder(path)
    else:
        files.write(path, "")
    process.out(path + "\n")
    return 0


def _touch(process: Process, argv: list[Arg]) -> int:
    status = 0
    for word in read_options(process, argv, "").words:
        path = process.host.files.absolute(word, process.cwd)
        try:
            process.host.files.write(path, "", append=True)
        except FileError as error:
            process.err(f"touch: {word}: {error}\n")
            status = 1
    return status


COMMANDS: Final[dict[str, Command]] = {
    "cat": _cat,
    "tee": _tee,
    "ls": _ls,
    "rm": _rm,
    "mkdir": _mkdir,
    "mktemp": _mktemp,
    "touch": _touch,
}

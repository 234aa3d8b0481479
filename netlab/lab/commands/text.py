"""Text tools for pipes and files, as busybox has them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final

from netlab.lab.arguments import read_options
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError, ReadError
from netlab.lab.posix_regex import BadPattern, compile_posix
from netlab.lab.process import Running, Wait


def input_texts(
    process: Process,
    name: str,
    words: list[Arg],
    message: str = "{name}: {path}: {reason}",
    unread: str = "",
) -> Generator[Wait, None, tuple[list[tuple[str, str]], int]]:
    """The texts of the named files (standard input without names, or for ``-``), and the status."""
    if not words:
        return [("", (yield from process.read_all()))], 0
    texts: list[tuple[str, str]] = []
    status = 0
    for word in words:
        if word == "-":
            texts.append(("(standard input)", (yield from process.read_all())))
            continue
        try:
            text = process.host.read_file(process, process.host.files.absolute(word, process.cwd), word.place)
            texts.append((str(word), text))
        except FileError as error:
            told = (unread or message) if isinstance(error, ReadError) else message
            process.err(told.format(name=name, path=word, reason=error) + "\n")
            status = 1
    return texts, status


def _grep(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "vciEFnoqwxhHlse:m:A:B:C:")
    words = list(options.words)
    patterns = [value for name, value in options.order if name == "e"]
    if not patterns:
        if not words:
            process.refuse(argv[0], "grep needs a pattern", expected="grep [-OPTIONS] PATTERN [FILE...]")
        patterns = [words.pop(0)]
    fixed = "F" in options or argv[0] == "fgrep"
    extended = "E" in options or argv[0] == "egrep"
    matchers = [
        _matcher(process, pattern, piece, fixed, extended, options.values)
        for pattern in patterns
        for piece in pattern.split("\n")
    ]
    texts, status = yield from _grep_inputs(process, argv[0], words)
    found = False
    show_names = ("H" in options or len(words) > 1) and "h" not in options
    before, after = (int(options.get(k) or options.get("C") or 0) for k in "BA")
    limit = int(options.get("m") or 0)
    for name, lines in texts:
        prefix = f"{name}:" if show_names else ""
        count = 0
        shown_to = 0
        held: list[tuple[int, str]] = []
        trailing = 0
        number = 0
        while True:
            line = (yield from process.read_line()) if lines is None else next(lines, "")
            if not line:
                break
            number += 1
            text = line.removesuffix("\n")
            hits = [m for matcher in matchers for m in matcher.finditer(text)]
            if bool(hits) == ("v" in options):
                if trailing and not any(o in options for o in "cql"):
                    process.out((f"{number}-" if "n" in options else "") + text + "\n")
                    shown_to = number
                    trailing -= 1
                elif before:
                    held = [*held, (number, text)][-before:]
                continue
            found = True
            count += 1
            if "q" in options:
                return 0
            if "l" in options:
                process.out(f"{name or '(standard input)'}\n")
                break
            if "c" not in options:
                if (before or after) and shown_to and (held[0][0] if held else number) > shown_to + 1:
                    process.out("--\n")
                for at, earlier in held:
                    process.out((f"{at}-" if "n" in options else "") + earlier + "\n")
                held = []
                place = prefix + (f"{number}:" if "n" in options else "")
                if "o" in options:
                    process.out("".join(f"{place}{m.group()}\n" for m in hits if m.group()))
                else:
                    process.out(f"{place}{text}\n")
                shown_to = number
                trailing = after
            if limit and count >= limit:
                break
        if "c" in options:
            process.out(f"{prefix}{count}\n")
    if status and "s" not in options:
        return 2
    return int(not found)


def _matcher(
    process: Process, word: Arg, pattern: str, fixed: bool, extended: bool, options: dict[str, Arg]
) -> re.Pattern[str]:
    flags = re.IGNORECASE if "i" in options else 0
    try:
        source = re.escape(pattern) if fixed else compile_posix(pattern, extended=extended).pattern
    except BadPattern as error:
        process.refuse(word, f"grep: bad regular expression: {error}")
    if "w" in options:
        source = rf"(?<!\w)(?:{source})(?!\w)"
    if "x" in options:
        source = rf"^(?:{source})$"
    return re.compile(source, flags)


def _grep_inputs(
    process: Process, name: str, words: list[Arg]
) -> Generator[Wait, None, tuple[list[tuple[str, Iterator[str] | None]], int]]:
    """Files line by line; standard input as None, to be read line by line while it comes."""
    if not words:
        return [("", None)], 0
    texts, status = yield from input_texts(process, name, words)
    return [(file, iter(text.splitlines(keepends=True))) for file, text in texts], status


def _count(process: Process, word: str, letter: str) -> int:
    match = re.fullmatch(r"([-+]?\d+)([kKmM]?)", word)
    if not match:
        process.refuse(word, f"-{letter} needs a number", expected="a number")
    return int(match.group(1)) * {"": 1, "k": 1024, "m": 1 << 20}[match.group(2).lower()]


def _old_style(argv: list[Arg]) -> list[Arg]:
    """``head -3`` is ``head -n 3``."""
    if len(argv) > 1 and re.fullmatch(r"-\d+", argv[1]):
        return [argv[0], Arg(f"-n{argv[1][1:]}", argv[1].place), *argv[2:]]
    return argv


def _headers(process: Process, texts: list[tuple[str, str]], quiet: bool) -> Iterable[tuple[str, str]]:
    for number, (name, text) in enumerate(texts):
        if len(texts) > 1 and not quiet:
            process.out(("\n" if number else "") + f"==> {name} <==\n")
        yield name, text


def _head(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, _old_style(argv), "n:c:qv", {"lines=": "n", "bytes=": "c"})
    count = _count(process, options.get("n") or "10", "n")
    size = options.get("c")
    if not options.words and size is None and count >= 0:
        for _ in range(count):
            line = yield from process.read_line()
            if not line:
                break
            process.out(line)
        return 0
    if size is not None and [str(word) for word in options.words] == ["/dev/zero"]:
        process.out("\0" * max(_count(process, size, "c"), 0))
        return 0
    texts, status = yield from input_texts(process, "head", options.words)
    for _, text in _headers(process, texts, "q" in options):
        if size is not None:
            process.out(text[: _count(process, size, "c")])
        else:
            lines = text.splitlines(keepends=True)
            process.out("".join(lines[:count]))
    return status


def _tail(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, _old_style(argv), "n:c:q", {"lines=": "n", "bytes=": "c"})
    word = options.get("n") or "10"
    texts, status = yield from input_texts(process, "tail", options.words)
    for _, text in _headers(process, texts, "q" in options):
        size = options.get("c")
        pieces: list[str] = list(text) if size is not None else text.splitlines(keepends=True)
        amount = size if size is not None else word
        count = _count(process, amount, "n")
        if amount.startswith("+"):
            process.out("".join(pieces[max(count - 1, 0) :]))
        else:
            process.out("".join(pieces[-abs(count) :]) if count else "")
    return status


def _wc(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "lwcmL")
    texts, status = yield from input_texts(process, "wc", options.words)
    chosen = [k for k in "lwmcL" if k in options] or ["l", "w", "c"]
    totals = dict.fromkeys(chosen, 0)
    rows: list[tuple[dict[str, int], str]] = []
    for name, text in texts:
        counts = {
            "l": text.count("\n"),
            "w": len(text.split()),
            "c": len(text.encode()),
            "m": len(text),
            "L": max((len(line) for line in text.split("\n")), default=0),
        }
        row = {k: counts[k] for k in chosen}
        for k in chosen:
            totals[k] = max(totals[k], row[k]) if k == "L" else totals[k] + row[k]
        rows.append((row, name))
    if len(rows) > 1:
        rows.append((totals, "total"))
    width = "%d" if len(chosen) == 1 else "%9d"
    for row, name in rows:
        numbers = " ".join(width % row[k] for k in chosen)
        process.out(f"{numbers} {name}".rstrip() + "\n" if name else numbers + "\n")
    return status


def _sort(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "nruVfbk:t:o:s")
    texts, status = yield from input_texts(process, "sort", options.words)
    lines = [line for _, text in texts for line in text.splitlines()]
    separator = options.get("t")
    keys = [value for name, value in options.order if name == "k"]

    def fields(line: str) -> list[str]:
        return line.split(separator) if separator else re.findall(r"\s*\S+", line)

    def value(text: str, flags: str) -> tuple[float, str]:
        if "n" in flags:
            match = re.match(r"\s*(-?\d+(?:\.\d+)?)", text)
            return (float(match.group(1)) if match else 0.0), ""
        if "V" in flags:
            return 0.0, re.sub(r"\d+", lambda m: m.group().zfill(20), text)
        return 0.0, text.lower() if "f" in flags else text

    def key_function(start: int, end: int | None, flags: str) -> Callable[[str], tuple[float, str]]:
        return lambda line: value((separator or "").join(fields(line)[start:end]).lstrip(), flags)

    parsed = []
    for key in keys:
        match = re.fullmatch(r"(\d+)(?:\.\d+)?([nrVfb]*)(?:,(\d+)(?:\.\d+)?([nrVfb]*))?", key)
        if not match:
            process.refuse(key, f"sort: key {key} is not modelled", expected="-k N or -k N,M with n, r")
        parsed.append(
            (int(match[1]) - 1, int(match[3]) if match[3] else None, (match[2] or "") + (match[4] or ""))
        )
    plain = "".join(k for k in "nVf" if k in options)
    ordered = sorted(lines) if "s" not in options else list(lines)
    for start, end, flags in reversed(parsed or [(0, None, "")]):
        ordered.sort(
            key=key_function(start, end, flags or plain) if parsed else lambda line: value(line, plain),
            reverse="r" in flags or "r" in options,
        )
    if "u" in options:
        ordered = [line for line, _ in itertools.groupby(ordered)]
    text = "".join(line + "\n" for line in ordered)
    target = options.get("o")
    if target is not None:
        process.host.files.write(process.host.files.absolute(target, process.cwd), text)
    else:
        process.out(text)
    return status


def _uniq(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "cdui")
    texts, status = yield from input_texts(process, "uniq", options.words)
    lines = [line for _, text in texts for line in text.splitlines()]
    for _, group in itertools.groupby(lines, key=str.lower if "i" in options else None):
        same = list(group)
        if ("d" in options and len(same) < 2) or ("u" in options and len(same) > 1):
            continue
        process.out((f"{len(same):7d} " if "c" in options else "") + same[0] + "\n")
    return status


def _ranges(process: Process, word: Arg) -> list[tuple[int, int]]:
    found = []
    for piece in word.split(","):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", piece)
        if not match or not piece.strip("-"):
            process.refuse(word, f"cut: list {word} is not modelled", expected="N, N-M, N-, -M")
        start = int(match[1] or 1)
        end = int(match[3]) if match[3] else (1 << 30 if match[2] else start)
        found.append((start, end))
    return found


def _cut(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "d:f:c:b:s")
    chosen = options.get("f") or options.get("c") or options.get("b")
    if chosen is None:
        process.refuse(argv[0], "cut needs a list", expected="cut -d X -f LIST, or cut -c LIST")
    ranges = _ranges(process, chosen)
    by_field = "f" in options
    delimiter = options.get("d") or "\t"
    texts, status = yield from input_texts(process, "cut", options.words)
    for _, text in texts:
        for line in text.splitlines():
            if by_field and delimiter not in line:
                if "s" not in options:
                    process.out(line + "\n")
                continue
            pieces = line.split(delimiter) if by_field else list(line)
            kept = [p for n, p in enumerate(pieces, 1) if any(a <= n <= b for a, b in ranges)]
            if by_field:
                # BusyBox shows what lies behind the last field as an empty one.
                kept += [""] * sum(a > len(pieces) for a, _ in ranges)
            process.out((delimiter if by_field else "").join(kept) + "\n")
    return status


def _characters(process: Process, word: Arg) -> str:
    text = word.encode().decode("unicode_escape") if "\\" in word else str(word)
    classes = {"[:upper:]": "A-Z", "[:lower:]": "a-z", "[:digit:]": "0-9", "[:space:]": " \t\n\r\f\v"}
    for name, stands_for in classes.items():
        text = text.replace(name, stands_for)
    if "[:" in text:
        process.refuse(word, f"tr: {word} is not modelled", expected=", ".join(classes))
    return re.sub(
        r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), text, flags=re.DOTALL
    )


def _tr(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "dsc")
    sets = [_characters(process, word) for word in options.words]
    if not sets or len(sets) > 2:
        process.refuse(argv[0], "tr needs one or two sets", expected="tr [-d] [-s] [-c] SET1 [SET2]")
    text = yield from process.read_all()
    first = sets[0]

    def inside(char: str) -> bool:
        return (char in first) != ("c" in options)

    if "d" in options:
        text = "".join(c for c in text if not inside(c))
    elif len(sets) == 2:
        last = sets[1][-1:]
        table = {c: (sets[1][i] if i < len(sets[1]) else last) for i, c in enumerate(first)}
        text = "".join((last if "c" in options else table[c]) if inside(c) else c for c in text)
    if "s" in options:
        squeezed = sets[-1]
        text = re.sub(rf"([{re.escape(squeezed)}])\1+", r"\1", text) if squeezed else text
    process.out(text)
    return 0


def _seq(process: Process, argv: list[Arg]) -> int:
    words = argv[1:]
    if not 1 <= len(words) <= 3 or not all(re.fullmatch(r"-?\d+", w) for w in words):
        process.refuse(argv[-1], "seq: only whole numbers are modelled", expected="seq [FIRST [STEP]] LAST")
    numbers = [int(w) for w in words]
    first = numbers[0] if len(numbers) > 1 else 1
    step = numbers[1] if len(numbers) > 2 else 1
    if step == 0:
        process.refuse(argv[2], "seq: the step is 0", expected="another step")
    last = numbers[-1] + (1 if step > 0 else -1)
    process.out("".join(f"{n}\n" for n in range(first, last, step)))
    return 0


def _yes(process: Process, argv: list[Arg]) -> Running:
    text = " ".join(argv[1:]) or "y"
    while True:
        process.out(text + "\n")
        yield Wait(until=process.now)


COMMANDS: Final[dict[str, Command]] = {
    "grep": _grep,
    "egrep": _grep,
    "fgrep": _grep,
    "head": _head,
    "tail": _tail,
    "wc": _wc,
    "sort": _sort,
    "uniq": _uniq,
    "cut": _cut,
    "tr": _tr,
    "seq": _seq,
    "yes": _yes,
}

"""``curl`` and busybox's ``wget``, as far as a lab needs them: fetch one page over HTTP from an address."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

from netlab.kernel.tcp import CLOSED, SYN_SENT, TcpSocket
from netlab.lab.arguments import read_options
from netlab.lab.commands.netcat import ERRNO
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError
from netlab.lab.inet import read_address
from netlab.lab.process import Running, Signal, Wait
from netlab.wire import ip_text

_URL: Final = re.compile(r"(?:http://)?([^/:\s]+)(?::(\d+))?(/\S*)?")


@dataclass(frozen=True, slots=True)
class _Target:
    """What a URL names."""

    host: str
    address: int
    port: int
    path: str


def _target(process: Process, word: Arg, name: str) -> _Target | None:
    """The parts of a URL; None where the host is not an address: a lab has no name server."""
    match = _URL.fullmatch(word)
    if not match:
        process.refuse(word, f"{name}: {word} is not modelled", expected="http://ADDRESS[:PORT][/PATH]")
    address = read_address(match.group(1))
    if address is None:
        return None
    return _Target(match.group(1), address, int(match.group(2) or 80), match.group(3) or "/")


@dataclass(slots=True)
class _Answer:
    """What came back: an errno name or ``TIMEOUT`` and where, or the head and the body."""

    error: str = ""
    connected: bool = False
    head: str = ""
    body: str = ""


def _fetch(
    process: Process, target: _Target, request: str, connect_wait: float | None, wait: float | None
) -> Generator[Wait, None, _Answer]:
    """Connect, ask, read until the other side closes or has sent what it announced."""
    sock = TcpSocket(process.netns)
    answer = _Answer(sock.connect(target.address, target.port))
    if answer.error:
        return answer
    end = None if wait is None else process.now + wait
    try:
        yield from process.stand_back()
        patience = [w for w in (connect_wait, wait) if w is not None]
        if not (
            yield from process.wait(
                lambda: sock.state != SYN_SENT or bool(sock.error), min(patience, default=None)
            )
        ):
            sock.close()
            return _Answer("TIMEOUT")
        if error := sock.take_error():
            return _Answer(error)
        answer.connected = True
        sock.send(request.encode())
        data = b""
        while not _complete(data):
            left = None if end is None else max(0.0, end - process.now)
            arrived = yield from process.wait(
                lambda: bool(sock.received) or sock.eof or bool(sock.error) or sock.state == CLOSED, left
            )
            if not arrived:
                answer.error = "TIMEOUT"
                break
            data += sock.read()
            if sock.error:
                answer.error = sock.error
            if sock.eof or sock.error or sock.state == CLOSED:
                break
    except Signal:
        sock.close()
        raise
    sock.close()
    text = data.decode("utf-8", "replace")
    head, _, body = text.replace("\r\n\r\n", "\n\n", 1).partition("\n\n")
    answer.head, answer.body = (head, body) if text.startswith("HTTP/") else ("", text)
    return answer


def _complete(data: bytes) -> bool:
    head, gap, body = data.partition(b"\r\n\r\n")
    match = re.search(rb"(?i)\ncontent-length:\s*(\d+)", head)
    return bool(gap and match and len(body) >= int(match.group(1)))


def _seconds(process: Process, word: Arg | None) -> float | None:
    if word is None:
        return None
    try:
        return float(word)
    except ValueError:
        process.refuse(word, "a number of seconds is needed", expected="a number")


def _curl(process: Process, argv: list[Arg]) -> Running:
    long = {
        "silent": "s", "show-error": "S", "max-time=": "m", "connect-timeout=": "connect-timeout", "output=": "o",
        "fail": "f", "include": "i", "head": "I", "ipv4": "4", "no-progress-meter": "no-progress-meter",
        "write-out=": "w",
    }  # fmt: skip
    options = read_options(process, argv, "sSm:o:fiI4w:", long)
    if not options.words:
        process.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
        return 2
    word = options.words[0]
    target = _target(process, word, "curl")
    loud = "s" not in options or "S" in options
    if target is None:
        if loud:
            match = _URL.fullmatch(word)
            process.err(f"curl: (6) Could not resolve host: {match.group(1) if match else word}\n")
        return 6
    if not ({"s", "no-progress-meter"} & options.values.keys()) and (
        "o" in options or not process.stream(1).is_terminal
    ):
        process.refuse(word, "curl: the progress meter is not modelled", expected="curl -s")
    host = target.host if target.port == 80 else f"{target.host}:{target.port}"
    method = "HEAD" if "I" in options else "GET"
    request = (
        f"{method} {target.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"
    )
    started = process.now
    answer = yield from _fetch(
        process,
        target,
        request,
        _seconds(process, options.get("connect-timeout")),
        _seconds(process, options.get("m")),
    )
    spent = f"{(process.now - started) * 1000:.0f}"
    status, message = 0, ""
    if answer.error == "TIMEOUT":
        status = 28
        message = (
            f"Operation timed out after {spent} milliseconds with 0 bytes received"
            if answer.connected
            else f"Failed to connect to {target.host} port {target.port} after {spent} ms: Timeout was reached"
            if "connect-timeout" in options
            else f"Connection timed out after {spent} milliseconds"
        )
    elif answer.error and not answer.connected:
        status = 7
        message = f"Failed to connect to {target.host} port {target.port} after {spent} ms: Couldn't connect to server"
    elif answer.error:
        status, message = 56, f"Recv failure: {ERRNO.get(answer.error, answer.error)}"
    elif not answer.head and not answer.body:
        status, message = 52, "Empty reply from server"
    elif not answer.head:
        status, message = 1, "Received HTTP/0.9 when not allowed"
    code = answer.head.split(" ", 2)[1] if answer.head.count(" ") else ""
    if not status and "f" in options and code >= "400":
        status, message = 22, f"The requested URL returned error: {code}"
    if status:
        if loud:
            process.err(f"curl: ({status}) {message}\n")
        process.out(_written(process, options.get("w"), target, answer, code, 0))
        return status
    text = (answer.head + "\n\n" if "i" in options or "I" in options else "") + answer.body
    delivered = _deliver(process, options.get("o"), text)
    size = len(answer.body.encode("utf-8", "replace"))
    process.out(_written(process, options.get("w"), target, answer, code, size))
    return delivered


def _written(
    process: Process, form: Arg | None, target: _Target, answer: _Answer, code: str, size: int
) -> str:
    """What ``-w`` prints when all is over."""
    if form is None:
        return ""
    values = {
        "http_code": code or "000",
        "response_code": code or "000",
        "remote_ip": target.host if answer.connected else "",
        "remote_port": str(target.port) if answer.connected else "0",
        "size_download": str(size),
    }

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            process.refuse(
                form, f"curl: {match[0]} is not modelled", expected=" ".join(f"%{{{v}}}" for v in values)
            )
        return values[match[1]]

    text = form.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")
    return re.sub(r"%\{(\w+)\}", value, text)


def _deliver(process: Process, word: Arg | None, text: str) -> int:
    if word is None or word == "-":
        process.out(text)
        return 0
    try:
        process.host.open_for_writing(
            process, process.host.files.absolute(word, process.cwd), word.place, append=False
        ).write(text)
    except FileError as error:
        process.err(f"{word}: {error}\n")
        return 23
    return 0


def _wget(process: Process, argv: list[Arg]) -> Running:
    options = read_options(process, argv, "qO:T:", {"timeout=": "T"})
    if not options.words:
        process.refuse(argv[-1], "wget needs a URL", expected="wget [-q] [-O FILE] [-T SECONDS] URL")
    word = options.words[0]
    target = _target(process, word, "wget")
    if target is None:
        process.err(f"wget: bad address '{word.split('//')[-1].split('/')[0]}'\n")
        return 1
    if "q" not in options:
        process.err(
            f"Connecting to {word.split('//')[-1].split('/')[0]} ({ip_text(target.address)}:{target.port})\n"
        )
    host = target.host if target.port == 80 else f"{target.host}:{target.port}"
    request = f"GET {target.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Wget\r\nConnection: close\r\n\r\n"
    wait = _seconds(process, options.get("T"))
    answer = yield from _fetch(process, target, request, wait, wait)
    if answer.error and not answer.connected:
        reason = ERRNO.get(answer.error, "Connection timed out")
        if answer.error == "TIMEOUT":
            process.err("wget: download timed out\n")
        else:
            process.err(f"wget: can't connect to remote host ({ip_text(target.address)}): {reason}\n")
        return 1
    if answer.error:
        process.err(
            "wget: download timed out\n" if answer.error == "TIMEOUT" else "wget: error getting response\n"
        )
        return 1
    if not answer.head:
        process.err("wget: error getting response\n")
        return 1
    code = answer.head.split("\n")[0].strip()
    if not re.match(r"HTTP/\S+ 2\d\d", code):
        process.err(f"wget: server returned error: {code}\n")
        return 1
    target_file = options.get("O")
    if target_file is None:
        target_file = Arg(target.path.rsplit("/", 1)[-1] or "index.html", word.place)
    return _deliver(process, target_file, answer.body)


COMMANDS: Final[dict[str, Command]] = {"curl": _curl, "wget": _wget}

"""``%%lab`` for notebooks: a cell is a lab script, and one simulated host lives from cell to cell.

    %load_ext netlab.magics

    %%lab --kernel 6.1 --new
    ip link add br0 type bridge

``--new`` starts a fresh host; ``--kernel`` another kernel profile (which is a fresh host as well). ``--name NAME`` keeps
several hosts side by side. ``%lab COMMAND`` runs one line. The cell's value is a :class:`~netlab.lab.result.LabResult`;
``_`` and ``lab_result()`` give it back.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import InputError, NetlabError

if TYPE_CHECKING:
    from netlab.lab import Lab, LabResult

_USAGE: Final = "%%lab [--kernel 4.4|6.1|6.18] [--new] [--name NAME]"
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "ip": ("link", "addr", "route", "neigh", "netns", "rule", "-br", "-n"),
    "ip link": ("add", "set", "del", "show"),
    "ip addr": ("add", "del", "show", "flush"),
    "ip route": ("add", "del", "show", "get", "replace", "flush"),
    "ip neigh": ("show", "add", "del", "flush", "replace"),
    "ip netns": ("add", "exec", "list", "del"),
    "bridge": ("fdb", "link"),
    "bridge fdb": ("show", "add", "del"),
    "docker": ("run", "exec", "ps", "inspect", "rm"),
    "iptables": ("-t", "-A", "-I", "-D", "-L", "-S", "-F", "-N", "-X", "-P", "-Z", "-nvL", "--line-numbers"),
    "ebtables": ("-t", "-A", "-I", "-D", "-L", "-F", "-P", "--Lc", "--Ln"),
    "conntrack": ("-L", "-E", "-D", "-F", "-C"),
    "dmesg": ("-t", "-C", "-c"),
    "ping": ("-c", "-i", "-s", "-t", "-W", "-w", "-I", "-M"),
}
"""What completion offers after the words of a command."""


@dataclass(slots=True)
class Labs:
    """The hosts of a notebook, by name, and the last result."""

    hosts: dict[str, Lab] = field(default_factory=dict)
    result: LabResult | None = None

    def run(self, line: str, text: str, *, source: str) -> LabResult:
        """Run a cell: ``line`` holds its options. Raises InputError, with what was printed before shown."""
        from netlab.lab import Lab

        kernel, fresh, name = read_options(line)
        lab = self.hosts.get(name)
        if lab is None or fresh or (kernel is not None and kernel != lab.world.release.name):
            lab = self.hosts[name] = Lab(kernel or (lab.world.release.name if lab is not None else "6.1"))
        self.result = lab.run(text, source=source)
        return self.result


def read_options(line: str) -> tuple[str | None, bool, str]:
    """Kernel (None: not said), whether a fresh host is wanted, and the host's name. Raises InputError.

    >>> read_options("--kernel 4.4 --new")
    ('4.4', True, '')
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InputError(str(error), source="%%lab", text=line, expected=_USAGE) from None
    kernel: str | None = None
    fresh = False
    name = ""
    while words:
        word = words.pop(0)
        option, equals, value = word.partition("=")
        if option in ("--kernel", "--name"):
            if not equals:
                if not words:
                    raise _bad(line, word, f"{option} needs a value")
                value = words.pop(0)
            kernel, name = (value, name) if option == "--kernel" else (kernel, value)
        elif word == "--new":
            fresh = True
        else:
            raise _bad(line, word, f"{word} is no option of %%lab")
    return kernel, fresh, name


def _bad(line: str, word: str, message: str) -> InputError:
    text = f"%%lab {line}"
    return InputError(
        message, source="%%lab", text=text, column=max(text.find(word), 0), width=len(word), expected=_USAGE
    )


def completions(line: str) -> list[str]:
    """What can stand at the end of ``line`` in a lab cell: commands first, then a command's own words.

    >>> completions("ip ro")
    ['route']
    >>> "iptables" in completions("ipt")
    True
    """
    from netlab.lab.commands import known_commands

    for separator in ("&&", "||", ";", "|", "$("):
        line = line.rsplit(separator, 1)[-1]
    words = line.split()
    last = "" if not words or line[-1:].isspace() else words.pop()
    if words[:3] == ["ip", "netns", "exec"] and len(words) >= 4:
        words = words[4:]
    elif words[:2] == ["docker", "exec"] and len(words) >= 3:
        words = words[3:]
    if not words:
        return [name for name in known_commands() if name.startswith(last)]
    for length in range(min(2, len(words)), 0, -1):
        found = _WORDS.get(" ".join(words[:length]))
        if found is not None:
            return [word for word in found if word.startswith(last)]
    return []


def show_error(error: NetlabError) -> None:
    """A refusal in a cell: the message with its caret, and no traceback."""
    print(error, file=sys.stderr)


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext netlab.magics``: registers ``%%lab`` and ``%lab``, their completion, and quiet error display."""
    labs = Labs()

    def lab(line: str, cell: str | None = None) -> Any:
        source = "lab"
        if cell is None:
            return labs.run("", line, source=source)
        return labs.run(line, cell, source=source)

    ipython.register_magic_function(lab, magic_kind="line_cell", magic_name="lab")
    ipython.push({"lab_result": lambda: labs.result}, interactive=False)
    ipython.set_custom_exc((NetlabError,), _quiet)
    matcher = _matcher()
    if matcher is not None:
        ipython.Completer.custom_matchers.append(matcher)


def _quiet(
    shell: Any, kind: type, error: Exception, traceback: Any, tb_offset: int | None = None
) -> list[str]:
    result = getattr(error, "result", None)
    if result is not None and result.output:
        print(result.output, end="")
    text = [f"{type(error).__name__}: {error}"]
    # The cell has failed, and front ends show this instead of a traceback.
    shell._showtraceback(type(error), error, text)
    return text


def _matcher() -> Any:
    try:
        from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
    except ImportError:
        return None

    @context_matcher()  # type: ignore[untyped-decorator]
    def lab_matcher(context: CompletionContext) -> dict[str, Any]:
        text = context.full_text
        inside = text.lstrip().startswith("%%lab")
        line = context.line_with_cursor[: context.cursor_position]
        if not inside and not line.lstrip().startswith("%lab "):
            return {"completions": []}
        line = line.removeprefix("%lab ") if not inside else line
        if line.startswith("%%lab"):
            options = [o for o in ("--kernel", "--new", "--name") if o.startswith(context.token)]
            return {"completions": [SimpleCompletion(text=o, type="lab") for o in options]}
        found = completions(line)
        last = line.split()[-1] if line and not line[-1:].isspace() else ""
        return {
            "completions": [SimpleCompletion(text=word, type="lab") for word in found],
            "matched_fragment": last,
            "suppress": bool(found),
        }

    return lab_matcher

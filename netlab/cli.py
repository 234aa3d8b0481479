"""The shell door: ``netlab run | live | trace | rules | evict | doctor``.

Exit status 2 means bad input, said in one message with file, line and caret; never a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from netlab import _cli_doctor, _cli_evict, _cli_live, _cli_rules, _cli_run, _cli_trace
from netlab.errors import NetlabError

ROOMS = (_cli_run, _cli_live, _cli_trace, _cli_rules, _cli_evict, _cli_doctor)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar; each command's own module adds its part."""
    top = argparse.ArgumentParser(
        prog="netlab",
        description="Packets across a Docker host, and evictions on a Kubernetes node: run labs, read logs and rules.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for room in ROOMS:
        room.add_parser(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    args = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        status = run(args)
        sys.stdout.flush()  # here, where what goes wrong can still be said
        return status
    except NetlabError as error:
        print(f"netlab {args.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader went away (head, less): not our error, and nothing more can be said.
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        print(f"netlab {args.command}: cannot write: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())

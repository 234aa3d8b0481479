"""The process that stands between netlab and a lab on the real kernel, and tidies up whatever happens to netlab.

``netlab.lab.live`` starts this file as a program of its own, in a session of its own, so that no signal for netlab
reaches it. It switches logging on, runs the lab, and switches logging back: when the lab is over, and just as well when
netlab is gone, which closes the pipe that both hold. If this process is killed itself, the lab dies with it
(PR_SET_PDEATHSIG) and netlab switches logging back.

It imports the standard library only and holds the lock of live runs (an inherited descriptor) until it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def _die_with(parent: int) -> None:
    """Between fork and exec of the lab; the caller has one thread."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)


def guard(alive: int, switch: Path, before: str, command: list[str]) -> int:
    """Run a command with the switch on; its exit status, as a shell tells it (128 + N for signal N).

    ``alive`` is the reading end of a pipe: its end is netlab's end. ``before`` is what the switch is put back to.
    """

    def end_with_netlab() -> None:
        os.read(alive, 1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGKILL)

    own = os.getpid()
    try:
        switch.write_text("1\n")
        lab = subprocess.Popen(command, start_new_session=True, preexec_fn=lambda: _die_with(own))
        threading.Thread(target=end_with_netlab, daemon=True).start()
        status = lab.wait()
    finally:
        switch.write_text(before)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # not SIG_IGN, which the lab would inherit
    sys.exit(guard(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))

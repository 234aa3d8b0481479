"""A lab on this machine's own kernel: in a throw-away network namespace, root needed.

Nothing outside that namespace is touched but one sysctl, ``net.netfilter.nf_log_all_netns`` (lines of other namespaces
are logged only with it), which a process of its own restores even if this one is killed (``live_guard``). The lab's text
goes to a shell as a file, never as part of a command line, and that file is in the lab's own mount namespace. What the
script leaves running ends with it: it has a PID namespace of its own.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netlab.errors import NetlabError

LOG_ALL: Final = Path("/proc/sys/net/netfilter/nf_log_all_netns")
KMSG: Final = Path("/dev/kmsg")
GUARD: Final = Path(__file__).with_name("live_guard.py")
NEEDED: Final = ("unshare", "ip", "iptables-legacy", "sysctl")
TIMEOUT: Final = 120.0
# What the kernel says about devices, which is not about packets.
_DEVICES: Final = re.compile(
    r"entered (?:blocking|forwarding|disabled|promiscuous|allmulticast)|left (?:promiscuous|allmulticast)"
    r"|link becomes ready|renamed from"
)
# The same start as on the simulated host: see netlab.lab.host.SYSCTLS.
_BEFORE: Final = """\
mount -t proc proc /proc
mount -t tmpfs run /run
mkdir -p /run/netns /run/bin
for tool in iptables iptables-save iptables-restore; do
  ln -s "$(command -v xtables-legacy-multi)" /run/bin/$tool
done
export PATH=/run/bin:$PATH XTABLES_LOCKFILE=/run/xtables.lock
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
sysctl -qw net.bridge.bridge-nf-call-iptables=1
ip link set lo up
cd /run
cat > bin/lab.sh
exec < /dev/null
. bin/lab.sh
"""
_UNSHARE: Final = (
    "unshare",
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "sh",
    "-c",
    _BEFORE,
    "sh",
)


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What a lab printed and what the kernel logged: ``kernel`` is the release that ran it."""

    kernel: str
    output: str
    log: list[str]
    status: int


def why_not_live() -> str | None:
    """Why a lab cannot run on this machine's kernel, in words; None if it can."""
    if sys.platform != "linux":
        return f"this is {platform.system()}, not Linux"
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        return f"missing here: {', '.join(missing)}"
    if not LOG_ALL.exists():
        return f"this kernel has no {LOG_ALL}"
    if not os.access(KMSG, os.R_OK) or not os.access(LOG_ALL, os.W_OK):
        return "the kernel's log or its switch is out of reach here (a container?)"
    return None


@contextlib.contextmanager
def alone() -> Iterator[int]:
    """One live run at a time, for all namespaces log into the same ring; the descriptor that holds the lock.

    The lock is on the ring's own device, so that no file is left behind. Whoever inherits the descriptor holds it too.
    """
    import fcntl  # not on Windows, where this module may still be imported to say why it cannot run

    lock = os.open(KMSG, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _guarded(text: str, lock: int, timeout: float) -> tuple[str, int]:
    """Output and exit status of a lab. Whatever ends this call or this process also ends the lab (see live_guard)."""
    before = LOG_ALL.read_text()
    guard = None
    output = b""
    watched, ours = os.pipe()
    try:
        with tempfile.TemporaryFile() as lab:
            lab.write(text.encode())
            lab.seek(0)
            guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(watched), str(LOG_ALL), before, *_UNSHARE],
                stdin=lab,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(watched, lock),
                start_new_session=True,
            )
        output, _ = guard.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise NetlabError(f"the lab did not end within {timeout:g} s") from None
    finally:
        os.close(watched)
        os.close(ours)
        if guard is not None:
            with guard:  # it ends the lab, if that is still there
                pass
            if guard.returncode < 0:
                LOG_ALL.write_text(before)
    if guard.returncode < 0:
        raise NetlabError(f"the process that watched over the lab was killed (signal {-guard.returncode})")
    return output.decode("utf-8", "replace"), guard.returncode


def _new_lines(kmsg: int) -> Iterator[str]:
    """Records that came since the descriptor was moved to the end: ``level,number,time,flags;text``."""
    while True:
        try:
            record = os.read(kmsg, 8192)
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise NetlabError("the kernel's ring buffer ran over while the lab ran") from None
        text = record.partition(b";")[2].partition(b"\n")[0].decode("utf-8", "replace")
        if not _DEVICES.search(text):
            yield text


def run_live(text: str, *, timeout: float = TIMEOUT) -> LiveResult:
    """Run a lab script on this machine's kernel; raises NetlabError where that cannot be (see ``why_not_live``)."""
    if (reason := why_not_live()) is not None:
        raise NetlabError(f"no live run: {reason}")
    with alone() as lock:
        kmsg = os.open(KMSG, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.lseek(kmsg, 0, os.SEEK_END)
            output, status = _guarded(text, lock, timeout)
            log = list(_new_lines(kmsg))
        finally:
            os.close(kmsg)
    return LiveResult(platform.release(), output, log, status)

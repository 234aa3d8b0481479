"""A lab on this machine's own kernel: in a throw-away network namespace, root needed.

Nothing outside that namespace is touched but one sysctl, ``net.netfilter.nf_log_all_netns`` (lines of other namespaces
are logged only with it), which a watcher process restores even if this one is killed. The lab's text goes to a shell as
a file, never as part of a command line. What the script leaves running ends with it: it has a PID namespace of its own.
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
. "$1"
"""


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
def _logging_everywhere() -> Iterator[None]:
    """Switch on logging from all namespaces; a child restores the old value when this process is done or dead."""
    before = LOG_ALL.read_text()
    watched, ours = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(ours)
        os.read(watched, 1)
        LOG_ALL.write_text(before)
        os._exit(0)
    os.close(watched)
    try:
        LOG_ALL.write_text("1\n")
        yield
    finally:
        os.close(ours)
        os.wait()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One live run at a time: all namespaces log into the same ring."""
    import fcntl  # not on Windows, where this module may still be imported to say why it cannot run

    with Path(tempfile.gettempdir(), "netlab-live.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
    with _alone(), tempfile.TemporaryDirectory(prefix="netlab-live-") as folder, _logging_everywhere():
        before, lab = Path(folder, "before.sh"), Path(folder, "lab.sh")
        before.write_text(_BEFORE)
        lab.write_text(text)
        kmsg = os.open(KMSG, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.lseek(kmsg, 0, os.SEEK_END)
            ran = subprocess.run(
                [
                    "unshare",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "sh",
                    str(before),
                    str(lab),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            )
            log = list(_new_lines(kmsg))
        except subprocess.TimeoutExpired:
            raise NetlabError(f"the lab did not end within {timeout:g} s") from None
        finally:
            os.close(kmsg)
    return LiveResult(platform.release(), ran.stdout.decode("utf-8", "replace"), log, ran.returncode)

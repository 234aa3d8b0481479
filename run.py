#!/usr/bin/env python3
"""Everything netlab needs, from one file: python3 run.py VERB [arguments]

Needs only Python 3.11 or newer. The first call makes .venv from requirements/lock.txt (a minute or so);
later calls start at once. Delete .venv to begin again.
"""

# This file must still compile on the oldest python3 in use (3.6), or its message about the version is never
# seen: no annotations that need evaluating, no newer syntax.

import glob
import hashlib
import os
import platform
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.realpath(os.path.join(ROOT, ".venv"))
LOCK = os.path.join(ROOT, "requirements", "lock.txt")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
START = os.path.join("notebooks", "00-start-here.ipynb")

# Programs, not Python packages: names to look for, Debian's package, Homebrew's formula, what they do here.
DOT = (("dot",), "graphviz", "graphviz", "graphs are drawn by it; without it they are shown as text")
CHROMIUM = (
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium",
    None,
    "notebooks are tested in it; without it those tests are skipped",
)

# Verbs that only run a script of the project in the environment, with the arguments as given.
SCRIPTS = {
    "regen": ("tools/regen.py", "execute the notebooks and store their outputs; --check only compares"),
    "site": ("tools/site.py", "write the notebooks as pages to read and print, without a kernel, to site/"),
    "bench": ("bench/run.py", "measure netlab's speed"),
    "kernel-check": (
        "tools/kernel_check.py",
        "compare the simulator with a real kernel; N=500 sets how many labs",
    ),
}


def say(text: str) -> None:
    print("run.py: " + text, file=sys.stderr, flush=True)


def quietly(command: "list[str]") -> bool:
    """Run a command that may neither ask nor chatter; True if it went well. Its errors are shown."""
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) == 0


def newer_python() -> None:
    """Where this Python is too old, go on in a newer one of this machine, or exit with a message."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(30, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        # A pyenv shim is found even where its Python is not chosen: only one that starts will do.
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            say("Python %s is too old, going on with %s" % (platform.python_version(), found))
            os.execv(found, [found, *sys.argv])
    sys.exit(
        "run.py: netlab needs Python %d.%d or newer; this is %s (%s), and no newer python3.x is on the PATH"
        % (*OLDEST, platform.python_version(), sys.executable)
    )


# Programs of the system --------------------------------------------------------------------------


def as_root() -> "list[str] | None":
    """What to put before a command to run it as root without a question; None where that is not allowed."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    question = [str(sudo), "-n", "true"]
    if sudo and subprocess.call(question, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) == 0:
        return [sudo, "-n"]
    return None


def apt_install(packages: "list[str]") -> bool:
    """Install Debian packages where there is apt-get and we may use it; False if any is not installed."""
    root = as_root()
    if root is None or not shutil.which("apt-get"):
        return False
    say("installing %s with apt-get ..." % " ".join(packages))
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    quietly([*apt, "update"])  # a stale list may still do
    # One by one: a package that this release lacks must not keep the others away.
    install = [*apt, "install", "-y", "--no-install-recommends"]
    return [p for p in packages if not quietly([*install, p])] == []


def want_programs(*programs: "tuple[tuple[str, ...], str, str | None, str]") -> None:
    """Install the missing ones where that is allowed (tried once an environment), otherwise say how."""

    def absent(program: "tuple[tuple[str, ...], str, str | None, str]") -> bool:
        return not any(map(shutil.which, program[0]))

    noted = os.path.join(VENV, "netlab.programs")
    tried = _read(noted).split()
    new = [p for p in programs if absent(p) and p[1] not in tried]
    if new:
        with open(noted, "a") as stream:
            stream.writelines(p[1] + "\n" for p in new)
        brew = shutil.which("brew")
        if brew:
            for formula in [p[2] for p in new if p[2]]:
                subprocess.call([brew, "install", "--quiet", formula])
        else:
            apt_install([p[1] for p in new])
    for program in filter(absent, programs):
        say("%s is not here: %s" % (program[1], program[3]))
        if shutil.which("apt-get"):
            say("    to install it: sudo apt-get install %s" % program[1])


# The environment ---------------------------------------------------------------------------------


def stamp() -> str:
    """What the environment depends on, in one digest: the lock, the project, the Python and the place."""
    digest = hashlib.sha256()
    for path in (LOCK, os.path.join(ROOT, "pyproject.toml")):
        with open(path, "rb") as stream:
            digest.update(stream.read())
    python = (platform.python_implementation(), platform.python_version(), platform.machine())
    digest.update(" ".join([*python, ROOT]).encode())
    return digest.hexdigest()


def environment() -> None:
    """Make .venv from the lock unless the one there was made from the same lock by the same Python."""
    mark = os.path.join(VENV, "netlab.stamp")
    if os.path.exists(PYTHON) and _read(mark) == stamp():
        return
    say("setting up .venv (the first time, or after an update) ...")
    clear(VENV)
    # Under a virtual environment's own Python the base one must do it: the environment may be .venv itself.
    base = getattr(sys, "_base_executable", None) or sys.executable
    uv = shutil.which("uv")
    if uv:
        must([uv, "venv", "--quiet", "--python", base, VENV])
        pip = [uv, "pip", "install", "--quiet", "--python", PYTHON]
        must([*pip, "--compile-bytecode", "--require-hashes", "-r", LOCK])
    else:
        need_venv(base)
        must([base, "-m", "venv", VENV])
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        must([*pip, "--require-hashes", "-r", LOCK])
    # The build back end is in the lock, so this needs no network.
    must([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT])
    with open(mark, "w") as stream:
        stream.write(stamp())


def clear(venv: str) -> None:
    """Remove an environment, whole or broken, and nothing that is none."""
    if not os.path.isdir(venv) or not os.listdir(venv):
        return
    if not os.path.exists(os.path.join(venv, "pyvenv.cfg")):
        sys.exit("run.py: %s is not a virtual environment and is left alone; please move it away" % venv)
    # pyvenv.cfg goes last: a removal that is interrupted can be taken up again.
    for name in sorted(os.listdir(venv), key="pyvenv.cfg".__eq__):
        path = os.path.join(venv, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


def need_venv(python: str) -> None:
    """Debian keeps venv's other half, ensurepip, in a package of its own."""
    check = [python, "-c", "import ensurepip, venv"]
    if subprocess.call(check, stderr=subprocess.DEVNULL) == 0:
        return
    package = "python%d.%d-venv" % sys.version_info[:2]
    if not (apt_install([package]) and subprocess.call(check, stderr=subprocess.DEVNULL) == 0):
        sys.exit(
            "run.py: this Python cannot make virtual environments. Please install what is missing:"
            "\n    sudo apt-get update && sudo apt-get install -y %s" % package
        )


def must(command: "list[str]") -> None:
    code = subprocess.call(command, env=variables())
    if code:
        sys.exit("run.py: failed with status %d: %s" % (code, " ".join(command)))


def variables() -> "dict[str, str]":
    """The process environment of everything run in .venv: complete in itself, JupyterLab without its news."""
    ours = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    ours["PATH"] = BIN + os.pathsep + os.environ.get("PATH", os.defpath)
    ours["JUPYTER_CONFIG_PATH"] = os.path.join(ROOT, "etc", "jupyter")
    return ours


def inside(*command: str) -> int:
    """Run Python of .venv at the root of the project."""
    # -m would put the working directory on the path; netlab is to be found because it is installed.
    safe = ["-P"] if command[0] == "-m" else []
    return subprocess.call([PYTHON, *safe, *command], env=variables(), cwd=ROOT)


def _read(path: str) -> str:
    try:
        with open(path) as stream:
            return stream.read()
    except OSError:
        return ""


# The verbs ---------------------------------------------------------------------------------------


def lab(arguments: "list[str]") -> int:
    environment()
    want_programs(DOT)
    notebooks = sorted(glob.glob(os.path.join(ROOT, "notebooks", "*.ipynb")))
    if notebooks:
        # JupyterLab hides the stored pictures of notebooks that were not signed on this machine.
        subprocess.call(
            [PYTHON, "-P", "-m", "nbformat.sign", *notebooks], env=variables(), stdout=subprocess.DEVNULL
        )
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    first = [START] if os.path.exists(os.path.join(ROOT, START)) else []
    options = ["--ServerApp.root_dir=" + ROOT, "--LabApp.extension_manager=readonly", *root]
    return inside("-m", "jupyterlab", *first, *options, *arguments)


def test(arguments: "list[str]") -> int:
    environment()
    want_programs(DOT, CHROMIUM)
    return run_parts(
        [
            ("ruff check", ["-m", "ruff", "check"]),
            ("ruff format", ["-m", "ruff", "format", "--check"]),
            ("mypy", ["-m", "mypy"]),
            # A notebook's cells share a kernel: loadscope keeps them in one process.
            ("pytest", ["-m", "pytest", "-n", "2", "--dist", "loadscope", *arguments]),
        ]
    )


def run_parts(parts: "list[tuple[str, list[str]]]") -> int:
    """Run all parts, whatever becomes of the others; 1 if any failed."""
    results = []
    for name, command in parts:
        print("== " + name, flush=True)
        results.append((name, inside(*command)))
    print("\n== summary")
    for name, code in results:
        print("%-12s %s" % (name, "ok" if code == 0 else "FAILED (status %d)" % code))
    sys.stdout.flush()
    return int(any(code for _, code in results))


def script(verb: str, arguments: "list[str]") -> int:
    path = SCRIPTS[verb][0]
    if not os.path.exists(os.path.join(ROOT, path)):
        say("this checkout has no %s" % path)
        return 2
    environment()
    return inside(path, *arguments)


def usage() -> str:
    lines = [__doc__, "verbs:"]
    rows = [
        ("lab", "open the course in JupyterLab; arguments go to it"),
        ("test", "check style and types and run every test; arguments go to pytest"),
    ]
    rows += [(verb, text) for verb, (_, text) in SCRIPTS.items()]
    return "\n".join(lines + ["    %-13s %s" % row for row in rows])


def main(argv: "list[str]") -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    verb, arguments = argv[0], argv[1:]
    if verb not in ("lab", "test", *SCRIPTS):
        say("no verb %r" % verb)
        print(usage(), file=sys.stderr)
        return 2
    newer_python()
    if verb == "lab":
        return lab(arguments)
    return test(arguments) if verb == "test" else script(verb, arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

"""JupyterLab on copies of the notebooks, driven by a headless Chromium: for tests/browser and bench/browser.py.

Server and browser are private: own port, token, settings and profile, and a server that nobody uses any more ends
by itself. Pages reach that server and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "etc/jupyter/labconfig/default_setting_overrides.json"
#: Seconds that anything may take on a slow machine. Whatever is waited for is usually there in a tenth of it.
PATIENCE = 120
FLAGS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
#: A kernel's message as it crosses the websocket: an exception, also of a widget's callback, or text on stderr.
TROUBLE = re.compile(rb'"msg_type": ?"error"|"name": ?"stderr"')
# Loading JupyterLab anew for every notebook would take most of the time.
OPEN = "(path) => jupyterapp.commands.execute('docmanager:open', { path }).then(() => {})"
CLOSE = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.sessionContext.shutdown();
    panel.dispose();
}"""
CONNECTED = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
SETTLED = """() => jupyterapp.shell.currentWidget.sessionContext.session.kernel
    .requestExecute({ code: "", silent: true, store_history: false }).done.then(() => {})"""
DONE = """() => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")];
    return prompts.length && prompts.every((prompt) => /\\[\\d+\\]/.test(prompt.textContent));
}"""
#: The promise is kept when the picture has changed and was painted: milliseconds since the key, as the page saw it.
STOPWATCH = """(picture) => {
    window.stopwatch = new Promise((done) => {
        let start;
        addEventListener("keydown", (event) => (start = event.timeStamp), { capture: true, once: true });
        const observer = new MutationObserver(() => {
            if (start === undefined) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
        });
        observer.observe(picture, { childList: true, subtree: true, characterData: true });
    });
}"""


class Unavailable(Exception):
    """Something that only the browser needs is not on this machine; the message says what."""


class NotebookPage:
    """A notebook open in JupyterLab; ``page`` is Playwright's.

    ``complaints`` collects what must not happen, in words: errors on the browser's console, requests to other servers,
    exceptions and stderr of the kernel, wherever they would be shown.
    """

    def __init__(self, page: Any, url: str, name: str) -> None:
        self.page = page
        self.url = url
        self.name = name
        self.complaints: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Collect complaints as long as this lasts."""
        listeners = {
            "pageerror": lambda error: self.complaints.append(f"exception in the page: {error}"),
            "console": self._heard,
            "request": lambda request: self._asked(request.url),
            "websocket": self._connected,
        }
        for event, listener in listeners.items():
            self.page.on(event, listener)
        try:
            yield
        finally:
            for event, listener in listeners.items():
                self.page.remove_listener(event, listener)

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"console error: {message.text} ({message.location.get('url')})")

    def _asked(self, url: str) -> None:
        own = (f"{self.url}/", f"{self.url.replace('http', 'ws', 1)}/", "data:", "blob:")
        if not url.startswith(own):
            self.complaints.append(f"request outside the server: {url}")

    def _connected(self, websocket: Any) -> None:
        self._asked(websocket.url)
        websocket.on("framereceived", self._received)

    def _received(self, frame: str | bytes) -> None:
        data = frame.encode() if isinstance(frame, str) else frame
        # JupyterLab asks a new kernel for widgets that it cannot know yet, and the kernel says so on stderr.
        if TROUBLE.search(data) and b'"text": "No such comm' not in data:
            text = re.sub(r"[^\x20-\x7e]+", " ", data.decode("utf-8", "replace"))
            self.complaints.append(f"error or stderr from the kernel: {text[-1500:]}")

    def run_all(self) -> None:
        """Run All Cells from the menu; returns when every code cell has its number and the widgets are drawn."""
        for bar, label in ((".lm-MenuBar", "Run"), (".lm-Menu", "Run All Cells")):
            self.page.locator(f"{bar}-itemLabel", has_text=re.compile(f"^{label}$")).click()
        self.page.wait_for_function(DONE)
        self.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        self.page.wait_for_function(
            """() => [...document.querySelectorAll(".jp-OutputArea-output[data-mime-type*=widget-view]")].every(
                (output) => output.querySelector(".jupyter-widgets"))"""
        )

    def settle(self) -> None:
        """Wait until the kernel has answered all that was asked so far: only then are its complaints complete."""
        self.page.evaluate(SETTLED)

    def press_timed(self, handle: Any, key: str, picture: Any) -> float:
        """Milliseconds from a key on a slider's handle to the painted change of a picture."""
        picture.evaluate(STOPWATCH)
        handle.press(key)
        took: float = self.page.evaluate("() => window.stopwatch")
        return took

    def screenshot(self) -> Path:
        """What the window shows, in a temporary file that stays."""
        folder = Path(tempfile.mkdtemp(prefix="netlab-browser-"))
        path = folder / f"{Path(self.name).stem}.png"
        self.page.screenshot(path=path)
        return path


class Server:
    """A JupyterLab of our own and a browser window: ``notebook(name)`` opens one of its notebooks."""

    def __init__(self, url: str, token: str, window: Any) -> None:
        self.url = url
        self.token = token
        self.window = window
        self.page: Any = None

    @contextmanager
    def notebook(self, name: str) -> Iterator[NotebookPage]:
        """Open a notebook, the only one, with its kernel; an exception inside gets a note that names a screenshot."""
        fresh = self.page is None
        if fresh:
            self.page = self.window.new_page()
            self.page.set_default_timeout(PATIENCE * 1000)
        opened = NotebookPage(self.page, self.url, name)
        with opened.listening():
            try:
                if fresh:  # by its link, as Binder does it
                    self.page.goto(f"{self.url}/lab/tree/{name}?token={self.token}&reset")
                    self.page.wait_for_function(
                        "() => window.jupyterapp?.shell.currentWidget?.sessionContext"
                    )
                else:
                    self.page.evaluate(OPEN, name)
                # The page says "idle" before its kernel is connected, and Run All would then ask for one.
                self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.ready")
                self.page.wait_for_function(CONNECTED)
                yield opened
                self.page.evaluate(CLOSE)
            except BaseException as error:
                error.add_note(f"screenshot: {opened.screenshot()}")
                error.add_note("\n".join(["complaints:", *opened.complaints]))
                self.page.close()
                self.page = None
                raise


@contextmanager
def jupyterlab(notebooks: Sequence[Path], *, theme: str = "JupyterLab Light") -> Iterator[Server]:
    """Serve copies of the notebooks, without their stored outputs. Raises Unavailable where there is no browser."""
    program = chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Unavailable(f"Playwright is not installed ({error})") from error
    with tempfile.TemporaryDirectory(prefix="netlab-browser-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary)
        folder = home / "notebooks"
        folder.mkdir()
        for path in notebooks:
            _copy_without_outputs(path, folder)
        with _server(home, theme) as (url, token), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
            try:
                yield Server(url, token, browser.new_context(viewport={"width": 1280, "height": 1000}))
            finally:
                browser.close()


def chromium() -> str:
    """The Chromium on the PATH, by the names that run.py knows. Raises Unavailable."""
    names: tuple[str, ...] = runpy.run_path(str(ROOT / "run.py"))["CHROMIUM"][0]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise Unavailable(f"no Chromium on the PATH ({', '.join(names)})")
    return found


def _copy_without_outputs(path: Path, folder: Path) -> None:
    """Stored outputs and numbers would look like those of a run."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, folder / path.name)


@contextmanager
def _server(home: Path, theme: str) -> Iterator[tuple[str, str]]:
    settings = json.loads(SETTINGS.read_text("utf-8"))
    settings["@jupyterlab/apputils-extension:themes"] = {"theme": theme}
    overrides = home / "config" / "labconfig" / SETTINGS.name
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(settings))
    private = {
        "JUPYTER_CONFIG_PATH": "config",
        "JUPYTER_CONFIG_DIR": "user",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environment = {**os.environ, **{name: str(home / part) for name, part in private.items()}}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-P", "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home / 'notebooks'}"]
    command += ["--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True"]
    # Should we be killed, the kernels and then the server end by themselves.
    command += ["--MappingKernelManager.cull_idle_timeout=600", "--MappingKernelManager.cull_connected=True"]
    command += ["--ServerApp.shutdown_no_activity_timeout=600"]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{url}/api/status?token={token}", process, log)
            yield url, token
        finally:
            _end(process)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                said = log.read_text("utf-8", "replace")[-3000:]
                raise RuntimeError(f"JupyterLab did not start:\n{said}") from error
            time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and what it started; nothing outside its own process group is touched."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

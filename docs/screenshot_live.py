"""Takes the captures of the live view in docs/screenshots: what tmux shows of a run, at several sizes, as text.

Needs tmux. `python docs/screenshot_live.py` after the view changed; then look at them. Times and what the machine does differ each time.
"""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PATIENCE_SECONDS = 60

TASKFILE = """\
version: '3'
tasks:
  default: {cmds: [{task: lint-api}, {task: lint-web}, {task: types}, {task: test-api}, {task: test-web}, {task: build-api}, {task: build-web}, {task: e2e}, {task: package}, {task: deploy}]}
  lint-api: 'sleep 1; echo All checks passed!'
  lint-web: 'sleep 1.4; printf "src/app.ts\\n  12:7  warning  unused variable\\n\\n1 problem\\n"'
  types: 'sleep 6; echo Success: no issues found in 412 source files'
  test-api: 'sleep 9; echo 214 passed in 8.91s'
  test-web: 'sleep 5; echo 2 failed; exit 1'
  build-api: 'sleep 3; echo dist/api-1.4.0.tar.gz'
  build-web: 'sleep 4; echo dist/web.js  182 kB'
  e2e: 'sleep 4; echo 31 passed'
  package: 'sleep 1; echo packaged'
  deploy: 'sleep 1; echo deployed'
  many: {deps: [{for: {var: NAMES}, task: '{{.ITEM}}'}], vars: {NAMES: %(names)s}}
%(many)s
"""
SETTINGS = """\
on_failure = "continue"
[resources]
database = 1
[tasks.test-api]
reads = ["api"]
writes = ["api/coverage"]
uses = ["database"]
[tasks.e2e]
reads = ["web"]
uses = ["database"]
[tasks.build-api]
reads = ["api"]
writes = ["dist/api"]
[tasks.build-web]
reads = ["web"]
writes = ["dist/web"]
[tasks.package]
reads = ["dist"]
writes = ["release"]
[tasks.deploy]
reads = ["release"]
writes = ["deployed"]
[tasks."lint-*"]
reads = ["src"]
[tasks.types]
reads = ["src"]
[tasks."test-*"]
reads = ["src"]
[tasks."t*"]
reads = ["src"]
cost = { cpu = 0.3 }
"""


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, name: str, folder: pathlib.Path, columns: int, lines: int) -> None:
        self._program = ("tmux", "-L", f"paratask-{name}", "-f", os.devnull)
        environment = [f"--chdir={folder}", "-u", "CI", "-u", "NO_COLOR", "-u", "FORCE_COLOR", "LANG=C.UTF-8"]
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), *("env", *environment, "bash", "--norc"))
        self.type(f"PS1='$ '; PATH={shlex.quote(str(pathlib.Path(sys.executable).parent))}:$PATH; clear")

    def _tmux(self, *words: str) -> str:
        return subprocess.run([*self._program, *words], check=True, capture_output=True, text=True).stdout

    def type(self, line: str) -> None:
        self._tmux("send-keys", line, "Enter")

    def resize(self, columns: int, lines: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def seen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def until(self, pattern: str) -> str:
        """What is seen when the pattern is."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not re.search(pattern, self.seen(), re.MULTILINE):
            if time.monotonic() > end:
                raise TimeoutError(f"{pattern} never came, but\n{self.seen()}")
            time.sleep(0.05)
        return self.seen()

    def close(self) -> None:
        self._tmux("kill-server")


def keep(name: str, text: str) -> None:
    """Write a capture, and show it."""
    path = HERE / "screenshots" / f"{name}.txt"
    path.write_text("".join(f"{line.rstrip()}\n" for line in text.rstrip("\n").split("\n")), encoding="utf-8")
    print(f"--- {path.name}\n{path.read_text(encoding='utf-8')}")


def capture(
    folder: pathlib.Path, name: str, *, size: tuple[int, int], line: str, until: str, then: tuple[int, int] | None = None
) -> None:
    """What is seen of a command when a pattern comes; of another size then, and some moments later."""
    terminal = Terminal(name, folder, *size)
    try:
        terminal.type(f"clear; {line}")
        text = terminal.until(until)
        if then is not None:
            terminal.resize(*then)
            time.sleep(1)
            text = terminal.seen()
        keep(name, text)
        terminal.type("\x03")
    finally:
        terminal.close()


def main() -> None:
    """Run once to have something learned, then write one file for each capture."""
    names = [f"t{number:03d}" for number in range(200)]
    many = "\n".join(f"  {name}: sleep 0.{number % 9 + 1}" for number, name in enumerate(names))
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        (folder / "Taskfile.yml").write_text(TASKFILE % {"names": " ".join(names), "many": many}, encoding="utf-8")
        (folder / "paratask.toml").write_text(SETTINGS, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "paratask"], cwd=folder, check=False, capture_output=True)
        run = "paratask --jobs 4"
        capture(folder, "live-80x24", size=(80, 24), line=run, until=r"^ 3/11 jobs")
        capture(folder, "live-200x50", size=(200, 50), line=run, until=r"^ 3/11 jobs")
        capture(folder, "live-20x10", size=(20, 10), line=run, until=r"^ 2/11")
        capture(folder, "live-plain-80x24", size=(80, 24), line=f"LC_ALL=C NO_COLOR=1 {run}", until=r"^ 3/11 jobs")
        capture(folder, "live-200-jobs-80x24", size=(80, 24), line="paratask --jobs 12 many", until=r"^ 4\d/201 jobs")
        capture(folder, "live-resized-100x30-to-50x16", size=(100, 30), line=run, until=r"^ 3/11 jobs", then=(50, 16))


if __name__ == "__main__":
    main()

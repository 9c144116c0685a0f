"""The examples of a page of documentation, run from top to bottom as a reader would.

What to do with a fenced block is said by the words after its backticks, of which sites show only the first:

- `console`: each line that begins with `$ ` is run, and what it writes is compared with the lines below it. `…` stands
  for any text, or, alone on a line, for any lines.
- `bash`: the whole block is run, from the folder in which the page begins, and must succeed.
- a language and a name (`yaml Taskfile.yml`): the file is written; with `>>name` it is added to.

All others are only to be read. It knows nothing of paratask, but for what differs between two of its runs.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK = re.compile(r"^```(?P<words>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"~?\b\d+(\.\d+)? (ms|s|min|%)(?=\W|$)")
SAVED = " (N s saved, N s)"
"""Said where it is a twentieth of a second or more, which five short jobs save on one machine and not on another."""

ANYTHING = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, the name of a file if it has one, its text, and the line it begins at."""

    language: str
    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command, and the output that a page shows for it."""

    command: str
    output: str


def blocks(page: str) -> list[Block]:
    found = []
    for match in BLOCK.finditer(page):
        language, _, name = match["words"].strip().partition(" ")
        line = page.count("\n", 0, match.start()) + 1
        found.append(Block(language=language, name=name, text=match["text"], line=line))
    return found


def shown(text: str) -> list[Shown]:
    """The commands of a `console` block, each with its output."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with a command: {parts[0]!r}"
    return [Shown(command=command, output=output) for command, _, output in (part.partition("\n") for part in parts[1:])]


def agrees(expected: str, actual: str) -> bool:
    return re.fullmatch("".join(_patterns(expected.splitlines())), _steady(actual), re.DOTALL) is not None


def _patterns(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() == ANYTHING:
            yield r"(?:[^\n]*\n)*"
        else:
            yield r"[^\n]*".join(re.escape(part) for part in _steady(line).split(ANYTHING)) + "\n"


def _steady(text: str) -> str:
    """The text without what differs from run to run: times and shares."""
    return TIME.sub("N s", text).replace(SAVED, "")


class Reader:
    """Somebody who follows a page, in a folder with an environment."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.start = folder
        self.folder = folder
        self.environ = environ

    def follow(self, page: str, *, leaves_out: Callable[[Block], bool] = lambda _: False) -> int:
        """Do what the page says; how many blocks were carried out."""
        doable = [block for block in blocks(page) if self._does(block) and not leaves_out(block)]
        for block in doable:
            self._do(block)
        return len(doable)

    def _does(self, block: Block) -> bool:
        return bool(block.name) or block.language in ("bash", "console")

    def _do(self, block: Block) -> None:
        if block.name:
            self._write(block)
        elif block.language == "bash":
            done = self._run("set -eu\n" + block.text, self.start)
            assert done.returncode == 0, f"line {block.line}: exit code {done.returncode}\n{done.stdout}"
        else:
            for example in shown(block.text):
                self._compare(example, block.line)

    def _write(self, block: Block) -> None:
        adds = block.name.startswith(">>")
        file = self.folder / block.name.removeprefix(">>")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((file.read_text(encoding="utf-8") if adds else "") + block.text, encoding="utf-8")

    def _compare(self, example: Shown, line: int) -> None:
        """Run a command; a `cd` in it counts for what follows, as at a prompt."""
        done = self._run(f"{example.command}\ncode=$?; pwd > '{self.start}/.pwd'; exit $code", self.folder)
        self.folder = type(self.folder)((self.start / ".pwd").read_text(encoding="utf-8").rstrip("\n"))
        assert agrees(example.output, done.stdout), (
            f"line {line}: `{example.command}` wrote\n{done.stdout}\nand the page shows\n{example.output}"
        )

    def _run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )

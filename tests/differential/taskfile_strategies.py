"""Generated workspaces: Taskfiles that include one another, the files they read, and what is run in them.

A task only calls tasks that come after it (in its file, or in a file further down), so that there are no cycles. In a scenario
that `has_order`, tasks have one dependency at most, and what they print comes in one order. In the others dependencies print
in any order; there, what would depend on which of them is first is left out: all failures are alike, and a task that is fresh
or stale runs once.

What is left out because it differs on purpose names its entry in docs/compatibility.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml
from choices import Choices, Draw
from hypothesis import strategies as st
from taskfile_parts import LOOPED, VARIABLES, Parts

NAMES = ("default", "build", "test", "lint", "gen", "docs", "w-*", "v-*-*", "a b")
NAMESPACES = ("inc", "lib", "sub")
FOLDERS = ("", "sub", "deep/er")
SOURCES = {"a.txt": "a\n", "b.txt": "b one\nb two\n", "sub/c.txt": "c\n"}
DOTENV = {".env": "A=from_dotenv # comment\n", "other.env": "D='quoted $A'\n", "task.env": 'F="expanded ${D}"\n'}
"""Each sets one variable: of several, `task` lists now this first, now that (compatibility.md, include-order)."""


@dataclass(frozen=True)
class Run:
    """One call of the program, after `before` was written to files. `environ` is on top of a plain one."""

    argv: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    folder: str = ""


@dataclass(frozen=True)
class Scenario:
    """A workspace and what is run in it, one after another."""

    files: dict[str, str]
    runs: list[Run]
    has_order: bool

    def __repr__(self) -> str:
        parts = [f"--- {path}\n{text}" for path, text in self.files.items()]
        parts += [
            f"$ cd ./{run.folder} && {' '.join(f'{k}={v}' for k, v in run.environ.items())} task {run.argv}  # before: {run.before}"
            for run in self.runs
        ]
        return "\n" + "\n".join(parts) + f"\nhas_order={self.has_order}\n"


class Maker(Choices):
    """Makes one scenario."""

    def __init__(self, draw: Draw) -> None:
        super().__init__(draw)
        self.files: dict[str, str] = {}
        self.has_order = not self.chance(35)
        self.merges = self.chance(30)
        self.parts = Parts(draw, has_order=self.has_order, merges=self.merges)
        self.has_neighbours = False

    def scenario(self) -> Scenario:
        self.files.update(SOURCES)
        leaves = ["leaf"] if self.chance(40) else []
        root, known = self.taskfile("Taskfile.yml", depth=0, leaves=leaves, names=(*VARIABLES, *LOOPED))
        if self.chance(25):
            root["dotenv"] = self.some_of((".env", "missing.env", "other.env"), 3) or [".env"]
        if self.merges and self.chance(60):
            root["output"] = self.parts.output()
        if any(name in yaml.safe_dump(root) for name in DOTENV) or self.chance(5):
            self.files.update(DOTENV)
        self.files["Taskfile.yml"] = yaml.safe_dump(root, sort_keys=False, width=1000)
        ordered = dict(reversed(self.files.items()))
        return Scenario(
            files=ordered, runs=[self.run(known, first=n == 0) for n in range(1 + self.number(1))], has_order=self.has_order
        )

    # Files

    def taskfile(
        self, path: str, *, depth: int, leaves: list[str], names: tuple[str, ...]
    ) -> tuple[dict[str, object], list[str]]:
        """A file that is not written yet, and the names that its tasks have in it; it sets variables of these `names`.

        Files that are included side by side, and the file that includes them, set different ones, which do not
        refer to others: compatibility.md, include-order.
        """
        made: dict[str, object] = {"version": "3"}
        folder = path.rpartition("/")[0]
        below: list[str] = []
        included = {}
        namespaces = self.some_of(NAMESPACES, 2) if depth < 2 and self.chance((70, 30)[depth]) else []
        parted = len(namespaces) > 1
        self.has_neighbours |= parted
        outside, self.parts.apart = self.parts.apart, self.parts.apart or parted
        for place, namespace in enumerate(namespaces):
            variables = names[place::3] if parted else names
            included[namespace], adopted = self.include(folder, namespace, depth, leaves, variables)
            below += adopted
        made.update(self.parts.file_level(names[2::3] if parted else names))
        self.parts.apart = outside
        if included:
            made["includes"] = included
        tasks: dict[str, object] = {}
        own = [*self.task_names(depth), *(leaves if depth == 0 else [])]
        roots = [f":{leaf}" for leaf in leaves] if depth else leaves
        for place, name in enumerate(own):
            later = [self.called(later) for later in own[place + 1 :] if later not in leaves]
            tasks[name] = self.parts.task(name, [] if name in leaves else [*later, *below, *roots], depth)
        made["tasks"] = tasks
        aliases = [alias for task in tasks.values() if isinstance(task, dict) for alias in task.get("aliases", [])]
        return made, [*map(self.called, own), *aliases, *below]

    def task_names(self, depth: int) -> list[str]:
        first = ["default"] if depth == 0 or self.chance(40) else []
        return first + self.some_of(NAMES[1:], 3) or ["build"]

    def called(self, name: str) -> str:
        """A name to call it by: `*` stands for something."""
        while "*" in name:
            name = name.replace("*", self.one_of(("x", "yz")), 1)
        return name

    def include(
        self, folder: str, namespace: str, depth: int, leaves: list[str], variables: tuple[str, ...]
    ) -> tuple[object, list[str]]:
        """An `includes` entry, whose file it writes, and the names that its tasks have outside."""
        below = self.one_of(FOLDERS)
        target = "/".join(part for part in (below, f"{namespace}.yml" if self.chance(60) else "Taskfile.yml") if part)
        path = "/".join(part for part in (folder, target) if part)
        if path in self.files or path == "Taskfile.yml":
            target = f"{namespace}{len(self.files)}.yml"
            path = "/".join(part for part in (folder, target) if part)
        self.files[path] = ""
        made, names = self.taskfile(path, depth=depth + 1, leaves=leaves, names=variables)
        self.files[path] = yaml.safe_dump(made, sort_keys=False, width=1000)
        written = f"./{target}" if self.chance(70) else target
        if target.endswith("Taskfile.yml") and self.chance(50) and below:
            written = f"./{below}"
        if self.chance(25):
            return written, [f"{namespace}:{name}" for name in names]
        entry: dict[str, object] = {"taskfile": written}
        return entry, self.parts.include_options(entry, namespace, names, variables)

    # Runs

    def run(self, known: list[str], *, first: bool) -> Run:
        argv = self.parts.flags()
        if self.has_neighbours and "--summary" in argv:  # the order of `vars`: compatibility.md, include-order
            argv.remove("--summary")
        argv += self.some_of(list(dict.fromkeys(known)), 2) if self.chance(60) else []
        if self.chance(3):
            argv.append(self.one_of(("nowhere", "leaf", "inc", ":default")))
        if self.chance(25):
            known_names = ("A=cli", "B=", "C={{.A}}", "L=x y")
            others = ("NEW=1", "ENV=prod")  # beside neighbours, only these: compatibility.md, include-order
            argv.append(self.one_of(others if self.has_neighbours else known_names + others))
        if self.chance(20):
            argv += ["--", *self.some_of(("one", "two words", "it's", "-x", "{{.A}}"), 3)]
        environ = {self.one_of(("A", "B", "G", "ENV")): self.one_of(("os", "prod", ""))} if self.chance(20) else {}
        before = {} if first or self.chance(50) else {self.one_of(("a.txt", "sub/c.txt", "new.txt")): "changed\n"}
        return Run(argv=argv, environ=environ, before=before, folder="sub" if self.chance(6) else "")


@st.composite
def scenarios(draw: Draw) -> Scenario:
    return Maker(draw).scenario()

"""A random monorepo: files, tasks whose commands read and write them, composites of those, and what is true of each task.

Commands are shell texts that paratask has to make sense of, or programs of which it knows nothing. What each does is kept beside its
text, so that engine.py can do it without a shell, and so that true claims can be declared.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

LETTERS = "ab"


@dataclass(frozen=True)
class Effect:
    """What a command does to files: it looks at all it reads, and later does what `how` says, with what it saw, to what it writes.

    Paths are relative to the root; those that end in `/*` are all names in a folder. `how` is write, append, remove, move or touch.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    how: str = "write"


@dataclass
class Leaf:
    """A task of commands. `parameter` is whether it is called with a package `P`; `known` whether paratask can understand it."""

    name: str
    commands: list[tuple[str, Effect]]
    parameter: bool
    dir: str = ""
    once: bool = False
    known: bool = True
    deferred: int = 0
    sources: tuple[str, ...] = ()

    def effects(self, package: str) -> list[Effect]:
        return [_filled(effect, package) for _, effect in self.commands]


@dataclass
class Monorepo:
    """`effects` are by text and folder, as they are run; `calls` are the composites' steps, as YAML."""

    packages: list[str]
    files: dict[str, str]
    leaves: list[Leaf]
    composites: dict[str, list[dict]]
    effects: dict[tuple[str, str], Effect] = field(default_factory=dict)

    def write(self, root: Path) -> None:
        """All of its files, with the Taskfile (as JSON, which YAML is)."""
        for name, text in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (root / "link").symlink_to(self.packages[0])
        (root / "Taskfile.yml").write_text(json.dumps({"version": "3", "silent": True, "tasks": self._tasks()}))

    def _tasks(self) -> dict[str, object]:
        tasks: dict[str, object] = {name: {"cmds": steps} for name, steps in self.composites.items()}
        for leaf in self.leaves:
            steps: list[object] = [text for text, _ in leaf.commands]
            if leaf.deferred:
                steps = [{"defer": steps[-1]}, *steps[:-1]]
            tasks[leaf.name] = {
                "cmds": steps,
                **({"dir": leaf.dir} if leaf.dir else {}),
                **({"run": "once"} if leaf.once else {}),
            }
            if leaf.sources:
                tasks[leaf.name]["sources"] = list(leaf.sources)  # type: ignore[index]
        return tasks

    def true_claims(self, *, chance: random.Random, lie: bool = False) -> str:
        """A paratask.toml that declares what every task of commands does; with `lie`, that it does nothing."""
        lines = []
        for leaf in self.leaves:
            effects = [effect for package in self.packages for effect in leaf.effects(package)]
            reads = {_area(path, chance) for effect in effects for path in effect.reads}
            writes = {_area(path, chance) for effect in effects for path in effect.writes}
            if lie:
                reads, writes = {f"nowhere/{leaf.name}"}, set()
            lines += [f"[tasks.{leaf.name}]", f"reads = {json.dumps(sorted(reads) or ['nowhere'])}"]
            lines += [f"writes = {json.dumps(sorted(writes))}", "local = true"]
        return "\n".join(lines) + "\n"


def make_monorepo(seed: int) -> Monorepo:
    """The same seed makes the same one."""
    chance = random.Random(f"monorepo {seed}")
    packages = [f"pkg{number}" for number in range(chance.choice((1, 2, 3, 4)))]
    repo = Monorepo(packages=packages, files={}, leaves=[], composites={})
    for package in packages:
        for letter in LETTERS:
            repo.files[f"{package}/src/{letter}.txt"] = f"{package} {letter}"
    repo.files["notes.md"] = "notes"
    for number in range(chance.choice((3, 5, 8, 12))):
        repo.leaves.append(_leaf(chance, number, packages))
    for leaf in repo.leaves:
        _remember(repo, leaf)
    names: list[str] = []
    for number in range(chance.choice((1, 2, 4))):
        name = f"c{number}"
        repo.composites[name] = [_call(chance, repo, names) for _ in range(chance.choice((2, 3, 5)))]
        names.append(name)
    repo.composites["all"] = [_call(chance, repo, names) for _ in range(chance.choice((2, 4, 6)))]
    return repo


def _call(chance: random.Random, repo: Monorepo, composites: list[str]) -> dict:
    if composites and chance.random() < 0.4:
        return {"task": chance.choice(composites)}
    leaf = chance.choice(repo.leaves)
    if not leaf.parameter:
        return {"task": leaf.name}
    if chance.random() < 0.2:
        return {"for": repo.packages, "task": leaf.name, "vars": {"P": "{{.ITEM}}"}}
    return {"task": leaf.name, "vars": {"P": chance.choice(repo.packages)}}


def _leaf(chance: random.Random, number: int, packages: list[str]) -> Leaf:
    parameter = chance.random() < 0.3
    known = chance.random() < 0.85
    folder = chance.choice(packages) if not parameter and chance.random() < 0.3 else ""
    commands = [_Writer(chance, packages, parameter, folder).command(known=known) for _ in range(chance.choice((1, 1, 2, 3)))]
    leaf = Leaf(name=f"t{number}", commands=commands, parameter=parameter, dir=folder, known=known)
    leaf.once = not parameter and chance.random() < 0.1
    leaf.deferred = int(len(commands) > 1 and chance.random() < 0.15)
    if not folder and not parameter and chance.random() < 0.1:
        leaf.sources = (f"{packages[0]}/src/*.txt",)
        text, effect = leaf.commands[0]
        leaf.commands[0] = (
            f"{text}  # {leaf.name}",
            _also_reading(effect, f"{packages[0]}/src/*"),
        )  # another may have the same text
    return leaf


def _also_reading(effect: Effect, path: str) -> Effect:
    return Effect(reads=(*effect.reads, path), writes=effect.writes, how=effect.how)


@dataclass
class _Writer:
    """Writes commands of one task. `package` is the folder that they are about, or `{P}`."""

    chance: random.Random
    packages: list[str]
    parameter: bool
    folder: str
    package: str = ""

    def __post_init__(self) -> None:
        self.package = "{P}" if self.parameter else self.folder or self.chance.choice(self.packages)

    def path(self, kind: str) -> str:
        """A file of the package, or one that all share."""
        if not self.folder and not self.parameter and self.chance.random() < 0.15:
            return self.chance.choice(("notes.md", "shared/log.txt"))
        return f"{self.package}/{kind}/{self.chance.choice(LETTERS)}.txt"

    def said(self, name: str) -> str:
        """How a command names a path: from its folder, or through a symbolic link."""
        if self.folder:
            name = name.removeprefix(f"{self.folder}/")
        elif self.package == self.packages[0] and name.startswith(f"{self.package}/") and self.chance.random() < 0.2:
            name = "link/" + name.removeprefix(f"{self.package}/")
        return name.replace("{P}", "{{.P}}")

    def command(self, *, known: bool) -> tuple[str, Effect]:
        """A text as it stands in the Taskfile, and its effect."""
        one, two, out = self.path("src"), self.path("src"), self.path("out")
        source, target = self.said(one), self.said(out)
        folder = f"{self.package}/out"
        if not known:
            return f"./tool {source} -o {target}", Effect((one,), (out,))
        forms = [
            (f"cat {source}", Effect((one,))),
            (f"cat {source} {self.said(two)} > {target}", Effect((one, two), (out,))),
            (f"cat {source} >> {target}", Effect((one,), (out,), "append")),
            (f"cp {source} {target}", Effect((one,), (out,))),
            (f"mv {self.said(two)} {target}", Effect((two,), (two, out), "move")),
            (f"rm -f {target}", Effect((), (out,), "remove")),
            (f"rm -rf {self.said(folder)}", Effect((), (folder,), "remove")),
            (f"mkdir -p {self.said(folder)} && cat {source} > {target}", Effect((one,), (out,))),
            (f"cat {self.said(f'{self.package}/src')}/*.txt > {target}", Effect((f"{self.package}/src/*",), (out,))),
            (f"echo more >> {source}", Effect((), (one,), "append")),
            (f"touch {target}", Effect((), (out,), "touch")),
            (f"(cat {source}; cat {self.said(two)}) | sort > {target}", Effect((one, two), (out,))),
        ]
        if not self.folder:
            inner = f"{self.package}/src/a.txt", f"{self.package}/out/b.txt"
            forms.append((f"cd {self.said(self.package)} && cat src/a.txt > out/b.txt", Effect(inner[:1], inner[1:])))
        return self.chance.choice(forms)


def _remember(repo: Monorepo, leaf: Leaf) -> None:
    for text, effect in leaf.commands:
        for package in repo.packages if leaf.parameter else ("",):
            repo.effects[text.replace("{{.P}}", package), leaf.dir] = _filled(effect, package)


def _filled(effect: Effect, package: str) -> Effect:
    def fill(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(path.replace("{P}", package) for path in paths)

    return Effect(reads=fill(effect.reads), writes=fill(effect.writes), how=effect.how)


def _area(path: str, chance: random.Random) -> str:
    """A pattern for a path: itself, or, what is true too, its folder."""
    if path.endswith("/*"):
        return f"{path[:-2]}/**"
    return path if "/" not in path or chance.random() < 0.6 else f"{path.rpartition('/')[0]}/**"

"""What `--learn` costs: a build of C, Python, JavaScript and Rust under it, against the same run one at a time. The bar is 2.0."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from timing import in_turn, program, report

PROJECTS = 2
C_FILES = 6
PYTHON_MODULES = 60

C = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <pthread.h>
#include <netinet/in.h>
"""
RUST = 'pub fn run_{n}(x: u64) -> String {{ (0..x).map(|i| format!("{{}}", i * {n})).collect::<Vec<_>>().join(",") }}\n'
BUNDLE = """\
const fs = require('fs'), crypto = require('crypto');
let text = '';
for (const name of fs.readdirSync('src')) text += fs.readFileSync('src/' + name, 'utf8');
for (let i = 0; i < 400; i++) text = text.slice(0, 200000) + crypto.createHash('sha256').update(text).digest('hex');
fs.mkdirSync('dist', { recursive: true });
fs.writeFileSync('dist/bundle.js', text);
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def functions(project: int, count: int) -> str:
    body = "  for (int i = 0; i < n; i++) { s = s * 31 + (int)(sqrt(i) * n); if (s > 1000) s /= 3; }\n"
    return C + "".join(f"int f_{project}_{i}(int n) {{ int s = {i};\n{body}  return s; }}\n" for i in range(count))


def make_projects(root: Path) -> None:
    """The sources of all, and a Taskfile that builds them one after another."""
    tasks = []
    for number in range(PROJECTS):
        for file in range(C_FILES):
            write(root / f"c{number}" / f"f{file}.c", functions(file, 25))
        tasks.append(
            f"  c{number}: {{dir: c{number}, cmds: [{{for: {[f'f{i}' for i in range(C_FILES)]}, cmd: 'gcc -O2 -c {{{{.ITEM}}}}.c'}}]}}"
        )
        for file in range(PYTHON_MODULES):
            write(
                root / f"py{number}" / f"m{file}.py",
                "".join(f"def f{i}(x):\n    return [x * {i} for _ in range(x)]\n" for i in range(60)),
            )
        tasks.append(f"  py{number}: {{cmds: [python3 -m compileall -q -f py{number}]}}")
    for file in range(200):
        write(root / "web" / "src" / f"m{file}.js", f"export const v{file} = {file};\n" * 50)
    write(root / "web" / "build.js", BUNDLE)
    tasks.append("  web: {dir: web, cmds: [node build.js]}")
    if shutil.which("cargo"):
        write(root / "crate" / "Cargo.toml", '[package]\nname = "crate"\nversion = "0.1.0"\nedition = "2021"\n')
        modules = range(12)
        for number in modules:
            write(root / "crate" / "src" / f"m{number}.rs", "".join(RUST.format(n=i) for i in range(30)))
        write(root / "crate" / "src" / "lib.rs", "".join(f"pub mod m{number};\n" for number in modules))
        tasks.append("  crate: {dir: crate, cmds: [cargo build -q --offline]}")
    names = [task.strip().split(":")[0] for task in tasks]
    calls = "".join(f"      - task: {name}\n" for name in names)
    write(root / "Taskfile.yml", "version: '3'\ntasks:\n  all:\n    cmds:\n" + calls + "\n".join(tasks) + "\n")


def clean(root: Path) -> None:
    """As it was before any build, but for what was learned."""
    for folder in ("web/dist", "crate/target"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for file in root.rglob("*.o"):
        file.unlink()


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    paratask = program("paratask")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make_projects(root)
        result = in_turn(
            [paratask, "--learn", "--silent", "all"],
            [paratask, "--sequential", "--silent", "all"],
            cwd=root, runs=runs, before=lambda: clean(root),
        )  # fmt: skip
    return 0 if report("learn", result, bar=2.0) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A Taskfile of 2,000 tasks in 100 included files: listing and dry-running it, against `task`. The bar is 2.0.

Our first run of the two parses; the others find what was parsed in `.paratask/cache`. Both are shown.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from timing import in_turn, program, report

FILES = 100
TASKS = 20
BAR = 2.0

TASK = """\
  step-{n}:
    desc: step {n} of service {f}
    aliases: [s{n}]
    vars:
      OUT: build/{f}/{n}
      FLAGS: '{{{{.MODE | default "debug"}}}}-{{{{.SERVICE}}}}'
    env:
      SERVICE_FLAGS: '{{{{.FLAGS}}}}'
    sources: ['src/{n}/**/*.go', exclude: 'src/{n}/**/*_test.go']
    generates: ['{{{{.OUT}}}}/done']
    cmds:
      - mkdir -p {{{{.OUT}}}}
      - cmd: echo {{{{.FLAGS}}}} > {{{{.OUT}}}}/done
      - task: {next}
        vars: {{MODE: release}}
"""


def write_project(folder: Path) -> None:
    """The files: a root that includes a folder for each service."""
    includes = []
    for f in range(FILES):
        below = folder / f"service-{f}"
        below.mkdir()
        tasks = [TASK.format(n=n, f=f, next=f"step-{n + 1}") for n in range(TASKS - 1)]
        last = f"  step-{TASKS - 1}:\n    desc: the last one\n    cmds: ['echo {{{{.SERVICE}}}} done']\n".replace("{{{{", "{{")
        text = f"version: '3'\nvars:\n  SERVICE: service-{f}\ntasks:\n{''.join(tasks)}{last.replace('}}}}', '}}')}"
        (below / "Taskfile.yml").write_text(text)
        includes.append(f"  service-{f}:\n    taskfile: ./service-{f}\n    dir: ./service-{f}\n")
    calls = "".join(f"      - task: service-{f}:step-0\n" for f in range(0, FILES, 10))
    (folder / "Taskfile.yml").write_text(f"version: '3'\nincludes:\n{''.join(includes)}tasks:\n  all:\n    cmds:\n{calls}")


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder)
        for what, arguments in (("list", ["--list-all"]), ("dry", ["--dry", "service-50:step-10"])):
            for how in ("unparsed", "parsed"):
                before = (
                    (lambda: shutil.rmtree(folder / ".paratask", ignore_errors=True)) if how == "unparsed" else (lambda: None)
                )
                result = in_turn(
                    [program("paratask"), *arguments], [program("task"), *arguments], cwd=folder, runs=runs, before=before
                )
                good = report(f"large-{what}-{how}", result, bar=BAR if how == "parsed" else None) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

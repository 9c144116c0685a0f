"""One name set at every level, through the real `task` and through paratask: the same value wins, whatever else is set."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")

LEVELS = (
    "environ",
    "dotenv",
    "env",
    "vars",
    "cli",
    "include",
    "included_env",
    "included",
    "call",
    "task",
    "task_env",
    "task_dotenv",
)
FORMS = {
    "static": lambda level: level,
    "chained": lambda level: f"'{level}<{{{{.X}}}}'",
    "shell": lambda level: f"{{sh: 'echo {level}'}}",
}


def one_case(number: int, levels: frozenset[str], form: str, shape: str) -> dict[str, str]:
    """The files of one case, below a folder of its own; `shape` is how the included file is included."""

    def put(level: str) -> str:
        return f"{{X: {FORMS[form](level)}}}" if level in levels else "{}"

    include = f"{{taskfile: ./i.yml, vars: {put('include')}}}" if shape == "mapping" else "./i.yml"
    show = "\"printf '%s|' '{{.X}}' \\\"$X\\\" '{{.TASK}}'\""
    root = (
        f"version: '3'\nsilent: true\ndotenv: [.env]\nincludes: {{i: {include}}}\nenv: {put('env')}\nvars: {put('vars')}\n"
        f"tasks:\n  default: {{cmds: [{{task: own, vars: {put('call')}}}, {{task: 'i:t', vars: {put('call')}}}]}}\n"
        f"  own: {{vars: {put('task')}, env: {put('task_env')}, dotenv: [task.env], cmds: [{show}]}}\n"
    )
    other = (
        f"version: '3'\nenv: {put('included_env')}\nvars: {put('included')}\n"
        f"tasks: {{t: {{vars: {put('task')}, env: {put('task_env')}, dotenv: [task.env], cmds: [{show}]}}}}\n"
    )
    files = {"Taskfile.yml": root, "i.yml": other}
    if "dotenv" in levels:
        files[".env"] = "X=dotenv\n"
    if "task_dotenv" in levels:
        files["task.env"] = "X=task_dotenv\n"
    return {f"{number}/{name}": text for name, text in files.items()}


def cases() -> list[tuple[frozenset[str], str, str]]:
    """Every level alone, all but each one; all of them, each adding to what it sees, or run by a shell."""
    whole = frozenset(LEVELS)
    every = [(frozenset((level,)), "static", "mapping") for level in LEVELS]
    every += [(whole - {level}, "static", shape) for level in LEVELS for shape in ("mapping", "short")]
    return every + [(whole, form, shape) for form in FORMS for shape in ("mapping", "short")]


def outcome(program: list[str], folder: Path, levels: frozenset[str]) -> tuple[int, str]:
    environ = {name: value for name, value in os.environ.items() if name not in ("X", "TASK_X")}
    if "environ" in levels:
        environ["X"] = "environ"
    argv = [*program, "default", *(["X=cli"] if "cli" in levels else [])]
    done = subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout


@pytest.mark.slow
def test_same_level_wins_as_in_task(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def differs(number: int, levels: frozenset[str], form: str, shape: str) -> str:
        for name, text in one_case(number, levels, form, shape).items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert TASK is not None
        theirs = outcome([TASK], tmp_path / str(number), levels)
        ours = outcome([sys.executable, "-m", "paratask"], tmp_path / str(number), levels)
        assert theirs[0] == 0
        assert theirs[1].count("|") == 6
        return "" if theirs == ours else f"{sorted(levels)} {form} {shape}: task {theirs}, paratask {ours}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda case: differs(case[0], *case[1]), enumerate(cases())))
    assert len(found) == 3 * len(LEVELS) + 6
    assert [difference for difference in found if difference] == []

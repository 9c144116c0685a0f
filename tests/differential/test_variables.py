"""One name set at every level, through the real `task` and through paratask: the same value wins, whatever else is set."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")

LEVELS = ("environ", "dotenv", "env", "vars", "cli", "include", "included_env", "included", "call", "task", "task_env", "task_dotenv")
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
    """Every level alone, every two, all, and all but one; in each form."""
    sets = [frozenset(pair) for count in (0, 1, 2) for pair in itertools.combinations(LEVELS, count)]
    sets += [frozenset(LEVELS), *(frozenset(LEVELS) - {level} for level in LEVELS)]
    every = [(levels, "static", shape) for levels in sets for shape in ("mapping", "short")]
    return every + [(levels, form, "mapping") for levels in sets[-len(LEVELS) - 1 :] for form in ("chained", "shell")]


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
        return "" if theirs == ours else f"{sorted(levels)} {form} {shape}: task {theirs}, paratask {ours}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda case: differs(case[0], *case[1]), enumerate(cases())))
    assert len(found) > 150
    assert [difference for difference in found if difference] == []

"""The import budget of a plain run. See "Budgets" in docs/design.md: what is loaded is paid for at every start."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from paratask.languages.shell.plugin import FAMILIES

TOO_DEAR = {
    "asyncio", "click", "colorama", "concurrent", "dataclasses", "hashlib", "importlib.metadata", "inspect", "pathlib", "pluggy",
    "psutil", "random", "rich", "shutil", "sqlite3", "subprocess", "tempfile", "threading", "tomli", "tree_sitter", "typing", "uuid",
    "watchfiles", "xxhash",
}  # fmt: skip
MAX_OWN_MODULES = 80
MAX_OWN_MODULES_OF_A_SET = 145
PARSING_MODULES = 8
MAX_OTHER_MODULES = 60

PROBE = """
import json, sys
before = set(sys.modules)
from paratask.cli.main import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(set(sys.modules) - before)]), file=sys.stderr)
"""


@pytest.fixture
def loaded(tmp_path):
    def run(text: str, *args: str) -> list[str]:
        path = tmp_path / "Taskfile.yml"
        if not path.exists():
            path.write_text(text)
        environ = {name: value for name, value in os.environ.items() if name not in ("CI", "FORCE_COLOR")}  # they load colours
        argv = [sys.executable, "-c", PROBE, *args]
        done = subprocess.run(
            argv, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )
        code, modules = json.loads(done.stderr.splitlines()[-1])
        assert code == 0, done.stderr
        return modules

    return run


HELLO = "version: '3'\ntasks:\n  hello: echo hello\n"


def test_a_plain_run_loads_nothing_dear(loaded):
    assert not set(loaded(HELLO, "hello")) & TOO_DEAR


def test_a_plain_run_loads_little(loaded, tmp_path):
    (tmp_path / ".paratask").mkdir()
    first = loaded(HELLO, "hello")
    own = [name for name in first if name.startswith("paratask")]
    assert len(own) <= MAX_OWN_MODULES + PARSING_MODULES, own
    modules = loaded(HELLO, "hello")
    own = [name for name in modules if name.startswith("paratask")]
    assert len(own) <= MAX_OWN_MODULES, own
    assert len(modules) - len(own) <= MAX_OTHER_MODULES, [name for name in modules if name not in own]
    assert "yaml" in first
    assert "yaml" not in modules, "what was parsed is kept"


def test_variables_do_not_load_the_function_library(loaded):
    modules = loaded("version: '3'\nvars: {X: 1}\ntasks:\n  hello: echo {{.X}}\n", "hello")
    assert not {name for name in modules if name.startswith("paratask.templating.functions.")} - {
        "paratask.templating.functions.table"
    }


def test_dependencies_alone_load_no_language_plugin(loaded):
    modules = loaded("version: '3'\ntasks:\n  all: {deps: [a, b]}\n  a: echo a\n  b: echo b\n", "all")
    assert not {name for name in modules if name.startswith(("paratask.languages", "pluggy", "tree_sitter", "sqlite3"))}


FRESH = """version: '3'
tasks:
  all: {cmds: [{task: a}, {task: b}]}
  a: {sources: [x], cmds: [echo a]}
  b: {sources: [x], cmds: [%s]}
"""


def test_neighbours_that_are_up_to_date_load_what_their_commands_take(loaded, tmp_path):
    (tmp_path / "x").touch()
    loaded(FRESH % "echo b", "all")
    modules = loaded(FRESH % "echo b", "all")
    own = [name for name in modules if name.startswith("paratask")]
    assert len(own) <= MAX_OWN_MODULES_OF_A_SET, own
    assert not set(modules) & (TOO_DEAR - {"sqlite3", "xxhash"})
    plugins = {name.split(".")[2] for name in modules if name.endswith(".plugin")}
    families = {name.rpartition(".")[2] for name in modules if name.startswith("paratask.languages.shell.")} & set(FAMILIES)
    assert (plugins, families) == ({"shell"}, {"readers"})


def test_shell_syntax_loads_the_parser_and_nothing_around_it(loaded, tmp_path):
    (tmp_path / "x").touch()
    modules = loaded(FRESH % "'test -f x && echo b'", "all")
    assert "tree_sitter" in modules
    assert not set(modules) & {"importlib.resources", "inspect", "pathlib", "pluggy", "tempfile", "tree_sitter_bash"}


def test_members_of_a_monorepo_that_are_plainly_listed_load_no_yaml(loaded, tmp_path):
    (tmp_path / "x").touch()
    (tmp_path / ".paratask").mkdir()
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "pnpm-workspace.yaml").write_text("packages:\n  - packages/*\n")
    text = FRESH % "npx tsc"
    assert "yaml" in loaded(text, "--dry", "all"), "for the Taskfile"
    modules = loaded(text, "--dry", "all")
    assert "paratask.languages.node.packages" in modules
    assert "yaml" not in modules


def test_without_a_terminal_there_is_no_live_view_to_load(loaded):
    modules = loaded("version: '3'\ntasks:\n  all: {deps: [a, b]}\n  a: sleep 0.4\n  b: sleep 0.6\n", "all")
    parts = ("rich", "paratask.cli.live", "paratask.reporting.live", "paratask.execution.view", "paratask.execution.looking")
    assert not {name for name in modules if name.startswith(parts)}


def test_a_run_that_removes_old_ones_loads_no_history_while_their_lessons_are_kept(loaded, tmp_path):
    (tmp_path / "paratask.toml").write_text("keep_runs = 2\n")
    runs = [loaded(HELLO, "hello") for _ in range(6)]
    assert ["sqlite3" in modules for modules in runs] == [False, False, True, False, False, True]
    assert not [name for modules in (runs[1], runs[3]) for name in modules if name.startswith("paratask.records.h")]

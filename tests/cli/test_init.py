"""`--init`: a Taskfile that works, over the workspaces that are there; files for CI; and nothing over another."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
import tomli
import yaml

SETTINGS_HELP = "  help: `paratask --init paratask.toml` writes settings beside it\n"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("", "Taskfile.yml"),
        ("sub", "sub/Taskfile.yml"),
        ("sub/", "sub/Taskfile.yml"),
        ("tools.yml", "tools.yml"),
        (".yaml", "Taskfile.yaml"),
        ("sub/.yaml", "sub/Taskfile.yaml"),
    ],
)
def test_the_file_is_named_and_works(workspace, real_task, name, made):
    (workspace.root / "sub").mkdir()
    done = workspace.run("--init", *([name] if name else []))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Taskfile created: {made}\n", "")
    listed = workspace.run("-t", made, "--list", "--silent")
    assert listed.stdout == "build\nb\ncheck\nclean\ndefault\n"
    assert workspace.run("-t", made, "-s").returncode == 0
    theirs = subprocess.run([real_task, "-t", made, "-s"], cwd=workspace.root, capture_output=True, text=True, check=True)
    assert theirs.stdout == workspace.run("-t", made, "-s").stdout


@pytest.mark.parametrize("there", ["Taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"])
def test_a_taskfile_is_never_written_over(workspace, there):
    workspace.write(there, "mine")
    done = workspace.run("-i")
    assert (done.returncode, done.stdout) == (101, "")
    assert done.stderr == f"error: there is a Taskfile already: `{there}`\n{SETTINGS_HELP}"
    assert (workspace.root / there).read_text() == "mine"


def test_a_file_that_is_no_taskfile_is_not_written_over_either(workspace):
    workspace.write("notes.yml", "mine")
    done = workspace.run("--init", "notes.yml")
    assert (done.returncode, done.stderr) == (101, f"error: there is a Taskfile already: `notes.yml`\n{SETTINGS_HELP}")


def test_a_folder_that_is_not_there_is_said(workspace):
    done = workspace.run("--init", "none/x.yml")
    assert (done.returncode, done.stderr) == (1, "error: `none/x.yml` cannot be written: No such file or directory\n")


def test_silent_says_nothing_and_verbose_shows_the_file(workspace):
    assert workspace.run("-si", "a.yml").stdout == ""
    shown = workspace.run("-vi", "b.yml").stdout
    assert shown == (workspace.root / "b.yml").read_text() + "\nTaskfile created: b.yml\n"


def packages(workspace):
    workspace.write("packages/api/pyproject.toml", "[tool.pytest.ini_options]\n[tool.ruff]\n")
    workspace.write("packages/web/package.json", json.dumps({"scripts": {"lint": "true", "test": "true", "build": "true"}}))


@pytest.mark.parametrize("words", [(), ("polyglot",)])
def test_workspaces_become_composites(workspace, real_task, words):
    packages(workspace)
    done = workspace.run("--init", *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Taskfile created: Taskfile.yml\n", "")
    tasks = yaml.safe_load((workspace.root / "Taskfile.yml").read_text())["tasks"]
    assert tasks["check"]["cmds"] == [{"task": "lint"}, {"task": "test"}]
    assert tasks["lint"]["cmds"] == [{"task": "lint-api"}, {"task": "lint-web"}]
    assert tasks["lint-api"] == {"dir": "packages/api", "cmds": ["ruff check ."]}
    assert tasks["build"]["cmds"] == [{"task": "build-web"}]
    theirs = subprocess.run(
        [real_task, "-n", "check"], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=True
    )
    assert theirs.stderr == workspace.run("-n", "check").stderr
    plan = json.loads(workspace.run("--plan", "--json", "check").stdout)
    together = {job["id"]: job["together_with"] for job in plan["jobs"]}
    assert together["lint-api"] == ["lint-web"]
    assert together["test-api"] == ["test-web"]


def test_one_language_alone_has_no_composites(workspace):
    workspace.write("go.mod", "module x\n")
    assert workspace.run("--init", "go").returncode == 0
    tasks = yaml.safe_load((workspace.root / "Taskfile.yml").read_text())["tasks"]
    assert tasks["lint"] == {"desc": "Look for mistakes", "cmds": ["go vet ./..."]}


@pytest.mark.parametrize("kind", ["python", "node", "deno", "rust", "go", "jvm", "dotnet", "elixir", "polyglot"])
def test_an_empty_folder_gets_what_is_usual(workspace, kind):
    assert workspace.run("--init", kind).returncode == 0
    assert workspace.run("-n").returncode == 0


def test_a_folder_of_that_name_is_meant(workspace):
    (workspace.root / "python").mkdir()
    assert workspace.run("--init", "python").stdout == "Taskfile created: python/Taskfile.yml\n"


def test_beside_a_taskfile_there_are_settings_that_change_nothing(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    before = workspace.run("--plan", "a").stdout
    done = workspace.run("--init", "polyglot")
    assert (done.returncode, done.stdout) == (0, "File created: paratask.toml\n")
    assert tomli.loads((workspace.root / "paratask.toml").read_text()) == {}
    assert (workspace.run("--plan", "a").stdout, workspace.run("--plan", "a").stderr) == (before, "")


def test_settings_are_right_when_they_are_switched_on(workspace):
    workspace.taskfile("version: '3'\ntasks: {client: echo, test-a: echo, end-to-end: echo, lint-a: echo, check: echo}\n")
    workspace.run("--init", "paratask.toml")
    path = workspace.root / "paratask.toml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in lines))
    (workspace.root / "schema").mkdir()
    (workspace.root / "packages/web/src").mkdir(parents=True)
    assert (workspace.run("-n", "client").returncode, "paratask:" in workspace.run("-n", "client").stderr) == (0, False)


def test_a_pipeline_runs_what_there_is(workspace):
    packages(workspace)
    done = workspace.run("--init", "polyglot", "ci-github", "ci-gitlab", "pre-commit")
    assert done.stdout == (
        "Taskfile created: Taskfile.yml\nFile created: .github/workflows/paratask.yml\n"
        "File created: .gitlab-ci.yml\nFile created: .pre-commit-config.yaml\n"
    )
    read = {
        name: yaml.safe_load((workspace.root / name).read_text()) for name in os.listdir(workspace.root) if name.endswith("l")
    }
    github = yaml.safe_load((workspace.root / ".github/workflows/paratask.yml").read_text())
    runs = [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    assert runs == ["python3 -m pip install --quiet paratask ruff pytest", "paratask check"]
    uses = [step["uses"].partition("@")[0] for step in github["jobs"]["check"]["steps"] if "uses" in step]
    assert uses == ["actions/checkout", "actions/setup-python", "actions/setup-node", "actions/upload-artifact"]
    assert read[".gitlab-ci.yml"]["check"]["script"] == runs
    assert read[".pre-commit-config.yaml"]["repos"][0]["hooks"][0]["entry"] == "paratask check"


def test_a_pipeline_called_a_package_manager_that_node_does_not_bring(workspace):
    workspace.write("package.json", '{"scripts": {"test": "vitest"}, "packageManager": "pnpm@10.0.0"}')
    workspace.write("pnpm-lock.yaml", "")
    assert workspace.run("--init", "node", "ci-github", "ci-gitlab").returncode == 0
    github = yaml.safe_load((workspace.root / ".github/workflows/paratask.yml").read_text())
    runs = [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    install = "python3 -m pip install --quiet paratask"
    assert runs == ["npm install --global pnpm", install, "paratask setup", "paratask check"]
    script = yaml.safe_load((workspace.root / ".gitlab-ci.yml").read_text())["check"]["script"]
    assert script[1:] == [f"{install} --break-system-packages", "npm install --global pnpm", "paratask setup", "paratask check"]


def test_a_pipeline_finds_the_task_of_a_taskfile_that_is_there(workspace):
    workspace.taskfile("version: '3'\ntasks: {test: echo, setup: echo}\n")
    workspace.run("--init", "ci-github")
    job = yaml.safe_load((workspace.root / ".github/workflows/paratask.yml").read_text())["jobs"]["test"]
    assert [step["run"] for step in job["steps"] if "run" in step][1:] == ["paratask setup", "paratask test"]


@pytest.mark.parametrize("kind", ["ci-github", "ci-gitlab", "pre-commit"])
def test_a_pipeline_of_no_task_is_not_written(workspace, kind):
    """It would have run `default`, which was not there."""
    workspace.taskfile("version: '3'\ntasks: {mine: echo}\n")
    done = workspace.run("--init", kind)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: there is none of the tasks that this would run: `ci`, `check`, `test`, `default`\n"
        "  help: write one that calls what is to be run\n"
    )


def test_what_is_no_kind_is_a_file_as_to_task_and_that_is_said(workspace):
    kinds = "python, node, deno, rust, go, jvm, dotnet, elixir, polyglot, paratask.toml, ci-github, ci-gitlab, pre-commit"
    done = workspace.run("--init", "Tasks")
    assert (done.returncode, done.stdout) == (0, "Taskfile created: Tasks\n")
    assert done.stderr == f"paratask: `Tasks` was taken for a file's name; kinds that --init knows: {kinds}\n"
    done = workspace.run("--init", "Tusks", "ci-github")
    assert (done.returncode, done.stderr) == (1, f"error: --init knows no `Tusks`\n  help: one of {kinds}\n")
    assert os.listdir(workspace.root) == ["Tasks"]


def test_a_folder_with_the_name_of_a_kind_was_taken_for_it_without_a_word(workspace):
    (workspace.root / "go").mkdir()
    done = workspace.run("--init", "go")
    assert (done.returncode, done.stdout) == (0, "Taskfile created: go/Taskfile.yml\n")
    tail = "for a Taskfile of that kind, remove this one and use `--init polyglot`"
    assert done.stderr == f"paratask: `go` was taken for the folder; {tail}\n"


def test_a_slip_in_a_kind_made_a_file_of_that_name(workspace):
    done = workspace.run("--init", "pyhton")
    tail = "`paratask --init ./pyhton` writes a Taskfile of that name"
    assert (done.returncode, done.stderr) == (1, f"error: --init knows no `pyhton`\n  help: did you mean `python`? {tail}\n")
    done = workspace.run("--init", "ci-github", "pyton")
    assert (done.returncode, done.stderr) == (1, "error: --init knows no `pyton`\n  help: did you mean `python`?\n")
    assert os.listdir(workspace.root) == []


@pytest.mark.parametrize("name", ["./pyhton", "pyhton.yml", "pyhtons/"])
def test_what_looks_like_a_path_is_one_however_like_a_kind_it_is(workspace, real_task, name):
    (workspace.root / "pyhtons").mkdir()
    made = {"pyhtons/": "pyhtons/Taskfile.yml"}.get(name, name.removeprefix("./"))
    assert workspace.run("--init", name).stdout == f"Taskfile created: {made}\n"
    assert (workspace.root / made).is_file()
    (workspace.root / made).unlink()
    subprocess.run([real_task, "--init", name], cwd=workspace.root, capture_output=True, check=True)
    assert (workspace.root / made).is_file()


def test_one_file_that_is_there_keeps_all_from_being_written(workspace):
    workspace.write(".gitlab-ci.yml", "mine")
    done = workspace.run("--init", "polyglot", "ci-gitlab")
    assert (done.returncode, done.stderr) == (101, "error: there is a file already: `.gitlab-ci.yml`\n")
    assert os.listdir(workspace.root) == [".gitlab-ci.yml"]


def test_kinds_and_files_do_not_mix(workspace):
    done = workspace.run("--init", "polyglot", "x.yml")
    kinds = "python, node, deno, rust, go, jvm, dotnet, elixir, polyglot, paratask.toml, ci-github, ci-gitlab, pre-commit"
    assert (done.returncode, done.stderr) == (1, f"error: --init knows no `x.yml`\n  help: one of {kinds}\n")

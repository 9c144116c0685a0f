"""`--install-hooks` on a real repository: git itself runs the task, on what changed."""

from __future__ import annotations

import subprocess

import pytest

TASKFILE = """\
version: '3'
tasks:
  check: echo "{{.CHANGED}}" | tr '\\n' ' ' >> seen; test ! -e bad
  other: echo other >> seen
"""


@pytest.fixture
def git(workspace):
    """git in the workspace, which is a repository with a Taskfile and a remote; `seen` is ignored."""
    environ = {
        **workspace.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "HOME": str(workspace.root),
        **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    workspace.program("paratask", f'#!/bin/sh\nexec {" ".join(workspace.argv())} "$@"\n')

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *args], cwd=workspace.root, env=environ, capture_output=True, text=True, check=False)

    workspace.taskfile(TASKFILE)
    workspace.write(".gitignore", "seen\nbad\nremote\n")
    for args in (("init", "-q", "-b", "main"), ("init", "-q", "--bare", "remote"), ("remote", "add", "origin", "remote")):
        assert run(*args).returncode == 0
    return run


def seen(workspace) -> str:
    path = workspace.root / "seen"
    text = path.read_text() if path.exists() else ""
    path.unlink(missing_ok=True)
    return text


@pytest.mark.slow
def test_commits_and_pushes_run_the_task_on_what_changed(workspace, git):
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("paratask: `.git/hooks/pre-commit` runs `check`\nparatask: `.git/hooks/pre-push` runs `check`\n")
    git("add", "-A")
    assert git("commit", "-qm", "one").returncode == 0
    assert seen(workspace) == ".gitignore Taskfile.yml "
    workspace.write("a b.txt", "x")
    git("add", "-A")
    assert git("commit", "-qm", "two").returncode == 0
    assert seen(workspace) == "a b.txt "
    assert git("commit", "-q", "--allow-empty", "-m", "three").returncode == 0
    assert seen(workspace) == ""
    assert git("push", "-q", "origin", "main").returncode == 0
    assert seen(workspace) == ".gitignore Taskfile.yml a b.txt "
    workspace.write("c.txt", "x")
    git("add", "-A")
    git("commit", "-qm", "four")
    seen(workspace)
    assert git("push", "-q", "origin", "main").returncode == 0
    assert seen(workspace) == "c.txt "
    assert git("push", "-q", "origin", ":main").returncode == 0
    assert seen(workspace) == ""


@pytest.mark.slow
def test_a_task_that_fails_keeps_the_commit_from_being_made(workspace, git):
    workspace.run("--install-hooks", "check")
    workspace.write("bad", "")
    git("add", "-A")
    done = git("commit", "-qm", "one")
    assert done.returncode == 1
    assert "error: `check` failed" in done.stderr
    assert git("rev-parse", "HEAD").returncode != 0
    assert git("commit", "-q", "--no-verify", "-m", "one").returncode == 0


@pytest.mark.slow
def test_a_taskfile_further_below_sees_its_own_part(workspace, git):
    workspace.write("sub/it's/Taskfile.yml", TASKFILE)
    assert workspace.run("-d", "sub/it's", "--install-hooks").returncode == 0
    git("add", "-A")
    assert git("commit", "-qm", "one").returncode == 0
    assert (workspace.root / "sub/it's/seen").read_text() == "Taskfile.yml "


@pytest.mark.slow
def test_a_hook_that_is_not_ours_stays(workspace, git):
    theirs = workspace.write(".git/hooks/pre-push", "#!/bin/sh\n")
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: there is a pre-push hook already that paratask did not write: `.git/hooks/pre-push`\n"
        "  help: nothing was changed; put `paratask check` into it, or move it away\n"
    )
    assert not (workspace.root / ".git/hooks/pre-commit").exists()
    theirs.unlink()
    workspace.run("--install-hooks")
    workspace.write(".git/hooks/pre-push", "#!/bin/sh\n")
    done = workspace.run("--uninstall-hooks")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "paratask: `.git/hooks/pre-commit` is removed\nparatask: `.git/hooks/pre-push` is not paratask's, and stays\n"
    )


@pytest.mark.slow
def test_installing_again_changes_the_task_and_the_folder_is_gits(workspace, git):
    git("config", "core.hooksPath", "hooks")
    workspace.run("--install-hooks")
    assert workspace.run("--install-hooks", "other").stdout == (
        "paratask: `hooks/pre-commit` runs `other`\nparatask: `hooks/pre-push` runs `other`\n"
    )
    git("add", "-A")
    git("commit", "-qm", "one")
    assert seen(workspace) == "other\n"


def test_where_there_is_no_repository_or_no_such_task(workspace):
    workspace.taskfile(TASKFILE)
    done = workspace.run("--install-hooks", env={"GIT_CEILING_DIRECTORIES": str(workspace.root.parent)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: hooks are git's, and this is no git repository\n  help: `git init` makes one\n"
    done = workspace.run("--install-hooks", "--uninstall-hooks")
    assert done.stderr == "error: --install-hooks and --uninstall-hooks exclude each other\n"


def test_a_task_that_is_not_there_is_said(workspace, git):
    done = workspace.run("--install-hooks", "chek")
    assert (done.returncode, done.stderr) == (200, "error: task `chek` does not exist\n  help: did you mean `check`?\n")


@pytest.mark.slow
def test_a_taskfile_of_another_name_is_kept(workspace, git):
    (workspace.root / "Taskfile.yml").rename(workspace.root / "tools.yml")
    assert workspace.run("-t", "tools.yml", "--install-hooks", "other").returncode == 0
    git("add", "-A")
    assert git("commit", "-qm", "one").returncode == 0
    assert seen(workspace) == "other\n"


@pytest.mark.slow
@pytest.mark.parametrize(("names", "folder"), [(("-d", "."), "."), ((), "tools")])
def test_a_taskfile_that_is_not_in_the_folder_it_runs_in_was_not_found(workspace, git, names, folder):
    (workspace.root / "tools").mkdir()
    (workspace.root / "Taskfile.yml").rename(workspace.root / "tools/x.yml")
    assert workspace.run(*names, "-t", "tools/x.yml", "--install-hooks", "other").returncode == 0
    git("add", "-A")
    assert git("commit", "-qm", "one").returncode == 0
    assert (workspace.root / folder / "seen").read_text() == "other\n"


def test_a_hook_of_a_taskfile_that_was_read_from_elsewhere_could_not_run(workspace, git):
    done = workspace.run("-t", "-", "--install-hooks", stdin=None, input=TASKFILE)
    assert (done.returncode, done.stderr) == (1, "error: a hook needs a Taskfile that is a file: `--taskfile -` is none\n")
    assert not (workspace.root / ".git/hooks/pre-commit").exists()


@pytest.mark.slow
def test_what_changed_has_its_own_names_and_what_went_is_a_change(workspace, git):
    workspace.run("--install-hooks")
    workspace.write("café/x y.txt", "x")
    git("add", "-A")
    git("commit", "-qm", "one")
    assert seen(workspace) == ".gitignore Taskfile.yml café/x y.txt "
    git("mv", "café/x y.txt", "café/z.txt")
    git("commit", "-qm", "two")
    assert seen(workspace) == "café/z.txt "
    git("rm", "-q", "café/z.txt")
    git("commit", "-qm", "three")
    assert seen(workspace) == " ", "nothing is left to name, and the task runs"


@pytest.mark.slow
def test_a_path_with_braces_was_a_template_and_one_with_quotes_was_not_named(workspace, git):
    """Templates of projects have such folders: no commit was possible there."""
    workspace.taskfile("version: '3'\ntasks:\n  check: echo {{shellQuote .CHANGED}} >> seen\n")
    workspace.run("--install-hooks")
    names = ["back\\slash", 'q"uote', "{{cookiecutter.name}}/a.py", "{{{x}}}}"]
    for name in names:
        workspace.write(name, "x")
    git("add", *names)
    done = git("commit", "-qm", "one")
    assert done.returncode == 0, done.stderr
    assert seen(workspace).splitlines() == names
    assert git("push", "-q", "origin", "main").returncode == 0
    assert sorted(seen(workspace).splitlines()) == names


@pytest.mark.slow
@pytest.mark.parametrize("how", [("-a",), ("--", "sub/a", "b"), ("--include", "sub/a", "b")])
def test_a_commit_of_a_part_has_an_index_of_its_own(workspace, git, how):
    """A task further below may add to it."""
    workspace.write(
        "sub/Taskfile.yml",
        "version: '3'\nsilent: true\ntasks:\n  check:\n    - echo {{.CHANGED}} >> ../seen\n    - echo mended > a; git add a\n",
    )
    for path in ("sub/a", "b"):
        workspace.write(path, "x")
    git("add", "-A")
    git("commit", "-qm", "one")
    assert workspace.run("-d", "sub", "--install-hooks").returncode == 0
    for path in ("sub/a", "b"):
        workspace.write(path, "changed")
    done = git("commit", "-qm", "two", *how)
    assert (done.returncode, done.stderr) == (0, "")
    assert seen(workspace) == "a\n"
    assert git("show", "HEAD:sub/a").stdout == "mended\n"


@pytest.mark.slow
def test_a_task_may_look_into_another_repository(workspace, git):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks: {check: 'git -C t add a; git -C t diff --cached --name-only > seen'}\n"
    )
    git("init", "-q", "t")
    workspace.write("t/a", "x")
    workspace.write(".gitignore", "seen\nt\nremote\n")
    workspace.run("--install-hooks")
    git("add", "-A")
    assert git("commit", "-qm", "one").returncode == 0
    assert (seen(workspace), git("show", "--name-only", "--format=").stdout) == ("a\n", ".gitignore\nTaskfile.yml\n")


@pytest.mark.slow
def test_worktrees_share_the_hooks_and_have_their_own_files(workspace, git):
    workspace.write("sub/Taskfile.yml", TASKFILE)
    git("add", "-A")
    git("commit", "-qm", "one")
    assert workspace.run("-d", "sub", "--install-hooks").returncode == 0
    other = workspace.root.parent / "other tree"
    assert git("worktree", "add", "-qb", "other", str(other)).returncode == 0
    (other / "sub/new").write_text("x")
    (other / "above").write_text("x")
    git("-C", str(other), "add", "-A")
    done = git("-C", str(other), "commit", "-qm", "two")
    assert (done.returncode, (other / "sub/seen").read_text()) == (0, "new ")
    git("-C", str(other), "rm", "-rqf", "sub")
    assert git("-C", str(other), "commit", "-qm", "without the Taskfile").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("names", [(), ("-t", "tasks.yml")])
def test_on_a_branch_without_a_taskfile_nothing_could_be_committed(workspace, git, names):
    """One for a website's pages, say. In a worktree inside of the checkout it was the Taskfile further up that ran."""
    workspace.write("tasks.yml", TASKFILE)
    git("add", "-A")
    git("commit", "-qm", "one")
    assert workspace.run("--install-hooks", *names).returncode == 0
    assert git("worktree", "add", "-q", "--no-checkout", "--detach", "trees/pages").returncode == 0
    pages = ("-C", "trees/pages")
    git(*pages, "switch", "-q", "--orphan", "pages")
    workspace.write("trees/pages/index.html", "x")
    git(*pages, "add", "-A")
    done = git(*pages, "commit", "-qm", "two")
    assert (done.returncode, done.stderr, seen(workspace)) == (0, "", "")
    (workspace.root / "new").touch()
    git("add", "new")
    assert (git("commit", "-qm", "three").returncode, seen(workspace)) == (0, "new ")


@pytest.mark.parametrize(
    ("folder", "text", "who", "where"),
    [
        (".husky/_", "#!/bin/sh\n", "husky", "`.husky/pre-commit`"),
        (".git/hooks", "# File generated by pre-commit: x\n", "pre-commit", "`.pre-commit-config.yaml`"),
        (".git/hooks", "# prek x\n# File generated by prek\n", "prek", "`.pre-commit-config.yaml`"),
        (".git/hooks", "call_lefthook run\n", "lefthook", "`lefthook.yml`"),
    ],
)  # fmt: skip
def test_a_hook_that_another_program_looks_after_is_left_to_it(workspace, git, folder, text, who, where):
    git("config", "core.hooksPath", folder)
    workspace.write(f"{folder}/pre-commit", text)
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: {who} looks after the pre-commit hook: `{folder}/pre-commit`\n"
        f"  help: nothing was changed; put `paratask check` into {where}\n"
    )


def test_huskys_folder_is_huskys_before_there_is_a_hook_in_it(workspace, git):
    """What was written there went with the next `npm install`."""
    git("config", "core.hooksPath", ".husky/_")
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: husky looks after the pre-commit hook: `.husky/_/pre-commit`\n")
    assert not (workspace.root / ".husky").exists()


def test_a_folder_whose_name_is_that_of_a_program_is_no_sign_of_it(workspace, git):
    git("config", "core.hooksPath", "lefthook")
    workspace.write("lefthook/pre-commit", "#!/bin/sh\n")
    assert workspace.run("--install-hooks").stderr.startswith(
        "error: there is a pre-commit hook already that paratask did not write"
    )


def test_an_empty_path_of_hooks_is_not_the_checkout(workspace, git):
    """git looks for `/pre-commit` then."""
    git("config", "core.hooksPath", "")
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: git looks for hooks in `/` (core.hooksPath), which is not this repository's alone\n")
    assert not (workspace.root / "pre-commit").exists()


def test_a_folder_of_hooks_that_repositories_share_is_left_alone(workspace, git):
    shared = workspace.root.parent / "shared"
    git("config", "core.hooksPath", str(shared))
    done = workspace.run("--install-hooks")
    assert (done.returncode, done.stdout, shared.exists()) == (1, "", False)
    assert done.stderr == (
        "error: git looks for hooks in `../shared` (core.hooksPath), which is not this repository's alone\n"
        "  help: `git config --local core.hooksPath .githooks` gives it a folder of its own\n"
    )


def test_a_hook_of_a_task_that_cannot_run_is_not_written(workspace, git):
    """It would have stopped every commit: `default`, which was not there, and internal tasks."""
    workspace.taskfile("version: '3'\ntasks: {mine: echo, hidden: {internal: true}}\n")
    usual = "`pre-commit`, `check`, `lint`, `test`, `default`"
    none = f"error: there is none of the tasks that a hook runs where none is named: {usual}\n"
    refused = {
        (): (1, f"{none}  help: `paratask --install-hooks TASK`\n"),
        ("hidden",): (202, "Taskfile.yml:2:21: error: task `hidden` is internal\n"),
        ("mine", "hidden"): (1, "error: a hook runs one task\n  help: write one that calls `mine` and `hidden`\n"),
    }
    for words, expected in refused.items():
        done = workspace.run("--install-hooks", *words)
        assert (done.returncode, done.stderr.partition(" 2 | ")[0]) == expected, words
    assert workspace.run("--uninstall-hooks").stdout == "paratask: there are no hooks in `.git/hooks` to be removed\n"

"""What is said of troubles that the system makes: in its words, with the file, and without Python's numbers. See "Errors" in docs/design.md."""

from __future__ import annotations

import subprocess
import sys

import pytest

NOT_REMOVED = """
import errno, os, sys
from paratask.__main__ import start
def refusing(call):
    def refuse(*args, **named):
        if any(str(arg).endswith(".task/checksum/a") for arg in args):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), args[-1])
        return call(*args, **named)
    return refuse
opening = os.open
os.unlink, os.replace = refusing(os.unlink), refusing(os.replace)
if sys.argv.pop(1) == "read":
    def refused(path, flags, *more, **named):
        if str(path).endswith(".task/checksum/a") and flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return opening(path, flags, *more, **named)
    os.open = refused
start()
"""
"""paratask in a folder of fingerprints that are another user's."""


def test_a_dotenv_that_is_a_folder(workspace):
    """It said `[Errno 21]`, and the path a second time."""
    workspace.taskfile("version: '3'\ntasks:\n  a: {dotenv: [settings], cmds: ['true']}\n")
    (workspace.root / "settings").mkdir()
    done = workspace.run("a")
    assert (done.returncode, done.stderr) == (1, "settings: error: cannot be read: Is a directory\n")


def test_a_dotenv_whose_path_a_command_says(workspace):
    """Plans ended in a traceback."""
    workspace.taskfile("version: '3'\nvars: {X: {sh: echo .env}}\ndotenv: ['{{.X}}']\ntasks:\n  a: echo {{.Y}}\n")
    workspace.write(".env", "Y=read")
    done = workspace.run("--plan", "a")
    assert (done.returncode, done.stderr) == (1, "Taskfile.yml: error: `{{.X}}` is not known before a run\n")
    assert workspace.run("a").stdout == "read\n"


def test_a_fingerprint_that_cannot_be_kept(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a: {sources: [Taskfile.yml], cmds: ['true']}\n")
    workspace.write(".task", "no folder\n")
    done = workspace.run("a")
    assert done.returncode == 0
    words = f"Not a directory: {workspace.root}/.task/checksum"
    assert done.stderr.splitlines()[1:] == [f"paratask: the fingerprint of `a` was not kept: {words}"]


def test_what_was_made_of_other_sources_was_up_to_date_where_an_old_fingerprint_could_not_be_removed(workspace):
    """The sources were put back, and it was that of these. `task` does not run it either, but where it is forced to."""
    workspace.taskfile("version: '3'\ntasks:\n  a: {sources: [s], cmds: [cat s > made]}\n")
    workspace.write("s", "1")
    assert workspace.run("a").returncode == 0
    workspace.write("s", "2")
    words = f"Permission denied: {workspace.root}/.task/checksum/a"
    for flags, code, made in ((("read",), 201, "1"), (("read", "--force"), 0, "2")):
        done = subprocess.run(
            [sys.executable, "-c", NOT_REMOVED, *flags, "a"],
            cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, (workspace.root / "made").read_text()) == (code, made)
        assert (f"error: `a` failed: its old fingerprint cannot be removed: {words}" in done.stderr) == (code != 0)
    workspace.write("s", "3")
    for text in ("[a] cat s", "up to date"):
        done = subprocess.run(
            [sys.executable, "-c", NOT_REMOVED, "write", "a"],
            cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, (workspace.root / "made").read_text()) == (0, "3"), (
            "a file that may be written, `task` overwrites"
        )
        assert text in done.stderr


NOT_READ = """
import errno, os, sys
from paratask.__main__ import start
scandir, listdir = os.scandir, os.listdir
def refusing(look):
    def refuse(path="."):
        if str(path).endswith(".paratask/runs"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return look(path)
    return refuse
os.scandir, os.listdir = refusing(scandir), refusing(listdir)
start()
"""
"""paratask where another user, who keeps all to himself, has run before."""


@pytest.mark.parametrize("words", [("--runs",), ("--runs", "--json"), ("--why", "a"), ("--logs",), ("--resume",), ("--stats",)])
def test_records_that_may_not_be_read_were_said_not_to_be_there(workspace, words):
    workspace.taskfile("version: '3'\ntasks:\n  a: 'true'\n")
    done = subprocess.run(
        [sys.executable, "-c", NOT_READ, *words],
        cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    refused = f"error: the records cannot be read: Permission denied: {workspace.root}/.paratask/runs\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", refused)


def test_sources_that_cannot_be_looked_at(workspace):
    workspace.taskfile(
        "version: '3'\ntasks:\n  a: {method: timestamp, sources: [far], generates: [Taskfile.yml], cmds: ['true']}\n"
    )
    (workspace.root / "far").symlink_to("far")
    workspace.run("a")
    assert "[Errno" not in workspace.run("--why", "a").stdout


def test_a_dotenv_that_is_not_in_utf_8_is_read_as_task_reads_it(workspace, real_task):
    """It ended the run."""
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n  a: {dotenv: [old.env], cmds: ['echo $NAME $OTHER']}\n")
    (workspace.root / "old.env").write_bytes(b"NAME=M\xfcller\nOTHER=x\n")
    done = workspace.run("a")
    assert (done.returncode, done.stdout) == (0, "M\N{REPLACEMENT CHARACTER}ller x\n")
    theirs = subprocess.run([real_task, "a"], cwd=workspace.root, env=workspace.environ, capture_output=True, check=False)
    assert (theirs.returncode, theirs.stdout.decode()) == (done.returncode, done.stdout)


def run_in_a_folder_that_goes(workspace, *command: str) -> subprocess.CompletedProcess[str]:
    (workspace.root / "gone").mkdir()
    script = ["sh", "-c", 'cd gone && rmdir ../gone && exec "$@"', "sh", *command]
    return subprocess.run(script, cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False)


def test_a_current_folder_that_was_removed(workspace):
    """It was a traceback."""
    done = run_in_a_folder_that_goes(workspace, *workspace.argv("a"))
    assert (done.returncode, done.stderr) == (
        100,
        "error: the current folder was removed; `cd .` finds one that was put in its place\n",
    )


@pytest.mark.parametrize("task", ["bad", "two"])
def test_a_command_that_removes_the_current_folder_and_fails(workspace, task):
    """It was a traceback in place of the error, and exit code 1."""
    there = workspace.root / "there"
    workspace.write(
        "there/Taskfile.yml",
        f"version: '3'\nsilent: true\ntasks:\n  bad: rm -rf {there}; exit 3\n  ok: 'true'\n  two: {{deps: [ok], cmds: [task: bad]}}\n",
    )
    done = workspace.run(task, cwd=there, env={"PWD": str(there)})
    assert done.returncode == 201
    assert f"error: `bad` failed: `rm -rf {there}; exit 3` exited with 3 after " in done.stderr
    assert "\n  at Taskfile.yml:4:" in done.stderr
    assert "Traceback" not in done.stderr


def test_paths_in_a_checkout_that_a_symbolic_link_leads_to(workspace):
    """They were shown from the folder that the link leads to: `../link/Taskfile.yml`."""
    workspace.write(
        "real/checkout/Taskfile.yml", "version: '3'\ntasks:\n  bad: exit 3\n  both: {cmds: [task: bad, task: bad]}\n"
    )
    workspace.write("real/checkout/sub/here", "")
    link, below = workspace.root / "link", workspace.root / "other"
    link.symlink_to("real/checkout")
    below.symlink_to("real/checkout/sub")
    for folder in (link, link / "sub"):
        up = "../" if folder != link else ""
        done = workspace.run("both", cwd=folder, env={"PWD": str(folder)})
        assert f"\n  at {up}Taskfile.yml:3:" in done.stderr
        assert f"; logs in {up}.paratask/runs/" in done.stderr
    done = workspace.run("-d", str(link), "bad", cwd=below, env={"PWD": str(below)})
    shown = done.stderr.partition("\n  at ")[2].partition(":")[0]
    assert (workspace.root / "real/checkout/sub" / shown).samefile(link / "Taskfile.yml"), (
        "a step up is one from where the link leads"
    )


@pytest.mark.parametrize(
    ("include", "column", "message"),
    [
        ("./{{nope}}", 10, "function `nope` is not defined"),
        ("{taskfile: ./i.yml, dir: 'x/{{nope}}'}", 36, "function `nope` is not defined"),
        ("{taskfile: './{{index .X 3}}', optional: true}", 22, "error calling index: index of untyped nil"),
    ],
)
def test_a_broken_template_in_an_include(workspace, include, column, message):
    """It was a traceback."""
    workspace.write("i.yml", "version: '3'\n")
    workspace.taskfile(f"version: '3'\nincludes:\n  i: {include}\ntasks: {{a: echo}}\n")
    done = workspace.run("a")
    line = f"  i: {include}"
    assert done.returncode == 1
    assert done.stderr == (f"Taskfile.yml:3:{column}: error: {message}\n 3 | {line}\n   | {' ' * (column - 1)}^\n")


@pytest.mark.parametrize(
    ("step", "line", "text"),
    [
        (">-\n          echo one\n          two {{.X | nope}}", 6, "          two {{.X | nope}}"),
        ('"echo \\"q\\" {{.X | nope}}"', 4, '        - "echo \\"q\\" {{.X | nope}}"'),
        ("'echo ''q'' {{.X | nope}}'", 4, "        - 'echo ''q'' {{.X | nope}}'"),
        ("{task: b, vars: {V: 'v {{nope}}'}}", 4, "        - {task: b, vars: {V: 'v {{nope}}'}}"),
    ],
)
def test_a_template_in_a_text_that_is_written_otherwise_was_told_at_its_task_or_nowhere(workspace, step, line, text):
    (workspace.root / "Taskfile.yml").write_text(f"version: '3'\ntasks:\n  a:\n        - {step}\n  b: echo\n")
    done = workspace.run("a")
    column = text.index("nope") + 1
    assert done.returncode == 1
    shown = f" {line} | {text}\n   | {' ' * (column - 1)}^\n"
    assert done.stderr.startswith(f"Taskfile.yml:{line}:{column}: error: function `nope` is not defined\n{shown}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("output: {group: {begin: 'x {{nope}}'}}", "  at Taskfile.yml:2:30\n 2 | "),
        ("output: {group: {begin: x, end: '{{nope}}'}}", "  at Taskfile.yml:2:36\n 2 | "),
    ],
)
def test_a_broken_template_that_is_no_task_s_had_no_place(workspace, text, place):
    workspace.taskfile(f"version: '3'\n{text}\ntasks: {{a: echo a}}\n")
    done = workspace.run("a")
    assert done.returncode in (1, 201)
    assert f"{place}{text}\n" in done.stderr


def test_a_broken_template_in_the_path_of_a_dotenv_file_had_no_place(workspace):
    workspace.taskfile("version: '3'\ndotenv: ['.env', '.env.{{.X | nope}}', '{{.Y | nope}}']\ntasks: {a: echo a}\n")
    done = workspace.run("a")
    warning = "warning: function `nope` is not defined; from here on, `dotenv` counts as it is written"
    assert (done.returncode, done.stderr) == (0, f"paratask: Taskfile.yml:2:31: {warning}\ntask: [a] echo a\n")


def test_a_broken_template_on_the_command_line_has_no_place_in_a_file(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: echo a}\n")
    err = workspace.run("--output", "group", "--output-group-begin", "{{nope}}", "a").stderr
    assert "  in `{{nope}}`, line 1, column 3\n" in err
    assert "  at " not in err


def test_a_program_that_is_missing_is_named_below_the_error(workspace):
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n  a: no-such-program-here --x\n  b: {dir: sub, cmds: [../x.sh]}\n")
    workspace.write("sub/x", "")
    workspace.write("x.sh", "echo")
    a, b = workspace.run("a"), workspace.run("b")
    assert (a.returncode, b.returncode) == (201, 201)
    advice = "`paratask --doctor` looks for others"
    assert f"\n  help: there is no `no-such-program-here` on PATH; {advice}\n" in a.stderr
    assert "\n  help: `../x.sh` is not executable: `chmod +x x.sh`\n" in b.stderr


@pytest.mark.parametrize(
    ("variables", "task", "place", "line"),
    [
        ("vars: {FINE: 1, TAG: {sh: exit 3}}", "echo {{.TAG}}", "3:17", 3),
        ("vars:\n  TAG:\n    sh: |\n      exit 3", "echo {{.TAG}}", "4:3", 4),
        ('vars: {"TAG": {sh: exit 3}}', "echo {{.TAG}}", "3:9", 3),
        ("vars: {TAG: fine}", "{env: {TAG: {sh: exit 3}}, cmds: [echo]}", "5:13", 5),
        ("env: {TAG: {sh: exit 3}}", "echo {{.TAG}}", "3:7", 3),
        ('vars: {TAG: {sh: "ex\\x69t 3"}}', "echo {{.TAG}}", "5:3", 5),
    ],
)
def test_a_variable_whose_command_fails_was_neither_named_nor_shown(workspace, variables, task, place, line):
    """The task that it was needed for was shown, which most often has nothing to do with it."""
    (workspace.root / "Taskfile.yml").write_text(
        f"version: '3'\n# TAG: it comes from exit 3\n{variables}\ntasks:\n  a: {task}\n"
    )
    done = workspace.run("a")
    assert done.returncode == 1
    message = "the command of the `sh:` variable `TAG` failed: `exit 3` exited with 3"
    assert done.stderr.startswith(f"Taskfile.yml:{place}: error: {message}\n {line} | ")

"""`--verify` with real tasks: what is equal is called so, what races is found, and the checkout stays as it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from up_and_gone import group_is_alive, is_gone

pytestmark = pytest.mark.slow

WITHOUT_MOUNTS = """
import sys
import paratask.cli.proving.verify as verify
from paratask.cli.main import main
verify.allows_private_mounts = lambda folder: False
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def checkout(workspace, tmp_path):
    copies = tmp_path / "copies"
    copies.mkdir()
    workspace.environ["TMPDIR"] = str(copies)
    workspace.copies = copies
    return workspace


def project(workspace, text):
    """A Taskfile, and claims that let its tasks a and b run side by side, whatever they do."""
    workspace.taskfile(text)
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n')


def tree(root):
    """But for what is kept of Taskfiles: two seconds after one was written it is noted that it has settled."""
    cache = Path(root, ".paratask", "cache")
    paths = [path for path in sorted(Path(root).rglob("*")) if cache not in (path, *path.parents)]
    return {path: (path.read_text() if path.is_file() else "", path.lstat().st_mtime_ns) for path in paths}


def verified(workspace, *args):
    """The document of `--verify --json`, less what it notes of this machine, and the process; the checkout must be as it was, and no
    copy left.
    """
    before = tree(workspace.root)
    done = workspace.run("--verify", "--json", *args)
    assert tree(workspace.root) == before
    assert os.listdir(workspace.copies) == []
    document = json.loads(done.stdout) if done.stdout else {"notes": []}
    document["notes"] = [note for note in document["notes"] if not note.startswith("this machine allows no private mounts")]
    return (document if done.stdout else None), done


def test_a_correct_set_is_equal(checkout):
    project(
        checkout,
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}]
          a: {cmds: ['mkdir a && pwd > a/out'], sources: [Taskfile.yml], generates: [a/out]}
          b: mkdir b && echo b > b/out
        """,
    )
    document, done = verified(checkout, "all")
    assert done.returncode == 0, done.stderr
    assert (document["verdict"], document["findings"], document["not_reproducible"]) == ("equal", [], [])
    assert [run["name"] for run in document["runs"]] == ["one at a time", "again", "round 1", "round 2", "round 3"]
    assert [run["kind"] for run in document["runs"]] == ["sequential"] * 2 + ["parallel"] * 3
    assert document["runs"][2]["seed"] == "reversed"
    assert all(run["exit_code"] == 0 and run["peak_memory_bytes"] > 1_000_000 for run in document["runs"])
    assert all((run["speed_up"] is None) == (run["kind"] == "sequential") for run in document["runs"])


def test_the_table_ends_with_an_honest_verdict(checkout):
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: mkdir a, b: mkdir b}\n")
    done = checkout.run("--verify", "--rounds", "1", "all")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["run", "seed", "seconds", "speed-up", "exit", "code", "peak", "memory", "jobs", "overlapped"]
    assert lines[-1] == "no difference in 1 round: exit codes, jobs and 4 paths"
    assert done.stderr.splitlines()[0].startswith(f"paratask: copying {checkout.root}: 2 files, ")


RACE = """\
version: '3'
tasks:
  all: [{task: a}, {task: b}]
  a: ./append.sh a
  b: ./append.sh b
"""


def test_two_tasks_that_race_are_found_with_the_seed_and_who_did_it(checkout):
    checkout.environ["PARATASK_JOBS"] = "1"  # they then start strictly in the order that is drawn
    project(checkout, RACE)
    checkout.write("append.sh", "#!/bin/sh\necho $1 >> shared.log\n").chmod(0o755)
    document, done = verified(checkout, "--rounds", "1", "all")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-2:] == [
        "error: `all` comes out otherwise side by side than one at a time",
        "  help: paratask --verify --rounds 1 --seed reversed all repeats round 1",
    ]
    (finding,) = document["findings"]
    assert (finding["kind"], finding["subject"], finding["message"]) == ("file", "shared.log", "other content")
    assert (finding["run"], finding["seed"]) == ("round 1", "reversed")
    assert set(finding["tasks"]) <= {"a", "b"}
    assert finding["difference"] == ["+b", "-b"] or finding["difference"] == ["-a", "+a"]
    text = checkout.run("--verify", "--rounds", "1", "all").stdout
    assert "round 1 came out otherwise (seed reversed; again: paratask --verify --rounds 1 --seed reversed all)\n" in text
    assert text.endswith("different in 1 of 1 round\n")


def test_files_that_name_the_second_were_taken_for_a_race(checkout):
    """A clock outside the checkout, whose first two runs fall into one second."""
    clock = checkout.root.parent / "clock"
    clock.write_text("0")
    project(checkout, "version: '3'\ntasks:\n  all: [{task: a}, {task: b}]\n  a: ./stamp.sh\n  b: echo b > b.txt\n")
    script = f"#!/bin/sh\nnow=$(cat {clock})\necho $((now / 2)) > stamp\necho $((now + 1)) > {clock}\n"
    checkout.write("stamp.sh", script).chmod(0o755)
    document, done = verified(checkout, "--rounds", "2", "all")
    assert done.returncode == 0, done.stderr
    assert (document["verdict"], document["findings"]) == ("equal", [])
    assert document["not_reproducible"] == [{"path": "stamp", "how": "other content"}]
    names = [(run["name"], run["kind"]) for run in document["runs"]]
    assert (names[1], names[-1]) == (("again", "sequential"), ("once more", "sequential"))


def test_a_seed_gives_the_same_order_again(checkout):
    checkout.environ["PARATASK_JOBS"] = "1"
    names = "abcdefgh"
    calls = ", ".join(f"{{task: {name}}}" for name in names)
    checkout.taskfile(
        f"version: '3'\ntasks:\n  all: [{calls}]\n" + "".join(f"  {name}: echo {name} >> ../order\n" for name in names)
    )
    checkout.write("paratask.toml", "".join(f'[tasks.{name}]\nwrites = ["{name}"]\n' for name in names))
    order = checkout.root.parent / "order"
    orders = []
    for seed in ("7", "7", "8", "reversed"):
        assert checkout.run("--seed", seed, "all").returncode == 0
        orders.append(order.read_text().replace("\n", ""))
        order.unlink()
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert all(sorted(found) == list(names) for found in orders)
    assert orders[3] == names[::-1]


def test_what_fails_only_beside_others_is_found(checkout):
    project(checkout, RACE)
    checkout.write("append.sh", "#!/bin/bash\n[ $1 = a ] || [ -e did-a ] || exit 3\ntouch did-$1\n").chmod(0o755)
    checkout.environ["PARATASK_JOBS"] = "1"
    document, done = verified(checkout, "--rounds", "1", "all")
    assert done.returncode == 3
    assert {(finding["kind"], finding["subject"], finding["message"]) for finding in document["findings"]} >= {
        ("exit code", "b", "ended with 201; one at a time with 0"),
        ("job", "b", "failed with 3; one at a time succeeded"),
    }
    assert any("exited with 3" in line for line in document["runs"][2]["log"])


def test_what_no_two_runs_write_alike_is_left_out(checkout):
    project(
        checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: date +%N > stamp, b: mkdir -p b/$RANDOM-$RANDOM}\n"
    )
    document, done = verified(checkout, "all")
    assert done.returncode == 0, done.stderr
    paths = {entry["path"]: entry["how"] for entry in document["not_reproducible"]}
    assert paths.pop("stamp") == "other content"
    assert sorted(paths.values()) == ["only in the first run one at a time", "only in the second run one at a time"]


def test_a_task_that_fails_anyway_fails_alike(checkout):
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: touch a, b: 'echo broken; exit 4'}\n")
    document, done = verified(checkout, "--rounds", "2", "all")
    assert (done.returncode, document["verdict"], document["exit_code"]) == (201, "fails-alike", 201)
    done = checkout.run("--verify", "--rounds", "2", "-x", "all")
    assert done.returncode == 4
    assert "  | broken\n" in done.stdout
    assert done.stdout.endswith("it fails the same way one at a time and in 2 rounds, with exit code 4\n")


def test_a_task_that_does_not_end_alike_one_at_a_time_cannot_be_compared(checkout, tmp_path):
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: touch a, b: mkdir $OUT/once}\n")
    checkout.environ["OUT"] = str(tmp_path)
    document, done = verified(checkout, "all")
    assert (done.returncode, document["verdict"], len(document["runs"])) == (1, "unstable", 2)
    assert done.stderr.splitlines()[-1] == (
        "error: `all` ended with 0 and 201, one at a time both times: there is nothing to compare with"
    )


def test_flags_variables_and_arguments_are_passed_on(checkout):
    checkout.taskfile("version: '3'\ntasks: {all: [{task: a}], a: 'echo {{.X}} {{.CLI_ARGS}} > a; exit 5'}\n")
    document, done = verified(checkout, "--rounds=1", "-x", "-s", "all", "X=a b", "--", "c d", "--e")
    assert done.returncode == 5
    assert not any("task: [a]" in line for line in document["runs"][0]["log"])


def test_what_can_be_seen_outside_is_refused(checkout):
    checkout.program("git", "#!/bin/sh\necho pushed >> ../../../pushed\n")
    checkout.taskfile("version: '3'\ntasks: {all: [{task: a}, {task: push}], a: touch a, push: git push}\n")
    done = checkout.run("--verify", "all")
    assert done.returncode == 1
    assert done.stderr == (
        "error: `push` runs `git push`, which would happen 3 or 4 times and can be seen outside this checkout: "
        "`git push` reaches beyond this checkout\n"
        "  help: `--yes` on the command line runs it all the same; `local = true` in paratask.toml says it is harmless\n"
    )
    refused = checkout.run("--verify", "all", env={"TASK_ASSUME_YES": "1"})
    assert refused.returncode == 1, "answering prompts in the environment allows nothing here"
    allowed = checkout.run("--verify", "--rounds", "1", "--yes", "all")
    assert allowed.returncode == 0, allowed.stderr
    assert allowed.stderr.startswith(
        "paratask: warning: `push` runs `git push`, 3 or 4 times, and that can be seen outside this checkout: "
    )


@pytest.mark.parametrize(
    "steps",
    [
        "[{cmd: git push origin main, platforms: [plan9]}, touch a]",
        "[{task: elsewhere}, touch a]",
    ],
)
def test_what_is_for_other_platforms_is_not_pushed(checkout, steps):
    checkout.program("git", "#!/bin/sh\ntouch pushed\n")
    checkout.taskfile(
        f"version: '3'\ntasks: {{a: {{cmds: {steps}}}, elsewhere: {{platforms: [plan9], cmds: [git push, mystery]}}}}\n"
    )
    _, done = verified(checkout, "--rounds=1", "a")
    assert done.returncode == 0, done.stderr
    assert "nobody knows" not in done.stderr


@pytest.mark.parametrize(
    "steps",
    [
        "['git push origin {{.NAME}}']",
        "[{defer: 'git push origin {{.NAME}}'}]",
        "[{for: {var: NAME}, cmd: 'git push origin {{.ITEM}}'}]",
        "[{for: {var: NAME}, task: push}]",
        "[{if: 'git push', task: nothing}]",
        "[{if: 'git push {{.NAME}}', cmd: touch a}]",
    ],
)
def test_a_push_is_refused_whatever_is_not_known_of_it_before_it_runs(checkout, steps):
    checkout.program("git", "#!/bin/sh\ntouch ../../../pushed\n")
    checkout.taskfile(
        f"version: '3'\nvars: {{NAME: {{sh: echo main}}}}\ntasks: {{a: {{cmds: {steps}}}, push: git push, nothing: 'true'}}\n"
    )
    done = checkout.run("--verify", "a")
    assert done.returncode == 1
    assert " runs `git push" in done.stderr


def test_a_call_that_is_not_known_before_it_runs_is_warned_of(checkout):
    checkout.taskfile("version: '3'\nvars: {NAME: {sh: echo b}}\ntasks: {a: [{task: '{{.NAME}}'}], b: touch b}\n")
    _, done = verified(checkout, "--rounds=1", "a")
    assert done.returncode == 0, done.stderr
    assert "nobody knows what these do outside the copies, and they run 3 or 4 times: `task: {{.NAME}}` (a)" in done.stderr


def test_a_declared_effect_counts_and_a_declared_absence_as_well(checkout):
    checkout.program("git", "#!/bin/sh\n")
    checkout.taskfile("version: '3'\ntasks: {a: touch a, push: git push}\n")
    checkout.write("paratask.toml", "[tasks.a]\nlocal = false\n[tasks.push]\nlocal = true\n")
    done = checkout.run("--verify", "a")
    assert done.stderr.splitlines()[0] == (
        "error: `a` has effects outside, which would happen 3 or 4 times and can be seen outside this checkout: "
        "paratask.toml declares `local = false`"
    )
    assert checkout.run("--verify", "push").returncode == 0


def test_a_plan_without_a_set_is_said_so_up_front_and_run_once(checkout):
    checkout.taskfile("version: '3'\ntasks: {all: [{task: a}, {task: later}], a: touch a, later: cp a later}\n")
    checkout.write("paratask.toml", '[tasks.a]\nwrites = ["a"]\n[tasks.later]\nreads = ["a"]\nwrites = ["later"]\n')
    document, done = verified(checkout, "all")
    assert done.returncode == 0
    assert document["rounds"] == 1
    (note,) = document["notes"]
    assert note.startswith("by its plan nothing of this runs side by side: ")
    assert f"paratask: {note}" in done.stderr.splitlines()


def test_commands_that_nobody_knows_run_with_a_warning(checkout):
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: mystery x, b: touch b}\n")
    checkout.program("mystery", "#!/bin/sh\ntouch a\n")
    _, done = verified(checkout, "--rounds=1", "all")
    assert done.returncode == 0, done.stderr
    assert "nobody knows what these do outside the copies, and they run 3 or 4 times: `mystery x` (a)" in done.stderr


def test_a_variable_that_nobody_sets_is_no_reason_to_warn(checkout):
    """A plan knows such a command, so that to say that nobody knows it was wrong."""
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: 'touch ${NOWHERE_SET:+-c} a', b: touch b}\n")
    _, done = verified(checkout, "--rounds=1", "all")
    assert done.returncode == 0, done.stderr
    assert "nobody knows" not in done.stderr


@pytest.mark.parametrize("guarded", [True, False])
def test_absolute_names_of_the_checkout_mean_the_copy(checkout, guarded):
    """By way of the environment always; those in files where the machine allows private mounts."""
    project(
        checkout,
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}]
          a: echo spoilt >> "$NAMED/kept"
          b: echo spoilt >> link/kept
          c: ./own.sh
        """,
    )
    checkout.write("kept", "as it was\n")
    checkout.write("other/kept", "as it was\n")
    checkout.write("own.sh", f"#!/bin/sh\necho spoilt >> {checkout.root}/kept\n").chmod(0o755)
    (checkout.root / "link").symlink_to(checkout.root / "other")
    checkout.environ["NAMED"] = str(checkout.root)
    argv = checkout.argv() if guarded else [sys.executable, "-c", WITHOUT_MOUNTS]
    before = tree(checkout.root)
    done = subprocess.run(
        [*argv, "--verify", "--json", "all"], cwd=checkout.root, env=checkout.environ, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert tree(checkout.root) == before
    unguarded = "allows no private mounts" in done.stderr
    assert guarded or unguarded
    if not unguarded:
        done = checkout.run("--verify", "--rounds=1", "c")
        assert done.returncode == 0, done.stderr
        assert tree(checkout.root) == before


BOTH = "{cmds: [{task: a}, {task: b}]}"


@pytest.mark.parametrize(
    ("includes", "a", "message"),
    [
        ("common: {taskfile: ../common/Taskfile.yml}", "true", "`../common/Taskfile.yml` lies outside of"),
        ("", "{dir: ../common, cmds: [test -f Taskfile.yml]}", "the folder of `a`, "),
        ("c: {taskfile: Other.yml, dir: ../common}", "{cmds: [{task: c:hi}]}", "the folder of `c:hi`, "),
    ],
)
def test_what_lies_beside_the_checkout_was_missed_in_each_run(checkout, includes, a, message):
    common = checkout.root.parent / "common"
    common.mkdir()
    for file in (common / "Taskfile.yml", checkout.root / "Other.yml"):
        file.write_text("version: '3'\ntasks: {hi: 'true'}\n")
    project(
        checkout, f"version: '3'\nincludes: {{{includes}}}\ntasks:\n  all: {BOTH}\n  a: {a}\n  b: mkdir b && echo > b/out\n"
    )
    document, done = verified(checkout, "all")
    assert (document, done.returncode) == (None, 1)
    assert f"error: {message}" in done.stderr
    assert f"outside of {checkout.root}, which is what is copied" in done.stderr


def test_what_is_named_by_an_absolute_path_is_there_for_copies_too(checkout):
    common = checkout.root.parent / "common"
    common.mkdir()
    (common / "Taskfile.yml").write_text("version: '3'\ntasks: {hi: 'test -f Taskfile.yml'}\n")
    (checkout.root / "link").symlink_to(common)
    project(
        checkout,
        f"""\
        version: '3'
        includes:
          common: {{taskfile: {common}/Taskfile.yml, dir: {common}}}
          gone: {{taskfile: ../gone/Taskfile.yml, optional: true}}
        tasks:
          all: {BOTH}
          a: {{dir: link, cmds: [test -f Taskfile.yml, {{task: common:hi}}]}}
          b: mkdir b && echo b > b/out
        """,
    )
    document, done = verified(checkout, "all")
    assert done.returncode == 0, done.stderr
    assert document["verdict"] == "equal"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_from_a_subfolder_of_a_repository(checkout):
    subprocess.run(["git", "init", "-q", str(checkout.root)], check=True)
    checkout.write(
        "packages/p/Taskfile.yml", "version: '3'\ntasks: {all: 'git rev-parse --show-prefix > out; cat ../../top'}\n"
    )
    checkout.write("top", "top\n")
    before = tree(checkout.root)
    done = checkout.run("--verify", "--yes", "all", cwd=checkout.root / "packages" / "p")
    assert done.returncode == 0, done.stderr
    assert tree(checkout.root) == before


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_ctrl_c_ends_the_run_and_leaves_nothing(checkout):
    checkout.taskfile("version: '3'\ntasks: {all: [{task: a}], a: 'touch ../../../started; exec sleep 1000'}\n")
    process = checkout.start("--verify", "all")
    started = checkout.copies / "started"
    while not started.exists():
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert os.listdir(checkout.copies) == ["started"]
    assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and _holds(pid, str(checkout.copies))]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_what_a_killed_one_left_is_ended_and_removed_by_the_next(checkout):
    checkout.taskfile("""\
        version: '3'
        tasks:
          all: [{task: a}]
          a: 'echo $$ > ../../../started; exec sleep 1000'
          b: echo b
        """)
    process = checkout.start("--verify", "all")
    started = checkout.copies / "started"
    while not (started.exists() and started.read_text()):
        assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()
    assert group_is_alive(started.read_text().strip())
    _, done = verified_beside(checkout, "started", "b")
    assert done.returncode == 0
    assert "that a killed run had left behind: " in done.stderr
    assert is_gone(started.read_text().strip())


def test_the_copies_of_one_that_was_about_to_lock_its_record_were_removed_by_another(checkout):
    checkout.taskfile("version: '3'\ntasks: {a: echo a}\n")
    records = checkout.copies / "paratask-verify-another" / "running"
    records.mkdir(parents=True)
    (records / "1-1").touch()
    assert checkout.run("--verify", "a").returncode == 0
    assert (records / "1-1").exists()


def verified_beside(checkout, name, *args):
    """As `verified`, with a file of this name among the copies."""
    kept = (checkout.copies / name).rename(checkout.root.parent / name)
    try:
        return verified(checkout, *args)
    finally:
        kept.rename(checkout.copies / name)


def _holds(pid: str, folder: str) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/cwd").startswith(folder)
    except OSError:
        return False


def test_what_a_run_leaves_behind_is_ended_and_said(checkout):
    """A daemon in a session of its own, as build servers are."""
    daemon = "import os, time; os.setsid(); open('up', 'w').close(); time.sleep(1000)"
    checkout.write("daemon.py", daemon)
    start = f"{sys.executable} daemon.py > /dev/null 2>&1 & until [ -e up ]; do sleep 0.01; done"
    checkout.taskfile(f"version: '3'\ntasks:\n  a: '{start}'\n")
    document, done = verified(checkout, "--rounds=1", "a")
    assert done.returncode == 0, done.stderr
    assert [run["left_behind"] for run in document["runs"]] == [1, 1, 1]
    assert done.stderr.count("exit code 0; 1 process that it left behind was ended\n") == 3


def test_a_whole_home_folder_is_not_copied(checkout):
    checkout.taskfile("version: '3'\ntasks: {a: touch a}\n")
    done = checkout.run("--verify", "a", env={"HOME": str(checkout.root)})
    assert done.returncode == 1
    assert f"error: the Taskfile lies in {checkout.root}: all of that would have to be copied\n" in done.stderr


def test_folders_that_may_not_be_written_are_removed_as_well(checkout):
    checkout.taskfile("version: '3'\ntasks: {a: 'mkdir -p a/b && touch a/b/c && chmod 500 a/b a'}\n")
    _, done = verified(checkout, "--rounds=1", "a")
    assert done.returncode == 0, done.stderr


def test_copies_in_the_checkout_would_copy_themselves(checkout):
    checkout.taskfile("version: '3'\ntasks: {a: touch a}\n")
    checkout.write("tmp/x", "")
    done = checkout.run("--verify", "a", env={"TMPDIR": str(checkout.root / "tmp")})
    assert done.returncode == 1
    assert f"error: the folder for copies, {checkout.root}/tmp, lies in the checkout\n" in done.stderr


@pytest.mark.timeout(300)
def test_the_quickstart_comes_out_equal(checkout):
    fixture = Path(__file__).parents[2] / "fixtures" / "monorepos" / "quickstart"
    shutil.copytree(
        fixture, checkout.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".paratask", ".task", "__pycache__")
    )
    document, done = verified(checkout, "--rounds=1", "lint")
    assert done.returncode == 0, done.stderr
    assert (document["verdict"], document["notes"], len(document["runs"][0]["jobs"])) == ("equal", [], 5)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--verify", "--watch", "a"], "--verify and --watch exclude each other"),
        (["--verify", "--rounds", "0", "a"], "--rounds is `0`"),
        (["--rounds", "2", "a"], "--rounds goes with --verify"),
        (["--verify", "nothing"], "task `nothing` does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused(checkout, args, message):
    checkout.taskfile("version: '3'\ntasks: {a: touch a}\n")
    done = checkout.run(*args)
    assert done.returncode != 0
    assert message in done.stderr
    assert not (checkout.root / "a").exists()


def test_a_plain_run_loads_nothing_of_it(checkout):
    project(checkout, "version: '3'\ntasks: {all: [{task: a}, {task: b}], a: touch a, b: touch b}\n")
    probe = (
        "import sys; from paratask.cli.main import main; main(['all']); "
        "sys.exit(any(n.startswith(('paratask.proving', 'paratask.execution.separate', 'paratask.execution.start_order')) for n in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=checkout.root, env=checkout.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_plan_was_said_to_have_no_set_where_only_what_is_up_to_date_is_shared(checkout):
    checkout.taskfile("""\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}]
          a: {deps: [made], cmds: [cp made a]}
          b: {deps: [made], cmds: [cp made b]}
          made: {sources: [Taskfile.yml], generates: [made], cmds: [echo made > made]}
        """)
    assert checkout.run("made").returncode == 0
    document, done = verified(checkout, "--rounds=2", "all")
    assert done.returncode == 0, done.stderr
    assert document["rounds"] == 2
    assert "nothing of this runs side by side" not in done.stderr
    stale, _ = verified(checkout, "--rounds=2", "--force", "all")
    assert stale["rounds"] == 1

"""docs/compatibility.md is true: each difference that it lists is there, and each that is tried here is listed.

One check for each id. It runs `task` and `paratask` in copies of the same folder, and asserts what the row says of either: a row
whose difference is gone fails, as does a row without a check, or a check without a row. Nothing here measures time. Commands that
have to meet wait for each other's files: `meet` gives up after a time where they must not meet, and waits long where they must.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fuzzed_differences import FUZZED_CHECKS
from remote_differences import REMOTE_CHECKS
from surface_differences import SURFACE_CHECKS, list_order
from watch_differences import WATCH_CHECKS
from yaml import __with_libyaml__ as has_libyaml

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

BIN = os.path.dirname(sys.executable)
PARATASK = (sys.executable, "-m", "paratask")
TASK = shutil.which("task") or shutil.which("task", path=BIN)
DOCUMENT = Path(__file__).parents[2] / "docs" / "compatibility.md"
ROW = re.compile(r"^\| (?!id |case )([a-z][a-z-]+) \| .* \| .* \|$", re.MULTILINE)
SETTINGS = re.compile(r"(TASK|PARATASK)_|USE_PARALLEL$|FORCE_COLOR$|CI$|GITHUB_ACTIONS$")
LONG, SHORT = "60", "0.3"
"""Seconds that `meet` waits for what must come, and for what must not."""

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")
two_cores = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="commands that must meet need two cores")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a run came to. `folder` is the copy that it ran in."""

    code: int
    out: str
    err: str
    folder: Path


class Sides:
    """Runs both programs, each time in a new folder with the same files."""

    def __init__(self, below: Path) -> None:
        self.below = below
        self._count = 0
        self.files: dict[str, str] = {}

    def taskfile(self, text: str, **files: str) -> None:
        """`files` are by name with `_` for `.`."""
        self.files = {"Taskfile.yml": "version: '3'\nsilent: true\n" + text}
        self.files.update({name.replace("_", "."): content for name, content in files.items()})

    def task(self, *arguments: str, wait: str = LONG, **environment: str) -> Ended:
        assert TASK is not None
        return self._run([TASK, *arguments], wait, environment)

    def paratask(self, *arguments: str, wait: str = LONG, **environment: str) -> Ended:
        return self._run([*PARATASK, *arguments], wait, environment)

    def start_task(self, *arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
        """In a process group of its own."""
        assert TASK is not None
        return self._start([TASK, *arguments], self.new_folder(), environment, stdout=stdout)

    def start_paratask(self, *arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
        """In a process group of its own."""
        return self._start([*PARATASK, *arguments], self.new_folder(), environment, stdout=stdout)

    def start_in(self, folder: Path, program: str, *arguments: str, **streams: int) -> subprocess.Popen[str]:
        """`task` or `paratask`, in a process group of its own, in a folder that `new_folder` gave."""
        assert TASK is not None
        return self._start(
            [*{"task": (TASK,), "paratask": PARATASK}[program], *arguments], folder, {"TERM": "xterm"}, **streams
        )

    def _run(self, argv: list[str], wait: str, extra: dict[str, str]) -> Ended:
        folder = self.new_folder()
        process = self._start(argv, folder, {"WAIT": wait, **extra})
        out, err = process.communicate()
        return Ended(code=process.returncode, out=out, err=err, folder=folder)

    def new_folder(self) -> Path:
        """One more copy of the files."""
        self._count += 1
        folder = self.below / str(self._count)
        folder.mkdir()
        for name, content in {**self.files, "meet": MEET}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
        (folder / "meet").chmod(0o755)
        return folder

    def _start(self, argv: list[str], folder: Path, extra: dict[str, str], **streams: int) -> subprocess.Popen[str]:
        own = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
        environment = {**own, "NO_COLOR": "1", **extra}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        return subprocess.Popen(
            argv, cwd=folder, env=environment, text=True, **streams,
            preexec_fn=_on_two_cores, start_new_session=True,  # noqa: PLW1509 - nothing else runs in this process
        )  # fmt: skip


MEET = """#!/bin/sh
# meet MINE OTHER…: leaves MINE, and succeeds when all others are there; fails after $WAIT seconds.
touch "$1"
shift
exec timeout "$WAIT" sh -c 'for file; do until test -e "$file"; do sleep 0.01; done; done' meet "$@"
"""


def _on_two_cores() -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    return Sides(tmp_path)


APART = '[tasks.a]\nwrites = ["a*"]\nlocal = true\n[tasks.b]\nwrites = ["b*"]\nlocal = true\n'
"""Claims by which a and b may run together, and a may run twice."""


def parallel_sets(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: [{task: a}, {task: b}]\n  a: ./meet a.here b.here\n  b: ./meet b.here a.here\n", paratask_toml=APART
    )
    assert sides.task(wait=SHORT).code == 201
    assert sides.paratask().code == 0
    assert sides.paratask("--parallel", "a", "b").code == 0
    assert sides.paratask("a", "b").code == 0
    assert sides.task("a", "b", wait=SHORT).code == 201
    for switched_off in (sides.paratask("--sequential", wait=SHORT), sides.paratask(wait=SHORT, USE_PARALLEL="false")):
        assert switched_off.code == 201


def retry(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: [{task: a}, {task: b}]\n"
        "  a: ./meet a.here b.here || true; if mkdir a.first 2>/dev/null; then exit 1; fi\n"
        "  b: ./meet b.here a.here || true\n",
        paratask_toml=APART,
    )
    assert sides.task(wait=SHORT).code == 201
    ours = sides.paratask()
    assert ours.code == 0
    assert len(list((ours.folder / ".paratask" / "runs").glob("*/a.first-attempt.log"))) == 1
    for how in ("stop", "continue"):
        assert sides.paratask("--on-failure", how).code == 201


def grouped_output(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: {deps: [a, b]}\n"
        "  a: echo a1; ./meet a1 b1 && echo a2 && ./meet a2 b2\n"
        "  b: ./meet b0 a1 && echo b1 && ./meet b1 a2 && echo b2 && ./meet b2 a2\n"
    )
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, theirs.out) == (0, "a1\nb1\na2\nb2\n")
    assert (ours.code, ours.out) == (0, "b1\nb2\na1\na2\n")


def ci_groups(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {deps: [a, b]}\n  a: echo a; echo A >&2\n  b: echo b\n")
    theirs, ours = sides.task(GITHUB_ACTIONS="true"), sides.paratask(GITHUB_ACTIONS="true")
    assert (theirs.code, sorted(theirs.out.splitlines()), theirs.err) == (0, ["a", "b"], "A\n")
    groups = re.sub(r"\d+\.\d+ s", "T", ours.out)
    assert groups == "::group::b (T)\nb\n::endgroup::\n::group::a (T)\na\nA\n::endgroup::\n"


def deps_claims(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: {deps: [a, b]}\n"
        "  a: {sources: [in], generates: [shared], cmds: [./meet a.here b.here]}\n"
        "  b: {sources: [shared], cmds: [./meet b.here a.here]}\n",
        **{"in": "", "shared": ""},
    )
    assert sides.task().code == 0
    assert sides.paratask(wait=SHORT).code == 201


def cores(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: {deps: [a, b, c]}\n"
        "  a: ./meet a b c\n  b: ./meet b a c\n  c: ./meet c a b\n"
    )  # fmt: skip
    assert sides.task().code == 0
    assert sides.task("-C", "2", wait=SHORT).code == 201
    assert sides.paratask(wait=SHORT).code == 201


def jobserver(sides: Sides) -> None:
    flags = "all: ; @echo '[$(filter -j%,$(MAKEFLAGS))]'\n"
    sides.taskfile("tasks: {many: make -j77, own: {env: {MAKEFLAGS: -s}, cmds: [make -j1]}, plain: make}\n", Makefile=flags)
    assert "[-j77]" in sides.task("many", MAKEFLAGS="").out
    shared = sides.paratask("many", MAKEFLAGS="")
    assert shared.code == 0
    assert "[-j77]" not in shared.out
    assert "[-j77]" in sides.paratask("many", "--jobserver", "off", MAKEFLAGS="").out
    assert "[-j77]" in sides.paratask("many", "--sequential", MAKEFLAGS="").out
    for same in ("own", "plain"):
        assert sides.paratask(same, MAKEFLAGS="").out == sides.task(same, MAKEFLAGS="").out


def longest_first(sides: Sides) -> None:
    deps = [f"t{number}" for number in range(5)]
    sides.taskfile(
        f"tasks:\n  default: {{deps: [{', '.join(deps)}]}}\n  t1: echo long >> order && ./meet 1.here 2.here\n"
        "  t2: echo long >> order && ./meet 2.here 1.here\n" + "".join(f"  t{n}: echo t{n} >> order\n" for n in (0, 3, 4))
    )
    took = {"t1": 9.0, "t2": 8.0, "t0": 1.0, "t3": 1.0, "t4": 1.0}
    jobs = [
        {"id": name, "task": name, "parent": "", "state": "succeeded", "seconds": s, "command_seconds": s, "cpu_seconds": 0.0}
        for name, s in took.items()
    ]
    run_id = time.strftime("%Y%m%d-000000")  # what is a year older than a run is forgotten
    summary = {
        "schema": 1,
        "run": run_id,
        "calls": ["default"],
        "started_at": 1.0,
        "seconds": 9.0,
        "exit_code": 0,
        "jobs": jobs,
    }
    sides.files[f".paratask/runs/{run_id}/summary.json"] = json.dumps(summary, indent=1)
    ours = sides.paratask("-C", "2")
    firsts = ((sides.task("-C", "2").folder / "order").read_text().split()[0] for _ in range(10))
    assert any(first in ("t4", "t0") for first in firsts), "which of them task starts first is left to chance, mostly the last"
    assert (ours.folder / "order").read_text().split()[:2] == ["long", "long"]


def parallel_flag(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: [{task: a}, {task: b}]\n  a: ./meet a.here b.here\n  b: ./meet b.here a.here\n", paratask_toml=APART
    )
    assert sides.task("-p", "default", wait=SHORT).code == 201
    assert sides.paratask("-p", "default", USE_PARALLEL="false").code == 0


def spellings(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: ['task:u', 'task u', 'paratask u', 'task:u &', 'task:v &', 'wait']\n  u: echo u\n  v: echo v\n"
    )
    assert sides.task().code == 201
    ours = sides.paratask()
    assert (ours.code, ours.out) == (0, "u\nu\nu\nu\nv\n")


def fingerprint_late(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {sources: [Taskfile.yml], cmds: [ls .task/checksum]}\n")
    assert sides.task().code == 0
    ours = sides.paratask()
    assert ours.code == 201
    assert not (ours.folder / ".task" / "checksum" / "default").exists()
    sides.taskfile("tasks:\n  default: {sources: [Taskfile.yml], cmds: ['true']}\n", _task="a file in its place")
    assert (sides.task().code, sides.paratask().code) == (201, 0)
    assert "the fingerprint of `default` was not kept: " in sides.paratask().err


def errors(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: [{task: a}, {task: b}]\n  a: 'true'\n  b: exit 3\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, ours.code) == (201, 201)
    assert theirs.err == 'task: Failed to run task "default": task: Failed to run task "b": exit status 3\n'
    assert "Taskfile.yml:6:6" in ours.err
    last_line = ours.err.splitlines()[-1]
    assert re.fullmatch(r"paratask: 3 jobs in \d+\.\d+ s; .*failed: `b`; logs in \.paratask/runs/\S+", last_line)


def unknown_keys(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {cmdz: [], cmds: [echo x]}\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, theirs.out, theirs.err) == (0, "x\n", "")
    assert (ours.code, ours.out) == (0, "x\n")
    assert "paratask: Taskfile.yml:4:13: warning: unknown key `cmdz` in task" in ours.err


def size_limit(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: echo x\n" + ("#" * 1023 + "\n") * 1024 * 8)
    assert sides.task().code == 0
    ours = sides.paratask()
    assert ours.code == 109
    assert "larger than 8 MiB" in ours.err


def state(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: {sources: ['.paratask/**', Taskfile.yml], cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]}\n"
    )
    theirs, ours = sides.task(), sides.paratask()
    assert not (theirs.folder / ".paratask").exists()
    assert (ours.folder / ".paratask" / ".gitignore").read_text().splitlines()[-1] == "*"
    again = subprocess.run(
        [sys.executable, "-m", "paratask", "--force"],
        cwd=ours.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert again.stdout == b"Taskfile.yml\n"


def own_file(sides: Sides) -> None:
    sides.files = {"paratask.toml": '[tasks]\ndefault = "echo x"\n'}
    assert sides.task().code == 100
    assert sides.paratask("--silent").out == "x\n"
    sides.files = {"pyproject.toml": '[tool.paratask.tasks]\ndefault = "echo y"\n'}
    assert sides.task().code == 100
    assert sides.paratask("--silent").out == "y\n"
    sides.taskfile("tasks:\n  default: echo x\n", paratask_toml='[tasks]\nmore = "echo z"\n')
    assert sides.task("more").code == 200
    assert sides.paratask("more").out == "z\n"


def version(sides: Sides) -> None:
    from paratask import __version__

    sides.taskfile("tasks:\n  default: echo {{.TASK_VERSION}}\n")
    assert sides.task("--version").out.startswith("3.54.0")
    assert sides.paratask("--version").out == f"{__version__}\n"
    assert sides.task().out == sides.paratask().out == "3.54.0\n"


def host_names(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: 'echo {{getHostByName \"127.0.0.1\"}}'\n")
    assert sides.task().out == "127.0.0.1\n"
    ours = sides.paratask()
    assert ours.code == 1
    assert "getHostByName" in ours.err


def shell_errors(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: no-such-program | cat; no-such-program\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, ours.code) == (201, 201)
    assert theirs.err.count('"no-such-program": executable file not found in $PATH\n') == 2
    assert ours.err.count(": no-such-program: command not found\n") == 2


def shell_tables(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: shopt\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, ours.code) == (0, 0)
    assert set(ours.out.splitlines()) - set(theirs.out.splitlines())


def shell_features(sides: Sides) -> None:
    for command, wanted in (
        ('x=(a b); echo "${x[@]@Q}"', "'a' 'b'\n"),
        ("coproc echo hello; read line <&${COPROC[0]}; echo $line", "hello\n"),
        ("(trap 'echo over' EXIT)", "over\n"),
        ("sleep 0 & jobs -r >/dev/null && echo listed; wait", "listed\n"),
        ("printf '{{.LATIN}}' | od -An -to1", " 351\n"),
    ):
        sides.taskfile(f"vars: {{LATIN: {{sh: printf '\\351'}}}}\ntasks:\n  default:\n    cmds:\n      - {command}\n")
        assert sides.task().out != wanted
        assert sides.paratask().out == wanted


def list_dotenv(sides: Sides) -> None:
    sides.taskfile("dotenv: [.env]\nvars: {X: {sh: 'touch ran; exit 3'}}\ntasks:\n  default: {desc: d, cmds: [echo]}\n")
    theirs, ours = sides.task("--list"), sides.paratask("--list")
    assert (theirs.code, ours.code) == (1, 0)
    assert ((theirs.folder / "ran").exists(), (ours.folder / "ran").exists()) == (True, False)


def printed_by(sides: Sides, command: str) -> tuple[str, str]:
    """What `task` and paratask print on stdout for one command."""
    sides.taskfile(f"tasks:\n  default:\n    cmds:\n      - |-\n        {command}\n")
    return sides.task().out, sides.paratask().out


def shell_errexit(sides: Sides) -> None:
    for opening, closing in (("if true; then", "fi"), ("for i in 1; do", "done")):
        assert printed_by(sides, f"{opening} [ 1 = 2 ] && echo x; {closing}; echo after") == ("", "after\n")
    assert printed_by(sides, "(false; echo inside) || echo caught") == ("caught\n", "inside\n")
    assert printed_by(sides, 'x=$(false; echo inside) || echo caught; echo "$x"') == ("caught\n\n", "inside\n")
    assert printed_by(sides, "f() { false; echo inside; }; ! f") == ("", "inside\n")


def shell_own_variables(sides: Sides) -> None:
    assert printed_by(sides, "echo $0") == ("gosh\n", "bash\n")
    theirs, ours = printed_by(sides, 'echo "${SECONDS:-none}"')
    assert theirs == "none\n" != ours
    theirs, ours = printed_by(sides, 'echo "$GID"')
    assert theirs == ours == f"{os.getgid()}\n"
    sides.taskfile("tasks:\n  default: [\"printf '#!/bin/sh\\necho $0\\n' > s\", chmod +x s, ./s && true]\n")
    theirs = sides.task()
    assert (theirs.out, sides.paratask().out) == (f"{theirs.folder}/s\n", "./s\n")


def shell_long_values(sides: Sides) -> None:
    variable = "env: {LONG: '{{repeat 200000 \"a\"}}'}"
    sides.taskfile(f"tasks:\n  default: {{{variable}, cmds: ['echo ${{#LONG}}', /bin/true, echo after]}}\n")
    for ended in (sides.task("-x"), sides.paratask("-x")):
        assert (ended.out, "rgument list too long" in ended.err) == ("200000\n", True)
    assert (sides.task().code, sides.paratask().code, sides.paratask("-x").code) == (201, 201, 126)
    sides.taskfile(f"tasks:\n  default: {{ignore_error: true, {variable}, cmds: [/bin/true, '/bin/true | echo after']}}\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, theirs.out, ours.code, ours.out) == (201, "", 0, "after\n")


def odd_folders(sides: Sides) -> None:
    below = sides.below
    looped = "cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]"
    sides.taskfile(
        f"tasks:\n  default: {{sources: ['*.txt'], {looped}}}\n  named: {{sources: ['{{{{.ROOT_DIR}}}}/*.txt'], {looped}}}\n",
        a_txt="",
    )
    for name in ("it's", "a$b", "a\\b", "a`b`", "a\tb", "a\nb", os.fsdecode(b"a\xff")):
        sides.below = below / name
        sides.below.mkdir()
        theirs, ours = sides.task(), sides.paratask()
        assert (theirs.code in (0, 201), theirs.out, ours.code, ours.out) == (True, "", 0, "a.txt\n"), name
        found = "" if set("'$\\") & set(name) else "a.txt\n"
        assert (sides.task("named").out, sides.paratask("named").out) == ("", found), name


def shell_codes(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: ./Taskfile.yml\n")
    assert (sides.task("-x").code, sides.paratask("-x").code) == (127, 126)
    for command in ("echo $((1/0)); echo after", "shift; echo after", "echo x >&-; echo after", "x=$((08)); echo after"):
        assert printed_by(sides, command) == ("after\n", "")
    for command, codes in (
        ("cd a b", (2, 1)), ("cd ''", (1, 0)), ("command -v ls gone", (1, 0)), ("printf %d x", (0, 1)), ("readonly A=1; A=2 || true", (0, 1))
    ):  # fmt: skip
        sides.taskfile(f"tasks:\n  default: {command}\n")
        assert (sides.task("-x").code, sides.paratask("-x").code) == codes
    for command in ("[ 1 -eq x ] || echo $?", "(return) || echo $?"):
        assert printed_by(sides, command) == ("1\n", "2\n")
    sides.taskfile("tasks:\n  default: trap 'exit 3' EXIT\n")
    assert (sides.task("-x").code, sides.paratask("-x").code) == (0, 3)
    assert printed_by(sides, "trap 'echo seen' ERR; f() { false; }; f") == ("seen\n" * 3, "")


def shell_order(sides: Sides) -> None:
    assert printed_by(sides, "echo *.txt > all.txt; cat all.txt") == ("all.txt\n", "*.txt\n")


def shell_aliases(sides: Sides) -> None:
    together = "shopt -s expand_aliases; alias q='echo known'; q 2> /dev/null || echo unknown"
    assert printed_by(sides, together) == ("known\n", "unknown\n")
    sides.taskfile('tasks:\n  default: ["shopt -s expand_aliases\\necho above\\nif"]\n')
    assert (sides.task().out, sides.paratask().out) == ("", "above\n")


def shell_streams(sides: Sides) -> None:
    theirs, ours = printed_by(sides, "time true")
    assert "real" in theirs
    assert ours == ""
    assert printed_by(sides, "read -p 'sure? ' x || true") == ("sure? ", "")


def missing_folder(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {dir: new, vars: {X: {sh: 'pwd; ls'}}, cmds: ['echo {{.X}}']}\n")
    theirs, ours = sides.task(), sides.paratask()
    assert theirs.code == 1
    assert (ours.code, ours.out) == (0, f"{ours.folder}/new\n")


def secrets(sides: Sides) -> None:
    sides.taskfile(
        "vars: {T: {value: hunter2, secret: true}}\ntasks:\n  default: {desc: 'uses {{.T}}', cmds: ['echo {{.T}}']}\n"
    )
    theirs, ours = sides.task("--list"), sides.paratask("--list")
    assert "hunter2" in theirs.out
    assert "hunter2" not in ours.out
    ran = sides.paratask()
    assert ran.out == sides.task().out == "hunter2\n"
    [log] = (ran.folder / ".paratask" / "runs").glob("*/default.log")
    assert log.read_text() == "*****\n"


def include_order(sides: Sides) -> None:
    """`task` is asked until it gives two answers."""
    names = "abcdefgh"
    includes = "".join(f"  {name}: {name}.yml\n" for name in names)
    files = {f"{name}_yml": f"version: '3'\nvars: {{X: {name}}}\ntasks: {{}}\n" for name in names}
    sides.taskfile(f"includes:\n{includes}tasks:\n  default: echo {{{{.X}}}}\n", **files)
    assert {sides.paratask().out for _ in range(5)} == {"h\n"}
    first = sides.task().out
    assert any(sides.task().out != first for _ in range(200))
    list_order(sides)


def dates(sides: Sides) -> None:
    sides.taskfile("vars: {D: 2024-01-02}\ntasks:\n  default: echo {{.D}}\n")
    theirs, ours = sides.task(), sides.paratask()
    assert theirs.err.startswith("panic:")
    assert (ours.code, ours.out) == (0, "2024-01-02\n")


def shell_variables(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {dir: sub, cmds: ['printenv SHLVL PWD; true']}\n")
    theirs, ours = sides.task(SHLVL="4", PWD="/"), sides.paratask(SHLVL="4", PWD="/")
    assert theirs.out.splitlines()[0] == "4"
    assert ours.out == f"5\n{ours.folder}/sub\n"


def yaml(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {prompt: sure?, cmd: echo x}\n")
    assert sides.task("--list-all").code == 109
    assert sides.paratask("--list-all").code == (0 if has_libyaml else 109)


CHECKS: dict[str, Callable[[Sides], None]] = {
    "parallel-sets": parallel_sets,
    "retry": retry,
    "grouped-output": grouped_output,
    "ci-groups": ci_groups,
    "deps-claims": deps_claims,
    "cores": cores,
    "jobserver": jobserver,
    "longest-first": longest_first,
    "parallel-flag": parallel_flag,
    "spellings": spellings,
    "fingerprint-late": fingerprint_late,
    "errors": errors,
    "unknown-keys": unknown_keys,
    "size-limit": size_limit,
    "state": state,
    "own-file": own_file,
    "version": version,
    "host-names": host_names,
    "shell-errors": shell_errors,
    "shell-tables": shell_tables,
    "shell-features": shell_features,
    "list-dotenv": list_dotenv,
    "shell-errexit": shell_errexit,
    "shell-own-variables": shell_own_variables,
    "shell-codes": shell_codes,
    "shell-order": shell_order,
    "shell-aliases": shell_aliases,
    "shell-long-values": shell_long_values,
    "odd-folders": odd_folders,
    "shell-streams": shell_streams,
    "missing-folder": missing_folder,
    "secrets": secrets,
    "include-order": include_order,
    "dates": dates,
    "shell-variables": shell_variables,
    "yaml": yaml,
    **REMOTE_CHECKS,
    **SURFACE_CHECKS,
    **FUZZED_CHECKS,
    **WATCH_CHECKS,
}
TOGETHER = frozenset(
    ("parallel-sets", "retry", "grouped-output", "deps-claims", "cores", "jobserver", "longest-first", "parallel-flag")
)


def test_every_difference_has_a_row_and_a_check():
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(rows) == len(set(rows))
    assert sorted(set(rows) - set(CHECKS)) == [], "rows without a check"
    assert sorted(set(CHECKS) - set(rows)) == [], "checks without a row"


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=two_cores if name in TOGETHER else ()) for name in CHECKS])
def test_the_difference_is_there(name: str, sides: Sides):
    CHECKS[name](sides)

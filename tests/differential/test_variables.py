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


CASES: dict[str, tuple[dict[str, str], list[list[str]]]] = {
    "numbers and tags of YAML": (
        {
            "Taskfile.yml": """
version: '3'
vars: {BIG: 12345678901234567890, BIN: !!binary aGVsbG8=, FLOAT: !!float 3, ZERO: 1.10, HEX: 0x1F}
env: {BIG: 12345678901234567890, NUMBER: 12, PART: 1.50}
tasks:
  default:
    - 'echo {{range $x := list .BIG .BIN .FLOAT .ZERO .HEX}}{{printf "%T:%v " $x $x}}{{end}}'
    - 'echo "[$BIG] [$NUMBER] [$PART]"'
"""
        },
        [[]],
    ),
    "nothing in a map": (
        {
            "Taskfile.yml": """
version: '3'
vars: {M: {map: {a: null, b: [null], c: {d: ~}}}, N: {ref: .M}}
tasks:
  default: ["echo '{{.M}} {{.N}}'", {task: c, vars: {P: {ref: 'fromJson "{\\"x\\": null}"'}, Q: {map: {x: ~}}}}]
  c: "echo '{{.P}} {{.Q}}'"
"""
        },
        [[]],
    ),
    "keys that are no texts": (
        {
            "Taskfile.yml": """
version: '3'
vars: {M: {map: {k: {1: a, x: e}, 2: b}}, ONLY: {map: {1: a, 2: b}}}
tasks:
  default: "echo '{{.M.k.x}} {{index .M.k 1}} {{.ONLY}} {{printf `%T` .M}}'"
  loop: {cmds: [{for: {var: ONLY}, cmd: echo}]}
"""
        },
        [[], ["loop"]],
    ),
    "a key twice": ({"Taskfile.yml": "version: '3'\nvars: {M: {map: {a: 1, a: 2}}}\ntasks: {default: echo}\n"}, [[]]),
    "types of what task sets": (
        {
            "Taskfile.yml": """
version: '3'
tasks:
  default: 'cat <<< "{{printf `%T %v` .CLI_ARGS_LIST .CLI_ARGS_LIST}} {{.CLI_ARGS}} {{printf `%T` .MATCH}} {{len .MATCH}}"'
  'w-*': "echo '{{printf `%T %v` .MATCH .MATCH}}'"
"""
        },
        [[], ["--", "a b", "c'd", "x=1", ""], ["default", "--", "a\nb"], ["w-1"]],
    ),
    "maps that templates change": (
        {
            "Taskfile.yml": """
version: '3'
vars:
  M: {map: {a: 1}}
  X: '{{$_ := set .M "x" "vx"}}{{.M}}'
  L: {ref: .M}
  Y: '{{$_ := set .L "y" "vy"}}{{.M}}'
  TOP: '{{$_ := set . "NEW" "n"}}{{.NEW}}'
tasks:
  default:
    vars: {T: '{{$_ := set .M "t" "vt"}}{{.M}}', K: {map: {q: 1}}}
    desc: '{{$_ := set .M "desc" 1}}'
    cmds:
      - "echo '{{.M}} {{.X}} {{.L}} {{.Y}} {{.T}} {{.TOP}} [{{.NEW}}]'"
      - "echo '{{$_ := set .M `n` (add (default 0 .M.n) 1)}}{{.M}}'"
      - {task: other, vars: {K: {ref: .K}, K2: {ref: .K}}}
      - "echo '{{.M}} {{.K}}'"
  other: ["echo '{{$_ := set .K `o` 1}}{{.K}} {{.K2}} {{.M}}'", "echo '{{.K}}'"]
"""
        },
        [[], ["default", "other"]],
    ),
    "folders of shell variables": (
        {
            "Taskfile.yml": """
version: '3'
includes: {i: {taskfile: inc, dir: d2, vars: {IV: {sh: 'echo iv; pwd'}}}, j: inc, k: {taskfile: inc/k.yml}}
tasks: {default: 'echo {{.V}}'}
""",
            "inc/Taskfile.yml": """
version: '3'
vars: {V: {sh: 'echo v; pwd'}}
env: {E: {sh: 'echo e; pwd'}}
tasks: {t: {vars: {T: {sh: 'echo t; pwd'}}, cmds: ['echo {{.V}}, $E, {{.T}}, {{.IV}}']}}
""",
            "inc/k.yml": "version: '3'\ntasks: {t: 'echo {{.V}}'}\n",
            "d2/x": "",
        },
        [[], ["i:t"], ["j:t"], ["k:t"]],
    ),
    "ends of shell output": (
        {
            "Taskfile.yml": """
version: '3'
vars: {A: {sh: "printf 'x\\\\n\\\\r\\\\n'"}, B: {sh: "printf 'x\\\\n\\\\n'"}, C: {sh: "printf 'x\\\\r'"}}
tasks: {default: 'echo {{range $x := list .A .B .C}}{{printf `%q ` $x}}{{end}}'}
"""
        },
        [[]],
    ),
    "what is nil in listings": (
        {
            "Taskfile.yml": """
version: '3'
vars: {LIST: [a], NIL: {ref: .NONE}, WRONG: {ref: 'index .LIST 5'}, JSON: '{{.NIL | toJson}}', LEN: '{{len .WRONG}}'}
tasks:
  default: {desc: '[{{.NIL | toJson}}{{len .WRONG}}]', cmds: ['echo {{.JSON}} {{.LEN}}']}
"""
        },
        [["--summary", "default"], ["--list"]],
    ),
    "what summaries show": (
        {
            "Taskfile.yml": """
version: '3'
vars: {S: {value: s3cret, secret: true}, BOTH: {sh: echo x, value: v}, NONE: {sh: ''}, N: null}
env: {E: {sh: 'echo {{.N}}e'}, ES: {value: hidden, secret: true}, ED: {sh: echo d, secret: true}}
tasks:
  default: {desc: '[{{.BOTH}}]', env: {T: {sh: echo t}}, cmds: ["echo '{{.S}} {{.S | upper}} {{.BOTH}}'"]}
"""
        },
        [["--summary", "default"], ["--list"], ["-n"]],
    ),
    "requirements": (
        {
            "Taskfile.yml": """
version: '3'
vars: {ENVS: [dev, prod], WORD: dev}
tasks:
  name: {requires: {vars: [NAME]}, cmds: ['echo {{.NAME}}']}
  list: {requires: {vars: [{name: E, enum: {ref: .ENVS}}]}, cmds: ['echo {{.E}}']}
  word: {requires: {vars: [{name: E, enum: {ref: .WORD}}]}, cmds: ['echo {{.E}}']}
  'off': {if: 'false', requires: {vars: [{name: E, enum: [x]}]}, cmds: ['echo {{.E}}']}
  called: {deps: [name]}
"""
        },
        [["name"], ["name", "NAME="], ["called"], ["list"], ["list", "E=dev"], ["list", "E=qa"], ["word", "E=dev"], ["off"],
         ["off", "E=qa"], ["name", "--interactive"]],
    ),
    "dotenv_files": (
        {
            "Taskfile.yml": "version: '3'\ndotenv: [.env]\ntasks: {default: 'printf \"%s|\" \"$A\" \"$B\" \"$C\"'}\n",
            ".env": "A=one # two # three\nB='carriage\rreturn'\nC=c\r# after a carriage return\n",
        },
        [[]],
    ),
    "dir_that_leads_up": (
        {
            "Taskfile.yml": """\
version: '3'
silent: true
tasks:
  default: [mkdir -p a/b c, ln -s ../a/b c/link]
  above: {dir: '{{.USER_WORKING_DIR}}/..', cmds: ['echo "$PWD {{.TASK_DIR}}"', pwd, /bin/pwd]}
  link: {dir: '{{.ROOT_DIR}}//c/link/..', vars: {D: {sh: /bin/pwd}}, cmds: ['echo "$PWD {{.D}}"', /bin/pwd]}
"""
        },
        [["default", "above"], ["default", "link"]],
    ),
}  # fmt: skip


def run_in(program: list[str], folder: Path, files: dict[str, str], args: list[str]) -> tuple[int, str, list[str]]:
    """Exit code, stdout, and the lines on stderr that name commands; folders alike."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TASK_", "PARATASK_"))}
    environ |= {"NO_COLOR": "1", "USE_PARALLEL": "false", "PWD": str(folder)}
    done = subprocess.run(
        [*program, *args], cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, [line for line in done.stderr.splitlines() if line.startswith("task: [")]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_variables_as_in_task(case: str, tmp_path: Path) -> None:
    assert TASK is not None
    files, calls = CASES[case]
    for args in calls:
        theirs = run_in([TASK], tmp_path / "w", files, args)
        assert run_in([sys.executable, "-m", "paratask"], tmp_path / "w", files, args) == theirs, args


@pytest.mark.slow
def test_a_folder_reached_through_a_symbolic_link_keeps_its_name(tmp_path: Path) -> None:
    assert TASK is not None
    real = tmp_path / "real"
    (real / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(real)
    (real / "Taskfile.yml").write_text(
        "version: '3'\nsilent: true\ntasks: {default: ['echo {{.USER_WORKING_DIR}} {{.ROOT_DIR}}; pwd; cd ..; pwd', /bin/pwd]}\n"
    )
    for place in (tmp_path / "link" / "sub", real / "sub"):
        outputs = [
            subprocess.run(
                program,
                cwd=place,
                env={**os.environ, "PWD": str(place)},
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            ).stdout
            for program in ([TASK], [sys.executable, "-m", "paratask"])
        ]
        assert outputs[0] == outputs[1]
        assert outputs[0].startswith(f"{place} {place.parent}\n{place.parent}\n")

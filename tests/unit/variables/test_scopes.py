"""What each variable is worth where: precedence, folders of `sh:`, secrets, the three modes."""

from __future__ import annotations

import pytest

from paratask.errors import TemplateSpot, VariableError
from paratask.taskfile.includes import merge
from paratask.taskfile.model import NOWHERE, Include, Variable
from paratask.templating import UNKNOWN
from paratask.variables.scopes import Mode, exported, scalar_text
from unit.builders import Bench, at_once, bench, decode

LEVELS = ("environ", "special", "env", "include", "vars", "included", "call", "task")


def layered(levels: set[str]) -> Bench:
    """A bench where the included task `i:t` sees X set at each of `levels`."""

    def put(level: str) -> str:
        return f"{{X: {level}}}" if level in levels else "{}"

    root = decode(f"version: '3'\nenv: {put('env')}\nvars: {put('vars')}\n")[0]
    other = decode(f"version: '3'\nvars: {put('included')}\ntasks: {{t: {{vars: {put('task')}}}}}\n")[0]
    include = Include(
        namespace="i", taskfile="", position=NOWHERE, dir="/repo/i", advanced=True,
        variables={"X": Variable(value="include")} if "include" in levels else {},
    )  # fmt: skip
    return Bench(
        merge(root, other, include),
        environ={"X": "environ"} if "environ" in levels else {},
        special={"X": "special"} if "special" in levels else {},
    )


def test_root_s_variable_wins_over_the_include_s_since_the_included_file_s_hold_it_too() -> None:
    assert layered({"env", "include"}).value("X", "i:t") == "include"
    assert layered({"vars", "include"}).value("X", "i:t") == "vars"


@pytest.mark.parametrize("strongest", range(len(LEVELS)))
def test_each_level_wins_over_all_weaker_ones(strongest: int) -> None:
    levels = set(LEVELS[: strongest + 1])
    call = {"X": Variable(value="call")} if "call" in levels else {}
    assert layered(levels).value("X", "i:t", call) == LEVELS[strongest]


def test_call_sees_what_the_include_set_and_the_task_what_the_call_set() -> None:
    one = bench("vars: {A: root}\ntasks: {t: {vars: {C: '{{.B}}+task', A: '{{.A}}+task'}}}")
    ready = one.ready(variables={"B": Variable(value="{{.A}}+call")})
    assert (ready.scope.values["B"], ready.scope.values["C"], ready.scope.values["A"]) == (
        "root+call",
        "root+call+task",
        "root+task",
    )


def test_later_variable_sees_earlier_ones_but_not_the_other_way_round() -> None:
    one = bench("vars: {A: '[{{.B}}]', B: b, C: '[{{.B}}]'}\ntasks: {t: echo}")
    assert (one.value("A"), one.value("C")) == ("[]", "[b]")


def test_templates_in_lists_and_maps_are_filled_in() -> None:
    one = bench("vars: {A: a, L: ['{{.A}}', ['{{.A}}'], 1], M: {map: {k: '{{.A}}', n: ~}}}\ntasks: {t: echo}")
    assert (one.value("L"), one.value("M")) == (["a", ["a"], 1], {"k": "a"})


def test_reference_keeps_the_type() -> None:
    one = bench("vars: {L: [1, 2], R: {ref: .L}, S: {ref: 'index .L 1'}, N: {ref: .NOPE}, D: {ref: .}}\ntasks: {t: echo}")
    assert (one.value("R"), one.value("S"), one.value("N")) == ([1, 2], 2, None)
    whole = one.value("D")
    assert isinstance(whole, dict)
    assert whole["L"] == [1, 2]


def test_special_variables_of_a_task() -> None:
    one = bench("tasks: {t: {dir: ./sub, aliases: [u]}}", special={"ROOT_DIR": "/repo", "TASK": "never"})
    found = one.ready("t").scope.values
    assert {n: found[n] for n in ("TASK", "TASK_DIR", "TASKFILE", "TASKFILE_DIR", "ALIAS", "ROOT_DIR", "MATCH")} == {
        "TASK": "t", "TASK_DIR": "/repo/sub", "TASKFILE": "/repo/Taskfile.yml", "TASKFILE_DIR": "/repo", "ALIAS": "t",
        "ROOT_DIR": "/repo", "MATCH": [],
    }  # fmt: skip
    assert one.ready("u").scope.values["ALIAS"] == "u"


@pytest.mark.parametrize(
    ("root", "value"),
    [
        ("vars: {TASK: plain}", "plain"),
        ("vars: {TASK: {sh: echo}}", "<echo>"),
        ("vars: {F: f, TASK: '{{.F}}'}", "f"),
        ("vars: {TASK: '{{.TASK}}!'}", "t!"),
        ("env: {TASK: e}", "e"),
        ("env: {TASK: e}\nvars: {TASK: v}", "v"),
        ("env: {TASK: {sh: echo}}", "<echo>"),
    ],
)
def test_taskfile_s_variable_of_a_special_name_lost_its_sh_and_its_template(root: str, value: str) -> None:
    one = bench(f"{root}\ntasks: {{t: echo}}")
    assert [one.value("TASK"), one.value("TASK")] == [value, value]


@pytest.mark.parametrize("text", ["'{{.TASK}}'", "'{{.ALIAS}}'", "{ref: .TASK}", "['{{.TASK}}']", "{sh: 'echo {{.TASK}}'}"])
def test_root_variable_that_depends_on_the_task_is_worked_out_for_each(text: str) -> None:
    one = bench(f"vars: {{V: {text}}}\ntasks: {{t: echo, u: echo}}")
    assert "t" in str(one.value("V", "t"))
    assert "u" in str(one.value("V", "u"))


def test_calls_do_not_see_each_other_s_variables() -> None:
    one = bench("vars: {A: root}\ntasks: {t: {vars: {A: task, B: b}}, u: echo}")
    assert one.value("A", "t") == "task"
    assert (one.value("A", "u"), one.value("B", "u")) == ("root", None)


def test_broken_template_is_an_error_with_its_place() -> None:
    with pytest.raises(VariableError) as caught:
        bench("vars: {A: 'x {{.B | nope}}'}\ntasks: {t: echo}").ready()
    assert caught.value.spot == TemplateSpot(source="x {{.B | nope}}", line=1, column=10)


@pytest.mark.parametrize(("mode", "value"), [(Mode.BLANK, "{{.B | nope}}"), (Mode.UNKNOWN, UNKNOWN)])
def test_broken_template_is_shown_in_lists_and_unknown_in_plans(mode: Mode, value: object) -> None:
    assert bench("vars: {A: '{{.B | nope}}'}\ntasks: {t: echo}").value("A", mode=mode) == value


def test_sh_runs_in_the_folder_of_its_level() -> None:
    root = decode("version: '3'\nvars: {A: {sh: root}}\n")[0]
    other = decode("version: '3'\nvars: {B: {sh: included}}\ntasks: {t: {dir: sub, vars: {C: {sh: task}}}}\n")[0]
    include = Include(
        namespace="i", taskfile="", position=NOWHERE, dir="/repo/i", advanced=True, variables={"D": Variable(sh="include")}
    )
    one = Bench(merge(root, other, include))
    one.ready("i:t", {"E": Variable(sh="call")})
    assert [(command, folder) for command, folder, _ in one.shell.asked] == [
        ("root", "/repo"), ("included", "/repo/i"), ("include", "/repo"), ("call", "/repo"), ("task", "/repo/i/sub"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "folder"),
    [("{{.A}}", "/repo"), ("{{.O}}", "/repo/os"), ("{{.TASK}}/x", "/repo/t/x"), ("{{.A | default `d`}}", "/repo/d"), ("$O", "/repo/$O")],
)  # fmt: skip
def test_sh_of_a_task_saw_variables_in_its_dir_that_are_not_known_yet(written: str, folder: str) -> None:
    one = bench(f"vars: {{A: a}}\ntasks: {{t: {{dir: '{written}', vars: {{V: {{sh: x}}}}}}}}", environ={"O": "os"})
    one.ready()
    assert [asked[1] for asked in one.shell.asked] == [folder]


@pytest.mark.parametrize("mode", [Mode.RUN, Mode.BLANK])
def test_dir_that_needs_what_is_not_known_yet_is_an_error(mode: Mode) -> None:
    one = bench("vars: {L: [x]}\ntasks: {t: {dir: '{{index .L 0}}', vars: {V: 1}}}")
    with pytest.raises(VariableError, match="index of untyped nil"):
        one.ready(mode=mode)
    assert one.ready(mode=Mode.UNKNOWN).dir == "/repo/x"


def test_sh_sees_what_is_set_so_far_but_the_environment_wins() -> None:
    one = bench("vars: {A: a, N: 1, L: [x], O: mine, V: {sh: x}, Z: late}\ntasks: {t: echo}", environ={"O": "theirs"})
    one.ready()
    environment = one.shell.asked[0][2]
    assert {n: environment.get(n) for n in ("A", "N", "L", "O", "Z")} == {
        "A": "a",
        "N": "1",
        "L": None,
        "O": "theirs",
        "Z": None,
    }


def test_sh_of_the_root_found_no_task_in_its_environment() -> None:
    one = bench("vars: {V: {sh: echo $TASK}}\ntasks: {t: echo, 'u-*': echo}")
    for name in ("u-x", "t"):
        one.ready(name)
    names = ("TASK", "ALIAS", "TASK_DIR", "TASKFILE_DIR")
    assert [[asked[2][name] for name in names] for asked in one.shell.asked] == [["u-*", "u-x", "/repo", "/repo"]]


def test_value_beside_sh_wins() -> None:
    one = bench("vars: {A: {value: v, sh: x}}\ntasks: {t: echo}")
    assert one.value("A") == "v"
    assert one.shell.asked == []


def test_sh_text_is_filled_in_and_run_once() -> None:
    one = bench("vars: {A: a, B: {sh: 'echo {{.A}}'}, C: {sh: 'echo a'}}\ntasks: {t: echo, u: echo}")
    assert [one.value(n, t) for t in "tu" for n in "BC"] == ["<echo a>"] * 4
    assert len(one.shell.asked) == 1


def test_sh_in_a_plan_is_unknown_and_so_is_what_depends_on_it() -> None:
    one = bench("vars: {A: {sh: x}, B: 'b{{.A}}', C: c, D: {sh: 'y {{.A}}'}, E: {ref: .A}}\ntasks: {t: echo}")
    found = one.ready(mode=Mode.UNKNOWN).scope.values
    assert [found[n] for n in "ABCDE"] == [UNKNOWN, UNKNOWN, "c", UNKNOWN, UNKNOWN]
    assert one.shell.asked == []


def test_sh_that_has_run_is_known_in_a_plan() -> None:
    one = bench("vars: {A: {sh: x}}\ntasks: {t: 'echo {{.A}}'}")
    one.ready()
    assert one.value("A", mode=Mode.UNKNOWN) == "<x>"


def test_sh_in_a_list_is_blank_and_its_text_is_kept() -> None:
    one = bench("vars: {A: {sh: 'x {{.C}}'}, B: 'b{{.A}}', C: c}\ntasks: {t: {vars: {C: {sh: z}}}}")
    scope = one.ready(mode=Mode.BLANK).scope
    assert (scope.values["B"], scope.shell) == ("b", {"A": "x ", "C": "z"})
    assert "A" not in scope.values
    assert [n for n in scope.order if n in "ABC"] == ["A", "B", "C"]
    assert one.shell.asked == []


def test_secret_is_one_as_long_as_the_last_level_says_so() -> None:
    one = bench("vars: {A: {value: a, secret: true}, B: {value: b, secret: true}}\ntasks: {t: {vars: {B: c}}}")
    assert one.ready().scope.secrets == {"A"}


def test_copied_scope_is_apart() -> None:
    scope = bench("vars: {A: {value: 1, secret: true}}\ntasks: {t: echo}").ready().scope
    other = scope.copy()
    other.values["A"] = 2
    other.secrets.clear()
    assert (scope.values["A"], scope.secrets) == (1, {"A"})


def test_scope_of_the_taskfile_has_no_task() -> None:
    one = bench("vars: {A: '[{{.TASK}}]'}", special={"ROOT_DIR": "/repo"})
    found = at_once(one.scopes.of_taskfile(Mode.RUN)).values  # type: ignore[attr-defined]
    assert (found["A"], found["TASK"], found["ROOT_DIR"]) == ("[]", "", "/repo")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"), (True, "true"), (False, "false"), (12, "12"), (-3, "-3"), (1.5, "1.5"), (1e6, "1e+06"), (100000.0, "100000"),
        (1e21, "1e+21"), (1e-5, "1e-05"), (123456789.5, "1.234567895e+08"), (None, None), ([1], None), ({"a": 1}, None), (UNKNOWN, None),
    ],
)  # fmt: skip
def test_only_scalars_are_exported_as_go_prints_them(value: object, text: str | None) -> None:
    assert scalar_text(value) == text


def test_environment_of_the_operating_system_wins() -> None:
    assert exported({"A": "mine", "B": 1, "C": [1]}, {"A": "theirs", "D": "d"}) == {"A": "theirs", "B": "1", "D": "d"}


def test_a_plan_sees_what_the_run_has_learned_since_it_last_looked() -> None:
    one = Bench(decode("version: '3'\nvars: {X: {sh: ls}}\ntasks: {t: echo}\n")[0], outputs={"ls": "found"})
    assert one.value("X", mode=Mode.UNKNOWN) is UNKNOWN
    assert one.value("X") == "found"
    assert one.value("X", mode=Mode.UNKNOWN) == "found"
    one.dynamic.forget()
    assert one.value("X", mode=Mode.UNKNOWN) is UNKNOWN

"""What a call claims over everything it reaches, with a place that knows a few made-up commands."""

from __future__ import annotations

from typing import ClassVar

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import FINGERPRINT, Access, Claims, Effect, Evidence, unknown
from paratask.errors import Position, TaskNotFoundError
from paratask.frozen import replace
from paratask.planning.beside import Beside
from paratask.planning.critical_path import critical_path
from paratask.planning.estimates import Estimates, Sample
from paratask.planning.plan import PlanBuilder, PlannedJob
from paratask.planning.planner import Planner
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.model import Call, Command, For, Glob, Platform, Precondition, RequiredVariable, Task, Taskfile, Variable
from paratask.taskfile.settings import Settings, TaskClaims
from paratask.templating import Machine
from paratask.variables.dynamic import DynamicValues
from paratask.variables.preparation import Preparation
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Scopes

from .reaches import claims

HERE = Position(file="Taskfile.yml", line=1)
ROOT = "/repo"


class MadeUpPlace:
    """Understands `read X`, `write X`, `push`, `here` (it reads its folder), and what touches nothing; anything else is unknown."""

    root = real_root = ROOT
    ignores_case = False
    led: ClassVar[dict[str, dict[str, None]]] = {}

    def command_claims(self, text: str, cwd: str, environment=None, *, is_whole=False) -> Claims:
        word, _, rest = text.strip().partition(" ")
        if word in ("read", "write"):
            return claims(**{f"{word}s": [rest]})
        if word == "here":
            return claims(reads=[self.pattern(cwd, "/**")])
        if word in ("test", "exit", "true", "echo"):
            return claims()
        if word == "whole":
            return claims(writes=["alone"]) if is_whole else unknown("more may be set for it")
        if word == "push":
            return claims(effect=Effect.OUTSIDE, reason="it pushes")
        return unknown(f"`{text}` is not known")

    def exists(self, path: str) -> bool:
        return not path.endswith("/to-be-made")

    def pattern(self, path: str, suffix: str = "") -> str:
        assert path.startswith("/")
        path = path.replace(f"{ROOT}/link", f"{ROOT}/packages/a")
        if path != ROOT and not path.startswith(f"{ROOT}/"):
            return path.rstrip("/") + suffix
        if path == ROOT:
            return suffix.lstrip("/") or "."
        return (path.removeprefix(ROOT).lstrip("/") or ".") + suffix


class Bench:
    """Everything that planning needs of a project, without files or processes."""

    def __init__(self, *tasks: Task) -> None:
        self.taskfile = Taskfile(
            file=f"{ROOT}/Taskfile.yml", version="3", tasks={task.name: task for task in tasks}, variables={}, environment={}
        )
        self.index = TaskIndex(self.taskfile)
        self.platform = Platform(os="linux", arch="amd64")
        self.fingerprints = f"{ROOT}/.task"

        async def refuse(*_):
            raise AssertionError("a plan runs nothing")

        scopes = Scopes(
            taskfile=self.taskfile, environ={}, special={}, root_dir=ROOT, machine=Machine(), dynamic=DynamicValues(refuse)
        )
        self.preparation = Preparation(taskfile=self.taskfile, scopes=scopes, root_dir=ROOT, environ={}, surroundings=self)

    def read_text(self, path):
        return None

    def globs(self, folder, globs, *, use_gitignore):
        return []

    def source_value(self, kind, folder, sources, *, use_gitignore):
        raise AssertionError("a plan reads no fingerprints")


def task(name, *steps, **more) -> Task:
    return Task(
        name=name,
        steps=tuple(command(step) if isinstance(step, str) else step for step in steps),
        **{"variables": {}, "environment": {}, "include_variables": {}, "included_taskfile_variables": {}, **more},
    )


def command(text, **more) -> Command:
    return Command(text=text, position=HERE, **more)


def call(name, **more) -> Call:
    return Call(task=name, position=HERE, **{"variables": {}, **more})


def ready(name) -> ReadyCall:
    return ReadyCall(task=name, variables={}, condition="", source=call(name))


def planner(*tasks, declared=None, level="inferred", apart=frozenset(), only=()) -> Planner:
    return Planner(
        bench=Bench(*tasks), settings=Settings(claims=declared or {}), level=level, make_place=MadeUpPlace,
        known_conflicts=lambda: apart, looks_once=True, only=only,
    )  # fmt: skip


def reach(name, *tasks, declared=None):
    return planner(*tasks, declared=declared).expansion.reach_of_call(ready(name))


def patterns(found, access):
    """Without the file of its fingerprint."""
    return {entry.pattern for entry in found.claims.entries if entry.access is access and entry.reason != FINGERPRINT}


def is_unknown(found) -> bool:
    return found.claims.evidence is Evidence.NONE and found.claims.effect is Effect.OUTSIDE


def test_commands_calls_and_dependencies_count_at_any_distance():
    found = reach(
        "a",
        task("a", "read a", call("b"), dependencies=(call("c"),)),
        task("b", call("d")),
        task("c", "write c"),
        task("d", "write d"),
    )
    assert found.tasks == {"a", "b", "c", "d"}
    assert patterns(found, Access.READ) == {"a"}
    assert patterns(found, Access.WRITE) == {"c", "d"}
    assert found.claims.evidence is Evidence.INFERRED
    assert found.claims.effect is Effect.LOCAL


def test_a_folder_that_a_task_makes_to_run_in_is_added():
    assert patterns(reach("a", task("a", "read a", dir="to-be-made")), Access.ADD) == {"to-be-made/**"}
    assert patterns(reach("a", task("a", dir="to-be-made")), Access.ADD) == {"to-be-made/**"}
    assert patterns(reach("a", task("a", "read a", dir="web")), Access.ADD) == set()


def test_a_task_without_commands_touches_nothing():
    assert reach("a", task("a")).claims == Claims()


@pytest.mark.parametrize(
    "odd",
    [
        task("a", "no-such-command"),
        task("a", call("a")),
        task("a", call("b")),
        task("a", "read a", prompts=("sure?",)),
        task("a", "read a", interactive=True),
        task("a", "read {{.X}}", variables={"X": Variable(sh="echo")}),
        task("a", call("{{.X}}"), variables={"X": Variable(sh="echo")}),
        task("a", command("read {{.ITEM}}", loop=For(variable="X")), variables={"X": Variable(sh="echo")}),
        task("a", "read a", dir="{{.X}}", variables={"X": Variable(sh="echo")}),
        task("a", dir="{{.X}}", dotenv=(".env",), variables={"X": Variable(sh="echo"), "Y": Variable(sh="read y")}),
        task("a", "read a", requires=(RequiredVariable(name="NOT_GIVEN"),)),
        task("a", "read a", status=("who knows",)),
        task("a", "read a", preconditions=(Precondition(command="who knows", message=""),)),
        task("a", "read a", condition="who knows"),
        task("a", command("read a", condition="who knows")),
        task("a", command("who knows", deferred=True)),
        task("a", command("read x-{{add .EXIT_CODE 1}}", deferred=True)),
        task("a", command("{{if eq .EXIT_CODE `2`}}read x{{end}}", deferred=True)),
        task("a", command("read {{.X}}", deferred=True), variables={"X": Variable(sh="echo")}),
        task("a", call("b", deferred=True)),
        task("a", "read a", environment={"X": Variable(sh="who knows")}),
        task("a", call("quiet", condition="{{.X}}"), variables={"X": Variable(sh="echo")}),
        task("a", environment={"X": Variable(sh="{{.Y}}")}, variables={"Y": Variable(sh="echo")}),
        task("a", "read {{ broken"),
    ],
)
def test_what_is_not_known_before_it_runs_is_everything(odd):
    """`echo` itself is understood: what it will say is not known."""
    quiet = task("quiet", "echo", variables={"X": Variable(sh="echo")})
    assert not is_unknown(reach("quiet", quiet))
    assert is_unknown(reach("a", odd, quiet))
    whole = planner(odd, quiet)
    assert is_unknown(whole.expansion.reach_of_task(whole.expansion.prepare("a", {})))


def test_a_cycle_is_everything_from_wherever_it_is_entered():
    tasks = (task("a", call("b"), "read a"), task("b", call("c")), task("c", call("a")))
    expansion = planner(*tasks).expansion
    assert all(is_unknown(expansion.reach_of_call(ready(name))) for name in "abc")


def test_a_cycle_is_the_same_from_wherever_it_is_entered_also_where_a_member_is_declared():
    tasks = (task("a", call("b"), "read a"), task("b", call("a"), call("c")), task("c", "push"), task("top", call("b")))
    for order in ("abt", "tab", "bta", "atb"):
        expansion = planner(*tasks, declared=declared(reads=("x",))).expansion
        found = {name: expansion.reach_of_call(ready({"t": "top"}.get(name, name))) for name in order}
        assert patterns(found["a"], Access.READ) == {"x/**"}
        assert found["a"].claims.effect is Effect.OUTSIDE, "c pushes"
        assert is_unknown(found["b"])
        assert is_unknown(found["t"])
        assert found["a"].tasks == found["b"].tasks == {"a", "b", "c"}


def test_a_very_long_way_down_is_followed():
    tasks = [task(f"t{i}", call(f"t{i + 1}")) for i in range(5000)]
    found = reach("t0", *tasks, task("t5000", "read a"))
    assert patterns(found, Access.READ) == {"a"}
    assert len(found.tasks) == 5001


def test_a_task_that_calls_itself_with_ever_new_variables_is_everything(monkeypatch):
    monkeypatch.setattr("paratask.planning.expand.MAX_CALLS", 50)
    grows = call("a", variables={"X": Variable(value="{{.X}}x")})
    assert is_unknown(reach("a", task("a", grows, "read a")))
    assert is_unknown(reach("a-1", task("a-*", call("a-{{index .MATCH 0}}1"))))


def test_a_deferred_command_was_not_known_where_anything_was_filled_in():
    texts = ("write {{.A}}", "{{if .EXIT_CODE}}write failed{{else}}write done{{end}}", "echo {{ .EXIT_CODE -}}", "read y")
    deferred = [command(text, deferred=True) for text in texts]
    found = reach("a", task("a", "read x", *deferred, variables={"A": Variable(value="tmp")}))
    assert not is_unknown(found)
    assert patterns(found, Access.WRITE) == {"tmp", "failed", "done"}
    assert patterns(found, Access.READ) == {"x", "y"}


def test_loops_and_variables_that_are_known_are_followed():
    found = reach(
        "a",
        task("a", call("b", loop=For(items=("x", "y")), variables={"NAME": Variable(value="{{.ITEM}}")})),
        task("b", "write {{.NAME}}"),
    )
    assert patterns(found, Access.WRITE) == {"x", "y"}


def test_a_deferred_call_was_followed_with_variables_that_its_task_does_not_have():
    later = call("{{.NAME}}", variables={"TO": Variable(value="{{.PLACE}}/{{.NAME}}")}, deferred=True)
    names = {"NAME": Variable(value="b"), "PLACE": Variable(value="build")}
    found = reach("a", task("a", "read x", later, variables=names), task("b", "write {{.TO}}"))
    assert patterns(found, Access.WRITE) == {"build/b"}
    assert found.tasks == {"a", "b"}


def test_what_depends_on_how_a_task_ended_is_not_known_in_its_deferred_calls():
    later = call("b", variables={"TO": Variable(value="{{.EXIT_CODE}}")}, deferred=True)
    assert is_unknown(reach("a", task("a", later), task("b", "write {{.TO}}")))
    assert is_unknown(reach("a", task("a", call("b-{{.EXIT_CODE}}", deferred=True)), task("b-*", "read x")))


def test_wildcards_are_followed():
    found = reach("a", task("a", call("build-api")), task("build-*", "write {{index .MATCH 0}}"))
    assert patterns(found, Access.WRITE) == {"api"}


@pytest.mark.parametrize(("method", "name"), [("checksum", "kept"), ("timestamp", "a"), ("none", "")])
def test_who_took_a_fingerprint_away_ran_beside_the_task_that_looks_at_it(method, name):
    found = reach("a", task("a", dir="web", label="kept", method=method, sources=(Glob(pattern="src/**"),)))
    read = [entry.pattern for entry in found.claims.entries if entry.reason == FINGERPRINT and entry.access is Access.READ]
    assert read == ([f".task/{method}/{name}"] if name else [])


def test_sources_and_generates_are_claims():
    found = reach(
        "a",
        task(
            "a",
            dir="web",
            sources=(Glob(pattern="src/**"), Glob(pattern="x", negate=True)),
            generates=(Glob(pattern="../dist/*"),),
        ),
    )
    assert patterns(found, Access.READ) == {"web/src/**"}
    assert patterns(found, Access.WRITE) == {"dist/*"}
    assert found.claims.entries[0].excluding == ("web/x",)
    assert found.claims.evidence is Evidence.DECLARED
    assert [entry.reason for entry in found.claims.entries[:2]] == ["`sources` of the Taskfile", "`generates` of the Taskfile"]
    assert "/*.txt" in patterns(reach("a", task("a", dir="web", sources=(Glob(pattern="/*.txt"),))), Access.READ)


def test_a_negated_glob_takes_away_from_those_above_it_only():
    written = (Glob(pattern="x", negate=True), Glob(pattern="*"), Glob(pattern="y", negate=True), Glob(pattern="y"))
    found = reach("a", task("a", sources=written))
    assert [(entry.pattern, entry.excluding) for entry in found.claims.entries[:2]] == [("*", ("y",)), ("y", ())]


def test_calls_that_keep_one_fingerprint_do_not_overlap():
    """The second one may find that there is nothing left to do. A checksum is kept by the label, a timestamp by the task's name."""

    def kept(name="a", **more):
        return reach(name, task(name, "read x", sources=(Glob(pattern="x"),), **more)).claims

    assert conflict(kept(), kept())
    assert conflict(kept(), kept("b")) is None
    assert conflict(kept(label="one"), kept("b", label="one"))
    assert conflict(kept(label="one"), kept(label="two")) is None
    assert conflict(kept(label="one", method="timestamp"), kept(label="two", method="timestamp"))
    assert conflict(kept(method="none"), kept(method="none")) is None
    without = reach("a", task("a", "read x")).claims
    assert conflict(without, without) is None


def test_the_values_of_a_tasks_variables_are_asked_for_in_its_folder_and_conditions_of_calls_at_the_root():
    sub = {"dir": "web"}
    assert patterns(reach("a", task("a", "echo", **sub, variables={"X": Variable(sh="here")})), Access.READ) == {"web/**"}
    assert patterns(reach("a", task("a", "echo", **sub, environment={"X": Variable(sh="here")})), Access.READ) == {"web/**"}
    assert patterns(reach("a", task("a", call("b", condition="here"), **sub), task("b")), Access.READ) == {"**"}


@pytest.mark.parametrize("ignores_case", [True, False])
def test_where_case_does_not_matter_paths_that_differ_in_it_are_one(monkeypatch, ignores_case):
    monkeypatch.setattr(MadeUpPlace, "ignores_case", ignores_case)
    found = planner(task("a", "write Out/x"), task("b", "read out/x")).arrange([ready("a"), ready("b")])
    assert found.after == (frozenset(), frozenset((0,) if ignores_case else ()))


def declared(**more) -> dict[str, TaskClaims]:
    return {"a": TaskClaims(position=HERE, **more)}


def test_folders_in_declared_patterns_are_made_real():
    found = reach("a", task("a"), declared=declared(reads=("link/src", "!link/src/gen"), writes=("link/*/out", "../else")))
    assert patterns(found, Access.READ) == {"packages/a/src/**"}
    assert patterns(found, Access.WRITE) == {"packages/a/*/out/**", "/else/**"}
    assert found.claims.entries[0].excluding == ("packages/a/src/gen/**",)


def test_what_is_claimed_above_the_checkout_is_claimed_inside_it_too():
    """`find ..` of a neighbour went through the checkout unnoticed: patterns that start with `/` and others never meet."""
    assert patterns(reach("a", task("a", "write /**/*.txt")), Access.WRITE) == {"/**/*.txt", "**/*.txt"}
    assert patterns(reach("a", task("a", call("b", condition="read /**")), task("b")), Access.READ) == {"/**", "**"}
    assert "**" in patterns(reach("a", task("a"), declared=declared(reads=("..",))), Access.READ)


def test_dotenv_files_of_a_task_are_read():
    """What a neighbour had yet to write was read before: `sleep 1; echo V=1 > built.env` beside a task with that as its `dotenv`."""
    found = reach("a", task("a", "whole", dir="sub", dotenv=("here.env", "/etc/x.env", "{{.UNKNOWN}}")))
    assert patterns(found, Access.READ) >= {"sub/here.env", "/etc/x.env"}
    assert not is_unknown(reach("a", task("a", "whole", dotenv=("here.env",))))


@pytest.mark.parametrize("path", ["to-be-made", ".env.{{.WHERE}}"])
def test_a_dotenv_file_that_is_not_there_may_set_any_variable(path):
    where = {"WHERE": Variable(sh="echo")}
    assert is_unknown(reach("a", task("a", "whole", dotenv=(path,), variables=where)))


def test_what_a_shell_runs_for_a_variable_counts_as_filled_in():
    variables = {"A": Variable(value="x"), "B": Variable(sh="read {{.A}}"), "C": Variable(sh="write {{.B}}")}
    found = reach("a", task("a", "echo", variables=dict(list(variables.items())[:2])))
    assert (is_unknown(found), patterns(found, Access.READ)) == (False, {"x"})
    assert is_unknown(reach("a", task("a", "echo", variables=variables)))


def test_what_a_shell_runs_for_a_variable_finds_the_others_in_its_environment():
    """`cat ${FOO:-default}` claimed `default` where the Taskfile has a variable FOO."""
    assert is_unknown(reach("a", task("a", "echo", variables={"FOO": Variable(value="x"), "B": Variable(sh="whole")})))


def test_a_variable_that_one_of_the_same_name_took_the_place_of_is_not_what_is_filled_in():
    inner = {"B": Variable(sh="write {{.UNSET.deep.er}}")}
    tasks = (task("a", call("b", variables={"B": Variable(sh="read {{.TASK}}")})), task("b", "echo", variables=inner))
    assert "b" not in patterns(reach("a", *tasks), Access.READ)


def test_of_a_task_that_runs_once_the_first_call_says_with_which_variables():
    """Whoever came first in time said it."""
    with_a, with_b = ({"X": Variable(value=value)} for value in "ab")
    tasks = (
        task("a", call("once", variables=with_a)),
        task("b", call("once", variables=with_b)),
        task("c", call("once")),
        task("d", call("once")),
        task("once", run="once"),
    )
    arrangement = planner(*tasks).arrange([ready(name) for name in "abcd"])
    assert [sorted(after) for after in arrangement.after] == [[], [0], [1], [1]]
    free = planner(*tasks).arrange_dependencies([ready(name) for name in "ab"], "x")
    assert free[1].is_parallel


def test_declared_files_replace_what_was_inferred():
    found = reach("a", task("a", "who knows", call("b")), task("b", "write b"), declared=declared(reads=("x",), writes=("y",)))
    assert (patterns(found, Access.READ), patterns(found, Access.WRITE)) == ({"x/**"}, {"y/**"})
    assert found.claims.evidence is Evidence.DECLARED
    assert found.claims.effect is Effect.LOCAL
    assert found.tasks == {"a", "b"}


@pytest.mark.parametrize(
    ("glob", "pattern"),
    [
        ("'a b'/x", "web/a b/x"), ('"a*"/*.c', "web/a\\*/*.c"), ("a\\*", "web/a\\*"), ("src/x$Y/*.c", "web/src/**"), ("$Y", "**"),
        ("${Y}/../z", "**"), ("a/${Y}/../z", "web/a/**"), ("/opt/$Y/z", "/opt/**"),
    ],
)  # fmt: skip
def test_globs_were_claimed_with_their_quotes_and_variables_as_names(glob, pattern):
    without = Glob(pattern="'not*'/$Y", negate=True)
    found = reach("a", task("a", dir="web", sources=(Glob(pattern=glob), without)))
    assert patterns(found, Access.READ) == {pattern}
    assert found.claims.entries[0].excluding == ("web/not\\*/$Y",)


def test_what_is_for_other_platforms_touches_nothing():
    windows, linux = (Platform(os="windows"),), (Platform(os="linux"),)
    found = reach(
        "a",
        task("a", command("who knows", platforms=windows), command("write x", platforms=linux), call("b"), call("c")),
        task("b", "who knows", call("d"), platforms=windows),
        task("c", command("who knows", platforms=windows, deferred=True), "read y", platforms=linux),
        task("d", "write z"),
    )
    assert patterns(found, Access.WRITE) == {"x"}
    assert patterns(found, Access.READ) == {"y"}
    assert found.tasks == {"a", "b", "c"}
    assert not is_unknown(found)


def test_the_condition_of_a_command_for_other_platforms_is_asked():
    found = reach("a", task("a", command("who knows", condition="read x", platforms=(Platform(os="windows"),))))
    assert patterns(found, Access.READ) == {"x"}


def test_names_that_are_not_known_yet_may_be_anywhere():
    unknown_name, known = Glob(pattern="{{.X}}/q"), Glob(pattern="out/*")
    found = reach(
        "a",
        task(
            "a",
            dir="web",
            variables={"X": Variable(sh="date")},
            sources=(Glob(pattern="src/*"), Glob(pattern="{{.X}}", negate=True)),
            generates=(known, unknown_name),
        ),
    )
    assert patterns(found, Access.WRITE) == {"web/out/*", "**"}
    assert found.claims.entries[-3].excluding == ()


def test_declared_resources_add_to_what_was_inferred():
    found = reach("a", task("a", "write y"), declared=declared(uses=("database",), exclusive=("gpu",)))
    assert patterns(found, Access.WRITE) == {"y"}
    assert patterns(found, Access.SHARED) == {"database"}
    assert patterns(found, Access.EXCLUSIVE) == {"gpu"}


def test_a_known_outside_effect_stays_whatever_files_are_declared():
    found = reach("a", task("a", "push"), declared=declared(reads=("x",)))
    assert found.claims.effect is Effect.OUTSIDE


def test_a_known_outside_effect_of_a_called_task_was_lost_where_files_were_declared():
    tasks = (task("top", call("a")), task("a", call("b")), task("b", call("c")), task("c", "push"))
    assert reach("a", *tasks, declared=declared(reads=("x",))).claims.effect is Effect.OUTSIDE
    assert reach("top", *tasks, declared=declared(reads=("x",))).claims.effect is Effect.OUTSIDE


@pytest.mark.parametrize(("called", "condition"), [("push", "test -f x"), ("push", ""), ("read y", "push")])
def test_a_known_outside_effect_of_a_call_with_a_condition_stays_whatever_files_are_declared(called, condition):
    tasks = task("a", call("b", condition=condition)), task("b", called)
    assert reach("a", *tasks, declared=declared(reads=("x",))).claims.effect is Effect.OUTSIDE
    harmless = task("a", call("b", condition="test -f x")), task("b", "read y")
    assert reach("a", *harmless, declared=declared(reads=("x",))).claims.effect is Effect.LOCAL


def test_who_says_that_a_task_reaches_outside_is_told():
    said = reach("a", task("a", "read x"), declared=declared(reads=("x",), local=False)).claims
    assert (said.effect, said.effect_reason) == (Effect.OUTSIDE, "declared in paratask.toml")
    known = reach("a", task("a", "push"), declared=declared(reads=("x",))).claims
    assert (known.effect, known.effect_reason) == (Effect.OUTSIDE, "a command of it is known to")


def test_local_is_believed():
    assert reach("a", task("a", "push"), declared=declared(reads=("x",), local=True)).claims.effect is Effect.LOCAL
    assert reach("a", task("a", "read x"), declared=declared(reads=("x",), local=False)).claims.effect is Effect.OUTSIDE


def test_local_alone_was_not_believed():
    found = reach("a", task("a", "push"), declared=declared(local=True))
    assert (found.claims.effect, found.claims.evidence) == (Effect.LOCAL, Evidence.INFERRED)


def test_local_makes_nothing_understood_that_was_not():
    assert reach("a", task("a", "who knows"), declared=declared(local=True)).claims.evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("steps", "more", "is_guard"),
    [
        ((command("test -f x"),), {}, True),
        ((), {"preconditions": (Precondition(command="read x", message=""),)}, True),
        ((command("true"),), {"preconditions": (Precondition(command="read x", message=""),)}, True),
        ((call("a"), call("b")), {}, True),
        ((call("a"), call("says")), {}, True),
        ((call("a"), call("c")), {}, False),
        ((call("says"),), {}, False),
        ((command("read x"),), {"preconditions": (Precondition(command="read x", message=""),)}, False),
        ((command("test -f x"),), {"sources": (Glob(pattern="x"),)}, False),
        ((command("test -f x"),), {"generates": (Glob(pattern="x"),)}, False),
        ((command("test -f x"), command("echo", deferred=True)), {}, False),
        ((), {}, False),
    ],
)
def test_a_call_is_a_check_where_all_that_it_reaches_is(steps, more, is_guard):
    others = (
        task("a", command("test -f a")),
        task("b", command("exit 1")),
        task("c", command("write c")),
        task("says", command("echo")),
    )
    assert reach("top", task("top", *steps, **more), *others).manner.is_guard is is_guard


def plan(calls, *tasks, estimates=None, **more):
    return PlanBuilder(planner=planner(*tasks, **more), estimates=estimates).build([ready(name) for name in calls])


def by_id(jobs):
    return {job.id: job for top in jobs for job in top.walk()}


TREE = (
    task("all", call("lint"), call("build"), "read notes", call("lint"), dependencies=(call("setup"), call("tools"))),
    task("lint", "read src"),
    task("build", "write out", call("lint")),
    task("setup", "write venv"),
    task("tools", "write tools"),
)


def test_ids_are_told_apart_and_stable():
    first, again = (by_id(plan(["all", "all"], *TREE)) for _ in range(2))
    assert list(first) == list(again)
    assert {"all", "all.2", "lint", "lint.2", "lint.3"} <= set(first)
    assert all(job.id == name for name, job in first.items())


def test_what_comes_after_what():
    found = by_id(plan(["all"], *TREE))
    assert (found["setup"].kind, found["setup"].after, tuple(found["setup"].together_with)) == ("dependency", (), ("tools",))
    assert found["build"].after == ("tools", "setup"), "in the order in which they start"
    assert found["build"].parent == "all"
    lints = [job for job in found.values() if job.task == "lint" and job.parent == "all"]
    assert tuple(lints[0].together_with) == ("build",)
    assert set(lints[1].after) == {"build", lints[0].id}, "a shell command between calls is a barrier"


def test_calls_on_the_command_line_are_neighbours():
    found = plan(["one", "two", "three"], task("one", "write x"), task("two", "write y"), task("three", "read x"))
    assert [job.after for job in found] == [(), (), ("one",)]
    assert tuple(found[1].together_with) == ("one", "three")
    assert found[2].reason == "`one` writes x and `three` reads x"


def test_off_is_written_order():
    found = plan(["one", "two"], task("one", "read x"), task("two", "read x"), level="off")
    assert [(job.after, job.reason) for job in found] == [((), "parallel is off"), (("one",), "parallel is off")]


def test_dependencies_are_ordered_by_declared_claims():
    tasks = (task("top", dependencies=(call("a"), call("b"))), task("a", "write x"), task("b", "write x"))
    assert by_id(plan(["top"], *tasks))["b"].after == ()
    both = {name: TaskClaims(position=HERE, writes=("x",)) for name in "ab"}
    assert by_id(plan(["top"], *tasks, declared=both))["b"].after == ("a",)


def test_dependencies_that_failed_beside_each_other_are_ordered():
    tasks = (task("top", dependencies=(call("a"), call("b"))), task("a", "read x"), task("b", "read x"))
    assert by_id(plan(["top"], *tasks, apart=frozenset((frozenset("ab"),))))["b"].after == ("a",)


def test_what_failed_beside_each_other_was_forgotten_where_it_was_called_by_another_name():
    named = task("a", "read x", aliases=("one",))
    tasks = (task("top", call("one"), call("b-2")), task("other", call("a"), call("b-3")), named, task("b-*", "read x"))
    pairs = frozenset((frozenset(("one", "b-2")), frozenset(("gone", "b-2"))))
    for top in ("top", "other"):
        found = [job for job in by_id(plan([top], *tasks, apart=pairs)).values() if job.after]
        assert [job.after for job in found] == [("a",)]
        assert found[0].reason == "`a` and `b-*` failed beside each other in an earlier run and passed alone"


def test_the_plan_says_what_is_for_other_platforms():
    (top,) = plan(["a"], task("a", call("b")), task("b", call("c"), platforms=(Platform(os="windows"),)), task("c", "read x"))
    assert [job.task for job in top.walk()] == ["a", "b"]
    assert top.walk()[1].reason == "nothing beside it; it is not for this platform, and runs nothing"


def test_a_call_that_is_not_known_is_in_the_plan_and_has_no_children():
    (top,) = plan(["a"], task("a", call("{{.X}}"), variables={"X": Variable(sh="date")}))
    assert [job.task for job in top.walk()] == ["a", "(not known before it runs)"]


def test_a_task_that_does_not_exist_is_an_error_where_it_was_asked_for():
    with pytest.raises(TaskNotFoundError):
        plan(["nope"], task("a"))
    (top,) = plan(["a"], task("a", call("nope")))
    assert [job.task for job in top.walk()] == ["a", "nope"]


def test_a_plan_of_a_cycle_ends():
    assert len(by_id(plan(["a"], task("a", call("a"))))) < 200


def job(name, seconds, after=(), children=()):
    return PlannedJob(
        id=name, task=name, parent="", kind="step", after=tuple(after), together_with=Beside(), claims=Claims(), reason="",
        estimate_seconds=seconds, children=children,
    )  # fmt: skip


def test_the_longest_way_goes_along_edges():
    jobs = [job("a", 1), job("b", 5), job("c", 3, ["a"]), job("d", 3, ["c"])]
    assert critical_path(jobs) == (7, ("a", "c", "d"))


def test_the_longest_way_goes_through_what_is_called():
    inner = (job("x", 2), job("y", 4))
    jobs = [job("a", None, children=(inner, (job("z", 1),))), job("b", 3)]
    assert critical_path(jobs) == (5, ("a", "y", "z"))


def test_without_estimates_there_is_no_way_worth_naming():
    assert critical_path([]) == (0.0, ())
    assert critical_path([job("a", None), job("b", None, ["a"])])[0] == 0.0


def test_a_job_whose_calls_have_no_estimates_counts_with_its_own():
    assert critical_path([job("a", 4, children=((job("x", None),),))])[0] == 4


def test_what_a_job_does_itself_counts_beside_what_it_calls():
    top = replace(job("a", 9, children=((job("x", 2),),)), command_seconds=1.5)
    assert critical_path([top]) == (3.5, ("a", "x"))


def test_the_estimates_come_from_the_caller():
    learned = Sample(task="one", variables="", seconds=2.5, command_seconds=2.0, cpu_seconds=1.0, peak_bytes=7)
    (found, other) = plan(["one", "two"], task("one", "read x"), task("two", "read x"), estimates=Estimates([learned]))
    assert (found.estimate_seconds, found.command_seconds, found.cores, found.peak_bytes) == (2.5, 2.0, 0.5, 7)
    assert (other.estimate_seconds, other.command_seconds, other.cores, other.peak_bytes) == (None, None, None, 0)


def test_two_tasks_that_make_the_folder_they_run_in_do_not_wait_for_each_other():
    one, two = (reach(name, task(name, f"write to-be-made/{name}", dir="to-be-made")).claims for name in "ab")
    assert conflict(one, two) is None
    assert conflict(one, reach("c", task("c", "write to-be-made/a")).claims) is not None
    assert conflict(one, reach("d", task("d", "write to-be-made/d")).claims) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("read {{.X}}", "`X` in `read {{.X}}`"),
        ("read {{.Y}}\n  {{.X | upper}}", "`X` in `read {{.Y}} {{.X | upper}}`"),
        ("read \\\n  --all \\\n  {{.X}}", "`X` in `read --all {{.X}}`"),
        ("read {{index .X 0}}" + "y" * 100, "`X` in `read {{index .X 0}}" + "y" * 60 + "…`"),
    ],
)
def test_a_command_that_only_the_run_knows_was_not_named(text, told):
    found = reach("a", task("a", text, variables={"X": Variable(sh="date"), "Y": Variable(value="y")}))
    assert found.claims.effect_reason == f"{told} is not known before it runs"


def test_what_else_runs_for_a_task_is_named_as_well():
    variables = {"X": Variable(sh="date")}
    for more in (
        {"condition": "test {{.X}}"}, {"status": ("true", "test {{.X}}")},
        {"preconditions": (Precondition(command="true", message=""), Precondition(command="test {{.X}}", message=""))},
    ):  # fmt: skip
        found = reach("a", task("a", "read x", variables=variables, **more))
        assert found.claims.effect_reason == "`X` in `test {{.X}}` is not known before it runs"

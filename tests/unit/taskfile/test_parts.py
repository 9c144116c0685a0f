"""Commands made into calls of parts, for `parallelize = "commands"`."""

from __future__ import annotations

import pytest

from paratask.frozen import replace
from paratask.taskfile.model import Call, Taskfile
from paratask.taskfile.parts import with_parts
from paratask.taskfile.spellings import read_spellings
from paratask.taskfile.tasks import Tasks, pending
from unit.builders import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def parted(task: str, more: str = "") -> Taskfile:
    return with_parts(decode(f"version: '3'\ntasks:\n  lint: {task}\n{more}")[0])


def steps(taskfile: Taskfile) -> list[str]:
    return [s.task if isinstance(s, Call) else f"$ {s.text}" for s in taskfile.tasks["lint"].steps]


def test_neighbouring_commands_become_calls_of_parts() -> None:
    found = parted("{desc: d, dir: sub, silent: true, deps: [x], sources: [a], run: once, cmds: ['ruff check', 'mypy src']}")
    assert steps(found) == ["lint#ruff-check", "lint#mypy-src"]
    part, whole = found.tasks["lint#mypy-src"], found.tasks["lint"]
    assert [step.text for step in part.steps] == ["mypy src"]  # type: ignore[union-attr]
    assert (part.part_of, part.label, part.prefix, part.dir, part.silent, part.internal) == (
        "lint",
        "lint",
        "lint",
        "sub",
        True,
        True,
    )
    assert (part.dependencies, part.sources, part.run, part.desc) == ((), (), "always", "")
    assert (len(whole.dependencies), len(whole.sources), whole.run, whole.internal) == (1, 1, "once", False)


def test_a_part_has_nothing_that_is_done_once_for_the_whole() -> None:
    once = (
        "desc: d, summary: s, aliases: [b], deps: [x], sources: [a], generates: [b], status: [c], preconditions: [d], requires: {vars: [E]}, "
        "prompt: ok, if: 'true', method: none, run: once, watch: true"
    )
    own = "dir: sub, label: L, prefix: P, vars: {A: 1}, env: {B: 2}, dotenv: [.env], set: [x], shopt: [y], failfast: true, platforms: [linux]"
    cmds = "cmds: ['ruff check', \"mypy \\\n src\"]"
    part = parted(f"{{{once}, {own}, {cmds}}}").tasks["lint#ruff-check"]
    bare = parted(f"{{{own}, {cmds}}}").tasks["lint#ruff-check"]
    assert part == replace(bare, position=part.position, steps=part.steps)
    assert (part.label, part.prefix, part.dir, part.set_options, part.failfast) == ("L", "P", "sub", ("x",), True)


def test_a_command_of_several_lines_is_shown_by_its_first() -> None:
    call = parted("['ruff check', \"mypy src\\nmypy tests\"]").tasks["lint"].steps[1]
    assert isinstance(call, Call)
    assert call.spelling == "mypy src …"


def test_who_waits_between_commands_stays_between_them() -> None:
    """What came after a `sleep` ran beside it, and asked a server that had not started yet."""
    found = parted("['ruff check', 'mypy src', 'sleep 5', 'docker logs app', 'pytest --sleep 3', 'sleep 1 && pytest']")
    assert steps(found) == [
        "lint#ruff-check",
        "lint#mypy-src",
        "$ sleep 5",
        "lint#docker-logs",
        "lint#pytest-3",
        "$ sleep 1 && pytest",
    ]


def test_calls_are_neighbours_of_commands_and_deferred_steps_are_not() -> None:
    found = parted("['ruff check', {task: x}, {defer: 'echo done'}, 'mypy src']")
    assert steps(found) == ["lint#ruff-check", "x", "$ echo done", "$ mypy src"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mypy --strict src tests", "lint#mypy-src"),
        ("cd web && npx eslint .", "lint#eslint"),
        ("uv run pytest", "lint#pytest"),
        ("uv run --locked --extra dev python -m unittest", "lint#python-unittest"),
        ("uv sync --locked", "lint#uv-sync"),
        ("poetry run", "lint#poetry-run"),
        ("npm run lint:fix", "lint#npm-lint-fix"),
        ("npm test", "lint#npm-test"),
        ("pnpm -C apps/web lint", "lint#pnpm-lint"),
        ("pnpm --filter desktop exec tsc --noEmit", "lint#tsc"),
        ("NODE_ENV=test FORCE='a b' yarn build", "lint#yarn-build"),
        ("bundle exec rubocop", "lint#rubocop"),
        ("env CI=1 uv run pytest", "lint#pytest"),
        ("npm", "lint#npm"),
        ("echo Kör", "lint#echo-Kör"),
        ("go vet ./...", "lint#go-vet"),
        ("ruff check {{.WHERE}} -q", "lint#ruff-check"),
        ("'{{.PYTHON}} -m pytest'", "lint#pytest"),
        ("./scripts/lint.sh", "lint#scripts-lint.sh"),
        ("|\n      set -e\n      mypy src", "lint#set"),
        ("'{{.ALL}}'", "lint#command"),
    ],
)
def test_a_part_is_named_after_its_first_words(text: str, name: str) -> None:
    task = f"\n    - {text}\n    - echo"
    assert steps(parted(task))[0] == name


def test_no_two_parts_have_one_name() -> None:
    found = parted("['go vet a', 'go vet b', 'go vet c']", "  'lint#go-vet-2': echo\n")
    assert steps(found) == ["lint#go-vet", "lint#go-vet-3", "lint#go-vet-4"]


@pytest.mark.parametrize(
    "task",
    [
        "['ruff check']",
        "['ruff check', {defer: 'echo'}]",
        "[{task: x}, {task: y}]",
        "{interactive: true, cmds: [a, b]}",
        "{ignore_error: true, cmds: [a, b]}",
        "{sources: [a], cmds: ['echo {{.CHECKSUM}}', b]}",
        "['echo {{.ALIAS}}', b]",
        "{sources: [a], cmds: [{for: sources, cmd: 'cat {{.ITEM}}'}, b]}",
        "{generates: [a], cmds: [a, {for: generates, cmd: 'cat {{.ITEM}}'}, b]}",
    ],
)
def test_what_stays_as_it_is(task: str) -> None:
    plain = decode(f"version: '3'\ntasks:\n  lint: {task}\n")[0]
    assert with_parts(plain) is plain


def test_commands_beside_what_runs_in_the_background_stay_as_they_are() -> None:
    text = "version: '3'\ntasks:\n  lint: ['task:x &', 'ruff check', mypy]\n  x: ['task:lint &', wait, a, b]\n"
    plain = read_spellings(decode(text)[0], is_root=True)
    assert with_parts(plain) is plain


def test_a_loop_over_the_sources_of_the_whole_is_no_part() -> None:
    found = parted("{sources: [a], cmds: [b, c, {for: sources, cmd: 'cat {{.ITEM}}'}, {for: [1], cmd: d}, e]}")
    assert steps(found) == ["lint#b", "lint#c", "$ cat {{.ITEM}}", "lint#d", "lint#e"]


def test_of_many_tasks_the_names_are_not_gone_through_for_each() -> None:
    class Counted(Tasks):
        looked = 0

        def __iter__(self) -> Iterator[str]:
            Counted.looked += 1
            return super().__iter__()

    plain = decode("version: '3'\ntasks:\n" + "".join(f"  t{number}: [a, b, c]\n" for number in range(100)))[0]
    found = with_parts(replace(plain, tasks=Counted(pending(plain.tasks))))
    assert len(found.tasks) == 400
    assert Counted.looked < 10


def test_names_from_calls_stay_as_they_are() -> None:
    plain = decode("version: '3'\ntasks:\n  'lint-*': ['ruff check {{index .MATCH 0}}', mypy]\n")[0]
    assert with_parts(plain) is plain

"""What the tasks of a Rakefile run, where that can be seen in it.

A Rakefile is a program. It is understood where it does nothing but require libraries that define tasks of their own (Bundler,
RSpec, RuboCop, Rake's and Minitest's tests, YARD, Standard), tell them literal settings, and define tasks of prerequisites and
literal `sh`. One statement beyond that, and nothing is said of any task, because it may add to all of them.
"""

from __future__ import annotations

import posixpath
import shlex

from paratask.frozen import dataclass
from paratask.languages.ruby.syntax import arguments, literal, method_of, only_calls, parse_ruby, source, symbol, symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from paratask.plugins.hookspecs import Place

RAKEFILES = ("rakefile", "Rakefile", "rakefile.rb", "Rakefile.rb")
_TESTS = ("minitest",)
_BUILDS = ("gem", "build")
_BY_REQUIRE: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "bundler/gem_tasks": {
        "build": (_BUILDS,),
        "build:checksum": (_BUILDS,),
        "install": (_BUILDS, ("gem", "install", "pkg")),
        "install:local": (_BUILDS, ("gem", "install", "pkg")),
        "release": (_BUILDS, ("gem", "push", "pkg")),
        "clean": (_BUILDS,),
        "clobber": (_BUILDS,),
    },
    "standard/rake": {"standard": (("standardrb",),), "standard:fix": (("standardrb", "--fix"),)},
    "rake/clean": {"clean": (_BUILDS,), "clobber": (_BUILDS,)},
    **{
        name: {}
        for name in (
            "rspec/core/rake_task", "rubocop/rake_task", "rake/testtask", "minitest/test_task", "yard", "yard/rake/yardoc_task",
            "bundler/setup", "rubygems", "fileutils", "rake", "pathname", "date", "json", "yaml", "minitest",
        )
    },
}  # fmt: skip
_TEST_SETTINGS = frozenset(
    {"libs", "pattern", "test_files", "verbose", "warning", "description", "name", "glob", "exclude", "include", "test_globs",
     "framework", "to_a", "sort", "loader"}
)  # fmt: skip
_LIBRARIES = {
    "RSpec::Core::RakeTask.new": "spec",
    "RuboCop::RakeTask.new": "rubocop",
    "Rake::TestTask.new": "test",
    "Minitest::TestTask.create": "test",
    "YARD::Rake::YardocTask.new": "yard",
}
_PLAIN = ("desc", "CLEAN.include", "CLOBBER.include", "$LOAD_PATH.unshift", "$:.unshift")
_HARMLESS = frozenset({"puts", "warn", "desc", "abort"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One definition of a task: what it needs first, and the words of the programs or the shell texts that it runs.

    A task may be defined several times. `known` is False where it runs what cannot be seen.
    """

    name: str
    needs: tuple[str, ...] = ()
    programs: tuple[tuple[str, ...], ...] = ()
    texts: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rakefile:
    """The tasks of the Rakefile in `folder`; `rails` where it loads those of a Rails application, too."""

    folder: str
    tasks: tuple[Task, ...]
    rails: bool


class _ObscureError(Exception):
    """A statement that is not understood."""


def find_rakefile(folder: str, place: Place) -> str | None:
    """The Rakefile that rake finds from `folder`: there, or in the nearest folder above, also above the root."""
    while True:
        found = next((path for name in RAKEFILES if place.exists(path := posixpath.join(folder, name))), None)
        if found or folder == posixpath.dirname(folder):
            return found
        folder = posixpath.dirname(folder)


def read_rakefile(path: str, place: Place) -> Rakefile | None:
    """The Rakefile at `path`, with the `rakelib` beside it. None where it is not understood."""
    folder = posixpath.dirname(path)
    library = posixpath.join(folder, "rakelib")
    files = [path, *(posixpath.join(library, name) for name in place.listdir(library) if name.endswith(".rake"))]
    tasks: list[Task] = []
    for file in files:
        text = place.read_text(file)
        root = None if text is None else parse_ruby(text)
        if root is None:
            return None
        try:
            for statement in root.named_children:
                tasks.extend(_tasks(statement, file, ""))
        except _ObscureError:
            return None
    rails = any(task.name == "" for task in tasks)
    return Rakefile(folder=folder, tasks=tuple(task for task in tasks if task.name), rails=rails)


def reached(rakefile: Rakefile, name: str) -> tuple[Task, ...] | None:
    """The definitions of the task and of all it needs; None where one is not defined or not known."""
    found: dict[str, tuple[Task, ...]] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        own = tuple(task for task in rakefile.tasks if task.name == each)
        if not own or not all(task.known for task in own):
            return None
        found[each] = own
        defined = {task.name for task in rakefile.tasks}
        scope = each.rpartition(":")[0]
        needs = (need for task in own for need in task.needs)
        waiting.extend(f"{scope}:{need}" if scope and f"{scope}:{need}" in defined else need for need in needs)
    return tuple(task for tasks in found.values() for task in tasks)


def _tasks(statement: Node, file: str, scope: str) -> Iterator[Task]:
    """What one statement defines; a task without a name stands for those of Rails."""
    if statement.type == "comment" or (
        statement.type == "assignment" and only_calls(statement, frozenset({"freeze", "expand_path", "join", "dirname"}))
    ):
        return
    if statement.type == "begin":
        for child in statement.named_children:
            if child.type != "rescue":
                yield from _tasks(child, file, scope)
            elif not only_calls(child, _HARMLESS):
                raise _ObscureError
        return
    if statement.type != "call":
        raise _ObscureError
    yield from _of_call(statement, method_of(statement), file, scope)


def _of_call(call: Node, method: str, file: str, scope: str) -> Iterator[Task]:
    given = arguments(call)
    if method in ("require", "require_relative") and len(given.words) == 1:
        yield from _required(literal(given.words[0], file), method)
    elif method == "Rails.application.load_tasks":
        yield Task(name="")
    elif method == "namespace" and len(given.words) == 1 and (name := symbol(given.words[0])) is not None:
        for statement in _body(call):
            yield from _tasks(statement, file, f"{scope}{name}:")
    elif method == "task":
        yield _plain_task(call, scope)
    elif method in _LIBRARIES:
        yield from _library(call, method, scope)
    elif method not in _PLAIN or not only_calls(call, frozenset({"desc", "include", "unshift", "expand_path", "join"})):
        raise _ObscureError


def _required(name: str | None, method: str) -> Iterator[Task]:
    if method == "require_relative" and name is not None and name.endswith("config/application"):
        return
    tasks = _BY_REQUIRE.get(name or "") if method == "require" else None
    if tasks is None:
        raise _ObscureError
    for task, programs in tasks.items():
        yield Task(name=task, programs=programs)


def _plain_task(call: Node, scope: str) -> Task:
    name, needs = _name(call, "")
    texts: list[str] = []
    known = True
    for statement in _body(call):
        given = arguments(statement)
        text = literal(given.words[0], "") if len(given.words) == 1 and not given.named else None
        plain = statement.type == "call" and statement.child_by_field_name("block") is None
        if plain and method_of(statement) == "sh" and text is not None:
            texts.append(text)
        elif statement.type != "comment":
            known = False
    return Task(name=scope + name, needs=needs, texts=tuple(texts), known=known)


def _name(call: Node, default: str) -> tuple[str, tuple[str, ...]]:
    """The name that a definition gives, and what the task needs: `:a`, `a: [:b, :c]`, `:a => :b`."""
    given = arguments(call)
    if not given.complete or len(given.words) + len(given.named) > 1:
        raise _ObscureError
    if given.named:
        name, value = next(iter(given.named.items()))
        needs = symbols(value)
    else:
        name, needs = (symbol(given.words[0]) if given.words else default) or "", ()
    if not name or needs is None:
        raise _ObscureError
    return name, needs


def _body(call: Node) -> Sequence[Node]:
    block = call.child_by_field_name("block")
    body = None if block is None else block.child_by_field_name("body")
    return () if body is None else body.named_children


def _library(call: Node, method: str, scope: str) -> Iterator[Task]:
    """The tasks that a library defines, told by literal settings in a block."""
    default = _LIBRARIES[method]
    name, needs = _name(call, default)
    if default == "test":
        known = all(only_calls(statement, _TEST_SETTINGS) for statement in _body(call))
        yield Task(name=scope + name, needs=needs, programs=(_TESTS,), known=known)
        return
    settings = _settings(call)
    words = None if settings is None else _words(default, settings)
    known = words is not None
    program = (words,) if words is not None else ()
    yield Task(name=scope + name, needs=needs, programs=program, known=known)
    if default == "rubocop":
        for ending, option in (("autocorrect", "-a"), ("auto_correct", "-a"), ("autocorrect_all", "-A")):
            fixing = tuple((*each, option) for each in program)
            yield Task(name=f"{scope}{name}:{ending}", needs=needs, programs=fixing, known=known)


def _words(library: str, settings: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    known = {
        "spec": {"pattern", "rspec_opts", "verbose"},
        "rubocop": {"options", "patterns", "fail_on_error", "verbose", "requires"},
    }
    if not settings.keys() <= known.get(library, set()):
        return None
    given = [word for text in settings.get("rspec_opts", ()) for word in shlex.split(text)]
    if library == "spec":
        return ("rspec", *given, *(word for text in settings.get("pattern", ()) for word in ("-P", text)))
    own = settings.get("options", ())
    return ("rubocop", *own, *settings.get("patterns", ())) if library == "rubocop" else ("yard", "doc")


def _settings(call: Node) -> dict[str, tuple[str, ...]] | None:
    """`t.name = literal` of each statement in the block; None where there is anything else."""
    found: dict[str, tuple[str, ...]] = {}
    for statement in _body(call):
        left, right = statement.child_by_field_name("left"), statement.child_by_field_name("right")
        if statement.type == "comment":
            continue
        if statement.type not in ("assignment", "binary") or left is None or right is None or left.type != "call":
            return None
        value = ("",) if right.type in ("true", "false", "nil") else symbols(right)
        if value is None:
            return None
        name = source(left.child_by_field_name("method"))
        found[name] = (*found.get(name, ()), *value) if statement.type == "binary" else value
    return found

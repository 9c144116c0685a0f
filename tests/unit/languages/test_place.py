from __future__ import annotations

import os
import posixpath
import tracemalloc

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, union, unknown
from paratask.languages.patterns import word_pattern
from paratask.languages.place import Checkout, Disk
from paratask.plugins.hookspecs import Delegation, Recognition
from paratask.plugins.manager import load_plugins
from paratask.testing import FakeCheckout


class Files:
    """A `Reader` in memory; counts what is read."""

    def __init__(self, files=(), links=()):
        self.files = dict(files)
        self.links = dict(links)
        self.reads = []

    def read(self, path, limit):
        self.reads.append(path)
        data = self.files.get(path)
        return None if data is None else data[:limit]

    def exists(self, path):
        self.reads.append(path)
        return path in self.files or any(name.startswith(path.rstrip("/") + "/") for name in self.files)

    def listdir(self, folder):
        self.reads.append(folder)
        start = folder + "/"
        return {name[len(start) :].split("/")[0] for name in self.files if name.startswith(start)}

    def ignores_case(self, folder):
        return folder == "/R"

    def realpath(self, path):
        path = posixpath.normpath(path)
        for link, target in self.links.items():
            if path == link or path.startswith(link + "/"):
                return target + path[len(link) :]
        return path


class Known:
    """Stands in for the plugins: answers by program."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def recognise(self, invocation, place):
        self.asked.append(invocation.words)
        answer = self.answers.get(invocation.words[0])
        return answer(invocation, place) if callable(answer) else answer


def checkout(files=None, answers=None, links=()):
    return Checkout("/r", plugins=Known(answers or {}), reader=files or Files(links=links))


def writes(*patterns):
    claims = [Claim(access=Access.WRITE, pattern=p, evidence=Evidence.INFERRED, reason="test") for p in patterns]
    return Recognition(claims=tuple(claims), effect=Effect.LOCAL, reason="test")


def patterns(claims):
    return [f"{entry.access.value} {entry.pattern}" for entry in claims.entries]


def test_files_are_read_once():
    files = Files({"/r/a": b"text"})
    place = checkout(files)
    for _ in range(3):
        assert place.read_text("/r/a") == "text"
        assert place.exists("/r/a")
        assert place.listdir("/r") == ("a",)
        assert place.workspace("/r", ["a"]) == "/r"
    assert len(files.reads) == 3


def test_text_is_text_of_bearable_size():
    place = checkout(Files({"/r/a": b"\0", "/r/b": b"\xff", "/r/c": b"x" * (1 << 20), "/r/d": b"x" * ((1 << 20) + 1)}))
    assert [place.read_text(f"/r/{name}") is None for name in "abcde"] == [True, True, False, True, True]


def test_workspace_is_the_nearest_up_to_the_root():
    place = checkout(Files({"/r/a/b/package.json": b"", "/r/a/b/c/x": b"", "/package.json": b""}))
    assert place.workspace("/r/a/b/c", ["package.json"]) == "/r/a/b"
    assert place.workspace("/r/a", ["package.json"]) is None
    assert place.workspace("/elsewhere", ["package.json"]) is None
    assert place.workspace("/", ["package.json"]) is None


@pytest.mark.parametrize(
    ("path", "suffix", "pattern"),
    [
        ("/r", "", "."),
        ("/r", "/**", "**"),
        ("/r/a b", "/**", "a b/**"),
        ("/r/a[b]", "/*", "a\\[b\\]/*"),
        ("/r/a/../c", "", "c"),
        ("/r2", "", "/r2"),
        ("/tmp/x", "/**", "/tmp/x/**"),
        ("/", "/**", "/**"),
        ("/", "", "/"),
        ("/r/link/x", "/**", "libs/a/x/**"),
        ("/r/out/x", "", "/elsewhere/x"),
        ("/alias/a", "", "a"),
    ],
)
def test_pattern(path, suffix, pattern):
    links = {"/r/link": "/r/libs/a", "/r/out": "/elsewhere", "/alias": "/r"}
    assert checkout(links=links).pattern(path, suffix) == pattern


def test_root_behind_a_link_is_the_same_root():
    place = Checkout("/alias", plugins=Known({}), reader=Files(links={"/alias": "/real"}))
    assert place.pattern("/alias/a") == "a"
    assert place.pattern("/real/a") == "a"


@pytest.mark.parametrize(
    ("word", "suffix", "pattern"),
    [
        ("x", "", "d/x"),
        ("../x", "/**", "x/**"),
        ("*.js", "", "d/*.js"),
        ("a*/b", "/**", "d/a*/b/**"),
        ("/r/*", "", "*"),
        ("/*", "", "/*"),
        ("[slug]/x", "", "d/*/x"),
        ("{a,b}", "", "d/\\{a,b\\}"),
        ("*{a,b}", "", "d/*\\{a,b\\}"),
        (".", "/**", "d/**"),
        ("link/*", "", "libs/a/*"),
    ],
)
def test_word_pattern(word, suffix, pattern):
    assert word_pattern(word, "/r/d", checkout(links={"/r/d/link": "/r/libs/a"}), suffix) == pattern


def test_claims_of_all_that_a_text_runs():
    place = checkout(answers={"a": writes("x"), "b": writes("y")})
    claims = place.command_claims("a && b; a", "/r")
    assert patterns(claims) == ["write x", "write y"]
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL


def test_unrecognised_program_makes_all_unknown():
    claims = checkout(answers={"a": writes("x")}).command_claims("a; frob --all", "/r")
    assert claims.evidence is Evidence.NONE
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason == "`frob --all` is not recognised"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("uv run frob --all", "`uv run frob --all` is not recognised"),
        ("npm exec -- frob", "`npm exec -- frob` is not recognised"),
        ("uv run", "`uv run` is not recognised"),
        ("frob a b", "`frob a` is not recognised"),
        ("frob $A", "`frob …` is not recognised"),
        ("rm -rf $A", "`rm -rf …` is not recognised: only the run tells all of its words"),
        (
            "go vet $A ./a/very/long/path/to/a/package/whose/name/will/not/end/so/soon/as/that",
            "`go vet … ./a/very/long/path/to/a/package/whose/name/will/not/end/so/s...` is not recognised: only the run tells all of its words",
        ),
    ],
)
def test_a_call_that_is_not_recognised_is_shown_as_far_as_it_tells_why(text, reason):
    """`uv run` and `go build` are recognised, and a plan said that they were not: whole where some calls of the program are known."""
    assert checkout().command_claims(text, "/r").effect_reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("shellcheck --frob a.sh", "`shellcheck` is not recognised with `--frob`"),
        ("wc -lZ a.sh", "`wc` is not recognised with `-lZ`"),
        ("timeout 5 wc --frob a.sh", "`wc` is not recognised with `--frob`"),
        ("wc --frob=$X a.sh", "`wc` is not recognised with `--frob`"),
    ],
)
def test_the_word_that_a_known_tool_is_not_known_with_is_named(tmp_path, text, reason):
    place = Checkout(str(tmp_path), plugins=load_plugins(warn=pytest.fail, entry_points=()))
    assert place.command_claims(text, str(tmp_path)).effect_reason == reason


@pytest.mark.parametrize("text", ["$X a", '"" a', "if a; then f() { a; }; fi", "a ("])
def test_what_is_not_understood_is_unknown(text):
    assert checkout(answers={"a": writes("x")}).command_claims(text, "/r").evidence is Evidence.NONE


def test_outside_effect_is_kept():
    push = Recognition(claims=(), effect=Effect.OUTSIDE, reason="`push` reaches beyond")
    claims = checkout(answers={"push": push}).command_claims("push", "/r")
    assert (claims.effect, claims.effect_reason, claims.evidence) == (
        Effect.OUTSIDE,
        "`push` reaches beyond",
        Evidence.INFERRED,
    )


def test_redirections_are_claims():
    claims = checkout(answers={"a": writes()}).command_claims("cd d; a > out.txt < ../in 2> /dev/null >> /tmp/log", "/r")
    assert patterns(claims) == ["write d/out.txt", "read in", "write /tmp/log"]
    assert claims.entries[0].reason == "the shell writes `> out.txt`"


def test_redirection_to_an_unknown_path_may_be_anywhere():
    claims = checkout(answers={"a": writes()}).command_claims('a > "$LOG"', "/r")
    assert patterns(claims) == ["write **", "write /**"]
    assert claims.effect is Effect.LOCAL


def test_text_without_commands_claims_nothing():
    claims = checkout().command_claims("# nothing", "/r")
    assert claims == Claims(evidence=Evidence.INFERRED)


def test_delegation_stands_for_the_claims_of_another():
    def run(invocation, place):
        return Delegation(claims=place.command_claims(invocation.words[1], invocation.cwd), reason="runs it", cpu=4.0)

    place = checkout(answers={"run": run, "a": writes("x")})
    assert patterns(place.command_claims("run a", "/r")) == ["write x"]
    assert place.read_command("run a", "/r").cpu == 4.0
    assert place.read_command("a", "/r").cpu == 1.0


def test_command_that_runs_itself_is_unknown():
    def again(invocation, place):
        return Delegation(claims=place.command_claims("again", "/r"), reason="runs itself")

    place = checkout(answers={"again": again})
    assert place.command_claims("again", "/r").effect_reason == "commands that start themselves"


def test_commands_that_start_themselves_in_many_ways_are_read_once_each():
    """A script of package.json that runs itself in each of many folders without one: a plan took minutes."""

    def again(invocation, place):
        texts = [f"go {number}" for number in range(20)]
        return Delegation(claims=union([place.command_claims(text, "/r") for text in texts]), reason="runs them")

    def go(invocation, place):
        return Delegation(claims=place.command_claims("again", "/r"), reason="runs the other")

    place = checkout(answers={"again": again, "go": go})
    assert place.command_claims("again", "/r").evidence is Evidence.NONE
    assert len(place._plugins.asked) <= 21


def test_what_was_met_below_itself_is_not_remembered_for_others():
    def runs(*texts):
        return lambda invocation, place: Delegation(
            claims=union([place.command_claims(text, "/r") for text in texts]), reason="runs them"
        )

    answers = {"a": runs("b", "w"), "b": runs("c", "d"), "c": runs("b"), "d": writes("d"), "w": writes("w")}
    place = checkout(answers=answers)
    place.command_claims("a", "/r")
    for text in answers:
        assert place.command_claims(text, "/r") == checkout(answers=answers).command_claims(text, "/r")


def test_invocation_that_starts_itself_is_unknown():
    def again(invocation, place):
        return Delegation(claims=place.invocation_claims(invocation), reason="starts itself")

    assert "8 deep" in checkout(answers={"again": again}).command_claims("again", "/r").effect_reason


def test_depth_at_which_a_command_was_met_does_not_stick_to_it():
    def count(invocation, place):
        left = int(invocation.words[1])
        return Delegation(claims=place.command_claims(f"count {left - 1}", "/r"), reason="counts") if left else writes("x")

    place = checkout(answers={"count": count})
    assert place.command_claims("count 9", "/r").evidence is Evidence.NONE
    assert patterns(place.command_claims("count 5", "/r")) == ["write x"]


def test_answers_are_kept_by_text_and_folder():
    plugins = Known({"a": writes("x")})
    place = Checkout("/r", plugins=plugins, reader=Files())
    for _ in range(3):
        place.command_claims("a", "/r")
        place.command_claims("a", "/r/b/..")
        place.command_claims("a", "/r/c")
    assert len(plugins.asked) == 2


def test_disk_reads_what_is_there(tmp_path):
    (tmp_path / "a").write_text("hello")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    disk = Disk()
    assert disk.read(str(tmp_path / "a"), 3) == b"hel"
    assert disk.read(str(tmp_path), 3) is None
    assert sorted(disk.listdir(str(tmp_path))) == ["a", "link"]
    assert disk.listdir(str(tmp_path / "a")) == ()
    assert disk.exists(str(tmp_path / "a"))
    assert disk.realpath(str(tmp_path / "link")) == disk.realpath(str(tmp_path / "a"))


def test_reading_a_small_file_made_room_for_the_largest(tmp_path):
    (tmp_path / "a").write_text("hello")
    Disk().read(str(tmp_path / "a"), 1 << 20)
    tracemalloc.start()
    try:
        assert Disk().read(str(tmp_path / "a"), 1 << 20) == b"hello"
        assert tracemalloc.get_traced_memory()[1] < 1 << 19
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no files here that do not tell their size")
def test_a_file_that_does_not_tell_its_size_is_read_whole():
    assert (Disk().read("/proc/self/status", 1 << 20) or b"").startswith(b"Name:")


def test_a_pipe_in_place_of_a_manifest_was_waited_for(tmp_path):
    os.mkfifo(tmp_path / "package.json")
    (tmp_path / "device").symlink_to(os.devnull)
    assert Disk().read(str(tmp_path / "package.json"), 3) is None
    assert Disk().read(str(tmp_path / "device"), 3) is None


def test_everything_together_on_real_files(tmp_path):
    (tmp_path / "packages").mkdir()
    warnings = []
    place = Checkout(str(tmp_path), plugins=load_plugins(warn=warnings.append, entry_points=()))
    claims = place.command_claims("cd packages && rm -rf dist && mkdir -p dist && echo done > dist/log", str(tmp_path))
    assert patterns(claims) == ["write packages/dist/**", "add packages/dist/**", "write packages/dist/log"]
    assert warnings == []
    assert place.command_claims("frob", str(tmp_path)) == unknown("`frob` is not recognised")


def test_whether_case_matters_is_asked_of_the_file_system(tmp_path, monkeypatch):
    assert not checkout().ignores_case
    assert Checkout("/R", plugins=Known({}), reader=Files()).ignores_case
    folder = tmp_path / "Folder"
    folder.mkdir()
    assert not Disk().ignores_case(str(folder))
    assert not Disk().ignores_case("/1")
    monkeypatch.setattr("os.path.samefile", lambda a, b: a.lower() == b.lower())
    assert Disk().ignores_case(str(folder))


SHARED = {"a/pyproject.toml": "", "b/pyproject.toml": "", "shared/pyproject.toml": "", "shared/src/x.py": ""}


@pytest.mark.parametrize(
    ("value", "together"),
    [
        ("../shared/src", False),
        ("/repo/shared/src", False),
        ("src:../shared/src", False),
        ("../b", True),
        (".:/repo", True),
        ("", True),
        (None, False),
    ],
)
@pytest.mark.parametrize("variable", ["PYTHONPATH", "MYPYPATH"])
def test_modules_that_a_task_s_environment_has_looked_for_elsewhere_are_read(variable, value, together):
    place = FakeCheckout(SHARED)
    checks = place.command_claims("mypy .", "/repo/a", {variable: value})
    assert (conflict(checks, place.command_claims("black .", "/repo/shared")) is None) is together


def test_the_root_as_a_place_to_look_in_does_not_make_tests_wait_for_each_other():
    place = FakeCheckout(SHARED)
    left, right = (place.command_claims("pytest", f"/repo/{name}", {"PYTHONPATH": "/repo:..:."}) for name in "ab")
    assert conflict(left, right) is None


TOOLS = {"tools/ruff": "", "a/pyproject.toml": "", "a/go.mod": "module a\n", "a/x.go": "package a\n"}


@pytest.mark.parametrize("path", ["/repo/bin:/usr/bin", "../bin:/usr/bin", "/usr/bin:/repo/bin"])
@pytest.mark.parametrize("command", ["ruff check", "uv run ruff check src", "bash -c 'ruff check'"])
@pytest.mark.parametrize(
    "other", ["ln -sf ../tools/ruff bin/ruff", "cp tools/ruff bin/ruff", "rm -rf bin", "curl -sSL -o bin/ruff https://x"]
)
def test_a_program_that_path_has_looked_for_in_the_checkout_is_not_put_there_meanwhile(path, command, other):
    place = FakeCheckout(TOOLS)
    checks = place.command_claims(command, "/repo/a", {"PATH": path})
    puts = place.command_claims(other, "/repo", {})
    assert checks.evidence is puts.evidence is Evidence.INFERRED
    assert conflict(puts, checks) is not None
    assert conflict(checks, puts) is not None


@pytest.mark.parametrize("path", ["/repo/bin:/usr/bin", "/usr/bin", "/repository/bin", None])
def test_other_programs_may_be_put_there(path):
    place = FakeCheckout(TOOLS)
    checks = place.command_claims("ruff check", "/repo/a", {"PATH": path})
    assert conflict(place.command_claims("cp tools/x bin/black", "/repo", {}), checks) is None


def test_a_text_may_say_itself_where_programs_are():
    place = FakeCheckout(TOOLS)
    assert not place.may_run_together("cp tools/ruff bin/ruff", "cd a && PATH=../bin:/usr/bin ruff check")
    assert place.may_run_together("cp tools/ruff bin/ruff", "cd a && PATH=/usr/bin ruff check")


@pytest.mark.parametrize(
    ("environ", "is_entered"), [({}, False), (None, False), ({"VIRTUAL_ENV": "/v"}, True), ({"CONDA_PREFIX": "/c"}, True)]
)
def test_an_environment_that_the_shell_has_activated_is_known_of(environ, is_entered):
    assert Checkout("/repo", plugins=Known({}), reader=Files(), environ=environ).is_entered is is_entered

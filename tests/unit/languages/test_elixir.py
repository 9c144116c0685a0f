"""What the Elixir plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools
from typing import ClassVar

import pytest

from paratask.claims.model import Effect
from paratask.languages.elixir import plugin as elixir
from paratask.languages.elixir.loading import does_on_loading
from paratask.languages.elixir.terms import UNKNOWN, Atom, Pairs, read_terms
from paratask.languages.elixir.tokens import tokens
from paratask.testing import FakeCheckout

API, CORE, WEB = "libs/api", "libs/core", "umbrella/apps/web"


def mix(settings: str = "", more: str = "") -> str:
    return f"""
defmodule X.MixProject do
  use Mix.Project

  @version "1.0.0"

  def project do
    [
      app: :x,
      version: @version,
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      {settings}
    ]
  end

  def application, do: [extra_applications: [:logger]]
{more}
end
"""


LOCK = """%{
  "jason": {:hex, :jason, "1.4.1", "af1504", [:mix], [], "hexpm", "fbb01e"},
  "telemetry": {:hex, :telemetry, "1.2.1", "68fdfe", [:rebar3], [], "hexpm", "dad9ce"},
}
"""
FETCHED = {
    "deps/jason/mix.exs": mix(),
    "deps/jason/lib/jason.ex": "",
    "deps/telemetry/rebar.config": "{erl_opts, [debug_info]}.\n",
    "deps/telemetry/src/telemetry.erl": "",
}
DEPS = 'defp deps do\n    [\n      {:jason, "~> 1.4"},\n      {:credo, "~> 1.7", only: [:dev, :test], runtime: false}\n    ]\n  end'
INPUTS = '[inputs: ["{mix,.formatter}.exs", "{config,lib,test}/**/*.{ex,exs}"]]\n'
FILES = {
    f"{API}/mix.exs": mix("deps: deps()", DEPS.replace("[\n", '[\n      {:core, path: "../core"},\n', 1)),
    f"{API}/mix.lock": LOCK,
    f"{API}/.formatter.exs": INPUTS,
    f"{API}/lib/api.ex": "",
    f"{API}/test/api_test.exs": 'File.read!(Path.join(__DIR__, "../../../fixtures/a.json"))',
    f"{API}/config/config.exs": "import Config\n",
    **{f"{API}/{path}": text for path, text in FETCHED.items()},
    f"{CORE}/mix.exs": mix("deps: []"),
    f"{CORE}/lib/core.ex": "",
    "lone/mix.exs": mix("deps: []"),
    "lone/lib/lone.ex": "",
    "umbrella/mix.exs": mix('apps_path: "apps", deps: []'),
    **{
        f"umbrella/apps/{name}/mix.exs": mix(
            'build_path: "../../_build", config_path: "../../config/config.exs", deps_path: "../../deps", lockfile: "../../mix.lock", '
            + ("deps: [{:data, in_umbrella: true}]" if name == "web" else "deps: []")
        )
        for name in ("web", "data")
    },
}
IN_API, IN_CORE, IN_LONE = f"cd {API} && ", f"cd {CORE} && ", "cd lone && "


def checkout(more: dict[str, str] | None = None, without: str = "") -> FakeCheckout:
    files = {path: text for path, text in FILES.items() if not without or not path.startswith(without)}
    return FakeCheckout({**files, **(more or {})})


def lone(settings: str = "", more: str = "", files: dict[str, str] | None = None) -> FakeCheckout:
    """A checkout whose project in `lone` has these settings and definitions."""
    others = {f"lone/{path}": text for path, text in (files or {}).items()}
    return checkout({"lone/mix.exs": mix(settings or "deps: []", more), **others})


READ_ONLY = [
    "mix format --check-formatted lib/api.ex",
    "mix format --check-formatted",
    "mix format --dry-run 'lib/**/*.ex'",
    "mix hex.outdated",
    "mix hex.outdated --all || true",
    "mix hex.audit",
    "mix deps",
    "mix --version",
    "mix hex.info jason",
    "elixir --version",
    "iex --version",
]
BUILDING = [
    "mix compile",
    "mix compile --warnings-as-errors --force",
    "MIX_ENV=prod mix compile",
    "mix deps.compile",
    "mix deps.compile --force jason",
    "mix credo",
    "mix credo --strict --format=oneline",
    "mix credo suggest --only readability lib",
    "mix credo list",
    "mix dialyzer --format short",
    "mix dialyzer --plt",
    "mix xref graph --format stats",
    "mix xref unreachable",
    "mix help test",
    "mix sobelow --config --exit low",
    "mix sobelow --config --exit",
    "mix phx.gen.secret",
    "mix docs",
    "mix do compile --warnings-as-errors + credo",
    "mix do compile, credo --strict",
]
WORKING = [
    "mix test",
    "mix test test/api_test.exs:12 --trace --only slow --max-cases 1",
    "mix test --cover --warnings-as-errors",
    "MIX_ENV=test mix test --no-compile --stale",
    "mix coveralls.json -o cover",
    "mix release --overwrite",
    "mix escript.build",
    "mix clean",
    "mix hex.build",
]


@pytest.mark.parametrize("text", READ_ONLY)
def test_what_only_looks_writes_nothing(text):
    found = checkout()
    assert found.recognises(text, API)
    assert found.effect(text, API) is Effect.LOCAL
    assert found.writes(text, API) <= {f"{API}/_build/**/.mix/{{cached_dot_formatter,format_timestamp}}"}


@pytest.mark.parametrize("text", BUILDING)
def test_what_compiles_writes_the_build_folder_and_no_sources(text):
    found = checkout()
    assert found.recognises(text, API)
    assert found.effect(text, API) is Effect.LOCAL
    assert found.may_write(text, f"{API}/_build/dev/lib/x/ebin/x.beam", API)
    assert not found.may_write(text, f"{API}/lib/api.ex", API)
    assert not found.may_write(text, f"{API}/deps/jason/lib/jason.ex", API)
    assert not found.may_write(text, f"{CORE}/lib/core.ex", API)
    for path in ("mix.exs", "mix.lock", "config/config.exs", "lib/api.ex", "deps/jason/lib/jason.ex"):
        assert found.may_read(text, f"{API}/{path}", API)
    assert found.may_read(text, f"{CORE}/lib/core.ex", API)


@pytest.mark.parametrize("text", WORKING)
def test_what_works_in_the_project_writes_any_of_it(text):
    found = checkout()
    assert found.recognises(text, API)
    assert found.effect(text, API) is Effect.LOCAL
    assert found.may_write(text, f"{API}/cover/x.html", API)
    assert found.may_write(text, f"{API}/_build/test/lib/x/ebin/x.beam", API)
    assert not found.may_write(text, f"{CORE}/lib/core.ex", API)
    assert found.may_read(text, f"{CORE}/lib/core.ex", API)
    assert found.may_read(text, "fixtures/a.json", API)


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations_with_replacement(BUILDING[:8] + WORKING[:4], 2)))
def test_two_that_build_in_one_project_are_kept_apart(first, second):
    assert not checkout().may_run_together(IN_API + first, IN_API + second)


@pytest.mark.parametrize("text", BUILDING)
def test_checking_the_format_goes_beside_what_compiles(text):
    assert checkout().why_not(f"{IN_API}mix format --check-formatted", IN_API + text) is None


@pytest.mark.parametrize(
    "text", ["mix deps.get", "mix deps.update --all", "mix deps.clean --all", "mix deps.clean --unused --unlock"]
)
def test_fetching_writes_packages_and_their_lock(text):
    found = checkout()
    assert found.writes(text, API) == {f"{API}/deps/**", f"{API}/mix.lock", f"{API}/_build/**"}
    assert found.may_read(text, f"{CORE}/mix.exs")
    for other in ("mix compile", "mix test", "mix credo", "mix hex.outdated"):
        assert not found.may_run_together(IN_API + text, IN_API + other)


def test_a_lock_that_is_checked_is_not_written():
    assert f"{API}/mix.lock" not in checkout().writes("mix deps.get --check-locked", API)
    assert checkout().writes("mix deps.unlock --check-unused", API) == set()
    assert checkout().writes("mix deps.unlock --unused", API) == {f"{API}/mix.lock"}


def test_hex_keeps_one_list_for_all_projects_that_nobody_locks():
    assert not checkout().may_run_together(f"{IN_API}mix deps.get", f"{IN_LONE}mix deps.get")
    assert not checkout().may_run_together(f"{IN_API}mix hex.outdated", f"{IN_LONE}mix deps.update --all")


@pytest.mark.parametrize("text", ["mix compile", "mix credo", "mix format", "mix docs", "mix xref graph", "mix test"])
def test_projects_that_have_nothing_in_common_go_side_by_side(text):
    assert checkout().may_run_together(IN_API + text, IN_LONE + text)


def test_what_a_project_is_made_of_stays_as_it_is_while_that_compiles():
    found = checkout()
    assert not found.may_run_together(f"{IN_API}mix compile", f"{IN_CORE}mix format")
    assert found.may_run_together(f"{IN_API}mix compile", f"{IN_CORE}mix compile"), "each builds in its own folder"
    assert found.may_run_together(f"{IN_API}mix compile", f"{IN_CORE}mix format --check-formatted")


@pytest.mark.parametrize(
    "text", ["mix local.hex --force", "mix local.rebar --force --if-missing", "mix archive.install hex phx_new"]
)
def test_what_is_installed_for_the_user_is_used_by_all(text):
    found = checkout()
    assert found.holds(text) == {"mix-archives"}
    assert found.writes(text) == set()
    assert not found.may_run_together(text, f"{IN_LONE}mix compile")


@pytest.mark.parametrize(
    "text", ["mix hex.publish --yes", "mix hex.owner add x y", "mix coveralls.github", "mix hex.retire x 1.0.0 security"]
)
def test_what_others_can_see(text):
    found = checkout()
    assert found.recognises(text, API)
    assert found.effect(text, API) is Effect.OUTSIDE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("iex -S mix", "`iex` is a session with somebody, which may do anything"),
        ("iex -S mix phx.server", "`iex` is a session with somebody, which may do anything"),
        ("mix run priv/repo/seeds.exs", "`mix run` runs a program of this repository, which may do anything"),
        ("mix", "`mix run` runs a program of this repository, which may do anything"),
        ("mix eval 'IO.puts(1)'", "`mix eval` runs a text of Elixir, which may do anything"),
        ("elixir script.exs", "`elixir` runs a program of this repository, which may do anything"),
        ("mix my.own.task", "`mix my.own.task` is not recognised"),
        ("mix test --unheard-of", "`mix test` is not recognised with `--unheard-of`"),
        ("mix compile lib", "`mix compile lib` is not recognised"),
        ("mix credo gen.config", "`mix credo gen.config` is not recognised"),
        ("mix format $FILES", "`mix format …` is not recognised: only the run tells all of its words"),
        ("mix test $FILES", "`mix test …` is not recognised: only the run tells all of its words"),
        ("mix $TASK", "`mix …` is not recognised: only the run tells all of its words"),
        ("MIX_EXS=../other.exs mix test", "`mix test` may do anything: `MIX_EXS` may lead mix anywhere"),
        ("MIX_BUILD_PATH=$X mix test", "`mix test` may do anything: `MIX_BUILD_PATH` may lead mix anywhere"),
        ("cd .. && mix test", "`mix test` may do anything: there is no `mix.exs` in `libs`"),
        ("mix do compile, my.own.task", "`mix do` may do anything: `mix do` runs a task that is not recognised"),
        ("MIX_ENV=prod mix ecto.migrate", "`mix ecto.migrate` is not recognised"),
        ("mix cmd ./run.sh", "`mix cmd ./run.sh` is not recognised"),
    ],
)
def test_what_is_not_recognised_says_why(text, why):
    found = checkout().claims(text, API)
    assert not checkout().recognises(text, API)
    assert found.effect_reason == why


class TestFormatting:
    def test_writes_what_the_settings_name(self):
        assert checkout().writes("mix format", API) == {
            f"{API}/{{mix,.formatter}}.exs",
            f"{API}/{{config,lib,test}}/**/*.{{ex,exs}}",
            f"{API}/_build/**/.mix/{{cached_dot_formatter,format_timestamp}}",
        }

    def test_writes_what_the_call_names(self):
        assert checkout().writes("mix format lib/api.ex", API) == {f"{API}/lib/api.ex"}
        assert checkout().writes("mix format 'test/**/*.exs' mix.exs", API) == {f"{API}/test/**", f"{API}/mix.exs"}
        assert checkout().writes("mix format 'lib/a?.ex'", API) == {f"{API}/lib/**"}
        assert checkout().writes("mix format -", API) == set()

    def test_needs_no_project(self):
        found = checkout({"docs/.formatter.exs": INPUTS})
        assert found.writes("mix format", "docs") == {"docs/{mix,.formatter}.exs", "docs/{config,lib,test}/**/*.{ex,exs}"}

    @pytest.mark.parametrize(
        "settings", ["[inputs: files()]", '[inputs: Enum.map(["a"], & &1)]', '[inputs: ["!x"]]', "[inputs: ["]
    )
    def test_may_write_anything_where_the_files_are_not_written_down(self, settings):
        assert lone(files={".formatter.exs": settings}).may_write("mix format", "lone/any/thing.md", "lone")

    def test_writes_files_beside_the_project_that_its_settings_name(self):
        found = lone(files={".formatter.exs": '[inputs: ["*.exs", "../other/lib/**/*.ex", "../../x/!y"]]'})
        assert {"lone/*.exs", "other/lib/**/*.ex"} <= found.writes("mix format", "lone")
        assert not found.may_run_together(f"{IN_LONE}mix format", "cp x.ex other/lib/x.ex")

    def test_takes_settings_from_packages(self):
        found = lone(files={".formatter.exs": f"[import_deps: [:ecto], {INPUTS[1:]}"})
        assert found.may_read("mix format --check-formatted", "lone/deps/ecto/.formatter.exs", "lone")
        assert not found.may_run_together(f"{IN_LONE}mix format --check-formatted", f"{IN_LONE}mix deps.get")
        assert found.may_run_together(f"{IN_LONE}mix format --check-formatted", f"{IN_LONE}mix compile")
        assert not checkout().may_read("mix format --check-formatted lib/api.ex", f"{API}/deps/jason/mix.exs", API)

    def test_has_the_project_compiled_to_load_plugins(self):
        for plugins in ("[Styler]", "plugins()"):
            found = lone(files={".formatter.exs": f"[plugins: {plugins}, {INPUTS[1:]}"})
            assert found.may_write("mix format --check-formatted", "lone/_build/dev/lib/x/ebin/x.beam", "lone")
            assert not found.may_run_together(f"{IN_LONE}mix format --check-formatted", f"{IN_LONE}mix compile")

    def test_follows_folders_with_settings_of_their_own(self):
        found = lone(
            files={
                ".formatter.exs": '[inputs: ["*.exs"], subdirectories: ["parts/*"]]',
                "parts/a/.formatter.exs": '[inputs: ["lib/**/*.ex"]]',
                "parts/b/.formatter.exs": '[inputs: ["*.heex"], plugins: [X]]',
            }
        )
        assert {"lone/*.exs", "lone/parts/a/lib/**/*.ex", "lone/parts/b/*.heex"} <= found.writes("mix format", "lone")
        assert found.may_write("mix format", "lone/_build/dev/x", "lone")


class TestFolders:
    def test_settings_lead_elsewhere(self):
        found = lone('deps: [], build_path: "../out/build", deps_path: "../vendor", lockfile: "x.lock"')
        assert found.may_write("mix compile", "out/build/dev/x", "lone")
        assert found.writes("mix deps.get", "lone") == {"vendor/**", "lone/x.lock", "out/build/**"}

    def test_variables_lead_elsewhere(self):
        found = checkout()
        assert found.may_write("MIX_BUILD_PATH=../shared/dev mix compile", "shared/dev/lib/x", "lone")
        assert found.may_write("MIX_BUILD_ROOT=../shared mix compile", "shared/dev/lib/x", "lone")
        assert "vendor/**" in found.writes("MIX_DEPS_PATH=../vendor mix deps.get", "lone")
        in_one = "MIX_BUILD_ROOT=../{} mix compile"
        assert not found.may_run_together(f"cd lone && {in_one.format('b')}", f"cd libs && cd core && {in_one.format('../b')}")

    def test_variables_of_the_task_count(self):
        claims = checkout().command_claims("mix compile", "/repo/lone", {"MIX_BUILD_PATH": "/repo/shared", "MIX_ENV": "test"})
        assert "shared/**" in {entry.pattern for entry in claims.entries}

    def test_where_mix_keeps_things_for_the_user_is_no_matter_of_one_project(self):
        variables = "MIX_HOME=/repo/.mix HEX_HOME=/repo/.hex "
        assert checkout().may_run_together(f"{IN_API}{variables}mix compile", f"{IN_LONE}{variables}mix compile")
        assert not checkout().may_run_together(f"{IN_API}{variables}mix compile", "rm -rf .mix")

    @pytest.mark.parametrize("key", ["build_path", "deps_path", "lockfile", "config_path", "apps_path"])
    def test_a_folder_that_only_the_run_tells(self, key):
        found = lone(f'deps: [], {key}: System.get_env("X")')
        assert f"sets `{key}` to what only the run tells" in found.claims("mix compile", "lone").effect_reason
        found = lone("deps: []", f'  def more(x), do: Keyword.put(x, :{key}, "y")')
        assert not found.recognises("mix compile", "lone")

    def test_any_environment_may_be_the_one(self):
        assert not checkout().may_run_together(f"{IN_LONE}MIX_ENV=dev mix compile", f"{IN_LONE}MIX_ENV=test mix compile")


class TestUmbrellas:
    def test_children_build_in_their_parent(self):
        found = checkout()
        assert found.may_write("mix compile", "umbrella/_build/dev/lib/web", WEB)
        assert not found.may_run_together(f"cd {WEB} && mix compile", "cd umbrella/apps/data && mix compile")
        assert found.may_read("mix compile", "umbrella/apps/data/lib/data.ex", WEB)
        assert found.may_read("mix compile", "umbrella/config/config.exs", WEB)
        assert found.writes("mix deps.get", WEB) == {"umbrella/deps/**", "umbrella/mix.lock", "umbrella/_build/**"}

    def test_the_parent_works_in_its_children(self):
        found = checkout()
        assert found.may_write("mix test", f"{WEB}/tmp/x", "umbrella")
        assert found.may_read("mix compile", f"{WEB}/lib/web.ex", "umbrella")
        assert not found.may_run_together("cd umbrella && mix compile", f"cd {WEB} && mix format")

    def test_aliases_of_children_count_in_the_parent(self):
        more = {f"{WEB}/mix.exs": mix('deps: [], aliases: [test: ["cmd ./prepare", "test"], all: "compile"]')}
        assert not checkout(more).recognises("mix test", "umbrella")
        assert checkout(more).recognises("mix all", "umbrella")
        assert checkout(more).recognises("mix compile", "umbrella")

    def test_a_database_of_another_child(self):
        more = {
            "umbrella/apps/data/mix.exs": FILES["umbrella/apps/data/mix.exs"].replace(
                "deps: []", 'deps: [{:ecto_sql, "~> 3.0"}]'
            )
        }
        assert checkout(more).holds("mix test", WEB) == {"database"}
        assert checkout(more).holds("mix test", "umbrella") == {"database"}

    def test_programs_are_started_in_each_child(self):
        found = checkout().writes("mix cmd touch x", "umbrella")
        assert {f"{WEB}/x", "umbrella/apps/data/x"} <= found


class TestAliases:
    ALIASES = """aliases: [
        setup: ["deps.get", "compile --force"],
        quality: ["format --check-formatted", "credo --strict"],
        ci: ["quality", "test"],
        test: ["ecto.create --quiet", "test --trace"],
        "one.more": "quality",
        publish: "hex.publish --yes",
        odd: ["compile", &run/1],
        strange: fn _ -> :ok end,
        filled: "deps.get --only #{Mix.env()}",
        round: "about",
        about: "round"
      ], deps: [{:ecto_sql, "~> 3.0"}]"""

    def test_are_followed(self):
        found = lone(self.ALIASES)
        assert {"lone/deps/**", "lone/mix.lock"} <= found.writes("mix setup", "lone")
        assert not found.may_write("mix quality", "lone/lib/lone.ex", "lone")
        assert found.may_write("mix quality", "lone/_build/dev/x", "lone")
        assert found.may_write("mix ci", "lone/lib/lone.ex", "lone")
        assert found.holds("mix test", "lone") == {"database"}
        assert found.recognises("mix test test/a_test.exs", "lone")
        assert found.recognises("mix one.more --format oneline", "lone")
        assert found.effect("mix publish", "lone") is Effect.OUTSIDE
        assert found.recognises("mix do setup, one.more", "lone")

    @pytest.mark.parametrize("name", ["odd", "strange", "filled"])
    def test_functions_are_not(self, name):
        assert lone(self.ALIASES).claims(f"mix {name}", "lone").effect_reason == (
            f"`mix {name}` may do anything: the alias `{name}` has a function, or what only the run tells"
        )

    def test_of_what_other_tasks_start(self):
        found = lone('deps: [], aliases: [compile: ["cmd touch x", "compile"]]')
        assert found.may_write("mix docs", "lone/x", "lone")
        assert found.may_write("mix compile", "lone/x", "lone")
        assert "lone/x" not in found.writes("mix deps.get", "lone")
        odd = lone('deps: [], aliases: [compile: [&fun/1, "compile"]]')
        assert not odd.recognises("mix test", "lone")
        assert not odd.recognises("mix credo --strict", "lone")
        assert odd.recognises("mix deps.get", "lone")
        assert odd.recognises("mix format --check-formatted", "lone")
        above = {
            "top/mix.exs": mix('deps: [{:lone, path: "../lone"}]'),
            "lone/mix.exs": mix("deps: [], aliases: [compile: [&fun/1]]"),
        }
        assert "aliases that stand for parts of compiling" in checkout(above).claims("mix test", "top").effect_reason

    def test_that_cannot_be_cut_into_words(self):
        found = lone("""deps: [], aliases: [q: "compile 'x"]""").claims("mix q", "lone")
        assert found.effect_reason == "`mix q` may do anything: the alias `q` has a command that cannot be read"

    def test_that_never_end(self):
        assert not lone(self.ALIASES).recognises("mix round", "lone")

    @pytest.mark.parametrize("value", ["more() ++ [a: 1]", "[a: :b] ++ more()", "aliases(Mix.env())", "[{:a, 1} | x]"])
    def test_that_only_the_run_tells_may_stand_for_any_task(self, value):
        found = lone(f"deps: [], aliases: {value}")
        assert found.claims("mix test", "lone").effect_reason == (
            "`mix test` may do anything: only the run tells which aliases `lone/mix.exs` has"
        )

    def test_in_a_function_or_an_attribute(self):
        for settings, more in (
            ("aliases: aliases(), deps: []", "  defp aliases do\n    [q: ~s(compile --force)]\n  end\n"),
            ("aliases: aliases, deps: []", '  defp aliases, do: [q: "compile"]\n'),
            ("aliases: @aliases, deps: []", '  @aliases [q: "compile"]\n  @moduledoc "x"\n'),
        ):
            assert lone(settings, more).recognises("mix q", "lone"), settings


class TestNative:
    NATIVE: ClassVar = {
        "native/nif/Cargo.toml": '[package]\nname = "nif"\nversion = "0.1.0"\n[dependencies]\nshared = { path = "../../../shared" }\n',
        "native/nif/src/lib.rs": "",
        "lib/native.ex": 'defmodule N do\n  use Rustler, otp_app: :x, crate: "nif"\n\n  def a, do: 1\nend\n',
    }
    SHARED: ClassVar = {"shared/Cargo.toml": '[package]\nname = "shared"\nversion = "0.1.0"\n', "shared/src/lib.rs": ""}
    RUSTLER = 'deps: [{:rustler, "~> 0.36"}]'

    def with_crate(self, changed: dict[str, str] | None = None) -> FakeCheckout:
        native = {f"lone/{path}": text for path, text in {**self.NATIVE, **(changed or {})}.items()}
        return checkout({"lone/mix.exs": mix(self.RUSTLER), **native, **self.SHARED})

    @pytest.mark.parametrize("text", ["mix compile", "mix test", "mix docs", "mix release"])
    def test_crates_are_built_as_cargo_would(self, text):
        found = self.with_crate()
        assert found.may_write(text, "lone/native/nif/target/debug/x", "lone")
        assert found.may_write(text, "lone/priv/native/nif.so", "lone")
        assert found.may_read(text, "shared/src/lib.rs", "lone")
        assert not found.may_run_together(f"cd lone && {text}", "cd lone/native/nif && cargo build")
        assert not found.may_run_together(f"cd lone && {text}", "cd shared && cargo fmt")

    def test_what_loads_packages_alone_builds_none(self):
        assert not self.with_crate().may_write("mix credo", "lone/native/nif/target/debug/x", "lone")
        formatted = self.with_crate({".formatter.exs": INPUTS})
        assert formatted.may_run_together("cd lone && mix format --check-formatted", "cd lone/native/nif && cargo build")

    def test_a_crate_at_another_place(self):
        found = self.with_crate({"lib/native.ex": '  use Rustler,\n    otp_app: :x,\n    path: "../shared"\n'})
        assert found.may_write("mix compile", "shared/target/debug/x", "lone")

    def test_a_crate_that_is_not_known(self):
        found = lone(self.RUSTLER, files={"lib/native.ex": "use Rustler, otp_app: :x\n"})
        assert (
            found.claims("mix compile", "lone").effect_reason
            == "`mix compile` may do anything: which crate is built is not known"
        )

    def test_a_variable_leads_cargo_elsewhere(self):
        found = self.with_crate()
        assert found.may_write("CARGO_TARGET_DIR=/repo/target mix compile", "target/debug/x", "lone")
        claims = found.command_claims("mix compile", "/repo/lone", {"CARGO_TARGET_DIR": "/repo/target"})
        assert "target/**" in {entry.pattern for entry in claims.entries}

    def test_one_that_is_fetched_where_it_was_built_already(self):
        module = "use RustlerPrecompiled, otp_app: :x\n"
        found = lone('deps: [{:rustler_precompiled, "~> 0.8"}]', files={"lib/native.ex": module})
        assert found.recognises("mix compile", "lone")
        assert found.may_write("mix compile", "lone/priv/native/x.so", "lone")

    def test_make_is_asked(self):
        found = lone('deps: [{:elixir_make, "~> 0.8"}], compilers: [:elixir_make] ++ Mix.compilers(), make_cwd: "c_src"')
        assert "says what make does" in found.claims("mix compile", "lone").effect_reason
        assert found.recognises("mix credo", "lone")

    def test_a_compiler_of_its_own_works_in_the_project(self):
        found = lone("deps: [], compilers: [:surface] ++ Mix.compilers()")
        assert found.may_write("mix compile", "lone/assets/js/x.js", "lone")
        assert not lone("deps: [], compilers: [:phoenix] ++ Mix.compilers()").may_write("mix compile", "lone/assets/x", "lone")

    def test_parsers_are_made_beside_their_grammars(self):
        assert lone(files={"src/x.yrl": ""}).may_write("mix compile", "lone/src/x.erl", "lone")
        assert not lone(files={"src/x.erl": ""}).may_write("mix compile", "lone/src/x.erl", "lone")


class TestFetchedPackages:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("bcrypt/mix.exs", mix("compilers: [:elixir_make | Mix.compilers()]")),
            ("expo/src/expo_parser.yrl", ""),
            ("jiffy/rebar.config", '{port_specs, [{"priv/jiffy.so", ["c_src/*.c"]}]}.\n'),
            ("plain/Makefile", ""),
            ("snappy/c_src/x.c", ""),
            ("empty/.fetch", ""),
        ],
    )
    def test_may_be_compiled_where_they_lie(self, path, text):
        name = path.partition("/")[0]
        found = checkout({f"{API}/deps/{path}": text} | ({} if name != "empty" else {f"{API}/deps/{name}/c_src/x.c": ""}))
        assert found.may_write("mix compile", f"{API}/deps/{name}/priv/x.so", API)
        assert not found.may_write("mix compile", f"{API}/deps/jason/priv/x.so", API)

    def test_before_they_are_there_any_may_be(self):
        assert checkout(without=f"{API}/deps").may_write("mix compile", f"{API}/deps/jason/priv/x.so", API)
        assert checkout(without=f"{API}/deps/jason").may_write("mix compile", f"{API}/deps/telemetry/priv/x.so", API)

    def test_by_a_command(self):
        found = lone('deps: [{:x, path: "../libs/core", compile: "make all"}]')
        assert found.claims("mix test", "lone").effect_reason == (
            "`mix test` may do anything: a package is compiled by a command of its own"
        )

    def test_their_settings_stay_as_they_are(self):
        found = checkout({f"{API}/.formatter.exs": f"[import_deps: [:jason], {INPUTS[1:]}"}, without=f"{API}/deps")
        assert found.may_run_together(f"{IN_API}mix format --check-formatted", f"{IN_API}mix compile")


class TestResults:
    def test_documentation_and_tables_at_other_places(self):
        found = lone('deps: [], docs: [output: "../site/api"], dialyzer: [plt_file: {:no_warn, "../plts/x.plt"}]')
        assert found.may_write("mix docs", "site/api/index.html", "lone")
        assert found.may_write("mix dialyzer", "plts/x.plt", "lone")
        assert not lone('deps: [], docs: [output: System.get_env("X")]').recognises("mix docs", "lone")
        assert found.may_write("mix docs -o ../elsewhere", "elsewhere/x", "lone")

    def test_dialyzer_keeps_tables_for_all_projects(self):
        assert not checkout().may_run_together(f"{IN_API}mix dialyzer", f"{IN_LONE}mix dialyzer")

    def test_releases(self):
        found = checkout()
        assert found.may_write("mix release --path ../out", "out/bin/x", "lone")
        assert lone("deps: [], releases: [x: [steps: [:assemble, :tar]]]").recognises("mix release", "lone")
        assert not lone("deps: [], releases: [x: [steps: [:assemble, &upload/1]]]").recognises("mix release", "lone")

    def test_programs_and_releases_at_other_places(self):
        assert lone('deps: [], escript: [main_module: X, path: "../bin/x"]').may_write("mix escript.build", "bin/x", "lone")
        assert lone('deps: [], releases: [x: [path: "../rel"]]').may_write("mix release", "rel/bin/x", "lone")

    def test_reports_of_coverage(self):
        settings = '{"coverage_options": {"output_dir": "../reports/lone"}}'
        assert lone(files={"coveralls.json": settings}).may_write("mix coveralls.html", "reports/lone/x.html", "lone")

    def test_plugins_of_credo(self):
        plugged = lone(files={".credo.exs": "%{configs: [%{plugins: [{X, []}]}]}"})
        assert plugged.may_write("mix credo", "lone/report.json", "lone")


class TestApplications:
    PHOENIX = 'deps: [{:phoenix, "~> 1.7"}, {:ecto_sql, "~> 3.10"}, {:postgrex, ">= 0.0.0"}], compilers: Mix.compilers()'

    @pytest.mark.parametrize("text", ["mix test", "mix ecto.migrate", "mix ecto.create --quiet", "MIX_ENV=test mix ecto.drop"])
    def test_tests_and_migrations_use_one_database(self, text):
        found = lone(self.PHOENIX)
        assert found.holds(text, "lone") == {"database"}
        assert "database" not in checkout().holds("mix test", "lone")

    def test_serving(self):
        found = lone(self.PHOENIX)
        assert "port:4000" in found.holds("mix phx.server", "lone")
        assert not found.may_run_together("cd lone && mix phx.server", "cd lone && mix compile")

    def test_assets(self):
        npm = lone('aliases: ["assets.setup": ["cmd --cd assets npm ci"]], deps: []', files={"assets/package.json": "{}"})
        assert npm.may_write("mix assets.setup", "lone/assets/node_modules/x", "lone")
        assert lone('aliases: ["assets.build": ["tailwind default", "esbuild default"]], deps: []').recognises(
            "mix assets.build", "lone"
        )


class TestLoading:
    def test_what_a_file_runs_by_being_loaded(self):
        called = 'defp version do\n {text, 0} = System.cmd("make", ["version"])\n text\n end'
        found = lone("deps: [], version: version()", called)
        assert found.claims("mix compile", "lone").effect_reason == (
            "`mix compile` may do anything: `lone/mix.exs` calls `System.cmd` when it is loaded"
        )

    @pytest.mark.parametrize(
        "more",
        [
            'defp build(_), do: System.cmd("npm", ["ci"])',
            'defp version do\n {text, 0} = System.cmd("git", ["describe", "--tags"])\n text\n end',
            'defp version, do: File.read!("VERSION")',
            'defp docs do\n [main: "x"]\n end\n defp docs(args) do\n Mix.Task.run("docs", args)\n end\n def more, do: [docs: docs()]',
        ],
    )
    def test_what_runs_with_an_alias_or_only_looks(self, more):
        assert lone("deps: []", more).recognises("mix compile", "lone")

    def test_functions_that_are_called_count(self):
        piped = 'defp version, do: "make" |> asked\n defp asked(program), do: elem(System.cmd(program, []), 0)'
        assert not lone("deps: []", piped).recognises("mix compile", "lone")
        more = 'defp version, do: asked("make")\n defp asked(program), do: elem(System.cmd(program, []), 0)'
        assert not lone("deps: []", more).recognises("mix compile", "lone")

    def test_git_that_changes_something(self):
        assert does_on_loading(tokens('System.cmd("git", ["fetch", "--tags"])') or ()) == "System.cmd"

    @pytest.mark.parametrize("text", ['def project do [a: "', "~w(", '"#{"'])
    def test_a_file_that_cannot_be_read(self, text):
        assert checkout({"lone/mix.exs": text}).claims("mix compile", "lone").effect_reason == (
            "`mix compile` may do anything: `lone/mix.exs` cannot be read"
        )


class TestDependencies:
    def test_a_path_that_only_the_run_tells(self):
        found = lone("deps: [{:core, path: core_path()}]")
        assert not found.recognises("mix compile", "lone")
        assert found.may_read("mix format --check-formatted", "anything", "lone") is False

    def test_another_file_that_is_evaluated_may_name_some(self):
        assert not lone('deps: elem(Code.eval_file("deps.exs"), 0)').recognises("mix compile", "lone")

    def test_a_path_that_is_put_together(self):
        found = lone('deps: [{:core, path: Path.expand("../libs/core", __DIR__)}]')
        assert found.may_read("mix compile", f"{CORE}/lib/core.ex", "lone")

    def test_packages_of_packages(self):
        found = checkout({"lone/mix.exs": mix('deps: [{:api, path: "../libs/api"}]')})
        assert found.may_read("mix test", f"{CORE}/lib/core.ex", "lone")
        assert not found.may_run_together("cd lone && mix compile", f"{IN_CORE}mix format")

    def test_sources_that_lie_elsewhere(self):
        found = lone('deps: [], elixirc_paths: ["lib", "../shared/lib"]')
        assert found.may_read("mix compile", "shared/lib/x.ex", "lone")

    def test_tests_leave_alone_what_others_are_made_of(self):
        """They wrote all of their project, so that those of a library kept those of its users waiting."""
        found = checkout()
        assert found.may_run_together(IN_CORE + "mix test", IN_API + "mix test")
        assert found.may_run_together(IN_CORE + "mix test --cover", IN_API + "mix compile")
        assert not found.may_write("mix test", f"{CORE}/lib/core.ex", CORE)
        assert not found.may_write("mix test", f"{WEB}/mix.exs", "umbrella")
        for path in ("test/a.snap", "tmp/x", "cover/index.html", "_build/test/lib/core/x", "reports/junit.xml"):
            assert found.may_write("mix test", f"{CORE}/{path}", CORE)

    def test_tests_of_an_application_write_any_of_it(self):
        assert lone('deps: [{:ecto_sqlite3, "~> 0.1"}]', files={"app_test.db": ""}).may_write(
            "mix test", "lone/app_test.db", "lone"
        )
        config = {"config/test.exs": 'config :junit_formatter, report_dir: "found"', "found/x": ""}
        assert lone(files=config).may_write("mix test", "lone/found/junit.xml", "lone")
        covered = lone('test_coverage: [output: "seen"], deps: []', files={"seen/x": ""})
        assert covered.may_write("mix test --cover", "lone/seen/index.html", "lone")

    def test_folders_of_a_package_that_mix_makes_links_to_may_come(self):
        """A library without `priv` was planned beside what fills it, and the link in the build folder was not made."""
        for folder in ("priv", "include"):
            assert not checkout().may_run_together(f"mkdir {CORE}/{folder}", IN_API + "mix compile")

    def test_fetching_reads_the_manifests_of_all_that_the_project_is_made_of(self):
        more = {"top/mix.exs": mix(f'deps: [{{:api, path: "../{API}"}}]'), "top/lib/x.ex": ""}
        found = checkout(more)
        for command in (
            "mix deps.get",
            "mix deps.unlock --check-unused",
            "mix deps.clean --all",
            "mix deps",
            "mix hex.outdated",
        ):
            assert not found.may_run_together(IN_CORE + "mix format", f"cd top && {command}")
            assert found.may_run_together(IN_CORE + "mix test", f"cd top && {command}")

    def test_what_the_configuration_and_the_manifest_name_is_read_by_all(self):
        """A file beside `mix.exs` that `config.exs` imports was not, nor one that a command like `mix cmd` found named in `mix.exs`."""
        files = {
            "lone/mix.exs": mix('deps: [], aliases: [x: "cmd true"]') + 'File.read!("../VERSION")',
            "lone/config/config.exs": 'import_config "../extra.exs"',
            "lone/.formatter.exs": INPUTS,
        }
        found = checkout(files)
        for command in ("mix format --check-formatted", "mix deps.get", "mix deps", "mix x", "mix hex.outdated"):
            assert found.may_read(command, "lone/extra.exs", "lone"), command
            assert found.may_read(command, "VERSION", "lone"), command

    def test_formatting_leaves_alone_what_the_project_is_made_of(self):
        assert checkout().may_run_together(IN_CORE + "mix test", IN_API + "mix format --check-formatted")

    def test_credo_reads_its_settings_in_the_folders_above(self):
        found = checkout({".credo.exs": "%{configs: []}"})
        for path in (".credo.exs", "libs/config/.credo.exs"):
            assert not found.may_run_together(f"touch {path}", IN_API + "mix credo")
        more = checkout({".credo.exs": "%{configs: [%{plugins: [{X, []}]}]}"})
        assert more.may_write("mix credo", f"{API}/x", API)

    def test_a_list_of_packages_says_which_are_built(self):
        assert not checkout().may_run_together(IN_API + "mix compile", IN_API + "mix deps")
        assert checkout().may_run_together(IN_API + "mix compile", IN_API + "mix hex.outdated")


class TestRebar:
    FILES: ClassVar = {"app/rebar.config": "{erl_opts, [debug_info]}.\n{deps, [jsx]}.\n", "app/src/app.erl": ""}

    @pytest.mark.parametrize(
        "text",
        [
            "rebar3 compile",
            "rebar3 eunit --cover",
            "rebar3 ct --suite x",
            "rebar3 as test do eunit, ct",
            "rebar3 do xref, dialyzer",
        ],
    )
    def test_works_in_its_project(self, text):
        found = FakeCheckout(self.FILES)
        assert found.writes(text, "app") == {"app/**"}
        assert found.effect(text, "app") is Effect.LOCAL
        assert not found.may_run_together(f"cd app && {text}", "cat app/src/app.erl")

    @pytest.mark.parametrize(
        "text", ["rebar3 shell", "rebar3 unheard", "rebar3 as test unheard", "REBAR_CONFIG=x rebar3 compile", "rebar3 do"]
    )
    def test_is_not_recognised(self, text):
        assert not FakeCheckout(self.FILES).recognises(text, "app")

    def test_hooks_may_run_anything(self):
        hooks = '{pre_hooks, [{compile, "make"}]}.\n'
        assert not FakeCheckout({"app/rebar.config": hooks}).recognises("rebar3 compile", "app")
        assert not FakeCheckout({**self.FILES, "app/rebar.config.script": ""}).recognises("rebar3 compile", "app")
        assert not FakeCheckout(self.FILES).recognises("rebar3 compile")

    def test_publishing(self):
        found = FakeCheckout(self.FILES)
        assert found.recognises("rebar3 hex publish --yes", "app")
        assert found.effect("rebar3 hex publish --yes", "app") is Effect.OUTSIDE


class TestTerms:
    def values(self, text: str, key: str):
        file = read_terms(text)
        return None if file is None else file.values(key)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('[a: "x"]', "x"),
            ("[a: 'x']", "x"),
            ("[a: :x, b: 1]", Atom(name="x")),
            ("[a: Some.Module]", Atom(name="Some.Module")),
            ("[a: [1, 2]]", (Atom(name="1"), Atom(name="2"))),
            ("[a: ~w(x y)]", ("x", "y")),
            ("[a: ~w(x y)a]", UNKNOWN),
            ('[a: [b: "x"]]', Pairs(items=(("b", "x"),))),
            ('[a: ["b.c": "x"]]', Pairs(items=(("b.c", "x"),))),
            ('[a: "x" <> "y"]', UNKNOWN),
            ('[a: "#{x}"]', UNKNOWN),
            ('[a: "#{x("}")} y"]', UNKNOWN),
            ("[a: x()]", UNKNOWN),
            ("[a: @x]", UNKNOWN),
            ("[a: [x | y]]", (UNKNOWN,)),
            ('[a: """\n  x\n  """]', "\n  x\n  "),
            ("[a: %{b: 1}, c: 2]", UNKNOWN),
            ("[a: fn x -> [x] end]", UNKNOWN),
            ("[a: ~r/]/, b: 1]", UNKNOWN),
            ('[a: [?", "x"]]', (UNKNOWN, "x")),
            ('# a: "y"\n[a: "x"]', "x"),
        ],
    )
    def test_values(self, text, value):
        assert self.values(text, "a") == (value,)

    def test_a_function_that_is_defined_twice_or_takes_arguments(self):
        assert self.values("[a: b()]\ndef b, do: 1\ndef b, do: 2", "a") == (UNKNOWN,)
        assert self.values("[a: b()]\ndef b(x), do: 1", "a") == (UNKNOWN,)
        assert self.values("[a: b()]\ndef b do\n  x()\n  1\nend", "a") == (UNKNOWN,)
        assert self.values("[a: b()]\ndef b, do: b()", "a") == (UNKNOWN,)
        assert self.values("[a: b()]\ndef b, do: 1", "a") == (Atom(name="1"),)

    def test_each_place_counts(self):
        assert self.values('if x, do: [a: "1"], else: [a: "2"]', "a") == ("1", "2")
        assert self.values('Keyword.put(x, :a, "1")', "a") == (UNKNOWN,)


def test_a_table_is_complete():
    for name, tool in elixir.TOOLS.items():
        assert " " not in name or name.split()[0] in elixir.TOOLS
        assert tool.summary

"""Elixir's tests leave sources alone, so that the format is checked beside them; where they may not, it waits."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

MANIFEST = """defmodule X.MixProject do
  use Mix.Project
  def project, do: [app: :x, version: "0.1.0", deps: deps()]
  defp deps, do: [{}]
end
"""
PROJECT = {
    "mix.exs": MANIFEST.format(""),
    "mix.lock": "",
    ".formatter.exs": '[inputs: ["{mix,.formatter}.exs", "{config,lib,test}/**/*.{ex,exs}"]]',
    "config/config.exs": "",
    "lib/a.ex": "",
    "test/a_test.exs": "",
}
CHECK = "mix format --check-formatted"


@pytest.mark.parametrize("folder", ["", "apps/api/"])
@pytest.mark.parametrize("test", ["mix test", "mix test --cover", "MIX_ENV=test mix test"])
def test_the_format_of_a_project_waited_for_its_tests(test, folder):
    place = FakeCheckout({folder + name: text for name, text in PROJECT.items()})
    start = f"cd {folder} && " if folder else ""
    assert place.why_not(start + test, start + CHECK) is None


@pytest.mark.parametrize(
    "other",
    [
        "mix format",
        "mix compile",
        "mix credo",
        "touch test/b_test.exs",
        "touch config/test.exs",
        "cat test/out.txt",
        "touch test/out.txt",
    ],
)
def test_who_writes_what_tests_read_or_looks_at_what_they_write_still_waits(other):
    assert not FakeCheckout(PROJECT).may_run_together("mix test", other)


@pytest.mark.parametrize(
    "files",
    [
        {"mix.exs": MANIFEST.format('{:mneme, "~> 0.10", only: :test}')},
        {"mix.exs": MANIFEST.format('{:assert_value, "~> 0.10"}')},
        {"test/a_test.exs": 'File.write!(Path.join(dir, "a.ex"), text)'},
        {"test/a_test.exs": 'File.copy("b.txt", "lib/b.ex")'},
        {"test/a_test.exs": ':file.write_file("lib/b.ex", text)'},
        {"lib/mix/tasks/b.ex": 'create_file("lib/b.ex", text)'},
        {"mix.exs": MANIFEST.format('{:ecto_sql, "~> 3.0"}, {:postgrex, ">= 0.0.0"}')},
    ],
)
def test_tests_that_may_write_sources_keep_the_order(files):
    assert not FakeCheckout({**PROJECT, **files}).may_run_together("mix test", CHECK)


def test_files_that_are_no_sources_may_be_written():
    assert FakeCheckout({**PROJECT, "lib/a.ex": 'File.write("out.txt", x)'}).why_not("mix test", CHECK) is None

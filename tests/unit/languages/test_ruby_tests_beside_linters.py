"""The tests of a gem leave programs alone, so that RuboCop runs beside them; where they may not, or it may look at other files, it waits."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

GEM = {
    "Gemfile": "",
    "Gemfile.lock": "",
    "x.gemspec": "",
    "lib/a.rb": "",
    ".rubocop_todo.yml": "",
    "spec/a_spec.rb": "",
    "test/a_test.rb": "",
    ".rubocop.yml": "require:\n  - rubocop-rspec\nAllCops:\n  NewCops: enable\ninherit_from: .rubocop_todo.yml\n",
}
TESTS = ["rspec", "bundle exec rspec", "ruby -Itest test/a_test.rb", "bundle exec parallel_rspec"]
LINTERS = ["rubocop", "bundle exec rubocop --parallel", "rubocop lib spec", "standardrb", "bundle exec standardrb --no-fix"]


def gem(**files: str) -> FakeCheckout:
    return FakeCheckout({**GEM, **files})


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("folder", ["", "gems/a/"])
def test_linters_of_a_gem_waited_for_its_tests(test, linter, folder):
    place = FakeCheckout({folder + name: text for name, text in GEM.items()})
    start = f"cd {folder} && " if folder else ""
    assert place.why_not(start + test, start + linter) is None


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    "other",
    [
        "rubocop -a",
        "touch spec/b_spec.rb",
        "touch .rubocop.yml",
        "cat coverage/.last_run.json",
        "cat .rspec_status",
        "rm -rf spec",
        "bundle install",
    ],
)
def test_who_writes_what_tests_read_or_looks_at_what_they_write_still_waits(test, other):
    assert not gem().may_run_together(test, other)


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize(
    "other", ["touch spec/b_spec.rb", "touch .rubocop.yml", "cp x bin/run", "touch lib/a/Rakefile", "touch .ruby-version"]
)
def test_linters_still_read_programs_and_settings(linter, other):
    if "lib spec" not in linter or "bin/" not in other:
        place = gem(**{"bin/console": ""})
        assert not place.may_run_together(other, linter)


@pytest.mark.parametrize(
    "text",
    [
        'File.write(File.join(dir, "a.rb"), text)',
        'Pathname("lib/a.rb").write(text)',
        'File.binwrite("lib/a.rb", text)',
        'File.new("lib/a.rb", "w")',
        'create_file "lib/a.rb"',
        "FileUtils.mkdir_p('out'); path = 'out/x.rb'",
        "class GeneratorTest < Rails::Generators::TestCase",
        "expect(x).to match_inline_snapshot",
    ],
)
def test_tests_that_may_write_programs_keep_the_order(text):
    assert not gem(**{"spec/a_spec.rb": text}).may_run_together("rspec", "rubocop")


def test_files_that_are_no_programs_may_be_written():
    assert gem(**{"spec/a_spec.rb": "File.write('out.txt', x)"}).why_not("rspec", "rubocop") is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".rubocop.yml", "plugins: rubocop-md"),
        (".rubocop.yml", "require: ./lib/own_cop"),
        (".rubocop.yml", "inherit_gem:\n  acme-style: .rubocop.yml"),
        (".rubocop.yml", "inherit_from: https://example.com/.rubocop.yml"),
        (".rubocop.yml", "inherit_from:\n  - ../.rubocop.yml"),
        (".rubocop.yml", "AllCops:\n  Include:\n    - '**/*.md'"),
        (".rubocop.yml", "<% if x %>: ["),
        (".rubocop_todo.yml", "require: rubocop-erb"),
        (".standard.yml", "extend_config:\n  - x.yml"),
        (".standard.yml", "plugins:\n  - own"),
    ],
)
def test_settings_that_may_have_a_linter_look_at_other_files_keep_the_order(name, text):
    assert not gem(**{name: text}).may_run_together("rspec", "rubocop")


@pytest.mark.parametrize("words", ["-c other.yml", "--require ./own", "--plugin rubocop-md"])
def test_options_that_may_have_a_linter_look_at_other_files_keep_the_order(words):
    assert not gem().may_run_together("rspec", f"rubocop {words}")


@pytest.mark.parametrize("files", [{"config/application.rb": ""}, {"config.ru": ""}, {"db/schema.rb": ""}])
def test_tests_of_an_application_may_write_anything(files):
    assert not gem(**files).may_run_together("rspec", "rubocop")

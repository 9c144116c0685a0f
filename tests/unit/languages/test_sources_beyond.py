"""Which files beyond their folder sources name."""

from __future__ import annotations

import pytest

from paratask.languages import sources_beyond
from paratask.languages.sources_beyond import may_leave, paths_beyond
from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("require_relative '../../b/lib/b'", {"/repo/b/lib/b"}),
        ("require __DIR__ . '/../../b/B.php';", {"/repo/b/B.php"}),
        ('load "./../../b/x.rb"', {"/repo/b/x.rb"}),
        ('Dir["../../b/*.rb"]', {"/repo/b"}),
        ('"../../b/#{name}/c"', {"/repo/b"}),
        ('"../inside.rb"', {"/repo/inside.rb"}),
        ('"../.."', {"/repo"}),
        ('"one ../../b two"', set()),
        ('"../../b/a?.rb"', {"/repo/b"}),
        ('"../../b/$x/c"', {"/repo/b"}),
        ('"../../b/{c,d}.rb"', {"/repo/b"}),
        ('"../../b/c.rb?raw"', {"/repo/b/c.rb"}),
        ('"../../b/c?d/e"', {"/repo/b"}),
        ("`../../b`", {"/repo/b"}),
        ('"../../a<b>"', set()),
        ('"../../a|b"', set()),
        ('"../../a b"', set()),
        ('"../../a;b"', set()),
        ('"../../a\\\\b"', set()),
        (f'"../../{"b" * 300}"', set()),
        ("nothing", set()),
    ],
)
def test_paths_that_climb_out(source, expected):
    found = paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout({"a/lib/x.rb": source}))
    assert set(found or ()) == expected


@pytest.mark.parametrize(
    "source",
    [
        'File.join(__dir__, "..", "..", "..", "core")',
        'here / ".." / "../../core"',
        'Path.join(__DIR__, "..") <> "/../../core"',
        'here.join("..").join("..").join("..")',
        'dir + ".." + "/../../core"',
        'path.join(\n\there,\r\n\t"..",\n\t"..",\n\t"..",\n)',
    ],
)
def test_pieces_that_climb_one_after_another_are_one_path(source):
    found = paths_beyond("/repo/packages/a", (".rb",), ("Gemfile",), FakeCheckout({"packages/a/lib/x.rb": source}))
    assert {"/repo", "/repo/core"}.intersection(found or ())


@pytest.mark.parametrize(
    "source",
    [
        'File.join(__dir__, "..", "..", "core")',
        'here / "../.." / "core"',
        "resolve(__dirname, '..', '..', 'core', 'src')",
        "`${__dirname}/../../core`",
        '"#{__dir__}/../../core"',
    ],
)
def test_what_follows_the_pieces_that_climb_belongs_to_the_path(source):
    found = paths_beyond("/repo/packages/a", (".rb",), ("Gemfile",), FakeCheckout({"packages/a/x.rb": source}))
    assert {"/repo/core", "/repo/core/src"}.intersection(found or ())


@pytest.mark.parametrize(
    "source",
    [
        'raise "no" if name.include?("..")',
        "name.start_with? '../'",
        "if (part === '..' || path.startsWith('../')) { refuse() }",
        'if (name.Contains(".."))',
        'relative.replace("../../", "")',
        'if (".." != name && name != "..")',
        'if ".." in name or "../" not in other:',
        "// Guard against climbing: refuse any `..` component.\nif (x) {}",
    ],
)
def test_what_is_only_compared_with_names_no_file(source):
    found = paths_beyond("/repo/a/b", (".rb",), ("Gemfile",), FakeCheckout({"a/b/lib/x.rb": source}))
    assert found == ()


@pytest.mark.parametrize(
    "source",
    ["read('..')", "x = '../'", "path.join(here, '..')", "if path == '../schema.json'", "include '..'", "a => '../..'"],
)
def test_what_may_be_opened_counts(source):
    assert paths_beyond("/repo/a/b", (".rb",), ("Gemfile",), FakeCheckout({"a/b/x.rb": source}))


@pytest.mark.parametrize(
    ("folder", "found"),
    [(".cache", ()), ("lib.rs", ()), ("node_modules", ()), ("lib", ("/repo/b",)), ("v1.2", ("/repo/b",))],
)
def test_hidden_folders_and_names_of_files_are_passed_over(folder, found):
    files = {f"a/{folder}/x.rb": '"../../b"'}
    assert paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout(files)) == found


def test_other_packages_below_and_installed_ones_are_passed_over():
    files = {"a/sub/Gemfile": "", "a/sub/x.rb": '"../../b"', "a/vendor/x.rb": '"../../c"', "a/x.py": '"../d"'}
    assert paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout(files)) == ()


@pytest.mark.parametrize("name", ["log", "var", "tmp", "target", "coverage", "vendor"])
def test_folders_of_results_are_passed_over_where_they_lie_in_a_package_but_code_further_down_may_be_in_such_names(name):
    found = paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout({f"a/{name}/x.rb": '"../../b"'}))
    assert found == ()
    found = paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout({f"a/lib/{name}/x.rb": '"../../../b"'}))
    assert found == ("/repo/b",)


@pytest.mark.parametrize("name", ["k8s.io", "example.com", "Company.Product", "v1.2", "plain"])
def test_folders_with_dots_in_their_names_were_taken_for_files(name):
    files = {f"a/{name}/x.rb": '"../../b"', f"a/{name}/x.json": '"../../c"', "a/x.rb.txt": '"../d"'}
    assert paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout(files)) == ("/repo/b",)


@pytest.mark.parametrize("count", [100, 101])
def test_too_many_folders_are_not_looked_at(monkeypatch, count):
    """Sources in /tmp may lie beside all the files there are: a plan took minutes over them."""
    monkeypatch.setattr(sources_beyond, "_MAX_NAMES", 100)
    files = {f"a/{number}/x.py": "" for number in range(count)}
    assert paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout(files)) == (() if count == 100 else None)


def test_too_many_files_are_not_looked_at():
    files = {f"a/{number}.rb": "" for number in range(5_001)}
    assert paths_beyond("/repo/a", (".rb",), ("Gemfile",), FakeCheckout(files)) is None


@pytest.mark.parametrize(
    ("piece", "leaves"),
    [("../x", False), ("../../x", False), ("../../../x", True), ("..", False), ("../../..", True), ("x/../../../../y", True)],
)
def test_what_climbs_no_higher_than_its_file_lies_stays_inside(piece, leaves):
    assert may_leave(piece, "/repo/a/src/deep/x.ts", "/repo/a") is leaves

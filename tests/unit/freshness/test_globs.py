"""Which files `sources` and `generates` name; every pattern here was run through task 3.54."""

from __future__ import annotations

from pathlib import Path

import pytest

from paratask.freshness.globs import expand_braces, expand_glob, matching_files
from paratask.taskfile.model import Glob

FILES = ("a.txt", ".h.txt", "sub/b.txt", "sub/.x/c.txt", "c.md", "[x].txt", "sub/e/f.go", "sp ace.txt", ".hid/z.txt")
SHOWN = ["[x].txt", "a.txt", "sp ace.txt"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def found(tree: Path, pattern: str) -> list[str]:
    return [path.removeprefix(f"{tree}/d/") for path in expand_glob(str(tree), pattern, {"DD": "d", "HOME": str(tree)})]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("d/**/*.txt", sorted([*(f for f in FILES if f.endswith(".txt"))])),
        ("d/*.txt", SHOWN),
        ("./d/../d/*.txt", SHOWN),
        ("d/**/*.{txt,md}", ["[x].txt", "a.txt", "c.md", "sp ace.txt", "sub/b.txt"]),
        ("{d,x}/**/*.txt", ["[x].txt", "a.txt", "sp ace.txt", "sub/b.txt"]),
        ("d/*", ["[x].txt", "a.txt", "c.md", "sp ace.txt"]),
        ("d/**/*", sorted(FILES)),
        ("d/{a,c}.*", ["a.txt", "c.md"]),
        ("d/[ac]*", ["a.txt", "c.md"]),
        ("d/?.txt", ["a.txt"]),
        ("d/*/b.txt", ["sub/b.txt"]),
        ("d/.*.txt", [".h.txt"]),
        ("d/**/f.go", ["sub/e/f.go"]),
        ("d/**/sub/*.txt", ["sub/b.txt"]),
        ("d/a.txt", ["a.txt"]),
        ("d", []),
        ("d/nope", []),
        ("d/{a.txt}", []),
        ("d/[a-", []),
        ("$DD/a.txt", ["a.txt"]),
        ("d/**/*.TXT", []),
    ],
)
def test_pattern_names_files(tree: Path, pattern: str, names: list[str]) -> None:
    assert found(tree, pattern) == names


@pytest.mark.parametrize("pattern", ["~/*.txt", "'~'/*.txt", "{~,x}/*.txt", "~/**/*.txt"])
def test_tilde_was_the_home_folder(tree: Path, pattern: str) -> None:
    (tree / "~").mkdir()
    (tree / "~" / "a.txt").touch()
    assert found(tree, pattern) == [f"{tree}/~/a.txt"]


@pytest.mark.parametrize("pattern", ["$HOME/d/*.txt", "${HOME}/d/a.txt", "$DD/**/*.txt", "'d'/**/*.txt"])
def test_variable_with_an_absolute_path_left_the_folder(tree: Path, pattern: str) -> None:
    """Nor is anything filled in, or taken out of quotes, where one `**` stands before a name."""
    assert found(tree, pattern) == []


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        (r"d/**/\[x\].txt", ["[x].txt"]),
        ("d/**/[^a]*.md", ["!.md", "c.md"]),
        ("d/**/[!x].md", ["!.md"]),
        ("d/**/[!].md", ["!.md"]),
        (r"d/**/[\!-\"].md", ["!.md"]),
        ("d/**/[z-a].md", []),
        ("d/**/[^z-a].md", ["!.md", "c.md"]),
        ("d/**/[[:alpha:]].md", []),
        ("d/**/'c'.md", []),
        ("d/**/[].md", []),
        ("d/**/[c", []),
        ("d/**/[c-].md", []),
        ("d/**/c.md\\", []),
    ],
)
def test_name_behind_two_stars_was_matched_as_the_shell_does(tree: Path, pattern: str, names: list[str]) -> None:
    (tree / "d" / "!.md").touch()
    assert found(tree, pattern) == names


def test_two_stars_at_the_end_named_nothing(tree: Path) -> None:
    assert found(tree, "d/**") == ["[x].txt", "a.txt", "c.md", "sp ace.txt", "sub/b.txt", "sub/e/f.go"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        (r"d/\[x\].txt", ["[x].txt"]), ("'d/a.txt'", ["a.txt"]), ('"d/a.txt"', ["a.txt"]), ("d/'[x]'.txt", ["[x].txt"]),
        (r"d/\*.txt", []), (r"d/sp\ ace.txt", ["sp ace.txt"]),
    ],
)  # fmt: skip
def test_quotes_and_backslashes_were_taken_for_part_of_the_name(tree: Path, pattern: str, names: list[str]) -> None:
    assert found(tree, pattern) == names


@pytest.mark.parametrize("pattern", ["d/[!a]*.txt", "d/[^a]*.txt"])
def test_class_that_takes_not_some_letter_takes_a_leading_dot(tree: Path, pattern: str) -> None:
    assert found(tree, pattern) == [".h.txt", "[x].txt", "sp ace.txt"]


def test_named_classes_were_not_known(tree: Path) -> None:
    assert found(tree, "d/[[:alpha:]].txt") == ["a.txt"]


def test_later_entries_take_away_and_give_back(tree: Path) -> None:
    def names(*globs: Glob) -> list[str]:
        return [path.rpartition("/")[2] for path in matching_files(str(tree), globs, {})]

    every, none, one = Glob(pattern="d/*.txt"), Glob(pattern="d/*", negate=True), Glob(pattern="d/a.txt")
    assert names(every, none) == []
    assert names(every, none, one) == ["a.txt"]
    assert names(none, every) == SHOWN


def test_links_to_files_count_and_links_to_nothing_do_not(tree: Path) -> None:
    (tree / "d/link.txt").symlink_to(tree / "d/a.txt")
    (tree / "d/broken.txt").symlink_to(tree / "gone")
    assert found(tree, "d/*.txt") == sorted([*SHOWN, "link.txt"])
    assert found(tree, "d/**/*.txt") == sorted([*(f for f in FILES if f.endswith(".txt")), "link.txt"])


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("d/**/*.go", ["sub/e/f.go", "to/e/f.go"]),
        ("d/**/*.{go,x}", ["sub/e/f.go", "to/e/f.go"]),
        ("d/**/b.*", ["sub/b.txt", "to/b.txt"]),
        ("d/**/e/*", ["sub/e/f.go", "to/e/f.go"]),
        ("d/*/b.txt", ["sub/b.txt", "to/b.txt"]),
        ("d/to/**/*.*", ["to/b.txt", "to/e/f.go"]),
        ("d/to/e/**/*.go", ["to/e/f.go"]),
        ("d/sub/**/*.txt", ["sub/.x/c.txt", "sub/b.txt"]),
    ],
)
def test_two_stars_did_not_follow_links_to_folders(tree: Path, pattern: str, names: list[str]) -> None:
    (tree / "d/to").symlink_to("sub")
    assert found(tree, pattern) == names


def test_hidden_files_were_taken_beside_a_link_to_a_folder(tree: Path) -> None:
    (tree / "outside").mkdir()
    (tree / "d/sub/e/to").symlink_to(tree / "outside")
    assert found(tree, "d/**/*.txt") == [*SHOWN, "sub/b.txt"]


def test_link_to_a_folder_above_is_not_followed(tree: Path) -> None:
    (tree / "d/sub/loop").symlink_to(tree / "d")
    (tree / "d/other").symlink_to(tree / "d/sub")
    assert found(tree, "d/**/*.go") == ["other/e/f.go", "sub/e/f.go"]


@pytest.mark.parametrize("pattern", ["d/**/*.go", "d/**/e/*.go", "d/sub/e/*.{go,txt}", "d/sub/**/{f,g}.go"])
def test_links_that_lead_round_in_a_circle_were_an_error(tree: Path, pattern: str) -> None:
    (tree / "d/sub/e/round").symlink_to("round")
    (tree / "d/sub/e/round.go").symlink_to("round.go")
    assert found(tree, pattern) == ["sub/e/f.go"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("d/{a..a}.txt", ["a.txt"]), ("d/{a..b}.tx?", ["a.txt"]), ("d/p{08..10}.log", ["p08.log", "p09.log", "p10.log"])],
)
def test_ranges_in_braces_matched_nothing(tree: Path, pattern: str, names: list[str]) -> None:
    for number in ("8", "08", "09", "10", "010"):
        (tree / f"d/p{number}.log").touch()
    assert found(tree, pattern) == names


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("a", ["a"]), ("a{b,c}d", ["abd", "acd"]), ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]), ("{a,{b,c}}", ["a", "b", "c"]),
        ("{a}", ["{a}"]), ("{a", ["{a"]), ("a}", ["a}"]), ("{,x}", ["", "x"]), ("{a}{b,c}", ["{a}b", "{a}c"]),
    ],
)  # fmt: skip
def test_braces(pattern: str, texts: list[str]) -> None:
    assert expand_braces(pattern) == texts


@pytest.mark.parametrize("pattern", ["**/*", "./**/*.log", ".paratask/*", ".para*/*/*", "*/*/*.log", ".paratask/**/*.log"])
def test_what_a_run_leaves_behind_is_no_source(tmp_path, pattern):
    (tmp_path / ".paratask/runs").mkdir(parents=True)
    (tmp_path / ".paratask/.gitignore").write_text("*\n")
    (tmp_path / ".paratask/runs/job.log").write_text("")
    assert expand_glob(str(tmp_path), pattern, {}) == []


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.*", [".h.txt", ".x", "a b.txt", "k.txt"]), ("*.txt", ["a b.txt", "k.txt"]), ("?x", [".x"]), ("*x", []), ("**.x", [".x"]),
        ("[.]x", [".x"]), ("*", ["a b.txt", "k.txt"]), ("*/*.?", ["s/.y"]), ("***", [".h.txt", ".x", "a b.txt", "k.txt"]),
        ("**.txt", ["a b.txt", "k.txt"]), ("[[:punct:]]x", [".x"]), ("[[:graph:]]x", [".x"]), ("[[:print:]-]*", [".h.txt", ".x", "a b.txt", "k.txt"]),
        ("[[:cntrl:]]*", []), ("a[[:ascii:]]b.txt", ["a b.txt"]), ("[![:punct:]].txt", ["k.txt"]),
    ],
)  # fmt: skip
def test_hidden_files_that_patterns_take_went_unnoticed(tmp_path: Path, pattern: str, names: list[str]) -> None:
    (tmp_path / "s").mkdir()
    for name in (".x", ".h.txt", "k.txt", "a b.txt", "s/.y"):
        (tmp_path / name).touch()
    assert [path.removeprefix(f"{tmp_path}/") for path in expand_glob(str(tmp_path), pattern, {})] == names


@pytest.mark.parametrize("pattern", ["{k,gone}.txt", "{k.txt,s/gone}", "{g..k}.txt"])
def test_one_of_several_names_that_is_not_there_was_enough_for_the_others(tmp_path: Path, pattern: str) -> None:
    """A task that generates `{k,gone}.txt` was fresh although one of them was not there."""
    (tmp_path / "k.txt").touch()
    assert expand_glob(str(tmp_path), pattern, {}) == []
    assert expand_glob(str(tmp_path), "{k,gon?}.txt", {}) == [f"{tmp_path}/k.txt"]


@pytest.mark.parametrize("pattern", ["*/", "k.txt/", "$N/", "k.txt/$N", "'$K'.txt", r"\$K.txt"])
def test_what_matches_only_folders_or_keeps_its_dollar(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "k.txt").touch()
    environ = {"N": "", "K": "k"}
    expected = (
        [f"{tmp_path}/k.txt"] if pattern in ("*/", "k.txt/") else []
    )  # a slash at the end of a relative one does not count
    assert expand_glob(str(tmp_path), pattern, environ) == expected
    assert expand_glob(str(tmp_path), f"{tmp_path}/{pattern}", environ) == []
    assert expand_glob(str(tmp_path), '"$K".txt', environ) == [f"{tmp_path}/k.txt"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("${NO-d}/a.txt", ["a.txt"]),
        ("${DD-x}/a.txt", ["a.txt"]),
        ("${DD:+d}/a.txt", ["a.txt"]),
        ("${NO:+d}d/a.txt", ["a.txt"]),
        ("${NO:-$DD}/a.txt", ["a.txt"]),
        ("${NO:-${DD}}/{a,c}.*", ["a.txt", "c.md"]),
        ("d/a${1}$2.txt", ["a.txt"]),
        ("d/$DD_.a.txt", []),
        ("d/${NO:=a}.txt", []),
        ("${DD?}/a.txt", ["a.txt"]),
        ("d/${NO?}*.txt", []),
        ("d/${DD#x}*.txt", []),
        ("d/`echo a`.txt", []),
        ("d/$(echo a).txt", []),
        ("d/${DD", []),
    ],
)
def test_what_a_shell_can_do_with_a_variable_named_no_files(tree: Path, pattern: str, names: list[str]) -> None:
    """So a task whose `sources` began with `${DIR-src}` was up to date for ever."""
    assert found(tree, pattern) == names


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ('"${DD}/a.txt"', ["a.txt"]),
        ('"${NO:-d}"/a.*', ["a.txt"]),
        ('"${NO:-${DD}}/a.txt"', ["a.txt"]),
        ('${NO:-"d"}/a.txt', ["a.txt"]),
        ('"${DD}/{a,c}".*', []),
        ('"\\${DD}"/a.txt', []),
        ("'${DD}'/a.txt", []),
    ],
)
def test_a_variable_in_braces_between_quotes_named_no_files(tree: Path, pattern: str, names: list[str]) -> None:
    assert found(tree, pattern) == names


@pytest.mark.parametrize("name", ["a`b", "a$(x)", "a${b"])
def test_a_whole_path_is_found_where_the_checkout_has_a_name_that_cannot_be_filled_in(tmp_path: Path, name: str) -> None:
    """As in `{{.ROOT_DIR}}/*.txt`."""
    file = tmp_path / name / "k.txt"
    file.parent.mkdir()
    file.touch()
    assert expand_glob(str(file.parent), f"{file.parent}/*.txt", {}) == [str(file)]

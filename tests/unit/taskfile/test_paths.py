"""What paths are relative to; `~` and variables in them."""

from __future__ import annotations

import pytest

from paratask.errors import VariableError
from paratask.taskfile.paths import expand_path, smart_join

ENVIRON = {"HOME": "/home/me", "A": "x", "A_1": "y", "B": "A", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""), ("plain/path", "plain/path"), ("~", "/home/me"), ("~/a", "/home/me/a"), ("a/~", "a/~"), ("~ you/a", "~ you/a"),
        ("$A/b", "x/b"), ("${A}b", "xb"), ("$A_1", "y"), ("$NOPE/b", "/b"), ("${NOPE}", ""), ("${NOPE:-d}", "d"),
        ("${EMPTY:-d}", "d"), ("${A:-d}", "x"), ("$", "$"), ("a$", "a$"), ("$1$@$$/b", "/b"), (r"\$A", r"\$A"), (r"\\$A", r"\\x"),
        (r"a\ b", r"a\ b"), ("\\", "\\"), ("~/$A", "/home/me/x"), ("*.{a,b}", "*.{a,b}"), ("a\\\nb", "ab"), ("'$A'", "'x'"),
        ("${NOPE-d}", "d"), ("${A+alt}", "alt"), ("${NOPE+alt}", ""), ("${A:?bad}", "x"), ("${#A_1}", "1"), ("${!B}", "x"),
        ("${NOPE:-$A}", "x"), ("${NOPE:-${A}/${A_1}}b", "x/yb"), ("${NOPE:-~}", "/home/me"),
    ],
)  # fmt: skip
def test_path_is_expanded(text: str, path: str) -> None:
    assert expand_path(text, ENVIRON) == path


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("X%/", "src/go"), ("X%/*", "src/go"), ("X%%/*", "src"), ("X#*/", "go/"), ("X##*/", ""), ("X%o?", "src/g"), ("X%[a-z]/", "src/g"), ("X%x", "src/go/"),
        ("X/o/0", "src/g0/"), ("X//[!a-z]/_", "src_go_"), ("X//[^a-z]", "srcgo"), ("X/o", "src/g/"), ("X/\\//-", "src-go/"), ("X/", "src/go/"),
        ("X/#src/lib", "src/go/"), ("X/s*c/q/r", "q/r/go/"), ("X/'*'/q", "src/go/"), ("X/'o'/$Y", "src/gg*/"), ("X//", "src/go/"),
        ("X:1", "rc/go/"), ("X:1:2", "rc"), ("X: -3", "go/"), ("X: -3:2", "go"), ("X:0:-1", "src/go"), ("X:99", ""), ("X: -99", ""), ("X:2:99", "c/go/"),
        ("X^", "Src/go/"), ("X^^", "SRC/GO/"), ("X^^[a-o]", "srC/GO/"), ("X^o", "src/go/"), ("U,", "gRÖß"), ("U,,", "größ"), ("X@U", "SRC/GO/"), ("X@u", "Src/go/"),
        ("U^^", "GRÖß"), ("U@L", "größ"), ("X%'/'", "src/go"), ('X%%"$Y"/', "src/"), ("X%%$Y", "src/"), ("X%[", "src/go/"), ("X//[/x", "src/go/"), ("NOPE%x", ""),
        ("X::3", "src"), ("X//*/-", "-"), ("NOPE//*/-", "-"), ("X//o*/-", "src/g-"), ("X/{/_", "src/go/"), ('X//"/"/-', "src-go-"), ("X%'}'", "src/go/"),
        ("X//\\}/-", "src/go/"), ("X//[[]/-", "src/go/"), ("X//[z-a]/-", "src/go/"), ("NOPE:-a\\}b", "a\\}b"), ("X//[&-z]/q", "qqqqqqq"),
        ("X%[a&&b]", "src/go/"), ("X%[a||b]", "src/go/"), ("X%[a~~b]", "src/go/"), ("X%[a--b]", "src/go/"),
        ("NOPE:-'a b'", "a b"), ('NOPE:-"$Y"', "g*"), ("NOPE:-'$Y'", "$Y"), ("X:+'x'$Y", "xg*"), ('NOPE-"\\""', '"'), ("NOPE:-${NOPE:-'a'}b", "ab"),
    ],
)  # fmt: skip
def test_what_a_shell_makes_of_a_value_could_not_be_used_in_a_path(inside: str, value: str) -> None:
    """All as `task` fills them in."""
    assert expand_path(f"${{{inside}}}", {"X": "src/go/", "Y": "g*", "U": "GRÖß"}) == value


def test_tilde_stays_where_there_is_no_home() -> None:
    assert expand_path("~/a", {}) == "~/a"


def test_somebody_else_s_home_was_a_folder_of_that_name() -> None:
    import pwd

    somebody = pwd.getpwuid(0)
    assert expand_path(f"~{somebody.pw_name}/a", ENVIRON) == f"{somebody.pw_dir}/a"


@pytest.mark.parametrize(
    "text",
    ["$(pwd)", "`pwd`", "a/$((1+1))", "$[1+1]", "${A", "${}", "${ A}", "${A:1+1}", "${A:1:}", "${A: }", "${A:010}", "${A-'x}", "${A@Q}", "${A%'x}", "${A%%[[:alpha:]]}", "${!B%x}", "${NOPE:?bad}", "${NOPE:=x}", "${"],
)  # fmt: skip
def test_what_only_a_shell_could_do_was_taken_as_it_is_written(text: str) -> None:
    with pytest.raises(VariableError) as caught:
        expand_path(text, ENVIRON)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("path", "joined"),
    [
        ("a", "/repo/a"), ("./a", "/repo/a"), ("../a", "/a"), ("", "/repo"), ("/x/y", "/x/y"), ("a/./b/../c", "/repo/a/c"),
        ("{{.ROOT_DIR}}/a", "{{.ROOT_DIR}}/a"), ("{{.TASKFILE_DIR}}/a", "{{.TASKFILE_DIR}}/a"),
        ("{{.USER_WORKING_DIR}}", "{{.USER_WORKING_DIR}}"), ("{{.OTHER}}/a", "/repo/{{.OTHER}}/a"),
    ],
)  # fmt: skip
def test_path_is_joined_unless_it_is_absolute_or_will_be(path: str, joined: str) -> None:
    assert smart_join("/repo", path) == joined

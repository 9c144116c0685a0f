"""Checks of what docs/compatibility.md lists because the fuzzers came upon it. Used by test_compatibility.py."""

from __future__ import annotations

import subprocess

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from test_compatibility import Sides

SECONDS = 0.3
"""That we wait for what must not come."""


def dry_folders(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {dir: new, cmds: [pwd]}\n")
    assert (sides.task("--dry").folder / "new").is_dir()
    assert not (sides.paratask("--dry").folder / "new").exists()


def syntax_errors(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default: [{defer: 'echo [{{.EXIT_CODE}}]'}, if then]\n  past: [{cmd: if then, ignore_error: true}, echo on]\n"
    )
    theirs, ours = sides.task("-x"), sides.paratask("-x")
    assert (theirs.code, theirs.out) == (201, "[]\n")
    assert (ours.code, ours.out) == (2, "[2]\n")
    assert sides.task("past").code == 201
    assert (sides.paratask("past").code, sides.paratask("past").out) == (0, "on\n")
    for key in ("set", "shopt"):
        sides.taskfile(
            f"tasks:\n  default: {{{key}: [gone], cmds: [echo x]}}\n  past: {{{key}: [gone], ignore_error: true, cmds: [echo x]}}\n"
        )
        assert (sides.task("-x").code, sides.paratask("-x").code) == (201, 2)
        assert (sides.task("past").code, sides.paratask("past").code) == (201, 0)


def name_patterns(sides: Sides) -> None:
    sides.taskfile("tasks:\n  v1.2: echo found\n")
    assert (sides.task("v1x2").out, sides.paratask("v1x2").code) == ("found\n", 200)
    sides.taskfile("tasks:\n  c++: echo found\n")
    assert "panic: regexp" in sides.task("gone").err
    assert (sides.paratask("gone").code, sides.paratask("c++").out) == (200, "found\n")


def other_platforms(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {platforms: [windows], cmds: [{for: {matrix: {X: {ref: .NONE}}}, cmd: 'true'}]}\n")
    assert sides.task().code == 109
    assert sides.paratask().code == 0


def broken_defer(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: [{defer: 'echo {{fail \"why\"}}'}, echo x]\n")
    assert sides.task().out == "x\n{{fail why}}\n"
    assert sides.paratask().out == "x\n"


def broken_matrix(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default:\n    vars: {L: [1]}\n    cmds:\n      - echo {{fail `why`}}\n"
        "      - {for: {matrix: {A: {ref: .L}}}, cmd: 'true'}\n"
    )
    assert sides.task().code == 109
    assert sides.paratask().code == 1
    sides.taskfile(
        "tasks:\n  default:\n    vars: {D: {sh: echo x}, L: [1]}\n    cmds:\n      - echo {{.D | quote}} {{.D | shellQuote}}\n"
        "      - {for: {matrix: {A: {ref: .L}}}, cmd: 'true'}\n"
    )
    assert sides.task().code == 109
    assert (sides.paratask().code, sides.paratask().out) == (0, "x x\n")


def links(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default:\n    sources: ['*.md', 'd/**/*.txt']\n    cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]\n"
        "  broken: [ln -s gone x.md]\n  loop: [mkdir d, touch d/x.txt, ln -s . d/up]\n", a_md="",
    )  # fmt: skip
    assert (sides.task("broken", "default").out, sides.paratask("broken", "default").out) == ("", "a.md\n")
    assert sides.task("loop", "default").out.count("/up") > sides.paratask("loop", "default").out.count("/up") == 0


def _expression(sides: Sides, text: str) -> None:
    sides.taskfile(f"tasks:\n  default:\n    vars: {{L: [a, b, c]}}\n    cmds:\n      - echo '{text}'\n")


def quoted_blanks(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default:\n    sources: [\"'a b.txt'\", 'a\\ b.txt', '\"a b.txt\"']\n    cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]\n",
    )  # fmt: skip
    sides.files["a b.txt"] = ""
    assert (sides.task().out, sides.paratask().out) == ("", "a b.txt\n")


def gitignore_classes(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  default:\n    sources: ['?.md']\n    use_gitignore: true\n    cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]\n",
        a_md="", b_md="",
    )  # fmt: skip
    sides.files |= {".gitignore": "[!a].md\n", ".git/HEAD": ""}
    assert (sides.task().out, sides.paratask().out) == ("b.md\n", "a.md\n")


def split_args(sides: Sides) -> None:
    for text in ("$((1+1))", "${NOT_SET:-2}"):
        _expression(sides, f'{{{{splitArgs "{text}"}}}}')
        assert sides.task().out == "[2]\n"
        assert sides.paratask().code == 1


def path_expansion(sides: Sides) -> None:
    for text in ("${HOME@Q}", "${HOME:1+1}", "${HOME%%[[:alpha:]]*}", "a$((1+1))"):
        sides.taskfile(f"tasks:\n  default: {{dir: '{text}', cmds: [{{cmd: echo x, platforms: [windows]}}]}}\n")
        assert (sides.task("--summary").code, sides.paratask("-n").code) == (0, 1), text
    for text in ("${D@Q}", "${D:2-2}", "${D%%[[:digit:]]*}"):
        looped = "[{for: sources, cmd: 'echo {{.ITEM}}'}]"
        sides.taskfile(f"tasks:\n  default: {{sources: ['{text}.txt'], cmds: {looped}}}\n", a_txt="")
        assert (sides.task(D="a").out, sides.paratask(D="a").out) == ("a.txt\n", ""), text


def slice_capacity(sides: Sides) -> None:
    _expression(sides, "{{slice (mustCompact .L) 0 4}}")
    assert sides.task().out == "[a b c <nil>]\n"
    assert sides.paratask().code == 1


def uuid_methods(sides: Sides) -> None:
    _expression(sides, "{{uuid.Version}} {{len uuid.URN}}")
    assert sides.task().out == "VERSION_4 45\n"
    assert sides.paratask().code == 1
    _expression(sides, "{{len uuid.URN}} {{len uuid.String}}")
    assert sides.task().out == sides.paratask().out == "45 36\n"


def time_verbs(sides: Sides) -> None:
    _expression(sides, '{{printf "%d" (toDate "2006-01-02 MST" "2024-02-29 UTC")}}')
    assert sides.task().out.startswith("{0 63844761600 ")
    assert sides.paratask().out == "%!d(time.Time=2024-02-29 00:00:00 +0000 UTC)\n"


def times_in_refs(sides: Sides) -> None:
    for reference in ('toDate "2006-01-02" "2024-02-29" | htmlDate | toDate "2006-01-02"', 'split "," "a,b"'):
        sides.taskfile(f"tasks:\n  default:\n    vars: {{R: {{ref: '{reference}'}}}}\n    cmds: [echo fine]\n")
        theirs = sides.task()
        assert theirs.code == 2
        assert "panic: reflect" in theirs.err
        assert sides.paratask().out == "fine\n"


def waits_for_itself(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: {run: once, cmds: [echo begun, {task: b}]}\n  b: [{task: default}]\n")
    ours = sides.paratask()
    assert (ours.code, ours.out) == (204, "begun\n")
    theirs = sides.start_task()
    try:
        assert theirs.stdout is not None
        assert theirs.stdout.readline() == "begun\n"
        with pytest.raises(subprocess.TimeoutExpired):
            theirs.wait(SECONDS)
    finally:
        theirs.kill()
        theirs.communicate()


FUZZED_CHECKS: dict[str, Callable[[Sides], None]] = {
    "dry-folders": dry_folders,
    "syntax-errors": syntax_errors,
    "other-platforms": other_platforms,
    "broken-defer": broken_defer,
    "broken-matrix": broken_matrix,
    "links": links,
    "quoted-blanks": quoted_blanks,
    "gitignore-classes": gitignore_classes,
    "name-patterns": name_patterns,
    "split-args": split_args,
    "path-expansion": path_expansion,
    "slice-capacity": slice_capacity,
    "uuid-methods": uuid_methods,
    "time-verbs": time_verbs,
    "times-in-refs": times_in_refs,
    "waits-for-itself": waits_for_itself,
}

from __future__ import annotations

import pytest

from paratask.languages.commands import NotUnderstood, PathUse, parse_commands
from paratask.languages.shell.checkers import PROGRAMS
from paratask.languages.shell.loops import MAX_ROUNDS, takes_patterns
from paratask.languages.shell.readers import READERS, TESTS
from paratask.languages.shell.writers import WRITERS
from paratask.testing import FakeCheckout


def run(text):
    """What the text runs, without the folder where that is the first one."""
    items = parse_commands(text, "/r")
    assert not isinstance(items, NotUnderstood), items.reason
    return [_shown(item) for item in items]


def _shown(item):
    if isinstance(item, PathUse):
        return f"{item.access.value} {item.path}"
    folder = "" if item.cwd == "/r" else f"{item.cwd}: "
    return folder + " ".join("…" if word is None else word for word in item.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for d in a b; do (cd $d && go vet ./...); done", ["/r/a: go vet ./...", "/r/b: go vet ./..."]),
        ('for f in a.{x,y} z; do rm "$f"; done', ["rm a.x", "rm a.y", "rm z"]),
        ("for f in a b; do x > $f.out; done", ["write /r/a.out", "x", "write /r/b.out", "x"]),
        ("for f in a b; do x $(y $f); done", ["y a", "x …", "y b", "x …"]),
        ("for f in a b; do [ $f = a ] && continue; x $f; break; done", ["[ a = a ]", "continue", "x a", "break", *"[ b = a ]|continue|x b|break".split("|")]),
        ("for s in l d; do for a in 1 2; do x $s-$a; done; done", ["x l-1", "x l-2", "x d-1", "x d-2"]),
        ("for f in a b; do g=$f; x $g; done", ["x a", "x b"]),
        ("X=c; for f in a $X; do x $f; done | y", ["x a", "x c", "y"]),
        ("g() { x $f; }; for f in a b; do g $f; done", ["x a", "x b"]),
        ("for f in a a; do x $f; done", ["x a"]),
        ("for f in a b; do x; done", ["x"]),
    ],
)  # fmt: skip
def test_plain_words_are_gone_through_one_by_one(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('E=""; for p in a/b c; do E="$E --exclude $p"; done; x . $E', ["x . --exclude a/b --exclude c"]),
        ('E=; for p in a b; do for q in 1 2; do E="$E$p$q"; done; done; x "$E"', ["x a1a2b1b2"]),
        ("E=q; for p in a b; do x $E; E=$p; done; x $E", ["x q", "x a", "x b"]),
        ('E=; F="y$E"; x $F "$E" ${E:-d}', ["x y … …"]),
        ('E=; for p in a b; do y && E="$E$p"; done; x $E', ["y", "y", "x …"]),
        ("E=q; for p in a b; do E=$p; [ $p = a ] && break; done; x $E", ["[ a = a ]", "break", "[ b = a ]", "break", "x …"]),
        ('E=q; for p in a a; do E="$E$p"; done; x $E', ["x …"]),
        ('E=q; for p in a $N; do E="$E$p"; done; x $E', ["x …"]),
        ('E=q; for p in a b; do E="$E$p" & done; x $E', ["x q"]),
    ],
)
def test_what_a_loop_puts_together_was_not_known(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('for f in *.sh; do shellcheck "$f"; done', ["read /r/*.sh", "shellcheck *.sh"]),
        ("for f in *.sh x.sh; do shellcheck $f; done", ["read /r/*.sh", "shellcheck *.sh", "shellcheck x.sh"]),
        ('for f in *.sh; do [ -e "$f" ] || continue; [[ -f $f ]]; done', ["read /r/*.sh", "[ -e *.sh ]", "continue", "[[ -f *.sh ]]"]),
        ('for d in */; do rm -rf "$d/out" "${d}x"; done', ["read /r/*/", "rm -rf *//out */x"]),
        ('for d in p/*; do for f in "$d"/*.sh; do shellcheck "$f"; done; done', ["read /r/p/*", "read /r/p/*/*.sh", "shellcheck p/*/*.sh"]),
        ('for f in *.in; do sort "$f" > "$f.out"; done', ["read /r/*.in", "write /r/*.in.out", "sort *.in"]),
        ('for f in *.md; do npx prettier --check "$f"; done', ["read /r/*.md", "npx prettier --check *.md"]),
    ],
)  # fmt: skip
def test_a_wildcard_is_gone_through_as_one(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for f in a b; do x $f; done; x $f", "x …"),
        ("for f in a b; do f=$g; x $f; done", "x …"),
        ("for f in a b; do read f < /dev/null; x $f; done", "x …"),
        ("for f in a b; do unset f; x $f; done", "x …"),
        ("g() { f=c; }; for f in a b; do g; x $f; done", "x …"),
        ("for f in a b; do for f in $x; do :; done; x $f; done", "x …"),
        ("for i in 1 2; do x $f; for f in a b; do :; done; done", "x …"),
        ("g() { for f in a; do return; done; }; f=c; g; x $f", "x …"),
        ("for f in a $x; do x $f; done", "x …"),
        ("for f; do x $f; done", "x …"),
        ('for f in "a b"; do x $f; done', "x …"),
        ("select f in a b; do x $f; done", "x …"),
        ("IFS=,; for f in a b; do x $f; done", "x …"),
        ("for f in $(ls); do x $f; done", "x …"),
        ("for f in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do x $f; done", "x …"),
        ('for f in *.sh; do x "$f"; done', "x …"),
        ('for f in *.sh; do make -C "$f"; done', "make -C …"),
        ('for f in bin/*; do "$f"; done', "…"),
        ('for f in *.sh; do rm "${f%.sh}"; done', "rm …"),
        ('for f in *.sh; do rm $(basename "$f"); done', "rm …"),
        ('for f in *.sh; do g=$f; rm "$g"; done', "rm …"),
        ('for d in */; do rm "$d/../x"; done', "rm …"),
        ("for f in *.sh; do rm x; done; rm $f", "rm …"),
    ],
)
def test_what_only_the_run_tells_of_a_loop_is_unknown(text, expected):
    assert expected in run(text)


@pytest.mark.parametrize("text", ['for d in */; do (cd "$d" && x); done', "for d in a b; do cd $d; x; done"])
def test_folders_that_only_the_run_tells_give_up(text):
    assert isinstance(parse_commands(text, "/r"), NotUnderstood)


def test_an_exported_loop_variable_is_seen_by_programs():
    items = parse_commands("export GOOS=x; for GOOS in linux darwin; do x $GOOS; done; y", "/r")
    assert [item.environment["GOOS"] for item in items] == ["linux", "darwin", None]
    items = parse_commands("export GOFLAGS=-v; for GOFLAGS in *; do x $GOFLAGS; done", "/r")
    assert items[-1].environment["GOFLAGS"] is None


def test_loops_in_loops_are_not_walked_without_end():
    text = "x $a$b$c$d"
    for name in "abcd":
        text = f"for {name} in 1 2 3 4 5 6 7 8; do {text}; done"
    assert len(run(text)) <= MAX_ROUNDS


def test_everyday_programs_take_patterns():
    alone = {"patch"}
    assert {name for name in {*READERS, *TESTS, *WRITERS} - alone if not takes_patterns([name])} == set()
    assert takes_patterns(["npx", "eslint"])
    assert not takes_patterns([None])
    assert {name for name in PROGRAMS if takes_patterns([name])} > {"shellcheck", "shfmt", "yamllint"}


def test_claims_of_a_loop_over_files_hold_for_all_of_them():
    checkout = FakeCheckout({"a.sh": "", "api/x": ""})
    checked = 'for f in *.sh; do cmp "$f" x; done'
    assert checkout.reads(checked) == {"*.sh", "x"}
    assert checkout.writes(checked) == set()
    assert not checkout.may_run_together(checked, "touch b.sh")
    assert checkout.may_run_together(checked, "touch b.py")
    removed = 'for d in */; do rm -rf "$d/dist"; done'
    assert not checkout.may_run_together(removed, "cat api/dist/x")
    assert checkout.may_run_together(removed, "cat api/src/x")


def test_settings_beside_a_wildcard_are_read():
    checkout = FakeCheckout({"a.sh": "", "p/x/b.sh": ""})
    assert not checkout.may_run_together("shfmt -d *.sh", "touch .editorconfig")
    assert not checkout.may_run_together("shfmt -d p/*/b.sh", "touch p/x/.editorconfig")
    assert not checkout.may_run_together('for f in p/*/*.sh; do shfmt -d "$f"; done', "touch p/x/.editorconfig")


@pytest.mark.parametrize("later", ["OUT=z", "for OUT in z; do :; done"])
def test_a_variable_that_was_given_and_is_set_later_is_unknown_to_traps(later):
    items = parse_commands(f"trap 'rm -rf $OUT' EXIT; {later}", "/r", values={"OUT": "q"})
    assert items[-1].words == ("rm", "-rf", None)
    items = parse_commands(f"trap 'x' EXIT; export OUT; {later}", "/r", environment={"OUT": "q"})
    assert items[-1].environment["OUT"] is None


def test_a_variable_that_was_given_and_stays_is_known_to_traps():
    items = parse_commands("trap 'rm -rf $OUT' EXIT; y", "/r", values={"OUT": "q"})
    assert items[-1].words == ("rm", "-rf", "q")


@pytest.mark.parametrize("check", ["redocly lint", "npx redocly lint", "taplo format --check", "stylua --check", "taplo lint"])
def test_a_loop_over_files_for_a_checker_was_not_recognised(check):
    checkout = FakeCheckout({"api/a.yaml": "", "package.json": "{}"})
    text = f'files=$(find api -name "*.yaml"); for f in $files; do {check} "$f"; done'
    assert checkout.recognises(text)
    assert checkout.writes(text) == set()
    assert not checkout.may_run_together(text, "touch api/a.yaml")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('d=out; for f in "src"/*.md; do n=$(basename "$f" .md); awk \'{print}\' "$f" > "$d/$n.txt"; done', {"out/*.txt"}),
        ('for f in src/*.md; do n="$(basename "$f")"; rm -r "out/$n"; done', {"out/*.md/**"}),
        ("for f in src/*; do n=`basename $f .md`; rm -f out/$n.txt; done", {"out/*.txt/**"}),
        ("for f in src/a*.md; do n=$(basename -- $f .md); true > x; done", {"x"}),
    ],
)
def test_names_of_files_that_a_loop_goes_through_are_known_by_their_pattern(text, written):
    assert FakeCheckout({"src/a.md": ""}).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        'for f in src/*.md; do n=$(basename "$f" .md); done; rm -rf "out/$n"',
        'for f in src/*.md; do rm -rf "out/$n"; n=$(basename "$f" .md); done',
        'for f in src/*.md; do n=$(basename "$f" .md); cd $n; rm x; done',
        'for f in src/*.md; do n=$(basename "$f" .md); python $n; done',
        'for f in src/.*; do n=$(basename "$f" .md); rm -rf "out/$n"; done',
        'for f in src/*.md; do n=$(basename "$f" .md); rm -rf "out/$n/../x"; done',
        'for f in src/*.md; do n=$(basename "$f" .md); n=$n/..; rm -rf "out/$n"; done',
        'for f in src/*.md; do n=$(basename "$f" "$X"); rm -rf "out/$n"; done',
        'for f in src/*.md; do n=x$(basename "$f" .md); rm -rf "out/$n"; done',
        'for f in src/*.md; do n=$(basename "$f" .md; echo ..); rm -rf "out/$n"; done',
        "for f in src/*.md; do awk -v o=\"$f\" '{ print > o }' y; done",
        'for f in src/*.md; do awk "{ print > \\"$f.out\\" }" y; done',
        "for f in src/*.md; do awk '{ print > o }' o=\"$f\" y; done",
    ],
)
def test_names_that_may_be_others_are_not(text):
    assert not FakeCheckout({"src/a.md": ""}).recognises(text)

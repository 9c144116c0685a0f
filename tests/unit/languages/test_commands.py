from __future__ import annotations

import os

import pytest

from paratask.languages.commands import NotUnderstood, PathUse, parse_commands
from paratask.plugins.hookspecs import Invocation

CORES = str(os.cpu_count())


def run(text):
    """What the text runs: "folder: words", and "read path" or "write path", relative to the folder it starts in."""
    items = parse_commands(text, "/r")
    assert not isinstance(items, NotUnderstood), items.reason
    return [_shown(item) for item in items]


def _shown(item):
    if isinstance(item, PathUse):
        return f"{item.access.value} {item.path}"
    return f"{item.cwd}: {' '.join('…' if word is None else word for word in item.words)}"


def environment(text):
    items = parse_commands(text, "/r")
    assert not isinstance(items, NotUnderstood), items.reason
    last = items[-1]
    assert isinstance(last, Invocation)
    return dict(last.environment)


def reason(text):
    items = parse_commands(text, "/r")
    assert isinstance(items, NotUnderstood), items
    return items.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing", []),
        ("npm test", ["/r: npm test"]),
        ("  a  b ", ["/r: a b"]),
        ("a; b && c || d & e", ["/r: a", "/r: b", "/r: c", "/r: d", "/r: e"]),
        ("a | b |& c", ["/r: a", "/r: b", "/r: c"]),
        ("! grep -q x y && true", ["/r: grep -q x y", "/r: true"]),
        ("{ a; b; }", ["/r: a", "/r: b"]),
        ("a \\\n  b", ["/r: a b"]),
        ("((i++)) || ls", ["/r: ls"]),
        ("time -p ls", ["/r: ls"]),
        ("command ls; exec ls", ["/r: ls", "/r: ls"]),
        ("command -v ls", ["/r: command -v ls"]),
        ("a; exit 0; b", ["/r: a"]),
        ("a && exit 1; b", ["/r: a", "/r: b"]),
    ],
)
def test_programs_in_written_order(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo 'a b' \"c d\" e\\ f", ("echo", "a b", "c d", "e f")),
        ("echo a'b'\"c\"d", ("echo", "abcd")),
        ('echo "a\\"b\\$c\\\\d\\n"', ("echo", 'a"b$c\\d\\n')),
        ("echo $'a' $'a\\n'", ("echo", "a", None)),
        ("rm dist/* [ab]?.c", ("rm", "dist/*", "[ab]?.c")),
        ("rm *.{js,map} {a,{b,c}}", ("rm", "*.js", "*.map", "a", "b", "c")),
        ("rm '{a,b}' \\{c,d\\} {}", ("rm", "{a,b}", "{c,d}", "{}")),
        ('echo $A ${B} "x$C" $(d) `d` $((1)) {1..3} {a,$x}', ("echo", *[None] * 8)),
        ("ls ~ ~/x {~,a} '~' a~", ("ls", None, None, None, "~", "a~")),
        ("$CMD a", (None, "a")),
        ('a -j$(nproc) --jobs="$(nproc --all)" `sysctl -n hw.ncpu`', ("a", f"-j{CORES}", f"--jobs={CORES}", CORES)),
        (
            'a --b=$x "-c=$x" -d=1.${x:-2} -p:E="$(f *@x)" --g=$h=i',
            ("a", "--b", None, "-c", None, "-d", None, "-p:E", None, "--g", None),
        ),
        ('a -j$(b) -j"$x" "-j$x" -j`b`', ("a", *["-j", None] * 4)),
        ('a --b="$@" -b"$@" --b="${x[@]}" --b=$* $x=1 -$x=1 --b$x -bc$x', ("a", *[None] * 8)),
        ("find . -exec rm {} \\;", ("find", ".", "-exec", "rm", "{}", ";")),
        ("a 1 -2 x=y", ("a", "1", "-2", "x=y")),
        ("diff <(true) a", ("diff", "/dev/fd/63", "a")),
    ],
)
def test_words(text, expected):
    items = parse_commands(text, "/r")
    assert not isinstance(items, NotUnderstood), items.reason
    last = items[-1]
    assert isinstance(last, Invocation)
    assert last.words == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cd a && b", ["/r/a: b"]),
        ("cd a; b", ["/r/a: b"]),
        ("cd a\nb", ["/r/a: b"]),
        ("cd -- 'a b' && c", ["/r/a b: c"]),
        ("cd a/../b/. && c", ["/r/b: c"]),
        ("cd /x && c", ["/x: c"]),
        ("cd a && b\nc", ["/r/a: b", "/r/a: c"]),
        ("(cd a && b); c", ["/r/a: b", "/r: c"]),
        ("{ cd a; }; b", ["/r/a: b"]),
        ("cd a & b", ["/r: b"]),
        ("cd a | b; c", ["/r: b", "/r: c"]),
        ("cd a || exit 1; b", ["/r/a: b"]),
        ("cd a && b || c", ["/r/a: b", "/r: c", "/r/a: c"]),
        ("mkdir a && cd a && b", ["/r: mkdir a", "/r/a: b"]),
        ("a && cd b; c", ["/r: a", "/r: c", "/r/b: c"]),
        ("! cd a && b", ["/r: b"]),
        ("! cd a\nb", ["/r/a: b", "/r: b"]),
        ("if cd a; then b; else c; fi; d", ["/r/a: b", "/r: c", "/r/a: d", "/r: d"]),
        ("case $x in a) cd b;; esac; c", ["/r: c", "/r/b: c"]),
        ("x=$(cd a && b); c", ["/r/a: b", "/r: c"]),
        ("for i in a b; do (cd x && y); done; z", ["/r/x: y", "/r: z"]),
        ("command cd a; b", ["/r/a: b"]),
    ],
)
def test_folders(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > f", ["write /r/f", "/r: a"]),
        ("a >> f 2> g < h", ["write /r/f", "write /r/g", "read /r/h", "/r: a"]),
        ("a &> f; b >| g; c &>> h", ["write /r/f", "/r: a", "write /r/g", "/r: b", "write /r/h", "/r: c"]),
        ("a 2>&1 >&2 2>&- <&3", ["/r: a"]),
        ("> f", ["write /r/f"]),
        ("> f a b", ["write /r/f", "/r: a b"]),
        ("a > f b c", ["write /r/f", "/r: a b c"]),
        ('a > "$f"', ["write None", "/r: a"]),
        ("a > ~/f", ["write None", "/r: a"]),
        ("cd x && a > f", ["write /r/x/f", "/r/x: a"]),
        ("cd x && a > f | b", ["write /r/x/f", "/r/x: a", "/r/x: b"]),
        ("a > f && b > g", ["write /r/f", "/r: a", "write /r/g", "/r: b"]),
        ("(cd x; a) > f", ["write /r/f", "/r/x: a"]),
        ("while read l; do a; done < f", ["read /r/f", "/r: read l", "/r: a"]),
        ("a < <(b) > >(c)", ["/r: b", "read /dev/fd/63", "/r: c", "write /dev/fd/63", "/r: a"]),
        ("a $(< f)", ["read /r/f", "/r: a …"]),
        ("exec > f", ["write /r/f"]),
        ("for f in *.c; do a; done", ["read /r/*.c", "/r: a"]),
        ("a <<< 'x' b", ["/r: a b"]),
    ],
)
def test_redirections(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat <<EOF > f\n$(a)\nEOF\nb", ["write /r/f", "/r: a", "/r: cat", "/r: b"]),
        ("cat <<'EOF'\n$(a) `b`\nEOF", ["/r: cat"]),
        ("cat <<EOF | a && b || c\nEOF\nd", ["/r: cat", "/r: a", "/r: b", "/r: c", "/r: d"]),
        ("cat <<EOF && cd x && a\nEOF", ["/r: cat", "/r/x: a"]),
        ("cat <<EOF 2>&1 x\nEOF", ["/r: cat x"]),
    ],
)
def test_here_documents(text, expected):
    assert sorted(run(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a; then b; elif c; then d; else e; fi", ["/r: a", "/r: b", "/r: c", "/r: d", "/r: e"]),
        ("for i in $(a); do b $i; done", ["/r: a", "/r: b …"]),
        ("while a; do b; done", ["/r: a", "/r: b"]),
        ("until a; do b; done", ["/r: a", "/r: b"]),
        ("for ((i=0; i<3; i++)); do a; done", ["/r: a"]),
        ("case $(a) in b) c;; *) d;; esac", ["/r: a", "/r: c", "/r: d"]),
        ("[ -f x ] && a", ["/r: [ -f x ]", "/r: a"]),
        ('[[ -d "a b" && $(c) == d* ]]', ["/r: c", "/r: [[ -d a b && … == … ]]"]),
        ('a "$(b "$(c)")" `d`', ["/r: c", "/r: b …", "/r: d", "/r: a … …"]),
        ("a ${x:-$(b)}", ["/r: b", "/r: a …"]),
        ("X=$(a) b", ["/r: a", "/r: b"]),
        ("export X=$(a)", ["/r: a"]),
        ("x=(a $(b))", ["/r: b"]),
    ],
)
def test_every_branch_and_substitution_counts(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1 B='x y' a", {"A": "1", "B": "x y"}),
        ("A= a", {"A": ""}),
        ("A=$x B=~/y C+=z a", {"A": None, "B": None, "C": None}),
        ("export A=1; a", {"A": "1"}),
        ("export A=1; A=2 a", {"A": "2"}),
        ("declare -x A=1; declare B=2; a", {"A": "1"}),
        ("declare RUFF_CACHE_DIR=2; a", {"RUFF_CACHE_DIR": None}),
        ("A=1; a", {}),
        ("A=1; export A; a", {"A": "1"}),
        ("A=$x; export A; a", {"A": None}),
        ("export A=1; A=2; a", {"A": "2"}),
        ("set -a; A=1; set +a; B=2; a", {"A": "1"}),
        ("set -o allexport; A=1; set +o allexport; B=2; a", {"A": "1"}),
        ("set -ea -- x; A=1; a", {"A": "1"}),
        ("set -- -a; A=1; a", {}),
        ("if x; then set -a; fi; RUFF_CACHE_DIR=1; a", {"RUFF_CACHE_DIR": None}),
        ("RUFF_CACHE_DIR=1; a", {"RUFF_CACHE_DIR": None}),
        ("RUFF_CACHE_DIR=1; RUFF_CACHE_DIR=2; a", {"RUFF_CACHE_DIR": None}),
        ("PATH=/x:$PATH; a", {"PATH": "/x:/usr/bin"}),
        ("PATH=/x:$Y; a", {"PATH": None}),
        ("if x; then PATH=/x:$PATH; fi; a", {"PATH": "/x:/usr/bin"}),
        ("if x; then PATH=/x; else PATH=/y:$PATH; fi; a", {"PATH": "/x:/y:/usr/bin"}),
        ("if x; then PATH=/x:$PATH; else PATH=$Y; fi; a", {"PATH": None}),
        ("export A=1; unset A; a", {"A": None}),
        ("(export A=1); a", {}),
        ("if x; then export A=1; fi; a", {"A": None}),
        ("if x; then export A=1; else export A=1; fi; a", {"A": "1"}),
        ("for i in a; do b; export A=1; done; a", {"A": None}),
    ],
)
def test_environment(text, expected):
    assert environment(text) == expected


def test_second_round_of_a_loop_sees_what_the_first_has_set():
    items = parse_commands("export A=1; for i in a b; do x; export A=2; done", "/r")
    assert not isinstance(items, NotUnderstood)
    assert [dict(item.environment)["A"] for item in items if isinstance(item, Invocation)] == ["1", None]


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("eval x", "`eval`"),
        ("source x", "`source`"),
        (". ./x", "`.`"),
        ("command eval x", "`eval`"),
        ("if a; then f() { b; }; fi; f", "a shell function"),
        ("pushd a", "`pushd`"),
        ("alias a=b", "`alias`"),
        ("cd", "`cd`"),
        ("cd -", "`cd`"),
        ("cd $X", "`cd`"),
        ("cd ~/x", "`cd`"),
        ("cd a*", "`cd`"),
        ("CDPATH=x; cd a", "`cd`"),
        ("for d in a b; do cd $d; done", "`cd`"),
        ("while a; do cd b; done", "inside a loop"),
        ("a && cd b; c && cd d; e && cd f; g", "too many folders"),
        ('echo "x', "shell syntax"),
        ("if a; then", "shell syntax"),
        ("a <> b", "shell syntax"),
        ("rm !(a|b)", "shell syntax"),
        ("time (a)", "shell syntax"),
        ("done", "`done`"),
        ("case a in b) c;& d) e;; esac", "`;&`"),
        ("exec -a x y", "`exec`"),
        ("( " * 200 + "a" + " )" * 200, "nested too deep"),
        (" && ".join(["a"] * 20_000), "nested too deep"),
        ("echo " + "$(echo " * 200 + ")" * 200, "nested too deep"),
    ],
)
def test_gives_up_and_names_the_construct(text, construct):
    assert construct in reason(text)


def test_plain_text_needs_no_parser(monkeypatch):
    monkeypatch.setattr("paratask.languages.shell.inlined.parse_tree", None)
    assert run("npm run build -- --x=1") == ["/r: npm run build -- --x=1"]
    assert run("cd x") == []


VENV = "deactivate () {\n    unset -v x\n}\nVIRTUAL_ENV='/r/.venv'\nexport VIRTUAL_ENV\n"


@pytest.mark.parametrize(
    ("text", "activated"),
    [
        ("source .venv/bin/activate && a", "/r/.venv"),
        (". ./venv/bin/activate; a", "/r/venv"),
        (". ../.venv/bin/activate; a", "/.venv"),
        ('. "$PWD/.venv/bin/activate"; a', "/r/.venv"),
        ("source .venv/Scripts/activate && a", "/r/.venv"),
        ("python -m venv .venv && source .venv/bin/activate && a", "/r/.venv"),
        ("cd sub && source .venv/bin/activate && a", "/r/sub/.venv"),
        ("source tools/named/bin/activate && a", "/r/tools/named"),
        ("for i in 1 2; do . .venv/bin/activate; done; . .venv/bin/activate; a", "/r/.venv"),
        ("[ -d .venv ] && . .venv/bin/activate; a", None),
        (". .venv/bin/activate; deactivate; a", ""),
        ("(. .venv/bin/activate); a", "none"),
    ],
)
def test_an_environment_that_is_activated_is_that_of_the_programs_below(text, activated):
    items = parse_commands(text, "/r", read={"/r/tools/named/bin/activate": VENV}.get)
    assert not isinstance(items, NotUnderstood), items.reason
    found = [item for item in items if isinstance(item, Invocation) and item.words == ("a",)]
    assert [dict(item.environment).get("VIRTUAL_ENV", "none") for item in found[-1:]] == [activated]


@pytest.mark.parametrize(
    "text",
    [
        "source tools/unknown/bin/activate && a",
        'source "$X/bin/activate" && a',
        "source .venv/bin/activate.fish && a",
        "source .venv/activate && a",
        "source other/.venv/bin/activate && a",
    ],
)
def test_a_script_that_is_not_known_to_activate_an_environment_is_not_understood(text):
    read = {"/r/other/.venv/bin/activate": "eval $X\n"}.get
    assert isinstance(parse_commands(text, "/r", read=read), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("cd $(git rev-parse --show-toplevel) && a", "/r"),
        ('cd "$(git rev-parse --show-toplevel)/docs" && a', "/r/docs"),
        ('ROOT=$(git rev-parse --show-toplevel 2>/dev/null); cd "$ROOT"; a', "/r"),
        ('cd "$HERE" && a', "/r/sub/web"),
        ("cd web && x && cd - && a", "/r/sub"),
        ("cd web; (cd y; cd -); cd - >/dev/null; cd -; a", "/r/sub/web"),
        ('cd "${HERE}/x" && a', "/r/sub/web/x"),
    ],
)
def test_folders_that_the_text_and_the_checkout_tell(text, folder):
    items = parse_commands(text, "/r/sub", {}, {"/r/.git/HEAD": "ref"}.get, {"HERE": "web"})
    assert not isinstance(items, NotUnderstood), items.reason
    assert [item.cwd for item in items if isinstance(item, Invocation) and item.words == ("a",)] == [folder]


@pytest.mark.parametrize(
    "text",
    [
        'cd "$THERE" && a',
        'HERE=$(date); cd "$HERE" && a',
        "GIT_DIR=x; cd $(git rev-parse --show-toplevel) && a",
        "export GIT_WORK_TREE=x; cd $(git rev-parse --show-toplevel) && a",
        "cd $(git rev-parse --show-cdup) && a",
        "cd - && a",
        "cd web && OLDPWD=x && cd - && a",
        "cd web && cd y || cd - && a",
        "cd web; for i in x; do cd -; done; a",
        "trap 'cd - && a' EXIT; cd web",
        "cd x || true; cd $(git rev-parse --show-toplevel) && a",
    ],
)
def test_folders_that_only_the_run_tells(text):
    items = parse_commands(text, "/r/sub", {}, {"/r/.git/HEAD": "ref"}.get, {"HERE": "web"})
    assert isinstance(items, NotUnderstood)

from __future__ import annotations

import pytest
from test_place import Files

from paratask.claims.model import Effect, Evidence
from paratask.languages.place import Checkout
from paratask.plugins.manager import load_plugins
from paratask.testing import FakeCheckout

FILES = {
    "/r/.git/HEAD": b"",
    "/r/d/x": b"",
    "/r/build.sh": b"#!/usr/bin/env bash\nset -e\ncd d\nrm -rf out\n",
    "/r/bin/rm": b"#!/bin/sh\nrm -rf tmp\n",
    "/r/bin/serve": b"#!/usr/bin/env python\nimport os\n",
    "/r/strange.sh": b"eval $X\n",
}


def claims(text, cwd="/r/d"):
    place = Checkout("/r", plugins=load_plugins(warn=pytest.fail, entry_points=()), reader=Files(FILES))
    return place.command_claims(text, cwd)


def touched(text, cwd="/r/d"):
    """What the text claims, "r pattern" and "w pattern"; fails where it is not recognised."""
    found = claims(text, cwd)
    assert found.evidence is Evidence.INFERRED, found.effect_reason
    assert found.effect is Effect.LOCAL
    return [f"{entry.access.value[0]} {entry.pattern}" for entry in found.entries]


@pytest.mark.parametrize(
    "text",
    [
        "echo a $X 'b c'",
        "printf '%s\\n' \"$X\"",
        "true; false; :",
        "test $X = y",
        '[ -z "$X" ] && [[ $A == b* ]]',
        "pwd; type x; which x; command -v x; basename $X; tr a b",
        "date +%s",
        "export A=1; set -e; unset A; echo y | read x",
        "echo x > /dev/null 2>&1",
        "yes | tr y n",
        "echo *.txt | true",
    ][:-1],
)
def test_touches_nothing(text):
    assert touched(text) == []


def test_sleep_comes_before_what_is_written_below_it():
    assert touched("sleep 1") == ["r **", "r /**"], "somebody counts on the time: whatever writes keeps its place"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat a ../b /etc/hosts - /dev/null", ["r d/a", "r b", "r /etc/hosts"]),
        ("echo *.txt 'what is *?'", ["r d/*.txt"]),
        ("head -n 5 a; head -5 b; tail -c 3 c", ["r d/a", "r d/b", "r d/c"]),
        ("wc -l < a", ["r d/a"]),
        ("grep -n foo a b", ["r d/a", "r d/b"]),
        ("grep -e foo a", ["r d/a"]),
        ("grep -rn foo src", ["r d/src/**"]),
        ("grep -r foo", ["r d/**"]),
        ("sort -u a -o b", ["w d/b", "r d/a"]),
        ("uniq a b", ["r d/a", "w d/b"]),
        ("diff a b", ["r d/a/**", "r d/b/**"]),
        ("jq -r .name package.json", ["r d/package.json"]),
        ("jq --arg v 1 --argjson w '{}' '.x = $v' a.json", ["r d/a.json"]),
        ("jq -n --arg v \"$V\" --slurpfile s b.json --rawfile t c '.x = $v'", ["r d/b.json", "r d/c"]),
        ("gzip -c a; gunzip -t b.gz", ["r d/a", "r d/b.gz"]),
        ("ls", ["r d", "r d/*"]),
        ("ls -R src", ["r d/src/**"]),
        ("[ -f a ]", ["r d/a"]),
        ("test a -nt b", ["r d/a", "r d/b"]),
        ('[ -d "$X" ]', ["r **", "r /**"]),
        ("awk '{print $1}' a", ["r d/a"]),
        ("sed -n 1,5p a", ["r d/a"]),
        ("find . -name '*.py' -type f", ["r d/**/*.py"]),
        ("find . -name '*.py' -o -type f", ["r d/**"]),
        ("find . -name '*.py' -o -name a -type f", ["r d/**/*.py", "r d/**/a"]),
        ("find . ! -name '*.py'", ["r d/**"]),
        ("find . -name '*.py' , -type f", ["r d/**"]),
        ("find . -exec grep -name x {} +", ["r d/**", "r d/**"]),
        ("find . -not \\( -name '*.py' \\)", ["r d/**"]),
        ("find . -path ./x -prune -o -name '*.py' -print", ["r d/**/*.py"]),
        ("find . -path ./x -prune -o -name '*.py'", ["r d/**"]),
        ("grep -r --include='*.py' x . a", ["r d", "r d/a", "r d/**/*.py", "r d/a/**/*.py"]),
        ("find a b", ["r d/a/**", "r d/b/**"]),
        ("git status", ["r .git/**", "r **"]),
        ("git -C .. rev-parse --short HEAD", ["r .git/**"]),
        ("git branch --show-current", ["r .git/**"]),
        ("sha256sum a", ["r d/a"]),
    ],
)
def test_reads(text, expected):
    assert touched(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rm -rf dist build/*.js", ["w d/dist/**", "w d/build/*.js/**"]),
        ("rm 'app/[slug]/x'", ["w d/app/*/x/**"]),
        ("/bin/rm a", ["w d/a/**"]),
        ("mkdir -p ../d/x", ["a d/x/**"]),
        ("mkdir -p a/b/c", ["a d/a/b/c/**", "a d/a/b/**", "a d/a/**"]),
        ("mkdir a/b", ["w d/a/b/**"]),
        ("mkdir -p . ..", ["a d", "a ."]),
        ("rmdir a", ["w d/a/**"]),
        ("install -d a", ["a d/a/**"]),
        ("install -d -m 700 a", ["w d/a/**"]),
        ("mkdir -p -m 700 a", ["w d/a/**"]),
        ("install -D -m 755 a out/bin/b", ["r d/a", "w d/out/bin/b", "w d/out/bin/b/a", "a d/out/bin/**", "a d/out/**"]),
        ("install -D -t out a", ["r d/a", "w d/out", "w d/out/a", "a d/out/**"]),
        ("patch -p1 < a.patch", ["r d/a.patch", "w d/**"]),
        ("patch -d ../e -p1 -i a.patch", ["r d/a.patch", "w e/**"]),
        ("patch a a.patch", ["w d/a*", "r d/a.patch"]),
        ("envsubst '$A $B' < a > b", ["r d/a", "w d/b"]),
        ("rsync -a --delete --exclude=x src/ ../out", ["r d/src/**", "w out/**"]),
        ("rsync -rv --files-from=l src e out", ["r d/l", "r d/src/**", "r d/e/**", "w d/out/**"]),
        ("rsync -n src/", ["r d/src/**"]),
        ("curl -sSfL --retry 3 https://h.example/x.tgz -o out/x.tgz", ["w d/out/x.tgz", "a d/out/**"]),
        ("curl -fLO https://h.example/a/x.tgz?v=1", ["w d/x.tgz"]),
        ("curl -sO --output-dir ../e http://h.example/x", ["w e/x", "a e/**"]),
        ("wget -qO x https://h.example/", ["w d/x"]),
        ("wget -P ../e https://h.example/x.tgz", ["w e/x.tgz*", "a e/**"]),
        ("gzip -9 -k out/a.tar", ["w d/out/a*"]),
        ("gunzip -f a.tar.gz", ["w d/a.tar*"]),
        ("tar cf - a | xz -T 0 > a.tar.xz", ["r d/a/**", "w d/a.tar.xz"]),
        ("touch a b", ["w d/a", "w d/b"]),
        ("cp a b", ["r d/a", "w d/b", "w d/b/a"]),
        ("cp ../a .", ["r a", "w d/a"]),
        ("cp -r a/. b", ["r d/a/**", "w d/b/**"]),
        ("cp -r ../a .", ["r a/**", "w d/a/**"]),
        ("cp a b -t c", ["r d/a", "r d/b", "w d/c", "w d/c/a", "w d/c/b"]),
        ("mv a b", ["w d/a/**", "w d/b/**"]),
        ("ln -sf ../a b", ["w d/b/**"]),
        ("ln -s ../a .", ["w d/a/**"]),
        ("ln a b", ["r d/a", "w d/b", "w d/b/a"]),
        ("echo x | tee -a a", ["w d/a"]),
        ("chmod +x a", ["w d/a/**"]),
        ("chmod -x a", ["w d/a/**"]),
        ("chmod 755 a", ["w d/a/**"]),
        ("chown -R me a", ["w d/a/**"]),
        ("sed -i s/a/b/ a", ["w d/a"]),
        ("sed -i '' -e s/a/b/ a", ["w d/a"]),
        ("sed -i.bak 's|a|b|g; 1d' a", ["w d/a", "w d/a*"]),
        ("find . -delete", ["w d/**"]),
        ("find . -name x -delete", ["w d/**/x/**"]),
        ("find x a -name x -exec rm -rf {} +", ["w d/x/**", "w d/x/**/x/**", "w d/a/**/x/**"]),
        ("find . -name x -o -type f -delete", ["w d/**"]),
        ("find a -type d -exec rm -rf {} +", ["w d/a/**"]),
        ("tar -czf o.tgz a", ["w d/o.tgz", "r d/a/**"]),
        ("tar xzf o.tgz -C e", ["r d/o.tgz", "w d/e/**"]),
        ("tar tf o.tgz", ["r d/o.tgz"]),
        ("zip -qr o a", ["w d/o.zip", "r d/a/**"]),
        ("unzip -o a.zip -d b", ["r d/a.zip", "w d/b/**"]),
    ],
)
def test_writes(text, expected):
    assert touched(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("env A=1 B=2 rm a", ["w d/a/**"]),
        ("nice -n 10 timeout -k 5 60 rm a", ["w d/a/**"]),
        ("/usr/bin/time -o t rm a", ["w d/a/**", "w d/t"]),
        ("bash -c 'cd .. && rm a'", ["w a/**"]),
        ("sh -euc 'rm a'", ["w d/a/**"]),
        ("bash -euo pipefail -c 'rm a'", ["w d/a/**"]),
        ("echo a | xargs echo", []),
        ("echo a | xargs -n1 -I{} echo {} b", []),
        ("cd .. && bash build.sh", ["r build.sh", "w d/out/**"]),
        ("../build.sh", ["r build.sh", "w d/d/out/**"]),
        ("../bin/rm x", ["r bin/rm", "w d/tmp/**"]),
    ],
)
def test_starts_others(text, expected):
    assert touched(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sort $X",
        "rm $X",
        "cp $X b",
        "rm --strange a",
        "sort --files0-from=a",
        "sed 's/a/b/w out' a",
        "sed '1r other' a",
        "sed '/x/w out' a",
        "sed 's/a/b/e' a",
        "sed 'e rm x' a",
        "sed -f script a",
        'sed -i "s/$A/b/" a',
        "awk '{print > \"x\"}' a",
        "awk '{system(\"rm x\")}' a",
        "find . -exec frob {} \\;",
        "find . -exec frob {} other \\;",
        "find . -fprint x",
        "find $X",
        "xargs rm",
        "echo a | bash",
        'bash -c "$X"',
        "bash -i -c ls",
        "bash ../strange.sh",
        "../bin/serve",
        "./rm a",
        "sudo rm a",
        "timeout $T rm a",
        "env $X rm a",
        "env frob",
        "git frob",
        "git $X",
        "git -c alias.status=push status",
        "git --git-dir=x status",
        "git diff --output=x",
        "rsync -a --remove-source-files a b",
        "rsync -a --link-dest=../z a b",
        "rsync -a -e ssh a b",
        "rsync -a $X b",
        "patch --strange",
        "tar -czf $X a",
        "tar -cf host:a b",
        "chmod $X a $Y",
        "date -f a",
        "frob",
    ],
)
def test_is_not_recognised(text):
    assert claims(text).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("git push origin main", "`git push` reaches beyond this checkout"),
        ("git commit -m x", "`git commit` changes the repository's state"),
        ("git tag v1", "`git tag` changes the repository's state"),
        ("git checkout -- .", "`git checkout` changes the repository's state"),
        ("git config user.name x", "`git config` changes the repository's state"),
        ("curl -fsS $URL", "`curl` reaches beyond this checkout"),
        ("curl -fsS -o x $URL", "`curl` reaches beyond this checkout"),
        ("curl -fsS https://h.example/ping", "`curl` reaches beyond this checkout"),
        ("curl -fsS -o /dev/null https://h.example/ping", "`curl` reaches beyond this checkout"),
        ("curl -o x http://localhost:8080/x", "`curl` reaches beyond this checkout"),
        ("curl -o x http://me@127.0.0.1/x", "`curl` reaches beyond this checkout"),
        ("curl -o x -X POST https://h.example/x", "`curl` reaches beyond this checkout"),
        ("curl -o x -d @a https://h.example/x", "`curl` reaches beyond this checkout"),
        ("curl -o x -H @a https://h.example/x", "`curl` reaches beyond this checkout"),
        ("curl -o x https://h.example/a https://h.example/ping", "`curl` reaches beyond this checkout"),
        ("curl -o '#1' 'https://h.example/[1-9]'", "`curl` reaches beyond this checkout"),
        ("curl -O --output-dir $X https://h.example/x", "`curl` reaches beyond this checkout"),
        ("curl -o x file:///etc/hosts", "`curl` reaches beyond this checkout"),
        ("wget -O - https://h.example/x", "`wget` reaches beyond this checkout"),
        ("wget -r https://h.example/x", "`wget` reaches beyond this checkout"),
        ("wget --post-file=a -O x https://h.example/x", "`wget` reaches beyond this checkout"),
        ("ssh host ls", "`ssh` reaches beyond this checkout"),
        ("rsync -a a host:b", "`rsync` reaches beyond this checkout"),
        ("docker push a/b", "`docker push` reaches beyond this checkout"),
        ("terraform apply -auto-approve", "`terraform apply` reaches beyond this checkout"),
        ("kubectl apply -f x", "`kubectl apply` reaches beyond this checkout"),
        ("echo x | gh pr create", "`gh pr` reaches beyond this checkout"),
        ("env A=1 git push", "`git push` reaches beyond this checkout"),
    ],
)
def test_outside_effects(text, reason):
    found = claims(text)
    assert (found.effect, found.effect_reason, found.evidence) == (Effect.OUTSIDE, reason, Evidence.INFERRED)


def test_variables_of_a_call_reach_the_text_it_runs():
    place = Checkout("/r", plugins=load_plugins(warn=pytest.fail, entry_points=()), reader=Files(FILES))
    plain = place.command_claims("ruff check .", "/r")
    moved = place.command_claims("RUFF_CACHE_DIR=/tmp/cache bash -c 'ruff check .'", "/r")
    direct = place.command_claims("RUFF_CACHE_DIR=/tmp/cache ruff check .", "/r")
    assert moved.entries == direct.entries
    assert moved.entries != plain.entries


@pytest.mark.parametrize(
    "text",
    [
        "mkdir out",
        "mkdir -p out",
        "mkdir -p out/deep",
        "[ -d out ] || mkdir out",
        "install -d out",
        "rmdir out",
        "ln -s /elsewhere out",
        "ln -sfn ../elsewhere out",
    ],
)
@pytest.mark.parametrize("other", ["touch out/x", "echo a > out/x", "cat out/x", "cd out && touch x", "cp a out/", "tee out/x"])
def test_who_makes_a_folder_does_not_meet_who_looks_into_it(text, other):
    place = FakeCheckout({"a": ""})
    assert not place.may_run_together(text, other)
    assert not place.may_run_together(other, text)
    assert place.may_run_together(text, "touch output/x")


A = "mkdir -p dist && go build -o dist/a ./cmd/a"


@pytest.mark.parametrize(
    "text", [A, "mkdir -p dist", "install -d dist", "mkdir -p dist dist/a", "mkdir -p dist/a && touch dist/a/x"]
)
@pytest.mark.parametrize(
    ("other", "together"),
    [
        ("mkdir -p dist && go build -o dist/b ./cmd/b", True),
        ("mkdir -p dist/b && go build -o dist/b ./cmd/b", True),
        ("mkdir -p dist && touch dist/b && sha256sum dist/b", True),
        ("install -d dist && cp README dist/b", True),
        ("mkdir -p dist", True),
        ("mkdir dist", False),
        ("mkdir dist && touch dist/b", False),
        ("mkdir -p -m 700 dist", False),
        ("touch dist/b", False),
        ("mkdir -p distant && touch dist/b", False),
        ("rm -rf dist", False),
        ("rm -rf dist && mkdir -p dist && touch dist/b", False),
        ("mkdir -p dist && tar cf x.tar dist", False),
        ("mkdir -p dist && ls dist", False),
        ("mkdir -p dist && rm -rf dist", False),
        ("tar cf x.tar .", False),
        ("test -d dist", False),
    ],
)
def test_two_that_make_the_same_folder_if_it_is_not_there_do_not_wait_for_each_other(text, other, together):
    place = FakeCheckout({"go.mod": "module x", "cmd/a/a.go": "package main", "cmd/b/b.go": "package main", "README": ""})
    assert place.may_run_together(text, other) is together, place.why_not(text, other)
    assert place.may_run_together(other, text) is together, place.why_not(other, text)


def test_two_that_make_the_same_folder_still_wait_for_the_same_file_in_it():
    place = FakeCheckout()
    assert not place.may_run_together("mkdir -p dist && touch dist/a", "mkdir -p dist && cat dist/a")
    assert not place.may_run_together("mkdir -p dist && touch dist/a", "mkdir -p dist && touch dist/a")


LINKED = FakeCheckout(
    {"releases/1/x": "", "releases/2/x": "", "e/y": ""}, links={"e/now": "releases/1", "e/file": "releases/1/x"}
)


@pytest.mark.parametrize(
    "changes",
    [
        "ln -sfn ../releases/2 e/now",
        "cd e && ln -sfn ../releases/2 now",
        "rm e/now",
        "rm -f e/file",
        "unlink e/file",
        "mv e/now other",
        "mv releases/2 e/now",
        "install x e/file",
        "rsync -a releases/2 e/now",
    ],
)
@pytest.mark.parametrize("reads", ["tar czf x.tgz e", "ls e", "cp -r e out", "find e -type l"])
def test_a_link_that_is_replaced_is_written_itself(changes, reads):
    assert not LINKED.may_run_together(changes, reads)
    assert not LINKED.may_run_together(reads, changes)


def test_what_a_link_leads_to_is_met_through_it():
    assert not LINKED.may_run_together("ln -sfn ../releases/2 e/now", "cat e/now/x")
    assert LINKED.may_run_together("ln -sfn ../releases/2 e/now", "cat e/y")
    assert LINKED.writes("touch e/file") == {"releases/1/x"}, "the link stays"


def test_a_formatter_of_c_writes_only_where_it_is_told_to():
    assert FakeCheckout().writes("clang-format -i a.c src/b.h") == {"a.c/**", "src/b.h/**"}
    assert FakeCheckout().writes("clang-format --dry-run -Werror a.c") == set()
    assert not FakeCheckout().recognises("clang-format -i $FILES")
    assert not FakeCheckout().recognises("clang-format -i --files=sources.txt")

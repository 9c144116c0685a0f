"""Files that a text lists and gives to a program."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("shfmt -w $(git ls-files '*.sh')", {"**/*.sh/**"}),
        ("rm $(find src -name '*.pyc')", {"src/**/*.pyc/**"}),
        ('rm "$(find src -name x.pyc)"', {"src/**/x.pyc/**"}),
        ("files=$(git ls-files '*.sh'); shfmt -w $files", {"**/*.sh/**"}),
        ('bash -c \'files=$(git ls-files "*.sh"); [ -z "$files" ] || shfmt -w $files\'', {"**/*.sh/**"}),
        ("for f in $(git ls-files 'docs/*.sh'); do shfmt -w $f; done", {"docs/**/**"}),
        ("git ls-files -z '*.sh' | xargs -0 shfmt -w", {"**/*.sh/**"}),
        ("rm $(find src -name x.pyc 2>/dev/null)", {"src/**/x.pyc/**"}),
        ("f=$(find src -name x.pyc 2>/dev/null || true); rm $f", {"src/**/x.pyc/**"}),
        ("git ls-files | grep -E 'x$' | sort -u | xargs rm -f", {"**/**"}),
        ("git ls-files -- docs ':!docs/x' | xargs rm", {"docs/**/**"}),
        ("find a b -name '*.x' -print0 | xargs -0 -n1 -P4 rm", {"**/*.x/**"}),
        ("find a -name '*.x' -o -name '*.y' | xargs -r rm", {"a/**/**"}),
        ("find . -name '*.x' | tr '\\n' '\\0' | xargs -0 sed -i s/a/b/", {"**/*.x"}),
        ("find a -name '*.x' | xargs -I{} cp {} out/", {"out", "out/*.x"}),
        ("cd sub && find . -name '*.x' | xargs rm", {"sub/**/*.x/**"}),
    ],
)
def test_what_is_listed_is_a_pattern(text, written):
    checkout = FakeCheckout({".git/HEAD": ""})
    assert checkout.recognises(text)
    assert checkout.writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "rm x/$(git ls-files '*.sh')",
        "f=$(git ls-files '*.sh'); rm x/$f",
        "f=$(git ls-files '*.sh'); rm ${f%.sh}",
        "f=$(git ls-files '*.sh').bak; rm $f",
        "f+=$(git ls-files '*.sh'); rm $f",
        "f=$(git ls-files '*.sh'); IFS=/; rm $f",
        "rm $(git ls-files ':(top)*.sh')",
        "rm $(git ls-files --full-name)",
        "GIT_WORK_TREE=.. rm $(GIT_DIR=x git ls-files)",
        "rm $(find .. -name x)",
        "rm $(find $X -name x)",
        "rm $(find a $X -name x)",
        "rm $(find . -name '*.x' -exec dirname {} +)",
        "rm $(find . -name '*.x' -printf '%h')",
        "rm $(find . -name '*.x' | sed s/a/b/)",
        "rm $(find . -name '*.x' | grep -o x)",
        "rm $(find . -name '*.x' > list)",
        "rm $(find . -name '*.x'; echo /etc)",
        "rm $(find . -name '*.x' || echo /etc)",
        "rm $(find . -name '*.x' && true)",
        "rm $(cd sub; git ls-files)",
        "find . -name '*.x' | xargs -a list rm",
        "find . -name '*.x' | xargs -I{} rm {}.bak",
        "find . -name '*.x' | xargs -I $X rm {}",
        "find . -name '*.x' | (cat; echo y) | xargs rm",
        "ruff check --fix $(git ls-files '*.py')",
        "git ls-files '*.py' | xargs ruff check --fix",
        "frob $(git ls-files)",
    ],
)
def test_what_may_be_more_than_was_listed_is_not_known(text):
    assert not FakeCheckout({".git/HEAD": ""}).recognises(text)


def test_a_list_reaches_no_other_program_by_the_environment():
    """`export files` has a value that only the run tells, not the pattern."""
    checkout = FakeCheckout({".git/HEAD": "", "x.sh": "rm $files\n"})
    assert not checkout.recognises("files=$(git ls-files '*.sh'); export files; bash x.sh")


def test_packages_that_go_lists_are_given_to_it():
    checkout = FakeCheckout({"go.mod": "module a\n"})
    assert checkout.reads("go list ./... | grep -v x | xargs go vet") == checkout.reads("go vet ./...")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bash -lc 'rm x'", {"x/**"}),
        ("bash -l -c 'rm x'", {"x/**"}),
        ("/bin/bash --norc --noprofile -euo pipefail -c 'rm x'", {"x/**"}),
        ("sed -i -e '/^import ($/,/^)$/{/^[[:space:]]*$/d;}' ./**/*.go", {"**/*.go"}),
        ("d=$(mktemp -d -t made-XXXX); rm -rf $d/x", None),
        ("d=$(mktemp /tmp/made-XXXX); rm -rf $d", None),
        ("mktemp --directory --tmpdir made-XXXX", set()),
    ],
)
def test_more_ways_to_write_it(text, written):
    checkout = FakeCheckout()
    assert checkout.recognises(text)
    inside = {pattern for pattern in checkout.writes(text) if not pattern.startswith("/tmp/tmp.")}
    assert inside == (written or set())


def test_a_file_that_mktemp_makes_by_a_template_is_new():
    checkout = FakeCheckout()
    assert checkout.adds_to("mktemp out/made.XXXX") == {"out/made.*"}
    assert checkout.adds_to("mktemp -p out made.XXXX.json") == {"out/made.*"}
    assert checkout.adds_to("mktemp --tmpdir=out") == {"out/tmp.*"}
    assert checkout.may_run_together("mktemp out/made.XXXX", "mktemp out/made.XXXX")
    assert not checkout.may_run_together("mktemp out/made.XXXX", "rm -rf out")


@pytest.mark.parametrize("script", ["/a/{/b/w out", "/a/{/b/e ls", "/a/{s/x/y/w out", "/a/{/b/r in", "{w out"])
def test_a_block_of_a_sed_script_that_does_more_is_not_known(script):
    assert not FakeCheckout().recognises(f"sed '{script}' x")

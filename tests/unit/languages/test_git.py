"""What the git plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence
from paratask.testing import FakeCheckout

FILES = {".git/HEAD": "", "api/pyproject.toml": "", "vendor/lib/.git/HEAD": "", "vendor/lib/x": ""}
LOOKS_AT_FILES = [
    "git status --porcelain",
    "git diff --exit-code",
    "git diff --quiet HEAD -- api",
    "git ls-files -m",
    "git log -1 --format=%H",
    "git show HEAD:x",
    "git describe --tags --always --dirty",
    "git -c color.ui=always diff --stat",
    "git --no-pager grep -n x",
    "GIT_PAGER=cat git log",
]
LOOKS_AT_HISTORY = [
    "git rev-parse --short HEAD",
    "git rev-list --count HEAD",
    "git branch --show-current",
    "git branch",
    "git branch -a",
    "git branch -a -vv --sort=-committerdate --format '%(refname)'",
    "git tag",
    "git tag --sort=-v:refname",
    "git tag -n3 --sort version:refname",
    "git remote",
    "git config user.name",
    "git config --global user.email",
    "git tag --list 'v*'",
    "git tag --points-at HEAD",
    "git config --get user.name",
    "git remote -v",
    "git stash list",
    "git submodule status",
    "git ls-remote origin",
    "git worktree list",
    "git --version",
]
OUTSIDE = [
    "git push origin main",
    "git commit -m x",
    "git -c user.name=x commit --allow-empty -m x",
    "git tag v1",
    "git tag --sort=-v:refname v1",
    "git tag -d v1",
    "git tag -n -d v1",
    "git branch -a x",
    "git branch -v -d x",
    "git config --global user.email x",
    "git config --edit",
    "git config edit",
    "git config --unset user.name",
    "git remote -v update",
    "git remote add x y",
    "git add -A",
    "git fetch --tags",
    "git pull --rebase",
    "git checkout -- .",
    "git switch main",
    "git stash",
    "git reset --hard",
    "git clean -fdx",
    "git merge x",
    "git rebase main",
    "git branch -r -d origin/x",
    "git branch x",
    "git config user.name x",
    "git submodule update --init --recursive",
    "git reflog expire --all",
    "git clone https://example.com/x.git",
    "git clone --template=x https://example.com/x.git x",
]
NOT_RECOGNISED = [
    "git",
    "git unheard-of",
    "git $X",
    "git -C $X status",
    "git -c alias.status=push status",
    "git -c core.hooksPath=x status",
    "git -c",
    "git --git-dir=x status",
    "git diff --output=x",
    "git diff --ext-diff",
    "git grep -Oless x",
    "git archive --remote=x HEAD",
    "git archive -o $X HEAD",
    "GIT_DIR=x git status",
    "GIT_INDEX_FILE=x git diff",
    "./git status",
]


@pytest.fixture(scope="module")
def checkout():
    return FakeCheckout(FILES)


@pytest.mark.parametrize("text", [*LOOKS_AT_FILES, *LOOKS_AT_HISTORY])
def test_looking_writes_nothing(checkout, text):
    assert checkout.recognises(text)
    assert checkout.effect(text) is Effect.LOCAL
    assert checkout.writes(text) == checkout.holds(text) == set()
    assert checkout.reads(text) == ({".git/**", "**"} if text in LOOKS_AT_FILES else {".git/**"})


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_changes_keeps_its_place(checkout, text):
    claims = checkout.claims(text)
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.OUTSIDE)
    assert checkout.writes(text) == {"**", ".git/**"}


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(checkout, text):
    assert not checkout.recognises(text)


def test_the_repository_may_be_another(checkout):
    assert checkout.reads("git -C vendor/lib rev-parse HEAD") == {"vendor/lib/.git/**"}
    assert checkout.reads("git rev-parse HEAD", cwd="vendor/lib/x") == {"vendor/lib/.git/**"}


@pytest.mark.parametrize(
    ("text", "reads", "writes"),
    [
        ("git clone --depth 1 https://example.com/x.git tools/x", set(), {"tools/x/**"}),
        ("git clone git@example.com:x.git x", set(), {"x/**"}),
        ("git -C api clone ../vendor/lib x", {"vendor/lib/**"}, {"api/x/**"}),
    ],
)
def test_a_clone_is_a_folder_of_its_own(checkout, text, reads, writes):
    assert checkout.effect(text) is Effect.LOCAL
    assert (checkout.reads(text), checkout.writes(text)) == (reads, writes)


@pytest.mark.parametrize(
    ("text", "reads", "writes"),
    [
        ("git archive HEAD api > x.tar", {".git/**"}, {"x.tar"}),
        ("cd api && git archive --format=tar.gz --prefix=x/ -o ../x.tgz HEAD", {".git/**"}, {"x.tgz"}),
        ("git archive --output=x.zip --add-file=made/version v1", {".git/**", "made/version"}, {"x.zip"}),
        ("git -C vendor/lib archive HEAD | tar xf - -C made", {"vendor/lib/.git/**"}, {"made/**"}),
    ],
)
def test_an_archive_is_made_of_what_was_committed(checkout, text, reads, writes):
    assert checkout.effect(text) is Effect.LOCAL
    assert checkout.reads(text) == reads
    assert checkout.writes(text) == writes


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("git status", "git diff --exit-code", True),
        ("git rev-parse HEAD", "cd api && pytest", True),
        ("git diff --exit-code", "cd api && pytest", False),
        ("git diff --exit-code", "cd api && ruff check", True),
        ("git tag v1", "cd api && python -m build", False),
        ("git archive -o x.tar HEAD", "cd api && pytest", True),
        ("git archive -o x.tar HEAD", "git commit -m x", False),
        ("git clone https://example.com/x.git x", "cd api && pytest", True),
        ("git clone https://example.com/x.git x", "git clone https://example.com/y.git x", False),
    ],
)
def test_pairs(checkout, first, second, together):
    assert checkout.may_run_together(first, second) is together, checkout.why_not(first, second)


IGNORING = {
    **FILES,
    ".gitignore": "# made\nnode_modules/\n**/.eslintcache\n*.tsbuildinfo\ndist/\n.next\n!app/.next\n/.venv\n",
    "web/package.json": "{}",
}


@pytest.mark.parametrize("looks", ["git status --porcelain", "git diff --exit-code", "git ls-files -m", "git describe --dirty"])
@pytest.mark.parametrize(
    ("writes", "together"),
    [
        ("cd web && eslint --cache .", True),
        ("cd web && prettier --check --cache .", True),
        ("cd web && npm ci", True),
        ("touch web/x.tsbuildinfo", True),
        ("cd web && npm install", False),
        ("cd web && eslint --fix .", False),
        ("touch web/x", False),
        ("touch dist/x", False),  # may have been committed all the same
        ("touch app/.next/x", False),
        ("touch .venv/x", False),
    ],
)
def test_git_does_not_look_into_what_is_ignored(looks, writes, together):
    place = FakeCheckout(IGNORING)
    assert place.may_run_together(writes, looks) is together, place.why_not(writes, looks)
    assert not FakeCheckout(FILES).may_run_together(writes, looks), "without a .gitignore"


@pytest.mark.parametrize(
    "looks", ["git status --ignored", "git ls-files -o", "git ls-files --others", "git diff --no-index a b", "git status $X"]
)
def test_git_is_told_to_look_into_what_is_ignored(looks):
    assert not FakeCheckout(IGNORING).may_run_together("cd web && eslint --cache .", looks)


def test_a_description_looks_at_files_only_where_it_says_whether_they_differ(checkout):
    assert checkout.may_run_together("touch api/x", "git describe --tags --always")
    assert not checkout.may_run_together("touch api/x", "git describe --tags --dirty=-x")
    assert not checkout.may_run_together("touch api/x", "git describe $OPTIONS")


@pytest.mark.parametrize(
    "looks",
    ["git ls-files", "git ls-files -z --exclude-standard", "git ls-files --cached api", "git -C vendor/lib ls-files -s"],
)
def test_a_list_of_what_was_added_was_kept_from_who_writes_files(checkout, looks):
    assert checkout.may_run_together("touch api/x web/y", looks)
    assert not checkout.may_run_together("git add api", looks)


@pytest.mark.parametrize(
    ("looks", "seen"),
    [
        ("git ls-files *.sh", "x.sh"),  # a shell looks for them first
        ("git -C vendor/lib ls-files api/*", "api/x"),
        ("git ls-files $X", "api/x"),
        ("git ls-files --eol", "api/x"),
        ("git ls-files -cm", "api/x"),
        ("git ls-files --deleted", "api/x"),
    ],
)
def test_a_list_for_which_files_are_looked_at_waits_for_who_writes_them(checkout, looks, seen):
    assert not checkout.may_run_together(f"touch {seen}", looks)


def test_files_that_are_listed_are_read_by_who_is_given_them(checkout):
    assert not checkout.may_run_together("touch api/x.sh", "shellcheck $(git ls-files 'api/*.sh')")

"""Where new files of a pattern could appear."""

from __future__ import annotations

import pytest

from paratask.taskfile.model import Glob
from paratask.watching.folders import folders_of, is_ignored


@pytest.fixture
def tree(tmp_path):
    for name in ("src/a/deep", "src/b", "src/.hidden", "src/node_modules/x", "src/.git", "src/.task", ".paratask/runs"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "src" / "link").symlink_to(tmp_path / "src" / "a")
    return tmp_path


def folders(tree, *patterns: str) -> set[str]:
    found = folders_of(str(tree), [Glob(pattern=p.lstrip("!"), negate=p.startswith("!")) for p in patterns], {"D": "src/b"})
    return {path.removeprefix(str(tree)).lstrip("/") or "." for path in found}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["go.mod"], {"."}),
        (["src/*.txt"], {"src"}),
        (["src/*/x.txt"], {"src", "src/a", "src/b"}),
        (["src/**/*.txt"], {"src", "src/a", "src/a/deep", "src/b"}),
        (["src/**"], {"src", "src/a", "src/a/deep", "src/b"}),
        (["src/{a,b}/x.txt"], {"src/a", "src/b"}),
        (["$D/*.txt"], {"src/b"}),
        (["${NO-src/a}/*.txt"], {"src/a"}),
        (["src/.hidden/*"], {"src/.hidden"}),
        (["*/.hidden/*"], {".", "src", "src/a", "src/b", "src/.hidden"}),
        (["**/.hid*/*.txt"], {".", "src", "src/a", "src/a/deep", "src/b", "src/.hidden"}),
        (["*/.git/*"], {".", "src", "src/a", "src/b"}),
        (["src/missing/deeper/*.txt"], {"src"}),
        (["src/node_modules/x/*.js"], set()),
        (["src/*.txt", "!src/a/*.txt"], {"src"}),
        ([], set()),
    ],
)
def test_the_folders_of_patterns(tree, patterns, expected):
    assert folders(tree, *patterns) == expected


def test_a_pattern_may_lead_out_of_the_folder(tree):
    assert folders_of(str(tree / "src" / "a"), [Glob(pattern="../b/*.txt")], {}) == {str(tree / "src" / "b")}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/r/.git", True),
        ("/r/.git/hooks/x", True),
        ("/r/.github/workflows/build.yaml", False),
        ("/r/a.git", False),
        ("/r/.task/checksum/a", True),
        ("/r/.hg/x", True),
        ("/r/web/node_modules/left-pad/index.js", True),
        ("/r/.paratask/runs", True),
        ("/r/src/main.go", False),
    ],
)
def test_what_is_never_watched(path, expected):
    assert is_ignored(path) is expected

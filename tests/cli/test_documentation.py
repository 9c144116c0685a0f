"""What the documentation tells people to type is typed here, and what it shows is compared."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import examples

ROOT = Path(__file__).parents[2]
STATE = shutil.ignore_patterns(".paratask", ".task", "__pycache__", "dist")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def traces() -> bool:
    """Whether there is a strace that may trace."""
    program = shutil.which("strace")
    return program is not None and subprocess.run([program, "-o", "/dev/null", "true"], check=False).returncode == 0


@pytest.fixture
def reader(workspace) -> examples.Reader:
    """Somebody in a checkout that has the quickstart fixture."""
    fixture = "fixtures/monorepos/quickstart"
    shutil.copytree(ROOT / fixture, workspace.root / fixture, ignore=STATE)
    return examples.Reader(workspace.root, {**workspace.environ, "PARATASK_JOBS": "2"})


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_guide(reader):
    without_strace = not traces()
    assert reader.follow(page("docs/guide.md"), leaves_out=lambda block: without_strace and "--learn" in block.text) >= 15


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_readme(reader):
    """But for the two lines that install, which CI runs, and a new repository, which test_getting_started.py sets up."""
    elsewhere = ("pip install", "paratask --init")
    reader.start = reader.folder = reader.start / "fixtures/monorepos/quickstart"
    assert reader.follow(page("README.md"), leaves_out=lambda block: any(words in block.text for words in elsewhere)) >= 2


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_migration(reader):
    assert reader.follow(page("docs/migration.md")) >= 14


PIPELINE = """\
version: '3'
tasks:
  check: [{task: one}, {task: two}]
  one: echo one
  two: echo two
  broken:
    cmds:
      - task: fine
      - task: not-fine
  fine: {dir: x, cmds: [echo fine]}
  not-fine: {dir: y, cmds: [cat nothing]}
"""


@pytest.fixture
def pipelines(workspace) -> examples.Reader:
    """Somebody in a checkout with the tasks that the page on CI speaks of."""
    workspace.write("Taskfile.yml", PIPELINE)
    for folder in ("x", "y"):
        (workspace.root / folder).mkdir()
    return examples.Reader(workspace.root, {**workspace.environ, "PARATASK_JOBS": "2"})


@pytest.mark.slow
def test_ci(pipelines):
    assert pipelines.follow(page("docs/ci.md")) >= 7


@pytest.mark.slow
def test_what_pipelines_run(pipelines):
    """The commands of the files for each service that are paratask's own."""
    texts = [block.text for block in examples.blocks(page("docs/ci.md")) if block.name]
    commands = [re.findall(r"(?:run: |command: |- |sh ')((?:paratask|cat) [^'\n]*)", text) for text in texts]
    assert [len(found) for found in commands] == [2, 2, 1, 2]
    on_github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(pipelines.start / "summary.md")}
    environ = {**pipelines.environ, "CI": "true", **on_github}
    for command in (command for found in commands for command in found):
        done = subprocess.run(["bash", "-ec", command], cwd=pipelines.start, env=environ, capture_output=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
    written = {str(file.relative_to(pipelines.start)) for file in pipelines.start.rglob("*") if file.suffix in (".xml", ".md")}
    assert written == {"summary.md", "junit.xml", "results/paratask/junit.xml"}


@pytest.mark.parametrize("name", ["README.md", *sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(name):
    own = (ROOT / name).parent
    missing = []
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", page(name)):
        file = own / target if target else ROOT / name
        if "://" in target:
            continue
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            missing.append(f"{target}#{anchor}")
    assert missing == []


def anchors(text: str) -> set[str]:
    """The names by which a page's headings are linked to. GitHub: letters, digits and hyphens stay, spaces become hyphens."""
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", sorted((ROOT / "docs").glob("*.md")), ids=lambda file: file.name)
def test_yaml_can_be_read(file):
    for block in examples.blocks(file.read_text(encoding="utf-8")):
        if block.language == "yaml":
            yaml.safe_load(block.text)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("…\nb\n…\n", "b\n", True),
        ("…\nb\n", "a\nb\nb\n", True),
        ("a…c\n", "a b c\n", True),
        ("a…c\n", "a\nc\n", False),
        ("in 1.5 s (12 %)\n", "in 0.3 s (7 %)\n", True),
    ],
)
def test_what_a_page_shows_is_compared(expected, actual, same):
    assert examples.agrees(expected, actual) is same

"""Scripts that are called by a path, and not there or not executable."""

from __future__ import annotations

import pathlib

import pytest

from paratask.diagnosing.scripts import check_scripts
from paratask.taskfile.project import read_project


class Files:
    """`scripts` has `here.sh`, which is executable, and `plain.sh`, which is not; there is a `web` without scripts, and a `dist`."""

    def __init__(self, root: str) -> None:
        there = {"scripts": ["here.sh", "plain.sh"], "web": ["package.json"], "dist": ["x"], ".": ["scripts", "web", "dist"]}
        self._there = {root if folder == "." else f"{root}/{folder}": names for folder, names in there.items()}

    def exists(self, path: str) -> bool:
        return any(f"{folder}/{name}" == path for folder, names in self._there.items() for name in names)

    def is_executable(self, path: str) -> bool:
        return path.endswith("/here.sh")

    def names_in(self, folder: str) -> list[str]:
        return self._there.get(folder, [])


@pytest.fixture
def found(tmp_path: pathlib.Path):
    def find(text: str, cwd: str = "") -> list[tuple[str, str, str]]:
        (tmp_path / "Taskfile.yml").write_text("version: '3'\ntasks:\n" + text)
        project = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=lambda text, _: text)
        tasks = project.taskfile.tasks.values()
        findings = check_scripts(
            tasks, every=tasks, root=str(tmp_path), cwd=str(tmp_path / cwd), files=Files(str(tmp_path)),
            suits=lambda platforms: not platforms or platforms[0].os == "linux",
        )  # fmt: skip
        return [(f.message, f.why, f.help) for f in findings]

    return find


WRITE = "write it, or mend the path"


@pytest.mark.parametrize(
    ("call", "path", "advice"),
    [
        ("./scripts/her.sh", "scripts/her.sh", "did you mean `scripts/here.sh`?"),
        ("scripts/deploy.sh --fast", "scripts/deploy.sh", WRITE),
        ("scripts/hera.py", "scripts/hera.py", WRITE),
        ("bash scripts/x.sh", "scripts/x.sh", WRITE),
        ("bash -eu scripts/x.sh", "scripts/x.sh", WRITE),
        ("sh x.sh", "./x.sh", WRITE),
        ("cd web && scripts/x", "web/scripts/x", WRITE),
        ("cd web && ../scripts/x", "scripts/x", WRITE),
        ("for f in a b; do X=1 ./scripts/x $f; done", "scripts/x", WRITE),
        ("cd web && hack/ci/x", "web/hack/ci/x", WRITE),
    ],
)
def test_a_script_that_is_not_there_was_not_noticed(found, call, path, advice) -> None:
    assert found(f"  a: '{call}'\n") == [(f"there is no `{path}`", "`a` calls it", advice)]


def test_what_makes_files_executable_makes_none(found) -> None:
    assert [message for message, _, _ in found("  a: [chmod -R u+x scripts, scripts/x.sh]\n")] == ["there is no `scripts/x.sh`"]


def test_a_script_that_is_not_executable_was_not_noticed(found) -> None:
    text = "  a: ./scripts/plain.sh\n  b: {dir: scripts, cmds: [./plain.sh]}\n  c: [bash scripts/plain.sh, ./scripts/here.sh]\n"
    closed = "`scripts/plain.sh` is not executable", "`a`, `b` call it, which fails", "chmod +x scripts/plain.sh"
    assert found(text) == [closed]
    assert found(text, "web")[0][2] == "chmod +x ../scripts/plain.sh"


@pytest.mark.parametrize(
    "text",
    [
        "  a: ./dist/x.sh\n",
        "  a: ./app && bin/tool\n",
        "  a: fetched/install.sh\n",
        "  a: '{{.DIR}}/x.sh; $DIR/x.sh; ./scripts/$X.sh; /opt/x.sh'\n",
        "  a: {dir: '{{.DIR}}', cmds: [./x.sh]}\n",
        "  a: {cmds: [{cmd: scripts/x.sh, if: test -e y}]}\n",
        "  a: {platforms: [windows], cmds: [scripts/x.sh]}\n",
        "  a: {cmds: [{cmd: scripts/x.sh, ignore_error: true}]}\n",
        "  a: {ignore_error: true, cmds: [scripts/x.sh]}\n",
        "  a: {dir: ~/x, cmds: [./scripts/x.sh]}\n",
        "  a: '~/scripts/x.sh; bash $X scripts/x.sh; scripts/[ab].sh; bash -c scripts/x'\n",
        "  a: bash scripts\n",
        "  a: scripts/x.sh || true\n",
        "  a: if [ -x scripts/x.sh ]; then scripts/x.sh; fi\n",
        "  a: {preconditions: [test -f scripts/x.sh], cmds: [scripts/x.sh]}\n",
        "  a: scripts/x.sh\n  b: curl -o scripts/x.sh https://example.org\n",
        "  a: scripts/x.sh\n  b: {generates: [scripts/x.sh], cmds: [make]}\n",
        "  a: [chmod +x scripts/plain.sh, ./scripts/plain.sh]\n",
        "  a: bash -c 'scripts/x.sh'\n",
        "  a: bash -s < scripts/x\n",
        "  a: ssh host ./scripts/x.sh\n",
        "  a: eval scripts/x.sh\n",
        "  a: git clone https://example.org/repo && cd repo && ./scripts/x.sh\n",
        "  a: [git submodule update --init, ./web/module/scripts/x.sh]\n",
        "  a: cd /opt/x && ./scripts/x.sh\n",
        "  a: [cp templates/* scripts/, ./scripts/x.sh]\n",
        "  a: [chmod +x scripts/*.sh, ./scripts/plain.sh]\n",
        "  a: ./scripts/plain.sh\n  b: chmod -R u+x scripts\n",
        "  a: ls scripts/* | xargs chmod +x && ./scripts/plain.sh\n",
    ],
)
def test_what_may_be_there_by_then_is_no_problem(found, text) -> None:
    assert found(text) == []

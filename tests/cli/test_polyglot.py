"""The monorepo of seven languages, from what is inferred over what is learned to the proof, with the real tools that are here."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FIXTURE = Path(__file__).parents[2] / "fixtures" / "monorepos" / "polyglot"
TOOLS = {
    "python": ("python3",),
    "node": ("node", "npm"),
    "rust": ("cargo",),
    "go": ("go",),
    "jvm": ("javac", "java", "jar", "mvn"),
    "ruby": ("ruby", "rake", "gem"),
    "php": ("php", "composer"),
}
HERE = [language for language, tools in TOOLS.items() if all(map(shutil.which, tools))]
VERBS = ("lint", "test", "build")


@pytest.fixture
def monorepo(workspace):
    """The fixture in a git repository, and the plan of tasks in it."""
    shutil.copytree(FIXTURE, workspace.root, dirs_exist_ok=True)
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "all of it"],
    ):
        subprocess.run(["git", *arguments], cwd=workspace.root, check=True)
    return workspace


def planned(monorepo, *tasks) -> dict[str, dict]:
    done = monorepo.run("--plan", "--json", *tasks)
    assert done.returncode == 0, done.stderr
    return {job["id"]: job for job in json.loads(done.stdout)["jobs"]}


def test_what_is_inferred(monorepo):
    """No tool is needed for a plan."""
    jobs = planned(monorepo, "qa")
    lints = [f"lint-{language}" for language in TOOLS]
    assert {job: set(jobs[job]["together_with"]) for job in lints} == {job: set(lints) - {job} for job in lints}
    builds = [f"build-{language}" for language in TOOLS if language != "php"]
    assert {job: set(jobs[job]["together_with"]) for job in builds} == {job: set(builds) - {job} for job in builds}
    leaves = {name: job["evidence"] for name, job in jobs.items() if "-" in name}
    assert {name for name, evidence in leaves.items() if evidence != "inferred"} == {"test-jvm"}
    assert jobs["test-jvm"]["evidence"] == "none", "a Java program may do anything"
    assert jobs["test-jvm"]["together_with"] == []
    assert jobs["build-node-poster"]["after"] == ["build-node-grid"]
    assert jobs["test-ruby-invoice"]["together_with"] == ["test-ruby-money"], (
        "it reads programs of the other, which no test writes"
    )


def test_cleaning_comes_before_building(monorepo):
    jobs = planned(monorepo, "clean", "build")
    assert jobs["build"]["after"] == ["clean"]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(len(HERE) < 3, reason="hardly any of the tools is here")
def test_learned_planned_and_proved(monorepo):
    tasks = ["qa"]
    if len(HERE) < len(TOOLS):
        tasks = [f"{verb}-{language}" for verb in VERBS for language in HERE if (verb, language) != ("build", "php")]
    if shutil.which("strace"):
        learned = monorepo.run("--learn", *tasks, timeout=300)
        assert learned.returncode == 0, learned.stdout + learned.stderr
        jobs = planned(monorepo, *tasks)
        if "jvm" in HERE:
            assert jobs["test-jvm"]["evidence"] == "observed"
            assert jobs["test-jvm"]["together_with"], "what was seen of it meets nobody"
    proof = monorepo.run("--verify", "--json", "--rounds", "1", "--yes", *tasks, timeout=400)
    assert proof.returncode == 0, proof.stdout + proof.stderr
    document = json.loads(proof.stdout)
    assert document["verdict"] == "equal", document

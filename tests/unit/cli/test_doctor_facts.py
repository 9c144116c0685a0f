"""What `--doctor` says of the machine, where that is another one than ours."""

from __future__ import annotations

import pytest

from paratask.cli.doctor import facts as doctor_facts
from paratask.cli.doctor.facts import check_machine


@pytest.fixture
def path(tmp_path):
    """A PATH with a bash that says what it is told to."""

    def make(said: str) -> str:
        for name in ("bash", "git", "strace"):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\necho '{said}'\n")
            program.chmod(0o755)
        return str(tmp_path)

    return make


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("GNU bash, version 3.2.57(1)-release (arm64-apple-darwin24)", [("old-bash", True)]),
        ("GNU bash, version 4.3.48(1)-release", [("old-bash", True)]),
        ("GNU bash, version 4.4.0(1)-release", []),
        ("GNU bash, version 5.2.15(1)-release", []),
        ("GNU bash, Version unknown", []),
    ],
)
def test_a_bash_that_does_not_know_our_options(path, said, found):
    findings = [one for one in check_machine({"PATH": path(said)}) if one.kind.endswith("bash")]
    assert [(one.kind, one.is_problem) for one in findings] == found


def test_the_one_of_macos_is_started_without_them(path, monkeypatch):
    """It says another thing of what does not work, and that it is no problem."""
    folder = path("GNU bash, version 3.2.57(1)-release")
    monkeypatch.setattr(doctor_facts, "APPLE_BASH", f"{folder}/bash")
    (finding,) = (one for one in check_machine({"PATH": folder}) if one.kind == "old-bash")
    assert finding.message == f"{folder}/bash is bash 3.2.57"
    assert (finding.why, finding.is_problem) == (doctor_facts.OTHERWISE, False)
